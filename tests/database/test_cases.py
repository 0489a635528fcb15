"""The case tables, on the real engines: what must be found is found, and nothing else."""

from __future__ import annotations

import pytest

from driftcheck import check_database
from tests.database import cases_mariadb, cases_postgresql, cases_sqlite
from tests.database.conftest import run, split


def parametrized(module):
    return pytest.mark.parametrize(
        ("metadata", "ddl", "expected"), [pytest.param(*case[1:], id=case[0]) for case in module.CASES]
    )


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


@parametrized(cases_postgresql)
def test_postgresql(postgresql, metadata, ddl, expected):
    assert checked(postgresql, metadata, ddl) == expected


@parametrized(cases_mariadb)
def test_mariadb(mariadb, metadata, ddl, expected):
    assert checked(mariadb, metadata, *split(ddl)) == expected


@parametrized(cases_sqlite)
def test_sqlite(sqlite, metadata, ddl, expected):
    assert checked(sqlite, metadata, *split(ddl)) == expected


def test_a_large_part_of_the_cases_is_silent():
    for module in (cases_postgresql, cases_mariadb, cases_sqlite):
        silent = sum(not case[3] for case in module.CASES)
        assert silent / len(module.CASES) >= 0.2
