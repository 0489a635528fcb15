"""Where reports go: files are written whole or not at all, and keep their permissions."""

from __future__ import annotations

import os
import stat
from pathlib import Path

import pytest

from driftcheck.cli.options import layout_of
from driftcheck.cli.output import deliver, write_file
from driftcheck.errors import DriftcheckError
from tests.builders import finding, report

GIVEN = {"format": "text", "output": None, "no_color": False, "quiet": 0, "verbose": 0}


def test_the_report_is_on_stdout_and_nothing_is_on_stderr(capsys):
    assert deliver(report(finding()), GIVEN) == 1
    shown = capsys.readouterr()
    assert shown.out.endswith("(fails on: breaking)\n")
    assert shown.err == ""


def test_with_a_file_stdout_stays_empty(tmp_path, capsys):
    path = tmp_path / "report.json"
    assert deliver(report(), {**GIVEN, "format": "json", "output": path}) == 0
    assert path.read_text("utf-8").startswith('{\n  "driftcheck"')
    assert capsys.readouterr().out == ""


def test_lone_surrogates_do_not_stop_the_report(capsys):
    deliver(report(expected="\ud800"), GIVEN)
    assert "\\ud800" in capsys.readouterr().out


def test_a_new_file_gets_the_permissions_of_any_new_file(tmp_path):
    write_file(tmp_path / "a", "x")
    (tmp_path / "b").write_text("x")
    assert (tmp_path / "a").stat().st_mode == (tmp_path / "b").stat().st_mode


def test_an_old_file_keeps_its_permissions_and_nothing_else_is_left(tmp_path):
    path = tmp_path / "a"
    path.write_text("old")
    path.chmod(0o640)
    write_file(path, "new")
    assert path.read_text() == "new"
    assert stat.S_IMODE(path.stat().st_mode) == 0o640
    assert os.listdir(tmp_path) == ["a"]


def test_a_link_stays_a_link(tmp_path):
    (tmp_path / "real").write_text("old")
    (tmp_path / "link").symlink_to("real")
    write_file(tmp_path / "link", "new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_text() == "new"


def test_a_failed_write_leaves_the_old_file(tmp_path, monkeypatch):
    def fail(*arguments):
        raise OSError(28, "No space left on device")

    path = tmp_path / "a"
    path.write_text("old")
    monkeypatch.setattr(os, "replace", fail)
    with pytest.raises(DriftcheckError, match="No space left"):
        write_file(path, "new")
    assert path.read_text() == "old"
    assert os.listdir(tmp_path) == ["a"]


def test_what_is_no_file_is_written_to_directly():
    write_file(Path(os.devnull), "x")
    assert not stat.S_ISREG(os.stat(os.devnull).st_mode)


@pytest.mark.parametrize("place", ["missing/report.txt", "."])
def test_a_place_that_cannot_be_written_is_said(tmp_path, place):
    with pytest.raises(DriftcheckError, match="the report cannot be written to"):
        write_file(tmp_path / place, "x")


class Terminal:
    def __init__(self, terminal):
        self.terminal = terminal

    def isatty(self):
        return self.terminal


@pytest.mark.parametrize(
    ("terminal", "given", "environment", "color"),
    [
        (True, {}, {}, True),
        (False, {}, {}, False),
        (True, {"no_color": True}, {}, False),
        (True, {}, {"NO_COLOR": "1"}, False),
        (True, {}, {"NO_COLOR": ""}, True),
        (True, {}, {"TERM": "dumb"}, False),
        (True, {"output": "report.txt"}, {}, False),
    ],
)
def test_colors_are_for_terminals(terminal, given, environment, color, monkeypatch):
    monkeypatch.delenv("NO_COLOR", raising=False)
    monkeypatch.setenv("TERM", "xterm")
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    monkeypatch.setattr("sys.stdout", Terminal(terminal))
    assert layout_of({**GIVEN, **given}).color is color


def test_reports_in_pipes_are_80_columns_wide(monkeypatch):
    monkeypatch.setenv("COLUMNS", "200")
    monkeypatch.setattr("sys.stdout", Terminal(False))
    assert layout_of(GIVEN).width == 80
    monkeypatch.setattr("sys.stdout", Terminal(True))
    assert layout_of(GIVEN).width == 120


@pytest.mark.parametrize(("quiet", "verbose", "verbosity"), [(0, 0, 0), (1, 0, -1), (0, 1, 1), (1, 1, 0)])
def test_verbosity(quiet, verbose, verbosity):
    assert layout_of({**GIVEN, "quiet": quiet, "verbose": verbose}).verbosity == verbosity
