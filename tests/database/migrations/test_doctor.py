"""What is wrong with a history by its files: nothing is run for this, and broken files are no obstacle."""

from __future__ import annotations

import pytest

from driftcheck.database.migrations.doctor import compare_files, examine
from driftcheck.database.migrations.files import read_text

BODY = "def upgrade():\n    op.drop_table('t')\n\ndef downgrade():\n    op.create_table('t')\n"


def revision(name, down=None, path=None, body=BODY, created=""):
    head = f'"""{name}\n\nCreate Date: {created}\n"""\n' if created else ""
    return read_text(
        path or f"versions/{name}.py", f"{head}revision = {name!r}\ndown_revision = {down!r}\n{body}"
    )


def said(files):
    return sorted((item.attribute, item.object) for item in examine(files))


def labelled(name, down=None, label=None):
    label = label or f"({name!r},)"
    return revision(name, down, body=f"branch_labels = {label}\n{BODY}")


A, B = revision("a1"), revision("b2", "a1")

BAD = {
    "two heads": ([A, B, revision("c3", "a1")], [("heads", "b2")]),
    "two heads, one with a label": ([A, labelled("b2", "a1"), revision("c3", "a1")], [("heads", "b2")]),
    "two heads of one label": ([labelled("a1"), B, revision("c3", "a1")], [("heads", "b2")]),
    "three heads, two with a label": (
        [A, labelled("b2", "a1"), labelled("c3", "a1"), revision("d4", "a1")], [("heads", "b2")],
    ),
    "one id twice": ([A, B, revision("b2", "a1", path="versions/copy.py")], [("duplicate", "b2")]),
    "no id": ([A, read_text("versions/x.py", BODY)], [("id", "x")]),
    "after one that is not there": ([A, revision("b2", "zz")], [("down_revision", "b2")]),
    "a merge with one that is not there": ([A, revision("b2", ("a1", "zz"))], [("down_revision", "b2")]),
    "after itself": ([revision("a1", "a1")], [("cycle", "a1")]),
    "a circle": ([revision("a1", "c3"), revision("b2", "a1"), revision("c3", "b2")], [("cycle", "a1")]),
    "a syntax error": (
        [A, read_text("versions/b.py", "revision = 'b2'\ndef upgrade(:\n")], [("file", "b")],
    ),
    "no downgrade": ([revision("a1", body=BODY.partition("\n\ndef")[0])], [("downgrade-missing", "a1")]),
    "an empty downgrade": (
        [revision("a1", body=BODY.replace("op.create_table('t')", "pass"))], [("downgrade-empty", "a1")],
    ),
    "a downgrade of words": (
        [revision("a1", body=BODY.replace("op.create_table('t')", "'nothing'\n    print('nothing')"))],
        [("downgrade-empty", "a1")],
    ),
    "a downgrade that refuses": (
        [revision("a1", body=BODY.replace("op.create_table('t')", "raise NotImplementedError"))],
        [("downgrade-refused", "a1")],
    ),
    "older than the one before": (
        [revision("a1", created="2024-06-01 10:00:00"), revision("b2", "a1", created="2024-05-01 10:00:00")],
        [("order", "b2")],
    ),
    "a lower number than the one before": (
        [revision("a1", path="versions/0002_a.py"), revision("b2", "a1", path="versions/0001_b.py")],
        [("order", "b2")],
    ),
}  # fmt: skip

GOOD = {
    "a chain": [A, B],
    "a merge": [A, B, revision("c3", "a1"), revision("d4", ("b2", "c3"), body="def upgrade():\n    pass\n")],
    "branches with bases of their own": [A, B, revision("x1")],
    "branches with a label each": [A, labelled("b2", "a1"), labelled("c3", "a1"), revision("d4", "c3")],
    "branches with a label each that is computed": [
        A, labelled("b2", "a1", "(names.EXPAND,)"), labelled("c3", "a1", "(names.CONTRACT,)"),
    ],
    "annotated": [read_text("v/a.py", f"revision: str = 'a1'\ndown_revision: str | None = None\n{BODY}")],
    "a module of helpers": [A, *filter(None, [read_text("versions/helpers.py", "def add(op):\n    pass\n")])],
    "an empty upgrade": [revision("a1", body="def upgrade():\n    pass\n\ndef downgrade():\n    pass\n")],
    "dates in order": [
        revision("a1", created="2024-05-01 10:00:00"),
        revision("b2", "a1", created="2024-06-01 10:00:00+00:00"),
    ],
    "numbers in order": [
        revision("a1", path="versions/0001_a.py"), revision("b2", "a1", path="versions/0010_b.py"),
    ],
    "an id that is computed": [
        read_text("v/a.py", f"revision = ''.join('a1')\ndown_revision = None\n{BODY}")
    ],
    "a dependency": [A, revision("b2", None, body=f"depends_on = 'a1'\n{BODY}")],
}  # fmt: skip


@pytest.mark.parametrize("case", BAD)
def test_what_is_wrong_is_told(case):
    files, expected = BAD[case]
    assert said(files) == expected


@pytest.mark.parametrize("case", GOOD)
def test_what_is_in_order_is_not(case):
    assert said(GOOD[case]) == []


def test_places_are_lines_of_the_files():
    places = {item.attribute: item.locations for item in examine([A, revision("b2", "zz")])}
    assert [(at.file, at.line) for at in places["down_revision"]] == [("versions/b2.py", 2)]
    (broken,) = examine([read_text("versions/b.py", "revision = 'b2'\n\ndef upgrade(:\n")])
    assert broken.locations[0].line == 3


def test_a_downgrade_is_missed_even_where_the_history_is_broken():
    body = BODY.partition("\n\ndef")[0]
    assert ("downgrade-missing", "b2") in said([A, revision("b2", "zz", body=body)])


EDITS = {
    "another column": (BODY.replace("'t'", "'u'"), ["edited"]),
    "another order": (BODY.replace("    op.drop", "    op.other()\n    op.drop"), ["edited"]),
    "a comment": (BODY.replace("    op.drop", "    # why\n    op.drop"), []),
    "a docstring": (BODY.replace("    op.drop", '    """Why."""\n    op.drop'), []),
    "layout": (BODY.replace("('t')", "(\n        't',\n    )"), []),
    "annotations": (BODY.replace("upgrade()", "upgrade() -> None"), []),
    "an import": (f"import os\n{BODY}", []),
}


@pytest.mark.parametrize("case", EDITS)
def test_an_edit_counts_if_it_does_something_else(case):
    body, expected = EDITS[case]
    assert [item.attribute for item in compare_files([A], [revision("a1", body=body)])] == expected


def test_a_revision_that_is_gone():
    (found,) = compare_files([A, B], [A])
    assert (found.attribute, found.object, found.expected) == ("deleted", "b2", "versions/b2.py")


def test_a_file_that_only_moved_is_not_gone():
    assert compare_files([A], [revision("a1", path="versions/2024/a1.py")]) == []


def test_a_new_revision_before_an_old_one():
    new = [A, revision("c3", "a1"), revision("b2", "c3")]
    found = {item.attribute: item.object for item in compare_files([A, B], new)}
    assert found == {"inserted": "c3", "edited": "b2"}


def test_a_new_revision_at_the_end_is_fine():
    assert compare_files([A, B], [A, B, revision("c3", "b2")]) == []


def test_files_may_have_another_encoding():
    text = f"# coding: latin-1\nrevision = 'a1'\ndown_revision = None\n{BODY}# \xff\n"
    assert read_text("versions/a.py", text.encode("latin-1")).revision == "a1"
