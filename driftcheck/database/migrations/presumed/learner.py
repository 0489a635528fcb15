"""Learns what revisions presume by running them: an operation whose effect is there already tells what was
not there before the first revision, one that misses something tells what was."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any
from unittest.mock import patch

from driftcheck.database.migrations.presumed.shapes import Part, Presumption, Shape, part_of, signature
from driftcheck.database.migrations.presumed.words import dropped_table, missing_table, understood

if TYPE_CHECKING:
    from alembic.operations.ops import (
        AddConstraintOp,
        AlterColumnOp,
        DropConstraintOp,
        MigrateOperation,
        RenameTableOp,
    )

_GUESS = 255  # the length of a text column that only its name is known of
_SORTS = {
    "CreateUniqueConstraintOp": "UniqueConstraint",
    "CreateForeignKeyOp": "ForeignKeyConstraint",
    "CreatePrimaryKeyOp": "PrimaryKeyConstraint",
}


@dataclass(slots=True)
class Learner:
    """Listens to the operations of one run of all revisions, which starts with what is presumed so far.

    Operations that contradict it are passed over, so that one run tells as much as it can. `changed` says
    that it told something; what the run made is worth nothing then.
    """

    presumption: Presumption
    changed: bool = False
    _shapes: dict[str, Shape] = field(default_factory=dict)
    _gone: set[tuple[str, Part]] = field(default_factory=set)
    _made: set[tuple[str, Part]] = field(default_factory=set)
    _wrong: set[str] = field(default_factory=set)  # tables that a revision turned out to create
    _last: str = ""

    @contextmanager
    def listening(self) -> Iterator[None]:
        """Hear every operation, those of batches too, before Alembic carries it out."""
        from alembic.operations.base import AbstractOperations

        invoke = AbstractOperations.invoke
        self._shapes = self.presumption.shapes()

        def heard(operations: Any, operation: Any) -> Any:
            if self._contradicts(operation):
                made = getattr(operation, "to_table", None)
                return made(operations.migration_context) if made is not None else None
            return invoke(operations, operation)

        with patch.object(AbstractOperations, "invoke", heard):
            yield

    def learn(self, error: BaseException) -> bool:
        """Learn from what stopped a run; False where it says nothing that could be presumed."""
        message = str(getattr(error, "orig", None) or error)
        if type(error).__name__ == "NoSuchTableError":
            message = f"no such table: {message}"
        statement = getattr(error, "statement", None) or ""
        dropped = dropped_table(message, statement)
        if dropped is not None:
            self.presumption.legacy(dropped)
            return self._presume(dropped)
        table = missing_table(message)
        if table is not None:
            return self._presume(self._full(table, self.presumption.known))
        said = understood(message, statement)
        if said is None:
            return False
        if said.kind == "table":
            return self._is_made(said.name)
        name = self._full(said.table, self._shapes) if said.table else self._last
        if not name:
            return False
        if said.there:
            return self._take(name, Part(said.kind, said.name))
        part = Part(said.kind, said.name)
        if said.kind == "constraint":
            return self._give(name, part, _placeholder(said.name, "check"))
        self.presumption.guessed.add((name, part))
        return self._give(name, part, _column(said.name, None))

    def presume(self, names: Iterable[str]) -> None:
        """Tables that were there although no revision touches them."""
        for name in names:
            self._presume(name)

    def guesses(self) -> bool:
        """Whether something is presumed for no better reason than that a statement failed without it."""
        return bool(self.presumption.guessed - self._gone)

    def _full(self, table: str, among: Any) -> str | None:
        found = [name for name in among if name.rpartition(".")[2].lower() == table.lower()]
        return found[0] if len(found) == 1 else None

    def _presume(self, name: str | None) -> bool:
        if name is None or name in self._shapes or name in self.presumption.created:
            return False
        self.presumption.root(name)
        self.changed = True
        return True

    def _is_made(self, name: str) -> bool:
        """A table, or an index, that a revision makes without telling Alembic."""
        table = self._full(name, self._shapes)
        if table is not None:
            self._created(table)
            return True
        part = Part("index", name)
        holder = next((key for key, shape in self._shapes.items() if part in shape.parts()), None)
        return holder is not None and self._take(holder, part)

    def _created(self, table: str) -> None:
        self.presumption.created.add(table)
        self.presumption.roots.pop(table, None)
        self._wrong.add(table)
        self.changed = True

    def _take(self, table: str, part: Part) -> bool:
        self.presumption.root(table).take(part)
        self._made.add((table, part))
        self.changed = True
        return True

    def _give(self, table: str, part: Part, made: Any) -> bool:
        self.presumption.root(table).give(part, made)
        self._gone.add((table, part))
        self.changed = True
        return True

    def _has(self, table: str, part: Part) -> bool:
        at = (table, part)
        return at in self._made or (at not in self._gone and part in self._shapes[table].parts())

    def _contradicts(self, operation: MigrateOperation) -> bool:
        """Whether an operation was passed over, because of what it told."""
        kind = type(operation).__name__
        table = _table_of(operation)
        if kind == "DropIndexOp" and not getattr(operation, "table_name", None):
            part = Part("index", str(operation.index_name))  # type: ignore[attr-defined]
            table = next((key for key in self._shapes if self._has(key, part)), "")
        if table in self._wrong:
            return True
        if kind == "CreateTableOp" and table in self._shapes:
            self._created(table)
            return True
        if kind == "RenameTableOp":
            return self._renames(operation, table)  # type: ignore[arg-type]
        if table not in self._shapes:
            return False
        self._last = table
        heard = getattr(self, f"_{kind}", None)
        if heard is not None:
            return bool(heard(table, operation))
        return self._constrains(table, operation) if hasattr(operation, "to_constraint") else False  # type: ignore[arg-type]

    def _renames(self, operation: RenameTableOp, table: str) -> bool:
        """A table that has another name today."""
        new = _named(str(operation.new_table_name), operation.schema)
        if table in self._shapes or new not in self._shapes or table in self.presumption.roots:
            return False
        self.presumption.roots.pop(new, None)
        self.presumption.created.add(new)
        self.presumption.roots[table] = self.presumption.shape(str(operation.table_name), new)
        self.changed = True
        self._wrong.add(table)
        return True

    def _AddColumnOp(self, table: str, operation: Any) -> bool:
        return self._adds(table, Part("column", str(operation.column.name)))

    def _CreateIndexOp(self, table: str, operation: Any) -> bool:
        return self._adds(table, Part("index", str(operation.index_name)))

    def _adds(self, table: str, part: Part) -> bool:
        if self._has(table, part):
            if (table, part) in self._made:
                return False
            return self._take(table, part)
        self._made.add((table, part))
        return False

    def _DropColumnOp(self, table: str, operation: Any) -> bool:
        name = str(operation.column_name)
        return self._drops(table, Part("column", name), _column(name, operation.to_column().type))

    def _DropIndexOp(self, table: str, operation: Any) -> bool:
        name = str(operation.index_name)
        return self._drops(table, Part("index", name), _index(name))

    def _drops(self, table: str, part: Part, made: Any) -> bool:
        if not self._has(table, part):
            return self._give(table, part, made)
        self._gone.add((table, part))
        self._made.discard((table, part))
        return False

    def _AlterColumnOp(self, table: str, operation: AlterColumnOp) -> bool:
        old = Part("column", str(operation.column_name))
        new = Part("column", str(operation.modify_name)) if operation.modify_name else old
        if self._has(table, old):
            self._checks(table, old.name, operation.modify_type)
            if new != old:
                self._gone.add((table, old))
                self._made.discard((table, old))
                self._made.add((table, new))
            return False
        today = self._shapes[table].source.columns.get(new.name) if new != old else None
        if today is not None and new not in self._shapes[table].without:
            self._take(table, new)
        made = _column(old.name, operation.existing_type, today)
        return self._give(table, old, made)

    def _checks(self, table: str, column: str, kind: Any) -> None:
        """A type that brings its own check along: the nameless one of the models is that."""
        if not getattr(kind, "create_constraint", False):
            return
        for constraint in self._shapes[table].source.constraints:
            checks = type(constraint).__name__ == "CheckConstraint" and not isinstance(constraint.name, str)
            if checks and _columns(constraint) == [column] and self._has(table, part_of(constraint)):
                self._take(table, part_of(constraint))

    def _DropConstraintOp(self, table: str, operation: DropConstraintOp) -> bool:
        name = str(operation.constraint_name)
        shape = self._shapes[table]
        part = next((item for item in shape.parts() if name in _names(shape, item)), Part("constraint", name))
        return self._drops(table, part, _placeholder(name, operation.constraint_type or "check"))

    def _constrains(self, table: str, operation: AddConstraintOp) -> bool:
        """A constraint that is added: the same by name, or of the same kind over the same columns."""
        found: Any = operation
        columns = [str(name) for name in getattr(found, "columns", getattr(found, "local_cols", ())) or ()]
        like = signature(_SORTS.get(type(operation).__name__, ""), columns)
        name = str(found.constraint_name) if found.constraint_name else like
        for constraint in self._shapes[table].source.constraints:
            part, same = part_of(constraint), signature(type(constraint).__name__, _columns(constraint))
            if self._has(table, part) and (part.name == name or same == like):
                return False if (table, part) in self._made else self._take(table, part)
        self._made.add((table, Part("constraint", name)))
        return False


def _table_of(operation: Any) -> str:
    name = getattr(operation, "table_name", None) or getattr(operation, "source_table", None)
    schema = getattr(operation, "schema", None) or getattr(operation, "kw", {}).get("source_schema")
    return _named(str(name), schema) if name else ""


def _named(name: str, schema: Any) -> str:
    return f"{schema}.{name}" if schema else name


def _columns(constraint: Any) -> list[str]:
    return [str(column.name) for column in getattr(constraint, "columns", ())]


def _names(shape: Shape, part: Part) -> set[str]:
    """What a constraint may be called; PostgreSQL names those that have no name."""
    if part.kind != "constraint":
        return set()
    kind, _, rest = part.name.partition("(")
    columns = rest.rstrip(")").replace(",", "_")
    ends = {
        "PrimaryKeyConstraint": "pkey",
        "UniqueConstraint": f"{columns}_key",
        "ForeignKeyConstraint": f"{columns}_fkey",
    }
    return {part.name, *({f"{shape.source.name}_{ends[kind]}"} if kind in ends else ())}


def _column(name: str, kind: Any, today: Any = None) -> Any:
    """Makes a column in a table: as it is called today, of a type that is told, or else of text."""
    from sqlalchemy import Column, String, types

    def make(table: Any) -> None:
        told = kind if kind is not None and not isinstance(kind, types.NullType) else String(_GUESS)
        nullable = today is None or today.nullable
        default = today.server_default.arg if getattr(today, "server_default", None) is not None else None
        table.append_column(
            Column(name, today.type if today is not None else told, nullable=nullable, server_default=default)
        )

    return make


def _index(name: str) -> Any:
    def make(table: Any) -> None:
        from sqlalchemy import Index

        Index(name, _first(table))

    return make


def _placeholder(name: str, kind: str) -> Any:
    """Makes a constraint that a revision takes away: only its name is known, and only that counts."""

    def make(table: Any) -> None:
        from sqlalchemy import CheckConstraint, ForeignKeyConstraint, PrimaryKeyConstraint, UniqueConstraint

        first = _first(table)
        if kind == "primary":
            made: Any = PrimaryKeyConstraint(*table.primary_key.columns, name=name)
        elif kind == "unique":
            # PostgreSQL makes no second index over the columns of the primary key
            others = [column for column in table.columns if not column.primary_key and not column.system]
            made = UniqueConstraint(next(iter([*others, first])), name=name)
        elif kind == "foreignkey":
            made = ForeignKeyConstraint([first.name], [f"{table.fullname}.{first.name}"], name=name)
        else:
            made = CheckConstraint("1 = 1", name=name)
        table.append_constraint(made)

    return make


def _first(table: Any) -> Any:
    return next(iter([*table.primary_key.columns, *table.columns]))
