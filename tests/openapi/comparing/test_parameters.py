"""Parameters: presence, places, names, serialisation, sharing."""

import pytest

from tests.openapi.differ import finding, findings, operation, said

LIST = "{type: array, items: {type: string}}"
OBJECT = "{type: object, properties: {a: {type: string}}}"


def having(*parameters, path="/items"):
    return operation("parameters:\n" + "\n".join(f"- {{{each}}}" for each in parameters), path=path)


def query(more="", name="q"):
    return f"name: {name}, in: query{more}"


class TestPresence:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            ([query()], [], "risky request-parameter-removed"),
            ([query(", required: true")], [], "risky request-parameter-removed"),
            (["name: X-A, in: header"], [], "risky request-parameter-removed"),
            (["name: c, in: cookie"], [], "risky request-parameter-removed"),
            ([], [query()], "info request-optional-parameter-added"),
            ([], [query(", required: true")], "breaking request-required-parameter-added"),
            ([query()], [query(", required: true")], "breaking request-parameter-became-required"),
            ([query(", required: true")], [query()], "info request-parameter-became-optional"),
            (["name: t, in: query"], ["name: t, in: header"], "breaking request-parameter-moved"),
            ([query(name="page_size")], [query(name="pageSize")], "breaking request-parameter-renamed"),
            (
                [query(", allowReserved: true")],
                [query()],
                "breaking request-parameter-reserved-characters-refused",
            ),
            (
                [query()],
                [query(", allowReserved: true")],
                "info request-parameter-reserved-characters-allowed",
            ),
            ([query(", allowEmptyValue: true")], [query()], "breaking request-parameter-empty-value-refused"),
            ([query()], [query(", deprecated: true")], "info parameter-deprecated"),
            ([query(", deprecated: true")], [query()], "info parameter-deprecation-withdrawn"),
            (
                [query(", deprecated: true, x-sunset: '2020-01-01'")],
                [],
                "info request-parameter-removed-after-sunset",
            ),
        ],
    )
    def test_fires(self, old, new, expected):
        assert said(having(*old), having(*new)) == [f"{expected} @ GET /items"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            ([query()], [query(", required: false")]),
            ([query(), query(name="r")], [query(name="r"), query()]),
            (["name: X-A, in: header"], ["name: x-a, in: header"]),
            ([], ["name: Accept, in: header, required: true"]),
            ([], ["name: content-type, in: header, required: true"]),
            (["name: Authorization, in: header"], []),
            (["name: X-A, in: header, allowReserved: true"], ["name: X-A, in: header"]),
            ([query(", allowEmptyValue: false, allowReserved: false")], [query()]),
        ],
    )
    def test_silent(self, old, new):
        assert said(having(*old), having(*new)) == []

    def test_the_pointer_does_not_depend_on_the_order(self):
        d = finding(having(query(name="a"), query()), having(query(name="a"))).difference
        assert (d.pointer, d.kind, d.name) == ("/parameters/query/q", "parameter", "q")
        assert d.anchors[0].pointer == "/paths/~1items/get/parameters/1"

    def test_the_same_name_in_two_places(self):
        old = having("name: id, in: query", "name: id, in: cookie")
        assert said(old, having("name: id, in: query")) == ["risky request-parameter-removed @ GET /items"]

    def test_cookie_names_heed_case(self):
        found = said(having("name: SID, in: cookie"), having("name: sid, in: cookie"))
        assert found == ["breaking request-parameter-renamed @ GET /items"]

    def test_a_path_parameter_is_in_the_path_whether_declared_or_not(self):
        declared = having("name: id, in: path, required: true, schema: {type: integer}", path="/a/{id}")
        plain = operation(path="/a/{id}")
        assert said(declared, plain) == []
        assert said(plain, declared) == []


class TestRenames:
    def test_confidence_and_both_names(self):
        d = finding(having(query(name="qty")), having(query(name="quantity"))).difference
        assert (d.rename.old, d.rename.new) == ("qty", "quantity")
        assert 0.5 < d.rename.confidence <= 1

    def test_unlike_names(self):
        found = said(having(query(name="width")), having(query(name="height")))
        assert [line.split()[1] for line in found] == [
            "request-optional-parameter-added",
            "request-parameter-removed",
        ]

    def test_unlike_values(self):
        old = having(query(f", schema: {OBJECT}", "qty"))
        new = having(query(", schema: {type: integer}", "quantity"))
        assert "breaking request-parameter-renamed @ GET /items" not in said(old, new)

    def test_another_type_of_single_value_lowers_the_confidence(self):
        old = having(query(", schema: {type: integer}", "qty"))
        found = findings(old, having(query(", schema: {type: boolean}", "quantity")))
        renamed = next(each for each in found if each.rule == "request-parameter-renamed")
        assert renamed.difference.rename.confidence < 0.6
        assert len(found) > 1

    def test_the_same_description_helps_a_shared_word(self):
        told = ", description: Addresses that may log in"
        old, new = having(query(told, "ip_whitelist")), having(query(told, "ip_access"))
        assert said(old, new) == ["breaking request-parameter-renamed @ GET /items"]
        assert len(said(having(query("", "ip_whitelist")), having(query("", "ip_access")))) == 2

    def test_a_renamed_parameter_that_also_became_required(self):
        old, new = having(query(name="qty")), having(query(", required: true", "quantity"))
        assert said(old, new) == [
            "breaking request-parameter-became-required @ GET /items",
            "breaking request-parameter-renamed @ GET /items",
        ]


class TestSerialisation:
    @pytest.mark.parametrize(
        ("old", "new", "attribute"),
        [
            (f", schema: {LIST}", f", schema: {LIST}, explode: false", "explode"),
            (f", schema: {OBJECT}", f", schema: {OBJECT}, explode: false", "explode"),
            (f", schema: {LIST}, explode: false", f", schema: {LIST}", "explode"),
            (
                f", schema: {LIST}, explode: false",
                f", schema: {LIST}, style: pipeDelimited, explode: false",
                "style",
            ),
            (f", schema: {OBJECT}", f", schema: {OBJECT}, style: deepObject", "style"),
            ("", ", explode: false", "explode"),
            (", content: {application/json: {}}", ", content: {application/xml: {}}", "content"),
            (f", schema: {OBJECT}", ", content: {application/json: {schema: {type: object}}}", "content"),
        ],
    )
    def test_written_in_another_way(self, old, new, attribute):
        found = finding(having(query(old)), having(query(new)))
        assert (found.severity, found.difference.attribute) == ("breaking", attribute)
        assert found.rule == f"request-parameter-{attribute}-changed"

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (f", schema: {LIST}", f", schema: {LIST}, style: form, explode: true"),
            (", schema: {type: string}", ", schema: {type: string}, explode: false"),
            (", schema: {enum: [a, b]}", ", schema: {enum: [a, b]}, explode: false"),
            (
                ", schema: {anyOf: [{type: string}, {type: integer}]}",
                ", schema: {anyOf: [{type: string}, {type: integer}]}, explode: false",
            ),
            (", content: {application/json: {}}", ", content: {application/json; charset=utf-8: {}}"),
            (", schema: {type: string}", ", content: {text/plain: {schema: {type: string}}}"),
        ],
    )
    def test_written_in_the_same_way(self, old, new):
        found = findings(having(query(old)), having(query(new)))
        assert [
            each.rule for each in found if each.difference.attribute in ("style", "explode", "content")
        ] == []

    @pytest.mark.parametrize(
        ("place", "old", "new", "fires"),
        [
            ("path", "schema: {type: string}", "schema: {type: string}, style: label", True),
            ("path", "schema: {type: string}", "schema: {type: string}, style: matrix", True),
            ("path", f"schema: {LIST}", f"schema: {LIST}, explode: true", False),
            ("path", f"schema: {OBJECT}", f"schema: {OBJECT}, explode: true", True),
            ("header", f"schema: {LIST}", f"schema: {LIST}, explode: true", False),
            ("header", f"schema: {OBJECT}", f"schema: {OBJECT}, explode: true", True),
            ("cookie", f"schema: {LIST}", f"schema: {LIST}, explode: false", True),
        ],
    )
    def test_in_other_places(self, place, old, new, fires):
        path = "/a/{p}"
        sides = [having(f"name: p, in: {place}, {text}", path=path) for text in (old, new)]
        assert bool(said(*sides)) is fires

    def test_the_message_shows_how_it_looks(self):
        found = finding(
            having(query(f", schema: {LIST}")), having(query(f", schema: {LIST}, explode: false"))
        )
        assert "q=1&q=2" in found.message
        assert "q=1,2" in found.message

    def test_kinds_behind_references(self):
        more = "components: {schemas: {L: {allOf: [{$ref: '#/components/schemas/M'}]}, M: {type: array}}}"
        old = having(query(", schema: {$ref: '#/components/schemas/L'}")) + more
        new = having(query(", schema: {$ref: '#/components/schemas/L'}, explode: false")) + more
        assert said(old, new) == ["breaking request-parameter-explode-changed @ GET /items"]


class TestLegacySerialisation:
    def test_csv_is_the_default(self):
        value = "name: q, in: query, type: array, items: {type: string}"
        assert said(having(value), having(f"{value}, collectionFormat: csv"), version="2.0") == []
        found = finding(having(value), having(f"{value}, collectionFormat: multi"), version="2.0")
        assert found.rule == "request-parameter-explode-changed"

    @pytest.mark.parametrize(
        ("legacy", "modern", "fires"),
        [
            ("", "explode: false", False),
            ("", "explode: true", True),
            (", collectionFormat: multi", "explode: true", False),
            (", collectionFormat: multi", "style: form", False),
            (", collectionFormat: pipes", "style: pipeDelimited, explode: false", False),
            (", collectionFormat: ssv", "style: spaceDelimited, explode: false", False),
            (", collectionFormat: ssv", "style: pipeDelimited, explode: false", True),
        ],
    )
    def test_against_style_and_explode(self, legacy, modern, fires):
        old = having(f"name: q, in: query, type: array, items: {{type: string}}{legacy}")
        new = having(f"name: q, in: query, schema: {LIST}, {modern}")
        assert bool(said(old, new, version="2.0", new_version="3.0")) is fires


class TestSharing:
    SHARED = "components: {parameters: {Q: {name: q, in: query%s}}}\n"
    PATHS = (
        "paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/Q'}]}},"
        " /b: {get: {parameters: [{$ref: '#/components/parameters/Q'}]}}}\n"
    )

    def test_one_finding_for_a_shared_parameter(self):
        old, new = self.PATHS + self.SHARED % "", self.PATHS + self.SHARED % ", required: true"
        found = finding(old, new)
        d = found.difference
        assert (found.rule, d.object) == ("request-parameter-became-required", "Q")
        assert (d.operation, d.operations) == (None, ("GET /a", "GET /b"))
        assert d.pointer == "/parameters/query/q"

    def test_one_finding_for_the_schema_of_a_shared_parameter(self):
        old = self.PATHS + self.SHARED % ", schema: {type: integer}"
        new = self.PATHS + self.SHARED % ", schema: {type: integer, maximum: 5}"
        assert finding(old, new).difference.operations == ("GET /a", "GET /b")

    def test_one_operation_still_has_the_name_of_the_component(self):
        paths = "paths: {/a: {get: {parameters: [{$ref: '#/components/parameters/Q'}]}}}\n"
        d = finding(paths + self.SHARED % "", paths + self.SHARED % ", required: true").difference
        assert (d.object, d.operation) == ("Q", "GET /a")

    def test_a_shared_parameter_that_all_operations_lost(self):
        new = "paths: {/a: {get: {}}, /b: {get: {}}}"
        d = finding(self.PATHS + self.SHARED % "", new).difference
        assert (d.object, d.operations) == ("Q", ("GET /a", "GET /b"))

    def test_moved_into_a_component_or_out_of_it(self):
        inline = "paths: {/a: {get: {parameters: [{name: q, in: query}]}},"
        inline += " /b: {get: {parameters: [{name: q, in: query}]}}}"
        assert said(inline, self.PATHS + self.SHARED % "") == []
        assert said(self.PATHS + self.SHARED % "", inline) == []

    def test_an_alpha_operation_does_not_soften_what_others_share(self):
        paths = self.PATHS.replace("/a: {get: {", "/a: {get: {x-stability-level: alpha, ")
        old, new = paths + self.SHARED % "", paths + self.SHARED % ", required: true"
        assert finding(old, new).severity == "breaking"

    def test_shared_by_alpha_operations_only(self):
        paths = self.PATHS.replace("get: {", "get: {x-stability-level: alpha, ")
        old, new = paths + self.SHARED % "", paths + self.SHARED % ", required: true"
        assert finding(old, new).severity == "info"


class TestPathLevel:
    def test_moved_between_path_and_operation(self):
        own = "{parameters: [{name: q, in: query}]}"
        low = f"paths: {{/a: {{get: {own}, put: {own}}}}}"
        high = "paths: {/a: {parameters: [{name: q, in: query}], get: {}, put: {}}}"
        assert said(low, high) == []
        assert said(high, low) == []

    def test_the_operation_wins(self):
        old = "paths: {/a: {parameters: [{name: q, in: query}], get: {parameters: [{name: q, in: query}]}}}"
        new = old.replace("[{name: q, in: query}], get", "[{name: q, in: query, required: true}], get")
        assert said(old, new) == []

    def test_one_finding_for_all_operations_of_the_path(self):
        old = "paths: {/a: {parameters: [{name: q, in: query}], get: {}, put: {}}}"
        found = finding(old, old.replace("in: query", "in: query, required: true"))
        d = found.difference
        assert (d.object, d.operations) == ("/a", ("GET /a", "PUT /a"))

    def test_one_operation_is_named_itself(self):
        old = "paths: {/a: {parameters: [{name: q, in: query}], get: {}}}"
        assert finding(old, "paths: {/a: {get: {}}}").difference.object == "GET /a"
