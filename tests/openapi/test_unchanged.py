import pytest

from driftcheck.difference import Side
from driftcheck.openapi.node import Resource
from driftcheck.openapi.unchanged import Unchanged, references_in
from tests.openapi.differ import document


def same(old, new, pointer=("a",), version="3.1", new_version=None, files=(None, None)):
    sides = (
        document(old, Side.EXPECTED, version, files[0]),
        document(new, Side.ACTUAL, new_version or version, files[1]),
    )
    nodes = [side.node for side in sides]
    for name in pointer:
        nodes = [node.child(name) for node in nodes]
    return Unchanged(*sides).same(*nodes)


SCHEMAS = """
a: {$ref: '#/components/schemas/A'}
b: 1
components:
  schemas:
    A: {properties: {b: {$ref: '#/components/schemas/B'}}}
    B: {properties: {a: {$ref: '#/components/schemas/A'}, c: {$ref: '#/components/schemas/C'}}}
    C: {type: string}
    D: {type: string}
"""


class TestSame:
    def test_equal_values_without_references(self):
        assert same("a: {x: [1, 2]}\nb: 1", "a: {x: [1, 2]}\nb: 2")

    def test_the_order_of_members_does_not_matter(self):
        assert same("a: {x: 1, y: 2}", "a: {y: 2, x: 1}")

    def test_references_that_are_equal_all_the_way(self):
        assert same(SCHEMAS, SCHEMAS.replace("b: 1", "b: 2"))

    def test_what_is_not_referred_to_does_not_matter(self):
        assert same(SCHEMAS, SCHEMAS.replace("D: {type: string}", "D: {type: integer}"))

    def test_other_files(self):
        files = ({"x.yaml": "X: 1"}, {"x.yaml": "X: 1"})
        assert same("a: {$ref: 'x.yaml#/X'}", "a: {$ref: 'x.yaml#/X'}", files=files)

    def test_references_are_found_whatever_the_value_holds(self):
        huge = "a: {n: 123456789012345678901234567890, $ref: '#/b'}\nb: {c: 1}"
        assert same(huge, huge)
        assert not same(huge, huge.replace("c: 1", "c: 2"))


class TestNotSame:
    def test_another_value(self):
        assert not same("a: {x: 1}", "a: {x: 2}")

    @pytest.mark.parametrize(("old", "new"), [("1", "true"), ("0", "false"), ("false", "0"), ("'1'", "1")])
    def test_json_tells_apart_what_python_does_not(self, old, new):
        assert not same(f"a: {{const: {old}}}", f"a: {{const: {new}}}")

    def test_a_difference_far_behind_references(self):
        assert not same(SCHEMAS, SCHEMAS.replace("C: {type: string}", "C: {type: integer}"))

    def test_a_difference_beside_a_reference_on_the_way(self):
        old = "a: {$ref: '#/b'}\nb: {$ref: '#/c', maxLength: 5}\nc: {type: string}"
        assert not same(old, old.replace("5", "6"))

    def test_another_file(self):
        files = ({"x.yaml": "X: 1"}, {"x.yaml": "X: 2"})
        assert not same("a: {$ref: 'x.yaml#/X'}", "a: {$ref: 'x.yaml#/X'}", files=files)

    def test_what_cannot_be_followed_is_not_certain(self):
        assert not same("a: {$ref: '#/nowhere'}", "a: {$ref: '#/nowhere'}")

    def test_other_versions_read_the_same_text_in_another_way(self):
        assert not same("a: {x: 1}", "a: {x: 1}", version="3.0", new_version="3.1")

    def test_a_discriminator_mapping_refers_too(self):
        old = "a: {discriminator: {propertyName: k, mapping: {dog: '#/components/schemas/Dog'}}}\n"
        old += "components: {schemas: {Dog: {type: string}}}"
        assert same(old, old)
        assert not same(old, old.replace("type: string", "type: integer"))

    def test_a_deep_value_is_not_certain(self):
        deep = value = {}
        for _ in range(5000):
            value["x"] = value = {}
        assert not same({"a": deep}, {"a": deep})


class TestKept:
    def test_one_tainted_answer_does_not_taint_others(self):
        old = "a: {$ref: '#/x'}\nb: {$ref: '#/y'}\nx: {$ref: '#/z'}\ny: {q: 1}\nz: {q: 1}"
        new = old.replace("z: {q: 1}", "z: {q: 2}")
        sides = document(old, Side.EXPECTED), document(new, Side.ACTUAL)
        unchanged = Unchanged(*sides)
        asked = {
            name: unchanged.same(*(side.node.child(name) for side in sides)) for name in ("a", "b", "x", "y")
        }
        assert asked == {"a": False, "b": True, "x": False, "y": True}

    @pytest.mark.parametrize("order", [("a", "b"), ("b", "a")])
    def test_cycles_are_tainted_as_a_whole_in_any_order(self, order):
        old = "a: {$ref: '#/b'}\nb: {x: {$ref: '#/a'}, y: {$ref: '#/c'}}\nc: 1"
        sides = document(old, Side.EXPECTED), document(old.replace("c: 1", "c: 2"), Side.ACTUAL)
        unchanged = Unchanged(*sides)
        assert not any(unchanged.same(*(side.node.child(name) for side in sides)) for name in order)

    def test_each_reference_is_followed_once(self):
        followed = []
        sides = document(SCHEMAS, Side.EXPECTED), document(SCHEMAS, Side.ACTUAL)
        unchanged = Unchanged(*sides)
        original = unchanged._follow
        unchanged._follow = lambda edge: followed.append(edge.reference) or original(edge)
        for _ in range(3):
            assert unchanged.same(*(side.node.child("a") for side in sides))
        assert sorted(followed) == [f"#/components/schemas/{name}" for name in "ABC"]

    def test_where_ids_matter_the_place_does(self):
        text = {"a": {"$id": "https://x.example/", "$ref": "#/b"}, "b": 1}
        sides = document(text, Side.EXPECTED), document(text, Side.ACTUAL)
        nodes = []
        for side in sides:
            resource = Resource(side.root.uri, "x", text, has_names=True)
            nodes.append(type(side.node)(text["a"], resource, "/a"))
        assert not Unchanged(*sides).same(*nodes)


class TestReferencesIn:
    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            ({"$ref": "#/a"}, {"#/a"}),
            ([{"x": {"$ref": "#/a"}}, {"$dynamicRef": "#b"}], {"#/a", "#b"}),
            ({"description": '"$ref":"#/no"'}, set()),
            ({"$ref": '#/a"b'}, {'#/a"b'}),
            ({"$ref": "#/größe"}, {"#/größe"}),
            ({"$ref": 3}, set()),
            ({"mapping": {"a": "#/x", "b": "Y"}}, {"#/x", "Y"}),
            ({"x": 10**30, "$ref": "#/a", "mapping": {"a": "#/x"}}, {"#/a", "#/x"}),
            ("text", set()),
        ],
    )
    def test_finds(self, value, expected):
        assert references_in(value) == expected
