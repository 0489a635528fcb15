"""What a database says when a revision builds on something that is not there, or that is there already.

It tells a history that builds on tables which somebody else makes from a revision that is simply wrong.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from typing import NamedTuple

from driftcheck.database.model import Database

_TABLE = re.compile(
    r"(?<!of )relation \"(?P<postgresql>[^\"]+)\" does not exist"
    r"|no such table: (?P<sqlite>\S+)"
    r"|Table '(?P<mysql>[^']+)' doesn't exist"
)
_DROPPED = re.compile(r"\s*DROP\s+TABLE\s+(?P<table>\S+)\s*$", re.IGNORECASE)
_ABSENT = re.compile(r"does not exist|no such table|Unknown table")
_ALTERED = re.compile(r"\s*ALTER\s+TABLE\s+(?:ONLY\s+)?(?P<table>\S+)", re.IGNORECASE)
_NAME, _IN = r"\"(?P<name>[^\"]+)\"", r"\"(?P<table>[^\"]+)\""
_SAID = (
    ("column", True, rf"column {_NAME} of relation {_IN} already exists"),
    ("column", True, r"[Dd]uplicate column name:? '?(?P<name>[^']+)'?"),
    ("constraint", True, rf"constraint {_NAME} for relation {_IN} already exists"),
    ("table", True, r"(?:relation|table|Table|index) [\"'`]?(?P<name>[^\"'` ]+)[\"'`]? already exists"),
    ("table", True, r"Duplicate key name '(?P<name>[^']+)'"),
    ("constraint", False, rf"constraint {_NAME} of relation {_IN} does not exist"),
    ("constraint", False, r"No such constraint: '(?P<name>[^']+)'"),
    ("column", False, rf"column {_NAME} of relation {_IN} does not exist"),
    ("column", False, r"no such column: (?:(?P<table>[^. ]+)\.)?(?P<name>\S+)"),
    ("column", False, r"column (?P<table>[^. \"]+)\.(?P<name>\S+) does not exist"),
    ("column", False, r"Unknown column '(?:(?P<table>[^.']+)\.)?(?P<name>[^']+)'"),
)  # fmt: skip


class Said(NamedTuple):
    """What a message is about: a column, a constraint, or a table (whose name may be an index's), that is
    there already (`there`) or is not. `table` is "" where neither message nor statement names it."""

    kind: str
    there: bool
    table: str
    name: str


def missing_table(message: str) -> str | None:
    """The table that a database says is not there, without its schema."""
    found = _TABLE.search(message)
    return found[found.lastgroup or 0].rpartition(".")[2].lower() if found else None


def dropped_table(message: str, statement: str) -> str | None:
    """The table that a statement could not drop, because there is none."""
    found = _DROPPED.match(statement)
    return _bare(found["table"]) if found is not None and _ABSENT.search(message) else None


def understood(message: str, statement: str = "") -> Said | None:
    """What else a message says; the table from the statement where the message does not name it."""
    for kind, there, pattern in _SAID:
        found = re.search(pattern, message)
        if found is None:
            continue
        named = found.groupdict().get("table") or ""
        altered = _ALTERED.match(statement)
        if not named and altered is not None and kind != "table":
            named = altered["table"]
        return Said(kind, there, _bare(named), found["name"].rpartition(".")[2])
    return None


def _bare(name: str) -> str:
    return name.replace('"', "").replace("`", "").rpartition(".")[2]


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
