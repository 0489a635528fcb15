"""The places of schemas that rules are generated for, and example documents for each of them."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

from driftcheck.difference import Flow
from driftcheck.rule import Example


@dataclass(frozen=True, slots=True)
class Subject:
    """`id` begins the rule ids; `words` is the place in a sentence; `template` a document around SCHEMA."""

    id: str
    flow: Flow
    words: str
    template: str

    def example(self, expected: str, actual: str) -> Example:
        """An example pair around two schemas, given as JSON text."""
        return Example(self.template.replace("SCHEMA", expected), self.template.replace("SCHEMA", actual))


_REQUEST = """\
paths:
  /items:
    post:
      requestBody:
        content:
          application/json:
            schema: SCHEMA
      responses:
        "200": {description: fine}
"""
_RESPONSE = """\
paths:
  /items:
    get:
      responses:
        "200":
          description: fine
          content:
            application/json:
              schema: SCHEMA
"""
_PARAMETER = """\
paths:
  /items:
    get:
      parameters:
        - name: p
          in: query
          content:
            application/json:
              schema: SCHEMA
      responses:
        "200": {description: fine}
"""
_HEADER = """\
paths:
  /items:
    get:
      responses:
        "200":
          description: fine
          headers:
            X-P:
              content:
                application/json:
                  schema: SCHEMA
"""
_PROPERTY = '{"type": "object", "properties": {"p": SCHEMA}}'

SUBJECTS: tuple[Subject, ...] = (
    Subject("request-body", Flow.SENT, "a request body", _REQUEST),
    Subject("request-property", Flow.SENT, "a request property", _REQUEST.replace("SCHEMA", _PROPERTY)),
    Subject("request-parameter", Flow.SENT, "a parameter", _PARAMETER),
    Subject("response-body", Flow.RECEIVED, "a response body", _RESPONSE),
    Subject(
        "response-property", Flow.RECEIVED, "a response property", _RESPONSE.replace("SCHEMA", _PROPERTY)
    ),
    Subject("response-header", Flow.RECEIVED, "a response header", _HEADER),
)
BY_ID: Mapping[str, Subject] = {subject.id: subject for subject in SUBJECTS}
