"""What the recordings never exercise: said as skipped, because what nobody called was not checked."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from driftcheck.difference import Flow
from driftcheck.finding import Skipped
from driftcheck.traffic.contract import Contract, Promise

_MOST = 8


def uncovered(contract: Contract, *, replayed: bool = False) -> Iterator[Skipped]:
    """One line for the operations without a call, and one for each of the others that is not all seen.

    Of a replay only the answers are looked at, so that nothing is said of what was never sent.
    """
    none, never = ("not replayed", "never answered") if replayed else ("no recorded call", "never recorded")
    silent = [promise.label for promise in contract.promises if not promise.calls]
    total = len(contract.promises)
    if silent:
        yield Skipped(f"{len(silent)} of {total} operations", f"{none}: {_few(silent)}")
    for promise in contract.promises:
        if promise.calls:
            parts = [*(() if replayed else _unsent(promise)), *_unanswered(promise)]
            if parts:
                yield Skipped(promise.label, f"{never}: {'; '.join(parts)}")


def _unsent(promise: Promise) -> Iterator[str]:
    parameters = [
        one.described.name
        for many in promise.parameters.values()
        for one in many
        if one.described.key not in promise.seen_parameters and one.described.place != "path"
    ]
    if parameters:
        yield f"parameters {_few(parameters)}"
    body = promise.body
    if body is not None:
        fields = [
            name
            for carrier in body.carriers.values()
            if carrier.gauge
            for name in carrier.gauge.plan.unseen(Flow.SENT)
        ]
        if fields:
            yield f"request fields {_few(fields)}"


def _unanswered(promise: Promise) -> Iterator[str]:
    statuses = [status for status in promise.answers if status not in promise.seen_statuses]
    if statuses:
        yield f"statuses {_few(statuses)}"
    for status, answer in promise.answers.items():
        if status in promise.seen_statuses:
            carriers = answer.payload.carriers.values()
            fields = [
                name
                for carrier in carriers
                if carrier.gauge
                for name in carrier.gauge.plan.unseen(Flow.RECEIVED)
            ]
            if fields:
                yield f"fields of {status} {_few(fields)}"


def _few(names: Iterable[str]) -> str:
    listed = list(dict.fromkeys(names))
    more = f" and {len(listed) - _MOST} more" if len(listed) > _MOST else ""
    return ", ".join(listed[:_MOST]) + more
