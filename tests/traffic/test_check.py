"""The whole run: whose calls are judged, how they are counted, what is left out, and bad input."""

from __future__ import annotations

import json

import pytest

from driftcheck import DriftcheckError, check_traffic
from driftcheck.config import Config, TrafficConfig
from driftcheck.report import render
from driftcheck.traffic.exchange import Source, Unreadable
from tests.traffic.calls import answering, body, checked, exchange, rules, spec, taking

USER = {"type": "object", "properties": {"id": {"type": "integer"}, "email": {"type": "string"}}}
SPEC = spec({"/items": {"get": answering(USER)}, "/items/{id}": {"get": answering(USER)}})
SERVED = {**SPEC, "servers": [{"url": "https://api.example.com/v1"}]}
BAD = {"id": "secret-value"}


def at(url, got=None, **given):
    return exchange(url=url, got=got, **given)


@pytest.mark.parametrize(
    "url",
    [
        "https://api.example.com/v1/items",
        "http://localhost:8000/v1/items",
        "http://127.0.0.1/items",
        "/v1/items",
        "/items",
    ],
)
def test_calls_to_the_service(url):
    assert rules(SERVED, at(url, BAD)) == ["recorded-response-field-invalid"]


def test_calls_to_another_service_are_counted_and_not_judged():
    report = checked(SERVED, at("/items"), *[at("https://cdn.example.net/v1/items", BAD)] * 3)
    assert report.findings == ()
    (said,) = [item for item in report.skipped if "cdn.example.net" in item.what]
    assert said.what == "3 calls to cdn.example.net"
    assert "3 would fit an operation" in said.why


def test_a_host_can_be_chosen():
    traffic = TrafficConfig(host=("cdn.*",))
    calls = [at("https://cdn.example.net/v1/items", BAD), at("https://api.example.com/v1/items", BAD)]
    report = checked(SERVED, *calls, traffic=traffic)
    assert [found.difference.facts["count"] for found in report.findings] == [1]


def test_a_call_without_a_host_is_judged_whatever_is_chosen():
    traffic = TrafficConfig(host=("cdn.*",))
    assert rules(SERVED, at("/items", BAD), traffic=traffic) == ["recorded-response-field-invalid"]
    others = [
        at("/items", {"id": 1}),
        at("/items", BAD, provider="shop"),
        at("/items", BAD, provider="cdn.net"),
    ]
    report = checked(SERVED, *others, traffic=traffic)
    assert [found.difference.facts["count"] for found in report.findings] == [1]


def test_the_place_of_the_recorded_service_can_be_given():
    traffic = TrafficConfig(server=("https://staging.example.com/x",))
    assert rules(SERVED, at("https://staging.example.com/x/items", BAD), traffic=traffic) == [
        "recorded-response-field-invalid"
    ]


def test_a_local_service_that_is_another_one_altogether():
    calls = [at("http://localhost:3000/pages/1"), at("http://localhost:8000/items", {"id": 1})]
    report = checked(SPEC, *calls)
    assert report.findings == ()
    assert any(item.what == "1 call to localhost:3000" for item in report.skipped)


def test_undocumented_operations_of_the_service_itself_are_told():
    calls = [
        at("http://localhost:8000/things/1"),
        at("http://localhost:8000/things/2"),
        at("http://localhost:8000/items"),
    ]
    (found,) = checked(SPEC, *calls).findings
    assert found.rule == "recorded-call-undocumented"
    assert found.difference.object == "GET /things/{}"
    assert "(2 of 2 calls" in found.message


def test_another_method_of_a_path():
    (found,) = checked(SPEC, exchange("DELETE", "/items/1")).findings
    assert "has only GET there" in found.message


def test_what_nobody_knows_is_info():
    assert rules(SPEC, at("/things", status=404)) == ["recorded-call-unknown"]


@pytest.mark.parametrize(
    "call",
    [
        exchange("OPTIONS", "/items"),
        at("/api/openapi.json", {"openapi": "3.1.0"}),
        at("/favicon.ico", status=404),
        at("/app.js", response_body=body(content=b"x", media_type="text/javascript")),
        at("/logo.png", response_body=body(content=b"x", media_type="image/png")),
        at("/", response_body=body(content=b"x", media_type="text/html; charset=utf-8")),
    ],
)
def test_what_browsers_ask_for_by_themselves_is_only_counted(call):
    report = checked(SPEC, call, at("/items", {"id": 1}))
    assert report.findings == ()
    assert any("1 call: " in item.what for item in report.skipped)


def test_one_cause_is_one_finding_with_its_count_and_first_calls():
    calls = [at(f"/items/{n}", BAD, consumer="web" if n % 2 else "ios") for n in range(20)]
    (found,) = checked(SPEC, *calls, at("/items/99", {"id": 1})).findings
    assert "(20 of 21 calls, by ios, web)" in found.message
    assert len(found.used_by) == 5
    first = found.used_by[0]
    assert first["consumer"] == "ios"
    assert first["path"] == "/items/{id}"
    assert first["method"] == "GET"
    assert set(first) == {"consumer", "test", "file", "line", "method", "path", "why"}


def test_findings_point_to_the_recording_and_to_the_description(tmp_path):
    described = tmp_path / "openapi.json"
    described.write_text(json.dumps(SPEC, indent=1))
    call = at("/items", BAD, source=Source("calls.har", "har", 17))
    (found,) = check_traffic([call], described).findings
    assert [(at.side, at.line is not None) for at in found.locations] == [
        ("expected", True),
        ("actual", True),
    ]
    assert (found.locations[0].file, found.locations[0].line) == ("calls.har", 17)


@pytest.mark.parametrize("format", ["text", "json"])
def test_values_are_never_printed(format):
    calls = [
        at("/items?token=secret-value", BAD),
        at("/items/secret-value@example.com", BAD),
        at("/who/secret-value@x", BAD),
    ]
    written = render(checked(SPEC, *calls), format)
    assert "secret-value" not in written


def test_values_are_printed_where_that_is_asked_for():
    report = checked(SPEC, at("/items", BAD), traffic=TrafficConfig(show_values=True))
    assert "secret-value" in render(report, "text")


def test_the_same_calls_give_the_same_report():
    calls = [at("/items", BAD), at("/items/1", {"id": "x", "user_email": "y"}), at("/things")]
    written = {render(checked(SPEC, *calls), "json") for _ in range(3)}
    assert len(written) == 1


def test_the_order_of_calls_changes_no_finding():
    calls = [at("/items", BAD), at("/items/1", {"user_email": "y"}), at("/things")]
    assert sorted(rules(SPEC, *calls)) == sorted(rules(SPEC, *reversed(calls)))


def test_the_most_critical_operation_comes_first():
    paths = {name: {"post": answering(USER)} for name in ("/aaa", "/payments")}
    calls = [exchange("POST", name, got=BAD) for name in paths]
    assert [found.difference.object for found in checked(spec(paths), *calls).findings] == [
        "POST /payments",
        "POST /aaa",
    ]


def test_findings_can_be_ignored_and_judged_otherwise():
    config = {"ignore": ["recorded-response-field-invalid@GET /items"]}
    assert check_traffic([at("/items", BAD)], SPEC, config=config).findings == ()
    config = {"severity": {"recorded-response-field-invalid": "info"}, "changelog": True}
    assert check_traffic([at("/items", BAD)], SPEC, config=config).exit_code == 0


def test_what_is_never_exercised_is_said():
    paths = {
        "/a": {"get": {**answering(USER), "parameters": [{"name": "q", "in": "query", "schema": {}}]}},
        "/b": {"get": answering(USER)},
    }
    paths["/a"]["get"]["responses"]["404"] = {"description": "none"}
    said = {item.what: item.why for item in checked(spec(paths), at("/a", {"id": 1})).skipped}
    assert said["1 of 2 operations"] == "no recorded call: GET /b"
    assert said["GET /a"] == "never recorded: parameters q; statuses 404; fields of 200 email"


def test_an_operation_of_which_all_is_seen_is_not_mentioned():
    report = checked(spec({"/a": {"get": answering(USER)}}), at("/a", {"id": 1, "email": "x"}))
    assert report.skipped == ()


def test_what_cannot_go_that_way_is_not_missed():
    user = {
        "type": "object",
        "properties": {
            "id": {"type": "integer", "readOnly": True},
            "pin": {"type": "string", "writeOnly": True},
        },
    }
    paths = {"/a": {"post": {**taking(user), **answering(user)}}}
    assert checked(spec(paths), exchange("POST", "/a", {"pin": "x"}, {"id": 1})).skipped == ()


def test_an_unchanged_answer_counts_as_seen():
    paths = {"/a": {"get": answering(USER)}}
    paths["/a"]["get"]["responses"]["304"] = {"description": "same", "headers": {"X": {"required": True}}}
    calls = [at("/a", {"id": 1, "email": "x"}), at("/a", status=304, answer_headers={"ETag": "1"})]
    report = checked(spec(paths), *calls)
    assert (report.findings, report.skipped) == ((), ())


def test_a_bad_part_of_a_recording_is_a_finding_and_the_others_go_on():
    parts = [
        Unreadable("a.har", 3, "torn"),
        at("/items", BAD),
        Unreadable("b.yaml", None, "gRPC", wrong=False),
    ]
    report = checked(SPEC, *parts)
    assert {found.rule for found in report.findings} == {
        "recording-unreadable",
        "recorded-response-field-invalid",
    }
    assert any(item.what == "b.yaml" for item in report.skipped)


def test_a_recording_of_another_service_is_an_error():
    with pytest.raises(DriftcheckError, match=r"none of the 2 recorded calls .* shop\.example\.net \(2\)"):
        checked(SERVED, *[at("https://shop.example.net/cart")] * 2)
    with pytest.raises(DriftcheckError, match="none of the 1 recorded calls"):
        checked(SPEC, at("http://localhost:3000/cart"))


def test_no_calls_at_all(tmp_path):
    with pytest.raises(DriftcheckError, match="no recorded call"):
        checked(SPEC)
    with pytest.raises(DriftcheckError, match="no such file"):
        check_traffic(tmp_path / "gone", SPEC)


def test_recordings_of_which_nothing_can_be_read_are_no_pass(tmp_path):
    (tmp_path / "a.har").write_text('{"log": {"entries": [')
    with pytest.raises(DriftcheckError, match=r"no recorded call could be read: .*a\.har:1: .*cut off"):
        check_traffic([str(tmp_path)], SPEC)
    (tmp_path / "b.ndjson").write_text('{"driftcheck": 1, "request": {"method": "GET", "url": "/items"}}')
    report = check_traffic([str(tmp_path)], SPEC)
    assert [found.rule for found in report.findings] == ["recording-unreadable"]


def test_why_a_file_cannot_be_read_is_said_once():
    report = checked(SPEC, at("/items", {"id": 1}), Unreadable("a.har", 3, "the file was cut off"))
    assert render(report, "text").count("the file was cut off") == 1


def test_a_description_that_is_none(tmp_path):
    file = tmp_path / "calls.har"
    file.write_text("{}")
    with pytest.raises(DriftcheckError):
        check_traffic([at("/items")], str(file))


def test_an_unknown_weight():
    with pytest.raises(DriftcheckError, match="there is no weight 'money'"):
        checked(SPEC, at("/items"), traffic=TrafficConfig(weights={"money": 1.0}))


def test_files_are_read(tmp_path):
    (tmp_path / "calls.ndjson").write_text(
        '{"driftcheck": 1, "request": {"method": "GET", "url": "/items"},'
        ' "response": {"status": 200, "body": {"media_type": "application/json", "json": {"id": "x"}}}}\n'
    )
    report = check_traffic(tmp_path, SPEC, config=Config())
    assert [found.rule for found in report.findings] == ["recorded-response-field-invalid"]
    assert report.command == "traffic"
    assert report.expected == tmp_path.as_posix()
    assert report.actual == "<mapping>"


def test_what_is_wrong_on_one_line_is_told_each_for_itself():
    parts = [Unreadable("a.har", 1, why) for why in ("no URL", "no status", "no URL")]
    report = checked(SPEC, at("/items", {"id": 1}), *parts)
    assert sorted(found.message for found in report.findings) == [
        "a.har cannot be read: no URL",
        "a.har cannot be read: no status",
    ]
