"""From a path, URL, git revision, application or mapping to a Document; the only part that does I/O.

Everything else in driftcheck uses the names given here.
"""

from __future__ import annotations

from driftcheck.openapi.loading.document import load
from driftcheck.openapi.loading.locate import Locator
from driftcheck.openapi.loading.pairs import SpecPair, pair_up
from driftcheck.openapi.loading.parse import parse
from driftcheck.openapi.loading.validate import Problem, validate

__all__ = ["Locator", "Problem", "SpecPair", "load", "pair_up", "parse", "validate"]
