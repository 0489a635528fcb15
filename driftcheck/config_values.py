"""From parsed TOML (or a plain mapping) to the values of config.py, by looking at their annotations.

Knows no option by name: a new field of a dataclass in config.py is a new option, in kebab case.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping
from contextlib import suppress
from dataclasses import Field, fields, is_dataclass, replace
from datetime import date
from difflib import get_close_matches
from enum import Enum
from types import NoneType, UnionType
from typing import Any, Literal, TypeVar, Union, get_args, get_origin, get_type_hints

from driftcheck.config import Ignore
from driftcheck.errors import DriftcheckError

T = TypeVar("T")

_FINGERPRINT = re.compile(r"[0-9a-f]{16}")


def overlay(base: T, table: Mapping[str, Any], source: str, path: str = "") -> T:
    """The dataclass instance `base` with the options of `table` put over it.

    Tables are merged, arrays of tables grow, everything else is replaced. DriftcheckError names the
    option and `source` where a key is unknown or a value is of the wrong kind.
    """
    hints = get_type_hints(type(base))
    options = options_of(base)
    changes: dict[str, Any] = {}
    rest = next((each.name for each in fields(base) if each.metadata.get("rest")), None)  # type: ignore[arg-type]
    for key, value in table.items():
        name = options.get(str(key).replace("_", "-"))
        if name is None and rest is not None:
            changes[rest] = {**changes.get(rest, {}), str(key): value}
            continue
        if name is None:
            raise DriftcheckError(
                f"{source}: unknown option {_join(path, str(key))!r}",
                did_you_mean(str(key), options) or f"the options here are {', '.join(options)}",
            )
        before = getattr(base, name)
        changes[name] = _merge(before, hints[name], value, source, _join(path, str(key)))
    return replace(base, **changes)  # type: ignore[type-var]


def options_of(base: object) -> dict[str, str]:
    """The options of a table, as they are written, with the names of the fields that they set."""
    own = (each for each in fields(base) if each.metadata.get("option", True))  # type: ignore[arg-type]
    return {_kebab(each): each.name for each in own}


def parse_ignore(text: str) -> Ignore:
    """RULE, RULE@PLACE (globs allowed in both), or the fingerprint of one finding (16 hex digits).

    Each may be followed by " # reason".
    """
    what, _, reason = (part.strip() for part in text.partition(" # "))
    if _FINGERPRINT.fullmatch(what):
        return Ignore(fingerprint=what, reason=reason)
    rule, _, place = what.partition("@")
    return Ignore(rule=rule.strip() or "*", place=place.strip() or "*", reason=reason)


def did_you_mean(wrong: str, known: Iterable[str]) -> str:
    """A question with the closest known spelling, or an empty text."""
    close = get_close_matches(wrong.replace("_", "-"), list(known), n=1, cutoff=0.6)
    return f"did you mean {close[0]!r}?" if close else ""


_SHORT_FORMS: Mapping[type, Callable[[str], Any]] = {Ignore: parse_ignore}


def _merge(before: Any, hint: Any, value: Any, source: str, path: str) -> Any:
    if is_dataclass(before) and isinstance(value, Mapping):
        return overlay(before, value, source, path)
    after = _convert(hint, value, source, path)
    if isinstance(before, Mapping):
        return {**before, **after}
    if get_origin(hint) is tuple and is_dataclass(get_args(hint)[0]):
        return (*before, *after)
    return after


def _convert(hint: Any, value: Any, source: str, path: str) -> Any:
    if is_dataclass(hint) and isinstance(hint, type):
        return _convert_table(hint, value, source, path)
    choices = _choices(hint)
    if choices:
        return _convert_choice(choices, value, source, path)
    origin = get_origin(hint)
    if origin in (Union, UnionType):
        return _convert(_without_none(hint), value, source, path)
    if origin is tuple:
        return _convert_array(get_args(hint)[0], value, source, path)
    if isinstance(origin, type) and issubclass(origin, Mapping):
        return _convert_mapping(get_args(hint)[1], value, source, path)
    return _convert_scalar(hint, value, source, path)


def _convert_table(kind: type, value: Any, source: str, path: str) -> Any:
    if isinstance(value, str) and kind in _SHORT_FORMS:
        return _SHORT_FORMS[kind](value)
    if isinstance(value, kind):
        return value
    if not isinstance(value, Mapping):
        raise _wrong_type(source, path, "a table", value)
    return overlay(kind(), value, source, path)


def _convert_choice(choices: Mapping[str, Any], value: Any, source: str, path: str) -> Any:
    if not isinstance(value, str) or value not in choices:
        hint = did_you_mean(value, choices) if isinstance(value, str) else ""
        allowed = ", ".join(choices)
        raise DriftcheckError(f"{source}: {path} is {value!r}, which is none of: {allowed}", hint)
    return choices[value]


def _convert_array(item: Any, value: Any, source: str, path: str) -> tuple[Any, ...]:
    if isinstance(value, str) and item is str:
        return (value,)  # url = "…" is one URL
    if not isinstance(value, (list, tuple)):
        raise _wrong_type(source, path, "an array", value)
    return tuple(_convert(item, each, source, f"{path}[{index}]") for index, each in enumerate(value))


def _convert_mapping(item: Any, value: Any, source: str, path: str) -> dict[str, Any]:
    if not isinstance(value, Mapping):
        raise _wrong_type(source, path, "a table", value)
    return {str(key): _convert(item, each, source, _join(path, str(key))) for key, each in value.items()}


def _convert_scalar(kind: type, value: Any, source: str, path: str) -> Any:
    if kind is date and isinstance(value, str):
        with suppress(ValueError):
            return date.fromisoformat(value)
    if kind is float and type(value) is int:
        return float(value)
    if type(value) is not kind:  # exactly: True is an int to isinstance
        raise _wrong_type(source, path, _TYPE_NAMES.get(kind, kind.__name__), value)
    return value


_TYPE_NAMES = {
    str: "a string",
    bool: "true or false",
    int: "an integer",
    float: "a number",
    date: "a date such as 2026-12-31",
}


def _wrong_type(source: str, path: str, wanted: str, value: Any) -> DriftcheckError:
    return DriftcheckError(f"{source}: {path} must be {wanted}, not {value!r}")


def _choices(hint: Any) -> dict[str, Any]:
    """The texts that stand for the values of an enum, a Literal, or a union of such; else nothing."""
    if isinstance(hint, type) and issubclass(hint, Enum):
        return {str(member.value): member for member in hint}
    if get_origin(hint) is Literal:
        return {str(value): value for value in get_args(hint)}
    if get_origin(hint) in (Union, UnionType):
        parts = [_choices(part) for part in get_args(hint) if part is not NoneType]
        return {text: value for part in parts for text, value in part.items()} if all(parts) else {}
    return {}


def _without_none(hint: Any) -> Any:
    return next(part for part in get_args(hint) if part is not NoneType)


def _kebab(field: Field[Any]) -> str:
    return field.name.replace("_", "-")


def _join(path: str, key: str) -> str:
    return f"{path}.{key}" if path else key
