"""Findings and reports as values: fingerprints, exit status, counts."""

from __future__ import annotations

import pytest

from driftcheck.difference import Change, Flow, Location, Rename, Severity, Side
from driftcheck.finding import Skipped
from tests.builders import finding, report


@pytest.mark.parametrize(
    "other",
    [
        {"message": "said otherwise"},
        {"title": "Another title"},
        {"expected": 1, "actual": 2},
        {"severity": Severity.INFO},
        {"locations": (Location(Side.ACTUAL, "new.yaml", 1),)},
        {"operations": ("GET /a",)},
        {"change": Change.CHANGED},
    ],
    ids=str,
)
def test_a_fingerprint_outlives_wording_values_and_lines(other):
    assert finding(**other).fingerprint == finding().fingerprint


@pytest.mark.parametrize(
    "other",
    [
        {"rule": "another"},
        {"cause": "elsewhere"},
        {"attribute": "minLength"},
        {"flow": Flow.RECEIVED},
        {"kind": "x"},
    ],
    ids=str,
)
def test_a_fingerprint_tells_rule_place_attribute_and_flow_apart(other):
    assert finding(**other).fingerprint != finding().fingerprint


def test_a_fingerprint_is_16_hex_digits_even_of_a_lone_surrogate():
    assert int(finding(cause="\ud800").fingerprint, 16) >= 0
    assert len(finding(cause="\ud800").fingerprint) == 16


@pytest.mark.parametrize(
    ("severities", "fail_on", "status"),
    [
        ([], "info", 0),
        (["info"], "breaking", 0),
        (["info"], "risky", 0),
        (["info"], "info", 1),
        (["risky"], "breaking", 0),
        (["risky"], "risky", 1),
        (["breaking"], "breaking", 1),
        (["info", "breaking"], "risky", 1),
        (["breaking"], "never", 0),
    ],
)
def test_the_exit_status(severities, fail_on, status):
    findings = [finding(severity=Severity(severity)) for severity in severities]
    assert report(*findings, fail_on=fail_on).exit_code == status


def test_skipping_alone_does_not_fail_but_is_counted():
    shown = report(skipped=(Skipped("a", "b"),))
    assert shown.exit_code == 0
    assert shown.to_dict()["summary"] == {"breaking": 0, "risky": 0, "info": 0, "skipped": 1}


def test_a_rename_is_written_as_from_and_to():
    shown = finding(rename=Rename("a", "b", 0.876)).to_dict()
    assert shown["rename"] == {"from": "a", "to": "b", "confidence": 0.88}


def test_located_changes_nothing_but_the_places():
    places = (Location(Side.EXPECTED, "old.yaml", 3, 1),)
    assert finding().located(places) == finding(locations=places)
