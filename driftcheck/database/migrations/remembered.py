"""What a run has shown, kept by the content of everything that it ran: a second run replays nothing.

An entry lists the modules that were loaded, because revisions import what they like when they run.
"""

from __future__ import annotations

import hashlib
import json
import sys
import sysconfig
from collections.abc import Iterable, Mapping
from contextlib import suppress
from pathlib import Path
from typing import Any

from driftcheck.database import cache
from driftcheck.database.migrations.environment import UNKNOWN
from driftcheck.database.migrations.outcome import Outcome
from driftcheck.difference import Change, Difference, Effect, Flow, Location, Rename, Severity, Side
from driftcheck.finding import Skipped

_PLAIN = (
    "subject",
    "kind",
    "object",
    "cause",
    "attribute",
    "name",
    "expected",
    "actual",
    "attribution",
    "note",
)


def load(key: str) -> Outcome | None:
    """The outcome of that key, if nothing that it ran was changed since."""
    path = cache.path_of(f"{key}-run")
    with suppress(OSError, ValueError, KeyError, TypeError):
        kept = json.loads(path.read_text(encoding="utf-8"))
        if all(_stamp(Path(file)) == stamp for file, stamp in kept["modules"].items()):
            return Outcome(
                tuple(_difference(item) for item in kept["differences"]),
                tuple(_difference(item) for item in kept["models"]),
                tuple(Skipped(*item) for item in kept["notes"]),
                kept["label"],
                kept["engine"],
                ran=True,
                unchanged=frozenset(kept["unchanged"]),
            )
    return None


def store(key: str, outcome: Outcome) -> None:
    """Keep an outcome; losing it costs time only."""
    if any(item.what == UNKNOWN for item in outcome.notes):
        return
    plain = {
        "modules": _modules(),
        "differences": [_written(item) for item in outcome.differences],
        "models": [_written(item) for item in outcome.models],
        "notes": [(item.what, item.why) for item in outcome.notes],
        "label": outcome.label,
        "engine": outcome.engine,
        "unchanged": sorted(outcome.unchanged),
    }
    with suppress(OSError, TypeError, ValueError):
        cache.write(cache.path_of(f"{key}-run"), json.dumps(plain))


def content(paths: Iterable[Path]) -> str:
    """A digest of files, by name and content."""
    digest = hashlib.sha256()
    for path in sorted(set(paths)):
        with suppress(OSError):
            digest.update(str(path).encode("utf-8", "surrogateescape") + b"\0" + path.read_bytes() + b"\0")
    return digest.hexdigest()


def _modules() -> dict[str, str]:
    """Every loaded file that is not Python's own."""
    own = sysconfig.get_paths()["stdlib"]
    files = {str(getattr(module, "__file__", None) or "") for module in list(sys.modules.values())}
    named = (file for file in files if file.endswith(".py"))
    kept = (file for file in named if not file.startswith(own) or "site-packages" in file)
    return {file: _stamp(Path(file)) for file in kept}


def _stamp(path: Path) -> str:
    """Installed files by size and time, which pip changes; the user's own by content."""
    try:
        if "site-packages" in path.parts:
            found = path.stat()
            return f"{found.st_size}:{found.st_mtime_ns}"
        return hashlib.sha256(path.read_bytes()).hexdigest()
    except OSError:
        return ""


def _written(item: Difference) -> dict[str, Any]:
    plain = {name: getattr(item, name) for name in _PLAIN}
    rename = item.rename
    return {
        **plain,
        "change": str(item.change),
        "flow": item.flow and str(item.flow),
        "effect": item.effect and str(item.effect),
        "at_most": item.at_most and str(item.at_most),
        "operations": list(item.operations),
        "rename": [rename.old, rename.new, rename.confidence] if rename else None,
        "facts": dict(item.facts) if item.facts is not None else None,
        "locations": [[str(at.side), at.file, at.line, at.column] for at in item.locations],
    }


def _difference(kept: Mapping[str, Any]) -> Difference:
    return Difference(
        **{name: kept[name] for name in _PLAIN},
        change=Change(kept["change"]),
        flow=Flow(kept["flow"]) if kept["flow"] else None,
        effect=Effect(kept["effect"]) if kept["effect"] else None,
        at_most=Severity(kept["at_most"]) if kept["at_most"] else None,
        operations=tuple(kept["operations"]),
        rename=Rename(*kept["rename"]) if kept["rename"] else None,
        facts=kept["facts"],
        locations=tuple(
            Location(Side(side), file, line, column) for side, file, line, column in kept["locations"]
        ),
    )
