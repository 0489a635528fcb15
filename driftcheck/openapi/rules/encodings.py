"""Rules for how the fields of a form are encoded."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Effect, Severity
from driftcheck.openapi.rules.examples import body, response
from driftcheck.openapi.rules.parameters import rewritten_as
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_FILE = "{type: object, properties: {file: {type: string, format: binary}}}"
_LIST = "{type: object, properties: {tags: {type: array, items: {type: string}}}}"
_FORM = "application/x-www-form-urlencoded"


def _content(media: str, schema: str, encoding: str) -> str:
    return f"content: {{{media}: {{schema: {schema}, encoding: {{{encoding}}}}}}}"


def _file(content_type: str, side: str = "request") -> str:
    encoding = f'file: {{contentType: "{content_type}"}}' if content_type else ""
    if side == "request":
        return body(f"{{{_content('multipart/form-data', _FILE, encoding)}}}")
    return response(_content("multipart/mixed", _FILE, encoding))


def _list(encoding: str, side: str) -> str:
    content = _content(_FORM, _LIST, f"tags: {{{encoding}}}")
    return body(f"{{{content}}}") if side == "request" else response(content)


def _from_to(d: Difference) -> str:
    return f"{d.name} was {d.expected or 'anything'}, and is now {d.actual or 'anything'}"


def _content_types(side: str, what: str) -> None:
    """Three rules: in a request fewer types are harmful, in a response more are."""
    subject, sent = f"{side}-encoding", side == "request"
    png, gif, both = (_file(kind, side) for kind in ("image/png", "image/gif", "image/png, image/gif"))
    same = Example(png, _file("Image/PNG", side))

    RULES.rule(
        f"{subject}-content-type-changed",
        on=(subject, Change.CHANGED, "contentType"),
        effect=Effect.NARROWED if sent else Effect.WIDENED,
        title=f"A field of {what} has another content type",
        severity=Severity.BREAKING,
        why="What is sent as before is refused, or not understood.",
        fix="Keep the content types that were allowed.",
        bad=Example(png, gif),
        good=same,
    )(_from_to)
    RULES.rule(
        f"{subject}-content-type-loosened",
        on=(subject, Change.CHANGED, "contentType"),
        effect=Effect.WIDENED if sent else Effect.NARROWED,
        title=f"The content type of a field of {what} was loosened",
        severity=Severity.INFO,
        why="What worked before still works.",
        fix="Nothing to do.",
        bad=Example(png, both) if sent else Example(both, png),
        good=same,
    )(_from_to)
    RULES.rule(
        f"{subject}-content-type-unclear",
        on=(subject, Change.CHANGED, "contentType"),
        effect=Effect.UNCLEAR,
        title=f"The content type of a file in {what} was only said on one side",
        severity=Severity.RISKY,
        why="Files of other types may have been common before, or become so.",
        fix="Make sure that every type that was used still works.",
        bad=Example(_file("", side), png) if sent else Example(png, _file("", side)),
        good=same,
    )(_from_to)


def _rewritten(d: Difference) -> str:
    return rewritten_as(str(d.name), d)


def _styles(side: str, what: str) -> None:
    subject = f"{side}-encoding"
    default, commas = _list("", side), _list("explode: false", side)
    same = Example(default, _list("style: form, explode: true", side))

    RULES.rule(
        f"{subject}-style-changed",
        on=(subject, Change.CHANGED, "style"),
        title=f"A field of {what} is written in another style",
        severity=Severity.BREAKING,
        why="Values written as before are read as something else.",
        fix="Keep the style.",
        bad=Example(commas, _list("style: pipeDelimited, explode: false", side)),
        good=same,
    )(_rewritten)
    RULES.rule(
        f"{subject}-explode-changed",
        on=(subject, Change.CHANGED, "explode"),
        title=f"The parts of a field of {what} are separated in another way",
        severity=Severity.BREAKING,
        why="Values written as before are read as something else.",
        fix="Keep explode as it was, also where it was not written (true).",
        bad=Example(default, commas),
        good=same,
    )(_rewritten)


for _side, _what in (("request", "a form"), ("response", "a received form")):
    _content_types(_side, _what)
    _styles(_side, _what)
