"""Schemas with parameters: `$dynamicRef` means what the outermost schema that was passed calls so."""

from __future__ import annotations

import pytest

from driftcheck import check_api

TEXT = {"type": "string"}
PLANET = {"type": "object", "required": ["name"], "properties": {"name": TEXT}}
PAGE = {
    "$id": "https://example.com/page",
    "$defs": {"item": {"$dynamicAnchor": "item"}},
    "type": "object",
    "required": ["data"],
    "properties": {"data": {"type": "array", "items": {"$dynamicRef": "#item"}}},
}
TREE = {
    "$id": "https://example.com/tree",
    "$dynamicAnchor": "node",
    "type": "object",
    "properties": {"value": TEXT, "kids": {"type": "array", "items": {"$dynamicRef": "#node"}}},
}


def page_of(item):
    return {
        "$id": "https://example.com/pages",
        "$defs": {"item": {"$dynamicAnchor": "item", **item}},
        "$ref": "https://example.com/page",
    }


def written_out(item):
    return {"type": "object", "required": ["data"], "properties": {"data": {"type": "array", "items": item}}}


def found(old, new, **schemas):
    reports = check_api(*(described(schema, schemas) for schema in (old, new)))
    assert reports.skipped == ()
    return [(finding.rule, finding.difference.pointer) for finding in reports.findings]


def described(schema, schemas):
    content = {"application/json": {"schema": schema}}
    operation = {"responses": {"200": {"description": "fine", "content": content}}}
    components = {"Page": PAGE, "Tree": TREE, "Planet": PLANET, **schemas}
    return {
        "openapi": "3.1.0",
        "info": {"title": "Generic", "version": "1"},
        "paths": {"/items": {"get": operation}},
        "components": {"schemas": components},
    }


REF = {"$ref": "#/components/schemas/Planet"}


@pytest.mark.parametrize(
    ("old", "new"),
    [
        (page_of(TEXT), page_of({"allOf": [TEXT]})),
        (page_of(TEXT), written_out(TEXT)),
        (written_out(REF), page_of(REF)),
        (page_of(REF), page_of(PLANET)),
        ({"$ref": "https://example.com/page"}, written_out({})),
        (
            {"type": "object", "properties": {"a": page_of(TEXT)}},
            {"type": "object", "properties": {"a": written_out(TEXT)}},
        ),
    ],
)
def test_a_bound_schema_is_what_it_stands_for(old, new):
    assert found(old, new) == []
    assert found(new, old) == []


def test_another_element_is_found_below_the_generic_schema():
    place = "/responses/200/content/application~1json/schema/properties/data/items"
    expected = [("response-property-type-widened", place)]
    assert found(page_of(TEXT), page_of({"type": "integer"})) == expected
    assert found(written_out(TEXT), page_of({"type": "integer"})) == expected


def test_two_pages_of_different_elements_do_not_mix():
    def both(second):
        other = {**page_of(second), "$id": "https://example.com/others"}
        return {"type": "object", "properties": {"a": page_of(TEXT), "b": other}}

    assert found(both({"type": "integer"}), both({"type": "integer", "title": "n"})) == []
    changed = found(both({"type": "integer"}), both({"type": "number"}))
    assert [pointer.rsplit("/schema", 1)[1] for _, pointer in changed] == [
        "/properties/b/properties/data/items"
    ]


def test_who_extends_a_tree_says_what_its_nodes_are():
    def strict(**more):
        own = {"$id": "https://example.com/strict", "$dynamicAnchor": "node"}
        return {**own, "$ref": "https://example.com/tree", **more}

    assert found(strict(), strict(title="x")) == []
    loosened = found(strict(required=["value"]), strict())
    assert {rule for rule, _ in loosened} == {"response-property-became-optional"}
