"""Lines of files in reports: which, what is underlined in them, and that nothing fails without the file."""

from __future__ import annotations

import pytest

from driftcheck.difference import Location, Side
from driftcheck.report import no_sources
from driftcheck.report.excerpts import carets, diff_lines, excerpts
from tests.builders import finding

LINES = {"new.yaml": ["a: 1", "  note: {maxLength: 20}", "", "\tx: 大小 y"]}
ACTUAL, EXPECTED = Side.ACTUAL, Side.EXPECTED


def of(*locations, **given):
    return excerpts(finding(locations=locations, **given), LINES.get)


def test_the_line_without_its_indentation_and_the_word_at_the_column():
    (shown,) = of(Location(ACTUAL, "new.yaml", 2, 10))
    assert (shown.line, shown.text) == (2, "note: {maxLength: 20}")
    assert shown.text[shown.start : shown.start + shown.length] == "maxLength"
    assert carets(shown) == "       ^^^^^^^^^"


def test_without_a_column_nothing_is_underlined():
    (shown,) = of(Location(ACTUAL, "new.yaml", 1))
    assert shown.length == 0
    assert carets(shown) == ""


def test_wide_letters_take_two_columns():
    (shown,) = of(Location(ACTUAL, "new.yaml", 4, 8))
    assert shown.text == "x: 大小 y"
    assert carets(shown) == " " * 8 + "^"


@pytest.mark.parametrize(
    "location",
    [
        Location(ACTUAL, "gone.yaml", 1, 1),
        Location(ACTUAL, "new.yaml", None),
        Location(ACTUAL, "new.yaml", 99, 1),
        Location(ACTUAL, "new.yaml", 0, 1),
        Location(ACTUAL, "new.yaml", 3, 1),
        Location(ACTUAL, "https://host/openapi.json", 1, 1),
    ],
    ids=str,
)
def test_what_cannot_be_had_is_left_out(location):
    assert of(location) == []


def test_a_column_behind_the_end_is_no_failure():
    (shown,) = of(Location(ACTUAL, "new.yaml", 1, 500))
    assert carets(shown).strip() == ""


def test_a_column_in_the_indentation_is_no_failure():
    (shown,) = of(Location(ACTUAL, "new.yaml", 2, 1))
    assert shown.length == 0


def test_a_long_line_is_cut_around_the_column():
    line = "x" * 5_000 + ' "maxLength": 3 ' + "y" * 5_000
    found = finding(locations=(Location(ACTUAL, "one.json", 1, 5_002),))
    (shown,) = excerpts(found, {"one.json": [line]}.get, 80)
    assert len(shown.text) == 80
    assert shown.text[shown.start : shown.start + shown.length] == '"maxLength"'


def test_the_expected_side_comes_first():
    shown = of(Location(ACTUAL, "new.yaml", 1), Location(EXPECTED, "new.yaml", 2))
    assert [each.sign for each in shown] == ["-", "+"]


def test_recordings_are_never_quoted():
    places = (Location(EXPECTED, "new.yaml", 1), Location(ACTUAL, "new.yaml", 2))
    assert [each.line for each in of(*places, category="recordings")] == [2]
    assert [each.line for each in of(*places, kind="exchange")] == [2]
    assert [each.line for each in of(*places)] == [1, 2]


def test_a_diff_for_markdown():
    assert diff_lines(finding(locations=(Location(ACTUAL, "new.yaml", 1),)), LINES.get) == ["+ 1: a: 1"]
    assert diff_lines(finding(locations=(Location(ACTUAL, "new.yaml", 1),)), no_sources) == []
