"""Recorded SQL against models or migrations: every table and column that a query used must be there.

Statements are grouped by what they lack; their text is never printed, for it may hold values.
"""

from __future__ import annotations

import os
from collections.abc import Iterable
from dataclasses import dataclass, field
from os import PathLike

from driftcheck.config import Config
from driftcheck.database.names import Names, names_of
from driftcheck.difference import Change, Difference, Effect, Flow, Location, Side
from driftcheck.finding import Skipped
from driftcheck.traffic.exchange import Unreadable
from driftcheck.traffic.readers import RecordedQuery, read_queries
from driftcheck.traffic.sql import UnreadableSqlError, Use, made_by, uses_of

_BOOKKEEPING = frozenset(
    {"alembic_version", "schema_migrations", "django_migrations", "flyway_schema_history"}
)


@dataclass(slots=True, eq=False)
class Missing:
    """A table or column that some statements use, with the first of them."""

    first: RecordedQuery
    count: int = 0


@dataclass(slots=True, eq=False)
class QueryCheck:
    """One run over recorded statements."""

    config: Config
    queries: int = 0
    unparsed: int = 0
    label: str = ""
    missing: dict[Use, Missing] = field(default_factory=dict)
    made: set[tuple[str, str]] = field(default_factory=set)
    known: Names | None = None  # the tables that there are, once made
    _lacking: dict[tuple[str, str], tuple[Use, ...]] = field(default_factory=dict)  # by text and engine

    def run(self, recordings: Iterable[object]) -> None:
        """Go through all recorded statements of these paths."""
        paths = [os.fspath(item) for item in recordings if isinstance(item, str | PathLike)]
        for query in read_queries(paths):
            if not isinstance(query, Unreadable):  # which reading the calls tells of
                self.take(query)

    def names(self, engine: str = "postgresql") -> Names:
        """The tables that there are; made when the first statement says of which engine."""
        if self.known is None:
            traffic = self.config.traffic
            self.known = names_of(traffic.models, traffic.migrations, engine, self.config)
        return self.known

    def take(self, query: RecordedQuery) -> None:
        """Hold one statement to the tables."""
        self.queries += 1
        key = (query.sql, query.engine)
        if key not in self._lacking:
            self._lacking[key] = self._lacks(query)
        for use in self._lacking[key]:
            self.missing.setdefault(use, Missing(query)).count += 1

    def _lacks(self, query: RecordedQuery) -> tuple[Use, ...]:
        try:
            uses = uses_of(query.sql, query.engine)
        except UnreadableSqlError:
            self.unparsed += 1
            return ()
        if not uses:
            made = made_by(query.sql, query.engine)
            if made is not None:
                self.made.add(made)
        names = self.names(query.engine)
        return tuple(use for use in uses if self._is_missing(use, names))

    def _is_missing(self, use: Use, names: Names) -> bool:
        if any(table in self.made or table[1] in _BOOKKEEPING for table in use.tables):
            return False
        columns = [names.columns(*table) for table in use.tables]
        if not use.column:
            return columns[0] is None
        return all(found is not None and use.column not in found for found in columns)

    def differences(self) -> list[Difference]:
        """What the statements use and the models or migrations do not make."""
        return [self._difference(use, found) for use, found in self.missing.items()]

    def _difference(self, use: Use, found: Missing) -> Difference:
        tables = " or ".join(".".join(filter(None, table)) for table in use.tables)
        source = found.first.source
        kind = "column" if use.column else "table"
        return Difference(
            subject=f"recorded-query-{kind}",
            kind=kind,
            object=f"{tables}.{use.column}" if use.column else tables,
            change=Change.MISSING,
            cause=f"query {tables}.{use.column}",
            name=use.column or tables,
            flow=Flow.SENT,
            effect=Effect.NARROWED,
            facts={"count": found.count, "tables": tables, "in": self.names().label},
            locations=(Location(Side.EXPECTED, source.file, source.line),),
        )

    def skipped(self) -> list[Skipped]:
        """What was not judged."""
        if not self.queries:
            return [Skipped("recorded SQL", "the recordings hold no statements that can be read")]
        if not self.unparsed:
            return []
        statements = "1 recorded statement" if self.unparsed == 1 else f"{self.unparsed} recorded statements"
        return [Skipped(statements, "cannot be parsed")]
