"""`pytest --driftcheck`: which tests there are, what they say, and how fixtures change what they look at."""

from __future__ import annotations

import pytest

pytest_plugins = ["pytester"]

NAMES = ["schema", "migrations_history", "migrations_danger", "contract"]


def test_without_the_option_nothing_is_added(project):
    project.shop()
    project.tests(fitting="def test_nothing(): pass\n")
    project.run("-q").assert_outcomes(passed=1)


def test_a_consistent_project_passes(project):
    project.shop(branch=False)
    result = project.run("--driftcheck", "-v")
    result.assert_outcomes(passed=len(NAMES))
    result.stdout.fnmatch_lines([f"driftcheck::{name} PASSED*" for name in NAMES])


def test_each_test_of_a_drifted_branch_tells_its_own_findings(project):
    project.shop(branch=True)
    result = project.run("--driftcheck")
    result.assert_outcomes(failed=4)
    result.stdout.fnmatch_lines(
        [
            "*_ schema _*",
            "*column-missing*",
            "*_ migrations_history _*",
            "*replay-fails-on-rows*",
            "*_ migrations_danger _*",
            "*deploy-neither*",
            "*_ contract _*",
            "*renamed*",
        ]
    )
    said = result.stdout.str()
    assert said.count("breaking  replay-fails-on-rows\n") == 1
    assert "Traceback" not in said
    assert "All traceback entries are hidden" not in said


@pytest.mark.parametrize(
    ("options", "count"), [(["-k", "schema"], 1), (["-k", "migrations"], 2), (["-m", "driftcheck"], 4)]
)
def test_they_are_selected_like_any_test(project, options, count):
    project.shop(branch=False)
    project.tests(plain="def test_plain(): pass\n")
    result = project.run("--driftcheck", "--collect-only", "-q", *options)
    assert result.stdout.str().count("driftcheck::") == count


def test_pytest_counts_them(project):
    project.shop(branch=False)
    project.tests(plain="def test_plain(): pass\n")
    project.run("--driftcheck", "--collect-only").stdout.fnmatch_lines(["*5 tests collected*"])
    project.run("--driftcheck", "-k", "plain").stdout.fnmatch_lines(["collected 5 items / 4 deselected*"])


def test_the_ini_file_switches_them_on(project):
    project.shop(branch=False)
    project.write("pytest.ini", "[pytest]\npythonpath = .\ndriftcheck = true\n")
    result = project.run("--collect-only", "-q")
    assert result.stdout.str().count("driftcheck::") == len(NAMES)


def test_what_is_not_configured_is_skipped_and_says_what_to_set(project):
    project.write("pyproject.toml", "[tool.driftcheck]\n")
    result = project.run("--driftcheck", "-rs")
    result.assert_outcomes(skipped=len(NAMES))
    result.stdout.fnmatch_lines(["*set `spec` in*tool.driftcheck.api*"])


def test_a_configuration_with_a_mistake_is_told_in_a_sentence(project):
    project.write("pyproject.toml", '[tool.driftcheck]\nfail-onn = "never"\n')
    result = project.run("--driftcheck", "-k", "schema")
    result.assert_outcomes(errors=1)
    result.stdout.fnmatch_lines(["*driftcheck: *fail-onn*", "*fail-on*"])
    assert "Traceback" not in result.stdout.str()


ENGINE = """
import pytest
from sqlalchemy import create_engine, text
from sqlalchemy.pool import StaticPool
from shop.models import Base

@pytest.fixture
def driftcheck_engine():
    engine = create_engine("sqlite://", poolclass=StaticPool)
    Base.metadata.create_all(engine)
    {change}
    yield engine
    engine.dispose()
"""


def test_an_engine_of_the_tests_is_held_to_the_models(project):
    project.shop(branch=False)
    project.tests(plain="def test_plain(): pass\n")
    project.write("tests/conftest.py", ENGINE.format(change=""))
    project.run("--driftcheck", "-k", "schema").assert_outcomes(passed=1, deselected=4)


def test_fixtures_of_the_folder_that_all_tests_share_override(project):
    project.shop(branch=False)
    project.tests(plain="def test_plain(): pass\n")
    change = 'with engine.begin() as c: c.execute(text("ALTER TABLE orders DROP COLUMN status"))'
    project.write("tests/conftest.py", ENGINE.format(change=change))
    result = project.run("--driftcheck", "-k", "schema")
    result.assert_outcomes(failed=1, deselected=4)
    result.stdout.fnmatch_lines(["*column-missing*", "*orders.status*"])


def test_a_folder_without_tests_lends_its_fixtures_too(project):
    project.shop(branch=False)
    change = 'with engine.begin() as c: c.execute(text("DROP TABLE orders"))'
    project.write("tests/conftest.py", ENGINE.format(change=change))
    result = project.run("--driftcheck", "-k", "schema")
    result.assert_outcomes(failed=1, deselected=3)
    result.stdout.fnmatch_lines(["*table-missing*"])


OWN = """
import pytest
from sqlalchemy import Column, Integer, MetaData, Table, create_engine
from sqlalchemy.pool import StaticPool

def made(*names):
    metadata = MetaData()
    Table("things", metadata, *(Column(name, Integer, primary_key=name == "id") for name in names))
    engine = create_engine("sqlite://", poolclass=StaticPool)
    metadata.create_all(engine)
    return metadata, engine

def test_equal(driftcheck_db):
    metadata, engine = made("id", "size")
    report = driftcheck_db(engine, models=metadata, migrations=None)
    assert report.findings == ()

def test_drifted(driftcheck_db):
    _, engine = made("id")
    metadata, _ = made("id", "size")
    driftcheck_db(engine, models=metadata, migrations=None)

def spec(*fields):
    properties = {name: {"type": "string"} for name in fields}
    schema = {"type": "object", "properties": properties, "required": list(fields)}
    answer = {"description": "d", "content": {"application/json": {"schema": schema}}}
    paths = {"/a": {"get": {"responses": {"200": answer}}}}
    return {"openapi": "3.1.0", "info": {"title": "t", "version": "1"}, "paths": paths}

def test_kept(driftcheck_api):
    assert driftcheck_api(spec("name"), spec("name", "size")).exit_code == 0

def test_broken(driftcheck_api):
    driftcheck_api(spec("name", "size"), spec("name"))
"""


def test_the_fixtures_are_functions_to_call_with_own_sides(project):
    project.write("test_own.py", OWN)
    result = project.run("-rf")
    result.assert_outcomes(passed=2, failed=2)
    result.stdout.fnmatch_lines(["*column-missing*", "*response-property-removed*"])
    result.stdout.fnmatch_lines(["FAILED*test_drifted*", "FAILED*test_broken*"])


def test_they_run_in_workers_of_xdist_and_in_any_order(project):
    project.shop(branch=True)
    for options in (["-n", "2"], ["--random-order", "--random-order-seed=3"]):
        project.run("--driftcheck", "-k", "migrations or contract", *options).assert_outcomes(
            failed=3, deselected=0 if "-n" in options else 1
        )
