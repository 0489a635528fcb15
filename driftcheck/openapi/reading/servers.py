"""Reads where an API is served: `servers` with their variables, or 2.0's schemes, host and basePath.

A Server is a set of URLs. Variables with an enum are spelled out; a free one stays as `{}` in the URL.
"""

from __future__ import annotations

import re
from collections.abc import Mapping
from dataclasses import dataclass
from itertools import islice, product

from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source, text, texts

_VARIABLE = re.compile(r"\{([^{}]*)\}")
_URL = re.compile(r"(?:([A-Za-z][A-Za-z0-9+.-]*):)?(?://([^/?#]*))?(.*)", re.DOTALL)
_DEFAULT_PORTS = {"http": ":80", "https": ":443", "ws": ":80", "wss": ":443"}
_MOST_URLS = 200  # of one server with many variables; the rest stays free


@dataclass(frozen=True, slots=True)
class Variable:
    """A server variable; `values` is None where anything may be put in."""

    name: str
    default: str
    values: tuple[str, ...] | None
    node: Node | None


@dataclass(frozen=True, slots=True)
class Server:
    """One server. `url` is as written; `urls` are all it stands for, normalised."""

    url: str
    urls: tuple[str, ...]
    variables: Mapping[str, Variable]
    node: Node | None


def servers(source: Source, node: Node) -> tuple[Server, ...] | None:
    """The servers written at a document, path item or operation; None where none are.

    In 2.0 an operation may have `schemes` of its own; host and basePath are the document's.
    """
    if source.legacy:
        return _legacy_servers(source, node)
    found = []
    for element in source.array(node, "servers"):
        url = text(element, "url")
        if url is None:
            source.skip(element, "a server needs a url")
        else:
            found.append(_server(url, _variables(source, element, url), element))
    return tuple(found) or None


def default_servers() -> tuple[Server, ...]:
    """What holds where no server is written: the host of the description itself, at /."""
    return (_server("/", {}, None),)


def _variables(source: Source, node: Node, url: str) -> dict[str, Variable]:
    declared = dict(source.objects(node, "variables"))
    found = {}
    for name in _VARIABLE.findall(url):
        member = declared.get(name)
        if member is None:
            found[name] = Variable(name, "", None, None)
        else:
            found[name] = Variable(name, text(member, "default") or "", texts(member, "enum") or None, member)
    return found


def _server(url: str, variables: Mapping[str, Variable], node: Node | None) -> Server:
    return Server(url, expand(url, variables, {}), variables, node)


def expand(url: str, variables: Mapping[str, Variable], fixed: Mapping[str, str]) -> tuple[str, ...]:
    """All URLs that a template stands for, with the values in `fixed` and any of the others."""
    names = list(variables)
    choices = [(fixed[name],) if name in fixed else variables[name].values or ("{}",) for name in names]
    urls = []
    for values in islice(product(*choices), _MOST_URLS):
        chosen = dict(zip(names, values, strict=True))
        parts = _VARIABLE.split(url)  # text, name, text, name, ...
        urls.append(normal_url("".join(chosen[part] if odd % 2 else part for odd, part in enumerate(parts))))
    return tuple(dict.fromkeys(urls))


def normal_url(url: str) -> str:
    """Scheme and host in lower case, without the default port and a slash at the end."""
    match = _URL.fullmatch(url)
    if match is None:  # pragma: no cover - the pattern matches every text
        return url
    scheme, host, path = (match[1] or "").lower(), match[2], match[3].rstrip("/")
    if host is None:
        return path if path.startswith("/") or not path else f"/{path.removeprefix('./')}"
    host = host.lower().removesuffix(_DEFAULT_PORTS.get(scheme, " "))
    return f"{scheme + ':' if scheme else ''}//{host}{path}"


def split_url(url: str) -> tuple[str, str]:
    """A normalised URL as what comes before its path ("" where no host is written), and the path."""
    match = re.match(r"(?:[a-z][a-z0-9+.-]*:)?//[^/]*", url)
    return (match[0], url[match.end() :]) if match else ("", url)


def _legacy_servers(source: Source, holder: Node) -> tuple[Server, ...] | None:
    if holder.pointer and (holder.get("schemes") is None or text(source.root, "host") is None):
        return None
    host, base = text(source.root, "host"), text(source.root, "basePath") or ""
    if host is None:
        return (_server(base, {}, source.root.get("basePath")),) if base else None
    node = holder.get("schemes") if holder.pointer else source.root.get("host")
    schemes = texts(holder, "schemes")
    urls = [f"{scheme}://{host}{base}" for scheme in schemes] or [f"//{host}{base}"]
    return tuple(_server(url, {}, node) for url in urls)
