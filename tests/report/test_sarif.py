"""SARIF as GitHub reads it: results stand in the repository, have help and a fingerprint, and keep limits."""

from __future__ import annotations

import gzip
import json
import re
from dataclasses import replace

import pytest

from benchmarks.reports import many_findings
from driftcheck.difference import Location, Severity, Side
from driftcheck.finding import Skipped
from driftcheck.report import Layout, render
from tests.builders import finding, report
from tests.report.mixed import LAYOUT, mixed_report


def run(*findings, layout=None, **given):
    return run_of(report(*findings, **given), layout or Layout())


def run_of(made, layout=None):
    (only,) = json.loads(render(made, "sarif", layout or Layout()))["runs"]
    return only


def test_every_result_is_in_the_repository_and_has_a_region():
    for result in run_of(mixed_report(), LAYOUT)["results"]:
        (location,) = result["locations"]
        physical = location["physicalLocation"]
        assert physical["artifactLocation"]["uriBaseId"] == "%SRCROOT%"
        assert not re.match(r"/|\.|\w+:", physical["artifactLocation"]["uri"])
        assert physical["region"]["startLine"] >= 1


def test_every_rule_that_is_used_is_described_once():
    found = run_of(mixed_report(), LAYOUT)
    rules = found["tool"]["driver"]["rules"]
    assert [rule["id"] for rule in rules] == sorted({result["ruleId"] for result in found["results"]})
    for result in found["results"]:
        assert rules[result["ruleIndex"]]["id"] == result["ruleId"]
    for rule in rules:
        assert len(rule["shortDescription"]["text"]) <= 1024
        assert len(rule["fullDescription"]["text"]) <= 1024
        assert rule["help"]["text"]
        assert rule["help"]["markdown"]
        assert len(rule["properties"]["tags"]) <= 20


def test_the_catalogue_says_why_and_what_to_do():
    (rule,) = run(finding(rule="request-property-renamed"))["tool"]["driver"]["rules"]
    assert "What to do" in rule["help"]["markdown"]
    assert "driftcheck explain request-property-renamed" in rule["help"]["text"]


def test_levels():
    levels = [run(finding(severity=level))["results"][0]["level"] for level in Severity]
    assert levels == ["error", "warning", "note"]


def test_fingerprints_are_those_of_the_findings():
    one = finding()
    (result,) = run(one)["results"]
    assert result["partialFingerprints"]["primaryLocationLineHash"].startswith(one.fingerprint)
    moved = run(finding(locations=(Location(Side.ACTUAL, "new.yaml", 99),)))["results"][0]
    assert moved["partialFingerprints"] == result["partialFingerprints"]


def test_the_other_side_is_a_related_location():
    places = (Location(Side.EXPECTED, "old.yaml", 3), Location(Side.ACTUAL, "new.yaml", 5, 2))
    (result,) = run(finding(locations=places))["results"]
    assert result["locations"][0]["physicalLocation"]["region"] == {"startLine": 5, "startColumn": 2}
    (related,) = result["relatedLocations"]
    assert related["physicalLocation"]["artifactLocation"]["uri"] == "old.yaml"


def test_no_more_than_twenty_places():
    places = tuple(Location(Side.ACTUAL, f"{number}.yaml", 1) for number in range(50))
    (result,) = run(finding(locations=places))["results"]
    assert len(result["locations"]) + len(result["relatedLocations"]) == 20


@pytest.mark.parametrize(
    ("file", "uri"),
    [("a b.yaml", "a%20b.yaml"), ("größe.yaml", "gr%C3%B6%C3%9Fe.yaml"), ("a#b?.yaml", "a%23b%3F.yaml")],
)
def test_paths_are_uris(file, uri):
    (result,) = run(finding(locations=(Location(Side.ACTUAL, file, 1),)))["results"]
    assert result["locations"][0]["physicalLocation"]["artifactLocation"]["uri"] == uri


def test_what_was_skipped_is_a_notification():
    found = run(skipped=(Skipped("GET /a", "no reason"),))
    (said,) = found["invocations"][0]["toolExecutionNotifications"]
    assert said["message"]["text"] == "Skipped GET /a: no reason"
    assert found["results"] == []


def test_nothing_found_is_a_run_without_results():
    found = run()
    assert found["results"] == []
    assert found["tool"]["driver"]["rules"] == []
    assert found["invocations"] == [{"executionSuccessful": True, "toolExecutionNotifications": []}]


def test_messages_hold_no_link_and_no_placeholder():
    (result,) = run(finding(message="see [this](https://evil) and {0} in /items/{id}"))["results"]
    assert "\\[this](https://evil) and {{0}} in /items/{id}" in result["message"]["text"]


def test_the_category_is_left_to_the_upload():
    # github/codeql-action takes its input `category` only where the file says nothing
    assert "automationDetails" not in run(command="db")


def test_a_large_report_keeps_the_limits_and_says_what_is_left_out():
    written = render(many_findings(6_000), "sarif", Layout())
    assert len(gzip.compress(written.encode())) < 10_000_000
    found = json.loads(written)["runs"][0]
    assert len(found["results"]) == 5_000
    last = found["invocations"][0]["toolExecutionNotifications"][-1]
    assert last["message"]["text"].startswith("1,000 more findings")


def test_the_limit_holds_for_findings_full_of_text():
    made = many_findings(1)
    noise = "".join(chr(0x4E00 + (number * 7919) % 20_000) for number in range(1_000))
    heavy = replace(made.findings[0], message=noise)
    found = replace(heavy, difference=replace(heavy.difference, operations=(noise[:300],) * 20))
    results = run_of(replace(made, findings=(found,) * 5_000))["results"]
    assert len(results) < 5_000
