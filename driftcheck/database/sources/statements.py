"""What create_all would run, told without a database: to build models at once, and to know them again."""

from __future__ import annotations

import hashlib
import zlib
from collections.abc import Callable, Iterator, Sequence
from contextlib import AbstractContextManager, nullcontext
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from driftcheck.collector import paused
from driftcheck.database.sources.equal_types import EqualTypes

if TYPE_CHECKING:
    from sqlalchemy import URL, MetaData

_END = "\0"  # no statement holds it


@dataclass(frozen=True, slots=True)
class Compiled:
    """What create_all would run, DDL events included, as plain SQL without parameters.

    `digest` is one of the statements in whatever order, because SQLAlchemy keeps indexes in sets. `packed`
    holds them small: thousands of models compile to megabytes that a second run never looks at. It is None
    where they are in no order in which a database could run them.
    """

    digest: str
    packed: bytes | None

    def statements(self) -> list[str] | None:
        """The statements, in an order in which an empty database can run them."""
        if self.packed is None:
            return None
        text = zlib.decompress(self.packed).decode("utf-8", "surrogatepass")
        return text.split(_END)[:-1]


def compiled(metadatas: Sequence[MetaData], url: URL) -> Compiled | None:
    """Compile models once, for their digest and for building them; None where that needs a real connection.

    What compiling leaves on thousands of models is taken away again.
    """
    digests: list[bytes] = []
    packer, pieces = zlib.compressobj(1), list[bytes]()

    def hear(text: str) -> None:
        statement = text.encode("utf-8", "surrogatepass")
        digests.append(hashlib.sha256(statement).digest())
        pieces.append(packer.compress(statement + _END.encode()))

    order = _Order()
    with paused():
        if not _told(metadatas, url, hear, order.instead()):
            return None
    packed = b"".join(pieces) + packer.flush() if order.runs else None
    return Compiled(hashlib.sha256(b"".join(sorted(digests))).hexdigest(), packed)


def ddl_of(metadatas: Sequence[MetaData], url: URL) -> list[str] | None:
    """The same statements as SQLAlchemy sorts them: tables that refer to each other get some of their
    foreign keys afterwards."""
    statements: list[str] = []
    return statements if _told(metadatas, url, statements.append, nullcontext()) else None


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
        vars(engine.dialect)["_type_memos"] = EqualTypes()
    try:
        with warnings.catch_warnings(), order:
            warnings.simplefilter("ignore")
            for metadata in metadatas:
                metadata.create_all(engine, checkfirst=False)
    except Exception:  # noqa: BLE001 - a listener may ask for anything
        return False
    return True


def _with_options(statement: Any) -> list[Any]:
    """Tables, their columns and constraints, and indexes that have no dialect options yet: compiling gives
    each a kilobyte."""
    element = getattr(statement, "element", None)
    things = (element, *getattr(element, "constraints", ()))
    if element is not None and len(things) > 1:  # asked for its columns, an index would make a collection
        things += tuple(element.columns)
    return [thing for thing in things if hasattr(thing, "__dict__") and "dialect_options" not in vars(thing)]


class _Order:
    """Sorts tables in place of SQLAlchemy, whose way takes quadratic time in long chains of foreign keys,
    and always alike. `runs` says whether a database could create them so."""

    def __init__(self) -> None:
        self.runs = False

    def instead(self) -> AbstractContextManager[object]:
        """create_all with this order, where this SQLAlchemy sorts as the ones we know."""
        from unittest.mock import patch

        from sqlalchemy.sql import ddl

        self.runs = hasattr(ddl, "sort_tables_and_constraints")
        if not self.runs:
            return nullcontext()
        return patch.object(ddl, "sort_tables_and_constraints", self._sorted)

    def _sorted(self, tables: Sequence[Any], *_: Any, **__: Any) -> list[tuple[Any, list[Any]]]:
        found, later = [], []
        for table in self._parents_first(sorted(tables, key=lambda table: str(table.fullname))):
            keys = sorted(
                table.foreign_key_constraints, key=lambda key: (list(key.column_keys), str(key.name))
            )
            found.append((table, [key for key in keys if not key.use_alter]))
            later += [key for key in keys if key.use_alter]
        return [*found, (None, later)]

    def _parents_first(self, tables: Sequence[Any]) -> list[Any]:
        """Every table after those that it refers to; where some refer to each other `runs` turns False."""
        open_: dict[Any, Iterator[Any]] = {}  # the path from a table to the one being looked at
        done: dict[Any, None] = {}
        for start in tables:
            if start not in done:
                open_[start] = iter(_parents(start))
            while open_:
                table, parents = next(reversed(open_.items()))
                parent = next((item for item in parents if item not in done), None)
                if parent is None:
                    done[table] = None
                    del open_[table]
                elif parent in open_:
                    self.runs = False
                else:
                    open_[parent] = iter(_parents(parent))
        known = set(tables)
        return [table for table in done if table in known]


def _parents(table: Any) -> list[Any]:
    """The tables that must be there first."""
    keys = [key for key in table.foreign_key_constraints if not key.use_alter]
    found = [key.referred_table for key in keys] + list(table._extra_dependencies)
    source = getattr(getattr(table, "_creator_ddl", None), "selectable", None)
    if source is not None:  # CREATE TABLE AS, of SQLAlchemy 2.1
        from sqlalchemy.sql.util import find_tables

        found += find_tables(source, include_aliases=True, include_joins=True, include_selects=True)
    return sorted((item for item in found if item is not table), key=lambda item: str(item.fullname))
