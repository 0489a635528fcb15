"""Fix hints for MariaDB and MySQL: there a column is changed by saying all of it again, in SQL.

A property that MODIFY leaves out is lost, so that Alembic's op.alter_column would make new drift.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field

from driftcheck.database.fixes.mysql_objects import Objects
from driftcheck.database.fixes.sql import Quoting, execute, literal
from driftcheck.database.keys import Item, items
from driftcheck.database.model import (
    Check,
    Column,
    Database,
    DataType,
    ForeignKey,
    Index,
    IndexPart,
    Name,
    Table,
)
from driftcheck.difference import Change, Difference

_TEXTS = {"varchar", "char", "tinytext", "text", "mediumtext", "longtext", "enum", "set"}
_GROWING = {"tinytext", "text", "mediumtext"}  # where a character takes more bytes, CONVERT makes them larger
_PLAIN_DEFAULT = re.compile(
    r"'.*'|-?[\d.]+(?:e-?\d+)?|current_timestamp(?:\(\d*\))?", re.IGNORECASE | re.DOTALL
)
_AFRESH = {"expression", "stored"}
_NOTHING = {"row_format": "DEFAULT", "key_block_size": "0"}


@dataclass(slots=True)
class MySQL:
    """Writes what makes one database as `expected`; each statement with the word for its turn."""

    expected: Database
    quoting: Quoting
    _tables: dict[str, Table] = field(init=False)
    _objects: Objects = field(init=False)

    def __post_init__(self) -> None:
        self._tables = {str(table.name): table for table in self.expected.tables}
        self._objects = Objects(self.expected, self.quoting)

    def of(self, difference: Difference) -> Iterator[tuple[str, str]]:
        """Turns and operations; none where there is no sure way, or Alembic's own word will do."""
        table = self._table_of(difference)
        made = difference.kind == "table" and difference.change is Change.MISSING
        if table is not None and table.versioned and not made:
            yield "type", execute("SET @@system_versioning_alter_history = KEEP")
        for turn, statement in self._statements(difference):
            yield turn, execute(statement)

    def _statements(self, difference: Difference) -> Iterator[tuple[str, str]]:
        kind, table = difference.kind, self._table_of(difference)
        if kind == "table" and table is not None:
            yield from self._table(table, difference)
        elif kind == "partition" and table is not None:
            yield from self._partition(table)
        elif kind in {"column", "comment"} and table is not None:
            yield from self._column(table, difference)
        elif kind in {"primary_key", "foreign_key", "unique", "index", "check"} and table is not None:
            yield from self._key(table, difference)
        else:
            yield from self._objects.of(difference)

    def _table_of(self, difference: Difference) -> Table | None:
        place = difference.object
        label = place.partition(".(")[0] if ".(" in place else place.rpartition(".")[0]
        return self._tables.get(place) or self._tables.get(label)

    def _alter(self, table: Name) -> str:
        return f"ALTER TABLE {self.quoting.place(table)}"

    def _partition(self, table: Table) -> Iterator[tuple[str, str]]:
        """By ranges and lists nobody knows the parts."""
        alter, wanted = self._alter(table.name), table.partition
        if wanted is None:
            yield "column", f"{alter} REMOVE PARTITIONING"
        elif not wanted.startswith(("RANGE", "LIST")):
            yield "last", f"{alter} PARTITION BY {wanted}"

    def _table(self, table: Table, difference: Difference) -> Iterator[tuple[str, str]]:
        alter, attribute = self._alter(table.name), difference.attribute
        if difference.change is Change.MISSING:
            yield from self._created(table)
        elif attribute == "engine" and table.engine:
            yield "column", f"{alter} ENGINE = {table.engine}"
        elif attribute in {"charset", "collation"} and table.charset:
            yield "type", f"{alter} CONVERT TO CHARACTER SET {table.charset} COLLATE {table.collation}"
            for column in table.columns:
                if column.charset or column.collation or column.type.name in _GROWING:
                    yield "column", f"{alter} MODIFY {self.definition(table, column)}"
        elif attribute == "versioned":
            verb, turn = ("ADD", "last") if table.versioned else ("DROP", "type")
            yield turn, f"{alter} {verb} SYSTEM VERSIONING"
        elif attribute == "options":
            wanted = dict(option.partition("=")[::2] for option in table.options)
            actual = difference.actual if isinstance(difference.actual, list | tuple) else ()
            names = [str(option).partition("=")[0].strip("`") for option in actual]
            told = {name: _NOTHING[name] for name in names if name in _NOTHING} | wanted
            yield from (
                ("column", f"{alter} {name.upper()} = {value}") for name, value in told.items() if value
            )

    def _created(self, table: Table) -> Iterator[tuple[str, str]]:
        keys = items(table, self.expected.dialect)
        parts = [self.definition(table, column) for column in table.columns]
        parts += [
            text
            for item in keys
            if item.kind != "foreign_key" and (text := self._key_text(item, table)) is not None
        ]
        end = f" ENGINE = {table.engine}" if table.engine else ""
        if table.charset:
            end += f" DEFAULT CHARACTER SET {table.charset} COLLATE {table.collation}"
        end += f" COMMENT = {literal(table.comment)}" if table.comment else ""
        end += " WITH SYSTEM VERSIONING" if table.versioned else ""
        yield "table", f"CREATE TABLE {self.quoting.place(table.name)} ({', '.join(parts)}){end}"
        for item in keys:
            if item.kind == "foreign_key":
                yield "reference", f"{self._alter(table.name)} ADD {self._key_text(item, table)}"
        for trigger in self.expected.triggers:
            if trigger.table == table.name:
                yield from self._objects.trigger(trigger)

    def _column(self, table: Table, difference: Difference) -> Iterator[tuple[str, str]]:
        alter, name = self._alter(table.name), difference.object.rpartition(".")[2]
        if difference.kind == "comment" and difference.object == str(table.name):
            yield "last", f"{alter} COMMENT = {literal(table.comment or '')}"
            return
        own = self.quoting.name(name)
        column = next((each for each in table.columns if each.name == name), None)
        if difference.rename is not None:
            yield "rename", f"{alter} RENAME COLUMN {self.quoting.name(difference.rename.new)} TO {own}"
        if column is None:
            return
        if difference.change is Change.MISSING or difference.attribute in _AFRESH:
            if difference.change is not Change.MISSING:
                yield "drop", f"{alter} DROP COLUMN {own}"
            yield "table", f"{alter} ADD COLUMN {self.definition(table, column)}"
            yield from self._hanging(table, name)
        elif difference.change is Change.CHANGED and difference.attribute != "order":
            yield "last" if column.numbering else "column", f"{alter} MODIFY {self.definition(table, column)}"

    def _hanging(self, table: Table, column: str) -> Iterator[tuple[str, str]]:
        for item in items(table, self.expected.dialect):
            text = self._key_text(item, table)
            if text is not None and column in item.columns and item.kind != "primary_key":
                turn = "reference" if item.kind == "foreign_key" else "key"
                rest = ""  # of an index over several columns the others stay
                if isinstance(item.key, Index) and self.expected.dialect == "mariadb":
                    rest = f"DROP INDEX IF EXISTS {self.quoting.name(item.key.name)}, "
                yield turn, f"{self._alter(table.name)} {rest}ADD {text}"

    def definition(self, table: Table, column: Column) -> str:
        """A column as CREATE TABLE and MODIFY want it."""
        parts = [self.quoting.name(column.name), _type(column.type, column.options)]
        if column.type.name in _TEXTS and table.charset:
            parts.append(f"CHARACTER SET {column.charset or table.charset}")
            parts.append(f"COLLATE {column.collation or table.collation}")
        parts += ["COMPRESSED"] if "compressed" in column.options else []
        if column.expression is not None:
            parts.append(
                f"GENERATED ALWAYS AS ({column.expression}) {'STORED' if column.stored else 'VIRTUAL'}"
            )
        else:
            parts.append("NULL" if column.nullable else "NOT NULL")
            parts += [f"DEFAULT {_default(column.default)}"] if column.default is not None else []
            parts += [f"ON UPDATE {column.onupdate}"] if column.onupdate else []
            parts += ["AUTO_INCREMENT"] if column.numbering == "auto_increment" else []
        parts += [
            word.upper() for word in ("invisible", "without system versioning") if word in column.options
        ]
        parts += [f"COMMENT {literal(column.comment)}"] if column.comment else []
        parts += [f"CHECK ({check.expression})" for check in table.checks if check.name == column.name]
        return " ".join(parts)

    def _key(self, table: Table, difference: Difference) -> Iterator[tuple[str, str]]:
        alter, kind = self._alter(table.name), difference.kind
        item = next(
            (each for each in items(table, self.expected.dialect) if each.label == difference.object), None
        )
        told = (difference.facts or {}).get("named")
        old = difference.rename.new if difference.rename is not None else str(told or "")
        if kind == "check":
            yield from self._check(table, difference, item, str(old or ""))
            return
        if kind == "index" and difference.attribute == "valid" and item is not None:
            word = "" if self.expected.dialect == "mysql" else "IGNORED"
            state = (
                ("VISIBLE" if word == "" else "NOT IGNORED") if difference.expected else word or "INVISIBLE"
            )
            yield "key", f"{alter} ALTER INDEX {self.quoting.name(str(item.given))} {state}"
            return
        if difference.rename is not None and kind in {"index", "unique"}:
            now = self.quoting.name(difference.rename.old)
            yield "key", f"{alter} RENAME INDEX {self.quoting.name(str(old))} TO {now}"
            return
        dropped = {
            "primary_key": "DROP PRIMARY KEY",
            "foreign_key": f"DROP FOREIGN KEY {self.quoting.name(str(old))}",
        }
        drop = dropped.get(kind, f"DROP INDEX {self.quoting.name(str(old))}")
        gone = difference.change is not Change.MISSING and (old or kind == "primary_key")
        text = (
            self._key_text(item, table)
            if difference.change is not Change.EXTRA and item is not None
            else None
        )
        if gone and text is not None and kind != "foreign_key":
            yield "key", f"{alter} {drop}, ADD {text}"
            return
        left = self._index_of(table, difference) if kind == "foreign_key" else ""
        if gone:
            taken = {str(each.given).lower() for each in items(table, self.expected.dialect)}
            waits = kind in {"index", "unique"} and old.lower() not in taken
            yield "unused" if waits else "free", f"{alter} {drop}{left}"
        if text is not None:
            yield "reference" if kind == "foreign_key" else "key", f"{alter} ADD {text}"

    def _index_of(self, table: Table, difference: Difference) -> str:
        """The index that a key leaves behind which nobody expects; only MariaDB drops what may be there."""
        if difference.change is not Change.EXTRA or self.expected.dialect != "mariadb":
            return ""
        columns = str(difference.actual).partition("(")[2].partition(")")[0].split(", ")
        if any(list(item.columns[: len(columns)]) == columns for item in items(table, "mariadb")):
            return ""  # another key may need it
        return f", DROP INDEX IF EXISTS {self.quoting.name(difference.object.rpartition('.')[2])}"

    def _check(
        self, table: Table, difference: Difference, item: Item | None, old: str
    ) -> Iterator[tuple[str, str]]:
        """A check of a column is part of it, and goes and comes with its definition."""
        alter = self._alter(table.name)
        names = {column.name: column for column in table.columns}
        check = item.key if item is not None else None
        own = check.name if isinstance(check, Check) else old
        if own in names:
            yield "column", f"{alter} MODIFY {self.definition(table, names[str(own)])}"
        if difference.change is not Change.MISSING and old and old not in names:
            yield "free", f"{alter} DROP CONSTRAINT {self.quoting.name(old)}"
        if difference.change is not Change.EXTRA and isinstance(check, Check) and check.name not in names:
            named = (
                f"CONSTRAINT {self.quoting.name(check.name)} " if check.name and item and item.given else ""
            )
            yield "key", f"{alter} ADD {named}CHECK ({check.expression})"

    def _key_text(self, item: Item, table: Table) -> str | None:
        """A key inside CREATE TABLE, and behind ADD; None for the check of a column."""
        key, named = item.key, f"CONSTRAINT {self.quoting.name(item.given)} " if item.given else ""
        if isinstance(key, Check):
            return None if key.name in {c.name for c in table.columns} else f"{named}CHECK ({key.expression})"
        if isinstance(key, Index):
            return self._index(key)
        columns = ", ".join(map(self.quoting.name, key.columns))
        if isinstance(key, ForeignKey):
            target, _, rest = key.target.partition("(")
            there, _, bare = target.rpartition(".")
            theirs = ", ".join(map(self.quoting.name, rest.removesuffix(")").split(",")))
            text = f"{named}FOREIGN KEY ({columns}) REFERENCES"
            text += f" {self.quoting.place(Name(there or None, bare))} ({theirs})"
            text += f" ON DELETE {key.ondelete}" if key.ondelete else ""
            return text + (f" ON UPDATE {key.onupdate}" if key.onupdate else "")
        if item.kind == "primary_key":
            return f"PRIMARY KEY ({columns})"
        return f"UNIQUE {self.quoting.name(item.given) + ' ' if item.given else ''}({columns})"

    def _index(self, index: Index) -> str:
        words = {"fulltext": "FULLTEXT ", "spatial": "SPATIAL "}
        sort = "UNIQUE " if index.unique else words.get(index.method, "")
        using = " USING HASH" if index.method == "hash" else ""
        parts = ", ".join(map(self._part, index.parts))
        hidden = {"mysql": " INVISIBLE"}.get(self.expected.dialect, " IGNORED") if not index.valid else ""
        return f"{sort}INDEX {self.quoting.name(index.name)} ({parts}){using}{hidden}"

    def _part(self, part: IndexPart) -> str:
        text = self.quoting.name(part.column) if part.column else f"({part.expression})"
        return text + (f"({part.length})" if part.length else "") + (" DESC" if part.descending else "")


def _default(text: str) -> str:
    return text if _PLAIN_DEFAULT.fullmatch(text) else f"({text})"


def _type(kind: DataType, options: tuple[str, ...]) -> str:
    text, rest = kind.name, " UNSIGNED" if kind.unsigned else ""
    if kind.values:
        return f"{text}({', '.join(map(literal, kind.values))})"
    width = next((option for option in options if option.startswith("zerofill")), None)
    if width is not None:
        return f"{text}{width.removeprefix('zerofill')} UNSIGNED ZEROFILL"
    if kind.length is not None:
        text += f"({kind.length})"
    elif kind.precision is not None:
        text += f"({kind.precision}{f',{kind.scale}' if kind.scale is not None else ''})"
    return text + rest
