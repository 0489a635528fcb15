"""Puts rows into a scratch database: as different, as equal and as empty as its schema allows.

They stay while revisions run over them, as rows in production do. Only empty tables are filled, so what a
revision inserted itself is left alone.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, TypeAlias

from driftcheck.database.connect import masked
from driftcheck.database.migrations.values import literal, wanted_by
from driftcheck.database.model import Column, Database, ForeignKey, Name, Table

if TYPE_CHECKING:
    from sqlalchemy import Connection

_Shape: TypeAlias = frozenset[tuple[str, bool]]  # columns, and whether they may be NULL
_LABELS, _TRIES, _GROWN = 6, 12, 1000


@dataclass(frozen=True, slots=True)
class _Row:
    """What a row is to be: `number` tells it from others where it must differ, `same` is for the rest."""

    number: int
    same: int
    nulls: bool = False
    extreme: bool = False
    fresh: Collection[str] | None = None  # columns that are new in a table with rows; None: all


_ROWS = (_Row(0, 0, nulls=True), _Row(1, 1), _Row(2, 2, extreme=True), _Row(3, 1), _Row(4, 2, extreme=True))


@dataclass(slots=True)
class Filler:
    """The rows of one scratch database. `unfilled` says which tables could not be filled, and why."""

    connection: Connection
    unfilled: dict[str, str] = field(default_factory=dict)
    _filled: dict[Name, _Shape] = field(default_factory=dict)
    _left: set[Name] = field(default_factory=set)
    _grown: int = 0

    @property
    def has_rows(self) -> bool:
        """Whether any table has rows of ours."""
        return bool(self._filled)

    def grow(self, database: Database) -> None:
        """Fill tables that are new, and add rows for columns that are new or may be NULL now."""
        present = {table.name: table for table in database.tables}
        self._filled = {name: columns for name, columns in self._filled.items() if name in present}
        self._left &= present.keys()
        labels = {item.name: item.values for item in database.enums}
        waiting = [table for table in database.tables if self._lacks_rows(table)]
        for table in _parents_first(waiting):
            columns, before = _shape(table), self._filled.get(table.name)
            if before is None and table.name not in self._left:
                self._fill(table, labels, [*_ROWS, *_labelled(table, labels)])
            elif before is not None and columns - before:
                self._grown += 2
                number, fresh = _GROWN + self._grown, {name for name, _ in columns - before}
                nulls = any((name, False) in before for name in fresh)
                rows = [_Row(number, number, fresh=fresh), _Row(number + 1, number, nulls, fresh=fresh)]
                self._insert(table, labels, rows)
                self._filled[table.name] = columns
        self.connection.commit()

    def _lacks_rows(self, table: Table) -> bool:
        """Whether it is new, or has columns, or NULLs, that our rows do not show."""
        before = self._filled.get(table.name)
        if before is None:
            return table.name not in self._left
        return not _shape(table) <= before

    def forget(self, database: Database) -> None:
        """Tables may have been emptied or made anew: `grow` fills those again."""
        present = {table.name for table in database.tables}
        kept = {name: columns for name, columns in self._filled.items() if name in present}
        self._filled = {name: columns for name, columns in kept.items() if self._holds_rows(name)}
        self._left = set()

    def clear(self, database: Database) -> None:
        """Delete all rows, also of tables that have another name since; the caller ends the transaction."""
        names = [table.name for table in database.tables]
        dialect = self.connection.dialect.name
        if not names:
            return
        if dialect == "postgresql":
            self._send(f"TRUNCATE {', '.join(self._table(name) for name in names)} CASCADE")
            return
        if dialect in {"mysql", "mariadb"}:
            self._send("SET FOREIGN_KEY_CHECKS = 0")
        for name in names:
            self._send(f"DELETE FROM {self._table(name)}")
        if dialect in {"mysql", "mariadb"}:
            self._send("SET FOREIGN_KEY_CHECKS = 1")

    def _fill(self, table: Table, labels: dict[Name, tuple[str, ...]], rows: Sequence[_Row]) -> None:
        if table.partition is not None or self._holds_rows(table.name):
            self._left.add(table.name)
            return
        reason = self._insert(table, labels, rows)
        if reason is None:
            self._filled[table.name] = _shape(table)
            self.unfilled.pop(str(table.name), None)
        else:
            self._left.add(table.name)
            self.unfilled[str(table.name)] = reason

    def _holds_rows(self, name: Name) -> bool:
        found = self.connection.exec_driver_sql(f"SELECT 1 FROM {self._table(name)} LIMIT 1")
        return found.first() is not None

    def _insert(self, table: Table, labels: dict[Name, tuple[str, ...]], rows: Sequence[_Row]) -> str | None:
        """Insert what can be; the reason where not a single row can."""
        maker = _Maker(table, labels, self.connection)
        if self._all_at_once(table, maker, rows):
            return None
        done, reason = False, ""
        for row in rows:
            for attempt in range(_TRIES if maker.checked else 2):
                reason = self._try(maker.statement(self._table(table.name), [row], attempt)) or ""
                if not reason:
                    done = True
                    break
        return None if done else reason

    def _all_at_once(self, table: Table, maker: _Maker, rows: Sequence[_Row]) -> bool:
        return self._try(maker.statement(self._table(table.name), rows, 0)) is None

    def _try(self, sql: str) -> str | None:
        """Why a statement failed; None if it did not. A failed one leaves the transaction usable."""
        from sqlalchemy.exc import SQLAlchemyError

        try:
            if self.connection.dialect.name == "postgresql":
                with self.connection.begin_nested():
                    self._send(sql)
            else:
                self._send(sql)
        except SQLAlchemyError as error:
            lines = masked(getattr(error, "orig", None) or error).splitlines()
            return lines[0] if lines else type(error).__name__
        return None

    def _send(self, sql: str) -> None:
        self.connection.execution_options(no_parameters=True).exec_driver_sql(sql)

    def _table(self, name: Name) -> str:
        quote = self.connection.dialect.identifier_preparer.quote
        return f"{quote(name.schema)}.{quote(name.name)}" if name.schema else quote(name.name)


def _shape(table: Table) -> _Shape:
    return frozenset((column.name, column.nullable) for column in table.columns)


class _Maker:
    """Makes INSERT statements for one table."""

    def __init__(self, table: Table, labels: dict[Name, tuple[str, ...]], connection: Connection) -> None:
        self.table, self.dialect = table, connection.dialect.name
        self.quote = connection.dialect.identifier_preparer.quote
        self.columns = [column for column in table.columns if _is_ours(column)]
        self.labels = {column.name: _labels_of(column, labels) for column in self.columns}
        self.keys = {
            name: (key, at) for key in reversed(table.foreign_keys) for at, name in enumerate(key.columns)
        }
        self.distinct = _distinct(table)
        self.wishes = {column.name: wanted_by(table.checks, column.name) for column in self.columns}

    @property
    def checked(self) -> bool:
        """Whether a CHECK speaks of a column, so that other values are worth a try."""
        return any(self.wishes.values())

    def statement(self, table: str, rows: Sequence[_Row], attempt: int) -> str:
        """One INSERT of these rows."""
        if not self.columns:
            return f"INSERT INTO {table} {'() VALUES ()' if self.dialect in _MYSQL else 'DEFAULT VALUES'}"
        names = ", ".join(self.quote(column.name) for column in self.columns)
        values = ", ".join(
            "(" + ", ".join(self._value(column, row, attempt) for column in self.columns) + ")"
            for row in rows
        )
        return f"INSERT INTO {table} ({names}) VALUES {values}"

    def _value(self, column: Column, row: _Row, attempt: int) -> str:
        distinct = column.name in self.distinct or (row.fresh is not None and column.name not in row.fresh)
        number = row.number if distinct else row.same
        if column.name in self.keys:
            return self._reference(column, *self.keys[column.name], row, number if attempt == 0 else 0)
        if row.nulls and column.nullable:
            return "NULL"
        wishes = self.wishes[column.name]
        if wishes and attempt < _TRIES - 1:
            return wishes[(attempt + (number if attempt else 0)) % len(wishes)]
        extreme = row.extreme and attempt == 0
        return literal(column, number, extreme, self.dialect, self.labels[column.name])

    def _reference(self, column: Column, key: ForeignKey, at: int, row: _Row, number: int) -> str:
        """A value of the parent's; NULL where the parent is the table itself or may be empty."""
        parent, _, inside = key.target.rpartition("(")
        if parent == str(self.table.name) or (row.nulls and column.nullable):
            return "NULL" if column.nullable else literal(column, number, False, self.dialect)
        targets = [self.quote(name) for name in inside.rstrip(")").split(",")]
        schema, _, name = parent.rpartition(".")
        place = f"{self.quote(schema)}.{self.quote(name)}" if schema else self.quote(name)
        order = ", ".join(targets)
        skip = f"{number % 5} % (SELECT CASE COUNT(*) WHEN 0 THEN 1 ELSE COUNT(*) END FROM {place})"
        if self.dialect in _MYSQL:  # OFFSET takes no expression there
            skip = str(number % 5)
        return f"(SELECT {targets[at]} FROM {place} ORDER BY {order} LIMIT 1 OFFSET {skip})"


_MYSQL = {"mysql", "mariadb"}


def _is_ours(column: Column) -> bool:
    """Whether a value may be given: the engine numbers and computes the others."""
    return column.expression is None and column.numbering is None


def _distinct(table: Table) -> set[str]:
    """Columns in which rows must differ, or may have to."""
    found = set(table.primary_key.columns if table.primary_key else ())
    for unique in table.uniques:
        found.update(unique.columns)
    for index in table.indexes:
        if index.unique:
            text = " ".join((*index.columns, index.predicate or ""))
            found.update(column.name for column in table.columns if column.name in text)
    for exclusion in table.exclusions:
        found.update(exclusion.columns)
    return found


def _labels_of(column: Column, labels: dict[Name, tuple[str, ...]]) -> tuple[str, ...]:
    name = column.type.name.replace('"', "")
    schema, _, plain = name.rpartition(".")
    return labels.get(Name(schema or None, plain), ())


def _labelled(table: Table, labels: dict[Name, tuple[str, ...]]) -> Iterator[_Row]:
    """A row for each further label of the enums, so that a label which goes away is missed."""
    counts = [len(_labels_of(column, labels) or column.type.values) for column in table.columns]
    for number in range(len(_ROWS), min(max(counts, default=0), _LABELS)):
        yield _Row(number, number)


def _parents_first(tables: Sequence[Table]) -> list[Table]:
    """Tables after those that they refer to, as far as that goes."""
    waiting = {str(table.name): table for table in tables}
    ordered: list[Table] = []
    while waiting:
        ready = [table for name, table in waiting.items() if not _needs(table, waiting.keys() - {name})]
        for table in ready or [next(iter(waiting.values()))]:
            ordered.append(table)
            del waiting[str(table.name)]
    return ordered


def _needs(table: Table, names: Collection[str]) -> bool:
    return any(key.target.rpartition("(")[0] in names for key in table.foreign_keys)
