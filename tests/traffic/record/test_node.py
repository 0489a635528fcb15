"""SuperTest under mocha and jest, as their users run them: calls that never meet a proxy are recorded."""

from __future__ import annotations

import json
import shutil
from pathlib import Path

import pytest

from driftcheck.cli import main
from driftcheck.traffic.readers import Exchange, read
from tests.report.node import modules

PROJECT = Path(__file__).parents[3] / "fixtures" / "traffic" / "supertest"


@pytest.fixture
def project(tmp_path, monkeypatch):
    """The tests of the fixture, with what they need installed."""
    installed = modules()
    shutil.copytree(PROJECT, tmp_path, dirs_exist_ok=True)
    (tmp_path / "node_modules").symlink_to(installed)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("npm_package_name", "orders-tests")
    monkeypatch.delenv("NODE_OPTIONS", raising=False)
    return tmp_path


def recorded(project, *command, output="run.ndjson", status=0):
    assert main(["traffic", "record", "--node", "-o", output, "--", "node", *command]) == status
    calls = [
        call for call in read([str(project / output)]) if isinstance(call, Exchange)
    ]  # of an empty file none
    return {(call.test, call.request.method, call.request.url, call.response.status): call for call in calls}


MADE = ("orders are made", "POST", "http://127.0.0.1/orders", 201)
ABSENT = ("orders that are not there are not found", "GET", "http://127.0.0.1/orders/9", 404)
PLAIN = ("plain text comes in pieces", "GET", "http://127.0.0.1/plain", 200)
LOGIN = ("a module logs in", "POST", "http://127.0.0.1/login", 200)


def mocha(project, *options):
    return ("node_modules/mocha/bin/mocha.js", *options)


def jest(project, *options):
    return ("node_modules/jest/bin/jest.js", "--silent", *options)


@pytest.mark.parametrize("output", ["run.ndjson", "run.har"])
def test_mocha(project, output):
    calls = recorded(project, *mocha(project, "*.spec.cjs"), output=output)
    assert set(calls) == {MADE, ABSENT, PLAIN}
    made = calls[MADE]
    assert json.loads(made.request.body.content) == {"qty": 2}
    assert json.loads(made.response.body.content) == {"id": 1, "state": "open", "qty": 2}
    assert dict(made.response.headers)["Location"] == "/orders/1"
    assert calls[PLAIN].response.body.content == b"one two"
    assert dict(calls[PLAIN].response.headers)["Content-Type"] == "text/plain"
    assert "k3J9sQ2mV7xT1zB8" not in (project / output).read_text()


def test_mocha_with_modules(project):
    calls = recorded(project, *mocha(project, "*.spec.mjs"))
    assert set(calls) == {LOGIN}
    assert json.loads(calls[LOGIN].request.body.content) == {"user": "u"}
    assert b"dc_redacted_" in calls[LOGIN].response.body.content
    assert calls[LOGIN].consumer == "orders-tests"


@pytest.mark.parametrize("workers", ["1", "2"])
def test_jest(project, workers):
    assert set(recorded(project, *jest(project, "-w", workers))) == {MADE, ABSENT, PLAIN}


def test_a_failing_test_fails_the_recording_and_is_recorded(project):
    spec = project / "plain.spec.cjs"
    spec.write_text(spec.read_text().replace('"one two"', '"three"'))
    calls = recorded(project, *mocha(project, "plain.spec.cjs"), status=1)
    assert set(calls) == {PLAIN}


def test_nothing_is_left_behind_and_other_options_of_node_stay(project, monkeypatch, capfd):
    monkeypatch.setenv("NODE_OPTIONS", "--no-deprecation")
    script = "console.log(process.env.NODE_OPTIONS, process.env.DRIFTCHECK_RECORD_FOLDER)"
    assert recorded(project, "-e", script) == {}
    out, err = capfd.readouterr()
    first, _, preload, folder = out.split()
    assert first == "--no-deprecation"
    assert Path(preload).is_file()
    assert not Path(folder).exists()
    assert "no call of node went into a server in Node" in err


def test_a_server_that_does_strange_things_is_not_disturbed(project):
    script = """
const http = require("node:http");
const server = http.createServer((request, response) => {
  if (request.url === "/cut") { response.write("half"); setTimeout(() => response.destroy(), 50); return; }
  if (request.url === "/pipe") { require("node:fs").createReadStream(__filename).pipe(response); return; }
  let size = 0;
  request.on("data", (piece) => { size += piece.length; });
  request.on("end", () => response.end(String(size), "latin1"));
});
server.listen(0, "127.0.0.1", async () => {
  const base = `http://127.0.0.1:${server.address().port}`;
  const text = await (await fetch(base + "/big", {method: "POST", body: "x".repeat(3000000)})).text();
  if (text !== "3000000") process.exit(1);
  if (!(await (await fetch(base + "/pipe")).text()).includes("createServer")) process.exit(2);
  await fetch(base + "/cut").then((r) => r.text()).catch(() => 0);
  server.close(); server.closeAllConnections();
});
"""
    (project / "strange.cjs").write_text(script)
    calls = recorded(project, "strange.cjs")
    by_path = {key[2].removeprefix("http://127.0.0.1"): call for key, call in calls.items()}
    assert by_path["/big"].request.body.state == "truncated"
    assert by_path["/big"].response.body.content == b"3000000"
    assert b"createServer" in by_path["/pipe"].response.body.content
    assert by_path["/cut"].response.body.state == "truncated"
