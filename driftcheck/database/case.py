"""Names of tables, views and triggers that differ in case only, where the engine takes them for the same."""

from __future__ import annotations

import re
from dataclasses import replace

from driftcheck.database.model import Database, Name, Table
from driftcheck.database.renames import case_twins, with_targets


def in_case_of(expected: Database, actual: Database) -> Database:
    """`actual` with its tables, views and triggers called as `expected` writes them: on SQLite, and on
    servers of MySQL and MariaDB that keep the names of tables in lower case."""
    if expected.dialect != "sqlite" and not (expected.caseless or actual.caseless):
        return actual
    relations = case_twins(_relations(expected), _relations(actual))
    triggers = case_twins([item.name for item in expected.triggers], [item.name for item in actual.triggers])
    if not relations and not triggers:
        return actual
    names = {old.rpartition(".")[2].lower(): new.rpartition(".")[2] for old, new in relations.items()}
    pattern = re.compile(r"\b(" + "|".join(map(re.escape, names)) + r")\b", re.IGNORECASE)

    def told(text: str) -> str:
        return pattern.sub(lambda match: names[match[1].lower()], text) if names else text

    def named(value: Name) -> Name:
        written = relations.get(str(value))
        if written is None or value.schema is None:
            return value if written is None else Name(None, written)
        schema, _, name = written.partition(".")
        return Name(schema, name)

    def table(value: Table) -> Table:
        return replace(with_targets(value, relations, {}), name=named(value.name))

    return replace(
        actual,
        tables=tuple(table(item) for item in actual.tables),
        views=tuple(
            replace(item, name=named(item.name), definition=told(item.definition)) for item in actual.views
        ),
        triggers=tuple(
            replace(
                item,
                table=named(item.table),
                name=triggers.get(item.name, item.name),
                definition=told(item.definition),
            )
            for item in actual.triggers
        ),
    )


def _relations(database: Database) -> list[str]:
    return [str(table.name) for table in database.tables] + [str(view.name) for view in database.views]
