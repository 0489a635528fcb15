"""Which files are meant by paths, folders and globs, and their text in whatever encoding it is."""

from __future__ import annotations

import codecs
import glob
import gzip
import io
import os
import re
from collections.abc import Iterator
from pathlib import Path
from typing import TextIO, cast

_SUFFIXES = (".har", ".json", ".yaml", ".yml", ".ndjson", ".jsonl", ".gob", ".gz", ".zip")
# What stands beside recordings and is none: dependencies, WireMock's bodies, what Keploy writes of its runs.
_PASSED_OVER = frozenset({"__pycache__", "node_modules"})
_BODIES = "__files"
_WRITTEN_BY_KEPLOY = frozenset({"reports", "testReports", "schema", "api-tests"})
# A body that Playwright wrote beside its HAR is called by its hash, frames of websockets by their number.
_ATTACHED = re.compile(r"(?:[0-9a-f]{40}|[0-9a-f]{32})\.")
_SCRIPT = re.compile(r"\.[cm]?[jt]sx?$")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def found_files(path: str, *, beside: bool = False) -> Iterator[tuple[Path, bool]]:
    """The files that a path means, in a stable order; True with those that were named themselves.

    `beside`: also what stands beside recordings and is none, as their bodies and Keploy's reports.
    """
    given = Path(path)
    if given.is_dir():
        yield from ((file, False) for file in _walked(given, beside))
    elif given.exists():
        yield given, True
    elif glob.has_magic(path):
        for match in sorted(glob.glob(path, recursive=True)):
            if Path(match).is_dir():
                yield from ((file, False) for file in _walked(Path(match), beside))
            else:
                yield Path(match), True


def _walked(folder: Path, beside: bool) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        here = Path(parent)
        keploy = not beside and ("keploy" in here.parts or (here / "keploy.yml").exists())
        folders[:] = sorted(name for name in folders if not _passed_over(name, keploy, beside))
        if "cypress" in here.parts and not beside:  # what stubs answer with is no recording itself
            folders[:] = [name for name in folders if name != "fixtures"]
        for name in sorted(files):
            body = _ATTACHED.match(name) or _BODIES in here.parts
            if beside if body else name.endswith(_SUFFIXES) or _is_script(here, name):
                yield Path(parent, name)


def _is_script(folder: Path, name: str) -> bool:
    """Whether this is a test of Cypress, or a part of one."""
    return _SCRIPT.search(name) is not None and (".cy." in name or "cypress" in folder.parts)


def _passed_over(name: str, keploy: bool, beside: bool) -> bool:
    if name.startswith(".") or name in _PASSED_OVER:
        return True
    return (name == _BODIES and not beside) or (keploy and name in _WRITTEN_BY_KEPLOY)


def encoding_of(head: bytes) -> str:
    """By the byte order mark; UTF-8 without one."""
    return next((name for mark, name in _MARKS if head.startswith(mark)), "utf-8")


def open_text(path: Path) -> TextIO:
    """The text of a file, unpacked; bytes that are no UTF-8 are kept as surrogates. OSError as `open`."""
    file = path.open("rb")
    if file.peek(2)[:2] == b"\x1f\x8b":
        file = io.BufferedReader(cast("io.RawIOBase", gzip.GzipFile(fileobj=file)))
    encoding = encoding_of(file.peek(4)[:4])
    return io.TextIOWrapper(file, encoding, errors="surrogateescape", newline="")


def as_bytes(text: str) -> bytes:
    """Text of a recording as bytes: those that were no UTF-8 are again what they were."""
    try:
        return text.encode()
    except UnicodeEncodeError:
        try:
            return text.encode("utf-8", "surrogateescape")
        except UnicodeEncodeError:
            return text.encode("utf-8", "surrogatepass")


def shown(path: Path) -> str:
    """A path as reports show it: below the working directory relative, with forward slashes."""
    try:
        relative = path.resolve().relative_to(Path.cwd().resolve())
    except (ValueError, OSError):
        return path.as_posix()
    return relative.as_posix()
