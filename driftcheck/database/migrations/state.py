"""The state of the history on a live database: unstamped, unknown, pending, incomplete."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from driftcheck.database.migrations.doctor import incomplete
from driftcheck.database.migrations.history import History, location
from driftcheck.database.migrations.nearest import Nearest
from driftcheck.database.model import Database
from driftcheck.difference import Change, Difference, Location, Side

if TYPE_CHECKING:
    from driftcheck.database.migrations.migrated import Migrated


def state(
    history: History, live: Database | None, migrated: Migrated | None, near: Nearest | None
) -> Iterator[Difference]:
    """What the history itself lacks; what the stamp of the live database says, and what it hides."""
    if migrated is not None and migrated.incomplete:
        yield incomplete(migrated.incomplete, [migrated.incomplete_at])
    if live is None:
        return
    if not live.versions:
        yield from [] if "migration" in live.unseen else [_unstamped(history)]
        return
    for stamp in live.versions:
        if not history.knows(stamp):
            yield _revision(stamp, Change.EXTRA, None, stamp)
    if near is not None:
        yield _revision(live.versions[0], Change.CHANGED, live.versions[0], near.revision)
    if not any(map(history.knows, live.versions)):
        return  # what has run here nobody can say
    for script in history.pending(live.versions):
        place = Location(Side.EXPECTED, location(script))
        yield _revision(script.revision, Change.MISSING, (script.doc or "").strip(), None, (place,))


def _unstamped(history: History) -> Difference:
    return Difference(
        subject="migration",
        kind="migration",
        object="alembic_version",
        change=Change.MISSING,
        cause="alembic_version",
        attribute="stamp",
        name="alembic_version",
        expected=list(history.heads),
    )


def _revision(
    name: str, change: Change, expected: str | None, actual: str | None, places: tuple[Location, ...] = ()
) -> Difference:
    return Difference(
        subject="revision",
        kind="revision",
        object=name,
        change=change,
        cause=name,
        attribute="stamp",
        name=name,
        expected=expected,
        actual=actual,
        attribution="not-applied" if change is Change.MISSING else None,
        locations=places,
    )
