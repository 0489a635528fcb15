"""How MariaDB and MySQL ran the ALTERs: those that copy the table, or let nobody write, are told."""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.database.migrations.lint.changes import Added, Step
from driftcheck.database.migrations.lint.danger import Subject
from driftcheck.database.migrations.lint.schema import Constraint, Table
from driftcheck.database.migrations.lint.sql import Part
from driftcheck.database.migrations.lint.statement import Statement
from driftcheck.difference import Difference, Severity

_FAMILY = "lock"
_CAUSES = {
    "foreign key": "foreign-key-copies",
    "primary key": "primary-key-added",
    "check": "check-validated",
}


def copied(subject: Subject) -> Iterator[Difference]:
    """All findings about the way an ALTER ran."""
    for statement in subject.ran.statements:
        for part in statement.parts:
            table = subject.table(part.target)
            if table is not None and subject.busy(table.name):
                yield from _judged(subject, statement, part, table)


def _judged(subject: Subject, statement: Statement, part: Part, table: Table) -> Iterator[Difference]:
    measured, name = statement.measured, table.name
    chosen = {"algorithm", "lock"} & set(part.words)
    blocks = (measured.algorithm == "COPY" and measured.blocks != "NONE") or measured.blocks in {
        "SHARED",
        "EXCLUSIVE",
    }
    if part.verb == "alter" and part.has("partition", "by"):
        says = f"{name} is copied into partitions while writers wait"
        yield subject.danger(_FAMILY, "table-copied", name, says, line=statement.line)
    elif part.verb in {"optimize"} or (part.verb == "alter" and part.has("force") and blocks):
        says = f"{name} is built anew"
        yield subject.danger(_FAMILY, "table-copied", name, says, line=statement.line)
    elif not blocks:
        yield from _key(subject, statement, name)
    elif chosen:
        says = f"the ALTER of {name} asks for {measured.algorithm or 'LOCK'} {measured.blocks}".rstrip()
        yield subject.danger(_FAMILY, "algorithm-blocks", name, says, line=statement.line)
    else:
        yield _measured(subject, statement, name)


def _key(subject: Subject, statement: Statement, name: str) -> Iterator[Difference]:
    """A primary key that is made in place: nobody waits, but it fails on duplicates and builds all anew."""
    for constraint in map(_constraint, statement.measured.steps):
        if constraint is not None and constraint.kind == "primary key":
            says = f"primary key of {name} is added with ALGORITHM={statement.measured.algorithm}"
            yield subject.danger(
                _FAMILY, "primary-key-added", f"{name}.PRIMARY", says,
                kind="primary_key", line=statement.line, at_most=Severity.RISKY,
            )  # fmt: skip


def _measured(subject: Subject, statement: Statement, name: str) -> Difference:
    way = f"ALGORITHM={statement.measured.algorithm}, LOCK={statement.measured.blocks}"
    constraint = next((each for each in map(_constraint, statement.measured.steps) if each is not None), None)
    if constraint is not None:
        place = f"{name}.{constraint.name}"
        says = f"{constraint.kind} {place} is added with {way}"
        kind = constraint.kind.replace(" ", "_")
        return subject.danger(_FAMILY, _CAUSES[constraint.kind], place, says, kind=kind, line=statement.line)
    if statement.measured.algorithm == "COPY":
        says = f"{name} is copied ({way})"
        return subject.danger(_FAMILY, "table-copied", name, says, line=statement.line)
    says = f"{name} is altered with {way}"
    return subject.danger(_FAMILY, "writes-blocked", name, says, line=statement.line)


def _constraint(step: Step) -> Constraint | None:
    if isinstance(step, Added) and isinstance(step.thing, Constraint) and step.thing.kind in _CAUSES:
        return step.thing
    return None
