"""The one place that knows which rule packages exist; everything that lists rules starts here."""

from __future__ import annotations

from importlib import import_module
from typing import Any

from driftcheck.rule import Rule

_HALVES = (
    "driftcheck.openapi.rules",
    "driftcheck.database.rules",
    "driftcheck.database.migrations.rules",
    "driftcheck.traffic.rules",
    "driftcheck.fuzz.rules",
    "driftcheck.housekeeping",
)


def all_rules() -> tuple[Rule, ...]:
    """Every rule of driftcheck, in declaration order (imports the rules, nothing heavy)."""
    return tuple(rule for half in _HALVES for rule in import_module(half).RULES)


def described(rule: Rule) -> dict[str, Any]:
    """What a rule's declaration says, as plain values for JSON."""
    return {
        "id": rule.id,
        "title": rule.title,
        "category": rule.category,
        "severity": str(rule.severity),
        "subject": rule.subject,
        "change": str(rule.change),
        "attribute": rule.attribute,
        "effect": None if rule.effect is None else str(rule.effect),
        "why": rule.why,
        "fix": rule.fix,
        "bad": {"expected": rule.bad.expected, "actual": rule.bad.actual},
        "good": {"expected": rule.good.expected, "actual": rule.good.actual},
        "since": rule.since,
        "replaced_by": rule.replaced_by,
    }
