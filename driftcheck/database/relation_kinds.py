"""What is a table on one side and a view on the other: one difference, and not one missing and one extra.

Models map views as if they were tables, since they cannot say it otherwise than by `info={"is_view": True}`.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from typing import TYPE_CHECKING

from driftcheck.database import types
from driftcheck.database.difference import SENT_NARROWED, changed, missing
from driftcheck.database.model import Database, Name, Table, View
from driftcheck.difference import Difference

if TYPE_CHECKING:
    from sqlalchemy import MetaData


def compare_kinds(
    expected: Database, actual: Database, schemas: frozenset[str | None]
) -> tuple[list[Difference], Database, Database]:
    """The differences of relations that are of two kinds, and both schemas without what that settles."""
    mapped = _twins(expected.tables, actual.views, actual.tables, schemas)
    stored = _twins(actual.tables, expected.views, expected.tables, schemas)
    known = {view.name for view in expected.views}  # migrations make it a view as well: it is meant to be one
    found = []
    for table, view in mapped:
        if view.name not in known:
            found.append(changed("table", str(table.name), "kind", "table", _kind(view)))
        shown = {column.name: types.show(column.type) for column in table.columns}
        found += absent_columns(str(table.name), shown, view)
    for _, view in stored:
        found.append(changed(_kind(view).replace(" ", "_"), str(view.name), "kind", _kind(view), "table"))
    unknown = [view.name for _, view in mapped if view.name not in known]
    here = _without(expected, [table.name for table, _ in mapped], [view.name for _, view in stored])
    return found, here, _without(actual, [table.name for table, _ in stored], unknown)


def _twins(
    tables: Sequence[Table], views: Sequence[View], others: Sequence[Table], schemas: frozenset[str | None]
) -> list[tuple[Table, View]]:
    taken = {table.name for table in others}
    named = {view.name: view for view in views if view.name.schema in schemas and view.name not in taken}
    return [(table, named[table.name]) for table in tables if table.name in named]


def absent_columns(label: str, columns: Mapping[str, str | None], view: View) -> Iterator[Difference]:
    """What reading the model's columns, with their types, from the view would fail on; not every reader tells
    columns."""
    for column, kind in columns.items() if view.columns else ():
        if column not in view.columns:
            yield missing("column", f"{label}.{column}", kind, SENT_NARROWED)


def _kind(view: View) -> str:
    return "materialized view" if view.materialized else "view"


def _without(database: Database, tables: Sequence[Name], views: Sequence[Name]) -> Database:
    if not tables and not views:
        return database
    return replace(
        database,
        tables=tuple(table for table in database.tables if table.name not in tables),
        views=tuple(view for view in database.views if view.name not in views),
    )


def with_declared_views(database: Database, metadatas: Sequence[MetaData]) -> Database:
    """The models' schema with the tables that they call views as such; nobody knows their queries."""
    declared = {
        str(table.fullname)
        for metadata in metadatas
        for table in metadata.tables.values()
        if table.info.get("is_view")
    }
    tables = [table for table in database.tables if str(table.name) in declared]
    if not tables:
        return database
    views = (View(table.name, "", columns=tuple(item.name for item in table.columns)) for table in tables)
    kept = _without(database, [table.name for table in tables], ())
    return replace(kept, views=(*kept.views, *views))
