"""Documents of a git revision, with everything they refer to read from the same revision."""

import os
import subprocess

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Anchor, Side
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading import Locator, load
from driftcheck.openapi.loading.revision import Revision, RevisionError
from driftcheck.openapi.node import Node, UnresolvedError

SPEC = "openapi: 3.0.0\npaths: {}\nx: {$ref: schemas/pet.yaml}\n"
OLD = {
    "specs/a.yaml": SPEC,
    "specs/schemas/pet.yaml": "x: {$ref: ../../shared.yaml}",
    "shared.yaml": "age: old",
}


def opened(source, **settings):
    return load(source, Side.EXPECTED, ApiConfig(**settings))


def followed(document):
    pet = document.resolve(document.node.child("x"))
    return document.resolve(pet.child("x"))


@pytest.fixture
def changed(commit, write):
    """A repository whose work tree is newer than its commit."""
    revision = commit(OLD)
    write({"shared.yaml": "age: new", "specs/schemas/pet.yaml": "gone: 1"})
    return revision


def test_references_are_read_from_the_same_revision(changed):
    for name in ("main", "HEAD", changed, changed[:8], "HEAD~0", "main^{commit}", "@"):
        assert followed(opened(f"{name}:specs/a.yaml")).value == {"age": "old"}
    assert opened("specs/a.yaml").resolve(opened("specs/a.yaml").node.child("x")).value == {"gone": 1}


def test_labels_are_what_git_takes(changed):
    document = opened("main:specs/a.yaml")
    assert document.label == "main:specs/a.yaml"
    assert followed(document).resource.label == "main:shared.yaml"
    assert followed(document).resource.uri.startswith("git:")


def test_paths_count_from_the_working_directory_and_then_from_the_top(changed):
    os.chdir("specs")
    for path in ("a.yaml", "./a.yaml", "specs/a.yaml", os.path.abspath("a.yaml")):
        document = opened(f"main:{path}")
        assert document.label == "main:a.yaml"
        assert followed(document).value == {"age": "old"}
        assert followed(document).resource.label == "main:shared.yaml"
    assert opened("main:../specs/a.yaml").label == "main:a.yaml"


def test_the_nearer_of_two_wins(commit):
    commit({"a.yaml": "openapi: 3.0.0\nx: top", "sub/a.yaml": "openapi: 3.0.0\nx: near"})
    os.chdir("sub")
    assert opened("main:a.yaml").root.data["x"] == "near"
    assert opened("main:../a.yaml").root.data["x"] == "top"


def test_the_index_is_the_revision_without_a_name(commit, git, write):
    commit(OLD)
    write({"shared.yaml": "age: staged"})
    git("add", "-A")
    write({"shared.yaml": "age: new"})
    assert followed(opened(":specs/a.yaml")).value == {"age": "staged"}
    assert opened(":specs/a.yaml").label == ":specs/a.yaml"


def test_places_have_lines(changed):
    document = opened("main:specs/a.yaml")
    target = followed(document)
    anchors = [Anchor(Side.EXPECTED, document.root.uri, "/x"), target.child("age").anchor(Side.EXPECTED)]
    places = Locator().locate(document, anchors)
    assert [(place.file, place.line, place.column) for place in places] == [
        ("main:specs/a.yaml", 3, 1),
        ("main:shared.yaml", 1, 1),
    ]


def test_names_with_colons_and_spaces(commit):
    commit({"a:b c.yaml": "openapi: 3.0.0\nx: {$ref: 'd e.yaml'}", "d e.yaml": "y: 1"})
    os.remove("a:b c.yaml")
    document = opened("main:a:b c.yaml")
    assert document.resolve(document.node.child("x")).value == {"y": 1}


def test_symlinks_are_followed_inside_the_revision_only(commit, here):
    os.symlink("real.yaml", here / "link.yaml")
    os.symlink("/etc/hostname", here / "out.yaml")
    commit({"real.yaml": "openapi: 3.0.0"})
    document = opened("main:link.yaml")
    assert document.version == "3.0"
    with pytest.raises(UnresolvedError, match="symlink that leaves the repository"):
        document.resolve(Node({"$ref": "out.yaml"}, document.root))


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("missing.yaml", "there is no such file"),
        ("schemas", "it is a directory"),
        ("../../outside.yaml", "leaves the repository"),
        ("/etc/hostname", "leaves the repository"),
        ("file:///etc/hostname", "leaves the repository"),
        ("https://host.invalid/x", "--allow-remote-refs"),
    ],
)
def test_references_that_lead_nowhere(changed, reference, reason):
    document = opened("main:specs/a.yaml")
    with pytest.raises(UnresolvedError, match=reason):
        document.resolve(Node({"$ref": reference}, document.root))
    assert followed(document).value == {"age": "old"}


def test_a_large_file_is_refused_and_the_next_one_read(commit):
    commit({"a.yaml": "openapi: 3.0.0", "large.yaml": "x: " + "y" * 5000})
    document = opened("main:a.yaml", max_bytes=1000)
    with pytest.raises(UnresolvedError, match="larger than 1,000 bytes"):
        document.resolve(Node({"$ref": "large.yaml"}, document.root))
    assert document.resolve(Node({"$ref": "#/openapi"}, document.root)).value == "3.0.0"


@pytest.mark.parametrize(
    ("source", "message", "hint"),
    [
        ("nowhere:specs/a.yaml", "git knows no revision nowhere", "git branch --all"),
        ("--help:specs/a.yaml", "git knows no revision --help", "git branch"),
        ("-x:specs/a.yaml", "git knows no revision -x", "git branch"),
        (
            "main:missing.yaml",
            "main:missing.yaml cannot be read from git: there is no such file",
            "git ls-tree",
        ),
        ("main:specs", "main:specs cannot be read from git: it is a directory", "git ls-tree"),
        ("main:../x.yaml", "there is no such file", "git ls-tree"),
        ("main:--output=x.yaml", "there is no such file", "git ls-tree"),
        ("main:specs/a.yaml\nHEAD:x.yaml", "there is no such file", "git ls-tree"),
        ("ma\nin:x.yaml", "git knows no revision", "git branch"),
    ],
)
def test_errors(changed, source, message, hint):
    with pytest.raises(DriftcheckError) as caught:
        opened(source)
    assert message in caught.value.message
    assert hint in caught.value.hint


def test_a_shallow_clone_is_told_how_to_get_the_rest(changed, git, here, monkeypatch):
    git("clone", "-q", "--depth", "1", here.as_uri(), str(here.parent / "shallow"))
    monkeypatch.chdir(here.parent / "shallow")
    with pytest.raises(DriftcheckError) as caught:
        opened("v1.0:specs/a.yaml")
    assert "git fetch --unshallow" in caught.value.hint


def test_outside_a_repository(here, monkeypatch):
    monkeypatch.setenv("GIT_CEILING_DIRECTORIES", str(here.parent))
    with pytest.raises(DriftcheckError) as caught:
        opened("main:a.yaml")
    assert "not a git repository" in caught.value.message
    assert "\n" not in caught.value.message


def test_without_git(here, monkeypatch):
    monkeypatch.setenv("PATH", str(here))
    with pytest.raises(DriftcheckError, match="git is not installed"):
        opened("main:a.yaml")


def test_one_process_serves_all_files(commit, monkeypatch):
    commit({f"d/{n}.yaml": f"x: {n}" for n in range(50)})
    revision = Revision("main", 1000)
    started = []
    popen = subprocess.Popen
    monkeypatch.setattr(
        subprocess, "Popen", lambda *given, **named: started.append(given) or popen(*given, **named)
    )
    assert [revision.read(f"d/{n}.yaml") for n in range(50)] == [f"x: {n}".encode() for n in range(50)]
    assert len(started) == 1


def test_a_dead_process_is_an_error_and_then_replaced(commit):
    commit({"a.yaml": "x: 1"})
    revision = Revision("main", 1000)
    assert revision.read("a.yaml") == b"x: 1"
    revision._process.kill()
    revision._process.wait()
    with pytest.raises(RevisionError):
        revision.read("a.yaml")
    assert revision.read("a.yaml") == b"x: 1"


def test_files_and_kinds(commit, git, write):
    commit({"a.yaml": "x", "d/b.yaml": "x", "d/é.yaml": "x"})
    for revision in (Revision("main", 1000), Revision("", 1000)):
        assert revision.files("") == ["a.yaml", "d/b.yaml", "d/é.yaml"]
        assert revision.files("d") == ["d/b.yaml", "d/é.yaml"]
        assert [revision.kind(path) for path in ("a.yaml", "d", "", "missing", "a\nb")] == [
            "blob", "tree", "tree", None, None,
        ]  # fmt: skip
