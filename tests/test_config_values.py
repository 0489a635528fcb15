"""Options from TOML to values: what is taken, and what is refused with which words."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Literal

import pytest

from driftcheck.config import Config, Ignore
from driftcheck.config_values import did_you_mean, overlay, parse_ignore
from driftcheck.difference import Severity
from driftcheck.errors import DriftcheckError


@dataclass(frozen=True, slots=True)
class Inner:
    depth_limit: int = 3
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Outer:
    """Has each kind of annotation once, so that a new option needs no new code."""

    word: str = ""
    maybe: str | None = None
    share: float = 0.5
    loud: bool = False
    mode: Literal["slow", "fast"] = "slow"
    level: Severity | Literal["off"] = "off"
    levels: Mapping[str, Severity] = field(default_factory=dict)
    inner: Inner = field(default_factory=Inner)
    inners: tuple[Inner, ...] = ()


def read(table, base=None):
    return overlay(base or Outer(), table, "some.toml")


@pytest.mark.parametrize(
    ("table", "name", "value"),
    [
        ({"word": "a"}, "word", "a"),
        ({"maybe": "a"}, "maybe", "a"),
        ({"share": 0.25}, "share", 0.25),
        ({"share": 1}, "share", 1.0),
        ({"loud": True}, "loud", True),
        ({"mode": "fast"}, "mode", "fast"),
        ({"level": "risky"}, "level", Severity.RISKY),
        ({"level": "off"}, "level", "off"),
        ({"levels": {"a-b": "info"}}, "levels", {"a-b": Severity.INFO}),
        ({"inner": {"depth-limit": 7}}, "inner", Inner(depth_limit=7)),
        ({"inner": {"depth_limit": 7}}, "inner", Inner(depth_limit=7)),
        ({"inner": {"names": ["x", "y"]}}, "inner", Inner(names=("x", "y"))),
        ({"inners": [{"depth-limit": 1}, {}]}, "inners", (Inner(1), Inner())),
        ({}, "word", ""),
    ],
)
def test_a_value_of_each_kind_is_taken(table, name, value):
    assert getattr(read(table), name) == value


@pytest.mark.parametrize(
    ("table", "words"),
    [
        ({"wrod": "a"}, ["some.toml", "unknown option 'wrod'", "did you mean 'word'?"]),
        ({"inner": {"dept-limit": 1}}, ["'inner.dept-limit'", "did you mean 'depth-limit'?"]),
        ({"zzz": 1}, ["unknown option 'zzz'", "the options here are word, maybe, share"]),
        ({"word": 3}, ["word must be a string, not 3"]),
        ({"share": "much"}, ["share must be a number, not 'much'"]),
        ({"share": True}, ["share must be a number"]),
        ({"loud": "yes"}, ["loud must be true or false, not 'yes'"]),
        ({"loud": 1}, ["loud must be true or false, not 1"]),
        ({"mode": "fats"}, ["mode is 'fats'", "none of: slow, fast", "did you mean 'fast'?"]),
        ({"mode": 3}, ["mode is 3"]),
        ({"level": "Risky"}, ["level is 'Risky'", "breaking, risky, info, off"]),
        ({"levels": ["a"]}, ["levels must be a table"]),
        ({"levels": {"a": "bad"}}, ["levels.a is 'bad'"]),
        ({"inner": 3}, ["inner must be a table"]),
        ({"inner": {"depth-limit": True}}, ["inner.depth-limit must be an integer, not True"]),
        ({"inner": {"names": 3}}, ["inner.names must be an array, not 3"]),
        ({"inners": "x"}, ["inners must be an array, not 'x'"]),
        ({"inner": {"names": ["x", 1]}}, ["inner.names[1] must be a string"]),
        ({"inners": ["x"]}, ["inners[0] must be a table"]),
    ],
)
def test_everything_else_is_refused_by_name(table, words):
    with pytest.raises(DriftcheckError) as caught:
        read(table)
    for word in words:
        assert word in str(caught.value)


def test_one_text_is_an_array_of_it():
    assert read({"inner": {"names": "x"}}).inner.names == ("x",)
    assert read({"inner": {"names": ["x", "y"]}}).inner.names == ("x", "y")


def test_tables_are_merged_arrays_of_tables_grow_and_the_rest_is_replaced():
    base = Outer(levels={"a": Severity.INFO}, inner=Inner(1, ("x",)), inners=(Inner(1),), word="w")
    merged = read({"levels": {"b": "risky"}, "inner": {"names": ["y"]}, "inners": [{"depth-limit": 2}]}, base)
    assert merged == Outer(
        word="w",
        levels={"a": Severity.INFO, "b": Severity.RISKY},
        inner=Inner(1, ("y",)),
        inners=(Inner(1), Inner(2)),
    )


@pytest.mark.parametrize(
    ("text", "entry"),
    [
        ("response-removed", Ignore(rule="response-removed")),
        ("response-removed@GET /a*", Ignore(rule="response-removed", place="GET /a*")),
        ("response-*", Ignore(rule="response-*")),
        ("@GET /a", Ignore(rule="*", place="GET /a")),
        ("a-rule@x@y", Ignore(rule="a-rule", place="x@y")),
        ("0123456789abcdef", Ignore(fingerprint="0123456789abcdef")),
        ("0123456789abcde", Ignore(rule="0123456789abcde")),
        ("a-rule@x # as agreed", Ignore(rule="a-rule", place="x", reason="as agreed")),
        ("0123456789abcdef # why # so", Ignore(fingerprint="0123456789abcdef", reason="why # so")),
        ("a-rule@/a#b", Ignore(rule="a-rule", place="/a#b")),
    ],
)
def test_short_forms_of_ignore(text, entry):
    assert parse_ignore(text) == entry
    assert overlay(Config(), {"ignore": [text]}, "x").ignore == (entry,)


def test_an_ignore_table_keeps_its_reason():
    table = {"ignore": [{"rule": "a", "place": "b", "reason": "agreed"}]}
    assert overlay(Config(), table, "x").ignore == (Ignore(rule="a", place="b", reason="agreed"),)


def test_values_that_are_config_already_pass():
    assert overlay(Config(), {"ignore": (Ignore(rule="a"),)}, "x").ignore == (Ignore(rule="a"),)


def test_did_you_mean_says_nothing_when_nothing_is_close():
    assert did_you_mean("xyz", ["response-removed"]) == ""
    assert did_you_mean("response_removed", ["response-removed"]) == "did you mean 'response-removed'?"


@pytest.mark.parametrize("written", [date(2026, 12, 31), "2026-12-31"])
def test_the_end_of_an_ignore_is_a_day(written):
    table = {"ignore": [{"rule": "a", "until": written}]}
    assert overlay(Config(), table, "x").ignore == (Ignore(rule="a", until=date(2026, 12, 31)),)


@pytest.mark.parametrize("written", ["soon", "2026-13-01", 2026, datetime(2026, 12, 31), True, ""])
def test_what_is_no_day(written):
    with pytest.raises(DriftcheckError, match=r"ignore\[0\]\.until must be a date such as 2026-12-31"):
        overlay(Config(), {"ignore": [{"rule": "a", "until": written}]}, "x")


@pytest.mark.parametrize("key", ["written-in", "written_in"])
def test_what_is_no_option_cannot_be_written(key):
    with pytest.raises(DriftcheckError, match="unknown option"):
        overlay(Config(), {"ignore": [{"rule": "a", key: "x"}]}, "x")


def test_the_other_keys_of_a_job_are_its_options():
    table = {"check": {"jobs": [{"name": "a", "command": "db", "models": "m:B", "url-env": "X"}]}}
    (job,) = overlay(Config(), table, "x").check.jobs
    assert (job.name, job.command, job.options) == ("a", "db", {"models": "m:B", "url-env": "X"})
