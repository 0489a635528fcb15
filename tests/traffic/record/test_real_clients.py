"""Real tools call through the recording proxy, and what they reported says which tests a change breaks.

Loudly skipped where a tool is not installed; .ci/run demands them all.
"""

from __future__ import annotations

import json
import shutil
import subprocess
import sys
from pathlib import Path

import pytest

from driftcheck import check_traffic
from driftcheck.cli import main
from driftcheck.traffic.readers import read
from tests.report.node import chromium, modules
from tests.traffic.calls import answering, spec
from tests.traffic.shop_server import serving
from tests.traffic.test_real_tools import free_port, send, wait_for, wiremock

FIXTURES = Path(__file__).parents[3] / "fixtures" / "traffic"
HERE = Path(__file__).parents[1]
JARS = Path("/usr/share/java")  # Debian's
ORDER = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
MADE = {"type": "object", "properties": {"id": {"type": "integer"}, "qty": {"type": "integer"}}}
ID = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}


def description(order=ORDER, made=MADE):
    post = answering(made)
    post["responses"] = {"201": post["responses"]["200"]}
    return spec(
        {"/orders": {"post": post}, "/orders/{id}": {"get": {**answering(order), "parameters": [ID]}}}
    )


def without(schema, name):
    return {**schema, "properties": {key: one for key, one in schema["properties"].items() if key != name}}


@pytest.fixture
def shop():
    with serving() as url:
        yield url


@pytest.fixture(autouse=True)
def project(tmp_path, monkeypatch):
    """Descriptions of before, and of after two different changes."""
    monkeypatch.chdir(tmp_path)
    (tmp_path / "old.json").write_text(json.dumps(description()))
    (tmp_path / "no-name.json").write_text(json.dumps(description(order=without(ORDER, "name"))))
    (tmp_path / "no-qty.json").write_text(json.dumps(description(made=without(MADE, "qty"))))
    return tmp_path


def record(target, *command, status=0, output="run.har", options=()):
    arguments = ["traffic", "record", "--target", target, "-o", output, *options, "--", *map(str, command)]
    assert main(arguments) == status
    return list(read([output]))


def broken_tests(new, results, capsys, recording="run.har"):
    """The tests that call what breaks, as users are told."""
    capsys.readouterr()
    status = main(["api", "old.json", new, "--traffic", recording, "--results", results])
    assert status == 1
    said = next(line for line in capsys.readouterr().err.splitlines() if "what breaks" in line)
    return sorted(said.split(": ")[2].split("; ")) if said.count(": ") > 1 else []


def seen(calls):
    return [(call.request.method, call.request.url.split("/", 3)[3], call.response.status) for call in calls]


def test_newman(shop, project):
    newman = modules() / "newman" / "bin" / "newman.js"
    requests = [
        {"method": "GET", "url": "{{base}}/orders/7?full=true"},
        {
            "method": "POST",
            "url": "{{base}}/orders",
            "header": [{"key": "Content-Type", "value": "application/json"}],
            "body": {"mode": "raw", "raw": '{"qty": 1}'},
        },
    ]
    kind = "https://schema.getpostman.com/json/collection/v2.1.0/collection.json"
    items = [{"name": str(number), "request": request} for number, request in enumerate(requests)]
    (project / "c.json").write_text(json.dumps({"info": {"name": "shop", "schema": kind}, "item": items}))
    script = f'exec node "{newman}" run c.json --env-var "base=$BASE_URL"'
    calls = record(shop, "sh", "-c", script)
    assert seen(calls) == [("GET", "orders/7?full=true", 200), ("POST", "orders", 201)]
    assert json.loads(calls[1].request.body.content) == {"qty": 1}
    validated = (
        "require(process.argv[1] + '/har-validator/lib/promise')"
        ".har(JSON.parse(require('fs').readFileSync('run.har')))"
        ".catch((error) => { console.error(error.errors); process.exit(1); })"
    )
    subprocess.run(["node", "-e", validated, modules()], check=True)  # the published schema


def test_a_browser(shop, project):
    script = f'exec node "{HERE / "browse.mjs"}" "{modules()}" "{chromium()}" "$BASE_URL" own.har embed'
    calls = record(shop, "sh", "-c", script)
    api = {f"{call.request.method} /{call.request.url.split('/', 3)[3]}": call for call in calls}
    assert json.loads(api["POST /orders"].request.body.content) == {"name": "Käse", "qty": 1}
    assert json.loads(api["GET /orders/7?full=true"].response.body.content) == {"id": 7, "name": "Käse"}
    assert api["POST /form"].request.body.content == b"a=1&b=x+y"
    assert api["GET /blob"].response.body.content == bytes(range(256))
    own = [
        call for call in read(["own.har"]) if call.response is not None and "favicon" not in call.request.url
    ]
    assert {f"{call.request.method} /{call.request.url.split('/', 3)[3]}" for call in own} <= set(api)


def java(project):
    """Compiles the fixture's tests; the class path to run them with."""
    names = ("testng", "jcommander", "bsh", "opentest4j", "apiguardian-api", "picocli", "univocity-parsers")
    jars = [JARS / f"{name}.jar" for name in names]
    jars += [*JARS.glob("junit-jupiter-*.jar"), *JARS.glob("junit-platform-*.jar")]
    if shutil.which("javac") is None or not jars[0].exists() or not list(JARS.glob("junit-jupiter-api*.jar")):
        pytest.skip("needs a JDK and Debian's testng and junit5")
    path = ":".join(map(str, jars))
    sources = sorted((FIXTURES / "java").glob("*.java"))
    subprocess.run(["javac", "-d", project / "out", "-cp", path, *sources], check=True)
    return f"{project / 'out'}:{path}"


def test_testng(shop, project, capsys):
    path = java(project)
    calls = record(
        shop, "java", "-cp", path, "org.testng.TestNG", "-d", "results", "-testclass", "shop.OrdersTestNG"
    )
    assert {call.test for call in calls} == {
        "shop.OrdersTestNG.makesAnOrder",
        "shop.OrdersTestNG.readsAnOrder",
    }
    for results in ("results/testng-results.xml", "results/junitreports"):
        assert broken_tests("no-name.json", results, capsys) == ["shop.OrdersTestNG.readsAnOrder"]
        assert broken_tests("no-qty.json", results, capsys) == ["shop.OrdersTestNG.makesAnOrder"]


def test_junit(shop, project, capsys):
    path = java(project)
    launcher = ("org.junit.platform.console.ConsoleLauncher", "--disable-banner", "--reports-dir", "results")
    record(shop, "java", "-cp", path, *launcher, "-c", "shop.OrdersJUnit")
    assert broken_tests("no-name.json", "results", capsys) == ["shop.OrdersJUnit.readsAnOrder"]
    assert broken_tests("no-qty.json", "results", capsys) == ["shop.OrdersJUnit.makesAnOrder"]


@pytest.fixture
def supertest(project, monkeypatch):
    installed = modules()
    shutil.copytree(FIXTURES / "supertest", project, dirs_exist_ok=True)
    (project / "node_modules").symlink_to(installed)
    monkeypatch.delenv("NODE_OPTIONS", raising=False)


@pytest.mark.usefixtures("supertest")
@pytest.mark.parametrize(
    "command",
    [
        (
            "mocha/bin/mocha.js",
            "--reporter",
            "xunit",
            "--reporter-option",
            "output=results.xml",
            "*.spec.cjs",
        ),
        ("jest/bin/jest.js", "--silent", "-w", "2", "--reporters=jest-junit"),
    ],
    ids=["mocha", "jest"],
)
def test_results_of_mocha_and_jest(command, monkeypatch, capsys):
    monkeypatch.setenv("JEST_JUNIT_OUTPUT_NAME", "results.xml")
    script, *rest = command
    assert (
        main(["traffic", "record", "--node", "-o", "run.har", "--", "node", f"node_modules/{script}", *rest])
        == 0
    )
    assert [name.endswith("are made") for name in broken_tests("no-qty.json", "results.xml", capsys)] == [
        True
    ]


def test_pytest_with_its_own_results(project, capsys, shop):
    (project / "test_orders.py").write_text(
        "import json, os, urllib.request\n"
        "BASE = os.environ['BASE_URL']\n"
        "def call(path, data=None):\n"
        "    headers = {'content-type': 'application/json',\n"
        "               'x-driftcheck-test': os.environ['PYTEST_CURRENT_TEST'].split(' ')[0]}\n"
        "    return urllib.request.urlopen(urllib.request.Request(BASE + path, data, headers)).read()\n"
        "class TestOrders:\n"
        "    def test_read(self): call('/orders/7')\n"
        "    def test_make(self): call('/orders', b'{\"qty\": 1}')\n"
    )
    options = ("-p", "no:cacheprovider", "--junitxml", "results.xml", "-q", "test_orders.py")
    record(shop, sys.executable, "-m", "pytest", *options)
    assert broken_tests("no-name.json", "results.xml", capsys) == ["test_orders.TestOrders.test_read"]


def test_wiremock_behind_the_proxy(project):
    (project / "mappings").mkdir()
    stub = {
        "request": {"method": "GET", "urlPath": "/orders/7"},
        "response": {"status": 200, "jsonBody": {"id": "7"}, "headers": {"Content-Type": "application/json"}},
    }
    (project / "mappings" / "order.json").write_text(json.dumps(stub))
    port = free_port()
    options = ("--port", str(port), "--bind-address", "127.0.0.1", "--root-dir", str(project))
    process = subprocess.Popen(["java", "-jar", str(wiremock()), *options], stdout=subprocess.DEVNULL)
    try:
        wait_for(f"http://127.0.0.1:{port}/__admin/mappings", process)
        call = "import os, urllib.request as u; u.urlopen(os.environ['BASE_URL'] + '/orders/7').read()"
        calls = record(f"http://127.0.0.1:{port}", sys.executable, "-c", call)
    finally:
        process.terminate()
        process.wait(30)
    assert seen(calls) == [("GET", "orders/7", 200)]
    rules = {finding.rule for finding in check_traffic("run.har", "old.json").findings}
    assert "recorded-response-field-invalid" in rules
    assert {finding.rule for finding in check_traffic("mappings", "old.json").findings} == {"stub-drifted"}


def test_a_pact_that_a_mock_server_of_pact_wrote(project):
    pact = pytest.importorskip("pact")
    written = pact.Pact("web", "shop").with_specification("V4")
    written.upon_receiving("an order").with_request("GET", "/orders/7").will_respond_with(200).with_body(
        {"id": "seven"}, "application/json"
    )
    with written.serve() as server:
        assert json.loads(
            send(f"{server.url}orders/7" if str(server.url).endswith("/") else f"{server.url}/orders/7")
        )
    written.write_file(project / "pacts")
    assert {finding.rule for finding in check_traffic("pacts", "old.json").findings} == {"pact-drifted"}


def test_a_cassette_of_vcrpy(shop, project):
    vcr = pytest.importorskip("vcr")
    with vcr.use_cassette("cassette.yaml"):
        send(f"{shop}/orders/7")
    assert check_traffic("cassette.yaml", "old.json").findings == ()
    found = check_traffic("cassette.yaml", "no-name.json").findings
    assert {finding.rule for finding in found} == {"recorded-response-field-undocumented"}
