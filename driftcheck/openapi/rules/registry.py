"""The set that every rule file of the API half registers in (apart, so that they can import it)."""

from __future__ import annotations

from driftcheck.rule import RuleSet

RULES = RuleSet()
