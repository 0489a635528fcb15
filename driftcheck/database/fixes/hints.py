"""The likely fix of a finding, as an Alembic operation to copy. Nothing is ever executed.

Everything is written out from the expected side, in an order in which the operations can be run as they
stand: keys.py and objects.py write what is no table and no column.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field

from driftcheck.database.fixes import keys as fix_keys
from driftcheck.database.fixes.columns import Columns
from driftcheck.database.fixes.keys import inside
from driftcheck.database.fixes.mysql import MySQL
from driftcheck.database.fixes.objects import Objects, name_of, storage
from driftcheck.database.fixes.sql import Quoting, execute
from driftcheck.database.fixes.sqlite import before_copy, copied, created, needs_copy, virtual
from driftcheck.database.fixes.types import column_of
from driftcheck.database.keys import Item, items
from driftcheck.database.model import Column, Database, ForeignKey, Index, Name, Table
from driftcheck.database.types import is_numeric
from driftcheck.difference import Change, Difference
from driftcheck.finding import Report

_TYPES, _RENAMES, _FREED, _DROPS, _TABLES, _COLUMNS, _KEYS, _REFERENCES = range(8)
_CODE, _VIEWS, _LAST, _UNUSED = range(8, 12)
_PHASES = {
    "function": _CODE,
    "view": _VIEWS,
    "materialized_view": _VIEWS,
    "trigger": _LAST,
    "policy": _LAST,
}
_SWITCHES = {
    ("row_security", True): "ENABLE ROW LEVEL SECURITY",
    ("row_security", False): "DISABLE ROW LEVEL SECURITY",
    ("force_row_security", True): "FORCE ROW LEVEL SECURITY",
    ("force_row_security", False): "NO FORCE ROW LEVEL SECURITY",
    ("unlogged", True): "SET UNLOGGED",
    ("unlogged", False): "SET LOGGED",
}
_VALID = ("valid", True)
_TURNS = {  # of the statements of MariaDB
    "type": _TYPES,
    "rename": _RENAMES,
    "free": _FREED,
    "drop": _DROPS,
    "table": _TABLES,
    "column": _COLUMNS,
    "key": _KEYS,
    "reference": _REFERENCES,
    "code": _CODE,
    "view": _VIEWS,
    "last": _LAST,
    "unused": _UNUSED,
}
_FREES = re.compile(r"op\.execute\(.DROP (?:VIEW|MATERIALIZED|TRIGGER|POLICY)")  # columns and tables
Step = tuple[int, str]


def fix_lines(report: Report, expected: Database | None) -> Iterator[str]:
    """A comment and an operation for each finding that has one; the expected side is taken to be right."""
    fixes = Fixes(expected)
    fixes.created |= {item.difference.object for item in report.findings if _makes_table(item.difference)}
    fixes.note_copies(item.difference for item in report.findings)
    steps = [
        (phase, f"# {finding.rule}: {finding.difference.object}", operation)
        for finding in report.findings
        for phase, operation in fixes.of(finding.difference)
    ]
    seen: set[str] = set()
    for _, comment, operation in sorted(steps, key=lambda step: step[0]):
        if operation not in seen:
            seen.add(operation)
            yield comment
            yield operation


def _makes_table(difference: Difference) -> bool:
    return difference.kind == "table" and difference.change is Change.MISSING


def _dropped_or_moved(difference: Difference) -> bool:
    """What Alembic has words for on every engine: tables and columns that go, tables of another name."""
    gone = difference.change is Change.EXTRA and difference.kind in {"table", "column"}
    return gone or (difference.kind == "table" and difference.rename is not None)


@dataclass(slots=True)
class Fixes:
    """Writes operations; without an expected side only those that need none of its definitions. `created`
    are tables that are made anew: keys to them stand behind all of them; `copied` are those that SQLite
    copies."""

    expected: Database | None
    created: set[str] = field(default_factory=set)
    copied: set[str] = field(default_factory=set)
    _tables: dict[str, Table] = field(default_factory=dict)
    _enums: dict[str, tuple[str, ...]] = field(default_factory=dict)
    _objects: Objects = field(init=False)
    _columns: Columns = field(init=False)
    _quoting: Quoting = field(init=False)
    _mysql: MySQL | None = field(init=False)

    def __post_init__(self) -> None:
        expected = self.expected or Database("", (), None)
        self._tables = {str(table.name): table for table in expected.tables}
        self._enums = {str(enum.name): enum.values for enum in expected.enums}
        self._quoting = Quoting(expected.dialect)
        self._objects = Objects(expected, self._quoting)
        self._columns = Columns(self._quoting, self._enums)
        self._mysql = MySQL(expected, self._quoting) if expected.dialect in {"mysql", "mariadb"} else None

    def note_copies(self, differences: Iterable[Difference]) -> None:
        """Which tables SQLite is to copy: their indexes and triggers come along."""
        if self._quoting.dialect == "sqlite":
            self.copied |= {
                name for item in differences if (name := needs_copy(item, self._tables)) is not None
            }

    def of(self, difference: Difference) -> Iterator[Step]:
        """When to run what would make the actual side as expected; none where there is no sure way."""
        if self._quoting.dialect == "sqlite":
            label = needs_copy(difference, self._tables)
            if label is not None:
                yield from self._copied(self._tables[label], difference)
                return
            if difference.object.rpartition(".")[0] in self.copied and difference.kind in {
                "index",
                "trigger",
            }:
                return  # they come with the copy
        if self._mysql is not None and not _dropped_or_moved(difference):
            yield from ((_TURNS[turn], operation) for turn, operation in self._mysql.of(difference))
        elif difference.kind == "table":
            yield from self._table(difference)
        elif difference.kind == "column" and "." in difference.object:
            yield from self._column(difference)
        elif difference.kind in fix_keys.KINDS:
            yield from self._key(difference)
        elif difference.kind == "comment":
            yield from self._comment(difference)
        else:
            phase = _PHASES.get(difference.kind, _TYPES)
            if difference.change is Change.EXTRA:
                phase = _UNUSED
            for operation in self._objects.of(difference):
                frees = _FREES.match(operation) is not None
                yield _FREED if frees else phase, operation
            if difference.kind == "materialized_view":
                yield from ((phase, operation) for operation in self._objects.indexes_of(difference))
        if difference.kind == "schema" and difference.change is Change.MISSING:
            inner = [table for table in self._tables.values() if table.name.schema == difference.object]
            self.created |= {str(table.name) for table in inner}
            for table in inner:
                yield from self._create_table(table)

    def _copied(self, table: Table, difference: Difference) -> Iterator[Step]:
        """SQLite: the table as it should be, with its triggers; a column that it lacks is there before."""
        assert self.expected is not None
        operation = copied(table, self._quoting)
        if operation is not None and difference.kind == "column" and difference.change is Change.MISSING:
            name = difference.object.rpartition(".")[2]
            column = before_copy(next(each for each in table.columns if each.name == name))
            if column is not None:
                yield _TABLES, self._columns.added(table.name, column)
        if operation is not None:
            yield _COLUMNS, operation
            for trigger in self.expected.triggers:
                if trigger.table == table.name:
                    yield _LAST, execute(trigger.definition)

    def _table(self, difference: Difference) -> Iterator[Step]:
        name = difference.object
        table = self._tables.get(name)
        if difference.rename is not None:
            old, new = name_of(difference.rename.old), name_of(difference.rename.new)
            yield _RENAMES, f"op.rename_table({new.name!r}, {old.name!r}{_in(old)})"
        elif difference.change is Change.EXTRA:
            yield _DROPS, f"op.drop_table({_name(name_of(name))})"
        elif difference.change is Change.MISSING and table is not None:
            yield from self._create_table(table)
        elif table is not None and self._quoting.dialect == "postgresql":
            yield from ((_COLUMNS, execute(text)) for text in self._altered(table, difference))

    def _altered(self, table: Table, difference: Difference) -> Iterator[str]:
        alter = f"ALTER TABLE {self._quoting.place(table.name)}"
        actual = difference.actual if isinstance(difference.actual, list | tuple) else ()
        if difference.attribute == "options":
            yield from storage(alter, table.options, [str(option) for option in actual])
        elif difference.attribute == "inherits":
            yield from (f"{alter} NO INHERIT {name}" for name in actual if name not in table.inherits)
            yield from (f"{alter} INHERIT {name}" for name in table.inherits if name not in actual)
        elif (difference.attribute, difference.expected) in _SWITCHES:
            yield f"{alter} {_SWITCHES[difference.attribute or '', bool(difference.expected)]}"

    def _create_table(self, table: Table) -> Iterator[Step]:
        """The table with all that is told with it: indexes, triggers, policies."""
        assert self.expected is not None
        if self._quoting.dialect == "sqlite":
            yield from self._created(table)
            return
        columns = {column.name: self._word(table, column) for column in table.columns}
        later = {name for name, text in columns.items() if text is None}
        parts = [text for text in columns.values() if text is not None]
        keys = items(table, self.expected.dialect)
        behind = []
        for item in keys:
            text = None if self._waits(item, table) or later & set(item.key.columns) else inside(item)
            if text is None:
                behind.append(item)
            else:
                parts.append(text)
        lines = "".join(f"\n    {part}," for part in [*parts, *_options_of(table)])
        schema = f"schema={table.name.schema!r}" if table.name.schema else ""
        yield _TABLES, f"op.create_table(\n    {table.name.name!r},{lines}\n{schema})"
        for column in table.columns:
            if column.name in later:
                yield _TABLES, self._columns.added(table.name, column)
        for item in behind:
            yield self._phase(item), fix_keys.added(item, table.name, self._quoting)
        yield from self._around(table)

    def _created(self, table: Table) -> Iterator[Step]:
        """The same on SQLite, where keys and options are part of the table."""
        assert self.expected is not None
        made = virtual(table, self._quoting) or created(table, table.name.name, self._quoting)
        if made is not None:
            yield _TABLES, made
            for item in items(table, "sqlite") if not table.options else ():
                if isinstance(item.key, Index):
                    yield _KEYS, fix_keys.added(item, table.name, self._quoting)
            yield from self._around(table)

    def _word(self, table: Table, column: Column) -> str | None:
        """A serial column numbers itself in op.create_table if it is a key, and else in SQL only; an integer
        that is the key would number itself there unless told not to."""
        key = table.primary_key.columns if table.primary_key is not None else ()
        if column.numbering == "serial" and column.name not in key:
            return None
        alone = key == (column.name,) and column.numbering is None and column.default is None
        return column_of(column, self._enums, unnumbered=alone and is_numeric(column.type))

    def _waits(self, item: Item, table: Table) -> bool:
        """Whether a foreign key leads to another table that is made anew."""
        target = item.key.target.partition("(")[0] if isinstance(item.key, ForeignKey) else ""
        return target in self.created and target != str(table.name)

    def _around(self, table: Table) -> Iterator[Step]:
        assert self.expected is not None
        on = self._quoting.place(table.name)
        for parent in table.inherits:
            yield _COLUMNS, execute(f"ALTER TABLE {on} INHERIT {parent}")
        if table.options and self._quoting.dialect == "postgresql":
            yield _COLUMNS, execute(f"ALTER TABLE {on} SET ({', '.join(table.options)})")
        for attribute in ("row_security", "force_row_security"):
            if getattr(table, attribute):
                yield _LAST, execute(f"ALTER TABLE {on} {_SWITCHES[attribute, True]}")
        for policy in table.policies:
            yield _LAST, execute(self._objects.policy(policy, on))
        for trigger in self.expected.triggers:
            if trigger.table == table.name and trigger.definition[:6].upper() == "CREATE":
                yield _LAST, execute(trigger.definition)

    def _column(self, difference: Difference) -> Iterator[Step]:
        label, _, name = difference.object.rpartition(".")
        table = self._tables.get(label)
        place = table.name if table is not None else name_of(label)
        if difference.change is Change.EXTRA:
            yield _DROPS, f"op.drop_column({_name(place, name)})"
        elif difference.rename is not None:
            yield (
                _RENAMES,
                f"op.alter_column({_name(place, difference.rename.new)}, new_column_name={name!r})",
            )
        column = next((each for each in table.columns if each.name == name), None) if table else None
        if column is None or table is None:
            return
        if difference.change is Change.MISSING:
            yield _TABLES, self._columns.added(place, column)
            yield from self._hanging(table, name)
        elif difference.attribute == "expression" and column.expression is not None:
            yield _DROPS, f"op.drop_column({_name(place, name)})"
            yield _TABLES, self._columns.added(place, column)
            yield from self._hanging(table, name)
        elif difference.change is Change.CHANGED:
            yield from ((_COLUMNS, text) for text in self._columns.changed(place, column, difference))

    def _hanging(self, table: Table, column: str) -> Iterator[Step]:
        """Keys over a column that is added: they are not told beside it."""
        assert self.expected is not None
        for item in items(table, self.expected.dialect) if str(table.name) not in self.copied else ():
            if column in item.columns and item.kind != "primary_key":
                yield self._phase(item), fix_keys.added(item, table.name, self._quoting)

    def _phase(self, item: Item) -> int:
        return _REFERENCES if item.kind == "foreign_key" else _KEYS

    def _key(self, difference: Difference) -> Iterator[Step]:
        table, name, item = self._item(difference)
        phase = _REFERENCES if difference.kind == "foreign_key" else _KEYS
        if difference.rename is not None:
            yield phase, fix_keys.renamed(difference, table, self._quoting)
            if self._quoting.dialect == "sqlite" and item is not None:  # no index is renamed there
                yield phase, fix_keys.added(item, table, self._quoting)
            return
        valid = (difference.attribute, difference.expected) == _VALID
        if valid and name is not None and difference.kind in {"foreign_key", "check"}:
            yield phase, fix_keys.validated(table, name, self._quoting)
            return
        if difference.change is not Change.MISSING and name is not None:
            yield _FREED, fix_keys.dropped(_kind_of(difference), table, name)
        if difference.change is not Change.EXTRA and item is not None:
            phase = _VIEWS if str(table) not in self._tables else phase
            yield phase, fix_keys.added(item, table, self._quoting)

    def _item(self, difference: Difference) -> tuple[Name, str | None, Item | None]:
        """The table or view, the name of the actual key, and the key of the expected side."""
        place = difference.object
        label = place.partition(".(")[0] if ".(" in place else place.rpartition(".")[0]
        told = (difference.facts or {}).get("named")
        name = str(told) if told else (None if ".(" in place else place.rpartition(".")[2])
        found = self._tables.get(label)
        if found is None and self.expected is not None:
            views = (view for view in self.expected.views if str(view.name) == label)
            found = next((Table(view.name, (), indexes=view.indexes) for view in views), None)
        keys = items(found, self.expected.dialect) if found and self.expected else []
        own = next((item for item in keys if item.label == place), None)
        return found.name if found else name_of(label), name, own

    def _comment(self, difference: Difference) -> Iterator[Step]:
        """Only PostgreSQL changes a comment without saying the whole column again."""
        if self.expected is None or self._quoting.dialect != "postgresql":
            return
        place, value = difference.object, difference.expected
        said = "NULL" if value is None else "'" + str(value).replace("'", "''") + "'"
        label, _, name = place.rpartition(".")
        views = {str(view.name): view for view in self.expected.views}
        kind = (difference.facts or {}).get("kind")  # of a constraint or an index
        if kind is not None:
            table, own, _ = self._item(difference)
            what = f"INDEX {self._quoting.place(Name(table.schema, own or ''))}"
            if kind != "index":
                what = f"CONSTRAINT {self._quoting.name(own or '')} ON {self._quoting.place(table)}"
        elif place in self._tables:
            what = f"TABLE {self._quoting.place(self._tables[place].name)}"
        elif label in self._tables:
            what = f"COLUMN {self._quoting.place(self._tables[label].name)}.{self._quoting.name(name)}"
        elif place in views:
            word = "MATERIALIZED VIEW" if views[place].materialized else "VIEW"
            what = f"{word} {self._quoting.place(views[place].name)}"
        else:
            what = f"TYPE {self._quoting.place(name_of(place))}"
        yield _LAST, execute(f"COMMENT ON {what} IS {said}")


def _kind_of(difference: Difference) -> str:
    """What is there now: the other side of "unique" may be a constraint."""
    return str((difference.facts or {}).get("kind", difference.kind))


def _options_of(table: Table) -> Iterator[str]:
    if table.partition is not None:
        yield f"postgresql_partition_by={table.partition!r}"
    if table.unlogged:
        yield "prefixes=['UNLOGGED']"
    if table.comment is not None:
        yield f"comment={table.comment!r}"


def _in(table: Name) -> str:
    return f", schema={table.schema!r}" if table.schema else ""


def _name(table: Name, column: str | None = None) -> str:
    names = [repr(table.name), *([repr(column)] if column is not None else [])]
    return ", ".join(names) + _in(table)
