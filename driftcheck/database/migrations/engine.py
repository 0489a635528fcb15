"""Finds out which history and which engine a run is about, when the user did not say."""

from __future__ import annotations

import re
from collections.abc import Iterable
from contextlib import suppress
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database import connect
from driftcheck.database.migrations.environment import learn
from driftcheck.database.migrations.files import RevisionFile
from driftcheck.database.migrations.history import has_options
from driftcheck.errors import DriftcheckError

if TYPE_CHECKING:
    from sqlalchemy import MetaData

    from driftcheck.database.migrations.history import History

KNOWN = {
    "postgres": "postgresql", "postgresql": "postgresql", "mysql": "mysql", "mariadb": "mariadb",
    "sqlite": "sqlite",
}  # fmt: skip
_IMPORTED = re.compile(r"sqlalchemy\.dialects(?:\.| import )(postgresql|mysql)")


def default_source() -> str:
    """The history of the current directory."""
    here = Path.cwd()
    if (here / "alembic.ini").is_file():
        return "alembic.ini"
    if has_options(here / "pyproject.toml"):
        return "pyproject.toml"
    for name in ("migrations", "alembic", "."):
        if (here / name / "env.py").is_file():
            return name
    found = sorted(path.parent for path in (*here.glob("*/env.py"), *here.glob("*/*/env.py")))
    found = [path for path in found if (path / "versions").is_dir()]
    if len(found) == 1:
        return str(found[0].relative_to(here))
    if found:
        names = ", ".join(str(path.relative_to(here)) for path in found)
        raise DriftcheckError(f"there are several histories here: {names}", "name one with --migrations")
    raise DriftcheckError(
        "there is no alembic.ini here", "name one, or the folder that holds env.py, with --migrations"
    )


def engine_of(history: History, files: Iterable[RevisionFile]) -> str:
    """The engine of sqlalchemy.url, the one that env.py asks for, or the one of the types that are used."""
    written = str(history.config.get_main_option("sqlalchemy.url") or "")
    backend = KNOWN.get(written.partition("://")[0].partition("+")[0]) if "://" in written else None
    if backend is not None:
        return backend
    asked, metadatas = _rehearse(history)
    return asked or _of_types(metadatas) or _of_imports(files) or "sqlite"


def _rehearse(history: History) -> tuple[str | None, tuple[MetaData, ...]]:
    """What env.py asks for when it is given SQLite in memory, and its models."""
    from sqlalchemy import create_engine

    engine = create_engine("sqlite://")
    with engine.connect() as connection, suppress(DriftcheckError):
        environment = learn(history, connection)
        for asked in environment.refused:
            backend = KNOWN.get(asked.partition("://")[0].partition("+")[0])
            if backend is not None:
                return backend, environment.metadatas
        return None, environment.metadatas
    return None, ()


def _of_types(metadatas: Iterable[MetaData]) -> str | None:
    for metadata in metadatas:
        for table in metadata.tables.values():
            for column in table.columns:
                module = type(column.type).__module__
                for name in ("postgresql", "mysql"):
                    if f"dialects.{name}" in module:
                        return name
    return None


def _of_imports(files: Iterable[RevisionFile]) -> str | None:
    for file in files:
        with suppress(OSError):
            found = _IMPORTED.search(Path(file.path).read_text(encoding="utf-8", errors="replace"))
            if found:
                return found[1]
    return None


def live_engine(url: str) -> str:
    """The engine of a URL."""
    return connect.parse(url).get_backend_name()
