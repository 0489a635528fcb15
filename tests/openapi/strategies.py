"""Hypothesis strategies for schemas, values of them, and small documents.

Object levels use their own property names (a0, b1, ...), so that a name tells where it was declared.
Strategies are cached: building one costs far more than drawing from it.
"""

from __future__ import annotations

from functools import cache
from typing import Any

from hypothesis import strategies as st

Schema = dict[str, Any]
WORDS = ("red", "blue", "green", "x", "longer text", "")
PATTERNS = ("^[a-z]+$", "^[a-z0-9]{1,4}$", "^(red|blue)$", "e", "^\\d{3}$")
FORMATS = ("date", "uuid", "email")
_DEPTH = 2


def _optional(**choices: st.SearchStrategy[Any]) -> st.SearchStrategy[dict[str, Any]]:
    return st.fixed_dictionaries({}, optional=choices)


@cache
def strings() -> st.SearchStrategy[Schema]:
    """String schemas that some short text satisfies."""
    plain = _optional(minLength=st.integers(0, 2), maxLength=st.integers(3, 9))
    enum = st.lists(st.sampled_from(WORDS), min_size=1, max_size=3, unique=True).map(lambda v: {"enum": v})
    pattern = st.sampled_from(PATTERNS).map(lambda p: {"pattern": p})
    formatted = st.sampled_from(FORMATS).map(lambda f: {"format": f})
    return st.one_of(plain, enum, pattern, formatted).map(lambda rest: {"type": "string", **rest})


@cache
def numbers() -> st.SearchStrategy[Schema]:
    """Integer and number schemas with bounds that leave room."""
    return st.builds(
        lambda kind, rest: {"type": kind, **rest},
        st.sampled_from(["integer", "number"]),
        st.one_of(
            _optional(minimum=st.integers(-5, 0), maximum=st.integers(4, 9)),
            _optional(exclusiveMinimum=st.integers(-5, 0), exclusiveMaximum=st.integers(5, 9)),
            st.fixed_dictionaries({"multipleOf": st.sampled_from([2, 3, 5])}),
            st.lists(st.integers(0, 5), min_size=1, max_size=3, unique=True).map(lambda v: {"enum": v}),
        ),
    )


@cache
def scalars() -> st.SearchStrategy[Schema]:
    """Schemas of one value."""
    two = st.lists(
        st.sampled_from(["string", "integer", "boolean", "null"]), min_size=2, max_size=3, unique=True
    )
    return st.one_of(
        strings(), numbers(), st.just({"type": "boolean"}), two.map(lambda types: {"type": types})
    )


@cache
def objects(members: st.SearchStrategy[Schema], depth: int) -> st.SearchStrategy[Schema]:
    """Objects whose names carry their depth; open, closed, or a map for the rest."""
    names = [f"{letter}{depth}" for letter in "abc"]

    @st.composite
    def build(draw: st.DrawFn) -> Schema:
        properties = draw(st.dictionaries(st.sampled_from(names), members, min_size=1, max_size=3))
        required = [name for name in properties if draw(st.booleans())]
        schema: Schema = {"type": "object", "properties": properties}
        if required:
            schema["required"] = required
        rest = draw(st.sampled_from([None, None, None, False, {"type": "string"}]))
        return schema if rest is None else {**schema, "additionalProperties": rest}

    return build()


@cache
def arrays(members: st.SearchStrategy[Schema]) -> st.SearchStrategy[Schema]:
    """Arrays of one kind of element."""
    bounds = _optional(minItems=st.integers(0, 1), maxItems=st.integers(2, 4))
    return st.builds(lambda items, rest: {"type": "array", "items": items, **rest}, members, bounds)


@cache
def plain_schemas(depth: int = 0) -> st.SearchStrategy[Schema]:
    """Schemas without composition: every part of them can be reached by some value."""
    if depth >= _DEPTH:
        return scalars()
    deeper = st.deferred(lambda: plain_schemas(depth + 1))
    return st.one_of(scalars(), arrays(deeper), objects(deeper, depth))


@cache
def schemas(depth: int = 0, names: tuple[str, ...] = ()) -> st.SearchStrategy[Schema]:
    """Schemas with composition, and with references to the components called `names`."""
    if depth >= _DEPTH:
        leaves = [scalars(), *([_references(names)] if names else [])]
        return st.one_of(leaves)
    deeper = st.deferred(lambda: schemas(depth + 1, names))
    branches = st.lists(st.one_of(scalars(), objects(scalars(), depth)), min_size=1, max_size=3)
    kinds: list[st.SearchStrategy[Schema]] = [
        scalars(),
        arrays(deeper),
        objects(deeper, depth),
        objects(deeper, depth),
        branches.map(lambda found: {"anyOf": found}),
        branches.map(lambda found: {"oneOf": found}),
        st.lists(objects(scalars(), depth), min_size=1, max_size=2).map(lambda found: {"allOf": found}),
    ]
    return st.one_of(kinds + ([_references(names)] if names else []))


@cache
def tagged_unions() -> st.SearchStrategy[Schema]:
    """Unions whose branches a constant tells apart; each branch may be an allOf with a common part."""
    common = {"type": "object", "properties": {"c0": {"type": "string"}}}

    @st.composite
    def build(draw: st.DrawFn) -> Schema:
        branches: list[Schema] = []
        for tag in ("p", "q", "r", "s", "t")[: draw(st.integers(2, 5))]:
            members = draw(st.dictionaries(st.sampled_from(["a0", "b0"]), scalars(), max_size=2))
            branch: Schema = {"type": "object", "required": ["k0"]}
            branch["properties"] = {"k0": {"type": "string", "enum": [tag]}, **members}
            branches.append({"allOf": [branch, common]} if draw(st.booleans()) else branch)
        return {draw(st.sampled_from(["oneOf", "anyOf"])): branches}

    return build()


@cache
def keyword_schemas() -> st.SearchStrategy[Schema]:
    """Schemas with the keywords of 2020-12 that relate parts of a value to each other."""
    leaf = scalars()
    names = st.sampled_from(["a0", "b0", "c0"])
    members = st.dictionaries(names, leaf, min_size=1, max_size=3)
    groups = st.lists(names, min_size=1, max_size=2, unique=True)
    an_object = {"type": st.just("object"), "properties": members}
    tests = st.fixed_dictionaries({"required": groups})
    length = st.integers(0, 3)
    return st.one_of(
        st.fixed_dictionaries({**an_object, "dependentRequired": st.dictionaries(names, groups, max_size=2)}),
        st.fixed_dictionaries({**an_object, "if": tests}, optional={"then": tests, "else": tests}),
        st.fixed_dictionaries({**an_object, "not": tests}),
        st.fixed_dictionaries({**an_object, "anyOf": st.lists(tests, min_size=1, max_size=2)}),
        st.fixed_dictionaries({**an_object, "patternProperties": st.just({"^x": {"type": "string"}})}),
        st.fixed_dictionaries({**an_object, "unevaluatedProperties": st.one_of(st.just(False), leaf)}),
        st.fixed_dictionaries({**an_object}, optional={"minProperties": length, "maxProperties": length}),
        st.fixed_dictionaries(
            {"type": st.just("array"), "prefixItems": st.lists(leaf, min_size=1, max_size=2)},
            optional={"items": st.one_of(st.just(False), leaf), "minItems": length},
        ),
        st.fixed_dictionaries(
            {"type": st.just("array"), "contains": leaf},
            optional={"minContains": length, "maxContains": length},
        ),
        st.fixed_dictionaries({"type": st.just("array"), "items": leaf, "uniqueItems": st.booleans()}),
        st.builds(lambda schema, other: {**schema, "not": other}, leaf, leaf),
        st.sampled_from([*WORDS, 0, 1, True, None]).map(lambda value: {"const": value}),
    )


@cache
def _references(names: tuple[str, ...]) -> st.SearchStrategy[Schema]:
    return st.sampled_from([{"$ref": f"#/components/schemas/{name}"} for name in names])


@st.composite
def documents(draw: st.DrawFn) -> dict[str, Any]:
    """OpenAPI 3.1 documents with a few operations and components that may refer to each other."""
    names = ("Pet", "Owner")
    components = {name: draw(objects(schemas(1, names), 0)) for name in names}
    body = schemas(0, names)
    paths: dict[str, Any] = {}
    for path in ("/items", "/items/{id}", "/users")[: draw(st.integers(1, 3))]:
        item = paths[path] = {"get": {"responses": {"200": _response(draw(body))}}}
        parameters = [_parameter("path", "id", {"type": "string"})] if "{" in path else []
        if draw(st.booleans()):
            parameters.append(_parameter("query", "q", draw(scalars())))
        if parameters:
            item["get"]["parameters"] = parameters
        if draw(st.booleans()):
            content = {"content": {"application/json": {"schema": draw(body)}}}
            item["post"] = {
                "requestBody": {"required": True, **content},
                "parameters": [p for p in parameters if p["in"] == "path"],
                "responses": {"201": _response(draw(body))},
            }
    info = {"title": "Items", "version": "1.0.0"}
    return {"openapi": "3.1.0", "info": info, "paths": paths, "components": {"schemas": components}}


def _response(schema: Schema) -> dict[str, Any]:
    return {"description": "ok", "content": {"application/json": {"schema": schema}}}


def _parameter(where: str, name: str, schema: Schema) -> dict[str, Any]:
    return {"name": name, "in": where, "required": where == "path", "schema": schema}


def values(schema: Any) -> st.SearchStrategy[Any]:
    """Values that often satisfy a schema of these strategies (a validator has the last word)."""
    if not isinstance(schema, dict) or not schema:
        return st.sampled_from([None, True, 0, "x", [], {}])
    if "enum" in schema:
        return st.sampled_from(schema["enum"])
    for keyword in ("anyOf", "oneOf"):
        if keyword in schema and "properties" not in schema:
            return st.one_of([values(branch) for branch in schema[keyword]])
    if "const" in schema:
        return st.just(schema["const"])
    if "allOf" in schema:
        return st.tuples(*(values(branch) for branch in schema["allOf"])).map(_merged)
    kinds = schema.get("type", "object")
    if isinstance(kinds, list):
        return st.one_of([values({**schema, "type": kind}) for kind in kinds])
    return _VALUES[kinds](schema)


def _merged(parts: tuple[Any, ...]) -> Any:
    if all(isinstance(part, dict) for part in parts):
        return {name: value for part in parts for name, value in part.items()}
    return parts[-1]


def _strings_of(schema: Schema) -> st.SearchStrategy[Any]:
    if "pattern" in schema:
        return st.sampled_from(("red", "blue", "abc", "a1", "123", "e", "ABC", ""))
    if "format" in schema:
        return st.sampled_from(
            ("2024-02-29", "0d3e0f3e-6a3b-4c0e-9b77-0a3a5f1c2d3e", "a@example.com", "no format")
        )
    return st.one_of(st.sampled_from(WORDS), st.text("abc1", max_size=12))


def _items_of(schema: Schema) -> st.SearchStrategy[Any]:
    parts = [*schema.get("prefixItems", ()), schema.get("contains"), schema.get("items")]
    return st.one_of([values(part) for part in parts if isinstance(part, dict)] or [values(None)])


def _objects_of(schema: Schema) -> st.SearchStrategy[Any]:
    properties = {name: values(member) for name, member in schema.get("properties", {}).items()}
    required = {name: properties.pop(name) for name in schema.get("required", ()) if name in properties}
    return st.fixed_dictionaries(required, optional=properties)


_VALUES = {
    "string": _strings_of,
    "integer": lambda schema: st.integers(-10, 20),
    "number": lambda schema: st.one_of(st.integers(-10, 20), st.sampled_from([0.5, 2.5, -1.5, 7.25])),
    "boolean": lambda schema: st.booleans(),
    "null": lambda schema: st.none(),
    "array": lambda schema: st.lists(_items_of(schema), max_size=5),
    "object": _objects_of,
}
