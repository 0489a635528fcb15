"""What a comparison found, as differences: one cause for each operation and place, without values."""

from __future__ import annotations

from typing import Any

from driftcheck.difference import Change, Effect, Flow, Rename
from driftcheck.openapi.node import Node, escape
from driftcheck.traffic.gather import Call, Gather
from driftcheck.traffic.replay.chain import Tokens
from driftcheck.traffic.replay.compare import Problem
from driftcheck.traffic.values import describe, shown


def pointer_of(tokens: Tokens) -> str:
    """A place in a body, with `*` for the elements of arrays."""
    return "".join(f"/{'*' if isinstance(token, int) else escape(str(token))}" for token in tokens)


def words_of(tokens: Tokens) -> str:
    """The same for people: `items[].id`."""
    text = ""
    for token in tokens:
        text += "[]" if isinstance(token, int) else f"{'.' if text else ''}{token}"
    return text


def noise_of(tokens: Tokens) -> str:
    """The same as a path of noise."""
    return ".".join(["body", *("*" if isinstance(token, int) else str(token) for token in tokens)])


def tell_problem(
    gather: Gather, call: Call, status: int, problem: Problem, node: Node | None, *, show_values: bool
) -> None:
    """Something in the body that is not as it was recorded."""
    words = words_of(problem.tokens)
    name = str(problem.tokens[-1]) if problem.tokens else "body"
    say = shown if show_values else describe
    whole = not problem.tokens
    rename = Rename(name, problem.renamed, problem.confidence) if problem.renamed else None
    _tell(
        gather,
        call,
        "replay-body" if whole else "replay-field",
        problem.change,
        f"/responses/{status}/body{pointer_of(problem.tokens)}",
        f"{words or 'the body'} is not as it was recorded",
        node,
        attribute=problem.attribute,
        name=name,
        kind="body" if whole else "property",
        expected=None if problem.recorded is None else say(problem.recorded),
        actual=None if problem.given is None or problem.attribute == "format" else _given(problem, say),
        rename=rename,
        facts={
            "where": words or "the body",
            "noise": noise_of(problem.tokens),
            "kind": str(problem.recorded) if problem.attribute == "format" else "",
            "renamed": problem.renamed,
            "shown": show_values,
        },
    )


def _given(problem: Problem, say: Any) -> str | None:
    """What came; of another value of the same type only that, as its length may differ in every run."""
    if say is describe and problem.attribute in ("value", "elements", "order"):
        return None
    return str(say(problem.given))


def tell_message(
    gather: Gather,
    call: Call,
    subject: str,
    attribute: str | None,
    pointer: str,
    node: Node | None,
    expected: Any = None,
    actual: Any = None,
    change: Change = Change.CHANGED,
    name: str | None = None,
) -> None:
    """Something outside the body: status, headers, or no answer at all."""
    _tell(
        gather,
        call,
        subject,
        change,
        pointer,
        f"{subject.removeprefix('replay-')} is not as it was recorded",
        node,
        attribute=attribute,
        name=name,
        kind="response",
        expected=expected,
        actual=actual,
        facts={"where": name or ""},
    )


def _tell(
    gather: Gather,
    call: Call,
    subject: str,
    change: Change,
    pointer: str,
    why: str,
    node: Node | None,
    **given: Any,
) -> None:
    gather.tell(
        call, subject, change, pointer, why, node=node, flow=Flow.RECEIVED, effect=Effect.WIDENED, **given
    )
