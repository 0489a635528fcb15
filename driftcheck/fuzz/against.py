"""The proofs of known differences, sent to the service before anything else.

`driftcheck api OLD NEW` shows values that the old description allows and the new one refuses. Here each
becomes part of a request that is otherwise right, and the service's answer tells whether the break is real.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from typing import Any

from driftcheck.config import Config
from driftcheck.difference import Difference, Side
from driftcheck.fuzz.engine import Plan, Trial, attempt
from driftcheck.fuzz.invalid import named, worded
from driftcheck.fuzz.outcome import NotTested, Problem
from driftcheck.fuzz.target import Target
from driftcheck.openapi.compare import compare_documents
from driftcheck.openapi.node import Document, unescape

_TAKEN = range(200, 400)
_REFUSED = range(400, 500)
_NOT_ABOUT_IT = frozenset({401, 403, 429})


def proven(
    plan: Plan, old: Document, new: Document, target: Target, config: Config
) -> Iterator[Problem | NotTested]:
    """What the service says to each counterexample that concerns a request it still has to take."""
    differences, _ = compare_documents(old, replace(new, side=Side.ACTUAL), config)
    trials = [trial for each in differences for trial in _trials(each) if trial.operation in plan.operations]
    for trial, answer in attempt(plan, target, trials):
        if isinstance(answer, str):
            yield NotTested(f"the proof at {trial.operation} {trial.pointer}", answer)
        elif answer.status in _REFUSED and answer.status not in _NOT_ABOUT_IT:
            yield Problem(
                name="service-refuses-old-request",
                operation=trial.operation,
                pointer=trial.pointer,
                sent=answer.sent,
                status=answer.status,
                attribute=trial.attribute,
                actual=str(answer.status),
                reason=_place(trial),
            )
        elif answer.status in _TAKEN:
            yield NotTested(
                f"{trial.operation} {trial.pointer}",
                f"the service still takes what the new description refuses (it answers {answer.status})",
            )


def _place(trial: Trial) -> str:
    """What of the request the new description refuses: `lines[].qty (maximum)`."""
    steps = [unescape(token) for token in trial.pointer.split("/")[1:]]
    if trial.where == "body":
        return worded(named(steps[4:]) or "the body", trial.attribute)
    return worded(f"{trial.where} {trial.name}", trial.attribute)


def _trials(difference: Difference) -> Iterator[Trial]:
    shown = difference.counterexample
    if shown is None or shown.accepted_by is not Side.EXPECTED or difference.pointer is None:
        return
    place = [unescape(token) for token in difference.pointer.split("/")[1:]]
    labels = dict.fromkeys((difference.operation, *difference.operations) if difference.operation else ())
    for label in labels:
        trial = _trial(str(label), difference, place, shown.value)
        if trial is not None and label == difference.operation:
            yield trial


def _trial(label: str, difference: Difference, place: list[str], value: Any) -> Trial | None:
    """Where the value goes; None where it is not a whole body or parameter."""
    attribute = difference.attribute or str(difference.change)
    pointer = difference.pointer or ""
    if place[:2] == ["requestBody", "content"] and place[3:4] == ["schema"]:
        whole = place[4:5] != ["properties"] or isinstance(value, dict)
        whole = whole and (place[4:5] != ["items"] or isinstance(value, list))
        return Trial(label, pointer, attribute, "body", place[2], value) if whole else None
    if place[:1] == ["parameters"] and len(place) >= 4:
        return Trial(label, pointer, attribute, place[1], place[2], value)
    return None
