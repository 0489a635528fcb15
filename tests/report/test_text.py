"""The report for people: what each part says or leaves out, and that nothing in it can hurt a terminal."""

from __future__ import annotations

import re
from dataclasses import replace

import pytest

from driftcheck.difference import Counterexample, Location, Side
from driftcheck.finding import Skipped
from driftcheck.report import Layout, render
from tests.builders import finding, report
from tests.report.workflow_commands import commands


def text(*findings, layout=None, **given):
    return render(report(*findings, **given), "text", layout or Layout())


def test_nothing_found_is_one_verdict():
    assert text() == "old.yaml -> new.yaml\n\nPASS: 0 breaking, 0 risky, 0 info (fails on: breaking)\n"


def test_lines_fit_the_width():
    words = "a fairly long message that goes on and on " * 5
    for line in text(finding(message=words)).splitlines():
        assert len(line) <= 80


def test_colors_only_when_asked_for():
    assert "\x1b" not in text(finding())
    assert "\x1b[31;1mbreaking" in text(finding(), layout=Layout(color=True))


def test_the_verdict_follows_fail_on():
    assert "FAIL: 1 breaking" in text(finding())
    assert "PASS: 1 breaking" in text(finding(), fail_on="never")


def test_groups_come_in_the_order_of_their_worst_finding():
    shown = text(finding(object="PUT /z"), finding(object="PUT /a"), finding(object="PUT /z", pointer="/b"))
    assert re.findall(r"^PUT .*$", shown, re.MULTILINE) == ["PUT /z", "PUT /a"]


def test_a_component_is_called_one():
    assert "\nComponent Order\n" in text(finding(object="Order"))
    assert "\nservers\n" in text(finding(object="servers", operation=None, kind="server"))


def test_only_some_of_many_operations_are_shown():
    names = tuple(f"GET /{number}" for number in range(30))
    assert "30 operations: GET /0, GET /1, GET /2 and 27 more" in text(finding(operations=names))
    assert "GET /29" in text(finding(operations=names), layout=Layout(verbosity=1))


def test_the_operation_that_is_the_heading_is_not_repeated():
    assert "reaches" not in text(finding(operations=("POST /orders",)))


def test_values_are_shown_unless_the_message_has_them():
    assert "\n    50 -> 20\n" in text(finding(message="shorter"))
    assert "50 -> 20" not in text(finding(message="was 50, is now 20"))
    assert "\n    (nothing) -> 20\n" in text(finding(message="shorter", expected=None))


def test_long_values_are_cut_and_say_so():
    shown = text(finding(expected="x" * 1000, actual=None))
    assert "(1002 characters)" in shown
    assert shown.count("x") < 400


def test_skipped_is_listed_and_counted():
    shown = text(skipped=(Skipped("GET /a", "no reason"),))
    assert "Skipped (1)\n  GET /a: no reason" in shown
    assert "1 skipped" in shown


def test_there_is_no_hint_to_explain_without_findings():
    assert "driftcheck explain" not in text()
    assert "driftcheck explain request-property-max-length-decreased" in text(finding())


HOSTILE = [
    "\x1b[31mred\x1b[0m",
    "\x1b]0;title\x07",
    "\x9b2J",
    "a\rb",
    "a\nFAIL",
    "a\x08\x08b",
    "\u202egnp.exe",
    "\u2066x\u2069",
    "a\u200bb",
    "\u2028x",
    "\ud800",
    "\U000e0041",
    "\x00",
]


@pytest.mark.parametrize("evil", HOSTILE, ids=ascii)
def test_nothing_from_a_document_reaches_the_terminal_raw(evil):
    shown = render(
        report(
            finding(
                message=evil,
                object=evil,
                operation=f"POST /{evil}",
                pointer=f"/{evil}",
                operations=(evil, "b"),
                expected={evil: evil},
                actual=[evil],
                note=evil,
            ),
            finding(
                object=f"{evil} ",
                counterexample=Counterexample({evil: evil}, Side.EXPECTED, Side.ACTUAL, evil),
            ),
            skipped=(Skipped(evil, evil),),
            expected=evil,
            actual=evil,
        ),
        "text",
        Layout(verbosity=1),
    )
    assert not {character for character in evil if not character.isprintable()} - {"\n"} & set(shown)
    assert "\nFAIL\n" not in shown


def test_ordinary_letters_of_the_world_stay():
    assert "größe 大小 μέγεθος" in text(finding(message="größe 大小 μέγεθος"))


LINES = {"new.yaml": ["a:", "  note: {maxLength: 20}"]}
PLACE = (Location(Side.ACTUAL, "new.yaml", 2, 10),)


def test_the_line_of_the_file_with_carets():
    shown = text(finding(locations=PLACE), layout=Layout(sources=LINES.get))
    assert "       2 + note: {maxLength: 20}\n         |        ^^^^^^^^^\n" in shown


def test_without_the_file_the_place_is_enough():
    shown = text(finding(locations=PLACE))
    assert "    new.yaml:2:10\n" in shown
    assert "^" not in shown


def test_a_verdict_alone_quotes_nothing():
    layout = Layout(sources=LINES.get, verbosity=-1)
    assert text(finding(locations=PLACE), layout=layout).count("\n") == 1


def test_quoted_lines_fit_the_width():
    layout = Layout(sources={"new.yaml": ["", "x: " + "y" * 500]}.get)
    assert all(len(line) <= 80 for line in text(finding(locations=PLACE), layout=layout).splitlines())


def test_recorded_calls_are_named_and_cut():
    calls = tuple({"consumer": f"app{number}", "file": "a.har", "line": number + 1} for number in range(5))
    shown = text(replace(finding(), used_by=calls))
    assert "used by app0 (a.har:1), app1 (a.har:2), app2 (a.har:3) and 2 more" in shown
    assert "app4" in text(replace(finding(), used_by=calls), layout=Layout(verbosity=1))
    assert "used by" not in text(finding())


@pytest.mark.parametrize("evil", ["::error::x", "::stop-commands::x", "##[error]x"])
def test_a_log_of_the_text_gives_no_command(evil):
    shown = text(finding(message=f"{'word ' * 14}{evil}", object=evil, operations=(evil, "b")), expected=evil)
    assert commands(shown) == []
