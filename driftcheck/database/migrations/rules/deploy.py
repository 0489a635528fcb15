"""Rules about the rolling deploy: in which order the new revisions and the new code go out.

Their examples are words: a deploy has two sets of models beside the revisions.
"""

from __future__ import annotations

from driftcheck.database.migrations.rules.registry import RULES, words
from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example

_ON = ("revision", Change.CHANGED)
_WHY = (
    "Between `alembic upgrade` and the last server with the new code, old code meets the new schema, or new"
    " code the old one."
)
_SAFE = ("a model and its table", "an index is added")


def _values(difference: Difference) -> tuple[str, str]:
    said = difference.actual if isinstance(difference.actual, list) else []
    texts = [str(item) for item in said]
    return (texts[0] if texts else "", texts[1] if len(texts) > 1 else "")


def _example(bad: str) -> tuple[Example, Example]:
    return Example(_SAFE[0], bad), Example(*_SAFE)


_BAD, _GOOD = _example("a nullable column is added, and the model has it")


@RULES.rule(
    "deploy-migrate-first",
    on=(*_ON, "deploy-migrate-first"),
    title="Safe if it runs before the new code",
    severity=Severity.INFO,
    why=_WHY,
    fix="Run the revision, then deploy.",
    bad=_BAD,
    good=_GOOD,
    category="danger",
    shown=True,
)
def _(difference: Difference) -> str:
    return (
        f"migrate first: revision {difference.object} must run before the new code does, which otherwise"
        f" finds the old schema: {_values(difference)[0]}."
    )


_BAD, _GOOD = _example("a column is dropped, and the model no longer has it")


@RULES.rule(
    "deploy-deploy-first",
    on=(*_ON, "deploy-deploy-first"),
    title="Safe only if it runs after the new code",
    severity=Severity.RISKY,
    why=f"{_WHY} Most pipelines migrate first.",
    fix="Deploy the new code everywhere, then run the revision; best in a release of its own.",
    bad=_BAD,
    good=_GOOD,
    category="danger",
)
def _(difference: Difference) -> str:
    return (
        f"deploy first: revision {difference.object} breaks the old code while it still runs:"
        f" {_values(difference)[0]}."
    )


_BAD, _GOOD = _example("a column is renamed, in the model too")


@RULES.rule(
    "deploy-neither",
    on=(*_ON, "deploy-neither"),
    title="Safe in neither order",
    severity=Severity.BREAKING,
    why=_WHY,
    fix="Split it: first expand (add what is new, nullable or with a server default), deploy code that copes"
    " with both, then contract (drop what is old) in a later release.",
    bad=_BAD,
    good=_GOOD,
    category="danger",
)
def _(difference: Difference) -> str:
    breaks, needs = _values(difference)
    return (
        f"neither order is safe for revision {difference.object}, split it (expand, then contract). Old code"
        f" on the new schema: {breaks}. New code on the old schema: {needs}."
    )


_BAD, _GOOD = _example("one revision adds a column, the next drops another")


@RULES.rule(
    "deploy-in-two-steps",
    on=(*_ON, "deploy-in-two"),
    title="Some revisions must run before the new code, others after it",
    severity=Severity.BREAKING,
    why=f"{_WHY} `alembic upgrade head` before or after the deploy is wrong for some of the revisions.",
    fix="Upgrade up to the last one that adds, deploy, then upgrade to head; or release them one by one.",
    bad=_BAD,
    good=_GOOD,
    category="danger",
)
def _(difference: Difference) -> str:
    before, after = words(difference.expected), words(difference.actual)
    told = f"{before} must run before the new code, {after} after it"
    if not difference.note:
        return f"{told}, but they are not in that order: neither order is safe, reorder or split them."
    return f"{told}: `alembic upgrade {difference.note}`, deploy, then `alembic upgrade head`."


_BAD, _GOOD = _example("a label is added to an enum, and the model has it")


@RULES.rule(
    "deploy-old-code-reads",
    on=(*_ON, "deploy-reads"),
    title="Old code may read what it does not know",
    severity=Severity.RISKY,
    why="While both run, new code (or the revision itself) writes values that the old code was promised never"
    " to meet.",
    fix="Deploy code that can read them first, and write them in a later release.",
    bad=_BAD,
    good=_GOOD,
    category="danger",
)
def _(difference: Difference) -> str:
    return (
        f"after revision {difference.object}, old code that still runs may read what new code writes:"
        f" {_values(difference)[0]}."
    )


@RULES.rule(
    "deploy-any-order",
    on=(*_ON, "deploy-any-order"),
    title="Safe in any order",
    severity=Severity.INFO,
    why=_WHY,
    fix="Nothing.",
    bad=Example(*_SAFE),
    good=Example(_SAFE[0], _SAFE[0]),
    category="danger",
    shown=True,
)
def _(difference: Difference) -> str:
    return f"any order: old and new code work before and after revision {difference.object}."
