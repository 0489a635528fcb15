"""Inputs of the action, and the command lines that they mean."""

from __future__ import annotations

import pytest

from driftcheck.ci.inputs import arguments, is_on, name_from, read_inputs
from driftcheck.errors import DriftcheckError


def line(base="", reports=None, **given):
    inputs = read_inputs({f"INPUT_{name.upper()}": value for name, value in given.items()})
    return arguments(inputs, base, reports or {})


def test_nothing_given_is_the_whole_check():
    assert line() == ["check"]
    assert line(base="origin/main") == ["check", "--base=origin/main"]
    assert line(reports={"json": "/tmp/a b.json"}) == ["check", "--report=json=/tmp/a b.json"]


def test_a_description_is_compared_with_itself_or_with_another():
    assert line("abc", command="api", spec="openapi.yaml") == [
        "api",
        "--",
        "abc:openapi.yaml",
        "openapi.yaml",
    ]
    both = line("abc", command="api", spec="new.yaml", base_spec="old.yaml")
    assert both == ["api", "--", "old.yaml", "new.yaml"]
    hostile = line("abc", command="api", spec="--output=x", base_spec="-h")
    assert hostile == ["api", "--", "-h", "--output=x"]


def test_recordings_are_lines():
    assert line(command="traffic", recordings="a b.har\n\n  *.har \n", spec="o.yaml") == [
        "traffic", "check", "--spec=o.yaml", "--", "a b.har", "*.har",
    ]  # fmt: skip
    assert line("c", command="api", spec="o.yaml", recordings="r")[:2] == ["api", "--traffic=r"]


def test_databases_are_given_by_the_name_of_a_variable():
    assert line(command="db", database_url="postgresql://a:b@c/d") == ["db", "--url-env=DATABASE_URL"]
    assert line("abc", database_url="postgresql://a:b@c/d") == ["check", "--base=abc"]
    assert line(command="db") == ["db"]


def test_more_arguments_are_split_and_never_run():
    assert line(extra_args="--changelog 'a b' $(x) `y` ~ *.yaml\n-q") == [
        "check", "--changelog", "a b", "$(x)", "`y`", "~", "*.yaml", "-q",
    ]  # fmt: skip


def test_options_that_every_command_has():
    expected = ["migrations", "--base=abc", "--config=c.toml", "--fail-on=never"]
    assert line("abc", command="migrations", config="c.toml", fail_on="never") == expected


@pytest.mark.parametrize(
    ("given", "word"),
    [
        ({"command": "rm"}, "command"),
        ({"fail_on": "warning"}, "fail-on"),
        ({"spec": "a.yaml"}, "spec"),
        ({"command": "db", "recordings": "a"}, "recordings"),
        ({"command": "traffic", "recordings": "a", "base_spec": "b"}, "base-spec"),
        ({"command": "traffic"}, "recordings"),
        ({"command": "api"}, "spec"),
        ({"extra_args": '"'}, "extra-args"),
        ({"working_directory": "/nowhere"}, "working-directory"),
        ({"annotations": "1"}, "annotations"),
    ],
)
def test_what_cannot_be_meant_is_said(given, word):
    with pytest.raises(DriftcheckError, match=rf"\b{word}\b"):
        line(**given)


@pytest.mark.parametrize(("text", "on"), [("true", True), ("false", False)])
def test_switches(text, on):
    assert is_on("summary", text) is on


@pytest.mark.parametrize("name", ["", "orders", "services/orders v2.1", "a-b_c", "A" * 60])
def test_names(name):
    assert name_from(name) == name


@pytest.mark.parametrize("name", ["-->", "a--b", "a\nb", "<b>", "@all", " a", "a-", "A" * 61, "\u202ea"])
def test_names_that_would_be_markup(name):
    with pytest.raises(DriftcheckError):
        name_from(name)
