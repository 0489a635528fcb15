"""The command line as a whole: exit statuses, refusals, and what is written where."""

from __future__ import annotations

import json
import os
import subprocess
import sys

import pytest
import typer

from driftcheck._version import VERSION
from driftcheck.catalogue import all_rules
from driftcheck.cli import app, main
from driftcheck.errors import DriftcheckError
from driftcheck.report.schema import schema_text


def run(*arguments, **given):
    command = [sys.executable, "-m", "driftcheck", *arguments]
    return subprocess.run(command, capture_output=True, text=True, check=False, **given)


def test_version(capsys):
    assert main(["--version"]) == 0
    assert capsys.readouterr().out == f"driftcheck {VERSION}\n"


def test_version_after_other_options(capsys):
    assert main(["--version", "api"]) == 0
    assert capsys.readouterr().out == f"driftcheck {VERSION}\n"


def test_help_lists_every_command(capsys):
    assert main(["--help"]) == 0
    shown = capsys.readouterr().out
    for name in app.COMMANDS:
        assert f"\n  {name} " in shown


def test_the_commands_are_listed_in_their_order(capsys):
    assert set(app.COMMANDS) == set(typer.main.get_command(app.command_line()).commands)
    main(["--help"])
    listed = capsys.readouterr().out.split("Commands:\n")[1].split("\n\n")[0].splitlines()
    assert [line.split()[0] for line in listed] == list(app.COMMANDS)


@pytest.mark.parametrize("name", app.COMMANDS)
def test_every_command_has_help(name, capsys):
    assert main([name, "--help"]) == 0
    assert capsys.readouterr().out.startswith(f"Usage: driftcheck {name}")


@pytest.mark.parametrize(
    ("arguments", "words"),
    [
        ([], "Usage: driftcheck"),
        (["aip"], "No such command 'aip': did you mean 'api'?"),
        (["zzzz"], "No such command 'zzzz'."),
        (["--nope"], "No such option"),
        (["api"], "Missing argument"),
        (["api", "a"], "Missing argument"),
        (["api", "a", "b", "c"], "unexpected extra argument"),
        (["api", "a", "b", "--fail-on", "error"], "'error' is not one of"),
        (["api", "a", "b", "--format", "pdf"], "'pdf' is not one of"),
        (["api", "a", "b", "--validate", "some"], "'some' is not one of"),
        (["api", "a", "b", "--severity", "x"], "must be RULE=LEVEL"),
        (["api", "a", "b", "--severity", "no-such-rule=info"], "there is no rule 'no-such-rule'"),
        (["api", "a", "b", "--ignore", "no-such-rule"], "there is no rule 'no-such-rule'"),
        (["api", "a", "b", "--config", "gone.toml"], "gone.toml cannot be read"),
        (["rules", "--format", "xml"], "'xml' is not one of"),
        (["explain"], "Missing argument"),
        (["explain", "no-such-rule"], "there is no rule 'no-such-rule'"),
        (["completion", "tcsh"], "'tcsh' is not one of"),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_a_bad_command_line_is_status_2_and_said_on_stderr(arguments, words, capsys):
    assert main(arguments) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert "Traceback" not in shown.err


def test_a_refusal_is_a_sentence_and_a_hint(monkeypatch, capsys):
    def refuse(*arguments, **given):
        raise DriftcheckError("It \x1b[31mcannot be.", "Try that.")

    monkeypatch.setattr("driftcheck.catalogue.all_rules", refuse)
    assert main(["rules"]) == 2
    assert capsys.readouterr().err == "driftcheck: It \\x1b[31mcannot be.\n  hint: Try that.\n"


def test_the_end_of_an_input_that_somebody_asks_for_is_no_finding(monkeypatch, capsys):
    def ask(*arguments, **given):
        raise EOFError

    monkeypatch.setattr("driftcheck.catalogue.all_rules", ask)
    assert main(["rules"]) == 130
    assert capsys.readouterr().err == "\ndriftcheck: interrupted\n"


def test_ctrl_c_is_status_130(monkeypatch, capsys):
    def interrupt(*arguments, **given):
        raise KeyboardInterrupt

    monkeypatch.setattr("driftcheck.catalogue.all_rules", interrupt)
    assert main(["rules"]) == 130
    assert capsys.readouterr().err == "driftcheck: interrupted\n"


def test_a_bug_is_status_2_with_its_traceback(monkeypatch, capsys):
    def crash(*arguments, **given):
        raise RuntimeError("oops")

    monkeypatch.setattr("driftcheck.catalogue.all_rules", crash)
    assert main(["rules"]) == 2
    shown = capsys.readouterr().err
    assert "RuntimeError: oops" in shown
    assert shown.endswith("driftcheck: this is a bug in driftcheck, please report it with the lines above\n")


@pytest.mark.parametrize(
    "arguments", [["--help"], ["api", "--help"], ["rules"], ["explain", "server-removed"]]
)
def test_a_full_disk_is_said_in_a_sentence(arguments):
    if not os.path.exists("/dev/full"):
        pytest.skip("needs /dev/full")
    with open("/dev/full", "w") as full:
        done = subprocess.run(
            [sys.executable, "-m", "driftcheck", *arguments],
            stdout=full, stderr=subprocess.PIPE, text=True, check=False,
        )  # fmt: skip
    assert done.returncode == 2
    assert done.stderr == f"driftcheck: the output cannot be written: {os.strerror(28)}\n"


def test_other_failures_of_files_are_bugs(monkeypatch, capsys):
    def fail(*_args, **_given):
        raise OSError(13, "Permission denied")

    monkeypatch.setattr("driftcheck.catalogue.all_rules", fail)
    assert main(["rules"]) == 2
    assert "this is a bug" in capsys.readouterr().err


def test_python_m_driftcheck_is_the_command():
    done = run("--version")
    assert (done.returncode, done.stdout) == (0, f"driftcheck {VERSION}\n")


@pytest.mark.skipif(os.name == "nt", reason="there is no SIGPIPE on Windows")
def test_a_reader_that_has_had_enough_is_no_failure():
    command = f"{sys.executable} -m driftcheck rules | true; echo ${{PIPESTATUS[0]}}"
    done = subprocess.run(["bash", "-c", command], capture_output=True, text=True, check=True)
    assert (done.stdout, done.stderr) == ("0\n", "")


def test_report_schema_prints_the_schema(capsys):
    assert main(["report-schema"]) == 0
    shown = capsys.readouterr().out
    assert shown == schema_text()
    assert json.loads(shown)["title"] == "driftcheck report"


def test_rules_lists_all_of_them(capsys):
    assert main(["rules"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert [line.split()[1] for line in lines[:-2]] == [rule.id for rule in all_rules()]
    assert lines[-1] == f"{len(all_rules())} rules. More on one: driftcheck explain RULE"


def test_rules_as_json_says_all_that_is_declared(capsys):
    assert main(["rules", "--format", "json"]) == 0
    listed = json.loads(capsys.readouterr().out)
    assert [entry["id"] for entry in listed] == [rule.id for rule in all_rules()]
    for entry in listed:
        assert entry["title"]
        assert entry["severity"] in ("breaking", "risky", "info")
        assert entry["bad"]["expected"] != entry["bad"]["actual"]


def test_explain_says_all_that_is_declared(capsys):
    rule = all_rules()[0]
    assert main(["explain", rule.id]) == 0
    shown = " ".join(capsys.readouterr().out.split())
    for text in (rule.id, rule.title, rule.why, rule.fix, rule.bad.actual, rule.good.actual, rule.since):
        assert " ".join(text.split()) in shown


def test_explain_suggests_the_rule_that_was_meant(capsys):
    rule = all_rules()[0].id
    assert main(["explain", f"{rule}x"]) == 2
    assert "did you mean" in capsys.readouterr().err


@pytest.mark.parametrize("shell", ["bash", "zsh", "fish"])
def test_completion_scripts(shell):
    done = run("completion", shell)
    assert (done.returncode, done.stderr) == (0, "")
    shown = done.stdout
    assert f"_DRIFTCHECK_COMPLETE=complete_{shell}" in shown


def completions(words):
    environment = {
        **os.environ,
        "_DRIFTCHECK_COMPLETE": "complete_bash",
        "COMP_WORDS": words,
        "COMP_CWORD": str(len(words.split(" ")) - 1),
    }
    return run(env=environment).stdout.splitlines()


@pytest.mark.parametrize(
    ("words", "offered"),
    [
        ("driftcheck ", "api"),
        ("driftcheck ex", "explain"),
        ("driftcheck api --fail", "--fail-on"),
        ("driftcheck api --fail-on r", "risky"),
        ("driftcheck completion f", "fish"),
    ],
)
def test_a_shell_is_offered_commands_options_and_values(words, offered):
    assert offered in completions(words)


@pytest.mark.parametrize("command", ["explain", "api --severity", "api --ignore"])
def test_a_shell_is_offered_rules(command):
    rule = all_rules()[0].id
    offered = completions(f"driftcheck {command} {rule[:10]}")
    assert rule in offered
    assert all(name.startswith(rule[:10]) for name in offered)
