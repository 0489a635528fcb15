"""What major versions of PostgreSQL make or print otherwise, where the two sides are of two of them."""

from __future__ import annotations

from dataclasses import replace

from driftcheck.database.model import Column, Database, Table
from driftcheck.database.tokens import Kind, tokens

_QUALIFIED_UNTIL = 16  # from here on, columns of a query's only relation stand without its name
_STORED_UNTIL = 18  # from here on, a generated column is virtual unless told to be stored


def prints_otherwise(expected: Database, actual: Database) -> bool:
    """Whether one side names the table of each column of a view and the other may not."""
    return _between(_QUALIFIED_UNTIL, expected, actual)


def unqualified(query: str) -> str:
    """A query without its layout and without the tables of its columns."""
    found = tokens(query)
    kept = []
    for at, token in enumerate(found):
        dotted = at + 1 < len(found) and found[at + 1].text == "."
        if token.text != "." and not (dotted and token.kind in {Kind.WORD, Kind.NAME}):
            kept.append(token.text)
    return " ".join(kept)


def as_before(expected: Database, actual: Database) -> Database:
    """The expected schema with the generated columns that the older server of the actual one makes."""
    if not _between(_STORED_UNTIL, expected, actual) or expected.version[0] < _STORED_UNTIL:
        return expected
    return replace(expected, tables=tuple(map(_stored, expected.tables)))


def _stored(table: Table) -> Table:
    def column(value: Column) -> Column:
        return replace(value, stored=True) if value.stored is False else value

    virtual = any(value.stored is False for value in table.columns)
    return replace(table, columns=tuple(map(column, table.columns))) if virtual else table


def _between(major: int, expected: Database, actual: Database) -> bool:
    """Whether one side is older than that and the other is not."""
    both = (expected.version[:1], actual.version[:1])
    return expected.dialect == "postgresql" and all(both) and min(both) < (major,) <= max(both)
