"""Which operation a recorded URL belongs to: base paths of servers first, literal segments before templates.

Matching is done on segments as they were written, decoded one by one, so that an encoded slash stays inside.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field, replace
from urllib.parse import unquote

from driftcheck.openapi.reading.servers import normal_url, split_url
from driftcheck.traffic.contract import Promise
from driftcheck.traffic.exchange import Exchange

_TEMPLATE = re.compile(r"\{([^{}]*)\}")
_URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?//([^/?#]*)([^?#]*)(?:\?([^#]*))?")
_DEFAULT_PORT = {"http": ":80", "https": ":443", "ws": ":80", "wss": ":443"}
_LOOPBACK = re.compile(
    r"(?:localhost|[\w-]+\.localhost|127(?:\.\d+){3}|0\.0\.0\.0|\[::1?\]|testserver)(?::\d+)?"
)


@dataclass(frozen=True, slots=True)
class Address:
    """A URL taken apart: `host` in lower case with its port, "" where none is written."""

    host: str
    path: str
    query: str


def address_of(url: str, placeholders: Iterable[str] = ()) -> Address:
    """The parts of a recorded URL; a host that is a placeholder counts as not written."""
    for unknown in placeholders:
        if url.startswith(unknown):
            url = "/" + url.removeprefix(unknown).lstrip("/")
            break
    match = _URL.match(url)
    if match is None:
        path, _, query = url.partition("#")[0].partition("?")
        return Address("", path if path.startswith("/") else f"/{path}", query)
    scheme, host, path, query = match.groups()
    host = host.rpartition("@")[2].lower().removesuffix(_DEFAULT_PORT.get((scheme or "").lower(), " "))
    if any(unknown.lower() in host for unknown in placeholders):
        host = ""
    return Address(host, path or "/", query or "")


def is_loopback(host: str) -> bool:
    """Whether a host is this machine, whatever its port."""
    return _LOOPBACK.fullmatch(host) is not None


@dataclass(frozen=True, slots=True)
class Routed:
    """The operation of a call, and what stood for the parameters of its path, as written."""

    promise: Promise
    values: dict[str, str]

    def settled(self, item: Exchange) -> Exchange:
        """The call; that to any method is one to the operation's."""
        if item.request.method != "ANY":
            return item
        return replace(item, request=replace(item.request, method=self.promise.operation.method))


@dataclass(slots=True, eq=False)
class _Step:
    literals: dict[str, _Step] = field(default_factory=dict)
    templates: list[tuple[str, re.Pattern[str], _Step]] = field(default_factory=list)
    ends: dict[str, tuple[Promise, tuple[str, ...]]] = field(default_factory=dict)


@dataclass(slots=True, eq=False)
class Router:
    """All operations of a description below the paths of its servers (or of `bases`, where given)."""

    root: _Step = field(default_factory=_Step)
    bare: _Step = field(default_factory=_Step)  # without any base path, as behind no gateway
    hosts: list[re.Pattern[str]] = field(default_factory=list)

    def find(self, method: str, path: str, *, local: bool) -> Routed | tuple[str, ...]:
        """The operation, or else the methods that the path does have. `local`: base paths may be missing."""
        others: dict[str, None] = {}
        for root in (self.root, self.bare) if local else (self.root,):
            for variant in _variants(path):
                segments = variant.split("/")[1:]
                for ends, values in _walk(root, segments, 0, ()):
                    found = ends.get(method) or _meant(method, ends)
                    if found is not None:
                        return Routed(found[0], dict(zip(found[1], values, strict=False)))
                    others.update(dict.fromkeys(ends))
        return tuple(others)

    def declares(self, host: str) -> bool:
        """Whether a host is one of the servers'."""
        return any(pattern.fullmatch(host) for pattern in self.hosts)


def router_of(promises: Iterable[Promise], given: tuple[str, ...] = ()) -> Router:
    """`given` are URLs that take the place of the description's servers."""
    router = Router()
    origins: dict[str, None] = {}
    replaced = tuple(normal_url(url) for url in given)
    for promise in promises:
        bases: dict[str, None] = {}
        for url in replaced or promise.urls():
            origin, base = split_url(url)
            origins[origin] = None
            bases[base.rstrip("/")] = None
        for base in bases:
            _insert(router.root, base, promise)
        _insert(router.bare, "", promise)
    for origin in origins:
        host = origin.rpartition("//")[2]
        if host:
            router.hosts.append(re.compile(re.escape(host).replace(r"\{\}", "[^/]+")))
    return router


def _variants(path: str) -> tuple[str, ...]:
    """The path, and the path without or with a slash at its end."""
    if path.endswith("/") and len(path) > 1:
        return (path, path.rstrip("/"))
    return (path, f"{path}/")


def _insert(root: _Step, base: str, promise: Promise) -> None:
    step = root
    names: list[str] = []
    for segment in [*base.split("/")[1:], *promise.operation.path.split("/")[1:]]:
        written = _TEMPLATE.findall(segment)
        if not written:
            step = step.literals.setdefault(unquote(segment), _Step())
            continue
        names += written
        step = _template(step, segment)
    step.ends.setdefault(promise.operation.method, (promise, tuple(names)))


def _template(step: _Step, segment: str) -> _Step:
    parts = _TEMPLATE.split(segment)
    pattern = "".join(re.escape(part) if not odd % 2 else "(.+?)" for odd, part in enumerate(parts))
    for known, _, below in step.templates:
        if known == pattern:
            return below
    below = _Step()
    step.templates.append((pattern, re.compile(pattern, re.DOTALL), below))
    step.templates.sort(key=lambda one: -len(one[0]))  # report-{id}.csv before {id}
    return below


Ends = dict[str, tuple[Promise, tuple[str, ...]]]


def _walk(
    step: _Step, segments: list[str], index: int, values: tuple[str, ...]
) -> Iterator[tuple[Ends, tuple[str, ...]]]:
    if index == len(segments):
        if step.ends:
            yield step.ends, values
        return
    written = segments[index]
    below = step.literals.get(unquote(written) if "%" in written else written)
    if below is not None:
        yield from _walk(below, segments, index + 1, values)
    if not written:
        return
    for _, pattern, further in step.templates:
        match = pattern.fullmatch(written)
        if match is not None:
            yield from _walk(further, segments, index + 1, (*values, *match.groups()))


def _meant(method: str, ends: Ends) -> tuple[Promise, tuple[str, ...]] | None:
    """Of a stub for any method the only one that there is, else GET."""
    if method == "ANY" and len(ends) == 1:
        return next(iter(ends.values()))
    return ends.get("GET") if method in ("HEAD", "ANY") else None


_DATA = re.compile(r"\d+|[0-9a-fA-F-]{16,}|.*\d{3,}.*|.*@.*|.{40,}")


def is_data(text: str) -> bool:
    """Whether a name or segment looks like a value: a number, a uuid, an address, something long."""
    return _DATA.fullmatch(text) is not None


def guessed_path(path: str, placeholders: Iterable[str] = ()) -> str:
    """A path that no description has, with what looks like data as `{}`, so that its calls can be counted."""
    segments = [unquote(segment) for segment in path.split("/")]
    data = [is_data(each) or any(text in each for text in placeholders) for each in segments]
    return "/".join("{}" if hit else each for each, hit in zip(segments, data, strict=True))
