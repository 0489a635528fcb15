"""With the changelog, compatible changes are told, and what is only written otherwise is not."""

from __future__ import annotations

import pytest

from driftcheck.difference import Effect, Flow
from tests.openapi.schema.schemas import differences

TEXT, WHOLE = {"type": "string"}, {"type": "integer"}


def obj(required=(), **properties):
    return {"type": "object", "properties": properties, **({"required": list(required)} if required else {})}


BOTH = obj(a=TEXT, b=TEXT)
EQUAL = {
    "null": ({"type": "null"}, {"const": None}),
    "anything": ({}, {"anyOf": [{}, TEXT]}),
    "all but null": ({"not": {"type": "null"}}, {"type": ["string", "number", "boolean", "object", "array"]}),
    "counted members": (obj("ab", a=TEXT, b=TEXT), {**obj("ab", a=TEXT, b=TEXT), "minProperties": 2}),
    "no further elements": (
        {"type": "array", "prefixItems": [TEXT, WHOLE], "items": False},
        {"type": "array", "prefixItems": [TEXT, WHOLE], "maxItems": 2},
    ),
    "contains, none needed": (
        {"type": "array", "contains": TEXT, "minContains": 0},
        {"type": "array"},
    ),
    "contains anything": ({"type": "array", "contains": {}}, {"type": "array", "minItems": 1}),
    "closed by names": (
        {**BOTH, "additionalProperties": False},
        {**BOTH, "propertyNames": {"enum": ["a", "b"]}},
    ),
    "dependent by condition": (
        {**BOTH, "dependentRequired": {"a": ["b"]}},
        {**BOTH, "if": {"required": ["a"]}, "then": {"required": ["b"]}},
    ),
    "dependent by schema": (
        {**BOTH, "dependentRequired": {"a": ["b"]}},
        {**BOTH, "dependentSchemas": {"a": {"required": ["b"]}}},
    ),
    "closed over allOf": (
        {"allOf": [obj(a=TEXT), obj(b=WHOLE)], "unevaluatedProperties": False},
        {**obj(a=TEXT, b=WHOLE), "additionalProperties": False},
    ),
    "not true": ({"type": "boolean", "not": {"const": True}}, {"const": False}),
    "absorbed branch": ({"anyOf": [{"type": "number"}, WHOLE]}, {"type": "number"}),
    "impossible branch": ({"anyOf": [TEXT, {"type": "integer", "minimum": 5, "maximum": 4}]}, TEXT),
    "split range": (
        {"oneOf": [{"type": "integer", "minimum": 5}, {"type": "integer", "maximum": 4}]},
        WHOLE,
    ),
    "condition or alternatives": (
        {
            **obj(["k"], k={"enum": ["a", "b"]}, v=True),
            "if": {"properties": {"k": {"const": "a"}}},
            "then": {"properties": {"v": TEXT}},
            "else": {"properties": {"v": WHOLE}},
        },
        {"oneOf": [obj(["k"], k={"const": "a"}, v=TEXT), obj(["k"], k={"const": "b"}, v=WHOLE)]},
    ),
    "32 bits": (
        {"type": "integer", "format": "int32"},
        {"type": "integer", "format": "int32", "minimum": -(2**31), "maximum": 2**31 - 1},
    ),
    "a map": (
        {"type": "object", "additionalProperties": WHOLE},
        {"type": "object", "unevaluatedProperties": WHOLE},
    ),
    "at most one is unique": (
        {"type": "array", "maxItems": 1, "uniqueItems": True},
        {"type": "array", "maxItems": 1},
    ),
}  # fmt: skip


@pytest.mark.parametrize("flow", list(Flow))
@pytest.mark.parametrize("name", EQUAL)
@pytest.mark.parametrize("place", [lambda s: s, lambda s: obj(f=s)], ids=["body", "property"])
def test_what_is_only_written_otherwise_is_no_change(name, flow, place):
    old, new = map(place, EQUAL[name])
    assert differences(old, new, flow, thorough=True) == []
    assert differences(new, old, flow, thorough=True) == []


COMPATIBLE = {
    "a lower bound": ({"type": "integer", "minimum": 2}, {"type": "integer", "minimum": 1}),
    "a branch": ({"anyOf": [TEXT, WHOLE]}, {"anyOf": [TEXT, WHOLE, {"type": "boolean"}]}),
    "an exclusion": ({**TEXT, "not": {"enum": ["a", "b"]}}, {**TEXT, "not": {"enum": ["a"]}}),
    "a dependency": ({**BOTH, "dependentRequired": {"a": ["b"]}}, BOTH),
    "an unknown format": ({**TEXT, "format": "slug"}, TEXT),
    "a condition": ({**BOTH, "if": {"required": ["a"]}, "then": {"required": ["b"]}}, BOTH),
}


@pytest.mark.parametrize("name", COMPATIBLE)
def test_what_is_compatible_is_told(name):
    tight, wide = COMPATIBLE[name]
    assert [d.effect for d in differences(tight, wide, Flow.SENT, thorough=True)] == [Effect.WIDENED]
    assert [d.effect for d in differences(wide, tight, Flow.RECEIVED, thorough=True)] == [Effect.NARROWED]


@pytest.mark.parametrize("name", COMPATIBLE)
def test_what_breaks_is_told_with_and_without_the_changelog(name):
    tight, wide = COMPATIBLE[name]
    for old, new, flow in ((wide, tight, Flow.SENT), (tight, wide, Flow.RECEIVED)):
        told = [differences(old, new, flow, thorough=thorough) for thorough in (False, True)]
        assert told[0]
        assert [d.attribute for d in told[0]] == [d.attribute for d in told[1]]


def test_what_is_no_matter_of_values_is_told_of_equal_schemas_too():
    old = {"anyOf": [obj(a={**TEXT, "deprecated": False}), {}]}
    new = {"anyOf": [obj(a={**TEXT, "deprecated": True}), {}]}
    assert [d.attribute for d in differences(old, new, thorough=True)] == ["deprecated"]


def test_another_discriminator_is_told_although_validators_know_none():
    def union(tag):
        branches = [obj(["k", "t", one], k=TEXT, t=TEXT) for one in "ab"]
        return {"oneOf": branches, "discriminator": {"propertyName": tag}}

    assert [d.attribute for d in differences(union("k"), union("t"), thorough=True)] == ["discriminator"]
    assert differences(union("k"), {"allOf": [union("k")]}, thorough=True) == []
