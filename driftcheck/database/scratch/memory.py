"""Finds room in memory for the files of a scratch server: a large schema is tens of thousands of them, and
a disk's journal takes longer over making each than the server does.
"""

from __future__ import annotations

import os
from collections.abc import Iterator
from contextlib import suppress
from pathlib import Path

_ROOM = 2 * 2**30  # bytes; 5,000 tables take half of it at most
_SHARED = "dev/shm"
_LIMITS = (("memory.max", "memory.current"), ("memory.limit_in_bytes", "memory.usage_in_bytes"))
_CHOICES = ("TMPDIR", "TEMP", "TMP")  # a user who says where temporary files go is obeyed


def folder_in_memory(root: Path = Path("/")) -> Path | None:
    """A folder of a file system in memory that is open to every user and has room to spare, or None."""
    if any(map(os.environ.get, _CHOICES)):
        return None
    with suppress(OSError, ValueError, IndexError):
        shared = root / _SHARED
        if _is_in_memory(root) and shared.stat().st_mode & 0o1007 == 0o1007 and _space(shared) >= _ROOM:
            return shared if all(free >= _ROOM for free in _free(root)) else None
    return None


def _is_in_memory(root: Path) -> bool:
    mounts = (line.split() for line in (root / "proc/mounts").read_text().splitlines())
    return any(parts[1:3] == [f"/{_SHARED}", "tmpfs"] for parts in mounts)


def _space(folder: Path) -> int:
    found = os.statvfs(folder)
    return found.f_bavail * found.f_frsize


def _free(root: Path) -> Iterator[int]:
    """Bytes that may still be taken: of the machine's memory, and of what each control group allows."""
    lines = (root / "proc/meminfo").read_text().splitlines()
    (available,) = (line for line in lines if line.startswith("MemAvailable:"))
    yield int(available.split()[1]) * 1024
    for folder in _groups(root):
        for limit, used in _LIMITS:
            allowed = (folder / limit).read_text().strip() if (folder / limit).is_file() else "max"
            if allowed != "max":
                yield int(allowed) - int((folder / used).read_text())


def _groups(root: Path) -> Iterator[Path]:
    """The control groups of this process that may limit its memory, those around them included."""
    for line in (root / "proc/self/cgroup").read_text().splitlines():
        _, controllers, path = line.split(":", 2)
        if controllers == "" or "memory" in controllers.split(","):
            top = root / "sys/fs/cgroup" / ("memory" if controllers else "")
            own = top / path.lstrip("/")
            yield from (top, *(folder for folder in (own, *own.parents) if top in folder.parents))
