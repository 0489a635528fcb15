"""Test results as XML: JUnit's shape in all its dialects, TestNG's own, NUnit's and xUnit.net's.

Files with a document type are refused: results have none, and entities are how XML does harm.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from email.utils import parsedate_to_datetime
from pathlib import Path
from typing import TYPE_CHECKING
from xml.etree import ElementTree

from driftcheck.errors import DriftcheckError
from driftcheck.traffic.readers.files import found_files

if TYPE_CHECKING:
    from xml.etree.ElementTree import Element

_MOST = 1 << 28  # characters
_SECOND = 1.0  # most of these formats know whole seconds only
_BAD = {"fail": "failed", "failed": "failed", "failure": "failed", "error": "failed"}
_SKIPPED = frozenset({"skip", "skipped", "ignored", "inconclusive", "notrun"})


@dataclass(frozen=True, slots=True)
class Test:
    """A test that ran. `start` and `end`, in seconds since the epoch, are what its calls lie between."""

    __test__ = False  # pytest collects what is called so

    name: str
    owner: str = ""
    status: str = "passed"
    start: float | None = None
    end: float | None = None

    @property
    def label(self) -> str:
        """What a report calls it."""
        owner = "" if self.owner in self.name or not self.owner else f"{self.owner}."
        return f"{owner}{self.name}"


def read_results(paths: Sequence[str]) -> list[Test]:
    """All tests of these files, folders (of *.xml) and globs. DriftcheckError for what holds none."""
    found: list[Test] = []
    for path in paths:
        files = _files(path)
        if not files:
            raise DriftcheckError(f"{path}: no such file, or no .xml in it", "give test results as XML")
        for file in files:
            found += read_file(file)
    return found


def _files(path: str) -> list[Path]:
    given = Path(path)
    if given.is_dir():
        return sorted(given.rglob("*.xml"))
    return [file for file, named in found_files(path) if named]


def read_file(file: Path) -> list[Test]:
    """The tests of one file."""
    try:
        text = file.read_text("utf-8-sig", errors="replace")
    except OSError as error:
        raise DriftcheckError(f"{file} cannot be read: {error.strerror or error}") from None
    start = text.find("<")  # a runner started by npm has its lines before the document
    if start < 0 or len(text) > _MOST or "<!DOCTYPE" in text[:4096] or "<!ENTITY" in text:
        raise DriftcheckError(f"{file} holds no test results", "JUnit's or TestNG's XML is read")
    try:
        root = ElementTree.fromstring(text[start:])
    except ElementTree.ParseError as error:
        raise DriftcheckError(f"{file} is no whole XML: {error}") from None
    except ValueError:  # an encoding is declared that the text, being decoded, no longer has
        root = ElementTree.fromstring(re.sub(r"^<\?xml.*?\?>", "", text[start:]))
    found = list(_tests(root))
    if not found and root.tag not in ("testsuites", "testsuite", "testng-results", "assemblies", "test-run"):
        raise DriftcheckError(f"{file} holds no test results", "JUnit's or TestNG's XML is read")
    return found


def _tests(root: Element) -> Iterator[Test]:
    if root.tag == "testng-results":
        yield from _testng(root)
    elif root.tag in ("assemblies", "assembly"):
        for one in root.iter("test"):
            yield Test(
                one.get("name", ""), one.get("type", ""), _status(one.get("result", "")), *_window(root, 0.0)
            )
    elif root.tag == "test-run":
        for one in root.iter("test-case"):
            times = _seconds(one.get("start-time")), _seconds(one.get("end-time"))
            yield Test(one.get("name", ""), one.get("classname", ""), _status(one.get("result", "")), *times)
    else:
        yield from _junit(root, (None, None))


def _junit(suite: Element, outer: tuple[float | None, float | None]) -> Iterator[Test]:
    """Of nested suites the innermost time counts, where it has one."""
    window = _window(suite, _number(suite.get("time")))
    if window[0] is None:
        window = outer
    for child in suite:
        if child.tag == "testcase":
            name = re.sub(r"\(\)$", "", child.get("name", ""))
            own = _window(child, _number(child.get("time")))
            yield Test(
                name, child.get("classname", ""), _outcome(child), *(window if own[0] is None else own)
            )
        elif child.tag in ("testsuite", "testsuites"):
            yield from _junit(child, window)


def _outcome(case: Element) -> str:
    tags = {child.tag for child in case}
    if tags & {"failure", "error"}:
        return "failed"
    return "skipped" if "skipped" in tags else _status(case.get("status", ""))


def _testng(root: Element) -> Iterator[Test]:
    for owner in root.iter("class"):
        for method in owner.iter("test-method"):
            if method.get("is-config") == "true":
                continue
            start = _seconds(method.get("started-at"))
            length = _number(method.get("duration-ms")) / 1000
            end = None if start is None else start + length + _SECOND
            yield Test(
                method.get("name", ""), owner.get("name", ""), _status(method.get("status", "")), start, end
            )


def _status(text: str) -> str:
    lowered = text.lower()
    return _BAD.get(lowered, "skipped" if lowered in _SKIPPED else "passed")


def _window(element: Element, length: float) -> tuple[float | None, float | None]:
    """Writers disagree whether `timestamp` is when it began or when it was written down: it lies between."""
    when = _seconds(element.get("timestamp"))
    return (None, None) if when is None else (when - length - _SECOND, when + length + _SECOND)


def _number(text: str | None) -> float:
    try:
        return max(float((text or "0").replace(",", "")), 0.0)
    except ValueError:
        return 0.0


def _seconds(text: str | None) -> float | None:
    """A point in time; without a zone it is this machine's."""
    if not text:
        return None
    try:
        return datetime.fromisoformat(text.strip()).timestamp()
    except ValueError:
        pass
    try:
        return parsedate_to_datetime(text).timestamp()
    except (ValueError, TypeError):
        return None
