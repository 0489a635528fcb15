"""What in a request the description rules out, as far as the engine tells how it made the request."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import TYPE_CHECKING, Any

from driftcheck.openapi.node import escape, unescape

if TYPE_CHECKING:
    from schemathesis import Case

_MISSING = re.compile(r"Missing required property: (.+)")
_IN_PARAMETERS = ("path", "query", "header", "cookie")


def ruled_out(case: Case[Any]) -> tuple[str, str]:
    """The place below the operation, and what is wrong there; nothing where it is more than one thing."""
    meta = case.meta
    data: Any = meta.phase.data if meta is not None else None
    if data is None or data.parameter_location is None:
        return "", ""
    where = str(data.parameter_location.value)
    if meta is not None and meta.phase.name.value == "coverage":
        return _of_coverage(where, data)
    return _of_mutation(where, data)


def _of_coverage(where: str, data: Any) -> tuple[str, str]:
    """One place at a time: `location` is a pointer into its schema that ends with the keyword."""
    *steps, keyword = _tokens(data.location) or [""]
    missing = _MISSING.search(data.description or "")
    if missing:
        steps, keyword = [*steps, "properties", missing.group(1)], "required"
    if where == "body":
        return "/requestBody", worded(named(steps) or "the body", keyword or "required")
    if where not in _IN_PARAMETERS or not data.parameter:
        return "", ""
    return _parameter(where, str(data.parameter), steps, keyword or "required")


def _of_mutation(where: str, data: Any) -> tuple[str, str]:
    """At random: only where one thing alone was changed, the answer is about that."""
    if len(data.mutations) != 1:
        return "", ""
    mutation = data.mutations[0]
    steps = _tokens(mutation.schema_pointer)
    keyword = str(mutation.keywords[0]) if mutation.keywords else "syntax"
    if where == "body":
        return "/requestBody", worded(named(steps) or "the body", keyword)
    if where not in _IN_PARAMETERS or steps[:1] != ["properties"] or len(steps) < 2:
        return "", ""
    return _parameter(where, steps[1], steps[2:], keyword)


def _parameter(where: str, name: str, steps: Sequence[str], keyword: str) -> tuple[str, str]:
    inner = named(steps)
    whole = f"{where} {name}{'' if inner.startswith('[') or not inner else '.'}{inner}"
    return f"/parameters/{where}/{escape(name)}", worded(whole, keyword)


def worded(name: str, keyword: str) -> str:
    """What is wrong, and of what."""
    return f"{name} ({keyword})"


def _tokens(pointer: str | None) -> list[str]:
    return [unescape(token) for token in (pointer or "").split("/")[1:]]


def named(steps: Sequence[str]) -> str:
    """A place in a value: `lines[].qty`; branches of a schema are no places."""
    name = ""
    rest = iter(steps)
    for step in rest:
        if step == "items":
            name += "[]"
        elif step == "properties":
            name += f"{'.' if name else ''}{next(rest, '')}"
    return name
