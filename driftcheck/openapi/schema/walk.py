"""Walks pairs of schemas that differ: each pair is judged once, however many references lead to it.

A worklist, not recursion: cyclic, deep and heavily shared schemas cost one visit a pair.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field, replace
from typing import TypeAlias

from driftcheck.difference import Flow
from driftcheck.openapi.node import Node
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.export import hidden
from driftcheck.openapi.schema.local import Local, differ, shared
from driftcheck.openapi.schema.members import (
    NOTHING_BESIDE,
    Beside,
    Child,
    Found,
    Sides,
    compare_elements,
    compare_members,
)
from driftcheck.openapi.schema.notes import compare_notes
from driftcheck.openapi.schema.opaque import compare_opaque
from driftcheck.openapi.schema.proof import Evidence, Witness
from driftcheck.openapi.schema.question import Question
from driftcheck.openapi.schema.shape import Shape, Term, TermKey, is_never
from driftcheck.openapi.schema.text import compare_types, without_null
from driftcheck.openapi.schema.unions import resolve_unions
from driftcheck.openapi.schema.validators import Complaint
from driftcheck.openapi.unchanged import Unchanged

PairKey: TypeAlias = tuple[TermKey, TermKey, Flow, str, bool, bool, bool, Beside]
_TEXTS = ("text", "form")
_BRANCHING = ("anyOf", "oneOf", "dependentSchemas")


@dataclass(slots=True, eq=False)
class Pair:
    """Two terms in one direction. `proven` pairs are harmless, and walked for what is no matter of values;
    `equal` ones allow the very same values, so that even their harmless differences are only words.

    `apart` and `moved`: see unions.Resolved. `intricate` pairs have keywords that act on each other, so
    that one alone does not tell; `tangled` ones hold subschemas that do so. What is said of the values of
    `renamed` ones as a whole is told where they were renamed. `beside`: see members.Child.
    `found` are their own disagreements with the value that proves each;
    `below` the pairs under them. `edited`: its own text differs, not only what it refers to.
    """

    expected: Term
    actual: Term
    flow: Flow
    encoding: str
    proven: bool
    evidence: Evidence
    equal: bool = False
    renamed: bool = False
    beside: Beside = NOTHING_BESIDE
    intricate: bool = False
    tangled: bool = False
    edited: bool = True
    apart: bool = False
    moved: bool = False
    found: list[tuple[Local, Witness | None]] = field(default_factory=list)
    below: list[tuple[tuple[str, ...], Pair]] = field(default_factory=list)


class Walk:
    """All pairs of two documents that were compared, in both directions.

    A `thorough` walk also asks whether harmless differences are differences at all.
    """

    def __init__(self, expected: Canon, actual: Canon, unchanged: Unchanged, *, thorough: bool) -> None:
        self._thorough = thorough
        self._canons = (expected, actual)
        self._unchanged = unchanged
        self._sides = {flow: Sides(expected, actual, flow, self.same) for flow in Flow}
        self._pairs: dict[PairKey, Pair] = {}
        self._same: dict[tuple[TermKey, TermKey], bool] = {}

    def start(self, expected: Term, actual: Term, flow: Flow, encoding: str) -> Pair | None:
        """Walk from a pair; None where both certainly mean the same."""
        if self.same(expected, actual):
            return None
        pending: list[Pair] = []
        root = self._pair(expected, actual, flow, encoding, pending)
        while pending:
            self._visit(pending.pop(), pending)
        return root

    def pairs(self) -> Iterable[Pair]:
        """All the pairs walked so far."""
        return self._pairs.values()

    def same(self, expected: Term, actual: Term) -> bool:
        """Whether two terms are the same text, and so is all that they refer to."""
        key = (expected.key, actual.key)
        known = self._same.get(key)
        if known is None:
            old, new = expected.nodes, actual.nodes
            known = len(old) == len(new) and all(map(self._unchanged.same, old, new))
            known = known and all(map(self._same_scope, old, new))
            self._same[key] = known
        return known

    def _same_scope(self, old: Node, new: Node) -> bool:
        """Whether what is bound to dynamic anchors is the same on both sides."""
        e, a = old.resource.bound, new.resource.bound
        return e.keys() == a.keys() and all(self._unchanged.same(e[name], a[name]) for name in e)

    def _pair(
        self,
        e: Term,
        a: Term,
        flow: Flow,
        encoding: str,
        pending: list[Pair],
        *,
        proven: bool = False,
        equal: bool = False,
        renamed: bool = False,
        beside: Beside = NOTHING_BESIDE,
    ) -> Pair:
        key = (e.key, a.key, flow, encoding, proven, equal, renamed, beside)
        pair = self._pairs.get(key)
        if pair is None:
            evidence = Evidence(Question(self._sides[flow], e, a))
            pair = self._pairs[key] = Pair(e, a, flow, encoding, proven, evidence, equal, renamed, beside)
            pending.append(pair)
        return pair

    def _visit(self, pair: Pair, pending: list[Pair]) -> None:
        items = list(self._compare(pair))
        children = [
            item for item in items if isinstance(item, Child) and not self.same(item.expected, item.actual)
        ]
        locals_ = [item for item in items if isinstance(item, Local)]
        pair.edited = [n.value for n in pair.expected.nodes] != [n.value for n in pair.actual.nodes]
        if not pair.proven and pair.edited and self._needs_proof(pair, locals_, children):
            pair.proven = pair.evidence.verdict == "yes"
        if self._thorough and not pair.equal and pair.edited and pair.encoding not in _TEXTS:
            asked = any(local.provable for local in locals_) or any(c.step[0] in _BRANCHING for c in children)
            pair.equal = asked and pair.evidence.verdict == "yes" == pair.evidence.back
        for local in locals_:
            settled = _settle(pair, local, thorough=self._thorough)
            if settled is not None:
                pair.found.append(settled)
        for child in children:
            below = self._pair(
                child.expected,
                child.actual,
                pair.flow,
                pair.encoding,
                pending,
                proven=pair.proven and not child.renamed,
                equal=pair.equal and not child.renamed,
                renamed=child.renamed,
                beside=child.beside,
            )
            pair.below.append((child.step, below))

    def _compare(self, pair: Pair) -> Iterator[Found]:
        if self._canons[0].lacking(pair.expected) != self._canons[1].lacking(pair.actual):
            return  # a reference leads nowhere, which is told as such: what it asked for is not known
        e, a = self._shape(0, pair.expected, pair), self._shape(1, pair.actual, pair)
        pair.intricate = not (e.independent and a.independent)
        pair.tangled = e.tangled or a.tangled
        sides = self._sides[pair.flow]
        resolved = resolve_unions(sides, e, a)
        pair.apart, pair.moved = resolved.apart, resolved.moved
        yield from resolved.found
        e, a = resolved.expected, resolved.actual
        if not pair.renamed:
            if pair.encoding in _TEXTS:
                yield from compare_types(e, a, pair.flow, (self._item(0), self._item(1)))
            yield from differ(e, a, types=pair.encoding not in _TEXTS)
        if shared(e, a, "object"):
            terms = (pair.expected, pair.actual)
            names = [canon.names(term) for canon, term in zip(self._canons, terms, strict=True)]
            yield from compare_members(sides, e, a, (names[0], names[1]), pair.beside)
        if shared(e, a, "array"):
            yield from compare_elements(e, a)
        yield from compare_opaque(e, a, self.same)
        yield from compare_notes(e, a, pair.encoding)

    def _shape(self, side: int, term: Term, pair: Pair) -> Shape:
        shape = self._canons[side].shape(term)
        return without_null(shape) if pair.encoding in _TEXTS else shape

    def _item(self, side: int) -> Callable[[Term], Shape]:
        return self._canons[side].shape

    def _needs_proof(self, pair: Pair, locals_: list[Local], children: list[Child]) -> bool:
        """Whether to ask the prover: where something may be harmful and no value shows it, and before
        branches are looked into (what one refuses, another may accept)."""
        if any(local.provable and harm(local, pair.flow) is not False for local in locals_):
            return (pair.intricate and not pair.apart) or not all(
                pair.evidence.witness(local)
                for local in locals_
                if local.provable and harm(local, pair.flow) is not False
            )
        return not pair.apart and any(child.step[0] in _BRANCHING for child in children)


_BEYOND_VALUES = ("format", "discriminator", "mapping")  # validators do not know all that these say
_UNREADABLE = "its text is none of the type that the other side reads"


def harm(local: Local, flow: Flow) -> bool | None:
    """Whether a disagreement hurts the relying side; None where that is not known."""
    return local.narrows if flow is Flow.SENT else local.widens


def _settle(pair: Pair, local: Local, *, thorough: bool) -> tuple[Local, Witness | None] | None:
    """Dismiss what is proven harmless; find the value that proves the rest."""
    if pair.equal and local.provable and local.attribute not in _BEYOND_VALUES:
        return None
    hurts = harm(local, pair.flow)
    if hurts is False:
        other = local.widens if pair.flow is Flow.SENT else local.narrows
        return None if other is None else (local, None)
    if local.provable and pair.proven:
        if thorough and pair.evidence.back == "no":
            local = _with_opposite(local, pair.flow)
        harmless = _without_harm(local, pair.flow)
        return None if harmless is None else (harmless, None)
    if local.value is not None:
        return local, Witness(local.value, (Complaint(frozenset({"type"}), (), (), _UNREADABLE),))
    witness = pair.evidence.witness(local) if local.errors and not pair.proven else None
    if local.provable and witness is not None:
        local = _with_harm(local, pair.flow, True)
    elif local.provable and local.branch is not None and _stands_in(pair, local.branch):
        harmless = _without_harm(local, pair.flow)
        return None if harmless is None else (harmless, None)
    elif local.provable and pair.intricate and pair.encoding not in _TEXTS:
        local = replace(local, narrows=None, widens=None)
    return local, witness


def _stands_in(pair: Pair, branch: Term) -> bool:
    """Whether the other side accepts all of the branch that came or went, by its other branches."""
    question = pair.evidence.question
    sent = pair.flow is Flow.SENT
    alone = replace(question, expected=branch) if sent else replace(question, actual=branch)
    if Evidence(alone).verdict == "yes":
        return True
    canon, term = question.tight
    others = [member for group in canon.shape(term).groups if not group.exclusive for member in group.members]
    for other in others:
        single = replace(alone, actual=other) if sent else replace(alone, expected=other)
        if not _falls_short(single) and Evidence(single).verdict == "yes":
            return True
    return False


def _falls_short(question: Question) -> bool:
    """Whether the tight side plainly refuses values of the wide one, so that the prover need not be asked:
    all are of another type, or can do without a member that it requires."""
    (wide_canon, wide_term), (tight_canon, tight_term) = question.wide, question.tight
    wide, tight = wide_canon.shape(wide_term), tight_canon.shape(tight_term)
    if wide.types != {"object"} or not wide.independent or wide.min_properties:
        return False
    lacking = tight.required - wide.required
    flow = question.sides.flow
    return "object" not in tight.types or any(
        (term := tight.properties.get(name)) is not None
        and not is_never(term)
        and not hidden(tight_canon, term, flow)
        for name in lacking
    )


def _with_harm(local: Local, flow: Flow, hurts: bool) -> Local:
    return replace(local, narrows=hurts) if flow is Flow.SENT else replace(local, widens=hurts)


def _with_opposite(local: Local, flow: Flow) -> Local:
    """What is surely compatible but no mere rewriting, where the keyword alone did not tell."""
    other = local.widens if flow is Flow.SENT else local.narrows
    if other is not None:
        return local
    return replace(local, widens=True) if flow is Flow.SENT else replace(local, narrows=True)


def _without_harm(local: Local, flow: Flow) -> Local | None:
    other = local.widens if flow is Flow.SENT else local.narrows
    if not other:
        return None
    return _with_harm(local, flow, False)


def soft(local: Local, flow: Flow) -> bool:
    """Whether the harm is risky rather than breaking."""
    return local.soft_narrows if flow is Flow.SENT else local.soft_widens
