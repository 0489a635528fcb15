"""Asks jsonschema-rs whether one schema accepts all that another accepts; the only user of its young algebra.

Every failure of the prover is "don't know": nothing here may ever decide by accident.
"""

from __future__ import annotations

from functools import lru_cache
from typing import Any, Literal, TypeAlias

import orjson

Verdict: TypeAlias = Literal["yes", "no", "unknown"]

# The prover's own errors are ValueErrors; the rest is what its bindings raise for values they cannot take.
_FAILURES = (ValueError, TypeError, OverflowError, RecursionError, RuntimeError)


def covers(tight: Any, wide: Any) -> Verdict:
    """Whether `tight` accepts all that `wide` accepts. "no" is certain too, "unknown" says nothing."""
    if tight is True or wide is False or tight == {}:
        return "yes"
    try:
        verdict = str(_canonical(tight).covers(_canonical(wide)))
    except _FAILURES:
        return "unknown"
    return "yes" if verdict == "yes" else "no" if verdict == "no" else "unknown"


def _canonical(schema: Any) -> Any:
    try:
        return _kept(orjson.dumps(schema))
    except TypeError:  # integers beyond 64 bits
        return _canonicalized(schema)


@lru_cache(maxsize=100)
def _kept(text: bytes) -> Any:
    """The same schema is often asked about twice: against one branch after the other, or the other way."""
    return _canonicalized(orjson.loads(text))


def _canonicalized(schema: Any) -> Any:
    import jsonschema_rs

    return jsonschema_rs.canonicalize(schema, draft=jsonschema_rs.Draft202012, validate_formats=True)
