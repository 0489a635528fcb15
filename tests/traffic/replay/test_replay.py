"""`driftcheck traffic replay`: what is sent, what is compared, what is refused."""

from __future__ import annotations

import json
import socket
import threading
import time

import pytest

from driftcheck.cli import main
from driftcheck.config import Config, TrafficConfig
from driftcheck.errors import DriftcheckError
from driftcheck.traffic.exchange import Noise
from driftcheck.traffic.replay.check import replay_traffic
from tests.traffic.calls import body, exchange
from tests.traffic.replay.service import ORDERS, ok, serving

SECRET = "k3J9sQ2mV7xT1zB8"
ORDER = {"id": 7, "state": "open"}


class Remembering:
    """Answers by a function, and keeps what it was asked."""

    def __init__(self, answer):
        self.answer = answer
        self.asked = []

    def __call__(self, asked):
        self.asked.append(asked)
        return self.answer(asked)

    @property
    def lines(self):
        return [f"{one.method} {one.path}" for one in self.asked]


def replayed(answer, *calls, **traffic):
    """(report, the service) after a replay."""
    service = Remembering(answer)
    config = Config(changelog=True, traffic=TrafficConfig(**traffic))
    with serving(service) as target:
        return replay_traffic(list(calls), target, ORDERS, config=config), service


def told(answer, *calls, **traffic):
    """What is found: (rule without its first word, place in the body)."""
    found, _ = replayed(answer, *calls, **traffic)
    return [
        (one.rule.removeprefix("replayed-"), (one.difference.pointer or "").partition("/body")[2])
        for one in found.report.findings
    ]


def get(value, url="/orders/7", **more):
    return exchange("GET", url, got=value, **more)


def answering(value):
    return lambda asked: ok(value)


SAME = [
    ({"a": 1}, {"a": 1}),
    ({"a": 1}, {"a": 1.0}),
    ([1, 2, 3], [1, 2, 3]),
    ([], []),
    ({"a": None}, {"a": None}),
    ("text", "text"),
    ({"made_at": "2026-01-02T03:04:05Z"}, {"made_at": "2027-05-06T07:08:09.123456+02:00"}),
    ({"key": "6f1c1d5e-1111-4000-8000-000000000000"}, {"key": "0a1b2c3d-2222-4000-8000-000000000001"}),
    ({"took": 12}, {"took": 12.5}),
    ({"elapsed": "12 ms"}, {"elapsed": "7 ms"}),
    ({"expires_at": 1_700_000_000}, {"expires_at": 1_800_000_000}),
    ({"hits": 4}, {"hits": 5}),
    ({"token": f"a1{SECRET}"}, {"token": f"b2{SECRET}"}),
    ({"etag": "0123456789abcdef"}, {"etag": "fedcba9876543210"}),
    ({"email": "dc_redacted_1@example.invalid"}, {"email": "who@else.org"}),
    ({"password": "dc_redacted_1a2b3c4d"}, {"password": "***"}),
]


@pytest.mark.parametrize(("recorded", "given"), SAME)
def test_nothing_to_report(recorded, given):
    assert told(answering(given), get(recorded)) == []


OTHER = [
    ({"a": 1}, {"a": 2}, ("value-changed", "/a")),
    ({"a": 1}, {"a": "1"}, ("type-changed", "/a")),
    ({"a": 1}, {"a": True}, ("type-changed", "/a")),
    ({"a": 1}, {"a": None}, ("type-changed", "/a")),
    ({"a": 1.5}, {"a": 2}, ("value-changed", "/a")),
    ({"a": 1, "b": 2}, {"a": 1}, ("field-missing", "/b")),
    ({"email": "x"}, {"user_email": "x"}, ("field-renamed", "/email")),
    ({"qty": 1}, {"quantity": 1}, ("field-renamed", "/qty")),
    ({"a": 1}, {"a": 1, "b": 2}, ("field-added", "/b")),
    ({"a": [1, 2]}, {"a": [1]}, ("elements-changed", "/a")),
    ({"a": [1, 2]}, {"a": [1, 2, 1]}, ("elements-changed", "/a")),
    ({"a": [1, 2]}, {"a": []}, ("elements-changed", "/a")),
    ({"a": [1, 2]}, {"a": [2, 1]}, ("order-changed", "/a")),
    ({"a": [{"b": 1}, {"b": 2}]}, {"a": [{"b": 1}, {"b": 3}]}, ("value-changed", "/a/*/b")),
    ([{"b": 1}, {"b": 2}, {"b": 3}], [{"b": 2}, {"b": 3}], ("body-changed", "")),
    ({"a": [{"b": 1}, {"b": 2}, {"b": 3}]}, {"a": [{"b": 2}, {"b": 3}]}, ("elements-changed", "/a")),
    ({"a": [{"b": 1}]}, {"a": [{"b": 1}, {"b": 2}]}, ("elements-changed", "/a")),
    ({"a": {"b": 1}}, {"a": [1]}, ("type-changed", "/a")),
    ({"a": {}}, {"a": None}, ("type-changed", "/a")),
    ({"x/y": 1}, {"x/y": 2}, ("value-changed", "/x~1y")),
    ({"made_at": "2026-01-02T03:04:05Z"}, {"made_at": "yesterday"}, ("format-changed", "/made_at")),
    ({"made_at": "2026-01-02T03:04:05Z"}, {"made_at": 5}, ("type-changed", "/made_at")),
    ({"made_on": "2026-01-02"}, {"made_on": "2026-01-03"}, ("value-changed", "/made_on")),
    ({"count": 4}, {"count": 5}, ("value-changed", "/count")),
    ({"price_at": 12}, {"price_at": 13}, ("value-changed", "/price_at")),
    ({"id": 7}, {"id": 8}, ("value-changed", "/id")),
    ({"email": "dc_redacted_1@example.invalid"}, {"email": 4}, ("type-changed", "/email")),
    ("text", "other", ("body-changed", "")),
    ({"a": 1}, [1], ("body-changed", "")),
]


@pytest.mark.parametrize(("recorded", "given", "finding"), OTHER)
def test_what_is_other_than_recorded(recorded, given, finding):
    assert told(answering(given), get(recorded)) == [finding]


@pytest.mark.parametrize(
    ("answer", "rule"),
    [
        (lambda asked: ok(ORDER, 404), "status-changed"),
        (
            lambda asked: (200, [["Content-Type", "text/html"]], json.dumps(ORDER).encode()),
            "media-type-changed",
        ),
        (lambda asked: (200, [["Content-Type", "application/json"]], b"{"), "body-malformed"),
        (lambda asked: (200, [["Content-Type", "application/json"]], b""), "body-malformed"),
        (lambda asked: None, "answer-missing"),
    ],
)
def test_answers_that_are_wrong_as_a_whole(answer, rule):
    recorded = get(ORDER, answer_headers={"Content-Type": "application/json"})
    assert [found[0] for found in told(answer, recorded)] == [rule]


def test_the_parameters_of_media_types_do_not_matter():
    recorded = get(ORDER, answer_headers={"Content-Type": "application/json; charset=utf-8"})
    assert told(answering(ORDER), recorded) == []


def test_bodies_that_are_no_json_are_the_same_or_not():
    page = get(None, response_body=body(content=b"<p>1", media_type="text/html"))
    html = [["Content-Type", "text/html"]]
    assert told(lambda asked: (200, html, b"<p>1"), page) == []
    assert told(lambda asked: (200, html, b"<p>2"), page) == [("body-changed", "")]


def test_bodies_that_were_not_recorded_are_not_compared():
    assert told(answering({"x": 1}), get(None)) == []


def test_answers_are_held_to_the_description_as_well():
    schema = {"type": "object", "properties": {"id": {"type": "integer"}}}
    promised = {"200": {"description": "ok", "content": {"application/json": {"schema": schema}}}}
    described = {**ORDERS, "paths": {"/orders/{id}": {"get": {"responses": promised}}}}
    with serving(answering({"id": "7"})) as target:
        found = replay_traffic([get({"id": "7"})], target, described).report.findings
    assert [finding.rule for finding in found] == ["recorded-response-field-invalid"]


# What is sent


def post(value, got, url="/orders", status=201, **more):
    return exchange("POST", url, sent=value, got=got, status=status, **more)


def made(number):
    def answer(asked):
        if asked.method == "POST":
            return ok({"id": number, "self": f"/orders/{number}"}, 201, ["Location", f"/orders/{number}"])
        known = asked.path.partition("?")[0].endswith(f"/{number}")
        return ok({"id": number, "order_id": number} if known else {}, 200 if known else 404)

    return answer


def test_writes_need_to_be_allowed():
    calls = (get(ORDER), post({}, {"id": 7}))
    found, service = replayed(answering(ORDER), *calls)
    assert service.lines == ["GET /orders/7"]
    assert ("1 call: POST /orders", "not sent without --allow-writes") in [
        (item.what, item.why) for item in found.report.skipped
    ]


def test_an_id_of_this_run_stands_where_the_recorded_one_stood():
    recorded = (
        post({"qty": 7}, {"id": 7, "self": "/orders/7"}, answer_headers={"Location": "/orders/7"}),
        get({"id": 7, "order_id": 7}, "/orders/7?order_id=7&limit=7"),
        exchange(
            "PUT",
            "/orders/7",
            sent={"order_id": 7, "qty": 7, "link": "/orders/7"},
            got={"id": 7, "order_id": 7},
        ),
    )
    found, service = replayed(made(31), *recorded, allow_writes=True)
    assert found.report.findings == ()
    assert service.lines == ["POST /orders", "GET /orders/31?order_id=31&limit=7", "PUT /orders/31"]
    assert service.asked[0].json == {"qty": 7}
    assert service.asked[2].json == {"order_id": 31, "qty": 7, "link": "/orders/31"}


def test_an_id_that_is_not_the_one_of_this_run_is_found():
    def answer(asked):
        return ok({"id": 31}, 201) if asked.method == "POST" else ok({"id": 7})

    calls = (post({}, {"id": 7}), get({"id": 7}))
    assert told(answer, *calls, allow_writes=True) == [("value-changed", "/id")]


def test_numbers_are_known_by_what_they_identify():
    calls = (post({}, {"id": 7}), get({"id": 7, "product_id": 7}))

    def answer(asked):
        return ok({"id": 31}, 201) if asked.method == "POST" else ok({"id": 31, "product_id": 7})

    assert told(answer, *calls, allow_writes=True) == []


def test_credentials_of_the_recording_stay_in_it():
    headers = {
        "Authorization": f"Bearer {SECRET}",
        "X-Api-Key": SECRET,
        "Cookie": f"session={SECRET}",
        "X-Mine": "1",
    }
    found, service = replayed(answering(ORDER), get(ORDER, headers=headers))
    assert service.asked[0].headers["x-mine"] == "1"
    assert SECRET not in json.dumps(service.asked[0].headers)
    assert any("without the recorded credentials" in item.why for item in found.report.skipped)


def test_credentials_are_given_by_the_user(monkeypatch):
    monkeypatch.setenv("TOKEN", "mine")
    recorded = get(ORDER, headers={"Authorization": f"Bearer {SECRET}"})
    _, service = replayed(answering(ORDER), recorded, header=("Authorization: Bearer ${TOKEN}",))
    assert service.asked[0].headers["authorization"] == "Bearer mine"


def test_credentials_that_the_service_gives_are_used():
    def answer(asked):
        return ok({"token": f"fresh{SECRET}"}, 201, ["Set-Cookie", "session=s1; Path=/"])

    calls = (
        post({}, {"token": f"stale{SECRET}"}),
        get(
            {"token": f"stale{SECRET}"},
            status=201,
            headers={"Authorization": f"Bearer stale{SECRET}", "Cookie": "session=s0; other=1"},
        ),
    )
    found, service = replayed(answer, *calls, allow_writes=True)
    assert found.report.findings == ()
    assert service.asked[1].headers["authorization"] == f"Bearer fresh{SECRET}"
    assert service.asked[1].headers["cookie"] == "session=s1"


@pytest.mark.parametrize(
    ("call", "why"),
    [
        (get(ORDER, provenance="stub"), "no recorded call"),
        (get(ORDER, url="/orders/{{id}}", placeholders=("{{id}}",)), "placeholders"),
        (get(None, response_body=body(content=b"", media_type="text/event-stream")), "stream of events"),
        (exchange("POST", "/orders", got=ORDER), "not in the recording"),
    ],
)
def test_what_cannot_be_sent_is_counted(call, why):
    found, service = replayed(answering(ORDER), get(ORDER), call, allow_writes=True)
    assert service.lines == ["GET /orders/7"]
    assert any(why in item.why for item in found.report.skipped)


# Noise


def noisy(*texts, recorded=None, given=None, call=None):
    return told(answering(given), call or get(recorded), noise=texts)


@pytest.mark.parametrize(
    ("rule", "recorded", "given"),
    [
        ("body.a", {"a": 1, "b": 1}, {"a": 2, "b": 1}),
        ("body.a: counter", {"a": 1, "b": 1}, {"a": 2, "b": 1}),
        ("body.l.*.a", {"l": [{"a": "x", "b": 1}]}, {"l": [{"a": "y", "b": 1}]}),
        ("GET /orders/* body.a", {"a": 1, "b": 1}, {"a": 2, "b": 1}),
        ("body.l: order", {"l": ["x", "y"]}, {"l": ["y", "x"]}),
        ("body.m.**", {"m": {"a": 1, "c": {"d": 1}}, "b": 1}, {"m": {"a": 2, "c": {"d": 3}}, "b": 1}),
        ("body.at: timestamp", {"at": "2026-01-02 03:04", "b": 1}, {"at": "2026-02-03 04:05", "b": 1}),
    ],
)
def test_noise_lets_a_value_vary(rule, recorded, given):
    assert noisy(rule, recorded=recorded, given=given) == []


@pytest.mark.parametrize(
    ("rule", "recorded", "given", "found"),
    [
        ("body.a", {"a": 1, "b": 1}, {"a": "2", "b": 1}, ("type-changed", "/a")),
        ("body.a", {"a": 1, "b": 1}, {"b": 1}, ("field-missing", "/a")),
        ("body.a: counter", {"a": 1, "b": 1}, {"a": 2.5, "b": 1}, ("format-changed", "/a")),
        ("body.a: uuid", {"a": "x", "b": 1}, {"a": "y", "b": 1}, ("format-changed", "/a")),
        ("body.l: order", {"l": ["x", "y"]}, {"l": ["y", "z"]}, ("value-changed", "/l/*")),
        ("body.a", {"a": 1, "aa": 1}, {"a": 2, "aa": 2}, ("value-changed", "/aa")),
        ("POST * body.a", {"a": 1}, {"a": 2}, ("value-changed", "/a")),
    ],
)
def test_noise_silences_nothing_else(rule, recorded, given, found):
    assert found in noisy(rule, recorded=recorded, given=given)


@pytest.mark.parametrize("rule", ["body.nothing", "body.l.a", "header.x-none", "POST * body.a"])
def test_noise_that_fits_nothing_is_told(rule):
    value = {"a": 1, "l": [{"a": 1}]}
    assert noisy(rule, recorded=value, given=value) == [("noise-unused", "")]


@pytest.mark.parametrize(
    "answer", [lambda asked: ok({}, 500), lambda asked: None, lambda asked: (200, [], b"{")]
)
def test_noise_of_answers_that_were_not_compared_is_not_told(answer):
    found = told(answer, get({"a": 1}), noise=("body.a",))
    assert "noise-unused" not in [rule for rule, _ in found]


@pytest.mark.parametrize("rule", ["body", "body.**"])
def test_noise_that_leaves_nothing_is_told(rule):
    assert ("noise-everything", "") in noisy(rule, recorded={"a": 1}, given={"a": 2})


def test_noise_that_keploy_wrote():
    noise = (Noise("body.l.at"), Noise("header.Date"), Noise("body.n", ("^v[0-9]+$",)))
    call = get({"l": [{"at": "x"}], "n": "v1", "b": 1}, noise=noise, answer_headers={"Date": "now"})
    assert noisy(given={"l": [{"at": "y"}], "n": "v2", "b": 1}, call=call) == []
    assert noisy(given={"l": [{"at": "y"}], "n": "w2", "b": 1}, call=call) == [("format-changed", "/n")]


@pytest.mark.parametrize("rule", ["", "a.b", "body.a: number", "GET body.a", "body a"])
def test_noise_that_cannot_be_read_is_refused(rule):
    with pytest.raises(DriftcheckError, match="noise"):
        noisy(rule, recorded={}, given={})


# Repeating


def test_repeating_tells_what_differs_from_run_to_run(capsys, tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    numbers = iter(range(100))
    found, service = replayed(
        lambda asked: ok({"score": next(numbers), "b": 1}), get({"score": 500, "b": 2}), repeat=3
    )
    assert len(service.asked) == 3
    assert {finding.rule for finding in found.report.findings} == {
        "replayed-value-unstable",
        "replayed-value-changed",
    }
    assert found.proposals == ("GET /orders/{id} body.score",)


def test_a_proposal_can_be_pasted():
    numbers = iter(range(100))
    rule = "GET /orders/{id} body.score"
    found, _ = replayed(
        lambda asked: ok({"score": next(numbers), "b": 1}),
        get({"score": 500, "b": 1}),
        noise=(rule,),
        repeat=3,
    )
    assert found.report.findings == ()
    assert found.proposals == ()


def test_what_is_the_same_in_every_run_is_no_noise():
    found, _ = replayed(answering({"a": 2}), get({"a": 1}), repeat=3)
    assert [finding.rule for finding in found.report.findings] == ["replayed-value-changed"]
    assert found.proposals == ()


# The command


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.json").write_text(json.dumps(ORDERS))
    line = {
        "driftcheck": 1,
        "request": {"method": "GET", "url": "/orders/7"},
        "response": {"status": 200, "body": {"media_type": "application/json", "json": ORDER}},
    }
    (tmp_path / "calls.ndjson").write_text(f"{json.dumps(line)}\n{json.dumps(line)}\n")
    return tmp_path


def command(*arguments):
    return main(["traffic", "replay", "calls.ndjson", "--spec", "openapi.json", *arguments])


@pytest.mark.usefixtures("project")
def test_the_command(capsys):
    with serving(answering({**ORDER, "state": "paid-by-mona"})) as target:
        assert command("--target", target) == 1
        out = " ".join(capsys.readouterr().out.split())
        assert "field state has another value than recorded (2 of 2 calls" in out
        assert "paid-by-mona" not in out
        assert target not in out
        assert command("--target", target, "--show-values") == 1
        assert "paid-by-mona" in capsys.readouterr().out
        assert command("--target", target, "--noise", "body.state") == 0


@pytest.mark.usefixtures("project")
def test_the_command_prints_proposals_to_paste(capsys):
    numbers = iter(range(100))
    with serving(lambda asked: ok({**ORDER, "state": str(next(numbers))})) as target:
        assert command("--target", target, "--repeat", "2") == 0
    err = capsys.readouterr().err
    assert '  "GET /orders/{id} body.state",' in err
    assert '        "state": []' in err


@pytest.mark.usefixtures("project")
@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        ((), "there is no target"),
        (("--target", "http://127.0.0.1:1"), "nothing answers at http://127.0.0.1:1"),
        (("--target", "http://shop.example.com"), "shop.example.com is not this machine"),
        (("--target", "ftp://127.0.0.1"), "is no http:// or https:// URL"),
        (("--target", "http://127.0.0.1:1", "--header", "x"), "must be NAME: VALUE"),
        (
            ("--target", "http://127.0.0.1:1", "--header", "X: ${NOT_THERE_AT_ALL}"),
            "no variable NOT_THERE_AT_ALL",
        ),
    ],
)
def test_what_cannot_be_done_is_one_sentence(arguments, said, capsys):
    assert command(*arguments) == 2
    err = capsys.readouterr().err
    assert said in err
    assert "Traceback" not in err


@pytest.mark.usefixtures("project")
def test_another_machine_needs_to_be_allowed(capsys):
    arguments = ("--target", "http://shop.invalid", "--allow-host", "shop.invalid")
    assert command(*arguments) == 2
    assert "nothing answers at http://shop.invalid" in capsys.readouterr().err


def test_recordings_of_another_service(project, capsys):
    other = json.loads((project / "calls.ndjson").read_text().splitlines()[0])
    other["request"]["url"] = "http://127.0.0.1:5/elsewhere"
    (project / "calls.ndjson").write_text(json.dumps(other))
    with serving(answering({})) as target:
        assert command("--target", target) == 2
    assert "none of the 1 recorded calls" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_a_service_that_is_too_slow(capsys):
    def slow(asked):
        time.sleep(1)
        return ok(ORDER)

    with serving(slow) as target:
        assert command("--target", target, "--timeout", "0.2") == 2
    assert "no answer to GET /orders/7 within 0.2 s" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_a_service_that_dies_half_way(capsys):
    """It takes the first connection (is anybody there?) and the first call, and is gone then."""
    listener = socket.create_server(("127.0.0.1", 0))
    reply = json.dumps(ORDER).encode()

    def serve():
        listener.accept()[0].close()
        connection, _ = listener.accept()
        connection.recv(1 << 16)
        listener.close()
        head = f"HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: {len(reply)}\r\n\r\n"
        connection.sendall(head.encode() + reply)
        connection.close()

    threading.Thread(target=serve, daemon=True).start()
    assert command("--target", f"http://127.0.0.1:{listener.getsockname()[1]}") == 2
    assert "stopped answering after 1 call" in capsys.readouterr().err


def test_of_a_replay_only_missing_answers_are_said():
    found, _ = replayed(lambda _: ok(ORDER), get(ORDER))
    said = [f"{item.what}: {item.why}" for item in found.report.skipped]
    assert any("not replayed: " in line for line in said)
    assert not any(
        "recorded call" in line or "parameters" in line or "request fields" in line for line in said
    )


@pytest.mark.parametrize(
    ("answered", "asked"), [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")]
)
def test_what_a_cache_holds_is_that_of_this_run(answered, asked):
    def service(one):
        if one.headers.get(asked.lower()) == '"v9"':
            return 304, [[answered, '"v9"']], b""
        return ok(ORDER, 200, [answered, '"v9"'])

    first = get(ORDER, answer_headers={answered: '"v1"'})
    again = get(None, status=304, headers={asked: '"v1"'}, response_body=body(content=b""))
    assert told(service, first, again) == []
    assert told(service, again) == [("status-changed", "")]


def test_noise_of_many_calls_is_used_where_it_fits_one():
    rules = (Noise("header.date"), Noise("body.gone"))
    first = get({"id": 7}, noise=rules, answer_headers={"Date": "x"})
    second = exchange("GET", "/orders", got=[], noise=rules)
    found, _ = replayed(lambda one: ok({"id": 7} if one.path.endswith("7") else []), first, second)
    unused = [one for one in found.report.findings if one.rule == "replayed-noise-unused"]
    assert [(one.difference.name, one.difference.operation) for one in unused] == [("body.gone", None)]


@pytest.fixture
def test_set(tmp_path):
    """A test set of Keploy with one test, whose request and answer hold placeholders."""
    folder = tmp_path / "keploy" / "test-set-0"
    (folder / "tests").mkdir(parents=True)
    (folder / "tests" / "test-1.yaml").write_text(
        "version: api.keploy.io/v1beta1\nkind: Http\nname: test-1\nspec:\n"
        "  req: {method: POST, url: 'http://localhost/orders?q={{string .word}}',"
        " header: {Content-Type: application/json, X-Key: '{{string .secret.KEY}}'},"
        """ body: '{"id": {{int .id}}, "text": "{{string .word}}"}'}\n"""
        "  resp: {status_code: 200, header: {Content-Type: application/json},"
        """ body: '{"text": "{{string .word}}"}'}\n"""
    )
    (folder / "config.yaml").write_text("template: {id: 9, word: 'a \"b&c'}\n")
    (folder / "secret.yaml").write_text("KEY: k-1\n")
    return folder


def test_placeholders_of_keploy_are_filled_from_its_test_set(test_set):
    service = Remembering(lambda _: ok({"text": 'a "b&c'}))
    config = Config(traffic=TrafficConfig(allow_writes=True))
    with serving(service) as target:
        found = replay_traffic([str(test_set.parent)], target, ORDERS, config=config)
    (asked,) = service.asked
    assert asked.path == "/orders?q=a%20%22b%26c"
    assert asked.json == {"id": 9, "text": 'a "b&c'}
    assert asked.headers["x-key"] == "k-1"
    assert found.report.findings == ()


def test_filled_answers_are_asserted(test_set):
    config = Config(traffic=TrafficConfig(allow_writes=True))
    with serving(lambda _: ok({"text": "other"})) as target:
        found = replay_traffic([str(test_set.parent)], target, ORDERS, config=config)
    assert [one.rule for one in found.report.findings] == ["replayed-value-changed"]


def test_placeholders_that_the_test_set_does_not_know_stay(test_set):
    (test_set / "config.yaml").write_text("template: {word: x}\n")
    config = Config(traffic=TrafficConfig(allow_writes=True))
    with serving(lambda _: ok({})) as target, pytest.raises(DriftcheckError, match="nobody filled"):
        replay_traffic([str(test_set.parent)], target, ORDERS, config=config)
