"""`driftcheck api OLD NEW --traffic …`: which recorded calls each finding hits, and the most critical first.

Severities stay as they are: recordings are samples, so what nobody was seen to use may be used all the same.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Any

from driftcheck.config import Config
from driftcheck.difference import JSON, Side
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Finding, Report, Skipped
from driftcheck.openapi.check import check_documents
from driftcheck.openapi.loading import load, pair_up
from driftcheck.traffic.check import Recordings, Spec, as_source, insist_on_calls, label_of, listed, stream
from driftcheck.traffic.consumers import consumer_of, is_external
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.exchange import Exchange, Unreadable
from driftcheck.traffic.gather import Call
from driftcheck.traffic.hosts import Services
from driftcheck.traffic.probes import Probe, Prober
from driftcheck.traffic.results.joining import Tests
from driftcheck.traffic.results.reading import read_results
from driftcheck.traffic.route import Routed, address_of, router_of
from driftcheck.traffic.seen import Seen
from driftcheck.traffic.weights import weight, weights_from

MOST_WITNESSES = 50  # calls listed for one finding, one for each consumer and test
_MOST_CONSUMERS = 3
_MOST_TESTS = 7


@dataclass(slots=True, eq=False)
class Use:
    """What is known of one finding's use."""

    finding: Finding
    probe: Probe | None
    count: int = 0
    consumers: Counter[str] = field(default_factory=Counter)
    external: bool = False  # some were calls that leave the recorded service
    labels: set[str] = field(default_factory=set)
    witnesses: dict[tuple[str, str, str], dict[str, JSON]] = field(default_factory=dict)
    tests: set[str] = field(default_factory=set)

    def hit(self, call: Call, why: str) -> None:
        """Count a call."""
        self.count += 1
        self.consumers[call.consumer] += 1
        self.labels.add(call.label)
        self.external = self.external or is_external(call.exchange)
        if call.exchange.test:
            self.tests.add(call.exchange.test)
        key = (call.consumer, call.exchange.test, call.label)
        if key not in self.witnesses and len(self.witnesses) < MOST_WITNESSES:
            self.witnesses[key] = call.witness(why)


def check_usage(
    old: Spec, new: Spec, recordings: Recordings, *, config: Config, results: Sequence[str] = ()
) -> Report:
    """The report of `check_api`, with the recorded calls that each finding hits.

    `results` are files of test results: then the tests are named that made the calls.
    """
    tests = Tests(read_results(results)) if results else None
    given = listed(recordings)
    before, after = as_source(old), as_source(new)
    if before == after == "-":
        raise DriftcheckError("both sides are standard input", "give one of them as a file")
    if pair_up(before, after, config.api) is not None:
        raise DriftcheckError(
            "recordings are of one service, and the sides are many descriptions",
            "compare one pair of descriptions at a time",
        )
    expected = load(before, Side.EXPECTED, config.api)
    actual = load(after, Side.ACTUAL, config.api)
    report = check_documents(expected, actual, config)
    usage = Usage(Contract(expected), Contract(actual), report.findings, config, tests)
    for item in stream(given, config.traffic.environment):
        usage.take(item)
    usage.insist(label_of(given), expected.label)
    skipped = (*report.skipped, *usage.skipped())
    return replace(report, findings=tuple(usage.findings()), skipped=skipped)


class Usage:
    """Streams recordings past the findings of a comparison."""

    def __init__(
        self,
        old: Contract,
        new: Contract,
        findings: Iterable[Finding],
        config: Config,
        tests: Tests | None = None,
    ) -> None:
        self.old = old
        self.tests = tests
        self.weights: Mapping[str, float] = weights_from(config.traffic.weights)
        self.services = Services(router_of(old.promises, config.traffic.server), config.traffic.host)
        prober = Prober(old, new)
        self.uses = [Use(finding, prober.probe(finding)) for finding in findings]
        self.wanted = frozenset(prober.wanted)
        self.by_label: dict[str, list[Use]] = {}
        for use in self.uses:
            if use.probe is not None:
                for label in use.finding.difference.operations:
                    self.by_label.setdefault(label, []).append(use)
        self.calls = 0
        self.unrouted = 0
        self.unreadable: list[Unreadable] = []

    def take(self, item: Exchange | Unreadable) -> None:
        """Hold one call against the findings."""
        if isinstance(item, Unreadable):
            self.unreadable.append(item)
            return
        if self.tests is not None:
            item = self.tests.named(item)
        address = address_of(item.request.url, item.placeholders)
        service = self.services.service(address, item)
        local = service != "" or not address.host
        routed = self.services.router.find(item.request.method, address.path, local=local)
        if service is None:
            host = address.host or f"provider {item.provider}"
            self.services.foreign[host] += 1
            self.services.fitting[host] += isinstance(routed, Routed)
        elif isinstance(routed, Routed):
            self.services.matched[service] += 1
            self._routed(routed.settled(item), routed, address.query)
        else:
            self.services.strange[service] += 1

    def _routed(self, item: Exchange, routed: Routed, query: str) -> None:
        self.calls += 1
        promise = routed.promise
        uses = self.by_label.get(promise.label)
        if not uses:
            return
        call = Call(item, consumer_of(item), promise.label, promise.operation.path)
        seen = Seen(item, routed, query, self.wanted)
        for use in uses:
            why = None if use.probe is None else use.probe(seen)
            if why is not None:
                use.hit(call, why)

    def insist(self, label: str, spec: str) -> None:
        """DriftcheckError where the recordings say nothing about this service."""
        if self.calls:
            return
        self.services.insist(spec)
        if self.services.strange.total():
            raise DriftcheckError(
                f"none of the {self.services.strange.total()} recorded calls is to an operation of {spec}",
                "is it the right description? --server URL says where the recorded service lived",
            )
        insist_on_calls(label, self.unreadable)

    def findings(self) -> list[Finding]:
        """All findings with their use; within a severity the most critical first, the unused ones last."""
        order = sorted(self.uses, key=lambda use: (use.finding.severity.rank, -self._weight(use)))
        return [self._told(use) for use in order]

    def _weight(self, use: Use) -> float:
        promises = [self.old.by_label[label] for label in use.labels]
        many, external = len(use.consumers), use.external
        return max((weight(each, self.weights, many, external=external) for each in promises), default=0.0)

    def _told(self, use: Use) -> Finding:
        finding = use.finding
        if use.probe is None:
            return finding
        calls = f"{self.calls} recorded {'call' if self.calls == 1 else 'calls'}"
        if not use.count:
            return replace(finding, message=f"{finding.message}; not seen in {calls}")
        names = sorted(use.consumers)
        more = f" and {len(names) - _MOST_CONSUMERS} more" if len(names) > _MOST_CONSUMERS else ""
        said = f"; hits {use.count} of {calls} ({', '.join(names[:_MOST_CONSUMERS])}{more})"
        said += self._tested(use)
        witnesses: tuple[Mapping[str, Any], ...] = tuple(use.witnesses.values())
        return replace(finding, message=finding.message + said, used_by=witnesses)

    def _tested(self, use: Use) -> str:
        """Which tests of the results make these calls."""
        if self.tests is None:
            return ""
        names = sorted(use.tests & self.tests.used)
        if not names and use.tests:
            return f", by {_tests(len(use.tests))} that the results do not have"
        if not names:
            return f", by none of the {len(self.tests)} tests"
        more = f" and {len(names) - _MOST_TESTS} more" if len(names) > _MOST_TESTS else ""
        return f", by {len(names)} of {len(self.tests)} tests: {'; '.join(names[:_MOST_TESTS])}{more}"

    def skipped(self) -> Iterable[Skipped]:
        """What of the recordings says nothing about this comparison."""
        for item in self.unreadable:
            yield Skipped(item.file, item.why)
        if self.tests is not None:
            idle = len(set(self.tests.labels()) - self.tests.used)
            if idle:
                yield Skipped(f"{idle} of {len(self.tests)} tests", "none of the recorded calls is theirs")
            if self.tests.unclear:
                yield Skipped(f"{self.tests.unclear} recorded calls", "by their time, of several tests")
        yield from self.services.skipped()
        strange = sum(count for name, count in self.services.strange.items() if self._ours(name))
        if strange:
            calls = "1 recorded call" if strange == 1 else f"{strange} recorded calls"
            yield Skipped(calls, "to no operation of the old description")

    def _ours(self, service: str) -> bool:
        return service not in self.services.others()


def _tests(number: int) -> str:
    return "1 test" if number == 1 else f"{number} tests"
