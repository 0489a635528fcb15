"""Sends one request at a time, each on a connection of its own, so that no answer depends on the one before.

Redirects are not followed, and nothing is sent anywhere but to the target.
"""

from __future__ import annotations

import http.client
import socket
import ssl
from dataclasses import dataclass

from driftcheck.errors import DriftcheckError
from driftcheck.traffic.exchange import Body, Headers, Response
from driftcheck.traffic.readers.bodies import body_of, header, no_body

_MOST = 1 << 26  # bytes of an answer that are read


@dataclass(frozen=True, slots=True)
class Service:
    """The target. `timeout` in seconds, for connecting and for each wait within an answer."""

    origin: str
    scheme: str
    host: str
    port: int
    timeout: float

    def reach(self) -> None:
        """DriftcheckError where nobody listens."""
        try:
            socket.create_connection((self.host, self.port), self.timeout).close()
        except OSError as error:
            raise DriftcheckError(
                f"nothing answers at {self.origin} ({_why(error)})", "start the service, or mend --target"
            ) from None

    def ask(self, method: str, target: str, headers: Headers, body: bytes, sent: int) -> Response | None:
        """The answer; None where the service lives and gave none. `sent` counts the calls before this one.

        DriftcheckError where the service died or takes too long.
        """
        connection = self._connection()
        try:
            self._send(connection, method, target, headers, body)
            answer = connection.getresponse()
            content = b"" if no_body(method, answer.status) else answer.read(_MOST + 1)
            return _response(answer, content)
        except TimeoutError:
            raise DriftcheckError(
                f"no answer to {method} {target.partition('?')[0]} within {self.timeout:g} s",
                "give it longer with --timeout",
            ) from None
        except (OSError, http.client.HTTPException):
            self._insist(sent)
            return None
        finally:
            connection.close()

    def _connection(self) -> http.client.HTTPConnection:
        if self.scheme == "https":
            context = ssl.create_default_context()
            return http.client.HTTPSConnection(self.host, self.port, timeout=self.timeout, context=context)
        return http.client.HTTPConnection(self.host, self.port, timeout=self.timeout)

    def _send(
        self, connection: http.client.HTTPConnection, method: str, target: str, headers: Headers, body: bytes
    ) -> None:
        connection.putrequest(method, target, skip_accept_encoding=True)
        for name, value in headers:
            connection.putheader(name, value.encode("latin-1", "replace"))
        if body or method in ("POST", "PUT", "PATCH"):
            connection.putheader("Content-Length", str(len(body)))
        connection.putheader("Connection", "close")
        connection.endheaders(body or None)

    def _insist(self, sent: int) -> None:
        try:
            self.reach()
        except DriftcheckError:
            calls = "1 call" if sent == 1 else f"{sent} calls"
            raise DriftcheckError(
                f"the service at {self.origin} stopped answering after {calls}", "look at its log"
            ) from None


def _response(answer: http.client.HTTPResponse, content: bytes) -> Response:
    headers = tuple((name, value) for name, value in answer.getheaders())
    media_type = header(headers, "content-type")
    if len(content) > _MOST:
        return Response(answer.status, headers, Body("truncated", b"", media_type))
    return Response(answer.status, headers, body_of(content, media_type, header(headers, "content-encoding")))


def _why(error: OSError) -> str:
    if isinstance(error, TimeoutError):
        return "timed out"
    return error.strerror or "the host is not known"
