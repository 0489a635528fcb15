"""Schemas as JSON files, to commit and to compare with: `driftcheck db snapshot` writes them.

The fields are those of model.py; `format` is raised when an old file can no longer be read.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import MISSING, fields, is_dataclass
from functools import lru_cache
from pathlib import Path
from types import NoneType, UnionType
from typing import Any, Union, get_args, get_origin, get_type_hints

from driftcheck.database.model import Database, Name
from driftcheck.errors import DriftcheckError

FORMAT = 1


def dump_snapshot(database: Database, indent: int | None = 1) -> str:
    """The schema as JSON, without stamps; defaults are left out, so that files stay small and stable."""
    plain = to_plain(database)
    plain.pop("versions", None)
    return json.dumps({"driftcheck-schema": FORMAT, **plain}, indent=indent, ensure_ascii=False) + "\n"


def load_snapshot(path: Path) -> Database:
    """Read a file that dump_snapshot wrote."""
    try:
        content = json.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise DriftcheckError(f"{path} cannot be read: {error.strerror or error}") from None
    except ValueError as error:
        raise DriftcheckError(
            f"{path} is no snapshot: {error}", "write one with `driftcheck db snapshot`"
        ) from None
    if not isinstance(content, dict) or content.pop("driftcheck-schema", None) != FORMAT:
        raise DriftcheckError(
            f"{path} is no snapshot of this version", "write one with `driftcheck db snapshot`"
        )
    try:
        found = from_plain(Database, content)
    except (KeyError, TypeError, ValueError) as error:
        raise DriftcheckError(
            f"{path} is damaged: {error}", "write it again with `driftcheck db snapshot`"
        ) from None
    assert isinstance(found, Database)
    return found


def to_plain(value: Any) -> Any:
    """A value of model.py as JSON holds it, defaults left out."""
    if value is None or type(value) in _PLAIN:
        return value
    if isinstance(value, Name):
        return str(value) if value.schema is None else [value.schema, value.name]
    if isinstance(value, tuple):
        return [to_plain(item) for item in value]
    kind: Any = type(value)
    kept = {}
    for name, default in _defaults(kind):
        item = getattr(value, name)
        if default is MISSING or item != default:
            kept[name] = item if item is None or type(item) in _PLAIN else to_plain(item)
    return kept


_PLAIN = frozenset({str, int, bool, float})


@lru_cache(maxsize=64)
def _defaults(kind: type) -> tuple[tuple[str, Any], ...]:
    return tuple((field.name, field.default) for field in fields(kind))


@lru_cache(maxsize=64)
def _hints(kind: type) -> Mapping[str, Any]:
    return get_type_hints(kind)


def from_plain(hint: Any, value: Any) -> Any:
    """The value of that type; fields that are left out have their defaults."""
    if value is None:
        return None
    if hint is Name:
        return Name(*value) if isinstance(value, list) else Name(None, value)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return from_plain(next(item for item in get_args(hint) if item is not NoneType), value)
    if origin is tuple:
        return tuple(from_plain(get_args(hint)[0], item) for item in value)
    if is_dataclass(hint) and isinstance(hint, type):
        hints = _hints(hint)
        return hint(**{name: from_plain(hints[name], item) for name, item in value.items()})
    return value
