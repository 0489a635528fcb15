"""What reports say of a finding besides its message: nothing twice, and nothing that is not so."""

from __future__ import annotations

import pytest

from driftcheck.difference import Change
from driftcheck.report import Layout, render, wording
from tests.builders import finding, report


@pytest.mark.parametrize(
    ("expected", "actual", "message", "more"),
    [
        (200, 100, "maximum was 200, is now 100", False),
        (200, 100, "maximum was decreased", True),
        (None, ["a is gone", "b is new"], "Old code: a is gone. New code: b is new.", False),
        (None, ["a is gone", "c"], "Old code: a is gone.", True),
        (None, [], "something", True),
        (None, ["a"], "a is new", True),  # a word may be in the message by chance
        (None, ["a is gone", 1], "a is gone, 1", True),
    ],
)
def test_values_are_told_unless_the_message_holds_them(expected, actual, message, more):
    found = finding(change=Change.CHANGED, expected=expected, actual=actual, message=message)
    assert wording.values_say_more(found) is more


@pytest.mark.parametrize(
    ("attribution", "change", "words"),
    [
        ("model-ahead", Change.MISSING, "No migration makes it so"),
        ("model-ahead", Change.CHANGED, "No migration makes it so"),
        ("model-ahead", Change.EXTRA, "No migration takes it away"),
        ("not-applied", Change.MISSING, "not applied yet makes it so"),
        ("not-applied", Change.EXTRA, "not applied yet takes it away"),
        ("hand-made", Change.EXTRA, "Made by hand"),
        (None, Change.EXTRA, ""),
    ],
)
def test_who_is_wrong_depends_on_what_is_there(attribution, change, words):
    said = wording.attribution(finding(change=change, attribution=attribution).difference)
    assert words in said
    assert bool(said) == bool(words)


@pytest.mark.parametrize("format", ["text", "markdown", "html", "sarif"])
def test_a_note_that_the_message_holds_is_not_repeated(format):
    found = finding(message="upgrade() fails: no default.", note="no default.")
    assert render(report(found), format, Layout()).count("no default.") == 1
    other = finding(message="upgrade() fails.", note="no default.")
    assert "no default." in render(report(other), format, Layout())


@pytest.mark.parametrize(
    ("object", "heading"), [("0003", "Revision 0003"), ("versions/a.py", "versions/a.py")]
)
def test_a_revision_is_called_one(object, heading):
    found = finding(object=object, kind="revision", category="history", operation=None, pointer=None)
    assert f"\n{heading}\n" in render(report(found), "text")


def test_many_names_of_sides_are_wrapped():
    names = ", ".join(f"services-{number}-migrations" for number in range(9))
    lines = render(report(expected=names), "text").splitlines()
    assert max(map(len, lines)) <= 80
    assert "services-8-migrations -> new.yaml" in " ".join(line.strip() for line in lines)
