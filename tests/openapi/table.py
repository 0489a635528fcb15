"""Reads fixtures/cases/*.yaml and writes out every case that its lines stand for.

One `narrow` line is four cases and one `equal` line up to twenty; fixtures/cases/README.md has the format.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Any, Literal

import yaml_rs

from tests.openapi import documents

FOLDER = Path(__file__).parents[2] / "fixtures" / "cases"
_WRAPPINGS = ("inline", "ref", "property", "items", "all_of")
_KEYS = {
    "name", "version", "versions", "schemas", "old_schemas", "new_schemas", "components", "old_components",
    "new_components", "expect", "at", "operation_is", "change", "attribute", "rename", "witness", "count",
    "protect", "widened", "narrowed", "places", "wraps", "path", "method", "rule", "note", "shared", "kind",
}  # fmt: skip
_FORMS = {
    *documents.SCHEMA_PLACES, "both", "narrow", "equal", "operation", "parameters", "responses", "body",
    "item", "paths", "document",
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Case:
    """Two documents and what must be said of them.

    `verdict` is breaking, risky, info or silent (nothing breaking or risky). `at` ends the pointer of a
    finding. `roots` are the two schemas of a shorthand, for checking counterexamples.
    """

    id: str
    area: str
    old: dict[str, Any]
    new: dict[str, Any]
    verdict: str
    operation: str | None = None
    at: str | None = None
    change: str | None = None
    attribute: str | None = None
    rename: tuple[str, str] | Literal["any"] | None = None
    witness: bool | None = None
    count: int | None = None
    protect: str = "wire"
    kind: str | None = None
    roots: tuple[Any, Any] | None = None

    @property
    def fires(self) -> bool:
        """Whether something must be reported."""
        return self.verdict != "silent"


@cache
def all_cases() -> tuple[Case, ...]:
    """Every case of every area, in the order of the files."""
    cases = tuple(case for path in sorted(FOLDER.glob("*.yaml")) for case in _area(path))
    twice = [name for name, times in Counter(case.id for case in cases).items() if times > 1]
    if twice:
        raise ValueError(f"two cases are called {twice}")
    return cases


@cache
def entries() -> int:
    """How many cases were written by hand, before derivation."""
    return sum(len(_load(path)["cases"]) for path in FOLDER.glob("*.yaml"))


def _load(path: Path) -> dict[str, Any]:
    loaded: dict[str, Any] = documents.copied(
        yaml_rs.loads(path.read_text(encoding="utf-8"), parse_datetime=False)
    )
    return loaded


def _area(path: Path) -> Iterator[Case]:
    loaded = _load(path)
    defaults = {key: value for key, value in loaded.items() if key != "cases"}
    for entry in loaded["cases"]:
        unknown = entry.keys() - _KEYS - _FORMS
        if unknown:
            raise ValueError(f"{path.name}: {entry['name']}: unknown {sorted(unknown)}")
        merged = {**defaults, **entry}
        yield from _expand(path.stem, merged)


def _expand(area: str, entry: dict[str, Any]) -> Iterator[Case]:
    forms = [key for key in entry if key in _FORMS]
    if len(forms) != 1:
        raise ValueError(f"{area}: {entry['name']}: needs exactly one of the forms, has {forms}")
    form = forms[0]
    if form == "narrow":
        yield from _narrow(area, entry)
    elif form == "equal":
        yield from _equal(area, entry)
    elif form == "both":
        yield from _both(area, entry)
    else:
        yield _single(area, entry, form, entry[form])


def _versions(entry: dict[str, Any]) -> tuple[str, str]:
    pair = entry.get("versions")
    version = str(entry.get("version", "3.1"))
    return (str(pair[0]), str(pair[1])) if pair else (version, version)


def _single(area: str, entry: dict[str, Any], form: str, pair: dict[str, Any]) -> Case:
    """One case; `pair` is {old, new} of the form."""
    versions = _versions(entry)
    sides = [
        documents.complete(
            _parts(form, pair[side], version, entry, side),
            version,
            {**entry.get("schemas", {}), **entry.get(f"{side}_schemas", {})},
        )
        for side, version in zip(("old", "new"), versions, strict=True)
    ]
    rename = entry.get("rename")
    is_schema = form in documents.SCHEMA_PLACES
    verdict = entry["expect"]
    return Case(
        id=f"{area}/{entry['name']}",
        area=area,
        old=sides[0],
        new=sides[1],
        verdict=verdict,
        operation=entry.get("operation_is", _operation(form, entry)),
        at=entry.get("at"),
        change=entry.get("change"),
        attribute=entry.get("attribute"),
        rename=(rename[0], rename[1]) if isinstance(rename, list) else rename,
        witness=entry.get("witness", True if is_schema and verdict == "breaking" else None),
        count=entry.get("count", None if verdict == "silent" else 1),
        protect=entry.get("protect", "wire"),
        kind=entry.get("kind"),
        roots=(pair["old"], pair["new"]) if is_schema else None,
    )


def _operation(form: str, entry: dict[str, Any]) -> str | None:
    if entry["expect"] == "silent" or form in ("paths", "document"):
        return None
    if form in documents.SCHEMA_PLACES:
        return documents.OPERATION_OF.get(form, "GET /items")
    return f"{_method(form, entry).upper()} {entry.get('path', '/items')}"


def _method(form: str, entry: dict[str, Any]) -> str:
    return str(entry.get("method", "post" if form in ("operation", "body") else "get"))


def _parts(form: str, value: Any, version: str, entry: dict[str, Any], side: str) -> dict[str, Any]:
    """The document of a form, without openapi, info and schemas."""
    if form in documents.SCHEMA_PLACES:
        parts = documents.wrap(form, value, version)
    elif form == "document":
        parts = value
    elif form == "paths":
        parts = {"paths": value}
    elif form == "item":
        parts = {"paths": {entry.get("path", "/items"): value}}
    else:
        member = {"parameters": "parameters", "responses": "responses", "body": "requestBody"}.get(form)
        operation = value if member is None else ({} if value is None else {member: value})
        parts = {"paths": {entry.get("path", "/items"): {_method(form, entry): operation}}}
    components = {**entry.get("components", {}), **entry.get(f"{side}_components", {})}
    return {**parts, "components": components} if components else parts


def _both(area: str, entry: dict[str, Any]) -> Iterator[Case]:
    """The same pair as a request body and as a response body; `expect` is [in requests, in responses]."""
    for place, verdict in zip(("request", "response"), entry["expect"], strict=True):
        named = {**entry, "name": f"{entry['name']} [{place}]", "expect": verdict}
        if verdict != "breaking":
            named.pop("witness", None)
        yield _single(area, _calmed(named), place, entry["both"])


_OF_FINDINGS = ("at", "change", "attribute", "rename", "count", "witness", "kind")


def _calmed(entry: dict[str, Any]) -> dict[str, Any]:
    """Without what only a firing case can have."""
    if entry["expect"] != "silent":
        return entry
    return {key: value for key, value in entry.items() if key not in _OF_FINDINGS}


def _narrow(area: str, entry: dict[str, Any]) -> Iterator[Case]:
    """Four cases a pair: narrowing what is sent and widening what is received break, the rest is silent."""
    wide, tight = entry["narrow"]["wide"], entry["narrow"]["tight"]
    backwards = {key: list(reversed(entry[key])) for key in ("versions", "rename") if key in entry}
    swapped = {**entry, **backwards}
    swapped["old_schemas"], swapped["new_schemas"] = (
        entry.get("new_schemas", {}),
        entry.get("old_schemas", {}),
    )
    change = entry.get("change")
    if change in ("missing", "extra"):
        swapped["change"] = {"missing": "extra", "extra": "missing"}[change]
    sent, received = entry.get("places", ("request", "response"))
    narrowing, widening = {"old": wide, "new": tight}, {"old": tight, "new": wide}
    table = (
        (sent, "narrowed", entry, narrowing, entry.get("narrowed", "breaking")),
        (sent, "widened", swapped, widening, "silent"),
        (received, "widened", swapped, widening, entry.get("widened", "breaking")),
        (received, "narrowed", entry, narrowing, "silent"),
    )
    for place, effect, base, pair, verdict in table:
        if place is not None:
            named = {**base, "name": f"{entry['name']} [{place} {effect}]", "expect": verdict}
            if verdict != "breaking":
                named.pop("witness", None)
            yield _single(area, _calmed(named), place, pair)


def _equal(area: str, entry: dict[str, Any]) -> Iterator[Case]:
    """Silent in both directions, sent and received, and however deep it stands."""
    a, b = entry["equal"]["a"], entry["equal"]["b"]
    versions = _versions(entry)
    for wrapping in entry.get("wraps", _WRAPPINGS):
        for place in entry.get("places", ("request", "response")):
            for direction, (old, new) in (("", (a, b)), (" back", (b, a))):
                pair, schemas = _wrapped(wrapping, old, new, entry, direction)
                named = {
                    **entry,
                    **schemas,
                    "name": f"{entry['name']} [{place} {wrapping}{direction}]",
                    "versions": versions if not direction else tuple(reversed(versions)),
                    "expect": "silent",
                }
                yield _single(area, named, place, pair)


def _wrapped(
    wrapping: str, old: Any, new: Any, entry: dict[str, Any], direction: str
) -> tuple[dict[str, Any], dict[str, Any]]:
    a, b = entry.get("old_schemas", {}), entry.get("new_schemas", {})
    sides = {"old_schemas": b if direction else a, "new_schemas": a if direction else b}
    if wrapping == "ref":
        sides = {
            "old_schemas": {**sides["old_schemas"], "Thing": old},
            "new_schemas": {**sides["new_schemas"], "Thing": new},
        }
        return {"old": {"$ref": "Thing"}, "new": {"$ref": "Thing"}}, sides
    return {"old": _around(wrapping, old), "new": _around(wrapping, new)}, sides


def _around(wrapping: str, schema: Any) -> Any:
    if wrapping == "property":
        return {"type": "object", "required": ["inner"], "properties": {"inner": schema}}
    if wrapping == "items":
        return {"type": "array", "items": schema}
    if wrapping == "all_of":
        return {"allOf": [schema, {"description": "wrapped"}]}
    return schema
