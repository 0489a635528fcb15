"""What the role that reads a database may not see in it: told, and not taken for missing."""

from __future__ import annotations

from collections.abc import Iterator

from driftcheck.database.model import Database
from driftcheck.difference import Change, Difference
from driftcheck.finding import Skipped

_WORDS = {
    "check": "checks",
    "event": "events",
    "foreign_key.actions": "what foreign keys do on DELETE and UPDATE",
    "function": "functions",
    "migration": "the stamp of the migrations",
    "function.definition": "what functions do",
    "tables": "tables on which the role has no right",
    "trigger": "triggers",
    "trigger.definition": "what triggers do",
}
_RIGHTS = {
    "check": "SELECT",
    "event": "EVENT",
    "foreign_key.actions": "REFERENCES",
    "function": "EXECUTE",
    "migration": "SELECT",
    "trigger": "TRIGGER",
    "trigger.definition": "TRIGGER",
}


def is_unseen(difference: Difference, expected: Database, actual: Database) -> bool:
    """Whether a thing seems to lack on a side whose role may not see such things."""
    side = {Change.MISSING: actual, Change.EXTRA: expected}.get(difference.change)
    return side is not None and difference.kind in side.unseen


def notes(database: Database | None, label: str) -> Iterator[Skipped]:
    """One note on all that could not be seen."""
    if database is None or not database.unseen:
        return
    what = ", ".join(_WORDS[kind] for kind in database.unseen)
    rights = sorted({_RIGHTS[kind] for kind in database.unseen if kind in _RIGHTS})
    grant = f" (needed: {', '.join(rights)})" if rights else ""
    yield Skipped(f"{what} in {label}", f"the role that reads it may not see them{grant}")
