"""Which test made a recorded call: by the name that was recorded with it, else by its time.

A call that several tests may have made is given to none of them, and counted.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field, replace

from driftcheck.traffic.exchange import Exchange
from driftcheck.traffic.results.reading import Test

_SEPARATORS = re.compile(r"::|[\s.#/\\>›:]+")


def key_of(name: str) -> str:
    """A test's name without the ways in which its parts are joined: `A.b`, `A#b`, `A › b`, `a.py::A::b`."""
    text = re.sub(r"\.(?:py|[cm]?[jt]sx?)(?=::|\s|$)", "", name.strip())
    return " ".join(part for part in _SEPARATORS.split(text.replace("()", "")) if part).casefold()


@dataclass(slots=True, eq=False)
class Tests:
    """The tests of a run, and which of them made calls.

    Results of the same name are one test that ran again: a retry, another reporter's file, a row of data.
    """

    __test__ = False

    tests: Sequence[Test]
    used: set[str] = field(default_factory=set)
    unclear: int = 0  # calls that several tests may have made
    _by_key: dict[str, Test | None] = field(init=False)
    _timed: list[tuple[Test, Test]] = field(init=False)  # what ran at some time, and which test that is

    def __post_init__(self) -> None:
        known: dict[str, Test] = {}
        runs = [(test, known.setdefault(_whole_name(test), test)) for test in self.tests]
        self.tests = tuple(known.values())
        self._by_key = {}
        for test in self.tests:
            for key in set(_keys(test)):
                self._by_key[key] = None if key in self._by_key else test
        self._timed = [(run, test) for run, test in runs if run.start is not None and run.status != "skipped"]

    def __len__(self) -> int:
        return len(self.tests)

    def named(self, exchange: Exchange) -> Exchange:
        """The call with the name of its test as the results have it."""
        test = self._by_key.get(key_of(exchange.test)) if exchange.test else self._by_time(exchange.time)
        if test is None:
            return exchange
        self.used.add(test.label)
        return replace(exchange, test=test.label)

    def _by_time(self, time: float | None) -> Test | None:
        if time is None:
            return None
        fitting = {test for run, test in self._timed if _within(run, time)}
        self.unclear += len(fitting) > 1
        return fitting.pop() if len(fitting) == 1 else None

    def labels(self) -> Iterator[str]:
        """The names of all tests."""
        return (test.label for test in self.tests)


def _within(test: Test, time: float) -> bool:
    return test.start is not None and test.start <= time and (test.end is None or time <= test.end)


def _whole_name(test: Test) -> str:
    """The owner and the name; some writers have the owner in the name already."""
    owner, name = key_of(test.owner), key_of(test.name)
    return name if name.startswith(owner) else f"{owner} {name}"


def _keys(test: Test) -> Iterable[str]:
    """The full name, and shorter ones that only this test may have."""
    owner, name = key_of(test.owner), key_of(test.name)
    yield name
    if owner:
        yield f"{owner} {name}"
        yield f"{owner.rpartition(' ')[2]} {name}"
