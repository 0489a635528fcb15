"""Small descriptions and recorded calls for tests: each takes only what the test is about."""

from __future__ import annotations

import json

from driftcheck import check_traffic
from driftcheck.config import Config
from driftcheck.traffic.exchange import Body, Exchange, Request, Response, Source

JSON = "application/json"


def body(value=None, *, media_type=JSON, content=None, state="present"):
    """A body that holds `value` as JSON, or `content`; without either the recording does not hold it."""
    if content is None and value is None:
        return Body()
    written = json.dumps(value).encode() if content is None else content
    return Body(state, written, media_type)


def exchange(method="GET", url="/items", sent=None, got=None, *, status=200, **given):
    """A call as a reader gives it; `headers` and `answer_headers` are mappings."""
    request = Request(
        method, url, tuple(given.pop("headers", {}).items()), given.pop("request_body", body(sent))
    )
    headers = tuple(given.pop("answer_headers", {}).items())
    response = Response(status, headers, given.pop("response_body", body(got)))
    source = given.pop("source", Source("calls.har", "har", 1))
    return Exchange(source=source, request=request, response=response, **given)


def spec(paths, *, version="3.1.0", **more):
    """A whole description."""
    head = {"swagger": "2.0"} if version == "2.0" else {"openapi": version}
    return {**head, "info": {"title": "t", "version": "1"}, "paths": paths, **more}


def answering(schema, *, media_type=JSON, **operation):
    """An operation that answers 200 with this schema."""
    content = {media_type: {"schema": schema}}
    return {"responses": {"200": {"description": "ok", "content": content}}, **operation}


def taking(schema, *, media_type=JSON, media=None, **operation):
    """An operation that takes this schema, and answers 204."""
    content = {media_type: {"schema": schema, **(media or {})}}
    return {"requestBody": {"content": content}, "responses": {"204": {"description": "ok"}}, **operation}


def checked(description, *exchanges, **config):
    """The report on these calls, with everything that is info."""
    return check_traffic(list(exchanges), description, config=Config(changelog=True, **config))


def told(description, *exchanges, **config):
    """What is found: (rule, severity, pointer), in order."""
    found = checked(description, *exchanges, **config).findings
    return [(each.rule, str(each.severity), each.difference.pointer or "") for each in found]


def rules(description, *exchanges, **config):
    """The ids of the rules that fire."""
    return [rule for rule, _, _ in told(description, *exchanges, **config)]
