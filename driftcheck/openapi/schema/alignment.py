"""Which terms of the other side speak of the same values as a term: what both sides say is told by these."""

from __future__ import annotations

from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.shape import Term, TermKey


def each_once(terms: list[Term]) -> tuple[Term, ...]:
    """Equal terms are one."""
    return tuple(terms) if len(terms) < 2 else tuple({term.key: term for term in terms}.values())


def keys(terms: tuple[Term, ...]) -> tuple[TermKey, ...]:
    """Terms as a key of a dict."""
    if len(terms) > 1:
        return tuple(sorted(term.key for term in terms))
    return (terms[0].key,) if terms else ()


def with_branches(canon: Canon | None, terms: tuple[Term, ...]) -> list[Term]:
    """The terms and all the branches of their unions, at the same level, each once."""
    if canon is None or not terms:
        return []
    if not any(canon.shape(term).groups for term in terms):
        return list(terms)
    found: dict[TermKey, Term] = {}
    pending = list(terms)
    while pending:
        term = pending.pop()
        if term.key not in found:
            found[term.key] = term
            pending.extend(inner for group in canon.shape(term).groups for inner in group.members)
    return list(found.values())


def aligned_items(canon: Canon | None, terms: list[Term]) -> tuple[Term, ...]:
    """What these terms say of elements, at any position."""
    found: list[Term] = []
    if canon is None:
        return ()
    for term in terms:
        shape = canon.shape(term)
        found += shape.prefix
        if shape.items is not None:
            found.append(shape.items)
    return each_once(found)
