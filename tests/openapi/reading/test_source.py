import pytest

from driftcheck.openapi.reading.source import Source, flag, kind_of, text, texts
from tests.openapi.differ import document

PARAMETER = "a: {$ref: '#/components/parameters/P'}\ncomponents: {parameters: {P: {}}}"


def source(value, version="3.1", files=None):
    return Source(document(value, version=version, files=files))


class TestFollow:
    def test_what_is_no_reference_is_itself(self):
        read = source("a: {b: 1}")
        node = read.root.child("a")
        assert read.follow(node) == (node, None)

    @pytest.mark.parametrize(
        ("value", "version", "key", "name"),
        [
            (PARAMETER, "3.1", "parameters/P", "P"),
            ("a: {$ref: '#/parameters/P'}\nparameters: {P: {}}", "2.0", "parameters/P", "P"),
            ("a: {$ref: '#/x/y/0'}\nx: {y: [{}]}", "3.1", "x/y/0", "0"),
            ("a: {$ref: '#/components/responses/a~1b'}\ncomponents: {responses: {a/b: {}}}", "3.1",
             "responses/a/b", "a/b"),
        ],
    )  # fmt: skip
    def test_the_home_is_the_same_in_every_version(self, value, version, key, name):
        read = source(value, version)
        _, home = read.follow(read.root.child("a"))
        assert (home.key, home.name) == (key, name)

    def test_the_home_in_another_file(self):
        read = source(
            "a: {$ref: 'shared/p.yaml'}\nb: {$ref: 'shared/p.yaml#/q'}", files={"shared/p.yaml": "q: {}"}
        )
        homes = [read.follow(read.root.child(name))[1] for name in "ab"]
        assert [(home.key, home.name) for home in homes] == [
            ("shared/p.yaml#", "p"),
            ("shared/p.yaml#/q", "q"),
        ]

    def test_the_last_of_several_steps_is_the_home(self):
        read = source("a: {$ref: '#/b'}\nb: {$ref: '#/c'}\nc: {}")
        assert read.follow(read.root.child("a"))[1].key == "c"

    @pytest.mark.parametrize(
        "value", ["a: {$ref: '#/nowhere'}", "a: {$ref: '#/a'}", "a: {$ref: '#/b'}\nb: 3"]
    )
    def test_what_leads_nowhere_is_told_once(self, value):
        read = source(value)
        assert read.follow(read.root.child("a")) is None
        assert read.follow(read.root.child("a")) is None
        assert [item.what for item in read.skipped.values()] == ["root.yaml#/a"]


class TestParts:
    def test_objects_without_extensions(self):
        read = source("a: {x-b: {}, c: {}, d: 3}")
        assert [name for name, _ in read.objects(read.root, "a", extensible=True)] == ["c"]
        assert [name for name, _ in read.objects(read.root, "a")] == ["x-b", "c"]
        assert next(iter(read.skipped.values())).why == "expected an object, found a number"

    @pytest.mark.parametrize(
        ("value", "found", "told"), [("{}", True, 0), ("true", True, 0), ("[]", False, 1), ("null", False, 1)]
    )
    def test_a_schema_may_be_a_boolean(self, value, found, told):
        read = source(f"schema: {value}")
        assert (read.schema(read.root) is not None) is found
        assert len(read.skipped) == told

    def test_absent_parts_are_no_news(self):
        read = source("{}")
        assert read.object(read.root, "a") is None
        assert read.array(read.root, "a") == []
        assert read.skipped == {}

    def test_values_of_the_wrong_kind_count_as_absent(self):
        node = source("{a: 1, b: x, c: [x, 1], d: true}").root
        assert [text(node, name) for name in "abz"] == [None, "x", None]
        assert [flag(node, name) for name in "abd"] == [False, False, True]
        assert flag(node, "z", default=True)
        assert [texts(node, name) for name in "acz"] == [(), ("x",), ()]

    @pytest.mark.parametrize(
        ("value", "expected"),
        [
            (None, "null"),
            (True, "a boolean"),
            (1.5, "a number"),
            ("", "a string"),
            ([], "an array"),
            ({}, "an object"),
        ],
    )
    def test_kind_of(self, value, expected):
        assert kind_of(value) == expected
