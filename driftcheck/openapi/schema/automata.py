"""Questions about regular expressions (ECMA 262), answered by walking automata that are made as they are
needed: counts in the hundreds cost their sum. What is not regular, or too much work, is refused.
"""

from __future__ import annotations

import re
from collections import deque
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from importlib import import_module
from itertools import chain
from typing import Any, TypeAlias

from driftcheck.openapi.schema import charsets
from driftcheck.openapi.schema.charsets import Chars

_sre = import_module("re._parser")  # the one parser of regular expressions that ships with Python
_UNBOUNDED = 4_000_000_000
_MOST_STATES = 12_000
_MOST_WORK = 400_000
_MOST_STEPS = 200_000
_OTHER_MODES = re.IGNORECASE | re.MULTILINE | re.DOTALL | re.VERBOSE
_NAMED_GROUP = re.compile(r"\(\?<(?![=!])")
_BEGIN, _END, _EDGE, _NO_EDGE = range(4)
_ANCHORS = {
    "AT_BEGINNING": _BEGIN, "AT_BEGINNING_STRING": _BEGIN, "AT_END": _END, "AT_END_STRING": _END,
    "AT_BOUNDARY": _EDGE, "AT_NON_BOUNDARY": _NO_EDGE,
}  # fmt: skip
_OUTSIDE, _IN_WORD, _NO_WORD = range(3)  # what stands before or after a position

Kernel: TypeAlias = frozenset[int]
Literal: TypeAlias = "tuple[bool, Automaton]"


class UnsupportedError(Exception):
    """The pattern is not a regular expression in the mathematical sense, or is too large."""


def parse(pattern: str) -> Any:
    """The pattern as Python's parser sees it; re.error, OverflowError or RecursionError where it cannot."""
    tree = _sre.parse(_NAMED_GROUP.sub("(?P<", charsets.with_standins(pattern)))
    if tree.state.flags & _OTHER_MODES:
        raise re.error("modes are no part of ECMA's patterns")
    return tree


@dataclass(slots=True, eq=False)
class Automaton:
    """Steps over characters and over nothing, where a condition holds. The text starts in state 0, a match
    in state 1; `last` is where all matches end."""

    steps: list[list[tuple[Chars, int]]] = field(default_factory=lambda: [[], []])
    free: list[list[tuple[int | None, int]]] = field(default_factory=lambda: [[], []])
    last: int = 1
    words: bool = False  # whether it asks for the edges of words

    def sequence(self, items: Iterable[Any], at: int) -> int:
        """Adds one piece after the other; where they end."""
        for item in items:
            at = self._item(item[0].name, item[1], at)
        return at

    def state(self) -> int:
        """A new state."""
        if len(self.steps) >= _MOST_STATES:
            raise UnsupportedError
        self.steps.append([])
        self.free.append([])
        return len(self.steps) - 1

    def _item(self, name: str, value: Any, at: int) -> int:
        if name in ("MAX_REPEAT", "MIN_REPEAT"):
            least, most, tree = value
            return self._repeat(least, most, tree, at)
        if name == "SUBPATTERN" and not value[1] and not value[2]:
            return self.sequence(value[3], at)
        if name == "AT" and value.name in _ANCHORS:
            after = self.state()
            self.free[at].append((_ANCHORS[value.name], after))
            self.words = self.words or value.name.endswith("BOUNDARY")
            return after
        if name == "BRANCH":
            ends = [self.sequence(branch, at) for branch in value[1]]
            after = self.state()
            for end in ends:
                self.free[end].append((None, after))
            return after
        after = self.state()
        self.steps[at].append((_chars(name, value), after))
        return after

    def _repeat(self, least: int, most: int, tree: Any, at: int) -> int:
        for _ in range(least):
            at = self.sequence(tree, at)
        if most >= _UNBOUNDED:
            loop = self.state()
            self.free[at].append((None, loop))
            self.free[self.sequence(tree, loop)].append((None, loop))
            at = loop
            after = self.state()
            self.free[at].append((None, after))
            return after
        after = self.state()
        for _ in range(most - least):
            self.free[at].append((None, after))
            at = self.sequence(tree, at)
        self.free[at].append((None, after))
        return after

    def reached(self, kernel: Kernel, before: int, behind: int) -> Kernel:
        """All states that are reached over nothing, between what stands before and behind the position."""
        found = set(kernel)
        pending = list(kernel)
        while pending:
            for condition, to in self.free[pending.pop()]:
                if to not in found and (condition is None or _holds(condition, before, behind)):
                    found.add(to)
                    pending.append(to)
        return frozenset(found)


def _holds(condition: int, before: int, behind: int) -> bool:
    if condition == _BEGIN:
        return before == _OUTSIDE
    if condition == _END:
        return behind == _OUTSIDE
    edge = (before == _IN_WORD) is not (behind == _IN_WORD)
    return edge is (condition == _EDGE)


def _chars(name: str, value: Any) -> Chars:
    if name == "LITERAL":
        return charsets.of_literal(value)
    if name == "NOT_LITERAL":
        return charsets.negated(charsets.of_literal(value))
    if name == "ANY":
        return charsets.ALL  # ECMA 262 leaves out line ends; nobody who writes `.*` means that
    if name == "IN":
        return charsets.of_class(value)
    raise UnsupportedError


@lru_cache(maxsize=512)
def automata(pattern: str) -> tuple[Literal, ...]:
    """What a text must match, and what it must not: look-around at an end of the text is a pattern of its
    own. UnsupportedError for all other look-around."""
    try:
        items = list(parse(pattern))
    except (re.error, OverflowError, RecursionError) as error:
        raise UnsupportedError from error
    items, ahead = _look_around(items, 1)
    items, behind = _look_around(items, -1)
    return tuple((wanted, _searching(tree)) for wanted, tree in ((True, items), *ahead, *behind))


def _look_around(items: list[Any], direction: int) -> tuple[list[Any], list[tuple[bool, list[Any]]]]:
    """Takes out what is asserted right after the start of the text, or right before its end."""
    sequence = items[::direction]
    anchors: list[Any] = []
    found: list[tuple[bool, list[Any]]] = []
    wanted = _BEGIN if direction == 1 else _END
    while sequence:
        name, value = sequence[0][0].name, sequence[0][1]
        if name == "AT" and _ANCHORS.get(value.name) == wanted:
            anchors.append(sequence.pop(0))
        elif name in ("ASSERT", "ASSERT_NOT") and anchors and value[0] == direction:
            inner = [*anchors[:1], *value[1]] if direction == 1 else [*value[1], *anchors[:1]]
            found.append((name == "ASSERT", inner))
            sequence.pop(0)
        elif name == "SUBPATTERN" and not value[1] and not value[2]:
            sequence[:1] = list(value[3])[::direction]
        else:
            break
    return (anchors + sequence)[::direction], found


def _searching(items: list[Any]) -> Automaton:
    """The automaton that finds the pattern anywhere in a text."""
    made = Automaton()
    try:
        made.last = made.sequence(items, 1)
    except RecursionError as error:
        raise UnsupportedError from error
    made.steps[made.last].append((charsets.ALL, made.last))
    made.free[0].append((None, 1))
    if _starts_late(made):
        made.steps[0].append((charsets.ALL, 0))
    return made


def _starts_late(made: Automaton) -> bool:
    """Whether a match can start after the start of the text."""
    anywhere = (_OUTSIDE, _IN_WORD, _NO_WORD)
    places = [(before, behind) for before in (_IN_WORD, _NO_WORD) for behind in anywhere]
    reached = set().union(*(made.reached(frozenset({1}), *place) for place in places))
    return made.last in reached or any(made.steps[state] for state in reached)


@dataclass(slots=True)
class _Run:
    """One automaton over the letters of an alphabet; its states are sets of states, made when reached."""

    made: Automaton
    wanted: bool
    letters: list[tuple[int, frozenset[Chars]]]  # what kind of character it is, and the sets that hold it
    known: dict[tuple[Kernel, int, int], tuple[Kernel, int]] = field(default_factory=dict)
    work: int = 0

    def step(self, kernel: Kernel, before: int, letter: int) -> tuple[Kernel, int]:
        key = (kernel, before, letter)
        after = self.known.get(key)
        if after is None:
            kind, held = self.letters[letter]
            reached = self.made.reached(kernel, before, kind)
            self.work += len(reached) + 1
            if self.made.last in reached:
                following = frozenset({self.made.last})  # found: nothing that comes can change that
            else:
                steps = self.made.steps
                following = frozenset(to for at in reached for chars, to in steps[at] if chars in held)
            after = self.known[key] = following, kind if self.made.words else _NO_WORD
        return after

    def fits(self, kernel: Kernel, before: int) -> bool:
        found = self.made.last in self.made.reached(kernel, before, _OUTSIDE)
        return found is self.wanted

    def settled(self, kernel: Kernel) -> bool | None:
        """Whether every longer text fits, or none does; None where that depends."""
        if kernel == {self.made.last}:
            return self.wanted
        return None if kernel else not self.wanted


def find(wide: Sequence[str], tight: Sequence[str] | None, least: int, most: int | None) -> str | None:
    """The shortest text within these lengths that matches all of `wide` and not all of `tight` (None: all
    of `wide` is enough); None where there is no such text. UnsupportedError where that cannot be told."""
    inner = list(chain.from_iterable(map(automata, wide)))
    outer = list(chain.from_iterable(map(automata, tight or ())))
    used = [chars for _, made in (*inner, *outer) for steps in made.steps for chars, _ in steps]
    words = [charsets.WORD] if any(made.words for _, made in (*inner, *outer)) else []
    alphabet = charsets.alphabet([*used, *words])
    letters = [(_IN_WORD if charsets.WORD in held else _NO_WORD, held) for _, held in alphabet]
    must = [_Run(made, wanted, letters) for wanted, made in inner]
    may = [_Run(made, wanted, letters) for wanted, made in outer]
    return _walked(must, None if tight is None else may, [char for char, _ in alphabet], least, most)


def _walked(
    must: list[_Run], may: list[_Run] | None, chars: list[str], least: int, most: int | None
) -> str | None:
    """Breadth first over the states of all automata at once."""
    runs = [*must, *(may or ())]
    start = tuple((frozenset({0}), _OUTSIDE) for _ in runs)
    pending = deque([(start, "")])
    seen: set[Any] = {(start, 0)}
    taken = 0
    while pending:
        states, text = pending.popleft()
        if len(text) >= least and _accepted(must, may, states):
            return text
        if most is not None and len(text) >= most:
            continue
        taken += len(chars) * len(runs)
        if taken > _MOST_STEPS or sum(run.work for run in runs) > _MOST_WORK:
            raise UnsupportedError
        for letter, char in enumerate(chars):
            following = tuple(run.step(*state, letter) for run, state in zip(runs, states, strict=True))
            mark = following, min(len(text) + 1, least)
            if mark not in seen and not _hopeless(must, may, following):
                seen.add(mark)
                pending.append((following, text + char))
    return None


def _accepted(must: list[_Run], may: list[_Run] | None, states: tuple[tuple[Kernel, int], ...]) -> bool:
    if not all(run.fits(*state) for run, state in zip(must, states, strict=False)):
        return False
    others = states[len(must) :]
    return may is None or not all(run.fits(*state) for run, state in zip(may, others, strict=True))


def _hopeless(must: list[_Run], may: list[_Run] | None, states: tuple[tuple[Kernel, int], ...]) -> bool:
    """Whether no longer text can be what is looked for."""
    if any(run.settled(state[0]) is False for run, state in zip(must, states, strict=False)):
        return True
    others = states[len(must) :]
    return may is not None and all(run.settled(s[0]) for run, s in zip(may, others, strict=True))


def accepts(pattern: str, text: str) -> bool:
    """Whether the pattern is found in the text. UnsupportedError where that cannot be told."""
    return find([pattern, f"^{re.escape(text)}$"], None, 0, None) is not None
