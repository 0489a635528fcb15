"""Random single edits of a plain schema that make it stricter, each at a known place.

Only places that every value reaches are edited: through properties and items, never through unions.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

Schema = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Edit:
    """`tight` allows less than `wide`, because of what stands at `pointer`; `enum` marks a shrunk enum."""

    wide: Schema
    tight: Schema
    pointer: str
    what: str


def edits_of(schema: Schema) -> list[Edit]:
    """Every edit that applies somewhere in the schema."""
    found: list[Edit] = []
    for pointer, path in _places(schema, "", ()):
        for name, edit in _EDITS.items():
            place, tight = edit(_at(schema, path))
            if tight is not None:
                found.append(Edit(schema, _replaced(schema, path, tight), pointer + place, name))
    return found


def _places(schema: Schema, pointer: str, path: tuple[str, ...]) -> Iterator[tuple[str, tuple[str, ...]]]:
    yield pointer, path
    for name, member in schema.get("properties", {}).items():
        yield from _places(member, f"{pointer}/properties/{name}", (*path, "properties", name))
    if isinstance(schema.get("items"), dict):
        yield from _places(schema["items"], f"{pointer}/items", (*path, "items"))


def _at(schema: Any, path: tuple[str, ...]) -> Any:
    for step in path:
        schema = schema[step]
    return schema


def _replaced(schema: Schema, path: tuple[str, ...], part: Schema) -> Schema:
    result = copy.deepcopy(schema)
    if not path:
        return part
    _at(result, path[:-1])[path[-1]] = part
    return result


_Edit = Callable[[Schema], tuple[str, Schema | None]]


def _require(schema: Schema) -> tuple[str, Schema | None]:
    for name in schema.get("properties", {}):
        if name not in schema.get("required", ()):
            return f"/properties/{name}", {**schema, "required": [*schema.get("required", ()), name]}
    return "", None


def _shorten(schema: Schema) -> tuple[str, Schema | None]:
    if schema.get("type") != "string" or {"enum", "pattern", "format"} & set(schema):
        return "", None
    return "", {**schema, "maxLength": 2} if schema.get("minLength", 0) <= 2 else None


def _raise_minimum(schema: Schema) -> tuple[str, Schema | None]:
    if schema.get("type") not in ("integer", "number") or {"enum", "multipleOf"} & set(schema):
        return "", None
    return "", {**schema, "minimum": 2}


def _drop_value(schema: Schema) -> tuple[str, Schema | None]:
    allowed = schema.get("enum", [])
    return "", {**schema, "enum": allowed[:-1]} if len(allowed) > 1 else None


def _drop_type(schema: Schema) -> tuple[str, Schema | None]:
    kinds = schema.get("type")
    return "", {**schema, "type": kinds[:-1]} if isinstance(kinds, list) else None


def _limit_items(schema: Schema) -> tuple[str, Schema | None]:
    if schema.get("type") != "array" or schema.get("minItems", 0) > 1:
        return "", None
    return "", {**schema, "maxItems": 1}


def _multiply(schema: Schema) -> tuple[str, Schema | None]:
    return "", {**schema, "multipleOf": schema["multipleOf"] * 7} if "multipleOf" in schema else None


_EDITS: dict[str, _Edit] = {
    "require": _require,
    "shorten": _shorten,
    "raise minimum": _raise_minimum,
    "drop value": _drop_value,
    "drop type": _drop_type,
    "limit items": _limit_items,
    "multiply": _multiply,
}
