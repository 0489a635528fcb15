"""Options: those of a report are the same in every command that has one, and join the configuration file."""

from __future__ import annotations

import inspect

import pytest

from driftcheck.cli import api, check, db, main, options, traffic

SHARED = {
    "format": "Format",
    "output": "Output",
    "report": "Reports",
    "fail_on": "FailingLevel",
    "protect": "Protected",
    "changelog": "Changelog",
    "severity": "Severities",
    "ignore": "Ignored",
    "baseline": "Baseline",
    "config": "ConfigFile",
    "no_color": "NoColor",
    "quiet": "Quiet",
    "verbose": "Verbose",
}


def annotations(command):
    return {name: each.annotation for name, each in inspect.signature(command).parameters.items()}


@pytest.mark.parametrize(
    "command",
    [api.command, check.command, db.command, traffic.check, traffic.replay],
    ids=["api", "check", "db", "traffic", "replay"],
)
def test_a_command_with_a_report_has_every_option_of_reports(command):
    assert {name: f"options.{alias}" for name, alias in SHARED.items()}.items() <= annotations(
        command
    ).items()


def test_every_option_of_reports_is_known_here():
    declared = {name for name, value in vars(options).items() if hasattr(value, "__metadata__")}
    assert declared == set(SHARED.values())


@pytest.mark.parametrize("value", ["", "Text", "text ", "pdf"])
def test_a_value_that_is_not_one_of_the_few_is_refused(value, capsys):
    assert main(["rules", "--format", value]) == 2
    assert f"{value!r} is not one of 'text', 'json'." in capsys.readouterr().err


def test_each_of_the_few_values_is_accepted(capsys):
    assert main(["rules", "--format", "text"]) == 0
    assert main(["rules", "--format=json"]) == 0


@pytest.mark.parametrize("values", [(), ("a", "b")])
def test_few_values_are_shown_in_help(values):
    assert options.one_of(values, "--x").metavar == f"[{'|'.join(values)}]"


def test_an_option_that_was_not_given_leaves_the_file_alone(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "driftcheck.toml").write_text(
        'fail-on = "never"\n[api]\nonly = ["GET *"]\nallow-remote-refs = true\n'
    )
    given = dict.fromkeys([*annotations(api.command), "config"])
    for nothing in (None, [], (), False):
        config = options.configured({**dict.fromkeys(given, nothing), "config": None}, "api")
        assert (config.fail_on, config.api.only, config.api.allow_remote_refs) == ("never", ("GET *",), True)


def test_zero_is_a_value_like_any_other(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "driftcheck.toml").write_text("[fuzz]\nseed = 7\n[api]\nmax-bytes = 9\n")
    config = options.configured({"config": None, "seed": 0}, "fuzz")
    assert config.fuzz.seed == 0
    assert options.configured({"config": None, "seed": None}, "fuzz").fuzz.seed == 7


def test_rules_are_offered_with_their_titles():
    offered = options.rules_beginning("request-b")
    assert offered
    assert all(name.startswith("request-b") and title for name, title in offered)
    assert options.rules_beginning("no-such") == []
