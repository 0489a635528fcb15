"""Noise: exact places of answers whose value may vary, from the configuration and from Keploy's tests.

Every rule remembers whether it fitted anything: one that fits nothing is out of date, and is told.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from driftcheck.errors import DriftcheckError
from driftcheck.traffic.exchange import Noise

KINDS = ("any", "timestamp", "uuid", "counter", "duration", "order")
_RULE = re.compile(r"(?:([A-Z*]+) (\S+) )?((?:body|header)(?:\.\S+?)?)(?:: ?(\w+))?")


@dataclass(slots=True, eq=False)
class Rule:
    """One rule: `path` as "body.items.*.id"; `operation` a glob over "GET /items", "" for all."""

    written: str
    path: str
    kind: str = "any"
    operation: str = ""
    patterns: tuple[re.Pattern[str], ...] = ()
    loose: bool = False  # Keploy leaves out the `*` of arrays
    hits: int = 0
    untried: bool = False  # some answer that it speaks of was not compared

    def holds(self, label: str) -> bool:
        """Whether it speaks of an operation."""
        return not self.operation or fnmatchcase(label, self.operation)

    def fits(self, path: str, bare: str) -> bool:
        """Whether it names this place: exactly, or everything below a last `**`."""
        if self.path.endswith(".**") and path.startswith(self.path[:-2]):
            return True
        return self.path == path or (self.loose and self.path == bare)


@dataclass(frozen=True, slots=True)
class Rules:
    """The rules that hold for one answer."""

    rules: tuple[Rule, ...]

    def find(self, tokens: Sequence[str | int]) -> Rule | None:
        """The rule for a place of the body, by its tokens; it is hit by that."""
        if not self.rules:
            return None
        path = ".".join(["body", *("*" if isinstance(token, int) else token for token in tokens)])
        bare = ".".join(["body", *(token for token in tokens if isinstance(token, str))])
        return self._hit(path, bare)

    def header(self, name: str) -> Rule | None:
        """The rule for a header."""
        path = f"header.{name.lower()}"
        return self._hit(path, path)

    def spare(self) -> None:
        """The answer is not compared, so that nobody knows what the rules would fit."""
        for rule in self.rules:
            rule.untried = True

    def _hit(self, path: str, bare: str) -> Rule | None:
        for rule in self.rules:
            if rule.fits(path, bare):
                rule.hits += 1
                return rule
        return None


@dataclass(slots=True, eq=False)
class NoiseBook:
    """All rules of a run: those of the configuration, and for each call those written with it."""

    configured: tuple[Rule, ...]
    recorded: dict[tuple[str, str], Rule] = field(default_factory=dict)

    def of(self, label: str, written: tuple[Noise, ...]) -> Rules:
        """The rules for one call; rules of the recording are one for each operation and path."""
        own = [self.recorded.setdefault((label, item.path), _recorded(item)) for item in written]
        return Rules((*(rule for rule in self.configured if rule.holds(label)), *own))

    def unused(self) -> list[tuple[str, Rule]]:
        """Rules that fitted nothing, with their operation where they belong to one.

        What is written with many calls, as by keploy.yml with all, has done its work where it fitted one.
        """
        found = [("", rule) for rule in self.configured if not rule.hits and not rule.untried]
        by_path: dict[str, list[tuple[str, Rule]]] = {}
        for (label, path), rule in sorted(self.recorded.items()):
            by_path.setdefault(path, []).append((label, rule))
        for many in by_path.values():
            if not any(rule.hits or rule.untried for _, rule in many):
                label, rule = many[0]
                found.append((label if len(many) == 1 else "", rule))
        return found


def configured(texts: Sequence[str]) -> tuple[Rule, ...]:
    """Rules as the configuration writes them; DriftcheckError for one that cannot be read."""
    return tuple(_written(text) for text in texts)


def _written(text: str) -> Rule:
    match = _RULE.fullmatch(text.strip())
    if match is None:
        raise DriftcheckError(
            f"noise {text!r} cannot be read",
            "for example 'body.items.*.id' or 'GET /stats body.hits: counter'",
        )
    method, path, place, kind = match.groups()
    if kind is not None and kind not in KINDS:
        raise DriftcheckError(f"noise {text!r}: there is no kind {kind!r}", f"there are {', '.join(KINDS)}")
    operation = f"{method} {path}" if method else ""
    return Rule(text, _lowered(place), kind or "any", operation)


def _recorded(item: Noise) -> Rule:
    patterns = []
    for pattern in item.patterns:
        try:
            patterns.append(re.compile(pattern))
        except re.error:
            continue  # of another language: type and format are asserted, as for all noise
    return Rule(item.path, _lowered(item.path), patterns=tuple(patterns), loose=True)


def _lowered(path: str) -> str:
    return path.lower() if path.startswith("header") else path
