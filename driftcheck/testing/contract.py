"""One description for a whole run: every test gets a check of its own that shares what was compiled."""

from __future__ import annotations

from dataclasses import dataclass, replace

import pytest

from driftcheck.config import Config
from driftcheck.config_file import read_config
from driftcheck.difference import Side
from driftcheck.finding import Report
from driftcheck.openapi.loading import load
from driftcheck.settle import settle
from driftcheck.testing.verdict import text_of
from driftcheck.traffic.check import TrafficCheck
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.exchange import Exchange


class Holder:
    """DriftcheckError where the description or the configuration cannot be read."""

    def __init__(self, spec: str, config: pytest.Config) -> None:
        settings = read_config(None, config.rootpath)
        # pytest prints the values of tests anyway
        self.settings: Config = replace(settings, traffic=replace(settings.traffic, show_values=True))
        self.document = load(spec, Side.ACTUAL, self.settings.api)
        self.contract = Contract(self.document)
        self._check = TrafficCheck(self.contract, self.settings)

    def begin(self) -> Held:
        """For one test."""
        return Held(self, self._check.afresh())


@dataclass(slots=True)
class Held:
    """What the calls of one test did not keep."""

    holder: Holder
    check: TrafficCheck

    def take(self, exchange: Exchange) -> None:
        """Judge one call, without saying anything yet."""
        self.check.take(exchange)

    def verdict(self) -> str | None:
        """The report, if some call since the last verdict makes it fail."""
        if not self.check.gather.found:
            return None
        report = self._report()
        self.check = self.check.afresh()
        return text_of(report) if report.exit_code else None

    def _report(self) -> Report:
        holder, settings = self.holder, self.holder.settings
        placed, ignored = self.check.placed(holder.document)
        told = Report(
            "traffic", "calls of this test", holder.document.label, tuple(placed), ignored, settings.fail_on
        )
        settled = settle(told, settings, (), partial=True)
        about_calls = (each for each in settled.findings if each.category != "housekeeping")
        return replace(settled, findings=tuple(replace(each, used_by=()) for each in about_calls))
