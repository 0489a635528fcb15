"""Random single edits of a document above the schema level, each with the operation that it breaks."""

from __future__ import annotations

from typing import Any

from tests.openapi.rewrites import Choose

Document = dict[str, Any]
_SCHEME = {"type": "apiKey", "name": "X-Key", "in": "header"}


def _operations(document: Document) -> list[tuple[str, str]]:
    return [
        (path, method)
        for path, item in document["paths"].items()
        for method in ("get", "post")
        if method in item
    ]


def _pick(document: Document, choose: Choose) -> tuple[str, dict[str, Any]]:
    path, method = choose(_operations(document))
    return f"{method.upper()} {path}", document["paths"][path][method]


def remove_operation(document: Document, choose: Choose) -> str:
    """An operation is gone."""
    path, method = choose(_operations(document))
    del document["paths"][path][method]
    return f"{method.upper()} {path}"


def demand_parameter(document: Document, choose: Choose) -> str:
    """A parameter nobody sent so far is required."""
    name, operation = _pick(document, choose)
    where = choose(["query", "header", "cookie"])
    added = {"name": "zebra", "in": where, "required": True, "schema": {"type": "string"}}
    operation["parameters"] = [*operation.get("parameters", []), added]
    return name


def demand_body(document: Document, choose: Choose) -> str:
    """A body is required where there was none."""
    name, operation = _pick(document, choose)
    if "requestBody" in operation:
        operation["requestBody"]["content"] = {"text/csv": {}}
    else:
        operation["requestBody"] = {"required": True, "content": {"application/json": {}}}
    return name


def drop_answer(document: Document, choose: Choose) -> str:
    """The successful answer has no body any more."""
    name, operation = _pick(document, choose)
    for response in operation["responses"].values():
        del response["content"]
    return name


def demand_key(document: Document, choose: Choose) -> str:
    """An operation that was open needs a key."""
    name, operation = _pick(document, choose)
    document["components"]["securitySchemes"] = {"key": _SCHEME}
    operation["security"] = [{"key": []}]
    return name


DOCUMENT_EDITS = (remove_operation, demand_parameter, demand_body, drop_answer, demand_key)
