"""SQL that Keploy recorded with a service: of Postgres (all three generations) and MySQL mocks.

Only the text of statements is read; values that were bound, and rows that came back, are not.
"""

from __future__ import annotations

import base64
import binascii
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal

from driftcheck.traffic.exchange import Source, Unreadable
from driftcheck.traffic.readers.files import found_files, shown
from driftcheck.traffic.readers.keploy import parts
from driftcheck.traffic.readers.problem import RecordingError
from driftcheck.traffic.readers.sniff import kind_of
from driftcheck.traffic.readers.yaml_parts import Part, parsed

_ENGINES: Mapping[str, Literal["postgresql", "mysql"]] = {
    "Postgres": "postgresql",
    "PostgresV2": "postgresql",
    "PostgresV3": "postgresql",
    "MySQL": "mysql",
    "SQL": "mysql",
}
_STATEMENT = re.compile(
    r"\s*(?:/\*.*?\*/\s*|--[^\n]*\n\s*|\(\s*)*(?:select|insert|update|delete|with|merge|replace|create|alter|drop"
    r"|truncate|call|values|table|copy|lock|explain)\b",
    re.IGNORECASE | re.DOTALL,
)
_SENT = (
    "postgresrequests",
    "postgresRequests",
    "postgresRequestsV2",
    "requests",
    "mysqlrequests",
    "postgresV3",
)
_TEXTS = frozenset({"query", "Query", "string", "sqlNormalized", "sql", "statement"})
_SIMPLE, _PARSE = b"Q", b"P"


@dataclass(frozen=True, slots=True)
class RecordedQuery:
    """One statement, as it was sent; each text once a mock."""

    source: Source
    sql: str
    engine: Literal["postgresql", "mysql"]


def read_queries(paths: Sequence[str]) -> Iterator[RecordedQuery | Unreadable]:
    """Every recorded statement in these files, folders and globs of Keploy mocks."""
    for path in paths:
        for file, _ in found_files(path):
            try:
                if kind_of(file) == "keploy":
                    yield from _in_file(file, shown(file))
            except RecordingError as problem:
                yield Unreadable(shown(file), problem.line, problem.why)
            except (OSError, EOFError, UnicodeError):
                yield Unreadable(shown(file), None, "the file cannot be read")


def _in_file(path: Path, file: str) -> Iterator[RecordedQuery | Unreadable]:
    for source, found in parts(path, file):
        try:
            document = parsed(found) if isinstance(found, Part) else found
        except RecordingError as problem:
            yield Unreadable(file, problem.line, problem.why)
            continue
        kind = document.get("kind") if isinstance(document, Mapping) else None
        engine = _ENGINES.get(str(kind))
        spec = document.get("spec") if isinstance(document, Mapping) else None
        if engine is not None and isinstance(spec, Mapping):
            sent = [spec[name] for name in _SENT if name in spec]
            texts = (text.strip() for text in _statements(sent))
            yield from (RecordedQuery(source, text, engine) for text in dict.fromkeys(texts))


def _statements(value: Any) -> Iterator[str]:
    """Texts of SQL among what was sent, decoded by Keploy or still as bytes of the wire protocol."""
    if isinstance(value, list):
        for item in value:
            yield from _statements(item)
    for name, item in value.items() if isinstance(value, Mapping) else ():
        if name == "payload" and isinstance(item, str):
            yield from _framed(item)
        elif name in _TEXTS and isinstance(item, str):
            if _STATEMENT.match(item):
                yield item
        elif name not in ("response", "responses", "rows"):
            yield from _statements(item)


def _framed(payload: str) -> Iterator[str]:
    """PostgreSQL's Query and Parse messages: a letter, a length of four bytes, texts that end with NUL."""
    try:
        raw = base64.b64decode(payload, validate=True)
    except (binascii.Error, ValueError):
        return
    at = 0
    while at + 5 <= len(raw):
        letter, length = raw[at : at + 1], int.from_bytes(raw[at + 1 : at + 5], "big")
        if length < 4 or at + 1 + length > len(raw):
            return
        texts = raw[at + 5 : at + 1 + length].split(b"\0")
        position = {_SIMPLE: 0, _PARSE: 1}.get(letter)
        if position is not None and len(texts) > position:
            text = texts[position].decode("utf-8", "replace")
            if _STATEMENT.match(text):
                yield text
        at += 1 + length
