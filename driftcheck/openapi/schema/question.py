"""A pair of schemas in one direction, and both of them written out for provers and validators."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from driftcheck.difference import Flow
from driftcheck.openapi.schema.definitions import Definitions, Reach
from driftcheck.openapi.schema.export import Exporter
from driftcheck.openapi.schema.members import Sides
from driftcheck.openapi.schema.shape import Term


@dataclass(frozen=True, slots=True, eq=False)
class Question:
    """A pair of terms in a direction; `wide` is the side whose values must all be accepted by `tight`.

    `backwards` asks about the same values the other way round.
    """

    sides: Sides
    expected: Term
    actual: Term
    backwards: bool = False

    @property
    def onward(self) -> bool:
        """Whether it is asked from expected to actual."""
        return (self.sides.flow is Flow.SENT) is not self.backwards

    @property
    def wide(self) -> tuple[Any, Term]:
        """Canon and term of the side that produces the values."""
        if self.onward:
            return self.sides.expected, self.expected
        return self.sides.actual, self.actual

    @property
    def tight(self) -> tuple[Any, Term]:
        """Canon and term of the side that takes the values."""
        if self.onward:
            return self.sides.actual, self.actual
        return self.sides.expected, self.expected


def exports(
    question: Question, *, inline: bool, budget: int = 0, reach: Reach = None
) -> tuple[Any, Any, bool]:
    """Both schemas as JSON Schema, the wide one without names that only the other side knows; and whether
    they are exact for values beyond `reach`, too."""
    (wide_canon, wide), (tight_canon, tight) = question.wide, question.tight
    sides = question.sides

    def same(own: Term, other: Term) -> bool:
        return sides.same(own, other) if question.onward else sides.same(other, own)

    wide_kept, tight_kept = (
        sides.kept.setdefault((role, question.backwards), Definitions()) for role in ("wide", "tight")
    )
    closed = Exporter(
        wide_canon,
        sides.flow,
        tight_canon,
        closed=True,
        inline=inline,
        budget=budget,
        shared=wide_kept,
        same=same,
        reach=reach,
    )
    plain = Exporter(
        tight_canon,
        sides.flow,
        wide_canon,
        inline=inline,
        budget=budget,
        shared=tight_kept,
        same=lambda own, other: same(other, own),
        reach=reach,
    )
    documents = closed.document(wide, (tight,)), plain.document(tight, (wide,))
    return *documents, closed.complete and plain.complete
