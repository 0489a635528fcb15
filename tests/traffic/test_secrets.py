"""What is a secret and, as important, what is none."""

from __future__ import annotations

import pytest

from driftcheck.traffic.secrets import SHAPES, may_hold, plausible, secret_name, session_cookie, shapes_in


def shape_of(text):
    """What the shapes find in a text."""
    return [s.what for s in shapes_in(text) for m in s.pattern.finditer(text) if s.holds(m.group())]


@pytest.mark.parametrize(
    "name",
    """Authorization authorization Proxy-Authorization X-Api-Key api_key apiKey APIKEY x-auth-token
    access_token accessToken refresh-token id_token password userPassword new_password passwd client_secret
    clientSecret AWS_SECRET_ACCESS_KEY
    private_key PRIVATE-TOKEN csrfToken X-CSRF-Token X-XSRF-TOKEN sessionId JSESSIONID
    webhook_secret token X-Amz-Security-Token Ocp-Apim-Subscription-Key pin otp cvv X-Vault-Token card_cvc
    X-Gitlab-Token signature pw passcode devicePasscode""".split(),
)
def test_names_of_secrets(name):
    assert secret_name(name)


@pytest.mark.parametrize(
    "name",
    """nextPageToken page_token continuation_token token_type tokenCount max_tokens tokens key keyword
    monkey author authority auth_time password_required hasPassword passwordPolicy secretary pinned shipping
    opinion Postman-Token cursorToken Accept Content-Type user-agent id name email status keys primaryKey
    foreign_key public_key publicKey keyId key_type session_count tokenizer compass Idempotency-Key
    X-Request-Id ETag pwa pass passport bypass side sidebar sid basic signature_url""".split(),
)
def test_names_of_other_things(name):
    assert not secret_name(name)


@pytest.mark.parametrize("name", ["", "x" * 200, "日本", "password" * 20])
def test_odd_names(name):
    assert not secret_name(name)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", "hunter2"),
        ("Authorization", "Bearer abc123def456"),
        ("Authorization", "Basic dXNlcjpwYXNz"),
        ("token", "k3J9sQ2mV7xT"),
        ("api_key", "k3J9sQ2mV7xT"),
        ("cvv", "123"),
        ("pin", "4821"),
        ("sessionId", "s%3A0123456789abcdef"),
        ("webhook_secret", "https://mona:hunter2@a.test/"),
    ],
)
def test_values_that_look_the_part(name, value):
    assert plausible(secret_name(name), value)


@pytest.mark.parametrize(
    ("name", "value"),
    [
        ("password", ""),
        ("password", "  "),
        ("password", "string"),
        ("password", "********"),
        ("password", "{{password}}"),
        ("password", "${PASSWORD}"),
        ("password", "$PASSWORD"),
        ("password", "<password>"),
        ("password", "[FILTERED]"),
        ("password", "REDACTED"),
        ("password", "changeme"),
        ("password", "your-password"),
        ("password", "test"),
        ("password", "dc_redacted_01234567"),
        ("token", "bearer"),
        ("token", "3"),
        ("token", "next"),
        ("token", "{{string .token}}"),
        ("token", "an ordinary sentence about tokens"),
        ("Authorization", "Bearer {{token}}"),
        ("Authorization", "Bearer <token>"),
        ("cvv", "invalid"),
        ("pin", "Berlin"),
        ("session", "morning"),
        ("signature", "Kind regards"),
        ("csrf", "enabled"),
        ("credentials", "https://a.test/credentials/1"),
        ("upload_session_id", "1234"),
    ],
)
def test_values_that_do_not(name, value):
    assert not plausible(secret_name(name), value)


# Put together here, so that no scanner takes this file for a leak.
KEYS = {
    "an AWS access key": "AKIA" + "Q7RZ3NVX5KLM2WPT",
    "a GitHub token": "ghp_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "a GitLab token": "glpat-" + "x9Y8z7W6v5U4t3S2r1Q0",
    "a Slack token": "xoxb-" + "123456789012-abcdefGHIJKL",
    "a Stripe key": "sk_live_" + "4eC39HqLyjWDarjtT1zdp7dc",
    "a Google API key": "AIza" + "SyA1b2C3d4E5f6G7h8I9j0K1l2M3n4O5p6Q",
    "an npm token": "npm_" + "a1B2c3D4e5F6g7H8i9J0k1L2m3N4o5P6q7R8",
    "a JWT": "eyJhbGciOiJIUzI1NiJ9." + "eyJzdWIiOiIxMjMifQ." + "c2lnbmF0dXJlLXRleHQ",
    "a bearer token": "Bearer " + "k3J9sQ2mV7xT1zB8nF4hW6",
    "a private key": "-----BEGIN RSA PRIVATE KEY-----\nMIIEowIBAAKCAQEA7\n-----END RSA PRIVATE " + "KEY-----",
    "an e-mail address": "mona.keller@kellermail.de",
    "a card number": "4539 5787 6362 1486",
    "an IBAN": "DE02 1203 0000 0000 2020 51",
}


@pytest.mark.parametrize("what", KEYS)
@pytest.mark.parametrize("around", ["{}", "before {} after", '"{}"', "({})", "a={}&b", "{},x"])
def test_shapes_are_found_anywhere(what, around):
    assert shape_of(around.format(KEYS[what])) == [what]


@pytest.mark.parametrize(
    "text",
    [
        "AKIA" + "IOSFODNN7EXAMPLE",
        "eyJ is how base64 of JSON begins",
        "mona@example.com",
        "mona@example.org and mona@shop.test",
        "mona@mail.example.com",
        "logo@2x.png",
        "@decorator",
        "user@localhost",
        "4111 1111 1111 1111",
        "4242424242424242",
        "4539578763621487",
        "1234567890123456",
        "2026030110000012",
        "45395787636214860",
        "x4539578763621486",
        "0.4539578763621486",
        "DE00 1203 0000 0000 2020 51",
        "GB82 WEST 1234 5698 7654 32",
        "AB12 CDEF",
        "task-force-of-thirty-two-characters-long",
        "a sk-eleton in the cupboard",
        "Bearer realm=api",
        "Bearer of good tidings",
        "token bearer",
        "0123456789abcdef0123456789abcdef",
        "dc_redacted_01234567@example.invalid",
    ],
)
def test_what_only_looks_like_it_is_none(text):
    assert shape_of(text) == []


@pytest.mark.parametrize("text", KEYS.values())
def test_the_quick_look_misses_nothing(text):
    assert may_hold(text)


def test_every_shape_is_tried_here():
    assert {"a JWT", "an IBAN"} <= {shape.what for shape in SHAPES}
    assert len(SHAPES) > 20


@pytest.mark.parametrize(
    ("name", "value", "sure"),
    [
        ("JSESSIONID", "0123456789ABCDEF", True),
        ("connect.sid", "s%3Aabcdefgh", True),
        ("auth_token", "abcdefgh", True),
        ("theme", "dark-and-stormy", False),
        ("_ga", "GA1.2.1234567890.1234567890", False),
        ("lang", "en", False),
        ("session", "", False),
        ("session", "dc_redacted_01234567", False),
    ],
)
def test_cookies(name, value, sure):
    assert session_cookie(name, value) is sure
