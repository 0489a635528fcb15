"""The rules about a running service. An example is a description, and a table of what the service answers.

The table has a line for each operation: `status`, `headers`, `body`, `raises` (an exception's message), and
`refuses` (the status for requests that the description rules out; without it everything is taken). `breaks`
ends the connection in the middle of the body.
"""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example, RuleSet

RULES = RuleSet()
BREAKING, RISKY, INFO = Severity.BREAKING, Severity.RISKY, Severity.INFO

_GET = """paths:
  /items:
    get:
      responses:
        '200':
          description: ok
          %scontent:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: integer}}}
"""
_READ = _GET % ""
_HEADER = _GET % "headers: {X-Total: {required: true, schema: {type: integer}}}\n          "
_POST = """paths:
  /items:
    post:
      requestBody:
        required: true
        content:
          application/json:
            schema: {type: object, required: [qty], properties: {qty: {type: integer}}}
      responses:
        '201': {description: made}
        '422': {description: refused}
"""
_NEEDS_HEADER = """paths:
  /items:
    get:
      parameters: [{name: X-Tenant, in: header, required: true, schema: {type: string}}]
      responses:
        '200': {description: ok}
        '400': {description: refused}
"""
_SECURED = """components:
  securitySchemes: {token: {type: http, scheme: bearer}}
paths:
  /items:
    get:
      security: [{token: []}]
      responses:
        '200': {description: ok}
        '401': {description: who are you}
"""
_LIFE = """paths:
  /items:
    post:
      responses:
        '201':
          description: made
          content:
            application/json:
              schema: {type: object, required: [id], properties: {id: {type: integer}}}
          links:
            one: {operationId: readItem, parameters: {id: '$response.body#/id'}}
            end: {operationId: endItem, parameters: {id: '$response.body#/id'}}
  /items/{id}:
    parameters: [{name: id, in: path, required: true, schema: {type: integer}}]
    get:
      operationId: readItem
      responses: {'200': {description: ok}, '404': {description: none}}
    delete:
      operationId: endItem
      responses: {'204': {description: gone}, '404': {description: none}}
"""
_MADE = "POST /items: {status: 201, body: {id: 7}}\n"
_KEEPS = _MADE + "GET /items/{id}: {store: get}\nDELETE /items/{id}: {store: delete}\n"
_FINE = "GET /items: {status: 200, body: {id: 1}}\n"
_TAKES = "POST /items: {status: 201, refuses: 422}\n"


def _declare(
    id: str, severity: Severity, title: str, why: str, fix: str, spec: str, bad: str, good: str
) -> None:
    def message(difference: Difference) -> str:
        return str((difference.facts or {}).get("says", ""))

    RULES.rule(
        id,
        on=(id, Change.CHANGED, "*"),
        title=title,
        severity=severity,
        why=why,
        fix=fix,
        bad=Example(spec, bad),
        good=Example(spec, good),
        category="service",
        shown=severity is not INFO,
    )(message)


_declare(
    "service-exception", BREAKING, "A request makes the application raise an exception",
    "The application does not handle the exception; the caller gets a bare 500.",
    "Handle the case where it arises, or refuse such a request with a described 4xx.",
    _READ, "GET /items: {raises: no such item}\n", _FINE,
)  # fmt: skip
_declare(
    "service-error", BREAKING, "The service answers 5xx",
    "A request that the description allows, or one that should be refused, ends in an error of the server.",
    "Look for this request in the service's log; refuse it with a described 4xx if it is the caller's fault.",
    _READ, "GET /items: {status: 500}\n", _FINE,
)  # fmt: skip
_declare(
    "service-no-answer", BREAKING, "A request gets no answer, or only a part of one",
    "The service took longer than --timeout, or ended the connection before the answer was whole.",
    "Look for this request in the service's log: it may have ended a worker, or wait for something.",
    _READ, "GET /items: {status: 200, body: {id: 1}, breaks: true}\n", _FINE,
)  # fmt: skip
_declare(
    "service-error-on-media-type", RISKY, "The service answers 5xx to an unexpected Content-Type",
    "A body of a media type that is not described ends in an error of the server instead of 415.",
    "Answer 415 to media types that are not supported.",
    _POST, "POST /items: {status: 201, refuses: 422, strange-media: 500}\n",
    "POST /items: {status: 201, refuses: 422, strange-media: 415}\n",
)  # fmt: skip
_declare(
    "service-response-property-missing", BREAKING, "An answer lacks a required property",
    "Clients read a property that the description promises.",
    "Send it, or make it optional in the description (which breaks clients that rely on it).",
    _READ, "GET /items: {status: 200, body: {ident: 1}}\n", _FINE,
)  # fmt: skip
_declare(
    "service-response-invalid", BREAKING, "An answer's body is not what is described",
    "Clients are made for the described values and stumble over others.",
    "Mend the answer, or the description.",
    _READ, "GET /items: {status: 200, body: {id: one}}\n", _FINE,
)  # fmt: skip
_declare(
    "service-body-unreadable", BREAKING, "An answer's body cannot be read as its media type",
    "The answer says that it is JSON (or another format) and is not.",
    "Send the described format, and say which it is.",
    _READ, "GET /items: {status: 200, headers: {Content-Type: application/json}, text: '{'}\n", _FINE,
)  # fmt: skip
_declare(
    "service-header-missing", BREAKING, "An answer lacks a required header",
    "Clients read a header that the description promises.",
    "Send it, or make it optional in the description.",
    _HEADER, _FINE, "GET /items: {status: 200, headers: {X-Total: '1'}, body: {id: 1}}\n",
)  # fmt: skip
_declare(
    "service-content-type-undocumented", BREAKING, "An answer has a media type that is not described",
    "Clients choose how to read an answer by its media type.",
    "Describe the media type, or send a described one.",
    _READ, "GET /items: {status: 200, headers: {Content-Type: text/html}, text: hello}\n", _FINE,
)  # fmt: skip
_declare(
    "service-content-type-missing", RISKY, "An answer does not say its media type",
    "Without Content-Type clients have to guess how to read it.",
    "Send Content-Type.",
    _READ, "GET /items: {status: 200, headers: {Content-Type: ''}, text: '{\"id\": 1}'}\n", _FINE,
)  # fmt: skip
for _class, _status, _level, _why in (
    ("2xx", 202, BREAKING, "Clients look for the described statuses of success, and do not know this one."),
    ("3xx", 318, RISKY, "Clients are not told that they may be sent elsewhere."),
    ("4xx", 418, RISKY, "Clients are not told that a request may fail this way."),
    (
        "5xx",
        500,
        RISKY,
        "Clients are not told how the service fails; said only where 5xx itself is not judged.",
    ),
):
    _declare(
        f"service-status-undocumented-{_class}", _level,
        f"The service answers a {_class} status that is not described",
        _why, "Describe the status (or its range), or answer a described one.",
        _READ, f"GET /items: {{status: {_status}, body: {{id: 1}}}}\n", _FINE,
    )  # fmt: skip
_declare(
    "service-refuses-valid", RISKY, "The service refuses a request that the description allows",
    "Callers that keep to the description are refused. Rules beyond the schema (that an order exists, say)"
    " are a good reason; a rule that the schema could say is none.",
    "Say the rule in the schema, or take the request.",
    _POST, "POST /items: {status: 422}\n", _TAKES,
)  # fmt: skip
_declare(
    "service-refuses-old-request", BREAKING, "The service refuses a request that the old contract allows",
    "Clients made for the old description send such a request.",
    "Go on taking it, or release the change as a breaking one.",
    _POST, "POST /items: {status: 422}\n", _TAKES,
)  # fmt: skip
_declare(
    "service-accepts-invalid", RISKY, "The service takes a request that the description rules out",
    "What the description rules out is not checked, so that bad data comes in.",
    "Check it, or let the description allow it.",
    _POST, "POST /items: {status: 201}\n", _TAKES,
)  # fmt: skip
_declare(
    "service-accepts-missing-header", RISKY, "The service takes a request without a required header",
    "The header is required by the description only.",
    "Require it, or make it optional in the description.",
    _NEEDS_HEADER, "GET /items: {status: 200}\n", "GET /items: {status: 200, refuses: 400}\n",
)  # fmt: skip
_declare(
    "service-method-not-refused", INFO, "The service does not refuse a method that is not described with 405",
    "RFC 9110 (section 15.5.6) asks for 405 with an Allow header.",
    "Answer 405, or describe the method.",
    _READ, "GET /items: {status: 200, body: {id: 1}, other-methods: 200}\n", _FINE,
)  # fmt: skip
_declare(
    "service-allow-header-wrong", INFO, "The Allow header names other methods than the description",
    "Clients that ask which methods there are get another answer than the description's.",
    "Describe what there is.",
    _READ, "GET /items: {status: 200, body: {id: 1}, allow: 'GET, PUT'}\n", _FINE,
)  # fmt: skip
_declare(
    "service-auth-ignored", BREAKING, "The service answers without the authentication that is described",
    "Anybody can call an operation that the description says is protected.",
    "Ask for the credentials, or describe the operation as open.",
    _SECURED, "GET /items: {status: 200}\n", "GET /items: {status: 200, secured: true}\n",
)  # fmt: skip
_declare(
    "service-use-after-delete", BREAKING, "What was deleted can still be read",
    "Callers rely on a deletion that was confirmed.",
    "Answer 404 (or 410) after a deletion.",
    _LIFE,
    _MADE + "GET /items/{id}: {status: 200}\nDELETE /items/{id}: {status: 204}\n",
    _KEEPS,
)  # fmt: skip
_declare(
    "service-created-not-found", RISKY, "What was just made cannot be read",
    "Callers read what they made by the link or id that they were given.",
    "Give the right id, and make it readable before the answer.",
    _LIFE,
    _MADE + "GET /items/{id}: {status: 404}\nDELETE /items/{id}: {status: 204}\n",
    _KEEPS,
)  # fmt: skip
_declare(
    "service-slow", RISKY, "An answer took longer than is allowed",
    "It took longer than --max-response-time.",
    "Make it faster, or allow more time.",
    _READ, "GET /items: {status: 200, body: {id: 1}, seconds: 0.3}\n", _FINE,
)  # fmt: skip
