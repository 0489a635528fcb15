"""What is said of a recorded call: one sentence for each problem, the same for recordings and for mocks.

Nothing here may print a value; types, lengths and names are all that a Difference carries.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping

from driftcheck.difference import JSON, Difference

_MOST_CONSUMERS = 3


def fact(d: Difference, name: str) -> JSON:
    """A further input of a rule."""
    return (d.facts or {}).get(name)


def sentence(d: Difference) -> str:
    """What is wrong and how often it was seen."""
    said = _SENTENCES[str(fact(d, "problem"))](d)
    return f"{said} {seen(d)}"


def seen(d: Difference) -> str:
    """How many of the calls, and by whom."""
    count, total = fact(d, "count") or 1, fact(d, "of") or 1
    consumers = fact(d, "consumers")
    names = [str(name) for name in consumers if name] if isinstance(consumers, list) else []
    shown = ", ".join(names[:_MOST_CONSUMERS])
    more = f" and {len(names) - _MOST_CONSUMERS} more" if len(names) > _MOST_CONSUMERS else ""
    by = f", by {shown}{more}" if names else ""
    return f"({count} of {total} {'call' if total == 1 else 'calls'}{by})"


def _where(d: Difference) -> str:
    return str(fact(d, "where") or d.name or "the body")


def _invalid(d: Difference) -> str:
    told = fact(d, "told")
    keyword = (d.attribute or "").rpartition("-")[2]  # of a mock it is "response-field-changed-type"
    return f"{_where(d)} is {told}{_KEYWORDS.get(keyword, _other)(d.actual, keyword)}"


def _listed(value: JSON) -> str:
    return " or ".join(map(str, value)) if isinstance(value, list) else str(value)


def _other(_: JSON, keyword: str) -> str:
    return f", against `{keyword}` of the description"


def _enum(value: JSON, _: str) -> str:
    number = len(value) if isinstance(value, list) else 0
    return f" that is none of the {number} values of the description" if number != 1 else " and not the value"


_KEYWORDS: Mapping[str, Callable[[JSON, str], str]] = {
    "type": lambda limit, _: f", the description says {_listed(limit)}",
    "enum": _enum,
    "const": lambda *_: " that is not the one value of the description",
    "format": lambda limit, _: f" in no format {limit}",
    "pattern": lambda limit, _: f" that does not match {limit}",
    "minimum": lambda limit, _: f" below the minimum of {limit}",
    "maximum": lambda limit, _: f" above the maximum of {limit}",
    "exclusiveMinimum": lambda limit, _: f" that is not above {limit}",
    "exclusiveMaximum": lambda limit, _: f" that is not below {limit}",
    "multipleOf": lambda limit, _: f" that is no multiple of {limit}",
    "minLength": lambda limit, _: f", the least length is {limit}",
    "maxLength": lambda limit, _: f", the greatest length is {limit}",
    "minItems": lambda limit, _: f", at least {limit} are described",
    "maxItems": lambda limit, _: f", at most {limit} are described",
    "minProperties": lambda limit, _: f", at least {limit} are described",
    "maxProperties": lambda limit, _: f", at most {limit} are described",
    "uniqueItems": lambda *_: " in which some are equal",
    "anyOf": lambda *_: " that fits none of the alternatives (anyOf)",
    "oneOf": lambda *_: " that does not fit exactly one of the alternatives (oneOf)",
    "not": lambda *_: " that the description rules out (not)",
    "falseSchema": lambda *_: " that the description rules out",
}


def _undeclared(side: str) -> Callable[[Difference], str]:
    def said(d: Difference) -> str:
        if fact(d, "closed"):
            return f"field {_where(d)} is {side}, and the description allows no such field"
        return f"field {_where(d)} is {side}, and the description does not have it"

    return said


def _renamed(side: str) -> Callable[[Difference], str]:
    return lambda d: f"field {_where(d)} is {side}, the description calls it {d.actual}"


def _call(d: Difference) -> str:
    methods = fact(d, "methods")
    if isinstance(methods, list) and methods:
        return f"{d.name} is called, the description has only {', '.join(map(str, methods))} there"
    return f"{d.name} is called, and the description has no such operation"


_SENTENCES: Mapping[str, Callable[[Difference], str]] = {
    "call missing": _call,
    "parameter missing": lambda d: f"{_where(d)} is sent, and the description does not have it",
    "parameter extra": lambda d: f"{_where(d)} is required by the description, and not sent",
    "parameter changed": _invalid,
    "parameter renamed": _renamed("sent"),
    "request-field missing": _undeclared("sent"),
    "request-field extra": lambda d: f"field {_where(d)} is required by the description, and not sent",
    "request-field renamed": _renamed("sent"),
    "request-field changed": _invalid,
    "response-field missing": _undeclared("in the answer"),
    "response-field extra": lambda d: f"field {_where(d)} is promised, and not in the answer",
    "response-field renamed": _renamed("in the answer"),
    "response-field changed": _invalid,
    "request-body missing": lambda _: "a body is sent, and the description has none",
    "request-body extra": lambda _: "the description requires a body, and none is sent",
    "request-body changed": lambda _: "the body sent is not what its media type says",
    "request-media-type missing": lambda d: f"the body is sent as {d.name}, which the description lacks",
    "response-body missing": lambda _: "the answer has a body, and the description has none",
    "response-body extra": lambda _: "the description promises a body, and the answer has none",
    "response-body changed": lambda _: "the body of the answer is not what its media type says",
    "response-media-type missing": lambda d: f"the answer is {d.name}, which the description lacks",
    "status missing": lambda d: f"the answer has status {d.name}, which the description lacks",
    "response-header missing": lambda d: f"{_where(d)} is in the answer, and the description lacks it",
    "response-header extra": lambda d: f"{_where(d)} is promised, and not in the answer",
    "response-header changed": _invalid,
    "response-header renamed": _renamed("in the answer"),
}
