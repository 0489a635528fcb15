"""Collects schema comparisons over a whole run and turns them into Differences: one for each cause.

A change in a shared component is one Difference however many operations reach it.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from driftcheck.difference import Counterexample, Difference, Flow, Severity, Side
from driftcheck.openapi.node import Document, Node, escape, unescape
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.express import express
from driftcheck.openapi.schema.lift import lift
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.members import ANYTHING
from driftcheck.openapi.schema.notes import compare_defaults
from driftcheck.openapi.schema.proof import Evidence, Witness, concerns
from driftcheck.openapi.schema.reach import reaching
from driftcheck.openapi.schema.shape import Term
from driftcheck.openapi.schema.site import Site
from driftcheck.openapi.schema.walk import Pair, Walk, harm, soft
from driftcheck.openapi.unchanged import Unchanged

# The few schemas of parameters that webhooks send, and of headers that they take, share their rules.
_SUBJECTS = {"response-parameter": "response-header", "request-header": "request-parameter"}
_COMPONENT = re.compile(r"^/(?:components/[^/]+|definitions|\$defs|parameters|responses)/([^/]+)")


@dataclass(slots=True, eq=False)
class Root:
    """A schema pair as an operation uses it."""

    site: Site
    pair: Pair
    uri: str
    extra: list[Local] = field(default_factory=list)


@dataclass(frozen=True, slots=True)
class Trail:
    """The first way by which a pair is reached: from which root, by which steps, and whose place it is.

    `owner` is the component that holds the place (None: the operation itself), `start` where its own
    pointer begins, `moved` that a reference was pointed elsewhere on the way, so that the owner stays.
    """

    root: Root
    steps: tuple[tuple[Pair, tuple[str, ...]], ...] = ()
    owner: str | None = None
    start: int = 0
    moved: bool = False


class SchemaComparison:
    """Compares any number of schema pairs of two documents; ask for `differences()` once, at the end.

    `thorough` also proves that harmless differences are differences: for those who want to see them."""

    def __init__(
        self, expected: Document, actual: Document, unchanged: Unchanged, *, thorough: bool = False
    ) -> None:
        self._documents = (expected, actual)
        self._canons = (Canon(expected), Canon(actual))
        self._walk = Walk(*self._canons, unchanged, thorough=thorough)
        self._roots: list[Root] = []

    def compare(self, expected: Node | None, actual: Node | None, site: Site) -> None:
        """Compare two schemas (None: anything goes) at a place of an operation."""
        terms = self._terms(expected, actual)
        if terms is None or site.encoding == "binary":
            return
        if site.subject in _SUBJECTS:
            site = replace(site, subject=_SUBJECTS[site.subject])
        extra: list[Local] = []
        if site.flow is Flow.SENT and site.name is not None and not site.required:
            extra = list(compare_defaults(self._canons[0].shape(terms[0]), self._canons[1].shape(terms[1])))
        pair = self._walk.start(*terms, site.flow, site.encoding)
        node = expected or actual
        if (pair is not None or extra) and node is not None:
            empty = Pair(*terms, site.flow, site.encoding, True, pair.evidence if pair else _NO_EVIDENCE)
            self._roots.append(Root(site, pair or empty, node.resource.uri, extra))

    def covered(self, expected: Node | None, actual: Node | None, flow: Flow) -> bool:
        """Whether going from expected to actual is certainly harmless in that flow."""
        terms = self._terms(expected, actual)
        if terms is None or self._walk.same(*terms):
            return True
        pair = self._walk.start(*terms, flow, "json")
        return pair is None or not any(harm(local, flow) is not False for local, _ in _all_found(pair))

    def unresolved(self) -> Iterator[tuple[Side, str, str]]:
        """References that led nowhere: side, reference, reason. What they stand for was not compared."""
        for side, canon in zip(Side, self._canons, strict=True):
            for reference, reason in sorted(canon.unresolved.items()):
                yield side, reference, reason

    def _terms(self, expected: Node | None, actual: Node | None) -> tuple[Term, Term] | None:
        if expected is None and actual is None:
            return None
        e = ANYTHING if expected is None else self._canons[0].term(expected)
        a = ANYTHING if actual is None else self._canons[1].term(actual)
        return e, a

    def differences(self) -> list[Difference]:
        """Everything found, one difference per cause, with all the operations it reaches."""
        self._look_again()
        masks = reaching((bit, root.pair) for bit, root in enumerate(self._roots))
        found: dict[tuple[object, ...], Difference] = {}
        for trail, pair in self._trails():
            own = self._own(trail, pair)
            users = _bits(masks[id(pair)]) if own else []
            for local, witness in own:
                self._add(found, trail, pair, local, witness, [self._roots[bit] for bit in users])
        return list(found.values())

    def _look_again(self) -> None:
        """Where no keyword told of harm, ask once more about the whole: it can be more than its parts."""
        for pair in list(self._walk.pairs()):
            if not pair.tangled or not pair.edited or pair.proven or pair.apart:
                continue
            if any(canon.unresolved for canon in self._canons):
                return  # it could be their doing
            if pair.encoding in ("text", "form"):
                continue
            if any(harm(local, pair.flow) is not False for local, _ in _all_found(pair)):
                continue
            witness = pair.evidence.overlooked
            if witness is not None:
                sent = pair.flow is Flow.SENT
                nodes = tuple(term.nodes[0] if term.nodes else None for term in (pair.expected, pair.actual))
                local = Local(attribute="schema", narrows=sent, widens=not sent, nodes=(nodes[0], nodes[1]))
                pair.found.append((local, witness))

    def _own(self, trail: Trail, pair: Pair) -> list[tuple[Local, Witness | None]]:
        extra = trail.root.extra if not trail.steps else []
        return [*pair.found, *((local, None) for local in extra)]

    def _trails(self) -> Iterator[tuple[Trail, Pair]]:
        """Every pair once, by the first way to it; roots that share a pair each keep their own extras.

        Ways through what was renamed come last: no value of the whole proves what is found on them.
        """
        seen: set[int] = set()
        late: list[tuple[Trail, Pair]] = []
        for root in self._roots:
            yield from self._onward((self._entered(Trail(root), root.pair), root.pair), seen, late)
        for start in late:
            yield from self._onward(start, seen, late)

    def _onward(
        self, start: tuple[Trail, Pair], seen: set[int], late: list[tuple[Trail, Pair]]
    ) -> Iterator[tuple[Trail, Pair]]:
        pending = deque([start])
        while pending:
            trail, pair = pending.popleft()
            if id(pair) in seen:
                if not trail.steps and trail.root.extra:
                    empty = Pair(pair.expected, pair.actual, pair.flow, pair.encoding, True, pair.evidence)
                    yield trail, empty
                continue
            seen.add(id(pair))
            yield trail, pair
            for step, below in pair.below:
                longer = Trail(
                    trail.root, (*trail.steps, (pair, step)), trail.owner, trail.start, trail.moved
                )
                (late if below.renamed else pending).append((self._entered(longer, below), below))

    def _entered(self, trail: Trail, pair: Pair) -> Trail:
        """Entering a component that both sides refer to makes it the owner of what is found in it."""
        old, new = pair.expected.entered, pair.actual.entered
        if old is None and new is None:
            return trail
        if old is not None and new is not None and (old == new or self._renamed(pair)):
            return Trail(trail.root, trail.steps, old, len(trail.steps), False)
        return Trail(trail.root, trail.steps, trail.owner, trail.start, True)

    def _renamed(self, pair: Pair) -> bool:
        """Whether each side's component is unknown to the other, so that it is the same under a new name."""
        nodes = (pair.expected.nodes[0], pair.actual.nodes[0])
        return not any(
            _exists(document, node) for document, node in zip(reversed(self._documents), nodes, strict=True)
        )

    def _add(
        self,
        found: dict[tuple[object, ...], Difference],
        trail: Trail,
        pair: Pair,
        local: Local,
        witness: Witness | None,
        users: list[Root],
    ) -> None:
        owner, cause = _cause(trail, local, moved=trail.moved or pair.moved)
        key = (
            cause,
            local.change,
            local.attribute,
            pair.flow,
            harm(local, pair.flow),
            soft(local, pair.flow),
        )
        sites = [user.site for user in users] or [trail.root.site]
        before = found.get(key)
        operations = tuple(sorted({*(before.operations if before else ()), *(s.operation for s in sites)}))
        cap = _cap(sites)
        if before is not None:
            cap = before.at_most if before.at_most is None or cap is None else cap
            found[key] = _with(before, operations, cap)
            return
        shown, local_ = _shown(trail, pair, local, witness)
        if local_ is not None:
            found[key] = express(
                trail.root.site, trail.steps, pair, local_, owner, cause, operations, cap, shown
            )


def _all_found(root: Pair) -> Iterator[tuple[Local, Witness | None]]:
    seen = {id(root)}
    pending = [root]
    while pending:
        pair = pending.pop()
        yield from pair.found
        for _, below in pair.below:
            if id(below) not in seen:
                seen.add(id(below))
                pending.append(below)


def _bits(mask: int) -> list[int]:
    return [bit for bit, digit in enumerate(reversed(f"{mask:b}")) if digit == "1"]


def _cap(sites: list[Site]) -> Severity | None:
    """The mildest cap counts only if every use is capped."""
    caps = [site.at_most for site in sites]
    if any(cap is None for cap in caps):
        return None
    return min((cap for cap in caps if cap is not None), key=lambda cap: cap.rank, default=None)


def _with(difference: Difference, operations: tuple[str, ...], cap: Severity | None) -> Difference:
    return replace(difference, operations=operations, at_most=cap)


def _exists(document: Document, node: Node) -> bool:
    """Whether the document has something where the node stands in the other one."""
    value = document.root.data
    for token in node.pointer.split("/")[1:]:
        if not isinstance(value, dict) or unescape(token) not in value:
            return False
        value = value[unescape(token)]
    return True


def _cause(trail: Trail, local: Local, *, moved: bool) -> tuple[str | None, str]:
    """The component that must be mended (None: the operation), and a stable name of the place."""
    node = next((node for node in local.nodes if node is not None), None)
    if node is not None and not moved:
        held = _COMPONENT.match(node.pointer)
        if held is not None:
            name = unescape(held.group(1))
            within = node.pointer[held.end() :]
            suffix = (
                "/".join(map(escape, local.step))
                if local.step and not within.endswith(local.step[-1])
                else ""
            )
            return name, f"{name}#{within}{suffix}{local.key}"
        if node.resource.uri != trail.root.uri and trail.owner is not None:
            return trail.owner, f"{trail.owner}#{node.pointer}{local.key}"
    steps = [step for _, step in trail.steps[trail.start :]] + [local.step, (local.key,) if local.key else ()]
    below = "".join("/" + "/".join(map(escape, step)) for step in steps if step)
    if trail.owner is not None:
        return trail.owner, f"{trail.owner}#{below}"
    site = trail.root.site
    return None, f"{site.operation} {site.pointer}{below}"


def _shown(
    trail: Trail, pair: Pair, local: Local, witness: Witness | None
) -> tuple[Counterexample | None, Local | None]:
    """The counterexample of the whole body; no Local where the whole turns out to be harmless after all,
    and an undecided one where the whole accepts what this place refuses."""
    if witness is None:
        return None, local
    if pair.renamed or any(above.renamed for above, _ in trail.steps):
        return None, replace(local, note=_RENAMED)
    if local.value is None or trail.steps:
        lifted = lift(trail.steps, witness, trail.root.pair, local)
        if lifted.witness is None and lifted.compensated and local.provable:
            if trail.root.pair.evidence.verdict == "yes":
                return None, None
            return None, replace(local, narrows=None, widens=None)
        if lifted.witness is None:
            return None, local
        witness = lifted.witness
    accepted, refused = Side.EXPECTED, Side.ACTUAL
    if pair.flow is Flow.RECEIVED:
        accepted, refused = refused, accepted
    return Counterexample(witness.value, accepted, refused, _reason(witness, local)), local


def _reason(witness: Witness, local: Local) -> str:
    """In the validator's words, and of its complaints the one that is about this disagreement."""
    if not witness.complaints:
        return "refused"
    about = [complaint for complaint in witness.complaints if concerns(local, complaint)]
    deepest = max(about or witness.complaints, key=lambda complaint: len(complaint.path))
    where = "".join(f"/{escape(str(step))}" for step in deepest.path)
    return f"{deepest.message} (at {where})" if where else deepest.message


_RENAMED = "what holds it was renamed, so no one value shows this change alone"
_NO_EVIDENCE: Evidence = Evidence(None)  # type: ignore[arg-type]
