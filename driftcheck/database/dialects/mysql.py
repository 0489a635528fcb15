"""Reads a MariaDB or MySQL schema: about ten information_schema queries.

The database's own name is taken out of every text, because the scratch database has another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from driftcheck.database.dialects import mysql_queries as sql
from driftcheck.database.dialects.catalog import Ask, Row, Scope, Shared, grouped
from driftcheck.database.dialects.mysql_columns import column, unescaped
from driftcheck.database.dialects.mysql_rights import unseen
from driftcheck.database.model import (
    Check,
    Database,
    Event,
    ForeignKey,
    Function,
    Index,
    IndexPart,
    Name,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
    View,
)
from driftcheck.database.model import (
    Sequence as SequenceValue,
)
from driftcheck.errors import DriftcheckError

_OLDEST = {"MariaDB": (10, 3), "MySQL": (5, 6)}


def begin(timeout: float) -> tuple[str, ...]:
    """Session limits and a read-only transaction; `timeout` in seconds."""
    return (
        f"/*M! SET SESSION max_statement_time = {timeout:g} */",
        "/*!50708 SET SESSION"
        f" lock_wait_timeout = {max(1, min(int(timeout), 2))}, max_execution_time = {int(timeout * 1000)} */",
        "START TRANSACTION READ ONLY",
    )


def read(ask: Ask, scope: Scope) -> Database:
    """The schema of the connection's database and those of the scope."""
    version, default, charset, collation, lower = ask(sql.SERVER)[0]
    _need(str(version), default)
    schemas = tuple(dict.fromkeys([default, *(str(name) for name in scope.schemas if name != "*")]))
    found = _Reading(ask, scope, default, schemas, str(version)).database(charset, collation)
    return replace(found, caseless=bool(int(lower)), unseen=_unseen(ask, found, default))


def _unseen(ask: Ask, found: Database, default: str) -> tuple[str, ...]:
    """The kinds of which nothing is seen for want of a right, and those of which not all is."""
    from sqlalchemy.exc import SQLAlchemyError

    try:
        hidden = unseen([str(row[0]) for row in ask(sql.GRANTS)], default)
    except SQLAlchemyError:  # a server without grants refuses to show them
        hidden = set()
    seen = {
        "check": any(table.checks for table in found.tables),
        "trigger": found.triggers,
        "function": found.functions,
        "event": found.events,
        "tables": False,
    }
    partly = {
        "foreign_key.actions": any(not key.ondelete for table in found.tables for key in table.foreign_keys),
        "function.definition": any(not item.definition for item in found.functions),
        "trigger.definition": any(not item.definition for item in found.triggers),
    }
    return tuple(
        sorted({kind for kind in hidden if not seen[kind]} | {kind for kind in partly if partly[kind]})
    )


def _need(version: str, default: str | None) -> None:
    """Refuse what cannot be read: a server without the catalogs, a connection to no database."""
    family = "MariaDB" if "mariadb" in version.lower() else "MySQL"
    if _numbers(version) < _OLDEST[family]:
        oldest = ".".join(map(str, _OLDEST[family]))
        raise DriftcheckError(
            f"{family} {version} is too old to be read", f"driftcheck reads {family} {oldest} and newer"
        )
    if default is None:
        raise DriftcheckError(
            "the URL names no database", "write its name at the end: mysql://user@host/name"
        )


def _numbers(version: str) -> tuple[int, ...]:
    return tuple(int(part) for part in re.findall(r"\d+", version)[:3])


@dataclass(frozen=True, slots=True)
class _Reading:
    ask: Ask
    scope: Scope
    default: str
    schemas: tuple[str, ...]
    version: str
    shared: Shared = field(default_factory=Shared)

    def rows(self, query: str) -> Sequence[Row]:
        return self.ask(query, schemas=self.schemas)

    @property
    def mariadb(self) -> bool:
        return "mariadb" in self.version.lower()

    @property
    def numbers(self) -> tuple[int, ...]:
        return _numbers(self.version)

    def since(self, *numbers: int) -> bool:
        """Whether it is MySQL of that version or a newer one."""
        return not self.mariadb and self.numbers >= numbers

    def name(self, schema: str, name: str) -> Name:
        return Name(None if schema == self.default else schema, name)

    def plain(self, text: str | None) -> str:
        """A text without the name of the default database."""
        return (text or "").replace(f"{_quoted(self.default)}.", "")

    def columns(self) -> dict[tuple[str, str], list[Row]]:
        """Rows of columns by table, with no database named in their defaults and expressions."""
        known = self.mariadb or self.since(5, 7)
        query = sql.COLUMNS.format(expression="GENERATION_EXPRESSION" if known else "NULL")
        own = f"{_quoted(self.default)}."
        return _by_table(
            [
                [part.replace(own, "") if at in {6, 11} and part else part for at, part in enumerate(row)]
                if own in (row[6] or "") or own in (row[11] or "")
                else row
                for row in self.rows(query)
            ]
        )

    def database(self, charset: str, collation: str) -> Database:
        relations = self.rows(sql.TABLES.format(collation=self.full_collation()))
        columns = self.columns()
        return Database(
            dialect="mariadb" if self.mariadb else "mysql",
            version=self.numbers,
            default_schema=None,
            schemas=self.schemas[1:],
            tables=self.tables(relations, columns),
            views=tuple(self.view(row, columns) for row in self.rows(self.views_query())),
            sequences=self.sequences(relations),
            functions=self.functions(),
            triggers=tuple(self.trigger(row) for row in self.rows(sql.TRIGGERS)),
            events=tuple(self.event(row) for row in self.rows(sql.EVENTS)),
            versions=self.stamps(),
            charset=charset,
            collation=collation,
        )

    def full_collation(self) -> str:
        """MariaDB 10.10 gave the same collation a short and a full name."""
        return "FULL_COLLATION_NAME" if self.mariadb and self.numbers >= (10, 10) else "COLLATION_NAME"

    def stamps(self) -> tuple[str, ...] | None:
        found = self.ask(sql.STAMP_READABLE, table=self.scope.version_table, schemas=self.schemas)
        if not found:
            return None
        schema, name = (part.replace("`", "``") for part in found[0])
        return tuple(sorted(str(row[0]) for row in self.ask(f"SELECT version_num FROM `{schema}`.`{name}`")))

    def views_query(self) -> str:
        return sql.VIEWS.format(algorithm="ALGORITHM" if self.mariadb else "NULL")

    def view(self, row: Row, columns: Mapping[tuple[str, str], Sequence[Row]]) -> View:
        told = (
            (row[3] == "INVOKER", "sql security invoker"),
            (row[4] != "NONE", f"with {str(row[4]).lower()} check option"),
            (row[5] == "TEMPTABLE", "algorithm temptable"),
        )
        options = tuple(option for holds, option in told if holds)
        names = tuple(item[2] for item in columns.get((row[0], row[1]), ()))
        return View(self.name(*row[:2]), self.plain(row[2]), columns=names, options=options)

    def tables(
        self, relations: Sequence[Row], columns: Mapping[tuple[str, str], Sequence[Row]]
    ) -> tuple[Table, ...]:
        keys = _by_table(self.rows(self.keys_query()))
        foreign_keys = _by_table(self.rows(sql.FOREIGN_KEYS))
        checks = _by_table(self.checks())
        partitions = {row[:2]: row[2:] for row in map(tuple, self.rows(sql.PARTITIONS))}
        found = []
        for row in relations:
            if row[2] not in {"BASE TABLE", "SYSTEM VERSIONED"} or row[1] == self.scope.version_table:
                continue
            where = (row[0], row[1])
            here = (
                columns.get(where, []),
                keys.get(where, []),
                foreign_keys.get(where, []),
                checks.get(where, []),
            )
            found.append(self.table(row, *here, partition=partitions.get(where)))
        return tuple(found)

    def keys_query(self) -> str:
        hidden = "'NO'"
        if self.since(8, 0):
            hidden = "IF(IS_VISIBLE = 'NO', 'YES', 'NO')"
        elif self.mariadb and self.numbers >= (10, 6):
            hidden = "IGNORED"
        return sql.KEYS.format(expression="EXPRESSION" if self.since(8, 0, 13) else "NULL", hidden=hidden)

    def checks(self) -> Sequence[Row]:
        if self.mariadb:
            return self.rows(sql.CHECKS_MARIADB)
        return self.rows(sql.CHECKS_MYSQL) if self.since(8, 0, 16) else ()

    def check(self, row: Row) -> Check:
        text = self.plain(row[3])
        return Check(row[2], text if self.mariadb else unescaped(text), valid=row[4] != "NO")

    def table(
        self,
        row: Row,
        columns: Sequence[Row],
        keys: Sequence[Row],
        foreign_keys: Sequence[Row],
        checks: Sequence[Row],
        *,
        partition: Any,
    ) -> Table:
        constraints = [self.foreign_key(group) for group in grouped(foreign_keys, 2).values()]
        groups = _without_row_end(grouped(keys, 2), columns)
        return Table(
            name=self.name(row[0], row[1]),
            columns=tuple(
                self.shared(column(item, row[4], row[5], mariadb=self.mariadb)) for item in columns
            ),
            primary_key=_primary_key(groups.get("PRIMARY")),
            foreign_keys=tuple(constraints),
            uniques=tuple(
                _unique(group) for name, group in groups.items() if name != "PRIMARY" and _is_unique(group)
            ),
            checks=tuple(self.check(item) for item in checks),
            indexes=tuple(
                _index(group) for name, group in groups.items() if name != "PRIMARY" and not _is_unique(group)
            ),
            partition=f"{partition[0]} ({partition[1]})" if partition else None,
            engine=row[3],
            charset=row[4],
            collation=row[5],
            versioned=row[2] == "SYSTEM VERSIONED",
            options=_options(row[7]),
            comment=row[6] or None,
        )

    def foreign_key(self, group: Sequence[Row]) -> ForeignKey:
        first = group[0]
        target = self.name(first[4], first[5])
        columns = ",".join(row[6] for row in group)
        rules = tuple((rule or "").replace("RESTRICT", "NO ACTION") for rule in (first[7], first[8]))
        return ForeignKey(
            first[2], tuple(row[3] for row in group), f"{target}({columns})", rules[0], rules[1]
        )

    def functions(self) -> tuple[Function, ...]:
        parameters: dict[tuple[Any, ...], list[str]] = {}
        for row in self.rows(sql.PARAMETERS):
            words = (row[3] if row[2] == "PROCEDURE" else "", row[4], row[5])
            parameters.setdefault(tuple(row[:3]), []).append(" ".join(word for word in words if word))
        found = []
        for row in self.rows(sql.ROUTINES):
            taken = ", ".join(parameters.get(tuple(row[:3]), ()))
            head = f"{row[2]} ({taken}) {row[3] or ''} {' '.join(_characteristics(row))}"
            signature = f"{row[1]}({row[2].lower()})"  # a function and a procedure may have one name
            known = f"{head}\n{self.plain(row[4])}" if row[4] is not None else ""
            found.append(Function(self.name(*row[:2]), signature, known))
        return tuple(found)

    def event(self, row: Row) -> Event:
        when = f"every {row[5]} {row[6]}" if row[3] == "RECURRING" else f"at {row[4]}"
        until = f" ends {row[9]}" if row[9] else ""
        text = f"{when}{until} on completion {row[7]} do {self.plain(row[8])}"
        replica = str(row[2]).upper() in {"SLAVESIDE_DISABLED", "REPLICA_SIDE_DISABLED"}
        return Event(
            self.name(*row[:2]),
            text.lower() if not row[8] else text,
            "enabled" if replica else str(row[2]).lower(),  # a replica leaves events to its primary
        )

    def sequences(self, relations: Sequence[Row]) -> tuple[SequenceValue, ...]:
        """MariaDB keeps a sequence's properties in the sequence itself, which is read like a table."""
        from sqlalchemy.exc import SQLAlchemyError

        names = [(row[0], row[1]) for row in relations if row[2] == "SEQUENCE"]
        parts = [
            sql.SEQUENCE.format(
                schema=_literal(schema), name=_literal(name), table=f"{_quoted(schema)}.{_quoted(name)}"
            )
            for schema, name in names
        ]
        try:
            rows = self.ask(" UNION ALL ".join(parts).replace("%", "%%")) if parts else ()
        except SQLAlchemyError:  # a role that may not SELECT from them sees that they are there
            rows = [(schema, name, 1, 1, 1, 2**63 - 2, 1000, 0) for schema, name in names]
        return tuple(
            SequenceValue(self.name(row[0], row[1]), "bigint", *(*row[2:7], bool(row[7]))) for row in rows
        )

    def trigger(self, row: Row) -> Trigger:
        known = f"{row[3]} {row[4]} {self.plain(row[5])}" if row[5] is not None else ""
        return Trigger(self.name(*row[:2]), row[2], known, "")


def _characteristics(row: Row) -> tuple[str, ...]:
    """What a routine promises, but what every routine promises that says nothing."""
    determined = ("DETERMINISTIC",) if row[5] == "YES" else ()
    data = (str(row[6]),) if row[6] != "CONTAINS SQL" else ()
    return (*determined, *data, *(("SQL SECURITY INVOKER",) if row[7] == "INVOKER" else ()))


def _without_row_end(
    groups: Mapping[str, Sequence[Row]], columns: Sequence[Row]
) -> Mapping[str, Sequence[Row]]:
    """Keys without the end of the row's life, which MariaDB adds to each of a system-versioned table."""
    ends = {item[2] for item in columns if item[11] == "ROW END"}
    if not ends:
        return groups
    kept = {name: [row for row in group if row[5] not in ends] for name, group in groups.items()}
    return {name: rows or groups[name] for name, rows in kept.items()}


def _options(created: str | None) -> tuple[str, ...]:
    """Options of CREATE TABLE but those that are properties of their own."""
    return tuple(sorted(item.lower() for item in (created or "").split() if item.lower() != "partitioned"))


def _literal(name: str) -> str:
    return "'" + name.replace("\\", "\\\\").replace("'", "''") + "'"


def _quoted(name: str) -> str:
    return "`" + name.replace("`", "``") + "`"


def _by_table(rows: Sequence[Row]) -> dict[tuple[str, str], list[Row]]:
    groups: dict[tuple[str, str], list[Row]] = {}
    for row in rows:
        groups.setdefault((row[0], row[1]), []).append(row)
    return groups


def _is_unique(group: Sequence[Row]) -> bool:
    """A constraint in effect: unique over whole columns, and in use."""
    hidden = group[0][10] == "YES"
    return not group[0][3] and not hidden and not any(row[7] or row[5] is None for row in group)


def _primary_key(group: Sequence[Row] | None) -> PrimaryKey | None:
    """A key may be made of beginnings only: a(10)."""
    if not group:
        return None
    return PrimaryKey(None, tuple(f"{row[5]}({row[7]})" if row[7] else row[5] for row in group))


def _unique(group: Sequence[Row]) -> Unique:
    return Unique(group[0][2], tuple(row[5] for row in group))


def _index(group: Sequence[Row]) -> Index:
    parts = tuple(
        IndexPart(
            row[5],
            unescaped(row[9]) if row[9] else None,
            row[6] == "D",
            row[6] == "D",
            length=row[7] if row[8] == "BTREE" else None,
        )
        for row in group
    )
    first = group[0]
    return Index(first[2], parts, unique=not first[3], method=first[8].lower(), valid=first[10] != "YES")
