"""When one server URL stands for another: free variables, hosts and schemes that are left open.

URLs come normalised from reading/servers.py, with `{}` for a variable that takes any value.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from functools import cache

from driftcheck.openapi.reading.servers import Server, split_url


def covered(url: str, others: Iterable[Server], expected: bool) -> bool:
    """Whether one of the other side's servers is (also) at `url`; `expected`: `url` is of the old side."""
    return any(
        includes(other, url) or (_same(url, other) if expected else _same(other, url))
        for server in others
        for other in server.urls
    )


def overlap(old: Server, new: Server) -> bool:
    """Whether the two servers have a URL in common."""
    return any(includes(b, a) or includes(a, b) or _same(a, b) for a in old.urls for b in new.urls)


def includes(pattern: str, url: str) -> bool:
    """Whether `url` is `pattern`, or one that it stands for with some value of its variables."""
    return pattern == url or ("{}" in pattern and _pattern(pattern).fullmatch(url) is not None)


def has_host(server: Server) -> bool:
    """Whether the server says on which host it is."""
    return any(split_url(url)[0] for url in server.urls)


def host_left_open(server: Server, new: Iterable[Server]) -> bool:
    """Whether the new description serves the same path, only without saying on which host."""
    paths = {split_url(url)[1] for url in server.urls}
    return any(not split_url(url)[0] and split_url(url)[1] in paths for other in new for url in other.urls)


def _same(old: str, new: str) -> bool:
    """Whether both may be the same place, where the old host or either's scheme is left open."""
    (host, path), (new_host, new_path) = split_url(old), split_url(new)
    if path != new_path:
        return False
    if not host:
        return True
    if host.startswith("//"):
        return new_host.endswith(host)
    return new_host.startswith("//") and host.endswith(new_host)


@cache
def _pattern(url: str) -> re.Pattern[str]:
    return re.compile(r"[^/]*".join(re.escape(part) for part in url.split("{}")))
