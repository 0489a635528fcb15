"""Rules about what consumers believe: saved examples, stubs and contracts that fit no longer."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example
from driftcheck.traffic.rules.examples import call, description
from driftcheck.traffic.rules.registry import RULES
from driftcheck.traffic.rules.wording import sentence

_KINDS = (
    ("example", "example", "A saved example", "Whoever reads or imports the example builds on it."),
    (
        "stub",
        "stub",
        "A stub",
        "Tests that run against the stub pass, and the real service behaves otherwise.",
    ),
    (
        "pact",
        "contract",
        "A pact",
        "The consumer's tests prove something that the description does not promise.",
    ),
)


def _declare(kind: str, provenance: str, what: str, why: str) -> None:
    @RULES.rule(
        f"{kind}-drifted",
        on=(kind, Change.CHANGED, "*"),
        category="recordings",
        title=f"{what} does not fit the description any more",
        severity=Severity.BREAKING,
        why=f"{why} It is risky or info where the same in a recorded call would be.",
        fix="Bring it up to date with the description, or describe what it says.",
        bad=Example(description(), call({"id": 1}, {"id": "one"}, provenance=provenance)),
        good=Example(description(), call({"id": 1}, {"id": 1}, provenance=provenance)),
    )
    def _(d: Difference) -> str:
        return sentence(d)


for _kind in _KINDS:
    _declare(*_kind)
