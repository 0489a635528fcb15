"""Three sides: migrations replayed in scratch, attribution, and the state of the history."""

from __future__ import annotations

import pytest

from driftcheck import DriftcheckError, check_database
from tests.database.conftest import run
from tests.database.three_sides import (
    FIRST,
    MODELS,
    SECOND,
    USERS,
    said,
)


def test_three_equal_sides_are_silent(project):
    report = project.check(project.live(f"{USERS}, age INTEGER)", stamp=["b2"]))
    assert said(report) == []
    assert report.skipped == ()
    assert report.exit_code == 0


def test_what_no_migration_makes(project):
    project.revision("b2", "a1", "pass")
    report = project.check(project.live(f"{USERS})", stamp=["b2"]))
    assert said(report) == [("users.age", "missing", "model-ahead")]
    assert next((place.file, place.line) for place in report.findings[0].locations) == ("app_models.py", 10)


def test_what_waits_to_be_applied(project):
    report = project.check(project.live(f"{USERS})", stamp=["a1"]))
    assert said(report) == [("users.age", "missing", "not-applied"), ("b2", "stamp", "not-applied")]
    assert report.findings[0].locations[-1].file == "migrations/versions/b2.py"


def test_a_migration_is_shown_where_it_makes_a_thing_and_not_where_it_takes_it_back(project):
    file = project.root / "migrations" / "versions" / "c3.py"
    project.revision("c3", "b2", 'op.create_index("ix_age", "users", ["age"])')
    file.write_text(file.read_text().replace("    pass", '    op.drop_index("ix_age", table_name="users")'))
    (finding,) = project.check().findings
    place = finding.locations[-1]
    assert (place.file, file.read_text().splitlines()[place.line - 1].strip()[:12]) == (
        "migrations/versions/c3.py",
        "op.create_in",
    )


def test_what_was_made_by_hand(project):
    ddl = f"{USERS}, age INTEGER, note TEXT)"
    report = project.check(project.live(ddl, stamp=["b2"]))
    assert said(report) == [("users.note", "extra", "hand-made")]


def test_migrations_that_are_wrong(project):
    project.revision("b2", "a1", 'op.add_column("users", sa.Column("age", sa.Text))')
    report = project.check(project.live(f"{USERS}, age INTEGER)", stamp=["b2"]))
    assert said(report) == [("users.age", "type", "migrations-wrong")]


def test_models_against_migrations_need_no_live_database(project):
    project.revision("b2", "a1", "pass")
    assert said(project.check()) == [("users.age", "missing", "model-ahead")]


def test_the_models_are_found_through_env_py(project):
    project.revision("b2", "a1", "pass")
    expected = [("users.age", "missing", "model-ahead")]
    assert said(project.check(models=None)) == expected
    assert said(project.check(project.live(f"{USERS})", stamp=["b2"]), models="env.py")) == expected


def test_live_against_migrations_leaves_the_models_out(project):
    project.revision("b2", "a1", "pass")
    assert said(project.check(project.live(f"{USERS})", stamp=["b2"]), models=None)) == []


def test_objects_of_op_execute_are_no_drift(project):
    project.revision("c3", "b2", 'op.execute("CREATE VIEW v AS SELECT id FROM users")')
    view = "CREATE VIEW v AS SELECT id FROM users"
    assert said(project.check(project.live(f"{USERS}, age INTEGER)", view, stamp=["c3"]))) == []


def test_objects_of_op_execute_that_live_lacks_are(project):
    project.revision("c3", "b2", 'op.execute("CREATE VIEW v AS SELECT id FROM users")')
    report = project.check(project.live(f"{USERS}, age INTEGER)", stamp=["c3"]))
    assert said(report) == [("v", "missing", "hand-made"), ("c3", "stamp", None)]


def test_include_object_of_env_py_is_honoured(project):
    hook = "def hook(object, name, type_, reflected, compare_to):\n    return name != 'legacy'\n"
    project.env(", include_object=hook", hook)
    url = project.live(f"{USERS}, age INTEGER)", "CREATE TABLE legacy (x INTEGER)", stamp=["b2"])
    assert said(project.check(url)) == []


def test_include_object_sees_models_that_env_py_does_not_know(project):
    hook = ", include_object=lambda thing, name, kind, reflected, other: not thing.info.get('skip')"
    project.env(hook)
    env = project.root / "migrations" / "env.py"
    env.write_text(env.read_text().replace("target_metadata=metadata", "target_metadata=None"))
    column = 'Column("later", Integer, info={"skip": True}),\n    Column("age", Integer)'
    (project.root / "app_models.py").write_text(MODELS.replace('Column("age", Integer)', column))
    assert said(project.check(project.live(f"{USERS}, age INTEGER)", stamp=["b2"]))) == []


def test_another_version_table(project):
    project.env(", version_table='schema_version'")
    url = project.live(
        f"{USERS}, age INTEGER)",
        "CREATE TABLE schema_version (version_num VARCHAR(32))",
        "INSERT INTO schema_version VALUES ('b2')",
    )
    assert said(project.check(url)) == []


@pytest.mark.parametrize(
    ("stamp", "expected"),
    [
        (None, [("alembic_version", "stamp", None)]),
        (["zz"], [("zz", "stamp", None)]),
    ],
)
def test_the_state_of_the_history(project, stamp, expected):
    report = project.check(project.live(f"{USERS}, age INTEGER)", stamp=stamp))
    rules = {finding.rule for finding in report.findings}
    assert said(report) == expected  # after an unknown revision nobody can say what is pending
    assert all(rule.startswith("history-") for rule in rules)


def test_heads_that_are_not_merged_make_no_one_schema(project):
    project.revision("b3", "a1", "pass")
    with pytest.raises(DriftcheckError, match=r"several heads.*: b2, b3") as raised:
        project.check(project.live(f"{USERS}, age INTEGER)", stamp=["b2", "b3"]))
    assert "alembic merge heads" in raised.value.hint


def labelled(project, name, label):
    file = project.root / "migrations" / "versions" / f"{name}.py"
    file.write_text(file.read_text().replace("down_revision", f"branch_labels = {label}\ndown_revision", 1))


def test_branches_with_a_label_each_are_meant(project):
    project.revision("b3", "a1", "op.create_index('by_email', 'users', ['email'])")
    labelled(project, "b2", "('expand',)")
    labelled(project, "b3", "('con' + 'tract',)")
    url = project.live(f"{USERS}, age INTEGER)", "CREATE INDEX by_email ON users (email)", stamp=["b2", "b3"])
    assert said(project.check(url)) == [("users.by_email", "extra", "model-ahead")]
    project.revision("b4", "a1", "pass")
    with pytest.raises(DriftcheckError, match=r"several heads.*: b2, b3, b4"):
        project.check(url)


def test_a_branch_with_a_base_of_its_own_is_meant(project):
    project.revision("c1", None, "pass")
    report = project.check(project.live(f"{USERS}, age INTEGER)", stamp=["b2", "c1"]))
    assert said(report) == []


def test_a_stamp_that_is_not_true_names_the_nearest_revision(project):
    report = project.check(project.live(f"{USERS})", stamp=["b2"]))
    assert ("b2", "stamp", None) in said(report)
    wrong = next(finding for finding in report.findings if finding.rule == "history-not-as-stamped")
    assert wrong.difference.actual == "a1"


def test_a_base_that_presumes_tables(project):
    project.revision("a1", None, SECOND)
    project.revision("b2", "a1", "pass")
    url = project.live(f"{USERS}, age INTEGER)", stamp=["b2"])
    for _ in ("built", "from the cache"):
        report = project.check(url)
        (finding,) = report.findings
        assert finding.rule == "history-incomplete-base"
        assert "revision a1" in finding.message
        assert [(place.file, place.line) for place in finding.locations] == [("migrations/versions/a1.py", 9)]
        assert "users" in report.skipped[0].why


def test_a_base_that_presumes_tables_of_a_batch(project):
    project.revision("a1", None, "with op.batch_alter_table('users') as batch: batch.drop_column('age')")
    project.revision("b2", "a1", "pass")
    report = project.check(project.live(f"{USERS}, age INTEGER)", stamp=["b2"]))
    assert said(report) == [("users.age", "missing", "migrations-wrong"), ("base", "base", None)]


NOSUCH = "op.execute('UPDATE nosuch SET x = 1')"


def test_a_table_that_nobody_has_is_a_mistake_of_its_revision(project):
    project.revision("b2", "a1", NOSUCH)
    with pytest.raises(DriftcheckError, match=r"revision b2 \(migrations/versions/b2.py:9\).*nosuch"):
        project.check()
    with pytest.raises(DriftcheckError, match=r"revision b2 .*nosuch"):
        project.check(project.live(f"{USERS}, age INTEGER)", stamp=["a1"]))


def test_a_table_that_live_has_was_made_elsewhere(project):
    project.revision("b2", "a1", NOSUCH)
    live = project.live(f"{USERS}, age INTEGER); CREATE TABLE nosuch (x INTEGER)", stamp=["b2"])
    report = project.check(live)
    assert "history-incomplete-base" in {finding.rule for finding in report.findings}


def test_a_broken_migration_is_named_with_its_line(project):
    project.revision("b2", "a1", "raise ValueError('no way')")
    with pytest.raises(DriftcheckError, match=r"revision b2 \(migrations/versions/b2.py:9\).*no way"):
        project.check()


def test_a_revision_file_that_does_not_parse(project):
    (project.root / "migrations" / "versions" / "b2.py").write_text("def upgrade(:\n")
    with pytest.raises(DriftcheckError, match=r"b2\.py"):
        project.check()


def test_an_ini_without_script_location(project):
    (project.root / "alembic.ini").write_text("[alembic]\n")
    with pytest.raises(DriftcheckError, match="no script_location"):
        project.check()


def test_what_env_py_prints_is_no_part_of_the_report(project, capsys):
    project.env(before="print('hello from env')\n")
    project.check()
    assert "hello" not in capsys.readouterr().out


@pytest.mark.parametrize("source", ["app/alembic.ini", "app/migrations"])
def test_a_script_location_is_found_from_another_folder(project, source, monkeypatch, tmp_path_factory):
    ini = "[alembic]\nscript_location = migrations\n"
    (project.root / "alembic.ini").write_text(ini)
    elsewhere = tmp_path_factory.mktemp("elsewhere")
    (elsewhere / "app").symlink_to(project.root)
    monkeypatch.chdir(elsewhere)
    assert said(check_database(models="app_models:metadata", migrations=source)) == []


def test_an_ini_beside_env_py(project, monkeypatch, tmp_path_factory):
    folder = project.root / "migrations"
    (folder / "alembic.ini").write_text("[alembic]\nscript_location = .\n")
    monkeypatch.chdir(tmp_path_factory.mktemp("elsewhere"))
    monkeypatch.syspath_prepend(project.root)
    for source in (folder, folder / "alembic.ini"):
        assert said(check_database(models="app_models:metadata", migrations=source)) == []


def test_an_ini_of_something_else(project):
    (project.root / "alembic.ini").write_text("[loggers]\nkeys = root\n")
    assert said(check_database(models="app_models:metadata", migrations="migrations")) == []
    with pytest.raises(DriftcheckError, match="no script_location"):
        project.check()


@pytest.mark.parametrize(
    ("installed", "drift"),
    [
        ("VERSION '1.4'", [("citext", "version", "hand-made")]),
        ("VERSION '1.5'", []),
        ("", [("citext", "version", "hand-made")]),
    ],
)
def test_the_version_of_an_extension_that_a_revision_names(project, postgresql, installed, drift):
    project.revision("b2", "a1", f"{SECOND}\nop.execute(\"CREATE EXTENSION citext VERSION '1.5'\")")
    with postgresql.database() as url:
        run(url, f"CREATE EXTENSION citext {installed}")
        run(url, "CREATE TABLE users (id serial PRIMARY KEY, email varchar(50) NOT NULL, age integer)")
        run(url, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        run(url, "INSERT INTO alembic_version VALUES ('b2')")
        assert said(project.check(url)) == drift


def test_the_version_of_an_extension_that_no_revision_names(project, postgresql):
    project.revision("b2", "a1", f"{SECOND}\nop.execute('CREATE EXTENSION citext')")
    with postgresql.database() as url:
        run(url, "CREATE EXTENSION citext VERSION '1.4'")
        run(url, "CREATE TABLE users (id serial PRIMARY KEY, email varchar(50) NOT NULL, age integer)")
        run(url, "CREATE TABLE alembic_version (version_num varchar(32) PRIMARY KEY)")
        run(url, "INSERT INTO alembic_version VALUES ('b2')")
        assert said(project.check(url)) == []


def test_revisions_find_the_schemas_of_the_models_on_mariadb(project, mariadb):
    (project.root / "app_models.py").write_text(MODELS + SCHEMA)
    project.revision("a1", None, FIRST.rstrip()[:-1] + '    schema="people",\n)')
    project.revision("b2", "a1", 'op.add_column("users", sa.Column("age", sa.Integer), schema="people")')
    report = check_database(
        models="app_models:elsewhere",
        migrations=str(project.root / "alembic.ini"),
        config={"db": {"engine": "mariadb"}},
    )
    assert (said(report), report.skipped) == ([], ())


SCHEMA = """
elsewhere = MetaData()
users.to_metadata(elsewhere, schema="people")
"""
