"""`x-driftcheck-ignore`: where it may stand, what it silences, and that it never differs itself."""

from __future__ import annotations

import copy
from datetime import date, timedelta

import pytest

from driftcheck import check_api

OLD = {
    "openapi": "3.0.3",
    "info": {"title": "Shop", "version": "1"},
    "paths": {
        "/orders": {
            "post": {
                "parameters": [
                    {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 50}}
                ],
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
                },
                "responses": {"200": {"description": "fine"}},
            },
            "get": {"responses": {"200": {"description": "fine"}, "202": {"description": "later"}}},
        },
        "/notes": {
            "put": {
                "requestBody": {
                    "content": {"application/json": {"schema": {"$ref": "#/components/schemas/Order"}}}
                },
                "responses": {"200": {"description": "fine"}},
            }
        },
    },
    "components": {
        "schemas": {
            "Order": {
                "type": "object",
                "properties": {"note": {"type": "string", "maxLength": 50}, "size": {"type": "integer"}},
            }
        }
    },
}
SHORTER = "request-property-max-length-decreased"
LESS = "request-parameter-maximum-decreased"
GONE = "response-success-status-removed"


def at(document, *path):
    for name in path:
        document = document[name]
    return document


def new(**also):
    """OLD with three changes: a shared property is shorter, a parameter is less, a status is gone."""
    document = copy.deepcopy(OLD)
    at(document, *NOTE)["maxLength"] = 20
    at(document, *LIMIT, "schema")["maximum"] = 10
    del at(document, *GET, "responses")["202"]
    return document


NOTE = ("components", "schemas", "Order", "properties", "note")
LIMIT = ("paths", "/orders", "post", "parameters", 0)
GET = ("paths", "/orders", "get")
POST = ("paths", "/orders", "post")
PUT = ("paths", "/notes", "put")


def marked(document, *places, rule, **given):
    document = copy.deepcopy(document)
    for place in places:
        at(document, *place)["x-driftcheck-ignore"] = {"rule": rule, "reason": "agreed", **given}
    return document


def rules(old, changed, **config):
    return sorted(finding.rule for finding in check_api(old, changed, config=config).findings)


ALL = sorted(rules(OLD, new()))


def left(*silenced):
    return sorted(set(ALL) - set(silenced))


def test_the_changes_are_told_without_ignores():
    assert len(ALL) == 3
    assert {SHORTER, GONE} < set(ALL)


LESS = next(rule for rule in ALL if rule not in (SHORTER, GONE))


@pytest.mark.parametrize(
    ("place", "rule"),
    [
        (NOTE, SHORTER),
        (NOTE[:-2], SHORTER),
        (("components",), SHORTER),
        ((), SHORTER),
        ((), "request-*"),
        (LIMIT, LESS),
        ((*LIMIT, "schema"), LESS),
        (POST, LESS),
        (POST[:-1], LESS),
        (GET, GONE),
        ((*GET, "responses"), GONE),
    ],
)
@pytest.mark.parametrize("side", ["old", "new"])
def test_at_the_place_or_above_it_in_either_version(place, rule, side):
    old = marked(OLD, place, rule=rule) if side == "old" else OLD
    changed = marked(new(), place, rule=rule) if side == "new" else new()
    expected = left(SHORTER, LESS) if rule == "request-*" else left(rule)
    assert rules(old, changed) == expected


@pytest.mark.parametrize(
    ("place", "rule"),
    [(NOTE, LESS), (GET, LESS), (PUT, GONE), ((*NOTE[:-1], "size"), SHORTER), (POST, SHORTER)],
)
def test_elsewhere_nothing_is_silenced(place, rule):
    assert rules(OLD, marked(new(), place, rule=rule)) == sorted([*ALL, "ignore-unmatched"])


def test_a_shared_part_is_silenced_by_all_the_operations_it_reaches():
    assert rules(OLD, marked(new(), POST, PUT, rule=SHORTER)) == left(SHORTER)
    assert rules(OLD, marked(new(), POST[:-1], PUT, rule=SHORTER)) == left(SHORTER)


def test_a_removed_operation_is_silenced_by_what_is_left_of_its_path():
    changed = copy.deepcopy(OLD)
    del changed["paths"]["/orders"]["get"]
    assert rules(OLD, marked(changed, GET[:-1], rule="operation-removed")) == []
    gone = copy.deepcopy(OLD)
    del gone["paths"]["/notes"]
    assert rules(marked(OLD, PUT, rule="operation-removed"), gone) == []


def test_several_at_one_place():
    changed = new()
    changed["x-driftcheck-ignore"] = [
        {"rule": SHORTER, "reason": "agreed"},
        {"rule": GONE, "reason": "nobody waits"},
    ]
    report = check_api(OLD, changed)
    assert [finding.rule for finding in report.findings] == [LESS]
    assert {(item.what, item.why) for item in report.skipped} == {
        (f"1 finding of {GONE} at /", "ignored: nobody waits"),
        (f"1 finding of {SHORTER} at /", "ignored: agreed"),
    }


TOMORROW, YESTERDAY = (str(date.today() + timedelta(days=days)) for days in (1, -1))


@pytest.mark.parametrize(
    ("given", "rule"),
    [
        ({"reason": ""}, "ignore-without-reason"),
        ({"reason": None}, "ignore-without-reason"),
        ({"until": YESTERDAY}, "ignore-expired"),
        ({"until": "soon"}, "ignore-expired"),
        ({"until": ""}, "ignore-expired"),
        ({"rule": "*"}, "ignore-without-rule"),
        ({"rule": None}, "ignore-without-rule"),
        ({"rule": "no-such-rule"}, "ignore-without-rule"),
    ],
)
def test_an_ignore_that_does_not_count_silences_nothing(given, rule):
    changed = marked(new(), NOTE, **{"rule": SHORTER, **given})
    assert rules(OLD, changed) == sorted([*ALL, rule])
    assert rules(marked(OLD, NOTE, **{"rule": SHORTER, **given}), new()) == ALL


def test_until_tomorrow():
    assert rules(OLD, marked(new(), NOTE, rule=SHORTER, until=TOMORROW)) == left(SHORTER)


@pytest.mark.parametrize("written", ["all", 1, [], [1], {}])
def test_what_is_no_ignore(written):
    changed = copy.deepcopy(OLD)
    changed["x-driftcheck-ignore"] = written
    assert rules(OLD, changed) == ([] if written == [] else ["ignore-without-rule"])


@pytest.mark.parametrize(
    "place", [(), NOTE, NOTE[:-2], LIMIT, POST, POST[:-1], ("info",), (*GET, "responses", "200")]
)
def test_it_is_never_a_difference_itself(place):
    changed = marked(OLD, place, rule="ignore-*")
    for old, now in ((OLD, changed), (changed, OLD), (changed, changed)):
        assert rules(old, now, changelog=True, protect="docs") == []


def test_an_ignore_of_another_command_is_not_called_unmatched():
    assert rules(OLD, marked(OLD, POST, rule="column-missing")) == []
    assert rules(OLD, marked(OLD, POST, rule=SHORTER)) == ["ignore-unmatched"]
    assert rules(marked(OLD, POST, rule=SHORTER), OLD) == []


def test_a_property_of_that_name_and_values_are_no_ignores():
    changed = copy.deepcopy(OLD)
    order = at(changed, *NOTE[:-2])
    order["properties"]["x-driftcheck-ignore"] = {"type": "string"}
    order["example"] = {"x-driftcheck-ignore": {"rule": "nonsense"}}
    assert rules(changed, changed) == []


def test_findings_about_ignores_say_where(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    text = "openapi: 3.1.0\ninfo: {title: a, version: '1'}\npaths: {}\n"
    (tmp_path / "old.yaml").write_text(text)
    (tmp_path / "new.yaml").write_text(text + "x-driftcheck-ignore:\n  rule: operation-removed\n")
    (found,) = check_api("old.yaml", "new.yaml").findings
    assert (found.rule, found.locations[0].file, found.locations[0].line) == (
        "ignore-without-reason",
        "new.yaml",
        4,
    )
