"""Checks a reported counterexample without the engine: raw schemas, rewritten here, asked of jsonschema-rs.

Deliberately written apart from the package, so that both would have to be wrong in the same way.
"""

from __future__ import annotations

import contextlib
import json
import math
from typing import Any

import jsonschema_rs

from tests.openapi.documents import component

_INTEGERS = {"int32": (-(2**31), 2**31 - 1), "int64": (-(2**63), 2**63 - 1)}
_SCHEMA_MAPS = ("properties", "patternProperties", "$defs", "definitions", "dependentSchemas")
_SCHEMA_LISTS = ("allOf", "anyOf", "oneOf", "prefixItems")
_SCHEMAS = (
    "items", "additionalProperties", "not", "if", "then", "else", "contains", "propertyNames",
    "unevaluatedItems", "unevaluatedProperties",
)  # fmt: skip


def accepts(document: dict[str, Any], schema: Any, value: Any, flow: str, encoding: str = "json") -> bool:
    """Whether `value` is valid at `schema` (raw, of `document`), sent or received."""
    rewriter = _Rewriter(document, flow)
    root = {"$ref": f"#/$defs/{rewriter.name(_inline(schema, rewriter.version))}"}
    root["$defs"] = rewriter.definitions()
    validator = jsonschema_rs.Draft202012Validator(root, validate_formats=True)
    return any(validator.is_valid(spelling) for spelling in _spellings(value, encoding))


def _spellings(value: Any, encoding: str) -> list[Any]:
    """A scalar as it may be read from text: "1" in a query is also the integer 1."""
    if encoding == "json" or isinstance(value, list | dict):
        return [value]
    text = value if isinstance(value, str) else json.dumps(value)
    readings: list[Any] = [text]
    with contextlib.suppress(ValueError):
        number = json.loads(text)
        if isinstance(number, int | float) and math.isfinite(number):
            readings.append(number)
    return readings


def _inline(schema: Any, version: str) -> Any:
    """A raw schema of the table, its bare references written out."""
    if isinstance(schema, dict):
        return {
            key: component(member, version)
            if key == "$ref" and isinstance(member, str) and not set("#/") & set(member)
            else _inline(member, version)
            for key, member in schema.items()
        }
    return [_inline(item, version) for item in schema] if isinstance(schema, list) else schema


class _Rewriter:
    """Turns schemas into 2020-12 ones with one definition for each place that is referred to."""

    def __init__(self, document: dict[str, Any], flow: str) -> None:
        self._document = document
        self._hidden = "readOnly" if flow == "sent" else "writeOnly"
        self.version = str(document.get("swagger") or document["openapi"])[:3]
        self._names: dict[str, str] = {}
        self._done: dict[str, Any] = {}

    def name(self, schema: Any) -> str:
        """A new definition."""
        name = f"root{len(self._done)}"
        self._done[name] = True
        self._done[name] = self.schema(schema)
        return name

    def definitions(self) -> dict[str, Any]:
        """Everything met so far."""
        return self._done

    def schema(self, schema: Any) -> Any:
        """One schema as 2020-12."""
        if not isinstance(schema, dict):
            return schema
        if "$ref" in schema:
            target = {"$ref": f"#/$defs/{self._reference(schema['$ref'])}"}
            rest = {key: value for key, value in schema.items() if key != "$ref"}
            if self.version in ("2.0", "3.0") or not rest:
                return target
            return {"allOf": [target, self.schema(rest)]}
        out = self._keywords(schema)
        if self.version in ("2.0", "3.0"):
            _old_spellings(schema, out)
        self._visibility(schema, out)
        _integer_bounds(schema, out)
        return self._discriminated(schema, out)

    def _reference(self, reference: str) -> str:
        if reference not in self._names:
            name = self._names[reference] = f"d{len(self._names)}"
            self._done[name] = True
            self._done[name] = self.schema(self._lookup(reference))
        return self._names[reference]

    def _lookup(self, reference: str) -> Any:
        if "/" not in reference:
            reference = f"#/components/schemas/{reference}"
        found: Any = self._document
        for token in reference.removeprefix("#/").split("/"):
            found = found[token.replace("~1", "/").replace("~0", "~")]
        return found

    def _keywords(self, schema: dict[str, Any]) -> dict[str, Any]:
        out: dict[str, Any] = {}
        for key, value in schema.items():
            if key in _SCHEMA_MAPS:
                out[key] = {name: self.schema(member) for name, member in value.items()}
            elif key in _SCHEMA_LISTS:
                out[key] = [self.schema(member) for member in value]
            elif key in _SCHEMAS and isinstance(value, dict | bool):
                out[key] = self.schema(value)
            elif key not in ("discriminator", "xml", "example", "examples", "default", "externalDocs"):
                out[key] = value
        return out

    def _visibility(self, schema: dict[str, Any], out: dict[str, Any]) -> None:
        """What is readOnly is not required of a sender; writeOnly not of an answer."""
        for name, member in schema.get("properties", {}).items():
            target = self._lookup(member["$ref"]) if isinstance(member, dict) and "$ref" in member else member
            if isinstance(target, dict) and (target.get(self._hidden) or member.get(self._hidden)):
                out["properties"][name] = True
                out["required"] = [item for item in out.get("required", []) if item != name]

    def _discriminated(self, schema: dict[str, Any], out: dict[str, Any]) -> Any:
        """Each branch takes only the values of its tag."""
        tag = schema.get("discriminator")
        if not tag:
            return out
        name = tag if isinstance(tag, str) else tag["propertyName"]
        mapping = {} if isinstance(tag, str) else tag.get("mapping", {})
        for keyword in ("oneOf", "anyOf"):
            for index, branch in enumerate(schema.get(keyword, ())):
                reference = branch.get("$ref", "")
                short = reference.rsplit("/", 1)[-1]
                tags = [key for key, target in mapping.items() if target in (reference, short)]
                is_tag = {"properties": {name: {"enum": tags or [short]}}}
                out[keyword][index] = {"allOf": [out[keyword][index], is_tag]}
        return out


def _old_spellings(schema: dict[str, Any], out: dict[str, Any]) -> None:
    """What 2.0 and 3.0 write in another way than 2020-12."""
    nullable = schema.get("nullable") or schema.get("x-nullable")
    out.pop("nullable", None)
    if nullable and isinstance(schema.get("type"), str):
        out["type"] = [schema["type"], "null"]
    for bound, exclusive in (("minimum", "exclusiveMinimum"), ("maximum", "exclusiveMaximum")):
        if schema.get(exclusive) is True and bound in schema:
            out[exclusive] = out.pop(bound)
        elif isinstance(schema.get(exclusive), bool):
            out.pop(exclusive, None)


def _integer_bounds(schema: dict[str, Any], out: dict[str, Any]) -> None:
    bounds = _INTEGERS.get(str(schema.get("format")))
    if bounds:
        limits = {"anyOf": [{"not": {"type": "integer"}}, {"minimum": bounds[0], "maximum": bounds[1]}]}
        out.setdefault("allOf", []).append(limits)
