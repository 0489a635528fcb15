"""How critical an operation is: what decides the order of findings, of replays, and of a fuzzer's budget.

A weight says nothing about severity. Words are looked for whole, in path, tags and operationId.
"""

from __future__ import annotations

from collections.abc import Mapping
from types import MappingProxyType

from driftcheck.errors import DriftcheckError
from driftcheck.renaming.words import singular, words
from driftcheck.traffic.contract import Promise

DEFAULTS: Mapping[str, float] = MappingProxyType(
    {"write": 3.0, "auth": 2.0, "payment": 5.0, "external": 2.0, "consumer": 1.0}
)
_WRITES = frozenset({"POST", "PUT", "PATCH", "DELETE"})
_AUTH = frozenset(
    "auth authenticate authorize login logout oauth password session signin signup token credential".split()
)
_PAYMENT = frozenset(
    """
    basket bill billing cart charge checkout credit currency debit invoice order payment payout pay price
    purchase refund subscription transaction transfer wallet
    """.split()
)


def weights_from(given: Mapping[str, float]) -> dict[str, float]:
    """The defaults with what the user set; DriftcheckError for a name that there is not."""
    for name in given:
        if name not in DEFAULTS:
            raise DriftcheckError(
                f"traffic.weights: there is no weight {name!r}", f"there are {', '.join(DEFAULTS)}"
            )
    return {**DEFAULTS, **given}


def reasons(promise: Promise, *, external: bool = False) -> tuple[str, ...]:
    """Why an operation is critical, by the names of weights."""
    spoken = {singular(word) for word in words(promise.words)}
    found = {
        "write": promise.operation.method in _WRITES,
        "auth": promise.secured or not spoken.isdisjoint(_AUTH),
        "payment": not spoken.isdisjoint(_PAYMENT),
        "external": external,
    }
    return tuple(name for name, holds in found.items() if holds)


def weight(
    promise: Promise, weights: Mapping[str, float], consumers: int, *, external: bool = False
) -> float:
    """1, and more for each reason, times the number of consumers."""
    base = 1.0 + sum(weights[name] for name in reasons(promise, external=external))
    return base * (1.0 + weights["consumer"] * max(consumers - 1, 0))
