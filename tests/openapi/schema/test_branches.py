"""Which branch is which: a required member's value decides, then likeness; each branch proves itself."""

from __future__ import annotations

import pytest

from driftcheck.difference import Change, Flow
from tests.openapi.schema.schemas import differences


def rule(kind, **parameters):
    inner = {"type": "object", "properties": parameters} if parameters else {}
    members = {"type": {"type": "string", "enum": [kind]}, "parameters": inner}
    return {"type": "object", "required": ["type"], "properties": members}


QUEUE = rule("merge_queue", wait={"type": "integer"})
PATHS = rule("file_paths", paths={"type": "array"})
SIZE = rule("file_size", limit={"type": "integer"})
NAMES = rule("names", pattern={"type": "string"})


def union(*branches):
    return {"oneOf": list(branches)}


@pytest.mark.parametrize(
    "new",
    [union(NAMES, SIZE, PATHS), union(SIZE, {**PATHS, "title": "paths"}, NAMES)],
    ids=["another-order", "another-order-and-a-title"],
)
@pytest.mark.parametrize("flow", list(Flow))
def test_branches_in_another_order_are_the_same(new, flow):
    assert differences(union(PATHS, SIZE, NAMES), new, flow) == []


def test_a_branch_put_between_others_that_look_like_it_is_the_only_change():
    found = differences(union(PATHS, SIZE), union(QUEUE, {**PATHS, "description": "x"}, SIZE), Flow.RECEIVED)
    assert [(d.attribute, d.actual) for d in found] == [("oneOf", 'type "merge_queue"')]
    assert found[0].counterexample is not None
    assert found[0].counterexample.value == {"type": "merge_queue"}


def test_a_branch_that_is_replaced_is_gone_and_another_new():
    found = differences(union(PATHS, SIZE), union(QUEUE, SIZE), Flow.RECEIVED)
    assert sorted((d.expected or "", d.actual or "") for d in found) == [
        ("", 'type "merge_queue"'),
        ('type "file_paths"', ""),
    ]


@pytest.mark.parametrize(("flow", "old", "new"), [(Flow.RECEIVED, 1, 3), (Flow.SENT, 3, 1)])
def test_each_branch_has_a_value_of_its_own(flow, old, new):
    branches = (SIZE, QUEUE, NAMES)
    found = differences(union(PATHS, *branches[:old]), union(PATHS, *branches[:new]), flow)
    assert sorted(d.counterexample.value["type"] for d in found if d.counterexample) == [
        "merge_queue",
        "names",
    ]


def test_a_renamed_value_keeps_the_branch():
    old, new = rule("cancelled", by={"type": "string"}), rule("canceled", by={"type": "integer"})
    found = differences(union(PATHS, old), union(PATHS, new), Flow.RECEIVED)
    assert {(d.change, d.pointer) for d in found} == {
        (Change.RENAMED, "/body/oneOf/1/properties/type"),
        (Change.CHANGED, "/body/oneOf/1/properties/parameters/properties/by"),
    }


def test_another_value_over_the_same_members_keeps_the_branch():
    old, new = rule("card", amount={"type": "integer"}), rule("ach", amount={"type": "integer"})
    found = differences(union(PATHS, old), union(PATHS, new), Flow.SENT)
    assert [(d.pointer, d.actual) for d in found] == [("/body/oneOf/1/properties/type", ["ach"])]


def test_a_branch_is_called_by_its_title_before_its_values():
    found = differences(union(PATHS), union(PATHS, {**QUEUE, "title": "Merge queue"}), Flow.RECEIVED)
    assert [d.actual for d in found] == ["Merge queue"]


def pets(tag):
    def pet(member):
        text = {"type": "string"}
        return {"type": "object", "required": [tag, member], "properties": {tag: text, member: text}}

    return {"Cat": pet("meow"), "Dog": pet("bark")}


def tagged(tag):
    branches = [{"$ref": f"#/components/schemas/{name}"} for name in ("Cat", "Dog")]
    return {"oneOf": branches, "discriminator": {"propertyName": tag}}


@pytest.mark.parametrize("flow", list(Flow))
@pytest.mark.parametrize(("old", "new"), [("type", "petType"), ("t", "kind")])
def test_a_discriminator_that_every_branch_has_by_another_name_is_renamed_in_each(old, new, flow):
    found = differences(tagged(old), tagged(new), flow, schemas=pets(old), new_schemas=pets(new))
    assert [(d.object, d.change) for d in found] == [("Cat", Change.RENAMED), ("Dog", Change.RENAMED)]
    assert all(d.rename and (d.rename.old, d.rename.new) == (old, new) for d in found)
    assert all(d.counterexample for d in found)


def test_another_member_as_discriminator_is_no_rename():
    both = {name: {**pet, "properties": {**pet["properties"], "kind": {}}} for name, pet in pets("t").items()}
    found = differences(tagged("t"), tagged("kind"), schemas=both)
    assert [(d.attribute, d.change) for d in found] == [("discriminator", Change.CHANGED)]
