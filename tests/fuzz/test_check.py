"""check_service as a whole: targets, selections, what is said when nothing can be done."""

import json

import pytest
import yaml

from driftcheck.config import Config, FuzzConfig
from driftcheck.errors import DriftcheckError
from driftcheck.fuzz.check import check_service
from tests.fuzz.service import Service, spec_of

ITEMS = """paths:
  /items:
    get:
      responses:
        '200':
          description: ok
          content:
            application/json:
              schema: {type: object, required: [qty], properties: {qty: {type: integer}}}
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [qty], properties: {qty: {type: integer}}}
      responses: {'201': {description: made}, '422': {description: refused}}
"""
KEPT = "GET /items: {status: 200, body: {qty: 1}}\nPOST /items: {status: 201, refuses: 422}\n"
BROKEN = "GET /items: {status: 200, body: {quantity: 1}}\nPOST /items: {status: 201, refuses: 422}\n"


def config(**options):
    return Config(fuzz=FuzzConfig(**{"phases": ("coverage", "fuzzing"), "max_examples": 10, **options}))


def rules_of(report):
    return [finding.rule for finding in report.findings]


def test_a_service_that_keeps_to_its_description_is_silent():
    report = check_service(spec_of(ITEMS), app=Service(spec_of(ITEMS), KEPT), config=config())
    assert report.findings == ()
    assert report.exit_code == 0


def test_a_renamed_property_is_one_finding_with_both_names_and_a_proof():
    report = check_service(spec_of(ITEMS), app=Service(spec_of(ITEMS), BROKEN), config=config())
    (finding,) = report.to_dict()["findings"]
    assert finding["rule"] == "service-response-property-missing"
    assert finding["rename"]["from"] == "qty"
    assert finding["rename"]["to"] == "quantity"
    assert finding["operation"] == "GET /items"
    assert finding["pointer"] == "/responses/200/content/application~1json/schema/properties/qty"
    assert finding["counterexample"]["value"] == {"quantity": 1}
    assert finding["counterexample"]["accepted_by"] == "actual"


def test_a_url_and_an_application_tell_the_same(served):
    spec = spec_of(ITEMS)
    here = check_service(spec, app=Service(spec, BROKEN), config=config()).to_dict()["findings"]
    there = check_service(spec, url=served(Service(spec, BROKEN)), config=config()).to_dict()["findings"]
    assert here == there != []


def test_the_curl_line_leaves_the_base_path_to_the_url(served):
    service = Service(spec_of(ITEMS), BROKEN.replace("/items", "/v1/items"))
    service.valid = lambda *_: True
    report = check_service(spec_of(ITEMS), url=served(service) + "/v1", config=config(only=("GET *",)))
    assert report.findings[0].difference.facts["curl"] == 'curl "$BASE_URL/items"'


def test_a_url_with_a_path_takes_the_place_of_the_servers(served):
    spec = {**spec_of(ITEMS), "servers": [{"url": "https://production.example/v9"}]}
    service = Service(spec, KEPT.replace("/items", "/v1/items"))
    service.valid = lambda *_: True
    check_service(spec, url=served(service) + "/v1", config=config(phases=("coverage",)))
    assert "/v1/items" in {path for _, path, _ in service.asked}
    assert all(path.startswith("/v1") for _, path, _ in service.asked)


def test_a_url_without_a_path_keeps_the_base_path_of_the_description(served):
    spec = {**spec_of(ITEMS), "servers": [{"url": "https://production.example/v9"}]}
    service = Service(spec, KEPT.replace("/items", "/v9/items"))
    service.valid = lambda *_: True
    check_service(spec, url=served(service), config=config(phases=("coverage",)))
    assert "/v9/items" in {path for _, path, _ in service.asked}
    assert all(path.startswith("/v9") for _, path, _ in service.asked)


def test_the_same_seed_gives_the_same_report():
    def once():
        report = check_service(spec_of(ITEMS), app=Service(spec_of(ITEMS), BROKEN), config=config(seed=7))
        return json.dumps(report.to_dict())

    assert once() == once()


def test_nothing_is_left_in_the_working_directory(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    report = check_service(spec_of(ITEMS), app=Service(spec_of(ITEMS), BROKEN), config=config())
    assert report.findings
    assert list(tmp_path.iterdir()) == []


def test_redirects_are_answers_and_are_not_followed(served):
    spec = spec_of(ITEMS)
    elsewhere = Service(spec, KEPT)
    line = f"GET /items: {{status: 302, headers: {{Location: '{served(elsewhere)}/items'}}}}\n"
    report = check_service(spec, url=served(Service(spec, line)), config=config(only=("GET /items",)))
    assert "service-status-undocumented-3xx" in rules_of(report)
    assert elsewhere.asked == []


def test_safe_only_sends_nothing_that_writes():
    service = Service(spec_of(ITEMS), KEPT)
    report = check_service(
        spec_of(ITEMS), app=service, config=config(safe_only=True, exclude_checks=("unsupported_method",))
    )
    assert {method for method, _, _ in service.asked} <= {"GET", "HEAD", "OPTIONS", "TRACE"}
    assert any("may write" in item.why for item in report.skipped)


@pytest.mark.parametrize(
    ("options", "asked"),
    [({"only": ("POST *",)}, "POST"), ({"method": ("get",)}, "GET"), ({"match_path": "^/items$"}, None)],
)
def test_operations_are_selected(options, asked):
    service = Service(spec_of(ITEMS), KEPT)
    skip = ("unsupported_method",)
    check_service(spec_of(ITEMS), app=service, config=config(exclude_checks=skip, **options))
    methods = {method for method, _, body in service.asked}
    assert methods >= ({asked} if asked else {"GET", "POST"})
    if asked:
        assert methods == {asked}


class TestSince:
    def test_nothing_that_changed_asks_nothing(self):
        service = Service(spec_of(ITEMS), BROKEN)
        report = check_service(spec_of(ITEMS), app=service, since=spec_of(ITEMS), config=config())
        assert service.asked == []
        assert report.findings == ()
        assert [item.what for item in report.skipped] == ["2 operations"]

    def test_only_what_changed_is_asked(self):
        old = spec_of(ITEMS)
        old["paths"]["/items"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] = {}
        service = Service(spec_of(ITEMS), BROKEN)
        report = check_service(
            spec_of(ITEMS), app=service, since=old, config=config(exclude_checks=("unsupported_method",))
        )
        assert {method for method, _, _ in service.asked} == {"GET"}
        assert rules_of(report) == ["service-response-property-missing"]

    def test_a_shared_component_touches_those_that_use_it(self):
        new = yaml.safe_load(yaml.safe_dump(spec_of(ITEMS)))
        shared = {"type": "object", "required": ["qty"], "properties": {"qty": {"type": "integer"}}}
        new["components"] = {"schemas": {"Item": shared}}
        new["paths"]["/items"]["get"]["responses"]["200"]["content"]["application/json"]["schema"] = {
            "$ref": "#/components/schemas/Item"
        }
        old = yaml.safe_load(yaml.safe_dump(new))
        old["components"]["schemas"]["Item"]["properties"]["qty"]["type"] = "number"
        service = Service(new, KEPT)
        check_service(new, app=service, since=old, config=config(exclude_checks=("unsupported_method",)))
        assert {method for method, _, _ in service.asked} == {"GET"}


def stricter():
    """The same service after a required property was added to its requests."""
    new = spec_of(ITEMS)
    new["paths"]["/items"]["post"]["requestBody"]["content"]["application/json"]["schema"] = {
        "type": "object",
        "required": ["qty", "unit"],
        "properties": {"qty": {"type": "integer"}, "unit": {"type": "string"}},
    }
    return new


class TestAgainst:
    def test_the_proofs_are_sent_first_and_a_refusal_is_breaking(self):
        service = Service(stricter(), KEPT)
        report = check_service(stricter(), app=service, against=spec_of(ITEMS), config=config())
        finding = next(each for each in report.findings if each.rule == "service-refuses-old-request")
        method, path, body = service.asked[0]
        assert (method, path) == ("POST", "/items")
        assert "unit" not in json.loads(body)
        assert finding.severity == "breaking"
        assert finding.to_dict()["counterexample"]["accepted_by"] == "expected"

    def test_a_service_that_still_takes_old_requests_is_told_as_such(self):
        service = Service(spec_of(ITEMS), KEPT)  # the old contract is what it keeps to
        report = check_service(stricter(), app=service, against=spec_of(ITEMS), config=config())
        assert report.findings == ()
        assert any("still takes" in item.why for item in report.skipped)


class TestCrashes:
    def test_fastapi_is_told_by_the_line_that_raised(self):
        from fastapi import FastAPI

        app = FastAPI()

        @app.get("/boom")
        def boom() -> dict:
            raise LookupError("nothing there")

        report = check_service(app.openapi(), app=app, config=config())
        finding = next(each for each in report.findings if each.rule == "service-exception")
        assert "LookupError in boom (tests/fuzz/test_check.py:" in finding.message
        assert finding.locations[0].file == "tests/fuzz/test_check.py"

    def test_flask_is_told_by_the_line_that_raised(self):
        from flask import Flask

        app = Flask("shop")

        @app.get("/boom")
        def boom():
            raise LookupError("nothing there")

        spec = spec_of("paths: {/boom: {get: {responses: {'200': {description: ok}}}}}")
        report = check_service(spec, app=app, config=config())
        (finding,) = [each for each in report.findings if each.severity == "breaking"]
        assert finding.rule == "service-exception"
        assert "LookupError in boom (tests/fuzz/test_check.py:" in finding.message

    def test_what_the_framework_handles_is_no_crash(self):
        from fastapi import FastAPI, HTTPException

        app = FastAPI()

        @app.get("/none", responses={404: {}})
        def none() -> dict:
            raise HTTPException(404)

        report = check_service(
            app.openapi(), app=app, config=config(exclude_checks=("positive_data_acceptance",))
        )
        assert report.findings == ()


def test_headers_of_the_user_are_sent_and_not_shown():
    service = Service(spec_of(ITEMS), "GET /items: {status: 500}\nPOST /items: {status: 500}\n")
    report = check_service(
        spec_of(ITEMS), app=service, config=config(header=("X-Token: s3cret",), auth="me:hidden-word")
    )
    text = json.dumps(report.to_dict()) + repr(report)
    assert report.findings
    assert "s3cret" not in text
    assert "hidden-word" not in text


def test_recorded_requests_are_tried(tmp_path):
    recording = {
        "driftcheck": 1,
        "request": {
            "method": "POST",
            "url": "http://shop.test/items",
            "headers": [["Content-Type", "application/json"]],
            "body": {"text": '{"qty": 424242}', "media_type": "application/json"},
        },
        "response": {"status": 201},
    }
    file = tmp_path / "calls.ndjson"
    file.write_text(json.dumps(recording) + "\n", encoding="utf-8")
    service = Service(spec_of(ITEMS), KEPT)
    check_service(spec_of(ITEMS), app=service, config=config(traffic=(str(file),), phases=("examples",)))
    assert any(b"424242" in body for _, _, body in service.asked)


class TestBadInput:
    def refused(self, match, *args, **kwargs):
        with pytest.raises(DriftcheckError, match=match):
            check_service(*args, **kwargs)

    def test_no_target(self):
        self.refused("no service to test", spec_of(ITEMS))

    def test_two_targets(self):
        self.refused("no service to test", spec_of(ITEMS), url="http://127.0.0.1:1", app="a:b")

    def test_a_dead_target(self):
        self.refused("nobody answers at http://127.0.0.1:1", spec_of(ITEMS), url="http://127.0.0.1:1")

    def test_no_url(self):
        self.refused("no URL of a service", spec_of(ITEMS), url="127.0.0.1:8000")

    def test_credentials_are_not_told(self):
        with pytest.raises(DriftcheckError) as caught:
            check_service(spec_of(ITEMS), url="http://me:hidden-word@127.0.0.1:1")
        assert "hidden-word" not in str(caught.value)

    def test_a_url_at_which_there_is_nothing(self, served):
        url = served(Service(spec_of(ITEMS), KEPT)) + "/elsewhere"
        self.refused("answered 404 to all", spec_of(ITEMS), url=url, config=config())

    def test_an_application_that_is_none(self):
        self.refused("no module", spec_of(ITEMS), app="there_is_no_such_module:app()")
        self.refused("is no application", spec_of(ITEMS), app="json:__name__")

    def test_no_operations(self):
        self.refused("no operations", spec_of("paths: {}"), app=Service(spec_of(ITEMS), KEPT))

    def test_nothing_selected(self):
        app = Service(spec_of(ITEMS), KEPT)
        self.refused("no operation is selected", spec_of(ITEMS), app=app, config=config(only=("PUT *",)))

    def test_an_unknown_check(self):
        app = Service(spec_of(ITEMS), KEPT)
        self.refused(
            "no check nonsense", spec_of(ITEMS), app=app, config=config(exclude_checks=("nonsense",))
        )

    def test_a_bad_header(self):
        app = Service(spec_of(ITEMS), KEPT)
        self.refused("NAME: VALUE", spec_of(ITEMS), app=app, config=config(header=("nonsense",)))

    @pytest.mark.parametrize("header", ["X-A: a\nb", "X-A: \u20ac", "X A: 1", "X-\u00c4: 1", "X-A: \x1b[2J"])
    def test_a_header_that_cannot_be_sent(self, header):
        app = Service(spec_of(ITEMS), KEPT)
        self.refused("cannot be sent", spec_of(ITEMS), app=app, config=config(header=(header,)))
        assert app.asked == []

    def test_a_server_that_dies_half_way(self, served):
        class Dying(Service):
            def __call__(self, environ, start_response):
                if len(self.asked) > 5:
                    raise SystemExit
                return super().__call__(environ, start_response)

        report_or_error = None
        try:
            report_or_error = check_service(
                spec_of(ITEMS), url=served(Dying(spec_of(ITEMS), KEPT)), config=config(timeout=2.0)
            )
        except DriftcheckError as error:
            report_or_error = error
        assert report_or_error is not None
