"""The set that every rule about migrations registers in.

An example's expected side is the body of upgrade() of an earlier revision, its actual side that of the
judged revision ("# postgresql", "# mariadb" or "# sqlite" as its first line where the engine matters).
"""

from __future__ import annotations

from driftcheck.rule import RuleSet

RULES = RuleSet()


def words(value: object) -> str:
    """A value of a Difference, as a message shows it."""
    if isinstance(value, list | tuple):
        return ", ".join(words(item) for item in value)
    return "none" if value is None else str(value)
