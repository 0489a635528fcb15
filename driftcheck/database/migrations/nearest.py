"""Finds the revision whose schema a live database really has, when it is not the one it is stamped with."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, NamedTuple

from driftcheck.database.compare import Selection, compare
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.migrations.replay import Presumes, Replay, read_replayed
from driftcheck.database.model import Database
from driftcheck.difference import Difference
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from alembic.script import Script

    from driftcheck.database.migrations.history import History

_WINDOW = 10  # revisions on each side of the stamp


class Nearest(NamedTuple):
    """A revision, its schema, and in how many things live differs from it."""

    revision: str
    database: Database
    differences: int


def plausible(history: History, stamp: str, differences: Sequence[Difference]) -> bool:
    """Whether a revision around `stamp` names anything that differs; what none of them names was made by
    hand, and no search would find a revision that has it."""
    names = {name for item in differences for name in _names(item.object)}
    texts = (Path(str(script.path)).read_text(errors="replace") for script in _window(history, stamp))
    return any(name in text for text in texts for name in names)


def _names(place: str) -> list[str]:
    """The columns of `table.(a,b)`, else the last part of a place."""
    if ".(" in place:
        return place.partition(".(")[2].rstrip(")").split(",")
    return [place.rpartition(".")[2]]


def _window(history: History, stamp: str) -> list[Script]:
    revisions = list(reversed(list(history.revisions())))
    at = next(number for number, script in enumerate(revisions) if script.revision == stamp)
    return revisions[max(0, at - _WINDOW) : at + _WINDOW + 1]


def nearest(
    replay: Replay, live: Database, stamp: str, selection: Selection, scope: Scope, now: int
) -> Nearest | None:
    """The revision around `stamp` that live resembles most, if much nearer than the `now` differences."""
    best: Nearest | None = None
    for revision in (script.revision for script in _window(replay.history, stamp)):
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
