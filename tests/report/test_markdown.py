"""Markdown for comments and job summaries: what is told, in which order, and that it fits."""

from __future__ import annotations

import pytest

from benchmarks.reports import many_findings
from driftcheck.difference import Counterexample, Location, Severity, Side
from driftcheck.finding import Skipped
from driftcheck.report import Layout, render
from driftcheck.report.markdown import COMMENT_LIMIT, MARKER, code, fenced, prose, utf16_units
from driftcheck.report.summary import SUMMARY_LIMIT
from tests.builders import finding, report
from tests.report.mixed import LAYOUT, mixed_report


def comment(*findings, layout=None, **given):
    return render(report(*findings, **given), "markdown", layout or Layout())


def test_the_marker_is_the_first_line():
    assert comment().splitlines()[0] == MARKER == "<!-- driftcheck-report -->"


def test_nothing_found_is_said_in_one_heading():
    text = comment()
    assert "## ✅ driftcheck api: no drift" in text
    assert "<details" not in text


def test_the_heading_follows_the_exit_status():
    assert "## ❌ driftcheck api: 1 breaking" in comment(finding())
    assert "## ✅ driftcheck api: 1 risky" in comment(finding(severity=Severity.RISKY))


def test_levels_come_in_order_whatever_the_order_of_the_findings():
    text = comment(*(finding(severity=level) for level in reversed(Severity)))
    assert text.index("Breaking (1)") < text.index("Risky (1)") < text.index("Info (1)")


def test_few_findings_are_unfolded_and_many_are_not():
    assert "<details open>" in comment(finding())
    assert "<details open>" not in comment(*(finding(cause=str(number)) for number in range(4)))


def test_the_proof_and_the_lines_of_the_files():
    text = render(mixed_report(), "markdown", LAYOUT)
    assert '```json\n{"email": "a@example.com"}\n```' in text
    assert "```sh\ncurl -X POST" in text
    assert "```diff\n- 10: email: {type: string}\n+ 10: user_email: {type: string}\n```" in text


def test_without_a_proof_there_is_no_block():
    assert "```" not in comment(finding())


def test_what_recordings_say():
    text = render(mixed_report(), "markdown", LAYOUT)
    assert "- used by web POST /orders \\(shop.har:12\\)" in text


def test_skipped_is_folded_and_counted():
    text = comment(skipped=tuple(Skipped(f"GET /{number}", "why") for number in range(25)))
    assert "<summary>25 checks skipped</summary>" in text
    assert "… and 5 more" in text


@pytest.mark.parametrize("count", [0, 1, 50, 5_000])
def test_a_comment_fits_and_counts_what_does_not(count):
    text = render(many_findings(count), "markdown", Layout())
    assert utf16_units(text) <= COMMENT_LIMIT
    shown = text.count("<details") - 1
    left = f"… and {count - shown:,} more"
    assert (left in text) == (shown < count)
    assert text.count("<details") == text.count("</details>")
    assert "(fails on: breaking)" in text


def test_a_summary_has_more_room():
    made = many_findings(5_000)
    comment, summary = render(made, "markdown", Layout()), render(made, "summary", Layout())
    assert len(comment.encode()) < len(summary.encode()) <= SUMMARY_LIMIT
    assert "more" in summary
    few = many_findings(20)
    assert render(few, "markdown", Layout()) == render(few, "summary", Layout())


def test_characters_beyond_the_first_plane_count_twice():
    assert utf16_units("a🎉") == 3


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("plain words, and more.", "plain words, and more."),
        ("items[].qty", "items\\[\\].qty"),
        ("<b>&amp;", "&lt;b&gt;&amp;amp;"),
        ("@you", "@&#8203;you"),
        ("#12", "\\#&#8203;12"),
        ("a | b", "a \\| b"),
        ("1. one", "1\\. one"),
        ("a 1. one", "a 1. one"),
        ("https://x", "https://&#8203;x"),
        ("www.x", "www&#8203;.x"),
        ("a@ b # c", "a@ b \\# c"),
    ],
)
def test_prose(text, shown):
    assert prose(text) == shown


@pytest.mark.parametrize(
    ("text", "shown"),
    [
        ("a", "`a`"),
        ("`a`", "`` `a` ``"),
        ("a``b", "```a``b```"),
        ("", "` `"),
        (" a", "`  a `"),
        ("a\nb", "`a\\nb`"),
    ],
)
def test_code(text, shown):
    assert code(text) == shown


def test_a_fence_is_longer_than_any_in_the_text():
    lines = list(fenced("a ```` b", "json"))
    assert lines[0] == "`````json"
    assert lines[2] == "`````"


def test_places_and_values():
    places = (Location(Side.EXPECTED, "old.yaml", 3), Location(Side.ACTUAL, "new.yaml", 5, 2))
    text = comment(finding(locations=places, message="shorter"))
    assert "- `old.yaml:3` → `new.yaml:5:2`" in text
    assert "- `50` → `20`" in text


def test_the_reason_of_a_counterexample():
    shown = Counterexample({"a": 1}, Side.EXPECTED, Side.ACTUAL, "it is too long")
    text = comment(finding(counterexample=shown))
    assert "the old version accepts this, the new version refuses it: it is too long" in text
