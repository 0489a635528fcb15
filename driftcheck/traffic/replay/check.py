"""`replay_traffic`: recorded calls made again, the answers held to the recorded ones and the description.

The report depends on the recording and the service's behaviour only: no times, no ports, no values.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from typing import Any

from driftcheck.config import Config
from driftcheck.config_file import config_from
from driftcheck.difference import Change, Difference, Side
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report, Skipped
from driftcheck.openapi.loading import load
from driftcheck.traffic.check import (
    Recordings,
    Spec,
    TrafficCheck,
    as_source,
    insist_on_calls,
    label_of,
    listed,
    stream,
)
from driftcheck.traffic.consumers import consumer_of
from driftcheck.traffic.contract import Contract, Promise
from driftcheck.traffic.exchange import Exchange, Headers, Response, Unreadable
from driftcheck.traffic.gather import Call
from driftcheck.traffic.media import essence, header
from driftcheck.traffic.replay.answers import Answers, Outcome
from driftcheck.traffic.replay.client import Service
from driftcheck.traffic.replay.compare import Problem
from driftcheck.traffic.replay.noise import NoiseBook, configured
from driftcheck.traffic.replay.requests import Sender, headers_from
from driftcheck.traffic.replay.templates import filled
from driftcheck.traffic.replay.told import noise_of, tell_message, tell_problem
from driftcheck.traffic.responses import judge_response
from driftcheck.traffic.route import Routed, address_of, is_loopback
from driftcheck.traffic.rules import RULES

SAFE = frozenset({"GET", "HEAD", "OPTIONS", "TRACE", "QUERY"})
_REPLAYED = frozenset(rule.subject for rule in RULES if rule.subject.startswith("replay"))


@dataclass(frozen=True, slots=True)
class Replayed:
    """The report, and noise rules for the places that differ from run to run (with --repeat)."""

    report: Report
    proposals: tuple[str, ...] = ()


def replay_traffic(
    recordings: Recordings,
    target: str,
    spec: Spec | None = None,
    *,
    config: Config | Mapping[str, Any] | None = None,
) -> Replayed:
    """Send recorded calls to the service at `target` and compare its answers with the recorded ones.

    Only safe methods are sent unless `traffic.allow_writes`, only to this machine unless the host is among
    `traffic.allow_host`. DriftcheckError where nothing could be replayed, or the service is not there.
    """
    settings = config if isinstance(config, Config) else config_from(config or {})
    given = listed(recordings)
    described = spec if spec is not None else settings.traffic.spec or None
    if described is None:
        raise DriftcheckError("there is no description", "give it with --spec, or as traffic.spec in a file")
    service = service_at(target, settings)
    document = load(as_source(described), Side.ACTUAL, settings.api)
    replay = Replay(
        TrafficCheck(Contract(document), settings),
        service,
        headers_from(settings.traffic.header),
        NoiseBook(configured(settings.traffic.noise)),
    )
    service.reach()
    replay.read(stream(given, settings.traffic.environment))
    replay.insist(document.label)
    for number in range(settings.traffic.repeat):
        replay.run(first=number == 0)
    proposals = replay.tell()
    report = replay.check.report(
        label_of(given),
        document,
        subjects=_REPLAYED,
        further=replay.noise(),
        more=replay.skipped(),
        replayed=True,
    )
    return Replayed(report, proposals)


def service_at(target: str, settings: Config) -> Service:
    """The target; DriftcheckError for one that is not on this machine and was not allowed."""
    from driftcheck.traffic.record.target import target_of

    found = target_of(target)
    allowed = any(fnmatchcase(found.host, glob) for glob in settings.traffic.allow_host)
    if not allowed and not is_loopback(found.authority):
        raise DriftcheckError(
            f"{found.host} is not this machine, so nothing is replayed against it",
            f"if it is meant to get recorded calls, say --allow-host {found.host}",
        )
    return Service(found.origin, found.scheme, found.host, found.port, settings.traffic.timeout)


@dataclass(slots=True, eq=False)
class Replay:
    """One replay, of one or several runs."""

    check: TrafficCheck
    service: Service
    headers: Headers
    book: NoiseBook
    calls: list[tuple[Call, Promise]] = field(default_factory=list)
    runs: list[dict[tuple[int, str], tuple[Problem, int]]] = field(default_factory=list)
    totals: Counter[str] = field(default_factory=Counter)
    asserted: Counter[str] = field(default_factory=Counter)
    varying: dict[str, Counter[str]] = field(default_factory=dict)
    ruled: Counter[str] = field(default_factory=Counter)
    in_bodies: Counter[str] = field(default_factory=Counter)  # asserted values of bodies
    left_out: int = 0

    def read(self, items: Iterable[Exchange | Unreadable]) -> None:
        """Choose what is replayed; all else is counted with its reason."""
        writes = self.check.settings.traffic.allow_writes
        for given in items:
            if isinstance(given, Unreadable):
                self.check.unreadable.append(given)
                continue
            item = filled(given)
            self.check.gather.calls += 1
            found = self._routed(item)
            if found is None:
                continue
            why = _unfit(item, writes)
            if why:
                self.check.gather.skip(f"{found.promise.label}", why)
                continue
            promise = found.promise
            promise.calls += 1
            self.calls.append((Call(item, consumer_of(item), promise.label, promise.operation.path), promise))
            self.check.gather.totals[promise.label] += 1

    def _routed(self, item: Exchange) -> Routed | None:
        services = self.check.services
        address = address_of(item.request.url, item.placeholders)
        service = services.service(address, item)
        local = service != "" or not address.host
        routed = services.router.find(item.request.method, address.path, local=local)
        if service is None:
            services.foreign[address.host or f"provider {item.provider}"] += 1
            return None
        if not isinstance(routed, Routed):
            services.strange[service] += 1
            self.check.gather.skip(f"{item.request.method} requests", "no operation of the description")
            return None
        services.matched[service] += 1
        return routed

    def insist(self, label: str) -> None:
        """DriftcheckError where there is nothing to send."""
        self.check.services.insist(label)
        if self.calls:
            return
        if not self.check.gather.calls:
            insist_on_calls("the recordings", self.check.unreadable)
        reasons = sorted({why for _, why in self.check.gather.skipped})
        raise DriftcheckError(
            f"none of the recorded calls can be replayed: {'; '.join(reasons) or 'there are none'}",
            "--allow-writes sends POST, PUT, PATCH and DELETE, too" if reasons else "",
        )

    def run(self, *, first: bool) -> None:
        """Send every call once, in the recorded order."""
        sender = Sender(self.headers)
        found: dict[tuple[int, str], tuple[Problem, int]] = {}
        for number, (call, promise) in enumerate(self.calls):
            asked = sender.request(call.exchange)
            given = self.service.ask(asked.method, asked.target, asked.headers, asked.body, number)
            outcome = Answers(call.exchange, self.book, sender.chain, call.label).compare(given)
            if given is not None:
                sender.heard(given)
            for problem in outcome.problems:
                found[number, f"{problem.tokens} {problem.change} {problem.attribute}"] = (
                    problem,
                    outcome.status,
                )
            if first:
                self._first(call, promise, outcome, given)
        self.runs.append(found)
        self.left_out = sender.left_out

    def _first(self, call: Call, promise: Promise, outcome: Outcome, given: Response | None) -> None:
        label = call.label
        self.totals[label] += outcome.total
        self.asserted[label] += outcome.asserted
        self.ruled[label] += outcome.ruled
        self.in_bodies[label] += outcome.in_body
        self.varying.setdefault(label, Counter()).update(outcome.varying)
        node = promise.operation.node
        gather = self.check.gather
        gather.calls += 1  # every problem counts for its own call
        for one in outcome.messages:
            tell_message(
                gather,
                call,
                one.subject,
                one.attribute,
                one.pointer,
                node,
                one.recorded,
                one.given,
                name=one.name,
            )
        torn = any(one.attribute == "syntax" for one in outcome.messages)  # said once is enough
        if given is not None and not torn:
            replayed = replace(call.exchange, response=given, placeholders=())
            judge_response(self.check.judge, replace(call, exchange=replayed), promise, given)

    def tell(self) -> tuple[str, ...]:
        """Tell what differs, apart what differs from run to run; noise rules for that come back."""
        proposals: dict[str, None] = {}
        show = self.check.settings.traffic.show_values
        last = -1
        for key in sorted({key for run in self.runs for key in run}):
            states = {run[key][0].state if key in run else "" for run in self.runs}
            problem, status = next(run[key] for run in self.runs if key in run)
            call, promise = self.calls[key[0]]
            if len(states) > 1 and problem.attribute in ("value", "order", "format", "elements"):
                kind = ": order" if problem.attribute in ("order", "elements") else ""
                proposals[f"{call.label} {noise_of(problem.tokens)}{kind}"] = None
                problem = replace(problem, attribute="unstable", recorded=None, given=None)
            node = promise.operation.node
            self.check.gather.calls += key[0] != last
            last = key[0]
            tell_problem(self.check.gather, call, status, problem, node, show_values=show)
        return tuple(proposals)

    def noise(self) -> list[Difference]:
        """Rules of noise that are wrong themselves."""
        found = [_about(rule.written, label, "unused") for label, rule in self.book.unused()]
        nothing = [label for label in sorted(self.ruled) if self.ruled[label] and not self.in_bodies[label]]
        return [*found, *(_about(label, label, "everything") for label in nothing)]

    def skipped(self) -> list[Skipped]:
        """How much of the answers was asserted, and what was not sent."""
        found = []
        for label, total in sorted(self.totals.items()):
            kept = self.asserted[label]
            if kept == total:
                continue
            kinds = ", ".join(f"{count} {kind}" for kind, count in sorted(self.varying[label].items()))
            share = f"{100 * kept // total}%" if total else "0%"
            what = f"{label}: {kept} of {total} recorded values are asserted ({share})"
            found.append(Skipped(what, f"of the others only type and format: {kinds}"))
        if self.left_out:
            calls = "1 call" if self.left_out == 1 else f"{self.left_out} calls"
            found.append(Skipped(calls, "sent without the recorded credentials; give yours with --header"))
        return found


def _unfit(item: Exchange, writes: bool) -> str:
    """Why a call is not replayed; empty for one that is."""
    if item.provenance != "recorded":
        return f"is no recorded call ({item.provenance})"
    if item.response is None:
        return "without a recorded answer"
    if item.request.method not in SAFE and not writes:
        return "not sent without --allow-writes"
    if item.request.body.state in ("absent", "truncated", "external") and item.request.method not in SAFE:
        return "the request's body is not in the recording"
    sent = item.request.url + item.request.body.content.decode("utf-8", "replace")
    if any(text in sent for text in item.placeholders):
        return "holds placeholders that nobody filled"
    written = item.response.body.media_type or header(item.response.headers, "content-type") or ""
    return "a stream of events" if essence(written) == "text/event-stream" else ""


def _about(what: str, label: str, attribute: str) -> Difference:
    return Difference(
        subject="replay-noise",
        kind="noise",
        object=label or what,
        change=Change.CHANGED,
        attribute=attribute,
        cause=f"{label} {what} {attribute}",
        name=what,
        operation=label or None,
        operations=(label,) if label else (),
    )
