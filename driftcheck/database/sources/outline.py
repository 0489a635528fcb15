"""Knows models again without compiling them: a digest of all that their DDL is made of.

Where DDL may depend on more than the models say (listeners, hooks of compilation, classes that SQLAlchemy
does not have), there is none, and the models are compiled for theirs.
"""

from __future__ import annotations

import hashlib
import warnings
from collections.abc import Iterator, Sequence
from typing import TYPE_CHECKING, Any

from driftcheck.collector import paused
from driftcheck.database.sources.equal_types import EqualTypes

if TYPE_CHECKING:
    from sqlalchemy import URL, MetaData

_EVENTS = ("before_create", "after_create")


def outline(metadatas: Sequence[MetaData], url: URL) -> str | None:
    """The digest for the dialect of `url`; None where the models have something that it cannot speak for.

    Equal digests make equal DDL. Tables in another order make no other digest; other names that the engine
    never sees do not, either.
    """
    import sqlalchemy

    try:
        with paused(), warnings.catch_warnings():
            warnings.simplefilter("ignore")
            outliner = _Outliner(url.get_dialect()())
            found = [_digest(f"{sqlalchemy.__version__} {url}")]
            for metadata in metadatas:
                found += sorted(map(_digest, outliner.metadata(metadata)))
    except Exception:  # noqa: BLE001 - types of the user may raise anything
        return None
    return hashlib.sha256(b"".join(found)).hexdigest()


def _digest(line: str) -> bytes:
    """Of each line at once: those of thousands of tables are megabytes."""
    return hashlib.sha256(line.encode("utf-8", "surrogatepass")).digest()


class _UnusualError(Exception):
    """Something whose DDL nobody knows before it is compiled."""


class _Outliner:
    """Writes down parts of tables; what is not plain is compiled by itself."""

    def __init__(self, dialect: Any) -> None:
        from sqlalchemy import schema
        from sqlalchemy.sql import ddl

        self.schema = schema
        self.dialect = dialect
        self.compiler = dialect.ddl_compiler(dialect, None)
        self.types = EqualTypes()
        compiled = (ddl.CreateTable, ddl.CreateColumn, ddl.CreateIndex, ddl.CreateSequence, ddl.AddConstraint)
        plain = (schema.PrimaryKeyConstraint, schema.UniqueConstraint, schema.ForeignKeyConstraint)
        for kind in (*compiled, *plain, schema.CheckConstraint, schema.Computed, schema.Identity):
            if hasattr(kind, "_compiler_dispatcher"):
                raise _UnusualError

    def metadata(self, metadata: Any) -> Iterator[str]:
        """A line for each table and each sequence, and one for what names are made by."""
        from sqlalchemy.sql import ddl

        convention = dict(metadata.naming_convention)
        if any(not isinstance(value, str) for value in convention.values()):
            raise _UnusualError
        yield f"{sorted((str(key), value) for key, value in convention.items())} {self._listening(metadata)}"
        for table in metadata.tables.values():
            yield self.table(table)
        for sequence in metadata._sequences.values():
            yield str(ddl.CreateSequence(sequence).compile(dialect=self.dialect))

    def table(self, table: Any) -> str:
        """All of a table, its indexes too."""
        if type(table) is not self.schema.Table or table._prefixes:
            raise _UnusualError
        if getattr(table, "_creator_ddl", None) is not None:  # CREATE TABLE AS, of SQLAlchemy 2.1
            raise _UnusualError
        listening = self._listening(table)
        head = (_name(table.name), _name(table.schema), table.comment, self._options(table), listening)
        parts = [self.column(column) for column in table.columns]
        parts += sorted(self.constraint(constraint) for constraint in table.constraints)
        parts += sorted(self.index(index) for index in table.indexes)
        return f"{head}{parts}"

    def column(self, column: Any) -> str:
        """A column; whether it numbers itself follows from what is told of the others."""
        if type(column) is not self.schema.Column:
            raise _UnusualError
        compiler, default = self.compiler, None
        if column.server_default is not None:
            default = compiler.get_column_default_string(column)
        rest = ""
        if column.computed is not None:
            rest += compiler.process(column.computed)
        if column.identity is not None:
            rest += compiler.process(column.identity)
        if type(column.default) is self.schema.Sequence:
            rest += f"{column.default.name} {column.default.optional}"
        if column.constraints:
            raise _UnusualError
        given = (type(column.server_default).__name__, column.default is None)  # then it numbers nothing
        return (
            f"{_name(column.name)} {self.type(column.type, column)} {column.nullable} {column.primary_key}"
            f" {default!r} {given} {column.autoincrement} {column.system} {column.comment!r} {rest}"
            f" {self._options(column)}"
        )

    def type(self, kind: Any, column: Any) -> str:
        """A type of SQLAlchemy by what it was made with, another as it is compiled."""
        known = self.types.get(kind)
        if known is None:
            known = self.types[kind] = self._type(kind, column)
        return str(known)

    def _type(self, kind: Any, column: Any) -> str:
        from sqlalchemy.types import Boolean, Enum, SchemaType, TypeDecorator

        if isinstance(kind, SchemaType) and not isinstance(kind, Boolean | Enum):
            raise _UnusualError  # it creates something, and may not say all of it
        own = type(kind).__module__.partition(".")[0] == "sqlalchemy"
        if own and not isinstance(kind, TypeDecorator) and not hasattr(kind, "_compiler_dispatcher"):
            told = f"{type(kind).__module__}.{type(kind).__name__} {self._values(kind, column)}"
        elif isinstance(kind, SchemaType):
            raise _UnusualError
        else:
            told = self.dialect.type_compiler_instance.process(kind, type_expression=column)
        variants = sorted((name, self._type(each, column)) for name, each in kind._variant_mapping.items())
        return f"{told} {variants}" if variants else told

    def _values(self, kind: Any, column: Any) -> list[tuple[str, str]]:
        """What a type was made with; its functions are for Python's values only."""
        from sqlalchemy.types import TypeEngine

        found = []
        for name, value in sorted(vars(kind).items()):
            if isinstance(value, TypeEngine):
                found.append((name, self._type(value, column)))
            elif value is None or isinstance(value, str | int | float | tuple | list):
                found.append((name, repr(value)))
        return found

    def constraint(self, constraint: Any) -> str:
        """A key by its columns, anything else as it is compiled."""
        kind = type(constraint)
        plain = {
            self.schema.PrimaryKeyConstraint: (),
            self.schema.UniqueConstraint: (),
            self.schema.ForeignKeyConstraint: ("ondelete", "onupdate", "match", "use_alter"),
        }
        if kind not in plain:
            return f"{_name(constraint.name)} {self.compiler.process(constraint)}"
        told = [getattr(constraint, name) for name in (*plain[kind], "deferrable", "initially", "comment")]
        columns = [_name(column.name) for column in constraint.columns]
        target = [str(element.target_fullname) for element in getattr(constraint, "elements", ())]
        options = self._options(constraint)
        return f"{kind.__name__} {_name(constraint.name)} {columns} {target} {told} {options}"

    def index(self, index: Any) -> str:
        """An index by its columns, or as it is compiled where it has more than these."""
        from sqlalchemy.sql import ddl

        columns = [part.name for part in index.expressions if type(part) is self.schema.Column]
        if len(columns) == len(index.expressions) and not self._given(index):
            return f"{_name(index.name)} {index.unique} {[_name(name) for name in columns]}"
        return str(ddl.CreateIndex(index).compile(dialect=self.dialect))

    def _options(self, item: Any) -> str:
        """Options for one dialect or another, if it has any."""
        given = self._given(item)
        told = repr(sorted(given.items())) if given else ""
        if " at 0x" in told:
            raise _UnusualError  # an address, another one in the next run
        return told

    def _given(self, item: Any) -> dict[str, Any]:
        return dict(item.dialect_kwargs) if vars(item).get("dialect_options") else {}

    def _listening(self, item: Any) -> list[str]:
        """The types that create something before a table is created; nobody else may listen."""
        from sqlalchemy.types import SchemaType

        found = set()
        for name in _EVENTS:
            for listener in getattr(item.dispatch, name):
                called = getattr(listener, "func", listener)  # SQLAlchemy 2.1 listens with partials
                owner = getattr(called, "__self__", getattr(called, "target", None))
                if not isinstance(owner, SchemaType):
                    raise _UnusualError
                found.add(self._type(owner, None))
        return sorted(found)


def _name(name: Any) -> str:
    """A name, and whether it is to be quoted."""
    quoted = getattr(name, "quote", None)
    return repr(str(name)) if name is not None and quoted is None else f"{name!r} {quoted}"
