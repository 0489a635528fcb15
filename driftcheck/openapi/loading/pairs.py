"""Pairs the specs of two directories or globs by their path below them, in the work tree or a revision.

Only files that look like the root of an OpenAPI document take part; what they refer to does not.
"""

from __future__ import annotations

import glob
import os
import posixpath
import re
from collections.abc import Iterator
from dataclasses import dataclass
from fnmatch import fnmatchcase
from pathlib import Path
from typing import Any

import orjson

from driftcheck.config import ApiConfig
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.revision import Revision, RevisionError
from driftcheck.openapi.loading.source import InRevision, classify

_SUFFIXES = (".yaml", ".yml", ".json")
_SKIPPED = ("node_modules", "__pycache__", "venv")
_MAGIC = re.compile(r"[*?\[]")
_IN_YAML = re.compile(rb"""(?:^|\n|\xef\xbb\xbf)["']?(?:openapi|swagger)["']?[ \t]*:[ \t]*["']?[0-9]""")
_IN_JSON = re.compile(rb'"(?:openapi|swagger)"\s*+:\s*+"?[0-9]')


@dataclass(frozen=True, slots=True)
class SpecPair:
    """Two specs at the same place; None where that side has none there (added, removed)."""

    label: str
    expected: str | None
    actual: str | None


def pair_up(old: Any, new: Any, settings: ApiConfig) -> list[SpecPair] | None:
    """The pairs of two directories or globs, by label; None where both sources are single documents.

    Raises DriftcheckError where only one side is a collection, a glob matches nothing, or neither side holds
    an OpenAPI document.
    """
    sides = [_specs(source, settings) for source in (old, new)]
    expected, actual = sides
    if expected is None and actual is None:
        return None
    if expected is None or actual is None:
        many, one = (_shown(old), _shown(new)) if actual is None else (_shown(new), _shown(old))
        hint = "give a directory (or glob) on both sides, or one document on both"
        raise DriftcheckError(f"{many} is a collection of specs, and {one} is not", hint)
    if not expected and not actual:
        raise DriftcheckError(f"neither {old} nor {new} holds an OpenAPI document", "check the paths")
    for source, found in ((old, expected), (new, actual)):
        if not found and _MAGIC.search(str(source)) and not os.path.exists(source):
            raise DriftcheckError(f"no OpenAPI document matches {source}", "check the pattern")
    return sorted(_pairs(expected, actual), key=lambda pair: pair.label)


def _shown(source: Any) -> str:
    return str(source) if isinstance(source, (str, Path)) else "a mapping"


def _pairs(expected: dict[str, str], actual: dict[str, str]) -> Iterator[SpecPair]:
    """Equal names first, then names that differ in the format only (api.json, api.yaml)."""
    for name in expected.keys() & actual.keys():
        yield SpecPair(name, expected[name], actual[name])
    added = {name: source for name, source in actual.items() if name not in expected}
    stems = {posixpath.splitext(name)[0]: name for name in added}
    for name, source in expected.items():
        if name in actual:
            continue
        other = stems.pop(posixpath.splitext(name)[0], None)
        yield SpecPair(name, source, added.pop(other) if other is not None else None)
    for name, source in added.items():
        yield SpecPair(name, None, source)


def _specs(source: Any, settings: ApiConfig) -> dict[str, str] | None:
    """Sources by relative path; None where the source is no collection."""
    if not isinstance(source, (str, Path)):
        return None
    written = os.fspath(source)
    if os.path.isdir(written):
        return dict(_in_folder(written, settings))
    found = classify(written)
    if isinstance(found, InRevision):
        return _in_revision(found, settings)
    if _MAGIC.search(written) and not os.path.exists(written) and "://" not in written:
        base = _fixed_part(written)
        paths = [path for path in glob.glob(written, recursive=True) if os.path.isfile(path)]
        return {_below(path, base): path for path in paths if _is_root_file(path, settings)}
    return None


def _in_folder(folder: str, settings: ApiConfig) -> Iterator[tuple[str, str]]:
    for where, folders, names in os.walk(folder):
        folders[:] = sorted(name for name in folders if name[0] != "." and name not in _SKIPPED)
        for name in sorted(names):
            path = os.path.join(where, name)
            if name.lower().endswith(_SUFFIXES) and _is_root_file(path, settings):
                yield _below(path, folder), path


def _below(path: str, base: str) -> str:
    return os.path.relpath(path, base or ".").replace(os.sep, "/")


def _fixed_part(pattern: str) -> str:
    """The folder before the first component with a wildcard."""
    parts = pattern.replace(os.sep, "/").split("/")
    fixed = next(index for index, part in enumerate(parts) if _MAGIC.search(part))
    return "/".join(parts[:fixed]) or ("/" if pattern.startswith("/") else "")


def _is_root_file(path: str, settings: ApiConfig) -> bool:
    try:
        if os.path.getsize(path) > settings.max_bytes:
            return True  # loading it will say that it is too large
        with open(path, "rb") as file:
            return is_root(file.read())
    except OSError:
        return False


def is_root(text: bytes) -> bool:
    """Whether a text has `openapi` or `swagger` at its top level, as far as a glance can tell."""
    if text.lstrip()[:1] != b"{":
        return _IN_YAML.search(text) is not None
    if _IN_JSON.search(text) is None:
        return False
    try:
        value = orjson.loads(text)
    except orjson.JSONDecodeError:
        return True  # loading it will say what is wrong
    return "openapi" in value or "swagger" in value


def _in_revision(found: InRevision, settings: ApiConfig) -> dict[str, str] | None:
    pattern = found.path if _MAGIC.search(found.path) else ""
    revision = Revision(found.revision, settings.max_bytes)
    try:
        top = revision.path_of(_fixed_part(pattern) or "." if pattern else found.path)
    except RevisionError:
        return None
    if revision.kind(top) != "tree":
        return None
    below = posixpath.relpath(pattern, _fixed_part(pattern) or ".") if pattern else "*"
    names = {posixpath.relpath(path, top or "."): path for path in revision.files(top)}
    return {
        name: f"{found.revision}:{revision.written(path)}"
        for name, path in names.items()
        if name.lower().endswith(_SUFFIXES) and _matches(name, below) and is_root(revision.read(path))
    }


def _matches(name: str, pattern: str) -> bool:
    """Whether a relative path fits a glob: `*` stays in its folder, `**` does not."""
    if pattern == "*":
        return True
    return fnmatchcase(name, pattern.replace("**/", "*")) and (
        "**" in pattern or name.count("/") == pattern.count("/")
    )
