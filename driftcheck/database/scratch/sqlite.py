"""SQLite scratch databases: files in a temporary folder, because several connections may need to see one."""

from __future__ import annotations

import sqlite3
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from itertools import count
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database.scratch import Scratch

if TYPE_CHECKING:
    from sqlalchemy import URL


class _Files:
    def __init__(self, folder: Path) -> None:
        self.version: tuple[int, ...] = sqlite3.sqlite_version_info
        self._folder, self._numbers = folder, count(1)

    @contextmanager
    def database(self) -> Iterator[URL]:
        from sqlalchemy import URL as Url

        path = self._folder / f"scratch{next(self._numbers)}.db"
        try:
            yield Url.create("sqlite", database=str(path))
        finally:
            path.unlink(missing_ok=True)


@contextmanager
def files() -> Iterator[Scratch]:
    """Scratch databases in a folder that goes away."""
    with tempfile.TemporaryDirectory(prefix="driftcheck-", ignore_cleanup_errors=True) as folder:
        yield _Files(Path(folder))
