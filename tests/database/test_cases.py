"""The case tables, on the real engines: what must be found is found, and nothing else."""

from __future__ import annotations

import pytest

from driftcheck import check_database
from tests.database import (
    cases_mariadb,
    cases_mariadb_more,
    cases_mariadb_objects,
    cases_postgresql,
    cases_postgresql_columns,
    cases_postgresql_keys,
    cases_postgresql_more,
    cases_postgresql_objects,
    cases_postgresql_relations,
    cases_sqlite,
    cases_sqlite_more,
    cases_sqlite_objects,
)
from tests.database.conftest import run, split

POSTGRESQL = (
    cases_postgresql,
    cases_postgresql_columns,
    cases_postgresql_keys,
    cases_postgresql_more,
    cases_postgresql_objects,
    cases_postgresql_relations,
)
MARIADB = (cases_mariadb, cases_mariadb_more, cases_mariadb_objects)
SQLITE = (cases_sqlite, cases_sqlite_more, cases_sqlite_objects)


def parametrized(modules):
    cases = [pytest.param(*case[1:], id=case[0]) for module in modules for case in module.CASES]
    return pytest.mark.parametrize(("metadata", "ddl", "expected"), cases)


def found(report):
    return [
        f"{d.kind} {d.object} {d.attribute or d.change} {finding.severity}"
        for finding in report.findings
        for d in (finding.difference,)
    ]


def checked(scratch, metadata, *statements):
    with scratch.database() as url:
        run(url, *statements)
        return found(check_database(url, models=metadata))


@pytest.fixture(autouse=True)
def scratch_of_the_session(monkeypatch, request):
    """Models are built in databases of the server that holds "live" too: another database, no start."""
    from contextlib import nullcontext

    def opened(wanted, choice, live):
        return nullcontext(request.getfixturevalue(wanted.dialect))

    monkeypatch.setattr("driftcheck.database.sides.open_scratch", opened)


@parametrized(POSTGRESQL)
def test_postgresql(postgresql, metadata, ddl, expected):
    assert checked(postgresql, metadata, ddl) == expected


@parametrized(MARIADB)
def test_mariadb(mariadb, metadata, ddl, expected):
    assert checked(mariadb, metadata, *split(ddl)) == expected


@parametrized(SQLITE)
def test_sqlite(sqlite, metadata, ddl, expected):
    assert checked(sqlite, metadata, *split(ddl)) == expected


@pytest.mark.parametrize("modules", [POSTGRESQL, MARIADB, SQLITE])
def test_a_large_part_of_the_cases_is_silent(modules):
    cases = [case for module in modules for case in module.CASES]
    silent = sum(not case[3] for case in cases)
    assert silent / len(cases) >= 0.4
