"""Values that are written as text (parameters, headers, form fields), where `1` and `"1"` are the same bytes.

Only a change of type is judged here, by what can be written; all else compares as usual.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable, Iterator
from dataclasses import replace
from typing import Any

from driftcheck.difference import Flow
from driftcheck.openapi.schema import patterns
from driftcheck.openapi.schema.instances import fits, numbers, strings
from driftcheck.openapi.schema.local import Local, bound_within, shown_types, types_within
from driftcheck.openapi.schema.shape import SCALARS, Shape, Term

_INTEGER = re.compile(r"-?\d+")
_NUMBER = re.compile(r"-?\d+(\.\d+)?([eE][+-]?\d+)?")
_PLAIN: tuple[Any, ...] = (
    0,
    1,
    -1,
    7,
    1000,
    10**6,
    1.5,
    -0.5,
    "a",
    "abc",
    "A b",
    "-",
    "1",
    "x" * 40,
    "x" * 300,
)

Items = Callable[[Term], Shape]


def without_null(shape: Shape) -> Shape:
    """Null cannot be written as text: a parameter that is null is left out."""
    if "null" not in shape.types or shape.types == {"null"}:
        return shape
    values = shape.values
    if values is not None:
        values = {text: value for text, value in values.items() if value is not None}
    return replace(shape, types=shape.types - {"null"}, values=values)


def compare_types(e: Shape, a: Shape, flow: Flow, items: tuple[Items, Items]) -> Iterator[Local]:
    """A change of type, judged by the texts that either side can write and read."""
    if types_within(e.types, a.types) and types_within(a.types, e.types):
        return
    narrows, widens = not_within(e, a, items[1]), not_within(a, e, items[0])
    if narrows is False and widens is False:
        return
    local = Local(
        attribute="type",
        expected=shown_types(e.types),
        actual=shown_types(a.types),
        narrows=narrows,
        widens=widens,
        nodes=(e.origin.get("type"), a.origin.get("type")),
        errors=("type", "enum", "const") if {"array", "object"} & (e.types ^ a.types) else (),
    )
    wide, tight, hurts, of = (e, a, narrows, items[1]) if flow is Flow.SENT else (a, e, widens, items[0])
    if hurts:
        local.value = next(
            (v for v in _candidates(wide) if accepts(wide, v, of) and not accepts(tight, v, of)), None
        )
    yield local


def not_within(wide: Shape, tight: Shape, items: Items) -> bool | None:
    """Whether some text of `wide` cannot be read by `tight`; None where that is not known."""
    answers = [_kind_within(wide, kind, tight, items) for kind in sorted(wide.types)]
    if any(answer is False for answer in answers):
        return True
    return None if any(answer is None for answer in answers) else False


def _kind_within(wide: Shape, kind: str, tight: Shape, items: Items) -> bool | None:
    if kind not in SCALARS:
        return kind in tight.types
    if _free(tight):
        return True
    if "array" in tight.types and tight.min_items <= 1:  # `a=1` is a list of one
        if tight.items is None:
            return True
        return _kind_within(wide, kind, without_null(items(tight.items)), items)
    if wide.values is not None or kind == "boolean":
        values = (wide.values or {"true": True, "false": False}).values()
        return all(accepts(tight, value, items) for value in values if value is not None)
    if any(accepts(wide, v, items) and not accepts(tight, v, items) for v in _candidates(wide)):
        return False
    if kind in ("integer", "number"):
        return _number_within(wide, kind, tight)
    if "string" in tight.types and tight.values is None:
        return (
            patterns.included(wide.patterns, tight.patterns) == "yes"
            and tight.formats <= wide.formats
            and tight.min_length <= wide.min_length
            and (tight.max_length or math.inf) >= (wide.max_length or math.inf)
        ) or None
    whole = "integer" in tight.types or "number" in tight.types
    digits = whole and tight.lower is tight.upper is None and not tight.multiples and tight.values is None
    return (digits and patterns.included(wide.patterns, frozenset({"^-?[0-9]+$"})) == "yes") or None


def _number_within(wide: Shape, kind: str, tight: Shape) -> bool | None:
    if "number" in tight.types or (kind == "integer" and "integer" in tight.types):
        bounds = bound_within(wide.lower, tight.lower, low=True) and bound_within(
            wide.upper, tight.upper, low=False
        )
        return True if bounds and tight.multiples <= wide.multiples and tight.values is None else None
    if tight.values is not None or tight.formats:
        return None
    positive = wide.lower is not None and wide.lower.value >= 0
    sign = "" if positive else "-?"
    written = f"^{sign}[0-9]+$" if kind == "integer" else f"^{sign}[0-9]+(\\.[0-9]+)?$"
    lengths = tight.min_length <= 1 and tight.max_length is None
    return True if lengths and patterns.included(frozenset({written}), tight.patterns) == "yes" else None


def _free(shape: Shape) -> bool:
    """Any text at all."""
    limited = shape.min_length > 1 or shape.max_length is not None or shape.patterns or shape.formats
    return "string" in shape.types and shape.values is None and not limited


def accepts(shape: Shape, value: Any, items: Items) -> bool:
    """Whether a value, written as text, can be read by a shape in any of its types."""
    text = _written(value)
    if shape.values is not None:
        return any(_written(member) == text for member in shape.values.values())
    if "boolean" in shape.types and text in ("true", "false"):
        return True
    if "integer" in shape.types and _INTEGER.fullmatch(text) and fits(shape, int(text)):
        return True
    if "number" in shape.types and _NUMBER.fullmatch(text) and fits(shape, float(text)):
        return True
    if "array" in shape.types and shape.min_items <= 1:
        return shape.items is None or accepts(without_null(items(shape.items)), value, items)
    return "string" in shape.types and _string_fits(shape, text)


def _string_fits(shape: Shape, text: str) -> bool:
    if len(text) < shape.min_length or (shape.max_length is not None and len(text) > shape.max_length):
        return False
    if shape.formats and text not in set(strings(shape)):
        return False
    return patterns.all_match(shape.patterns, text)


def _written(value: Any) -> str:
    if isinstance(value, bool):
        return "true" if value else "false"
    return str(int(value)) if isinstance(value, float) and value.is_integer() else str(value)


def _candidates(shape: Shape) -> Iterator[Any]:
    """Values of the shape, of its own JSON types."""
    if shape.values is not None:
        yield from shape.values.values()
        return
    if "boolean" in shape.types:
        yield from (True, False)
    if shape.types & {"integer", "number"}:
        whole = "number" not in shape.types
        yield from numbers(shape, whole=whole)
        yield from (
            v for v in _PLAIN if not isinstance(v, str) and fits(shape, v) and (not whole or v == int(v))
        )
    if "string" in shape.types:
        yield from strings(shape)
        yield from (v for v in _PLAIN if isinstance(v, str) and _string_fits(shape, v))
