"""Where a reference points: the absolute uri of a file from the uri it stands in and the text of a `$ref`.

Three kinds exist: "file:///a/b.yaml" (the path as it is, not encoded), "git:TREE:a/b.yaml" and http(s).
"""

from __future__ import annotations

import os
import posixpath
import re
from urllib.parse import unquote, urlsplit

from driftcheck.openapi.loading.web import is_url, join_urls
from driftcheck.openapi.node import UnresolvedError

_SCHEME = re.compile(r"([a-zA-Z][a-zA-Z0-9+.-]+):")
_FILE = "file://"


def file_uri(path: str) -> str:
    """The uri of an absolute path."""
    return _FILE + path


def file_path(uri: str) -> str | None:
    """The path of a file's uri; None for other kinds."""
    return uri[len(_FILE) :] if uri.startswith(_FILE) else None


def git_path(uri: str) -> str | None:
    """The path from the top of the repository; None for other kinds."""
    return uri.split(":", 2)[2] if uri.startswith("git:") else None


def join(base: str, written: str, reference: str) -> str:
    """The absolute uri for `written`, a reference without its fragment; UnresolvedError where it has none."""
    if is_url(written):
        return written
    if is_url(base) and is_url(target := join_urls(base, written)):
        return target
    scheme = _SCHEME.match(written)
    if scheme is not None and scheme.group(1).lower() != "file":
        raise UnresolvedError(reference, f"nothing is known about {scheme.group(1)}: addresses")
    if is_url(base):
        raise UnresolvedError(reference, "a document from the web may not read local files")
    path = unquote(urlsplit(written).path if scheme else written)
    if "\0" in path or "\n" in path:
        raise UnresolvedError(reference, "the path holds a character that no file name has")
    if os.sep == "/":
        path = path.replace("\\", "/")
    return _join_path(base, path, reference)


def _join_path(base: str, path: str, reference: str) -> str:
    inside = git_path(base)
    if inside is not None:
        target = posixpath.normpath(posixpath.join(posixpath.dirname(inside), path))
        if target.startswith(("..", "/")):
            raise UnresolvedError(reference, "the path leaves the repository")
        return base[: len(base) - len(inside)] + target
    folder = os.path.dirname(file_path(base) or "")
    return file_uri(os.path.normpath(os.path.join(folder, path)))
