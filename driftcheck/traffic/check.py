"""`check_traffic`: recorded calls against a description. Streams the recordings, and judges at the end.

Nothing of a recording is kept but counts and the first witnesses of each problem.
"""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from copy import copy
from dataclasses import dataclass, field, replace
from os import PathLike
from pathlib import Path
from typing import TYPE_CHECKING, Any, Never, TypeAlias

from driftcheck.config import Config
from driftcheck.config_file import config_from
from driftcheck.difference import Anchor, Change, Difference, Effect, Flow, Location, Severity, Side
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Finding, Report, Skipped
from driftcheck.judge import judge
from driftcheck.openapi.loading import Locator, load
from driftcheck.openapi.node import Document
from driftcheck.openapi.reading.security import schemes
from driftcheck.settle import settle
from driftcheck.traffic.consumers import consumer_of
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.coverage import uncovered
from driftcheck.traffic.exchange import Exchange, Unreadable
from driftcheck.traffic.gather import Call, Found, Gather
from driftcheck.traffic.hosts import Services
from driftcheck.traffic.media import essence, header
from driftcheck.traffic.requests import judge_request
from driftcheck.traffic.responses import judge_response
from driftcheck.traffic.route import Address, Routed, address_of, guessed_path, router_of
from driftcheck.traffic.rules import RULES
from driftcheck.traffic.values import Judge
from driftcheck.traffic.weights import weight, weights_from

if TYPE_CHECKING:
    from driftcheck.traffic.queries import QueryCheck

Recording: TypeAlias = str | PathLike[str] | Exchange | Unreadable
Recordings: TypeAlias = str | PathLike[str] | Iterable[Recording]
Spec: TypeAlias = str | PathLike[str] | Mapping[str, Any]

_PAGES = ("text/html", "text/css", "text/javascript", "application/javascript", "application/x-javascript")
_ASSETS = ("image/", "font/", "video/", "audio/", "application/font", "application/wasm")
_ABOUT = ("/openapi.json", "/openapi.yaml", "/swagger.json", "/swagger.yaml", "/favicon.ico", "/robots.txt")
_REFUSED = (404, 405, 501)


def check_traffic(
    recordings: Recordings, spec: Spec | None = None, *, config: Config | Mapping[str, Any] | None = None
) -> Report:
    """What recorded consumers rely on and the description does not give.

    `recordings` are files, folders or globs, or Exchange values; `spec` is any source that `check_api` takes
    (default: `traffic.spec` of the configuration). Where `traffic.models` or `traffic.migrations` is set,
    recorded SQL is held to it, and `spec` may be left out. Raises DriftcheckError where nothing can be read,
    or nothing is about the service described.
    """
    settings = config if isinstance(config, Config) else config_from(config or {})
    given = listed(recordings)
    queries = _queries(given, settings)
    described = spec if spec is not None else settings.traffic.spec or None
    if described is None:
        if queries is None:
            raise DriftcheckError(
                "there is no description", "give it with --spec, or as traffic.spec in a file"
            )
        return _queries_alone(queries, label_of(given), settings)
    document = load(as_source(described), Side.ACTUAL, settings.api)
    check = TrafficCheck(Contract(document), settings, queries)
    for item in stream(given, settings.traffic.environment):
        check.take(item)
    return check.report(label_of(given), document)


_SQL = frozenset({"recorded-query-table", "recorded-query-column"})  # subjects of rules
_CALLS = frozenset(rule.subject for rule in RULES if not rule.subject.startswith("replay-")) - _SQL


def _judged(subjects: frozenset[str]) -> list[str]:
    """The rules that were looked for; `traffic scan` has its own."""
    scanned = ("secret", "personal")
    return [rule.id for rule in RULES if rule.subject in subjects and rule.attribute not in scanned]


def _queries(recordings: Iterable[Recording], settings: Config) -> QueryCheck | None:
    """The recorded SQL, held to models or migrations, where those are given."""
    if not settings.traffic.models and not settings.traffic.migrations:
        return None
    from driftcheck.traffic.queries import QueryCheck

    check = QueryCheck(settings)
    check.run(recordings)
    return check


def _queries_alone(queries: QueryCheck, label: str, settings: Config) -> Report:
    findings, ignored = judge(queries.differences(), RULES, settings)
    placed = tuple(finding.located(finding.difference.locations) for finding in findings)
    actual = settings.traffic.models or settings.traffic.migrations
    skipped = (*queries.skipped(), *ignored)
    report = Report("traffic", label, actual, placed, skipped, settings.fail_on)
    return settle(report, settings, _judged(_SQL))


def as_source(spec: Spec) -> str | Mapping[str, Any]:
    """A description as loading takes it."""
    return spec if isinstance(spec, Mapping) else os.fspath(spec)


def listed(recordings: Recordings) -> list[Recording] | Iterable[Recording]:
    """The recordings as something to go through; DriftcheckError for a path where nothing is."""
    if isinstance(recordings, (str, PathLike)):
        recordings = [recordings]
    if not isinstance(recordings, (list, tuple)):
        return recordings
    for item in recordings:
        if isinstance(item, (str, PathLike)):
            text = os.fspath(item)
            if not os.path.exists(text) and not any(mark in text for mark in "*?["):
                raise DriftcheckError(
                    f"{text}: no such file or folder", "give recordings, or folders of them"
                )
    return list(recordings)


def stream(
    recordings: Iterable[Recording], environments: tuple[str, ...] = ()
) -> Iterator[Exchange | Unreadable]:
    """All calls in all recordings, one at a time; Postman's variables from `environments`."""
    from driftcheck.traffic.readers import ReadOptions, read

    options = ReadOptions(environments)

    for item in recordings:
        if isinstance(item, (Exchange, Unreadable)):
            yield item
        else:
            yield from read([os.fspath(item)], options)


def label_of(recordings: Iterable[Recording]) -> str:
    """What a report calls the recordings."""
    if not isinstance(recordings, list):
        return "recordings"
    names = [os.fspath(item) for item in recordings if isinstance(item, (str, PathLike))]
    return ", ".join(Path(name).as_posix() for name in names) or "recordings"


@dataclass(slots=True, eq=False)
class TrafficCheck:
    """One run over recordings."""

    contract: Contract
    settings: Config
    queries: QueryCheck | None = None
    gather: Gather = field(default_factory=Gather)
    unreadable: list[Unreadable] = field(default_factory=list)
    judge: Judge = field(init=False)
    services: Services = field(init=False)
    security: frozenset[str] = field(init=False)
    weights: Mapping[str, float] = field(init=False)

    def __post_init__(self) -> None:
        traffic = self.settings.traffic
        self.judge = Judge(self.gather, traffic.show_values, traffic.ignore_headers)
        self.services = Services(router_of(self.contract.promises, traffic.server), traffic.host)
        self.weights = weights_from(traffic.weights)
        kinds = schemes(self.contract.source).values()
        self.security = frozenset(f"{one.place}:{one.key.lower()}" for one in kinds if one.key)

    def take(self, item: Exchange | Unreadable) -> None:
        """Judge one call."""
        if isinstance(item, Unreadable):
            self.unreadable.append(item)
            return
        self.gather.calls += 1
        address = address_of(item.request.url, item.placeholders)
        service = self.services.service(address, item)
        local = service != ""
        routed = self.services.router.find(item.request.method, address.path, local=local or not address.host)
        if service is None:
            host = address.host or f"provider {item.provider}"
            self.services.foreign[host] += 1
            self.services.fitting[host] += isinstance(routed, Routed)
        elif isinstance(routed, Routed):
            self.services.matched[service] += 1
            self._judge(routed.settled(item), routed, address, service)
        else:
            self._unknown(item, address, service, routed)

    def _judge(self, item: Exchange, routed: Routed, address: Address, service: str) -> None:
        promise = routed.promise
        promise.calls += 1
        call = Call(item, consumer_of(item), promise.label, promise.operation.path, service)
        self.gather.totals[promise.label] += 1
        response = item.response
        if response is None or not 400 <= response.status < 500:
            judge_request(self.judge, call, routed, address.query, self.security)
        if response is not None:
            judge_response(self.judge, call, promise, response)

    def _unknown(self, item: Exchange, address: Address, service: str, methods: tuple[str, ...]) -> None:
        """A call to no operation; what browsers ask for by themselves is only counted."""
        if item.request.method == "ANY" and methods:
            self.gather.skip("stubs for any method", f"the path has {', '.join(sorted(methods))}")
            return
        reason = _beside(item, address.path)
        if reason:
            self.gather.skip(reason, "no operation of the description, and none of an API")
            return
        self.services.strange[service] += 1
        path = guessed_path(address.path, item.placeholders)
        label = f"{item.request.method} {path}"
        call = Call(item, consumer_of(item), label, path, service)
        self.gather.totals[label] += 1
        refused = item.response is not None and item.response.status in _REFUSED
        self.gather.tell(
            call,
            "call",
            Change.MISSING,
            "",
            f"calls {label}",
            node=self.contract.source.root.get("paths"),
            name=label,
            kind="operation",
            flow=Flow.SENT,
            effect=Effect.NARROWED,
            at_most=Severity.INFO if refused else None,
            facts={"refused": refused, "methods": list(methods)},
        )

    def report(
        self,
        label: str,
        document: Document,
        *,
        subjects: frozenset[str] = frozenset(),
        further: Iterable[Difference] = (),
        more: Iterable[Skipped] = (),
        replayed: bool = False,
    ) -> Report:
        """Everything that was found, judged and located; with `further` differences of these `subjects`."""
        self._insist(label, document.label)
        placed, ignored = self.placed(document, further)
        skipped = (
            *more,
            *(Skipped(item.file, item.why) for item in self.unreadable if not item.wrong),
            *self.services.skipped(),
            *self.gather.left_out(),
            *(self.queries.skipped() if self.queries is not None else ()),
            *uncovered(self.contract, replayed=replayed),
            *self.contract.source.skipped.values(),
            *ignored,
        )
        report = Report("traffic", label, document.label, tuple(placed), skipped, self.settings.fail_on)
        judged = _judged((_CALLS if self.queries is None else _CALLS | _SQL) | subjects)
        partial = bool(self.settings.traffic.host)
        return settle(report, self.settings, judged, partial=partial)

    def placed(
        self, document: Document, further: Iterable[Difference] = ()
    ) -> tuple[list[Finding], tuple[Skipped, ...]]:
        """What was found, and `further`, judged, ordered and located; and what an ignore silenced."""
        told = self.gather.differences(self.services.others())
        differences = [difference for difference, _ in told]
        differences += further
        differences += [_unreadable(item) for item in self.unreadable if item.wrong]
        differences += self.queries.differences() if self.queries is not None else []
        findings, ignored = judge(differences, RULES, self.settings)
        found = {_cause(difference): one for difference, one in told}
        ordered = sorted(findings, key=lambda finding: self._order(finding, found))
        return _located([_witnessed(finding, found) for finding in ordered], document), tuple(ignored)

    def afresh(self) -> TrafficCheck:
        """The same check with nothing found yet: what was read and compiled of the description is shared."""
        fresh = copy(self)
        fresh.gather, fresh.unreadable = Gather(), []
        traffic = self.settings.traffic
        fresh.judge = Judge(fresh.gather, traffic.show_values, traffic.ignore_headers)
        return fresh

    def _insist(self, label: str, spec: str) -> None:
        if not self.gather.calls and (self.queries is None or not self.queries.queries):
            insist_on_calls(label, self.unreadable)
        self.services.insist(spec)

    def _order(self, finding: Finding, found: Mapping[tuple[object, ...], Found]) -> tuple[int, float]:
        promise = self.contract.by_label.get(finding.difference.operation or "")
        seen = found.get(_cause(finding.difference))
        if promise is None or seen is None:
            return finding.severity.rank, 0.0
        heavy = weight(promise, self.weights, len(seen.consumers), external=seen.external)
        return finding.severity.rank, -heavy


def insist_on_calls(label: str, unreadable: Iterable[Unreadable]) -> Never:
    """Where not one call was read nothing was checked, which is no pass."""
    wrong = next((item for item in unreadable if item.wrong), None)
    if wrong is None:
        raise DriftcheckError(f"there is no recorded call in {label}")
    place = f"{wrong.file}:{wrong.line}" if wrong.line else wrong.file
    raise DriftcheckError(f"no recorded call could be read: {place}: {wrong.why}")


def _beside(item: Exchange, path: str) -> str:
    """What a call is that belongs to no API: a preflight, a page, a picture; "" for any other."""
    if item.request.method == "OPTIONS":
        return "OPTIONS requests"
    if item.request.method == "GET" and path.endswith(_ABOUT):
        return "descriptions and icons"
    if item.response is None or item.request.method not in ("GET", "HEAD") or item.response.status >= 400:
        return ""
    if item.response.status == 101:
        return "upgrades to websockets"
    written = item.response.body.media_type or header(item.response.headers, "content-type") or ""
    kind = essence(written)
    return "pages, scripts and pictures" if kind in _PAGES or kind.startswith(_ASSETS) else ""


def _unreadable(item: Unreadable) -> Difference:
    return Difference(
        subject="recording",
        kind="exchange",
        object=item.file,
        change=Change.CHANGED,
        attribute="readable",
        cause=f"{item.file} {item.line or ''} {item.why}",
        facts={"why": item.why},
        locations=(Location(Side.EXPECTED, item.file, item.line),),
    )


def _cause(d: Difference) -> tuple[object, ...]:
    return (d.kind, d.cause, d.change, d.attribute)


def _witnessed(finding: Finding, found: Mapping[tuple[object, ...], Found]) -> Finding:
    seen = found.get(_cause(finding.difference))
    return finding if seen is None else replace(finding, used_by=tuple(seen.calls))


def _located(findings: list[Finding], document: Document) -> list[Finding]:
    """The findings with the recording's place first, and the description's after it."""
    wanted = [anchor for finding in findings for anchor in finding.difference.anchors]
    places: dict[Anchor, Location] = dict(zip(wanted, Locator().locate(document, wanted), strict=True))
    return [
        finding.located(
            (*finding.difference.locations, *(places[anchor] for anchor in finding.difference.anchors))
        )
        for finding in findings
    ]
