"""The tables of cases: each body runs as a real revision on its engine, and fires what the table says."""

from __future__ import annotations

import pytest

from driftcheck.database.migrations.lint.danger import Sizes
from tests.database.migrations.lint import cases_mariadb, cases_postgresql, cases_sqlite
from tests.database.migrations.lint.running import measured, names, prepared

TABLES = {"postgresql": cases_postgresql, "mariadb": cases_mariadb, "sqlite": cases_sqlite}
ALL = [
    pytest.param(engine, case, id=f"{engine}-{number}-{case[0][:60]!r}")
    for engine, table in TABLES.items()
    for number, case in enumerate(table.CASES)
]


@pytest.fixture(scope="module")
def base(postgresql):
    """One database for all cases that can be taken back."""
    with prepared(postgresql, [cases_postgresql.BASE]) as base:
        yield base


@pytest.mark.parametrize(("engine", "case"), ALL)
def test_it_fires_what_the_table_says(engine, case, request):
    body, expected, back, rows = (*case, "", None)[:4] if len(case) < 3 else (*case, None)[:4]
    judged = f"{body}\n# downgrade\n{back}" if back else body
    if engine == "postgresql" and "autocommit_block" not in body and "COMMIT" not in body:
        result = request.getfixturevalue("base").judged(judged, Sizes(rows or {}), undo=True)
    else:
        result = measured(request.getfixturevalue(engine), (TABLES[engine].BASE, judged), Sizes(rows or {}))
    assert names(result, False) == sorted(expected.split())


def test_half_of_the_cases_are_silent():
    cases = [case for table in TABLES.values() for case in table.CASES]
    silent = sum(not case[1] for case in cases)
    assert len(cases) >= 200
    assert 0.4 <= silent / len(cases) <= 0.6
