"""Rules for names that only generated clients see: operationIds, path parameters, tags, components."""

from __future__ import annotations

from driftcheck.difference import Change, Difference, Severity
from driftcheck.openapi.rules.examples import operation
from driftcheck.openapi.rules.registry import RULES
from driftcheck.rule import Example

_PLAIN = operation()
_NAMED = operation("operationId: listItems")


@RULES.rule(
    "operation-id-added",
    on=("operation", Change.CHANGED, "operationId"),
    category="clients",
    title="An operation got an operationId",
    severity=Severity.INFO,
    why="Generated clients name the method after it, and no longer after the path.",
    fix="Nothing to do, unless clients are generated from the description.",
    bad=Example(_PLAIN, _NAMED),
    good=Example(_NAMED, operation("operationId: listItems\ndeprecated: false")),
)
def _(d: Difference) -> str | None:
    return f"the operationId is now {d.actual}" if d.expected is None else None


@RULES.rule(
    "operation-id-changed",
    on=("operation", Change.CHANGED, "operationId"),
    category="clients",
    title="The operationId of an operation changed",
    severity=Severity.RISKY,
    why="The wire does not know it, but the methods of generated clients are called after it.",
    fix="Keep the operationId.",
    bad=Example(_NAMED, operation("operationId: findItems")),
    good=Example(_NAMED, operation("operationId: listItems\ndeprecated: false")),
)
def _(d: Difference) -> str:
    return f"the operationId was {d.expected}, and is now {d.actual or 'gone'}"


def _item(name: str, more: str = "") -> str:
    declared = f"parameters:\n  - {{name: {name}, in: path, required: true, schema: {{type: string}}}}{more}"
    return operation(declared, path=f"/items/{{{name}}}")


@RULES.rule(
    "path-parameter-renamed",
    on=("path-parameter", Change.RENAMED),
    category="clients",
    title="A path parameter was renamed",
    severity=Severity.RISKY,
    why="The wire does not know its name, but the arguments of generated clients are called after it.",
    fix="Keep the name.",
    bad=Example(_item("id"), _item("itemId")),
    good=Example(_item("id"), _item("id", "\ndeprecated: false")),
)
def _(d: Difference) -> str:
    return f"the path parameter {d.expected} was renamed to {d.actual}"


def _names(value: object) -> list[object]:
    return list(value) if isinstance(value, list | tuple) else []


def _tagged(*tags: str) -> str:
    return operation(f"tags: [{', '.join(tags)}]")


@RULES.rule(
    "operation-tag-added",
    on=("tag", Change.CHANGED, "tags"),
    category="docs",
    title="A tagged operation got another tag",
    severity=Severity.INFO,
    why="It is still found under the old one.",
    fix="Nothing to do.",
    bad=Example(_tagged("items"), _tagged("items", "shop")),
    good=Example(_tagged("items", "shop"), _tagged("shop", "items")),
)
def _(d: Difference) -> str | None:
    added = not d.expected and (d.facts or {}).get("tagged")
    return f"the tag {', '.join(map(str, _names(d.actual)))} is new" if added else None


@RULES.rule(
    "operation-tags-changed",
    on=("tag", Change.CHANGED, "tags"),
    category="clients",
    title="The tags of operations changed",
    severity=Severity.RISKY,
    why="The wire does not know them, but the classes of generated clients are called after them.",
    fix="Keep the tags.",
    bad=Example(_tagged("items"), _tagged("things")),
    good=Example(_tagged("items", "shop"), _tagged("shop", "items")),
)
def _(d: Difference) -> str:
    gone, fresh = (", ".join(map(str, value or [])) for value in (_names(d.expected), _names(d.actual)))
    if gone and fresh:
        return f"the tag {gone} became {fresh}"
    return f"the tag {gone} is gone" if gone else f"the tag {fresh} is new"


_PET = "{type: object, properties: {id: {type: integer}, name: {type: string}}}"


def _component(name: str) -> str:
    content = f'{{application/json: {{schema: {{$ref: "#/components/schemas/{name}"}}}}}}'
    used = operation(f'responses:\n  "200": {{description: fine, content: {content}}}')
    return f"{used}components: {{schemas: {{{name}: {_PET}}}}}\n"


@RULES.rule(
    "component-renamed",
    on=("component", Change.RENAMED),
    category="clients",
    shown=True,
    title="A component schema was renamed",
    severity=Severity.INFO,
    why="The wire does not know its name, but the classes of generated clients are called after it.",
    fix="Keep the name.",
    bad=Example(_component("Pet"), _component("Animal")),
    good=Example(_component("Pet"), "# nothing changed\n" + _component("Pet")),
)
def _(d: Difference) -> str:
    return f"the schema {d.expected} was renamed to {d.actual}"


@RULES.rule(
    "component-removed",
    on=("component", Change.MISSING),
    category="clients",
    title="A component schema was removed",
    severity=Severity.INFO,
    why="What operations send and receive is compared by itself; generated clients lose a class.",
    fix="Keep the schema, if clients are generated from the description.",
    bad=Example(f"components: {{schemas: {{Pet: {_PET}}}}}", "components: {schemas: {}}"),
    good=Example(_component("Pet"), "# nothing changed\n" + _component("Pet")),
)
def _(d: Difference) -> str:
    return f"the schema {d.name} is gone"
