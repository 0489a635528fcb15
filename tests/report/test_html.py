"""The HTML report as a document: one file that loads nothing, with everything that is known of a finding."""

from __future__ import annotations

import re
from base64 import b64encode
from hashlib import sha256

import html5lib
import pytest

from benchmarks.reports import many_findings
from driftcheck.difference import Change, Location, Side
from driftcheck.finding import Skipped
from driftcheck.report import Layout, render
from driftcheck.report.markup import both_values
from tests.builders import finding, report
from tests.report.mixed import LAYOUT, mixed_report


def page(*findings, layout=None, **given):
    return html5lib.parse(
        render(report(*findings, **given), "html", layout or Layout()), namespaceHTMLElements=False
    )


def said(element):
    return " ".join("".join(element.itertext()).split())


@pytest.fixture(scope="module")
def mixed():
    return html5lib.parse(render(mixed_report(), "html", LAYOUT), namespaceHTMLElements=False)


def test_only_its_own_style_and_script_are_let_in(mixed):
    (policy,) = (each.get("content") for each in mixed.iter("meta") if each.get("http-equiv"))
    for tag, directive in (("style", "style-src"), ("script", "script-src")):
        (element,) = mixed.iter(tag)
        digest = b64encode(sha256(element.text.encode()).digest()).decode()
        assert f"{directive} 'sha256-{digest}'" in policy
    assert policy.startswith("default-src 'none'")
    assert "unsafe" not in policy


def test_nothing_is_loaded(mixed):
    for element in mixed.iter():
        assert element.tag not in ("img", "iframe", "object", "embed", "base", "form")
        assert element.get("src") is None
        if element.get("href"):
            assert re.match(r"#|data:,$", element.get("href"))
    assert "url(" not in next(mixed.iter("style")).text.replace("url(#tip)", "")
    assert not re.search(r"fetch|XMLHttp|import\(|innerHTML|eval", next(mixed.iter("script")).text)


def test_every_finding_with_its_level_and_area(mixed):
    found = [each for each in mixed.iter("details") if each.get("class") == "finding"]
    assert len(found) == len(mixed_report().findings)
    assert {each.get("data-area") for each in found} == {"api", "database", "migrations", "traffic"}
    assert {each.get("data-level") for each in found} == {"breaking", "risky", "info"}


def test_things_of_one_table_are_one_group(mixed):
    titles = [said(each.find("span")) for each in mixed.iter("h3")]
    assert titles.count("orders") == 1
    assert "Component NewOrder" in titles


def test_both_sides_with_their_lines(mixed):
    first = next(each for each in mixed.iter("details") if each.get("class") == "finding")
    expected, actual = (each for each in first.iter("div") if (each.get("class") or "").startswith("side "))
    assert said(expected) == "The old version main:openapi.yaml:10:9 10 email: {type: string}"
    assert [mark.text for mark in actual.iter("mark")] == ["user_email"]


def test_rules_are_told_once_and_linked():
    rule = "request-property-renamed"
    tree = page(finding(rule=rule), finding(rule=rule, cause="b"))
    assert [each.get("id") for each in tree.iter("dt")] == [f"rule-{rule}"]
    assert sum(each.get("href") == f"#rule-{rule}" for each in tree.iter("a")) == 2


def test_equal_fingerprints_get_ids_of_their_own():
    tree = page(finding(), finding(change=Change.EXTRA))
    ids = [each.get("id") for each in tree.iter("details")]
    assert len(set(ids)) == len(ids)


def test_nothing_found_is_said_and_needs_no_tools():
    tree = page()
    assert "No drift found" in said(tree.find(".//main"))
    assert not list(tree.iter("input"))
    assert not list(tree.iter("svg"))


def test_what_was_not_checked_is_listed():
    assert "GET /a" in said(page(skipped=(Skipped("GET /a", "why"),)).find(".//dl"))


def test_areas_can_be_chosen_only_where_there_are_several(mixed):
    def toggles(tree):
        return [each.get("value") for each in tree.iter("button") if "toggle" in (each.get("class") or "")]

    assert toggles(mixed) == ["breaking", "risky", "info", "api", "database", "migrations", "traffic"]
    assert toggles(page(finding())) == ["breaking"]


def test_more_than_five_thousand_findings_are_counted():
    text = render(many_findings(5_010), "html", Layout())
    assert text.count('class="finding"') == 5_000
    assert "… and 10 more" in text


def test_a_file_that_is_gone_leaves_its_name():
    tree = page(finding(locations=(Location(Side.ACTUAL, "gone.yaml", 3, 1),)))
    assert "gone.yaml:3:1" in said(tree)


@pytest.mark.parametrize(
    ("expected", "actual", "before", "after"),
    [
        (1, 2, "<del>1</del>", "<ins>2</ins>"),
        (["a", "b"], ["a"], "[\n  &quot;a&quot;,\n  <del>&quot;b&quot;</del>\n]", "[\n  &quot;a&quot;\n]"),
        (None, "x", "", "&quot;x&quot;"),
        ("x", None, "&quot;x&quot;", ""),
        ({"a": 1}, {"a": 1}, "{\n  &quot;a&quot;: 1\n}", "{\n  &quot;a&quot;: 1\n}"),
    ],
)
def test_values_mark_what_the_other_has_not(expected, actual, before, after):
    assert both_values(expected, actual) == (before, after)
