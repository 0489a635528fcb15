"""Which OpenAPI version a document is of: the minor version, because patch versions change no meaning."""

from __future__ import annotations

import re
from typing import Any

from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.position import quoted

NEWEST = "3.2"
_NUMBER = re.compile(r"\s*(\d+)(?:\.(\d+))?(?:[.-].*)?\s*", re.DOTALL)
_OTHERS = {
    "asyncapi": "an AsyncAPI document",
    "arazzo": "an Arazzo document",
    "overlay": "an OpenAPI Overlay",
    "swaggerVersion": "a Swagger 1.x document",
    "swagger_version": "a Swagger 1.x document",
    "$schema": "a JSON Schema",
    "paths": "",
}


def version_of(data: Any, label: str) -> str:
    """One of "2.0", "3.0", "3.1", "3.2" for a parsed document; DriftcheckError for anything else."""
    if not isinstance(data, dict):
        kind = {list: "a list", str: "text", type(None): "nothing"}.get(type(data), "a single value")
        hint = "an OpenAPI document is a mapping that begins with `openapi:` or `swagger:`"
        raise DriftcheckError(f"{label} holds {kind}, not an OpenAPI document", hint)
    for key in ("openapi", "swagger"):
        if key in data:
            return _minor(key, data[key], label)
    raise DriftcheckError(f"{label} is not an OpenAPI document: {_instead(data)}", _hint(data))


def _instead(data: dict[str, Any]) -> str:
    found = next((name for key, name in _OTHERS.items() if name and key in data), None)
    return f"it is {found}" if found else "it has no `openapi` or `swagger` at the top level"


def _hint(data: dict[str, Any]) -> str:
    if "paths" in data:
        return 'add the version, for example `openapi: "3.0.3"`'
    return "give the root document, the one with `openapi` and `paths`"


def _minor(key: str, value: Any, label: str) -> str:
    written = str(value) if isinstance(value, (str, int, float)) and not isinstance(value, bool) else ""
    match = _NUMBER.fullmatch(written)
    major, minor = (int(match.group(1)[:9]), int((match.group(2) or "0")[:9])) if match else (0, 0)
    if key == "swagger" and (major, minor) == (2, 0):
        return "2.0"
    if key == "openapi" and major == 3:
        return f"3.{min(minor, 2)}"
    shown = quoted(written) if written else "of an unexpected kind"
    message = f"{label}: the value of `{key}` is {shown}, which is no version driftcheck reads"
    raise DriftcheckError(message, "it reads Swagger 2.0 and OpenAPI 3.0, 3.1 and 3.2")


def is_newer(data: dict[str, Any]) -> bool:
    """Whether the document is of a 3.x version after the newest one known, and read as that."""
    match = _NUMBER.fullmatch(str(data.get("openapi", "")))
    return bool(match and match.group(1) == "3" and int((match.group(2) or "0")[:9]) > 2)
