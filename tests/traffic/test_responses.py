"""What came back, against the description."""

from __future__ import annotations

import gzip
import sys

import pytest

from driftcheck.traffic.exchange import Body, Source
from driftcheck.traffic.readers.bodies import body_of
from tests.traffic.calls import JSON, answering, body, checked, exchange, rules, spec, told

USER = {
    "type": "object",
    "required": ["id"],
    "properties": {"id": {"type": "integer"}, "email": {"type": "string"}, "nick": {"type": "string"}},
}


def got(schema, value, **given):
    return told(spec({"/items": {"get": answering(schema)}}), exchange(got=value, **given))


def test_what_is_promised_is_silent():
    assert got(USER, {"id": 1, "email": "x"}) == []
    assert got({"type": "array", "items": USER}, [{"id": 1}, {"id": 2, "nick": "x"}]) == []


def test_a_missing_promise():
    assert got(USER, {"email": "x"}) == [
        (
            "recorded-response-field-missing",
            "breaking",
            "/responses/200/content/application~1json/schema/properties/id",
        )
    ]


def test_the_same_problem_in_many_elements_is_one_finding():
    (found,) = got({"type": "array", "items": USER}, [{"id": "a"}, {"id": "b"}, {"id": 3}])
    assert found[2].endswith("/schema/items/properties/id")


def test_names_that_are_data_do_not_multiply_findings():
    schema = {"type": "object", "additionalProperties": USER}
    (found,) = got(schema, {"a1": {"id": "x"}, "b2": {"id": "y"}})
    assert found[2].endswith("/schema/additionalProperties/properties/id")


@pytest.mark.parametrize(
    ("more", "expected"),
    [
        ({}, [("recorded-response-field-undocumented", "risky")]),
        ({"additionalProperties": True}, [("recorded-response-field-undocumented", "info")]),
        ({"additionalProperties": False}, [("recorded-response-field-forbidden", "breaking")]),
        ({"additionalProperties": {"type": "string"}}, []),
    ],
)
def test_an_undeclared_field_by_how_open_the_object_is(more, expected):
    found = got({**USER, **more}, {"id": 1, "colour": "red"})
    assert [(rule, severity) for rule, severity, _ in found] == expected


def test_a_field_of_any_branch_is_declared():
    cat = {"type": "object", "properties": {"lives": {"type": "integer"}}}
    dog = {"type": "object", "properties": {"tricks": {"type": "integer"}}}
    assert got({"anyOf": [cat, dog]}, {"lives": 9}) == []
    assert [rule for rule, _, _ in got({"anyOf": [cat, dog]}, {"gills": 9})] == [
        "recorded-response-field-undocumented"
    ]


def test_cycles():
    node = {
        "type": "object",
        "properties": {"value": {"type": "integer"}, "next": {"$ref": "#/components/schemas/Node"}},
    }
    description = spec({"/items": {"get": answering(node)}}, components={"schemas": {"Node": node}})
    good = exchange(got={"value": 1, "next": {"value": 2, "next": {"value": 3}}})
    assert rules(description, good) == []
    bad = exchange(got={"value": 1, "next": {"value": 2, "next": {"value": "x"}}})
    assert rules(description, bad) == ["recorded-response-field-invalid"]


def test_write_only_fields_are_not_awaited():
    schema = {
        "type": "object",
        "required": ["pin"],
        "properties": {"pin": {"type": "string", "writeOnly": True}},
    }
    assert got(schema, {}) == []


@pytest.mark.parametrize(
    ("status", "expected"),
    [
        (200, []),
        (201, [("recorded-status-undocumented", "breaking")]),
        (302, [("recorded-status-undocumented", "info")]),
        (304, []),
        (101, []),
        (404, [("recorded-status-undocumented", "risky")]),
        (500, [("recorded-status-undocumented", "info")]),
    ],
)
def test_statuses(status, expected):
    description = spec({"/items": {"get": {"responses": {"200": {"description": "ok"}}}}})
    found = told(description, exchange(status=status))
    assert [(rule, severity) for rule, severity, _ in found] == expected


@pytest.mark.parametrize("written", ["4XX", "4xx", "default", "404"])
def test_ranges_and_the_default_are_descriptions(written):
    description = spec({"/items": {"get": {"responses": {written: {"description": "no"}}}}})
    assert rules(description, exchange(status=404)) == []


def test_media_types():
    description = spec({"/items": {"get": answering(USER)}})
    html = exchange(response_body=body(content=b"<p>", media_type="text/html"))
    assert told(description, html) == [
        ("recorded-response-media-type-undocumented", "breaking", "/responses/200/content")
    ]
    description["paths"]["/items"]["get"]["responses"]["404"] = description["paths"]["/items"]["get"][
        "responses"
    ]["200"]
    problem = exchange(status=404, response_body=body({"title": "x"}, media_type="application/problem+json"))
    assert [severity for _, severity, _ in told(description, problem)] == ["risky"]


def test_2_0_without_produces_may_answer_in_any_type():
    operation = {"responses": {"200": {"description": "ok", "schema": USER}}}
    description = spec({"/items": {"get": operation}}, version="2.0")
    assert rules(description, exchange(got={"id": 1})) == []
    assert rules(description, exchange(got={"id": "x"})) == ["recorded-response-field-invalid"]


def test_bodies_where_none_are_described():
    description = spec(
        {"/items": {"get": {"responses": {"200": {"description": "ok"}, "400": {"description": "no"}}}}}
    )
    assert [(r, s) for r, s, _ in told(description, exchange(got={"a": 1}))] == [
        ("recorded-response-body-undocumented", "risky")
    ]
    assert [s for _, s, _ in told(description, exchange(got={"a": 1}, status=400))] == ["info"]


def test_an_empty_answer_where_a_body_is_described():
    description = spec({"/items": {"get": answering(USER), "head": answering(USER)}})
    empty = Body("present", b"", "")
    assert rules(description, exchange(response_body=empty)) == ["recorded-response-body-missing"]
    assert rules(description, exchange("HEAD", response_body=empty)) == []


@pytest.mark.parametrize("state", ["absent", "external", "truncated"])
def test_a_body_that_is_not_recorded_is_skipped_and_counted(state):
    description = spec({"/items": {"get": answering(USER)}})
    report = checked(description, exchange(response_body=Body(state, b"", JSON)))
    assert report.findings == ()
    assert any(item.what == "1 call: GET /items" for item in report.skipped)


@pytest.mark.parametrize(
    "media_type", ["application/xml", "application/soap+xml", "application/x-ndjson", "text/event-stream"]
)
def test_what_cannot_be_judged_is_skipped_and_counted(media_type):
    description = spec({"/items": {"get": answering(USER, media_type=media_type)}})
    report = checked(description, exchange(response_body=body(content=b"<a/>", media_type=media_type)))
    assert report.findings == ()
    assert any(item.what == "1 call: GET /items" and media_type in item.why for item in report.skipped)


def test_texts_and_binaries():
    text = spec({"/items": {"get": answering({"type": "string", "maxLength": 3}, media_type="text/plain")}})
    assert rules(text, exchange(response_body=body(content=b"abc", media_type="text/plain"))) == []
    assert rules(text, exchange(response_body=body(content=b"abcd", media_type="text/plain"))) == [
        "recorded-response-field-invalid"
    ]
    png = spec({"/items": {"get": answering({"type": "string", "format": "binary"}, media_type="image/png")}})
    picture = body(content=b"\x89PNG", media_type="image/png", state="binary")
    assert rules(png, exchange(response_body=picture)) == []


def headers(**declared):
    answers = {"200": {"description": "ok", "headers": declared}}
    return spec({"/items": {"get": {"responses": answers}}})


def test_headers():
    total = headers(Total={"required": True, "schema": {"type": "integer"}})
    assert rules(total, exchange(answer_headers={"total": "5"})) == []
    assert rules(total, exchange(answer_headers={"Total": "many"})) == ["recorded-response-header-invalid"]
    assert rules(total, exchange(answer_headers={"Date": "x"})) == ["recorded-response-header-missing"]
    assert rules(total, exchange()) == []
    optional = headers(Total={"schema": {"type": "integer"}})
    assert rules(optional, exchange(answer_headers={"Date": "x", "Server": "y", "X-Request-Id": "z"})) == []


@pytest.mark.parametrize(
    ("kind", "rule"), [("example", "example-drifted"), ("stub", "stub-drifted"), ("contract", "pact-drifted")]
)
def test_what_consumers_believe_has_rules_of_its_own(kind, rule):
    description = spec({"/items": {"get": answering(USER)}})
    assert rules(description, exchange(got={"id": 1}, provenance=kind)) == []
    assert rules(description, exchange(got={"id": "x"}, provenance=kind)) == [rule]
    (open_field,) = checked(description, exchange(got={"id": 1, "x": 1}, provenance=kind)).findings
    assert (open_field.rule, str(open_field.severity)) == (rule, "risky")
    (renamed,) = checked(description, exchange(got={"id": 1, "user_email": "a"}, provenance=kind)).findings
    assert renamed.difference.rename is not None
    (elsewhere,) = checked(description, exchange(url="/people", got=[], provenance=kind)).findings
    assert elsewhere.rule == rule


def test_a_pact_holds_only_what_its_consumer_reads():
    description = spec({"/items": {"get": answering(USER)}})
    assert rules(description, exchange(got={"email": "x"}, provenance="contract")) == []
    assert rules(description, exchange(got={"email": 1}, provenance="contract")) == ["pact-drifted"]
    assert rules(description, exchange(got={"email": "x"}, provenance="stub")) == ["stub-drifted"]
    empty = Body("present", b"", "")
    assert rules(description, exchange(response_body=empty, provenance="contract")) == []


def test_a_call_without_an_answer():
    from dataclasses import replace

    description = spec({"/items": {"get": answering(USER)}})
    assert rules(description, replace(exchange(), response=None)) == []


def test_a_pattern_that_no_validator_takes_is_skipped():
    description = spec(
        {"/items": {"get": answering({"type": "object", "properties": {"a": {"pattern": "(?<=x"}}})}}
    )
    report = checked(description, exchange(got={"a": "x"}))
    assert report.findings == ()
    assert any("cannot be used" in item.why for item in report.skipped)


@pytest.mark.parametrize("content", [b'{"id": NaN}', b'{"email": "\\ud800"}', b'{"id": 1e999}'])
def test_values_that_no_validator_takes_spoil_nothing(content):
    description = spec({"/items": {"get": answering(USER)}})
    strange = exchange(response_body=body(content=content))
    found = told(description, strange, exchange(got={"id": "x"}))
    assert "recorded-response-field-invalid" in {rule for rule, _, _ in found}


def test_values_nested_beyond_measure():
    node = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Node"}}}
    description = spec({"/items": {"get": answering(node)}}, components={"schemas": {"Node": node}})
    for depth in (900, 100_000):
        deep = exchange(response_body=body(content=b'{"a":' * depth + b"{}" + b"}" * depth))
        report = checked(description, deep, exchange(got={"a": 1}))
        assert "recorded-response-field-invalid" in {found.rule for found in report.findings}


def test_a_great_many_wrong_elements_are_one_finding():
    description = spec({"/items": {"get": answering({"type": "array", "items": USER})}})
    (found,) = checked(description, exchange(got=[{"id": "x"}] * 10_000)).findings
    assert found.difference.facts["count"] == 1


def test_names_that_look_like_values_are_one_finding_and_not_told():
    keyed = {"id": 1, "2024-01-31": 1, "2024-02-01": 2, "mona@example.com": 3, "a/b@c": 4}
    description = spec({"/items": {"get": answering(USER)}})
    (found,) = checked(description, exchange(got=keyed)).findings
    assert found.difference.pointer.endswith("/properties/*")
    assert "field * is in the answer" in found.message
    nested = {"type": "object", "properties": {"users": USER}}
    (found,) = checked(
        spec({"/items": {"get": answering(nested)}}), exchange(got={"users": {"id": 1, "77": 2}})
    ).findings
    assert "field users.* is in the answer" in found.message


def test_what_no_answer_may_hold_is_named_by_its_rule():
    schema = {"type": "array", "prefixItems": [{"type": "integer"}], "items": False}
    description = spec({"/items": {"get": answering(schema)}})
    (found,) = checked(description, exchange(got=[1, 2])).findings
    assert "is an integer that the description rules out" in found.message


@pytest.mark.parametrize("provenance", ["example", "stub", "contract"])
def test_mocks_are_told_in_the_words_of_recorded_calls(provenance):
    description = spec({"/items": {"get": answering(USER)}})
    (found,) = checked(description, exchange(got={"id": "x"}, provenance=provenance)).findings
    assert "field id is a string of 1 character, the description says integer" in found.message


def _packed(encoding, text=b'{"id": "one"}'):
    """What came over the wire, without media type or length being wrong."""
    if encoding == "br":
        import brotli

        return brotli.compress(text)
    import zstandard

    return zstandard.compress(text)


@pytest.mark.parametrize("encoding", ["br", "zstd", "BR"])
def test_bodies_as_they_were_on_the_wire(encoding):
    kept = body_of(_packed(encoding.lower()), JSON, encoding)
    assert kept == Body("present", b'{"id": "one"}', JSON)


@pytest.mark.parametrize("encoding", ["br", "zstd"])
def test_broken_encodings_and_such_that_unpack_to_too_much(encoding, monkeypatch):
    whole = _packed(encoding, b'{"id": "%s"}' % (b"x" * 100_000))
    assert body_of(whole[: len(whole) // 2], JSON, encoding).state == "binary"
    assert body_of(b"\xff\xfe\x00\x01", JSON, encoding).state == "binary"
    monkeypatch.setattr("driftcheck.traffic.readers.bodies.MOST", 50_000)
    assert body_of(whole, JSON, encoding).state == "binary"


def test_encodings_one_upon_the_other():
    twice = gzip.compress(_packed("br"))
    assert body_of(twice, JSON, "br, gzip").content == b'{"id": "one"}'


@pytest.mark.parametrize(("encoding", "package"), [("br", "brotli"), ("zstd", "zstandard")])
def test_a_body_that_cannot_be_unpacked_is_counted(encoding, package, monkeypatch):
    packed = _packed(encoding)
    monkeypatch.setitem(sys.modules, package, None)
    kept = body_of(packed, JSON, encoding)
    description = spec({"/items": {"get": answering(USER)}})
    call = exchange(response_body=kept, answer_headers={"Content-Encoding": encoding})
    report = checked(description, call)
    assert report.findings == ()
    assert f"the response's body is encoded as {encoding}; pip install {package} to have it read" in [
        item.why for item in report.skipped
    ]


def test_pictures_are_not_counted_as_encoded():
    description = spec({"/items": {"get": answering({"type": "string"}, media_type="image/png")}})
    kept = Body("binary", b"\x89PNG\0", "image/png")
    report = checked(description, exchange(response_body=kept, answer_headers={"Content-Encoding": "br"}))
    assert (report.findings, report.skipped) == ((), ())


def test_newman_follows_redirects_and_keeps_only_the_last_answer():
    moved = {"responses": {"307": {"description": "moved"}}}
    described = spec(
        {"/old": {"get": moved}, "/items": {"get": {"responses": {"204": {"description": "ok"}}}}}
    )
    newman = Source("run.json", "newman", 1)
    report = checked(described, exchange(url="/old", got=[1], source=newman))
    assert report.findings == ()
    assert "newman's report holds only where a redirect led" in [item.why for item in report.skipped]
    assert (
        told(described, exchange(url="/items", got=[1], source=newman))[0][0]
        == "recorded-status-undocumented"
    )
    assert told(described, exchange(url="/old", got=[1]))[0][0] == "recorded-status-undocumented"
