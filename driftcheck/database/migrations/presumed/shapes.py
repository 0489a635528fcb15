"""Tables as they must have been before the first revision: those of the models, less what revisions add,
and with what they take away."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any, NamedTuple

from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import Connection, Constraint, MetaData, Table


class Part(NamedTuple):
    """A part of a table: `kind` is column, index or constraint. A constraint without a name is known by its
    kind and its columns."""

    kind: str
    name: str


class Undecided(Exception):
    """What revisions ask of a table contradicts what they asked before."""


@dataclass(slots=True)
class Shape:
    """One presumed table; `source` is what is known of it today, `added` makes what it has lost since.
    `doubted` are columns that live does not have, either: no revision adds them, unless one alters them."""

    name: str
    source: Table
    doubted: set[Part] = field(default_factory=set)
    without: set[Part] = field(default_factory=set)
    added: dict[Part, Any] = field(default_factory=dict)

    def parts(self) -> set[Part]:
        """What the table has before the first revision."""
        found = {Part("column", column.name) for column in self.source.columns}
        found |= {Part("index", str(index.name)) for index in self.source.indexes}
        found |= {part_of(constraint) for constraint in self.source.constraints}
        return (found - self.without - self.doubted) | set(self.added)

    def take(self, part: Part) -> None:
        """A revision adds it, so it was not there."""
        if part in self.added:
            raise Undecided
        self.without.add(part)

    def give(self, part: Part, made: Any) -> None:
        """A revision removes or renames it, so it was there."""
        if part in self.without or part in self.added:
            raise Undecided
        if part in self.doubted:
            self.doubted.discard(part)
        else:
            self.added[part] = made

    def targets(self) -> Iterator[str]:
        """The tables that its foreign keys refer to."""
        gone = self._columns_gone()
        for constraint in self.source.foreign_key_constraints:
            if part_of(constraint) not in self.without and not gone & set(constraint.column_keys):
                yield str(constraint.referred_table.fullname)

    def _columns_gone(self) -> set[str]:
        return {part.name for part in self.without | self.doubted if part.kind == "column"}

    def into(self, metadata: MetaData, present: set[str]) -> Table:
        """The table itself; foreign keys to tables that are not `present` came later."""
        copy = self.source.to_metadata(metadata, name=self.name)
        gone = self._columns_gone()
        for constraint in list(copy.constraints):
            came_later = part_of(constraint) in self.without or gone & set(_columns(constraint))
            if constraint is copy.primary_key:
                _without(copy, gone)
            elif came_later or not _there(constraint, present):
                _discard(copy, constraint)
        for index in list(copy.indexes):
            if Part("index", str(index.name)) in self.without or gone & set(index.columns.keys()):
                copy.indexes.discard(index)
        for name in gone:
            copy.columns[name].system = True  # CREATE TABLE leaves such columns out
        for made in self.added.values():
            made(copy)
        return copy


@dataclass(slots=True)
class Presumption:
    """All presumed tables: `roots` are those that revisions ask for, others come with their foreign keys.
    `known` are the tables of today, `created` those that revisions make themselves, and `columns` what live
    has in each of its tables (None without live). `guessed` are parts that nothing but an error message
    speaks of: right only if a revision takes them away."""

    known: dict[str, Table]
    columns: Mapping[str, frozenset[str]] | None = None
    roots: dict[str, Shape] = field(default_factory=dict)
    created: set[str] = field(default_factory=set)
    guessed: set[tuple[str, Part]] = field(default_factory=set)

    def shapes(self) -> dict[str, Shape]:
        """The presumed tables by name."""
        found = dict(self.roots)
        waiting = list(found.values())
        while waiting:
            for target in waiting.pop().targets():
                if target in self.known and target not in found and target not in self.created:
                    found[target] = self.shape(target, target)
                    waiting.append(found[target])
        return found

    def root(self, name: str) -> Shape:
        """A presumed table that something is to be said of."""
        if name not in self.roots:
            shapes = self.shapes()
            self.roots[name] = shapes[name] if name in shapes else self.shape(name, name)
        return self.roots[name]

    def shape(self, name: str, today: str) -> Shape:
        """A table as it is now, but for columns that live lacks."""
        source, live = self.known[today], (self.columns or {}).get(today)
        lacking = {column.name for column in source.columns} - live if live is not None else ()
        return Shape(name, source, {Part("column", column) for column in lacking})

    def note(self) -> Skipped:
        """What the report says of them."""
        names = ", ".join(sorted(self.shapes()))
        return Skipped(
            "tables that no revision makes",
            f"taken to have been as they are today, less what revisions add: {names}",
        )

    def legacy(self, name: str) -> None:
        """A table that nobody knows any more, since a revision drops it."""
        from sqlalchemy import Column, Integer
        from sqlalchemy import MetaData as Metadata
        from sqlalchemy import Table as SQLTable

        if name not in self.known:
            self.known[name] = SQLTable(name, Metadata(), Column("id", Integer))

    def create(self, connection: Connection) -> None:
        """Create the tables in a scratch database, before the first revision runs."""
        from sqlalchemy import MetaData as Metadata

        from driftcheck.database.sources.build import make_schemas

        shapes = self.shapes()
        conventions = next((shape.source.metadata.naming_convention for shape in shapes.values()), None)
        metadata = Metadata(naming_convention=conventions)
        for shape in shapes.values():
            shape.into(metadata, set(shapes))
        make_schemas(connection, [metadata])
        metadata.create_all(connection, checkfirst=False)
        connection.commit()


def part_of(constraint: Constraint) -> Part:
    """What a constraint is called, or its kind and columns."""
    if isinstance(constraint.name, str):
        return Part("constraint", str(constraint.name))
    return Part("constraint", signature(type(constraint).__name__, _columns(constraint)))


def signature(kind: str, columns: list[str]) -> str:
    """The stand-in for a name: two constraints of one kind over the same columns are the same."""
    return f"{kind}({','.join(columns)})"


def _columns(constraint: Any) -> list[str]:
    return [str(column.name) for column in getattr(constraint, "columns", ())]


def _there(constraint: Any, present: set[str]) -> bool:
    """Whether the table that a foreign key refers to was there; other constraints always were."""
    if not hasattr(constraint, "elements"):
        return True
    return str(constraint.elements[0].target_fullname).rpartition(".")[0] in present


def _discard(table: Table, constraint: Any) -> None:
    """Take a constraint away; what a foreign key leaves on columns makes SQLAlchemy look for its target."""
    table.constraints.discard(constraint)
    for element in getattr(constraint, "elements", ()):
        element.parent.foreign_keys.discard(element)
        table.foreign_keys.discard(element)


def _without(copy: Table, gone: set[str]) -> None:
    """A primary key over the columns that are left."""
    from sqlalchemy import PrimaryKeyConstraint

    key = copy.primary_key
    if gone & set(_columns(key)):
        left = [column for column in key.columns if column.name not in gone]
        for column in key.columns:
            column.primary_key = column in left
        copy.append_constraint(PrimaryKeyConstraint(*left, name=str(key.name) if key.name else None))
