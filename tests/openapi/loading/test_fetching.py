"""The other files of a document: each once, and every failure remembered in words."""

import pytest

from driftcheck.config import ApiConfig
from driftcheck.openapi.loading.fetching import Fetching, named_json
from driftcheck.openapi.loading.files import Folder
from driftcheck.openapi.loading.uri import file_uri
from driftcheck.openapi.node import Resource, UnresolvedError


def fetching(here, **settings):
    given = ApiConfig(**settings)
    return Fetching(given, folder=Folder(str(here), given))


def test_a_file_is_read_and_parsed_once(write):
    here = write({"a.yaml": "x: 1"})
    fetch = fetching(here)
    uri = file_uri(str(here / "a.yaml"))
    found = fetch(uri, "a.yaml")
    (here / "a.yaml").write_text("x: 2")
    assert fetch(uri, "a.yaml") is found
    assert (found.label, found.data, found.text) == ("a.yaml", {"x": 1}, b"x: 1")


def test_a_failure_is_remembered_with_the_words_of_each_reference(write):
    here = write({})
    fetch = fetching(here)
    uri = file_uri(str(here / "a.yaml"))
    for reference in ("a.yaml", "./a.yaml"):
        with pytest.raises(UnresolvedError, match="no such file") as caught:
            fetch(uri, reference)
        assert caught.value.reference == reference
        (here / "a.yaml").write_text("x: 1")


def test_what_is_added_is_known(here):
    fetch = fetching(here)
    root = Resource("file:///nowhere", "nowhere", {})
    fetch.add(root)
    assert fetch("file:///nowhere", "x") is root


def test_without_a_folder_no_file_is_read(here):
    with pytest.raises(UnresolvedError, match="may not read local files"):
        Fetching(ApiConfig())("file:///etc/hostname", "x")


@pytest.mark.parametrize("text", ["$id: x", "$anchor: x", '{"a": {"$dynamicAnchor": "x"}}'])
def test_files_that_may_hold_other_names_say_so(write, text):
    here = write({"a.yaml": text, "b.yaml": "id: x"})
    fetch = fetching(here)
    assert fetch(file_uri(str(here / "a.yaml")), "x").has_names
    assert not fetch(file_uri(str(here / "b.yaml")), "x").has_names


@pytest.mark.parametrize(
    ("name", "said"), [("a.json", True), ("a.JSON", True), ("a.yaml", False), ("a.yml", False), ("a", None)]
)
def test_what_a_name_says(name, said):
    assert named_json(name) is said
