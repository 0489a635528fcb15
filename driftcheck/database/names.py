"""Which tables and columns there are, by name alone: what recorded SQL can be held to without a database.

Models are asked as they are declared; migrations are replayed in a scratch database of the recorded engine.
"""

from __future__ import annotations

from collections.abc import Mapping
from contextlib import ExitStack
from dataclasses import dataclass

from driftcheck.config import Config
from driftcheck.errors import DriftcheckError

Tables = Mapping[tuple[str, str], frozenset[str]]


@dataclass(frozen=True, slots=True)
class Names:
    """Columns by (schema, table), all in lower case; the schema is "" for the default one."""

    label: str
    tables: Tables

    def columns(self, schema: str, table: str) -> frozenset[str] | None:
        """The columns of a table, or None where there is none.

        `public.users` may be the `users` of the default schema, and `users` is looked for in any schema,
        as a search path would.
        """
        found = self.tables.get((schema, table))
        if found is not None:
            return found
        fitting = (
            columns
            for (where, name), columns in self.tables.items()
            if name == table and (not where or not schema)
        )
        return next(fitting, None)


def names_of(models: str, migrations: str, engine: str, config: Config) -> Names:
    """The names that models (else migrations) make; DriftcheckError where they cannot be loaded.

    `engine` is that of the recorded statements, "postgresql" or "mysql".
    """
    return _of_models(models) if models else _of_migrations(migrations, engine, config)


def _of_models(source: str) -> Names:
    from driftcheck.database.sources.models import load_models

    models = load_models(source)
    models.forgotten()  # raises where no table is known at all
    tables: dict[tuple[str, str], frozenset[str]] = {}
    for metadata in models.metadatas:
        for table in metadata.tables.values():
            key = ((table.schema or "").lower(), table.name.lower())
            tables[key] = frozenset(column.name.lower() for column in table.columns)
    return Names(models.label, tables)


def _of_migrations(source: str, engine: str, config: Config) -> Names:
    from driftcheck.database.dialects.catalog import Scope
    from driftcheck.database.migrations.history import open_history
    from driftcheck.database.scratch import Wanted
    from driftcheck.database.sides import Builder

    db = config.db
    with ExitStack() as stack:
        builder = Builder(db.scratch, lambda _: None, db.cache, stack)
        wanted = Wanted(db.engine or engine)
        migrated = builder.migrated(open_history(source), wanted, None, Scope(db.schema))
    head = migrated.head
    if head is None:
        raise DriftcheckError(f"the migrations in {source} cannot be replayed: {migrated.incomplete}")
    tables = {
        ((one.name.schema or "").lower(), one.name.name.lower()): frozenset(
            column.name.lower() for column in one.columns
        )
        for one in head.tables
    }
    views = {
        ((one.name.schema or "").lower(), one.name.name.lower()): frozenset(map(str.lower, one.columns))
        for one in head.views
    }
    return Names(source, {**views, **tables})
