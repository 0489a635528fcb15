"""Finds the revision whose schema a live database really has, when it is not the one it is stamped with."""

from __future__ import annotations

from typing import NamedTuple

from driftcheck.database.compare import Selection, compare
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.replay import Presumes, Replay, read_replayed
from driftcheck.database.model import Database
from driftcheck.errors import DriftcheckError

_WINDOW = 10  # revisions on each side of the stamp


class Nearest(NamedTuple):
    """A revision, its schema, and in how many things live differs from it."""

    revision: str
    database: Database
    differences: int


def nearest(
    replay: Replay, live: Database, stamp: str, selection: Selection, scope: Scope, now: int
) -> Nearest | None:
    """The revision around `stamp` that live resembles most, if much nearer than the `now` differences."""
    revisions = [script.revision for script in reversed(list(replay.history.revisions()))]
    at = revisions.index(stamp)
    best: Nearest | None = None
    for revision in revisions[max(0, at - _WINDOW) : at + _WINDOW + 1]:
        try:
            replay.upgrade(revision)
        except (Presumes, DriftcheckError):
            break
        database = read_replayed(replay.connection, scope)
        found = Nearest(revision, database, len(compare(database, live, selection)))
        if best is None or found.differences < best.differences:
            best = found
        if found.differences == 0:
            break
    if best is None or best.revision == stamp or best.differences * 3 > now:
        return None
    return best
