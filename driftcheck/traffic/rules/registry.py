"""The set that every rule about recorded calls registers in (apart, so that all files can import it)."""

from __future__ import annotations

from driftcheck.rule import RuleSet

RULES = RuleSet()
