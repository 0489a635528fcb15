"""The set that every rule about migrations registers in.

An example's expected side is the body of upgrade() of an earlier revision, its actual side that of the
judged revision ("# postgresql", "# mariadb" or "# sqlite" as its first line where the engine matters).
"""

from __future__ import annotations

from driftcheck.rule import RuleSet

RULES = RuleSet()
