"""What PostgreSQL shows of a statement: locks, scans, storage, and the catalog of what it locked.

All of it is asked over the raw cursor of the very connection, because locks and counters are its own.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any

from driftcheck.database.migrations.lint import postgresql_queries as queries
from driftcheck.database.migrations.lint.changes import changes
from driftcheck.database.migrations.lint.schema import (
    Column,
    Constraint,
    Extension,
    Index,
    Key,
    Namespace,
    Schema,
    Table,
    Trigger,
    Type,
)
from driftcheck.database.migrations.lint.sql import Part
from driftcheck.database.migrations.lint.statement import Lock, Measured

_KINDS = {
    "r": "table", "p": "table", "f": "table", "v": "view", "m": "materialized view", "S": "sequence",
}  # fmt: skip
_CONSTRAINTS = {
    "p": "primary key", "u": "unique", "f": "foreign key", "c": "check", "x": "exclusion", "n": "not null",
}  # fmt: skip
_OTHERS = {"type", "domain", "schema", "extension", "owned", "do", "cascade"}
_ALONE = {"concurrently", "vacuum", "system", "database", "tablespace", "subscription"}


@dataclass(slots=True)
class Meter:
    """The eyes on one connection. `now` is the schema at this moment; `own` is what the revision made."""

    cursor: Any
    now: Schema = field(default_factory=Schema)
    _start: Schema = field(default_factory=Schema)
    _touched: set[Key] = field(default_factory=set)
    _scans: dict[str, int] = field(default_factory=dict)
    _counted: bool = False
    _began: bool = False
    _blind: bool = False

    def start(self) -> Schema:
        """A revision begins; what is there now is what it can endanger."""
        if not self.now.namespaces or self._strange():
            self.now = replace(self._others(), tables=self._tables("true"))
        self._start, self._touched, self._blind = self.now, set(), False
        self._counted = False
        return self.now

    def _strange(self) -> bool:
        """Whether there are other relations, or others' storage, than when last looked: trials leave some."""
        self.cursor.execute(queries.NODES)
        found = json.loads(self.cursor.fetchone()[0] or "{}")
        known = {str(table.key): table.node for table in self.now.tables.values()}
        for table in self.now.tables.values():
            known.update({str(index.key): index.node for index in table.indexes})
        return bool(found != known)

    def forget(self) -> None:
        """Something ran that was not seen: read everything anew."""
        self.now = Schema()

    def rewrite(self, sql: str, _parameters: Any, script: tuple[Part, ...], autocommit: bool) -> str:
        """What to send in the place of `sql`: CONCURRENTLY is no obstacle to going on."""
        self._began = False
        if not self._counted:
            self._scans = self._ask()[1]
        if autocommit and not any(_ALONE & set(part.words) for part in script):
            self.cursor.execute("BEGIN")  # so that its locks can be seen
            self._began = True
        elif autocommit:
            self._blind = True
        elif refused(script):
            return queries.CONCURRENTLY.sub(" ", sql)
        return sql

    def failed(self) -> None:
        """The statement raised."""
        if self._began:
            self.cursor.execute("ROLLBACK")
        self._began = False

    def unmeasured(self) -> None:
        """A statement went by that changes no schema: counters of scans have moved."""
        self._counted = False

    def measure(self, script: tuple[Part, ...]) -> Measured:
        """The statement has run."""
        locks, scans, timeout = self._ask()
        old, before = self._scans, self.now
        self._scans, self._counted = scans, True
        self._touched |= set(locks)
        mine = [key for key in locks if key in before.tables or key in self._start.tables]
        everything = self._blind and not self._began
        if any(_OTHERS & part.names for part in script):
            self.now = replace(self._others(), tables=before.tables)
        self._read(mine, everything)
        if self._began:
            self.cursor.execute("COMMIT")
            self._began, self._counted = False, False
        names = {key: table.name for key, table in self._start.tables.items()}
        after = self.now
        if any(part.words[:2] == ("alter", "type") for part in script):
            self.now = replace(after, tables=self._tables("true"))  # its columns print its new name
        return Measured(
            steps=tuple(changes(before, after)),
            locks={names[key]: lock for key, lock in locks.items() if key in names},
            rewritten=frozenset(
                names[key]
                for key, table in before.tables.items()
                if key in names and key in after.tables and after.tables[key].node != table.node
            ),
            scanned=frozenset(
                names[int(key)]
                for key, count in scans.items()
                if int(key) in names and count > old.get(key, 0)
            ),
            timeout=timeout,
        )

    def finish(self) -> Schema:
        """The revision has run, its transaction is open."""
        if self._blind:
            self.now = replace(self._others(), tables=self._tables("true"))
        else:
            self._read(self._touched, False)
        return self.now

    def _read(self, keys: Iterable[Key], everything: bool) -> None:
        """Read these relations again, and whatever is new."""
        wanted = sorted(int(key) for key in keys)
        newest = max((int(key) for key in self.now.tables), default=0)
        listed = ", ".join(map(str, wanted)) or "0"
        if everything:
            self.now = replace(self.now, tables=self._tables("true"))
            return
        found = self._tables(f"c.oid = ANY (ARRAY[{listed}]::oid[]) OR c.oid > {newest}")
        kept = {key: table for key, table in self.now.tables.items() if key not in set(wanted)}
        self.now = replace(self.now, tables={**kept, **found})

    def _ask(self) -> tuple[dict[Key, Lock], dict[str, int], bool]:
        self.cursor.execute(queries.MOMENT)
        locks, scans, timeout = self.cursor.fetchone()
        held: dict[Key, Lock] = {
            int(key): Lock(level) for key, level in (json.loads(locks) if locks else {}).items()
        }
        return held, json.loads(scans) if scans else {}, timeout not in {"0", "0ms", None}

    def _tables(self, where: str) -> dict[Key, Table]:
        self.cursor.execute(queries.TABLES.replace("{where}", where))
        found = self.cursor.fetchone()[0]
        return {row["key"]: _table(row) for row in (json.loads(found) if found else [])}

    def _others(self) -> Schema:
        self.cursor.execute(queries.OTHERS)
        types, namespaces, extensions = (json.loads(each) if each else [] for each in self.cursor.fetchone())
        return Schema(
            types={row[0]: _type(row) for row in types},
            namespaces={key: Namespace(key, name) for key, name in namespaces},
            extensions={name: Extension(name, version) for name, version in extensions},
        )


def refused(script: tuple[Part, ...]) -> bool:
    """Whether the server refuses this inside a transaction because of CONCURRENTLY."""
    return any(
        "concurrently" in part.words and part.verb in {"create", "drop", "reindex", "alter"}
        for part in script
    )


def _type(row: list[Any]) -> Type:
    key, name, kind, labels, checks = row
    return Type(
        key,
        name,
        "enum" if kind == "e" else "domain",
        tuple((k, v) for k, v in labels or ()),
        tuple(checks or ()),
    )


def _table(row: Mapping[str, Any]) -> Table:
    return Table(
        key=row["key"],
        name=f"{row['schema']}.{row['name']}" if row["schema"] else row["name"],
        kind=_KINDS[row["kind"]],
        columns=tuple(_column(each) for each in row["columns"] or ()),
        constraints=tuple(_constraint(each) for each in row["constraints"] or ()),
        indexes=tuple(_index(each) for each in row["indexes"] or ()),
        triggers=tuple(Trigger(*each) for each in row["triggers"] or ()),
        node=row["node"],
        parent=row["parent"],
        options={"persistence": row["persistence"], "access": str(row["access"])},
    )


def _column(row: list[Any]) -> Column:
    key, name, kind, required, default, generated, identity = row
    numbered = bool(identity) or "nextval(" in (default or "")
    words = {"s": "stored", "v": "virtual"}
    return Column(key, name, kind, required, default, words.get(generated, ""), numbered)


def _constraint(row: list[Any]) -> Constraint:
    key, name, kind, validated, definition, columns, references, index = row
    return Constraint(
        key,
        name,
        _CONSTRAINTS.get(kind, kind),
        tuple(columns or ()),
        definition,
        validated,
        references or "",
        index,
    )


def _index(row: list[Any]) -> Index:
    key, name, unique, primary, definition, node, columns = row
    return Index(key, name, tuple(columns or ()), definition, unique, primary, node)
