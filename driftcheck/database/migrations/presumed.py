"""Tells a history that builds on tables which somebody else makes from a revision that is simply wrong."""

from __future__ import annotations

import re
from collections.abc import Iterable

from driftcheck.database.model import Database

_TABLE = re.compile(
    r"relation \"(?P<postgresql>[^\"]+)\" does not exist"
    r"|no such table: (?P<sqlite>\S+)"
    r"|Table '(?P<mysql>[^']+)' doesn't exist"
)


def missing_table(message: str) -> str | None:
    """The table that a database says is not there, without its schema."""
    found = _TABLE.search(message)
    return found[found.lastgroup or 0].rpartition(".")[2].lower() if found else None


def known_names(databases: Iterable[Database | None], tables: Iterable[str]) -> frozenset[str]:
    """What there is elsewhere: in the live database, and in models."""
    names = {name.rpartition(".")[2].lower() for name in tables}
    for database in databases:
        if database is not None:
            names |= {table.name.name.lower() for table in database.tables}
            names |= {view.name.name.lower() for view in database.views}
            names |= {sequence.name.name.lower() for sequence in database.sequences}
            names |= {index.name.lower() for table in database.tables for index in table.indexes}
    return frozenset(names)
