"""What a terminal or a runner of workflows could take for a command is told as text."""

from __future__ import annotations

import pytest

from driftcheck.report.escape import printable, tame


@pytest.mark.parametrize(
    ("line", "safe"),
    [
        ("::error::x", "\\x3a:error::x"),
        ("   ::error::x", "   \\x3a:error::x"),
        ("\t::set-output name=a::b", "\t\\x3a:set-output name=a::b"),
        ("a ##[error]b", "a \\x23#[error]b"),
        ("##[group]b", "\\x23#[group]b"),
        ("##vso[task.setvariable]", "\\x23#vso[task.setvariable]"),
        ("##teamcity[buildStatus]", "\\x23#teamcity[buildStatus]"),
        ("##[a]##[b]", "\\x23#[a]\\x23#[b]"),
        ("::::", "\\x3a:::"),
    ],
)
def test_commands_are_tamed(line, safe):
    assert tame(line) == safe


@pytest.mark.parametrize(
    "line", ["", "a::b", "a: b", ":", "# title", "## title", "a ## b", "[x]", "std::string"]
)
def test_what_is_no_command_stays(line):
    assert tame(line) == line


@pytest.mark.parametrize("text", ["ordinary", "größe 大小", "a\u00a0b", "", "emoji 🎉"])
def test_what_prints_stays(text):
    assert printable(text) == text


@pytest.mark.parametrize("text", ["\x1b[31m", "a\nb", "\u202e", "\ud800", "\x00", "\ufffe", "\x9b"])
def test_what_does_not_print_is_a_code(text):
    assert printable(text).isprintable()
