"""A replay is kept by the content of what it was made from, and made again when any of that changes."""

from __future__ import annotations

import os

import pytest

from driftcheck.config import Config, DatabaseConfig
from driftcheck.database.check import Request, check
from tests.database.three_sides import FIRST, SECOND, USERS, Project


@pytest.fixture
def project(tmp_path, monkeypatch):
    made = Project(tmp_path)
    made.revision("a1", None, FIRST)
    made.revision("b2", "a1", SECOND)
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    monkeypatch.setenv("DRIFTCHECK_SCHEMA_CACHE", str(tmp_path / "cache"))
    return made


@pytest.fixture(autouse=True)
def fresh_modules(monkeypatch):
    import sys

    for name in ("app_models", "shapes"):
        monkeypatch.delitem(sys.modules, name, raising=False)
    yield
    for name in ("app_models", "shapes"):
        sys.modules.pop(name, None)


def replays(config=None, models="app_models:metadata"):
    """How many revisions a run replays, and what it finds."""
    told = []
    request = Request(models=models, migrations="alembic.ini", told=told.append, config=config or Config())
    report = check(request)
    return sum(text.startswith("replaying") for text in told), report


def test_a_second_run_replays_nothing_and_finds_the_same(project):
    first, before = replays()
    second, after = replays()
    assert (first, second) == (2, 0)
    assert before.to_dict() == after.to_dict()


def test_findings_are_the_same_from_the_cache(project):
    project.revision("b2", "a1", "pass")
    first, before = replays()
    second, after = replays()
    assert (first, second) == (2, 0)
    assert [item.difference.object for item in before.findings] == ["users.age"]
    assert before.to_dict() == after.to_dict()


def test_a_changed_revision_is_replayed(project):
    replays()
    project.revision("b2", "a1", SECOND.replace("age", "born"))
    count, report = replays()
    assert count == 2
    assert report.findings != ()


def test_a_new_revision_is_replayed(project):
    replays()
    project.revision("c3", "b2", 'op.add_column("users", sa.Column("more", sa.Integer))')
    count, report = replays()
    assert count == 3
    assert [item.difference.object for item in report.findings] == ["users.more"]


def test_a_module_that_a_revision_imports_counts(project):
    (project.root / "shapes.py").write_text("NAME = 'age'\n")
    project.revision("b2", "a1", 'import shapes\nop.add_column("users", sa.Column(shapes.NAME, sa.Integer))')
    assert replays()[0] == 2
    assert replays()[0] == 0
    (project.root / "shapes.py").write_text("NAME = 'other'\n")
    import sys

    sys.modules.pop("shapes")
    count, report = replays()
    assert count == 2
    assert report.findings != ()


def test_a_data_file_beside_the_revisions_counts(project):
    (project.root / "migrations" / "seed.sql").write_text("select 1")
    assert replays()[0] == 2
    (project.root / "migrations" / "seed.sql").write_text("select 2")
    assert replays()[0] == 2


def test_hooks_of_env_py_hold_in_a_second_run(project):
    project.env(
        options=", include_object=hide",
        before="def hide(thing, name, kind, reflected, other):\n    return name != 'age'\n",
    )
    project.revision("b2", "a1", "pass")
    assert replays()[1].findings == ()
    count, report = replays()
    assert (count, report.findings) == (0, ())


def test_without_the_cache_everything_is_replayed(project):
    config = Config(db=DatabaseConfig(cache=False))
    assert replays(config)[0] == 2
    assert replays(config)[0] == 2


def test_a_damaged_entry_is_made_again(project):
    replays()
    for entry in (project.root / "cache").glob("replay-*.json"):
        entry.write_text("{")
        os.utime(entry)
    count, report = replays()
    assert (count, report.findings) == (2, ())


@pytest.mark.parametrize(
    ("columns", "stamp", "searched"),
    [("age INTEGER, by_hand TEXT", "b2", False), ("age INTEGER", "a1", True)],
)
def test_a_revision_is_looked_for_only_if_one_names_what_differs(project, columns, stamp, searched):
    url = project.live(f"{USERS}, {columns})", stamp=[stamp])
    told = []
    report = check(Request(url, migrations="alembic.ini", told=told.append))
    assert report.findings != ()
    assert any("looking for" in text for text in told) == searched
