"""Services as people write them: what frameworks do by themselves is no finding, what is wrong is one."""

import json
import subprocess
import sys
from contextlib import asynccontextmanager

import pytest

from driftcheck.config import Config, FuzzConfig
from driftcheck.errors import DriftcheckError
from driftcheck.fuzz.check import check_service
from tests.fuzz.service import DOCUMENT

KEY = "key-98765"
ITEM = {
    "type": "object",
    "required": ["name", "qty"],
    "additionalProperties": False,
    "properties": {
        "name": {"type": "string", "maxLength": 20},
        "qty": {"type": "integer", "minimum": 1, "maximum": 9},
        "kind": {"type": "string", "enum": ["a", "b"]},
    },
}
ERROR = {"description": "no"}
SPEC = {
    **DOCUMENT,
    "security": [{"key": []}],
    "components": {"securitySchemes": {"key": {"type": "apiKey", "in": "header", "name": "X-Api-Key"}}},
    "paths": {
        "/items": {
            "post": {
                "requestBody": {"required": True, "content": {"application/json": {"schema": ITEM}}},
                "responses": {"201": {"description": "made"}, "401": ERROR, "422": ERROR},
            }
        }
    },
}


def shop(*, asks=True, checks=("name", "qty", "kind"), crashes=None, answers=lambda: ""):
    """A Flask service; it refuses what is no JSON with 400, as Flask does by itself."""
    flask = pytest.importorskip("flask")
    app = flask.Flask("shop")

    def right(item):
        tests = {
            "name": lambda name: isinstance(name, str) and len(name) <= 20,
            "qty": lambda qty: (
                isinstance(qty, int | float) and qty is not True and 1 <= qty <= 9 and qty == int(qty)
            ),
            "kind": lambda kind: kind in ("a", "b"),
        }
        known = isinstance(item, dict) and {"name", "qty"} <= set(item) <= set(tests)
        return known and all(tests[name](item[name]) for name in checks if name in item)

    @app.post("/items")
    def make():
        if asks and flask.request.headers.get("X-Api-Key") != KEY:
            return "", 401
        if flask.request.mimetype != "application/json":
            return "", 422
        item = flask.request.get_json()
        if not right(item):
            return "", 422
        if crashes is not None and crashes(item):
            raise LookupError(item["name"])
        return answers(), 201

    return app


def tried(app, spec=SPEC, **options):
    fuzz = {"phases": ("coverage", "fuzzing"), "max_examples": 10, "header": (f"X-Api-Key: {KEY}",)}
    return check_service(spec, app=app, config=Config(fuzz=FuzzConfig(**{**fuzz, **options})))


def told(report):
    assert [each.why for each in report.skipped] == []
    return [(each.rule, each.message) for each in report.findings]


def test_a_service_with_a_key_that_keeps_to_its_description_is_silent():
    assert told(tried(shop())) == []


def test_a_key_that_nobody_asks_for():
    (finding,) = told(tried(shop(asks=False)))
    assert finding == (
        "service-auth-ignored",
        "POST /items is answered 201 without the described authentication",
    )


def test_all_that_is_not_checked_is_told_in_one_finding():
    ((rule, message),) = told(tried(shop(checks=("qty",))))
    assert rule == "service-accepts-invalid"
    assert "kind (enum)" in message
    assert "name (maxLength)" in message
    assert "qty" not in message


def test_a_value_at_the_edge_ends_in_an_exception():
    ((rule, message),) = told(tried(shop(crashes=lambda item: item["qty"] == 9)))
    assert rule == "service-exception"
    assert "raises LookupError in make" in message


def test_an_undescribed_refusal_of_a_body_that_is_json_is_told():
    spec = json.loads(json.dumps(SPEC))
    del spec["paths"]["/items"]["post"]["responses"]["422"]
    assert [rule for rule, _ in told(tried(shop(), spec))] == ["service-status-undocumented-4xx"]


def test_an_exception_in_the_middle_of_an_answer_is_told_with_its_line():
    def answers():
        yield "begun"
        raise LookupError("half way")

    ((rule, message),) = told(tried(shop(answers=answers)))
    assert rule == "service-exception"
    assert "raises LookupError in answers (tests/fuzz/test_frameworks.py:" in message


def test_a_key_is_never_shown_even_where_the_service_echoes_it():
    spec = json.loads(json.dumps(SPEC))
    made = {"type": "object", "properties": {"key": {"type": "integer"}}}
    spec["paths"]["/items"]["post"]["responses"]["201"]["content"] = {"application/json": {"schema": made}}
    report = tried(shop(answers=lambda: {"key": KEY}), spec)
    assert [each.rule for each in report.findings] == ["service-response-invalid"]
    assert KEY not in repr(report)
    assert report.findings[0].difference.counterexample.value == {"key": "***"}


async def streaming(scope, receive, send):
    """Raises when half of the answer is out."""
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"begun", "more_body": True})
    raise LookupError("half way")


def test_so_it_is_for_asgi():
    spec = {**DOCUMENT, "paths": {"/": {"get": {"responses": {"200": {"description": "ok"}}}}}}
    ((rule, message),) = told(tried(streaming, spec, header=()))
    line = streaming.__code__.co_firstlineno + 4
    place = f"tests/fuzz/test_frameworks.py:{line}"
    assert (rule, message) == ("service-exception", f"GET / raises LookupError in streaming ({place})")


async def small(scope, receive, send):
    """As in the introduction to ASGI: it knows nothing but requests."""
    assert scope["type"] == "http"
    await send({"type": "http.response.start", "status": 200, "headers": [(b"content-type", b"text/plain")]})
    await send({"type": "http.response.body", "body": b"hello"})


def test_an_application_without_a_lifespan_can_be_tried():
    spec = {**DOCUMENT, "paths": {"/": {"get": {"responses": {"200": {"description": "ok"}}}}}}
    found = told(tried(small, spec, header=(), exclude_checks=("unsupported_method",)))
    assert [rule for rule, _ in found] == []


def test_an_application_that_cannot_start_is_said_to():
    starlette = pytest.importorskip("starlette.applications")

    async def lifespan(_app):
        raise LookupError("no database")
        yield

    spec = {**DOCUMENT, "paths": {"/": {"get": {"responses": {"200": {"description": "ok"}}}}}}
    with pytest.raises(DriftcheckError, match="no database"):
        tried(starlette.Starlette(lifespan=asynccontextmanager(lifespan)), spec, header=())


DJANGO = """
from django.conf import settings
import django
settings.configure(ROOT_URLCONF=__name__, ALLOWED_HOSTS=["*"], SECRET_KEY="x", DEBUG=False)
django.setup()
from django.core.{kind} import get_{kind}_application
from django.http import HttpResponse
from django.urls import path
def boom(request):
    if request.method == "GET":
        raise LookupError("nothing there")
    return HttpResponse(status=405, headers={{"Allow": "GET"}})
urlpatterns = [path("boom", boom)]
app = get_{kind}_application()
"""


@pytest.mark.parametrize("kind", ["wsgi", "asgi"])
def test_django_is_told_by_the_line_that_raised(kind, tmp_path):
    """In a process of its own, since Django's settings are those of the process."""
    pytest.importorskip("django")
    (tmp_path / "shop.py").write_text(DJANGO.format(kind=kind))
    spec = {**DOCUMENT, "paths": {"/boom": {"get": {"responses": {"200": {"description": "ok"}}}}}}
    (tmp_path / "spec.json").write_text(json.dumps(spec))
    options = ["spec.json", "--app", "shop:app", "--phases", "coverage", "--format", "json"]
    done = subprocess.run(
        [sys.executable, "-m", "driftcheck", "fuzz", *options],
        cwd=tmp_path,
        capture_output=True,
        text=True,
        check=False,
    )
    (finding,) = json.loads(done.stdout)["findings"]
    assert (done.returncode, finding["rule"]) == (1, "service-exception")
    assert finding["message"] == "GET /boom raises LookupError in boom (shop.py:11)"


@pytest.mark.parametrize("kind", ["type", "enum"])
def test_a_value_of_another_type_is_one_finding(kind):
    spec = json.loads(json.dumps(SPEC))
    made = {"type": "object", "properties": {"state": {"type": "string", "enum": ["new"]}}}
    spec["paths"]["/items"]["post"]["responses"]["201"]["content"] = {"application/json": {"schema": made}}
    value = {"type": 1, "enum": "old"}[kind]
    ((rule, message),) = told(tried(shop(answers=lambda: {"state": value}), spec))
    assert rule == "service-response-invalid"
    assert message.startswith("POST /items answers 201 with state wrong: ")
