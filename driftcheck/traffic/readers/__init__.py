"""Recorded, saved and promised calls, from whatever wrote them down: `read` is the one way in.

What a file is, its content says, not its name. A reader is a module with `sniff` and `read`.
"""

from __future__ import annotations

from driftcheck.traffic.exchange import Exchange, Unreadable
from driftcheck.traffic.readers.keploy_sql import RecordedQuery, read_queries
from driftcheck.traffic.readers.reading import ReadOptions, read

__all__ = ["Exchange", "ReadOptions", "RecordedQuery", "Unreadable", "read", "read_queries"]
