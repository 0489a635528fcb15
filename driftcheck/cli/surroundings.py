"""What a report needs to know of the world around it: lines of files, and where the repository begins.

Only the renderers' Layout carries it, so that rendering stays pure; a file that is gone gives no lines.
"""

from __future__ import annotations

import re
import subprocess
from collections.abc import Sequence
from functools import cache
from pathlib import Path

from driftcheck.report import Sources

_MOST_BYTES = 64_000_000
_SECONDS = 10
_IN_GIT = re.compile(r"(?P<revision>[^:-][^:]*):(?P<path>[^:]+)")


def sources() -> Sources:
    """A look-up of a file's lines by the name that a finding gives it, each file read once."""
    return cache(_lines)


def _lines(name: str) -> Sequence[str] | None:
    """The lines of a file or of a file in a git revision; None for URLs, applications and what is gone."""
    if "://" in name or "\0" in name:
        return None
    content = _from_disk(Path(name))
    found = _IN_GIT.fullmatch(name)
    if content is None and found is not None:
        content = _from_git(found["revision"], found["path"])
    if content is None:
        return None
    return content.decode("utf-8-sig", "replace").replace("\r\n", "\n").split("\n")


def _from_disk(path: Path) -> bytes | None:
    try:
        if not path.is_file() or path.stat().st_size > _MOST_BYTES:
            return None
        return path.read_bytes()
    except (OSError, ValueError):  # gone meanwhile, or a name that no file can have
        return None


def _from_git(revision: str, path: str) -> bytes | None:
    """From the working directory, or else from the repository's root, as git itself takes paths."""
    for name in (f"{revision}:./{path}", f"{revision}:{path}"):
        command = ["git", "show", "--no-textconv", name]
        try:
            shown = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=False)
        except (OSError, ValueError, subprocess.TimeoutExpired):
            return None
        if shown.returncode == 0:
            return shown.stdout if len(shown.stdout) <= _MOST_BYTES else None
    return None


def below_root() -> str:
    """The working directory as a path below the repository's root ("" at the root, or outside of any)."""
    here = Path.cwd()
    for folder in (here, *here.parents):
        if (folder / ".git").exists():
            return "" if folder == here else here.relative_to(folder).as_posix()
    return ""


def home(config: Path | None) -> str:
    """The file at which findings stand that no file is to blame for: that of the configuration."""
    from driftcheck.config_file import find_config

    found = config or find_config(Path.cwd())
    if found is None:
        return "pyproject.toml"
    try:
        return found.resolve().relative_to(Path.cwd()).as_posix()
    except ValueError:
        return "pyproject.toml"
