"""Headers that HTTP, browsers, proxies and tracing add by themselves, and that nobody describes."""

from __future__ import annotations

_NAMES = frozenset(
    """
    accept accept-charset accept-encoding accept-language accept-ranges access-control-allow-credentials
    access-control-allow-headers access-control-allow-methods access-control-allow-origin
    access-control-expose-headers access-control-max-age access-control-request-headers
    access-control-request-method age allow alt-svc authorization b3 baggage cache-control cdn-loop
    clear-site-data connection content-disposition content-encoding content-language content-length
    content-location content-range content-security-policy content-security-policy-report-only content-type
    cookie cookie2 cross-origin-embedder-policy cross-origin-opener-policy cross-origin-resource-policy date
    device-memory dnt downlink dpr early-data ect etag expect expect-ct expires feature-policy forwarded from
    host http2-settings if-match if-modified-since if-none-match if-range if-unmodified-since keep-alive
    last-modified link location max-forwards nel origin p3p permissions-policy postman-token pragma priority
    proxy-authenticate proxy-authorization proxy-connection purpose range referer referrer-policy report-to
    reporting-endpoints retry-after rtt save-data server server-timing service-worker set-cookie set-cookie2
    sourcemap status strict-transport-security te timing-allow-origin trace-id traceparent tracestate trailer
    transfer-encoding true-client-ip upgrade upgrade-insecure-requests user-agent vary via warning
    www-authenticate x-aspnet-version x-cache x-cache-hits x-client-ip x-cloud-trace-context
    x-content-type-options x-correlation-id x-csrf-token x-csrftoken x-dns-prefetch-control
    x-download-options x-envoy-upstream-service-time x-frame-options x-original-forwarded-for
    x-permitted-cross-domain-policies x-powered-by x-real-ip x-request-id x-request-start x-requested-with
    x-response-time x-robots-tag x-runtime x-served-by x-test-name x-timer x-trace-id x-ua-compatible
    x-varnish x-xsrf-token x-xss-protection uber-trace-id
    """.split()
)
_FAMILIES = (
    ":",  # pseudo-headers of HTTP/2 that browsers put into HARs
    "cf-",
    "fastly-",
    "fly-",
    "keploy-",
    "sec-",
    "x-akamai-",
    "x-amz-",
    "x-amzn-",
    "x-azure-",
    "x-b3-",
    "x-cdn-",
    "x-datadog-",
    "x-envoy-",
    "x-fastly-",
    "x-forwarded-",
    "x-goog-",
    "x-kong-",
    "x-ms-",
    "x-newrelic-",
    "x-vercel-",
    "sentry-",
)


def is_standard(name: str) -> bool:
    """Whether a header (in lower case) says nothing about the service itself."""
    return name in _NAMES or name.startswith(_FAMILIES)
