"""Loading from files, standard input and mappings; what a Document then says of itself."""

import io
import os
from pathlib import Path

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading import load
from driftcheck.openapi.node import Node, UnresolvedError

SPEC = "openapi: 3.0.3\ninfo: {title: Shop, version: 1.10}\npaths: {}\n"
JSON = '{"openapi": "3.1.0", "info": {"title": "Shop", "version": "1"}, "paths": {}}'
SETTINGS = ApiConfig()


def expected(source, **given):
    return load(source, Side.EXPECTED, SETTINGS, **given)


@pytest.mark.parametrize(
    ("name", "text", "version"), [("a.yaml", SPEC, "3.0"), ("a.json", JSON, "3.1"), ("a", JSON, "3.1")]
)
def test_a_file(write, name, text, version):
    write({name: text})
    document = expected(name)
    assert document.version == version
    assert document.side is Side.EXPECTED
    assert document.label == name
    assert document.root.label == name
    assert document.root.text == text.encode()
    assert document.node.value["info"]["title"] == "Shop"


def test_names_that_lie_about_the_format(write):
    write({"a.json": SPEC, "b.yaml": JSON})
    assert expected("a.json").root.is_json is False
    assert expected("b.yaml").root.is_json is True


def test_paths_are_shown_from_the_working_directory(write):
    place = write({"specs/a.yaml": SPEC, "below/x": ""})
    assert expected("./specs/../specs/a.yaml").label == "specs/a.yaml"
    assert expected(str(place / "specs" / "a.yaml")).label == "specs/a.yaml"
    assert expected(Path("specs/a.yaml")).label == "specs/a.yaml"
    assert expected((place / "specs" / "a.yaml").as_uri()).label == "specs/a.yaml"
    os.chdir("below")
    assert expected("../specs/a.yaml").label == "../specs/a.yaml"
    assert expected(str(place / "specs" / "a.yaml")).label == str(place / "specs" / "a.yaml")


@pytest.mark.skipif(not hasattr(os, "mkfifo"), reason="no named pipes here")
def test_a_pipe_is_a_file_too(here):
    import threading

    os.mkfifo("pipe")
    writer = threading.Thread(target=lambda: Path("pipe").write_text(SPEC))
    writer.start()
    assert expected("pipe").version == "3.0"
    writer.join()


def test_standard_input_given_as_bytes():
    document = expected("-", stdin=SPEC.encode())
    assert (document.label, document.version) == ("<stdin>", "3.0")


def test_standard_input_of_the_process(monkeypatch):
    class Stdin:
        buffer = io.BytesIO(JSON.encode())

    monkeypatch.setattr("sys.stdin", Stdin)
    assert expected("-").version == "3.1"


def test_references_from_standard_input_count_from_the_working_directory(write):
    write({"pet.yaml": "type: object\n"})
    document = expected("-", stdin=SPEC.encode())
    assert document.resolve(Node({"$ref": "pet.yaml"}, document.root)).value == {"type": "object"}


def test_a_mapping_is_copied_and_gets_text_as_keys():
    given = {"openapi": "3.0.0", "paths": {"/a": {"get": {"responses": {200: {"description": "x"}}}}}}
    document = expected(given)
    given["paths"]["/a"]["get"]["responses"].clear()
    assert document.root.data["paths"]["/a"]["get"]["responses"] == {"200": {"description": "x"}}
    assert document.root.text is None


@pytest.mark.parametrize(
    ("source", "message"),
    [
        ("missing.yaml", "missing.yaml does not exist"),
        ("folder", "folder is a directory"),
        ("empty.yaml", "empty.yaml: the file is empty"),
        ("list.yaml", "list.yaml holds a list, not an OpenAPI document"),
        ("other.yaml", "other.yaml is not an OpenAPI document"),
        ("large.yaml", "large.yaml is larger than 1,000 bytes"),
        ("a\0b", "cannot be read"),
    ],
)
def test_what_cannot_be_loaded_is_one_sentence(write, source, message):
    write(
        {"folder/x": "", "empty.yaml": "", "list.yaml": "- a", "other.yaml": "a: 1", "large.yaml": "x" * 2000}
    )
    with pytest.raises(DriftcheckError) as caught:
        load(source, Side.ACTUAL, ApiConfig(max_bytes=1000))
    assert message in caught.value.message
    assert "\n" not in caught.value.message


def test_standard_input_is_limited_too():
    with pytest.raises(DriftcheckError, match="<stdin> is larger than 10 bytes"):
        load("-", Side.ACTUAL, ApiConfig(max_bytes=10), stdin=b"x" * 11)


def test_a_mapping_that_is_no_document():
    with pytest.raises(DriftcheckError, match=r"<mapping> is not an OpenAPI document"):
        expected({"a": 1})


def test_a_word_that_is_neither_application_nor_revision_is_told_so(here):
    with pytest.raises(DriftcheckError, match=r"there is no module app_that_is_not\.main here") as caught:
        expected("app_that_is_not.main:app")
    assert "git" in caught.value.message


def test_loading_follows_no_reference(write):
    write({"a.yaml": SPEC + "x:\n  $ref: missing.yaml\n"})
    document = expected("a.yaml")
    with pytest.raises(UnresolvedError):
        document.resolve(document.node.child("x"))
