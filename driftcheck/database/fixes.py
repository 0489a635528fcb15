"""The likely fix of a finding, as an Alembic operation to copy. Nothing is ever executed."""

from __future__ import annotations

from collections.abc import Callable, Iterator

from driftcheck.difference import Change, Difference
from driftcheck.finding import Report


def fix_lines(report: Report) -> Iterator[str]:
    """A comment and an operation for each finding that has one; models are taken to be right."""
    for finding in report.findings:
        operation = fix_of(finding.difference)
        if operation is not None:
            yield f"# {finding.rule}: {finding.difference.object}"
            yield operation


def fix_of(difference: Difference) -> str | None:
    """The operation that would make the actual side as expected."""
    table, _, name = difference.object.rpartition(".")
    if difference.kind == "table":
        return _table(difference)
    make = _MAKERS.get(difference.kind)
    return make(difference, table, name) if make is not None and table else None


def _table(difference: Difference) -> str | None:
    if difference.change is Change.MISSING:
        return f"op.create_table({difference.object!r}, ...)"
    if difference.change is Change.EXTRA:
        return f"op.drop_table({difference.object!r})"
    if difference.rename is not None:
        return f"op.rename_table({difference.rename.new!r}, {difference.rename.old!r})"
    return None


def _column(difference: Difference, table: str, name: str) -> str | None:
    if difference.change is Change.MISSING:
        return f"op.add_column({table!r}, sa.Column({name!r}, ...))  # {difference.expected}"
    if difference.change is Change.EXTRA:
        return f"op.drop_column({table!r}, {name!r})"
    if difference.rename is not None:
        return f"op.alter_column({table!r}, {difference.rename.new!r}, new_column_name={name!r})"
    if difference.attribute in {
        "type",
        "length",
        "precision",
        "scale",
        "timezone",
        "unsigned",
        "values",
        "collation",
    }:
        return (
            f"op.alter_column({table!r}, {name!r}, type_=...)  # {difference.attribute} {difference.expected}"
        )
    if difference.attribute == "nullable":
        return f"op.alter_column({table!r}, {name!r}, nullable={difference.expected})"
    if difference.attribute == "default":
        value = None if difference.expected is None else f"sa.text({str(difference.expected)!r})"
        return f"op.alter_column({table!r}, {name!r}, server_default={value})"
    return None


def _index(difference: Difference, table: str, name: str) -> str | None:
    drop = f"op.drop_index({name!r}, table_name={table!r})"
    create = f"op.create_index({name!r}, {table!r}, ...)  # {difference.expected}"
    if difference.rename is not None:
        return f"op.execute('ALTER INDEX {difference.rename.new} RENAME TO {difference.rename.old}')"
    if difference.change is Change.EXTRA:
        return drop
    return create if difference.change is Change.MISSING else f"{drop}; {create}"


def _constraint(function: str) -> Callable[[Difference, str, str], str | None]:
    def make(difference: Difference, table: str, name: str) -> str | None:
        shown = None if name.startswith("(") else name
        drop = f"op.drop_constraint({shown!r}, {table!r})"
        create = f"op.{function}({shown!r}, {table!r}, ...)  # {difference.expected}"
        if difference.change is Change.EXTRA:
            return drop
        return create if difference.change is Change.MISSING else f"{drop}; {create}"

    return make


_MAKERS: dict[str, Callable[[Difference, str, str], str | None]] = {
    "column": _column,
    "index": _index,
    "primary_key": _constraint("create_primary_key"),
    "foreign_key": _constraint("create_foreign_key"),
    "unique": _constraint("create_unique_constraint"),
    "check": _constraint("create_check_constraint"),
    "exclusion": _constraint("create_exclude_constraint"),
}
