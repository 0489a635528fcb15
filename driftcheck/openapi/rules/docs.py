"""Rules for what only people read: descriptions, examples, the info of a description, and extensions."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import body, operation
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_WHY = "No request and no response changes by it."
_FIX = "Nothing to do."


def _documented(attribute: str, slug: str, noun: str, old: str, new: str) -> None:
    @RULES.rule(
        f"documentation-{slug}-changed",
        on=("documentation", Change.CHANGED, attribute),
        category="docs",
        title=f"{noun} changed",
        severity=Severity.INFO,
        why=_WHY,
        fix=_FIX,
        bad=Example(old, new),
        good=Example(new, "# nothing changed\n" + new),
    )
    def _(d: Difference) -> str:
        state = "is new" if d.expected is None else "is gone" if d.actual is None else "was rewritten"
        return f"the {attribute} of the {d.kind.replace('_', ' ')} {state}"


def _media(members: str) -> str:
    return body(f"{{content: {{application/json: {{{members}}}}}}}")


_documented("summary", "summary", "A summary", operation(), operation("summary: All items"))
_documented("description", "description", "A description", operation(), operation("description: All items"))
_documented(
    "externalDocs",
    "link",
    "A link to documentation",
    operation(),
    operation("externalDocs: {url: https://docs.example}"),
)
_documented("example", "example", "An example", _media(""), _media("example: {id: 1}"))
_documented("examples", "examples", "Examples", _media(""), _media("examples: {one: {value: {id: 1}}}"))


@RULES.rule(
    "operation-extension-changed",
    on=("extension", Change.CHANGED, "extension"),
    category="docs",
    title="An extension of an operation changed",
    severity=Severity.INFO,
    why="driftcheck does not know what x- members mean; tools that read them may behave in another way.",
    fix="Ask whoever reads the extension.",
    bad=Example(operation("x-owner: one"), operation("x-owner: two")),
    good=Example(operation("x-owner: one"), operation("x-owner: one\ndeprecated: false")),
)
def _(d: Difference) -> str:
    return f"{d.name} changed"


@RULES.rule(
    "info-changed",
    on=("info", Change.CHANGED, "info"),
    category="docs",
    title="What the description says about the API changed",
    severity=Severity.INFO,
    why=_WHY,
    fix=_FIX,
    bad=Example("info: {title: Items, version: '1'}", "info: {title: Things, version: '2'}"),
    good=Example("info: {title: Items, version: '1'}", "info: {title: Items, version: '2'}"),
)
def _(d: Difference) -> str:
    return f"info: {d.name} changed"


@RULES.rule(
    "tag-description-changed",
    on=("tag", Change.CHANGED, "description"),
    category="docs",
    title="A tag is described in another way",
    severity=Severity.INFO,
    why=_WHY,
    fix=_FIX,
    bad=Example("tags: [{name: a}]", "tags: [{name: a, description: all about a}]"),
    good=Example("tags: [{name: a}, {name: b}]", "tags: [{name: b}, {name: a}]"),
)
def _(d: Difference) -> str:
    return f"the tag {d.name} is described in another way"
