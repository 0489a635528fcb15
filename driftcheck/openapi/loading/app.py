"""The OpenAPI document of a web application: imported here, asked through its own API, never served.

It runs the user's code, so anything may be raised and anything printed; neither may reach our report.
"""

from __future__ import annotations

import contextlib
import importlib
import inspect
import sys
from collections.abc import Callable, Iterator, Mapping
from pathlib import Path
from typing import Any

from driftcheck.errors import DriftcheckError
from driftcheck.importing import import_path
from driftcheck.openapi.loading.inprocess import first_answer, is_asgi
from driftcheck.openapi.loading.parse import parse
from driftcheck.openapi.loading.position import TextError
from driftcheck.openapi.loading.source import App
from driftcheck.openapi.loading.usercode import blaming, noting, run

_ANSWERS = (
    "openapi",
    "openapi_schema",
    "get_openapi_schema",
    "get_openapi",
    "api_doc",
    "spec",
    "api_spec",
    "apispec",
    "to_schema",
    "to_dict",
)
_WELL_KNOWN = (
    "/openapi.json",
    "/openapi.yaml",
    "/swagger.json",
    "/schema/openapi.json",
    "/schema",
    "/api/openapi.json",
    "/api/swagger.json",
    "/api/schema/",
    "/api/schema",
    "/apispec_1.json",
    "/apispec.json",
    "/openapi/openapi.json",
    "/docs/openapi.json",
    "/v3/api-docs",
    "/api-docs",
)
_SPEAKING = ("openapi", "swagger", "apispec", "api-docs", "schema", "spec")
_MOST_ROUTES = 20


def spec_of(app: App, label: str) -> Mapping[str, Any]:
    """The OpenAPI document that the application answers; DriftcheckError says what went wrong."""
    with _surroundings(app.module):
        return _ask(_object(app, label), label)


def application(app: App, label: str) -> Any:
    """The application itself, or what its factory makes; DriftcheckError says what went wrong."""
    with _surroundings(app.module):
        return _object(app, label)


def _object(app: App, label: str) -> Any:
    target = _attribute(app, label)
    if app.call or _is_factory(target):
        with blaming(label, "calling it"):
            target = target()
    if inspect.isawaitable(target):
        with blaming(label, "awaiting it"):
            target = run(target)
    return target


@contextlib.contextmanager
def _surroundings(module: str) -> Iterator[None]:
    """As `python -m` would see the world: the working directory first, and stdout kept for the report."""
    before = list(sys.path)
    sys.path[:0] = import_path(Path.cwd(), module)
    try:
        with contextlib.redirect_stdout(sys.stderr):
            yield
    finally:
        sys.path[:] = before


def _attribute(app: App, label: str) -> Any:
    target = _import(app.module, label)
    for name in app.attribute.split("."):
        if not hasattr(target, name):
            raise DriftcheckError(f"{label}: {app.module} has no {name}", _candidates(target))
        target = getattr(target, name)
    return target


def _import(name: str, label: str) -> Any:
    importlib.invalidate_caches()
    with blaming(label, f"importing {name}"):
        try:
            return importlib.import_module(name)
        except ModuleNotFoundError as error:
            if error.name is None or not f"{name}.".startswith(f"{error.name}."):
                raise
            hint = "run driftcheck in the folder that holds it, or set PYTHONPATH"
            raise DriftcheckError(f"{label}: there is no module {error.name}", hint) from None


def _candidates(module: Any) -> str:
    found = [
        name
        for name, value in vars(module).items()
        if name[0] != "_"
        and callable(value)
        and (is_asgi(value) or hasattr(value, "wsgi_app") or "app" in name)
    ]
    return f"it has {', '.join(sorted(found)[:5])}" if found else "give module:attribute, as for uvicorn"


def _is_factory(target: Any) -> bool:
    made = inspect.isroutine(target) or inspect.isclass(target)
    return made and not _required(target) and not isinstance(target, Mapping)


def _required(target: Callable[..., Any]) -> int:
    """How many arguments a call needs at least; one where Python cannot tell."""
    try:
        parameters = inspect.signature(target).parameters.values()
    except (TypeError, ValueError):
        return 1
    variable = (inspect.Parameter.VAR_POSITIONAL, inspect.Parameter.VAR_KEYWORD)
    return sum(each.default is each.empty and each.kind not in variable for each in parameters)


def _ask(target: Any, label: str) -> Mapping[str, Any]:
    problems: list[str] = []
    found = _is_spec(target) or _answer(target, problems) or _extension(target, problems)
    if found is None and callable(target):
        found = _served(target, label, problems)
    if found is None:
        asked = f": {problems[0]}" if problems else ""
        hint = "name an attribute that is or returns the OpenAPI dict, for example module:app.openapi"
        raise DriftcheckError(f"{label} answers no OpenAPI document{asked}", hint)
    return found


def _is_spec(value: Any) -> Mapping[str, Any] | None:
    if isinstance(value, (str, bytes)):
        text = value.encode("utf-8", "surrogatepass") if isinstance(value, str) else value
        try:
            value = parse(text, "the answer")
        except TextError:
            return None
    if isinstance(value, Mapping) and ("openapi" in value or "swagger" in value):
        return value
    return None


def _answer(target: Any, problems: list[str], depth: int = 0) -> Mapping[str, Any] | None:
    """What the object's own attributes and methods answer (FastAPI, Litestar, APIFlask, apispec …)."""
    for name in _ANSWERS:
        value = None
        with noting(problems, name):
            value = getattr(target, name, None)
            if callable(value) and not _required(value):
                value = value()
        if value is None or isinstance(value, (int, float)):
            continue
        found = _is_spec(value)
        if found is None and depth == 0 and not callable(value):
            found = _answer(value, problems, 1)
        if found is not None:
            return found
    return None


def _extension(target: Any, problems: list[str]) -> Mapping[str, Any] | None:
    """What Flask extensions keep beside the application (flask-smorest)."""
    extensions = getattr(target, "extensions", None)
    if not isinstance(extensions, dict):
        return None
    pending = [
        value for name, value in extensions.items() if any(word in name for word in ("smorest", "spec"))
    ]
    for _ in range(_MOST_ROUTES):
        if not pending:
            return None
        value = pending.pop(0)
        if isinstance(value, dict):
            pending.extend(value.values())
        elif (found := _answer(value, problems)) is not None:
            return found
    return None


def _served(target: Any, label: str, problems: list[str]) -> Mapping[str, Any] | None:
    """What the application serves at its own routes that sound right, and at the well-known paths."""
    with blaming(label, "asking it for its OpenAPI document"):
        paths = dict.fromkeys((*_routes(target), *_WELL_KNOWN))
        return first_answer(target, paths, _is_spec, problems)


def _routes(target: Any) -> list[str]:
    """The paths of routes that sound like a document (Starlette, Flask)."""
    url_map: Any = getattr(target, "url_map", None)
    rules = [str(rule.rule) for rule in url_map.iter_rules()] if hasattr(url_map, "iter_rules") else []
    routes = getattr(target, "routes", None)
    if isinstance(routes, (list, tuple)):
        rules += [route.path for route in routes if isinstance(getattr(route, "path", None), str)]
    plain = [
        rule for rule in rules if not set(rule) & set("<{") and any(w in rule.lower() for w in _SPEAKING)
    ]
    return sorted(plain, key=lambda rule: ("json" not in rule, len(rule)))[:_MOST_ROUTES]
