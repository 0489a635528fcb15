"""Fix hints for SQLite, which changes a table by copying it: Alembic's batch, told the whole expected table.

Without that Alembic would copy what it reads, which leaves out some checks, collations and orders of keys.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace

from driftcheck.database.fixes.keys import added, index_inside, inside
from driftcheck.database.fixes.sql import Quoting, execute
from driftcheck.database.fixes.types import column_of
from driftcheck.database.keys import Item, items
from driftcheck.database.model import Column, Index, PrimaryKey, Table, Unique
from driftcheck.difference import Change, Difference

# views and triggers name the table that is gone for a moment
_LEGACY = "op.execute('PRAGMA legacy_alter_table = ON')\n{}\nop.execute('PRAGMA legacy_alter_table = OFF')"
_KEYS = {"primary_key", "foreign_key", "unique", "check"}
_OF_TABLES = {"strict", "without_rowid"}


def needs_copy(difference: Difference, tables: Mapping[str, Table]) -> str | None:
    """The expected table that has to be copied for it; None where an ALTER TABLE does, or nothing."""
    place, kind = difference.object, difference.kind
    if kind == "table":
        return place if difference.attribute in _OF_TABLES and place in tables else None
    label = place.partition(".(")[0] if ".(" in place else place.rpartition(".")[0]
    table = tables.get(label)
    if table is None:
        return None
    if kind in _KEYS:
        return label
    if kind != "column" or difference.rename is not None or difference.attribute == "order":
        return None
    if difference.change is Change.MISSING:
        column = next(each for each in table.columns if each.name == place.rpartition(".")[2])
        return None if _can_be_added(column, table) else label
    return label


def _can_be_added(column: Column, table: Table) -> bool:
    """Whether ALTER TABLE … ADD COLUMN makes it, and nothing but indexes hangs on it."""
    if table.options:
        return False  # a virtual one is made once
    plain = column.expression is None and column.on_conflict is None
    plain = plain and (column.default is None or column.default[:1] in "'-0123456789")
    filled = column.nullable or column.default is not None
    hangs = any(
        column.name in item.columns for item in items(table, "sqlite") if not isinstance(item.key, Index)
    )
    return plain and filled and not hangs


def before_copy(column: Column) -> Column | None:
    """What to add of a missing column before its table is copied; None for one that is computed."""
    return None if column.expression is not None else replace(column, nullable=True, default=None)


def copied(table: Table, quoting: Quoting) -> str | None:
    """The operation that copies a table into what it should be; None where a type has no word."""
    columns = [_column(column) for column in table.columns]
    if any(text is None for text in columns) or any(item.startswith("using ") for item in table.options):
        return None
    if any(column.expression is not None for column in table.columns):
        return _LEGACY.replace("{}", _by_hand(table, quoting))
    keys = items(table, "sqlite")
    parts = [*map(str, columns), *(text for item in keys if (text := _key(item, quoting)) is not None)]
    parts += _options(table)
    lines = "".join(f"\n    {part}," for part in ("sa.MetaData()", *parts))
    name = repr(table.name.name)
    whole = f"sa.Table(\n    {name},{lines}\n)"
    batch = f"with op.batch_alter_table({name}, recreate='always', copy_from={whole}):\n    pass"
    return _LEGACY.replace("{}", batch)


def created(table: Table, name: str, quoting: Quoting) -> str | None:
    """The operation that creates a table, under any name and without its indexes; None where a type has no
    word."""
    columns = [_column(column) for column in table.columns]
    if any(text is None for text in columns):
        return None
    keys = (item for item in items(table, "sqlite") if not isinstance(item.key, Index))
    parts = [*map(str, columns), *(text for item in keys if (text := _key(item, quoting))), *_options(table)]
    lines = "".join(f"\n    {part}," for part in parts)
    return f"op.create_table(\n    {name!r},{lines}\n)"


def virtual(table: Table, quoting: Quoting) -> str | None:
    """The operation that creates a virtual table; None for a table of any other kind."""
    module = next((item.removeprefix("using ") for item in table.options if item.startswith("using ")), None)
    if module is None:
        return None
    settings = [item for item in table.options if not item.startswith("using ")]
    parts = ", ".join([*(quoting.name(column.name) for column in table.columns), *settings])
    return execute(f"CREATE VIRTUAL TABLE {quoting.place(table.name)} USING {module}({parts})")


def _by_hand(table: Table, quoting: Quoting) -> str:
    """The same where columns are computed: Alembic's batch would write to these."""
    keys = items(table, "sqlite")
    own, new = table.name.name, f"_{table.name.name}_copy"
    stored = ", ".join(quoting.name(column.name) for column in table.columns if column.expression is None)
    steps = [
        str(created(table, new, quoting)),
        execute(f"INSERT INTO {quoting.name(new)} ({stored}) SELECT {stored} FROM {quoting.name(own)}"),
        f"op.drop_table({own!r})",
        f"op.rename_table({new!r}, {own!r})",
        *(added(item, table.name, quoting) for item in keys if isinstance(item.key, Index)),
    ]
    return "\n".join(steps)


def _column(column: Column) -> str | None:
    text = column_of(column, {})
    if text is None or column.on_conflict is None:
        return text
    return f"{text.removesuffix(')')}, sqlite_on_conflict_not_null={column.on_conflict.upper()!r})"


def _key(item: Item, quoting: Quoting) -> str | None:
    if isinstance(item.key, Index):
        return index_inside(item.key, quoting)
    text = inside(item)
    if text is not None and isinstance(item.key, PrimaryKey | Unique) and item.key.on_conflict:
        text = f"{text.removesuffix(')')}, sqlite_on_conflict={item.key.on_conflict.upper()!r})"
    return text


def _options(table: Table) -> list[str]:
    told = {
        "sqlite_autoincrement=True": any(column.numbering == "autoincrement" for column in table.columns),
        "sqlite_with_rowid=False": table.without_rowid,
        "sqlite_strict=True": table.strict,
    }
    return [option for option, holds in told.items() if holds]
