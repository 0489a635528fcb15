"""Writes constraints that need no subschemas as JSON Schema 2020-12; the rest is in export.py."""

from __future__ import annotations

from typing import Any

from driftcheck.openapi.schema.shape import SCALARS, Shape, Term

_RANGES: dict[str, tuple[float | int, float | int]] = {
    "int8": (-(2**7), 2**7 - 1),
    "uint8": (0, 2**8 - 1),
    "int16": (-(2**15), 2**15 - 1),
    "int32": (-(2**31), 2**31 - 1),
    "uint32": (0, 2**32 - 1),
    "int64": (-(2**63), 2**63 - 1),
    "uint64": (0, 2**64 - 1),
    "float": (-3.4028234663852886e38, 3.4028234663852886e38),
}
_ANNOTATED = frozenset(
    "type title description example examples default deprecated readOnly writeOnly".split()
)


def scalar(term: Term) -> dict[str, Any] | None:
    """A schema that says nothing but one scalar type, written without normalising it: most of them are."""
    if len(term.nodes) != 1:
        return None
    value = term.nodes[0].value
    if isinstance(value, dict) and value.keys() <= _ANNOTATED and str(value.get("type")) in SCALARS:
        return {"type": value["type"]}
    return None


def childless(shape: Shape) -> bool:
    """Whether a schema has no subschemas, and nothing of another side can enter it."""
    return "object" not in shape.types and not (
        shape.items
        or shape.prefix
        or shape.contains
        or shape.unevaluated_items
        or shape.groups
        or shape.negated
        or shape.conditions
        or shape.inexact
    )


def numbers(shape: Shape, out: dict[str, Any]) -> None:
    """Writes what concerns numbers."""
    if shape.lower is not None:
        out["exclusiveMinimum" if shape.lower.exclusive else "minimum"] = shape.lower.value
    if shape.upper is not None:
        out["exclusiveMaximum" if shape.upper.exclusive else "maximum"] = shape.upper.value
    if shape.multiples:
        for multiple in sorted(shape.multiples):
            also(out, {"multipleOf": multiple})
    if shape.number_formats:
        for name in sorted(shape.number_formats & _RANGES.keys()):
            least, most = _RANGES[name]
            also(out, {"minimum": least, "maximum": most})


def strings(shape: Shape, out: dict[str, Any]) -> None:
    """Writes what concerns strings."""
    if shape.min_length:
        out["minLength"] = shape.min_length
    if shape.max_length is not None:
        out["maxLength"] = shape.max_length
    if shape.patterns or shape.formats:
        for pattern in sorted(shape.patterns):
            also(out, {"pattern": pattern})
        for name in sorted(shape.formats):
            also(out, {"format": name})


def also(out: dict[str, Any], rule: Any) -> None:
    """Adds a rule, in an allOf where its keywords are taken."""
    if isinstance(rule, dict) and not rule.keys() & out.keys():
        out.update(rule)
    else:
        out.setdefault("allOf", []).append(rule)
