"""How many requests each operation gets: more for writes, authentication and payment, less for the rest.

The sum stays what equal shares would have cost.
"""

from __future__ import annotations

from collections.abc import Sequence

from driftcheck.config import Config
from driftcheck.openapi.model import Operation
from driftcheck.openapi.node import Document
from driftcheck.traffic.contract import Contract
from driftcheck.traffic.weights import weight, weights_from

_FEWEST = 5
_SPAN = 3.0  # the most critical operation gets at most this many times its equal share


def examples_of(document: Document, operations: Sequence[Operation], config: Config) -> dict[str, int]:
    """The number of requests that one phase may make, by label."""
    contract = Contract(document)
    weights = weights_from(config.traffic.weights)
    worth = {each.label: weight(contract.by_label[each.label], weights, 1) for each in operations}
    mean = sum(worth.values()) / len(worth)
    share = config.fuzz.max_examples
    fewest = min(_FEWEST, share)
    return {label: max(fewest, round(share * min(value / mean, _SPAN))) for label, value in worth.items()}
