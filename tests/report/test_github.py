"""Annotations: the first ten of each level, escaped as the runner reads them."""

from __future__ import annotations

import pytest

from driftcheck.difference import Location, Severity, Side
from driftcheck.report import Layout, render
from tests.builders import finding, report
from tests.report.mixed import LAYOUT, mixed_report
from tests.report.workflow_commands import commands


def written(*findings, layout=None, **given):
    return render(report(*findings, **given), "github", layout or Layout())


def test_each_finding_is_an_annotation_of_its_level():
    found = commands(render(mixed_report(), "github", LAYOUT))
    assert [each.name for each in found] == ["error"] * 6 + ["warning"] * 2 + ["notice"]


def test_file_line_and_column():
    (only,) = commands(written(finding(locations=(Location(Side.ACTUAL, "a/new.yaml", 7, 3),))))
    assert only.properties["file"] == "a/new.yaml"
    assert (only.properties["line"], only.properties["col"]) == ("7", "3")


def test_without_a_place_there_is_no_file():
    (only,) = commands(written(finding()))
    assert set(only.properties) == {"title"}


def test_files_are_named_from_the_root_of_the_repository():
    layout = Layout(below_root="services/shop")
    (only,) = commands(written(finding(locations=(Location(Side.ACTUAL, "new.yaml", 7),)), layout=layout))
    assert only.properties["file"] == "services/shop/new.yaml"


@pytest.mark.parametrize("file", ["a,b.yaml", "a b.yaml", "a%2Cb.yaml", "größe.yaml"])
def test_any_name_of_a_file_comes_through(file):
    (only,) = commands(written(finding(locations=(Location(Side.ACTUAL, file, 7),))))
    assert only.properties["file"] == file


def test_only_ten_of_each_level_and_the_rest_is_counted():
    many = [finding(severity=level, cause=str(number)) for level in Severity for number in range(13)]
    text = written(*many)
    names = [each.name for each in commands(text)]
    assert {name: names.count(name) for name in names} == {"error": 10, "warning": 10, "notice": 10}
    assert "3 more breaking, 3 more risky, 3 more info" in text


def test_the_first_ones_are_those_that_are_shown():
    many = [finding(message=f"number {number}") for number in range(12)]
    said = [each.data for each in commands(written(*many))]
    assert said[0].startswith("number 0")
    assert not any("number 11" in each for each in said)


def test_nothing_found_is_no_command():
    assert commands(written()) == []
    assert written() == "PASS: 0 breaking, 0 risky, 0 info (fails on: breaking)\n"


def test_lines_of_the_message_stay_lines():
    (only,) = commands(written(finding(operations=("GET /a", "GET /b"))))
    assert only.data.splitlines()[1] == "reaches 2 operations: GET /a, GET /b"
