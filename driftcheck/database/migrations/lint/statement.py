"""One executed statement with what was measured of it, and a revision as the statements it ran."""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import IntEnum

from driftcheck.database.migrations.batches import Call, nearest
from driftcheck.database.migrations.lint.changes import Step
from driftcheck.database.migrations.lint.schema import Schema
from driftcheck.database.migrations.lint.sql import Part


class Lock(IntEnum):
    """Whom a lock on a table keeps waiting: nobody (but other DDL), writers, or everybody."""

    NONE = 0
    WEAK = 1
    WRITES = 2
    ALL = 3


@dataclass(frozen=True, slots=True)
class Measured:
    """What an engine showed of one statement; tables by the names they had before the revision.

    `locks` are those on tables from before the revision, as held after the statement; `algorithm` and
    `blocks` are MariaDB's and MySQL's words; `timeout` is False where waiting for a lock has no end.
    """

    steps: tuple[Step, ...] = ()
    locks: Mapping[str, Lock] = field(default_factory=dict)
    rewritten: frozenset[str] = frozenset()
    scanned: frozenset[str] = frozenset()
    algorithm: str = ""
    blocks: str = ""
    timeout: bool | None = None


@dataclass(frozen=True, slots=True)
class Statement:
    """`line` is that of the call in the revision's file; statements of one `transaction` commit together.

    `held` are the locks from earlier statements of the transaction; `refused` says why the engine would
    not run it as written ("concurrently": inside a transaction). `calls` are those of the batch that
    rebuilds the table; `line` is then that of the `with`.
    """

    sql: str
    parts: tuple[Part, ...]
    line: int | None
    transaction: int
    autocommit: bool
    measured: Measured = field(default_factory=Measured)
    held: Mapping[str, Lock] = field(default_factory=dict)
    refused: str = ""
    calls: tuple[Call, ...] = ()


@dataclass(frozen=True, slots=True)
class Ran:
    """A revision that was measured: what it ran, and the schema on both sides of it."""

    revision: str
    file: str
    dialect: str
    version: tuple[int, ...]
    statements: tuple[Statement, ...]
    before: Schema
    after: Schema
    options: Mapping[str, str] = field(default_factory=dict)

    def line(self, line: int | None, name: str) -> int | None:
        """The line of the call that is about a name, where `line` is that of a batch."""
        calls = next((each.calls for each in self.statements if each.line == line and each.calls), ())
        names = re.findall(r"\w+", name)
        return nearest(calls, names) or line
