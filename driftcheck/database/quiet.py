"""Keeps what user code prints out of the report: standard output belongs to it alone.

Models, env.py and migrations may print, log and warn; all of it goes to standard error. Checks may run in
several threads, so the first one in turns the output round and the last one out turns it back.
"""

from __future__ import annotations

import os
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from typing import TextIO


@dataclass(slots=True)
class _Turned:
    inside: int = 0
    stream: TextIO | None = None
    descriptor: int | None = None


_turned = _Turned()
_lock = threading.Lock()


@contextmanager
def stdout_to_stderr() -> Iterator[None]:
    """Send sys.stdout and the descriptor behind it, which loggers and programs may hold, to stderr."""
    with _lock:
        _turned.inside += 1
        if _turned.inside == 1:
            _turn()
    try:
        yield
    finally:
        with _lock:
            _turned.inside -= 1
            if not _turned.inside:
                _turn_back()


def _turn() -> None:
    _flush(sys.stdout)
    _turned.stream, _turned.descriptor = sys.stdout, None
    with suppress(OSError):  # there is no standard output
        _turned.descriptor = os.dup(1)
        os.dup2(2, 1)
    sys.stdout = sys.stderr


def _turn_back() -> None:
    """What waits in a buffer was written by user code: it goes to stderr before the way is free again."""
    assert _turned.stream is not None
    sys.stdout = _turned.stream
    _flush(sys.stdout)
    if _turned.descriptor is not None:
        os.dup2(_turned.descriptor, 1)
        os.close(_turned.descriptor)


def _flush(stream: TextIO | None) -> None:
    if stream is not None:
        with suppress(OSError, ValueError):
            stream.flush()
