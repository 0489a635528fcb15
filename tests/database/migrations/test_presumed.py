"""Histories whose first revision builds on tables that nobody creates: upgraded by Alembic upon the tables of
that day, live must be silent against migrations and models, and a change must be found."""

from __future__ import annotations

import pytest
from alembic import command
from alembic.config import Config as AlembicConfig

from driftcheck import check_database, check_migrations
from driftcheck.database.migrations.presumed.words import Said, missing_table, understood
from tests.database.conftest import run
from tests.database.migrations.project import Project

USERS = (  # SQLAlchemy before 2.0.45 misreads the name of a constraint that shares its line with another
    "CREATE TABLE users (id INTEGER NOT NULL, email VARCHAR(50) NOT NULL, old_name VARCHAR(80),"
    " CONSTRAINT users_pk PRIMARY KEY (id),\n CONSTRAINT users_email UNIQUE (email))"
)
ORDERS = (
    "CREATE TABLE orders (id INTEGER NOT NULL PRIMARY KEY, user_id INTEGER NOT NULL,"
    " CONSTRAINT orders_user FOREIGN KEY (user_id) REFERENCES users (id))"
)
KEY = "sa.PrimaryKeyConstraint('id', name='users_pk')"
EMAIL = "Column('email', String(50), nullable=False)"
UNIQUE = "sa.UniqueConstraint('email', name='users_email')"
OLD = "Column('old_name', String(80))"
ID = "Column('id', Integer, autoincrement=False)"
MODEL = f"sa.Table('users', metadata, {ID}, {EMAIL}, {OLD}, *extra, {UNIQUE}, {KEY})\n"
ORDERS_MODEL = (
    "sa.Table('orders', metadata, Column('id', Integer, primary_key=True, autoincrement=False),"
    " Column('user_id', Integer, sa.ForeignKey('users.id', name='orders_user'), nullable=False))\n"
)
BATCH = "with op.batch_alter_table('users') as batch:\n    "


def models(*parts, without="", table=MODEL):
    text = table.replace(without, "*[]") if without else table
    return f"extra = [{', '.join(parts)}]\n" + text


AGE = models("Column('age', Integer)")
ADD_AGE = "op.add_column('users', sa.Column('age', sa.Integer))"
INDEX_OLD = "op.create_index('users_old', 'users', ['old_name'])"
RENAME = f"{BATCH}batch.alter_column('old_name', new_column_name='name', existing_type=sa.String(80))"

DROPS = {"op.drop_table('orders')", "op.execute('DROP TABLE orders')"}

# What revisions do to a table that they did not make, and the models afterwards.
CASES = {
    "column added": ([ADD_AGE], AGE),
    "column added by SQL": (
        ["op.execute('ALTER TABLE users ADD COLUMN age INTEGER')"],
        AGE,
    ),
    "column added and filled": (
        [
            ADD_AGE,
            "op.execute('UPDATE users SET age = 1 WHERE old_name IS NULL')",
        ],
        AGE,
    ),
    "column dropped": ([f"{BATCH}batch.drop_column('old_name')"], models(without=OLD)),
    "column renamed": (
        [RENAME],
        models("Column('name', String(80))", without=OLD),
    ),
    "column renamed, and others": (
        [
            ADD_AGE,
            RENAME,
            "op.create_index('users_age', 'users', ['age'])",
        ],
        models(
            "Column('age', Integer), sa.Index('users_age', 'age'), Column('name', String(80))", without=OLD
        ),
    ),
    "type changed": (
        [f"{BATCH}batch.alter_column('old_name', type_=sa.String(200), existing_type=sa.String(80))"],
        models("Column('old_name', String(200))", without=OLD),
    ),
    "index added": ([INDEX_OLD], models("sa.Index('users_old', 'old_name')")),
    "index added and dropped": (
        [
            INDEX_OLD,
            "op.drop_index('users_old', table_name='users')",
        ],
        models(),
    ),
    "unique constraint dropped": (
        [f"{BATCH}batch.drop_constraint('users_email', type_='unique')"],
        models(without=UNIQUE),
    ),
    "unique constraint added": (
        [f"{BATCH}batch.create_unique_constraint('users_old', ['old_name'])"],
        models("sa.UniqueConstraint('old_name', name='users_old')"),
    ),
    "primary key widened": (
        [
            "op.add_column('users', sa.Column('part', sa.Integer, nullable=False, server_default='0'))",
            "op.drop_table('orders')",
            f"{BATCH}batch.drop_constraint('users_pk', type_='primary')\n"
            "    batch.create_primary_key('users_pk', ['id', 'part'])",
        ],
        models(
            "Column('part', Integer, nullable=False, server_default='0', autoincrement=False)",
            table=MODEL.replace("PrimaryKeyConstraint('id',", "PrimaryKeyConstraint('id', 'part',"),
        ),
    ),
    "a table dropped": ([ADD_AGE, "op.execute('DROP TABLE orders')"], AGE),
    "foreign key to a table of a revision": (
        [
            "op.create_table('teams', sa.Column('id', sa.Integer, primary_key=True))",
            f"{BATCH}batch.add_column(sa.Column('team_id', sa.Integer))\n"
            "    batch.create_foreign_key('users_team', 'teams', ['team_id'], ['id'])",
        ],
        models("Column('team_id', Integer, sa.ForeignKey('teams.id', name='users_team'))")
        + "sa.Table('teams', metadata, Column('id', Integer, primary_key=True))\n",
    ),
    "check added": (
        [f"{BATCH}batch.create_check_constraint('users_long', 'length(email) > 3')"],
        models("sa.CheckConstraint('length(email) > 3', name='users_long')"),
    ),
    "another table refers to it": (
        ["op.create_index('orders_user_id', 'orders', ['user_id'])"],
        models()
        + ORDERS_MODEL.replace("=False))", "=False), sa.Index('orders_user_id', 'user_id'))"),
    ),
    "nothing first": (["pass", ADD_AGE], AGE + ORDERS_MODEL),
}  # fmt: skip


@pytest.fixture(params=["sqlite", "postgresql"])
def upgraded(request, tmp_path, monkeypatch):
    """Makes a project, and a live database that Alembic upgraded from the tables of that day."""
    scratch = request.getfixturevalue(request.param)

    with scratch.database() as url:

        def make(revisions, source, *before):
            monkeypatch.syspath_prepend(str(tmp_path))
            project = Project(tmp_path, monkeypatch, source)
            for number, up in enumerate(revisions):
                project.add(f"r{number}", up)
            run(url, *(before or (USERS, ORDERS)))
            config = AlembicConfig("alembic.ini")
            config.set_main_option(
                "sqlalchemy.url", url.render_as_string(hide_password=False).replace("%", "%%")
            )
            command.upgrade(config, "head")
            return project, url

        yield make


def drift(report):
    assert [note for note in report.skipped if note.what == "the migrations as a side"] == []
    assert any(note.what == "tables that no revision makes" for note in report.skipped)
    assert "history-incomplete-base" in {finding.rule for finding in report.findings}
    return [
        (finding.difference.object, finding.difference.attribution)
        for finding in report.findings
        if not finding.rule.startswith("history-")
    ]


def both_tables(source):
    return source if "'orders'" in source else source + ORDERS_MODEL


@pytest.mark.parametrize("name", CASES)
def test_upgraded_tables_are_silent_on_all_sides(upgraded, name):
    revisions, source = CASES[name]
    project, url = upgraded(revisions, source if DROPS & set(revisions) else both_tables(source))
    named = f"{project.module}:metadata"
    assert drift(check_database(url, models=named, migrations="alembic.ini")) == []
    assert drift(check_database(url, migrations="alembic.ini")) == []


@pytest.mark.parametrize("name", CASES)
def test_models_need_no_live_database(name, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    revisions, source = CASES[name]
    project = Project(tmp_path, monkeypatch, source)
    for number, up in enumerate(revisions):
        project.add(f"r{number}", up)
    assert drift(check_database(models=f"{project.module}:metadata", migrations="alembic.ini")) == []


def test_without_live_a_table_that_no_revision_touches_is_the_models(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    project = Project(tmp_path, monkeypatch, AGE + ORDERS_MODEL)
    project.add("r0", ADD_AGE)
    report = check_database(models=f"{project.module}:metadata", migrations="alembic.ini")
    assert drift(report) == [("orders", "model-ahead")]


def test_a_hand_made_change_is_found(upgraded):
    project, url = upgraded(*CASES["column added"][:1], both_tables(CASES["column added"][1]))
    run(url, "ALTER TABLE users ADD COLUMN by_hand INTEGER", "CREATE INDEX found ON orders (user_id)")
    report = check_database(url, models=f"{project.module}:metadata", migrations="alembic.ini")
    assert sorted(drift(report)) == [("orders.found", "hand-made"), ("users.by_hand", "hand-made")]


def test_a_column_that_no_revision_adds_is_the_models(upgraded):
    source = both_tables(models("Column('age', Integer), Column('later', Integer)"))
    project, url = upgraded(CASES["column added"][0], source)
    report = check_database(url, models=f"{project.module}:metadata", migrations="alembic.ini")
    assert drift(report) == [("users.later", "model-ahead")]


def test_a_table_that_no_revision_adds_is_the_models(upgraded):
    revisions, source = CASES["nothing first"]
    project, url = upgraded(revisions, source + "sa.Table('later', metadata, Column('id', Integer))\n")
    report = check_database(url, models=f"{project.module}:metadata", migrations="alembic.ini")
    assert drift(report) == [("later", "model-ahead")]


def test_what_a_revision_waits_to_add(upgraded):
    revisions, _ = CASES["column added"]
    source = both_tables(models("Column('age', Integer), Column('size', Integer)"))
    project, url = upgraded(revisions, source)
    project.add("later", "op.add_column('users', sa.Column('size', sa.Integer))")
    report = check_database(url, models=f"{project.module}:metadata", migrations="alembic.ini")
    assert drift(report) == [("users.size", "not-applied")]


def test_a_stamp_that_is_not_true_is_seen_from_the_cache_too(upgraded):
    """What was there before the first revision is learnt again for that, or for another live schema."""
    revisions = [ADD_AGE, INDEX_OLD, "op.add_column('users', sa.Column('size', sa.Integer))"]
    source = both_tables(
        models("Column('age', Integer), Column('size', Integer), sa.Index('users_old', 'old_name')")
    )
    project, url = upgraded(revisions, source)
    named = f"{project.module}:metadata"
    assert drift(check_database(url, models=named, migrations="alembic.ini")) == []
    run(url, "DROP INDEX users_old", "ALTER TABLE users DROP COLUMN size")
    for _ in range(2):
        report = check_database(url, models=named, migrations="alembic.ini")
        stamps = [each.difference for each in report.findings if each.rule == "history-not-as-stamped"]
        assert [(each.object, each.actual) for each in stamps] == [("r2", "r0")]


def test_the_tables_of_that_day_are_found_in_the_project(upgraded, tmp_path, monkeypatch):
    """Then nothing has to be supposed: a type that no revision changed since is drift of the models."""
    source = both_tables(models("Column('age', Integer), Column('old_name', String(99))", without=OLD))
    project, url = upgraded(CASES["column added"][0], source)
    package = tmp_path / project.module.replace("app", "shop")
    package.mkdir()
    (package / "__init__.py").write_text("")
    (package / "first.py").write_text(f"{FIRST}{models()}{ORDERS_MODEL}")
    (tmp_path / "migrations").rename(package / "history")
    (package / "history" / "__init__.py").write_text("")
    (tmp_path / "alembic.ini").write_text(f"[alembic]\nscript_location = {package.name}:history\n")
    report = check_database(
        models=f"{project.module}:metadata",
        migrations="alembic.ini",
        config={"db": {"engine": url.get_backend_name()}},
    )
    assert drift(report) == [("users.old_name", "model-ahead")]
    assert f"taken from {package.name}.first: orders, users" in {note.why for note in report.skipped}


FIRST = "import sqlalchemy as sa\nfrom sqlalchemy import Column, Integer, String\nmetadata = sa.MetaData()\n"


@pytest.mark.parametrize(
    ("revisions", "reason"),
    [
        ([ADD_AGE, "op.execute('UPDATE users SET nosuch = 1')"], "no such column: nosuch"),
        ([ADD_AGE, "raise ValueError('of its own')"], "ValueError: of its own"),
        ([ADD_AGE, "op.execute('UPDATE nobody SET x = 1')"], "no such table: nobody"),
        (["op.execute('UPDATE users SET nosuch = 1')", "pass"], "no such column: nosuch"),
    ],
)
def test_what_cannot_be_found_out_is_told(revisions, reason, tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    project = Project(tmp_path, monkeypatch, both_tables(models("Column('age', Integer)")))
    for number, up in enumerate(revisions):
        project.add(f"r{number}", up)
    report = check_database(models=f"{project.module}:metadata", migrations="alembic.ini")
    assert [finding.rule for finding in report.findings] == ["history-incomplete-base"]
    (note,) = [note for note in report.skipped if note.what == "the migrations as a side"]
    assert "revision r0 (migrations/versions/r0.py:11) presumes" in note.why
    assert note.why.endswith(reason)


@pytest.mark.parametrize(
    ("message", "table"),
    [
        ('relation "ops.jobs" does not exist', "jobs"),
        ("no such table: main.Jobs", "jobs"),
        ("(1146, \"Table 'shop.jobs' doesn't exist\")", "jobs"),
        ('column "jobs" does not exist', None),
        ('constraint "a" of relation "jobs" does not exist', None),
        ('role "app" does not exist', None),
    ],
)
def test_the_table_that_a_message_is_about(message, table):
    assert missing_table(message) == table


@pytest.mark.parametrize(
    ("message", "statement", "said"),
    [
        ('column "c" of relation "t" already exists', "", Said("column", True, "t", "c")),
        ("duplicate column name: c", 'ALTER TABLE "t" ADD COLUMN c', Said("column", True, "t", "c")),
        ("Duplicate column name 'c'", "ALTER TABLE `t` ADD c INT", Said("column", True, "t", "c")),
        ('constraint "k" for relation "t" already exists', "", Said("constraint", True, "t", "k")),
        ('constraint "k" of relation "t" does not exist', "", Said("constraint", False, "t", "k")),
        ("No such constraint: 'k'", "", Said("constraint", False, "", "k")),
        ('relation "i" already exists', "CREATE INDEX i ON t (c)", Said("table", True, "", "i")),
        ("index i already exists", "", Said("table", True, "", "i")),
        ("(1061, \"Duplicate key name 'i'\")", "", Said("table", True, "", "i")),
        ("no such column: t.c", "SELECT t.c FROM t", Said("column", False, "t", "c")),
        ("(1054, \"Unknown column 't.c' in 'field list'\")", "", Said("column", False, "t", "c")),
        ("near \"SELEC\": syntax error", "SELEC", None),
    ],
)  # fmt: skip
def test_what_else_a_message_says(message, statement, said):
    assert understood(message, statement) == said


def test_revisions_are_tried_upon_what_they_presume(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    project = Project(tmp_path, monkeypatch, AGE)
    project.add("r0", ADD_AGE, "op.drop_column('users', 'nosuch')")
    report = check_migrations("alembic.ini")
    found = {(finding.rule, finding.difference.object) for finding in report.findings}
    assert {("history-incomplete-base", "base"), ("downgrade-fails", "r0")} <= found
    assert {finding.difference.kind for finding in report.findings} & {"table", "column"} == set()
    assert "tables that no revision makes" in {note.what for note in report.skipped}


def test_without_models_the_tables_are_those_of_live(upgraded):
    _, url = upgraded([ADD_AGE, RENAME], None)
    assert drift(check_database(url, migrations="alembic.ini")) == []
    run(url, "CREATE TABLE by_hand (id INTEGER)", "ALTER TABLE users ADD COLUMN more INTEGER")
    report = check_database(url, migrations="alembic.ini")
    assert drift(report) == []  # nobody can tell these from what was there: the report names them
    (note,) = [note for note in report.skipped if note.what == "tables that no revision makes"]
    assert "by_hand" in note.why
