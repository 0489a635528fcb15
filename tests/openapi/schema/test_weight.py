"""Schemas whose validation takes exponential work are not validated with."""

from __future__ import annotations

import pytest

from driftcheck.difference import Effect
from driftcheck.openapi.schema.weight import bearable
from tests.openapi.schema.schemas import differences


def doubling(levels, last):
    """Each level is looked at twice as often as the one before."""
    below = {f"S{i}": {"anyOf": twice(i + 1)} for i in range(levels)}
    return {**below, f"S{levels}": last}


def twice(level):
    reference = {"$ref": f"#/components/schemas/S{level}"}
    return [reference, {"allOf": [reference, {"required": [f"q{level}"]}]}]


def item(kind):
    return {"type": "object", "required": ["z"], "properties": {"z": {"type": kind}}}


def test_a_change_below_branches_that_double_is_told_without_a_proof():
    found = differences(
        {"$ref": "#/components/schemas/S0"},
        {"$ref": "#/components/schemas/S0"},
        schemas=doubling(40, item("string")),
        new_schemas=doubling(40, item("integer")),
    )
    assert [(d.object, d.attribute, d.effect) for d in found] == [("S40", "type", Effect.NARROWED)]


def defs(**definitions):
    return {"$ref": "#/$defs/a", "$defs": definitions}


@pytest.mark.parametrize(
    "document",
    [
        True,
        {},
        defs(a={"type": "string"}),
        defs(a={"anyOf": [{"$ref": "#/$defs/a"}, {"type": "string"}]}),
        defs(
            a={"oneOf": [{"$ref": f"#/$defs/b{i}"} for i in range(900)]}, **{f"b{i}": {} for i in range(900)}
        ),
        defs(a={"properties": {name: {"$ref": "#/$defs/a"} for name in "abcdefgh"}}),
    ],
    ids=["boolean", "empty", "plain", "a-branch-of-itself", "many-branches", "recursive-members"],
)
def test_ordinary_schemas_are_bearable(document):
    assert bearable(document)


@pytest.mark.parametrize("keyword", ["allOf", "anyOf", "oneOf"])
def test_doubling_is_not_bearable(keyword):
    levels = {f"d{i}": {keyword: [{"$ref": f"#/$defs/d{i + 1}"}] * 2} for i in range(20)}
    assert not bearable({"$ref": "#/$defs/d0", "$defs": {**levels, "d20": {}}})
    assert not bearable({"type": "object", "$defs": {**levels, "d20": {}}})
