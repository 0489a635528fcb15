"""`driftcheck traffic record`: the command around which it runs, its environment, signals and endings."""

from __future__ import annotations

import json
import os
import signal
import subprocess
import sys
import time
import urllib.request

import pytest

from driftcheck.cli import main
from driftcheck.traffic.readers import read
from driftcheck.traffic.record.session import URL_VARIABLES
from tests.traffic.replay.service import ok, serving

CALL = "import os, urllib.request; urllib.request.urlopen(os.environ['BASE_URL'] + '/orders').read()"


@pytest.fixture
def service():
    with serving(lambda asked: ok({"path": asked.path})) as url:
        yield url


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def record(service, *rest, output="run.har"):
    return main(["traffic", "record", "--target", service, "-o", output, *rest])


@pytest.mark.parametrize("status", [0, 1, 7])
def test_the_commands_status_is_passed_on(service, status, capsys):
    assert record(service, "--", sys.executable, "-c", f"{CALL}; raise SystemExit({status})") == status
    (call,) = read(["run.har"])
    assert call.request.url == f"{service}/orders"
    assert json.loads(call.response.body.content) == {"path": "/orders"}
    assert "1 call recorded in run.har, 0 values redacted" in capsys.readouterr().err


def test_the_command_is_told_where_the_proxy_is(service, capfd):
    show = "import json, os; print(json.dumps(dict(os.environ)))"
    assert record(service, "--env", "SHOP", "--env", "SHOP_API=/v1", "--", sys.executable, "-c", show) == 0
    out, err = capfd.readouterr()
    given = json.loads(out)
    url = given["DRIFTCHECK_PROXY_URL"]
    assert url.startswith("http://127.0.0.1:")
    assert {given[name] for name in (*URL_VARIABLES, "SHOP")} == {url}
    assert given["SHOP_API"] == f"{url}/v1"
    assert f"recording {url} -> {service}" in err
    assert "no call of" in err


def test_quiet_says_nothing(service, capsys):
    assert record(service, "-q", "--", sys.executable, "-c", CALL) == 0
    assert capsys.readouterr().err == ""


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["--target", "127.0.0.1:8000"], "is no http:// or https:// URL"),
        (["--target", "http://127.0.0.1:8000/api"], "has a path"),
        (["--target", "http://u:p@127.0.0.1:8000"], "has credentials in it"),
        (["--target", "http://127.0.0.1:99999"], "is no URL"),
        ([], "there is nothing to record"),
        (["--node"], "needs the command"),
        (["--target", "http://127.0.0.1:8000", "-o", "run.txt"], "no format of recordings"),
        (["--target", "http://127.0.0.1:8000", "-o", "no/run.har"], "cannot be written"),
        (["--target", "http://127.0.0.1:8000", "--", "no-such-command"], "'no-such-command' cannot be run"),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, said, capsys):
    assert main(["traffic", "record", *arguments]) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


def test_a_port_that_is_taken(service, capsys):
    port = service.rpartition(":")[2]
    assert record(service, "--port", port, "--", "true") == 2
    assert f"port {port} cannot be listened on" in capsys.readouterr().err


def test_a_dead_target_is_told(capsys):
    call = CALL.replace(".read()", "").replace("urllib.request.urlopen", "safe")
    safe = (
        "import urllib.request, urllib.error\n"
        "def safe(url):\n"
        "    try: urllib.request.urlopen(url)\n"
        "    except urllib.error.HTTPError: pass\n"
    )
    assert record("http://127.0.0.1:1", "--", sys.executable, "-c", safe + call) == 2
    assert "nothing answers at http://127.0.0.1:1" in capsys.readouterr().err


def started(service, *options):
    command = [sys.executable, "-m", "driftcheck", "traffic", "record", "--target", service, *options]
    process = subprocess.Popen(command, stderr=subprocess.PIPE, text=True)
    line = process.stderr.readline()
    return process, line.split("recording ")[1].split(" ")[0]


@pytest.mark.parametrize("name", ["run.har", "run.ndjson"])
@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_no_end_loses_what_was_answered(service, name, number):
    process, url = started(service, "-o", name)
    try:
        for count in range(5):
            urllib.request.urlopen(f"{url}/orders/{count}").read()
    finally:
        process.send_signal(number)
        process.communicate(timeout=30)
    assert process.returncode == (-9 if number == signal.SIGKILL else 0)
    assert [call.request.url.rpartition("/")[2] for call in read([name])] == list("01234")


def test_a_command_that_is_told_to_end_ends(service):
    waiting = [sys.executable, "-c", "import time; print('up', flush=True); time.sleep(60)"]
    process, _ = started(service, "-o", "run.har", "--", *waiting)
    time.sleep(0.5)
    os.kill(process.pid, signal.SIGTERM)
    process.communicate(timeout=30)
    assert process.returncode == 128 + signal.SIGTERM
