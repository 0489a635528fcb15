"""Keploy: tests and mocks of both versions, the shapes of noise, and what keploy.yml says."""

from __future__ import annotations

import json

import pytest

from driftcheck.traffic.exchange import Noise
from driftcheck.traffic.readers.keploy_config import KeployConfig
from driftcheck.traffic.readers.keploy_noise import noise_of

TEST = """version: api.keploy.io/v1beta1
kind: Http
name: test-1
spec:
    req: {method: GET, url: http://localhost/a, header: {}, body: ""}
    resp: {status_code: 200, header: {}, body: hi}
"""


def test_the_fixture(fixture_of):
    read = fixture_of("keploy")
    assert not read.wrong
    mock, first, third, fourth = read.calls
    assert [call.test for call in read.calls] == [
        "",
        "test-set-0/get-orders-1",
        "test-set-0/test-3",
        "test-set-0/test-4",
    ]
    assert first.request.url == "http://localhost:8080/orders/7?full=true"
    assert first.placeholders == ("{{string .secret.token}}", "{{string .email}}")
    assert (first.consumer, first.provider) == ("", "shop")
    assert first.time == pytest.approx(1772352000.123456)
    assert third.request.body.content == b"tag=a+b&tag=c"
    assert third.response.body.content == b'event: tick\ndata: {"n":1}\n\n: still here\n\n'
    assert (fourth.request.body.state, fourth.request.body.content) == ("binary", b"\x00\x01\x02")
    assert fourth.response.body.state == "external"
    assert (mock.consumer, mock.provider) == ("shop", "rates")
    assert mock.request.url == "http://rates.test:8082/latest?base=EUR"
    assert mock.noise == ()


def test_mocks_of_other_kinds_are_counted(fixture_of):
    assert [item.why.split(":")[0] for item in fixture_of("keploy").notes] == [
        "1 of kind MySQL",
        "1 of kind Postgres",
        "1 of kind PostgresV3",
        "1 of kind Redis",
    ]


def test_the_three_shapes_of_noise_and_that_of_the_configuration(fixture_of):
    _, first, third, fourth = fixture_of("keploy").calls
    shared = (Noise("body.stamp", (r"^\d+$",)), Noise("header.x-trace"), Noise("body.meta.took"))
    assert first.noise == (Noise("header.date"), Noise("body.items.*.id", ("^[0-9a-f]+$",)), *shared)
    assert third.noise == (Noise("header.date"), Noise("body.n"), *shared)
    assert fourth.noise == (Noise("body.a.b"), Noise("body.c"), Noise("header.date"), *shared)


@pytest.mark.parametrize(
    ("noise", "paths"),
    [
        (None, []),
        ([], []),
        ({}, []),
        (["header.Date"], ["header.date"]),
        ({"header.Date": []}, ["header.date"]),
        ({"header": {"Date": []}}, ["header.date"]),
        ({"body": {"a": ["x"]}}, ["body.a"]),
        ({"body": ["a"]}, ["body.a"]),
        ({"body": []}, ["body"]),
        ({"a.b": []}, ["body.a.b"]),
        (["items[0].Id"], ["body.items.0.Id"]),
        ("odd", []),
    ],
    ids=str,
)
def test_noise_is_read_as_exact_paths(noise, paths):
    spec = {"assertions": {"noise": noise}}
    assert [item.path for item in noise_of({}, spec, KeployConfig(), "")] == paths


def test_tests_of_json_storage(written):
    import yaml

    document = yaml.safe_load(TEST)
    assert written("test-1.json", json.dumps(document)).only.response.body.content == b"hi"
    rows = "\n".join([json.dumps(document)] * 2)
    assert len(written("mocks.json", rows).calls) == 2


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("body: hi", "body: 'true'"),
        ("body: hi", "body: no"),
        ("status_code: 200", "status_code: 200, body_size: 3"),
        ("kind: Http", "kind: Http\ncurl: curl -X GET"),
    ],
)
def test_harmless_variations(old, new, written):
    assert written("test-1.yaml", TEST.replace(old, new)).only.response.body.state == "present"


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("method: GET, ", ""),
        ("status_code: 200, ", ""),
        ("status_code: 200", "status_code: ok"),
        ("    req:", "    request:"),
        ("body: hi", "body: {a: 1}"),
        ("spec:", "spec: ["),
    ],
)
def test_broken_documents_are_told(old, new, written):
    read = written("test-1.yaml", TEST.replace(old, new))
    assert not read.calls
    assert len(read.wrong) == 1
    assert read.wrong[0].line is not None


def test_a_broken_document_does_not_stop_the_next_one(written):
    read = written("mocks.yaml", f"{TEST}---\n{TEST.replace('method: GET, ', '')}---\n{TEST}")
    assert [call.source.line for call in read.calls] == [1, 15]
    assert [item.line for item in read.wrong] == [8]


@pytest.mark.parametrize(
    ("chunks", "media_type", "text"),
    [
        ('[{ts: "1", data: {raw: "a"}}, {ts: "2", data: {raw: "b"}}]', "text/plain", b"ab"),
        ('[{ts: "1", data: {raw: "{}"}}, {ts: "2", data: {raw: "[]"}}]', "application/x-ndjson", b"{}\n[]\n"),
        ('[{ts: "1", data: {id: "1", data: x}}]', "text/event-stream", b"id: 1\ndata: x\n\n"),
        ("[]", "text/event-stream", b""),
    ],
)
def test_streamed_bodies(chunks, media_type, text, written):
    document = TEST.replace("body: hi", f"body: {chunks}")
    document = document.replace("header: {}, body: [", f"header: {{Content-Type: {media_type}}}, body: [")
    assert written("test-1.yaml", document).only.response.body.content == text


def test_a_body_in_a_file_is_read_from_below_the_test_set_only(written, tmp_path):
    (tmp_path / "set" / "assets").mkdir(parents=True)
    (tmp_path / "set" / "assets" / "big").write_text("big")
    (tmp_path / "secret").write_text("secret")
    for name, state in (("assets/big", "present"), ("../secret", "external"), ("assets/gone", "external")):
        text = TEST.replace("body: hi", f"body: '', body_ref: {{path: {name}, size: 3}}")
        assert written("set/tests/test-1.yaml", text).only.response.body.state == state


def test_ignored_tests_are_left_out(tmp_path, written):
    (tmp_path / "keploy.yml").write_text("test: {ignoredTests: {set-1: [], set-2: [test-2]}}\nappName: a\n")
    assert not written("keploy/set-1/tests/test-1.yaml", TEST).calls
    assert written("keploy/set-2/tests/test-1.yaml", TEST).calls


@pytest.mark.parametrize(
    "text", ["test: [", "", "3", "test: {globalNoise: 3, ignoredTests: []}\ncontract: 1"]
)
def test_a_broken_configuration_is_no_obstacle(text, tmp_path, written):
    (tmp_path / "keploy.yml").write_text(text)
    assert written("keploy/set-1/tests/test-1.yaml", TEST).calls
