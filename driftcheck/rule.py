"""A rule: one declaration from which behaviour, `rules`, `explain`, docs/rules.md and tests are derived.

Declare one with `@rules.rule(...)` over the function that words its message; nothing else lists it.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, field
from typing import Literal, TypeAlias

from driftcheck.difference import Change, Difference, Effect, Severity

Category: TypeAlias = Literal[
    "wire",
    "clients",
    "docs",
    "reads",
    "writes",
    "schema",
    "history",
    "danger",
    "recordings",
    "service",
    "housekeeping",
]
Message: TypeAlias = Callable[[Difference], str | None]


@dataclass(frozen=True, slots=True)
class Example:
    """Two small documents as text: what is relied on, and what is provided.

    For API rules each is YAML of an OpenAPI document without `openapi` and `info` (3.1 unless written).
    """

    expected: str
    actual: str


@dataclass(frozen=True, slots=True, kw_only=True)
class Rule:
    """What it looks at (`subject`, `change`, `attribute`, and `effect` unless None) and what it says of it.

    The attribute "*" stands for all those that no other rule speaks of.

    `message` returns None where the rule does not apply. `bad` fires exactly this rule, `good` none.
    `shown` findings appear without --changelog even at level info.
    """

    id: str
    title: str
    category: Category
    severity: Severity
    why: str
    fix: str
    bad: Example
    good: Example
    subject: str
    change: Change
    message: Message
    attribute: str | None = None
    effect: Effect | None = None
    shown: bool = False
    since: str = "0.1.0"
    replaced_by: str | None = None


_Key: TypeAlias = tuple[str, Change, str | None]


@dataclass(slots=True)
class RuleSet:
    """The rules of one half, by id and by what they look at."""

    _by_id: dict[str, Rule] = field(default_factory=dict)
    _by_key: dict[_Key, list[Rule]] = field(default_factory=dict)

    def add(self, rule: Rule) -> None:
        """Register a rule; ids are unique."""
        if rule.id in self._by_id:
            raise ValueError(f"two rules are called {rule.id}")
        self._by_id[rule.id] = rule
        self._by_key.setdefault((rule.subject, rule.change, rule.attribute), []).append(rule)

    def rule(
        self,
        id: str,
        *,
        on: tuple[str, Change] | tuple[str, Change, str],
        effect: Effect | None = None,
        title: str,
        severity: Severity,
        why: str,
        fix: str,
        bad: Example,
        good: Example,
        category: Category = "wire",
        shown: bool = False,
        since: str = "0.1.0",
        replaced_by: str | None = None,
    ) -> Callable[[Message], Message]:
        """Declare a rule over the function that words its message. `on` is (subject, change[, attribute])."""

        def register(message: Message) -> Message:
            self.add(
                Rule(
                    id=id,
                    title=title,
                    category=category,
                    severity=severity,
                    why=why,
                    fix=fix,
                    bad=bad,
                    good=good,
                    subject=on[0],
                    change=on[1],
                    attribute=on[2] if len(on) == 3 else None,
                    effect=effect,
                    message=message,
                    shown=shown,
                    since=since,
                    replaced_by=replaced_by,
                )
            )
            return message

        return register

    def find(self, difference: Difference) -> tuple[Rule, str]:
        """The first declared rule that has something to say; LookupError where the catalogue has a hole."""
        key = (difference.subject, difference.change, difference.attribute)
        whatever = (difference.subject, difference.change, "*")
        for rule in (*self._by_key.get(key, ()), *self._by_key.get(whatever, ())):
            if rule.effect is not None and rule.effect is not difference.effect:
                continue
            message = rule.message(difference)
            if message is not None:
                return rule, message
        raise LookupError(f"no rule for {key} with effect {difference.effect}")

    def get(self, id: str) -> Rule | None:
        """The rule of that id."""
        return self._by_id.get(id)

    def ids(self) -> Iterable[str]:
        """All ids, in declaration order."""
        return self._by_id.keys()

    def __iter__(self) -> Iterator[Rule]:
        return iter(self._by_id.values())

    def __len__(self) -> int:
        return len(self._by_id)
