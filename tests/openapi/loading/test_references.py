"""Where a `$ref` leads: files, pointers, anchors and ids, and the words for those that lead nowhere."""

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.openapi.loading import load
from driftcheck.openapi.loading.references import locate_reference
from driftcheck.openapi.node import Node, UnresolvedError

ROOT = """
openapi: 3.1.0
info: {title: Shop, version: "1"}
paths:
  /pets/{id}:
    $ref: paths/pet.yaml
components:
  schemas:
    Pet: {type: object, x: 1}
    "a/b": {x: 2}
    "a~b": {x: 3}
    "a b": {x: 4}
    "100%": {x: 5}
    "%20": {x: 6}
    Ünï: {x: 7}
    "": {x: 8}
    Alias: {$ref: "#/components/schemas/Pet"}
    Nested: {properties: {tags: {items: {x: 9}}}, allOf: [{x: 10}, {x: 11}]}
    Through: {$ref: "#/components/schemas/Nested"}
    Self: {$ref: "#/components/schemas/Self"}
    Ping: {$ref: "#/components/schemas/Pong"}
    Pong: {$ref: "#/components/schemas/Ping"}
    Inward: {$ref: "#/components/schemas/Inward/properties/x"}
"""
FILES = {
    "openapi.yaml": ROOT,
    "paths/pet.yaml": 'get: {responses: {"200": {$ref: "../responses.yaml#/ok"}}}\n',
    "responses.yaml": "ok: {content: {x: {schema: {$ref: openapi.yaml#/components/schemas/Pet}}}}\n",
    "my schema.yaml": "x: 20\n",
    "list.json": '[{"x": 21}]',
    "text.md": "hello\n",
    "broken.yaml": "a: [",
    "Pet.txt": "x: 22\n",
}


@pytest.fixture
def document(opened):
    return opened(FILES)


def value(document, reference):
    return document.resolve(Node({"$ref": reference}, document.root)).value


@pytest.mark.parametrize(
    ("reference", "x"),
    [
        ("#/components/schemas/Pet", 1),
        ("openapi.yaml#/components/schemas/Pet", 1),
        ("./openapi.yaml#/components/schemas/Pet", 1),
        ("paths/../openapi.yaml#/components/schemas/Pet", 1),
        ("#/components/schemas/a~1b", 2),
        ("#/components/schemas/a~0b", 3),
        ("#/components/schemas/a%7E0b", 3),
        ("#/components/schemas/a%20b", 4),
        ("#/components/schemas/a b", 4),
        ("#/components/schemas/100%25", 5),
        ("#/components/schemas/100%", 5),
        ("#/components/schemas/%20", 6),
        ("#/components/schemas/%2520", 6),
        ("#/components/schemas/%C3%9Cn%C3%AF", 7),
        ("#/components/schemas/Ünï", 7),
        ("#/components/schemas/", 8),
        ("#/components/schemas/Alias", 1),
        ("#/components/schemas/Nested/properties/tags/items", 9),
        ("#/components/schemas/Nested/allOf/1", 11),
        ("#/components/schemas/Through/allOf/0", 10),
        ("my%20schema.yaml", 20),
        ("my schema.yaml", 20),
        ("my%20schema.yaml#", 20),
        (".\\my schema.yaml", 20),
        ("list.json#/0", 21),
        ("Pet.txt", 22),
        ("Pet", 1),
    ],
)
def test_references_that_lead_somewhere(document, reference, x):
    assert value(document, reference)["x"] == x


def test_the_whole_document(document):
    assert value(document, "#") is document.root.data


def test_a_path_item_in_its_own_file_and_back(document):
    item = document.resolve(document.node.child("paths").child("/pets/{id}"))
    assert item.resource.label == "paths/pet.yaml"
    response = document.resolve(item.child("get").child("responses").child("200"))
    assert (response.resource.label, response.pointer) == ("responses.yaml", "/ok")
    schema = document.resolve(response.child("content").child("x").child("schema"))
    assert schema.resource is document.root
    assert schema.pointer == "/components/schemas/Pet"


def test_the_pointer_is_canonical_however_it_was_written(document):
    node = locate_reference(document, document.root, "#/components/schemas/a%7E1b")
    assert node.pointer == "/components/schemas/a~1b"


@pytest.mark.parametrize(
    ("reference", "reason"),
    [
        ("#/components/schemas/Missing", "there is nothing at #/components/schemas/Missing"),
        ("#/components/schemas/Pet/x/y", "there is nothing at #/components/schemas/Pet/x/y"),
        ("#/components/schemas/Nested/allOf/2", "there is nothing at"),
        ("#/components/schemas/Nested/allOf/-1", "there is nothing at"),
        ("#/components/schemas/Nested/allOf/01", "there is nothing at"),
        ("#/components/schemas/Nested/allOf/٣", "there is nothing at"),
        ("#/components/schemas/Nested/allOf/" + "9" * 5000, "there is nothing at"),
        ("#components/schemas/Pet", "there is no $anchor called"),
        ("#/components/schemas/Self", "leads back to itself"),
        ("#/components/schemas/Ping", "leads back to itself"),
        ("#/components/schemas/Inward", "leads back to itself"),
        ("missing.yaml", "there is no such file"),
        ("paths", "the file cannot be read: Is a directory"),
        ("broken.yaml", "broken.yaml:2:1: this is not valid YAML"),
        ("text.md#/x", "there is nothing at #/x"),
        ("urn:example:pet", "nothing is known about urn: addresses"),
        ("ftp://host/x", "nothing is known about ftp: addresses"),
        ("https://host/pet.yaml", "only read with --allow-remote-refs"),
        ("//host/pet.yaml", "outside the spec's folder"),
        ("a\0b", "the path holds a character that no file name has"),
        ("a%00b", "the path holds a character that no file name has"),
        ("a%0Ab", "the path holds a character that no file name has"),
        ("x" * 5000, "cannot be read"),
        ("https://[::1/x", "only read with --allow-remote-refs"),
    ],
)
def test_references_that_lead_nowhere_say_why(document, reference, reason):
    with pytest.raises(UnresolvedError) as caught:
        value(document, reference)
    assert reason in caught.value.reason


def test_a_long_chain_of_references_inside_one_pointer_is_refused(opened):
    schemas = "".join(f"    A{n}: {{$ref: '#/components/schemas/A{n + 1}/x'}}\n" for n in range(2000))
    document = opened({"a.yaml": f"openapi: 3.0.0\ncomponents:\n  schemas:\n{schemas}"})
    with pytest.raises(UnresolvedError, match="lie on the way"):
        value(document, "#/components/schemas/A0")


def test_a_long_chain_of_plain_references_is_followed(opened):
    schemas = "".join(f"    A{n}: {{$ref: '#/components/schemas/A{n + 1}'}}\n" for n in range(2000))
    document = opened({"a.yaml": f"openapi: 3.0.0\ncomponents:\n  schemas:\n{schemas}    A2000: {{x: 1}}\n"})
    assert value(document, "#/components/schemas/A0") == {"x": 1}


def test_a_swagger_document_with_bare_names(opened):
    document = opened({"a.json": '{"swagger": "2.0", "definitions": {"Pet": {"x": 1}}}'})
    assert value(document, "Pet") == {"x": 1}
    with pytest.raises(UnresolvedError, match="there is no such file"):
        value(document, "Cat")


NAMED = """
openapi: {version}
components:
  schemas:
    Tree: {{$anchor: tree, x: 1, properties: {{child: {{$ref: "#tree"}}}}}}
    Pet:
      $id: https://example.org/schemas/pet
      x: 2
      $defs: {{Tag: {{x: 3, $anchor: tag}}}}
      properties:
        tag: {{$ref: "#/$defs/Tag"}}
        again: {{$ref: "#tag"}}
        whole: {{$ref: "#"}}
        sibling: {{$ref: owner}}
        outside: {{$ref: "#/components/schemas/Tree"}}
        file: {{$ref: other.yaml}}
    Owner: {{$id: https://example.org/schemas/owner, x: 4}}
    ByUrl: {{$ref: https://example.org/schemas/pet}}
    Inner: {{$ref: "https://example.org/schemas/pet#/$defs/Tag"}}
    Dynamic: {{$dynamicAnchor: node, x: 5}}
    Data: {{example: {{$id: https://example.org/data, $anchor: data}}}}
"""


def resolved(document, *path):
    node = document.node
    for token in path:
        node = node.child(token)
    return document.resolve(node).value


@pytest.mark.parametrize("version", ["3.1.0", "3.2.0"])
@pytest.mark.parametrize(
    ("path", "x"),
    [
        (("Tree", "properties", "child"), 1),
        (("Pet", "properties", "tag"), 3),
        (("Pet", "properties", "again"), 3),
        (("Pet", "properties", "whole"), 2),
        (("Pet", "properties", "sibling"), 4),
        (("Pet", "properties", "outside"), 1),
        (("Pet", "properties", "file"), 9),
        (("ByUrl",), 2),
        (("Inner",), 3),
    ],
)
def test_anchors_and_ids(opened, version, path, x):
    document = opened({"a.yaml": NAMED.format(version=version), "other.yaml": "x: 9"})
    assert resolved(document, "components", "schemas", *path)["x"] == x


def test_dynamic_anchors_are_anchors(opened):
    document = opened({"a.yaml": NAMED.format(version="3.1.0")})
    assert value(document, "#node")["x"] == 5


def test_an_id_that_is_no_url_is_harmless(opened):
    document = opened({"a.yaml": "openapi: 3.1.0\nx: {$id: 'https://[', y: {$ref: '//['}}\nz: {x: 1}\n"})
    assert value(document, "#/z") == {"x": 1}
    with pytest.raises(UnresolvedError):
        document.resolve(document.node.child("x").child("y"))


@pytest.mark.parametrize("reference", ["https://example.org/data", "#data"])
def test_names_inside_examples_are_data(opened, reference):
    document = opened({"a.yaml": NAMED.format(version="3.1.0")})
    with pytest.raises(UnresolvedError):
        value(document, reference)


def test_before_3_1_an_id_means_nothing(opened):
    document = opened({"a.yaml": NAMED.format(version="3.0.3")})
    with pytest.raises(UnresolvedError, match="remote"):
        resolved(document, "components", "schemas", "ByUrl")


def test_an_anchor_in_another_file(opened):
    document = opened({"a.yaml": "openapi: 3.1.0\n", "b.yaml": "X: {$anchor: here, x: 1}\n"})
    assert value(document, "b.yaml#here")["x"] == 1


def test_a_document_may_know_itself_by_self(opened):
    document = opened(
        {
            "a.yaml": "openapi: 3.2.0\n$self: https://x.org/api\ncomponents: {schemas: {Pet: {x: 1}}}\n",
            "b.yaml": "x: 2\n",
        }
    )
    assert value(document, "https://x.org/api#/components/schemas/Pet") == {"x": 1}
    assert value(document, "#/components/schemas/Pet") == {"x": 1}
    assert value(document, "b.yaml") == {"x": 2}


def test_a_reference_is_looked_up_once(opened, monkeypatch):
    document = opened(FILES)
    calls = []
    fetch = document.fetch
    document.fetch = lambda uri, reference: calls.append(uri) or fetch(uri, reference)
    first = document.resolve(Node({"$ref": "responses.yaml#/ok"}, document.root))
    assert document.resolve(Node({"$ref": "responses.yaml#/ok"}, document.root)) is first
    assert len(calls) == 1


def test_a_mapping_has_the_files_of_the_working_directory(write):
    write({"pet.yaml": "x: 1"})
    document = load({"openapi": "3.0.0"}, Side.ACTUAL, ApiConfig())
    assert value(document, "pet.yaml") == {"x": 1}
