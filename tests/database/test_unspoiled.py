"""Revisions that name columns of models leave the models as they are."""

from __future__ import annotations

import pytest
from sqlalchemy import CheckConstraint, Column, Index, Integer, MetaData, Table, UniqueConstraint

from driftcheck import check_database
from driftcheck.database.sources.unspoiled import unspoiled
from tests.database.migrations.project import Project


def as_a_revision(source, **names):
    """Run a source as the code of a revision."""
    exec(source, {"down_revision": None, "sa": __import__("sqlalchemy"), **names})


@pytest.fixture
def table():
    return Table("t", MetaData(), Column("a", Integer), Column("b", Integer))


@pytest.mark.parametrize(
    "source",
    [
        "sa.CheckConstraint(t.c.a > 0, name='positive')",
        "sa.Index('by_a', t.c.a)",
        "sa.UniqueConstraint(t.c.a, t.c.b)",
        "t.append_constraint(sa.CheckConstraint('a > 0'))",
    ],
)
def test_what_a_revision_adds_to_a_model_does_not_stay(table, source):
    with unspoiled():
        as_a_revision(source, t=table)
    assert (table.constraints, table.indexes) == ({table.primary_key}, set())
    as_a_revision(source, t=table)
    assert len(table.constraints) + len(table.indexes) == 2


def test_an_index_of_a_revision_knows_its_table(table):
    found = []
    with unspoiled():
        as_a_revision("found.append(sa.Index('by_a', t.c.a))", t=table, found=found)
    assert found[0].table is table


def test_models_and_the_tables_of_a_revision_itself_keep_theirs(table):
    own = []
    with unspoiled():
        CheckConstraint(table.c.a > 0)
        Index("by_a", table.c.a)
        as_a_revision(
            "u = sa.Table('u', sa.MetaData(), sa.Column('a', sa.Integer, unique=True))\n"
            "sa.Index('by_u', u.c.a)\nown.append(u)",
            own=own,
        )
    assert (len(table.constraints), len(table.indexes)) == (2, 1)
    assert (len(own[0].constraints), len(own[0].indexes)) == (2, 1)
    assert any(isinstance(each, UniqueConstraint) for each in own[0].constraints)


def test_a_check_of_a_revision_is_no_drift_of_the_models(tmp_path, monkeypatch):
    monkeypatch.syspath_prepend(str(tmp_path))
    project = Project(tmp_path, monkeypatch, "t = sa.Table('t', metadata, Column('a', Integer))")
    project.add("a1", "op.create_table('t', sa.Column('a', sa.Integer))")
    file = tmp_path / "migrations" / "versions" / "a1.py"
    use = f"from {project.module} import t\nkept = [sa.CheckConstraint(t.c.a > 0, name='positive')]\n"
    file.write_text(file.read_text().replace("\n\n\ndef upgrade", f"\n{use}\n\ndef upgrade"))
    for models in (f"{project.module}:metadata", None):
        report = check_database(models=models, migrations="alembic.ini")
        assert (report.findings, report.skipped) == ((), ())
