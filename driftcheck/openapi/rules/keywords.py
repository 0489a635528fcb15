"""Generates the rules of all schema keywords from the table in keywords.py: keyword × place × direction."""

from __future__ import annotations

import json
from collections.abc import Iterator

from driftcheck.difference import JSON, Change, Difference, Effect, Flow, Severity, severity_of
from driftcheck.openapi.keywords import KEYWORDS, Keyword
from driftcheck.openapi.rules.registry import RULES
from driftcheck.openapi.rules.subjects import SUBJECTS, Subject
from driftcheck.rule import Example, Message, Rule

_WHY = {
    (Effect.NARROWED, Flow.SENT): "What consumers send by the old contract may now be refused.",
    (Effect.WIDENED, Flow.RECEIVED): "Consumers may now receive what the old contract ruled out.",
    (Effect.WIDENED, Flow.SENT): "All that consumers send by the old contract is still accepted.",
    (Effect.NARROWED, Flow.RECEIVED): "All that consumers now receive was allowed by the old contract.",
}
_FIX = {
    Severity.BREAKING: "Keep the old constraint, or publish the change as a new version of the operation.",
    Severity.RISKY: "Make sure that consumers tolerate it before you ship it.",
    Severity.INFO: "Nothing to do.",
}


def generate() -> None:
    """Register a rule for each keyword, place and direction (and for its soft variant, where it has one)."""
    for subject in SUBJECTS:
        for keyword in KEYWORDS:
            for rule in _rules(subject, keyword):
                RULES.add(rule)


def _rules(subject: Subject, keyword: Keyword) -> Iterator[Rule]:
    if not subject.id.endswith(keyword.only):
        return
    variants = (
        (Effect.NARROWED, keyword.narrowed, False),
        (Effect.WIDENED, keyword.widened, False),
        (Effect.NARROWED, keyword.soft_narrowed, True),
        (Effect.WIDENED, keyword.soft_widened, True),
    )
    for effect, word, soft in variants:
        harms = (effect is Effect.NARROWED) == (subject.flow is Flow.SENT)
        if word and (soft or harms or not keyword.exchanged):
            yield _rule(subject, keyword, effect, word, soft=soft)


def _rule(subject: Subject, keyword: Keyword, effect: Effect, word: str, *, soft: bool) -> Rule:
    severity = severity_of(effect, subject.flow)
    if soft and severity is Severity.BREAKING:
        severity = Severity.RISKY
    has_soft = bool(keyword.soft_narrowed if effect is Effect.NARROWED else keyword.soft_widened)
    return Rule(
        id=f"{subject.id}-{keyword.slug}-{word}",
        title=f"{keyword.name} {word.replace('-', ' ')} in {subject.words}",
        category="wire",
        severity=severity,
        why=_WHY[effect, subject.flow],
        fix=_FIX[severity],
        bad=_example(subject, keyword, effect, soft=soft),
        good=_equal(subject, keyword, soft=soft),
        subject=subject.id,
        change=Change.CHANGED,
        attribute=keyword.name,
        effect=effect,
        message=_message(keyword, soft if has_soft else None),
    )


def _example(subject: Subject, keyword: Keyword, effect: Effect, *, soft: bool) -> Example:
    tight, wide = keyword.soft if soft else (keyword.tight, keyword.wide)
    return subject.example(*((wide, tight) if effect is Effect.NARROWED else (tight, wide)))


def _equal(subject: Subject, keyword: Keyword, *, soft: bool) -> Example:
    tight = keyword.soft[0] if soft else keyword.tight
    return subject.example(tight, f'{{"allOf": [{tight}]}}')


def _message(keyword: Keyword, soft: bool | None) -> Message:
    def message(d: Difference) -> str | None:
        facts = d.facts or {}
        if soft is not None and bool(facts.get("soft")) is not soft:
            return None
        return f"{facts.get('where', d.name)}: {_change(keyword, d)}"

    return message


def _change(keyword: Keyword, d: Difference) -> str:
    facts = d.facts or {}
    removed, added = facts.get("removed"), facts.get("added")
    if isinstance(removed, list) and isinstance(added, list) and (removed or added):
        parts = [f"no longer {shown(removed)}"] if removed else []
        parts += [f"now also {shown(added)}"] if added else []
        return f"{keyword.name}: {', '.join(parts)}"
    if "branch" in facts:
        return f"{keyword.name} branch {facts['branch']} " + ("is gone" if d.actual is None else "is new")
    if d.expected is None:
        return f"{keyword.name} is now {shown(d.actual)}"
    if d.actual is None:
        return f"{keyword.name} {shown(d.expected)} is gone"
    return f"{keyword.name} was {shown(d.expected)}, is now {shown(d.actual)}"


def shown(value: JSON) -> str:
    """A JSON value in a message, cut where it is long."""
    text = json.dumps(value, ensure_ascii=False)
    return text if len(text) <= 120 else f"{text[:117]}..."


generate()
