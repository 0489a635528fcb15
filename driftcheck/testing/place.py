"""Which line of a test made a call: the nearest frame of the test's own file, else the test itself."""

from __future__ import annotations

import os
import sys
from dataclasses import replace

import pytest

from driftcheck.traffic.exchange import Exchange, Source


def placed(exchange: Exchange, item: pytest.Item) -> Exchange:
    """The call with its test and the line that made it; `kind` stays that of the recorder."""
    file, line = _caller(str(item.path)) or _own(item)
    source = Source(_shown(file), exchange.source.kind, line)
    return replace(exchange, source=source, test=item.nodeid)


def _caller(file: str) -> tuple[str, int] | None:
    frame = sys._getframe(1)
    while frame is not None:
        if frame.f_code.co_filename == file:
            return file, frame.f_lineno
        if frame.f_back is None:
            return None
        frame = frame.f_back
    return None


def _own(item: pytest.Item) -> tuple[str, int | None]:
    path, line, _ = item.reportinfo()
    return str(path), None if line is None else line + 1


def _shown(file: str) -> str:
    """As reports give paths: relative where that goes downwards."""
    relative = os.path.relpath(file)
    return file if relative.startswith("..") else relative.replace(os.sep, "/")
