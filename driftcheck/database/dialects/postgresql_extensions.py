"""Names of what extensions own in a schema that is compared: told without it, scratch has them elsewhere."""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from driftcheck.database.dialects import postgresql_queries as sql
from driftcheck.database.dialects.catalog import Ask, Row


def unqualified(ask: Ask, schemas: Sequence[str]) -> Ask:
    """The same questions; answers name types, functions and operators of extensions in `schemas` alone.

    The bodies of functions are what their authors wrote, and stay so.
    """
    members: dict[str, list[str]] = {}
    for schema, name in ask(sql.MEMBERS, schemas=list(schemas)):
        members.setdefault(schema, []).append(name)
    patterns = [_pattern(schema, names) for schema, names in members.items()]

    def bare(value: Any) -> Any:
        if isinstance(value, str):
            for pattern in patterns:
                value = pattern.sub(lambda found: found["operator"] or found["name"], value)
        elif isinstance(value, tuple):
            return tuple(map(bare, value))
        return value

    def answer(query: str, **given: Any) -> Sequence[Row]:
        rows = ask(query, **given)
        return rows if query == sql.FUNCTIONS else [tuple(map(bare, row)) for row in rows]

    return answer


def _pattern(schema: str, names: Sequence[str]) -> re.Pattern[str]:
    listed = "|".join(sorted(map(re.escape, names), key=len, reverse=True))
    home = re.escape(schema)
    return re.compile(
        rf"OPERATOR\({home}\.(?P<operator>[^)]+)\)|(?<![\w\".]){home}\.(?P<name>{listed})(?![\w\"])"
    )
