"""Listens to all calls of a run: holds each to the description, and records it.

With xdist the workers listen, and the controller gathers what they heard and writes it once, sorted.
"""

from __future__ import annotations

import threading
from collections import defaultdict
from collections.abc import Generator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import pytest

from driftcheck.errors import DriftcheckError
from driftcheck.testing.contract import Held, Holder
from driftcheck.testing.gathered import Gathered
from driftcheck.testing.place import placed
from driftcheck.testing.recorded import without_host
from driftcheck.traffic.exchange import Exchange
from driftcheck.traffic.record.clients import Listening, load_clients

_KEY = "driftcheck_key"  # of the redaction, which all workers share


@dataclass(slots=True)
class _Current:
    """The test that runs now."""

    item: pytest.Item
    held: Held | None
    heard: int = 0


@dataclass(slots=True, eq=False)
class Calls:
    """The plugin behind --driftcheck-spec and --driftcheck-record."""

    config: pytest.Config
    spec: str
    record: str
    gathered: Gathered = field(init=False)
    holder: Holder | None = None
    _listening: Listening = field(init=False)
    _current: _Current | None = None
    _lock: threading.Lock = field(default_factory=threading.Lock)
    _numbers: dict[str, int] = field(default_factory=lambda: defaultdict(int))

    def __post_init__(self) -> None:
        self._listening = Listening(self._heard)

    @property
    def _worker(self) -> Any:
        return getattr(self.config, "workerinput", None)

    def pytest_sessionstart(self) -> None:
        """Read the description and open the recording, so that what is wrong with them is said first."""
        try:
            record = self._target() if self.record and self._worker is None else None
            self.gathered = Gathered(record, self._worker[_KEY] if self._worker else None)
            if self.spec:
                self.holder = Holder(self.spec, self.config)
        except DriftcheckError as error:
            raise pytest.UsageError(f"driftcheck: {error}") from None
        load_clients()
        self._listening.__enter__()

    def _target(self) -> Path:
        return self.config.invocation_params.dir / self.record

    @pytest.hookimpl(optionalhook=True)
    def pytest_configure_node(self, node: Any) -> None:
        """xdist: a worker begins."""
        node.workerinput[_KEY] = self.gathered.key.hex()

    @pytest.hookimpl(optionalhook=True)
    def pytest_testnodedown(self, node: Any) -> None:
        """xdist: a worker is done."""
        self.gathered.merge(getattr(node, "workeroutput", {}).get("driftcheck"))

    @pytest.hookimpl(tryfirst=True)
    def pytest_sessionfinish(self) -> None:
        """Hand on to the controller, or write."""
        self._listening.__exit__(None, None, None)
        if self.holder is not None:
            self.gathered.coverage(self.holder)
        if self._worker is not None:
            vars(self.config)["workeroutput"]["driftcheck"] = self.gathered.portable()
        elif hasattr(self, "gathered"):
            self.gathered.write()

    def pytest_terminal_summary(self, terminalreporter: pytest.TerminalReporter) -> None:
        """What was heard, and what no test ever called."""
        if hasattr(self, "gathered"):
            lines = list(self.gathered.summary(self.spec, self.record))
            terminalreporter.section("driftcheck")
            for line in lines:
                terminalreporter.write_line(line)

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_setup(self, item: pytest.Item) -> Generator[None, object, object]:
        """Calls of fixtures belong to the test."""
        marker = item.get_closest_marker("driftcheck")
        exempt = marker is not None and marker.kwargs.get("spec") is False
        held = self.holder.begin() if self.holder is not None and not exempt else None
        self._current = _Current(item, held)
        self._listening.look_again()
        return (yield)

    @pytest.hookimpl(wrapper=True, trylast=True)
    def pytest_runtest_call(self, item: pytest.Item) -> Generator[None, object, object]:
        """A test that passes fails all the same if its calls do not fit; one that fails says so besides."""
        self._listening.look_again()
        try:
            result = yield
        except BaseException:
            self._mention(item)
            raise
        self._judge()
        return result

    @pytest.hookimpl(wrapper=True, tryfirst=True)
    def pytest_runtest_teardown(self) -> Generator[None, object, object]:
        """Calls that fixtures make afterwards are an error of the teardown."""
        result = yield
        self._judge()
        self._current = None
        return result

    def _mention(self, item: pytest.Item) -> None:
        current = self._current
        text = current.held.verdict() if current is not None and current.held is not None else None
        if text is not None:
            item.add_report_section("call", "driftcheck", text)

    def _judge(self) -> None:
        current = self._current
        if current is None or current.held is None:
            return
        text = current.held.verdict()
        if text is not None:
            pytest.fail(text, pytrace=False)

    def _heard(self, exchange: Exchange) -> None:
        current = self._current
        if current is None:
            return
        exchange = placed(exchange, current.item)
        with self._lock:
            current.heard += 1
            self._numbers[current.item.nodeid] += 1
            number = self._numbers[current.item.nodeid]
            self.gathered.add(exchange, number, keep=bool(self.record))
            if current.held is not None:
                current.held.take(without_host(exchange))
