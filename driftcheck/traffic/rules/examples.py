"""Examples of rules about recorded calls: a description as YAML, and one call in driftcheck's own format."""

from __future__ import annotations

import json
from typing import Any

from driftcheck.rule import Example

_SCHEMA = "type: object, required: [id], properties: {id: {type: integer}, email: {type: string}}"


def description(*, schema: str = _SCHEMA, operation: str = "", answers: str = "") -> str:
    """A description of POST /users, which takes and gives `schema`; `operation`, `answers`: more of them."""
    return f"""paths:
  /users:
    post:
      {operation or "operationId: addUser"}
      requestBody:
        content:
          application/json:
            schema: {{{schema}}}
      responses:
        "200":
          description: ok
          content:
            application/json:
              schema: {{{schema}}}
{answers}"""


def call(
    sent: Any = None,
    got: Any = None,
    *,
    url: str = "/users",
    status: int = 200,
    provenance: str = "recorded",
    headers: tuple[str, ...] = (),
    media_type: str = "application/json",
) -> str:
    """A POST that sends and gets these values; `headers` are those of the answer."""
    request: dict[str, Any] = {"method": "POST", "url": url}
    if sent is not None:
        request["body"] = {"media_type": "application/json", "json": sent}
    response: dict[str, Any] = {"status": status, "headers": [[name, "1"] for name in headers]}
    if got is not None:
        response["body"] = {"media_type": media_type, "json": got}
    written = {"driftcheck": 1, "request": request, "response": response, "provenance": provenance}
    return json.dumps(written, indent=1)


GOOD = Example(description(), call({"id": 1}, {"id": 1}))
