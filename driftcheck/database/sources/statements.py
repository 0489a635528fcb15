"""What create_all would run, told without a database: to build models at once, and to know them again."""

from __future__ import annotations

import hashlib
from collections.abc import Callable, Iterable, Sequence
from contextlib import AbstractContextManager, nullcontext
from typing import TYPE_CHECKING, Any

from driftcheck.database.collector import paused

if TYPE_CHECKING:
    from sqlalchemy import URL, MetaData


def ddl_of(metadatas: Sequence[MetaData], url: URL) -> list[str] | None:
    """Everything that create_all would run, DDL events included, as plain SQL without parameters.

    None where that needs a real connection.
    """
    statements: list[str] = []
    return statements if _told(metadatas, url, statements.append, nullcontext()) else None


def digest_of(metadatas: Sequence[MetaData], url: URL) -> str | None:
    """A digest of the same statements, in whatever order, because SQLAlchemy keeps indexes in sets.

    Tables are not sorted for it: that takes SQLAlchemy quadratic time in long chains of foreign keys. No
    statement is kept, and what compiling them leaves on thousands of models is taken away again.
    """
    digests: list[bytes] = []

    def hear(text: str) -> None:
        digests.append(hashlib.sha256(text.encode("utf-8", "surrogatepass")).digest())

    with paused():
        if not _told(metadatas, url, hear, _unsorted()):
            return None
    return hashlib.sha256(b"".join(sorted(digests))).hexdigest()


def _told(
    metadatas: Sequence[MetaData],
    url: URL,
    hear: Callable[[str], None],
    order: AbstractContextManager[object],
) -> bool:
    """Tell each statement; False where a listener asks the mock for what only a database has."""
    import warnings

    from sqlalchemy import create_mock_engine

    def note(statement: Any, *_: Any, **__: Any) -> None:
        things = _with_options(statement)
        text = str(statement.compile(dialect=engine.dialect))
        hear(text.replace("%%", "%") if doubled else text)
        for thing in things:
            vars(thing).pop("dialect_options", None)

    engine = create_mock_engine(url, note)
    doubled = engine.dialect.paramstyle in {"format", "pyformat"}
    if hasattr(engine.dialect, "_type_memos"):
        vars(engine.dialect)["_type_memos"] = _Memos()
    try:
        with warnings.catch_warnings(), order:
            warnings.simplefilter("ignore")
            for metadata in metadatas:
                metadata.create_all(engine, checkfirst=False)
    except Exception:  # noqa: BLE001 - a listener may ask for anything
        return False
    return True


def _with_options(statement: Any) -> list[Any]:
    """Tables, constraints and indexes that have no dialect options yet: compiling gives each a kilobyte."""
    element = getattr(statement, "element", None)
    things = (element, *getattr(element, "constraints", ()))
    return [thing for thing in things if hasattr(thing, "__dict__") and "dialect_options" not in vars(thing)]


class _Memos:
    """What a dialect makes of types, once for all that are of one class and hold equal values, where
    SQLAlchemy makes it for each column anew."""

    def __init__(self) -> None:
        self._found: dict[object, Any] = {}
        self._kept: list[object] = []

    def _key(self, item: Any) -> object:
        try:
            key = (type(item), frozenset(vars(item).items()))
            hash(key)
        except TypeError:
            return id(item)
        return key

    def __contains__(self, item: object) -> bool:
        return self._key(item) in self._found

    def __getitem__(self, item: object) -> Any:
        return self._found[self._key(item)]

    def __setitem__(self, item: object, value: Any) -> None:
        self._kept.append(item)  # an id is good only while its object lives
        self._found[self._key(item)] = value


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
