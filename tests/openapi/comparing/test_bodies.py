"""Request bodies, media types, encodings of form fields."""

import pytest

from driftcheck.openapi.comparing.media import covers
from driftcheck.openapi.reading.bodies import media_key
from tests.openapi.differ import finding, operation, said

JSON = "application/json: {schema: {type: object}}"
XML = "application/xml: {schema: {type: object}}"


def body(content=JSON, more=""):
    return operation(f"requestBody: {{{more}content: {{{content}}}}}", "post")


NONE = operation("", "post")


class TestPresence:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (body(), NONE, "breaking request-body-removed"),
            (NONE, body(), "info request-optional-body-added"),
            (NONE, body(more="required: true, "), "breaking request-required-body-added"),
            (body(), body(more="required: true, "), "breaking request-body-became-required"),
            (body(more="required: true, "), body(), "info request-body-became-optional"),
            (body(f"{JSON}, {XML}"), body(), "breaking request-body-media-type-removed"),
            (body(), body(f"{JSON}, {XML}"), "info request-body-media-type-added"),
        ],
    )
    def test_fires(self, old, new, expected):
        assert said(old, new) == [f"{expected} @ POST /items"]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (body(), body(more="required: false, ")),
            (body(), body(JSON.replace("application/json", "Application/JSON; charset=UTF-8"))),
            (body(), body(JSON.replace("application/json", "application/*"))),
            (body(), body(JSON.replace("application/json", "'*/*'"))),
            (body(JSON.replace("json", "json; v=1")), body()),
            (body(f"{JSON}, {XML}"), body(f"{XML}, {JSON}")),
        ],
    )
    def test_silent(self, old, new):
        assert [line for line in said(old, new) if not line.startswith("info")] == []

    def test_a_replaced_type(self):
        assert said(body(), body(XML)) == [
            "breaking request-body-media-type-removed @ POST /items",
            "info request-body-media-type-added @ POST /items",
        ]

    def test_a_range_that_became_one_type(self):
        found = said(body("image/*: {}"), body("image/png: {}"))
        assert "breaking request-body-media-type-removed @ POST /items" in found

    def test_where(self):
        d = finding(body(f"{JSON}, {XML}"), body()).difference
        assert (d.kind, d.pointer) == ("media_type", "/requestBody/content/application~1xml")

    def test_one_finding_for_a_shared_body(self):
        paths = "paths: {/a: {post: {requestBody: {$ref: '#/components/requestBodies/B'}}},"
        paths += " /b: {put: {requestBody: {$ref: '#/components/requestBodies/B'}}}}\n"
        shared = "components: {requestBodies: {B: {%scontent: {application/json: {}}}}}"
        d = finding(paths + shared % "", paths + shared % "required: true, ").difference
        assert (d.object, d.operations) == ("B", ("POST /a", "PUT /b"))

    def test_one_finding_for_a_shared_body_that_is_gone(self):
        paths = "paths: {/a: {post: {requestBody: {$ref: '#/components/requestBodies/B'}}},"
        paths += " /b: {put: {requestBody: {$ref: '#/components/requestBodies/B'}}}}\n"
        shared = "components: {requestBodies: {B: {content: {application/json: {}}}}}"
        d = finding(paths + shared, "paths: {/a: {post: {}}, /b: {put: {}}}").difference
        assert d.operations == ("POST /a", "PUT /b")


class TestMediaTypes:
    @pytest.mark.parametrize(
        ("name", "key"),
        [
            ("application/json", "application/json"),
            ("Application/JSON ; Charset=UTF-8", "application/json"),
            ('text/plain; charset="utf-8"', "text/plain"),
            ("text/plain;charset=utf-16", "text/plain;charset=utf-16"),
            ("multipart/mixed; b=2; a=1", "multipart/mixed;a=1;b=2"),
            ("", ""),
        ],
    )
    def test_key(self, name, key):
        assert media_key(name) == key

    @pytest.mark.parametrize(
        ("wide", "narrow"),
        [
            ("*/*", "a/b"),
            ("*", "a/b"),
            ("a/*", "a/b"),
            ("a/b", "a/b"),
            ("a/b", "a/b;v=1"),
            ("a/b;v=1", "a/b;v=1;w=2"),
            ("*/*", "a/*"),
        ],
    )
    def test_covers(self, wide, narrow):
        assert covers(wide, narrow)

    @pytest.mark.parametrize(
        ("wide", "narrow"),
        [
            ("a/b", "a/*"),
            ("a/*", "b/c"),
            ("a/b;v=1", "a/b"),
            ("a/b;v=1", "a/b;v=2"),
            ("a/*", "*/*"),
            ("a/b", "a/bc"),
        ],
    )
    def test_does_not_cover(self, wide, narrow):
        assert not covers(wide, narrow)


FILE = "{type: object, properties: {f: {type: string, format: binary}}}"
LIST = "{type: object, properties: {f: {type: array, items: {type: string}}}}"


def form(encoding="", schema=FILE, media="multipart/form-data"):
    return body(f"{media}: {{schema: {schema}, encoding: {{{encoding}}}}}")


def typed(kind):
    return form(f"f: {{contentType: '{kind}'}}")


class TestEncodings:
    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (typed("image/png"), typed("image/gif"), "breaking request-encoding-content-type-changed"),
            (
                typed("image/png, image/gif"),
                typed("image/gif"),
                "breaking request-encoding-content-type-changed",
            ),
            (typed("image/*"), typed("image/png"), "breaking request-encoding-content-type-changed"),
            (typed("image/png"), typed("image/*"), "info request-encoding-content-type-loosened"),
            (form(), typed("image/png"), "risky request-encoding-content-type-unclear"),
            (typed("image/png"), form(), "info request-encoding-content-type-loosened"),
            (
                form("f: {headers: {X-A: {required: true}}}"),
                form(),
                "risky request-parameter-removed",
            ),
            (
                form(),
                form("f: {headers: {X-A: {required: true}}}"),
                "breaking request-required-parameter-added",
            ),
        ],
    )
    def test_fires(self, old, new, expected):
        assert said(old, new) == [f"{expected} @ POST /items"]

    @pytest.mark.parametrize(
        ("schema", "written"),
        [
            ("{type: object, properties: {f: {type: string}}}", "text/plain"),
            ("{type: object, properties: {f: {type: integer}}}", "text/plain"),
            ("{type: object, properties: {f: {type: object}}}", "application/json"),
            ("{type: object, properties: {f: {type: array, items: {type: string}}}}", "text/plain"),
            ("{type: object, properties: {f: {type: array, items: {type: object}}}}", "application/json"),
        ],
    )
    def test_the_unwritten_content_type(self, schema, written):
        assert said(form("", schema), form(f"f: {{contentType: {written}}}", schema)) == []

    @pytest.mark.parametrize(
        ("old", "new", "attribute"),
        [
            ("", "f: {explode: false}", "explode"),
            ("f: {style: pipeDelimited, explode: false}", "f: {explode: false}", "style"),
            ("", "f: {style: form, explode: true}", None),
            ("", "f: {}", None),
        ],
    )
    def test_style_and_explode_of_a_urlencoded_form(self, old, new, attribute):
        media = "application/x-www-form-urlencoded"
        found = said(form(old, LIST, media), form(new, LIST, media))
        wanted = [] if attribute is None else [f"breaking request-encoding-{attribute}-changed @ POST /items"]
        assert found == wanted

    def test_a_field_that_came_or_went_is_told_once(self):
        gone = form("", "{type: object, properties: {g: {type: string}}}")
        assert not any("encoding" in line for line in said(typed("image/png"), gone))

    def test_a_received_form_is_judged_the_other_way_round(self):
        old, new = (
            operation(
                f"responses: {{'200': {{content: {{multipart/mixed: {{schema: {FILE}, "
                f"encoding: {{f: {{contentType: {kind}}}}}}}}}}}}}"
            )
            for kind in ("image/*", "image/png")
        )
        assert said(old, new) == ["info response-encoding-content-type-loosened @ GET /items"]
        assert said(new, old) == ["breaking response-encoding-content-type-changed @ GET /items"]


class TestModern:
    def test_item_schema(self):
        old = body("application/jsonl: {itemSchema: {type: number}}")
        new = old.replace("number", "integer")
        found = finding(old, new, version="3.2")
        assert (found.severity, found.difference.pointer.split("/schema")[0]) == (
            "breaking",
            "/requestBody/content/application~1jsonl/itemSchema",
        )
        assert said(old, old.replace("{type: number}", "{type: number, title: n}"), version="3.2") == []

    def test_item_schema_against_a_list(self):
        items = body("application/jsonl: {itemSchema: {type: number}}")
        whole = body("application/jsonl: {schema: {type: array, items: {type: number}}}")
        assert said(items, whole, version="3.2") == []
        assert said(whole, items, version="3.2") == []
        assert said(items, whole.replace("number", "integer"), version="3.2") != []

    @pytest.mark.parametrize(
        ("old", "new", "fires"),
        [
            ("prefixEncoding: [{contentType: a/b}]", "prefixEncoding: [{contentType: a/c}]", True),
            ("itemEncoding: {contentType: a/b}", "itemEncoding: {contentType: a/c}", True),
            (
                "itemEncoding: {contentType: a/b}",
                "prefixEncoding: [{contentType: a/b}], itemEncoding: {contentType: a/b}",
                False,
            ),
            ("itemEncoding: {contentType: a/b}", "itemEncoding: {contentType: A/B}", False),
        ],
    )
    def test_positional_encodings(self, old, new, fires):
        sides = [body(f"multipart/mixed: {{{text}}}") for text in (old, new)]
        assert bool(said(*sides, version="3.2")) is fires

    def test_media_types_as_components(self):
        old = body("application/json: {schema: {type: string}}")
        new = body("application/json: {$ref: '#/components/mediaTypes/M'}")
        new += "components: {mediaTypes: {M: {schema: {type: string}}}}"
        assert said(old, new, version="3.2") == []


def legacy(parameters, more=""):
    return operation(f"{more}\nparameters: [{parameters}]".strip(), "post")


class TestLegacy:
    BODY = "{name: b, in: body, schema: {type: object}}"
    FIELD = "{name: f, in: formData, type: string}"

    @pytest.mark.parametrize(
        ("old", "new", "expected"),
        [
            (legacy(BODY), NONE, ["breaking request-body-removed"]),
            (
                legacy(BODY),
                legacy(BODY.replace("schema", "required: true, schema")),
                ["breaking request-body-became-required"],
            ),
            (
                legacy(BODY, "consumes: [a/b, a/c]"),
                legacy(BODY, "consumes: [a/b]"),
                ["breaking request-body-media-type-removed"],
            ),
            (legacy(BODY, "consumes: [a/b]"), legacy(BODY), []),
            (
                legacy(FIELD),
                legacy(FIELD.replace("type: string", "type: string, required: true")),
                ["breaking request-property-became-required"],
            ),
            (legacy(FIELD), NONE, ["breaking request-body-removed"]),
            (
                legacy("{name: f, in: formData, type: file}"),
                legacy("{name: f, in: formData, type: file}", "consumes: [multipart/form-data]"),
                [],
            ),
        ],
    )
    def test_2_0(self, old, new, expected):
        found = [line.rsplit(" @", 1)[0] for line in said(old, new, version="2.0")]
        assert found == expected

    def test_types_of_the_whole_document(self):
        old = legacy(self.BODY, "") + "consumes: [a/b, a/c]"
        assert said(old, old.replace(", a/c", ""), version="2.0") == [
            "breaking request-body-media-type-removed @ POST /items"
        ]

    @pytest.mark.parametrize(
        ("old", "new"),
        [
            (legacy(BODY), body()),
            (legacy(BODY, "consumes: [application/json]"), body()),
            (
                legacy(FIELD),
                body(
                    "application/x-www-form-urlencoded: {schema: {type: object, properties: "
                    "{f: {type: string}}}}"
                ),
            ),
            (
                legacy(
                    "{name: f, in: formData, type: file, required: true}", "consumes: [multipart/form-data]"
                ),
                body(
                    "multipart/form-data: {schema: {type: object, required: [f], properties: "
                    "{f: {type: string, format: binary}}}}",
                    "required: true, ",
                ),
            ),
            (
                legacy("{name: f, in: formData, type: array, items: {type: string}}"),
                body(
                    "application/x-www-form-urlencoded:"
                    " {schema: {type: object, properties: {f: {type: array, "
                    "items: {type: string}}}}, encoding: {f: {explode: false}}}"
                ),
            ),
        ],
    )
    def test_migrated(self, old, new):
        assert said(old, new, version="2.0", new_version="3.0") == []

    def test_lost_on_the_way(self):
        old = legacy("{name: f, in: formData, type: array, items: {type: string}}")
        new = body(
            "application/x-www-form-urlencoded:"
            " {schema: {type: object, properties: {f: {type: array, items: {type: string}}}}}"
        )
        found = said(old, new, version="2.0", new_version="3.0")
        assert found == ["breaking request-encoding-explode-changed @ POST /items"]
