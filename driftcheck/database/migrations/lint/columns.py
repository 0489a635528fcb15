"""What a new or changed column does to the rows that are there and to the code that is running."""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.database.migrations.lint.changes import Changed
from driftcheck.database.migrations.lint.danger import Subject
from driftcheck.database.migrations.lint.schema import Column
from driftcheck.database.migrations.lint.settled import Event
from driftcheck.database.migrations.lint.types import fit, read
from driftcheck.difference import Difference, Severity

_AFFINITIES = {
    "INT": "integer", "CHAR": "text", "CLOB": "text", "TEXT": "text", "BLOB": "blob",
    "REAL": "real", "FLOA": "real", "DOUB": "real",
}  # fmt: skip


def added_column(subject: Subject, event: Event, column: Column) -> Iterator[Difference]:
    """A column on a table from before."""
    place, line = f"{event.table}.{column.name}", event.statement.line
    if subject.ran.before.table(event.table) is None:
        return
    after = subject.ran.after.table(event.table)
    last = after.column(column.name) if after is not None else None
    if last is None:
        return
    filled = _filled_by_copy(event) or _filled_by_script(event) or _emptied_before(subject, event)
    if _needs_value(column) and not filled:
        says = f"column {place} is added NOT NULL and without a default"
        yield subject.danger("data", "column-required", place, says, kind="column", line=line)
    elif _needs_value(last):
        says = f"column {place} is new and NOT NULL, and has no default in the database"
        yield subject.danger("data", "column-without-default", place, says, kind="column", line=line)
    if subject.ran.dialect == "postgresql" and column.type == "json":
        says = f"column {place} is json, not jsonb"
        yield subject.danger("practice", "json-column", place, says, kind="column", line=line)


def _emptied_before(subject: Subject, event: Event) -> bool:
    """Whether the revision has deleted all rows before, which is told as such."""
    for statement in subject.ran.statements:
        if statement is event.statement:
            return False
        for part in statement.parts:
            emptied = part.verb == "truncate" or (part.verb == "delete" and part.everything)
            if emptied and subject.table(part.target) == subject.table(event.table):
                return True
    return False


def _filled_by_copy(event: Event) -> bool:
    return False if not event.rebuilt else event.filled and _names_it(event)


def _filled_by_script(event: Event) -> bool:
    """Whether a script of several statements adds the column and fills it, which is seen as one step."""
    return any(part.verb == "update" and _names_it(event) for part in event.statement.parts)


def _names_it(event: Event) -> bool:
    name = getattr(getattr(event.step, "thing", None), "name", "")
    return any(name in part.names for part in event.statement.parts)


def _needs_value(column: Column) -> bool:
    return column.required and column.default is None and not column.numbered and not column.generated


def changed_column(subject: Subject, event: Event, before: Column, after: Column) -> Iterator[Difference]:
    """A column that was there before and is another now."""
    place, line = f"{event.table}.{before.name}", event.statement.line
    if before.name != after.name and not _left_behind(subject, event, before):
        says = f"column {place} is renamed to {after.name}"
        yield subject.danger("data", "column-renamed", place, says, kind="column", line=line)
    if before.type != after.type:
        yield from _retyped(subject, event, before, after)
    if before.required and not after.required and not _undone(subject, event, required=True):
        says = f"column {place} may be NULL from now on"
        yield subject.danger("data", "not-null-dropped", place, says, kind="column", line=line)
    if not before.required and after.required:
        yield from _now_required(subject, event, after)
    lost = before.default is not None and after.default is None
    if lost and after.required and not after.numbered and not _undone(subject, event, required=None):
        says = f"column {place} is NOT NULL and loses its default"
        yield subject.danger("data", "default-dropped", place, says, kind="column", line=line)


def _left_behind(subject: Subject, event: Event, before: Column) -> bool:
    """Whether a column of the old name is there at the end after all."""
    after = subject.ran.after.table(event.table)
    return after is not None and after.column(before.name) is not None


def _undone(subject: Subject, event: Event, *, required: bool | None) -> bool:
    """Whether the end of the revision has it as it was."""
    assert isinstance(event.step, Changed)
    assert isinstance(event.step.after, Column)
    table = subject.ran.after.table(event.table)
    last = table.column(event.step.after.name) if table is not None else None
    if last is None:
        return True
    return last.required if required else last.default is not None


def _now_required(subject: Subject, event: Event, after: Column) -> Iterator[Difference]:
    place, line = f"{event.table}.{after.name}", event.statement.line
    if subject.ran.dialect == "postgresql":
        return  # told by whether it scans
    table = subject.ran.after.table(event.table)
    if event.filled or table is None or after.name in table.primary_key or subject.sizes.of(event.table) == 0:
        return
    says = f"column {place} becomes NOT NULL, and its NULLs are not replaced before"
    yield subject.danger("data", "not-null-unfilled", place, says, kind="column", line=line)


def _retyped(subject: Subject, event: Event, before: Column, after: Column) -> Iterator[Difference]:
    place, line = f"{event.table}.{before.name}", event.statement.line
    enums = frozenset(each.name.lower() for each in subject.ran.before.types.values())
    enums |= frozenset(each.name.lower() for each in subject.ran.after.types.values())
    found = fit(before.type, after.type, enums)
    gone = [label for label in read(before.type).labels if label not in read(after.type).labels]
    for label in gone if read(after.type).labels else ():
        says = f"value '{label}' of {place} is removed"
        yield subject.danger("data", "enum-value-removed", f"{place}.{label}", says, kind="column", line=line)
    if gone and read(after.type).labels:
        return
    says = f"column {place} goes from {before.type} to {after.type}"
    rewritten = event.table in event.statement.measured.rewritten and subject.busy(event.table)
    if found == "other" and (rewritten or _alike_in_sqlite(subject, before.type, after.type)):
        return  # a rewrite is told as such
    aspect = {"narrower": "column-narrowed", "other": "column-retyped"}.get(found)
    if aspect is not None:
        cap = Severity.INFO if (before.type.lower(), after.type.lower()) == ("json", "jsonb") else None
        if subject.ran.dialect == "sqlite":
            cap = Severity.RISKY  # it holds no value to its type's length
        yield subject.danger(
            "data", aspect, place, says, kind="column", line=line, at_most=cap,
            expected=before.type, actual=after.type,
        )  # fmt: skip


def _alike_in_sqlite(subject: Subject, old: str, new: str) -> bool:
    """Whether SQLite, which knows affinities only, makes no difference between the types."""
    return subject.ran.dialect == "sqlite" and _affinity(old.upper()) == _affinity(new.upper())


def _affinity(name: str) -> str:
    """https://sqlite.org/datatype3.html, 3.1."""
    return next((affinity for word, affinity in _AFFINITIES.items() if word in name), "numeric")
