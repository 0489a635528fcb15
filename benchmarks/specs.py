"""Generates large, cyclic and hostile OpenAPI documents; `python -m benchmarks.specs --help` prints one.

`payments` is of Stripe's kind: hundreds of resources that all refer to each other through expandable fields.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Callable, Iterator
from typing import Any

_SCHEMAS = "#/components/schemas/"


def payments(size: int, edit: str = "none") -> dict[str, Any]:
    """`size` resources, mutually recursive, each with four operations, a deleted variant and a list.

    `edit`: "none"; "docs" (a description everywhere); "rename" (one component); "one" (a field of one
    component removed); "many" (every tenth component loses a field and narrows another).
    """
    schemas: dict[str, Any] = {"error": _object({"code": _string(), "message": _string()}, ["code"])}
    paths: dict[str, Any] = {}
    for number in range(size):
        name = f"resource_{number}"
        schemas[name] = _resource(number, size, edit)
        schemas[f"deleted_{name}"] = _object(
            {"id": _string(), "deleted": {"enum": [True]}}, ["id", "deleted"]
        )
        paths.update(_paths(name, number))
    if edit == "rename":
        schemas["resource_zero"] = schemas.pop("resource_0")
        text = json.dumps([schemas, paths]).replace(f'"{_SCHEMAS}resource_0"', f'"{_SCHEMAS}resource_zero"')
        schemas, paths = json.loads(text)
    return _document(paths, schemas)


def _resource(number: int, size: int, edit: str) -> dict[str, Any]:
    properties: dict[str, Any] = {
        "id": {"type": "string", "maxLength": 5000},
        "object": {"type": "string", "enum": [f"resource_{number}"]},
        "amount": {"type": "integer", "minimum": 0},
        "created": {"type": "integer", "format": "unix-time"},
        "status": {"type": "string", "enum": ["open", "paid", "void"]},
        "metadata": {"type": "object", "additionalProperties": _string()},
    }
    for field in range(4):
        other = f"resource_{(number * 7 + field * 13 + 1) % size}"
        properties[f"link_{field}"] = _expandable(other, deleted=field % 2 == 1)
    properties["lines"] = _list(f"resource_{(number + 1) % size}")
    properties["parent"] = {"nullable": True, "allOf": [{"$ref": f"{_SCHEMAS}resource_{number // 2}"}]}
    required = ["id", "object", "created"]
    if edit == "docs":
        properties["amount"] = {**properties["amount"], "description": "In the smallest unit."}
    if (edit == "one" and number == size // 2) or (edit == "many" and number % 10 == 0):
        del properties["created"]
        required.remove("created")
    if edit == "many" and number % 10 == 0:
        properties["amount"] = {"type": "integer", "minimum": 1}
    return _object(properties, required)


def _expandable(other: str, *, deleted: bool) -> dict[str, Any]:
    """An id, or the thing itself, or what is left of it."""
    branches = [{"type": "string", "maxLength": 5000}, {"$ref": _SCHEMAS + other}]
    return {"anyOf": [*branches, {"$ref": f"{_SCHEMAS}deleted_{other}"}] if deleted else branches}


def _list(other: str) -> dict[str, Any]:
    data = {"type": "array", "items": {"$ref": _SCHEMAS + other}}
    return _object({"object": {"enum": ["list"]}, "data": data, "has_more": {"type": "boolean"}}, ["data"])


def _paths(name: str, number: int) -> Iterator[tuple[str, Any]]:
    one = _answers({"$ref": _SCHEMAS + name})
    fields = {"amount": {"type": "integer"}, "expand": {"type": "array", "items": _string()}}
    form = {"content": {"application/x-www-form-urlencoded": {"schema": _object(fields, [])}}}
    query = {"name": "limit", "in": "query", "schema": {"type": "integer", "maximum": 100}}
    at = {"name": "id", "in": "path", "required": True, "schema": _string()}
    yield (
        f"/v1/{name}",
        {
            "get": {
                "operationId": f"list{number}",
                "parameters": [query],
                "responses": _answers(_list(name)),
            },
            "post": {"operationId": f"create{number}", "requestBody": form, "responses": one},
        },
    )
    yield (
        f"/v1/{name}/{{id}}",
        {
            "parameters": [at],
            "get": {"operationId": f"get{number}", "responses": one},
            "delete": {
                "operationId": f"delete{number}",
                "responses": _answers({"$ref": f"{_SCHEMAS}deleted_{name}"}),
            },
        },
    )


def _answers(schema: dict[str, Any]) -> dict[str, Any]:
    error = {
        "description": "An error.",
        "content": {"application/json": {"schema": {"$ref": f"{_SCHEMAS}error"}}},
    }
    good = {"description": "As asked.", "content": {"application/json": {"schema": schema}}}
    return {"200": good, "default": error}


# --- hostile documents ----------------------------------------------------------------------------


def deep(size: int, edit: str = "none") -> dict[str, Any]:
    """Objects in objects, `size` levels down; the edit is at the bottom."""
    schema: dict[str, Any] = {"type": "integer" if edit == "none" else "string"}
    for _ in range(size):
        schema = {"type": "object", "properties": {"a": schema}}
    return _document(_one_path(schema), {})


def bomb(size: int, edit: str = "none") -> dict[str, Any]:
    """`size` components, each an allOf of the next one twice: two to the power of `size` paths."""
    schemas: dict[str, Any] = {
        f"level_{number}": {"allOf": [{"$ref": f"{_SCHEMAS}level_{number + 1}"}] * 2}
        for number in range(size)
    }
    schemas[f"level_{size}"] = _object({"a": {"type": "integer" if edit == "none" else "string"}}, ["a"])
    return _document(_one_path({"$ref": f"{_SCHEMAS}level_0"}), schemas)


def tree(size: int, edit: str = "none") -> dict[str, Any]:
    """`size` components, each with three properties of the next one: three to the power of `size` paths."""
    schemas: dict[str, Any] = {}
    for number in range(size):
        following = {"$ref": f"{_SCHEMAS}level_{number + 1}"}
        schemas[f"level_{number}"] = _object(dict.fromkeys("abc", following), [])
    schemas[f"level_{size}"] = {"type": "integer" if edit == "none" else "string"}
    return _document(_one_path({"$ref": f"{_SCHEMAS}level_0"}), schemas)


def union(size: int, edit: str = "none") -> dict[str, Any]:
    """A oneOf of `size` objects told apart by a constant; the edit turns their order and narrows one."""
    branches = [
        _object({"kind": {"enum": [f"k{number}"]}, f"f{number}": _string()}, ["kind"])
        for number in range(size)
    ]
    if edit != "none":
        branches[size // 2]["required"] = ["kind", f"f{size // 2}"]
        branches.reverse()
    return _document(_one_path({"oneOf": branches}), {})


def paths(size: int, edit: str = "none") -> dict[str, Any]:
    """`size` unrelated small paths; the edit renames them all, so that all must be matched anew."""
    word = "items" if edit == "none" else "item"
    found: dict[str, Any] = {}
    for number in range(size):
        inner = _object({f"f{number}": _string()}, [])
        found[f"/group{number}/{word}"] = {"get": {"responses": _answers(inner)}}
    return _document(found, {"error": _object({"code": _string()}, ["code"])})


def _one_path(schema: dict[str, Any]) -> dict[str, Any]:
    body = {"required": True, "content": {"application/json": {"schema": schema}}}
    return {"/items": {"post": {"requestBody": body, "responses": {"200": {"description": "ok"}}}}}


def _document(paths: dict[str, Any], schemas: dict[str, Any]) -> dict[str, Any]:
    info = {"title": "Generated", "version": "1.0.0"}
    return {"openapi": "3.0.3", "info": info, "paths": paths, "components": {"schemas": schemas}}


def _object(properties: dict[str, Any], required: list[str]) -> dict[str, Any]:
    schema: dict[str, Any] = {"type": "object", "properties": properties}
    return {**schema, "required": required} if required else schema


def _string() -> dict[str, Any]:
    return {"type": "string"}


KINDS: dict[str, Callable[[int, str], dict[str, Any]]] = {
    "payments": payments,
    "deep": deep,
    "bomb": bomb,
    "tree": tree,
    "union": union,
    "paths": paths,
}


def main() -> None:
    """Print one document as JSON."""
    parser = argparse.ArgumentParser(prog="python -m benchmarks.specs", description=__doc__)
    parser.add_argument("kind", choices=KINDS)
    parser.add_argument("size", type=int)
    parser.add_argument("--edit", default="none", help="none, one; for payments also docs, rename, many")
    given = parser.parse_args()
    sys.setrecursionlimit(max(1000, 40 * given.size))
    json.dump(KINDS[given.kind](given.size, given.edit), sys.stdout)


if __name__ == "__main__":
    main()
