"""Documents of web applications: real frameworks where there is one, small callables for the rest."""

import sys
import textwrap

import pytest

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading import load

FASTAPI = """
    from fastapi import FastAPI
    app = FastAPI(title="Shop")
    @app.get("/items/{id}")
    def item(id: int) -> dict: return {}
    def create_app(): return app
    async def create_later(): return app
    class Holder: application = app
"""
LITESTAR = """
    from litestar import Litestar, get
    @get("/items/{id:int}")
    async def item(id: int) -> dict[str, int]: return {}
    app = Litestar([item])
"""
STARLETTE = """
    from starlette.applications import Starlette
    from starlette.responses import JSONResponse
    from starlette.routing import Route
    from starlette.schemas import SchemaGenerator
    schemas = SchemaGenerator({"openapi": "3.0.0", "info": {"title": "Shop", "version": "1"}})
    async def items(request):
        '''
        responses:
          200: {description: items}
        '''
        return JSONResponse([])
    def served(request): return JSONResponse(schemas.get_schema(routes=app.routes))
    own = Route("/own/schema.json", served, include_in_schema=False)
    app = Starlette(routes=[Route("/items/{id}", items), own])
"""
SMOREST = """
    from flask import Flask
    from flask.views import MethodView
    from flask_smorest import Api, Blueprint
    def create_app():
        app = Flask(__name__)
        app.config.update(API_TITLE="Shop", API_VERSION="1", OPENAPI_VERSION="3.0.2")
        api = Api(app)
        items = Blueprint("items", "items")
        @items.route("/items/<int:id>")
        class Item(MethodView):
            @items.response(200)
            def get(self, id): return {}
        api.register_blueprint(items)
        return app
    app = create_app()
"""
APIFLASK = """
    from apiflask import APIFlask
    app = APIFlask(__name__)
    @app.get("/items/<int:id>")
    def item(id): return {}
"""
FLASK_ROUTE = """
    from flask import Flask
    app = Flask(__name__)
    @app.get("/meta/apispec_2.json")
    def spec(): return {"swagger": "2.0", "paths": {"/items/{id}": {}}}
"""


@pytest.fixture
def module(write):
    """Writes a module under a name of its own and forgets it afterwards."""
    before = set(sys.modules)

    def written(source, name="shop_under_test"):
        write({f"{name}.py": textwrap.dedent(source)})
        return name

    yield written
    for name in set(sys.modules) - before:
        if "under_test" in name:
            del sys.modules[name]


def opened(source):
    return load(source, Side.EXPECTED, ApiConfig())


def failure(source):
    with pytest.raises(DriftcheckError) as caught:
        opened(source)
    assert "\n" not in caught.value.message
    return caught.value


@pytest.mark.parametrize(
    ("package", "source", "attribute"),
    [
        ("fastapi", FASTAPI, "app"),
        ("fastapi", FASTAPI, "create_app"),
        ("fastapi", FASTAPI, "create_app()"),
        ("fastapi", FASTAPI, "create_later"),
        ("fastapi", FASTAPI, "Holder.application"),
        ("fastapi", FASTAPI, "app.openapi"),
        ("litestar", LITESTAR, "app"),
        ("starlette", STARLETTE, "app"),
        ("flask_smorest", SMOREST, "app"),
        ("flask_smorest", SMOREST, "create_app"),
        ("apiflask", APIFLASK, "app"),
        ("flask", FLASK_ROUTE, "app"),
    ],
)
def test_frameworks(module, package, source, attribute):
    pytest.importorskip(package)
    name = module(source)
    document = opened(f"{name}:{attribute}")
    assert list(document.root.data["paths"]) == ["/items/{id}"]
    assert document.label == f"{name}:{attribute}"
    assert document.root.text is None


PLAIN = """
    import json
    spec = {"openapi": "3.1.0", "paths": {"/a": {"get": {"responses": {200: {}}}}}}
    text = json.dumps(spec)
    def wsgi(environ, start_response):
        start_response("200 OK" if environ["PATH_INFO"] == "/openapi.json" else "404 Not Found", [])
        return [text.encode()]
    def writing(environ, start_response):
        write = start_response("200 OK", [])
        write(text[:5].encode())
        return [text[5:].encode()]
    async def answer(send, body, status=200):
        await send({"type": "http.response.start", "status": status, "headers": []})
        await send({"type": "http.response.body", "body": body[:5], "more_body": True})
        await send({"type": "http.response.body", "body": body[5:]})
    async def asgi(scope, receive, send):
        assert scope["type"] == "http"
        await receive()
        await answer(send, text.encode(), 200 if scope["path"] == "/api/schema/" else 404)
    started = []
    async def with_lifespan(scope, receive, send):
        if scope["type"] == "lifespan":
            assert (await receive())["type"] == "lifespan.startup"
            started.append("up")
            await send({"type": "lifespan.startup.complete"})
            assert (await receive())["type"] == "lifespan.shutdown"
            started.append("down")
            await send({"type": "lifespan.shutdown.complete"})
        elif not started:
            raise RuntimeError("not started")
        else:
            await answer(send, text.encode())
    class Api:
        def to_dict(self): return spec
    class Holder:
        def __init__(self): self.spec = Api()
        def openapi(self, required): raise AssertionError("not to be called")
    holder = Holder()
    class Broken:
        def openapi(self): raise ValueError("bad model\\nsecond line")
    broken = Broken()
    def failing(environ, start_response): raise KeyError("x")
    def silent(environ, start_response):
        start_response("404 Not Found", [])
        return []
    def leaving(): raise SystemExit(4)
    async def failing_later(): raise OSError("no network")
    number = 3
"""


@pytest.mark.parametrize(
    "attribute",
    ["spec", "text", "wsgi", "writing", "asgi", "with_lifespan", "Api", "holder", "Holder", "holder.spec"],
)
def test_whatever_answers_a_document(module, attribute):
    document = opened(f"{module(PLAIN)}:{attribute}")
    assert document.version == "3.1"
    assert document.root.data["paths"]["/a"]["get"]["responses"] == {"200": {}}


def test_the_lifespan_is_run_to_its_end_and_only_where_needed(module):
    name = module(PLAIN)
    opened(f"{name}:asgi")
    assert sys.modules[name].started == []
    opened(f"{name}:with_lifespan")
    assert sys.modules[name].started == ["up", "down"]


@pytest.mark.parametrize(
    ("attribute", "message"),
    [
        ("broken", "answers no OpenAPI document: openapi failed: ValueError: bad model"),
        ("failing", "answers no OpenAPI document: GET /openapi.json failed: KeyError: 'x'"),
        ("silent", "answers no OpenAPI document"),
        ("number", "answers no OpenAPI document"),
        ("leaving", "calling it failed: SystemExit: 4"),
        ("failing_later", "awaiting it failed: OSError: no network"),
        ("missing", "shop_under_test has no missing"),
        ("holder.missing", "shop_under_test has no missing"),
    ],
)
def test_what_goes_wrong_names_the_application(module, attribute, message):
    error = failure(f"{module(PLAIN)}:{attribute}")
    assert error.message.startswith(f"shop_under_test:{attribute}")
    assert message in error.message
    assert error.hint or "failed" in message


def test_a_missing_attribute_is_told_what_there_is(module):
    name = module("def wsgi_app(environ, start_response): pass\nclass AppSettings: pass\n")
    assert failure(f"{name}:application").hint == "it has wsgi_app"


@pytest.mark.parametrize(
    ("source", "message"),
    [
        (
            "raise RuntimeError('no database\\nhere')",
            "importing shop_under_test failed: RuntimeError: no database",
        ),
        (
            "import module_that_is_not",
            "importing shop_under_test failed: ModuleNotFoundError: No module named",
        ),
        ("def broken(:", "importing shop_under_test failed: SyntaxError: "),
        ("raise SystemExit", "importing shop_under_test failed: SystemExit"),
        ("raise KeyError", "importing shop_under_test failed: KeyError"),
    ],
)
def test_an_import_that_fails(module, source, message):
    assert message in failure(f"{module(source)}:app").message


@pytest.mark.parametrize("source", ["module_that_is_not:app()", "package_under_test.missing:app"])
def test_a_module_that_is_not_there(write, source):
    write({"package_under_test/__init__.py": ""})
    error = failure(source)
    assert f"there is no module {source.partition(':')[0]}" in error.message
    assert "PYTHONPATH" in error.hint


def test_what_the_application_prints_goes_to_stderr(module, capsys):
    name = module("print('noise')\ndef make():\n    print('more')\n    return {'openapi': '3.0.0'}\n")
    opened(f"{name}:make")
    out, err = capsys.readouterr()
    assert out == ""
    assert err.split() == ["noise", "more"]


def test_the_import_path_is_as_before(module):
    before = list(sys.path)
    name = module("import sys\npath = list(sys.path)\nspec = {'openapi': '3.0.0'}\n")
    opened(f"{name}:spec")
    assert sys.path == before
    import os

    assert sys.modules[name].path[0] == os.getcwd()
    failure(f"{name}:missing")
    assert sys.path == before


def test_inside_a_running_event_loop(module):
    import asyncio

    name = module(PLAIN)

    async def work():
        return opened(f"{name}:asgi")

    assert asyncio.run(work()).version == "3.1"
