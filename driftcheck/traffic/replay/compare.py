"""An answer against the recorded one: what may vary is set equal first, deepdiff explains the rest.

How much was asserted is counted on the recorded side alone, so that it is the same in every run.
"""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any

from driftcheck.difference import Change
from driftcheck.renaming.pairs import best_renames
from driftcheck.traffic.replay import kinds
from driftcheck.traffic.replay.chain import Chain, Tokens, place_of
from driftcheck.traffic.replay.leaves import Leaf, same_link
from driftcheck.traffic.replay.noise import Rule, Rules
from driftcheck.traffic.values import kind_of

_ITEMS = ("iterable_item_added", "iterable_item_removed")


@dataclass(frozen=True, slots=True)
class Problem:
    """Something in an answer that is not as it was recorded. `state` stands for the value that came."""

    tokens: Tokens
    change: Change
    attribute: str | None = None
    recorded: Any = None
    given: Any = None
    renamed: str = ""
    confidence: float = 0.0

    @property
    def state(self) -> str:
        """Tells two values apart without keeping them."""
        return str(hash(json.dumps(self.given, sort_keys=True, default=str)))


@dataclass(slots=True, eq=False)
class Comparison:
    """One body. `created`: the answer is of something new, which has a new id."""

    rules: Rules
    chain: Chain
    around: str = ""
    created: bool = False
    total: int = 0
    asserted: int = 0
    varying: Counter[str] = field(default_factory=Counter)
    ruled: int = 0  # values of which a rule says that they vary
    problems: list[Problem] = field(default_factory=list)

    def run(self, recorded: Any, given: Any) -> list[Problem]:
        """What is not as it was recorded."""
        self._count(recorded, ())
        old, new = self._meet(recorded, given, ())
        if old is not new:
            self.problems += explained(old, new)
        return self.problems

    def learn(self, recorded: Any, given: Any, tokens: Tokens = ()) -> None:
        """Take the ids of this answer as those that later calls mean."""
        if isinstance(recorded, Mapping) and isinstance(given, Mapping):
            for name in recorded.keys() & given.keys():
                self.learn(recorded[name], given[name], (*tokens, name))
        elif isinstance(recorded, list) and isinstance(given, list):
            rule = self.rules.find(tokens)
            for i, j in self._paired(recorded, given, tokens, by_content=rule is not None):
                self.learn(recorded[i], given[j], (*tokens, i))
        else:
            name, around = place_of(tokens, self.around)
            self.chain.learn(name, around, recorded, given)
            if isinstance(recorded, str) and isinstance(given, str) and "/" in recorded:
                self.chain.learn_link(recorded, given)

    def _leaf(self, tokens: Tokens, value: Any) -> Leaf:
        name, around = place_of(tokens, self.around)
        return Leaf(name, self.chain.known(name, around, value), value, self.created)

    def _count(self, value: Any, tokens: Tokens) -> None:
        rule = self.rules.find(tokens)
        if rule is not None and rule.kind != "order":
            number = _leaves(value)
            self.total += number
            self.ruled += number
            self.varying["noise"] += number
        elif isinstance(value, Mapping) and value:
            for name, item in value.items():
                self._count(item, (*tokens, name))
        elif isinstance(value, list) and value:
            for index, item in enumerate(value):
                self._count(item, (*tokens, index))
        else:
            self.total += 1
            kind = self._leaf(tokens, value).kind
            if kind is None:
                self.asserted += 1
            else:
                self.varying[kind] += 1

    def _meet(self, old: Any, new: Any, tokens: Tokens) -> tuple[Any, Any]:
        """Both values with what counts as equal made the very same."""
        rule = self.rules.find(tokens)
        if rule is not None and rule.kind != "order":
            return self._noisy(rule, old, new, tokens)
        if isinstance(old, Mapping) and isinstance(new, Mapping):
            return self._objects(old, new, tokens)
        if isinstance(old, list) and isinstance(new, list):
            return self._lists(old, new, tokens, rule)
        leaf = self._leaf(tokens, old)
        expected = old if leaf.known is None else leaf.known
        verdict = leaf.meets(new) or same_link(self.chain, old, new, created=self.created)
        if verdict:
            return old, old
        if leaf.kind is not None and kind_of(old) == kind_of(new) and leaf.known is None:
            self.problems.append(Problem(tokens, Change.CHANGED, "format", leaf.kind, new))
            return old, old
        return expected, new

    def _objects(self, old: Mapping[str, Any], new: Mapping[str, Any], tokens: Tokens) -> tuple[Any, Any]:
        before, after = dict(old), dict(new)
        same = old.keys() == new.keys()
        for name in old.keys() & new.keys():
            before[name], after[name] = self._meet(old[name], new[name], (*tokens, name))
            same = same and before[name] is after[name]
        return (old, old) if same else (before, after)

    def _lists(self, old: list[Any], new: list[Any], tokens: Tokens, rule: Rule | None) -> tuple[Any, Any]:
        pairs = self._paired(old, new, tokens, by_content=rule is not None)
        places = [j for _, j in pairs]
        if rule is None and places != sorted(places):
            self.problems.append(Problem(tokens, Change.CHANGED, "order", None, "order"))
        met = [self._meet(old[i], new[j], (*tokens, i)) for i, j in pairs]
        if len(old) == len(new) == len(pairs) and all(before is after for before, after in met):
            return old, old
        ours, theirs = {i for i, _ in pairs}, {j for _, j in pairs}
        before = [pair[0] for pair in met] + [item for i, item in enumerate(old) if i not in ours]
        after = [pair[1] for pair in met] + [item for j, item in enumerate(new) if j not in theirs]
        return before, after

    def _paired(
        self, old: list[Any], new: list[Any], tokens: Tokens, *, by_content: bool = False
    ) -> list[tuple[int, int]]:
        """Elements that belong together: by place, unless only their order or their number differs."""
        by_content = by_content or len(old) != len(new)
        inner = (*tokens, 0)
        ours = [self._key(item, inner, recorded=True) for item in old]
        theirs = [self._key(item, inner, recorded=False) for item in new]
        if ours == theirs or not (by_content or sorted(ours) == sorted(theirs)):
            return [(index, index) for index in range(min(len(old), len(new)))]
        places: dict[str, list[int]] = {}
        for index, key in enumerate(theirs):
            places.setdefault(key, []).append(index)
        chosen = [places[key].pop(0) if places.get(key) else None for key in ours]
        free = sorted(set(range(len(new))) - {index for index in chosen if index is not None})
        found = []
        for i, j in enumerate(chosen):
            if j is not None:
                found.append((i, j))
            elif free:
                found.append((i, free.pop(0)))
        return found

    def _key(self, value: Any, tokens: Tokens, *, recorded: bool) -> str:
        """The value as text, with the kind in place of what varies."""
        rule = self.rules.find(tokens)
        if rule is not None and rule.kind != "order":
            return "~"
        if isinstance(value, Mapping):
            inner = (
                f"{name}={self._key(item, (*tokens, name), recorded=recorded)}"
                for name, item in value.items()
            )
            return "{" + ",".join(sorted(inner)) + "}"
        if isinstance(value, list):
            parts = [self._key(item, (*tokens, 0), recorded=recorded) for item in value]
            return "[" + ",".join(sorted(parts) if rule is not None else parts) + "]"
        leaf = self._leaf(tokens, value)
        if recorded and leaf.known is not None:
            return json.dumps(leaf.known)
        if not recorded and isinstance(value, str) and value in self.chain.texts.values():
            return json.dumps(value)
        return f"~{leaf.kind}" if leaf.kind is not None else json.dumps(value)

    def _noisy(self, rule: Rule, old: Any, new: Any, tokens: Tokens) -> tuple[Any, Any]:
        """What a rule lets vary: type and format hold all the same."""
        if _type(old) != _type(new):
            return old, new
        name, _ = place_of(tokens, self.around)
        wanted = rule.kind if rule.kind != "any" else kinds.kind_of(name, old)
        if not kinds.is_of(wanted, name, old, new):
            self.problems.append(Problem(tokens, Change.CHANGED, "format", wanted, new))
        elif rule.patterns and not any(pattern.search(_plain(new)) for pattern in rule.patterns):
            self.problems.append(Problem(tokens, Change.CHANGED, "format", "pattern", new))
        return old, old


def explained(old: Any, new: Any) -> list[Problem]:
    """What deepdiff says of two values."""
    from deepdiff import DeepDiff

    tree = DeepDiff(old, new, view="tree", threshold_to_diff_deeper=0)
    removed: dict[Tokens, dict[str, Any]] = {}
    added: dict[Tokens, dict[str, Any]] = {}
    found: list[Problem] = []
    for kind, items in tree.items():
        for item in items:
            path: Sequence[Any] = item.path(output_format="list")
            tokens = tuple(path)
            if kind == "dictionary_item_removed":
                removed.setdefault(tokens[:-1], {})[tokens[-1]] = item.t1
            elif kind == "dictionary_item_added":
                added.setdefault(tokens[:-1], {})[tokens[-1]] = item.t2
            elif kind in _ITEMS:
                found.append(Problem(tokens[:-1], Change.CHANGED, "elements", None, str(tokens[-1:])))
            else:
                attribute = "type" if _type(item.t1) != _type(item.t2) else "value"
                found.append(Problem(tokens, Change.CHANGED, attribute, item.t1, item.t2))
    for parent in {**removed, **added}:
        found += _members(parent, removed.get(parent, {}), added.get(parent, {}))
    return found


def _members(parent: Tokens, gone: dict[str, Any], fresh: dict[str, Any]) -> Iterator[Problem]:
    pairs = best_renames(gone, fresh, lambda a, b: 1.0 if _type(a) == _type(b) else 0.0)
    for old, new, confidence in pairs:
        value = fresh.pop(new)
        yield Problem((*parent, old), Change.RENAMED, None, gone.pop(old), value, new, confidence)
    for name, value in gone.items():
        yield Problem((*parent, name), Change.MISSING, None, value)
    for name, value in fresh.items():
        yield Problem((*parent, name), Change.EXTRA, None, None, value)


def _leaves(value: Any) -> int:
    if isinstance(value, Mapping) and value:
        return sum(map(_leaves, value.values()))
    return sum(map(_leaves, value)) if isinstance(value, list) and value else 1


def _type(value: Any) -> str:
    kind = kind_of(value)
    return "number" if kind == "integer" else kind


def _plain(value: Any) -> str:
    return value if isinstance(value, str) else json.dumps(value)
