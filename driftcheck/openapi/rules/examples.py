"""Writes the documents around the few lines that the example of a rule is about."""

from __future__ import annotations

from textwrap import indent

from driftcheck.rule import Example

_FINE = 'responses:\n  "200": {description: fine}\n'


def operation(members: str = "", method: str = "get", path: str = "/items", more: str = "") -> str:
    """A document with one operation of these members; `more` follows at the top level."""
    if not _answers(members):
        members = f"{members.rstrip()}\n{_FINE}".lstrip()
    return f"paths:\n  {path}:\n    {method}:\n{indent(members.rstrip(), ' ' * 6)}\n{more}"


def _answers(members: str) -> bool:
    return any(line.startswith("responses:") for line in members.splitlines())


def parameter(members: str) -> str:
    """An operation with one parameter, given as a flow mapping."""
    return operation(f"parameters:\n  - {members}")


def body(members: str) -> str:
    """A POST with this request body, given as a flow mapping."""
    return operation(f"requestBody: {members}", "post")


def response(members: str, status: str = "200") -> str:
    """An operation with one response of these members, given without braces."""
    return operation(f'responses:\n  "{status}": {{description: fine, {members}}}')


def responses(*statuses: str) -> str:
    """An operation that answers with these statuses."""
    return operation(
        "responses:\n" + "\n".join(f'  "{status}": {{description: fine}}' for status in statuses)
    )


def webhook(members: str = "", name: str = "itemCreated") -> str:
    """A document with one webhook of these members."""
    if not _answers(members):
        members = f"{members.rstrip()}\n{_FINE}".lstrip()
    return f"webhooks:\n  {name}:\n    post:\n{indent(members.rstrip(), ' ' * 6)}\n"


def pair(expected: str, actual: str) -> Example:
    """The two documents of an example."""
    return Example(expected, actual)
