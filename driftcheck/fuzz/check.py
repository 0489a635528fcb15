"""`check_service`: a running service held to its description, with generated requests.

The order of a run: what is to be tried, how hard, the proofs of known differences first, then everything.
"""

from __future__ import annotations

import os
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import replace
from os import PathLike
from typing import Any, TypeAlias

from driftcheck.config import Config, FuzzConfig
from driftcheck.config_file import config_from
from driftcheck.difference import Anchor, Difference, Location, Side
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Finding, Report, Skipped
from driftcheck.fuzz.budget import examples_of
from driftcheck.fuzz.bundle import bundled
from driftcheck.fuzz.differences import differences
from driftcheck.fuzz.outcome import NotTested, Problem, Progress
from driftcheck.fuzz.rules import RULES
from driftcheck.fuzz.target import Target, at_base_path, opened
from driftcheck.fuzz.unshown import basic, given
from driftcheck.judge import judge
from driftcheck.openapi.loading import Locator, load
from driftcheck.openapi.model import Operation
from driftcheck.openapi.node import Document
from driftcheck.openapi.reading.operations import path_operations
from driftcheck.openapi.reading.source import Source
from driftcheck.settle import settle

Spec: TypeAlias = str | PathLike[str] | Mapping[str, Any]
Told: TypeAlias = Callable[[str], None]
_TOKEN = re.compile(r"[!#$%&'*+.^_`|~0-9A-Za-z-]+")
_SENDABLE = re.compile(r"[\t\x20-\x7e\xa0-\xff]*")
_SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE"})


def check_service(
    spec: Spec,
    *,
    url: str | None = None,
    app: Any = None,
    since: Spec | None = None,
    against: Spec | None = None,
    config: Config | Mapping[str, Any] | None = None,
    told: Told = lambda _text: None,
) -> Report:
    """What consumers of `spec` rely on and the running service does not keep to.

    The service is at `url`, or is `app`: an ASGI or WSGI application, or "module:app". Descriptions are
    sources as for `check_api`. With `since`, only operations that differ from it are tried; with `against`,
    requests are drawn from that older description and answers are held to it. `told` hears of progress.
    Raises DriftcheckError where the service cannot be reached or nothing can be tried.
    """
    settings = config if isinstance(config, Config) else config_from(config or {})
    chosen = settings.fuzz
    since, against = since or chosen.since or None, against or chosen.against or None
    document = _load(spec, Side.EXPECTED, settings)
    relied = _load(against, Side.EXPECTED, settings) if against is not None else document
    with opened(url or chosen.url, app if app is not None else chosen.app or None) as target:
        run = _Run(settings, document, relied, at_base_path(target, relied), told)
        run.go(_load(since, Side.EXPECTED, settings) if since is not None else None)
        return run.report()


def _load(source: Spec, side: Side, settings: Config) -> Document:
    given = source if isinstance(source, Mapping) else os.fspath(source)
    return load(given, side, settings.api)


class _Run:
    """One run: problems and what was not tried, gathered."""

    def __init__(self, settings: Config, new: Document, relied: Document, target: Target, told: Told) -> None:
        self.settings, self.new, self.relied, self.target, self.told = settings, new, relied, target, told
        self.problems: list[Problem] = []
        self.skipped: dict[Skipped, None] = {}
        self.operations = list(path_operations(Source(relied)))

    def go(self, since: Document | None) -> None:
        """Try everything that is to be tried."""
        chosen = self._selected(self._touched(since) if since is not None else None)
        if not chosen:
            return
        document = bundled(self.relied)
        if self.settings.fuzz.traffic:
            from driftcheck.fuzz.recorded import with_recorded

            document = with_recorded(document, self.relied, self.settings)
        budget = examples_of(self.relied, chosen, self.settings)
        plan = _plan(self.settings.fuzz, document, budget)
        if self.relied is not self.new:
            self._prove(plan)
        from driftcheck.fuzz.engine import fuzz

        for outcome in fuzz(plan, self.target):
            self._take(outcome)

    def _touched(self, since: Document) -> frozenset[str]:
        from driftcheck.openapi.touched import touched_operations

        new = replace(self.relied, side=Side.ACTUAL)
        found = touched_operations(since, new, self.settings)
        count = len(self.operations) - len(found)
        if count:
            self._skip(f"{count} operations", f"the same as in {since.label}")
        return found

    def _selected(self, touched: frozenset[str] | None) -> list[Operation]:
        """What the options leave; DriftcheckError where they leave nothing of a description that has some."""
        from driftcheck.openapi.comparing.selection import selection

        fuzz = self.settings.fuzz
        if not self.operations:
            raise DriftcheckError(
                f"{self.relied.label} describes no operations", "is it the right description?"
            )
        wanted = selection(
            replace(self.settings.api, only=fuzz.only, match_path=fuzz.match_path, method=fuzz.method)
        )
        chosen = [each for each in self.operations if wanted(each)]
        if not chosen:
            raise DriftcheckError("no operation is selected", "look at --only, --match-path and --method")
        if fuzz.safe_only:
            chosen = [each for each in chosen if each.method in _SAFE]
            self._skip(f"{len(self.operations) - len(chosen)} operations", "they may write (--safe-only)")
        return chosen if touched is None else [each for each in chosen if each.label in touched]

    def _prove(self, plan: Any) -> None:
        from driftcheck.fuzz.against import proven

        for outcome in proven(plan, self.relied, self.new, self.target, self.settings):
            self._take(outcome)

    def _take(self, outcome: Problem | NotTested | Progress) -> None:
        match outcome:
            case Problem():
                self.problems.append(outcome)
            case NotTested(what, why):
                self._skip(what, why)
            case Progress():
                self.told(str(outcome))

    def _skip(self, what: str, why: str) -> None:
        if not what.startswith("0 "):
            self.skipped[Skipped(what, why)] = None

    def report(self) -> Report:
        """What came of it."""
        anchors: dict[str, tuple[Anchor, ...]] = {
            each.label: (each.node.anchor(Side.EXPECTED),) for each in self.operations
        }
        found = differences(self.problems, anchors)
        findings, ignored = judge(found, RULES, self.settings)
        located = _located(findings, self.relied, self.problems)
        skipped = (*self.skipped, *ignored)
        report = Report("fuzz", self.relied.label, self.target.label, located, skipped, self.settings.fail_on)
        partial = bool(self.settings.fuzz.only or self.settings.fuzz.match_path or self.settings.fuzz.since)
        return settle(report, self.settings, RULES.ids(), partial=partial)


def _plan(fuzz: FuzzConfig, document: Mapping[str, Any], budget: Mapping[str, int]) -> Any:
    from driftcheck.fuzz.answers import CHECKS
    from driftcheck.fuzz.engine import Plan

    unknown = [name for name in fuzz.exclude_checks if name not in CHECKS]
    if unknown:
        raise DriftcheckError(f"there is no check {unknown[0]}", f"there are {', '.join(CHECKS)}")
    headers, auth = dict(_header(text) for text in fuzz.header), _auth(fuzz.auth)
    hidden = given(headers, auth)
    if auth is not None:
        headers["Authorization"] = basic(auth)
    left_out = {*fuzz.exclude_checks, *(("unsupported_method",) if fuzz.safe_only else ())}
    return Plan(
        document=document,
        operations=budget,
        phases=fuzz.phases,
        checks=tuple(name for name in CHECKS if name not in left_out),
        seed=fuzz.seed,
        workers=fuzz.workers,
        timeout=fuzz.timeout,
        time_limit=fuzz.time_limit,
        max_response_time=fuzz.max_response_time,
        rate_limit=fuzz.rate_limit,
        headers=headers,
        given=hidden,
    )


def _header(text: str) -> tuple[str, str]:
    name, found, value = text.partition(":")
    if not found or not name.strip():
        raise DriftcheckError(
            "a header must be NAME: VALUE", "for example --header 'Authorization: Bearer …'"
        )
    name, value = name.strip(), value.strip()
    if _TOKEN.fullmatch(name) is None or _SENDABLE.fullmatch(value) is None:
        raise DriftcheckError(
            f"header {name!r} cannot be sent", "names are ASCII, and values printable Latin-1 (RFC 9110, 5.5)"
        )
    return name, value


def _auth(text: str) -> tuple[str, str] | None:
    if not text:
        return None
    user, found, password = text.partition(":")
    if not found:
        raise DriftcheckError("--auth must be USER:PASSWORD", "other schemes go with --header")
    return user, password


def _located(
    findings: Iterable[Finding], document: Document, problems: Iterable[Problem]
) -> tuple[Finding, ...]:
    """The operation in the description, and the line that raised the exception."""
    crashes = {"\x00".join(each.cause): each.crash for each in problems if each.crash is not None}
    locator = Locator()
    found = []
    for finding in findings:
        difference: Difference = finding.difference
        anchors: list[Anchor] = list(difference.anchors)
        places = locator.locate(document, anchors)
        crash = crashes.get(difference.cause)
        raised = (Location(Side.ACTUAL, crash.file, crash.line),) if crash is not None and crash.file else ()
        found.append(finding.located((*raised, *places)))
    return tuple(found)
