"""Folders of recorded calls, by what their files hold."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator
from pathlib import Path, PurePosixPath

from driftcheck.discovery.found import Found

# What a file must hold to be worth a closer look.
_WORTH = re.compile(
    rb'"log"\s*:|"interactions"\s*:|http_interactions|^interactions:|api\.keploy\.io|getpostman\.com|_postman_id'
    rb'|"mappings"\s*:\s*\[|"driftcheck"\s*:\s*1|"urlPath|"urlPattern|"request"\s*:\s*\{',
    re.MULTILINE,
)
_ENDS = (".har", ".json", ".yaml", ".yml", ".ndjson", ".jsonl")
_KINDS = {"har", "ndjson", "newman", "postman", "postman-v3", "pact", "vcr", "wiremock", "keploy"}
_OUTER = frozenset("keploy pacts cassettes mappings __files recordings traffic wiremock postman".split())


def recordings(root: Path, files: list[str], read: Callable[[str], bytes]) -> Iterator[Found]:
    """One for each folder of recordings; what lies below such a folder belongs to it."""
    found: dict[str, Counter[str]] = {}
    for file in files:
        if file.lower().endswith(_ENDS) and _WORTH.search(read(file)):
            kind = _kind(root / file)
            if kind in _KINDS:
                found.setdefault(_folder(file), Counter())[kind] += 1
    for folder in sorted(found):
        if not any(folder.startswith(f"{other}/") for other in found):
            below = [
                counts for other, counts in found.items() if other == folder or other.startswith(f"{folder}/")
            ]
            total = sum(below, Counter())
            note = ", ".join(f"{count} {kind}" for kind, count in sorted(total.items()))
            yield Found("recordings", folder, "", f"{folder}", None, note)


def _kind(path: Path) -> str | None:
    from driftcheck.traffic.readers.problem import RecordingError
    from driftcheck.traffic.readers.sniff import kind_of

    try:
        return kind_of(path)
    except (RecordingError, OSError, ValueError):
        return None


def _folder(file: str) -> str:
    """The folder that is called like a collection of recordings, else that of the file, else the file."""
    parts = PurePosixPath(file).parts[:-1]
    for index, part in enumerate(parts):
        if part.lower() in _OUTER:
            return "/".join(parts[: index + 1])
    return "/".join(parts) or file
