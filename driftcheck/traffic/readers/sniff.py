"""What a file is, by its content: the names at its top, read until they tell.

A name like `collection.json` tells nothing; only what cannot be opened as text (Keploy's .gob) goes by name.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from itertools import islice
from pathlib import Path
from typing import TextIO

from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.zipped import holds_har, is_zip

# Cypress' tests and what they are made of.
SCRIPTS = frozenset({".js", ".jsx", ".ts", ".tsx", ".mjs", ".cjs", ".mts", ".cts"})
_FIRST_LINES = 400
_YAML_NAME = re.compile(r"([A-Za-z_$][\w.$-]*)\s*:(?:\s|$)")
_NAMES_OF_MAPPINGS = {"request", "response", "mappings"}


def kind_of(path: Path) -> str | None:
    """The kind as `reading` knows it, also "zip", "empty", "gob" and what `reading` cannot read or lays by.

    None for anything else. RecordingError and OSError as reading has them.
    """
    if path.suffix == ".gob":
        return "gob"
    if is_zip(path):
        return "zip" if holds_har(path) else None
    if path.suffix in SCRIPTS:
        from driftcheck.traffic.readers.cypress import has_stubs

        return "cypress" if has_stubs(path) else "script"
    with open_text(path) as text:
        first = text.read(1)
        while first and first in " \t\r\n\ufeff":
            first = text.read(1)
    if not first:
        return "empty"
    with open_text(path) as text:
        return _json_kind(text) if first == "{" else _yaml_kind(text)


def _json_kind(text: TextIO) -> str | None:
    cursor = Cursor(text)
    seen: dict[str, object] = {}
    for name in cursor.members():
        kind = _by_name(name, seen, cursor)
        if kind:
            return kind
        seen.setdefault(name, True)
    return _by_names(seen)


def _by_name(name: str, seen: dict[str, object], cursor: Cursor) -> str | None:
    """The kind as soon as it is certain; takes the value where it is not."""
    opening = cursor.peek()
    if name == "log" and opening == "{":
        return "har"
    if name == "driftcheck" and opening == "1":
        return "ndjson"
    if name == "run" and opening == "{" and "collection" in seen:
        return "newman"
    if name == "item" and opening == "[" and "info" in seen:
        return "postman"
    if name in ("interactions", "messages") and opening == "[" and {"consumer", "provider"} & set(seen):
        return "pact"
    if name == "http_interactions" or (name == "interactions" and {"version", "recorded_with"} & set(seen)):
        return "vcr"
    if name == "mappings" and opening == "[":
        return "wiremock"
    if name == "Initialize" and opening == "{":
        return "schemathesis"
    value = cursor.value()
    if name == "version" and isinstance(value, str) and value.startswith("api.keploy.io/"):
        return "keploy"
    seen[name] = value if isinstance(value, str | int) else opening
    return None


def _by_names(seen: dict[str, object]) -> str | None:
    if seen.get("info") == "{" and seen.get("item") == "[":
        return "postman"
    if seen.get("values") == "[" and ("_postman_variable_scope" in seen or "name" in seen):
        return "postman-environment"
    if seen.get("collection") == "{" and seen.get("run") == "{":
        return "newman"
    if seen.get("interactions") == "[" or seen.get("messages") == "[":
        return "pact" if {"consumer", "provider"} & set(seen) else "vcr" if "version" in seen else None
    if seen.get("request") == "{" and seen.get("response") == "{":
        return "wiremock" if "method" not in seen else None
    return None


def _yaml_kind(text: TextIO) -> str | None:
    names = dict(islice(_top_names(text), 60))
    version = names.get("version", "")
    if version.startswith("api.keploy.io/") and "kind" in names:
        return "keploy"
    if "http_interactions" in names or ("interactions" in names and "consumer" not in names):
        return "vcr"
    if "$kind" in names or ("$schema" in names and "postman" in names["$schema"]):
        return "postman-v3"
    if "test" in names and {"appId", "command", "record", "keployContainer"} & set(names):
        return "keploy-config"
    return None


def _top_names(text: TextIO) -> Iterator[tuple[str, str]]:
    """The names at the left margin with what stands beside them."""
    for line in islice(text, _FIRST_LINES):
        found = _YAML_NAME.match(line)
        if found:
            yield found.group(1), line[found.end() :].strip().strip("\"'")
