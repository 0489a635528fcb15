"""What a transaction does while it holds a lock, and how often it goes through one table."""

from __future__ import annotations

from collections.abc import Iterator
from typing import NamedTuple

from driftcheck.database.migrations.lint.danger import Subject
from driftcheck.database.migrations.lint.locks import busy_with
from driftcheck.database.migrations.lint.sql import Part
from driftcheck.database.migrations.lint.statement import Lock, Statement
from driftcheck.difference import Difference, Severity

_FAMILY = "lock"
_FEW = {"=", "limit", "between"}


class Filling(NamedTuple):
    """A statement that reads or writes all rows of a table from before the revision."""

    statement: Statement
    table: str
    part: Part


def under_lock(subject: Subject) -> Iterator[Difference]:
    """Backfills and other long work in a transaction that makes others wait."""
    fillings = [each for statement in subject.ran.statements for each in _fillings(subject, statement)]
    for filling in fillings:
        yield from _filling(subject, filling)
    for statement in subject.ran.statements:
        yield from _heavy(subject, statement)
    yield from _often(subject)


def _fillings(subject: Subject, statement: Statement) -> Iterator[Filling]:
    for part in statement.parts:
        if not part.dml:
            continue
        for name in (part.target, *part.sources):
            table = subject.table(name)
            if table is None or not subject.busy(table.name):
                continue
            if part.verb == "insert" and name == part.target:
                continue
            if not _single(part, table.primary_key):
                yield Filling(statement, table.name, part)
                break


def _single(part: Part, key: tuple[str, ...]) -> bool:
    """Whether WHERE names the primary key with a value, or a bounded piece of it."""
    condition = part.condition
    if condition is None or not key:
        return "limit" in part.words
    if "select" in condition and "limit" not in condition:
        return False
    for at, word in enumerate(condition):
        if (
            word == key[0]
            and at + 1 < len(condition)
            and condition[at + 1] in {*_FEW, "in", "<", "<=", ">", ">="}
        ):
            return True
    return "limit" in part.words


def _filling(subject: Subject, filling: Filling) -> Iterator[Difference]:
    statement, table, part = filling
    locks = dict(statement.held)
    if any(each.ddl for each in statement.parts[: statement.parts.index(part)]):
        locks |= statement.measured.locks  # a script that altered before
    held = [name for name, lock in locks.items() if lock >= Lock.WRITES and subject.busy(name)]
    if held:
        name = table if table in held else held[0]
        says = f"rows of {table} are written or read one and all while {name} is locked"
        yield subject.danger(_FAMILY, "backfill-under-lock", name, says, line=statement.line)
        return
    if subject.ran.dialect != "postgresql" or statement.autocommit:
        return
    later = [
        other
        for other in subject.ran.statements
        if other.transaction == statement.transaction
        and subject.ran.statements.index(other) > subject.ran.statements.index(statement)
        and other.measured.locks.get(table, Lock.NONE) is Lock.ALL
        and statement.held.get(table, Lock.NONE) < Lock.ALL
    ]
    if later and filling.part.target and subject.table(filling.part.target) is not None:
        says = f"rows of {table} are written one and all, and the table is altered in the same transaction"
        yield subject.danger(
            _FAMILY, "backfill-under-lock", table, says, line=statement.line, at_most=Severity.RISKY
        )


def _heavy(subject: Subject, statement: Statement) -> Iterator[Difference]:
    """Work on one table while another one is locked by an earlier statement."""
    locked = [
        name for name, lock in statement.held.items()
        if lock is Lock.ALL and subject.busy(name) and not _is_view(subject, name)
    ]  # fmt: skip
    worked = [each for each in _names(statement) if subject.busy(each) and busy_with(statement, each)]
    for table in worked:
        others = [name for name in locked if name != table]
        if others and not any(part.dml for part in statement.parts):
            says = f"{others[0]} stays locked while every row of {table} is gone through"
            yield subject.danger(_FAMILY, "work-under-lock", others[0], says, line=statement.line)
            return
    fresh = [
        name for name, lock in statement.measured.locks.items()
        if lock is Lock.ALL and statement.held.get(name, Lock.NONE) < Lock.ALL and subject.busy(name)
    ]  # fmt: skip
    if locked and fresh and not worked:
        says = f"{locked[0]} is still locked when the lock on {fresh[0]} is waited for"
        yield subject.danger(_FAMILY, "locks-together", locked[0], says, line=statement.line)


def _is_view(subject: Subject, name: str) -> bool:
    """Whether it has no rows of its own: it is dropped so that its table can be altered."""
    table = subject.table(name)
    return table is not None and table.kind == "view"


def _names(statement: Statement) -> list[str]:
    steps = {step.table for step in statement.measured.steps}
    return sorted({*statement.measured.rewritten, *statement.measured.scanned, *steps})


def _often(subject: Subject) -> Iterator[Difference]:
    """A table that several statements go through, one scan or rewrite each."""
    seen: dict[str, list[Statement]] = {}
    for statement in subject.ran.statements:
        for name, lock in statement.measured.locks.items():
            if lock is Lock.ALL and subject.busy(name) and busy_with(statement, name):
                seen.setdefault(name, []).append(statement)
    for name, statements in seen.items():
        if len(statements) > 1:
            says = f"{len(statements)} statements go through every row of {name}"
            yield subject.danger(_FAMILY, "table-scanned-again", name, says, line=statements[1].line)
