"""Proves a pair of schemas harmless, or finds a value that one accepts and the other refuses.

Every value that leaves this module was checked by a validator on both sides.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass, field, replace
from itertools import chain, islice
from typing import Any

from driftcheck.difference import Flow
from driftcheck.openapi.schema import containment
from driftcheck.openapi.schema.containment import Verdict
from driftcheck.openapi.schema.edges import Edges
from driftcheck.openapi.schema.export import TooLargeError
from driftcheck.openapi.schema.instances import Instances, NoValueError
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.question import Question, exports
from driftcheck.openapi.schema.validators import Complaint, Judges

_MOST_CANDIDATES = 700
_ENOUGH_REFUSED = 60
_ENOUGH = 8  # candidates looked at beyond the first that fits, for a smaller one
_MOST_CASES = 20
_BUDGET = 200
_SMALL = 150


@dataclass(frozen=True, slots=True)
class Witness:
    """A value that the wide side accepts and the tight side refuses."""

    value: Any
    complaints: tuple[Complaint, ...]
    text: str | None = field(default=None, compare=False)  # the value as JSON, where it was written already

    @property
    def size(self) -> tuple[int, str]:
        """Sorts witnesses: see `size_key`."""
        return size_key(self.value) if self.text is None else (len(self.text), self.text)


def verdict(question: Question, budget: int = _BUDGET) -> Verdict:
    """Whether the tight side accepts everything that the wide side produces."""
    try:
        wide, tight, _ = exports(question, inline=True, budget=budget)
    except TooLargeError:
        return "unknown"
    answer = containment.covers(tight, wide)
    if answer == "unknown" and _by_cases(question, wide, tight):
        return "yes"
    return answer


def _by_cases(question: Question, wide: Any, tight: Any) -> bool:
    """Proof by the values of a required member that the branches of the tight side tell apart."""
    (wide_canon, wide_term), (tight_canon, tight_term) = question.wide, question.tight
    shape, union = wide_canon.shape(wide_term), tight_canon.shape(tight_term)
    if not union.groups or not isinstance(wide, dict):
        return False
    for name in sorted(shape.required & shape.properties.keys()):
        values = wide_canon.shape(shape.properties[name]).values
        if values is not None and 1 < len(values) <= _MOST_CASES:
            cases = [
                {**wide, "properties": {**wide.get("properties", {}), name: {"const": value}}}
                for value in values.values()
            ]
            if all(containment.covers(tight, case) == "yes" for case in cases):
                return True
    return False


def candidates(question: Question) -> Iterator[Any]:
    """Values on which the sides may disagree, plain ones first; bounded in number, not in time."""
    (_, wide), (_, tight) = question.wide, question.tight
    makers = makers_of(question)
    return islice(Edges(*makers).values(makers[0].shape(wide), makers[1].shape(tight)), _MOST_CANDIDATES)


def makers_of(question: Question) -> tuple[Instances, Instances]:
    """What builds values of the wide and of the tight side."""
    kept = question.sides.kept
    key = ("makers", question.backwards)
    if key not in kept:
        canons = question.wide[0], question.tight[0]
        kept[key] = tuple(Instances(canon, question.sides.flow) for canon in canons)
    makers: tuple[Instances, Instances] = kept[key]
    return makers


def size_key(value: Any) -> tuple[int, str]:
    """Sorts values by the length of their JSON, then by the JSON itself."""
    text = json.dumps(value, sort_keys=True, ensure_ascii=False)
    return len(text), text


def concerns(local: Local, complaint: Complaint) -> bool:
    """Whether the complaint is about this disagreement."""
    if complaint.keywords.isdisjoint(local.errors):
        return False
    if local.name is None or not complaint.names:
        return True
    named = {local.name, local.rename.new if local.rename else local.name}
    return bool(named & set(complaint.names)) or bool(named & {str(step) for step in complaint.path})


@dataclass(slots=True)
class Evidence:
    """What is known of one pair, worked out when first asked for."""

    question: Question
    _verdict: Verdict | None = None
    _back: Verdict | None = None
    _judges: Judges | None = None
    _pending: Iterator[Any] | None = None
    _found: dict[str, Witness] = field(default_factory=dict)

    @property
    def verdict(self) -> Verdict:
        """The prover's answer."""
        if self._verdict is None:
            self._verdict = verdict(self.question)
        return self._verdict

    @property
    def back(self) -> Verdict:
        """The prover's answer to the same question backwards."""
        if self._back is None:
            self._back = verdict(replace(self.question, backwards=True))
        return self._back

    @property
    def judges(self) -> Judges:
        """The validators."""
        if self._judges is None:
            self._judges = Judges(self.question)
        return self._judges

    @property
    def overlooked(self) -> Witness | None:
        """A value that shows harm which no keyword has told of; only looked for in small schemas."""
        try:
            exports(self.question, inline=True, budget=_SMALL)
        except TooLargeError:
            return None
        if self.verdict == "yes":
            return None
        return min(filter(None, self._more()), key=lambda witness: witness.size, default=None)

    def witness(self, local: Local) -> Witness | None:
        """The smallest value that is refused for this disagreement's own reason, and best for it alone."""
        if local.branch is not None:
            own = self._of_branch(local)
            if own is not None:
                return own
        seen = list(self._found.values())
        patience = _ENOUGH
        alone = any(_alone(local, witness) for witness in seen)
        for witness in () if alone else self._more(local):
            if witness is not None:
                seen.append(witness)
                alone = alone or _alone(local, witness)
            patience -= alone
            if patience < 0:
                break
        fits = [w for w in seen if any(concerns(local, c) for c in w.complaints)]
        best = [w for w in fits if _alone(local, w)]
        return min(best or fits, key=lambda witness: witness.size, default=None)

    def _of_branch(self, local: Local) -> Witness | None:
        """A value of the very branch that came or went."""
        found = self.judges
        for value in _values_of_branch(self.question, local):
            if found.disagree(value):
                witness = Witness(value, found.complaints(value))
                if any(concerns(local, complaint) for complaint in witness.complaints):
                    return witness
        return None

    def _more(self, local: Local | None = None) -> Iterator[Witness | None]:
        """Further values on which the sides disagree, first those that a disagreement suggests itself; None
        for each value that shows nothing."""
        found = self.judges
        if self._pending is None:
            self._pending = candidates(self.question)
        suggested = () if local is None else _suggested(self.question, local)
        for value in chain(suggested, self._pending):
            if len(self._found) >= _ENOUGH_REFUSED:
                return
            text = size_key(value)[1] if found.disagree(value) else None
            if text is None or text in self._found:
                yield None
            else:
                self._found[text] = Witness(value, found.complaints(value), text)
                yield self._found[text]


def _suggested(question: Question, local: Local) -> Iterator[Any]:
    """Null for a null that came or went; objects with a discriminator's value; else an object with and one
    without the member in question."""
    if local.attribute == "nullable":
        yield None
    if local.name is None:
        return
    maker = makers_of(question)[0]
    shape = maker.shape(question.wide[1])
    if local.attribute == "mapping":
        value = local.expected if question.sides.flow is Flow.SENT else local.actual
        for branch in islice(maker.branches(shape), 12):
            with suppress(NoValueError):
                yield maker.object(branch, {local.name: value})
        return
    with suppress(NoValueError):
        name = local.rename.new if local.rename and question.sides.flow is Flow.RECEIVED else local.name
        if maker.travels(shape, name):
            yield maker.object(shape, {name: maker.member(shape, name)})
        yield maker.object(shape)


def _values_of_branch(question: Question, local: Local) -> Iterator[Any]:
    maker = makers_of(question)[0]
    shape = maker.shape(question.wide[1])
    if local.branch is not None:
        with suppress(NoValueError):
            for taken in maker.taking(shape, local.branch):
                yield from islice(maker.bases(taken), _ENOUGH)


def _alone(local: Local, witness: Witness) -> bool:
    return bool(witness.complaints) and all(concerns(local, c) for c in witness.complaints)
