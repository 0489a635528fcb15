"""Schemas compared as sets of values, in the direction in which values flow.

The order of work: canonical (one normal form) → walk (pairs, keyword by keyword) → proof (prover, then a
counterexample) → comparison (one Difference for each cause, with the operations that it reaches).
"""

from __future__ import annotations

from driftcheck.openapi.schema.comparison import SchemaComparison
from driftcheck.openapi.schema.site import Encoding, Site

__all__ = ["Encoding", "SchemaComparison", "Site"]
