"""Calls of a test suite, held to a description and recorded: by order of running, xdist, and outcome."""

from __future__ import annotations

import json

import pytest

from driftcheck.traffic.readers import read
from tests.testing.project import DRIFTED, FITTING

pytest_plugins = ["pytester"]

HELD = "--driftcheck-spec=openapi.yaml"


@pytest.fixture
def shop(project):
    project.shop()
    return project


def test_calls_that_fit_pass(shop):
    shop.tests(fitting=FITTING)
    result = shop.run(HELD)
    result.assert_outcomes(passed=3)
    result.stdout.fnmatch_lines(["3 calls held to openapi.yaml"])
    result.stdout.no_fnmatch_line("*never called*")


def test_the_test_whose_call_does_not_fit_fails_and_says_where(shop):
    shop.tests(fitting=FITTING, drifted=DRIFTED)
    result = shop.run(HELD)
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(
        [
            "*_ test_wrong_status _*",
            "POST /orders",
            "  breaking  recorded-response-field-invalid",
            '*status*("lost")*',
            "    tests/test_drifted.py:5 -> openapi.yaml:47:*",
            "      47 + status: {type: string, enum: [[]open, paid]}",
            "FAILED tests/test_drifted.py::test_wrong_status*",
        ]
    )
    said = result.stdout.str()
    assert "pytest_runtest_call" not in said, "no frame of the plugin is shown"
    assert "All traceback entries are hidden" not in said


def test_without_the_option_nothing_is_held(shop):
    shop.tests(drifted=DRIFTED)
    result = shop.run()
    result.assert_outcomes(passed=2)
    result.stdout.no_fnmatch_line("*held to*")


def test_a_test_that_fails_by_itself_keeps_its_reason(shop):
    shop.tests(
        own="""
        def test_own(client):
            client.post("/orders", json={"email": "a@b.example", "qty": 1, "coupon": "lost"})
            assert 1 == 2
        """.replace("\n        ", "\n")
    )
    result = shop.run(HELD)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(
        ["E * assert 1 == 2", "*driftcheck call*", "*recorded-response-field-invalid"]
    )


def test_calls_of_fixtures_belong_to_their_test(shop):
    shop.tests(
        around="""
        import pytest

        BAD = {"email": "a@b.example", "qty": 1, "coupon": "lost"}

        @pytest.fixture
        def before(client):
            client.post("/orders", json=BAD)

        @pytest.fixture
        def after(client):
            yield
            client.post("/orders", json=BAD)

        def test_before(before): pass

        def test_after(after): pass
        """.replace("\n        ", "\n")
    )
    result = shop.run(HELD)
    result.assert_outcomes(failed=1, passed=1, errors=1)
    result.stdout.fnmatch_lines(["FAILED*test_before*", "ERROR*test_after*"])


def test_ignores_and_levels_of_the_configuration_count(shop):
    shop.tests(drifted=DRIFTED)
    with (shop.path / "pyproject.toml").open("a") as file:
        file.write('\n[tool.driftcheck.severity]\nrecorded-response-field-invalid = "risky"\n')
    shop.run(HELD).assert_outcomes(passed=2)


def test_expected_failures_may_be_failures_of_the_contract(shop):
    shop.tests(
        drifted=DRIFTED.replace("def test_wrong_status", "@pytest.mark.xfail(strict=True)\ndef test_wrong")
    )
    shop.run(HELD).assert_outcomes(passed=1, xfailed=1)


def test_operations_that_no_test_calls_are_told(shop):
    shop.tests(few="def test_read(client):\n    client.get('/orders/7')\n")
    result = shop.run(HELD)
    result.stdout.fnmatch_lines(["1 call held to*", "1 of 2 operations were never called: POST /orders"])


def test_a_route_that_is_not_described_is_told_even_as_the_only_call(shop):
    shop.tests(
        odd="def test_odd(client):\n    from app import app\n"
        "    app.get('/secret')(lambda: {})\n    client.get('/secret')\n"
    )
    result = shop.run(HELD)
    result.assert_outcomes(failed=1)
    result.stdout.fnmatch_lines(["GET /secret"])


@pytest.mark.parametrize(
    ("spec", "words"),
    [("nowhere.yaml", "*nowhere.yaml*"), ("pyproject.toml", "*pyproject.toml*")],
)
def test_a_description_that_cannot_be_read_ends_the_run(shop, spec, words):
    shop.tests(fitting=FITTING)
    result = shop.run(f"--driftcheck-spec={spec}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: driftcheck: {words}"])


@pytest.mark.parametrize("options", [["-n", "2"], ["--random-order"], ["-p", "anyio"]], ids=" ".join)
def test_xdist_and_random_order_change_nothing(shop, options):
    shop.tests(fitting=FITTING, drifted=DRIFTED)
    result = shop.run(HELD, "--driftcheck-record=out.ndjson", *options)
    result.assert_outcomes(passed=4, failed=1)
    result.stdout.fnmatch_lines(["5 calls held to openapi.yaml", "5 calls recorded in out.ndjson, redacted"])
    tests = [call.test.rpartition("::")[2] for call in read([str(shop.path / "out.ndjson")])]
    assert tests == ["test_on_purpose", "test_wrong_status", "test_create", "test_read", "test_refused"]


@pytest.mark.parametrize("options", [[], ["-n", "2"]], ids=["alone", "xdist"])
def test_recordings_hold_no_secret_and_equal_values_stay_equal(shop, options):
    token = "Bearer 8f2c1d7a9b3e4f60a1b2c3d4e5f60718"
    call = f"client.get('/orders/7', headers={{'Authorization': '{token}'}})"
    shop.tests(one=f"def test_1(client):\n    {call}\n", two=f"def test_2(client):\n    {call}\n")
    shop.run("--driftcheck-record=out.har", *options).assert_outcomes(passed=2)
    text = (shop.path / "out.har").read_text()
    assert "8f2c1d7a9b3e" not in text
    entries = json.loads(text)["log"]["entries"]
    sent = [
        header["value"]
        for entry in entries
        for header in entry["request"]["headers"]
        if header["name"] == "authorization"
    ]
    assert len(sent) == 2
    assert len(set(sent)) == 1
    assert [entry["comment"].rpartition("::")[2] for entry in entries] == ["test_1", "test_2"]


@pytest.mark.parametrize(
    ("file", "words"), [("out.txt", "*no format*"), ("no/where.har", "*cannot be written*")]
)
def test_a_recording_that_cannot_be_written_ends_the_run_before_the_tests(shop, file, words):
    shop.tests(fitting=FITTING)
    result = shop.run(f"--driftcheck-record={file}")
    assert result.ret == pytest.ExitCode.USAGE_ERROR
    result.stderr.fnmatch_lines([f"ERROR: driftcheck: {words}"])


RECORD = """
def test_own(client, driftcheck_record):
    client.post("/orders", json={"email": "eve@shop-customer.net", "qty": 2, "coupon": "lost"})
    (call,) = driftcheck_record.calls
    assert (call.request.method, call.response.status) == ("POST", 201)
    driftcheck_record.save("own.har")
    driftcheck_record.check("openapi.yaml")

def test_none(driftcheck_record):
    assert driftcheck_record.calls == ()
"""


def test_the_fixture_records_one_test(shop):
    shop.tests(own=RECORD)
    result = shop.run()
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(["*recorded-response-field-invalid"])
    (call,) = read([str(shop.path / "own.har")])
    assert call.test == "tests/test_own.py::test_own"
    assert b"eve@" not in call.request.body.content


ASYNC = """
import httpx
import pytest
from app import app

@pytest.fixture
def anyio_backend():
    return "asyncio"

async def order(**fields):
    transport = httpx.ASGITransport(app)
    async with httpx.AsyncClient(transport=transport, base_url="http://shop") as client:
        return await client.post("/orders", json={{"email": "a@b.example", "qty": 1, **fields}})

@pytest.mark.{marker}
async def test_fits():
    assert (await order()).status_code == 201

@pytest.mark.{marker}
async def test_drifted():
    await order(coupon="lost")
"""


@pytest.mark.parametrize("marker", ["anyio", "asyncio"])
def test_async_tests_are_held_too(shop, marker):
    pytest.importorskip(f"pytest_{marker}" if marker == "asyncio" else marker)
    shop.tests(waiting=ASYNC.format(marker=marker))
    result = shop.run(HELD, *(["-p", "asyncio"] if marker == "asyncio" else []))
    result.assert_outcomes(passed=1, failed=1)
    result.stdout.fnmatch_lines(
        ["*recorded-response-field-invalid", "    tests/test_waiting.py:13 -> openapi.yaml:*"]
    )
