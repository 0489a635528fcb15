"""Loads one API description, whatever the source: reads it, names its parts, and tells its version."""

from __future__ import annotations

import os
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from driftcheck.config import ApiConfig
from driftcheck.difference import Side
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading import source, web
from driftcheck.openapi.loading.fetching import Fetching, named_json, resource_of
from driftcheck.openapi.loading.files import Folder, label_of, read_given, size_error
from driftcheck.openapi.loading.parse import read
from driftcheck.openapi.loading.plain import plain
from driftcheck.openapi.loading.revision import Revision, RevisionError
from driftcheck.openapi.loading.uri import file_uri
from driftcheck.openapi.loading.version import version_of
from driftcheck.openapi.node import Document, Resource

STDIN_LABEL = "<stdin>"


def load(
    source_: str | Path | Mapping[str, Any], side: Side, settings: ApiConfig, *, stdin: bytes | None = None
) -> Document:
    """The document a source names.

    A source is a path, an http(s) URL, "REV:path" of git, "module:app" of a web application (or a factory
    of one), "-" (`stdin`, or the process's own) or a parsed mapping. Raises DriftcheckError where it cannot
    be read or is no OpenAPI document; references are followed later, one by one.
    """
    if isinstance(source_, Mapping):
        return _from_value(source_, "<mapping>", side, settings)
    found = source.classify(os.fspath(source_))
    match found:
        case source.Stdin():
            return _from_stdin(stdin, side, settings)
        case source.File(path):
            return _from_file(path, side, settings)
        case source.Url(url):
            return _from_url(url, side, settings)
        case source.InRevision(revision, path):
            return _from_revision(revision, path, side, settings)
        case source.App():
            return _from_app(found, side, settings)


def _document(side: Side, label: str, root: Resource, fetch: Fetching) -> Document:
    version = version_of(root.data, label)
    fetch.add(root)
    return Document(side, label, version, root, fetch)


def _from_file(path: str, side: Side, settings: ApiConfig) -> Document:
    label = label_of(path, not os.path.isabs(path))
    content = read_given(path, label, settings.max_bytes)
    absolute = os.path.abspath(path)
    folder = Folder(os.path.dirname(absolute), settings, relative=not os.path.isabs(path))
    root = resource_of(file_uri(absolute), label, read(content, label, named_json(path)))
    return _document(side, label, root, Fetching(settings, folder=folder))


def _from_stdin(given: bytes | None, side: Side, settings: ApiConfig) -> Document:
    content = sys.stdin.buffer.read(settings.max_bytes + 1) if given is None else given
    if len(content) > settings.max_bytes:
        raise size_error(STDIN_LABEL, settings.max_bytes)
    here = os.getcwd()
    root = resource_of(file_uri(os.path.join(here, STDIN_LABEL)), STDIN_LABEL, read(content, STDIN_LABEL))
    return _document(side, STDIN_LABEL, root, Fetching(settings, folder=Folder(here, settings)))


def _from_value(value: Any, label: str, side: Side, settings: ApiConfig) -> Document:
    here = os.getcwd()
    data, has_names = plain(value, label)
    root = Resource(file_uri(os.path.join(here, label)), label, data, has_names=has_names)
    return _document(side, label, root, Fetching(settings, folder=Folder(here, settings)))


def _from_url(url: str, side: Side, settings: ApiConfig) -> Document:
    label = web.masked(url)
    from driftcheck.openapi.loading.download import WebError, download

    try:
        page = download(url, settings)
    except WebError as error:
        hint = "check the address; a slow server may need a longer timeout in [tool.driftcheck.api]"
        raise DriftcheckError(f"{label} cannot be fetched: {error}", hint) from None
    parsed = read(page.content, label, named_json(page.url.partition("?")[0]))
    root = resource_of(page.url, label, parsed, keep_text=False)
    return _document(side, label, root, Fetching(settings, given=url))


def _from_revision(name: str, path: str, side: Side, settings: ApiConfig) -> Document:
    module, colon, attribute = path.partition(":")
    if colon and source.may_be_app(module, attribute):
        from driftcheck.openapi.loading.app_revision import spec_at

        return _from_value(spec_at(name, path), f"{name}:{path}", side, settings)
    revision = _revision(name, path, settings)
    try:
        found = revision.path_of(path)
        content = revision.read(found)
    except RevisionError as error:
        hint = f"see what is there: git ls-tree -r --name-only {name or 'HEAD'}"
        raise DriftcheckError(f"{name}:{path} cannot be read from git: {error}", hint) from None
    label = revision.label(found)
    root = resource_of(revision.uri + found, label, read(content, label, named_json(found)))
    return _document(side, label, root, Fetching(settings, revision=revision))


def _revision(name: str, path: str, settings: ApiConfig) -> Revision:
    try:
        return Revision(name, settings.max_bytes)
    except DriftcheckError as error:
        if not source.may_be_app(name, path):
            raise
        message = f"{name}:{path} is no application (there is no module {name} here), and {error.message}"
        raise DriftcheckError(message, "run driftcheck where the module can be imported") from None


def _from_app(app: source.App, side: Side, settings: ApiConfig) -> Document:
    from driftcheck.openapi.loading.app import spec_of

    label = f"{app.module}:{app.attribute}" + ("()" if app.call else "")
    return _from_value(spec_of(app, label), label, side, settings)
