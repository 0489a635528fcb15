"""Whose calls are judged: hosts of the servers, loopback and calls without a host; all others are counted."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from fnmatch import fnmatchcase

from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped
from driftcheck.traffic.exchange import Exchange
from driftcheck.traffic.route import Address, Router, is_loopback

_MOST = 5


@dataclass(slots=True, eq=False)
class Services:
    """Which services were called. `matched` and `strange` count calls by service, routed and not."""

    router: Router
    chosen: tuple[str, ...] = ()
    foreign: Counter[str] = field(default_factory=Counter)
    fitting: Counter[str] = field(default_factory=Counter)  # of those, what the description would have
    matched: Counter[str] = field(default_factory=Counter)
    strange: Counter[str] = field(default_factory=Counter)

    def service(self, address: Address, exchange: Exchange) -> str | None:
        """None for a service that is not judged, "" for the one described, else one that may be it."""
        host = address.host
        if self.chosen and (host or exchange.provider):
            ours = any(fnmatchcase(host or exchange.provider, glob) for glob in self.chosen)
            return "" if ours else None
        if not host:
            return f"provider {exchange.provider}" if exchange.provider else ""
        if self.router.declares(host):
            return ""
        return host if is_loopback(host) or not self.router.hosts else None

    def others(self) -> frozenset[str]:
        """The services that may have been the one described, and of which no call was found in it."""
        return frozenset(name for name in self.strange if name and not self.matched[name])

    def skipped(self) -> Iterator[Skipped]:
        """What was left out because it is another service."""
        for host, count in sorted(self.foreign.items()):
            fits = self.fitting[host]
            hint = f"; {fits} would fit an operation: judge them with --host {host}" if fits else ""
            what = f"{count} {_calls(count)} to {host}"
            yield Skipped(what, f"another service, by the description's servers{hint}")
        for name in sorted(self.others()):
            count = self.strange[name]
            what = f"{count} {_calls(count)} to {name}"
            yield Skipped(what, "another service: none is to an operation of the description")

    def insist(self, label: str) -> None:
        """DriftcheckError where not a single call was to the service that is described."""
        if self.matched.total() or self.strange[""]:
            return
        seen = self.foreign + self.strange
        if not seen:
            return
        hosts = ", ".join(f"{host} ({count})" for host, count in seen.most_common(_MOST))
        raise DriftcheckError(
            f"none of the {seen.total()} recorded calls is to an operation of {label}; called were: {hosts}",
            "is it the right description? --server URL says where the recorded service lived,"
            " --host GLOB which hosts to judge",
        )


def _calls(count: int) -> str:
    return "call" if count == 1 else "calls"
