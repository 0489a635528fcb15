"""Keywords whose effect they rarely tell alone: not, if/then/else, contains, dependent…, unevaluated….

What monotony tells is said here; for the rest, the prover and the search for a counterexample decide.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TypeAlias

from driftcheck.difference import JSON
from driftcheck.openapi.schema.local import Local
from driftcheck.openapi.schema.members import Child, Found
from driftcheck.openapi.schema.shape import Condition, Contains, Shape, Term, is_never

Same: TypeAlias = Callable[[Term, Term], bool]


def compare_opaque(e: Shape, a: Shape, same: Same) -> Iterator[Found]:
    """Disagreements in opaque keywords; `same` says whether two subschemas certainly mean the same."""
    yield from _negations(e, a, same)
    yield from _conditions(e, a, same)
    yield from _contains(e, a, same)
    yield from _dependent_required(e, a)
    yield from _dependent_schemas(e, a)
    yield from _unevaluated(e, a)
    if bool(e.inexact) != bool(a.inexact):
        yield _opaque("schema", e, a, None, None)


def _opaque(
    keyword: str, e: Shape, a: Shape, narrows: bool | None, widens: bool | None, *errors: str
) -> Local:
    return Local(
        attribute=keyword,
        expected=_said(e, keyword),
        actual=_said(a, keyword),
        narrows=narrows,
        widens=widens,
        nodes=(e.origin.get(keyword), a.origin.get(keyword)),
        errors=(keyword, *errors),
    )


def _said(shape: Shape, keyword: str) -> JSON:
    node = shape.origin.get(keyword)
    value: JSON = None if node is None else node.value
    return value


def _negations(e: Shape, a: Shape, same: Same) -> Iterator[Local]:
    gone = [old for old in e.negated if not any(same(old, new) for new in a.negated)]
    fresh = [new for new in a.negated if not any(same(old, new) for old in e.negated)]
    if gone and fresh:
        yield _opaque("not", e, a, None, None)
    elif gone or fresh:
        yield _opaque("not", e, a, bool(fresh), bool(gone))


def _conditions(e: Shape, a: Shape, same: Same) -> Iterator[Local]:
    def equal(old: Condition, new: Condition) -> bool:
        pairs = ((old.test, new.test), (old.then, new.then), (old.otherwise, new.otherwise))
        return all(x is y or (x is not None and y is not None and same(x, y)) for x, y in pairs)

    gone = [old for old in e.conditions if not any(equal(old, new) for new in a.conditions)]
    fresh = [new for new in a.conditions if not any(equal(old, new) for old in e.conditions)]
    if not gone and not fresh:
        return
    keyword = "if"
    if gone and fresh and same(gone[0].test, fresh[0].test):
        keyword = "then" if not _same(gone[0].then, fresh[0].then, same) else "else"
    narrows: bool | None = bool(fresh) if not gone else None
    widens: bool | None = bool(gone) if not fresh else None
    errors = ("then", "else", "if", "required", "enum", "const")
    yield _opaque(keyword, e, a, narrows, widens, *errors)


def _same(old: Term | None, new: Term | None, same: Same) -> bool:
    return old is new or (old is not None and new is not None and same(old, new))


def _contains(e: Shape, a: Shape, same: Same) -> Iterator[Local]:
    if len(e.contains) != len(a.contains):
        more = len(a.contains) > len(e.contains)
        alone = not (e.contains and a.contains)
        yield _opaque("contains", e, a, more if alone else None, not more if alone else None)
        return
    for old, new in zip(e.contains, a.contains, strict=True):
        if not same(old.term, new.term):
            yield _opaque("contains", e, a, None, None)
        yield from _contains_counts(e, a, old, new)


def _contains_counts(e: Shape, a: Shape, old: Contains, new: Contains) -> Iterator[Local]:
    if old.least != new.least:
        rises = new.least > old.least
        yield _opaque("minContains", e, a, rises, not rises, "contains")
    if old.most != new.most:
        falls = old.most is None or (new.most is not None and new.most < old.most)
        yield _opaque("maxContains", e, a, falls, not falls, "contains")


def _dependent_required(e: Shape, a: Shape) -> Iterator[Local]:
    old = {(name, needed) for name, all_ in e.dependent_required.items() for needed in all_}
    new = {(name, needed) for name, all_ in a.dependent_required.items() for needed in all_}
    if old != new:
        yield _opaque("dependentRequired", e, a, bool(new - old), bool(old - new), "required")


def _dependent_schemas(e: Shape, a: Shape) -> Iterator[Found]:
    for name in dict.fromkeys((*e.dependent_schemas, *a.dependent_schemas)):
        old, new = e.dependent_schemas.get(name), a.dependent_schemas.get(name)
        if old is not None and new is not None:
            yield Child(("dependentSchemas", name), old, new)
        else:
            errors = ("required", "properties")
            yield _opaque("dependentSchemas", e, a, old is None, new is None, *errors)


def _unevaluated(e: Shape, a: Shape) -> Iterator[Found]:
    old, new = e.unevaluated_properties, a.unevaluated_properties
    if old is None and new is None:
        return
    if is_never(old) and is_never(new):
        return
    if old is None or new is None or is_never(old) or is_never(new):
        narrows, widens = old is None or is_never(new), new is None or is_never(old)
        yield _opaque("unevaluatedProperties", e, a, narrows, widens, "falseSchema")
    else:
        yield Child(("unevaluatedProperties",), old, new)
