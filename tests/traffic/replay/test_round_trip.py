"""From a recording proxy to a replay: what was recorded of one shop is replayed against another."""

from __future__ import annotations

import json
import sys

import pytest

from driftcheck import check_traffic
from driftcheck.cli import main
from driftcheck.config import Config, TrafficConfig
from driftcheck.traffic.replay.check import replay_traffic
from tests.traffic.replay.clocks import NOISE, SPEC, Shop
from tests.traffic.replay.service import serving

VISIT = """
import json, os, urllib.error, urllib.request
def call(method, path, sent=None, token=None):
    headers = {"Content-Type": "application/json"} if sent is not None else {}
    if token: headers["Authorization"] = "Bearer " + token
    data = None if sent is None else json.dumps(sent).encode()
    request = urllib.request.Request(os.environ["BASE_URL"] + path, data, headers, method=method)
    try:
        return json.loads(urllib.request.urlopen(request).read() or b"null")
    except urllib.error.HTTPError as error:
        return json.loads(error.read())
call("GET", "/health")
token = call("POST", "/login", {"user": "u", "password": "kL9mNq2rSt8x"})["token"]
order = {"email": "mona.keller@kellermail.de", "lines": [{"sku": "A1", "qty": 2}]}
made = call("POST", "/orders", order, token)
call("GET", "/orders/" + made["id"], token=token)
call("GET", "/numbers/" + str(made["number"]), token=token)
call("GET", "/orders", token=token)
call("DELETE", "/orders/" + made["id"], token=token)
call("GET", "/orders/" + made["id"], token=token)
"""


@pytest.fixture(params=["har", "ndjson"])
def recording(request, tmp_path):
    """A redacted recording of a visit."""
    file = tmp_path / f"visit.{request.param}"
    with serving(Shop(1)) as url:
        command = [sys.executable, "-c", VISIT]
        assert main(["traffic", "record", "-q", "--target", url, "-o", str(file), "--", *command]) == 0
    return file


def replayed(recording, shop):
    config = Config(traffic=TrafficConfig(allow_writes=True, noise=NOISE[1:]))
    with serving(shop) as target:
        return replay_traffic(recording, target, SPEC, config=config).report


def test_a_redacted_recording_is_sound_and_passes_against_another_shop(recording):
    assert "mona.keller" not in recording.read_text()
    assert "kL9mNq2rSt8x" not in recording.read_text()
    assert check_traffic(recording, SPEC).findings == ()
    report = replayed(recording, Shop(2))
    assert [finding.message for finding in report.findings] == []
    assert report.exit_code == 0


def test_and_fails_against_a_broken_one(recording):
    def spoil(label, value):
        return {**value, "total": "5"} if label == ("GET orders",) and "total" in value else value

    report = replayed(recording, Shop(2, spoil))
    assert {finding.rule for finding in report.findings} == {
        "replayed-type-changed",
        "recorded-response-field-invalid",
    }


def test_an_order_of_another_customer_is_found_in_what_was_sent(recording):
    """The e-mail was redacted, but it is the same placeholder that is sent, so the answer must hold it."""

    def spoil(label, value):
        return (
            {**value, "customer": {"email": "other@example.com", "vip": False}}
            if "customer" in value
            else value
        )

    report = replayed(recording, Shop(2, spoil))
    assert report.exit_code == 1, json.dumps(report.to_dict()["skipped"], indent=1)
