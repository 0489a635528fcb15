"""Finds who else declares the tables that the first revision builds on: projects keep the models of that day
for new databases, with a base of their own."""

from __future__ import annotations

import importlib
import sys
from collections.abc import Iterator, Sequence
from contextlib import suppress
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from driftcheck.database.migrations.environment import quiet
from driftcheck.database.migrations.fence import Fence, fenced
from driftcheck.database.sources.models import metadatas_of
from driftcheck.database.sources.unimported import modules_below
from driftcheck.finding import Skipped

if TYPE_CHECKING:
    from sqlalchemy import URL, Connection, MetaData

    from driftcheck.database.migrations.history import History


@dataclass(frozen=True, slots=True)
class Declared:
    """The tables of another metadata, created as they are before the first revision runs."""

    module: str
    metadata: MetaData

    def create(self, connection: Connection) -> None:
        """Create them in a scratch database."""
        from driftcheck.database.sources.build import make_schemas

        make_schemas(connection, [self.metadata])
        self.metadata.create_all(connection, checkfirst=False)
        connection.commit()

    def note(self) -> Skipped:
        """What the report says of it."""
        names = ", ".join(sorted(map(str, self.metadata.tables)))
        return Skipped("tables that no revision makes", f"taken from {self.module}: {names}")


def declared_elsewhere(
    history: History, table: str, known: Sequence[MetaData], scratch: URL
) -> Iterator[Declared]:
    """Metadata in the package of the migrations that has the table and is not the models' own. Modules are
    imported behind the fence, since they may open a database."""
    top = _top_package(Path(str(history.script.dir)).resolve())
    package = sys.modules.get(top) if top else None
    if package is None:
        return
    for name, _, tables in modules_below(package):
        if table not in {each.lower() for each in tables}:
            continue
        with suppress(Exception), quiet(), fenced(Fence(scratch)):
            importlib.import_module(name)
        module = sys.modules.get(name)
        for metadata in metadatas_of(module) if module is not None else ():
            if metadata not in known and table in {each.name.lower() for each in metadata.tables.values()}:
                yield Declared(name, metadata)


def _top_package(folder: Path) -> str:
    """The outermost package that a folder is in, "" where it is in none."""
    found = ""
    while (folder / "__init__.py").exists():
        found, folder = folder.name, folder.parent
    return found
