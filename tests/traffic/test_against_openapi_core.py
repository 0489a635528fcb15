"""The verdicts on some hundred generated calls, against another implementation (openapi-core).

Where both disagree there must be a reason that is written down here.
"""

from __future__ import annotations

import json
import os
import random
import subprocess
from pathlib import Path

import pytest

from driftcheck.difference import Severity
from driftcheck.traffic.exchange import Body, Exchange, Request, Response, Source
from tests.traffic.calls import JSON, checked, spec

CALLS = 400
ITEM = {
    "type": "object",
    "required": ["id", "name"],
    "properties": {
        "id": {"type": "integer", "minimum": 1},
        "name": {"type": "string", "maxLength": 5},
        "kind": {"enum": ["a", "b"]},
        "price": {"type": "number", "exclusiveMinimum": 0},
        "tags": {"type": "array", "items": {"type": "string"}, "maxItems": 2, "uniqueItems": True},
        "owner": {
            "type": ["object", "null"],
            "required": ["mail"],
            "properties": {"mail": {"type": "string"}},
        },
        "either": {"oneOf": [{"type": "integer"}, {"type": "string", "pattern": "^x"}]},
        "closed": {"type": "object", "properties": {"a": {"type": "boolean"}}, "additionalProperties": False},
    },
}
VALUES = {
    "id": [1, 7, 0, -1, "1", 1.5, None],
    "name": ["x", "abcde", "abcdef", 5, None, ""],
    "kind": ["a", "b", "c", 1, None],
    "price": [0.5, 3, 0, -1, "1"],
    "tags": [[], ["a"], ["a", "b"], ["a", "b", "c"], ["a", "a"], [1], "a"],
    "owner": [None, {"mail": "x"}, {}, {"mail": 1}, []],
    "either": [1, "xyz", "abc", 1.5, None],
    "closed": [{}, {"a": True}, {"a": 1}, {"b": 1}],
}
QUERIES = {
    "limit": ["5", "0", "101", "x", "", "-3"],
    "ids": ["1", "1,2", "1,x", ""],
    "on": ["true", "false", "yes"],
    "kind": ["a", "z"],
}
PARAMETERS = [
    {"name": "limit", "in": "query", "schema": {"type": "integer", "minimum": 1, "maximum": 100}},
    {
        "name": "ids",
        "in": "query",
        "explode": False,
        "schema": {"type": "array", "items": {"type": "integer"}},
    },
    {"name": "on", "in": "query", "schema": {"type": "boolean"}},
    {"name": "kind", "in": "query", "required": True, "schema": {"enum": ["a", "b"]}},
    {"name": "key", "in": "path", "required": True, "schema": {"type": "integer"}},
]
CONTENT = {JSON: {"schema": {"$ref": "#/components/schemas/Item"}}}
DESCRIPTION = spec(
    {
        "/items/{key}": {
            "put": {
                "parameters": PARAMETERS,
                "requestBody": {"required": True, "content": CONTENT},
                "responses": {"200": {"description": "ok", "content": CONTENT}, "4XX": {"description": "no"}},
            }
        }
    },
    servers=[{"url": "http://localhost/v1"}],
    components={"schemas": {"Item": ITEM}},
)
HARMFUL = {Severity.BREAKING, Severity.RISKY}


def item(chance):
    """Mostly good: one member of it may be anything."""
    value = {"id": 1, "name": "x"}
    for name in chance.sample(sorted(VALUES), chance.randint(0, 3)):
        value[name] = chance.choice(VALUES[name])
    if chance.random() < 0.1:
        value.pop(chance.choice(sorted(value)))
    return value


def calls(number):
    chance = random.Random(number)
    query = {"kind": "a"}
    for name in chance.sample(sorted(QUERIES), chance.randint(0, 2)):
        query[name] = chance.choice(QUERIES[name])
    if chance.random() < 0.1:
        query.pop("kind", None)
    written = "&".join(f"{name}={value}" for name, value in query.items())
    key = chance.choice(["1", "1", "1", "x"])
    sent, got = item(chance), item(chance)
    status = chance.choice([200, 200, 200, 404])
    return (
        f"http://localhost/v1/items/{key}?{written}",
        json.dumps(sent).encode(),
        status,
        json.dumps(got).encode() if status == 200 else b"",
    )


@pytest.fixture(scope="module")
def theirs():
    """The verdicts of openapi-core on all calls, asked for once. It needs a Python of its own, because it
    wants an older openapi-spec-validator than driftcheck does."""
    python = os.environ.get("DRIFTCHECK_OPENAPI_CORE")
    if not python:
        pytest.skip("DRIFTCHECK_OPENAPI_CORE names no Python with openapi-core, the other opinion")
    asked = [
        [url, sent.decode(), status, got.decode()] for url, sent, status, got in map(calls, range(CALLS))
    ]
    given = json.dumps({"description": DESCRIPTION, "calls": asked})
    script = Path(__file__).parent / "openapi_core_verdicts.py"
    done = subprocess.run([python, str(script)], input=given, capture_output=True, text=True, check=True)
    return [set(sides) for sides in json.loads(done.stdout)]


def ours(url, sent, status, got):
    call = Exchange(
        source=Source("calls.har", "har", 1),
        request=Request("PUT", url, (), Body("present", sent, JSON)),
        response=Response(status, (), Body("present", got, JSON)),
    )
    found = [each for each in checked(DESCRIPTION, call).findings if each.severity in HARMFUL]
    return found, {"sent" if str(each.difference.flow) == "sent" else "received" for each in found}


def excused(url, status, side):
    """Requests that the service refused are not judged; openapi-core takes yes and no for booleans, which no
    schema does, and an empty text for a list of one empty text."""
    return side == "sent" and (status >= 400 or "on=yes" in url or "ids=&" in f"{url}&")


def test_the_verdicts_agree(theirs):
    differing = []
    for number in range(CALLS):
        url, sent, status, got = calls(number)
        found, mine = ours(url, sent, status, got)
        differing += [
            (side, url, sent, got, [each.message for each in found])
            for side in ("sent", "received")
            if (side in mine) != (side in theirs[number]) and not excused(url, status, side)
        ]
    assert differing == []


def test_both_verdicts_occur():
    outcomes = {bool(ours(*calls(number))[1]) for number in range(50)}
    assert outcomes == {True, False}
