"""What a replay gave, kept by content: revision files, env.py, alembic.ini, engine and versions of both.

A migration may import the application, so an entry also lists the project's modules that were loaded, and
holds only while none of them has changed.
"""

from __future__ import annotations

import json
import sys
from collections.abc import Iterator
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING, Any

from driftcheck.database import cache
from driftcheck.database.migrations.environment import UNKNOWN, Environment
from driftcheck.database.model import Database
from driftcheck.database.sources.kept import from_lines, lines_of
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from driftcheck.database.migrations.history import History

_HOOKS = ("include_object", "include_name")
_MOST_BYTES = 20_000_000  # of a file beside the revisions; larger ones are data that only their size tells of


@dataclass(frozen=True, slots=True)
class Remembered:
    """The schemas of a replay, `stamped` None where live is at the head; `environment` without what only
    running env.py gives, and `hooks` says that it had some of that: functions that choose objects. `upon` is
    a digest of what of live the schemas were made with, empty where that is nothing."""

    environment: Environment
    hooks: bool
    head: Database | None
    stamped: Database | None
    incomplete: str
    notes: tuple[Skipped, ...]
    upon: str = ""
    incomplete_at: tuple[str, int | None] = ("", None)


def key_of(history: History, parts: tuple[object, ...]) -> str:
    """A name for a replay of this history; `parts` are the engine, the scope and the stamps."""
    import alembic
    import sqlalchemy

    given = (repr(vars(history.config.cmd_opts)) if history.config.cmd_opts else "", Path.cwd())
    versions = (alembic.__version__, sqlalchemy.__version__, sys.version_info[:2])
    return cache.key_of(("replay", *parts, *given, *versions, *_contents(history)))


def _contents(history: History) -> Iterator[object]:
    """The files of the migrations, by their bytes."""
    ini = history.config.config_file_name
    folders = {str(history.script.dir), *map(str, history.script._version_locations)}
    files = {path for folder in folders for path in Path(folder).rglob("*") if _counts(path)}
    for path in sorted(files | ({Path(ini)} if ini and Path(ini).is_file() else set())):
        yield path
        yield path.stat().st_size
        if path.stat().st_size < _MOST_BYTES:
            yield path.read_bytes()


def _counts(path: Path) -> bool:
    return path.is_file() and "__pycache__" not in path.parts and path.suffix not in {".pyc", ".db", ".log"}


def load(key: str, like: Database | None = None) -> Remembered | None:
    """The entry of that name, if it is there and everything that it was made from is as it was; tables that
    `like` has just the same are taken from it."""
    with suppress(OSError, ValueError, KeyError, TypeError):
        entry = json.loads(cache.path_of(f"replay-{key}").read_text(encoding="utf-8"))
        if all(_stamp(Path(file)) == seen for file, *seen in entry["files"]):
            return _entry(entry, like)
    return None


def _entry(entry: Any, like: Database | None) -> Remembered:
    notes = tuple(Skipped(*note) for note in entry["notes"])
    environment = Environment(
        {"version_table": entry["version_table"]},
        driver=entry["driver"],
        notes=notes,
        refused=tuple(entry["refused"]),
    )
    head, stamped = (
        from_lines(entry[side], (like,)) if entry[side] is not None else None for side in ("head", "stamped")
    )
    why, (file, line) = entry["incomplete"], entry["incomplete_at"]
    return Remembered(environment, entry["hooks"], head, stamped, why, notes, entry["upon"], (file, line))


def store(key: str, history: History, found: Remembered) -> None:
    """Keep what was found; a cache that cannot be written costs time only."""
    if any(note.what == UNKNOWN for note in found.notes):
        return
    environment = found.environment
    entry = {
        "files": [[str(file), *_stamp(file)] for file in _loaded(history)],
        "version_table": environment.version_table,
        "driver": environment.driver,
        "refused": environment.refused,
        "hooks": any(environment.options.get(name) is not None for name in _HOOKS),
        "notes": [[note.what, note.why] for note in found.notes],
        "head": lines_of(found.head) if found.head is not None else None,
        "stamped": lines_of(found.stamped) if found.stamped is not None else None,
        "incomplete": found.incomplete,
        "incomplete_at": found.incomplete_at,
        "upon": found.upon,
    }
    with suppress(OSError):
        cache.write(cache.path_of(f"replay-{key}"), json.dumps(entry))


def _loaded(history: History) -> list[Path]:
    """Files of modules that belong to the project: below the working directory, or of the package that the
    migrations are in."""
    roots = {Path.cwd().resolve(), _package(Path(str(history.script.dir)).resolve())}
    found = set()
    for module in list(sys.modules.values()):
        file = getattr(module, "__file__", None)
        if isinstance(file, str) and file.endswith(".py"):
            path = Path(file).resolve()
            if any(path.is_relative_to(root) for root in roots) and path.is_file():
                found.add(path)
    return sorted(found)


def _package(folder: Path) -> Path:
    """The outermost package around a folder, or the folder above it."""
    at = folder.parent
    while (at / "__init__.py").exists() and (at.parent / "__init__.py").exists():
        at = at.parent
    return at


def _stamp(path: Path) -> list[int]:
    with suppress(OSError):
        seen = path.stat()
        return [seen.st_size, seen.st_mtime_ns]
    return []
