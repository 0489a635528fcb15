"""Reads a MariaDB or MySQL schema: about ten information_schema queries.

The database's own name is taken out of every text, because the scratch database has another one.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from driftcheck.database.dialects import mysql_queries as sql
from driftcheck.database.dialects.catalog import Ask, Row, Scope, grouped
from driftcheck.database.model import (
    Check,
    Column,
    Database,
    DataType,
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

_TYPE = re.compile(r"^(?P<name>\w+)(?:\((?P<args>.*)\))?(?P<rest>.*)$", re.DOTALL)
_LENGTHS = {"varchar", "char", "binary", "varbinary", "bit"}
_SCALED = {"decimal", "float", "double"}
_TIMES = {"datetime", "timestamp", "time"}
_ON_UPDATE = re.compile(r"on update (\S+)", re.IGNORECASE)


def begin(timeout: float) -> tuple[str, ...]:
    """Session limits and a read-only transaction; `timeout` in seconds."""
    return (
        f"/*M! SET SESSION max_statement_time = {timeout:g} */",
        f"/*!50708 SET SESSION lock_wait_timeout = {max(1, min(int(timeout), 2))} */",
        "START TRANSACTION READ ONLY",
    )


def read(ask: Ask, scope: Scope) -> Database:
    """The schema of the connection's database and those of the scope."""
    version, default, charset, collation = ask(sql.SERVER)[0]
    schemas = tuple(dict.fromkeys([default, *(name for name in scope.schemas if name != "*")]))
    return _Reading(ask, scope, default, schemas, str(version)).database(charset, collation)


@dataclass(frozen=True, slots=True)
class _Reading:
    ask: Ask
    scope: Scope
    default: str
    schemas: tuple[str, ...]
    version: str

    def rows(self, query: str) -> Sequence[Row]:
        return self.ask(query, schemas=self.schemas)

    @property
    def mariadb(self) -> bool:
        return "mariadb" in self.version.lower()

    @property
    def numbers(self) -> tuple[int, ...]:
        return tuple(int(part) for part in re.findall(r"\d+", self.version)[:3])

    def name(self, schema: str, name: str) -> Name:
        return Name(None if schema == self.default else schema, name)

    def plain(self, text: str | None) -> str:
        """A text without the name of the default database."""
        return (text or "").replace(f"`{self.default}`.", "")

    def database(self, charset: str, collation: str) -> Database:
        relations = self.rows(sql.TABLES.format(collation=self.full_collation()))
        columns = _by_table(self.rows(sql.COLUMNS))
        return Database(
            dialect="mariadb" if self.mariadb else "mysql",
            version=self.numbers,
            default_schema=None,
            schemas=self.schemas[1:],
            tables=self.tables(relations, columns),
            views=tuple(self.view(row, columns) for row in self.rows(sql.VIEWS)),
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

    def view(self, row: Row, columns: Mapping[tuple[str, str], Sequence[Row]]) -> View:
        options = ("sql security invoker",) if row[3] == "INVOKER" else ()
        names = tuple(item[2] for item in columns.get((row[0], row[1]), ()))
        return View(self.name(*row[:2]), self.plain(row[2]), columns=names, options=options)

    def tables(
        self, relations: Sequence[Row], columns: Mapping[tuple[str, str], Sequence[Row]]
    ) -> tuple[Table, ...]:
        expression = "NULL" if self.mariadb else "EXPRESSION"
        visible = "IS_VISIBLE" if not self.mariadb else "IGNORED" if self.numbers >= (10, 6) else "'NO'"
        keys = _by_table(self.rows(sql.KEYS.format(expression=expression, visible=visible)))
        foreign_keys = _by_table(self.rows(sql.FOREIGN_KEYS))
        checks = _by_table(self.rows(sql.CHECKS_MARIADB if self.mariadb else sql.CHECKS_MYSQL))
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
        covered = {(key.name, key.columns) for key in constraints}
        groups = grouped(keys, 2)
        return Table(
            name=self.name(row[0], row[1]),
            columns=tuple(_column(item, row[4], row[5]) for item in columns),
            primary_key=_primary_key(groups.get("PRIMARY")),
            foreign_keys=tuple(constraints),
            uniques=tuple(
                _unique(group) for name, group in groups.items() if name != "PRIMARY" and _is_unique(group)
            ),
            checks=tuple(Check(item[2], self.plain(item[3])) for item in checks),
            indexes=tuple(
                index
                for name, group in groups.items()
                if name != "PRIMARY" and not _is_unique(group)
                for index in (_index(group),)
                if (index.name, index.columns) not in covered
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
        rules = [rule.replace("RESTRICT", "NO ACTION") for rule in (first[7], first[8])]
        return ForeignKey(first[2], tuple(row[3] for row in group), f"{target}({columns})", *rules)

    def functions(self) -> tuple[Function, ...]:
        parameters: dict[tuple[Any, ...], list[str]] = {}
        for row in self.rows(sql.PARAMETERS):
            words = (row[3] if row[2] == "PROCEDURE" else "", row[4], row[5])
            parameters.setdefault(tuple(row[:3]), []).append(" ".join(word for word in words if word))
        found = []
        for row in self.rows(sql.ROUTINES):
            taken = ", ".join(parameters.get(tuple(row[:3]), ()))
            head = f"{row[2]} ({taken}) {row[3] or ''} {row[5]}"
            found.append(Function(self.name(*row[:2]), row[1], f"{head}\n{self.plain(row[4])}"))
        return tuple(found)

    def event(self, row: Row) -> Event:
        when = f"every {row[5]} {row[6]}" if row[3] == "RECURRING" else f"at {row[4]}"
        text = f"{when} on completion {row[7]} do {self.plain(row[8])}"
        return Event(self.name(*row[:2]), text.lower() if not row[8] else text, str(row[2]).lower())

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
        return Trigger(self.name(*row[:2]), row[2], f"{row[3]} {row[4]} {self.plain(row[5])}", "")


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
    """A constraint in effect: unique over whole columns."""
    return not group[0][3] and not any(row[7] or row[5] is None for row in group)


def _primary_key(group: Sequence[Row] | None) -> PrimaryKey | None:
    return PrimaryKey(None, tuple(row[5] for row in group)) if group else None


def _unique(group: Sequence[Row]) -> Unique:
    return Unique(group[0][2], tuple(row[5] for row in group))


def _index(group: Sequence[Row]) -> Index:
    parts = tuple(
        IndexPart(row[5], row[9], row[6] == "D", row[6] == "D", length=row[7] if row[8] == "BTREE" else None)
        for row in group
    )
    first = group[0]
    hidden = first[10] == ("NO" if first[9] is not None else "YES")
    return Index(first[2], parts, unique=not first[3], method=first[8].lower(), valid=not hidden)


def _column(row: Row, table_charset: str | None, table_collation: str | None) -> Column:
    _, _, name, spelled, _, nullable, default, extra, charset, collation, comment, expression = row
    extra = (extra or "").lower()
    on_update = _ON_UPDATE.search(extra)
    return Column(
        name=name,
        type=data_type(spelled),
        nullable=nullable == "YES",
        default=_default(default, extra, spelled),
        numbering="auto_increment" if "auto_increment" in extra else None,
        expression=expression or None,
        stored=("stored" in extra or "persistent" in extra) if expression else None,
        collation=collation if collation != table_collation else None,
        charset=charset if charset != table_charset else None,
        onupdate=on_update[1] if on_update else None,
        comment=comment or None,
    )


def _default(default: str | None, extra: str, spelled: str) -> str | None:
    """MySQL gives a literal without quotes, MariaDB as an expression; bits are a number."""
    bits = re.fullmatch(r"b'([01]+)'", default or "") if spelled.startswith("bit") else None
    if bits:
        return str(int(bits[1], 2))
    if default is None or default.upper() == "NULL" or "generated" in extra.replace("default_generated", ""):
        return None
    return default


@lru_cache(maxsize=4096)
def data_type(spelled: str) -> DataType:
    """A COLUMN_TYPE taken apart; the display width of integers means nothing and is dropped."""
    match = _TYPE.match(spelled)
    if match is None:
        return DataType(spelled)
    name, rest = match["name"].lower(), match["rest"].lower()
    arguments = match["args"] or ""
    unsigned = "unsigned" in rest
    if name in {"enum", "set"}:
        return DataType(name, values=tuple(_labels(arguments)))
    numbers = [int(part) for part in arguments.split(",") if part.strip().isdigit()]
    first = numbers[0] if numbers else None
    if name in _LENGTHS:
        return DataType(name, length=first)
    if name in _SCALED:
        second = numbers[1] if len(numbers) > 1 else None
        return DataType(name, precision=first, scale=second, unsigned=unsigned)
    if name in _TIMES:
        return DataType(name, precision=first or None)
    return DataType(name, unsigned=unsigned)


def _labels(arguments: str) -> list[str]:
    return [part.replace("''", "'") for part in re.findall(r"'((?:[^']|'')*)'", arguments)]
