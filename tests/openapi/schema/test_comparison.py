"""One cause is one difference: owners, operations reached, renames, and the whole against its parts."""

from __future__ import annotations

import pytest

from driftcheck.difference import Change, Effect, Flow
from driftcheck.openapi.schema import SchemaComparison, Site
from driftcheck.openapi.unchanged import Unchanged
from tests.openapi.schema.schemas import differences, document

REF = {"$ref": "#/components/schemas/Item"}
OBJECT = {"type": "object"}


def test_a_change_in_a_component_belongs_to_it() -> None:
    old = {"Item": {**OBJECT, "properties": {"a": {"type": "string", "maxLength": 9}}}}
    new = {"Item": {**OBJECT, "properties": {"a": {"type": "string", "maxLength": 5}}}}
    schema = {**OBJECT, "properties": {"x": REF, "y": {"type": "array", "items": REF}}}
    found = differences(schema, schema, schemas=old, new_schemas=new)
    assert [(d.object, d.attribute, d.pointer) for d in found] == [
        ("Item", "maxLength", "/body/properties/x/properties/a")
    ]
    assert found[0].counterexample is not None
    value = found[0].counterexample.value
    assert list(value) == ["x"]
    assert len(value["x"]["a"]) == 6


def test_a_change_in_a_parent_is_told_once_for_all_children() -> None:
    def schemas(parent):
        child = {"allOf": [{"$ref": "#/components/schemas/Parent"}, {"properties": {"c": {}}}]}
        return {"Parent": parent, "A": child, "B": child}

    old = schemas({**OBJECT, "properties": {"p": {"type": "string"}}})
    new = schemas({**OBJECT, "properties": {}})
    schema = {
        **OBJECT,
        "properties": {"a": {"$ref": "#/components/schemas/A"}, "b": {"$ref": "#/components/schemas/B"}},
    }
    found = differences(schema, schema, Flow.RECEIVED, schemas=old, new_schemas=new)
    assert [(d.object, d.change, d.name) for d in found] == [("Parent", Change.MISSING, "p")]


def test_a_reference_pointed_elsewhere_belongs_to_who_points() -> None:
    schemas = {
        "A": {**OBJECT, "required": ["x"], "properties": {"x": {"type": "string"}}},
        "B": {**OBJECT, "required": ["x"], "properties": {"x": {"type": "integer"}}},
    }
    found = differences(
        {"$ref": "#/components/schemas/A"}, {"$ref": "#/components/schemas/B"}, schemas=schemas
    )
    assert [(d.object, d.attribute) for d in found] == [("POST /items", "type")]


def test_a_component_under_another_name_is_silent() -> None:
    body = {**OBJECT, "properties": {"x": {"type": "string"}}}
    found = differences(
        {"$ref": "#/components/schemas/A"},
        {"$ref": "#/components/schemas/B"},
        schemas={"A": body},
        new_schemas={"B": body},
    )
    assert found == []


def test_an_unrolled_cycle_is_silent() -> None:
    cycle = {"Item": {**OBJECT, "properties": {"next": REF, "v": {"type": "integer"}}}}
    unrolled = {**OBJECT, "properties": {"next": REF, "v": {"type": "integer"}}}
    assert differences(REF, unrolled, schemas=cycle) == []


def test_all_operations_are_reached_through_a_cycle() -> None:
    def doc(side, kind):
        schemas = {
            "A": {**OBJECT, "properties": {"b": {"$ref": "#/components/schemas/B"}}},
            "B": {**OBJECT, "properties": {"a": {"$ref": "#/components/schemas/A"}, "v": {"type": kind}}},
        }
        from driftcheck.difference import Side

        return document(None, schemas, side=Side(side))

    old, new = doc("expected", "string"), doc("actual", "integer")
    comparison = SchemaComparison(old, new, Unchanged(old, new))
    for name, operation in (("A", "GET /a"), ("B", "GET /b"), ("A", "GET /c")):
        nodes = [d.node.child("components").child("schemas").child(name) for d in (old, new)]
        comparison.compare(*nodes, Site("response-body", Flow.RECEIVED, operation, "/responses/200"))
    found = comparison.differences()
    assert [(d.object, d.operations) for d in found] == [("B", ("GET /a", "GET /b", "GET /c"))]


def test_a_rename_is_one_difference() -> None:
    old = {**OBJECT, "properties": {"email": {"type": "string"}}, "required": ["email"]}
    new = {**OBJECT, "properties": {"user_email": {"type": "string"}}, "required": ["user_email"]}
    found = differences(old, new)
    assert [(d.change, d.rename and (d.rename.old, d.rename.new)) for d in found] == [
        (Change.RENAMED, ("email", "user_email"))
    ]
    assert found[0].counterexample is not None
    assert found[0].counterexample.value == {"email": "a"}


def test_what_another_branch_accepts_is_no_harm() -> None:
    old = {"anyOf": [{"type": "string", "maxLength": 9, "minLength": 3}, {"type": "string", "maxLength": 20}]}
    new = {"anyOf": [{"type": "string", "maxLength": 5, "minLength": 3}, {"type": "string", "maxLength": 20}]}
    assert [d for d in differences(old, new) if d.effect is not Effect.WIDENED] == []


def test_what_only_the_whole_shows_is_found() -> None:
    old = {"oneOf": [{"type": "integer"}]}
    new = {"oneOf": [{"type": "integer"}, {"type": "integer", "minimum": 10}]}
    found = [d for d in differences(old, new) if d.effect is Effect.NARROWED]
    assert len(found) == 1
    assert found[0].counterexample is not None
    assert found[0].counterexample.value == 10


def test_a_prover_cannot_be_made_to_see_what_is_not_there() -> None:
    assert differences({"type": "string", "pattern": "["}, {"type": "string", "pattern": "["}) == []


@pytest.mark.parametrize(
    ("flow", "old", "new", "also"),
    [
        (Flow.SENT, {"maxLength": 9}, {"maxLength": 5}, [("maxLength", 9, 5)]),
        (Flow.SENT, {}, {"maxLength": 5, "minLength": 1}, [("minLength", None, 1), ("maxLength", None, 5)]),
        (Flow.RECEIVED, {"maxLength": 5}, {"maxLength": 9}, [("maxLength", 5, 9)]),
        (Flow.SENT, {"maxLength": 5}, {"maxLength": 9}, []),
        (Flow.RECEIVED, {"maxLength": 9}, {"maxLength": 5}, []),
        (Flow.SENT, {"maxLength": 5}, {"maxLength": 5, "description": "New."}, []),
        (Flow.SENT, {"title": "A"}, {}, []),
    ],
)
def test_what_was_tightened_on_the_way_is_told_with_the_rename(flow, old, new, also) -> None:
    before = {**OBJECT, "properties": {"email": {"type": "string", **old}}}
    after = {**OBJECT, "properties": {"user_email": {"type": "string", **new}}}
    (found,) = differences(before, after, flow)
    assert found.change is Change.RENAMED
    assert [tuple(item.values()) for item in (found.facts or {})["also"]] == also


def holding(name, inner, required=()):
    return {**OBJECT, "required": list(required), "properties": {name: inner}}


ADDRESS = {**OBJECT, "required": ["zip"], "properties": {"zip": {"type": "string"}}}
ADDRESS_OF_NUMBERS = {**OBJECT, "required": ["zip"], "properties": {"zip": {"type": "integer"}}}


@pytest.mark.parametrize("flow", list(Flow))
@pytest.mark.parametrize("required", [("ship_addr",), ()])
def test_what_changed_inside_a_renamed_object_is_told_too(flow, required):
    old = holding("ship_addr", ADDRESS, required)
    new = holding("shipping_address", ADDRESS_OF_NUMBERS, ["shipping_address"] if required else ())
    found = differences(old, new, flow)
    assert [(d.change, d.pointer) for d in found] == [
        (Change.RENAMED, "/body/properties/ship_addr"),
        (Change.CHANGED, "/body/properties/ship_addr/properties/zip"),
    ]
    assert found[1].counterexample is None
    assert "renamed" in found[1].note


@pytest.mark.parametrize(
    "new",
    [ADDRESS, {**ADDRESS, "title": "Address"}, {"allOf": [ADDRESS]}],
    ids=["equal", "titled", "one-branch-allOf"],
)
def test_a_renamed_object_with_nothing_changed_inside_is_one_finding(new):
    found = differences(holding("ship_addr", ADDRESS), holding("shipping_address", new))
    assert [d.change for d in found] == [Change.RENAMED]


def test_what_is_said_of_a_renamed_field_itself_is_told_along():
    old, new = {"type": "string"}, {"type": "string", "maxLength": 9}
    found = differences(holding("created", old), holding("created_at", new))
    assert [d.change for d in found] == [Change.RENAMED]
    assert [also["attribute"] for also in found[0].facts["also"]] == ["maxLength"]


def test_a_change_reached_through_a_renamed_field_is_proven_where_it_is_reached_otherwise():
    def body(name):
        return {**OBJECT, "properties": {name: REF, "then": {**OBJECT, "properties": {"other": REF}}}}

    old, new = {"Item": ADDRESS}, {"Item": ADDRESS_OF_NUMBERS}
    found = differences(body("ship_addr"), body("shipping_address"), schemas=old, new_schemas=new)
    within = [d for d in found if d.object == "Item"]
    assert len(within) == 1
    assert within[0].counterexample is not None
    assert isinstance(within[0].counterexample.value["then"]["other"]["zip"], str)


GONE = {"$ref": "#/components/schemas/Gone"}


@pytest.mark.parametrize("flow", list(Flow))
@pytest.mark.parametrize(
    ("old", "new"),
    [
        (ADDRESS, GONE),
        (GONE, ADDRESS),
        (ADDRESS, {"allOf": [GONE, {"description": "x"}]}),
        ({**OBJECT, "properties": {"a": ADDRESS}}, {**OBJECT, "properties": {"a": GONE}}),
        ({"anyOf": [ADDRESS, {"type": "array"}]}, {"anyOf": [GONE, {"type": "array"}]}),
        ({**GONE, "minProperties": 1}, {**GONE, "minProperties": 1, "title": "x"}),
    ],
)
def test_nothing_is_claimed_of_what_a_reference_that_leads_nowhere_stands_for(old, new, flow):
    assert [d for d in differences(old, new, flow) if d.effect is not None] == []


def test_beside_the_same_dangling_reference_changes_are_told():
    old, new = ({**GONE, "type": "object", "maxProperties": n} for n in (5, 3))
    assert [d.attribute for d in differences(old, new)] == ["maxProperties"]


def loop(keyword, *branches):
    return {"Item": {keyword: [REF, *branches]}}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf", "allOf"])
def test_a_union_that_is_a_branch_of_itself_is_compared_by_its_other_branches(keyword):
    text, short = {"type": "string"}, {"type": "string", "maxLength": 3}
    found = differences(REF, REF, schemas=loop(keyword, text), new_schemas=loop(keyword, short))
    assert [(d.attribute, d.actual) for d in found] == [("maxLength", 3)]
    described = loop(keyword, {**text, "description": "x"})
    assert differences(REF, REF, schemas=loop(keyword, text), new_schemas=described) == []


def test_unions_that_are_branches_of_each_other():
    def schemas(kind):
        other = {"oneOf": [REF, {"type": "boolean"}, {"type": kind}]}
        nested = {"anyOf": [{"anyOf": [REF, {"$ref": "#/components/schemas/Other"}]}, {"type": "string"}]}
        return {"Item": nested, "Other": other}

    assert differences(REF, REF, schemas=schemas("array"), new_schemas=schemas("array")) == []
    found = differences(REF, REF, Flow.RECEIVED, schemas=schemas("array"), new_schemas=schemas("object"))
    assert [d.effect for d in found] == [Effect.WIDENED]
