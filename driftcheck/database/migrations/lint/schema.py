"""The schema as the lint sees it between two statements: small, cheap to read, the same for all engines.

`key` tells whether a thing is the same one as before: an oid where the engine has such, else the name.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import TypeAlias

Key: TypeAlias = "int | str"


@dataclass(frozen=True, slots=True)
class Column:
    """`generated` is "", "stored" or "virtual"; `numbered`: serial, identity, AUTO_INCREMENT."""

    key: Key
    name: str
    type: str
    required: bool = False
    default: str | None = None
    generated: str = ""
    numbered: bool = False


@dataclass(frozen=True, slots=True)
class Constraint:
    """`kind` is in words ("foreign key"); `references` names the other table, `index` is its index's key."""

    key: Key
    name: str
    kind: str
    columns: tuple[str, ...] = ()
    definition: str = ""
    validated: bool = True
    references: str = ""
    index: Key = 0


@dataclass(frozen=True, slots=True)
class Index:
    """`node` changes when the engine builds it anew (0 where that cannot be told)."""

    key: Key
    name: str
    columns: tuple[str, ...] = ()
    definition: str = ""
    unique: bool = False
    primary: bool = False
    node: int = 0


@dataclass(frozen=True, slots=True)
class Trigger:
    """A user's trigger."""

    name: str
    definition: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """A relation; `kind` is "table", "view", "materialized view" or "sequence"; `node` names its storage.

    `parent` is the partitioned table that it belongs to; `options` are what the engine says of the whole.
    """

    key: Key
    name: str
    kind: str = "table"
    columns: tuple[Column, ...] = ()
    constraints: tuple[Constraint, ...] = ()
    indexes: tuple[Index, ...] = ()
    triggers: tuple[Trigger, ...] = ()
    node: int = 0
    parent: Key | None = None
    options: Mapping[str, str] = field(default_factory=dict)

    def column(self, name: str) -> Column | None:
        """The column of that name."""
        return next((column for column in self.columns if column.name == name), None)

    @property
    def primary_key(self) -> tuple[str, ...]:
        """The columns of the primary key."""
        found = (each.columns for each in self.constraints if each.kind == "primary key")
        return next(found, ())


@dataclass(frozen=True, slots=True)
class Type:
    """An enum (`labels` by key, in order) or a domain (`checks`)."""

    key: Key
    name: str
    kind: str
    labels: tuple[tuple[Key, str], ...] = ()
    checks: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Namespace:
    """A schema of PostgreSQL."""

    key: Key
    name: str


@dataclass(frozen=True, slots=True)
class Extension:
    """An extension of PostgreSQL."""

    name: str
    version: str


@dataclass(frozen=True, slots=True)
class Schema:
    """Everything at one moment, by key."""

    tables: Mapping[Key, Table] = field(default_factory=dict)
    types: Mapping[Key, Type] = field(default_factory=dict)
    namespaces: Mapping[Key, Namespace] = field(default_factory=dict)
    extensions: Mapping[Key, Extension] = field(default_factory=dict)

    def table(self, name: str) -> Table | None:
        """The relation of that name."""
        return next((table for table in self.tables.values() if table.name == name), None)
