"""Whom a revision keeps waiting on PostgreSQL: locks, scans and rewrites as they were measured.

A lock that is held for a moment is nothing; one that is held for a scan, a rewrite or a backfill is.
"""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.database.migrations.lint.changes import Added, Changed, Dropped, Step
from driftcheck.database.migrations.lint.danger import Subject
from driftcheck.database.migrations.lint.schema import Column, Constraint, Index, Table, Trigger
from driftcheck.database.migrations.lint.statement import Lock, Statement
from driftcheck.difference import Difference, Severity

_FAMILY = "lock"
_BUILT = {"unique": "unique-builds-index", "primary key": "primary-key-added", "exclusion": "exclusion-added"}
_CHECKED = {"foreign key": "foreign-key-validated", "check": "check-validated", "not null": "not-null-set"}
_ALL = "everybody who uses it waits"
_WRITERS = "writers wait"


def blocked(subject: Subject) -> Iterator[Difference]:
    """All findings about locks, statement by statement."""
    for statement in subject.ran.statements:
        if statement.refused == "concurrently":
            target = next((part.target for part in statement.parts), "")
            says = f"CONCURRENTLY on {target or 'an index'} inside a transaction"
            yield subject.danger(
                _FAMILY,
                "concurrently-in-transaction",
                target or "index",
                says,
                kind="index",
                line=statement.line,
            )
            continue
        names = {*statement.measured.locks, *statement.measured.rewritten, *statement.measured.scanned}
        for name in sorted(names):
            if subject.busy(name):
                found = list(_on_table(subject, statement, name))
                yield from found or _otherwise(subject, statement, name)
        yield from _detached(subject, statement)
    yield from _waiting(subject)


def busy_with(statement: Statement, table: str) -> bool:
    """Whether the statement worked through all rows of the table."""
    if table in statement.measured.rewritten or table in statement.measured.scanned:
        return True
    return any(_builds(step) and _table_of(step) == table for step in statement.measured.steps)


def _builds(step: Step) -> bool:
    if isinstance(step, Changed) and isinstance(step.before, Index) and isinstance(step.after, Index):
        return step.before.node != step.after.node
    return isinstance(step, Added) and isinstance(step.thing, Index) and step.thing.node != 0


def _table_of(step: Step) -> str:
    return step.table


def _make(
    subject: Subject, statement: Statement, aspect: str, object: str, says: str, kind: str
) -> Difference:
    return subject.danger(_FAMILY, aspect, object, says, kind=kind, line=statement.line)


def _on_table(subject: Subject, statement: Statement, name: str) -> Iterator[Difference]:
    """Findings with a cause of their own."""
    measured = statement.measured
    steps = [step for step in measured.steps if step.table == name]
    lock = measured.locks.get(name, Lock.NONE)
    if name in measured.rewritten:
        yield from _rewritten(subject, statement, name, steps)
        return
    backing = {
        each.thing.index for each in steps if isinstance(each, Added) and isinstance(each.thing, Constraint)
    }
    for step in steps:
        match step:
            case Added(thing=Constraint() as constraint):
                yield from _constraint(subject, statement, name, constraint, steps)
            case Added(thing=Index() as index) if (
                index.key not in backing and index.node and lock >= Lock.WRITES
            ):
                says = f"index {index.name} on {name} is built while {_WRITERS}"
                yield _make(subject, statement, "index-not-concurrent", f"{name}.{index.name}", says, "index")
            case Dropped(thing=Index() as index) if lock >= Lock.ALL and _says(statement, "drop", "index"):
                says = f"index {index.name} on {name} is dropped under an ACCESS EXCLUSIVE lock"
                yield _make(
                    subject, statement, "index-drop-not-concurrent", f"{name}.{index.name}", says, "index"
                )
            case Changed(before=Constraint(validated=False), after=Constraint(validated=True) as constraint):
                if statement.held.get(name, Lock.NONE) >= Lock.WRITES:
                    says = (
                        f"{constraint.name} on {name} is validated in the transaction that locked the table"
                    )
                    place = f"{name}.{constraint.name}"
                    yield _make(subject, statement, "validated-in-same-transaction", place, says, "check")
            case Changed(before=Column(required=False), after=Column(required=True) as column):
                if name in measured.scanned and not _key_over(steps, column.name):
                    says = f"{name} is scanned for NULLs in {column.name} while {_ALL}"
                    yield _make(subject, statement, "not-null-set", f"{name}.{column.name}", says, "column")
            case Added(thing=Trigger() as trigger):
                says = f"trigger {trigger.name} is added to {name}"
                yield _make(subject, statement, "trigger-added", f"{name}.{trigger.name}", says, "trigger")
    rebuilt = [step for step in steps if _builds(step) and isinstance(step, Changed)]
    if rebuilt and _says(statement, "reindex") and lock >= Lock.WRITES:
        says = f"indexes of {name} are built anew while {_WRITERS}"
        yield _make(subject, statement, "reindex-not-concurrent", name, says, "table")


def _key_over(steps: list[Step], column: str) -> bool:
    """Whether the column becomes NOT NULL only because it becomes part of the primary key."""
    things = [step.thing for step in steps if isinstance(step, Added)]
    return any(
        isinstance(each, Constraint) and each.kind == "primary key" and column in each.columns
        for each in things
    )


def _constraint(
    subject: Subject, statement: Statement, name: str, constraint: Constraint, steps: list[Step]
) -> Iterator[Difference]:
    place = f"{name}.{constraint.name}"
    kind = constraint.kind.replace(" ", "_")
    scanned = name in statement.measured.scanned
    if constraint.kind in _BUILT:
        old = subject.ran.before.table(name)
        known = old is not None and any(each.key == constraint.index for each in old.indexes)
        added = [step.thing for step in steps if isinstance(step, Added) and isinstance(step.thing, Index)]
        fresh = any(index.key == constraint.index for index in added)
        if (fresh and not known) or (scanned and constraint.kind == "primary key"):
            says = f"{constraint.kind} {place} builds its index while {_ALL}"
            yield _make(subject, statement, _BUILT[constraint.kind], place, says, kind)
    elif constraint.kind in _CHECKED and constraint.validated and scanned:
        whom = f"{_WRITERS} on both tables" if constraint.kind == "foreign key" else _ALL
        says = f"{constraint.kind} {place} is checked on every row of {name} while {whom}"
        yield _make(subject, statement, _CHECKED[constraint.kind], place, says, kind)


def _rewritten(subject: Subject, statement: Statement, name: str, steps: list[Step]) -> Iterator[Difference]:
    if any(part.verb == "truncate" for part in statement.parts):
        return
    for step in steps:
        match step:
            case Added(thing=Column(numbered=True) as column):
                says = f"{name} is rewritten to number {column.name}, while {_ALL}"
                yield _make(
                    subject, statement, "numbered-column-added", f"{name}.{column.name}", says, "column"
                )
            case Added(thing=Column(generated="stored") as column):
                says = f"{name} is rewritten to compute {column.name}, while {_ALL}"
                yield _make(
                    subject, statement, "stored-column-added", f"{name}.{column.name}", says, "column"
                )
            case Added(thing=Column(default=str()) as column):
                says = f"{name} is rewritten to give each row a default of {column.name}, while {_ALL}"
                yield _make(subject, statement, "volatile-default", f"{name}.{column.name}", says, "column")
            case Changed(before=Column() as old, after=Column() as new) if old.type != new.type:
                says = f"{name} is rewritten to turn {old.name} from {old.type} into {new.type}, while {_ALL}"
                yield _make(subject, statement, "column-rewrite", f"{name}.{old.name}", says, "column")
            case Changed(before=Table() as old, after=Table() as new) if old.options != new.options:
                says = f"{name} is rewritten because its storage changes, while {_ALL}"
                yield _make(subject, statement, "storage-changed", name, says, "table")


def _otherwise(subject: Subject, statement: Statement, name: str) -> Iterator[Difference]:
    """Work on all rows, for a reason that no other rule names."""
    measured = statement.measured
    lock = measured.locks.get(name, Lock.NONE)
    if any(part.verb == "truncate" for part in statement.parts):
        return
    if name in measured.rewritten:
        says = f"{name} is rewritten while {_ALL}"
        yield _make(subject, statement, "table-rewritten", name, says, "table")
    elif any(_fails(step, name) or _refers(step, name) for step in measured.steps):
        return  # told of the column that cannot be filled, of the foreign key
    elif (
        name in measured.scanned and lock >= Lock.WRITES and statement.held.get(name, Lock.NONE) < Lock.WRITES
    ):
        says = f"every row of {name} is read while {_ALL if lock is Lock.ALL else _WRITERS}"
        yield _make(subject, statement, "table-scanned", name, says, "table")
    elif any(_builds(step) and step.table == name for step in measured.steps) and lock >= Lock.WRITES:
        says = f"indexes of {name} are built anew while {_ALL if lock is Lock.ALL else _WRITERS}"
        yield _make(subject, statement, "table-scanned", name, says, "table")


def _refers(step: Step, name: str) -> bool:
    thing = step.thing if isinstance(step, Added) else None
    return isinstance(thing, Constraint) and thing.references == name


def _fails(step: Step, name: str) -> bool:
    thing = step.thing if isinstance(step, Added) and step.table == name else None
    return isinstance(thing, Column) and thing.required and thing.default is None


def _detached(subject: Subject, statement: Statement) -> Iterator[Difference]:
    for step in statement.measured.steps:
        if isinstance(step, Changed) and isinstance(step.before, Table) and isinstance(step.after, Table):
            parent = subject.ran.before.tables.get(step.before.parent or 0)
            if parent is None or step.after.parent is not None or not subject.busy(parent.name):
                continue
            if statement.measured.locks.get(parent.name, Lock.NONE) >= Lock.ALL:
                says = f"partition {step.before.name} is detached from {parent.name} while {_ALL}"
                yield _make(
                    subject, statement, "partition-detach-blocking", step.before.name, says, "partition"
                )


def _says(statement: Statement, *words: str) -> bool:
    return any(part.words[: len(words)] == words for part in statement.parts)


def _waiting(subject: Subject) -> Iterator[Difference]:
    """Locks that are taken without an end to the waiting, told once for the worst table."""
    taken = [
        (statement, name)
        for statement in subject.ran.statements
        for name, lock in statement.measured.locks.items()
        if lock >= Lock.WRITES and statement.measured.timeout is False and subject.busy(name)
        and statement.held.get(name, Lock.NONE) < lock
    ]  # fmt: skip
    if not taken or "timeout" in subject.ran.options:
        return
    large = [each for each in taken if subject.sizes.large(each[1])]
    statement, name = (large or taken)[0]
    says = f"a lock on {name} is waited for without an end"
    cap = None if large else Severity.INFO
    yield subject.danger(
        _FAMILY, "lock-timeout-missing", name, says, kind="table", line=statement.line, at_most=cap
    )
