"""Reads a PostgreSQL schema: about fifteen catalog queries, whatever the number of tables.

Expressions come as the server prints them with the default schema on the search path, and schemas of
extensions, so that both sides of a comparison are spelled alike.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from driftcheck.database.dialects import postgresql_queries as sql
from driftcheck.database.dialects.catalog import Ask, Row, Scope, grouped
from driftcheck.database.dialects.postgresql_extensions import unqualified
from driftcheck.database.dialects.postgresql_types import data_type
from driftcheck.database.model import (
    Check,
    Column,
    Composite,
    Database,
    Domain,
    Enum,
    Exclusion,
    ForeignKey,
    Function,
    Identity,
    Index,
    IndexPart,
    Name,
    Policy,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
    View,
)
from driftcheck.database.model import (
    Sequence as SequenceValue,
)

_ACTIONS = {"a": "NO ACTION", "r": "RESTRICT", "c": "CASCADE", "n": "SET NULL", "d": "SET DEFAULT"}
_MATCH = {"s": "SIMPLE", "f": "FULL", "p": "PARTIAL"}
_ENABLED = {"O": "origin", "D": "disabled", "R": "replica", "A": "always"}
_LATER = re.compile(r"(?: NOT)? DEFERRABLE(?: INITIALLY \w+)?$")
_BEFORE_15 = ("false", "NULL")  # NULLS NOT DISTINCT, and the columns of ON DELETE SET NULL
_DEFAULT_COLLATION = 100  # of the database: what an expression's text has unless it says otherwise
_COMMANDS = {"r": "SELECT", "a": "INSERT", "w": "UPDATE", "d": "DELETE", "*": "ALL"}


def begin(timeout: float) -> tuple[str, ...]:
    """What makes the transaction read-only and impatient; `timeout` in seconds."""
    limit = max(1, int(timeout * 1000))
    return (
        "SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY",
        f"SET LOCAL statement_timeout = {limit}",
        f"SET LOCAL lock_timeout = {min(limit, 2000)}",
    )


def read(ask: Ask, scope: Scope) -> Database:
    """The schema that the connection sees: its default schema and those of the scope."""
    version, default, homes, extensions, schemas, versions = ask(sql.SERVER)[0]
    names = _in_scope(default, scope, schemas)
    ask(f"SET LOCAL search_path = {_search_path(default, [home for home in homes if home not in names])}")
    shared = [home for home in homes if home in names and home != default]
    if shared:
        ask = unqualified(ask, shared)
    found = _Reading(ask, scope, default, names).database(version, extensions, schemas)
    return replace(found, extension_versions=tuple(versions))


def _search_path(default: str | None, homes: Sequence[str]) -> str:
    """The default schema, and those that hold nothing for us but extensions: scratch has them elsewhere.

    A schema that is compared itself stays off the path, or its own things would be told without it too.
    """
    names = [default or "pg_catalog", *homes]
    return ", ".join('"' + name.replace('"', '""') + '"' for name in names)


def _in_scope(default: str | None, scope: Scope, present: Sequence[str]) -> list[str]:
    wanted: list[str | None] = [default, *scope.schemas]
    if "*" in scope.schemas:
        wanted = [default, *present]
    return list(dict.fromkeys(name for name in wanted if name and name != "*"))


@dataclass(frozen=True, slots=True)
class _Reading:
    """One read of one database: what all its steps need."""

    ask: Ask
    scope: Scope
    default: str | None
    schemas: list[str]
    columns: dict[object, Column] = field(default_factory=dict)  # equal ones are one: a schema has thousands

    def database(self, version: int, extensions: Sequence[str], schemas: Sequence[str]) -> Database:
        relations = self.rows(sql.RELATIONS)
        columns = grouped(self.rows(sql.COLUMNS))
        sequences = self.rows(sql.SEQUENCES)
        owned = {(row[9], row[10]): row for row in sequences if row[9] is not None}
        types = self.rows(sql.TYPES)
        nulls, only = ("i.indnullsnotdistinct", "k.confdelsetcols") if version >= 150000 else _BEFORE_15
        indexes = grouped(self.rows(sql.INDEXES.format(nulls=nulls)))
        reader = _Indexes(indexes, self.ask)
        stamp = self.ask(sql.STAMP_READABLE, table=self.scope.version_table, schemas=self.schemas)
        versions = self.stamps(stamp)
        return Database(
            dialect="postgresql",
            version=(version // 10000, version % 10000),
            default_schema=self.default,
            schemas=tuple(schemas),
            tables=self.tables(relations, columns, owned, reader, only),
            enums=tuple(self.enum(row) for row in types if row[2] == "e"),
            domains=tuple(self.domain(row) for row in types if row[2] == "d"),
            composites=tuple(
                Composite(self.name(row[0], row[1]), tuple(row[10])) for row in types if row[2] in "cr"
            ),
            sequences=tuple(self.sequence(row) for row in sequences if row[9] is None),
            views=tuple(self.view(row, columns, reader) for row in relations if row[3] in "vm"),
            functions=tuple(self.function(row) for row in self.rows(sql.FUNCTIONS)),
            triggers=tuple(self.trigger(row) for row in self.rows(sql.TRIGGERS)),
            extensions=tuple(name for name in extensions if name != "plpgsql"),
            versions=versions,
            unseen=("migration",) if stamp and versions is None else (),
        )

    def rows(self, query: str) -> Sequence[Row]:
        return self.ask(query, schemas=self.schemas)

    def name(self, schema: str, name: str) -> Name:
        return Name(None if schema == self.default else schema, name)

    def stamps(self, found: Sequence[Row]) -> tuple[str, ...] | None:
        """What is in the table of stamps, None where there is none or the role may not read it."""
        if not found or not found[0][2]:
            return None
        schema, name = (part.replace('"', '""') for part in found[0][:2])
        rows = self.ask(f'SELECT version_num FROM "{schema}"."{name}"')
        return tuple(sorted(str(row[0]) for row in rows))

    def tables(
        self,
        relations: Sequence[Row],
        columns: Mapping[int, list[Row]],
        owned: Mapping[tuple[int, int], Row],
        indexes: _Indexes,
        only: str,
    ) -> tuple[Table, ...]:
        constraints = grouped(self.rows(sql.CONSTRAINTS.format(only=only)))
        policies = grouped(self.rows(sql.POLICIES))
        found = []
        for row in relations:
            if row[3] not in "rpf" or row[2] == self.scope.version_table:
                continue
            oid = row[0]
            parts = _Parts(columns.get(oid, []), constraints.get(oid, []), indexes.rows.get(oid, []), indexes)
            found.append(self.table(row, parts, owned, policies.get(oid, [])))
        return tuple(found)

    def table(
        self, row: Row, parts: _Parts, owned: Mapping[tuple[int, int], Row], policies: Sequence[Row]
    ) -> Table:
        oid, schema, name, kind, persistence, rls, forced, partition, _, comment, options, _, parents = row
        keys = parts.keys(self)
        return Table(
            name=self.name(schema, name),
            columns=tuple(self.column(item, owned.get((oid, item[1]))) for item in parts.columns),
            primary_key=keys.primary_key,
            foreign_keys=tuple(keys.foreign_keys),
            uniques=tuple(keys.uniques),
            checks=tuple(keys.checks),
            exclusions=tuple(keys.exclusions),
            indexes=parts.plain_indexes(),
            policies=tuple(_policy(item) for item in policies),
            partition=partition,
            unlogged=persistence == "u",
            foreign=kind == "f",
            row_security=rls,
            force_row_security=forced,
            options=_storage(options),
            inherits=tuple(self.bare(parent) for parent in parents or ()),
            comment=comment,
        )

    def bare(self, parent: str) -> str:
        """A name as the server spells it, without the default schema."""
        return parent.removeprefix(f"{self.default}.")

    def column(self, row: Row, sequence: Row | None) -> Column:
        key = (*row[2:10], *(sequence[2:9] if sequence is not None else ()))
        known = self.columns.get(key)
        if known is None:
            known = self.columns[key] = _column(row, sequence)
        return known

    def enum(self, row: Row) -> Enum:
        return Enum(self.name(row[0], row[1]), tuple(row[3]), used=row[8], comment=row[9])

    def domain(self, row: Row) -> Domain:
        checks = tuple(sorted(text.removeprefix("CHECK ") for text in row[7]))
        return Domain(self.name(row[0], row[1]), row[4], not row[5], row[6], checks, row[11])

    def sequence(self, row: Row) -> SequenceValue:
        return SequenceValue(self.name(row[0], row[1]), *row[2:9])

    def view(self, row: Row, columns: Mapping[int, list[Row]], indexes: _Indexes) -> View:
        own = columns.get(row[0], [])
        return View(
            name=self.name(row[1], row[2]),
            definition=row[8] or "",
            materialized=row[3] == "m",
            columns=tuple(item[2] for item in own),
            indexes=_Parts(own, (), indexes.rows.get(row[0], []), indexes).plain_indexes(),
            options=_storage(row[10]),
            populated=row[11],
            comment=row[9],
        )

    def function(self, row: Row) -> Function:
        return Function(self.name(row[0], row[1]), f"{row[1]}({row[2]})", row[3])

    def trigger(self, row: Row) -> Trigger:
        return Trigger(self.name(row[0], row[1]), row[2], row[3], _ENABLED[row[4]])


class _Indexes:
    """The rows of all indexes by their table, and what their parts refer to by oid: operator classes that
    are not the default, and collations, asked for only when an index departs from its column."""

    def __init__(self, rows: Mapping[int, list[Row]], ask: Ask) -> None:
        self.rows, self._ask = rows, ask
        self.opclasses: Mapping[int, str] = {row[0]: row[1] for row in ask(sql.OPCLASSES)}
        self._collations: dict[int, str] | None = None

    def collation(self, oid: int) -> str:
        if self._collations is None:
            self._collations = {row[0]: row[1] for row in self._ask(sql.COLLATIONS)}
        return self._collations.get(oid, str(oid))


def _storage(options: Sequence[str] | None) -> tuple[str, ...]:
    """Storage parameters; how often a table is vacuumed is tuned in production and no part of a schema."""
    kept = (item for item in options or () if "autovacuum" not in item or "autovacuum_enabled" in item)
    return tuple(sorted(kept))


@dataclass(slots=True)
class _Keys:
    primary_key: PrimaryKey | None
    foreign_keys: list[ForeignKey]
    uniques: list[Unique]
    checks: list[Check]
    exclusions: list[Exclusion]


@dataclass(slots=True)
class _Parts:
    """The catalog rows of one table."""

    columns: Sequence[Row]
    constraints: Sequence[Row]
    indexes: Sequence[Row]
    known: _Indexes
    numbered: dict[int, Row] = field(init=False)

    def __post_init__(self) -> None:
        self.numbered = {row[1]: row for row in self.columns}

    def names(self, numbers: Sequence[int] | None) -> tuple[str, ...]:
        known = self.numbered
        return tuple(known[number][2] if number in known else "?" for number in numbers or ())

    def keys(self, reading: _Reading) -> _Keys:
        keys = _Keys(None, [], [], [], [])
        behind = {row[1]: row for row in self.indexes}
        for row in self.constraints:
            name, kind, columns = row[1], row[2], self.names(row[3])
            deferrable = ("deferred" if row[12] else "immediate") if row[11] else None
            if kind == "p":
                keys.primary_key = PrimaryKey(name, columns, deferrable, comment=row[17])
            elif kind == "u":
                unique = self.unique(name, columns, deferrable, behind.get(row[4]))
                keys.uniques.append(replace(unique, comment=row[17]) if row[17] else unique)
            elif kind == "f":
                key = _foreign_key(reading, row, columns, deferrable, self.names(row[16]))
                keys.foreign_keys.append(key)
            elif kind == "c":
                check = Check(name, row[14], tuple(sorted(columns)), row[13], row[15], row[17])
                keys.checks.append(check)
            else:
                definition = _LATER.sub("", row[14])
                keys.exclusions.append(Exclusion(name, definition, columns, deferrable, row[17]))
        return keys

    def unique(
        self, name: str, columns: tuple[str, ...], deferrable: str | None, index: Row | None
    ) -> Unique:
        if index is None:
            return Unique(name, columns, deferrable)
        return Unique(name, columns, deferrable, index[14], self.names(index[7][index[6] :]))

    def plain_indexes(self) -> tuple[Index, ...]:
        taken = {row[4] for row in self.constraints if row[2] in "pux"}
        return tuple(self.index(row) for row in self.indexes if row[1] not in taken)

    def index(self, row: Row) -> Index:
        keys = row[6]
        return Index(
            name=row[2],
            parts=tuple(self.part(row, position) for position in range(keys)),
            unique=row[4],
            predicate=row[11],
            include=self.names(row[7][keys:]),
            method=row[3],
            valid=row[5],
            nulls_not_distinct=row[14],
            options=tuple(sorted(row[13] or ())),
            comment=row[15],
        )

    def part(self, row: Row, position: int) -> IndexPart:
        number, options = row[7][position], row[10][position]
        collation, column = row[9][position], self.numbered.get(number)
        own = column[10] if column is not None else _DEFAULT_COLLATION
        return IndexPart(
            column=self.names([number])[0] if number else None,
            expression=row[12][position] if not number else None,
            descending=bool(options & 1),
            nulls_first=bool(options & 2),
            opclass=self.known.opclasses.get(row[8][position]),
            collation=self.known.collation(collation) if collation and own and collation != own else None,
        )


def _foreign_key(
    reading: _Reading, row: Row, columns: tuple[str, ...], deferrable: str | None, only: tuple[str, ...]
) -> ForeignKey:
    """`only` are the columns that ON DELETE SET NULL or SET DEFAULT is about, where they are not all."""
    target = reading.name(row[5], row[6])
    which = f" ({', '.join(only)})" if only else ""
    return ForeignKey(
        name=row[1],
        columns=columns,
        target=f"{target}({','.join(row[7])})",
        ondelete=_ACTIONS[row[8]] + which,
        onupdate=_ACTIONS[row[9]],
        deferrable=deferrable,
        match=_MATCH[row[10]],
        valid=row[13],
        comment=row[17],
    )


def _column(row: Row, sequence: Row | None) -> Column:
    _, _, name, spelled, not_null, default, identity, generated, collation, comment, _ = row
    numbering, options = None, None
    if identity:
        numbering, options = "identity", _identity(identity, sequence)
    elif default is not None and not generated and default.startswith("nextval("):
        numbering = "serial" if sequence is not None else "sequence"
    return Column(
        name=name,
        type=data_type(spelled),
        nullable=not not_null,
        default=default if not generated else None,
        numbering=numbering,
        identity=options,
        expression=default if generated else None,
        stored=generated == "s" if generated else None,
        collation=collation,
        comment=comment,
    )


def _identity(mode: str, sequence: Row | None) -> Identity:
    if sequence is None:
        return Identity(always=mode == "a")
    start, increment, minimum, maximum, cache, cycle = sequence[3:9]
    limits: dict[str, Any] = {"smallint": 2**15 - 1, "integer": 2**31 - 1, "bigint": 2**63 - 1}
    top = None if maximum == limits.get(sequence[2]) else maximum
    return Identity(mode == "a", start, increment, minimum, top, cache, cycle)


def _policy(row: Row) -> Policy:
    _, name, command, permissive, roles, using, check = row
    return Policy(name, _COMMANDS[command], permissive, tuple(roles), using, check)
