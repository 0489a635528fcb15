"""Test results in every shape, and which test made a call."""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pytest

from driftcheck.cli import main
from driftcheck.errors import DriftcheckError
from driftcheck.traffic.results.joining import Tests, key_of
from driftcheck.traffic.results.reading import Test, read_file, read_results
from tests.traffic.calls import answering, exchange, spec

SUREFIRE = """<?xml version="1.0" encoding="UTF-8"?>
<testsuite name="shop.OrdersTest" time="0.5" tests="3" errors="0" skipped="1" failures="1">
  <properties><property name="x" value="y"/></properties>
  <testcase name="makes" classname="shop.OrdersTest" time="0.1"/>
  <testcase name="reads" classname="shop.OrdersTest" time="0.2">
    <failure message="m" type="t">text</failure></testcase>
  <testcase name="waits" classname="shop.OrdersTest" time="0"><skipped/></testcase>
</testsuite>"""
NESTED = """<testsuites><testsuite name="outer">
  <testsuite name="inner" timestamp="2026-01-02T03:04:05Z" time="2">
  <testcase name="outer inner makes()" classname="inner"/></testsuite></testsuite></testsuites>"""
TESTNG = """<testng-results skipped="0" failed="1" total="2" passed="1"><suite name="s"><test name="t">
  <class name="shop.OrdersTest">
    <test-method status="PASS" name="setUp" is-config="true"
      started-at="2026-01-02T03:04:05Z" duration-ms="1"/>
    <test-method status="PASS" name="makes" started-at="2026-01-02T03:04:05Z" duration-ms="1500"/>
    <test-method status="FAIL" name="reads" started-at="2026-01-02T03:04:09Z" duration-ms="10"/>
  </class></test></suite></testng-results>"""
XUNIT_NET = """<assemblies><assembly><collection>
  <test name="Shop.Orders.Makes" type="Shop.Orders" method="Makes"
  result="Fail"/></collection></assembly></assemblies>"""
NUNIT = """<test-run><test-suite><test-case name="Makes" classname="Shop.Orders" result="Passed"
  start-time="2026-01-02T03:04:05Z" end-time="2026-01-02T03:04:06Z"/></test-suite></test-run>"""
NODE = """<testsuites><testcase name="makes" time="0.1" classname="test"/></testsuites>"""
AT = datetime(2026, 1, 2, 3, 4, 5, tzinfo=UTC).timestamp()


def parsed(tmp_path, text):
    file = tmp_path / "results.xml"
    file.write_text(text)
    return read_file(file)


@pytest.mark.parametrize(
    ("text", "found"),
    [
        (
            SUREFIRE,
            [
                ("shop.OrdersTest.makes", "passed"),
                ("shop.OrdersTest.reads", "failed"),
                ("shop.OrdersTest.waits", "skipped"),
            ],
        ),
        (NESTED, [("outer inner makes", "passed")]),
        (TESTNG, [("shop.OrdersTest.makes", "passed"), ("shop.OrdersTest.reads", "failed")]),
        (XUNIT_NET, [("Shop.Orders.Makes", "failed")]),
        (NUNIT, [("Shop.Orders.Makes", "passed")]),
        (NODE, [("test.makes", "passed")]),
        ("\ufeff> shop@1.0.0 test\n> mocha\n\n" + SUREFIRE.split("\n", 1)[1].replace("skipped", "x"), None),
        ("<testsuites/>", []),
    ],
)
def test_every_shape(text, found, tmp_path):
    tests = parsed(tmp_path, text)
    assert found is None or [(test.label, test.status) for test in tests] == found
    assert len(tests) == (3 if found is None else len(found))


def test_times(tmp_path):
    first, second = parsed(tmp_path, TESTNG)
    assert (first.start, first.end) == (AT, AT + 2.5)
    assert second.start == AT + 4
    (nested,) = parsed(tmp_path, NESTED)
    assert (nested.start, nested.end) == (AT - 3, AT + 3)
    assert parsed(tmp_path, SUREFIRE)[0].start is None
    when = 'timestamp="Fri, 02 Jan 2026 03:04:05 GMT"'
    mocha = f'<testsuite name="Mocha" {when} time="1"><testcase name="a"/></testsuite>'
    assert parsed(tmp_path, mocha)[0].start == AT - 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "no XML",
        "<testsuite><testcase",
        "<html/>",
        '<!DOCTYPE x [<!ENTITY a "b">]><testsuite/>',
        '<testsuite><testcase name="&a;"/></testsuite>',
    ],
)
def test_what_is_no_result_is_refused(text, tmp_path):
    with pytest.raises(DriftcheckError):
        parsed(tmp_path, text)


def test_folders_and_files_that_are_not_there(tmp_path):
    (tmp_path / "deep").mkdir()
    with pytest.raises(DriftcheckError, match="no such file"):
        read_results([str(tmp_path)])
    (tmp_path / "deep" / "a.xml").write_text(NODE)
    assert len(read_results([str(tmp_path)])) == 1
    with pytest.raises(DriftcheckError, match="no such file"):
        read_results([str(tmp_path / "none.xml")])


@pytest.mark.parametrize(
    "name",
    [
        "shop.OrdersTest.makes",
        "shop.OrdersTest#makes",
        "OrdersTest.makes",
        "makes",
        "shop/OrdersTest > makes()",
    ],
)
def test_a_call_belongs_to_the_test_that_was_recorded(name):
    tests = Tests([Test("makes", "shop.OrdersTest"), Test("reads", "shop.OrdersTest")])
    assert tests.named(exchange(test=name)).test == "shop.OrdersTest.makes"


@pytest.mark.parametrize("name", ["other", "shop.OrdersTest", "PaymentsTest.makes"])
def test_a_name_that_no_test_has_stays(name):
    tests = Tests([Test("makes", "shop.OrdersTest")])
    assert tests.named(exchange(test=name)).test == name
    assert tests.used == set()


def test_a_name_that_two_tests_have_is_of_neither():
    tests = Tests([Test("makes", "a.Orders"), Test("makes", "b.Orders")])
    assert tests.named(exchange(test="makes")).test == "makes"
    assert tests.named(exchange(test="b.Orders.makes")).test == "b.Orders.makes"


@pytest.mark.parametrize(
    "again",
    [
        Test("makes", "shop.Orders", "failed", start=10.0, end=11.0),  # a retry, a row of data
        Test("shop Orders makes", "shop Orders makes", start=10.0, end=11.0),  # as jest-junit has it
        Test("shop Orders makes", start=10.0, end=11.0),
    ],
    ids=str,
)
def test_a_test_that_ran_twice_is_one_test(again):
    tests = Tests([Test("makes", "shop.Orders", start=10.0, end=12.0), again])
    assert len(tests) == 1
    for call in (exchange(test="shop Orders makes"), exchange(test="makes"), exchange(time=10.5)):
        assert tests.named(call).test == "shop.Orders.makes"
    assert tests.unclear == 0


def test_pytests_ids():
    tests = Tests([Test("test_makes", "tests.test_orders.TestOrders")])
    assert tests.named(exchange(test="tests/test_orders.py::TestOrders::test_makes")).test.endswith(
        "test_makes"
    )
    assert key_of("tests/a.spec.ts › makes") == key_of("tests.a.spec makes")


def test_a_call_without_a_name_belongs_to_the_only_test_of_its_time():
    tests = Tests([Test("a", start=10.0, end=12.0), Test("b", start=11.0, end=14.0)])
    assert [tests.named(exchange(time=time)).test for time in (10.5, 11.5, 13.0, 20.0)] == ["a", "", "b", ""]
    assert tests.unclear == 1
    assert tests.named(exchange()).test == ""


def test_skipped_tests_make_no_calls():
    tests = Tests([Test("a", status="skipped", start=10.0, end=12.0), Test("b", start=11.0, end=14.0)])
    assert tests.named(exchange(time=11.5)).test == "b"


@pytest.fixture
def project(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    schema = {"type": "object", "properties": {"id": {"type": "integer"}, "name": {"type": "string"}}}
    less = {**schema, "properties": {"id": {"type": "integer"}}}
    for name, one in (("old", schema), ("new", less)):
        (tmp_path / f"{name}.json").write_text(
            json.dumps(spec({"/a": {"get": answering(one)}, "/b": {"get": answering({})}}))
        )
    lines = []
    for test, url in (("OrdersTest.reads", "/a"), ("OrdersTest.makes", "/b"), ("OrdersTest.lists", "/a")):
        response = {"status": 200, "body": {"media_type": "application/json", "json": {"id": 1, "name": "x"}}}
        lines.append(
            json.dumps(
                {
                    "driftcheck": 1,
                    "request": {"method": "GET", "url": url},
                    "response": response,
                    "test": test,
                }
            )
        )
    (tmp_path / "calls.ndjson").write_text("\n".join(lines))
    cases = "".join(
        f'<testcase classname="shop.OrdersTest" name="{name}"/>'
        for name in ("reads", "makes", "lists", "idle")
    )
    (tmp_path / "results.xml").write_text(f"<testsuite>{cases}</testsuite>")
    return tmp_path


@pytest.mark.usefixtures("project")
def test_the_tests_that_a_change_breaks(capsys):
    command = ["api", "old.json", "new.json", "--traffic", "calls.ndjson", "--results", "results.xml"]
    assert main([*command, "--format", "json"]) == 1
    said = capsys.readouterr()
    report = json.loads(said.out)
    (finding,) = report["findings"]
    assert finding["message"].endswith("by 2 of 4 tests: shop.OrdersTest.lists; shop.OrdersTest.reads")
    assert {call["test"] for call in finding["used_by"]} == {"shop.OrdersTest.lists", "shop.OrdersTest.reads"}
    assert {"what": "1 of 4 tests", "why": "none of the recorded calls is theirs"} in report["skipped"]
    assert "2 of your tests call what breaks: shop.OrdersTest.lists; shop.OrdersTest.reads" in said.err


@pytest.mark.usefixtures("project")
def test_results_need_recordings(capsys):
    assert main(["api", "old.json", "new.json", "--results", "results.xml"]) == 2
    assert "--results needs the calls" in capsys.readouterr().err


@pytest.mark.usefixtures("project")
def test_nothing_that_breaks_breaks_no_test(capsys):
    command = ["api", "old.json", "old.json", "--traffic", "calls.ndjson", "--results", "results.xml"]
    assert main(command) == 0
    assert "0 of your tests call what breaks" in capsys.readouterr().err


def test_results_of_another_run(project, capsys):
    (project / "results.xml").write_text('<testsuite><testcase classname="x" name="y"/></testsuite>')
    main(["api", "old.json", "new.json", "--traffic", "calls.ndjson", "--results", "results.xml"])
    said = capsys.readouterr()
    assert "by 2 tests that the results do not have" in " ".join(said.out.split())
    assert "by none" not in said.out
