"""Local files: read with a size limit, and for references only inside the folders a document may use.

Paths are compared after symlinks are followed; the uri of a file keeps the path as it was written.
"""

from __future__ import annotations

import os
import stat
from pathlib import Path

from driftcheck.config import ApiConfig
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.node import UnresolvedError

_SIZE_HINT = "raise max_bytes in [tool.driftcheck.api] if this is meant"


def read_given(path: str, label: str, limit: int) -> bytes:
    """The bytes of a file the user named (pipes are fine); DriftcheckError where it cannot be read."""
    try:
        with open(path, "rb") as file:
            content = file.read(limit + 1)
    except FileNotFoundError:
        raise DriftcheckError(f"{label} does not exist", "check the path") from None
    except IsADirectoryError:
        raise DriftcheckError(
            f"{label} is a directory", "give a directory on both sides, or one file"
        ) from None
    except (OSError, ValueError) as error:
        reason = error.strerror if isinstance(error, OSError) else str(error)
        raise DriftcheckError(f"{label} cannot be read: {reason}") from None
    if len(content) > limit:
        raise size_error(label, limit)
    return content


def size_error(label: str, limit: int) -> DriftcheckError:
    """The error for a document beyond the limit."""
    return DriftcheckError(f"{label} is larger than {limit:,} bytes", _SIZE_HINT)


def label_of(path: str, relative: bool) -> str:
    """How a report names a file: from the working directory, absolute only where it was given so outside."""
    try:
        shown = os.path.relpath(path)
    except ValueError:  # another drive
        return path
    if shown.startswith("..") and not relative:
        return path
    return shown.replace(os.sep, "/")


def repository_top(folder: str) -> str | None:
    """The nearest folder upwards that holds a .git."""
    for candidate in (Path(folder), *Path(folder).parents):
        if os.path.exists(candidate / ".git"):  # no complaint about folders that may not be looked into
            return str(candidate)
    return None


class Folder:
    """What references of a document on disk may reach: its own folder, or the git repository around it."""

    def __init__(self, folder: str, settings: ApiConfig, *, relative: bool = True) -> None:
        self._settings = settings
        self._relative = relative
        self._real: dict[str, str] = {}
        places = {folder, os.path.realpath(folder)}
        self._roots = {os.path.realpath(repository_top(place) or place) for place in places}

    def label(self, path: str) -> str:
        """How a report names this file."""
        return label_of(path, self._relative)

    def read(self, path: str, reference: str) -> bytes:
        """The bytes of a referenced file; UnresolvedError where it is missing or out of bounds."""
        if not self._settings.allow_outside_refs and not self._inside(path):
            reason = "the file lies outside the spec's folder or repository (see --allow-outside-refs)"
            raise UnresolvedError(reference, reason)
        try:
            return self._content(path, reference)
        except FileNotFoundError:
            raise UnresolvedError(reference, "there is no such file") from None
        except (OSError, ValueError) as error:
            reason = error.strerror if isinstance(error, OSError) and error.strerror else str(error)
            raise UnresolvedError(reference, f"the file cannot be read: {reason}") from None

    def _content(self, path: str, reference: str) -> bytes:
        limit = self._settings.max_bytes
        handle = os.open(path, os.O_RDONLY | getattr(os, "O_NONBLOCK", 0) | getattr(os, "O_BINARY", 0))
        with open(handle, "rb") as file:
            status = os.fstat(handle)
            if not stat.S_ISREG(status.st_mode):
                raise UnresolvedError(reference, "it is not a regular file")
            if status.st_size > limit:
                raise UnresolvedError(reference, f"the file is larger than {limit:,} bytes")
            return file.read(limit)

    def _inside(self, path: str) -> bool:
        folder, name = os.path.split(path)
        real = self._real.get(folder)
        if real is None:
            real = self._real[folder] = os.path.realpath(folder)
        target = os.path.realpath(path) if os.path.islink(path) else os.path.join(real, name)
        return any(target.startswith(root.rstrip(os.sep) + os.sep) for root in self._roots)
