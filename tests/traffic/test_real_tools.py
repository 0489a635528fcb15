"""Recordings that the real tools make, of the same calls: what each of them wrote is read as what was sent.

Loudly skipped where a tool is not installed; .ci/run demands them all.
"""

from __future__ import annotations

import json
import os
import shutil
import socket
import subprocess
import time
import urllib.request
from pathlib import Path

import pytest

from driftcheck.traffic.readers import ReadOptions, Unreadable, read
from driftcheck.traffic.scan import scan_recordings
from tests.report.node import chromium, modules
from tests.traffic.shop_server import serving

ORDER = {"id": 7, "name": "Käse"}
HERE = Path(__file__).parent


@pytest.fixture(scope="module")
def shop():
    with serving() as url:
        yield url


def calls_of(path, options=None):
    items = list(read([str(path)], options or ReadOptions()))
    assert not [item for item in items if isinstance(item, Unreadable) and item.wrong], items
    return [item for item in items if not isinstance(item, Unreadable)]


def by_path(calls, base):
    return {f"{call.request.method} {call.request.url.removeprefix(base)}": call for call in calls}


def answer(call):
    return json.loads(call.response.body.content)


def run(*command, folder, **environment):
    done = subprocess.run(
        list(map(str, command)),
        cwd=folder,
        env={**os.environ, **environment},
        capture_output=True,
        text=True,
        check=False,
        timeout=180,
    )
    assert done.returncode == 0, done.stdout + done.stderr
    return done.stdout


@pytest.mark.parametrize("content", ["embed", "attach", "omit", "zip"])
def test_har_of_chromium_driven_by_playwright(content, shop, tmp_path):
    run(
        "node",
        HERE / "browse.mjs",
        modules(),
        chromium(),
        shop,
        tmp_path / ("run.har.zip" if content == "zip" else "run.har"),
        "attach" if content == "zip" else content,
        folder=tmp_path,
    )
    calls = by_path(calls_of(tmp_path), shop)
    made = calls["POST /orders"]
    assert {call.provenance for call in calls.values()} == {"recorded"}
    assert made.response.status == 201
    blob = calls["GET /blob"].response.body
    if content == "omit":
        assert (made.request.body.state, made.response.body.state, blob.state) == ("absent",) * 3
        return
    assert json.loads(made.request.body.content) == {"name": "Käse", "qty": 1}
    assert answer(calls["GET /orders/7?full=true"]) == ORDER
    assert calls["POST /form"].request.body.content == b"a=1&b=x+y"
    assert (blob.state, blob.content) == ("binary", bytes(range(256)))
    assert calls["GET http://127.0.0.1:1/dead"].response is None


def mitmdump():
    found = os.environ.get("DRIFTCHECK_MITMDUMP") or shutil.which("mitmdump")
    if not found:
        pytest.skip("needs mitmproxy in an environment of its own (DRIFTCHECK_MITMDUMP=path of mitmdump)")
    return found


def free_port():
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


def wait_for(url, process):
    for _ in range(300):
        assert process.poll() is None, "the tool ended by itself"
        try:
            return urllib.request.urlopen(url, timeout=5).read()
        except OSError:
            time.sleep(0.1)
    raise AssertionError(f"nothing answers at {url}")


def send(url, method="GET", data=None, **headers):
    request = urllib.request.Request(
        url, data, {k.replace("_", "-"): v for k, v in headers.items()}, method=method
    )
    with urllib.request.urlopen(request, timeout=10) as response:
        return response.read()


def send_all(base):
    send(f"{base}/orders/7?full=true", Authorization="Bearer k3J9sQ2mV7xT1zB8")
    send(f"{base}/orders", "POST", json.dumps({"qty": 1}).encode(), Content_Type="application/json")
    send(f"{base}/blob")
    send(f"{base}/packed", Accept_Encoding="gzip")
    send(f"{base}/orders/7", "DELETE")


def assert_all(calls):
    assert answer(calls["GET /orders/7?full=true"]) == ORDER
    assert json.loads(calls["POST /orders"].request.body.content) == {"qty": 1}
    assert answer(calls["POST /orders"]) == {"id": 1, "qty": 1}
    assert calls["GET /blob"].response.body.content == bytes(range(256))
    assert answer(calls["GET /packed"]) == {"packed": True}
    deleted = calls["DELETE /orders/7"].response
    assert (deleted.status, deleted.body.state, deleted.body.content) == (204, "present", b"")


def test_har_of_mitmproxy(shop, tmp_path):
    port = free_port()
    command = [
        mitmdump(),
        "--mode",
        f"reverse:{shop}",
        "--listen-host",
        "127.0.0.1",
        "-p",
        str(port),
        "-q",
        "--set",
        f"hardump={tmp_path / 'run.har'}",
        "--set",
        f"confdir={tmp_path}",
    ]
    process = subprocess.Popen(command, cwd=tmp_path)
    try:
        wait_for(f"http://127.0.0.1:{port}/up", process)
        send_all(f"http://127.0.0.1:{port}")
    finally:
        process.send_signal(2)
        process.wait(30)
    assert_all(by_path(calls_of(tmp_path / "run.har"), shop))
    assert [finding.rule for finding in scan_recordings([str(tmp_path / "run.har")]).findings] == [
        "recording-secret"
    ]


def wiremock():
    jars = sorted((modules() / "wiremock" / "build").glob("wiremock-standalone-*.jar"))
    if shutil.which("java") is None or not jars:
        pytest.skip("needs a Java runtime, and npm's wiremock (tests/node/package.json)")
    return jars[0]


def test_mappings_that_wiremock_recorded(shop, tmp_path):
    port = free_port()
    admin = f"http://127.0.0.1:{port}/__admin"
    command = [
        "java",
        "-jar",
        str(wiremock()),
        "--port",
        str(port),
        "--bind-address",
        "127.0.0.1",
        "--root-dir",
        str(tmp_path),
    ]
    process = subprocess.Popen(command, cwd=tmp_path, stdout=subprocess.DEVNULL)
    try:
        wait_for(f"{admin}/mappings", process)
        start = json.dumps({"targetBaseUrl": shop, "extractBodyCriteria": {"binarySizeThreshold": "100"}})
        send(f"{admin}/recordings/start", "POST", start.encode())
        send_all(f"http://127.0.0.1:{port}")
        send(f"{admin}/recordings/stop", "POST", b"")
    finally:
        process.terminate()
        process.wait(30)
    assert list((tmp_path / "__files").iterdir()), "the picture is in a file of its own"
    calls = by_path(calls_of(tmp_path), shop)
    assert {call.provenance for call in calls.values()} == {"stub"}
    assert answer(calls["GET /orders/7?full=true"]) == ORDER
    assert answer(calls["POST /orders"]) == {"id": 1, "qty": 1}
    assert calls["GET /blob"].response.body.content == bytes(range(256))
    assert answer(calls["GET /packed"]) == {"packed": True}
    assert calls["DELETE /orders/7"].response.status == 204


def collection(base):
    authorised = {"type": "bearer", "bearer": [{"key": "token", "value": "{{token}}", "type": "string"}]}
    form = [
        {"key": "a b", "value": "1&2"},
        {"key": "c", "value": "ä"},
        {"key": "d", "value": "x", "disabled": True},
    ]
    query = [{"key": "full", "value": "true"}, {"key": "no", "value": "1", "disabled": True}]
    order = {
        "host": ["{{base}}"],
        "path": ["orders", ":id"],
        "query": query,
        "variable": [{"key": "id", "value": "7"}],
    }
    basic = {"type": "basic", "basic": [{"key": "username", "value": "u"}, {"key": "password", "value": "p"}]}
    key = {
        "type": "apikey",
        "apikey": [
            {"key": "key", "value": "k"},
            {"key": "value", "value": "v"},
            {"key": "in", "value": "query"},
        ],
    }
    requests = {
        "get": {"method": "GET", "url": order, "header": [{"key": "X-Off", "value": "1", "disabled": True}]},
        "post": {
            "method": "POST",
            "url": "{{base}}/orders",
            "header": [{"key": "Content-Type", "value": "application/json"}],
            "body": {"mode": "raw", "raw": '{"qty": {{qty}}}'},
        },
        "form": {
            "method": "POST",
            "url": "{{base}}/form",
            "body": {"mode": "urlencoded", "urlencoded": form},
        },
        "graph": {
            "method": "POST",
            "url": "{{base}}/graph",
            "body": {"mode": "graphql", "graphql": {"query": "{ a }", "variables": '{"x": 1}'}},
        },
        "delete": {"method": "DELETE", "url": "{{base}}/orders/7", "auth": basic},
        "key": {"method": "GET", "url": "{{base}}/key", "auth": key},
        "blob": {"method": "GET", "url": "{{base}}/blob"},
        "packed": {"method": "GET", "url": "{{base}}/packed"},
    }
    return {
        "info": {
            "name": "shop",
            "schema": "https://schema.getpostman.com/json/collection/v2.1.0/collection.json",
        },
        "item": [{"name": "folder", "item": [{"name": n, "request": r} for n, r in requests.items()]}],
        "auth": authorised,
        "variable": [{"key": "base", "value": base}, {"key": "qty", "value": "9"}],
    }


def test_collections_are_resolved_as_newman_sends_them(shop, tmp_path):
    newman = modules() / "newman" / "bin" / "newman.js"
    (tmp_path / "c.json").write_text(json.dumps(collection(shop)))
    values = [{"key": "token", "value": "t"}, {"key": "qty", "value": "2"}]
    (tmp_path / "e.json").write_text(json.dumps({"name": "e", "values": values}))
    run(
        "node",
        newman,
        "run",
        "c.json",
        "-e",
        "e.json",
        "-r",
        "json",
        "--reporter-json-export",
        "r.json",
        folder=tmp_path,
    )
    sent = calls_of(tmp_path / "r.json")
    saved = calls_of(tmp_path / "c.json", ReadOptions((str(tmp_path / "e.json"),)))
    assert len(sent) == len(saved) == 8
    for ours, theirs in zip(saved, sent, strict=True):
        assert ours.request.method == theirs.request.method
        assert ours.request.url == theirs.request.url
        assert dict(ours.request.headers).items() <= dict(theirs.request.headers).items()
        assert ours.request.body == theirs.request.body
        assert ours.consumer == theirs.consumer == "shop"
    calls = by_path(sent, shop)
    assert answer(calls["GET /orders/7?full=true"]) == ORDER
    assert answer(calls["POST /orders"]) == {"id": 1, "qty": 2}
    assert calls["POST /form"].request.body.content == b"a+b=1%262&c=%C3%A4"
    assert calls["GET /blob"].response.body.content == bytes(range(256))
    assert answer(calls["GET /packed"]) == {"packed": True}
    assert calls["DELETE /orders/7"].response.status == 204


def test_urls_are_those_of_postmans_own_library(shop, tmp_path):
    script = """
const {Collection} = require(process.argv[1] + '/postman-collection');
const c = new Collection(JSON.parse(require('fs').readFileSync(process.argv[2])));
const seen = [];
c.forEachItem(item => {
  const url = item.request.url;
  const origin = (url.protocol || 'http') + '://' + url.getRemote();
  seen.push(origin + url.getPathWithQuery());
});
console.log(JSON.stringify(seen));
"""
    urls = [
        "http://a.test/b?c=1&d=2",
        {"raw": "", "protocol": "https", "host": ["a", "test"], "port": "8443", "path": ["b", "c"]},
        {
            "host": ["a", "test"],
            "path": ["b"],
            "query": [{"key": "q", "value": "1"}, {"key": "r", "value": "2", "disabled": True}],
        },
        {"host": ["a", "test"], "path": ["o", ":id"], "variable": [{"key": "id", "value": "7"}]},
        {"protocol": "http", "host": "a.test", "path": "x/y"},
    ]
    items = [{"name": "r", "request": {"method": "GET", "url": url}} for url in urls]
    value = {**collection(shop), "item": items, "auth": None}
    (tmp_path / "c.json").write_text(json.dumps(value))
    theirs = json.loads(run("node", "-e", script, modules(), tmp_path / "c.json", folder=tmp_path))
    assert [call.request.url for call in calls_of(tmp_path / "c.json")] == theirs


@pytest.mark.parametrize("name", ["fixture", "chromium"])
def test_hars_fit_the_published_schema(name, shop, tmp_path):
    script = """
const validate = require(process.argv[1] + '/har-validator/lib/promise');
validate.har(JSON.parse(require('fs').readFileSync(process.argv[2])))
  .then(() => console.log('fits'), e => { console.error(e.errors || e); process.exit(1); });
"""
    file = Path(__file__).parents[2] / "fixtures" / "traffic" / "har" / "shop.har"
    if name == "chromium":
        file = tmp_path / "run.har"
        run("node", HERE / "browse.mjs", modules(), chromium(), shop, file, "embed", folder=tmp_path)
    assert run("node", "-e", script, modules(), file, folder=tmp_path).strip() == "fits"


@pytest.mark.parametrize(("serializer", "packed"), [("yaml", False), ("yaml", True), ("json", True)])
def test_cassettes_of_vcrpy(serializer, packed, shop, tmp_path):
    import vcr

    file = tmp_path / f"cassette.{serializer}"
    with vcr.use_cassette(str(file), serializer=serializer, decode_compressed_response=packed):
        send(f"{shop}/orders/7?full=true")
        send(f"{shop}/orders", "POST", json.dumps({"qty": 1}).encode(), Content_Type="application/json")
        send(f"{shop}/packed", Accept_Encoding="gzip")
        send(f"{shop}/orders/7", "DELETE")
        if serializer == "yaml":
            send(f"{shop}/blob")
    calls = by_path(calls_of(file), shop)
    assert answer(calls["GET /orders/7?full=true"]) == ORDER
    assert json.loads(calls["POST /orders"].request.body.content) == {"qty": 1}
    assert answer(calls["GET /packed"]) == {"packed": True}
    assert calls["DELETE /orders/7"].response.status == 204
    lines = file.read_text("utf-8").splitlines()
    for call in calls.values():
        assert "request" in "".join(lines[call.source.line - 1 : call.source.line + 1])


SPEC = {
    "openapi": "3.1.0",
    "info": {"title": "shop", "version": "1"},
    "paths": {
        "/orders/{id}": {
            "get": {
                "parameters": [{"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}],
                "responses": {"200": {"description": "ok"}},
            }
        },
        "/form": {
            "post": {
                "requestBody": {"content": {"application/json": {"schema": {"type": "object"}}}},
                "responses": {"200": {"description": "ok"}},
            }
        },
    },
}


def test_reports_of_schemathesis(shop, tmp_path):
    (tmp_path / "openapi.json").write_text(json.dumps(SPEC))
    run(
        "schemathesis",
        "run",
        "openapi.json",
        "--url",
        shop,
        "--report",
        "har,vcr",
        "--report-dir",
        "reports",
        "--max-examples",
        "5",
        "--seed",
        "1",
        "--phases",
        "examples,fuzzing",
        "--checks",
        "not_a_server_error",
        folder=tmp_path,
        PATH=f"{Path(os.sys.executable).parent}:{os.environ['PATH']}",
    )
    files = {file.suffix: calls_of(file) for file in (tmp_path / "reports").iterdir()}
    har, cassette = files[".json"], files[".yaml"]
    assert len(har) == len(cassette) > 5
    for one, other in zip(har, cassette, strict=True):
        assert (one.request.method, one.response.status) == (other.request.method, other.response.status)
        assert one.response.body.content == other.response.body.content


@pytest.mark.parametrize("version", ["V2", "V3", "V4"])
def test_pacts_of_pact_python(version, tmp_path):
    pact = pytest.importorskip("pact")
    match = pact.match
    written = pact.Pact("web", "shop").with_specification(version)
    body = {"id": match.int(7), "name": match.regex("Käse", regex=".+")} if version != "V2" else ORDER
    (
        written.upon_receiving("an order")
        .given("order 7 exists")
        .with_request("GET", "/orders/7")
        .with_query_parameter("full", "true")
        .with_header("Accept", "application/json")
        .will_respond_with(200)
        .with_header("Content-Type", "application/json")
        .with_body(body)
    )
    (
        written.upon_receiving("a new order")
        .with_request("POST", "/orders")
        .with_body({"qty": 1}, "application/json")
        .will_respond_with(201)
    )
    written.write_file(tmp_path)
    calls = by_path(calls_of(tmp_path), "")
    order = calls["GET /orders/7?full=true"]
    assert answer(order) == ORDER
    assert (order.consumer, order.provider, order.test) == ("web", "shop", "an order")
    assert json.loads(calls["POST /orders"].request.body.content) == {"qty": 1}
    assert calls["POST /orders"].response.body.state == "absent"
    if version != "V2":
        assert {noise.path for noise in order.noise} >= {"body.id", "body.name"}
