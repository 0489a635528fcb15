"""Which local files a reference may read, and how they are shown."""

import os

import pytest

from driftcheck.config import ApiConfig
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading.files import Folder, label_of, read_given, repository_top
from driftcheck.openapi.node import UnresolvedError


def folder(path, **settings):
    return Folder(str(path), ApiConfig(**settings))


def refused(place, path):
    with pytest.raises(UnresolvedError) as caught:
        place.read(str(path), "ref")
    return caught.value.reason


def test_files_below_the_folder_are_read(write):
    here = write({"specs/a.yaml": "a", "specs/deep/er/b.yaml": "b"})
    assert folder(here / "specs").read(str(here / "specs/a.yaml"), "ref") == b"a"
    assert folder(here / "specs").read(str(here / "specs/deep/er/b.yaml"), "ref") == b"b"


@pytest.mark.parametrize("name", ["b.yaml", "specs2/b.yaml", "../elsewhere.yaml"])
def test_files_outside_are_refused_unless_allowed(write, name):
    here = write({"specs/a.yaml": "a", "b.yaml": "b", "specs2/b.yaml": "b", "../elsewhere.yaml": "b"})
    path = here / name
    assert "outside the spec's folder or repository" in refused(folder(here / "specs"), path)
    assert folder(here / "specs", allow_outside_refs=True).read(str(path), "ref") == b"b"


def test_the_repository_around_the_folder_is_inside(commit):
    commit({"specs/a.yaml": "a", "shared/b.yaml": "b"})
    here = os.getcwd()
    assert folder(f"{here}/specs").read(f"{here}/shared/b.yaml", "ref") == b"b"
    assert repository_top(f"{here}/specs") == here


def test_a_symlink_may_not_lead_outside(write):
    here = write({"specs/a.yaml": "a", "secret": "s", "hidden/x.yaml": "x"})
    os.symlink(here / "secret", here / "specs/link.yaml")
    os.symlink(here / "hidden", here / "specs/dir")
    place = folder(here / "specs")
    assert "outside" in refused(place, here / "specs/link.yaml")
    assert "outside" in refused(place, here / "specs/dir/x.yaml")
    assert folder(here / "specs", allow_outside_refs=True).read(str(here / "specs/link.yaml"), "ref") == b"s"


def test_a_symlink_inside_is_fine_and_so_is_a_folder_that_is_one(write):
    here = write({"real/a.yaml": "a"})
    os.symlink(here / "real/a.yaml", here / "real/b.yaml")
    os.symlink(here / "real", here / "link")
    assert folder(here / "real").read(str(here / "real/b.yaml"), "ref") == b"a"
    assert folder(here / "link").read(str(here / "link/a.yaml"), "ref") == b"a"


@pytest.mark.parametrize("name", ["/dev/zero", "/dev/stdin"])
def test_devices_are_not_read(here, name):
    reason = refused(folder(here, allow_outside_refs=True), name)
    assert "regular file" in reason or "cannot be read" in reason or "no such file" in reason


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_among_the_references_is_not_waited_for(here):
    os.mkfifo("pipe.yaml")
    assert "not a regular file" in refused(folder(here), here / "pipe.yaml")


def test_a_file_that_is_too_large_is_refused(write):
    here = write({"a.yaml": "x" * 100})
    assert "larger than 99 bytes" in refused(folder(here, max_bytes=99), here / "a.yaml")
    assert folder(here, max_bytes=100).read(str(here / "a.yaml"), "ref") == b"x" * 100


def test_what_the_user_names_is_limited_too(write):
    write({"a.yaml": "x" * 100})
    assert read_given("a.yaml", "a.yaml", 100) == b"x" * 100
    with pytest.raises(DriftcheckError, match=r"a\.yaml is larger than 99 bytes"):
        read_given("a.yaml", "a.yaml", 99)


@pytest.mark.parametrize(
    ("path", "relative", "label"),
    [
        ("a/b.yaml", True, "a/b.yaml"),
        ("{here}/a/b.yaml", False, "a/b.yaml"),
        ("{here}/../x/b.yaml", True, "../x/b.yaml"),
        ("{here}/../x/b.yaml", False, "{here}/../x/b.yaml"),
    ],
)
def test_labels(here, path, relative, label):
    assert label_of(path.format(here=here), relative) == label.format(here=here)
