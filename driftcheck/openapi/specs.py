"""Differences of descriptions as a whole: one that came or went among others, or is not valid as such.

Many published descriptions are invalid and were so before: only what is new is told one by one.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from itertools import islice

from driftcheck.config import Validate
from driftcheck.difference import Anchor, Change, Difference
from driftcheck.openapi.loading import Problem, validate
from driftcheck.openapi.node import Document

_MOST = 20


def added(label: str) -> Difference:
    """A description that only the new side has."""
    return _of(label, Change.EXTRA, cause=f"spec {label}", actual=label)


def removed(label: str) -> Difference:
    """A description that only the old side has."""
    return _of(label, Change.MISSING, cause=f"spec {label}", expected=label)


def unreadable(label: str, reason: str) -> Difference:
    """One of several pairs that could not be compared."""
    return _of(label, Change.CHANGED, cause=f"spec {label}", attribute="readable", note=reason)


def problems(expected: Document, actual: Document, mode: Validate) -> Iterator[Difference]:
    """What is invalid in the new description: told one by one where the old one was valid there."""
    found = validate(actual, mode)
    before = {(problem.pointer, problem.message) for problem in validate(expected, mode)} if found else set()
    fresh: dict[Anchor, list[Problem]] = {}
    for problem in found:
        if (problem.pointer, problem.message) not in before:
            fresh.setdefault(problem.anchor, []).append(problem)
    untold = sum(len(here) for here in list(fresh.values())[_MOST:])
    for number, (anchor, here) in enumerate(islice(fresh.items(), _MOST), start=1):
        message = "; ".join(problem.message for problem in here)
        if untold and number == _MOST:
            message += f"; and {_count(untold, 'more ')}"
        yield _problem(here[0].label, "validity", f"validity of {anchor.pointer}", message, anchor)
    known = len(found) - sum(map(len, fresh.values()))
    if known:
        message = f"{_count(known)} that the old description has too"
        yield _problem(actual.label, "old-validity", "validity (known)", message)


def _problem(label: str, attribute: str, cause: str, note: str, anchor: Anchor | None = None) -> Difference:
    found = _of(label, Change.CHANGED, cause=cause, attribute=attribute, note=note)
    return found if anchor is None else replace(found, pointer=anchor.pointer, anchors=(anchor,))


def _of(
    label: str,
    change: Change,
    *,
    cause: str,
    attribute: str | None = None,
    expected: str | None = None,
    actual: str | None = None,
    note: str = "",
) -> Difference:
    return Difference(
        subject="spec",
        kind="info",
        object=label,
        change=change,
        cause=cause,
        attribute=attribute,
        name=label,
        expected=expected,
        actual=actual,
        note=note,
    )


def _count(number: int, more: str = "") -> str:
    return f"1 {more}problem" if number == 1 else f"{number} {more}problems"
