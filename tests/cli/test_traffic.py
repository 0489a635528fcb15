"""`driftcheck traffic check` and `driftcheck api --traffic`, from the command line."""

from __future__ import annotations

import json

import pytest

from driftcheck.cli import main
from tests.traffic.calls import answering, spec

USER = {"type": "object", "properties": {"id": {"type": "integer"}, "email": {"type": "string"}}}


def call(url="/users", got=None, **more):
    response = {"status": 200, "body": {"media_type": "application/json", "json": got or {"id": 1}}}
    return json.dumps(
        {"driftcheck": 1, "request": {"method": "GET", "url": url}, "response": response, **more}
    )


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """A description, a newer one, and a folder of recordings."""
    monkeypatch.chdir(tmp_path)
    old = spec({"/users": {"get": answering(USER)}, "/gone": {"get": answering({})}})
    renamed = {**USER, "properties": {"id": {"type": "integer"}, "user_email": {"type": "string"}}}
    (tmp_path / "old.json").write_text(json.dumps(old, indent=1))
    (tmp_path / "new.json").write_text(json.dumps(spec({"/users": {"get": answering(renamed)}}), indent=1))
    (tmp_path / "calls").mkdir()
    (tmp_path / "calls" / "web.ndjson").write_text(
        f"{call(got={'id': 1, 'email': 'secret@x'}, consumer='web')}\n{call(got={'id': 'secret'})}\n"
    )
    return tmp_path


def test_recorded_calls_are_held_to_a_description(capsys):
    assert main(["traffic", "check", "calls", "--spec", "old.json"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "recorded-response-field-invalid" in out
    assert "field id is a string of 6 characters, the description says integer (1 of 2 calls, by web)" in out
    assert "calls/web.ndjson:2 -> old.json:" in out
    assert "secret" not in out


def test_values_on_request(capsys):
    assert main(["traffic", "check", "calls", "--spec", "old.json", "--show-values"]) == 1
    assert '"secret"' in capsys.readouterr().out


def test_the_json_report(capsys):
    assert main(["traffic", "check", "calls", "--spec", "old.json", "--format", "json"]) == 1
    report = json.loads(capsys.readouterr().out)
    assert (report["command"], report["expected"], report["actual"]) == ("traffic", "calls", "old.json")
    (found,) = report["findings"]
    assert found["used_by"][0]["line"] == 2
    assert found["operation"] == "GET /users"


def test_good_calls_pass(project, capsys):
    (project / "calls" / "web.ndjson").write_text(call() + "\n")
    assert main(["traffic", "check", "calls", "--spec", "old.json", "-q"]) == 0
    assert capsys.readouterr().out.startswith("PASS")


def test_the_description_may_stand_in_the_configuration(project, capsys):
    (project / "driftcheck.toml").write_text('[traffic]\nspec = "old.json"\nignore-headers = ["x-*"]\n')
    assert main(["traffic", "check", "calls", "-q"]) == 1
    (project / "driftcheck.toml").write_text("[traffic.weights]\npayment = 9.0\n")
    assert main(["traffic", "check", "calls", "--spec", "old.json", "-q"]) == 1


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["calls"], "there is no description"),
        (["nowhere", "--spec", "old.json"], "nowhere: no such file or folder"),
        (["calls", "--spec", "nowhere.json"], "nowhere.json"),
        (["calls", "--spec", "calls/web.ndjson"], "web.ndjson"),
        (["strange.ndjson", "--spec", "old.json"], "none of the 1 recorded calls"),
    ],
)
def test_bad_input_is_said_plainly(arguments, said, capsys, project):
    (project / "strange.ndjson").write_text(call("http://localhost:3000/cart") + "\n")
    assert main(["traffic", "check", *arguments]) == 2
    captured = capsys.readouterr()
    assert said in captured.err
    assert captured.out == ""


def test_a_comparison_says_which_calls_it_hits(capsys):
    assert main(["api", "old.json", "new.json", "--traffic", "calls"]) == 1
    out = " ".join(capsys.readouterr().out.split())
    assert "field email was renamed to user_email; hits 1 of 2 recorded calls (web)" in out
    assert "GET /gone is gone; not seen in 2 recorded calls" in out


def test_used_by_in_json(capsys):
    assert main(["api", "old.json", "new.json", "--traffic", "calls/*.ndjson", "--format", "json"]) == 1
    renamed, gone = json.loads(capsys.readouterr().out)["findings"]
    assert renamed["used_by"] == [
        {
            "consumer": "web",
            "test": None,
            "file": "calls/web.ndjson",
            "line": 1,
            "method": "GET",
            "path": "/users",
            "why": "got field email",
        }
    ]
    assert gone["used_by"] == []


def test_without_recordings_nothing_is_said_of_them(capsys):
    assert main(["api", "old.json", "new.json"]) == 1
    assert "recorded" not in capsys.readouterr().out
