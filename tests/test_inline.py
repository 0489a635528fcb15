"""Ignores in Python files: which lines they speak of, what they silence, and what is said about them."""

from __future__ import annotations

from datetime import date
from pathlib import Path

import pytest

from driftcheck.config import Config
from driftcheck.difference import Location, Severity, Side
from driftcheck.inline import read_comments, silence
from driftcheck.rule import RuleSet
from tests.builders import finding, rules

TODAY = date(2026, 6, 1)
# Rules that exist: an ignore of any other is refused.
MISSING, EXTRA = "column-missing", "column-extra"


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def covered(text):
    """The rules of each line of `text` that is spoken of."""
    found = {}
    for comment in read_comments(text, "models.py"):
        for line in range(comment.first, comment.last + 1):
            found.setdefault(line, []).append(comment.entry.rule)
    found.pop(0, None)
    return found


def found_at(line, rule=MISSING, file="models.py", **given):
    return finding(rule=rule, locations=(Location(Side.EXPECTED, file, line),), **given)


def declared(*ids) -> RuleSet:
    return rules(*({"id": id} for id in ids))


def silenced(text, *findings, config=None, judged=(MISSING, EXTRA)):
    Path("models.py").write_text(text)
    return silence(findings, ["models.py"], declared(*judged), config or Config(), today=TODAY)


def about(result):
    return [each.rule for each in result.about]


@pytest.mark.parametrize(
    ("text", "lines"),
    [
        ("a = 1  # driftcheck: ignore[x] why\n", {1: ["x"]}),
        ("a = 1\nb = 2  # driftcheck: ignore[x] why\nc = 3\n", {2: ["x"]}),
        ("a = 1  #driftcheck:ignore[x, y] why\n", {1: ["x", "y"]}),
        ("# driftcheck: ignore[x] why\na = 1\nb = 2\n", {2: ["x"]}),
        ("# driftcheck: ignore[x] why\n# and more\n# driftcheck: ignore[y] why\na = 1\n", {4: ["y", "x"]}),
        ("# driftcheck: ignore[x] why\n\na = 1\n", {}),
        ("a = 1\n# driftcheck: ignore[x] why\n", {}),
        ('a = "# driftcheck: ignore[x] why"\n', {}),
        ('"""\n# driftcheck: ignore[x] why\n"""\na = 1\n', {}),
        ("# about driftcheck: ignore[x] why\na = 1\n", {}),
        ("a = f(  # driftcheck: ignore[x] why\n  1,\n)\n", {1: ["x"], 2: ["x"], 3: ["x"]}),
        ("a = f(\n  1,\n)  # driftcheck: ignore[x] why\n", {1: ["x"], 2: ["x"], 3: ["x"]}),
        ("a = f(\n  1,  # driftcheck: ignore[x] why\n  2,\n)\n", {2: ["x"]}),
        ("a = f(\n  # driftcheck: ignore[x] why\n  1,\n  2,\n)\n", {3: ["x"]}),
        ("a = f(\n  # driftcheck: ignore[x] why\n  # more\n  1,\n)\n", {4: ["x"]}),
        ("class A:  # driftcheck: ignore[x] why\n    b = 1\n", {1: ["x"]}),
        ("class A:\n    # driftcheck: ignore[x] why\n    b = 1\n    c = 1\n", {3: ["x"]}),
        ("class A:\n    b = 1\n    # driftcheck: ignore[x] why\n\n\nclass B:\n    pass\n", {}),
        ("# driftcheck: ignore[x] why\n@d\n@e(1)\nclass A:\n    pass\n", {2: ["x"], 3: ["x"], 4: ["x"]}),
        ("# driftcheck: ignore[x] why\nwith a:\n    b()\n    c()\nd()\n", {2: ["x"], 3: ["x"], 4: ["x"]}),
        ("with a as b:  # driftcheck: ignore[x] why\n    c()\nd()\n", {1: ["x"], 2: ["x"]}),
        ("with a as b:\n    c()  # driftcheck: ignore[x] why\n    d()\n", {2: ["x"]}),
        ("def f():\n  # driftcheck: ignore[x] why\n  with a:\n    b()\n  c()\n", {3: ["x"], 4: ["x"]}),
        ("# driftcheck: ignore[x] why\ndef f():\n    a()\n", {2: ["x"]}),
        ("@d\n# driftcheck: ignore[x] why\nclass A:\n    pass\n", {1: ["x"], 2: ["x"], 3: ["x"]}),
        ("a = 1; b = 2  # driftcheck: ignore[x] why\n", {1: ["x"]}),
        ("a = 1  # driftcheck: ignore[x] why\nif (\n", {1: ["x"]}),
    ],
)  # fmt: skip
def test_the_lines_that_a_comment_speaks_of(text, lines):
    assert covered(text) == lines


@pytest.mark.parametrize(
    ("comment", "reason", "until"),
    [
        ("ignore[x] seen by ops", "seen by ops", None),
        ("ignore[x]: seen by ops", "seen by ops", None),
        ("ignore[x] - seen by ops", "seen by ops", None),
        ("ignore[x] until 2026-12-31 seen by ops", "seen by ops", date(2026, 12, 31)),
        ("ignore[x] until=2026-12-31: seen by ops", "seen by ops", date(2026, 12, 31)),
        ("ignore[x] until the move", "until the move", None),
        ("ignore[x] until 2026-13-31 seen", "seen", "2026-13-31"),
        ("ignore[x]", "", None),
    ],
)
def test_reason_and_end(comment, reason, until):
    (found,) = read_comments(f"a = 1  # driftcheck: {comment}\n", "models.py")
    assert (found.entry.reason, found.entry.until or found.entry.no_day or None) == (reason, until)


@pytest.mark.parametrize("until", ["2026-02-30", "2026-13-01"])
def test_what_is_no_day_is_told_and_the_ignore_does_not_count(until):
    result = silenced(f"a = 1  # driftcheck: ignore[{MISSING}] until {until} why\n", found_at(1))
    assert result.kept == (found_at(1),)
    (about,) = result.about
    assert about.rule == "ignore-expired"
    assert f"until {until}, which is no day" in about.message


def test_a_finding_on_the_line_is_silenced_and_the_others_stay():
    here, there, other = found_at(1), found_at(2), found_at(1, rule=EXTRA)
    result = silenced(f"a = 1  # driftcheck: ignore[{MISSING}] why\nb = 2\n", here, there, other)
    assert result.kept == (there, other)
    assert [(item.what, item.why) for item in result.skipped] == [
        (f"1 finding of {MISSING} in models.py:1", "ignored: why")
    ]
    assert result.about == ()


def test_findings_of_one_comment_are_counted():
    result = silenced("a = 1  # driftcheck: ignore[column-*] why\n", found_at(1), found_at(1, rule=EXTRA))
    assert [item.what for item in result.skipped] == ["2 findings of column-* in models.py:1"]


@pytest.mark.parametrize(
    "place",
    [
        Location(Side.EXPECTED, "other.py", 1),
        Location(Side.EXPECTED, "models.py", 2),
        Location(Side.EXPECTED, "models.py"),
    ],
)
def test_a_finding_elsewhere_stays(place):
    elsewhere = finding(rule=MISSING, locations=(place,))
    result = silenced(f"a = 1  # driftcheck: ignore[{MISSING}] why\nb = 2\n", elsewhere)
    assert result.kept == (elsewhere,)
    assert about(result) == ["ignore-unmatched"]


def test_any_place_of_a_finding_counts(here):
    two = finding(
        rule=MISSING,
        locations=(Location(Side.ACTUAL, "gone.py", 1), Location(Side.EXPECTED, str(here / "models.py"), 1)),
    )
    assert silenced(f"a = 1  # driftcheck: ignore[{MISSING}] why\n", two).kept == ()


def test_files_that_findings_point_to_are_read_without_being_named():
    Path("models.py").write_text(f"a = 1  # driftcheck: ignore[{MISSING}] why\n")
    assert silence([found_at(1)], [], declared(MISSING), Config()).kept == ()


@pytest.mark.parametrize(
    ("comment", "rule"),
    [
        (f"ignore[{MISSING}]", "ignore-without-reason"),
        (f"ignore[{MISSING}] until 2026-05-31 why", "ignore-expired"),
        ("ignore[*] why", "ignore-without-rule"),
        ("ignore[] why", "ignore-without-rule"),
        ("ignore why", "ignore-without-rule"),
        ("ignore[no-such-rule] why", "ignore-without-rule"),
    ],
)
def test_an_ignore_that_does_not_count_silences_nothing(comment, rule):
    here = found_at(1)
    result = silenced(f"a = 1  # driftcheck: {comment}\n", here)
    assert result.kept == (here,)
    assert about(result) == [rule]
    (said,) = result.about
    assert said.severity is Severity.RISKY
    assert said.locations == (Location(Side.EXPECTED, "models.py", 1, 8),)
    assert result.findings == (here, said)


def test_the_last_day_still_counts():
    text = f"a = 1  # driftcheck: ignore[{MISSING}] until 2026-06-01 why\n"
    assert silenced(text, found_at(1)).findings == ()


def test_an_ignore_that_matches_nothing_is_told():
    result = silenced(f"a = 1  # driftcheck: ignore[{MISSING}, {EXTRA}] why\n", found_at(1))
    assert about(result) == ["ignore-unmatched"]
    assert result.about[0].severity is Severity.INFO
    assert EXTRA in result.about[0].message


def test_an_ignore_for_another_command_is_not_called_unmatched():
    text = f"a = 1  # driftcheck: ignore[{EXTRA}] why\nb = 1  # driftcheck: ignore[column-*] why\n"
    assert about(silenced(text, judged=[MISSING])) == []


def test_what_is_said_about_ignores_can_be_switched_off_like_all_else():
    text = f"a = 1  # driftcheck: ignore[{MISSING}] why\n"
    assert about(silenced(text, config=Config(severity={"ignore-unmatched": "off"}))) == []


def test_fingerprints_outlive_another_line():
    text = f"a = 1  # driftcheck: ignore[{MISSING}] why\n"
    (before,), (after,) = silenced(text).about, silenced("\n\nx = 2\n" + text).about
    assert before.fingerprint == after.fingerprint
    assert before.locations != after.locations


@pytest.mark.parametrize("content", [b"\xff\xfe", b"# coding: nonsense\n", b"", b"a = (\n"])
def test_files_that_are_no_python_are_passed_over(content):
    Path("models.py").write_bytes(content + b"# driftcheck: ignore[x] why")
    Path("data.yaml").write_text("# driftcheck: ignore[x] why\n")
    result = silence([], ["data.yaml", "gone.py"], declared(MISSING), Config())
    assert result == ((), (), ())
