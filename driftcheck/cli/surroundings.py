"""What a report needs to know of the world around it: lines of files, and where the repository begins.

Only the renderers' Layout carries it, so that rendering stays pure; a file that is gone gives no lines.
"""

from __future__ import annotations

import codecs
import re
import subprocess
from bisect import bisect_left
from collections.abc import Iterator
from functools import cache
from pathlib import Path

from driftcheck.report import Lines, Sources

_MOST_BYTES = 64_000_000
_BLOCK = 2_048
_SECONDS = 10
_IN_GIT = re.compile(r"(?P<revision>[^:-][^:]*):(?P<path>[^:]+)")


def sources() -> Sources:
    """A look-up of a file's lines by the name that a finding gives it, each file read once."""
    return cache(_lines)


class DecodedLines:
    """The lines of a file, of which only those are decoded that are asked for: reports quote few."""

    def __init__(self, content: bytes) -> None:
        self._content = content.removeprefix(codecs.BOM_UTF8)
        self._before = [0]  # the number of line breaks before each block
        for start in range(0, len(self._content), _BLOCK):
            self._before.append(self._before[-1] + self._content.count(b"\n", start, start + _BLOCK))

    def __len__(self) -> int:
        return self._before[-1] + 1

    def __getitem__(self, index: int, /) -> str:
        """The line at `index`, from 0 on; IndexError where there is none."""
        if not 0 <= index < len(self):
            raise IndexError(index)
        start = self._after_breaks(index) if index else 0
        end = self._content.find(b"\n", start)
        if end < 0:
            return self._content[start:].decode("utf-8", "replace")
        return self._content[start:end].decode("utf-8", "replace").removesuffix("\r")

    def __iter__(self) -> Iterator[str]:
        return iter(self._content.decode("utf-8", "replace").replace("\r\n", "\n").split("\n"))

    def _after_breaks(self, many: int) -> int:
        """The offset after so many line breaks, at least one."""
        block = bisect_left(self._before, many) - 1
        offset = block * _BLOCK
        for _ in range(many - self._before[block]):
            offset = self._content.index(b"\n", offset) + 1
        return offset


def _lines(name: str) -> Lines | None:
    """The lines of a file or of a file in a git revision; None for URLs, applications and what is gone."""
    if "://" in name or "\0" in name:
        return None
    content = _from_disk(Path(name))
    found = _IN_GIT.fullmatch(name)
    if content is None and found is not None:
        content = _from_git(found["revision"], found["path"])
    if content is None:
        return None
    return DecodedLines(content)


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
