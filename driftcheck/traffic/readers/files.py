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

_SUFFIXES = (".har", ".json", ".yaml", ".yml", ".ndjson", ".jsonl", ".gob", ".gz")
# What stands beside recordings and is none: dependencies, WireMock's bodies, what Keploy writes of its runs.
_PASSED_OVER = frozenset({"__files", "__pycache__", "node_modules"})
_WRITTEN_BY_KEPLOY = frozenset({"reports", "testReports", "schema", "api-tests"})
# A body that Playwright wrote beside its HAR is called by its hash.
_ATTACHED = re.compile(r"[0-9a-f]{40}\.")
_MARKS = (
    (codecs.BOM_UTF8, "utf-8-sig"),
    (codecs.BOM_UTF32_LE, "utf-32"),
    (codecs.BOM_UTF32_BE, "utf-32"),
    (codecs.BOM_UTF16_LE, "utf-16"),
    (codecs.BOM_UTF16_BE, "utf-16"),
)


def found_files(path: str) -> Iterator[tuple[Path, bool]]:
    """The files that a path means, in a stable order; True with those that were named themselves."""
    given = Path(path)
    if given.is_dir():
        yield from ((file, False) for file in _walked(given))
    elif given.exists():
        yield given, True
    elif glob.has_magic(path):
        for match in sorted(glob.glob(path, recursive=True)):
            if Path(match).is_dir():
                yield from ((file, False) for file in _walked(Path(match)))
            else:
                yield Path(match), True


def _walked(folder: Path) -> Iterator[Path]:
    for parent, folders, files in os.walk(folder):
        keploy = "keploy" in Path(parent).parts or (Path(parent) / "keploy.yml").exists()
        folders[:] = sorted(name for name in folders if not _passed_over(name, keploy))
        for name in sorted(files):
            if name.endswith(_SUFFIXES) and not _ATTACHED.match(name):
                yield Path(parent, name)


def _passed_over(name: str, keploy: bool) -> bool:
    return name.startswith(".") or name in _PASSED_OVER or (keploy and name in _WRITTEN_BY_KEPLOY)


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
