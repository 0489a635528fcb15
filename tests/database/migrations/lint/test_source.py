"""What the text of a revision's file says."""

from __future__ import annotations

from driftcheck.database.migrations.lint.source import called, read_source

TEXT = """
import app.models as models
from app.types import GUID
NAMES = ["orders_view"]
UNUSED = ["other_view"]

def drop(name):
    op.execute(f"DROP VIEW {name}")

def upgrade():
    from app.models import User
    op.add_column("orders", "x")

def downgrade():
    for name in NAMES:
        drop(name)
    op.drop_column("people", "mood")
"""


def test_strings_are_found_through_functions_and_constants():
    said = read_source(TEXT).strings("downgrade")
    assert "orders_view" in said
    assert "drop view" in said
    assert "other_view" not in said


def test_arguments_of_drops_can_be_left_out():
    source = read_source(TEXT)
    assert "mood" in source.strings("downgrade")
    assert "mood" not in source.strings("downgrade", but_undoing=True)


def test_imports_wherever_they_stand():
    found = {(each.module, each.name, each.bound) for each in read_source(TEXT).imports()}
    assert found == {
        ("app.models", "", "models"),
        ("app.types", "GUID", "GUID"),
        ("app.models", "User", "User"),
    }


def test_calls_by_the_last_part_of_their_name():
    assert [called(each) for each in read_source(TEXT).calls("upgrade")] == ["add_column"]
    assert list(read_source(TEXT).calls("nowhere")) == []


def test_a_downgrade_that_gives_up():
    assert read_source("def downgrade():\n    raise NotImplementedError").gives_up("downgrade")
    assert not read_source("def downgrade():\n    pass").gives_up("downgrade")
    assert not read_source("").gives_up("downgrade")
