"""`driftcheck api` as a user runs it: options, configuration, what is written, and the exit status."""

from __future__ import annotations

import io
import json
import os
import subprocess
import sys
from pathlib import Path

import pytest

from driftcheck.cli import main

ROOT = Path(__file__).parents[2]
OLD = """\
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /v1/orders:
    post:
      operationId: create
      requestBody:
        content:
          application/json:
            schema: {type: object, properties: {note: {type: string, maxLength: 50}}}
      responses:
        "200":
          description: fine
          content:
            application/json:
              schema: {type: object, properties: {state: {type: string, enum: [open]}}}
  /v1/users:
    get:
      responses: {"200": {description: fine}, "204": {description: nobody}}
"""
NEW = OLD.replace("50", "20").replace("[open]", "[open, paid]").replace(', "204": {description: nobody}', "")
TIGHTENED = "request-property-max-length-decreased"
GROWN = "response-property-enum-value-added"
GONE = "response-success-status-removed"
ALL = {TIGHTENED, GROWN, GONE}


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    (tmp_path / ".git").mkdir()
    (tmp_path / "old.yaml").write_text(OLD)
    (tmp_path / "new.yaml").write_text(NEW)
    monkeypatch.chdir(tmp_path)
    return tmp_path


def api(capsys, *options, old="old.yaml", new="new.yaml"):
    """The exit status, and the ids of the rules in the JSON report."""
    status = main(["api", old, new, "--format", "json", *options])
    return status, {finding["rule"] for finding in json.loads(capsys.readouterr().out)["findings"]}


def test_a_breaking_change_is_status_1(capsys):
    assert api(capsys) == (1, ALL)


def test_nothing_to_report_is_status_0(capsys):
    assert api(capsys, new="old.yaml") == (0, set())


@pytest.mark.parametrize(
    ("options", "status", "rules"),
    [
        (["--fail-on", "never"], 0, ALL),
        (["--fail-on", "risky", "--only", "GET *"], 1, {GONE}),
        (["--only", "GET *"], 1, {GONE}),
        (["--only", "POST *"], 1, {TIGHTENED, GROWN}),
        (["--only", "GET *", "--only", "POST *"], 1, ALL),
        (["--method", "get"], 1, {GONE}),
        (["--method", "patch"], 0, set()),
        (["--match-path", "users$"], 1, {GONE}),
        (["--severity", f"{TIGHTENED}=info", "--severity", f"{GONE}=off"], 0, {GROWN}),
        (["--severity", f"{GROWN}=breaking"], 1, ALL),
        (["--ignore", TIGHTENED, "--ignore", f"{GONE}@GET /v1/*"], 0, {GROWN}),
        (["--ignore", "@POST /v1/orders"], 1, {GONE}),
        (["--ignore", f"{GONE}@GET /v2/*"], 1, ALL),
    ],
    ids=lambda value: " ".join(value) if isinstance(value, list) else "",
)
def test_options(options, status, rules, capsys):
    assert api(capsys, *options) == (status, rules)


def test_prefixes_are_taken_off(capsys):
    Path("new.yaml").write_text(OLD.replace("/v1/", "/v2/"))
    status, _ = api(capsys, "--strip-prefix-old", "/v1", "--strip-prefix-new", "/v2")
    assert status == 0


@pytest.mark.parametrize(
    "options", [["--method", "PATCH"], ["--only", "GET /none"], ["--match-path", "none"]]
)
def test_servers_that_no_selected_operation_is_served_at_are_not_compared(options, capsys):
    for name, host in (("old.yaml", "a"), ("new.yaml", "b")):
        Path(name).write_text(f"{OLD}servers: [{{url: 'https://{host}.example'}}]\n")
    assert api(capsys, *options) == (0, set())
    assert api(capsys, "--method", "GET") == (1, {"server-url-changed"})
    assert api(capsys) == (1, {"server-url-changed"})


def test_a_bound_tightened_on_a_renamed_property_is_told_with_the_rename(capsys):
    Path("new.yaml").write_text(OLD.replace("note: {", "order_note: {").replace("50", "20"))
    assert main(["api", "old.yaml", "new.yaml", "--format", "json"]) == 1
    (found,) = json.loads(capsys.readouterr().out)["findings"]
    assert found["message"] == "field note was renamed to order_note; its maxLength was 50, is now 20"


def test_the_changelog_has_the_compatible_changes_too(capsys):
    Path("new.yaml").write_text(OLD.replace("50", "80"))
    assert api(capsys) == (0, set())
    assert api(capsys, "--changelog") == (0, {"request-property-max-length-increased"})


def test_protecting_clients(capsys):
    Path("new.yaml").write_text(OLD.replace("operationId: create", "operationId: make"))
    assert api(capsys)[0] == 0
    assert api(capsys, "--protect", "clients")[0] == 1


def test_validation_can_be_turned_off(capsys):
    Path("new.yaml").write_text(OLD + "pathz: {}\n")
    assert api(capsys) == (0, {"spec-invalid"})
    assert api(capsys, "--validate", "off") == (0, set())


# --- the configuration file -----------------------------------------------------------------------


def test_the_configuration_file_counts_and_options_go_first(capsys):
    options = f'fail-on = "never"\n[severity]\n{GROWN} = "breaking"\n[api]\nonly = ["POST *"]\n'
    Path("driftcheck.toml").write_text(options)
    assert api(capsys) == (0, {TIGHTENED, GROWN})
    assert api(capsys, "--fail-on", "breaking", "--only", "GET *") == (1, {GONE})


def test_severity_and_ignore_of_both_add_up(capsys):
    Path("driftcheck.toml").write_text(f'ignore = ["{GROWN} # why"]\n[severity]\n{TIGHTENED} = "off"\n')
    assert api(capsys, "--severity", f"{GONE}=risky") == (0, {GONE})
    assert api(capsys, "--ignore", GONE) == (0, set())


def test_a_named_configuration_file_is_read_instead(capsys):
    Path("driftcheck.toml").write_text("nonsense = 1")
    Path("other.toml").write_text('fail-on = "never"')
    assert api(capsys, "--config", "other.toml")[0] == 0


def test_a_bad_configuration_file_is_status_2(capsys):
    Path("driftcheck.toml").write_text('fail-onn = "risky"')
    assert main(["api", "old.yaml", "new.yaml"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert "driftcheck.toml: unknown option 'fail-onn'" in shown.err
    assert "did you mean 'fail-on'?" in shown.err


# --- sources --------------------------------------------------------------------------------------


def test_standard_input(capsys, monkeypatch):
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(NEW.encode())))
    assert api(capsys, new="-") == (1, ALL)


def test_a_revision_of_git(capsys, here):
    (here / ".git").rmdir()
    run = ["git", "-c", "user.name=a", "-c", "user.email=a@example.com"]
    for command in (["init", "-q"], ["add", "old.yaml"], ["commit", "-q", "-m", "a"]):
        subprocess.run([*run, *command], check=True)
    assert api(capsys, old="HEAD:old.yaml") == (1, ALL)


@pytest.mark.parametrize(
    ("content", "words"),
    [
        (b"", "the file is empty"),
        (b"- a\n", "holds a list"),
        (b"openapi: [", "not valid YAML"),
        (b'{"openapi": "3.1.0", "x": NaN}', "NaN"),
        (b"\xff\xfe\xff", "not valid UTF-"),
        (b'{"openapi": "3.1.0", "x": ' + b"[" * 20_000 + b"]" * 20_000 + b"}", "nested"),
        (b"a: &a [1]\nb: &b [*a,*a,*a,*a,*a,*a,*a,*a,*a]\n", "not an OpenAPI document"),
        (b"title: \x1b[31m\n", ""),
    ],
    ids=["empty", "list", "yaml", "nan", "utf-8", "deep", "other", "control"],
)
def test_bad_input_is_one_sentence_and_status_2(content, words, capsys):
    Path("new.yaml").write_bytes(content)
    assert main(["api", "old.yaml", "new.yaml"]) == 2
    shown = capsys.readouterr()
    assert shown.out == ""
    assert words in shown.err
    assert shown.err.startswith("driftcheck: new.yaml")
    assert shown.err.count("\n") <= 2
    assert "\x1b" not in shown.err


# --- what is written ------------------------------------------------------------------------------


def test_text_is_the_default_and_plain_in_a_pipe(capsys):
    assert main(["api", "old.yaml", "new.yaml"]) == 1
    shown = capsys.readouterr()
    assert shown.out.startswith("old.yaml -> new.yaml\n\nGET /v1/users\n  breaking  " + GONE)
    assert shown.out.endswith("FAIL: 2 breaking, 1 risky, 0 info (fails on: breaking)\n")
    assert "\x1b" not in shown.out
    assert shown.err == ""


def test_quiet_is_the_verdict_only(capsys):
    main(["api", "old.yaml", "new.yaml", "-q"])
    assert capsys.readouterr().out == "FAIL: 2 breaking, 1 risky, 0 info (fails on: breaking)\n"


def test_verbose_has_pointers_and_fingerprints_to_ignore(capsys):
    main(["api", "old.yaml", "new.yaml", "-v"])
    shown = capsys.readouterr().out
    assert "    at /requestBody/content/application~1json/schema/properties/note\n" in shown
    fingerprints = [line.split()[1] for line in shown.splitlines() if line.startswith("    fingerprint ")]
    assert api(capsys, *(f"--ignore={fingerprint}" for fingerprint in fingerprints)) == (0, set())


def test_a_report_in_a_file(capsys):
    assert main(["api", "old.yaml", "new.yaml", "--format", "json", "-o", "report.json"]) == 1
    assert capsys.readouterr().out == ""
    assert json.loads(Path("report.json").read_text())["command"] == "api"


def test_hostile_text_of_a_description_does_not_reach_the_terminal(capsys):
    evil = "/a\\e]0;x\\a\\u202e\\e[31m"
    Path("old.yaml").write_text(OLD.replace("/v1/users:", f'"{evil}":'))
    assert main(["api", "old.yaml", "new.yaml", "--changelog", "-v"]) == 1
    shown = capsys.readouterr().out
    assert "GET /a\\x1b]0;x\\x07\\u202e\\x1b[31m" in shown
    assert not {"\x1b", "\x07", "\u202e"} & set(shown)


def test_a_pipe_that_closes_early_changes_nothing():
    script = f"{sys.executable} -m driftcheck api old.yaml new.yaml | true; echo ${{PIPESTATUS[0]}}"
    environment = {**os.environ, "PYTHONPATH": str(ROOT)}
    done = subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True, env=environment)
    assert (done.stdout, done.stderr) == ("1\n", "")
