"""Checks a document against the OpenAPI meta-schema of its version, which openapi-spec-validator ships.

Only that package's data is read; importing it would cost more than the whole check.
"""

from __future__ import annotations

from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import orjson

from driftcheck.openapi.node import escape

_NESTED = 20  # alternatives within alternatives that are looked into
_SHOWN = 5  # errors shown of one place with alternatives


def metaschema_errors(data: Any, version: str) -> Iterator[tuple[str, str]]:
    """JSON pointer and message of what the meta-schema of a version refuses."""
    import jsonschema_rs

    folder = find_spec("openapi_spec_validator")
    if folder is None or not folder.submodule_search_locations:
        return
    path = (
        Path(folder.submodule_search_locations[0]) / "resources" / "schemas" / f"v{version}" / "schema.json"
    )
    schema = orjson.loads(path.read_bytes())
    validator = jsonschema_rs.validator_for(schema, mask="the value", offline=True)
    found = [leaf for error in validator.iter_errors(data) for leaf in _leaves(error, 0)]
    deeper = {_above(tuple(error.instance_path)) for error in found}
    for error in found:
        path_ = tuple(error.instance_path)
        # A $ref where none is allowed stands for what it refers to; multi-file specs live by it.
        if isinstance(error.instance, dict) and "$ref" in error.instance:
            continue
        # A part that fails leaves the whole unevaluated; the part is the news.
        if error.kind.name.startswith("unevaluated") and any(path_ in above for above in deeper):
            continue
        yield "".join(f"/{escape(str(token))}" for token in path_), str(error.message)


def _above(path: tuple[Any, ...]) -> frozenset[tuple[Any, ...]]:
    return frozenset(path[:length] for length in range(len(path)))


def _leaves(error: Any, depth: int) -> list[Any]:
    """The errors that say most: those of the alternative that was most likely meant."""
    branches = [branch for branch in getattr(error.kind, "context", ()) if branch]
    if not branches or depth > _NESTED:
        return [error]
    meant = [branch for branch in branches if not _wants_reference(branch)] or branches
    leaves = [[leaf for each in branch for leaf in _leaves(each, depth + 1)] for branch in meant]
    return min(leaves, key=_unlikeliness)[:_SHOWN]


def _wants_reference(branch: list[Any]) -> bool:
    return any(error.kind.name == "required" and '"$ref"' in error.message for error in branch)


def _unlikeliness(leaves: list[Any]) -> tuple[int, int, int]:
    """Lowest for the alternative whose tag (`in: query`) fits, that got deepest, with fewest errors."""
    wrong_tags = sum(leaf.kind.name in ("enum", "const") and " of " in leaf.message[-30:] for leaf in leaves)
    return wrong_tags, -max(len(leaf.instance_path) for leaf in leaves), len(leaves)
