"""Commands to the runner and its files: hostile text stays text."""

from __future__ import annotations

import pytest

from driftcheck.ci import messages, workflow
from driftcheck.report.markdown import MARKER
from tests.ci.runner import _heard, _pairs


def test_an_annotation_is_one_line(capsysbinary):
    workflow.annotate("error", "100%\r\n::error::injected")
    said = capsysbinary.readouterr().out.decode()
    assert said == "::error title=driftcheck::100%25%0D%0A::error::injected\n"
    assert [name for name, *_ in _heard(said)] == ["error"]


def test_secrets_of_several_lines_are_masked_line_by_line(capsysbinary):
    workflow.mask("a%b\n\n  c\r\n")
    assert capsysbinary.readouterr().out.decode() == "::add-mask::a%25b\n::add-mask::c\n"
    workflow.mask("")
    assert capsysbinary.readouterr().out == b""


def test_nothing_is_heard_in_between(capsys):
    with workflow.deaf():
        print("::error::injected\n::set-env name=PATH::x\n::x::")
    workflow.annotate("notice", "heard")
    assert [name for name, *_ in _heard(capsys.readouterr().out)] == ["notice"]


@pytest.mark.parametrize("value", ["", "a", "a\nresult=pass\n", "EOF\nx<<EOF\ny\nEOF", "=", "a<<b"])
def test_an_output_cannot_bring_another(tmp_path, value):
    file = tmp_path / "output"
    workflow.set_outputs({"GITHUB_OUTPUT": str(file)}, {"one": value, "two": "2"})
    assert dict(_pairs(file.read_text("utf-8"))) == {"one": value, "two": "2"}


def test_a_summary_is_cut_at_a_line(tmp_path):
    file = tmp_path / "summary"
    environ = {"GITHUB_STEP_SUMMARY": str(file)}
    workflow.add_summary(environ, "first")
    assert file.read_text("utf-8") == "first\n"
    workflow.add_summary(environ, "ü 100\n" * 200_000)
    content = file.read_bytes()
    assert workflow.SUMMARY_LIMIT - 1000 < len(content) < workflow.SUMMARY_LIMIT + 100
    assert content.decode("utf-8").endswith("ü 100\n\n(cut: the report is too long)\n\n")
    workflow.add_summary(environ, "more" * 1000)
    assert file.stat().st_size < workflow.SUMMARY_LIMIT + 300


def test_the_runner_hears_again_after_a_failure(capsys):
    with pytest.raises(KeyError), workflow.deaf():
        raise KeyError
    assert list(_heard(capsys.readouterr().out)) == []


def test_without_a_summary_there_is_none():
    workflow.add_summary({}, "text")


def test_names_in_reports():
    report = f"{MARKER}\n## heading\n\nrest\n"
    assert messages.titled(report, "") == report
    assert (
        messages.titled(report, "orders")
        == "<!-- driftcheck-report: orders -->\n## heading · orders\n\nrest\n"
    )
    assert messages.titled("no report", "orders") == "no report"


def test_what_went_wrong_is_code():
    text = messages.broken("</details> ```\n# heading @all\x1b[31m")
    lines = text.split("\n")
    assert lines[0] == MARKER
    assert "````" in lines
    assert "\x1b" not in text
    assert "without a word" in messages.broken(" ")
    assert len(messages.broken("x" * 1_000_000)) < 10_000
