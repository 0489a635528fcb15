"""Schemas that were built before, by the content they were built from: a second run builds nothing.

Losing the cache costs time only; a damaged entry is built again.
"""

from __future__ import annotations

import hashlib
import os
import tempfile
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext, suppress
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck._version import VERSION
from driftcheck.database.model import Database
from driftcheck.database.scratch.process import cache_folder
from driftcheck.database.sources.snapshot import dump_snapshot, load_snapshot
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import URL, MetaData


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


def remembered(key: str | None, build: Callable[[], Database]) -> Database:
    """The schema of that key, built only if nobody did before; without a key always."""
    if key is None:
        return build()
    path = path_of(key)
    if path.is_file():
        with suppress(DriftcheckError):
            return load_snapshot(path)
    database = build()
    with suppress(OSError):
        write(path, dump_snapshot(database, None))
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


def ddl_of(metadatas: Sequence[MetaData], url: URL, *, ordered: bool = True) -> list[str] | None:
    """Everything that create_all would run, DDL events included, as plain SQL without parameters.

    None where that needs a real connection. Unless `ordered`, tables come as they are: enough to tell whether
    anything changed, and much faster, because sorting long chains of foreign keys takes SQLAlchemy quadratic
    time.
    """
    import warnings

    from sqlalchemy import create_mock_engine

    statements: list[str] = []

    def note(statement: Any, *_: Any, **__: Any) -> None:
        statements.append(str(statement.compile(dialect=engine.dialect)))

    engine = create_mock_engine(url, note)
    try:
        with warnings.catch_warnings(), nullcontext() if ordered else _unsorted():
            warnings.simplefilter("ignore")
            for metadata in metadatas:
                metadata.create_all(engine, checkfirst=False)
    except Exception:  # noqa: BLE001 - a listener may ask the mock for what only a database has
        return None
    doubled = engine.dialect.paramstyle in {"format", "pyformat"}
    return [text.replace("%%", "%") for text in statements] if doubled else statements


def _unsorted() -> AbstractContextManager[object]:
    """create_all without sorting its tables, where this SQLAlchemy sorts as the ones we know."""
    from unittest.mock import patch

    from sqlalchemy.sql import ddl

    def as_they_are(tables: Iterable[Any], *_: Any, **__: Any) -> list[tuple[Any, list[Any]]]:
        found, later = [], []
        for table in sorted(tables, key=lambda table: str(table.fullname)):
            keys = sorted(
                table.foreign_key_constraints, key=lambda key: (list(key.column_keys), str(key.name))
            )
            found.append((table, [key for key in keys if not key.use_alter]))
            later += [key for key in keys if key.use_alter]
        return [*found, (None, later)]

    known = hasattr(ddl, "sort_tables_and_constraints")
    return patch.object(ddl, "sort_tables_and_constraints", as_they_are) if known else nullcontext()
