"""The JSON report is Report.to_dict(), conforms to the schema that ships, and survives any value."""

from __future__ import annotations

import json

import jsonschema_rs
import pytest

from driftcheck.difference import Change, Counterexample, Effect, Flow, Severity, Side
from driftcheck.report import FORMATS, render
from driftcheck.report.json import dumps, dumps_lines
from driftcheck.report.schema import schema_text
from tests.builders import finding, report, rich_report

VALIDATOR = jsonschema_rs.validator_for(json.loads(schema_text()))


def rendered(*findings, **given):
    return json.loads(render(report(*findings, **given), "json"))


def test_it_is_exactly_to_dict():
    assert json.loads(render(rich_report(), "json")) == rich_report().to_dict()


@pytest.mark.parametrize("shown", [report(), rich_report()], ids=["empty", "rich"])
def test_reports_conform_to_the_schema(shown):
    VALIDATOR.validate(shown.to_dict())


def test_the_schema_is_one():
    jsonschema_rs.meta.validate(json.loads(schema_text()))


def test_the_schema_has_a_description_of_every_field():
    (entry,) = report(finding()).to_dict()["findings"]
    schema = json.loads(schema_text())
    assert set(schema["$defs"]["finding"]["properties"]) == set(entry)
    assert set(schema["properties"]) == set(report().to_dict())


@pytest.mark.parametrize(
    ("name", "kind"), [("severity", Severity), ("change", Change), ("flow", Flow), ("effect", Effect)]
)
def test_the_enums_of_the_schema_are_those_of_the_code(name, kind):
    finding_schema = json.loads(schema_text())["$defs"]["finding"]["properties"][name]
    listed = finding_schema.get("enum") or json.loads(schema_text())["$defs"][name]["enum"]
    assert {value for value in listed if value is not None} == {str(member) for member in kind}


@pytest.mark.parametrize(
    "change",
    [
        {"severity": "error"},
        {"extra": 1},
        {"fingerprint": "0"},
        {"kind": "thing"},
        {"flow": "up"},
        {"locations": [{"side": "left", "file": "a", "line": 1, "column": 1}]},
        {"locations": [{"side": "actual", "file": "a", "line": 0, "column": 1}]},
        {"rename": {"from": "a", "to": "b", "confidence": 2}},
        {"operations": ["GET /a", "GET /a"]},
    ],
    ids=json.dumps,
)
def test_the_schema_is_strict(change):
    shown = rich_report().to_dict()
    shown["findings"][0].update(change)
    assert not VALIDATOR.is_valid(shown)


@pytest.mark.parametrize(
    ("value", "text"),
    [
        ("é", '"é"'),
        ("\ud800", '"\\ud800"'),
        ("\U0001f600", '"\U0001f600"'),
        (float("nan"), '"nan"'),
        (float("-inf"), '"-inf"'),
        (2**64, "18446744073709551616"),
        (1e400, '"inf"'),
        ([1.0, True, None], "[1.0, true, null]"),
        ({"a": float("nan"), "b": [1]}, '{"a": "nan", "b": [1]}'),
        ((1, 2), "[1, 2]"),
    ],
    ids=ascii,
)
def test_any_value_can_be_written(value, text):
    assert dumps(value) == text
    assert json.loads(dumps(value).encode("utf-8")) is not Ellipsis


@pytest.mark.parametrize(
    "value",
    [
        {},
        [],
        {"a": [], "b": {}, "c": [1, "x", None, True, 0.5], "d": {"e": [[1], {"f": ""}]}},
        {"ä": '\u0000\u001f\u007f\u2028\ue000 "\\/', "n": -(2**63)},
        {"big": 2**70, "small": -(2**70), "edge": [2**63, 2**64, -(2**63) - 1], "text": "\ue0001\ue000"},
        {"big": 2**70, "text": "".join(map(chr, range(0xE000, 0xF8FF)))},
        {"big": 2**70, "half": "\ud800"},
        {1: "one", "t": (1, 2)},
    ],
)
def test_indented_text_is_what_the_standard_library_writes(value):
    expected = json.dumps(value, ensure_ascii=False, indent=2)
    assert dumps(value, indent=2).replace("\\ud800", "\ud800") == expected


def test_an_integer_too_long_for_python_to_write_becomes_hexadecimal():
    assert json.loads(dumps({"a": 10**5000}))["a"] == hex(10**5000)


def test_a_report_with_lone_surrogates_is_utf8():
    evil = finding(
        message="\ud800",
        expected={"\udfff": 1},
        counterexample=Counterexample("\ud834", Side.EXPECTED, Side.ACTUAL, "r"),
    )
    text = render(report(evil), "json")
    assert json.loads(text.encode("utf-8"))["findings"][0]["message"] == "\ud800"


def test_findings_keep_their_order():
    shown = rendered(finding(rule="b"), finding(rule="a"))
    assert [entry["rule"] for entry in shown["findings"]] == ["b", "a"]


@pytest.mark.parametrize("format", FORMATS)
def test_every_format_ends_with_one_newline_and_is_deterministic(format):
    first, second = render(rich_report(), format), render(rich_report(), format)
    assert first == second
    assert first.endswith("\n")
    assert not first.endswith("\n\n")


def test_an_array_with_an_element_a_line():
    assert dumps_lines([]) == "[]"
    assert dumps_lines([{"a": "\n"}, 2]) == '[\n{"a": "\\n"},\n2\n]'
