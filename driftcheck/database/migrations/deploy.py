"""Which order is safe, migrate or deploy first: old models against the new schema, new ones against the old.

Pure. What differed before (models and schema of the base revision, models and schema now) is no news.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from driftcheck.database.attribution import with_what_models_cannot_say
from driftcheck.database.compare import Selection, compare
from driftcheck.database.migrations.doctor import about
from driftcheck.database.migrations.run import Place
from driftcheck.database.migrations.trial import Step, is_schema
from driftcheck.database.model import Database
from driftcheck.database.rules import RULES
from driftcheck.difference import Difference, Effect, Flow, Severity

Key = tuple[str, str, str, str | None, str, str, str]

_FAMILIES = (
    ("bool",), ("smallint", "int", "integer", "bigint", "numeric", "decimal", "real", "double", "float"),
    ("character", "varchar", "text", "char", "citext"), ("timestamp", "date", "time", "interval"), ("uuid",),
    ("json",), ("bytea",), ("inet", "cidr"),
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Sides:
    """Old and new code as the schemas that their models make; the schemas before and after the revisions."""

    old: Database
    new: Database
    base: Database
    head: Database


@dataclass(frozen=True, slots=True)
class _Cause:
    """Something that fails, and the revision and line that make it so."""

    text: str
    step: Step
    place: Place


def verdicts(sides: Sides, steps: Sequence[Step], selection: Selection) -> list[Difference]:
    """One verdict for each new revision, and one for all of them where they disagree."""
    old = with_what_models_cannot_say(sides.old, sides.base)
    new = with_what_models_cannot_say(sides.new, sides.head)
    schemas = (sides.base, *(step.after for step in steps))
    before = [compare(new, schema, selection) for schema in schemas]
    after = [compare(old, schema, selection) for schema in schemas]
    needs = _without(before[0], before[-1])
    breaks = _without(after[-1], after[0])
    hurts = _hurts_in_sqlite if sides.head.dialect == "sqlite" else _hurts
    first = list(_causes(needs, _gone(before), steps, hurts))
    later = list(_causes(breaks, _come(after), steps, hurts))
    reads = list(_causes(breaks, _come(after), steps, _is_unknown_on_read))
    found = [item for step in steps for item in _verdict(step, first, later, reads)]
    return [*found, *_together(steps, first, later)]


def _key(item: Difference) -> Key:
    """The rule too: a column that is extra becomes another trouble when it becomes NOT NULL."""
    rule = RULES.find(item)[0].id
    return (item.kind, item.object, item.change, item.attribute, str(item.expected), str(item.actual), rule)


def _without(differences: Sequence[Difference], known: Sequence[Difference]) -> list[Difference]:
    keys = {_key(item) for item in known}
    return [item for item in differences if _key(item) not in keys]


def _gone(schemas: Sequence[Sequence[Difference]]) -> Callable[[Difference], int]:
    """The step after which the new code no longer misses something."""
    keys = [{_key(item) for item in differences} for differences in schemas]

    def step(difference: Difference) -> int:
        return max(at for at in range(len(keys) - 1) if _key(difference) in keys[at])

    return step


def _come(schemas: Sequence[Sequence[Difference]]) -> Callable[[Difference], int]:
    """The step from which on the old code meets something."""
    keys = [{_key(item) for item in differences} for differences in schemas]

    def step(difference: Difference) -> int:
        at = len(keys) - 1
        while at > 1 and _key(difference) in keys[at - 1]:
            at -= 1
        return at - 1

    return step


def _causes(
    differences: Sequence[Difference],
    step_of: Callable[[Difference], int],
    steps: Sequence[Step],
    counts: Callable[[Difference], bool],
) -> Iterator[_Cause]:
    for difference in differences:
        if counts(difference):
            step = steps[step_of(difference)]
            text = RULES.find(difference)[1].rstrip(".")
            yield _Cause(text, step, _place(difference, step))


def _hurts(difference: Difference) -> bool:
    """Whether a statement of running code fails. What may be read is not there before new code writes it."""
    if _is_read(difference):
        return False
    if difference.attribute == "type" and difference.effect is Effect.UNCLEAR:
        return _family(difference.expected) != _family(difference.actual)
    return RULES.find(difference)[0].severity is Severity.BREAKING


def _hurts_in_sqlite(difference: Difference) -> bool:
    """A view in the place of a table: other engines let code write through it."""
    return difference.attribute == "kind" or _hurts(difference)


def _is_read(difference: Difference) -> bool:
    return difference.flow is Flow.RECEIVED and difference.effect is Effect.WIDENED


def _is_unknown_on_read(difference: Difference) -> bool:
    """A value that old code cannot read, once new code or the migration has written it."""
    severe = RULES.find(difference)[0].severity is Severity.BREAKING
    return severe and _is_read(difference) and difference.attribute in {"values", "nullable", "expression"}


def _family(spelled: object) -> int | str:
    text = str(spelled).lower()
    found = (at for at, names in enumerate(_FAMILIES) if text.startswith(names))
    return next(found, text)


def _place(difference: Difference, step: Step) -> Place:
    """The statement that is about all of the object's names, or about the last of them; those that only
    write rows come last."""
    new = difference.rename.new if difference.rename else ""
    names = [name for name in re.findall(r"\w+", difference.object) if name]
    statements = sorted(step.statements, key=lambda each: not is_schema(each.sql))
    for wanted in (names, names[-1:], re.findall(r"\w+", new)[-1:]):
        for statement in statements:
            words = set(re.findall(r"\w+", statement.sql))
            if wanted and words.issuperset(wanted):
                return statement.place.about(wanted[-1:])
    batches = (each.place.about(names[-1:]) for each in step.statements if each.place.calls)
    called = next((place for place in batches if not place.calls), None)  # it has found the call
    return called or (step.statements[0].place if step.statements else Place(step.file, None))


def _verdict(
    step: Step, first: Sequence[_Cause], later: Sequence[_Cause], reads: Sequence[_Cause]
) -> Iterator[Difference]:
    needs = [item for item in first if item.step is step]
    breaks = [item for item in later if item.step is step]
    if needs and breaks:
        yield _difference("deploy-neither", step, [*breaks, *needs], [_said(breaks), _said(needs)])
    elif needs:
        yield _difference("deploy-migrate-first", step, needs, [_said(needs)])
    elif breaks:
        yield _difference("deploy-deploy-first", step, breaks, [_said(breaks)])
    else:
        yield _difference("deploy-any-order", step, [], [])
    unknown = [item for item in reads if item.step is step]
    if unknown and not breaks:
        yield _difference("deploy-reads", step, unknown, [_said(unknown)])


def _difference(attribute: str, step: Step, causes: Sequence[_Cause], said: list[str]) -> Difference:
    places = dict.fromkeys((cause.place.file, cause.place.line) for cause in causes)
    return about(step.revision, attribute, [*places] or [(step.file, None)], actual=said)


def _said(causes: Sequence[_Cause]) -> str:
    texts = list(dict.fromkeys(cause.text for cause in causes))
    more = f"; and {len(texts) - 3} more" if len(texts) > 3 else ""
    return "; ".join(texts[:3]) + more


def _together(
    steps: Sequence[Step], first: Sequence[_Cause], later: Sequence[_Cause]
) -> Iterator[Difference]:
    """Revisions that must run before the deploy, and others after it."""
    expand = [at for at, step in enumerate(steps) if any(item.step is step for item in first)]
    contract = [at for at, step in enumerate(steps) if any(item.step is step for item in later)]
    if not expand or not contract or set(expand) & set(contract):
        return
    places = [(cause.place.file, cause.place.line) for cause in (first[0], later[0])]
    names = [[steps[at].revision for at in which] for which in (expand, contract)]
    between = steps[max(expand)].revision if max(expand) < min(contract) else ""
    yield about(steps[-1].revision, "deploy-in-two", places, expected=names[0], actual=names[1], note=between)
