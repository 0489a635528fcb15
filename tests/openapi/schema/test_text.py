"""Values written as text: what can be written decides, not the JSON type."""

from __future__ import annotations

from typing import Any

import pytest

from driftcheck.difference import Effect, Flow
from tests.openapi.schema.schemas import differences

SILENT = [
    ({"type": "integer"}, {"type": "string"}),
    ({"type": "boolean"}, {"type": "string"}),
    ({"type": "integer"}, {"type": "number"}),
    ({"enum": [1, 2]}, {"enum": ["1", "2", "3"]}),
    ({"type": "boolean"}, {"enum": ["true", "false"]}),
    ({"type": "string"}, {"type": "array", "items": {"type": "string"}}),
    ({"type": "integer", "minimum": 0}, {"type": "string", "pattern": r"^\d+$"}),
    ({"type": ["integer", "null"]}, {"type": "integer"}),
]
BREAKING = [
    ({"type": "string"}, {"type": "integer"}),
    ({"type": "string"}, {"type": "boolean"}),
    ({"type": "number"}, {"type": "integer"}),
    ({"type": "integer"}, {"type": "string", "maxLength": 3}),
    ({"type": "integer"}, {"enum": ["1", "2"]}),
    ({"type": "array", "items": {"type": "string"}}, {"type": "string"}),
    ({"enum": ["a", "b"]}, {"enum": ["a", "c"]}),
]


def _harm(old: Any, new: Any, encoding: str) -> list[Any]:
    return [
        d
        for d in differences(old, new, Flow.SENT, encoding=encoding)
        if d.effect in (Effect.NARROWED, Effect.UNCLEAR)
    ]


@pytest.mark.parametrize(("old", "new"), SILENT)
def test_silent(old: Any, new: Any) -> None:
    assert _harm(old, new, "text") == []


@pytest.mark.parametrize(("old", "new"), BREAKING)
def test_breaking(old: Any, new: Any) -> None:
    found = _harm(old, new, "text")
    assert len(found) == 1
    assert found[0].effect is Effect.NARROWED
    assert found[0].counterexample is not None


@pytest.mark.parametrize(("old", "new"), SILENT[:6])
def test_the_same_breaks_in_json(old: Any, new: Any) -> None:
    found = _harm(old, new, "json")
    assert bool(found) is (new != {"type": "number"})
