"""What a source names: stdin, a file, a URL, a file of a git revision, or an application.

A file that exists always wins; after that `a:b` is an application if `a` is a module here, else git's.
"""

from __future__ import annotations

import os
import re
from dataclasses import dataclass
from importlib.machinery import PathFinder
from pathlib import Path
from urllib.parse import unquote, urlsplit

from driftcheck.errors import DriftcheckError
from driftcheck.importing import import_path
from driftcheck.openapi.loading.web import is_url

_DRIVE = re.compile(r"[A-Za-z]:[\\/]")
_MODULE = re.compile(r"[A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*")
_ATTRIBUTE = re.compile(r"([A-Za-z_]\w*(?:\.[A-Za-z_]\w*)*)(?:\(\))?")
_SPEC_NAMES = (".yaml", ".yml", ".json")


@dataclass(frozen=True, slots=True)
class Stdin:
    """The source "-"."""


@dataclass(frozen=True, slots=True)
class File:
    """A path as the user wrote it."""

    path: str


@dataclass(frozen=True, slots=True)
class Url:
    """An http(s) URL, perhaps with credentials."""

    url: str


@dataclass(frozen=True, slots=True)
class InRevision:
    """`path` as written, in a git revision ("" is the index)."""

    revision: str
    path: str


@dataclass(frozen=True, slots=True)
class App:
    """An attribute of a module; `call` says it was written with ()."""

    module: str
    attribute: str
    call: bool


Source = Stdin | File | Url | InRevision | App


def classify(written: str) -> Source:
    """What the text names; nothing is read yet except whether a file is there."""
    if written == "-":
        return Stdin()
    if is_url(written):
        return Url(written)
    if written.lower().startswith("file://"):
        return File(unquote(urlsplit(written).path))
    if ":" not in written or _DRIVE.match(written) or _exists(written):
        return File(written)
    before, _, after = written.partition(":")
    if _is_app(before, after):
        return App(before, after.removesuffix("()"), after.endswith("()"))
    if not after:
        raise DriftcheckError(f"{written} names no file", "write REV:path, for example main:openapi.yaml")
    return InRevision(before, after)


def _exists(path: str) -> bool:
    try:
        return os.path.exists(path)
    except ValueError:  # a NUL in the name
        return False


def _is_app(module: str, attribute: str) -> bool:
    return may_be_app(module, attribute) and (attribute.endswith("()") or is_module(module))


def may_be_app(module: str, attribute: str) -> bool:
    """Whether the two parts are spelt like a module and an attribute of it."""
    spelt = _MODULE.fullmatch(module) and _ATTRIBUTE.fullmatch(attribute)
    return spelt is not None and not attribute.endswith(_SPEC_NAMES)


def is_module(name: str) -> bool:
    """Whether the first part of a dotted name can be imported from here; nothing is imported."""
    import sys

    first = name.partition(".")[0]
    path = [*import_path(Path.cwd(), first), *sys.path]
    return first in sys.modules or PathFinder.find_spec(first, path) is not None
