"""`check_api`: from two sources to a Report. Loads, compares, judges, and looks for lines last of all.

Nothing is decided here: what differs is compare.py's matter, how bad it is that of the rules and the judge.
"""

from __future__ import annotations

import os
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from datetime import date
from os import PathLike
from typing import Any, TypeAlias

from driftcheck import housekeeping
from driftcheck.config import Config
from driftcheck.config_file import config_from
from driftcheck.difference import Anchor, Difference, Location, Side
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Finding, Report, Skipped
from driftcheck.judge import judge
from driftcheck.openapi.compare import compare_documents
from driftcheck.openapi.ignores import silence
from driftcheck.openapi.loading import Locator, SpecPair, load, pair_up
from driftcheck.openapi.node import Document
from driftcheck.openapi.rules import RULES
from driftcheck.openapi.specs import added, problems, removed, unreadable
from driftcheck.settle import settle

Source: TypeAlias = str | PathLike[str] | Mapping[str, Any]
_Found: TypeAlias = tuple[list[Finding], list[Skipped]]


def check_api(old: Source, new: Source, *, config: Config | Mapping[str, Any] | None = None) -> Report:
    """What consumers of `old` rely on and `new` no longer gives.

    Each side is a path, a URL, "REV:path" of the git repository around the working directory,
    "module:app" of a web application, "-" for standard input, a directory or glob of descriptions, or a
    parsed description. `config` is a Config, or a mapping as in [tool.driftcheck]; no file is looked for.
    Raises DriftcheckError where a side cannot be read or is no OpenAPI description.
    """
    settings = config if isinstance(config, Config) else config_from(config or {})
    old, new = _plain(old), _plain(new)
    if old == new == "-":
        raise DriftcheckError("both sides are standard input", "give one of them as a file")
    pairs = pair_up(old, new, settings.api)
    if pairs is not None:
        found = _check_pairs(pairs, settings)
        return _report(str(old), str(new), found, settings)
    with _depth_guarded():
        expected = load(old, Side.EXPECTED, settings.api)
        actual = load(new, Side.ACTUAL, settings.api)
        found = _check_documents(expected, actual, settings)
    return _report(expected.label, actual.label, found, settings)


def check_documents(expected: Document, actual: Document, settings: Config) -> Report:
    """The same for two descriptions that are loaded already."""
    with _depth_guarded():
        found = _check_documents(expected, actual, settings)
    return _report(expected.label, actual.label, found, settings)


def _plain(source: Source) -> str | Mapping[str, Any]:
    return source if isinstance(source, Mapping) else os.fspath(source)


def _report(expected: str, actual: str, found: _Found, settings: Config) -> Report:
    findings, skipped = found
    report = Report("api", expected, actual, tuple(findings), tuple(skipped), settings.fail_on)
    api = settings.api
    return settle(report, settings, RULES.ids(), partial=bool(api.only or api.match_path or api.method))


def _check_pairs(pairs: list[SpecPair], settings: Config) -> _Found:
    """One report over all pairs, the worst findings of all first."""
    findings: list[Finding] = []
    skipped: list[Skipped] = []
    for pair in pairs:
        found, left_out = _check_pair(pair, settings)
        findings += found
        skipped += (replace(item, what=f"{pair.label}: {item.what}") for item in left_out)
    return sorted(findings, key=_rank), skipped


def _rank(finding: Finding) -> int:
    return finding.severity.rank


def _check_pair(pair: SpecPair, settings: Config) -> _Found:
    if pair.expected is None or pair.actual is None:
        difference = added(pair.label) if pair.expected is None else removed(pair.label)
        return _judged([difference], settings)
    try:
        with _depth_guarded():
            expected = load(pair.expected, Side.EXPECTED, settings.api)
            actual = load(pair.actual, Side.ACTUAL, settings.api)
            return _check_documents(expected, actual, settings, pair.label)
    except DriftcheckError as error:  # the other pairs are still worth a report
        return _judged([unreadable(pair.label, error.message)], settings)


def _check_documents(expected: Document, actual: Document, settings: Config, label: str = "") -> _Found:
    """`label` tells the same place in several pairs apart."""
    differences, left_out = compare_documents(expected, actual, settings)
    differences += problems(expected, actual, settings.api.validate)
    if label:
        differences = [replace(each, cause=f"{label} {each.cause}") for each in differences]
    findings, skipped = _judged(differences, settings)
    spared = silence(findings, expected, actual, date.today())
    about, silenced = judge(spared.differences, housekeeping.RULES, settings)
    found = _located([*spared.kept, *about], expected, actual)
    return sorted(found, key=_rank), [*left_out, *skipped, *spared.skipped, *silenced]


def _judged(differences: list[Difference], settings: Config) -> _Found:
    findings, skipped = judge(differences, RULES, settings)
    return list(findings), list(skipped)


def _located(findings: list[Finding], expected: Document, actual: Document) -> list[Finding]:
    """The findings with file, line and column; each file is read through once for all of them."""
    places: dict[Anchor, Location] = {}
    locator = Locator()
    for side, document in ((Side.EXPECTED, expected), (Side.ACTUAL, actual)):
        wanted = [at for each in findings for at in each.difference.anchors if at.side is side]
        places.update(zip(wanted, locator.locate(document, wanted), strict=True))
    return [each.located(tuple(places[at] for at in each.difference.anchors)) for each in findings]


@contextmanager
def _depth_guarded() -> Iterator[None]:
    try:
        yield
    except RecursionError:
        message = "a description is nested too deeply to be compared"
        raise DriftcheckError(
            message, "no real description is nested so deeply; check how it was made"
        ) from None
