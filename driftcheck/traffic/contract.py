"""One description, prepared for judging calls: its operations and what they take and give, read on first use.

Everything here is made once and asked many times; nothing of a recording is kept but which parts were seen.
"""

from __future__ import annotations

from dataclasses import dataclass, field
from functools import cached_property

from driftcheck.difference import Flow
from driftcheck.openapi.model import Content, Field, MediaType, Operation, Response
from driftcheck.openapi.node import Document, Node, escape
from driftcheck.openapi.reading import bodies as reading_bodies
from driftcheck.openapi.reading.fields import headers, parameters
from driftcheck.openapi.reading.operations import path_operations
from driftcheck.openapi.reading.responses import response_content, responses
from driftcheck.openapi.reading.security import effective, own_requirements
from driftcheck.openapi.reading.servers import default_servers, servers
from driftcheck.openapi.reading.source import Source, text, texts
from driftcheck.openapi.schema.canonical import Canon
from driftcheck.openapi.schema.definitions import Definitions
from driftcheck.traffic.gauge import Gauge
from driftcheck.traffic.plan import Plan


@dataclass(eq=False)
class Contract:
    """A description as recorded calls are held to it."""

    document: Document

    def __post_init__(self) -> None:
        self.source = Source(self.document)
        self.canon = Canon(self.document)
        self._written = {flow: Definitions() for flow in Flow}

    @cached_property
    def promises(self) -> tuple[Promise, ...]:
        """The operations under `paths`."""
        return tuple(Promise(self, operation) for operation in path_operations(self.source))

    @cached_property
    def by_label(self) -> dict[str, Promise]:
        """The operations by what reports call them ("GET /items")."""
        return {promise.label: promise for promise in self.promises}

    def gauge(self, node: Node, flow: Flow) -> Gauge:
        """A schema in one direction."""
        return Gauge(self.canon, self.canon.term(node), flow, self._written[flow])


@dataclass(eq=False)
class Promise:
    """One operation. `calls` counts the recorded calls that were routed to it."""

    contract: Contract
    operation: Operation
    calls: int = 0
    seen_parameters: set[tuple[str, str]] = field(default_factory=set)
    seen_statuses: set[str] = field(default_factory=set)

    @property
    def label(self) -> str:
        """What reports call it."""
        return self.operation.label

    @cached_property
    def parameters(self) -> dict[str, tuple[Parameter, ...]]:
        """What it takes outside of bodies, by place."""
        found: dict[str, list[Parameter]] = {}
        for one in parameters(self.contract.source, self.operation):
            pointer = f"/parameters/{one.place}/{one.name}"
            found.setdefault(one.place, []).append(Parameter(self.contract, one, Flow.SENT, pointer))
        return {place: tuple(many) for place, many in found.items()}

    @cached_property
    def body(self) -> Payload | None:
        """The request body."""
        found = reading_bodies.body(self.contract.source, self.operation)
        if found is None:
            return None
        payload = Payload(self.contract, found.content, Flow.SENT, "/requestBody", found.node)
        payload.required = found.required
        return payload

    @cached_property
    def answers(self) -> dict[str, Answer]:
        """The responses by status."""
        found = responses(self.contract.source, self.operation)
        return {status: Answer(self.contract, response) for status, response in found.items()}

    def answer(self, status: int) -> Answer | None:
        """What is promised for a status: its own response, that of its range, or the default."""
        answers = self.answers
        exact = answers.get(str(status)) or answers.get(f"{status // 100}XX")
        return exact or answers.get("default")

    @cached_property
    def secured(self) -> bool:
        """Whether no call is allowed without credentials."""
        source = self.contract.source
        inherited = own_requirements(source, source.root) or ()
        return all(effective(source, self.operation, inherited))

    @cached_property
    def words(self) -> str:
        """Path, tags and operationId, for telling what it is about."""
        node = self.operation.node
        return " ".join((self.operation.path, *texts(node, "tags"), text(node, "operationId") or ""))

    def urls(self) -> tuple[str, ...]:
        """Where it is served: all its servers' URLs, normalised, with `{}` for what is free."""
        source = self.contract.source
        for node in (self.operation.node, *self.operation.item.nodes, source.root):
            found = servers(source, node)
            if found:
                return tuple(url for server in found for url in server.urls)
        return tuple(url for server in default_servers() for url in server.urls)


@dataclass(eq=False)
class Parameter:
    """A parameter or header with its schema; `pointer` is its place below the operation."""

    contract: Contract
    described: Field
    flow: Flow
    pointer: str
    judged: dict[object, object] = field(default_factory=dict)  # verdicts by what was written

    @cached_property
    def gauge(self) -> Gauge | None:
        """Its schema, where it has one."""
        media = self.described.media
        node = self.described.schema if media is None else media.schema
        return None if node is None else self.contract.gauge(node, self.flow)

    @cached_property
    def plan(self) -> Plan | None:
        """What its schema declares."""
        return None if self.gauge is None else self.gauge.plan


@dataclass(eq=False)
class Payload:
    """What a message may carry; `pointer` is its place below the operation."""

    contract: Contract
    content: Content
    flow: Flow
    pointer: str
    node: Node
    required: bool = False
    carriers: dict[str, Carrier] = field(default_factory=dict)

    def carrier(self, media: MediaType) -> Carrier:
        """One of its media types, ready to judge."""
        if media.key not in self.carriers:
            self.carriers[media.key] = Carrier(self, media)
        return self.carriers[media.key]


@dataclass(eq=False)
class Carrier:
    """One media type of a message."""

    payload: Payload
    media: MediaType

    @cached_property
    def gauge(self) -> Gauge | None:
        """Its schema, where it has one."""
        node = self.media.schema
        return None if node is None else self.payload.contract.gauge(node, self.payload.flow)

    @property
    def pointer(self) -> str:
        """The place of the schema below the operation."""
        return f"{self.payload.pointer}/content/{escape(self.media.name)}/schema"


@dataclass(eq=False)
class Answer:
    """One response."""

    contract: Contract
    response: Response

    @property
    def status(self) -> str:
        """As it is written: "200", "4XX" or "default"."""
        return self.response.status

    @cached_property
    def payload(self) -> Payload:
        """What it carries."""
        content = response_content(self.contract.source, self.response)
        pointer = f"/responses/{self.status}"
        return Payload(self.contract, content, Flow.RECEIVED, pointer, self.response.node)

    @cached_property
    def headers(self) -> tuple[Parameter, ...]:
        """The headers it describes."""
        pointer = f"/responses/{self.status}/headers/"
        return tuple(
            Parameter(self.contract, one, Flow.RECEIVED, pointer + one.name)
            for one in headers(self.contract.source, self.response.node)
        )
