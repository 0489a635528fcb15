"""Schemas that were built before, by the content they were built from: a second run builds nothing.

Losing the cache costs time only; a damaged entry is built again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable
from contextlib import suppress
from functools import cache
from pathlib import Path

from driftcheck._version import VERSION
from driftcheck.database.model import Database
from driftcheck.database.scratch.process import cache_folder
from driftcheck.database.sources.kept import from_lines, lines_of


def key_of(parts: Iterable[object]) -> str:
    """A name for what is built from `parts` by this version of driftcheck."""
    digest = hashlib.sha256(VERSION.encode() + _readers())
    for part in parts:
        digest.update(b"\0")
        digest.update(str(part).encode("utf-8", "surrogatepass"))
    return digest.hexdigest()


@cache
def _readers() -> bytes:
    """The code that reads schemas: a schema that other code read may lack what this one sees."""
    here = Path(__file__).parent
    digest = hashlib.sha256()
    for path in sorted(
        (here / "model.py", *(here / "dialects").glob("*.py"), *(here / "sources").glob("*.py"))
    ):
        digest.update(path.read_bytes())
    return digest.digest()


def _always() -> bool:
    return True


def remembered(
    key: str | None,
    build: Callable[[], Database],
    like: Database | None = None,
    whole: Callable[[], bool] = _always,
) -> Database:
    """The schema of that key, built only if nobody did before; without a key always. Tables that `like` has
    just the same are taken from it. What is not `whole`, as asked after building, is not kept."""
    if key is None:
        return build()
    path = path_of(key)
    with (
        suppress(OSError, ValueError, KeyError, TypeError),
        path.open(encoding="utf-8") as file,
    ):
        return from_lines(file, (like,))
    database = build()
    if not whole():
        return database
    with suppress(OSError):
        write(path, "".join(f"{line}\n" for line in lines_of(database)))
    return database


def path_of(key: str) -> Path:
    """The file of an entry, there or not."""
    chosen = os.environ.get("DRIFTCHECK_SCHEMA_CACHE")
    return (Path(chosen) if chosen else cache_folder() / "schemas") / f"{key}.json"


def write(path: Path, text: str) -> None:
    """Write a file at once: another run sees all of it or nothing."""
    path.parent.mkdir(parents=True, exist_ok=True)
    handle, draft = tempfile.mkstemp(dir=path.parent)
    with os.fdopen(handle, "w", encoding="utf-8") as file:
        file.write(text)
    os.replace(draft, path)
