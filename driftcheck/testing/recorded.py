"""What the fixture `driftcheck_record` gives: the calls of one test, to look at, to save, or to check."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from os import PathLike
from typing import Any

import pytest

from driftcheck.config import Config
from driftcheck.finding import Report
from driftcheck.testing.place import placed
from driftcheck.testing.sides import at_home
from driftcheck.testing.verdict import insist
from driftcheck.traffic.exchange import Exchange
from driftcheck.traffic.record.clients import INSIDE, Listening, load_clients


class Recorded:
    """Calls as they were made, unredacted, and only in memory."""

    def __init__(self, item: pytest.Item, config: Config) -> None:
        self._item, self._config = item, config
        self._calls: list[Exchange] = []

    @property
    def calls(self) -> tuple[Exchange, ...]:
        """What was sent and answered so far."""
        return tuple(self._calls)

    def hear(self, exchange: Exchange) -> None:
        """One more call."""
        self._calls.append(placed(exchange, self._item))

    def save(self, path: str | PathLike[str], *, redact: bool = True) -> None:
        """Write them as .har or .ndjson, without secrets."""
        from driftcheck.traffic.record import Recorder

        with Recorder(path, redact=redact) as recorder:
            for call in self._calls:
                recorder.add(call)

    def check(self, spec: str | PathLike[str] | Mapping[str, Any]) -> Report:
        """Fails the test if a call does not fit the description."""
        from driftcheck.traffic.check import check_traffic

        with at_home(self._item.config.rootpath):
            report = check_traffic(map(without_host, self._calls), spec, config=self._config)
        return insist(report)


def without_host(exchange: Exchange) -> Exchange:
    """A call that did not leave the process is one to the service described, whatever its URL says."""
    from dataclasses import replace
    from urllib.parse import urlsplit, urlunsplit

    if exchange.source.kind != INSIDE.kind:
        return exchange
    parts = urlsplit(exchange.request.url)
    path = urlunsplit(("", "", parts.path or "/", parts.query, ""))
    return replace(exchange, request=replace(exchange.request, url=path))


@contextmanager
def recording(item: pytest.Item, config: Config) -> Iterator[Recorded]:
    """Listens as long as the test runs."""
    load_clients()
    recorded = Recorded(item, config)
    with Listening(recorded.hear):
        yield recorded
