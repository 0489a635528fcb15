"""The table of schema keywords: one row each gives the rules of that keyword at every place and direction.

A new OpenAPI or JSON Schema keyword is one row here (or a line in ANNOTATIONS, with the reason). How two
values of it compare is in schema/local.py, members.py, unions.py or opaque.py.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Keyword:
    """`name` is the `attribute` of differences, `slug` its spelling in rule ids.

    `tight` and `wide` are JSON texts of schemas of which the first allows less. The words name the rule
    for a change that narrows and one that widens. `soft_narrowed` and `soft_widened` name those that are
    risky rather than breaking where they hurt, with an example pair in `soft`. `exchanged`: one value for
    another, or a subschema, of which only the harm is ever told. `only` restricts it to places of that
    kind. What cannot be decided has one rule for each place, whatever the keyword
    (rules/schema_subjects.py).
    """

    name: str
    slug: str
    tight: str
    wide: str
    narrowed: str
    widened: str
    soft_narrowed: str = ""
    soft_widened: str = ""
    soft: tuple[str, str] = ("", "")
    exchanged: bool = False
    only: str = ""


def _row(name: str, slug: str, tight: str, wide: str, words: str, **more: Any) -> Keyword:
    narrowed, widened = words.split() if " " in words else (words, "")
    return Keyword(name, slug, tight, wide, narrowed, widened, **more)


_AB = '{"type": "object", "properties": {"a": {}, "b": {}}%s}'
_IF = ', "if": {"required": ["a"]}'


def _union(keyword: str, names: str) -> str:
    """Objects that have exactly one member each, as a union of so many."""
    branches = ", ".join(f'{{"type": "object", "required": ["{n}"], "maxProperties": 1}}' for n in names)
    return f'{{"{keyword}": [{branches}]}}'


KEYWORDS: tuple[Keyword, ...] = (
    _row("type", "type", '{"type": "integer"}', '{"type": "number"}', "narrowed widened"),
    _row(
        "nullable",
        "null",
        '{"type": "string", "minLength": 1}',
        '{"type": ["string", "null"], "minLength": 1}',
        "forbidden allowed",
    ),
    _row(
        "enum",
        "enum",
        '{"enum": ["a"]}',
        '{"type": "string"}',
        "value-removed dropped",
        soft_widened="value-added",
        soft=('{"enum": ["a", "b"]}', '{"enum": ["a", "b", "other"]}'),
    ),
    _row("const", "const", '{"const": "a"}', '{"const": "b"}', "changed changed", exchanged=True),
    _row(
        "minimum",
        "minimum",
        '{"type": "integer", "minimum": 2}',
        '{"type": "integer", "minimum": 1}',
        "increased decreased",
    ),
    _row(
        "maximum",
        "maximum",
        '{"type": "integer", "maximum": 1}',
        '{"type": "integer", "maximum": 2}',
        "decreased increased",
    ),
    _row(
        "exclusiveMinimum",
        "exclusive-minimum",
        '{"type": "number", "exclusiveMinimum": 2}',
        '{"type": "number", "exclusiveMinimum": 1}',
        "increased decreased",
    ),
    _row(
        "exclusiveMaximum",
        "exclusive-maximum",
        '{"type": "number", "exclusiveMaximum": 1}',
        '{"type": "number", "exclusiveMaximum": 2}',
        "decreased increased",
    ),
    _row(
        "multipleOf",
        "multiple-of",
        '{"type": "integer", "multipleOf": 4}',
        '{"type": "integer", "multipleOf": 2}',
        "narrowed widened",
    ),
    _row(
        "format",
        "format",
        '{"type": "integer", "format": "int32"}',
        '{"type": "integer", "format": "int64"}',
        "narrowed widened",
        soft_narrowed="added",
        soft_widened="removed",
        soft=('{"type": "string", "format": "uuid"}', '{"type": "string"}'),
    ),
    _row(
        "minLength",
        "min-length",
        '{"type": "string", "minLength": 2}',
        '{"type": "string"}',
        "increased decreased",
    ),
    _row(
        "maxLength",
        "max-length",
        '{"type": "string", "maxLength": 2}',
        '{"type": "string", "maxLength": 3}',
        "decreased increased",
    ),
    _row(
        "pattern",
        "pattern",
        '{"type": "string", "pattern": "^a+$"}',
        '{"type": "string", "pattern": "^a*$"}',
        "narrowed widened",
    ),
    _row(
        "contentEncoding",
        "content-encoding",
        '{"type": "string", "contentEncoding": "base64"}',
        '{"type": "string", "contentEncoding": "base16"}',
        "changed changed",
        exchanged=True,
        soft_narrowed="added",
        soft_widened="removed",
        soft=('{"type": "string", "contentEncoding": "base64"}', '{"type": "string"}'),
    ),
    _row(
        "contentMediaType",
        "content-media-type",
        '{"type": "string", "contentMediaType": "image/png"}',
        '{"type": "string", "contentMediaType": "image/jpeg"}',
        "changed changed",
        exchanged=True,
        soft_narrowed="added",
        soft_widened="removed",
        soft=('{"type": "string", "contentMediaType": "image/png"}', '{"type": "string"}'),
    ),
    _row(
        "items",
        "items",
        '{"type": "array", "items": {"type": "string"}}',
        '{"type": "array"}',
        "constrained unconstrained",
    ),
    _row(
        "minItems",
        "min-items",
        '{"type": "array", "minItems": 2}',
        '{"type": "array", "minItems": 1}',
        "increased decreased",
    ),
    _row(
        "maxItems",
        "max-items",
        '{"type": "array", "maxItems": 2}',
        '{"type": "array", "maxItems": 3}',
        "decreased increased",
    ),
    _row(
        "uniqueItems",
        "unique-items",
        '{"type": "array", "uniqueItems": true}',
        '{"type": "array"}',
        "required dropped",
    ),
    _row(
        "prefixItems",
        "prefix-items",
        '{"type": "array", "prefixItems": [{}], "items": false}',
        '{"type": "array", "prefixItems": [{}, {}], "items": false}',
        "slot-closed slot-opened",
    ),
    _row(
        "contains",
        "contains",
        '{"type": "array", "contains": {"type": "string"}}',
        '{"type": "array"}',
        "narrowed widened",
    ),
    _row(
        "minContains",
        "min-contains",
        '{"type": "array", "contains": {"type": "string"}, "minContains": 2}',
        '{"type": "array", "contains": {"type": "string"}}',
        "increased decreased",
    ),
    _row(
        "maxContains",
        "max-contains",
        '{"type": "array", "contains": {"type": "string"}, "maxContains": 2}',
        '{"type": "array", "contains": {"type": "string"}, "maxContains": 3}',
        "decreased increased",
    ),
    _row(
        "unevaluatedItems",
        "unevaluated-items",
        '{"type": "array", "prefixItems": [{}], "unevaluatedItems": false}',
        '{"type": "array", "prefixItems": [{}]}',
        "constrained unconstrained",
    ),
    _row(
        "minProperties",
        "min-properties",
        '{"type": "object", "minProperties": 2}',
        '{"type": "object", "minProperties": 1}',
        "increased decreased",
    ),
    _row(
        "maxProperties",
        "max-properties",
        '{"type": "object", "maxProperties": 1}',
        '{"type": "object", "maxProperties": 2}',
        "decreased increased",
    ),
    _row(
        "additionalProperties",
        "additional-properties",
        '{"type": "object", "additionalProperties": false}',
        '{"type": "object"}',
        "constrained unconstrained",
    ),
    _row(
        "patternProperties",
        "pattern-properties",
        '{"type": "object", "patternProperties": {"^x": {"type": "string"}}}',
        '{"type": "object"}',
        "narrowed widened",
    ),
    _row(
        "propertyNames",
        "property-names",
        '{"type": "object", "propertyNames": {"maxLength": 3}}',
        '{"type": "object"}',
        "constrained unconstrained",
    ),
    _row(
        "dependentRequired",
        "dependent-required",
        _AB % ', "dependentRequired": {"a": ["b"]}',
        _AB % "",
        "narrowed widened",
    ),
    _row(
        "dependentSchemas",
        "dependent-schemas",
        _AB % ', "dependentSchemas": {"a": {"required": ["b"]}}',
        _AB % "",
        "narrowed widened",
    ),
    _row(
        "unevaluatedProperties",
        "unevaluated-properties",
        '{"type": "object", "properties": {"a": {}}, "unevaluatedProperties": false}',
        '{"type": "object", "properties": {"a": {}}}',
        "constrained unconstrained",
    ),
    _row(
        "properties",
        "properties",
        '{"type": "object", "properties": {"a": false}, "additionalProperties": {"type": "string"}}',
        '{"type": "object", "additionalProperties": {"type": "string"}}',
        "forbidden",
        only="property",
    ),
    _row(
        "anyOf",
        "any-of",
        _union("anyOf", "ab"),
        _union("anyOf", "abc"),
        "branch-removed branch-added",
    ),
    _row(
        "oneOf",
        "one-of",
        _union("oneOf", "ab"),
        _union("oneOf", "abc"),
        "branch-removed branch-added",
    ),
    _row(
        "not",
        "not",
        '{"type": "object", "not": {"required": ["a"]}}',
        '{"type": "object"}',
        "narrowed widened",
    ),
    _row(
        "if",
        "condition",
        _AB % (_IF + ', "then": {"required": ["b"]}'),
        _AB % "",
        "narrowed widened",
    ),
    _row(
        "then",
        "then",
        _AB % (_IF + ', "then": {"required": ["b"]}'),
        _AB % (_IF + ', "then": {}'),
        "narrowed widened",
        exchanged=True,
    ),
    _row(
        "else",
        "else",
        _AB % (_IF + ', "else": {"required": ["b"]}'),
        _AB % (_IF + ', "else": {}'),
        "narrowed widened",
        exchanged=True,
    ),
)

# Keywords whose rules are written out in rules/properties.py, because they are about more than values.
WRITTEN_OUT: Mapping[str, str] = {
    "properties": "request-property-removed, response-property-removed, …-added, …-renamed",
    "required": "request-property-became-required, response-property-became-optional",
    "default": "request-property-default-changed",
    "readOnly": "request-property-became-read-only",
    "writeOnly": "response-property-became-write-only",
    "deprecated": "request-property-deprecated",
    "discriminator": "…-discriminator-changed, …-discriminator-mapping-…",
    "xml": "…-xml-changed",
    "contentSchema": "…-undecided: what it asserts shows only once the string is decoded",
    "nullable": "a spelling of the type null (rules …-null-forbidden, …-null-allowed)",
    "allOf": "merged before comparing",
}

# Keywords that say nothing about which values are allowed, and why they are not compared.
ANNOTATIONS: Mapping[str, str] = {
    "title": "text for readers",
    "description": "text for readers",
    "example": "an example promises nothing",
    "examples": "an example promises nothing",
    "externalDocs": "text for readers",
    "$comment": "text for maintainers",
    "$ref": "followed, never compared",
    "$dynamicRef": "followed, never compared",
    "$dynamicAnchor": "a name for references",
    "$anchor": "a name for references",
    "$id": "a base for references",
    "$schema": "names the dialect",
    "$vocabulary": "names the dialect",
    "$defs": "holds schemas, compared where they are used",
    "definitions": "holds schemas, compared where they are used",
    "$recursiveRef": "2019-09 only",
    "$recursiveAnchor": "2019-09 only",
    "dependencies": "draft 7 only; 2020-12 has dependentRequired and dependentSchemas",
    "collectionFormat": "a keyword of parameters, read as style and explode",
}
