"""Random rewrites of a document that change nothing of what it means.

Each schema rewrite takes a schema and a choice, and returns an equal schema, or None where it has
nothing to do. Documents are edited in place: give them a copy.
"""

from __future__ import annotations

import copy
from collections.abc import Callable, Iterator
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
Choose = Callable[[list[Any]], Any]
_TOGETHER = (
    "properties", "patternProperties", "additionalProperties", "unevaluatedProperties",
    "prefixItems", "items", "contains", "minContains", "maxContains", "if", "then", "else",
)  # fmt: skip


def places(document: dict[str, Any]) -> list[tuple[Any, Any]]:
    """(container, key) of every schema in a document made by strategies.documents()."""
    found: list[tuple[Any, Any]] = []
    for item in document["paths"].values():
        for parameter in item.get("parameters", []):
            found.extend(_below(parameter, "schema"))
        for operation in (item[method] for method in ("get", "post") if method in item):
            found.extend(_of_operation(operation))
    for name in document["components"]["schemas"]:
        found.extend(_below(document["components"]["schemas"], name))
    return found


def _of_operation(operation: dict[str, Any]) -> Iterator[tuple[Any, Any]]:
    for parameter in operation.get("parameters", []):
        yield from _below(parameter, "schema")
    for holder in (operation.get("requestBody", {}), *operation["responses"].values()):
        for media in holder.get("content", {}).values():
            if "schema" in media:
                yield from _below(media, "schema")


def _below(container: Any, key: Any) -> Iterator[tuple[Any, Any]]:
    schema = container[key]
    if not isinstance(schema, dict):
        return
    yield container, key
    for name in schema.get("properties", {}):
        yield from _below(schema["properties"], name)
    for keyword in ("items", "additionalProperties", "not"):
        if keyword in schema:
            yield from _below(schema, keyword)
    for keyword in ("allOf", "anyOf", "oneOf"):
        for index in range(len(schema.get(keyword, ()))):
            yield from _below(schema[keyword], index)


# --- schemas --------------------------------------------------------------------------------------


def wrap(schema: Schema, choose: Choose) -> Schema:
    """One branch of a composition, or not of not."""
    keyword = choose(["allOf", "anyOf", "oneOf", "not"])
    return {"not": {"not": schema}} if keyword == "not" else {keyword: [schema]}


def split(schema: Schema, choose: Choose) -> Schema | None:
    """Independent keywords spread over two allOf branches."""
    loose = [key for key in schema if key not in _TOGETHER]
    if len(schema) < 2 or not loose or "$ref" in schema:
        return None
    moved = choose(loose)
    return {
        "allOf": [
            {key: value for key, value in schema.items() if key != moved},
            {moved: schema[moved]},
        ]
    }


def hoist(schema: Schema, choose: Choose) -> Schema | None:
    """One keyword moved into an allOf beside the rest."""
    loose = [key for key in schema if key not in (*_TOGETHER, "allOf")]
    if len(schema) < 2 or not loose or "$ref" in schema or "allOf" in schema:
        return None
    moved = choose(loose)
    rest = {key: value for key, value in schema.items() if key != moved}
    return {**rest, "allOf": [{moved: schema[moved]}]}


def spell_types(schema: Schema, choose: Choose) -> Schema | None:
    """A type list as a union, one type as a list of one."""
    kinds = schema.get("type")
    if isinstance(kinds, str):
        return {**schema, "type": [kinds]}
    if isinstance(kinds, list) and len(kinds) > 1:
        keyword = choose(["anyOf", "oneOf", "order"])
        if keyword == "order":
            return {**schema, "type": kinds[1:] + kinds[:1]}
        if keyword not in schema and not {"integer", "number"} <= set(kinds):
            rest = {key: value for key, value in schema.items() if key != "type"}
            return {**rest, keyword: [{"type": kind} for kind in kinds]}
    return None


def spell_enum(schema: Schema, choose: Choose) -> Schema | None:
    """An enum as consts, in another order, or a bound range."""
    allowed = schema.get("enum")
    if not allowed:
        return None
    rest = {key: value for key, value in schema.items() if key != "enum"}
    keyword = choose(["anyOf", "oneOf", "order", "const", "untyped"])
    if keyword == "order":
        return {**rest, "enum": allowed[1:] + allowed[:1]}
    if keyword == "const":
        return {**rest, "const": allowed[0]} if len(allowed) == 1 else None
    if keyword == "untyped":
        return {"enum": allowed} if set(schema) == {"type", "enum"} else None
    return {**rest, keyword: [{"const": value} for value in allowed]} if keyword not in rest else None


def spell_bounds(schema: Schema, choose: Choose) -> Schema | None:
    """Bounds of an integer written otherwise; bounds that bound nothing."""
    if schema.get("type") == "string":
        return None if "minLength" in schema else {**schema, "minLength": 0}
    if schema.get("type") == "array":
        return None if "minItems" in schema else {**schema, "minItems": 0}
    if schema.get("type") != "integer":
        return None
    written = [key for key in ("minimum", "maximum", "exclusiveMinimum", "exclusiveMaximum") if key in schema]
    if not written:
        return {**schema, "multipleOf": 1} if "multipleOf" not in schema else None
    key = choose(written)
    step = 1 if key in ("maximum", "exclusiveMinimum") else -1
    other = {"minimum": "exclusiveMinimum", "maximum": "exclusiveMaximum"}
    swapped = other.get(key) or {value: name for name, value in other.items()}[key]
    rest = {name: value for name, value in schema.items() if name != key}
    return None if swapped in rest else {**rest, swapped: schema[key] + step}


def annotate(schema: Schema, choose: Choose) -> Schema:
    """Words for people."""
    word = choose(["title", "description", "$comment", "x-note"])
    return {**schema, word: "a note"}


def open_up(schema: Schema, choose: Choose) -> Schema | None:
    """What an object allows anyway."""
    if schema.get("type") != "object" or "additionalProperties" in schema:
        return None
    return {**schema, "additionalProperties": choose([True, {}])}


def reorder(schema: Schema, choose: Choose) -> Schema:
    """Keywords, members, required names and branches in another order."""
    turned = {key: schema[key] for key in reversed(schema)}
    for keyword in ("required", "allOf", "anyOf", "oneOf"):
        if keyword in turned:
            turned[keyword] = list(reversed(turned[keyword]))
    if "properties" in turned:
        turned["properties"] = dict(reversed(turned["properties"].items()))
    return turned


def reorder_all(schema: Schema, choose: Choose) -> Schema:
    """The same, at every depth."""
    holder = {"schema": copy.deepcopy(schema)}
    for container, key in reversed(list(_below(holder, "schema"))):
        container[key] = reorder(container[key], choose)
    return holder["schema"]


SCHEMA_REWRITES = (
    wrap, split, hoist, spell_types, spell_enum, spell_bounds, annotate, open_up, reorder, reorder_all,
)  # fmt: skip


# --- documents ------------------------------------------------------------------------------------


def extract(document: dict[str, Any], choose: Choose) -> None:
    """An inline schema becomes a component."""
    container, key = choose(places(document))
    schemas = document["components"]["schemas"]
    name = f"Part{len(schemas)}"
    schemas[name] = container[key]
    container[key] = {"$ref": f"#/components/schemas/{name}"}


def inline(document: dict[str, Any], choose: Choose) -> None:
    """A reference is written out; where it is recursive, that unrolls it once."""
    referring = [place for place in places(document) if "$ref" in place[0][place[1]]]
    if referring:
        container, key = choose(referring)
        rest = {name: value for name, value in container[key].items() if name != "$ref"}
        target = document["components"]["schemas"][container[key]["$ref"].rsplit("/", 1)[-1]]
        container[key] = {"allOf": [copy.deepcopy(target), rest]} if rest else copy.deepcopy(target)


def rename_component(document: dict[str, Any], choose: Choose) -> None:
    """Another name for a component, everywhere."""
    schemas = document["components"]["schemas"]
    old = choose(sorted(schemas))
    new = f"{old}Record"
    document["components"]["schemas"] = {
        (new if name == old else name): schema for name, schema in schemas.items()
    }
    for container, key in places(document):
        if container[key].get("$ref") == f"#/components/schemas/{old}":
            container[key]["$ref"] = f"#/components/schemas/{new}"


def add_unused(document: dict[str, Any], choose: Choose) -> None:
    """A component that nothing refers to."""
    schemas = document["components"]["schemas"]
    schemas[f"Unused{len(schemas)}"] = {"type": "string"}


def move_parameters(document: dict[str, Any], choose: Choose) -> None:
    """Parameters that all operations of a path share move to the path, or down again."""
    item = document["paths"][choose(sorted(document["paths"]))]
    operations = [item[method] for method in ("get", "post") if method in item]
    if not operations:
        return
    above = item.pop("parameters", [])
    if above:
        for operation in operations:
            operation["parameters"] = operation.get("parameters", []) + copy.deepcopy(above)
        return
    first, *others = (operation.get("parameters", []) for operation in operations)
    shared = [parameter for parameter in first if all(parameter in other for other in others)]
    if shared:
        item["parameters"] = copy.deepcopy(shared)
        for operation in operations:
            operation["parameters"] = [p for p in operation["parameters"] if p not in shared]


def reorder_paths(document: dict[str, Any], choose: Choose) -> None:
    """Paths and methods in another order."""
    document["paths"] = {
        path: dict(reversed(item.items())) for path, item in reversed(document["paths"].items())
    }


DOCUMENT_REWRITES = (extract, inline, rename_component, add_unused, move_parameters, reorder_paths)


@st.composite
def rewritten_schema(draw: st.DrawFn, schema: Any, most: int = 3) -> tuple[Any, list[str]]:
    """An equal schema, and what was done to it."""
    holder = {"schema": copy.deepcopy(schema)}
    done: list[str] = []

    def choose(among: list[Any]) -> Any:
        return among[draw(st.integers(0, len(among) - 1))]

    for _ in range(draw(st.integers(1, most))):
        _rewrite_one(list(_below(holder, "schema")), choose(list(SCHEMA_REWRITES)), choose, done)
    return holder["schema"], done


def _rewrite_one(found: list[tuple[Any, Any]], rewrite: Any, choose: Choose, done: list[str]) -> None:
    container, key = choose(found)
    equal = rewrite(copy.deepcopy(container[key]), choose)
    if equal is not None:
        container[key] = equal
        done.append(rewrite.__name__)


@st.composite
def rewritten(draw: st.DrawFn, document: dict[str, Any], most: int = 4) -> tuple[dict[str, Any], list[str]]:
    """An equal document, and what was done to it."""
    result = copy.deepcopy(document)
    done: list[str] = []

    def choose(among: list[Any]) -> Any:
        return among[draw(st.integers(0, len(among) - 1))]

    for _ in range(draw(st.integers(1, most))):
        rewrite = choose([*SCHEMA_REWRITES, *DOCUMENT_REWRITES])
        if rewrite in DOCUMENT_REWRITES:
            rewrite(result, choose)
            done.append(rewrite.__name__)
        else:
            _rewrite_one(places(result), rewrite, choose, done)
    return result, done
