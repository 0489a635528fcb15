"""A mapping made by Python code turned into plain JSON values: a copy, with text as keys, owned by nobody."""

from __future__ import annotations

import json
import re
from collections.abc import Mapping, Set
from math import isfinite
from typing import Any

import orjson

from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.json_text import load_json

_NAMES = re.compile(rb"\$(?:id|self|anchor|dynamicAnchor)\b")
_OPTIONS = orjson.OPT_NON_STR_KEYS


def plain(value: Any, label: str) -> tuple[Any, bool]:
    """The value as parsed JSON, and whether it may hold `$id` or the like; DriftcheckError otherwise."""
    try:
        text = orjson.dumps(value, default=_default, option=_OPTIONS)
    except TypeError:  # integers beyond 64 bits, nesting, lone surrogates: the slow way says which
        text = _slowly(value, label)
    if b"null" in text and _holds_not_finite(value):
        raise DriftcheckError(f"{label} holds NaN or an infinite number, which JSON does not have")
    return load_json(text, label), may_have_names(text)


def may_have_names(text: bytes) -> bool:
    """Whether a text may hold `$id`, `$self`, `$anchor` or `$dynamicAnchor`."""
    return _NAMES.search(text) is not None


def _default(value: Any) -> Any:
    if isinstance(value, Mapping):
        return dict(value)
    if isinstance(value, (Set, tuple)):
        return list(value)
    return str(value)


def _slowly(value: Any, label: str) -> bytes:
    try:
        return json.dumps(value, default=_default).encode()
    except (TypeError, ValueError, RecursionError) as error:
        raise DriftcheckError(f"{label} cannot be written as JSON: {error}") from None


def _holds_not_finite(value: Any) -> bool:
    pending = [value]
    while pending:
        item = pending.pop()
        if isinstance(item, float) and not isfinite(item):
            return True
        if isinstance(item, Mapping):
            pending.extend(item.values())
        elif isinstance(item, (list, tuple, Set)):
            pending.extend(item)
    return False
