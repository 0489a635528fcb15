"""Normal forms: the same constraint in other words has the same shape, another one has not."""

from __future__ import annotations

from typing import Any

import pytest

from driftcheck.openapi.schema.shape import TYPES, Bound
from tests.openapi.schema.schemas import shape

TYPE_SPELLINGS = [
    ({"type": ["string", "null"]}, "3.1"),
    ({"anyOf": [{"type": "string"}, {"type": "null"}]}, "3.1"),
    ({"oneOf": [{"type": "null"}, {"type": "string"}]}, "3.1"),
    ({"type": "string", "nullable": True}, "3.0"),
    ({"type": "string", "x-nullable": True}, "2.0"),
    ({"allOf": [{"type": "string"}], "nullable": True}, "3.0"),
]


@pytest.mark.parametrize(("schema", "version"), TYPE_SPELLINGS)
def test_null_is_a_type(schema: Any, version: str) -> None:
    assert shape(schema, version=version).types == {"string", "null"}


@pytest.mark.parametrize("schema", [{}, True, {"type": sorted(TYPES)}, {"description": "anything"}])
def test_anything_has_all_types(schema: Any) -> None:
    assert shape(schema).types == TYPES


def test_false_has_none() -> None:
    assert shape(False).types == frozenset()


@pytest.mark.parametrize(
    "schema",
    [
        {"type": "integer", "minimum": 1},
        {"type": "integer", "exclusiveMinimum": 0},
        {"type": "integer", "minimum": 0.5},
        {"type": "number", "multipleOf": 1, "exclusiveMinimum": 0},
        {"allOf": [{"type": "integer"}, {"minimum": 1}, {"minimum": -5}]},
    ],
)
def test_whole_bounds(schema: Any) -> None:
    found = shape(schema)
    assert found.types == {"integer"}
    assert found.lower == Bound(1)


def test_boolean_exclusive_bounds() -> None:
    assert shape({"type": "number", "minimum": 1, "exclusiveMinimum": True}, version="3.0").lower == Bound(
        1, True
    )
    assert shape({"type": "number", "minimum": 1, "exclusiveMinimum": False}, version="3.0").lower == Bound(1)


@pytest.mark.parametrize(
    "schema",
    [
        {"enum": ["a", "b"]},
        {"type": "string", "enum": ["b", "a", 1]},
        {"oneOf": [{"const": "a"}, {"const": "b", "title": "B"}]},
        {"anyOf": [{"enum": ["a"]}, {"enum": ["b"]}]},
        {"allOf": [{"enum": ["a", "b", "c"]}, {"enum": ["z", "b", "a"]}]},
    ],
)
def test_enums(schema: Any) -> None:
    found = shape(schema)
    assert found.values is not None
    assert sorted(found.values.values()) == ["a", "b"]
    assert found.types == {"string"}


def test_all_of_conjoins_what_each_side_says_of_a_member() -> None:
    found = shape(
        {
            "allOf": [
                {"type": "object", "properties": {"a": {"type": "string"}}},
                {"properties": {"a": {"maxLength": 3}, "b": {}}, "required": ["a"]},
            ]
        }
    )
    assert found.required == {"a"}
    assert len(found.properties["a"].nodes) == 2
    assert list(found.properties) == ["a", "b"]


def test_a_closed_branch_forbids_what_the_other_declares() -> None:
    found = shape(
        {"allOf": [{"properties": {"a": {}}, "additionalProperties": False}, {"properties": {"b": {}}}]}
    )
    assert any(node.value is False for node in found.properties["b"].nodes)


def test_unions_of_different_types_are_one_shape() -> None:
    found = shape({"anyOf": [{"type": "string", "maxLength": 3}, {"type": "array", "maxItems": 2}]})
    assert not found.groups
    assert (found.types, found.max_length, found.max_items) == ({"string", "array"}, 3, 2)


def test_unions_of_objects_stay_unions() -> None:
    found = shape({"oneOf": [{"type": "object", "required": ["a"]}, {"type": "object", "required": ["b"]}]})
    assert len(found.groups) == 1
    assert found.groups[0].exclusive


def test_a_double_negation_is_none() -> None:
    assert shape({"not": {"not": {"type": "string"}}}).types == {"string"}


@pytest.mark.parametrize("schema", [{"additionalProperties": True}, {"additionalProperties": {}}, {}])
def test_open_objects(schema: Any) -> None:
    assert shape({"type": "object", **schema}).additional is None


def test_siblings_of_a_reference_count_from_3_1_on() -> None:
    schemas = {"A": {"type": "string"}}
    schema = {"$ref": "#/components/schemas/A", "maxLength": 3}
    assert shape(schema, schemas, "3.1").max_length == 3
    assert shape(schema, schemas, "3.0").max_length is None


@pytest.mark.parametrize(
    "schema",
    [
        {"$ref": "#/components/schemas/Loop"},
        {"$ref": "#/components/schemas/Nowhere"},
        {"allOf": [{"$ref": "#/components/schemas/Self"}]},
    ],
)
def test_references_that_lead_nowhere_allow_anything(schema: Any) -> None:
    schemas = {
        "Loop": {"$ref": "#/components/schemas/Loop"},
        "Self": {"allOf": [{"$ref": "#/components/schemas/Self"}]},
    }
    assert shape(schema, schemas).types == TYPES


@pytest.mark.parametrize(
    "schema",
    [
        {"type": 5},
        {"type": []},
        {"maxLength": "long"},
        {"properties": None, "required": "a"},
        {"enum": {}},
        {"allOf": {}},
        {"anyOf": []},
        {"pattern": 7},
        {"items": 3},
        {"minimum": True},
        {"multipleOf": 0},
        {"discriminator": 4},
    ],
)
def test_ill_typed_keywords_are_read_as_absent(schema: Any) -> None:
    assert shape(schema).types == TYPES
