"""From what was measured of a revision to the Differences that the rules speak of."""

from __future__ import annotations

from collections.abc import Iterator
from types import ModuleType

from driftcheck.database.migrations.lint.code import written
from driftcheck.database.migrations.lint.copies import copied
from driftcheck.database.migrations.lint.danger import Sizes, Subject, difference
from driftcheck.database.migrations.lint.data import lost
from driftcheck.database.migrations.lint.locks import blocked
from driftcheck.database.migrations.lint.practice import regretted
from driftcheck.database.migrations.lint.settled import events
from driftcheck.database.migrations.lint.source import read_source
from driftcheck.database.migrations.lint.statement import Ran
from driftcheck.database.migrations.lint.work import under_lock
from driftcheck.difference import Difference

_NO_BATCH = ("No support for ALTER of constraints in SQLite", "Please refer to the batch mode")


def lint(ran: Ran, text: str, module: ModuleType | None, sizes: Sizes) -> Iterator[Difference]:
    """What a revision endangers. `text` is its file's, `module` the file as Python loaded it."""
    subject = Subject(ran, sizes)
    left = events(ran)
    yield from lost(subject, left)
    if ran.dialect == "postgresql":
        yield from blocked(subject)
        yield from under_lock(subject)
    elif ran.dialect in {"mysql", "mariadb"}:
        yield from copied(subject)
    yield from regretted(subject, left)
    yield from written(subject, left, read_source(text), module)


def explained(
    revision: str, file: str, dialect: str, line: int | None, sql: str, message: str
) -> Difference | None:
    """The finding that says why a revision failed in better words than the database; None if none does."""
    aspect = _why(dialect, sql, message)
    if aspect is None:
        return None
    family, name, says = aspect
    return difference(revision, file, family, name, revision, says, kind="revision", line=line)


def _why(dialect: str, sql: str, message: str) -> tuple[str, str, str] | None:
    if dialect == "sqlite":
        altered = sql.lstrip().upper().startswith("ALTER") and "syntax error" in message
        if altered or any(text in message for text in _NO_BATCH):
            return "code", "batch-missing", "SQLite cannot run this ALTER"
    if dialect != "postgresql":
        return None
    if "unsafe use of new value" in message:
        return "data", "enum-value-used", "a value of an enum is used in the transaction that adds it"
    if "cannot run inside a transaction block" in message or "cannot be executed from a function" in message:
        return "lock", "concurrently-in-transaction", message.splitlines()[0]
    return None
