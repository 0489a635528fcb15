"""Revisions run up, with rows, and down again: what fails, what is left, and what is in order."""

from __future__ import annotations

import pytest

from driftcheck import DriftcheckError, check_migrations
from driftcheck.database.migrations import trial
from driftcheck.database.migrations.run import Failure, Place
from driftcheck.difference import Severity
from tests.database.migrations.project import Project, rules

TABLE = (
    "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),"
    " sa.Column('c', sa.String(50)), sa.Column('n', sa.Integer, nullable=False),"
    " sa.Column('u', sa.String(20), unique=True))"
)
PARENT = "op.create_table('p', sa.Column('id', sa.Integer, primary_key=True))\n"


def check(request, engine, **options):
    scratch = request.getfixturevalue(engine)
    with scratch.database() as url:
        given = "auto" if engine == "sqlite" else url.render_as_string(hide_password=False)
        return check_migrations(scratch=given, **options)


def found(request, tmp_path, monkeypatch, engine, up, back, before=TABLE, **options):
    project = Project(tmp_path, monkeypatch)
    project.add("a1", before, "op.drop_table('t')" + ("\nop.drop_table('p')" if before != TABLE else ""))
    project.add("b2", up, back)
    return rules(check(request, engine, **options))


ALTER = "op.alter_column('t', {!r}, existing_type={}, {})"
BATCH = "with op.batch_alter_table('t') as batch:\n    batch.{}"

# engine, upgrade, downgrade, what is found
ROWS = {
    "NOT NULL column without default": (
        "postgresql",
        "op.add_column('t', sa.Column('d', sa.Integer, nullable=False))",
        "op.drop_column('t', 'd')",
        "replay-fails-on-rows",
    ),
    "NOT NULL column with default": (
        "postgresql",
        "op.add_column('t', sa.Column('d', sa.Integer, nullable=False, server_default='0'))",
        "op.drop_column('t', 'd')",
        None,
    ),
    "NOT NULL set": (
        "postgresql", "op.alter_column('t', 'c', nullable=False)",
        "op.alter_column('t', 'c', nullable=True)", "replay-fails-on-rows",
    ),
    "NOT NULL set after filling": (
        "postgresql",
        "op.execute(\"UPDATE t SET c = '' WHERE c IS NULL\")\nop.alter_column('t', 'c', nullable=False)",
        "op.alter_column('t', 'c', nullable=True)",
        None,
    ),
    "UNIQUE added": (
        "postgresql", "op.create_unique_constraint('uq', 't', ['c'])", "op.drop_constraint('uq', 't')",
        "replay-fails-on-rows",
    ),
    "UNIQUE added over a key": (
        "postgresql", "op.create_unique_constraint('uq', 't', ['id', 'c'])",
        "op.drop_constraint('uq', 't')", None,
    ),
    "length narrowed": (
        "postgresql", "op.alter_column('t', 'c', type_=sa.String(10))",
        "op.alter_column('t', 'c', type_=sa.String(50))", "replay-fails-on-rows",
    ),
    "length widened": (
        "postgresql", "op.alter_column('t', 'c', type_=sa.String(90))",
        "op.execute('UPDATE t SET c = left(c, 50)')\nop.alter_column('t', 'c', type_=sa.String(50))", None,
    ),
    "number narrowed": (
        "postgresql", "op.alter_column('t', 'n', type_=sa.SmallInteger)",
        "op.alter_column('t', 'n', type_=sa.Integer)", "replay-fails-on-rows",
    ),
    "text made a number": (
        "postgresql", "op.alter_column('t', 'c', type_=sa.Integer, postgresql_using='c::integer')",
        "op.alter_column('t', 'c', type_=sa.String(50))", "replay-cast-fails-on-rows",
    ),
    "CHECK added": (
        "postgresql", "op.create_check_constraint('ck', 't', 'n < 1000')", "op.drop_constraint('ck', 't')",
        "replay-fails-on-rows",
    ),
    "CHECK added that holds": (
        "postgresql", "op.create_check_constraint('ck', 't', 'id > 0')", "op.drop_constraint('ck', 't')",
        None,
    ),
    "CHECK added for new rows only": (
        "postgresql",
        "op.create_check_constraint('ck', 't', 'n < 1000', postgresql_not_valid=True)",
        "op.drop_constraint('ck', 't')",
        None,
    ),
    "UNIQUE added on SQLite": (
        "sqlite", "op.create_index('uq', 't', ['c'], unique=True)", "op.drop_index('uq', 't')",
        "replay-fails-on-rows",
    ),
    "NOT NULL set on SQLite": (
        "sqlite", BATCH.format("alter_column('c', nullable=False)"),
        BATCH.format("alter_column('c', nullable=True)"), "replay-fails-on-rows",
    ),
    "NOT NULL column on SQLite": (
        "sqlite", BATCH.format("add_column(sa.Column('d', sa.Integer, nullable=False))"),
        BATCH.format("drop_column('d')"), "replay-fails-on-rows",
    ),
    "NOT NULL column with default on SQLite": (
        "sqlite", BATCH.format("add_column(sa.Column('d', sa.Integer, nullable=False, server_default='0'))"),
        BATCH.format("drop_column('d')"), None,
    ),
    "index on SQLite": ("sqlite", "op.create_index('ix', 't', ['c'])", "op.drop_index('ix', 't')", None),
    "UNIQUE added on MariaDB": (
        "mariadb", "op.create_index('uq', 't', ['c'], unique=True)", "op.drop_index('uq', 't')",
        "replay-fails-on-rows",
    ),
    "length narrowed on MariaDB": (
        "mariadb", "op.alter_column('t', 'c', existing_type=sa.String(50), type_=sa.String(10))",
        "op.alter_column('t', 'c', existing_type=sa.String(10), type_=sa.String(50))",
        "replay-fails-on-rows",
    ),
    "column on MariaDB": (
        "mariadb", "op.add_column('t', sa.Column('d', sa.Integer))", "op.drop_column('t', 'd')", None,
    ),
}  # fmt: skip


@pytest.mark.parametrize("case", ROWS)
def test_rows_decide(case, request, tmp_path, monkeypatch):
    engine, up, back, rule = ROWS[case]
    expected = [(rule, "b2")] if rule else []
    assert found(request, tmp_path, monkeypatch, engine, up, back) == expected


def test_a_foreign_key_over_rows_without_parents(request, tmp_path, monkeypatch):
    up, back = "op.create_foreign_key('fk', 't', 'p', ['n'], ['id'])", "op.drop_constraint('fk', 't')"
    before = PARENT + TABLE
    got = found(request, tmp_path, monkeypatch, "postgresql", up, back, before)
    assert got == [("replay-fails-on-rows", "b2")]


def test_rows_follow_foreign_keys_checks_and_enums(request, tmp_path, monkeypatch):
    before = (
        f"{PARENT}op.create_table('t', sa.Column('id', sa.Integer, primary_key=True),"
        " sa.Column('p', sa.Integer, sa.ForeignKey('p.id'), nullable=False),"
        " sa.Column('kind', sa.String(9), nullable=False), sa.Column('age', sa.Integer, nullable=False),"
        " sa.Column('e', sa.Enum('a', 'b', name='e')),"
        " sa.CheckConstraint(\"kind IN ('x', 'y')\"), sa.CheckConstraint('age BETWEEN 18 AND 20'))"
    )
    project = Project(tmp_path, monkeypatch)
    project.add("a1", before, "op.drop_table('t')\nop.drop_table('p')\nop.execute('DROP TYPE e')")
    project.add("b2", "op.create_index('uq', 't', ['e'], unique=True)", "op.drop_index('uq', 't')")
    report = check(request, "postgresql")
    assert rules(report) == [("replay-fails-on-rows", "b2")]
    assert not [item for item in report.skipped if item.what.startswith("rows in")]


def test_rows_that_an_earlier_revision_filled_stay_filled(request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch)
    project.add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", "op.execute(\"UPDATE t SET c = 'x' WHERE c IS NULL\")", "op.execute('SELECT 1')")
    project.add("c3", "op.alter_column('t', 'c', nullable=False)", "op.alter_column('t', 'c', nullable=True)")
    assert rules(check(request, "postgresql")) == []


def test_the_words_of_the_database_and_the_line(request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", "op.create_unique_constraint('uq', 't', ['c'])", "op.drop_constraint('uq', 't')")
    (finding,) = [each for each in check(request, "postgresql").findings if each.rule.startswith("replay")]
    assert finding.severity is Severity.BREAKING
    assert "could not create unique index" in finding.message
    assert finding.locations[0].line == project.line("b2", "create_unique")


ENGINES = ("postgresql", "mariadb", "sqlite")
ADD = "op.add_column('t', sa.Column('d', sa.Integer))"
DROP = "op.drop_column('t', 'd')"


@pytest.mark.parametrize("engine", ENGINES)
def test_a_downgrade_that_fails(engine, request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", ADD, "op.drop_column('t', 'e')")
    project.add("c3", "op.create_index('ix', 't', ['d'])", "op.drop_index('ix', 't')")
    report = check(request, engine)
    assert rules(report) == [("downgrade-fails", "b2")]
    (finding,) = [each for each in report.findings if each.rule == "downgrade-fails"]
    assert finding.locations[0].line == project.line("b2", "drop_column")


@pytest.mark.parametrize("engine", ENGINES)
def test_a_downgrade_that_stops_half_way(engine, request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", ADD, f"{DROP}\nop.drop_table('nothing')")
    project.add("c3", "op.create_index('ix', 't', ['d'])", "op.drop_index('ix', 't')")
    assert rules(check(request, engine)) == [("downgrade-fails", "b2")]


@pytest.mark.parametrize("engine", ENGINES)
def test_a_downgrade_that_leaves_something(engine, request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", f"{ADD}\nop.create_index('ix', 't', ['c'])", DROP)
    report = check(request, engine)
    assert ("downgrade-leaves-traces", "b2") in rules(report)
    message = next(each.message for each in report.findings if each.rule == "downgrade-leaves-traces")
    assert "index t.ix is left behind" in message


@pytest.mark.parametrize("engine", ENGINES)
def test_a_history_in_order(engine, request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", ADD, DROP).add("c3", "op.create_index('ix', 't', ['d'])", "op.drop_index('ix', 't')")
    assert rules(check(request, engine)) == []


def test_a_downgrade_that_commits(request, tmp_path, monkeypatch):
    block = "with op.get_context().autocommit_block():\n    op.{}_index('ix', {}postgresql_concurrently=True)"
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", block.format("create", "'t', ['c'], "), block.format("drop", "'t', "))
    project.add("c3", "op.create_index('iy', 't', ['c'])", "op.drop_index('iy', 't')")
    assert rules(check(request, "postgresql")) == []


def test_a_downgrade_that_meets_rows_only_the_new_schema_allows(request, tmp_path, monkeypatch):
    before = TABLE.replace("sa.String(50)", "sa.String(50), nullable=False")
    project = Project(tmp_path, monkeypatch).add("a1", before, "op.drop_table('t')")
    project.add("b2", ADD.replace("Integer", "Integer, server_default='1'"), DROP)
    project.add("c3", "op.create_table('v', sa.Column('x', sa.Text))", "op.drop_table('v')")
    project.add(
        "d4",
        "op.alter_column('v', 'x', type_=sa.String(900))",
        "op.alter_column('v', 'x', type_=sa.String(5))",
    )
    got = rules(check(request, "postgresql"))
    assert ("downgrade-fails-on-rows", "d4") in got


def test_a_downgrade_whose_own_code_cannot_read_made_up_rows(request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    read = "for (c,) in op.get_bind().execute(sa.text('SELECT c FROM t')):\n    int(c)\n"
    project.add("b2", ADD, read + DROP)
    project.add("c3", "op.create_index('ix', 't', ['c'])", read + "op.drop_index('iks', 't')")
    report = check(request, "sqlite")
    assert rules(report) == [("downgrade-fails", "c3")]
    (finding,) = [each for each in report.findings if each.rule == "downgrade-fails"]
    assert "no such index: iks" in finding.message
    assert any(item.what == "downgrade() of revision b2 with rows" for item in report.skipped)


@pytest.mark.parametrize(
    ("database", "code", "counts"),
    [
        (True, "42P07", True),  # the table is there
        (True, "23505", True),
        (True, "1062", True),
        (True, "SQLITE_CONSTRAINT_PRIMARYKEY", True),
        (True, "SQLITE_ERROR", True),
        (True, "23502", False),  # NULL, which was made up since
        (True, "SQLITE_CONSTRAINT_NOTNULL", False),
        (True, "1048", False),
        (False, "", False),
    ],
)
def test_what_an_upgrade_fails_on_the_second_time(database, code, counts):
    assert trial._is_left_over(Failure("it failed", Place("b2.py", 1), database, code)) is counts


def test_an_upgrade_that_fails(request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", "op.drop_column('t', 'nothing')", "pass")
    project.add("c3", ADD, DROP)
    report = check(request, "postgresql")
    assert ("replay-fails", "b2") in rules(report)
    assert any(item.what == "1 revisions after b2" for item in report.skipped)


@pytest.mark.parametrize("engine", ["postgresql", "mariadb", "sqlite"])
def test_what_ran_before_the_failure_is_judged(engine, request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", "op.drop_table('t')\nop.execute('SELECT nothing')", "pass")
    report = check(request, engine)
    (finding,) = [each for each in report.findings if each.rule == "migration-table-dropped"]
    assert finding.locations[0].line == project.line("b2", "drop_table")
    assert "replay-fails" in {each.rule for each in report.findings}


def test_a_driver_that_the_database_understands(request, tmp_path, monkeypatch):
    tried = []

    def other(backend, named):
        tried.append((backend, named))
        yield "psycopg"

    monkeypatch.setattr("driftcheck.database.connect.other_drivers", other)
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.add("b2", "op.execute('ALTER TABLE t DROP COLUMN nothing')", "pass")
    assert "replay-fails" in {each.rule for each in check(request, "postgresql").findings}
    assert len(tried) == 1
    project.add("b2", "raise ValueError('of its own')", "pass", down="a1")
    assert "replay-fails" in {each.rule for each in check(request, "postgresql").findings}
    assert len(tried) == 1


def test_a_base_that_presumes_tables(request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add(
        "a1", "op.add_column('users', sa.Column('d', sa.Integer))", "pass"
    )
    report = check(request, "sqlite")
    assert ("history-incomplete-base", "base") in rules(report)
    (finding,) = [each for each in report.findings if each.rule == "history-incomplete-base"]
    place = f"migrations/versions/a1.py:{project.line('a1', 'add_column')}"
    assert finding.message == (
        f"revision a1 ({place}) presumes the table users,"
        " which no revision before it makes: a new database cannot be built from the migrations alone."
    )
    assert finding.locations[0].line == project.line("a1", "add_column")


def test_code_that_cannot_read_made_up_rows_is_no_finding(request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    up = "for (c,) in op.get_bind().execute(sa.text('SELECT c FROM t')):\n    int(c)\n"
    project.add("b2", up, "op.execute('SELECT 1')")
    report = check(request, "sqlite")
    assert rules(report) == []
    assert any("with rows" in item.what for item in report.skipped)


def test_a_revision_that_connects_elsewhere_is_refused(request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch)
    elsewhere = tmp_path / "production.db"
    project.add(
        "a1", f"import sqlite3\nsqlite3.connect({str(elsewhere)!r}).execute('CREATE TABLE x (y)')", "pass"
    )
    with pytest.raises(DriftcheckError, match="was refused"):
        check(request, "sqlite")
    assert not elsewhere.exists()


@pytest.mark.parametrize("broken", ["import surely_not_installed\n", "def upgrade(:\n", "1 / 0\n"])
def test_a_revision_that_does_not_load(broken, request, tmp_path, monkeypatch):
    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "op.drop_table('t')")
    project.write("b2.py", f"revision = 'b2'\ndown_revision = 'a1'\n{broken}")
    report = check(request, "sqlite")
    assert [each.rule for each in report.findings] == ["history-broken-file"]
    assert [(at.file, at.line) for at in report.findings[0].locations] == [("migrations/versions/b2.py", 3)]
    assert report.exit_code == 1


def test_models_that_no_migration_makes(request, tmp_path, monkeypatch):
    project = Project(
        tmp_path, monkeypatch, "t = sa.Table('t', metadata, Column('id', Integer, primary_key=True))"
    )
    project.add("a1", "op.create_table('other', sa.Column('id', sa.Integer))", "op.drop_table('other')")
    assert ("table-missing", "t") in rules(check(request, "sqlite"))


def test_pending_revisions_of_a_live_database(request, tmp_path, monkeypatch):
    import sqlite3

    project = Project(tmp_path, monkeypatch).add("a1", TABLE, "")
    project.add("b2", ADD, "op.drop_column('t', 'e')")
    live = sqlite3.connect(tmp_path / "live.db")
    live.executescript(
        "CREATE TABLE alembic_version (version_num VARCHAR(32));"
        "INSERT INTO alembic_version VALUES ('a1'); CREATE TABLE t (id INTEGER PRIMARY KEY);"
    )
    live.close()
    before = (tmp_path / "live.db").read_bytes()
    report = check(request, "sqlite", url=f"sqlite:///{tmp_path}/live.db")
    assert rules(report) == [("downgrade-fails", "b2")]
    assert (tmp_path / "live.db").read_bytes() == before
