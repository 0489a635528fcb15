"""Validators are compiled as deep as values need them, and say the same as if they were compiled whole."""

from __future__ import annotations

from typing import Any

import jsonschema_rs
import pytest

from driftcheck.difference import Flow, Side
from driftcheck.openapi.schema import validators
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.members import Sides
from driftcheck.openapi.schema.question import Question, exports
from driftcheck.openapi.schema.validators import Judges, outline, within
from driftcheck.openapi.unchanged import Unchanged
from tests.openapi.schema.schemas import document

STRING = {"type": "string"}


def obj(properties: dict[str, Any], *required: str, **more: Any) -> dict[str, Any]:
    return {"type": "object", "properties": properties, "required": list(required), **more}


def question(old: Any, new: Any, flow: Flow = Flow.SENT, schemas: Any = None, new_schemas: Any = None):
    sides = (
        document(old, schemas, side=Side.EXPECTED),
        document(new, schemas if new_schemas is None else new_schemas, side=Side.ACTUAL),
    )
    unchanged = Unchanged(*sides)
    canons = Canon(sides[0]), Canon(sides[1])

    def same(e, a):
        return len(e.nodes) == len(a.nodes) and all(map(unchanged.same, e.nodes, a.nodes))

    terms = [canon.term(side.node.child("schema")) for canon, side in zip(canons, sides, strict=True)]
    return Question(Sides(*canons, flow, same), *terms)


@pytest.mark.parametrize(
    ("value", "levels"),
    [
        (1, []),
        ("a", []),
        ({}, []),
        ([], []),
        ({"a": 1}, ["a"]),
        ([[]], [""]),
        ({"a": {}, "b": []}, ["ab"]),
        ({"a": {"b": 1}}, ["a", "b"]),
        ([{"a": [1]}], ["", "a", ""]),
        ([{"a": {"x": 1}}, {"b": {"y": 1}}], ["", "ab", "xy"]),
        ({"a": [], "b": {"c": {"d": {"e": None}}}}, ["ab", "c", "d", "e"]),
    ],
)
def test_the_names_at_each_level(value, levels):
    assert outline(value) == tuple(map(frozenset, levels))


@pytest.mark.parametrize(
    ("value", "reach", "fits"),
    [
        (1, (), True),
        ({}, (), True),
        ({"a": 1}, (), False),
        ({"a": 1}, (None,), True),
        ({"a": 1}, (frozenset("ab"),), True),
        ({"c": 1}, (frozenset("ab"),), False),
        ([1], (frozenset(),), True),
        ([{"a": 1}, {"b": 1}], (frozenset(), frozenset("a")), False),
        ([{"a": 1}, {"b": []}], (frozenset(), frozenset("ab")), True),
        ({"a": {"b": 1}}, (None,), False),
        ({"a": {"b": 1}}, (None, frozenset("b"), None), True),
        ({"a": [[[{"x": 1}]]]}, None, True),
    ],
)
def test_which_values_are_within_reach(value, reach, fits):
    assert within(value, reach) is fits
    assert within(value, outline(value))


def nested(levels: int, inside: Any) -> Any:
    return inside if levels == 0 else {"a": nested(levels - 1, inside)}


def chain(levels: int, last: Any) -> Any:
    return last if levels == 0 else obj({"a": chain(levels - 1, last)}, "a")


@pytest.mark.parametrize("levels", range(9))
@pytest.mark.parametrize("flow", Flow)
def test_a_disagreement_is_seen_at_any_depth(levels, flow):
    old, new = ({"type": "string", "maxLength": n} for n in (9, 5))
    judges = Judges(question(chain(levels, old), chain(levels, new), flow))
    long, short = nested(levels, "a" * 7), nested(levels, "a" * 3)
    assert judges.disagree(long) is (flow is Flow.SENT)
    assert not judges.disagree(short)
    assert judges.agree(short)
    assert not judges.disagree(nested(levels, 1))


@pytest.mark.parametrize("levels", range(1, 9))
def test_what_both_sides_require_of_a_member_is_required_at_any_depth(levels):
    alike = {"kept": obj({"deep": chain(levels, STRING)}, "deep")}
    judges = Judges(question(obj({**alike, "x": STRING}), obj({**alike, "x": {"type": "integer"}})))
    good, bad = ({"kept": {"deep": nested(levels, leaf)}, "x": "a"} for leaf in ("a", 1))
    assert judges.disagree(good)
    assert not judges.disagree(bad)
    assert not judges.disagree({"kept": {"deep": nested(levels - 1, {})}, "x": "a"})


def test_recursive_schemas_are_judged_as_deep_as_the_value():
    def node(limit):
        return {"Node": obj({"n": {"type": "integer", "maximum": limit}, "next": REF})}

    judges = Judges(question(REF, REF, schemas=node(9), new_schemas=node(5)))
    for depth in (0, 1, 2, 3, 4, 7, 20):
        value: Any = {"n": 7}
        for _ in range(depth):
            value = {"next": value}
        assert judges.disagree(value)
        assert not judges.disagree({"next": value, "n": 10})
        assert judges.complaints(value)[0].path == (*["next"] * depth, "n")


REF = {"$ref": "#/components/schemas/Node"}


@pytest.mark.parametrize("keyword", ["anyOf", "oneOf"])
def test_members_that_tell_branches_apart_are_judged_on_both_sides(keyword):
    def union(limit):
        a = obj({"kind": {"enum": ["a"]}, "n": {"type": "integer", "maximum": limit}}, "kind")
        b = obj({"kind": {"enum": ["b"]}, "n": {"type": "integer"}}, "kind")
        return {keyword: [a, b]}

    judges = Judges(question(union(9), union(5)))
    assert judges.disagree({"kind": "a", "n": 7})
    assert judges.agree({"kind": "b", "n": 7})
    assert not judges.disagree({"kind": "c", "n": 1})
    below = Judges(question(obj({"x": union(9)}), obj({"x": union(5)})))
    assert below.disagree({"x": {"kind": "a", "n": 7}})
    assert below.agree({"x": {"kind": "b", "n": 7}})


@pytest.mark.parametrize(
    "test",
    [
        {"if": {"properties": {"kind": {"const": "a"}}}, "then": {"required": ["n"]}},
        {"not": {"properties": {"kind": {"const": "a"}}, "required": ["kind"]}},
        {"dependentSchemas": {"n": {"properties": {"kind": {"const": "b"}}}}},
    ],
)
def test_conditions_on_members_that_did_not_change(test):
    old = obj({"kind": STRING, "n": STRING})
    judges = Judges(question(old, {**old, **test}))
    values = [{"kind": kind, **more} for kind in "ab" for more in ({}, {"n": "1"})]
    told = [jsonschema_rs.is_valid(test, value) for value in values]
    assert [not judges.disagree(value) for value in values] == told
    assert False in told


@pytest.mark.parametrize(
    ("old", "new", "value"),
    [
        ({"items": STRING}, {"items": STRING, "maxItems": 1}, ["a", "b"]),
        ({"prefixItems": [STRING]}, {"items": STRING}, ["a", 1]),
        ({"prefixItems": [STRING]}, {"prefixItems": [{}, STRING]}, ["a", 1]),
        ({"items": {}}, {"items": STRING}, [1]),
    ],
)
def test_elements(old, new, value):
    judges = Judges(question({"type": "array", **old}, {"type": "array", **new}))
    assert judges.disagree(value)
    assert judges.agree(["a"])


def test_undeclared_members_follow_what_each_side_says_of_them():
    closed = {"additionalProperties": False}
    judges = Judges(question(obj({"a": STRING, "b": STRING}, **closed), obj({"a": STRING}, **closed)))
    assert judges.disagree({"b": "x"})
    assert not judges.disagree({"c": "x"})
    loose = obj({"b": {"type": "integer"}}, additionalProperties=STRING)
    judges = Judges(question(loose, obj({}, additionalProperties=STRING)))
    assert judges.disagree({"b": 1})
    assert judges.agree({"c": "x"})


def test_what_is_the_same_is_written_out_for_one_side_only():
    kept = {f"m{number}": obj({"inner": chain(2, STRING)}) for number in range(20)}
    wide, tight, complete = exports(
        question(obj({**kept, "x": STRING}), obj({**kept, "x": {"type": "integer"}})), inline=False
    )
    assert complete
    assert len(wide["$defs"]) > 20
    assert len(tight["$defs"]) == 1


def test_a_document_is_complete_or_says_that_it_is_not():
    asked = question(chain(5, STRING), chain(5, {"type": "integer"}))
    for depth, whole in ((1, False), (3, False), (5, True), (9, True)):
        assert exports(asked, inline=False, reach=(None,) * depth)[2] is whole
    assert exports(asked, inline=False)[2]
    assert not exports(asked, inline=False, reach=(frozenset("a"),) * 9)[2]


def test_members_that_are_out_of_reach_stay_declared():
    def closed(kind):
        inner = obj({"x": STRING, "y": obj({"z": STRING})}, additionalProperties=False)
        return obj({"a": inner, "b": {"type": kind}, "c": inner}, additionalProperties=False)

    asked = question(closed("string"), closed("integer"))
    wide, tight, _ = exports(asked, inline=False, reach=(frozenset("bc"), frozenset("x")))
    for schema in (wide, tight):
        validator = jsonschema_rs.Draft202012Validator(schema)
        assert validator.is_valid({"a": 1, "c": {"y": 1}})
        assert not validator.is_valid({"d": 1})
    assert not jsonschema_rs.is_valid(wide, {"c": {"x": 1}})
    assert not jsonschema_rs.is_valid(wide, {"c": {"z": "1"}})
    assert jsonschema_rs.is_valid(wide, {"b": "1"})
    assert not jsonschema_rs.is_valid(tight, {"b": "1"})


def test_deep_values_with_ever_other_members_are_judged_by_all_that_they_hold():
    def many(limit):
        leaf = {"type": "string", "maxLength": limit}
        branches = {f"m{number}": chain(3, obj({f"n{number}": leaf})) for number in range(12)}
        return obj({"top": obj(branches), "other": STRING})

    judges = Judges(question(many(9), many(5)))
    for number in [*range(12), *range(12)]:
        value = {"top": {f"m{number}": nested(3, {f"n{number}": "a" * 7})}}
        assert judges.disagree(value)
        assert judges.complaints(value)[0].path[-1] == f"n{number}"
        assert not judges.disagree({**value, "other": 1})
        assert not judges.disagree({"top": {f"m{number}": nested(3, {f"n{number}": "a" * 3})}})
        assert not judges.disagree({"top": {**value["top"], "m0": nested(3, {"n0": 1})}})
    together = {f"m{number}": nested(3, {f"n{number}": "a" * 3}) for number in range(11)}
    assert judges.agree({"top": together})
    assert judges.disagree({"top": {**together, "m11": nested(3, {"n11": "a" * 7})}})
    assert not judges.agree({"top": {**together, "m11": nested(3, {"n11": 7})}})


def test_a_schema_that_cannot_be_compiled_shows_nothing():
    judges = Judges(question(STRING, {"type": "string", "pattern": "("}))
    assert not judges.disagree("a")
    assert not judges.agree("a")
    assert judges.complaints("a") == ()


@pytest.fixture
def reaches(monkeypatch):
    """For what was compiled so far: whether it is for any name at each level."""
    made = []
    compiled = validators._compile

    def noting(question, reach):
        made.append(None if reach is None else [names is None for names in reach])
        return compiled(question, reach)

    monkeypatch.setattr(validators, "_compile", noting)
    return made


def test_a_value_within_reach_is_not_compiled_for_again(reaches):
    judges = Judges(question(chain(4, STRING), chain(4, {"type": "string", "maxLength": 3})))
    assert judges.disagree(nested(4, "a" * 5))
    for value in (nested(4, "a"), nested(4, 1), {"a": {}}, {"a": 1}, {}):
        assert judges.agree(value) is (value == nested(4, "a"))
        assert not judges.disagree(value)
    assert reaches == [[False] * 4]
    assert not judges.agree({"other": 1})
    assert not judges.agree({"a": {"other": 1}})
    assert reaches == [[False] * 4, [True, True]]


def test_what_is_compiled_for_is_wider_each_time_that_it_was_too_narrow(reaches):
    names = [f"n{number}" for number in range(30)]
    sides = [chain(4, obj({key: {"type": "string", "maxLength": most} for key in names})) for most in (5, 3)]
    judges = Judges(question(*sides))
    for most in range(27, 31):
        assert judges.disagree(nested(4, dict.fromkeys(names[:most], "a" * 5)))
        assert judges.agree(nested(4, dict.fromkeys(names[:most], "a")))
    assert reaches == [
        [False] * 5,
        [True, True, False, False, False],
        [True] * 3 + [False] * 2,
        [True] * 4 + [False],
    ]


def test_what_cannot_be_compiled_in_depth_is_judged_near_the_surface():
    deep = {"type": "string", "pattern": "("}
    sides = [obj({"near": {"type": "string", "maxLength": most}, "far": chain(3, deep)}) for most in (5, 3)]
    judges = Judges(question(*sides))
    value = {"near": "a" * 5, "far": nested(3, "a")}
    for _ in range(2):
        assert not judges.disagree(value)
        assert judges.disagree({"near": "a" * 5})
        assert judges.agree({"near": "a" * 3})
