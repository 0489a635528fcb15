"""Two directories or globs as pairs of specs: which files take part, and which belong together."""

import os
from pathlib import Path

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading import SpecPair, load, pair_up
from driftcheck.openapi.loading.pairs import is_root

SPEC = "openapi: 3.0.0\npaths: {}\n"
SETTINGS = ApiConfig()


def pairs(old, new):
    return [(pair.label, pair.expected, pair.actual) for pair in pair_up(old, new, SETTINGS)]


@pytest.mark.parametrize(
    ("old", "new"),
    [
        ("a.yaml", "b.yaml"),
        ("missing.yaml", "-"),
        ("https://host/x*", "main:b.yaml"),
        ({"openapi": "3.0.0"}, {"openapi": "3.0.0"}),
        ("odd[1].yaml", "b.yaml"),
        (Path("a.yaml"), Path("b.yaml")),
    ],
)
def test_single_documents_are_no_pairs(commit, old, new):
    commit({"a.yaml": SPEC, "b.yaml": SPEC, "odd[1].yaml": SPEC})
    assert pair_up(old, new, SETTINGS) is None


def test_directories_are_paired_by_relative_path(write):
    write(
        {
            "old/a.yaml": SPEC, "old/deep/b.json": '{"openapi": "3.0.0"}', "old/gone.yaml": SPEC,
            "new/a.yaml": SPEC, "new/deep/b.json": '{"swagger": "2.0"}', "new/fresh.yml": SPEC,
            "old/schemas/pet.yaml": "type: object", "new/package.json": '{"name": "x"}', "new/a.md": SPEC,
            "new/.hidden/x.yaml": SPEC, "new/node_modules/x/y.yaml": SPEC,
        }
    )  # fmt: skip
    assert pairs("old", "new/") == [
        ("a.yaml", "old/a.yaml", "new/a.yaml"),
        ("deep/b.json", "old/deep/b.json", "new/deep/b.json"),
        ("fresh.yml", None, "new/fresh.yml"),
        ("gone.yaml", "old/gone.yaml", None),
    ]


def test_paths_may_be_paths(write):
    write({"old/a.yaml": SPEC, "new/a.yaml": SPEC})
    assert pair_up(Path("old"), Path("new"), SETTINGS) == [SpecPair("a.yaml", "old/a.yaml", "new/a.yaml")]


def test_a_spec_that_changed_its_format_is_the_same_spec(write):
    write({"old/a.json": '{"openapi": "3.0.0"}', "new/a.yaml": SPEC, "new/b.yaml": SPEC})
    assert pairs("old", "new") == [("a.json", "old/a.json", "new/a.yaml"), ("b.yaml", None, "new/b.yaml")]


@pytest.mark.parametrize(
    ("old", "new", "labels"),
    [
        ("old/*.yaml", "new/*.yaml", ["a.yaml", "b.yaml"]),
        ("old/**/*.yaml", "new/**/*.yaml", ["a.yaml", "b.yaml", "deep/c.yaml"]),
        ("old/[a]*", "new/?.yaml", ["a.yaml", "b.yaml"]),
        ("old/*/c.yaml", "new/*/c.yaml", ["deep/c.yaml"]),
    ],
)
def test_globs_are_paired_below_their_fixed_part(write, old, new, labels):
    write({f"{side}/{name}": SPEC for side in ("old", "new") for name in ("a.yaml", "b.yaml", "deep/c.yaml")})
    write({"new/deep/part.yaml": "type: object"})
    assert [pair.label for pair in pair_up(old, new, SETTINGS)] == labels


def test_a_directory_of_a_revision(commit, write):
    commit(
        {
            "specs/a.yaml": SPEC,
            "specs/deep/b.yaml": SPEC,
            "specs/schemas/pet.yaml": "x: 1",
            "other.yaml": SPEC,
        }
    )
    write({"specs/c.yaml": SPEC})
    os.remove("specs/deep/b.yaml")
    assert pairs("main:specs", "specs") == [
        ("a.yaml", "main:./specs/a.yaml", "specs/a.yaml"),
        ("c.yaml", None, "specs/c.yaml"),
        ("deep/b.yaml", "main:./specs/deep/b.yaml", None),
    ]
    assert load("main:./specs/deep/b.yaml", Side.EXPECTED, SETTINGS).label == "main:specs/deep/b.yaml"


def test_a_directory_of_a_revision_seen_from_below(commit):
    commit({"specs/a.yaml": SPEC, "sub/x": ""})
    os.chdir("sub")
    assert pairs("main:specs", "main:../specs") == [
        ("a.yaml", "main:./../specs/a.yaml", "main:./../specs/a.yaml")
    ]
    assert load("main:./../specs/a.yaml", Side.EXPECTED, SETTINGS).version == "3.0"


@pytest.mark.parametrize(
    ("pattern", "labels"),
    [
        ("specs/*.yaml", ["a.yaml"]),
        ("specs/**/*.yaml", ["a.yaml", "deep/b.yaml"]),
        ("*/a.yaml", ["specs/a.yaml"]),
    ],
)
def test_globs_in_a_revision(commit, pattern, labels):
    commit({"specs/a.yaml": SPEC, "specs/deep/b.yaml": SPEC, "specs/deep/part.yaml": "x: 1"})
    assert [pair.label for pair in pair_up(f"main:{pattern}", f"main:{pattern}", SETTINGS)] == labels


@pytest.mark.parametrize(
    ("old", "new", "message"),
    [
        ("old", "old/a.yaml", "old is a collection of specs, and old/a.yaml is not"),
        ("old/a.yaml", "old", "old is a collection of specs, and old/a.yaml is not"),
        ("old", {"openapi": "3.0.0"}, "old is a collection of specs, and a mapping is not"),
        ("old", "main:missing", "old is a collection of specs, and main:missing is not"),
        ("empty", "empty", "neither empty nor empty holds an OpenAPI document"),
        ("none/*.yaml", "none/*.json", "neither none/*.yaml nor none/*.json holds"),
        ("odl/*.yaml", "old/*.yaml", "no OpenAPI document matches odl/*.yaml"),
        ("old/*.yaml", "old/*.yml", "no OpenAPI document matches old/*.yml"),
        ("main:old/*.yml", "old", "no OpenAPI document matches main:old/*.yml"),
    ],
)
def test_errors(commit, write, old, new, message):
    commit({"old/a.yaml": SPEC, "empty/readme.md": ""})
    with pytest.raises(DriftcheckError) as caught:
        pair_up(old, new, SETTINGS)
    assert message in caught.value.message
    assert caught.value.hint


def test_one_empty_side_means_all_are_new(write):
    write({"old/readme.md": "", "new/a.yaml": SPEC})
    assert pairs("old", "new") == [("a.yaml", None, "new/a.yaml")]


@pytest.mark.parametrize(
    ("text", "root"),
    [
        (b"openapi: 3.0.0", True),
        (b"swagger: '2.0'", True),
        (b'"openapi": "3.0.0"', True),
        (b"# x\ninfo: {}\nopenapi: 3.1.0\n", True),
        (b"\xef\xbb\xbfopenapi: 3.0.0", True),
        (b"openapi  : 3.0.0", True),
        (b'{"info": {}, "openapi": "3.0.0"}', True),
        (b'\n{"swagger" : 2.0}', True),
        (b'{"openapi": "3.0.0", broken', True),
        (b"info: {}\n  openapi: 3.0.0", False),
        (b"text: |\n  openapi: 3.0.0", False),
        (b"openapi: {}", False),
        (b"asyncapi: 2.0.0", False),
        (b'{"dependencies": {"openapi": "1.0.0"}}', False),
        (b'{"name": "x"}', False),
        (b"", False),
    ],
)
def test_roots_are_told_at_a_glance(text, root):
    assert is_root(text) is root
