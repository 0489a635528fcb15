"""One recorded, saved or promised HTTP call: the shape that every reader makes and everything else reads.

Readers yield these one at a time; nothing may keep a recording in memory as a whole.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal, TypeAlias

Provenance: TypeAlias = Literal["recorded", "example", "stub", "contract"]
BodyState: TypeAlias = Literal["present", "absent", "truncated", "external", "binary"]
Headers: TypeAlias = tuple[tuple[str, str], ...]


@dataclass(frozen=True, slots=True)
class Body:
    """Bytes as they were on the wire, after content-encoding was undone.

    `absent` means that the recording does not hold the body, not that it was empty: an empty body is
    `present` with no bytes. `truncated` and `external` bodies cannot be judged; `binary` is never parsed.
    """

    state: BodyState = "absent"
    content: bytes = b""
    media_type: str = ""


@dataclass(frozen=True, slots=True)
class Request:
    """What was sent. `url` is absolute, or a path where the recording has no host, and has the query.

    `method` is in capital letters; "ANY" where a stub takes whatever the path has.
    """

    method: str
    url: str
    headers: Headers = ()
    body: Body = Body()


@dataclass(frozen=True, slots=True)
class Response:
    """What came back, or what an example, a stub or a contract says will."""

    status: int
    headers: Headers = ()
    body: Body = Body()


@dataclass(frozen=True, slots=True)
class Source:
    """Where a call was read: `line` counts from 1 (None where unknown), `pointer` is a JSON pointer."""

    file: str
    kind: str
    line: int | None = None
    pointer: str = ""


@dataclass(frozen=True, slots=True)
class Unreadable:
    """A file, or a part of one, that gave no exchange; the others go on.

    `wrong` is False where nothing is the matter with it but driftcheck cannot check it (a gRPC mock, a
    message of a pact): that is listed as skipped, and everything else is a finding. `why` holds no value
    of the recording.
    """

    file: str
    line: int | None
    why: str
    wrong: bool = True


@dataclass(frozen=True, slots=True)
class Noise:
    """A part of the answer whose value may vary: `path` is exact, as "body.items.*.id" or "header.date".

    `*` is any element of an array; a last `**` is everything below, which only a pact's type rules say.

    Type and format are asserted all the same; `patterns` (regular expressions) restrict the value further.
    """

    path: str
    patterns: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Exchange:
    """One call.

    `consumer` is who calls and `provider` which service answers, where the recording says so ("" otherwise).
    `placeholders` are texts as "{{token}}" that stand for values nobody knows: what holds one is not judged.
    `time` is in seconds since the epoch.
    """

    source: Source
    request: Request
    response: Response | None = None
    provenance: Provenance = "recorded"
    consumer: str = ""
    provider: str = ""
    test: str = ""
    time: float | None = None
    noise: tuple[Noise, ...] = ()
    placeholders: tuple[str, ...] = ()
