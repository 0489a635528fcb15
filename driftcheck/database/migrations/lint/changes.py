"""What a statement did to the schema: pure comparison of the moment before with the moment after it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from typing import Any, TypeAlias

from driftcheck.database.migrations.lint.schema import (
    Column,
    Constraint,
    Extension,
    Index,
    Namespace,
    Schema,
    Table,
    Trigger,
    Type,
)

Thing: TypeAlias = Table | Column | Constraint | Index | Trigger | Type | Namespace | Extension


@dataclass(frozen=True, slots=True)
class Added:
    """`table` is what it belongs to, as it was before; a table belongs to itself."""

    thing: Thing
    table: str = ""


@dataclass(frozen=True, slots=True)
class Dropped:
    """See Added."""

    thing: Thing
    table: str = ""


@dataclass(frozen=True, slots=True)
class Changed:
    """The same thing, before and after."""

    before: Thing
    after: Thing
    table: str = ""


Step: TypeAlias = Added | Dropped | Changed


def changes(before: Schema, after: Schema) -> Iterator[Step]:
    """All steps from one schema to the other; what belongs to a new or dropped table is not listed apart."""
    for old, new in _pairs(before.tables, after.tables):
        if old is None or new is None:
            name = (old or new).name
            yield Added(new, name) if new is not None else Dropped(old, name)
        elif old != new:
            yield from within(old, new)
    for one, other in (
        (before.types, after.types),
        (before.namespaces, after.namespaces),
        (before.extensions, after.extensions),
    ):
        for left, right in _pairs(one, other):
            yield from _step(left, right, "")


def within(old: Table, new: Table) -> Iterator[Step]:
    """The steps from one state of a table to another."""
    bare = {"columns": (), "constraints": (), "indexes": (), "triggers": ()}
    one, other = replace(old, **bare), replace(new, **bare)  # type: ignore[arg-type]
    if one != other:
        yield Changed(one, other, old.name)
    for left, right in (
        (_by_key(old.columns), _by_key(new.columns)),
        (_by_key(old.constraints), _by_key(new.constraints)),
        (_by_key(old.indexes), _by_key(new.indexes)),
        ({each.name: each for each in old.triggers}, {each.name: each for each in new.triggers}),
    ):
        steps = [step for first, second in _pairs(left, right) for step in _step(first, second, old.name)]
        yield from _made_anew(steps)


def _made_anew(steps: list[Step]) -> Iterator[Step]:
    """PostgreSQL drops and creates what depends on a column whose type changes: that is no change of it."""
    fresh = {_label(step.thing): step.thing for step in steps if isinstance(step, Added)}
    again = {_label(step.thing) for step in steps if isinstance(step, Dropped)} & set(fresh)
    for step in steps:
        if isinstance(step, Changed) or _label(step.thing) not in again:
            yield step
        elif isinstance(step, Dropped):
            old, new = step.thing, fresh[_label(step.thing)]
            if _same(old) != _same(new):
                yield Changed(old, new, step.table)


def _label(thing: Thing) -> tuple[str, str]:
    """Columns are never the same when their keys differ: their values are others."""
    return (
        type(thing).__name__,
        thing.name if isinstance(thing, Index | Constraint) and thing.name else str(id(thing)),
    )


def _same(thing: Thing) -> tuple[object, ...]:
    if isinstance(thing, Index):
        return (thing.definition, thing.node)
    return (thing.definition, thing.validated) if isinstance(thing, Constraint) else (thing,)


def _step(old: Any, new: Any, table: str) -> Iterator[Step]:
    if old is None:
        yield Added(new, table)
    elif new is None:
        yield Dropped(old, table)
    elif old != new:
        yield Changed(old, new, table)


def _by_key(things: Sequence[Any]) -> dict[Any, Any]:
    return {each.key: each for each in things}


def _pairs(old: Mapping[Any, Any], new: Mapping[Any, Any]) -> Iterator[tuple[Any, Any]]:
    for key, thing in old.items():
        yield thing, new.get(key)
    for key, thing in new.items():
        if key not in old:
            yield None, thing
