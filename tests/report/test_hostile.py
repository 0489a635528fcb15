"""Every nasty name, in every field, through every reporter, as real parsers of each format see it."""

from __future__ import annotations

import json
import re
from xml.etree import ElementTree

import cmarkgfm
import html5lib
import pytest
from cmarkgfm.cmark import Options
from junitparser import JUnitXml

from driftcheck.report import FORMATS, render
from driftcheck.report.markdown import COMMENT_LIMIT, MARKER, utf16_units
from driftcheck.report.summary import SUMMARY_LIMIT
from tests.report.hostile import NAMES, hostile_layout, hostile_report
from tests.report.workflow_commands import commands

EVERY_NAME = pytest.mark.parametrize("name", NAMES.values(), ids=list(NAMES))
LINES = [*map(chr, range(0x20)), "\x85", "\u2028", "\u2029"]


def written(name, kind, **layout):
    return render(hostile_report(name), kind, hostile_layout(name, **layout))


@EVERY_NAME
@pytest.mark.parametrize("kind", FORMATS)
def test_every_report_can_be_written_as_utf_8_and_is_pure(name, kind):
    text = written(name, kind, verbosity=1)
    assert text.endswith("\n")
    assert text.encode("utf-8")
    assert text == written(name, kind, verbosity=1)


@EVERY_NAME
@pytest.mark.parametrize("kind", sorted(set(FORMATS) - {"json"}))
def test_what_does_not_print_is_in_no_report_but_json(name, kind):
    text = written(name, kind)
    script_and_style = re.compile(r"<(script|style)>.*?</\1>", re.DOTALL)
    for line in script_and_style.sub("", text).split("\n"):
        assert all(character.isprintable() or character == "\u00a0" for character in line.strip("\t"))


@EVERY_NAME
def test_a_log_of_the_text_report_holds_no_command(name):
    for verbosity in (-1, 0, 1):
        assert commands(written(name, "text", verbosity=verbosity)) == []


@EVERY_NAME
def test_annotations_are_the_only_commands_and_stay_whole(name):
    found = commands(written(name, "github"))
    assert [each.name for each in found] == ["error"] * 3 + ["warning", "notice"]
    for each in found:
        assert set(each.properties) <= {"file", "line", "col", "title"}
        assert each.properties.get("line", "1").isdigit()
    assert all(each.data.startswith("field ") for each in found)


@EVERY_NAME
@pytest.mark.parametrize("kind", ["json", "sarif", "gitlab"])
def test_json_is_json(name, kind):
    found = json.loads(written(name, kind))
    if kind == "json":
        assert found["findings"][1]["object"] == name
        assert found["expected"] == name
    if kind == "gitlab":
        assert len({issue["fingerprint"] for issue in found}) == len(found) == 5


@EVERY_NAME
def test_sarif_stands_in_the_repository_and_keeps_its_limits(name):
    (run,) = json.loads(written(name, "sarif"))["runs"]
    for result in run["results"]:
        for location in (*result["locations"], *result.get("relatedLocations", ())):
            uri = location["physicalLocation"]["artifactLocation"]["uri"]
            assert re.fullmatch(r"[A-Za-z0-9._~/%!$&'()*+,;=@-]+", uri)
            assert not uri.startswith(("/", "../"))
        text = result["message"]["text"]
        assert not re.search(r"(?<!\\)\[[^\]]*\]\(", text)
        assert not re.search(r"(?<!\{)\{\d+\}(?!\})", text)
        assert len(text) < 30_000


@EVERY_NAME
def test_junit_is_xml_and_names_are_unique(name):
    text = written(name, "junit")
    root = ElementTree.fromstring(text.encode())
    names = [(case.get("classname"), case.get("name")) for case in root.iter("testcase")]
    assert len(set(names)) == len(names) == 8
    assert {element.tag for element in root.iter()} <= {
        "testsuites", "testsuite", "testcase", "failure", "skipped", "system-out",
    }  # fmt: skip
    assert sum(suite.tests for suite in JUnitXml.fromstring(text.encode())) == 8


MARKUP = {
    "html", "head", "body", "h2", "h3", "p", "details", "summary", "code", "ul", "li", "pre", "sub",
}  # fmt: skip


@EVERY_NAME
@pytest.mark.parametrize("kind", ["markdown", "summary"])
def test_markdown_is_only_what_we_wrote(name, kind):
    text = written(name, kind)
    page = rendered(text)
    for element in page.iter():
        if not isinstance(element.tag, str):  # a comment
            assert element.text.strip() == MARKER[4:-3].strip()
            continue
        assert element.tag in MARKUP
        assert set(element.attrib) <= {"open", "lang"}
    assert text.startswith(MARKER)
    assert len(page.findall(".//details")) == 5 + 1
    assert [each.text for each in page.iter("h3")] == ["🔴 Breaking (3)", "🟡 Risky (1)", "🔵 Info (1)"]


@EVERY_NAME
def test_nobody_and_nothing_is_mentioned_in_markdown(name):
    for text in _running_text(rendered(written(name, "markdown"))):
        assert not re.search(r"[@#]\w", text)
        assert not re.search(r"://[^\s\u200b]", text)
        assert not re.search(r"www\.\w", text)
        assert not re.search(r"\bGH-\d", text)
        assert not re.search(r":\w+:", text)


def rendered(markdown):
    """GitHub's own renderer, with its extensions and raw HTML, and then a browser's parser."""
    return html5lib.parse(
        cmarkgfm.github_flavored_markdown_to_html(markdown, options=Options.CMARK_OPT_UNSAFE),
        namespaceHTMLElements=False,
    )


def _running_text(element):
    """The text in which GitHub looks for references: all but code."""
    if isinstance(element.tag, str) and element.tag not in ("code", "pre"):
        yield element.text or ""
        for child in element:
            yield from _running_text(child)
    yield element.tail or ""


@EVERY_NAME
def test_markdown_shows_the_name_as_it_is_written(name):
    shown = "".join(rendered(written(name, "markdown")).itertext()).replace("\u200b", "")
    from driftcheck.report.escape import printable
    from driftcheck.report.wording import cut

    message = " ".join(printable(cut(f"field {name} was renamed to {name}", 600)).split())
    assert message in " ".join(shown.split())


@EVERY_NAME
def test_the_page_is_html_without_a_mistake_and_only_what_we_wrote(name):
    text = written(name, "html")
    parser = html5lib.HTMLParser(strict=True, namespaceHTMLElements=False)
    page = parser.parse(text)
    assert len(page.findall(".//script")) == 1
    assert len(page.findall(".//style")) == 1
    assert not page.findall(".//img")
    for element in page.iter():
        for attribute, value in element.attrib.items():
            if isinstance(attribute, str):
                assert not attribute.startswith("on")
                assert attribute != "style"
            assert not str(value).strip().lower().startswith(("javascript:", "http:", "//"))
    ids = [element.get("id") for element in page.iter() if element.get("id")]
    assert len(set(ids)) == len(ids)
    links = {element.get("href") for element in page.iter("a")}
    assert {link[1:] for link in links} <= set(ids)


@pytest.mark.parametrize("kind", ["markdown", "summary"])
def test_many_hostile_findings_keep_the_limits(kind):
    from dataclasses import replace

    one = hostile_report("`<!--" * 1_000 + "🎉" * 3_000)
    many = replace(one, findings=one.findings * 2_000, skipped=one.skipped * 500)
    text = render(many, kind, hostile_layout("x"))
    size, limit = (
        (utf16_units(text), COMMENT_LIMIT) if kind == "markdown" else (len(text.encode()), SUMMARY_LIMIT)
    )
    assert size <= limit
    assert "more" in text
    assert text.count("<details") == text.count("</details>")
