"""Parameters as they are written: every style and explode, in every place."""

from __future__ import annotations

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.openapi.loading import load
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.decode import MISSING, coerce, from_header, from_path, from_query, query_pairs
from tests.traffic.calls import spec

NUMBERS = {"type": "array", "items": {"type": "integer"}}
TEXTS = {"type": "array", "items": {"type": "string"}}
POINT = {"type": "object", "properties": {"x": {"type": "integer"}, "on": {"type": "boolean"}}}


def parameter(schema, place="query", *, version="3.1.0", **more):
    one = {"name": "p", "in": place, "required": place == "path"}
    one |= schema if version == "2.0" else {"schema": schema}
    operation = {"parameters": [{**one, **more}], "responses": {}}
    document = load(spec({"/a/{p}": {"get": operation}}, version=version), Side.ACTUAL, ApiConfig())
    return Contract(document).promises[0].parameters[place][0]


def queried(query, schema, **more):
    one = parameter(schema, **more)
    return from_query(one.described, one.plan, query_pairs(query))[0]


@pytest.mark.parametrize(
    ("query", "schema", "more", "value"),
    [
        ("p=5", {"type": "integer"}, {}, 5),
        ("p=5", {"type": "string"}, {}, "5"),
        ("p=05", {"type": "integer"}, {}, "05"),
        ("p=-1.5e3", {"type": "number"}, {}, -1500.0),
        ("p=true", {"type": "boolean"}, {}, True),
        ("p=True", {"type": "boolean"}, {}, "True"),
        ("p=a%20b+c", {"type": "string"}, {}, "a b c"),
        ("p=", {"type": "string"}, {}, ""),
        ("p", {"type": "string"}, {}, ""),
        ("p=null", {"type": ["integer", "null"]}, {}, None),
        ("p=1&p=2", NUMBERS, {}, [1, 2]),
        ("p=1", NUMBERS, {}, [1]),
        ("p=1,2", NUMBERS, {"explode": False}, [1, 2]),
        ("p=a%2Cb,c", TEXTS, {"explode": False}, ["a,b", "c"]),
        ("p=1%2C2%2c3", NUMBERS, {"explode": False}, [1, 2, 3]),
        ("p=", NUMBERS, {"explode": False}, []),
        ("p=x%2C1%2Con%2Ctrue", POINT, {"explode": False}, {"x": 1, "on": True}),
        ("p=1%2C2", NUMBERS, {"version": "2.0"}, [1, 2]),
        ("p=1%2C2", NUMBERS, {}, ["1,2"]),
        ("p=1%202", NUMBERS, {"style": "spaceDelimited", "explode": False}, [1, 2]),
        ("p=1+2", NUMBERS, {"style": "spaceDelimited", "explode": False}, [1, 2]),
        ("p=1|2", NUMBERS, {"style": "pipeDelimited", "explode": False}, [1, 2]),
        ("p=1%7C2", NUMBERS, {"style": "pipeDelimited", "explode": False}, [1, 2]),
        ("x=1&on=true&other=2", POINT, {}, {"x": 1, "on": True}),
        ("p=x,1,on,true", POINT, {"explode": False}, {"x": 1, "on": True}),
        ("p[x]=1&p[on]=false", POINT, {"style": "deepObject", "explode": True}, {"x": 1, "on": False}),
        ("p%5Bx%5D=1", POINT, {"style": "deepObject", "explode": True}, {"x": 1}),
        ("p=1&p=2", {**NUMBERS, "collectionFormat": "multi"}, {"version": "2.0"}, [1, 2]),
        ("p=1,2", NUMBERS, {"version": "2.0"}, [1, 2]),
        ("p=1%092", {**NUMBERS, "collectionFormat": "tsv"}, {"version": "2.0"}, [1, 2]),
        ("p=1|2", {**NUMBERS, "collectionFormat": "pipes"}, {"version": "2.0"}, [1, 2]),
    ],
)
def test_queries(query, schema, more, value):
    assert queried(query, schema, **more) == value


@pytest.mark.parametrize("query", ["", "q=1", "P=1", "pp=1"])
def test_what_is_not_sent_is_missing(query):
    assert queried(query, {"type": "integer"}) is MISSING


def test_deep_objects_nest_and_hold_arrays():
    schema = {
        "type": "object",
        "properties": {"a": {"type": "object", "properties": {"b": {"type": "integer"}}}, "c": NUMBERS},
    }
    found = queried("p[a][b]=1&p[c][]=2&p[c][]=3", schema, style="deepObject")
    assert found == {"a": {"b": 1}, "c": [2, 3]}


@pytest.mark.parametrize(
    ("written", "schema", "more", "value"),
    [
        ("5", {"type": "integer"}, {}, 5),
        ("a%2Fb", {"type": "string"}, {}, "a/b"),
        ("1,2", NUMBERS, {}, [1, 2]),
        ("x,1,on,true", POINT, {}, {"x": 1, "on": True}),
        ("x=1,on=true", POINT, {"explode": True}, {"x": 1, "on": True}),
        (".5", {"type": "integer"}, {"style": "label"}, 5),
        (".1,2", NUMBERS, {"style": "label"}, [1, 2]),
        (".1.2", NUMBERS, {"style": "label", "explode": True}, [1, 2]),
        (".x=1.on=true", POINT, {"style": "label", "explode": True}, {"x": 1, "on": True}),
        (";p=5", {"type": "integer"}, {"style": "matrix"}, 5),
        (";p=1,2", NUMBERS, {"style": "matrix"}, [1, 2]),
        (";p=1;p=2", NUMBERS, {"style": "matrix", "explode": True}, [1, 2]),
        (";x=1;on=true", POINT, {"style": "matrix", "explode": True}, {"x": 1, "on": True}),
    ],
)
def test_paths(written, schema, more, value):
    one = parameter(schema, "path", **more)
    assert from_path(one.described, one.plan, written) == value


@pytest.mark.parametrize(
    ("text", "schema", "more", "value"),
    [
        ("5", {"type": "integer"}, {}, 5),
        ("1, 2", NUMBERS, {}, [1, 2]),
        ("x,1", POINT, {}, {"x": 1}),
        ("x=1", POINT, {"explode": True}, {"x": 1}),
        ("a, b", {"type": "string"}, {}, "a, b"),
    ],
)
def test_headers(text, schema, more, value):
    one = parameter(schema, "header", **more)
    assert from_header(one.described, one.plan, text) == value


@pytest.mark.parametrize(
    ("text", "kinds", "value"),
    [
        ("1", {"integer", "string"}, 1),
        ("x", {"integer", "string"}, "x"),
        ("1.0", {"integer"}, "1.0"),
        ("1" * 5000, {"integer"}, "1" * 5000),
        ("", {"null", "integer"}, None),
        ("", {"null", "string"}, ""),
        ("NaN", {"number"}, "NaN"),
    ],
)
def test_texts_become_what_is_allowed_and_else_stay(text, kinds, value):
    assert coerce(text, frozenset(kinds)) == value
