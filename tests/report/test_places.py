"""Where annotating systems are told to look: below the repository's root, on a line that is there."""

from __future__ import annotations

import pytest

from driftcheck.difference import Location, Side
from driftcheck.report import Layout
from driftcheck.report.places import Place, Placer
from tests.builders import finding, report

EXPECTED, ACTUAL = Side.EXPECTED, Side.ACTUAL


def places(*locations, layout=None, **given):
    return Placer(report(**given), layout or Layout()).places(finding(locations=locations))


def test_the_new_side_comes_first():
    found = places(Location(EXPECTED, "old.yaml", 3, 1), Location(ACTUAL, "new.yaml", 5, 2))
    assert found == [Place("new.yaml", 5, 2), Place("old.yaml", 3, 1)]


def test_paths_begin_at_the_root_of_the_repository():
    layout = Layout(below_root="services/shop")
    assert places(Location(ACTUAL, "openapi.yaml", 1), layout=layout)[0].path == "services/shop/openapi.yaml"
    assert places(Location(ACTUAL, "../spec.yaml", 1), layout=layout)[0].path == "services/spec.yaml"
    assert places(Location(ACTUAL, "./a//b.yaml", 1), layout=layout)[0].path == "services/shop/a/b.yaml"


@pytest.mark.parametrize(
    "file",
    [
        "../x.yaml",
        "/etc/passwd",
        "C:\\x.yaml",
        "C:/x.yaml",
        "https://h/x.yaml",
        "-",
        "app.main:app",
        "",
        "a\0/b",
    ],
)
def test_what_is_no_file_of_the_repository_stands_at_the_configuration(file):
    layout = Layout(home="driftcheck.toml")
    assert places(Location(ACTUAL, file, 7, 1), layout=layout) == [Place("driftcheck.toml")]


def test_a_finding_without_a_place_stands_at_the_configuration():
    assert places() == [Place("pyproject.toml")]
    assert places(layout=Layout(below_root="a", home="../driftcheck.toml")) == [Place("driftcheck.toml")]
    assert places(layout=Layout(home="../outside.toml")) == [Place("pyproject.toml")]


def test_a_file_without_a_line_is_annotated_at_its_first():
    assert places(Location(ACTUAL, "migrations/4f2a.py")) == [Place("migrations/4f2a.py", 1)]


@pytest.mark.parametrize("name", ["main:openapi.yaml", "origin/main:openapi.yaml", "HEAD~3:openapi.yaml"])
def test_a_file_of_a_revision_is_the_file_of_today(name):
    assert places(Location(EXPECTED, name, 4, 2)) == [Place("openapi.yaml", 4, 2)]


def test_a_line_that_moved_is_followed():
    files = {"main:a.yaml": ["x", "y", "z"], "a.yaml": ["new", "x", "y", "z"]}
    layout = Layout(sources=files.get)
    assert places(Location(EXPECTED, "main:a.yaml", 3, 1), layout=layout) == [Place("a.yaml", 4)]


def test_a_line_that_is_gone_stands_where_it_was():
    files = {"main:a.yaml": ["x", "y", "gone", "z"], "a.yaml": ["new", "x", "y", "z"]}
    layout = Layout(sources=files.get)
    assert places(Location(EXPECTED, "main:a.yaml", 3, 1), layout=layout) == [Place("a.yaml", 3)]


def test_a_line_behind_the_end_and_an_empty_file_are_no_failure():
    files = {"main:a.yaml": ["x"], "a.yaml": ["x"], "main:b.yaml": [], "b.yaml": []}
    layout = Layout(sources=files.get)
    assert places(Location(EXPECTED, "main:a.yaml", 9), layout=layout) == [Place("a.yaml", 1)]
    assert places(Location(EXPECTED, "main:b.yaml", 9), layout=layout) == [Place("b.yaml", 1)]


def test_a_renamed_description_is_the_one_that_was_compared():
    files = {"main:old.yaml": ["x"], "new.yaml": ["x"]}
    layout = Layout(sources=files.get)
    assert (
        places(Location(EXPECTED, "main:old.yaml", 1), layout=layout, actual="new.yaml")[0].path == "new.yaml"
    )


def test_equal_places_are_one():
    assert len(places(Location(EXPECTED, "a.yaml", 1), Location(ACTUAL, "a.yaml", 1))) == 1
