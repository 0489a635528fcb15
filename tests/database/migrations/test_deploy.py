"""Which order of migrating and deploying is safe, on a real engine, from two commits of a repository."""

from __future__ import annotations

import pytest

from driftcheck import DriftcheckError, check_migrations
from tests.database.migrations.project import Project

TABLE = "t = sa.Table('t', metadata, Column('id', Integer, primary_key=True){columns})"
A = "Column('a', String(20))"
REQUIRED = "Column('a', String(20), nullable=False)"
CREATE = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True){columns})"

# name: columns of the old model, columns of the new one, upgrade(), verdict
CASES = {
    "nullable column added": ("", A, "op.add_column('t', sa.Column('a', sa.String(20)))", "migrate-first"),
    "column with a server default added": (
        "",
        "Column('a', String(20), nullable=False, server_default='x')",
        "op.add_column('t', sa.Column('a', sa.String(20), nullable=False, server_default='x'))",
        "migrate-first",
    ),
    "required column added": (
        "",
        REQUIRED,
        "op.execute('DELETE FROM t')\nop.add_column('t', sa.Column('a', sa.String(20), nullable=False))",
        "neither",
    ),
    "nullable column dropped": (A, "", "op.drop_column('t', 'a')", "deploy-first"),
    "required column dropped": (REQUIRED, "", "op.drop_column('t', 'a')", "neither"),
    "column renamed": (
        "Column('colour', String(20))",
        "Column('color', String(20))",
        "op.alter_column('t', 'colour', new_column_name='color')",
        "neither",
    ),
    "varchar widened": (
        A, "Column('a', String(40))", "op.alter_column('t', 'a', type_=sa.String(40))", "migrate-first",
    ),
    "varchar narrowed": (
        "Column('a', String(40))",
        A,
        "op.execute('UPDATE t SET a = left(a, 20)')\nop.alter_column('t', 'a', type_=sa.String(20))",
        "deploy-first",
    ),
    "NOT NULL set": (
        A,
        REQUIRED,
        "op.execute(\"UPDATE t SET a = '' WHERE a IS NULL\")\nop.alter_column('t', 'a', nullable=False)",
        "deploy-first",
    ),
    "index added": (
        A, "Column('a', String(20), index=True)", "op.create_index('ix_t_a', 't', ['a'])", "any-order",
    ),
    "index dropped": (
        "Column('a', String(20), index=True)", A, "op.drop_index('ix_t_a', 't')", "any-order",
    ),
    "unique added": (
        A,
        "Column('a', String(20)), sa.UniqueConstraint('a', name='uq')",
        "op.execute('DELETE FROM t')\nop.create_unique_constraint('uq', 't', ['a'])",
        "deploy-first",
    ),
    "another kind of type": (
        A,
        "Column('a', Integer)",
        "op.execute('DELETE FROM t')\n"
        "op.alter_column('t', 'a', type_=sa.Integer, postgresql_using='a::integer')",
        "neither",
    ),
    "nothing but data": (A, A, "op.execute(\"UPDATE t SET a = 'x'\")", "any-order"),
}  # fmt: skip


def columns(text):
    return f", {text}" if text else ""


def project_of(tmp_path, monkeypatch, old, new, up):
    """Committed with the old model and its table; then the new model and a revision."""
    project = Project(tmp_path, monkeypatch, TABLE.format(columns=columns(old)))
    made = CREATE.format(columns=columns(old).replace("Column(", "sa.Column(").replace("sa.sa.", "sa."))
    made = made.replace("String", "sa.String").replace("Integer)", "sa.Integer)").replace("sa.sa.", "sa.")
    project.add("a1", made, "op.drop_table('t')")
    if "index=True" in old:
        made = made.replace(", index=True", "")
        project.add("a1", f"{made}\nop.create_index('ix_t_a', 't', ['a'])", "op.drop_table('t')", down=None)
    project.commit()
    project.models(TABLE.format(columns=columns(new)))
    project.add("b2", up)
    return project


def deploys(report):
    return {
        (finding.rule.removeprefix("deploy-"), finding.difference.object): finding
        for finding in report.findings
        if finding.rule.startswith("deploy-")
    }


@pytest.mark.parametrize("case", CASES)
def test_the_order_that_is_safe(case, tmp_path, monkeypatch, postgresql):
    old, new, up, verdict = CASES[case]
    project_of(tmp_path, monkeypatch, old, new, up)
    with postgresql.database() as url:
        report = check_migrations(base="HEAD", scratch=url.render_as_string(hide_password=False))
    assert set(deploys(report)) == {(verdict, "b2")}, report.skipped
    found = deploys(report)[verdict, "b2"]
    if verdict != "any-order":
        assert found.locations[0].file == "migrations/versions/b2.py"
        assert found.locations[0].line is not None


def check(scratch, **options):
    with scratch.database() as url:
        return check_migrations(scratch=url.render_as_string(hide_password=False), **options)


def started(tmp_path, monkeypatch, old):
    project = Project(tmp_path, monkeypatch, old)
    return project.add("a1", CREATE.format(columns=""), "op.drop_table('t')")


def test_one_revision_before_and_one_after_the_deploy(tmp_path, monkeypatch, postgresql):
    project = Project(tmp_path, monkeypatch, TABLE.format(columns=columns("Column('old', Integer)")))
    project.add("a1", CREATE.format(columns=", sa.Column('old', sa.Integer)"), "op.drop_table('t')")
    project.commit()
    project.models(TABLE.format(columns=columns("Column('name', String(9))")))
    project.add("b2", "op.add_column('t', sa.Column('name', sa.String(9)))")
    project.add("c3", "op.drop_column('t', 'old')")
    found = deploys(check(postgresql, base="HEAD"))
    assert set(found) == {("migrate-first", "b2"), ("deploy-first", "c3"), ("in-two-steps", "c3")}
    assert "`alembic upgrade b2`, deploy" in found["in-two-steps", "c3"].message
    assert found["deploy-first", "c3"].locations[0].line == project.line("c3", "drop_column")


def test_a_column_that_is_added_and_then_required(tmp_path, monkeypatch, postgresql):
    project = started(tmp_path, monkeypatch, TABLE.format(columns=""))
    project.commit()
    project.models(TABLE.format(columns=columns("Column('city', String(9), nullable=False)")))
    project.add("b2", "op.add_column('t', sa.Column('city', sa.String(9)))")
    fill = "op.execute(\"UPDATE t SET city = '' WHERE city IS NULL\")\n"
    project.add("c3", fill + "op.alter_column('t', 'city', nullable=False)")
    found = deploys(check(postgresql, base="HEAD"))
    assert set(found) == {("migrate-first", "b2"), ("deploy-first", "c3"), ("in-two-steps", "c3")}
    assert found["deploy-first", "c3"].locations[0].line == project.line("c3", "alter_column")


def test_columns_that_are_added_and_may_stay_empty(tmp_path, monkeypatch, postgresql):
    project = started(tmp_path, monkeypatch, TABLE.format(columns=""))
    project.commit()
    project.models(TABLE.format(columns=columns("Column('city', String(9)), Column('zip', String(9))")))
    project.add("b2", "op.add_column('t', sa.Column('city', sa.String(9)))")
    project.add("c3", "op.add_column('t', sa.Column('zip', sa.String(9)))")
    found = deploys(check(postgresql, base="HEAD"))
    assert set(found) == {("migrate-first", "b2"), ("migrate-first", "c3")}


def test_the_line_of_the_call_in_a_batch(tmp_path, monkeypatch, sqlite):
    project = Project(tmp_path, monkeypatch, TABLE.format(columns=columns("Column('old', Integer)")))
    project.add("a1", CREATE.format(columns=", sa.Column('old', sa.Integer)"), "op.drop_table('t')")
    project.commit()
    project.models(TABLE.format(columns=""))
    up = "with op.batch_alter_table('t', recreate='always') as batch:\n    batch.drop_column('old')"
    project.add("b2", up)
    found = deploys(check_migrations(base="HEAD"))
    assert set(found) == {("deploy-first", "b2")}
    assert found["deploy-first", "b2"].locations[0].line == project.line("b2", "drop_column")


def test_without_models_the_deploy_is_told_as_skipped(tmp_path, monkeypatch, sqlite):
    project = Project(tmp_path, monkeypatch).add("a1", CREATE.format(columns=""), "op.drop_table('t')")
    project.commit()
    project.add("b2", "op.add_column('t', sa.Column('city', sa.String(9)))")
    report = check_migrations(base="HEAD")
    assert not deploys(report)
    assert "the rolling deploy" in [item.what for item in report.skipped]
    assert "the rolling deploy" not in [item.what for item in check_migrations().skipped]


def test_both_in_one_revision_must_be_split(tmp_path, monkeypatch, sqlite):
    project = Project(tmp_path, monkeypatch, TABLE.format(columns=columns("Column('old', Integer)")))
    project.add("a1", CREATE.format(columns=", sa.Column('old', sa.Integer)"), "op.drop_table('t')")
    project.commit()
    project.models(TABLE.format(columns=columns("Column('name', String(9))")))
    project.add("b2", "op.add_column('t', sa.Column('name', sa.String(9)))\nop.drop_column('t', 'old')")
    found = deploys(check_migrations(base="HEAD"))
    assert set(found) == {("neither", "b2")}
    lines = {at.line for at in found["neither", "b2"].locations}
    assert lines == {project.line("b2", "add_column"), project.line("b2", "drop_column")}


def test_a_label_that_old_code_does_not_know(tmp_path, monkeypatch, postgresql):
    project = Project(
        tmp_path, monkeypatch, "e = sa.Enum('a', 'b', name='e')\n" + TABLE.format(columns=", Column('c', e)")
    )
    up = "e = sa.Enum('a', 'b', name='e')\n" + CREATE.format(columns=", sa.Column('c', e)")
    project.add("a1", up, "op.drop_table('t')\nop.execute('DROP TYPE e')")
    project.commit()
    project.models("e = sa.Enum('a', 'b', 'c', name='e')\n" + TABLE.format(columns=", Column('c', e)"))
    project.add("b2", "op.execute(\"ALTER TYPE e ADD VALUE 'c'\")")
    found = deploys(check(postgresql, base="HEAD"))
    assert set(found) == {("migrate-first", "b2"), ("old-code-reads", "b2")}


@pytest.mark.parametrize(
    ("up", "new", "verdict"),
    [
        ("op.create_table('u', sa.Column('id', sa.Integer, primary_key=True))", "t u", "migrate-first"),
        ("op.drop_table('t')", "u", "deploy-first"),
        ("op.rename_table('t', 'ts')", "ts", "neither"),
    ],
)
def test_tables_come_go_and_are_renamed(up, new, verdict, tmp_path, monkeypatch, sqlite):
    def table(name):
        return f"{name} = sa.Table('{name}', metadata, Column('id', Integer, primary_key=True))\n"

    first = "t" if new != "u" else "t u"
    project = Project(tmp_path, monkeypatch, "".join(table(name) for name in first.split()))
    made = [
        f"op.create_table('{name}', sa.Column('id', sa.Integer, primary_key=True))" for name in first.split()
    ]
    project.add("a1", "\n".join(made), "op.drop_table('t')").commit()
    project.models("".join(table(name) for name in new.split()))
    project.add("b2", up)
    assert set(deploys(check_migrations(base="HEAD"))) == {(verdict, "b2")}


def test_drift_that_was_there_before_is_no_news(tmp_path, monkeypatch, sqlite):
    project = started(tmp_path, monkeypatch, TABLE.format(columns=columns("Column('never_made', Integer)")))
    project.commit()
    project.add("b2", "op.create_index('ix', 't', ['id'])", "op.drop_index('ix', 't')")
    report = check_migrations(base="HEAD")
    assert set(deploys(report)) == {("any-order", "b2")}
    assert report.exit_code == 0


def test_without_new_revisions_there_is_no_verdict(tmp_path, monkeypatch, sqlite):
    started(tmp_path, monkeypatch, TABLE.format(columns="")).commit()
    report = check_migrations(base="HEAD")
    assert report.findings == ()
    assert report.exit_code == 0


def test_without_a_base_there_is_no_verdict(tmp_path, monkeypatch, sqlite):
    started(tmp_path, monkeypatch, TABLE.format(columns=""))
    assert deploys(check_migrations()) == {}


def test_old_models_that_do_not_load_are_told_as_skipped(tmp_path, monkeypatch, sqlite):
    project = started(tmp_path, monkeypatch, "import surely_not_installed")
    project.commit()
    project.models(TABLE.format(columns=""))
    project.add("b2", "op.create_index('ix', 't', ['id'])", "op.drop_index('ix', 't')")
    report = check_migrations(base="HEAD")
    assert deploys(report) == {}
    assert any("surely_not_installed" in item.why for item in report.skipped)


def test_old_code_is_fenced_too(tmp_path, monkeypatch, sqlite):
    project = started(
        tmp_path,
        monkeypatch,
        "import sqlite3\nsqlite3.connect('/nowhere/at-all.db')\n" + TABLE.format(columns=""),
    )
    project.commit()
    project.models(TABLE.format(columns=""))
    project.add("b2", "op.create_index('ix', 't', ['id'])", "op.drop_index('ix', 't')")
    why = " ".join(item.why for item in check_migrations(base="HEAD").skipped)
    assert "refused" in why
    assert "unable to open" not in why


def test_the_repository_is_left_as_it_was(tmp_path, monkeypatch, sqlite):
    project = started(tmp_path, monkeypatch, TABLE.format(columns=""))
    project.commit()
    (tmp_path / "staged.txt").write_text("staged")
    project.git("add", "staged.txt")
    project.add("b2", "pass")
    index, status = (tmp_path / ".git/index").read_bytes(), project.git("status", "--porcelain")
    check_migrations(base="HEAD")
    assert (tmp_path / ".git/index").read_bytes() == index
    assert project.git("status", "--porcelain") == status
    assert len(project.git("worktree", "list").splitlines()) == 1


def test_newer_revisions_of_the_base_branch_are_not_missed(tmp_path, monkeypatch, sqlite):
    project = started(tmp_path, monkeypatch, TABLE.format(columns=""))
    project.commit()
    project.git("checkout", "-q", "-b", "feature")
    project.git("checkout", "-q", "main")
    project.add("z9", "op.create_index('ix', 't', ['id'])", "op.drop_index('ix', 't')").commit()
    project.git("checkout", "-q", "feature")
    project.add("b2", "op.create_index('iy', 't', ['id'])", "op.drop_index('iy', 't')", down="a1")
    report = check_migrations(base="main")
    assert not [item for item in report.findings if item.rule == "history-deleted"]
    assert set(deploys(report)) == {("any-order", "b2")}


def test_a_base_that_git_does_not_know(tmp_path, monkeypatch):
    started(tmp_path, monkeypatch, None).commit()
    with pytest.raises(DriftcheckError, match="git knows no revision nowhere"):
        check_migrations(base="nowhere")


def test_a_base_without_a_repository(tmp_path, monkeypatch):
    started(tmp_path, monkeypatch, None)
    with pytest.raises(DriftcheckError, match="not a git repository"):
        check_migrations(base="HEAD")
