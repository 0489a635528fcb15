"""Which recorded calls a change hits: the thing itself must occur in the call."""

from __future__ import annotations

import copy
import json

import pytest

from driftcheck import DriftcheckError
from driftcheck.config import Config, TrafficConfig
from driftcheck.traffic.usage import check_usage
from tests.traffic.calls import answering, body, exchange, spec, taking

USER = {
    "type": "object",
    "required": ["id"],
    "properties": {
        "id": {"type": "integer"},
        "email": {"type": "string"},
        "kind": {"enum": ["a", "b", "c"]},
        "size": {"type": "integer", "maximum": 10},
        "owner": {"type": "object", "properties": {"name": {"type": "string"}}},
    },
}
OK = {"responses": {"200": {"description": "ok"}}}


def use(old, new, *calls, **config):
    """Each finding that is no info, with the reasons of the calls that it hits."""
    report = check_usage(old, new, list(calls), config=Config(**config))
    return {found.rule: [call["why"] for call in found.used_by] for found in report.findings}


def changed(schema, change):
    new = copy.deepcopy(schema)
    change(new)
    return new


def sending(change, *values, method="post"):
    calls = [exchange("POST", "/items", value, status=204) for value in values]
    return use(*(spec({"/items": {"post": taking(s)}}) for s in (USER, changed(USER, change))), *calls)


def getting(change, *values):
    calls = [exchange(got=value) for value in values]
    return use(*(spec({"/items": {"get": answering(s)}}) for s in (USER, changed(USER, change))), *calls)


def without(name):
    return lambda schema: schema["properties"].pop(name)


def renaming(old, new):
    return lambda schema: schema["properties"].__setitem__(new, schema["properties"].pop(old))


@pytest.mark.parametrize(
    ("value", "hits"),
    [
        ({"id": 1, "email": "x"}, ["got field email"]),
        ({"id": 1}, []),
        ({"id": 1, "owner": {"email": "x"}}, []),
    ],
)
def test_a_removed_answer_field(value, hits):
    assert getting(without("email"), value) == {"response-property-removed": hits}


def test_a_renamed_field():
    change = renaming("email", "user_email")
    assert getting(change, {"id": 1, "email": "x"}) == {"response-property-renamed": ["got field email"]}
    assert getting(change, {"id": 1}) == {"response-property-renamed": []}
    assert sending(change, {"id": 1, "email": "x"}) == {"request-property-renamed": ["sends field email"]}
    assert sending(change, {"id": 1}) == {"request-property-renamed": []}


def test_a_field_deep_down():
    def change(schema):
        schema["properties"]["owner"]["properties"].pop("name")

    assert getting(change, {"id": 1, "owner": {"name": "x"}}) == {
        "response-property-removed": ["got field name"]
    }
    assert getting(change, {"id": 1, "owner": {}, "name": "x"}) == {"response-property-removed": []}


def test_a_new_required_field():
    def change(schema):
        schema["required"].append("currency")
        schema["properties"]["currency"] = {"type": "string"}

    assert sending(change, {"id": 1}) == {"request-required-property-added": ["does not send field currency"]}
    assert sending(change, {"id": 1, "currency": "EUR"}) == {"request-required-property-added": []}


def test_a_field_that_became_required():
    def change(schema):
        schema["required"].append("email")

    assert sending(change, {"id": 1}) == {"request-property-became-required": ["does not send field email"]}
    assert sending(change, {"id": 1, "email": "x"}) == {"request-property-became-required": []}


def test_a_field_that_became_optional():
    assert getting(lambda schema: schema.pop("required"), {"id": 1}) == {
        "response-property-became-optional": ["got field id"]
    }


def test_an_enum_value():
    def change(schema):
        schema["properties"]["kind"]["enum"].remove("c")

    assert sending(change, {"id": 1, "kind": "c"}) == {
        "request-property-enum-value-removed": ["sends field kind with a value that is refused now"]
    }
    assert sending(change, {"id": 1, "kind": "a"}) == {"request-property-enum-value-removed": []}
    assert sending(change, {"id": 1, "kind": "zebra"}) == {"request-property-enum-value-removed": []}


def test_a_narrowed_bound():
    def change(schema):
        schema["properties"]["size"]["maximum"] = 5

    assert sending(change, {"id": 1, "size": 7}, {"id": 1, "size": 3}) == {
        "request-property-maximum-decreased": ["sends field size with a value that is refused now"]
    }
    assert sending(change, {"id": 1, "size": 5}) == {"request-property-maximum-decreased": []}


def test_a_widened_answer():
    def change(schema):
        schema["properties"]["kind"]["enum"].append("d")

    assert getting(change, {"id": 1, "kind": "a"}) == {
        "response-property-enum-value-added": ["got field kind"]
    }
    assert getting(change, {"id": 1}) == {"response-property-enum-value-added": []}


def test_a_shared_component_is_hit_in_either_direction():
    def described(schema):
        reference = {"$ref": "#/components/schemas/User"}
        paths = {
            "/items": {"post": {**taking(reference), **answering(reference)}, "get": answering(reference)}
        }
        return spec(paths, components={"schemas": {"User": schema}})

    old, new = described(USER), described(changed(USER, renaming("email", "user_email")))
    full, short = {"id": 1, "email": "x"}, {"id": 1}
    (hits,) = use(old, new, exchange("POST", "/items", full, short)).values()
    assert hits == ["sends field email"]
    (hits,) = use(old, new, exchange("POST", "/items", short, full)).values()
    assert hits == ["got field email"]
    (hits,) = use(old, new, exchange(got=full)).values()
    assert hits == ["got field email"]
    (hits,) = use(old, new, exchange(got=short), exchange("POST", "/items", short, short)).values()
    assert hits == []


def asking(*parameters):
    return spec({"/items": {"get": {**OK, "parameters": list(parameters)}}})


def query(name, schema=None, **more):
    return {"name": name, "in": "query", "schema": schema or {"type": "integer"}, **more}


@pytest.mark.parametrize(
    ("old", "new", "url", "expected"),
    [
        ([query("q")], [], "/items?q=1", {"request-parameter-removed": ["sends query parameter q"]}),
        ([query("q")], [], "/items", {"request-parameter-removed": []}),
        (
            [],
            [query("q", required=True)],
            "/items",
            {"request-required-parameter-added": ["does not send query parameter q"]},
        ),
        ([], [query("q", required=True)], "/items?q=1", {"request-required-parameter-added": []}),
        (
            [query("q")],
            [query("q", required=True)],
            "/items",
            {"request-parameter-became-required": ["does not send query parameter q"]},
        ),
        ([query("q")], [query("q", required=True)], "/items?q=1", {"request-parameter-became-required": []}),
        (
            [query("q", {"type": "integer", "maximum": 9})],
            [query("q", {"type": "integer", "maximum": 5})],
            "/items?q=7",
            {
                "request-parameter-maximum-decreased": [
                    "sends query parameter q with a value that is refused now"
                ]
            },
        ),
        (
            [query("q", {"type": "integer", "maximum": 9})],
            [query("q", {"type": "integer", "maximum": 5})],
            "/items?q=3",
            {"request-parameter-maximum-decreased": []},
        ),
    ],
)
def test_parameters(old, new, url, expected):
    assert use(asking(*old), asking(*new), exchange(url=url)) == expected


def test_statuses_media_types_and_headers():
    def described(status="200", media="text/csv", header="X-Total"):
        answer = {
            "description": "ok",
            "content": {media: {}, "application/json": {"schema": {}}},
            "headers": {header: {"schema": {"type": "integer"}}},
        }
        return spec({"/items": {"get": {"responses": {status: answer, "default": {"description": "no"}}}}})

    csv = exchange(response_body=body(content=b"a;b", media_type="text/csv"))
    plain = exchange(got={}, answer_headers={"x-total": "1"})
    assert use(described(), described(media="text/plain"), csv)["response-body-media-type-removed"] == [
        "got text/csv"
    ]
    assert use(described(), described(media="text/plain"), plain)["response-body-media-type-removed"] == []
    assert use(described(), described(header="Pages"), plain)["response-header-removed"] == [
        "got header X-Total"
    ]
    assert use(described(), described(header="Pages"), csv)["response-header-removed"] == []
    assert use(described("201"), described("202"), exchange(status=201))[
        "response-success-status-removed"
    ] == ["got status 201"]
    assert (
        use(described("201"), described("202"), exchange(status=500))["response-success-status-removed"] == []
    )


def test_request_bodies():
    old = spec({"/items": {"post": taking(USER, media_type="application/json")}})
    new = spec({"/items": {"post": taking(USER, media_type="text/csv")}})
    sent = exchange("POST", "/items", {"id": 1}, status=204)
    assert use(old, new, sent)["request-body-media-type-removed"] == ["sends application/json"]
    gone = spec({"/items": {"post": {"responses": {"204": {"description": "ok"}}}}})
    assert use(old, gone, sent)["request-body-removed"] == ["sends a body"]
    assert use(old, gone, exchange("POST", "/items", status=204))["request-body-removed"] == []


def test_operations():
    old, new = spec({"/a": {"get": OK}, "/b": {"get": OK}}), spec({"/b": {"get": OK}})
    assert use(old, new, exchange(url="/a")) == {"operation-removed": ["calls the operation"]}
    assert use(old, new, exchange(url="/b")) == {"operation-removed": []}


def test_what_is_not_on_the_wire_says_nothing_of_use():
    old = spec({"/a": {"get": {**OK, "operationId": "one"}}})
    new = spec({"/a": {"get": {**OK, "operationId": "two"}}})
    (found,) = check_usage(old, new, [exchange(url="/a")], config=Config()).findings
    assert "recorded" not in found.message
    assert found.used_by == ()


def test_severity_stays_and_the_message_says_how_often():
    old, new = spec({"/a": {"get": OK}, "/b": {"get": OK}}), spec({})
    calls = [exchange(url="/a", consumer=name) for name in ("web", "ios", "web")]
    found = {each.difference.object: each for each in check_usage(old, new, calls, config=Config()).findings}
    assert {str(each.severity) for each in found.values()} == {"breaking"}
    assert found["GET /a"].message.endswith("hits 3 of 3 recorded calls (ios, web)")
    assert found["GET /b"].message.endswith("not seen in 3 recorded calls")
    assert [call["consumer"] for call in found["GET /a"].used_by] == ["web", "ios"]


def test_the_most_critical_comes_first():
    paths = {"/aaa": {"get": OK}, "/bbb": {"post": OK}, "/ccc/payment": {"post": OK}, "/unused": {"post": OK}}
    calls = [exchange(url="/aaa"), exchange("POST", "/bbb"), exchange("POST", "/ccc/payment")]
    report = check_usage(spec(paths), spec({}), calls, config=Config())
    assert [found.difference.object for found in report.findings] == [
        "POST /ccc/payment",
        "POST /bbb",
        "GET /aaa",
        "POST /unused",
    ]
    flat = TrafficConfig(weights=dict.fromkeys(("write", "payment", "auth"), 0.0))
    report = check_usage(
        spec(paths), spec({}), [*calls, exchange(url="/aaa", consumer="b")], config=Config(traffic=flat)
    )
    assert report.findings[0].difference.object == "GET /aaa"


def test_without_a_difference_there_is_nothing():
    old = spec({"/items": {"get": answering(USER)}})
    assert use(old, copy.deepcopy(old), exchange(got={"id": 1})) == {}


def test_other_services_and_unknown_calls_are_counted():
    old = spec({"/a": {"get": OK}}, servers=[{"url": "https://api.example.com"}])
    calls = [
        exchange(url="https://api.example.com/a"),
        exchange(url="https://cdn.net/a"),
        exchange(url="/gone"),
    ]
    report = check_usage(old, old, calls, config=Config())
    assert [item.what for item in report.skipped] == ["1 call to cdn.net", "1 recorded call"]


def test_placeholders_are_no_values():
    def change(schema):
        schema["properties"]["size"]["maximum"] = 5

    old, new = (spec({"/items": {"post": taking(s)}}) for s in (USER, changed(USER, change)))
    call = exchange("POST", "/items", {"id": 1, "size": "{{size}}"}, status=204, placeholders=("{{size}}",))
    assert use(old, new, call) == {"request-property-maximum-decreased": []}


def test_recordings_that_say_nothing():
    old = spec({"/a": {"get": OK}})
    with pytest.raises(DriftcheckError, match="no recorded call"):
        use(old, old)
    with pytest.raises(DriftcheckError, match="none of the 1 recorded calls"):
        use(old, old, exchange(url="/b"))


def test_many_descriptions_at_once(tmp_path):
    for side in ("old", "new"):
        (tmp_path / side).mkdir()
        (tmp_path / side / "api.json").write_text(json.dumps(spec({"/a": {"get": OK}})))
    with pytest.raises(DriftcheckError, match="recordings are of one service"):
        use(str(tmp_path / "old"), str(tmp_path / "new"), exchange())


def test_values_nested_beyond_measure():
    node = {
        "type": "object",
        "properties": {"a": {"$ref": "#/components/schemas/Node"}, "b": {"type": "string"}},
    }
    short = {"type": "object", "properties": {"a": {"$ref": "#/components/schemas/Node"}}}
    paths = {"/items": {"get": answering({"$ref": "#/components/schemas/Node"})}}
    old, new = (spec(paths, components={"schemas": {"Node": schema}}) for schema in (node, short))
    deep = exchange(response_body=body(content=b'{"a":' * 900 + b"{}" + b"}" * 900))
    assert use(old, new, deep, exchange(got={"b": "x"})) == {"response-property-removed": ["got field b"]}


def test_a_whole_body_is_called_so():
    closed = {**USER, "additionalProperties": False}
    old, new = (spec({"/items": {"post": taking(schema)}}) for schema in (USER, closed))
    call = exchange("POST", "/items", {"id": 1, "undeclared": 2}, status=204)
    assert use(old, new, call) == {
        "request-body-additional-properties-constrained": ["sends the body with a value that is refused now"]
    }
    assert use(old, new, exchange("POST", "/items", {"id": 1}, status=204)) == {
        "request-body-additional-properties-constrained": []
    }


def test_2_0_forms_and_parameters():
    def described(*fields, **more):
        operation = {"consumes": ["application/x-www-form-urlencoded"], "parameters": list(fields), **OK}
        return spec({"/items": {"post": operation}}, version="2.0", **more)

    form = body(content=b"name=x&size=7", media_type="application/x-www-form-urlencoded")
    call = exchange("POST", "/items?limit=7", request_body=form)
    name = {"name": "name", "in": "formData", "type": "string"}
    size = {"name": "size", "in": "formData", "type": "integer", "maximum": 9}
    limit = {"name": "limit", "in": "query", "type": "integer", "maximum": 9}
    tight = [{**size, "maximum": 5}, {**limit, "maximum": 5}]
    old = described(name, size, limit)
    assert set(map(str, use(old, described(name, *tight), call).values())) == {
        "['sends field size']",  # fields of forms are no schema of their own in 2.0
        "['sends query parameter limit with a value that is refused now']",
    }
    assert list(use(old, described(size, limit), call).values()) == [["sends field name"]]


BASE = {"type": "object", "required": ["kind"], "properties": {"kind": {"type": "string"}}}


def union():
    """Two branches that are told by `kind`, each made of a common base and of its own."""

    def branch(kind, **more):
        own = {"type": "object", "properties": {"kind": {"const": kind}, **more}, "required": list(more)}
        return {"allOf": [{"$ref": "#/components/schemas/Base"}, own]}

    return {
        "Base": BASE,
        "In": branch("in", bed={"type": "string"}),
        "Out": branch("out", at={"type": "string"}),
        "Visit": {"oneOf": [{"$ref": "#/components/schemas/In"}, {"$ref": "#/components/schemas/Out"}]},
    }


def visits(change):
    """Reasons, by rule, for a call that sends the one branch and one that sends the other."""
    old = union()
    new = changed(old, change)
    paths = {"/items": {"post": taking({"$ref": "#/components/schemas/Visit"})}}
    calls = [{"kind": "in", "bed": "1"}, {"kind": "out", "at": "noon"}]
    both = (spec(paths, components={"schemas": one}) for one in (old, new))
    return use(*both, *(exchange("POST", "/items", value, status=204) for value in calls))


def test_a_field_that_one_branch_demands_hits_those_who_send_that_branch():
    def change(schemas):
        schemas["In"]["allOf"][1]["properties"]["ward"] = {"type": "string"}
        schemas["In"]["allOf"][1]["required"].append("ward")

    assert visits(change) == {"request-required-property-added": ["does not send field ward"]}


def test_a_field_of_the_common_base_hits_both():
    def change(schemas):
        schemas["Base"]["properties"]["who"] = {"type": "string"}
        schemas["Base"]["required"].append("who")

    calls = visits(change)["request-required-property-added"]
    assert calls == ["does not send field who"]  # one witness of a consumer and test stands for both


def test_a_branch_that_is_gone_hits_those_who_send_it():
    def change(schemas):
        schemas["Visit"]["oneOf"].pop()

    (hits,) = visits(change).values()
    assert hits == ["sends the body with a value that is refused now"]


def test_a_branch_that_nobody_sends_is_not_seen():
    old = union()
    old["Visit"]["oneOf"].append({"type": "integer"})

    def change(schemas):
        schemas["Visit"]["oneOf"].pop()

    paths = {"/items": {"post": taking({"$ref": "#/components/schemas/Visit"})}}
    both = (spec(paths, components={"schemas": one}) for one in (old, changed(old, change)))
    found = use(*both, exchange("POST", "/items", {"kind": "out", "at": "noon"}, status=204))
    assert list(found.values()) == [[]]


@pytest.mark.parametrize(("sent", "hits"), [("a=1; lang=de", 1), ("lang=en", 0), ("language=de", 0), ("", 0)])
def test_cookies_are_looked_into(sent, hits):
    def described(values):
        cookie = {"name": "lang", "in": "cookie", "schema": {"enum": values}}
        return spec({"/items": {"get": {**OK, "parameters": [cookie]}}})

    call = exchange(headers={"Cookie": sent} if sent else {})
    (found,) = use(described(["de", "en"]), described(["en"]), call).values()
    assert len(found) == hits


@pytest.mark.parametrize(("query", "hits"), [("filter[lt]=5", 1), ("filter[gte]=5", 0), ("lt=5", 0), ("", 0)])
def test_members_of_deep_objects_are_looked_into(query, hits):
    def described(names):
        schema = {"type": "object", "properties": {name: {"type": "integer"} for name in names}}
        one = {"name": "filter", "in": "query", "style": "deepObject", "explode": True, "schema": schema}
        return spec({"/items": {"get": {**OK, "parameters": [one]}}})

    (found,) = use(described(["gte", "lt"]), described(["gte"]), exchange(url=f"/items?{query}")).values()
    assert len(found) == hits
