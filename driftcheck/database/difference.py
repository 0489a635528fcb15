"""Makes the Differences of the database half: the kind is the rule's subject, the object its cause."""

from __future__ import annotations

from driftcheck.difference import JSON, Change, Difference, Effect, Flow, Rename

Meaning = tuple[Flow | None, Effect | None]

SENT_NARROWED: Meaning = (Flow.SENT, Effect.NARROWED)
SENT_WIDENED: Meaning = (Flow.SENT, Effect.WIDENED)
RECEIVED_WIDENED: Meaning = (Flow.RECEIVED, Effect.WIDENED)
UNCLEAR: Meaning = (None, Effect.UNCLEAR)
NEITHER: Meaning = (None, None)


def missing(kind: str, name: str, expected: JSON = None, meaning: Meaning = NEITHER) -> Difference:
    """Expected and not there."""
    return _make(kind, name, Change.MISSING, None, expected, None, meaning)


def extra(kind: str, name: str, actual: JSON = None, meaning: Meaning = NEITHER) -> Difference:
    """There and not expected."""
    return _make(kind, name, Change.EXTRA, None, None, actual, meaning)


def changed(
    kind: str, name: str, attribute: str, expected: JSON, actual: JSON, meaning: Meaning = UNCLEAR
) -> Difference:
    """On both sides, with another value of one attribute."""
    return _make(kind, name, Change.CHANGED, attribute, expected, actual, meaning)


def renamed(
    kind: str, name: str, old: str, new: str, confidence: float, meaning: Meaning = NEITHER
) -> Difference:
    """On both sides under different names; `name` is the expected object."""
    return Difference(
        subject=kind,
        kind=kind,
        object=name,
        change=Change.RENAMED,
        cause=name,
        name=old,
        expected=old,
        actual=new,
        flow=meaning[0],
        effect=meaning[1],
        rename=Rename(old, new, confidence),
    )


def _make(
    kind: str,
    name: str,
    change: Change,
    attribute: str | None,
    expected: JSON,
    actual: JSON,
    meaning: Meaning,
) -> Difference:
    return Difference(
        subject=kind,
        kind=kind,
        object=name,
        change=change,
        cause=name,
        attribute=attribute,
        name=name.rpartition(".")[2],
        expected=expected,
        actual=actual,
        flow=meaning[0],
        effect=meaning[1],
    )
