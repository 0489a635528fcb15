"""What MariaDB and MySQL show of a statement: the cheapest way in which they agree to run it.

Each ALTER is tried with ALGORITHM and LOCK clauses from the harmless to the blocking; the first that the
server takes has done the work, so the statement itself is not sent again.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any

from driftcheck.database.migrations.lint.changes import Added, Changed, Dropped, changes
from driftcheck.database.migrations.lint.mysql_ddl import read_table
from driftcheck.database.migrations.lint.schema import Column, Key, Schema, Table, Trigger
from driftcheck.database.migrations.lint.sql import Part, renamed
from driftcheck.database.migrations.lint.statement import Measured

_ATTEMPTS = (
    ("INSTANT", "NONE"), ("NOCOPY", "NONE"), ("INPLACE", "NONE"), ("COPY", "NONE"), ("INPLACE", "SHARED"),
)  # fmt: skip
_REFUSED = {1845, 1846}  # this algorithm, this lock
_TRY_ANOTHER = {1064, 1221, 1800}  # not a word that it knows
_DROP = re.compile(r"^\s*DROP INDEX\s+(?:IF EXISTS\s+)?(\S+)\s+ON\s+(\S+)", re.IGNORECASE)
_DAY = 86_400


@dataclass(slots=True)
class Meter:
    """The eyes on one connection. `now` is the schema at this moment."""

    cursor: Any
    now: Schema = field(default_factory=Schema)
    _start: Schema = field(default_factory=Schema)
    _way: tuple[str, str] = ("", "")
    _known: bool = False

    def start(self) -> Schema:
        """A revision begins; what is there now is what it can endanger."""
        if not self._known:
            self.now, self._known = Schema(tables=self._read(self._names())), True
        self._start = self.now
        return self.now

    def forget(self) -> None:
        """Something ran that was not seen: read everything anew."""
        self._known = False

    def rewrite(self, sql: str, parameters: Any, script: tuple[Part, ...], _autocommit: bool) -> str:
        """Run it in the cheapest way that the server takes; "DO 0" is then sent in its place."""
        self._way = ("", "")
        if len(script) != 1 or self._start.table(self._table(script[0])) is None:
            return sql
        (part,) = script
        if part.verb not in {"alter", "create", "drop"} or (
            part.verb != "alter" and "index" not in part.words
        ):
            return sql
        written = re.search(r"\bALGORITHM\s*=?\s*(\w+)", sql, re.IGNORECASE)
        lock = re.search(r"\bLOCK\s*=?\s*(NONE|SHARED|EXCLUSIVE|DEFAULT)\b", sql, re.IGNORECASE)
        if written or lock:
            self._way = (written[1].upper() if written else "", lock[1].upper() if lock else "")
            return sql
        if {"partition", "tablespace"} & set(part.words) or part.has("rename", "to"):
            return sql
        comma = "" if part.verb == "create" else ","
        return (
            self._tried(
                _DROP.sub(r"ALTER TABLE \2 DROP INDEX \1", sql.rstrip().rstrip(";")), comma, parameters
            )
            or sql
        )

    def _tried(self, sql: str, comma: str, parameters: Any) -> str:
        understood = False
        for algorithm, lock in _ATTEMPTS:
            clause = f"{comma} ALGORITHM={algorithm}{comma} LOCK={lock}"
            try:
                self.cursor.execute(sql + clause, parameters)
            except Exception as error:  # noqa: BLE001 - each driver has an exception of its own
                code = error.args[0] if error.args else 0
                understood = understood or code in _REFUSED
                if code in _TRY_ANOTHER | _REFUSED:
                    continue
                return ""  # it fails as it is, and shall fail in its own words
            self._way = (algorithm, lock)
            return "DO 0"
        self._way = ("COPY", "SHARED") if understood else ("", "")
        return ""

    def failed(self) -> None:
        """The statement raised: nothing to take back, DDL is not transactional here."""

    def unmeasured(self) -> None:
        """A statement went by that changes no schema."""

    def measure(self, script: tuple[Part, ...]) -> Measured:
        """The statement has run."""
        before = self.now
        listed = set(self._names())
        written = set().union(*(part.names for part in script))
        lowered = {name.lower() for name in written}
        again = {name for name in listed if name.lower() in lowered or name not in before.tables}
        tables = {key: table for key, table in before.tables.items() if table.name in listed}
        moved: list[Changed] = []
        for part in script:
            for old, column, new in renamed(part):
                if not column and old in before.tables and new in listed:
                    table = replace(before.tables[old], key=new, name=new)
                    moved.append(Changed(_bare(before.tables[old]), _bare(table), old))
        self.now = Schema(tables={**tables, **self._read(again)})
        gone = {name for step in moved for name in (step.table, step.after.name)}
        steps = (
            step
            for step in changes(before, _like(before, self.now, script))
            if not (isinstance(step, Added | Dropped) and step.table in gone)
        )
        algorithm, lock = self._way
        return Measured(steps=(*moved, *steps), algorithm=algorithm, blocks=lock, timeout=self._timeout())

    def finish(self) -> Schema:
        """The revision has run."""
        return self.now

    def _table(self, part: Part) -> str:
        return part.target

    def _timeout(self) -> bool:
        self.cursor.execute("SELECT @@lock_wait_timeout")
        return int(self.cursor.fetchone()[0]) < _DAY

    def _names(self) -> list[str]:
        self.cursor.execute("SHOW TABLES")
        return [str(row[0]) for row in self.cursor.fetchall()]

    def _read(self, names: Iterable[str]) -> dict[Key, Table]:
        found: dict[Key, Table] = {}
        for name in names:
            quoted = name.replace("`", "``")
            try:
                self.cursor.execute(f"SHOW CREATE TABLE `{quoted}`".replace("%", "%%"), ())
            except Exception as error:
                if error.args and error.args[0] == 1356:
                    found[name] = Table(name, name, "view", options={"broken": "yes"})
                    continue
                raise
            row = self.cursor.fetchone()
            if len(row) > 2:  # a view
                found[name] = Table(name, name, "view")
                continue
            found[name] = replace(read_table(name, str(row[1])), triggers=self._triggers(name))
        return found

    def _triggers(self, name: str) -> tuple[Trigger, ...]:
        quoted = name.replace("'", "''").replace("%", "%%")
        self.cursor.execute(
            "SELECT TRIGGER_NAME FROM information_schema.TRIGGERS WHERE EVENT_OBJECT_SCHEMA = DATABASE()"
            f" AND EVENT_OBJECT_TABLE = '{quoted}'", (),
        )  # fmt: skip
        return tuple(Trigger(str(row[0])) for row in self.cursor.fetchall())


def _bare(table: Table) -> Table:
    return replace(table, columns=(), constraints=(), indexes=(), triggers=())


def _like(before: Schema, after: Schema, script: tuple[Part, ...]) -> Schema:
    """`after`, but renamed columns keep the key that they had, so that they are seen as the same."""
    tables = dict(after.tables)
    for part in script:
        for table, old, new in renamed(part):
            was, now = before.table(table), after.table(table)
            if not old or was is None or now is None or was.column(old) is None:
                continue
            current = tables[table]
            tables[table] = replace(
                current, columns=tuple(_keyed(each, old, new) for each in current.columns)
            )
    return replace(after, tables=tables)


def _keyed(column: Column, old: str, new: str) -> Column:
    return replace(column, key=old) if column.name == new else column
