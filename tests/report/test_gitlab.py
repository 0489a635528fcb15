"""GitLab Code Quality, held to what GitLab says of the format."""

from __future__ import annotations

import json
import re

import pytest

from driftcheck.difference import Change, Location, Severity, Side
from driftcheck.report import Layout, render
from tests.builders import finding, report
from tests.report.mixed import LAYOUT, mixed_report


def issues(*findings, **given):
    return json.loads(render(report(*findings, **given), "gitlab", Layout()))


@pytest.mark.parametrize(
    "made", [mixed_report(), report(), report(finding(), finding())], ids=["mixed", "none", "two"]
)
def test_what_gitlab_asks_for_is_there(made):
    written = render(made, "gitlab", LAYOUT)
    assert not written.startswith("\ufeff")
    found = json.loads(written)
    assert isinstance(found, list)
    for issue in found:
        assert set(issue) == {"description", "check_name", "fingerprint", "severity", "location"}
        assert issue["description"]
        assert issue["severity"] in {"info", "minor", "major", "critical", "blocker"}
        assert not re.match(r"\./|/|\w+:", issue["location"]["path"])
        assert issue["location"]["lines"]["begin"] >= 1
    assert len({issue["fingerprint"] for issue in found}) == len(found)


def test_one_issue_for_each_finding():
    assert len(json.loads(render(mixed_report(), "gitlab", LAYOUT))) == len(mixed_report().findings)
    assert issues() == []


def test_the_first_fingerprint_is_that_of_the_finding():
    one, two = finding(), finding(change=Change.EXTRA)
    assert one.fingerprint == two.fingerprint
    assert issues(one, two)[0]["fingerprint"] == one.fingerprint


def test_levels():
    assert [issues(finding(severity=level))[0]["severity"] for level in Severity] == [
        "critical",
        "major",
        "info",
    ]


def test_the_place_and_the_object_are_told():
    (issue,) = issues(
        finding(object="Order", locations=(Location(Side.ACTUAL, "new.yaml", 7, 2),), message="gone")
    )
    assert issue["location"] == {"path": "new.yaml", "lines": {"begin": 7}}
    assert issue["description"] == "Component Order: gone"
