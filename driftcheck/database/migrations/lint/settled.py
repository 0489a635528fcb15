"""What is left of a revision's steps when it has ended: made and dropped again, or copied and put in place.

A table that SQLite's batch mode rebuilds is dropped on the way; what counts is how its successor differs.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass, replace
from typing import Any

from driftcheck.database.migrations.lint.changes import Added, Changed, Dropped, Step, within
from driftcheck.database.migrations.lint.schema import Column, Constraint, Index, Table, Trigger
from driftcheck.database.migrations.lint.sql import Part
from driftcheck.database.migrations.lint.statement import Ran, Statement


@dataclass(frozen=True, slots=True)
class Event:
    """A step that remains, on a table from before the revision (`table`: its name then).

    `filled`: rows of that table were written by the revision before this statement. `rebuilt`: by a copy
    of the whole table.
    """

    statement: Statement
    step: Step
    table: str
    filled: bool = False
    rebuilt: bool = False


def events(ran: Ran) -> list[Event]:
    """The steps that remain, in their order."""
    walk = _Walk(ran)
    found = [event for statement in ran.statements for event in walk.through(statement)]
    return [event for event in found if not (_is_rename(event.step) and walk.has_its_name(event.table))]


@dataclass(frozen=True, slots=True)
class Copy:
    """Rows of one table written into another: `columns` leads from the old names to the new ones."""

    target: str
    columns: dict[str, str]


def _is_rename(step: Step) -> bool:
    if not isinstance(step, Changed) or not isinstance(step.before, Table):
        return False
    assert isinstance(step.after, Table)
    return replace(step.after, key=step.before.key, name=step.before.name) == step.before


class _Walk:
    """Names on the way: `own` tables were made by the revision, `alias` leads to the name from before."""

    def __init__(self, ran: Ran) -> None:
        self.ran = ran
        self.old = {table.name: table for table in ran.before.tables.values()}
        self.new = {table.name: table for table in ran.after.tables.values()}
        self.own: set[str] = set()
        self.alias: dict[str, str] = {}
        self.filled: set[str] = set()
        self.copied: dict[str, Copy] = {}
        self.made: dict[str, Table] = {}
        self.stays: set[str] = set()

    def through(self, statement: Statement) -> Iterator[Event]:
        for part in statement.parts:
            if part.dml:
                self.filled.add(self.known(part.target))
            self.copies(part)
        for step in statement.measured.steps:
            yield from self.step(statement, step)

    def known(self, name: str) -> str:
        """The name that a written one had before the revision."""
        for candidate in (name, name.rpartition(".")[2], name.lower()):
            if candidate in self.alias:
                return self.alias[candidate]
            if candidate in self.old or candidate in self.own:
                return candidate
        return name

    def has_its_name(self, name: str) -> bool:
        """Whether a table that was renamed has its old name again."""
        return self.alias.get(name) == name

    def copies(self, part: Part) -> None:
        if part.verb in {"insert", "create"} and part.has("select") and "view" not in part.words[:4]:
            for source in part.sources:
                self.copied[self.known(source)] = Copy(self.known(part.target), _columns(part))

    def step(self, statement: Statement, step: Step) -> Iterator[Event]:
        if isinstance(step, Added) and isinstance(step.thing, Table):
            self.own.add(step.table)
            self.made[step.table] = step.thing
            yield Event(statement, step, step.table)
            return
        if isinstance(step, Changed) and isinstance(step.before, Table) and isinstance(step.after, Table):
            yield from self.table(statement, step, step.before, step.after)
            return
        if not step.table:
            yield Event(statement, step, "")
            return
        if step.table in self.own:
            return
        name = self.alias.get(step.table, step.table)
        if self.is_new(step, name):
            return
        if isinstance(step, Dropped):
            yield from self.dropped(statement, step, name)
        elif not (isinstance(step, Added) and self.was_there(step.thing, name)):
            yield Event(statement, step, name, name in self.filled)

    def table(self, statement: Statement, step: Changed, before: Table, after: Table) -> Iterator[Event]:
        if before.name != after.name:
            last = self.new.get(before.name)
            if before.name in self.copied and before.name in self.old and last is not None:
                self.own.add(after.name)  # put aside for its copy: it may be dropped
                yield from self.rebuilt(statement, self.old[before.name], before.name, last)
                return
            if before.name in self.own:
                self.own.discard(before.name)
                if before.name not in self.stays:
                    self.own.add(after.name)
                return
            self.alias[after.name] = self.alias.get(before.name, before.name)
            if after.name in self.own:
                self.own.discard(after.name)
        name = self.alias.get(after.name, before.name)
        if before.name in self.own or (
            after.name in self.old and after.name == name and before.name != after.name
        ):
            return
        yield Event(statement, step, name, name in self.filled)

    def dropped(self, statement: Statement, step: Dropped, name: str) -> Iterator[Event]:
        thing, after = step.thing, self.new.get(name)
        if isinstance(thing, Table):
            self.alias.pop(thing.name, None)
            if name in self.copied and name in self.old:
                after = after or self.end_of(statement, self.copied[name].target)
            if after is None or thing.kind != "table" or name not in self.old:
                yield Event(statement, step, name)
            elif name in self.copied:
                yield from self.rebuilt(statement, thing, name, after)
            else:
                self.own.add(name)
                yield Event(statement, step, name)
            return
        if after is not None and isinstance(thing, Column) and name in self.filled:
            again = after.column(thing.name)
            if again is not None:
                yield Event(statement, Changed(thing, again, step.table), name, True)
                return
        if after is None or not _still(thing, after):
            yield Event(statement, step, name, name in self.filled)

    def end_of(self, statement: Statement, name: str) -> Table | None:
        """What a table has become at the end, under whatever name; None if it is gone."""
        copies: dict[str, str] = {}
        later = self.ran.statements[self.ran.statements.index(statement) + 1 :]
        for each in later:
            for part in each.parts:
                copies |= dict.fromkeys(part.sources, part.target) if part.has("select") else {}
            for step in each.measured.steps:
                if isinstance(step, Dropped) and isinstance(step.thing, Table) and step.thing.name == name:
                    if name not in copies:
                        return None
                    name = copies[name]
                elif isinstance(step, Changed) and isinstance(step.after, Table) and step.table == name:
                    name = step.after.name
        return self.new.get(name)

    def rebuilt(self, statement: Statement, before: Table, name: str, last: Table) -> Iterator[Event]:
        """A table whose rows went into another one, which will have its name."""
        copy = self.copied.pop(name)
        after = self.made.get(copy.target, last)
        after = replace(after, indexes=last.indexes, triggers=last.triggers)
        if self.ran.dialect == "postgresql":
            self.own.add(name)  # nothing of the new one has a key of the old one
        else:
            self.stays.add(copy.target)
        for inner in within(_named(before, copy.columns), _named(after, {})):
            about_table = isinstance(inner, Changed) and isinstance(inner.before, Table)
            if not about_table and not _came(inner, self.old[name]):
                yield Event(statement, inner, name, name in self.filled, rebuilt=True)

    def is_new(self, step: Step, name: str) -> bool:
        """Whether the thing that goes, or changes, came with this revision."""
        thing: Any = step.before if isinstance(step, Changed) else step.thing
        table = self.old.get(name)
        if isinstance(step, Added) or table is None or isinstance(thing, Table | Trigger):
            return False
        things: dict[type, tuple[Any, ...]] = {
            Column: table.columns, Constraint: table.constraints, Index: table.indexes,
        }  # fmt: skip
        return all(each.key != thing.key for each in things.get(type(thing), ()))

    def was_there(self, thing: Any, name: str) -> bool:
        """Whether the table had an equal one before, so that it was only made anew."""
        old = self.old.get(name)
        if old is None or isinstance(thing, Column):
            return False
        if isinstance(thing, Index) and self.ran.dialect != "sqlite":
            return False
        return _still(thing, old)


def _came(step: Step, old: Table) -> bool:
    """Whether what goes, or changes, was not in the old table."""
    if isinstance(step, Added):
        return False
    thing = step.before if isinstance(step, Changed) else step.thing
    return old.column(thing.name) is None if isinstance(thing, Column) else not _still(thing, old)


def _still(thing: Any, table: Table) -> bool:
    """Whether the table has an equal thing, perhaps under another name."""
    if isinstance(thing, Constraint):
        return any(
            (each.kind, each.columns, each.references) == (thing.kind, thing.columns, thing.references)
            and (thing.kind != "check" or thing.columns or each.definition == thing.definition)
            for each in table.constraints
        )
    if isinstance(thing, Index):
        return any((each.columns, each.unique) == (thing.columns, thing.unique) for each in table.indexes)
    if isinstance(thing, Trigger):
        return any(each.name == thing.name for each in table.triggers)
    return False


def _named(table: Table, moved: dict[str, str]) -> Table:
    """The table with its things keyed by name (columns by the name of their copy), so that two compare."""
    return replace(
        table,
        key=table.name,
        columns=tuple(replace(each, key=moved.get(each.name, each.name)) for each in table.columns),
        constraints=tuple(
            replace(
                each,
                key=f"{each.kind}{each.columns or each.definition}{each.references}",
            )
            for each in table.constraints
        ),
        indexes=tuple(replace(each, key=each.name) for each in table.indexes),
    )


def _columns(part: Part) -> dict[str, str]:
    """Which column of the source goes to which column of the target of INSERT INTO t (…) SELECT …."""
    texts = [token.text for token in part.tokens]
    if "(" not in texts or "select" not in texts:
        return {}
    at = texts.index("select")
    closing = texts.index(")") if ")" in texts[:at] else 0
    targets = [text for text in texts[texts.index("(") + 1 : closing] if text != ","]
    end = next((i for i in range(at, len(texts)) if texts[i] == "from"), len(texts))
    items: list[list[str]] = [[]]
    depth = 0
    for text in texts[at + 1 : end]:
        depth += {"(": 1, ")": -1}.get(text, 0)
        if text == "," and depth == 0:
            items.append([])
        else:
            items[-1].append(text)
    if len(items) != len(targets):
        return {}
    return {source: target for target, item in zip(targets, items, strict=True) if (source := _source(item))}


def _source(item: list[str]) -> str:
    """The column that an item of a select list is: a, t.a, or CAST(t.a AS …) AS a."""
    words = item[2:] if item[:2] == ["cast", "("] else item
    if len(words) > 2 and words[1] == ".":
        return words[2]
    return words[0] if words and (len(words) == 1 or words[1] == "as") else ""
