"""What consumers send, against the description."""

from __future__ import annotations

import pytest

from driftcheck.traffic.exchange import Body
from tests.traffic.calls import JSON, answering, body, checked, exchange, rules, spec, taking, told

OK = {"responses": {"200": {"description": "ok"}}}
USER = {
    "type": "object",
    "required": ["name"],
    "properties": {"name": {"type": "string"}, "email": {"type": "string"}, "age": {"type": "integer"}},
}


def with_parameters(*parameters, **more):
    return spec({"/items": {"get": {**OK, "parameters": list(parameters)}}}, **more)


def query(name, schema, **more):
    return {"name": name, "in": "query", "schema": schema, **more}


def sent(schema, value, **given):
    call = exchange("POST", "/items", value, status=204, **given)
    return told(spec({"/items": {"post": taking(schema)}}), call)


@pytest.mark.parametrize(
    ("url", "expected"),
    [
        ("/items", []),
        ("/items?limit=5", []),
        ("/items?limit=101", ["recorded-parameter-invalid"]),
        ("/items?limit=x", ["recorded-parameter-invalid"]),
        ("/items?limit=", ["recorded-parameter-invalid"]),
        ("/items?sort=x", ["recorded-parameter-undocumented"]),
    ],
)
def test_query_parameters(url, expected):
    description = with_parameters(query("limit", {"type": "integer", "maximum": 100}))
    assert rules(description, exchange(url=url)) == expected


def test_a_required_parameter():
    description = with_parameters(query("q", {"type": "string"}, required=True))
    assert rules(description, exchange(url="/items?q=")) == []
    assert told(description, exchange()) == [
        ("recorded-parameter-missing", "breaking", "/parameters/query/q")
    ]


def test_an_empty_value_where_it_is_allowed():
    description = with_parameters(query("q", {"type": "integer"}, allowEmptyValue=True))
    assert rules(description, exchange(url="/items?q")) == []


def test_a_number_in_a_text_is_a_text():
    schema = {"type": ["string", "integer"], "maxLength": 3, "minimum": 10}
    assert rules(with_parameters(query("q", schema)), exchange(url="/items?q=5")) == []


def test_path_parameters():
    one = {"name": "id", "in": "path", "required": True, "schema": {"type": "integer"}}
    description = spec({"/items/{id}": {"get": {**OK, "parameters": [one]}}})
    assert rules(description, exchange(url="/items/7")) == []
    assert rules(description, exchange(url="/items/seven")) == ["recorded-parameter-invalid"]


def test_headers_of_requests():
    one = {"name": "X-Tenant", "in": "header", "required": True, "schema": {"type": "integer"}}
    description = with_parameters(one)
    assert rules(description, exchange(headers={"x-tenant": "5", "Accept": "*/*"})) == []
    assert rules(description, exchange(headers={"X-Tenant": "five"})) == ["recorded-parameter-invalid"]
    assert rules(description, exchange(headers={"Accept": "*/*"})) == ["recorded-parameter-missing"]
    assert rules(description, exchange()) == []  # the recording holds no headers at all


def test_headers_that_nobody_describes():
    calls = exchange(
        headers={"User-Agent": "x", "sec-fetch-mode": "cors", ":authority": "x", "X-Amz-Date": "1"}
    )
    assert told(with_parameters(), calls) == []
    found = told(with_parameters(), exchange(headers={"X-Shop": "1"}))
    assert found == [("recorded-parameter-undocumented", "info", "/parameters/header/x-shop")]


def test_headers_to_be_ignored():
    call = exchange(headers={"X-Shop": "1"}, answer_headers={"X-Shop-Id": "1"})
    assert rules(with_parameters(), call) == [
        "recorded-parameter-undocumented",
        "recorded-response-header-undocumented",
    ]
    from driftcheck.config import TrafficConfig

    assert rules(with_parameters(), call, traffic=TrafficConfig(ignore_headers=("X-Shop*",))) == []


def test_cookies():
    description = with_parameters({"name": "size", "in": "cookie", "schema": {"type": "integer"}})
    assert rules(description, exchange(headers={"Cookie": "a=b; size=5"})) == []
    assert rules(description, exchange(headers={"Cookie": "size=big"})) == ["recorded-parameter-invalid"]
    assert rules(description, exchange(headers={"Cookie": "session=1"})) == []


def test_credentials_are_described_as_security():
    schemes = {"key": {"type": "apiKey", "in": "query", "name": "api_key"}}
    description = with_parameters(components={"securitySchemes": schemes})
    assert rules(description, exchange(url="/items?api_key=1")) == []


def test_what_only_keeps_caches_away_is_info():
    assert told(with_parameters(), exchange(url="/items?_=17"))[0][1] == "info"


def test_parameters_with_content():
    one = {
        "name": "filter",
        "in": "query",
        "content": {JSON: {"schema": {"type": "object", "required": ["a"]}}},
    }
    assert rules(with_parameters(one), exchange(url="/items?filter=%7B%22a%22%3A1%7D")) == []
    assert rules(with_parameters(one), exchange(url="/items?filter=%7B%7D")) == ["recorded-parameter-missing"]


def test_members_of_deep_objects_are_looked_at_by_name():
    one = query("page", {"type": "object", "properties": {"size": {"type": "integer"}}}, style="deepObject")
    assert rules(with_parameters(one), exchange(url="/items?page[size]=5")) == []
    assert rules(with_parameters(one), exchange(url="/items?page[colour]=5")) == [
        "recorded-parameter-undocumented"
    ]


@pytest.mark.parametrize("status", [400, 404, 422])
def test_a_refused_request_is_not_judged(status):
    answers = {"responses": {str(status): {"description": "no"}}}
    description = spec({"/items": {"post": {**taking(USER), **answers}}})
    assert rules(description, exchange("POST", "/items?x=1", {"age": "x"}, status=status)) == []


def test_bodies():
    assert sent(USER, {"name": "x", "age": 3}) == []
    assert sent(USER, {"name": 1}) == [
        (
            "recorded-request-field-invalid",
            "breaking",
            "/requestBody/content/application~1json/schema/properties/name",
        )
    ]
    assert [rule for rule, _, _ in sent(USER, {})] == ["recorded-request-field-missing"]
    assert [rule for rule, _, _ in sent(USER, [])] == ["recorded-request-field-invalid"]


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("recorded-request-field-undocumented", "risky")]),
        ({"additionalProperties": True}, [("recorded-request-field-undocumented", "info")]),
        ({"additionalProperties": {}}, [("recorded-request-field-undocumented", "info")]),
        ({"additionalProperties": {"type": "string"}}, []),
        ({"patternProperties": {"^col": {"type": "string"}}}, []),
        ({"additionalProperties": False}, [("recorded-request-field-refused", "breaking")]),
        ({"unevaluatedProperties": False}, [("recorded-request-field-refused", "breaking")]),
    ],
)
def test_an_undeclared_field_by_how_open_the_object_is(more, expected):
    found = sent({**USER, **more}, {"name": "x", "colour": "red"})
    assert [(rule, severity) for rule, severity, _ in found] == expected


def test_an_object_that_declares_nothing_takes_everything():
    assert sent({"type": "object"}, {"a": 1}) == []
    assert sent({}, {"a": {"b": 1}}) == []


def test_read_only_fields_are_not_required_of_requests():
    schema = {**USER, "required": ["id"], "properties": {"id": {"type": "integer", "readOnly": True}}}
    assert sent(schema, {}) == []


def test_all_parts_of_allof_declare_fields():
    schema = {"allOf": [USER, {"properties": {"colour": {"type": "string"}}}]}
    assert sent(schema, {"name": "x", "colour": "red"}) == []


def test_the_branch_that_was_meant_is_told():
    cat = {
        "type": "object",
        "required": ["kind"],
        "properties": {"kind": {"const": "cat"}, "lives": {"type": "integer"}},
    }
    dog = {"type": "object", "required": ["kind"], "properties": {"kind": {"const": "dog"}}}
    found = sent({"oneOf": [cat, dog]}, {"kind": "cat", "lives": "nine"})
    assert [(rule, pointer.rpartition("/")[2]) for rule, _, pointer in found] == [
        ("recorded-request-field-invalid", "lives")
    ]
    assert sent({"oneOf": [cat, dog]}, {"kind": "cat", "lives": 9}) == []


def test_formats_and_ambiguous_unions_are_risky():
    assert (
        sent({"properties": {"at": {"type": "string", "format": "date"}}}, {"at": "today"})[0][1] == "risky"
    )
    both = {"oneOf": [{"type": "object"}, {"type": "object"}]}
    assert [severity for _, severity, _ in sent(both, {})] == ["risky"]


def test_nullable_of_3_0():
    schema = {"type": "object", "properties": {"a": {"type": "string", "nullable": True}}}
    paths = {"/items": {"post": taking(schema)}}
    call = exchange("POST", "/items", {"a": None}, status=204)
    assert rules(spec(paths, version="3.0.3"), call) == []
    assert rules(spec(paths), call) == ["recorded-request-field-invalid"]


@pytest.mark.parametrize(
    ("old", "new"), [("user_email", "email"), ("userName", "name"), ("fullname", "name")]
)
def test_a_likely_rename_is_one_finding(old, new):
    schema = {"type": "object", "required": [new], "properties": {new: {"type": "string"}}}
    description = spec({"/items": {"post": taking(schema)}})
    from tests.traffic.calls import checked

    (found,) = checked(description, exchange("POST", "/items", {old: "x"}, status=204)).findings
    assert found.rule == "recorded-request-field-renamed"
    assert (found.difference.rename.old, found.difference.rename.new) == (old, new)
    assert old in found.message
    assert new in found.message


def test_qty_is_quantity_and_a_wrong_type_is_no_rename():
    schema = {"type": "object", "properties": {"quantity": {"type": "integer"}}}
    assert [rule for rule, _, _ in sent(schema, {"qty": 3})] == ["recorded-request-field-renamed"]
    assert [rule for rule, _, _ in sent(schema, {"qty": [3]})] == ["recorded-request-field-undocumented"]
    assert [rule for rule, _, _ in sent(schema, {"colour": 3})] == ["recorded-request-field-undocumented"]


def test_a_field_beside_the_one_it_resembles_is_no_rename():
    schema = {"type": "object", "properties": {"email": {"type": "string"}}}
    found = sent(schema, {"email": "x", "user_email": "x"})
    assert [rule for rule, _, _ in found] == ["recorded-request-field-undocumented"]


def test_media_types():
    paths = {"/items": {"post": taking(USER)}}
    wrong = exchange("POST", "/items", status=204, request_body=body({"name": "x"}, media_type="text/csv"))
    assert rules(spec(paths), wrong) == ["recorded-request-media-type-undocumented"]
    charset = exchange(
        "POST", "/items", status=204, request_body=body({"name": "x"}, media_type=f"{JSON}; charset=UTF-8")
    )
    assert rules(spec(paths), charset) == []
    ranged = {"/items": {"post": taking(USER, media_type="application/*")}}
    call = exchange(
        "POST", "/items", status=204, request_body=body({"name": 1}, media_type="application/x+json")
    )
    assert rules(spec(ranged), call) == ["recorded-request-field-invalid"]


def test_a_body_without_a_media_type_is_read_as_the_only_one():
    call = exchange("POST", "/items", status=204, request_body=body({"name": 1}, media_type=""))
    assert rules(spec({"/items": {"post": taking(USER)}}), call) == ["recorded-request-field-invalid"]


FORM = "application/x-www-form-urlencoded"


@pytest.mark.parametrize(
    ("content", "expected"),
    [
        (b"name=x&age=5", []),
        (b"name=x&age=old", ["recorded-request-field-invalid"]),
        (b"age=5", ["recorded-request-field-missing"]),
        (b"name=x&colour=red", ["recorded-request-field-undocumented"]),
        (b"name=a%20b&age=", ["recorded-request-field-invalid"]),
    ],
)
def test_forms(content, expected):
    call = exchange("POST", "/items", status=204, request_body=body(content=content, media_type=FORM))
    assert rules(spec({"/items": {"post": taking(USER, media_type=FORM)}}), call) == expected


def test_forms_of_2_0():
    fields = [
        {"name": "name", "in": "formData", "type": "string", "required": True},
        {
            "name": "ids",
            "in": "formData",
            "type": "array",
            "items": {"type": "integer"},
            "collectionFormat": "multi",
        },
    ]
    paths = {"/items": {"post": {**OK, "consumes": [FORM], "parameters": fields}}}

    def sends(content):
        call = exchange("POST", "/items", request_body=body(content=content, media_type=FORM))
        return rules(spec(paths, version="2.0"), call)

    assert sends(b"name=x&ids=1&ids=2") == []
    assert sends(b"ids=1&ids=two") == ["recorded-request-field-invalid", "recorded-request-field-missing"]


def multipart(*parts):
    text = "".join(
        f'--B\r\nContent-Disposition: form-data; name="{n}"{h}\r\n\r\n{v}\r\n' for n, h, v in parts
    )
    return body(content=f"{text}--B--\r\n".encode(), media_type='multipart/form-data; boundary="B"')


def test_multipart():
    schema = {**USER, "properties": {**USER["properties"], "file": {"type": "string", "format": "binary"}}}
    description = spec({"/items": {"post": taking(schema, media_type="multipart/form-data")}})
    file = ("file", '; filename="a.png"\r\nContent-Type: image/png', "\x00\x01")
    good = multipart(("name", "", "x"), ("age", "", "5"), file)
    assert rules(description, exchange("POST", "/items", status=204, request_body=good)) == []
    bad = multipart(("name", "\r\nContent-Type: text/plain", "x"), ("age", "", "old"), ("extra", "", "1"))
    assert sorted(rules(description, exchange("POST", "/items", status=204, request_body=bad))) == [
        "recorded-request-field-invalid",
        "recorded-request-field-undocumented",
    ]


@pytest.mark.parametrize(
    ("state", "why"),
    [("absent", "not recorded"), ("external", "kept elsewhere"), ("truncated", "truncated")],
)
def test_a_body_that_is_not_recorded_is_not_judged(state, why):
    call = exchange("POST", "/items", status=204, request_body=Body(state, b"{", JSON))
    report = checked(spec({"/items": {"post": taking(USER)}}), call)
    assert report.findings == ()
    assert f"the request's body is {why}" in [item.why for item in report.skipped]


def test_a_body_that_nobody_describes_or_a_stub_leaves_open_is_not_missed():
    described = spec({"/items": {"get": answering(USER), "post": taking(USER)}})
    said = [item.why for item in checked(described, exchange(got={"name": "x"})).skipped]
    said += [item.why for item in checked(described, exchange("POST", status=204, provenance="stub")).skipped]
    assert "the request's body is not recorded" not in said


def test_an_empty_body():
    description = spec({"/items": {"post": taking(USER)}})
    empty = exchange("POST", "/items", status=204, request_body=Body("present", b"", JSON))
    assert rules(description, empty) == []
    description["paths"]["/items"]["post"]["requestBody"]["required"] = True
    assert rules(description, empty) == ["recorded-request-body-missing"]


def test_torn_json():
    call = exchange("POST", "/items", status=204, request_body=Body("present", b'{"a": ', JSON))
    assert rules(spec({"/items": {"post": taking(USER)}}), call) == ["recorded-request-body-malformed"]


def test_json_in_another_encoding_and_with_a_byte_order_mark():
    description = spec({"/items": {"post": taking(USER)}})
    for content, media_type in (
        ('\ufeff{"name": "ä"}'.encode(), JSON),
        ('{"name": "ä"}'.encode("latin-1"), f"{JSON}; charset=latin-1"),
        ('{"name": "x"}'.encode("utf-16"), f"{JSON}; charset=utf-16"),
    ):
        call = exchange("POST", "/items", status=204, request_body=Body("present", content, media_type))
        assert rules(description, call) == []


@pytest.mark.parametrize(
    "given",
    [
        {"url": "/items?limit={{limit}}", "sent": {"name": "x"}},
        {"sent": {"name": "x", "age": "{{age}}"}},
        {"sent": {"name": "x", "{{key}}": 1}},
        {"request_body": Body("present", b'{"name": "x", "age": {{age}}}', JSON)},
    ],
)
def test_placeholders_are_never_judged(given):
    operation = taking(USER, parameters=[query("limit", {"type": "integer"})])
    url = given.pop("url", "/items")
    call = exchange(
        "POST",
        url,
        given.pop("sent", None),
        status=204,
        placeholders=("{{limit}}", "{{age}}", "{{key}}"),
        **given,
    )
    assert rules(spec({"/items": {"post": operation}}), call) == []


CODE = {
    "type": "object",
    "required": ["id"],
    "properties": {"code": {"enum": ["a", "b"]}, "n": {"type": "integer"}},
}


@pytest.mark.parametrize(
    "stand_in",
    [
        "dc_redacted_0123abcd",
        "dc_redacted_0123abcd@example.invalid",
        "dc4edac7-0123-4abc-8def-0123456789ab",
        "0012 3456 7890 1234",
    ],
)
def test_rules_about_values_are_not_asked_of_what_was_redacted(stand_in):
    description = with_parameters({"name": "lang", "in": "cookie", "schema": {"enum": ["de", "en"]}})
    report = checked(description, exchange(headers={"Cookie": f"lang={stand_in}"}))
    assert report.findings == ()
    assert [item.why for item in report.skipped if "lang" in item.what] == ["a redacted value"]
    described = spec({"/items": {"post": taking(CODE)}})
    assert rules(described, exchange("POST", "/items", {"id": 1, "code": stand_in}, status=204)) == []


def test_types_and_names_are_asked_of_what_was_redacted():
    description = spec({"/items": {"post": taking(CODE)}})
    call = exchange("POST", "/items", {"id": 1, "n": "dc_redacted_0123abcd"}, status=204)
    assert rules(description, call) == ["recorded-request-field-invalid"]
    call = exchange("POST", "/items", {"code": "dc_redacted_0123abcd"}, status=204)
    assert rules(description, call) == ["recorded-request-field-missing"]


@pytest.mark.parametrize("value", ["00123", "c"])
def test_what_only_begins_like_a_stand_in_is_judged(value):
    description = with_parameters({"name": "lang", "in": "cookie", "schema": {"enum": ["de", "en"]}})
    call = exchange(headers={"Cookie": f"lang={value}"})
    assert rules(description, call) == ["recorded-parameter-invalid"]


@pytest.mark.parametrize(
    ("one", "url", "words"),
    [
        (query("ids", {"type": "array", "items": {"type": "integer"}}), "/items?ids=x", "ids[] is a"),
        (
            query(
                "page",
                {"type": "object", "properties": {"size": {"type": "integer"}}},
                style="deepObject",
            ),
            "/items?page[size]=x",
            "page.size is a",
        ),
    ],
)
def test_parts_of_parameters_are_told_with_the_parameters_name(one, url, words):
    (found,) = checked(with_parameters(one), exchange(url=url)).findings
    assert f"query parameter {words}" in found.message


@pytest.mark.parametrize(
    ("written", "expected"),
    [
        ('{"name": "x", "age": {{age}}}', []),
        ('{"name": "{{", "age": {{age}}}', []),
        ('{"name": 5, "age": {{age}}}', ["recorded-request-field-invalid"]),
        (
            '{"name": "a \\" {{age}}", "age": "x", "n": [{{age}}, {{key}}]}',
            ["recorded-request-field-invalid"],
        ),
        ('{"name": 5, "age": {{age}}', []),
    ],
)
def test_the_rest_of_a_body_with_placeholders_is_judged(written, expected):
    schema = {**USER, "properties": {**USER["properties"], "n": {}}}
    call = exchange(
        "POST",
        "/items",
        status=204,
        request_body=Body("present", written.encode(), JSON),
        placeholders=("{{age}}", "{{key}}"),
    )
    assert rules(spec({"/items": {"post": taking(schema)}}), call) == expected
