"""Lines and columns of JSON pointers, in JSON and YAML, against places marked in the text itself."""

import json

import pytest
import yaml
from hypothesis import given, settings
from hypothesis import strategies as st

from driftcheck.difference import Anchor, Side
from driftcheck.openapi.loading import Locator, locate_yaml
from driftcheck.openapi.loading.locate import find_places
from driftcheck.openapi.node import escape

YAML = """\
# a comment
openapi: 3.0.0
paths:
  /a/{id}:   # the path
    get:
      tags: [x, "y"]
      responses:
        200:
          description: |
            text
            paths: not this
        '404': {description: gone, content: {"application/json": {schema: {type: string}}}}
    parameters:
    - name: id
      in: path
    -   name: second
  "quoted \\"key\\"": 1
  'it''s': 2
  ? complex
  : 3
components:
  base: &base
    deep: {x: 1}
  alias: *base
  merged:
    <<: *base
    own: 1
  ünï: {é: 1}
"""


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("", (1, 1)),
        ("/openapi", (2, 1)),
        ("/paths", (3, 1)),
        ("/paths/~1a~1{id}", (4, 3)),
        ("/paths/~1a~1{id}/get", (5, 5)),
        ("/paths/~1a~1{id}/get/tags/0", (6, 14)),
        ("/paths/~1a~1{id}/get/tags/1", (6, 17)),
        ("/paths/~1a~1{id}/get/responses/200", (8, 9)),
        ("/paths/~1a~1{id}/get/responses/200/description", (9, 11)),
        ("/paths/~1a~1{id}/get/responses/404", (12, 9)),
        ("/paths/~1a~1{id}/get/responses/404/content/application~1json/schema/type", (12, 76)),
        ("/paths/~1a~1{id}/parameters/0", (14, 7)),
        ("/paths/~1a~1{id}/parameters/0/in", (15, 7)),
        ("/paths/~1a~1{id}/parameters/1/name", (16, 9)),
        ('/paths/quoted "key"', (17, 3)),
        ("/paths/it's", (18, 3)),
        ("/paths/complex", (19, 5)),
        ("/components/base/deep/x", (23, 12)),
        ("/components/ünï/é", (28, 9)),
    ],
)
def test_places_in_yaml(pointer, place):
    assert find_places(YAML.encode(), [pointer], False).get(pointer, (1, 1)) == place


JSON = """\
{
  "openapi": "3.0.0",
  "paths": {
    "/a/{id}": {"get": {"tags": ["x", {"y": 1}], "responses": {"200": {}}}},
    "\\u00fc\\n\\"": {"a": [[1, 2], [3, {"b": 4}]]},
    "é~": {"😀": {"x": 1}, "y": 2}
  }, "empty": {}, "none": [],
  "numbers": [1, -2.5e3, true, null, "s"]
}
"""


@pytest.mark.parametrize(
    ("pointer", "place"),
    [
        ("/openapi", (2, 3)),
        ("/paths", (3, 3)),
        ("/paths/~1a~1{id}", (4, 5)),
        ("/paths/~1a~1{id}/get/tags", (4, 25)),
        ("/paths/~1a~1{id}/get/tags/0", (4, 34)),
        ("/paths/~1a~1{id}/get/tags/1/y", (4, 40)),
        ("/paths/~1a~1{id}/get/responses/200", (4, 64)),
        ('/paths/ü\n"', (5, 5)),
        ('/paths/ü\n"/a/1/1/b', (5, 39)),
        ("/paths/é~0", (6, 5)),
        ("/paths/é~0/😀/x", (6, 18)),
        ("/paths/é~0/y", (6, 27)),
        ("/empty", (7, 6)),
        ("/none", (7, 19)),
        ("/numbers/4", (8, 38)),
    ],
)
def test_places_in_json(pointer, place):
    assert find_places(JSON.encode(), [pointer], True)[pointer] == place


def test_what_is_not_there_is_not_found():
    wanted = ["/paths/nothing/at/all", "/numbers/9", "/empty/x", "/openapi/x", "/none/0"]
    assert find_places(JSON.encode(), wanted, True).keys() <= {
        "/paths",
        "/numbers",
        "/empty",
        "/openapi",
        "/none",
    }


def test_the_nearest_place_stands_for_one_that_is_not_in_the_text(opened):
    document = opened({"a.yaml": YAML})
    pointers = [
        "/components/alias/deep/x",
        "/components/merged/deep",
        "/components/merged/own",
        "/nowhere/at/all",
    ]
    anchors = [Anchor(Side.ACTUAL, document.root.uri, pointer) for pointer in pointers]
    places = Locator().locate(document, anchors)
    assert [(place.line, place.column) for place in places] == [(24, 3), (25, 3), (27, 5), (1, 1)]
    assert {place.file for place in places} == {"a.yaml"}
    assert {place.side for place in places} == {Side.ACTUAL}


def test_places_come_in_the_order_asked_for_and_from_several_files(opened):
    document = opened({"a.yaml": "openapi: 3.0.0\nx: {$ref: 'b.json#/p'}\n", "b.json": '{\n "p": {"q": 1}}'})
    target = document.resolve(document.node.child("x"))
    anchors = [
        target.child("q").anchor(Side.EXPECTED),
        document.node.child("openapi").anchor(Side.EXPECTED),
        target.anchor(Side.EXPECTED),
        Anchor(Side.EXPECTED, "file:///nowhere", "/x"),
    ]
    places = Locator().locate(document, anchors)
    assert [(place.file, place.line, place.column) for place in places] == [
        ("b.json", 2, 8),
        ("a.yaml", 1, 1),
        ("b.json", 2, 2),
        ("a.yaml", None, None),
    ]


def test_a_text_is_searched_once_for_all_places(opened, monkeypatch):
    import driftcheck.openapi.loading.locate as module

    document = opened({"a.json": '{"openapi": "3.0.0", "a": 1, "b": 2}'})
    searches = []
    real = module.find_places
    monkeypatch.setattr(module, "find_places", lambda *given: searches.append(given) or real(*given))
    locator = Locator()
    anchors = [Anchor(Side.EXPECTED, document.root.uri, pointer) for pointer in ("/a", "/b", "/a")]
    first = locator.locate(document, anchors)
    assert locator.locate(document, anchors) == first
    assert len(searches) == 1


def test_a_mapping_has_no_places():
    from driftcheck.config import ApiConfig
    from driftcheck.openapi.loading import load

    document = load({"openapi": "3.0.0"}, Side.EXPECTED, ApiConfig())
    (place,) = Locator().locate(document, [Anchor(Side.EXPECTED, document.root.uri, "/openapi")])
    assert (place.line, place.column) == (None, None)


NAMES = st.text("ab/~:#'\"-? é0", min_size=1, max_size=6)
TREES = st.recursive(
    st.integers() | st.text("ab: #\n", max_size=5) | st.none(),
    lambda inner: (
        st.lists(inner, min_size=1, max_size=3) | st.dictionaries(NAMES, inner, min_size=1, max_size=4)
    ),
    max_leaves=15,
).filter(lambda tree: isinstance(tree, dict))


def pointers_of(value, pointer=""):
    members = (
        value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    )
    for name, member in members:
        below = f"{pointer}/{escape(str(name))}"
        yield below
        yield from pointers_of(member, below)


def nodes_of(node, pointer=""):
    """Pointers and places by PyYAML's own tree, the slow and sure way."""
    if isinstance(node, yaml.MappingNode):
        for key, member in node.value:
            below = f"{pointer}/{escape(key.value)}"
            yield below, (key.start_mark.line + 1, key.start_mark.column + 1)
            yield from nodes_of(member, below)
    elif isinstance(node, yaml.SequenceNode):
        for index, member in enumerate(node.value):
            yield f"{pointer}/{index}", (member.start_mark.line + 1, member.start_mark.column + 1)
            yield from nodes_of(member, f"{pointer}/{index}")


@settings(max_examples=150)
@given(TREES, st.integers(1, 4), st.booleans(), st.booleans())
def test_cutting_a_yaml_text_changes_no_place(tree, indent, flow, quoted):
    text = yaml.safe_dump(
        tree,
        indent=indent,
        default_flow_style=flow,
        default_style='"' if quoted else None,
        allow_unicode=True,
    )
    truth = dict(nodes_of(yaml.compose(text)))
    before = locate_yaml._WORTH_CUTTING
    locate_yaml._WORTH_CUTTING = 0
    try:
        assert find_places(text.encode(), truth, False) == truth
        for pointer in list(truth)[:5]:
            assert find_places(text.encode(), [pointer], False)[pointer] == truth[pointer]
    finally:
        locate_yaml._WORTH_CUTTING = before


@settings(max_examples=150)
@given(TREES, st.sampled_from([None, 0, 2]), st.booleans())
def test_places_in_any_json_are_where_the_name_or_value_is(tree, indent, ascii_only):
    text = json.dumps(tree, indent=indent, ensure_ascii=ascii_only)
    lines = text.split("\n")
    for pointer, (line, column) in find_places(text.encode(), list(pointers_of(tree)), True).items():
        name = pointer.rpartition("/")[2].replace("~1", "/").replace("~0", "~")
        rest = lines[line - 1][column - 1 :]
        assert rest.startswith(json.dumps(name, ensure_ascii=ascii_only)) or name.isdigit()
    assert set(find_places(text.encode(), list(pointers_of(tree)), True)) == set(pointers_of(tree))


@settings(max_examples=200)
@given(TREES, st.data())
def test_places_in_indented_json_are_those_that_parsing_finds(tree, data):
    text = json.dumps(tree, indent=2, ensure_ascii=False).encode()
    pointers = list(pointers_of(tree))
    wanted = data.draw(st.lists(st.sampled_from(pointers), unique=True)) if pointers else ["/a"]
    assert find_places(text, wanted, True, tree) == find_places(text, wanted, True)


def test_names_within_strings_and_deeper_levels_are_no_places():
    tree = {"s": '\n  "b": 1', "a": {"b": 1, "c": [{"b": 2}, [], {}, {"b": 3}]}, "b": 4}
    text = json.dumps(tree, indent=2).encode()
    lines = text.decode().split("\n")
    places = find_places(text, ["/b", "/a/c/3/b", "/a/c/2", "/nothing", "/a/c/9", "/a/c/x"], True, tree)
    assert lines[places["/b"][0] - 1] == '  "b": 4'
    assert lines[places["/a/c/3/b"][0] - 1] == '        "b": 3'
    assert places["/a/c/2"] == (places["/a/c/3"][0] - 1, 7)
    assert places.keys() == {"/b", "/a", "/a/c", "/a/c/2", "/a/c/3", "/a/c/3/b"}


def large(indent="  "):
    """A text beyond the size from which it is cut, and the line of each schema."""
    lines = ["openapi: 3.0.0", "components:", f"{indent}schemas:"]
    places = {}
    for number in range(600):
        places[f"/components/schemas/S{number}"] = (len(lines) + 1, 2 * len(indent) + 1)
        lines += [f"{indent * 2}S{number}:", f"{indent * 3}description: |", f"{indent * 4}some text: of it"]
        lines += [f"{indent * 3}properties:", f"{indent * 4}p:", f"{indent * 5}type: string"]
        places[f"/components/schemas/S{number}/properties/p/type"] = (len(lines), 5 * len(indent) + 1)
    return "\n".join([*lines, ""]), places


@pytest.mark.parametrize("indent", [" ", "  ", "    "])
@pytest.mark.parametrize("newline", ["\n", "\r\n"])
def test_a_large_text_is_cut_right(indent, newline):
    text, places = large(indent)
    found = find_places(text.replace("\n", newline).encode(), places, False)
    assert {pointer: found[pointer] for pointer in places} == places


@pytest.mark.parametrize(
    "odd",
    [
        "x-odd: [\n]\n",
        "x-odd: 'a\n  b'\n",
        "x-odd: !t\n  a: 1\n",
        "? x-odd\n: 1\n",
        "- not\n- a mapping\n",
        "x-odd: \"\\ud83d\\ude00\"\n",
        "x-odd: {a: 1,\n  b: 2}\n",
        "x-odd:\n- a\n- b: 1\n",
        "x-odd: |\n  a\n b\n",
    ],
)  # fmt: skip
def test_odd_parts_elsewhere_do_not_hide_a_place(odd):
    text, places = large()
    found = find_places((text + odd).encode(), places, False)
    if odd.startswith(("- ", "x-odd: |")):  # no YAML at all: what was seen before is still right
        assert all(places[pointer] == found[pointer] for pointer in found if pointer in places)
    else:
        assert {pointer: found.get(pointer) for pointer in places} == places
