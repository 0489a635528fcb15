"""Small decisions of comparing/ by themselves."""

import pytest

from driftcheck.config import Config
from driftcheck.difference import Change, Effect, Flow, Severity, severity_of
from driftcheck.openapi.comparing.components import replaced
from driftcheck.openapi.comparing.paths import path_similarity
from driftcheck.openapi.comparing.requirements import enough
from driftcheck.openapi.comparing.run import Audience, Place
from driftcheck.openapi.comparing.serialization import ARRAY, OBJECT, SCALAR, value_kinds, written
from driftcheck.openapi.model import Field
from driftcheck.openapi.reading.source import Source
from driftcheck.openapi.rules import RULES
from tests.openapi.differ import document


class TestWritten:
    @pytest.mark.parametrize(
        ("place", "style", "explode", "kind", "expected"),
        [
            ("query", "form", True, SCALAR, "p=1"),
            ("query", "form", True, ARRAY, "p=1&p=2"),
            ("query", "form", False, ARRAY, "p=1,2"),
            ("query", "form", True, OBJECT, "a=1&b=2"),
            ("query", "form", False, OBJECT, "p=a,1,b,2"),
            ("query", "spaceDelimited", False, ARRAY, "p=1%202"),
            ("query", "pipeDelimited", False, ARRAY, "p=1|2"),
            ("query", "deepObject", False, OBJECT, "p[a]=1&p[b]=2"),
            ("path", "simple", False, SCALAR, "1"),
            ("path", "simple", False, ARRAY, "1,2"),
            ("path", "simple", True, ARRAY, "1,2"),
            ("path", "simple", False, OBJECT, "a,1,b,2"),
            ("path", "simple", True, OBJECT, "a=1,b=2"),
            ("path", "label", False, SCALAR, ".1"),
            ("path", "label", True, ARRAY, ".1.2"),
            ("path", "matrix", False, SCALAR, ";p=1"),
            ("path", "matrix", False, ARRAY, ";p=1,2"),
            ("path", "matrix", True, ARRAY, ";p=1;p=2"),
            ("path", "matrix", True, OBJECT, ";a=1;b=2"),
            ("path", "matrix", False, OBJECT, ";p=a,1,b,2"),
            ("header", "simple", True, OBJECT, "a=1,b=2"),
            ("cookie", "cookie", True, ARRAY, "p=1; p=2"),
        ],
    )
    def test_as_the_specification_shows_it(self, place, style, explode, kind, expected):
        field = Field(place, "p", document("{}").node, style=style, explode=explode)
        assert written(field, kind) == expected


class TestValueKinds:
    @pytest.mark.parametrize(
        ("schema", "kinds"),
        [
            ("{type: string}", {SCALAR}),
            ("{type: [string, 'null']}", {SCALAR}),
            ("{type: [string, array]}", {SCALAR, ARRAY}),
            ("{type: object}", {OBJECT}),
            ("{}", {SCALAR, ARRAY, OBJECT}),
            ("true", {SCALAR, ARRAY, OBJECT}),
            ("{items: {}}", {ARRAY}),
            ("{properties: {}}", {OBJECT}),
            ("{maxLength: 3}", {SCALAR}),
            ("{enum: [a, [b]]}", {SCALAR, ARRAY}),
            ("{const: {a: 1}}", {OBJECT}),
            ("{type: 'null'}", set()),
            ("{allOf: [{type: string}, {}]}", {SCALAR}),
            ("{anyOf: [{type: string}, {type: array}]}", {SCALAR, ARRAY}),
            ("{oneOf: [{type: string}], type: [string, object]}", {SCALAR}),
            ("{$ref: '#/b'}", {ARRAY}),
            ("{$ref: '#/nowhere'}", {SCALAR, ARRAY, OBJECT}),
            ("{allOf: [{$ref: '#/a'}]}", {SCALAR, ARRAY, OBJECT}),
        ],
    )
    def test_kinds(self, schema, kinds):
        source = Source(document(f"a: {schema}\nb: {{type: array}}"))
        assert value_kinds(source, source.root.child("a")) == kinds

    def test_no_schema_allows_everything(self):
        assert value_kinds(Source(document("{}")), None) == {SCALAR, ARRAY, OBJECT}


class TestPathSimilarity:
    @pytest.mark.parametrize(
        ("old", "new"),
        [("/a", "/a/"), ("/v1/a", "/v2/a"), ("/a/b", "/x/a/b"), ("/user", "/users"), ("/a//b", "/a/b")],
    )
    def test_near(self, old, new):
        assert path_similarity(old, new) == path_similarity(new, old) >= 0.7

    @pytest.mark.parametrize(
        ("old", "new"),
        [("/a", "/a/{}"), ("/a", "/a/b"), ("/a/{}", "/a/b"), ("/cats", "/dogs"), ("/a/{}/b", "/a/b")],
    )
    def test_far(self, old, new):
        assert path_similarity(old, new) < 0.5


class TestEnough:
    @pytest.mark.parametrize(
        ("asked", "held", "expected"),
        [
            ({}, {}, True),
            ({}, {"a": frozenset()}, True),
            ({"a": frozenset()}, {}, False),
            ({"a": frozenset("r")}, {"a": frozenset("rw")}, True),
            ({"a": frozenset("rw")}, {"a": frozenset("r")}, False),
            ({"a": frozenset()}, {"a": frozenset(), "b": frozenset()}, True),
        ],
    )
    def test_credentials(self, asked, held, expected):
        assert enough(asked, held) is expected


class TestAudience:
    @pytest.mark.parametrize(
        ("caps", "expected"),
        [
            ([], None),
            ([Severity.INFO], Severity.INFO),
            ([Severity.INFO, None], None),
            ([Severity.INFO, Severity.RISKY], Severity.RISKY),
        ],
    )
    def test_the_worst_cap_counts(self, caps, expected):
        audience = Audience()
        for index, cap in enumerate(caps):
            audience.add(f"GET /{index}", cap)
        assert audience.cap == expected

    def test_an_operation_without_a_cap_stays_without_one(self):
        audience = Audience()
        audience.add("GET /a", None)
        audience.add("GET /a", Severity.INFO)
        assert audience.cap is None

    def test_a_limit_holds_where_no_operation_has_a_cap(self):
        assert Audience(limit=Severity.INFO).cap is Severity.INFO

    def test_places_escape_names(self):
        place = Place("o", "c", "op", Audience()).at("content", "a/b~c")
        assert (place.pointer, place.cause) == ("/content/a~1b~0c", "c/content/a~1b~0c")


class TestReplaced:
    def test_finds_references_that_changed_places(self):
        old = {"a": [{"$ref": "#/x/A"}], "b": {"$ref": "#/x/B"}, "c": {"$ref": "#/x/C"}}
        new = {"a": [{"$ref": "#/x/Z"}], "b": {"$ref": "#/x/B"}, "d": {"$ref": "#/x/D"}}
        assert replaced(old, new) == {("A", "Z")}


class TestCatalogue:
    def test_no_rule_is_stricter_than_the_theory(self):
        flows = {"request": Flow.SENT, "response": Flow.RECEIVED}
        judged = [
            (rule, severity_of(rule.effect, flow))
            for rule in RULES
            if rule.effect is not None and (flow := flows.get(rule.subject.split("-")[0])) is not None
        ]
        assert len(judged) > 20
        assert [rule.id for rule, severity in judged if rule.severity.rank < severity.rank] == []

    def test_removals_of_what_is_received_break(self):
        for subject in ("response-header", "response-body", "response-payload", "response-success-status"):
            rules = [rule for rule in RULES if (rule.subject, rule.change) == (subject, Change.MISSING)]
            assert rules
            assert all(rule.severity is Severity.BREAKING for rule in rules if rule.attribute is None)

    def test_clients_are_protected_on_demand_only(self):
        assert Config().protect == "wire"
        names = {rule.id for rule in RULES if rule.category == "clients"}
        assert {"operation-id-changed", "path-parameter-renamed", "component-renamed"} <= names

    def test_effects_are_only_asked_where_they_decide(self):
        asked = [rule for rule in RULES if rule.subject == "server" and rule.effect is not None]
        assert [rule.effect for rule in asked] == [Effect.UNCLEAR]
