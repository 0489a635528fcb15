"""Recordings that are packed: Playwright writes a HAR and its bodies into one ZIP.

They are unpacked into a temporary folder, and read as if they had been recorded into that.
"""

from __future__ import annotations

import tempfile
import zipfile
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from driftcheck.traffic.readers.problem import RecordingError

_MOST = 1 << 31  # bytes that a packed recording may unpack to


def is_zip(path: Path) -> bool:
    """Whether the file begins as a ZIP does. OSError as `open`."""
    with path.open("rb") as file:
        return file.read(4) == b"PK\x03\x04"


def holds_har(path: Path) -> bool:
    """Whether a ZIP holds a HAR. RecordingError where it is no whole ZIP."""
    with _opened(path) as archive:
        return any(_is_har(name) for name in archive.namelist())


@contextmanager
def unpacked(path: Path) -> Iterator[Path]:
    """A folder with what the ZIP holds, while the context lasts. RecordingError where it is broken."""
    with tempfile.TemporaryDirectory(prefix="driftcheck-") as folder:
        with _opened(path) as archive:
            if sum(member.file_size for member in archive.infolist()) > _MOST:
                raise RecordingError("the ZIP would unpack to more than 2 GiB")
            try:
                archive.extractall(folder)  # which keeps below the folder whatever the names say
            except (zipfile.BadZipFile, zlib.error, NotImplementedError, RuntimeError, EOFError):
                raise RecordingError("the ZIP is broken or encrypted") from None
        yield Path(folder)


def hars(folder: Path) -> list[Path]:
    """The HARs that were in it."""
    return sorted(file for file in folder.rglob("*") if file.is_file() and _is_har(file.name))


@contextmanager
def _opened(path: Path) -> Iterator[zipfile.ZipFile]:
    try:
        archive = zipfile.ZipFile(path)
    except (zipfile.BadZipFile, ValueError):
        raise RecordingError("the ZIP is broken: it was cut off") from None
    with archive:
        yield archive


def _is_har(name: str) -> bool:
    return name.endswith(".har")
