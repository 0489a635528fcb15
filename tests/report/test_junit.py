"""JUnit: Jenkins' schema is kept, what fails the run fails a test, and a clean run is one green test."""

from __future__ import annotations

from xml.etree import ElementTree

import pytest
from junitparser import Failure, JUnitXml
from junitparser import Skipped as SkippedTest

from driftcheck.difference import Severity
from driftcheck.finding import Skipped
from driftcheck.report import Layout, render
from tests.builders import finding, report
from tests.report.mixed import LAYOUT, mixed_report

# What junit-10.xsd of Jenkins' xUnit plugin allows, of that which we write.
ATTRIBUTES = {
    "testsuites": {"name", "time", "tests", "failures", "errors"},
    "testsuite": {"name", "tests", "failures", "errors", "skipped", "time", "timestamp", "hostname", "id"},
    "testcase": {"name", "time", "classname", "group"},
    "failure": {"type", "message"},
    "skipped": {"type", "message"},
    "system-out": set(),
}
REQUIRED = {"testsuite": {"name", "tests", "failures", "errors"}, "testcase": {"name"}}
CHILDREN = {
    "testsuites": {"testsuite"},
    "testsuite": {"testcase"},
    "testcase": {"failure", "skipped", "system-out"},
}


def xml(*findings, **given):
    return render(report(*findings, **given), "junit", Layout())


def cases(text):
    return list(ElementTree.fromstring(text).iter("testcase"))


@pytest.mark.parametrize(
    "made", [mixed_report(), report(), report(skipped=(Skipped("a", "b"),))], ids=["mixed", "none", "skipped"]
)
def test_only_what_the_schema_allows_is_written(made):
    for element in ElementTree.fromstring(render(made, "junit", LAYOUT)).iter():
        assert set(element.attrib) <= ATTRIBUTES[element.tag]
        assert set(element.attrib) >= REQUIRED.get(element.tag, set())
        assert {child.tag for child in element} <= CHILDREN.get(element.tag, set())


def test_the_numbers_are_those_of_the_tests():
    root = ElementTree.fromstring(render(mixed_report(), "junit", LAYOUT))
    for suite in root.iter("testsuite"):
        tests = list(suite.iter("testcase"))
        assert int(suite.get("tests")) == len(tests)
        assert int(suite.get("failures")) == sum(test.find("failure") is not None for test in tests)
        assert int(suite.get("skipped")) == sum(test.find("skipped") is not None for test in tests)
    assert int(root.get("tests")) == len(list(root.iter("testcase")))


def test_readers_read_it():
    suites = list(JUnitXml.fromstring(render(mixed_report(), "junit", LAYOUT).encode()))
    assert {suite.name for suite in suites} == {
        "driftcheck check",
        "driftcheck API",
        "driftcheck Database",
        "driftcheck Migrations",
        "driftcheck Traffic",
    }
    results = [result for suite in suites for case in suite for result in case.result]
    assert sum(isinstance(result, Failure) for result in results) == 6
    assert sum(isinstance(result, SkippedTest) for result in results) == 1


def test_nothing_found_is_one_test_that_passes():
    (case,) = cases(xml())
    assert case.get("name") == "old.yaml is compared with new.yaml"
    assert list(case) == []


@pytest.mark.parametrize("fail_on", ["breaking", "risky", "info", "never"])
def test_the_tests_fail_exactly_when_the_run_does(fail_on):
    for level in Severity:
        made = report(finding(severity=level), fail_on=fail_on)
        failed = [case for case in cases(render(made, "junit", Layout())) if case.find("failure") is not None]
        assert bool(failed) == bool(made.exit_code)


def test_a_milder_finding_tells_its_story_all_the_same():
    (_, case) = cases(xml(finding(severity=Severity.RISKY, message="careful")))
    assert case.find("failure") is None
    assert "careful" in case.find("system-out").text


def test_names_are_unique_even_when_cut():
    long = "x" * 400
    found = cases(xml(*(finding(pointer=f"/{long}/{number}") for number in range(3)), finding(pointer="/a")))
    names = [(case.get("classname"), case.get("name")) for case in found]
    assert len(set(names)) == len(names) == 5


def test_skipped_is_a_skipped_test():
    (_, case) = cases(xml(skipped=(Skipped("GET /a", "no reason"),)))
    assert case.find("skipped").get("message") == "no reason"
