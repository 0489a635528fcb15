"""Writes calls to a HAR or an NDJSON file as they happen: the file is whole after every single call.

Redaction happens here and nowhere else, so that no recorder can forget it.
"""

from __future__ import annotations

import json
import threading
from collections.abc import Callable
from dataclasses import replace
from os import PathLike
from pathlib import Path
from types import TracebackType
from typing import BinaryIO

from driftcheck._version import VERSION
from driftcheck.errors import DriftcheckError
from driftcheck.traffic.exchange import Body, Exchange
from driftcheck.traffic.readers.ndjson import line_of
from driftcheck.traffic.record.har import entry_of
from driftcheck.traffic.redact import Found, Redactor, fresh_key
from driftcheck.traffic.secrets import may_hold

_HEAD = {"version": "1.2", "creator": {"name": "driftcheck", "version": VERSION}}
_OPENING = (json.dumps({"log": _HEAD})[:-2] + ', "entries": [\n').encode()
_CLOSING = b"\n]}}\n"


class Recorder:
    """A recording that is being made. Threads may share it; processes may not.

    `redact` replaces secrets and personal data by placeholders, with a key that is thrown away at the end.
    DriftcheckError where the file's name says no format or it cannot be written.
    """

    def __init__(self, path: str | PathLike[str], *, redact: bool = True) -> None:
        self.path = Path(path)
        self.calls = 0
        self.replaced = 0
        self._lock = threading.Lock()
        self._redactor = Redactor(fresh_key(), self._found) if redact else None
        self._write = self._writer(self.path.suffix.lower())

    def add(self, exchange: Exchange) -> None:
        """Write one call; it is in the file when this returns."""
        with self._lock:
            self._write(exchange if self._redactor is None else _redacted(self._redactor, exchange))
            self.calls += 1

    def close(self) -> None:
        """Nothing more is written."""
        with self._lock:
            self._file.close()

    def __enter__(self) -> Recorder:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def _found(self, _: Found) -> None:
        self.replaced += 1

    def _writer(self, suffix: str) -> Callable[[Exchange], None]:
        if suffix not in (".har", ".ndjson", ".jsonl"):
            raise DriftcheckError(
                f"{self.path}: the name says no format of recordings", "call it .har or .ndjson"
            )
        self._file: BinaryIO = _opened(self.path)
        if suffix != ".har":
            return self._line
        self._file.write(_OPENING + _CLOSING)
        self._file.flush()
        return self._entry

    def _line(self, exchange: Exchange) -> None:
        self._file.write(line_of(exchange).encode() + b"\n")
        self._file.flush()

    def _entry(self, exchange: Exchange) -> None:
        """Over the end of the document, which is written anew after it, in one go."""
        written = json.dumps(entry_of(exchange)).encode()
        self._file.seek(-len(_CLOSING), 2)
        self._file.write((b",\n" if self.calls else b"") + written + _CLOSING)
        self._file.flush()


def _redacted(redactor: Redactor, exchange: Exchange) -> Exchange:
    """The call without secrets; bodies in which there can be none are not walked through."""
    request, response = exchange.request, exchange.response
    asked, got = request.body, response.body if response is not None else None
    if asked.content and not _suspect(asked):
        request = replace(request, body=Body())
    if response is not None and got is not None and got.content and not _suspect(got):
        response = replace(response, body=Body())
    made = redactor.exchange(replace(exchange, request=request, response=response))
    if request is not exchange.request:
        made = replace(made, request=replace(made.request, body=asked))
    if made.response is not None and response is not exchange.response and got is not None:
        made = replace(made, response=replace(made.response, body=got))
    return made


def _suspect(body: Body) -> bool:
    try:
        return may_hold(body.content.decode())
    except UnicodeDecodeError:
        return True  # the redactor knows what to do


def _opened(path: Path) -> BinaryIO:
    try:
        return path.open("wb", buffering=1 << 20)
    except OSError as error:
        raise DriftcheckError(f"{path} cannot be written: {error.strerror or error}") from None
