"""Reads security schemes and requirements; schemes of all versions come out in the words of 3.x.

An identity of a scheme is what a client must do on the wire; its name in the document is no part of it.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import TypeAlias

from driftcheck.openapi.model import Operation
from driftcheck.openapi.node import Node
from driftcheck.openapi.reading.source import Source, flag, text, texts

Alternative: TypeAlias = Mapping[str, frozenset[str]]  # scheme name -> scopes; all of them are needed
_LEGACY_FLOWS = {"application": "clientCredentials", "accessCode": "authorizationCode"}
_URLS = ("authorizationUrl", "tokenUrl", "refreshUrl", "deviceAuthorizationUrl")


@dataclass(frozen=True, slots=True)
class Flow:
    """One OAuth flow: the URLs by the name of their field, and the scopes it offers."""

    urls: Mapping[str, str]
    scopes: frozenset[str]
    node: Node


@dataclass(frozen=True, slots=True)
class Scheme:
    """A security scheme. `type` is apiKey, http, oauth2, openIdConnect, mutualTLS, or what was written."""

    name: str
    node: Node
    type: str
    place: str = ""
    key: str = ""
    http: str = ""
    bearer_format: str = ""
    url: str = ""
    flows: Mapping[str, Flow] | None = None
    deprecated: bool = False

    @property
    def identity(self) -> tuple[object, ...]:
        """Equal for schemes that ask the same of a client."""
        flows = {name: (dict(flow.urls), flow.scopes) for name, flow in (self.flows or {}).items()}
        key = self.key.lower() if self.place == "header" else self.key
        return (self.type, self.place, key, self.http, self.url, repr(sorted_flows(flows)))


def sorted_flows(flows: Mapping[str, tuple[dict[str, str], frozenset[str]]]) -> list[object]:
    """Flows in an order that does not depend on the document's."""
    return [(name, sorted(urls.items()), sorted(scopes)) for name, (urls, scopes) in sorted(flows.items())]


def schemes(source: Source) -> dict[str, Scheme]:
    """All security schemes of a document by name."""
    if source.legacy:
        found = source.objects(source.root, "securityDefinitions")
    else:
        components = source.object(source.root, "components")
        found = source.objects(components, "securitySchemes") if components is not None else iter(())
    followed = ((name, source.follow(node)) for name, node in found)
    return {name: _scheme(source, name, target[0]) for name, target in followed if target is not None}


def _scheme(source: Source, name: str, node: Node) -> Scheme:
    kind = text(node, "type") or ""
    if kind == "basic" and source.legacy:
        return Scheme(name, node, "http", http="basic")
    return Scheme(
        name,
        node,
        type=kind,
        place=text(node, "in") or "" if kind == "apiKey" else "",
        key=text(node, "name") or "" if kind == "apiKey" else "",
        http=(text(node, "scheme") or "").lower() if kind == "http" else "",
        bearer_format=text(node, "bearerFormat") or "",
        url=text(node, "openIdConnectUrl") or text(node, "oauth2MetadataUrl") or "",
        flows=_flows(source, node) if kind == "oauth2" else None,
        deprecated=flag(node, "deprecated"),
    )


def _flows(source: Source, node: Node) -> dict[str, Flow]:
    if source.legacy:
        written = text(node, "flow") or ""
        return {_LEGACY_FLOWS.get(written, written): _flow(source, node)}
    return {name: _flow(source, member) for name, member in source.objects(node, "flows", extensible=True)}


def _flow(source: Source, node: Node) -> Flow:
    urls = {name: url for name in _URLS if (url := text(node, name))}
    scopes = source.object(node, "scopes")
    names = () if scopes is None else (str(name) for name in scopes.value if not str(name).startswith("x-"))
    return Flow(urls, frozenset(names), node)


def own_requirements(source: Source, node: Node) -> tuple[Alternative, ...] | None:
    """The alternatives of the `security` member of an operation or document; None where it has none."""
    if node.get("security") is None or not isinstance(node.value["security"], list):
        source.array(node, "security")  # notes what is not a list
        return None
    found: list[Alternative] = []
    for element in source.array(node, "security"):
        if isinstance(element.value, dict):
            found.append({str(name): frozenset(texts(element, name)) for name in element.value})
        else:
            source.skip(element, "expected a security requirement")
    return tuple(found)


def effective(
    source: Source, operation: Operation, inherited: tuple[Alternative, ...]
) -> tuple[Alternative, ...]:
    """What an operation asks for: its own requirements, else the document's. No requirement is ({},)."""
    own = own_requirements(source, operation.node)
    return (inherited if own is None else own) or ({},)
