"""What is wrong with a revision as a program: live models, no way back, what it leaves behind."""

from __future__ import annotations

import ast
import re
import sys
from collections.abc import Iterator
from types import ModuleType
from typing import Any

from driftcheck.database.migrations.lint.changes import Added
from driftcheck.database.migrations.lint.danger import Subject
from driftcheck.database.migrations.lint.schema import Column, Type
from driftcheck.database.migrations.lint.settled import Event
from driftcheck.database.migrations.lint.source import Imported, Source, called
from driftcheck.database.migrations.lint.sql import Part
from driftcheck.difference import Difference

_FAMILY = "code"
_NAMELESS = {
    "create_foreign_key",
    "create_unique_constraint",
    "create_check_constraint",
    "create_primary_key",
}
_OURS = {"alembic", "sqlalchemy"}
_MAKES = {
    "view",
    "trigger",
    "function",
    "procedure",
    "extension",
    "type",
    "domain",
    "sequence",
    "policy",
    "schema",
}


def written(
    subject: Subject, events: list[Event], source: Source, module: ModuleType | None
) -> Iterator[Difference]:
    """All findings about the file."""
    yield from live_models(subject, source, module)
    yield from _one_way(subject, events, source)
    yield from _enums(subject, events, source)
    yield from _shape(subject, source)


def live_models(subject: Subject, source: Source, module: ModuleType | None) -> Iterator[Difference]:
    """Models of the application that the file imports; also of a revision that was not measured."""
    seen: set[str] = set()
    for imported in source.imports():
        if imported.module.partition(".")[0] in _OURS or imported.module in seen:
            continue
        value = _value(imported, module)
        if _live(value, imported, source):
            seen.add(imported.module)
            what = f"{imported.module}.{imported.name}" if imported.name else imported.module
            says = f"the revision imports {what}"
            yield subject.danger(
                _FAMILY, "imports-models", subject.ran.revision, says, kind="revision", line=imported.line
            )


def _value(imported: Imported, module: ModuleType | None) -> Any:
    found = sys.modules.get(imported.module)
    if not imported.name:
        return found
    own = getattr(found, imported.name, None)  # may be a clause, which has no truth of its own
    return own if own is not None else getattr(module, imported.bound, None)


def _live(value: Any, imported: Imported, source: Source) -> bool:
    """Whether it is a mapped class, a base of such, a table, or a module through which one is used."""
    if isinstance(value, ModuleType):
        attributes = [node for node in ast.walk(source.tree) if isinstance(node, ast.Attribute)]
        used = {each.attr for each in attributes if getattr(each.value, "id", "") == imported.bound}
        return any(_mapped(getattr(value, name, None)) for name in used)
    return _mapped(value)


def _mapped(value: Any) -> bool:
    from sqlalchemy import MetaData, Table

    if isinstance(value, Table | MetaData):
        return True
    return isinstance(value, type) and (
        isinstance(getattr(value, "__table__", None), Table)
        or isinstance(getattr(value, "metadata", None), MetaData)
    )


def _one_way(subject: Subject, events: list[Event], source: Source) -> Iterator[Difference]:
    """SQL that upgrade() executes and of whose object downgrade() does not speak."""
    if source.gives_up("downgrade"):
        return
    back = source.strings("downgrade")
    lines = {
        line
        for call in (each for name in source.functions for each in source.calls(name))
        if called(call) in {"execute", "exec_driver_sql", "bulk_insert"}
        for line in range(call.lineno, (call.end_lineno or call.lineno) + 1)
    }
    fresh = {(each.table, each.step.thing.name) for each in events if isinstance(each.step, Added)
             and isinstance(each.step.thing, Column)}  # fmt: skip
    own = {
        each.table for each in events if isinstance(each.step, Added) and each.table not in _before(subject)
    }
    for statement in subject.ran.statements:
        if statement.line not in lines:
            continue
        for part in statement.parts:
            name = "" if _one_way_by_nature(part) else _object(part)
            if not name or (part.dml and name in own) or _spoken_of(part, name, back):
                continue
            if part.dml and (part.verb == "delete" or _fills_new(part, name, fresh)):
                continue
            says = f"upgrade() executes {part.verb.upper()} on {name}, and downgrade() does not speak of it"
            yield subject.danger(
                _FAMILY, "sql-not-reversed", name, says, kind="revision", line=statement.line
            )
            return


def _one_way_by_nature(part: Part) -> bool:
    """What nobody undoes: a value stays in its enum, a checked constraint stays checked."""
    return (
        part.has("add", "value")
        or part.has("validate", "constraint")
        or (part.verb, *part.words[1:2]) == ("create", "extension")
    )


def _spoken_of(part: Part, name: str, text: str) -> bool:
    """Whether a text names the object, or the table that it is on."""
    texts = [token.text for token in part.tokens]
    table = (
        texts[texts.index("on") + 1]
        if {"trigger", "index", "policy"} & set(texts[:4]) and "on" in texts
        else name
    )
    bare = {re.escape(each.rpartition(".")[2].lower()) for each in (name, table)}
    return any(re.search(rf"\b{each}\b", text) for each in bare)


def _before(subject: Subject) -> set[str]:
    return {table.name for table in subject.ran.before.tables.values()}


def _object(part: Part) -> str:
    """What a statement changes: the table, or the view, type, function … that it makes."""
    if part.dml:
        return part.target
    if part.verb not in {"create", "alter"}:
        return ""
    texts = [token.text for token in part.tokens]
    for at, text in enumerate(texts[:6]):
        if text in _MAKES | {"index", "table"}:
            rest = [
                each
                for each in texts[at + 1 : at + 8]
                if each not in {"if", "not", "exists", "concurrently", "only"}
            ]
            name = rest[0] if rest else ""
            while len(rest) > 2 and rest[1] == ".":
                rest = rest[2:]
                name = rest[0]
            return name.strip("'")
    return ""


def _fills_new(part: Part, table: str, fresh: set[tuple[str, str]]) -> bool:
    """Whether an UPDATE writes into columns that the revision has added, which go with them."""
    texts = [token.text for token in part.tokens]
    if part.verb != "update" or "set" not in texts:
        return False
    at = texts.index("set")
    names = {texts[i - 1] for i in range(at + 1, len(texts)) if texts[i] == "="}
    return any((table.rpartition(".")[2], name) in fresh or (table, name) in fresh for name in names)


def _enums(subject: Subject, events: list[Event], source: Source) -> Iterator[Difference]:
    if subject.ran.dialect != "postgresql" or source.gives_up("downgrade"):
        return
    back = source.strings("downgrade", but_undoing=True)
    known = {each.name for each in subject.ran.before.types.values()}
    for event in events:
        thing = event.step.thing if isinstance(event.step, Added) else None
        if not isinstance(thing, Type) or thing.kind != "enum" or thing.name in known:
            continue
        if all(each.name != thing.name for each in subject.ran.after.types.values()):
            continue
        bare = thing.name.rpartition(".")[2].lower()
        if not re.search(rf"\b{re.escape(bare)}\b", back):
            says = f"enum {thing.name} stays behind after downgrade()"
            yield subject.danger(
                _FAMILY, "enum-not-dropped", thing.name, says, kind="enum", line=event.statement.line
            )


def _shape(subject: Subject, source: Source) -> Iterator[Difference]:
    revision = subject.ran.revision
    for name in ("upgrade", "downgrade"):
        for call in source.calls(name):
            if called(call) == "get_bind" and name == "upgrade":
                says = "upgrade() asks for the connection"
                yield subject.danger(
                    _FAMILY, "needs-connection", revision, says, kind="revision", line=call.lineno
                )
            first = call.args[0] if call.args else None
            if called(call) in _NAMELESS and isinstance(first, ast.Constant) and first.value is None:
                says = f"{called(call)} gives no name"
                yield subject.danger(
                    _FAMILY, "constraint-unnamed", revision, says, kind="revision", line=call.lineno
                )
