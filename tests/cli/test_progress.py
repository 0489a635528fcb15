"""The progress line: only in long runs, on terminals, outside CI."""

from __future__ import annotations

import io
import threading

import pytest

from driftcheck.cli import progress as module
from driftcheck.cli.progress import progress


class Screen(io.StringIO):
    """A stderr that says whether it is a terminal, and when something was written."""

    def __init__(self, terminal=True):
        super().__init__()
        self.terminal = terminal
        self.written = threading.Event()

    def isatty(self):
        return self.terminal

    def flush(self):
        self.written.set()


@pytest.fixture
def show_on(monkeypatch):
    """Puts a screen in the place of stderr; in the test itself, because pytest sets its own before each."""

    def put(patience, terminal=True):
        shown = Screen(terminal)
        monkeypatch.setattr("sys.stderr", shown)
        monkeypatch.setattr(module, "_PATIENCE", patience)
        return shown

    monkeypatch.delenv("CI", raising=False)
    return put


def crash(screen):
    with progress("comparing"):
        assert screen.written.wait(10)
        raise ValueError("oops")


def test_a_long_run_says_so_and_wipes_it_at_the_end(show_on):
    screen = show_on(0.001)
    with progress("comparing"):
        assert screen.written.wait(10)
    assert screen.getvalue().startswith("\rcomparing (")
    assert screen.getvalue().endswith("\r\x1b[K")


def test_a_short_run_says_nothing(show_on):
    screen = show_on(600)
    with progress("comparing"):
        pass
    assert screen.getvalue() == ""


def test_an_error_passes_and_the_line_is_wiped(show_on):
    screen = show_on(0.001)
    with pytest.raises(ValueError, match="oops"):
        crash(screen)
    assert screen.getvalue().endswith("\r\x1b[K")


@pytest.mark.parametrize("reason", ["pipe", "ci", "quiet"])
def test_nobody_to_tell(reason, show_on, monkeypatch):
    if reason == "ci":
        monkeypatch.setenv("CI", "true")
    screen = show_on(0.001, terminal=reason != "pipe")
    before = threading.active_count()
    with progress("comparing", quiet=reason == "quiet"):
        assert threading.active_count() == before
    assert screen.getvalue() == ""


def test_a_line_is_not_longer_than_the_terminal(show_on, monkeypatch):
    monkeypatch.setenv("COLUMNS", "20")
    screen = show_on(0.001)
    with progress("comparing a great many things"):
        assert screen.written.wait(10)
    line = screen.getvalue().split("\x1b[K")[0].removeprefix("\r")
    assert len(line) == 19
    assert line.startswith("comparing a")
    assert line.endswith(" s)")
