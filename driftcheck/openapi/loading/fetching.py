"""Gives a document its other files, each fetched and parsed once, when a reference first needs it.

Whatever goes wrong here is an UnresolvedError: one bad reference never ends a comparison.
"""

from __future__ import annotations

from dataclasses import replace

from driftcheck.config import ApiConfig
from driftcheck.errors import DriftcheckError
from driftcheck.openapi.loading import web
from driftcheck.openapi.loading.files import Folder
from driftcheck.openapi.loading.parse import Parsed, read
from driftcheck.openapi.loading.plain import may_have_names
from driftcheck.openapi.loading.revision import Revision, RevisionError
from driftcheck.openapi.loading.uri import file_path, git_path
from driftcheck.openapi.node import Resource, UnresolvedError

_MOST_REMOTE = 500


class Fetching:
    """The `fetch` of one document. `given` is the URL of its root as the user wrote it, if it is one."""

    def __init__(
        self,
        settings: ApiConfig,
        *,
        folder: Folder | None = None,
        revision: Revision | None = None,
        given: str = "",
    ) -> None:
        self._settings = settings
        self._folder = folder
        self._revision = revision
        self._given = given
        self._known: dict[str, Resource | str] = {}
        self._remote = 0

    def add(self, resource: Resource) -> None:
        """Make a resource known, so that references to it need not fetch it."""
        self._known[resource.uri] = resource

    def known(self) -> list[Resource]:
        """All files fetched so far, the root first."""
        return [found for found in self._known.values() if isinstance(found, Resource)]

    def __call__(self, uri: str, reference: str) -> Resource:
        """The file at an absolute uri; UnresolvedError says why there is none."""
        found = self._known.get(uri)
        if found is None:
            try:
                found = self._fetch(uri, reference)
                self._known[found.uri] = found  # after a redirect
            except UnresolvedError as error:
                found = error.reason
            self._known[uri] = found
        if isinstance(found, str):
            raise UnresolvedError(reference, found)
        return found

    def _fetch(self, uri: str, reference: str) -> Resource:
        if (path := file_path(uri)) is not None:
            if self._folder is None:
                raise UnresolvedError(reference, "a document from elsewhere may not read local files")
            label = self._folder.label(path)
            return _parsed(uri, label, self._folder.read(path, reference), reference)
        if (inside := git_path(uri)) is not None and self._revision is not None:
            try:
                content = self._revision.read(inside)
            except RevisionError as error:
                raise UnresolvedError(reference, str(error)) from None
            return _parsed(uri, self._revision.label(inside), content, reference)
        return self._download(uri, reference)

    def _download(self, uri: str, reference: str) -> Resource:
        if not self._settings.allow_remote_refs:
            raise UnresolvedError(reference, "remote references are only read with --allow-remote-refs")
        self._remote += 1
        if self._remote > _MOST_REMOTE:
            raise UnresolvedError(reference, f"more than {_MOST_REMOTE} remote files are referred to")
        url = self._given_user(uri)
        from driftcheck.openapi.loading.download import WebError, download

        try:
            page = download(url, self._settings)
        except WebError as error:
            raise UnresolvedError(reference, f"{web.masked(uri)} cannot be fetched: {error}") from None
        found = _parsed(page.url, web.masked(uri), page.content, reference)
        return replace(found, text=None)  # there is no file to point into

    def _given_user(self, uri: str) -> str:
        """The uri with the root's credentials, if it is on the root's server."""
        if not self._given or web.origin(uri) != web.origin(self._given):
            return uri
        scheme, _, rest = uri.partition("://")
        user, at, _ = self._given.partition("://")[2].partition("/")[0].rpartition("@")
        return f"{scheme}://{user}{at}{rest}"


def _parsed(uri: str, label: str, content: bytes, reference: str) -> Resource:
    try:
        return resource_of(uri, label, read(content, label, named_json(uri)))
    except DriftcheckError as error:
        raise UnresolvedError(reference, error.message) from None


def resource_of(uri: str, label: str, parsed: Parsed, *, keep_text: bool = True) -> Resource:
    """A parsed text as a Resource; without its text no lines are known later."""
    text = parsed.text if keep_text else None
    names = may_have_names(parsed.text)
    return Resource(uri, label, parsed.value, text, parsed.is_json, names, parsed.indented)


def named_json(name: str) -> bool | None:
    """What the end of a name says: JSON, YAML (False), or nothing."""
    lower = name.lower()
    if lower.endswith(".json"):
        return True
    return False if lower.endswith((".yaml", ".yml")) else None
