"""What a role of MariaDB or MySQL may not see: information_schema leaves that out without a word.

A read-only role sees tables, and neither triggers nor what foreign keys do when a row is deleted.
"""

from __future__ import annotations

import re
from collections.abc import Sequence

_GRANT = re.compile(r"GRANT (?P<rights>.+?) ON (?P<place>\*|`(?:[^`]|``)*`)\.\* TO ", re.DOTALL)
_COLUMNS = re.compile(r"\([^)]*\)")
_TABLES = {"SELECT", "INSERT", "UPDATE", "DELETE", "CREATE", "DROP", "REFERENCES", "INDEX", "ALTER"}
_SHOWN_BY = {  # what shows a kind of object to a role: tried with one right at a time
    "trigger": {"INSERT", "UPDATE", "DELETE", "TRIGGER"},
    "function": {"EXECUTE", "CREATE ROUTINE", "ALTER ROUTINE"},
    "event": {"EVENT"},
    "check": {*_TABLES, "CREATE VIEW", "SHOW VIEW", "TRIGGER"},
}


def unseen(grants: Sequence[str], database: str) -> set[str]:
    """The kinds of objects that rows of SHOW GRANTS give no right to see in the whole database."""
    held: set[str] = set()
    parsed = [found for grant in grants if (found := _GRANT.match(grant))]
    for found in parsed:
        if _covers(found["place"], database):
            held |= {right.strip().upper() for right in _COLUMNS.sub("", found["rights"]).split(",")}
    if not parsed or held & {"ALL PRIVILEGES", "ALL"}:
        return set()
    hidden = {kind for kind, rights in _SHOWN_BY.items() if not rights & held}
    return hidden if held - {"USAGE"} else {*hidden, "tables"}  # it has rights on single tables only


def _covers(place: str, database: str) -> bool:
    """Whether a grant is about the database: on all of them, or on those that are like its name."""
    if place == "*":
        return True
    name = place[1:-1].replace("``", "`")
    pattern = re.sub(r"\\?.", lambda found: _like(found[0]), name, flags=re.DOTALL)
    return re.fullmatch(pattern, database, re.DOTALL | re.IGNORECASE) is not None


def _like(character: str) -> str:
    return {"%": ".*", "_": "."}.get(character) or re.escape(character[-1])
