"""Carries a counterexample from deep inside a schema up to the whole body, and makes it small."""

from __future__ import annotations

import copy
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass, replace
from itertools import islice
from typing import Any

from driftcheck.openapi.schema.conjunction import matches
from driftcheck.openapi.schema.instances import Instances, NoValueError
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.patterns import examples
from driftcheck.openapi.schema.proof import Witness, concerns, makers_of, size_key
from driftcheck.openapi.schema.validators import Judges
from driftcheck.openapi.schema.walk import Pair

_MOST_TRIES = 60
_MOST_CUTS = 60
_LARGE = 3000


@dataclass(frozen=True, slots=True)
class Lifted:
    """The witness as a value of the whole, if one was found; `compensated` if both sides accept such values,
    so that what one place refuses is allowed in another way (by another branch)."""

    witness: Witness | None
    compensated: bool = False


def lift(path: Sequence[tuple[Pair, tuple[str, ...]]], witness: Witness, root: Pair, local: Local) -> Lifted:
    """The witness as a value of `root`; `path` leads from the root to the pair that it was found in.

    The value must stay refused for the reason of `local`, where the validator names it at all."""
    found = root.evidence.judges
    accepted = False
    for value in islice(_wrapped(path, witness.value), _MOST_TRIES):
        if found.disagree(value):
            small = shrink(value, found, local)
            return Lifted(Witness(small, found.complaints(small)))
        accepted = accepted or found.agree(value)
    return Lifted(None, accepted)


def _wrapped(path: Sequence[tuple[Pair, tuple[str, ...]]], value: Any) -> Iterator[Any]:
    """The value inside of values of each pair up the path; a few alternatives at each level."""
    if not path:
        yield value
        return
    parent, step = path[-1]
    for outer in islice(_around(parent, step, value), 6):
        yield from _wrapped(path[:-1], outer)


def _around(parent: Pair, step: tuple[str, ...], value: Any) -> Iterator[Any]:
    question = parent.evidence.question
    maker = makers_of(question)[0]
    shape = maker.shape(question.wide[1])
    kind = step[0]
    if kind in ("anyOf", "oneOf", "dependentSchemas"):
        yield value
        if isinstance(value, dict):
            for branch in islice(maker.branches(shape), 8):
                tag = branch.notes.get("tag", ("",))
                yield from _object(maker, branch, {k: v for k, v in value.items() if k != tag[0]})
        return
    for branch in islice(maker.branches(shape), 8):
        if kind == "properties":
            yield from _object(maker, branch, {step[1]: value})
        elif kind in ("additionalProperties", "patternProperties", "unevaluatedProperties"):
            names = ["key", *examples(step[1])] if kind == "patternProperties" else ["key", "extra"]
            for name in names:
                if kind != "patternProperties" or matches(step[1], name):
                    yield from _object(maker, branch, {name: value})
        elif kind == "propertyNames" and isinstance(value, str):
            with suppress(NoValueError):
                yield from _object(maker, branch, {value: maker.member(branch, value)})
        elif kind in ("items", "prefixItems", "unevaluatedItems"):
            yield from _array(maker, branch, value, int(step[1]) if len(step) > 1 else len(branch.prefix))


def _object(maker: Instances, shape: Any, given: dict[str, Any]) -> Iterator[Any]:
    with suppress(NoValueError):
        yield maker.object(shape, given)


def _array(maker: Instances, shape: Any, value: Any, index: int) -> Iterator[Any]:
    try:
        start = maker.elements(shape, index, 0)
        yield [*start, value]
        least = max(shape.min_items, index + 1)
        if least > index + 1:
            yield start + [value] * (least - index)
            yield maker.elements(replace(shape, min_items=0), least, 0, [*start, value])
    except NoValueError:
        return


def shrink(value: Any, found: Judges, local: Local) -> Any:
    """Drops members and elements while the two sides still disagree about the value, for the same reason."""
    reasons = {c.path[-1:] + c.names for c in found.complaints(value) if concerns(local, c)}
    best = value
    tries = 0
    changed = size_key(value)[0] < _LARGE
    while changed and tries < _MOST_CUTS:
        changed = False
        for smaller in _smaller(best):
            tries += 1
            if tries > _MOST_CUTS:
                break
            if found.disagree(smaller) and _still(found, smaller, local, reasons):
                best, changed = smaller, True
                break
    return best if size_key(best) <= size_key(value) else value


def _still(found: Judges, value: Any, local: Local, reasons: set[tuple[Any, ...]]) -> bool:
    """Whether the value is still refused for one of the reasons that concern the disagreement."""
    if not reasons:
        return True
    said = {c.path[-1:] + c.names for c in found.complaints(value) if concerns(local, c)}
    return not said.isdisjoint(reasons)


def _smaller(value: Any, path: tuple[Any, ...] = ()) -> Iterator[Any]:
    """The value without one member or element, anywhere in it."""
    for where in _removable(value, path):
        smaller = inner = copy.copy(value)
        for key in where[:-1]:  # what is not on the way is shared: nobody changes these values
            inner[key] = inner = copy.copy(inner[key])
        del inner[where[-1]]
        yield smaller


def _removable(value: Any, path: tuple[Any, ...]) -> Iterator[tuple[Any, ...]]:
    keys: Any = ()
    if isinstance(value, dict):
        keys = list(value)
    elif isinstance(value, list):
        keys = range(len(value) - 1, -1, -1)
    for key in keys:
        yield (*path, key)
        yield from _removable(value[key], (*path, key))
