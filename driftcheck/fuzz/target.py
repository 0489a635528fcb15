"""The service under test: a URL, or an application called in this process and watched for its exceptions."""

from __future__ import annotations

import contextlib
import logging
import re
import socket
from collections.abc import Iterator
from dataclasses import dataclass, field, replace
from typing import Any
from urllib.parse import urlsplit

from driftcheck.errors import DriftcheckError
from driftcheck.fuzz.watch import Watch
from driftcheck.openapi.loading.app import application
from driftcheck.openapi.loading.inprocess import is_asgi
from driftcheck.openapi.loading.source import App, classify
from driftcheck.openapi.loading.web import masked
from driftcheck.openapi.node import Document
from driftcheck.openapi.reading.servers import expand, servers, split_url
from driftcheck.openapi.reading.source import Source

_MODULE = re.compile(r"([A-Za-z_][\w.]*):[A-Za-z_][\w.]*(?:\(\))?")


@dataclass(frozen=True, slots=True)
class Target:
    """`url`, or `app` wrapped so that `watch` knows what it raised; `label` holds no credentials."""

    label: str
    url: str = ""
    app: Any = None
    watch: Watch = field(default_factory=Watch)

    @property
    def base(self) -> str:
        """The path below which the service lives."""
        return urlsplit(self.url).path.rstrip("/")


@contextlib.contextmanager
def opened(url: str, app: Any) -> Iterator[Target]:
    """The target that the options name; DriftcheckError where there is none, or nobody answers there."""
    if bool(url) == (app is not None and app != ""):
        raise DriftcheckError("there is no service to test", "give either --url URL or --app module:app")
    if url:
        yield _server(url)
        return
    watch = Watch()
    label, found = _application(app)
    wrapped = watch.asgi(found) if is_asgi(found) else watch.wsgi(found)
    with watch.listening(found), _silent_logs():
        yield Target(label, app=wrapped, watch=watch)


def at_base_path(target: Target, document: Document) -> Target:
    """A URL without a path is where the service runs: below it comes the path of the first server."""
    if not target.url or urlsplit(target.url).path.strip("/"):
        return target
    found = servers(Source(document), document.node)
    if not found:
        return target
    defaults = {name: each.default for name, each in found[0].variables.items()}
    written = expand(found[0].url, found[0].variables, defaults)[0]
    return replace(target, url=target.url.rstrip("/") + split_url(written)[1])


def _application(app: Any) -> tuple[str, Any]:
    if not isinstance(app, str):
        return getattr(app, "title", None) or type(app).__name__, app
    found = classify(app)
    if not isinstance(found, App):
        module = _MODULE.fullmatch(app)
        if module is not None:
            raise DriftcheckError(
                f"--app {app}: there is no module {module.group(1)}",
                "modules are looked for from here, as by uvicorn",
            )
        raise DriftcheckError(f"--app {app} is no application", "write module:attribute, as for uvicorn")
    value = application(found, app)
    if not callable(value):
        raise DriftcheckError(f"{app} is no application", "name an ASGI or WSGI application, or its factory")
    return app, value


def _server(url: str) -> Target:
    label = masked(url)
    try:
        parts = urlsplit(url)
        host, port = parts.hostname, parts.port
    except ValueError:
        host = port = None
        parts = urlsplit("")
    if parts.scheme not in ("http", "https") or not host:
        raise DriftcheckError(f"--url {label} is no URL of a service", "write http://HOST:PORT")
    try:
        with socket.create_connection((host, port or {"http": 80, "https": 443}[parts.scheme]), timeout=5):
            pass
    except OSError as error:
        reason = error.strerror or str(error) or "no answer"
        raise DriftcheckError(f"nobody answers at {label}: {reason}", "start the service first") from None
    return Target(label, url=url)


@contextlib.contextmanager
def _silent_logs() -> Iterator[None]:
    """What the application logs about the errors that we provoke is noise; the findings tell them."""
    before = logging.root.manager.disable
    logging.disable(logging.CRITICAL)
    try:
        yield
    finally:
        logging.disable(before)
