"""What a revision loses or makes fail: rows, columns, names that running code uses, values that fitted."""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.database.migrations.lint.changes import Added, Changed, Dropped
from driftcheck.database.migrations.lint.columns import added_column, changed_column
from driftcheck.database.migrations.lint.danger import Subject
from driftcheck.database.migrations.lint.schema import (
    Column,
    Constraint,
    Extension,
    Index,
    Namespace,
    Table,
    Trigger,
    Type,
)
from driftcheck.database.migrations.lint.settled import Event
from driftcheck.database.migrations.lint.sql import Part
from driftcheck.difference import Difference, Severity

_FAMILY = "data"
_GUARDS = {"foreign key", "check", "primary key", "unique", "exclusion"}


def lost(subject: Subject, events: list[Event]) -> Iterator[Difference]:
    """All findings about data and names."""
    for event in events:
        match event.step:
            case Dropped(thing=thing):
                yield from _dropped(subject, event, thing)
            case Changed(before=Table() as before, after=Table() as after):
                yield from _table(subject, event, before, after)
            case Changed(before=Column() as before, after=Column() as after):
                yield from changed_column(subject, event, before, after)
            case Changed(before=Type() as before, after=Type() as after):
                yield from _type(subject, event, before, after)
            case Changed(before=Namespace() as before, after=Namespace() as after) if (
                before.key in subject.ran.before.namespaces
            ):
                says = f"schema {before.name} is renamed to {after.name}"
                yield _make(subject, event, "schema-renamed", before.name, says, "schema")
            case Changed(before=Extension() as before, after=Extension() as after):
                says = f"extension {before.name} goes from {before.version} to {after.version}"
                yield _make(subject, event, "extension-changed", before.name, says, "extension")
            case Added(thing=Column() as column):
                yield from added_column(subject, event, column)
            case Added(thing=Constraint() | Index() as thing):
                yield from _unique(subject, event, thing)
    yield from _labels(subject, events)
    yield from _emptied(subject)


def _make(
    subject: Subject,
    event: Event,
    aspect: str,
    object: str,
    says: str,
    kind: str,
    at_most: Severity | None = None,
) -> Difference:
    line = event.statement.line
    return subject.danger(_FAMILY, aspect, object, says, kind=kind, line=line, at_most=at_most)


def _dropped(subject: Subject, event: Event, thing: object) -> Iterator[Difference]:
    match thing:
        case Table():
            yield from _table_dropped(subject, event, thing)
        case Column():
            place = f"{event.table}.{thing.name}"
            empty = Severity.RISKY if subject.sizes.of(event.table) == 0 else None
            yield _make(
                subject, event, "column-dropped", place, f"column {place} is dropped", "column", empty
            )
        case Constraint():
            yield from _constraint_dropped(subject, event, thing)
        case Index() if thing.unique and not thing.primary:
            yield from _index_dropped(subject, event, thing)
        case Trigger() if event.rebuilt:
            says = f"trigger {thing.name} of {event.table} is lost when the table is rebuilt"
            yield _make(subject, event, "lost-in-rebuild", f"{event.table}.{thing.name}", says, "trigger")
        case Namespace() if thing.key in subject.ran.before.namespaces:
            says = f"schema {thing.name} is dropped with everything in it"
            yield _make(subject, event, "schema-dropped", thing.name, says, "schema")
        case Extension() if thing.name in subject.ran.before.extensions:
            says = f"extension {thing.name} is dropped"
            yield _make(subject, event, "extension-changed", thing.name, says, "extension")


def _table_dropped(subject: Subject, event: Event, table: Table) -> Iterator[Difference]:
    after = subject.ran.after.table(event.table)
    if subject.ran.before.table(event.table) is None or table.kind == "sequence":
        return
    named = any(
        part.opaque or table.name.rpartition(".")[2].lower() in {name.lower() for name in part.names}
        for part in event.statement.parts
    )
    in_schema = any(part.has("schema") and part.verb == "drop" for part in event.statement.parts)
    if not named and not in_schema:
        says = f"{table.kind} {event.table} goes with what is dropped, and is not named"
        if after is None:
            yield _make(subject, event, "cascade", event.table, says, "table")
    elif table.kind != "table":
        if after is None:
            says = f"{table.kind} {event.table} is dropped"
            yield _make(subject, event, "view-dropped", event.table, says, "view")
    elif after is not None:
        says = f"table {event.table} is dropped and made anew, without its rows"
        yield _make(subject, event, "table-recreated", event.table, says, "table")
    elif not in_schema:
        empty = Severity.RISKY if subject.sizes.of(event.table) == 0 else None
        says = f"table {event.table} is dropped"
        yield _make(subject, event, "table-dropped", event.table, says, "table", empty)
    if subject.ran.options.get("cascades") and table.kind == "table":
        yield from _cascading(subject, event)


def _cascading(subject: Subject, event: Event) -> Iterator[Difference]:
    """SQLite with foreign keys switched on: DROP TABLE deletes the rows first, and what refers to them."""
    for table in subject.tables():
        for each in table.constraints:
            if each.references == event.table and "CASCADE" in each.definition and table.name != event.table:
                says = f"rows of {table.name} that refer to {event.table} are deleted with it"
                yield _make(subject, event, "cascade", table.name, says, "table")


def _constraint_dropped(subject: Subject, event: Event, constraint: Constraint) -> Iterator[Difference]:
    after = subject.ran.after.table(event.table)
    if constraint.kind not in _GUARDS or after is None or _gone_with_column(constraint, after):
        return
    if constraint.kind == "check" and _means_not_null(constraint, after):
        return
    if constraint.kind == "check" and any(
        each.kind == "check" and set(each.columns) & set(constraint.columns) for each in after.constraints
    ):
        return
    if constraint.kind in {"unique", "primary key"} and _still_unique(constraint.columns, after):
        return
    place = f"{event.table}.{constraint.name or '(' + ','.join(constraint.columns) + ')'}"
    if event.rebuilt and constraint.kind == "check" and not constraint.name:
        says = f"an unnamed CHECK of {event.table} is lost when the table is rebuilt"
        yield _make(subject, event, "lost-in-rebuild", place, says, "check")
        return
    written = {name.lower() for part in event.statement.parts for name in part.names}
    opaque = any(part.opaque for part in event.statement.parts)
    aimed = event.rebuilt or opaque or event.table.rpartition(".")[2].lower() in written
    if not aimed and constraint.kind == "foreign key":
        says = f"foreign key {place} goes with what is dropped, and is not named"
        yield _make(subject, event, "cascade", place, says, "foreign_key")
        return
    kind = constraint.kind.replace(" ", "_")
    says = f"{constraint.kind} {place} is dropped"
    yield _make(subject, event, "constraint-dropped", place, says, kind)


def _index_dropped(subject: Subject, event: Event, index: Index) -> Iterator[Difference]:
    before, after = subject.ran.before.table(event.table), subject.ran.after.table(event.table)
    if before is None or after is None or _still_unique(index.columns, after):
        return
    if any(each.index == index.key for each in before.constraints):
        return
    names = {column.name for column in after.columns}
    if any(column not in names and before.column(column) is not None for column in index.columns):
        return
    place = f"{event.table}.{index.name}"
    says = f"unique index {place} is dropped"
    yield _make(subject, event, "constraint-dropped", place, says, "unique")


def _still_unique(columns: tuple[str, ...], table: Table) -> bool:
    """Whether something else keeps the columns, or some of them, unique."""
    found = [each.columns for each in table.indexes if each.unique]
    found += [each.columns for each in table.constraints if each.kind in {"unique", "primary key"}]
    return any(each and set(each) <= set(columns) for each in found)


def _gone_with_column(constraint: Constraint, after: Table) -> bool:
    names = {column.name for column in after.columns}
    return any(column not in names for column in constraint.columns)


def _means_not_null(constraint: Constraint, after: Table) -> bool:
    if "IS NOT NULL" not in constraint.definition.upper():
        return False
    columns = [after.column(name) for name in constraint.columns]
    return bool(columns) and all(column is not None and column.required for column in columns)


def _table(subject: Subject, event: Event, before: Table, after: Table) -> Iterator[Difference]:
    if before.name != after.name and before.kind != "sequence":
        stand_in = subject.ran.after.table(event.table)
        if stand_in is None or stand_in.kind == "table":
            says = f"{before.kind} {event.table} is renamed to {after.name}"
            yield _make(subject, event, "table-renamed", event.table, says, "table")
    if "versioned" in before.options and "versioned" not in after.options:
        says = f"the history of table {event.table} is dropped"
        yield _make(subject, event, "history-dropped", event.table, says, "table")
    engine = after.options.get("engine", "")
    if engine != before.options.get("engine", "") and engine.lower() not in {"", "innodb", "xtradb"}:
        says = f"table {event.table} goes to the engine {engine}"
        yield subject.danger("practice", "table-engine", event.table, says, line=event.statement.line)


def _type(subject: Subject, event: Event, before: Type, after: Type) -> Iterator[Difference]:
    old, new = dict(before.labels), dict(after.labels)
    for key, label in old.items():
        if key in new and new[key] != label:
            says = f"value '{label}' of enum {before.name} is renamed to '{new[key]}'"
            yield _make(subject, event, "enum-value-renamed", f"{before.name}.{label}", says, "enum")


def _labels(subject: Subject, events: list[Event]) -> Iterator[Difference]:
    """Values that an enum has lost because a new type took the place of the old one."""
    after = {each.name: each for each in subject.ran.after.types.values() if each.kind == "enum"}
    for old in subject.ran.before.types.values():
        new = after.get(old.name)
        if old.kind != "enum" or new is None or new.key == old.key:
            continue
        labels = [label for _, label in new.labels]
        steps = [
            each
            for each in events
            if isinstance(each.step.after if isinstance(each.step, Changed) else each.step.thing, Type)
        ]
        for _, label in old.labels:
            if label not in labels and steps:
                says = f"value '{label}' of enum {old.name} is removed"
                yield _make(subject, steps[-1], "enum-value-removed", f"{old.name}.{label}", says, "enum")


def _unique(subject: Subject, event: Event, thing: Constraint | Index) -> Iterator[Difference]:
    """PostgreSQL's are told with the locks they take; the others fail on duplicates all the same."""
    unique = thing.unique and not thing.primary if isinstance(thing, Index) else thing.kind == "unique"
    before = subject.ran.before.table(event.table)
    if (
        subject.ran.dialect == "postgresql"
        or not unique
        or (event.filled and not event.rebuilt)
        or before is None
    ):
        return
    if isinstance(thing, Constraint) and thing.index:
        return  # told of its index
    if event.rebuilt and _written_before(subject, event):
        return
    if _still_unique(thing.columns, before) or any(before.column(name) is None for name in thing.columns):
        return
    if subject.sizes.of(event.table) == 0:
        return
    place = f"{event.table}.{thing.name or '(' + ','.join(thing.columns) + ')'}"
    says = f"{', '.join(thing.columns)} of {event.table} must be unique from now on"
    yield _make(subject, event, "unique-added", place, says, "unique")


def _written_before(subject: Subject, event: Event) -> bool:
    """Whether the revision itself wrote into the table that is rebuilt, not only into its copy."""
    for statement in subject.ran.statements:
        if statement is event.statement:
            return False
        if any(part.dml and part.target == event.table for part in statement.parts):
            return True
    return False


def _emptied(subject: Subject) -> Iterator[Difference]:
    """TRUNCATE, and DELETE without WHERE."""
    for statement in subject.ran.statements:
        for part in statement.parts:
            if part.verb == "truncate" or (part.verb == "delete" and part.everything):
                table = subject.table(part.target)
                if table is None or table.kind != "table" or subject.sizes.of(table.name) == 0:
                    continue
                says = f"all rows of {table.name} are deleted"
                yield subject.danger(_FAMILY, "table-emptied", table.name, says, line=statement.line)
                yield from _taken_along(
                    subject, statement.measured.rewritten - {table.name}, part, statement.line
                )
            elif part.verb == "alter" and part.has("partition") and {"drop", "truncate"} & set(part.words):
                table = subject.table(part.target)
                if table is not None and subject.ran.dialect != "postgresql":
                    says = f"partitions of {table.name} are dropped with their rows"
                    yield subject.danger(_FAMILY, "table-emptied", table.name, says, line=statement.line)


def _taken_along(
    subject: Subject, tables: frozenset[str], part: Part, line: int | None
) -> Iterator[Difference]:
    for name in sorted(tables):
        table = subject.table(name)
        if table is not None and table.kind == "sequence":
            continue  # RESTART IDENTITY
        if name.rpartition(".")[2] not in part.names:
            says = f"all rows of {name} go with those of another table, and it is not named"
            yield subject.danger(_FAMILY, "cascade", name, says, line=line)
