"""What SQLite shows of a statement: the schema before and after. There are no locks to speak of but one."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from driftcheck.database.dialects.sqlite_ddl import table_text
from driftcheck.database.migrations.lint.changes import Added, Changed, Dropped, changes
from driftcheck.database.migrations.lint.schema import Column, Constraint, Index, Key, Schema, Table, Trigger
from driftcheck.database.migrations.lint.sql import Part, renamed
from driftcheck.database.migrations.lint.statement import Measured
from driftcheck.database.tokens import tokens

_MASTER = (
    "SELECT type, name, tbl_name, coalesce(sql, '') FROM sqlite_master"
    " WHERE name NOT LIKE 'sqlite^_%' ESCAPE '^' ORDER BY type, name"
)
_HIDDEN = {2: "virtual", 3: "stored"}


@dataclass(slots=True)
class Meter:
    """The eyes on one connection. `now` is the schema at this moment."""

    cursor: Any
    now: Schema = field(default_factory=Schema)
    _texts: dict[str, tuple[Any, ...]] = field(default_factory=dict)

    def start(self) -> Schema:
        """A revision begins; what is there now is what it can endanger."""
        self._look()
        return self.now

    def forget(self) -> None:
        """Something ran that was not seen; it is seen when the next revision starts."""

    def rewrite(self, sql: str, _parameters: Any, _script: tuple[Part, ...], _autocommit: bool) -> str:
        """Statements are sent as they are."""
        return sql

    def failed(self) -> None:
        """The statement raised."""

    def unmeasured(self) -> None:
        """A statement went by that changes no schema."""

    def measure(self, script: tuple[Part, ...]) -> Measured:
        """The statement has run."""
        before = self.now
        self._look()
        after = dict(self.now.tables)
        moved: list[Changed] = []
        for part in script:
            for old, column, new in renamed(part):
                if column and old in after:
                    after[old] = replace(
                        after[old], columns=tuple(_keyed(each, column, new) for each in after[old].columns)
                    )
                elif old in before.tables and new in after:
                    moved.append(Changed(_bare(before.tables[old], old), _bare(before.tables[old], new), old))
        gone = {name for step in moved for name in (step.table, step.after.name)}
        steps = (
            step
            for step in changes(before, replace(self.now, tables=after))
            if not (isinstance(step, Added | Dropped) and step.table in gone)
        )
        return Measured(steps=(*moved, *steps))

    def finish(self) -> Schema:
        """The revision has run."""
        return self.now

    def cascades(self) -> bool:
        """Whether dropping a table deletes the rows that refer to it (the application switched keys on)."""
        self.cursor.execute("PRAGMA foreign_keys")
        return bool(self.cursor.fetchone()[0])

    def _look(self) -> None:
        """Read the tables whose text is another than before."""
        texts: dict[str, tuple[Any, ...]] = {}
        kinds: dict[str, str] = {}
        for kind, name, table, sql in self.cursor.execute(_MASTER).fetchall():
            texts[table] = (*texts.get(table, ()), (kind, name, sql))
            if kind in {"table", "view"}:
                kinds[name] = kind
        tables: dict[Key, Table] = {}
        for name, text in texts.items():
            if self._texts.get(name) == text and name in self.now.tables:
                tables[name] = self.now.tables[name]
            elif name in kinds:
                tables[name] = self._table(name, kinds[name], text)
        self._texts, self.now = texts, Schema(tables=tables)

    def _table(self, name: str, kind: str, text: tuple[Any, ...]) -> Table:
        if kind == "view":
            return Table(name, name, "view")
        sql = next(sql for what, _, sql in text if what == "table")
        read = table_text(sql)
        columns = [
            Column(row[1], row[1], row[2], bool(row[3]), row[4], _HIDDEN.get(row[6], ""))
            for row in self._pragma("table_xinfo", name)
        ]
        keys = [row[1] for row in sorted(self._pragma("table_xinfo", name), key=lambda row: row[5]) if row[5]]
        indexes, uniques = self._indexes(name)
        constraints = [Constraint("pk", "", "primary key", tuple(keys))] if keys else []
        constraints += [
            Constraint(f"u{each}", read.uniques.get(each) or "", "unique", each) for each in uniques
        ]
        constraints += [
            Constraint(f"c{expression}", label or "", "check", _used(expression, columns), expression)
            for label, expression in read.checks
        ]
        options = {"autoincrement": "yes"} if read.autoincrement else {}
        return Table(
            name, name, "table", tuple(columns),
            (*constraints, *self._foreign(name, read.foreign_keys)), indexes,
            tuple(Trigger(label, sql) for what, label, sql in text if what == "trigger"), options=options,
        )  # fmt: skip

    def _indexes(self, name: str) -> tuple[tuple[Index, ...], list[tuple[str, ...]]]:
        found: list[Index] = []
        uniques: list[tuple[str, ...]] = []
        for row in self._pragma("index_list", name):
            columns = tuple(str(each[2]) for each in self._pragma("index_info", row[1]))
            if row[3] == "c":
                found.append(Index(row[1], row[1], columns, str(row[4]), bool(row[2])))
            elif row[3] == "u":
                uniques.append(columns)
        return tuple(found), uniques

    def _foreign(
        self, name: str, named: Mapping[tuple[str, ...], tuple[str | None, str | None]]
    ) -> list[Constraint]:
        rows: dict[int, list[Any]] = {}
        for row in self._pragma("foreign_key_list", name):
            rows.setdefault(row[0], []).append(row)
        found = []
        for parts in rows.values():
            columns = tuple(str(row[3]) for row in sorted(parts, key=lambda row: row[1]))
            first = parts[0]
            found.append(
                Constraint(
                    f"f{columns}{first[2]}",
                    named.get(columns, (None, None))[0] or "",
                    "foreign key",
                    columns,
                    f"ON DELETE {first[6]}",
                    True,
                    first[2],
                )
            )
        return found

    def _pragma(self, pragma: str, name: str) -> list[Any]:
        quoted = name.replace('"', '""')
        return list(self.cursor.execute(f'PRAGMA {pragma}("{quoted}")').fetchall())


def _used(expression: str, columns: list[Column]) -> tuple[str, ...]:
    words = {token.text.lower() for token in tokens(expression)}
    return tuple(column.name for column in columns if column.name.lower() in words)


def _bare(table: Table, name: str) -> Table:
    return replace(table, key=name, name=name, columns=(), constraints=(), indexes=(), triggers=())


def _keyed(column: Column, old: str, new: str) -> Column:
    return replace(column, key=old) if column.name == new else column
