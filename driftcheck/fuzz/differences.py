"""From problems to Differences: one for each cause, told by its simplest request. Pure and sorted."""

from __future__ import annotations

import json
from collections.abc import Iterable
from dataclasses import replace
from typing import Any
from urllib.parse import unquote

from driftcheck.difference import JSON, Anchor, Change, Counterexample, Difference, Effect, Flow, Rename, Side
from driftcheck.fuzz.command import command
from driftcheck.fuzz.outcome import Problem
from driftcheck.renaming.pairs import best_renames

_ERRORS = ("service-error", "service-exception", "service-error-on-media-type")
_WITHOUT_HEADER = "service-accepts-missing-header"
_TOLD_BY = {  # what says the same of the same operation, and says it better
    "service-refuses-valid": ("service-refuses-old-request", "service-status-undocumented-4xx"),
    _WITHOUT_HEADER: ("service-auth-ignored",),
}
_REFUSES = frozenset({"service-refuses-valid", "service-refuses-old-request"})
_SENT = _REFUSES | {"service-accepts-invalid", _WITHOUT_HEADER}
_KINDS = (
    ("/headers/", "header"),
    ("/parameters/", "parameter"),
    ("/properties/", "property"),
    ("/responses", "response"),
    ("/security", "security"),
    ("/requestBody", "request_body"),
)
_SHORT = 120
_NAMED = 8


def differences(problems: Iterable[Problem], anchors: dict[str, tuple[Anchor, ...]]) -> list[Difference]:
    """`anchors` gives the places of operations in the description, by label."""
    simplest: dict[tuple[str, ...], Problem] = {}
    reasons: dict[tuple[str, ...], set[str]] = {}
    for problem in problems:
        known = simplest.get(problem.cause)
        if known is None or _simple(problem) < _simple(known):
            simplest[problem.cause] = problem
        reasons.setdefault(problem.cause, set()).add(problem.reason)
    told = {(each.operation, each.name, each.pointer) for each in simplest.values()}
    simplest = {
        cause: replace(each, facts={**each.facts, "reasons": sorted(reasons[cause])})
        for cause, each in simplest.items()
    }
    kept = [each for each in simplest.values() if not _repeats(each, told)]
    kept.sort(key=lambda each: each.cause)
    return [_difference(each, anchors.get(each.operation, ())) for each in kept]


def _simple(problem: Problem) -> tuple[Any, ...]:
    """Sorts the request first that tells best: of the operation's own method, and short."""
    return (problem.sent.method != problem.operation.partition(" ")[0], *problem.sent.size)


def _repeats(problem: Problem, told: set[tuple[str, str, str]]) -> bool:
    """A 5xx is told as an error; that it is not described, or how it looks, adds nothing."""
    if problem.name == "service-accepts-invalid":
        return _taken_elsewhere(problem, told)
    others = _TOLD_BY.get(problem.name, ())
    if problem.status is not None and problem.status >= 500 and problem.name not in _ERRORS:
        others = (*others, *_ERRORS)
    return any(operation == problem.operation and name in others for operation, name, _ in told)


def _taken_elsewhere(problem: Problem, told: set[tuple[str, str, str]]) -> bool:
    """Where several things were wrong with a request (no pointer), those are told that were tried alone."""
    of_it = [
        pointer
        for operation, name, pointer in told
        if operation == problem.operation and name in ("service-accepts-invalid", _WITHOUT_HEADER)
        if pointer != problem.pointer or name == _WITHOUT_HEADER
    ]
    return problem.pointer in of_it if problem.pointer else bool(of_it)


def _difference(problem: Problem, anchors: tuple[Anchor, ...]) -> Difference:
    sent = problem.name in _SENT
    rename = _rename(problem)
    return Difference(
        subject=problem.name,
        kind=next((kind for part, kind in _KINDS if part in problem.pointer), "operation"),
        object=problem.operation,
        change=Change.CHANGED,
        cause="\x00".join(problem.cause),
        attribute=problem.attribute or None,
        expected=problem.expected,
        actual=problem.actual if problem.expected is not None else None,  # the message tells it
        flow=Flow.SENT if sent else Flow.RECEIVED,
        effect=Effect.NARROWED if problem.name in _REFUSES else Effect.WIDENED,
        operation=problem.operation,
        pointer=problem.pointer,
        rename=rename,
        counterexample=_counterexample(problem),
        facts={"curl": command(problem.sent), "says": _says(problem, rename)},
        anchors=anchors,
    )


def _counterexample(problem: Problem) -> Counterexample | None:
    if problem.name in _REFUSES:
        return _refused(problem)
    if problem.value is None:
        return None
    return Counterexample(problem.value, Side.ACTUAL, Side.EXPECTED, problem.reason)


def _refused(problem: Problem) -> Counterexample | None:
    """A body that the description allows and the service does not take, where it is JSON."""
    try:
        value = json.loads(problem.sent.body or b"")
    except ValueError:
        return None
    return Counterexample(value, Side.EXPECTED, Side.ACTUAL, f"the service answers {problem.status}")


def _rename(problem: Problem) -> Rename | None:
    """A required name is missing, and one that looks like it is there and not described."""
    facts = problem.facts
    missing, present, known = (facts.get(name) for name in ("missing", "present", "described"))
    if not isinstance(missing, str) or not isinstance(present, list) or not isinstance(known, list):
        return None
    strange = {str(name): 1 for name in present if name not in known}
    found = best_renames({missing: 1}, strange, lambda _old, _new: 1.0)
    return Rename(*found[0]) if found else None


def _says(problem: Problem, rename: Rename | None) -> str:
    word = _WORDS.get(problem.name)
    request = f"{problem.sent.method} {_cut(unquote(problem.sent.target))}"
    crash = problem.crash
    if crash is not None:
        return f"{request} raises {crash.error} in {crash.function} ({crash.file}:{crash.line})"
    if rename is not None:
        old, new = _inside(problem, rename.old), _inside(problem, rename.new)
        return f"{request} answers {problem.status} with {new} where {old} is required"
    if problem.name in ("service-accepts-invalid", "service-refuses-old-request"):
        return f"{request} {_WORDS[problem.name].format(status=problem.status)}{_taken(problem)}"
    if problem.name == "service-no-answer":
        return f"{request}: {problem.reason}"
    if word is not None:
        return f"{request} {word.format(status=problem.status, seconds=problem.facts.get('seconds'))}"
    status = f"{request} answers {problem.status}"
    told = {
        "service-response-property-missing": f"without {_inside(problem, problem.facts.get('missing'))}",
        "service-response-invalid": _wrong(problem),
        "service-content-type-undocumented": f"as {problem.actual}, described is {_list(problem.expected)}",
        "service-header-missing": f"without {_list(problem.expected)}",
    }
    if problem.name in told:
        return f"{status} {told[problem.name]}"
    if problem.name.startswith("service-status-undocumented"):
        return f"{status}, described are {_list(problem.expected)}"
    return status + (f" ({_cut(problem.reason)})" if problem.reason else "")


_WORDS = {
    "service-accepts-invalid": "is answered {status}, though the description rules it out",
    "service-refuses-valid": "is answered {status}, though the description allows it",
    "service-refuses-old-request": "is answered {status}, though the old description allows it",
    "service-accepts-missing-header": "is answered {status} without a header that is required",
    "service-method-not-refused": "is answered {status}, though there is no such method",
    "service-auth-ignored": "is answered {status} without the described authentication",
    "service-slow": "takes longer than {seconds:g} s",
    "service-created-not-found": "is answered {status} right after it was made",
    "service-use-after-delete": "still answers after the deletion",
}


def _inside(problem: Problem, name: JSON) -> str:
    """A property with the place of its object: `items[].id`."""
    place = problem.facts.get("place")
    return f"{place}.{name}" if place else str(name)


def _wrong(problem: Problem) -> str:
    place = problem.facts.get("place")
    return (
        f"with {place} wrong: {_cut(problem.reason)}"
        if place
        else f"with a body where {_cut(problem.reason)}"
    )


def _taken(problem: Problem) -> str:
    """All that is wrong at this place by one side only; a few by name."""
    reasons = problem.facts.get("reasons")
    found = [str(each) for each in reasons if each] if isinstance(reasons, list) else []
    more = f" and {len(found) - _NAMED} more" if len(found) > _NAMED else ""
    return f": {', '.join(found[:_NAMED])}{more}" if found else ""


def _list(value: JSON) -> str:
    return ", ".join(map(str, value)) if isinstance(value, list | tuple) else str(value)


def _cut(text: str) -> str:
    line = " ".join(text.split())
    return line if len(line) <= _SHORT else f"{line[: _SHORT - 1]}…"
