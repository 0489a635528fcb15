"""Problems as they are found, counted by cause: memory grows with the problems there are, not with the calls.

One cause is one operation, one place and one problem. The first calls are kept as witnesses, without values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from driftcheck.difference import JSON, Change, Difference, Location, Side
from driftcheck.finding import Skipped
from driftcheck.openapi.node import Node
from driftcheck.traffic.consumers import is_external
from driftcheck.traffic.exchange import Exchange, Provenance

WITNESSES = 5
_MOCKS: Mapping[Provenance, str] = {"example": "example", "stub": "stub", "contract": "pact"}


@dataclass(frozen=True, slots=True)
class Call:
    """One recorded call on its way through the check. `path` is the operation's, without values."""

    exchange: Exchange
    consumer: str
    label: str
    path: str
    service: str = ""  # set where it is not certain that the call was made to the service described

    @property
    def holds_unknowns(self) -> bool:
        """Whether parts of it are placeholders."""
        return bool(self.exchange.placeholders)

    def witness(self, why: str) -> dict[str, JSON]:
        """The call as an entry of `used_by`."""
        source = self.exchange.source
        return {
            "consumer": self.consumer,
            "test": self.exchange.test or None,
            "file": source.file,
            "line": source.line,
            "method": self.exchange.request.method,
            "path": self.path,
            "why": why,
        }


@dataclass(slots=True, eq=False)
class Found:
    """One cause: what differs, in how many calls, and the first of them."""

    given: dict[str, Any]
    service: str
    count: int = 0
    consumers: Counter[str] = field(default_factory=Counter)
    calls: list[dict[str, JSON]] = field(default_factory=list)
    external: bool = False  # some were calls that leave the recorded service
    last: int = 0  # the number of the call that was counted last


@dataclass(slots=True, eq=False)
class Gather:
    """All that is found in one run."""

    found: dict[tuple[object, ...], Found] = field(default_factory=dict)
    totals: Counter[str] = field(default_factory=Counter)  # calls by operation
    skipped: Counter[tuple[str, str]] = field(default_factory=Counter)
    calls: int = 0

    def skip(self, what: str, why: str) -> None:
        """Count something that was not judged."""
        self.skipped[what, why] += 1

    def tell(
        self,
        call: Call,
        subject: str,
        change: Change,
        pointer: str,
        why: str,
        *,
        node: Node | None = None,
        attribute: str | None = None,
        name: str | None = None,
        **given: Any,
    ) -> None:
        """Add a problem of one call. `given` are fields of the Difference, `why` says it of this call."""
        mock = _MOCKS.get(call.exchange.provenance, "")
        key = (mock, subject, change, call.label, pointer, attribute, name, call.service)
        found = self.found.get(key)
        if found is None:
            anchors = () if node is None else (node.anchor(Side.ACTUAL),)
            facts = {**(given.pop("facts", None) or {}), "problem": f"{subject} {change}"}
            found = self.found[key] = Found(
                {
                    **_spoken(mock, subject, change, attribute),
                    "object": call.label,
                    "operation": call.label,
                    "operations": (call.label,),
                    "pointer": pointer or None,
                    "cause": " ".join(filter(None, (mock, call.label, pointer, subject, name))),
                    "name": name,
                    "anchors": anchors,
                    "facts": facts,
                    **given,
                },
                call.service,
            )
        if found.last == self.calls:
            return
        found.last = self.calls
        found.count += 1
        found.consumers[call.consumer] += 1
        found.external = found.external or is_external(call.exchange)
        if len(found.calls) < WITNESSES:
            found.calls.append(call.witness(why))

    def differences(self, services: frozenset[str]) -> list[tuple[Difference, Found]]:
        """What was found, without what belongs to other `services`."""
        return [
            (self._difference(found), found) for found in self.found.values() if found.service not in services
        ]

    def _difference(self, found: Found) -> Difference:
        first = found.calls[0]
        line = first["line"]
        place = Location(Side.EXPECTED, str(first["file"]), line if isinstance(line, int) else None)
        facts = {
            **found.given["facts"],
            "count": found.count,
            "of": self.totals[str(found.given["object"])] or found.count,
            "consumers": sorted(found.consumers),
        }
        return Difference(**{**found.given, "facts": facts, "locations": (place,)})

    def left_out(self) -> list[Skipped]:
        """What was not judged, with counts, in a stable order."""
        return [
            Skipped(f"{count} {'call' if count == 1 else 'calls'}: {what}", why)
            for (what, why), count in sorted(self.skipped.items())
        ]


def _spoken(mock: str, subject: str, change: Change, attribute: str | None) -> dict[str, Any]:
    """Of a mock there is one rule for all that may be wrong with it, so the problem is its attribute."""
    if subject.startswith("replay-"):
        return {"subject": subject, "change": change, "attribute": attribute}
    if not mock:
        return {"subject": f"recorded-{subject}", "change": change, "attribute": attribute}
    problem = "-".join(filter(None, (subject, str(change), attribute)))
    return {"subject": mock, "change": Change.CHANGED, "attribute": problem}
