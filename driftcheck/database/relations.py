"""The foreign keys around tables with findings, of any side, for the pictures of reports."""

from __future__ import annotations

from collections.abc import Iterable

from driftcheck.database.model import Database
from driftcheck.finding import Finding, Relation


def relations(databases: Iterable[Database | None], findings: Iterable[Finding]) -> tuple[Relation, ...]:
    """Those from or to a table that a finding is about, each once, in the order of their names."""
    drifted = {table for finding in findings for table in _tables(finding.difference.object)}
    found = {
        Relation(str(table.name), key.target.partition("(")[0], key.columns)
        for database in databases
        if database is not None
        for table in database.tables
        for key in table.foreign_keys
    }
    touching = (each for each in found if each.source in drifted or each.target in drifted)
    return tuple(sorted(touching, key=lambda each: (each.source, each.target, each.columns)))


def _tables(object: str) -> tuple[str, ...]:
    """The names of tables that the object of a finding may stand in, or be."""
    unnamed = object.partition(".(")[0]
    return (object, unnamed, unnamed.rpartition(".")[0])
