"""From a Report to the outcome of a test: its failure reads like the text report."""

from __future__ import annotations

from dataclasses import replace
from typing import NoReturn

import pytest

from driftcheck.cli.surroundings import sources
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report
from driftcheck.report import Layout, render


def text_of(report: Report) -> str:
    """The report as `driftcheck` prints it."""
    return render(report, "text", Layout(sources=sources())).rstrip("\n")


def insist(report: Report) -> Report:
    """The report, if nothing in it is at or above `fail_on`; the test fails otherwise."""
    if report.exit_code:
        pytest.fail(text_of(report), pytrace=False)
    return report


def insist_on(report: Report, category: str) -> None:
    """The same for the findings of one category; other tests tell the others."""
    findings = tuple(each for each in report.findings if each.category == category)
    insist(replace(report, findings=findings))


def impossible(error: DriftcheckError) -> NoReturn:
    """Fails the test for what the user can mend."""
    pytest.fail(f"driftcheck: {error}", pytrace=False)
