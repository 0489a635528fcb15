"""From what passes on a wire to recorded messages: headers as text, bodies gathered up to a limit."""

from __future__ import annotations

from collections.abc import Iterable
from dataclasses import dataclass, field

from driftcheck.traffic.exchange import Body, Exchange, Headers, Request, Response, Source
from driftcheck.traffic.readers.bodies import body_of, header

LIMIT = 1 << 20  # bytes of one body that are kept, unless the user says otherwise
HOP_BY_HOP = frozenset(
    "connection keep-alive proxy-authenticate proxy-authorization proxy-connection te trailer"
    " transfer-encoding upgrade".split()
)  # RFC 9110, section 7.6.1
TEST_HEADER = "x-driftcheck-test"
SOURCE = Source("", "driftcheck")


@dataclass(slots=True)
class Gathered:
    """The bytes of a body as they pass by; those above `limit` are only noticed."""

    limit: int = LIMIT
    content: bytearray = field(default_factory=bytearray)
    cut: bool = False

    def add(self, data: bytes | bytearray) -> None:
        """Take a piece."""
        if self.cut or len(self.content) + len(data) > self.limit:
            self.cut = True
            self.content.clear()
        else:
            self.content += data

    def body(self, headers: Headers) -> Body:
        """The body with its content-encoding undone."""
        media_type = header(headers, "content-type")
        if self.cut:
            return Body("truncated", b"", media_type)
        return body_of(bytes(self.content), media_type, header(headers, "content-encoding"))


def texts(headers: Iterable[tuple[bytes, bytes]]) -> Headers:
    """Headers as text; bytes that are no ASCII are kept as Latin-1, which HTTP once meant them to be."""
    return tuple((name.decode("latin-1"), value.decode("latin-1")) for name, value in headers)


def exchange_of(
    method: str,
    url: str,
    sent: tuple[Headers, Gathered],
    answer: tuple[int, Headers, Gathered] | None,
    *,
    time: float | None = None,
    test: str = "",
    consumer: str = "",
) -> Exchange:
    """A recorded call; without `answer` nothing came back. The header that names the test is taken out."""
    kept = tuple(pair for pair in sent[0] if pair[0].lower() != TEST_HEADER)
    named = header(sent[0], TEST_HEADER)
    response = None
    if answer is not None:
        status, headers, body = answer
        response = Response(status, headers, body.body(headers))
    request = Request(method.upper(), url, kept, sent[1].body(kept))
    return Exchange(
        source=SOURCE, request=request, response=response, time=time, test=named or test, consumer=consumer
    )
