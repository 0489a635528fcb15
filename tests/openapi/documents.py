"""Writes whole OpenAPI documents around the few lines of a case, for every version from 2.0 to 3.2.

Shorthands of the table: a `$ref` to a bare name means the component of that name in any version;
missing `responses`, `description`s and path parameters are filled in, so that documents are valid.
"""

from __future__ import annotations

import re
from typing import Any

JSON_TYPE = "application/json"
FULL_VERSION = {"2.0": "2.0", "3.0": "3.0.3", "3.1": "3.1.0", "3.2": "3.2.0"}
_BARE = re.compile(r"^[A-Za-z0-9_.-]+$")
_METHODS = ("get", "put", "post", "delete", "options", "head", "patch", "trace", "query")


def wrap(place: str, schema: Any, version: str) -> dict[str, Any]:
    """A document (without components) whose only schema of interest stands at `place`."""
    if place in ("request", "response"):
        return _json_place(place, schema, version)
    return {"paths": {"/items": _PLACES[place](schema, version)}} if place != "webhook" else _webhook(schema)


def _json_place(place: str, schema: Any, version: str) -> dict[str, Any]:
    if version == "2.0":
        if place == "request":
            body = {"name": "body", "in": "body", "required": True, "schema": schema}
            item = {"post": {"consumes": [JSON_TYPE], "parameters": [body]}}
        else:
            item = {"get": {"produces": [JSON_TYPE], "responses": {"200": {"schema": schema}}}}
        return {"paths": {"/items": item}}
    content = {"content": {JSON_TYPE: {"schema": schema}}}
    if place == "request":
        return {"paths": {"/items": {"post": {"requestBody": {"required": True, **content}}}}}
    return {"paths": {"/items": {"get": {"responses": {"200": content}}}}}


def _parameter(where: str) -> Any:
    def item(schema: Any, version: str) -> dict[str, Any]:
        value = schema if version == "2.0" else {"schema": schema}
        return {"get": {"parameters": [{"name": "q", "in": where, **value}]}}

    return item


def _response_header(schema: Any, version: str) -> dict[str, Any]:
    header = schema if version == "2.0" else {"schema": schema}
    return {"get": {"responses": {"200": {"headers": {"X-Q": header}}}}}


def _form(media_type: str) -> Any:
    def item(schema: Any, version: str) -> dict[str, Any]:
        return {"post": {"requestBody": {"required": True, "content": {media_type: {"schema": schema}}}}}

    return item


def _callback(schema: Any, version: str) -> dict[str, Any]:
    payload = {"requestBody": {"required": True, "content": {JSON_TYPE: {"schema": schema}}}}
    return {"post": {"callbacks": {"done": {"{$request.query.url}": {"post": payload}}}}}


def _webhook(schema: Any) -> dict[str, Any]:
    payload = {"requestBody": {"required": True, "content": {JSON_TYPE: {"schema": schema}}}}
    return {"webhooks": {"itemCreated": {"post": payload}}}


_PLACES = {
    "query": _parameter("query"),
    "header": _parameter("header"),
    "cookie": _parameter("cookie"),
    "response_header": _response_header,
    "form": _form("application/x-www-form-urlencoded"),
    "multipart": _form("multipart/form-data"),
    "callback": _callback,
}
SCHEMA_PLACES = ("request", "response", *_PLACES, "webhook")
OPERATION_OF = {
    "request": "POST /items",
    "form": "POST /items",
    "multipart": "POST /items",
    "webhook": "WEBHOOK POST itemCreated",
    "callback": None,
}


def complete(parts: dict[str, Any], version: str, schemas: dict[str, Any] | None = None) -> dict[str, Any]:
    """A valid document of `version` from what a case wrote."""
    head = "swagger" if version == "2.0" else "openapi"
    document: dict[str, Any] = {
        head: FULL_VERSION[version],
        "info": {"title": "Items", "version": "1.0.0"},
        "paths": {},
        **copied(parts),
    }
    if version in ("3.1", "3.2") and "webhooks" in document and not document["paths"]:
        del document["paths"]
    if schemas:
        _add_schemas(document, copied(schemas), version)
    for group in ("paths", "webhooks"):
        for path, item in document.get(group, {}).items():
            _complete_item(path, item, version)
    return _expand_refs(document, version)


def _add_schemas(document: dict[str, Any], schemas: dict[str, Any], version: str) -> None:
    if version == "2.0":
        document.setdefault("definitions", {}).update(schemas)
    else:
        document.setdefault("components", {}).setdefault("schemas", {}).update(schemas)


def _complete_item(path: str, item: dict[str, Any], version: str) -> None:
    operations = {m: item[m] for m in _METHODS if m in item} | item.get("additionalOperations", {})
    for operation in operations.values():
        if "$ref" in operation:
            continue
        responses = operation.setdefault("responses", {"200": {}})
        for response in responses.values():
            if "$ref" not in response:
                response.setdefault("description", "ok")
        for callback in operation.get("callbacks", {}).values():
            for expression, inner in callback.items():
                if expression != "$ref":
                    _complete_item("", inner, version)
    if operations:
        _declare_path_parameters(path, item, list(operations.values()), version)


def _declare_path_parameters(
    path: str, item: dict[str, Any], operations: list[dict[str, Any]], version: str
) -> None:
    lists = [item.get("parameters", []), *(op.get("parameters", []) for op in operations)]
    if any("$ref" in parameter for declared in lists for parameter in declared):
        return
    known = {p["name"] for declared in lists for p in declared if p.get("in") == "path"}
    for name in re.findall(r"\{([^{}]+)\}", path):
        if name not in known:
            value = {"type": "string"} if version == "2.0" else {"schema": {"type": "string"}}
            item.setdefault("parameters", []).append({"name": name, "in": "path", "required": True, **value})


def _expand_refs(value: Any, version: str) -> Any:
    if isinstance(value, dict):
        return {
            key: component(member, version)
            if key == "$ref" and isinstance(member, str) and _BARE.match(member)
            else _expand_refs(member, version)
            for key, member in value.items()
        }
    return [_expand_refs(item, version) for item in value] if isinstance(value, list) else value


def component(name: str, version: str) -> str:
    """The `$ref` of a component schema in that version."""
    return f"#/definitions/{name}" if version == "2.0" else f"#/components/schemas/{name}"


def copied(value: Any) -> Any:
    """A deep copy with text keys: cases share nothing, and `200:` in YAML means "200"."""
    if isinstance(value, dict):
        return {_key(key): copied(member) for key, member in value.items()}
    return [copied(item) for item in value] if isinstance(value, list) else value


def _key(key: Any) -> str:
    return key if isinstance(key, str) else {True: "true", False: "false", None: "null"}.get(key, str(key))
