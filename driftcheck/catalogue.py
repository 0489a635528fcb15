"""The one place that knows which rule packages exist; everything that lists rules starts here."""

from __future__ import annotations

from importlib import import_module

from driftcheck.rule import Rule

_HALVES = ("driftcheck.openapi.rules",)


def all_rules() -> tuple[Rule, ...]:
    """Every rule of driftcheck, in declaration order (imports the rules, nothing heavy)."""
    return tuple(rule for half in _HALVES for rule in import_module(half).RULES)
