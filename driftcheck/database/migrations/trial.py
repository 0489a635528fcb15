"""Tries revisions one after another: up with rows in the tables, down, and what the schema is afterwards.

After every step the database is where an upgrade to that revision leaves it, whatever was tried in between.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING, Any

from driftcheck.database import connect
from driftcheck.database.compare import compare
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.doctor import about, incomplete
from driftcheck.database.migrations.files import RevisionFile
from driftcheck.database.migrations.lint.lint import explained
from driftcheck.database.migrations.replay import NeedsExtension
from driftcheck.database.migrations.restore import Around, CannotRestore, Restorer
from driftcheck.database.migrations.rows import Filler
from driftcheck.database.migrations.run import Failure, Observer, Place, Ran, Runner, Statement
from driftcheck.database.migrations.sameness import mark
from driftcheck.database.migrations.traces import traces
from driftcheck.database.model import Database
from driftcheck.difference import Difference
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from alembic.script import Script

_ABSENT = re.compile(
    r"""relation "(?:\w+\.)?(\w+)" does not exist|Table '(?:\w+\.)?(\w+)' doesn't exist"""
    r"|no such table: (?:\w+\.)?(\w+)"
)
_DATA = re.compile(r"^(22|23)|^SQLITE_CONSTRAINT|^(1048|1062|1138|1264|1265|1292|1366|1406|1452|4025)$")
# SQLite says it only where there are rows, and has no code of its own for it.
_FILLED = re.compile(r"Cannot add a (NOT NULL|REFERENCES|column with)\b")
_TWICE = re.compile(r"^23505$|^1062$|^SQLITE_CONSTRAINT_(UNIQUE|PRIMARYKEY|ROWID)$")
_CAST = re.compile(r"^(22P02|22007|22008)$|^(1292|1366)$")
# What fails on rows that break the rule, and has then neither changed them nor kept anybody waiting.
_ONLINE = re.compile(r"\bCONCURRENTLY\b|\bVALIDATE\s+CONSTRAINT\b", re.IGNORECASE)
_SCHEMA = re.compile(r"\s*(?:/\*.*?\*/\s*)?(alter|create|drop|rename)\b|.*\b_alembic_tmp_", re.I | re.S)


MOST, NEWEST = 100, 8


@dataclass(frozen=True, slots=True)
class Step:
    """A revision that ran: what it sent, and the schema before and after it."""

    revision: str
    file: str
    statements: tuple[Statement, ...]
    before: Database
    after: Database


@dataclass(slots=True)
class Trial:
    """The run through the history. `tried` are the revisions that are tried; the others are only run.
    Of more than `most`, only the newest are; `unchanged` are those that left the schema as it was;
    `failed` is the one that stopped, `refused` whether by an error of the database."""

    runner: Runner
    scope: Scope
    files: Mapping[str, RevisionFile]
    tried: Collection[str]
    told: Callable[[str], None]
    observer: Observer | None = None
    extensions: Sequence[str] = ()
    most: int | None = None
    differences: list[Difference] = field(default_factory=list)
    notes: list[Skipped] = field(default_factory=list)
    steps: list[Step] = field(default_factory=list)
    base: Database | None = None
    head: Database | None = None
    presumes: str = ""
    failed: str = ""
    refused: bool = False
    unchanged: set[str] = field(default_factory=set)
    _schema: Database | None = None
    _mark: str | None = None
    _done: list[Script] = field(default_factory=list)
    _smooth: bool = True  # the last upgrade went well over the rows that were there

    def run(self) -> None:
        """Go through all revisions. NeedsExtension where one has to be installed before."""
        filler = Filler(self.runner.connection)
        restorer = Restorer(self.runner, self.scope, self.extensions)
        order = self.runner.order()
        self._bound(order)
        first = self._straight(order, restorer)
        for number, revision in enumerate(order[first:], first + 1):
            self.told(f"revision {number} of {len(order)}: {revision.revision}")
            if revision.revision in self.tried:
                whole = self._try(revision, filler, restorer)
            else:
                whole = self._pass(revision)
            if not whole:
                left = len(order) - number
                if left:
                    self.notes.append(
                        Skipped(f"{left} revisions after {revision.revision}", "they need one that failed")
                    )
                break
            self._done.append(revision)
        else:
            self.head = self._read()
            self.base = self.base or self.head
        self._tell_unfilled(filler)

    def _bound(self, order: Sequence[Script]) -> None:
        """Of a long history only the newest revisions are tried."""
        tried = [item.revision for item in order if item.revision in self.tried]
        if self.most is None or len(tried) <= self.most:
            return
        left = len(tried) - NEWEST
        self.tried = frozenset(tried[left:])
        why = (
            f"of more than {self.most} revisions only the newest {NEWEST} are tried, the others are run:"
            " --thorough tries all, --base those of a branch"
        )
        self.notes.append(Skipped(f"downgrades, rows and locks of the oldest {left} revisions", why))

    def _straight(self, order: Sequence[Script], restorer: Restorer) -> int:
        """Run all revisions before the first that is tried in one go; how many ran."""
        count = next((at for at, item in enumerate(order) if item.revision in self.tried), len(order))
        if count == 0:
            return 0

        def told(number: int) -> None:
            self.told(f"revision {number} of {len(order)}: {order[number - 1].revision}")

        if self.runner.straight(order[:count], told):
            self._done.extend(order[:count])
            return count
        restorer.wipe()
        restorer.emptied = False
        return 0

    def _pass(self, revision: Script) -> bool:
        """Run a revision that is not tried."""
        ran = self.runner.upgrade(revision)
        self._schema = self._mark = None
        if ran.failure is not None:
            self._tell_failure(revision, ran.failure)
        return ran.failure is None

    def _try(self, revision: Script, filler: Filler, restorer: Restorer) -> bool:
        before = self._schema or self._read()
        self._mark = self._mark or self._marked()
        if self.base is None:
            self.base = before
            filler.grow(before)
        try:
            ran = self._upgrade(revision, before, filler, restorer)
        except CannotRestore as why:
            self.notes.append(Skipped(f"revision {revision.revision} and those after it", str(why)))
            return False
        if ran.failure is not None:
            self._tell_failure(revision, ran.failure)
            return False
        marked, self._mark = self._mark, self._marked()
        same = marked is not None and marked == self._mark
        after = self._schema = before if same else self._read()
        if after == before or not traces(compare(before, after)):
            self.unchanged.add(revision.revision)
        self.steps.append(Step(revision.revision, ran_file(revision), ran.statements, before, after))
        if not filler.has_rows or after is not before:
            filler.grow(after)
        try:
            self._down(revision, Around(before, after, marked), filler, restorer)
        except CannotRestore as why:
            self.notes.append(Skipped(f"the downgrades from {revision.revision} on", str(why)))
            self.tried = ()
        return True

    def _upgrade(self, revision: Script, before: Database, filler: Filler, restorer: Restorer) -> Ran:
        """Upgrade with rows; where only they are in the way, say so and do it without."""
        saved = restorer.save() if filler.has_rows else None
        ran = self.runner.upgrade(revision, self.observer)
        self._smooth = ran.failure is None
        if ran.failure is None or not filler.has_rows:
            return ran
        if ran.failure.extension:
            raise NeedsExtension(ran.failure.extension)
        restorer.back(saved, before, self._done, ran)
        filler.clear(before)
        self.runner.connection.commit()
        again = self.runner.upgrade(revision, self.observer)
        if again.failure is not None:
            restorer.rebuild(self._done)
            again = self.runner.upgrade(revision, self.observer)
        filler.forget(Database(before.dialect, (), None))
        if again.failure is None:
            self._tell_rows(revision, ran.failure, "upgrade")
        return again

    def _down(self, revision: Script, around: Around, filler: Filler, restorer: Restorer) -> None:
        before, after, _ = around
        file = self.files.get(revision.revision)
        if file is None or file.downgrade is None or file.downgrade.raises:
            return
        tried = restorer.downgrade(revision, around, self._done)
        if tried.ran.failure is not None and filler.has_rows:
            bare = restorer.downgrade(revision, around, self._done, lambda: filler.clear(after))
            if bare.ran.failure is None:
                self._tell_rows(revision, tried.ran.failure, "downgrade")
            tried = bare
        if restorer.emptied:
            restorer.emptied = False
            filler.forget(after)
            filler.grow(after)
        self._tell_downgrade(revision, tried.ran.failure, before, tried.schema, file)
        if tried.again is not None and self._smooth and _is_left_over(tried.again):
            self._tell("upgrade-again", revision, tried.again)

    def _tell_downgrade(
        self,
        revision: Script,
        failure: Failure | None,
        before: Database,
        schema: Database | None,
        file: RevisionFile,
    ) -> None:
        if failure is not None:
            self._tell("downgrade", revision, failure)
        elif schema is not None and file.downgrade is not None and not file.downgrade.empty:
            left = traces(compare(before, schema))
            if left:
                place = (file.path, file.downgrade.line)
                self.differences.append(about(revision.revision, "traces", [place], note="; ".join(left[:5])))

    def _tell_rows(self, revision: Script, failure: Failure, function: str) -> None:
        if not failure.database or not is_schema(failure.statement) or not _is_data(failure):
            what = f"{function}() of revision {revision.revision} with rows"
            self.notes.append(
                Skipped(what, f"its own code cannot handle the made-up rows: {failure.message}")
            )
        elif _ONLINE.search(failure.statement):
            what = f"{function}() of revision {revision.revision} with rows"
            self.notes.append(Skipped(what, f"it only looks at them, and changes nothing: {failure.message}"))
        elif function == "downgrade":
            self._tell("downgrade-rows", revision, failure)
        else:
            self._tell("cast-rows" if _CAST.match(failure.sqlstate) else "rows", revision, failure)

    def _tell_failure(self, revision: Script, failure: Failure) -> None:
        if failure.extension:
            raise NeedsExtension(failure.extension)
        self.failed, self.refused = revision.revision, failure.database
        if failure.refused:
            raise DriftcheckError(
                f"revision {revision.revision} ({_shown(failure.place)}): {failure.message}",
                "revisions must use the connection that alembic gives them (op.get_bind())",
            )
        absent = _ABSENT.search(failure.message) if failure.database else None
        name = next((item for item in absent.groups() if item), "") if absent else ""
        made = any(
            name in self.files[item.revision].strings for item in self._done if item.revision in self.files
        )
        if name and not made:
            self.presumes = (
                f"revision {revision.revision} ({_shown(failure.place)}) presumes the table {name}, which no"
                " revision before it makes"
            )
            place = [(failure.place.file, failure.place.line)]
            self.differences.append(incomplete(self.presumes, place))
            return
        dialect, at = self.runner.connection.dialect.name, failure.place
        better = explained(revision.revision, at.file, dialect, at.line, failure.statement, failure.message)
        if better is not None:
            self.differences.append(better)
            return
        self._tell("upgrade", revision, failure)

    def _tell(self, attribute: str, revision: Script, failure: Failure) -> None:
        place = [(failure.place.file, failure.place.line)]
        self.differences.append(about(revision.revision, attribute, place, note=failure.message))

    def _tell_unfilled(self, filler: Filler) -> None:
        for name, reason in sorted(filler.unfilled.items()):
            self.notes.append(Skipped(f"rows in table {name}", f"none could be made: {reason}"))

    def _marked(self) -> str | None:
        try:
            return mark(self.runner.connection)
        finally:
            self.runner.connection.rollback()

    def _read(self) -> Database:
        return read_here(self.runner, self.scope)


def read_here(runner: Runner, scope: Scope) -> Database:
    """The schema of the scratch database, between revisions."""
    try:
        return connect.read_within(runner.connection, scope)
    finally:
        runner.connection.rollback()


def ran_file(revision: Any) -> str:
    """The file of a revision."""
    from driftcheck.database.migrations.history import location

    return location(revision)


def is_schema(sql: str) -> bool:
    """Whether a statement changes the schema."""
    return bool(_SCHEMA.match(sql))


def _is_data(failure: Failure) -> bool:
    """Whether the database objects to rows, not to the statement."""
    return failure.database and bool(_DATA.match(failure.sqlstate) or _FILLED.match(failure.message))


def _is_left_over(failure: Failure) -> bool:
    """Whether an upgrade met what it had made before, and not rows that were made up since."""
    return failure.database and (not _is_data(failure) or bool(_TWICE.match(failure.sqlstate)))


def _shown(place: Place) -> str:
    return f"{place.file}:{place.line}" if place.line else place.file
