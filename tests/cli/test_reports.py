"""`--report KIND=FILE`: several reports of one run, from options and from the configuration."""

from __future__ import annotations

import json
import subprocess

import pytest

from driftcheck.cli import main, options, surroundings
from driftcheck.errors import DriftcheckError
from driftcheck.report import FORMATS

OLD = """\
openapi: 3.1.0
info: {title: t, version: '1'}
paths: {/a: {get: {responses: {'200': {description: d}}}}}
"""
NEW = "openapi: 3.1.0\ninfo: {title: t, version: '2'}\npaths: {}\n"


@pytest.fixture
def specs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "new.yaml").write_text(NEW)
    return tmp_path


def run(*arguments):
    return main(["api", "old.yaml", "new.yaml", *arguments])


def test_several_reports_of_one_run_beside_standard_output(specs, capsys):
    assert run("--report", "sarif=out.sarif", "--report", "html=out.html") == 1
    assert json.loads((specs / "out.sarif").read_text())["version"] == "2.1.0"
    assert (specs / "out.html").read_text().startswith("<!DOCTYPE html>")
    assert capsys.readouterr().out.endswith("(fails on: breaking)\n")


@pytest.mark.parametrize("kind", FORMATS)
def test_every_kind_can_be_written_and_is_what_format_prints(specs, kind, capsys):
    assert run("--report", f"{kind}=out", "--format", kind) == 1
    assert (specs / "out").read_text() == capsys.readouterr().out


def test_the_configuration_names_reports(specs):
    (specs / "driftcheck.toml").write_text('report = ["junit=out.xml"]\n')
    assert run() == 1
    assert "<testsuites" in (specs / "out.xml").read_text()


def test_options_stand_for_those_of_the_configuration(specs):
    (specs / "driftcheck.toml").write_text('report = ["junit=out.xml"]\n')
    assert run("--report", "gitlab=out.json") == 1
    assert (specs / "out.json").exists()
    assert not (specs / "out.xml").exists()


def test_a_name_may_have_an_equals_sign(specs):
    assert run("--report", "json=a=b.json") == 1
    assert (specs / "a=b.json").exists()


@pytest.mark.parametrize(
    ("report", "said"),
    [
        ("html", "must be KIND=FILE"),
        ("html=", "must be KIND=FILE"),
        ("pdf=a.pdf", "'pdf' is none of: text, json, html"),
        ("html=gone/a.html", "there is no directory gone"),
    ],
)
def test_a_mistake_is_told_before_the_work_begins(specs, report, said, capsys):
    (specs / "old.yaml").unlink()  # which would be told of, if it were looked at
    assert run("--report", report) == 2
    assert said in capsys.readouterr().err


def test_one_file_for_two_reports_is_a_mistake():
    with pytest.raises(DriftcheckError, match="the file of another report"):
        options.report_files(["html=a", "json=a"])
    assert options.report_files([]) == []


def test_colors_and_the_width_of_the_window_are_for_standard_output(specs):
    run("--report", "text=out.txt")
    assert "\x1b" not in (specs / "out.txt").read_text()


def test_the_text_shows_the_lines_of_files(specs, capsys):
    run()
    assert "3 - paths: {/a: {get:" in capsys.readouterr().out


def git(*arguments):
    identity = ["-c", "user.name=a", "-c", "user.email=a@example.com", "-c", "commit.gpgsign=false"]
    subprocess.run(["git", *identity, *arguments], check=True, capture_output=True)


@pytest.fixture
def repository(tmp_path, monkeypatch):
    """A repository with a service in a folder, which is the working directory; a.yaml was changed."""
    folder = tmp_path / "services" / "shop"
    folder.mkdir(parents=True)
    monkeypatch.chdir(folder)
    (folder / "a.yaml").write_text("one\r\ntwo\n")
    git("init", "-q", str(tmp_path))
    git("add", ".")
    git("commit", "-q", "-m", "a")
    (folder / "a.yaml").write_text("three\n")
    return tmp_path


def test_lines_of_files_on_disk_and_in_revisions(repository):
    lines = surroundings.sources()
    assert list(lines("a.yaml")) == ["three", ""]
    assert list(lines("HEAD:a.yaml")) == ["one", "two", ""]
    assert list(lines("HEAD:services/shop/a.yaml")) == ["one", "two", ""]


@pytest.mark.parametrize(
    "name",
    [
        "gone.yaml",
        "HEAD:gone.yaml",
        "nowhere:a.yaml",
        "https://h/a.yaml",
        "app:app",
        ".",
        "",
        "a\0b",
        "-x:a.yaml",
        "\ud800",
    ],
)
def test_what_cannot_be_had_has_no_lines(repository, name):
    assert surroundings.sources()(name) is None


def test_a_file_that_is_no_utf_8_has_lines_all_the_same(repository):
    (repository / "services" / "shop" / "b.yaml").write_bytes(b"\xef\xbb\xbfa\xff\nb")
    assert list(surroundings.sources()("b.yaml")) == ["a\ufffd", "b"]


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"\n",
        b"one",
        b"one\r\ntwo\n\nfour\r",
        b"\xef\xbb\xbf\xef\xbb\xbfa\n\xef\xbb\xbfb\n",
        b"cut \xf0\x9f\x98\nshort \xe2\x82\r\nalone \x80\xff\n",
        "".join(f"{'ä😀' * (n % 90)} {n}\n" for n in range(400)).encode(),
        b"x" * 2047 + b"\n" + b"y" * 2047 + b"\n\n" + b"z" * 5000,
        b"\n" * 5000,
    ],
)
def test_a_line_that_is_decoded_alone_is_the_one_among_all(content):
    lines = surroundings.DecodedLines(content)
    expected = content.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")
    assert list(lines) == expected
    assert [lines[index] for index in range(len(lines))] == expected
    for beyond in (-1, len(expected)):
        with pytest.raises(IndexError):
            lines[beyond]


def test_where_the_repository_begins(repository, monkeypatch):
    assert surroundings.below_root() == "services/shop"
    monkeypatch.chdir(repository)
    assert surroundings.below_root() == ""


def test_the_home_of_findings_without_a_file(repository):
    assert surroundings.home(None) == "pyproject.toml"
    own = repository / "services" / "shop" / "driftcheck.toml"
    own.write_text("")
    assert surroundings.home(None) == "driftcheck.toml"
    assert surroundings.home(own) == "driftcheck.toml"


def test_annotations_name_files_from_the_root(repository, capsys):
    (repository / "services" / "shop" / "a.yaml").write_text(OLD)
    (repository / "services" / "shop" / "b.yaml").write_text(NEW)
    assert main(["api", "a.yaml", "b.yaml", "--format", "github"]) == 1
    assert "::error file=services/shop/a.yaml,line=3" in capsys.readouterr().out
