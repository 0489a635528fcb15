"""The schema of a database as frozen values: what a reader makes and what `compare` looks at.

A field's name is the `attribute` of the report, so renaming a field changes the JSON contract.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import NamedTuple


class Name(NamedTuple):
    """A schema-level name; `schema` is None inside the connection's default schema."""

    schema: str | None
    name: str

    def __str__(self) -> str:
        return f"{self.schema}.{self.name}" if self.schema else self.name


@dataclass(frozen=True, slots=True)
class DataType:
    """A column's type as the engine spells it, taken apart.

    `name` is the engine's canonical spelling without arguments ("character varying"), `fields` the rest
    of an interval ("day to second"), `values` the labels of a MySQL enum or set.
    """

    name: str
    length: int | None = None
    precision: int | None = None
    scale: int | None = None
    timezone: bool | None = None
    dimensions: int = 0
    unsigned: bool = False
    fields: str | None = None
    values: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Identity:
    """GENERATED … AS IDENTITY; `always` refuses values that a statement brings along."""

    always: bool = False
    start: int = 1
    increment: int = 1
    minimum: int = 1
    maximum: int | None = None
    cache: int = 1
    cycle: bool = False


@dataclass(frozen=True, slots=True)
class Column:
    """A column. `numbering` says how it numbers itself: serial, identity, auto_increment, rowid or None;
    `options` are words of MySQL: invisible, zerofill, compressed; `on_conflict` is what SQLite does about a
    NULL or a duplicate where it is not the usual, to abort the statement."""

    name: str
    type: DataType
    nullable: bool = True
    default: str | None = None
    numbering: str | None = None
    identity: Identity | None = None
    expression: str | None = None
    stored: bool | None = None
    collation: str | None = None
    charset: str | None = None
    onupdate: str | None = None
    options: tuple[str, ...] = ()
    on_conflict: str | None = None
    comment: str | None = None

    @property
    def fills_itself(self) -> bool:
        """Whether an INSERT may leave the column out."""
        filled = self.default is not None or self.numbering is not None or self.expression is not None
        return self.nullable or filled


@dataclass(frozen=True, slots=True)
class PrimaryKey:
    """The primary key."""

    name: str | None
    columns: tuple[str, ...]
    deferrable: str | None = None
    on_conflict: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class ForeignKey:
    """A foreign key, its actions "" where the role may not see them; `deferrable` is None, "immediate" or
    "deferred", `target` is table(columns)."""

    name: str | None
    columns: tuple[str, ...]
    target: str
    ondelete: str = "NO ACTION"
    onupdate: str = "NO ACTION"
    deferrable: str | None = None
    match: str = "SIMPLE"
    valid: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Unique:
    """A UNIQUE constraint."""

    name: str | None
    columns: tuple[str, ...]
    deferrable: str | None = None
    nulls_not_distinct: bool = False
    include: tuple[str, ...] = ()
    on_conflict: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Check:
    """A CHECK constraint."""

    name: str | None
    expression: str
    columns: tuple[str, ...] = ()
    valid: bool = True
    no_inherit: bool = False
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Exclusion:
    """A PostgreSQL EXCLUDE constraint."""

    name: str | None
    definition: str
    columns: tuple[str, ...] = ()
    deferrable: str | None = None
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class IndexPart:
    """One key of an index: a column or an expression; `length` is MySQL's prefix length."""

    column: str | None
    expression: str | None = None
    descending: bool = False
    nulls_first: bool = False
    opclass: str | None = None
    collation: str | None = None
    length: int | None = None


@dataclass(frozen=True, slots=True)
class Index:
    """An index that no constraint made."""

    name: str
    parts: tuple[IndexPart, ...]
    unique: bool = False
    predicate: str | None = None
    include: tuple[str, ...] = ()
    method: str = "btree"
    valid: bool = True
    nulls_not_distinct: bool = False
    options: tuple[str, ...] = ()
    comment: str | None = None

    @property
    def columns(self) -> tuple[str, ...]:
        """The columns (or expressions) in order."""
        return tuple(part.column or part.expression or "" for part in self.parts)


@dataclass(frozen=True, slots=True)
class Trigger:
    """A trigger on a table or view; `enabled` is the engine's word, or "" where it cannot be switched."""

    table: Name
    name: str
    definition: str
    enabled: str = "origin"


@dataclass(frozen=True, slots=True)
class Policy:
    """A row security policy."""

    name: str
    command: str
    permissive: bool
    roles: tuple[str, ...]
    using: str | None
    check: str | None


@dataclass(frozen=True, slots=True)
class Table:
    """A table with everything that belongs to it, columns in the order of the table. The rows of a `foreign`
    one are on another server, and it has no keys."""

    name: Name
    columns: tuple[Column, ...]
    primary_key: PrimaryKey | None = None
    foreign_keys: tuple[ForeignKey, ...] = ()
    uniques: tuple[Unique, ...] = ()
    checks: tuple[Check, ...] = ()
    exclusions: tuple[Exclusion, ...] = ()
    indexes: tuple[Index, ...] = ()
    policies: tuple[Policy, ...] = ()
    partition: str | None = None
    unlogged: bool = False
    foreign: bool = False
    engine: str | None = None
    charset: str | None = None
    collation: str | None = None
    row_security: bool = False
    force_row_security: bool = False
    strict: bool = False
    without_rowid: bool = False
    versioned: bool = False
    options: tuple[str, ...] = ()
    inherits: tuple[str, ...] = ()
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Enum:
    """A PostgreSQL enum type, labels in order."""

    name: Name
    values: tuple[str, ...]
    used: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Domain:
    """A domain; `check` holds its expressions."""

    name: Name
    type: str
    nullable: bool = True
    default: str | None = None
    check: tuple[str, ...] = ()
    collation: str | None = None


@dataclass(frozen=True, slots=True)
class Composite:
    """A composite type of PostgreSQL, `attributes` are "name type" in order; or a range type and its base."""

    name: Name
    attributes: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Sequence:
    """A sequence that no column owns."""

    name: Name
    type: str
    start: int
    increment: int
    minimum: int
    maximum: int
    cache: int
    cycle: bool


@dataclass(frozen=True, slots=True)
class View:
    """A view or materialized view, its query as the engine prints it; one that was never refreshed is not
    `populated`, and cannot be read."""

    name: Name
    definition: str
    materialized: bool = False
    columns: tuple[str, ...] = ()
    indexes: tuple[Index, ...] = ()
    options: tuple[str, ...] = ()
    populated: bool = True
    comment: str | None = None


@dataclass(frozen=True, slots=True)
class Function:
    """A function, procedure or aggregate; `signature` is name(argument types)."""

    name: Name
    signature: str
    definition: str


@dataclass(frozen=True, slots=True)
class Event:
    """A scheduled event of MariaDB or MySQL."""

    name: Name
    definition: str
    enabled: str


@dataclass(frozen=True, slots=True)
class Database:
    """One side of a comparison. `extensions` and `schemas` are names; `extension_versions` "name version",
    of a scratch database only those that a statement names; `versions` are the alembic stamps;
    `caseless` says that this server of MySQL writes the names of tables as it likes,
    `unseen` are kinds of objects that the role may not see.
    """

    dialect: str
    version: tuple[int, ...]
    default_schema: str | None
    schemas: tuple[str, ...] = ()
    tables: tuple[Table, ...] = ()
    enums: tuple[Enum, ...] = ()
    domains: tuple[Domain, ...] = ()
    composites: tuple[Composite, ...] = ()
    sequences: tuple[Sequence, ...] = ()
    views: tuple[View, ...] = ()
    functions: tuple[Function, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    events: tuple[Event, ...] = ()
    extensions: tuple[str, ...] = ()
    extension_versions: tuple[str, ...] = ()
    versions: tuple[str, ...] | None = None
    charset: str | None = None
    collation: str | None = None
    caseless: bool = False
    unseen: tuple[str, ...] = ()

    def named_schemas(self) -> set[str]:
        """The schemas, beside the default one, of what is there."""
        groups = (self.tables, self.views, self.enums, self.domains, self.sequences, self.functions)
        return {item.name.schema for group in groups for item in group if item.name.schema is not None}
