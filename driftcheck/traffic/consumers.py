"""Who made a recorded call: what the recording says, else the caller's User-Agent, else the file's name."""

from __future__ import annotations

import re
from pathlib import PurePath

from driftcheck.traffic.exchange import Exchange
from driftcheck.traffic.media import header

_PRODUCT = re.compile(r"[A-Za-z][\w.@-]*")
# The first that is found names a browser; each of them claims to be those after it as well.
_BROWSERS = (
    ("Edg/", "Edge"),
    ("OPR/", "Opera"),
    ("Firefox/", "Firefox"),
    ("Chrome/", "Chrome"),
    ("Safari/", "Safari"),
)


def consumer_of(exchange: Exchange) -> str:
    """A name for the caller; never empty."""
    if exchange.consumer:
        return exchange.consumer
    agent = header(exchange.request.headers, "user-agent")
    if agent:
        named = _from_agent(agent)
        if named:
            return named
    folder = exchange.test.partition("/")[0] if "/" in exchange.test else ""  # a test set of many files
    return folder or _from_file(PurePath(exchange.source.file)) or "unknown"


def _from_file(file: PurePath) -> str:
    """The file's name; WireMock's `mappings`, a file for each stub, are all of the folder that holds them."""
    parents = [parent.name for parent in file.parents]
    if "mappings" not in parents:
        return file.stem
    return next((name for name in parents[parents.index("mappings") + 1 :] if name), "mappings")


def is_external(exchange: Exchange) -> bool:
    """Whether the recorded service itself made the call, to another one (Keploy's HTTP mocks)."""
    return exchange.source.kind == "keploy" and bool(exchange.provider) and not exchange.test


def _from_agent(agent: str) -> str:
    if agent.startswith("Mozilla/"):
        return next((name for mark, name in _BROWSERS if mark in agent), "")
    found = _PRODUCT.match(agent)
    return found[0] if found else ""
