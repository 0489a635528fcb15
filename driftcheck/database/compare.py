"""Compares two schemas read from the same engine: pure, and each difference is one thing at one place."""

from __future__ import annotations

import re
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from fnmatch import fnmatchcase
from typing import Any, TypeVar

from driftcheck.database.case import in_case_of
from driftcheck.database.columns import comment, values
from driftcheck.database.difference import (
    SENT_NARROWED,
    SENT_WIDENED,
    UNCLEAR,
    Meaning,
    changed,
    extra,
    missing,
    renamed,
)
from driftcheck.database.expression import canonical
from driftcheck.database.keys import compare_keys
from driftcheck.database.model import Database, Enum, Function, Name, Table, Trigger, View
from driftcheck.database.other_versions import as_before, prints_otherwise, unqualified
from driftcheck.database.relation_kinds import absent_columns, compare_kinds
from driftcheck.database.renames import called_otherwise, with_relations, with_types
from driftcheck.database.tables import compare_tables
from driftcheck.database.tokens import tokens
from driftcheck.database.unseen import is_unseen
from driftcheck.difference import Difference

T = TypeVar("T")
_NEXTVAL = re.compile(r"^nextval\('([^']+)'")


def everything(_difference: Difference) -> bool:
    """Keep every difference."""
    return True


@dataclass(frozen=True, slots=True)
class Selection:
    """What is compared: `schemas` beside the default one, and patterns of objects; `keeps` is the
    user's include_object / include_name (kind, name, table)."""

    schemas: frozenset[str] = frozenset()
    include: tuple[str, ...] = ()
    exclude: tuple[str, ...] = ()
    keeps: Callable[[Difference], bool] = everything

    def holds(self, difference: Difference) -> bool:
        """Whether a difference is to be reported."""
        place = difference.object
        if self.include and not any(_matches(place, pattern) for pattern in self.include):
            return False
        if any(_matches(place, pattern) for pattern in self.exclude):
            return False
        return self.keeps(difference)


def _matches(place: str, pattern: str) -> bool:
    """A pattern of a table holds for everything in it."""
    return fnmatchcase(place, pattern) or fnmatchcase(place, f"{pattern}.*")


def compare(
    expected: Database, actual: Database, selection: Selection | None = None
) -> tuple[Difference, ...]:
    """What `expected` relies on and `actual` does not give, and the reverse."""
    selection = selection or Selection()
    expected = as_before(expected, actual)
    schemas = _schemas(expected, selection)
    found = list(_renamed_enums(expected, actual))
    actual = with_types(actual, expected, {str(item.actual): item.object for item in found})
    actual = in_case_of(expected, actual)
    kinds, expected, actual = compare_kinds(expected, actual, schemas)
    tables = list(_tables(expected, actual, schemas))
    found += [*kinds, *tables, *_objects(expected, with_relations(actual, expected, tables), schemas)]
    return tuple(
        difference
        for difference in found
        if selection.holds(difference) and not is_unseen(difference, expected, actual)
    )


def _renamed_enums(expected: Database, actual: Database) -> Iterator[Difference]:
    """Enum types with the same values under another name."""
    ours = {item.name: item for item in expected.enums}
    theirs = {item.name: item for item in actual.enums}
    absent = [item for name, item in ours.items() if name not in theirs]
    surplus = [item for name, item in theirs.items() if name not in ours]
    for item in absent:
        same = [other for other in surplus if other.values == item.values]
        if len(same) == 1:
            surplus.remove(same[0])
            yield renamed("enum", str(item.name), str(item.name), str(same[0].name), 1.0, SENT_NARROWED)


def _schemas(expected: Database, selection: Selection) -> frozenset[str | None]:
    names = [*(item.name for item in expected.tables), *(item.name for item in expected.views)]
    named = {name.schema for name in (*names, *(item.name for item in expected.enums))}
    return frozenset({None, *named, *selection.schemas})


def _tables(expected: Database, actual: Database, schemas: frozenset[str | None]) -> Iterator[Difference]:
    ours = {table.name: table for table in expected.tables if table.name.schema in schemas}
    theirs = {table.name: table for table in actual.tables if table.name.schema in schemas}
    for schema in sorted(name for name in schemas if name and name not in actual.schemas):
        if schema in expected.schemas:
            yield missing("schema", schema, meaning=SENT_NARROWED)
            ours = {name: table for name, table in ours.items() if name.schema != schema}
    yield from compare_tables(ours, theirs, expected.dialect)


def _objects(expected: Database, actual: Database, schemas: frozenset[str | None]) -> Iterator[Difference]:
    def both(kind: str) -> tuple[dict[Any, Any], dict[Any, Any]]:
        return _named(getattr(expected, kind), schemas), _named(getattr(actual, kind), schemas)

    yield from _keyed("enum", *both("enums"), _enum, lost=SENT_NARROWED)
    domain = _fields("domain", "type", "nullable", "default", "check", "collation")
    yield from _keyed("domain", *both("domains"), domain)
    yield from _keyed("type", *both("composites"), _fields("type", "attributes"))

    def sequences() -> tuple[dict[Any, Any], dict[Any, Any]]:
        ours, theirs = both("sequences")
        return _unowned(ours, theirs, actual), _unowned(theirs, ours, expected)

    sequence = _fields("sequence", "type", "start", "increment", "minimum", "maximum", "cache", "cycle")
    yield from _keyed("sequence", *sequences(), sequence, lost=SENT_NARROWED)
    yield from _keyed("event", *both("events"), _fields("event", "definition", "enabled"), gained=UNCLEAR)
    spelled = unqualified if prints_otherwise(expected, actual) else _spelled
    yield from _views(*both("views"), expected.dialect, spelled)
    yield from _functions(expected, actual, schemas)
    yield from _triggers(expected, actual, schemas)
    for name in sorted(set(expected.extensions) - set(actual.extensions)):
        yield missing("extension", name, meaning=UNCLEAR)
    yield from _extension_versions(expected, actual)


def _unowned(ours: dict[Name, T], theirs: Mapping[Name, T], other: Database) -> dict[Name, T]:
    """Sequences but those that the other side has too, as property of the column that they number."""
    if not ours.keys() - theirs.keys():
        return ours
    serial = [column for table in other.tables for column in table.columns if column.numbering == "serial"]
    numbering = [_NEXTVAL.search(column.default or "") for column in serial]
    owned = {found[1].replace('"', "") for found in numbering if found}
    return {name: item for name, item in ours.items() if name in theirs or str(name) not in owned}


def _extension_versions(expected: Database, actual: Database) -> Iterator[Difference]:
    """Versions that the expected side names; a server of another major version ships others."""
    if expected.version[:1] != actual.version[:1]:
        return
    theirs = {name: version for name, _, version in map(_parted, actual.extension_versions)}
    for name, _, version in map(_parted, expected.extension_versions):
        if name in expected.extensions and theirs.get(name, version) != version:
            yield changed("extension", name, "version", version, theirs[name])


def _parted(version: str) -> tuple[str, str, str]:
    return version.rpartition(" ")


def _named(things: Sequence[Any], schemas: frozenset[str | None]) -> dict[Name, Any]:
    return {thing.name: thing for thing in things if thing.name.schema in schemas}


def _keyed(
    kind: str,
    ours: Mapping[Any, T],
    theirs: Mapping[Any, T],
    each: Callable[[str, T, T], Iterator[Difference]],
    lost: Meaning = UNCLEAR,
    gained: Meaning = SENT_WIDENED,
) -> Iterator[Difference]:
    for key in sorted(ours.keys() | theirs.keys(), key=str):
        if key not in theirs:
            yield missing(kind, str(key), meaning=lost)
        elif key not in ours:
            yield extra(kind, str(key), meaning=gained)
        elif ours[key] != theirs[key]:
            yield from each(str(key), ours[key], theirs[key])


def _fields(kind: str, *attributes: str) -> Callable[[str, Any, Any], Iterator[Difference]]:
    def each(label: str, one: Any, other: Any) -> Iterator[Difference]:
        for attribute in attributes:
            ours, theirs = getattr(one, attribute), getattr(other, attribute)
            if attribute == "definition" and not (ours and theirs):
                continue  # a role may see that it is there, and not what it does
            spelled = _canonical if attribute in {"check", "default"} else _spelled
            if spelled(ours) != spelled(theirs):
                yield changed(kind, label, attribute, ours, theirs)

    return each


def _canonical(value: Any) -> Any:
    """Expressions of the engine, in one spelling."""
    if isinstance(value, tuple):
        return tuple(sorted(_canonical(item) for item in value))
    return canonical(value) if isinstance(value, str) else value


def _spelled(value: Any) -> Any:
    """Text of the engine without its layout."""
    if isinstance(value, str):
        return " ".join(token.text for token in tokens(value))
    if isinstance(value, tuple):
        return tuple(_spelled(item) for item in value)
    return value


def _enum(label: str, one: Enum, other: Enum) -> Iterator[Difference]:
    if one.values != other.values:
        yield changed("enum", label, "values", one.values, other.values, values(one.values, other.values))
    if one.comment != other.comment:
        yield comment(label, one.comment, other.comment)


def _views(
    ours: Mapping[Name, View], theirs: Mapping[Name, View], dialect: str, spelled: Callable[[str], str]
) -> Iterator[Difference]:
    for name in sorted(ours.keys() | theirs.keys(), key=str):
        one, other = ours.get(name), theirs.get(name)
        kind = _kind(one or other)
        if other is None:
            yield missing(kind, str(name), meaning=SENT_NARROWED)
        elif one is None:
            yield extra(kind, str(name), meaning=SENT_WIDENED)
        else:
            yield from _view(kind, str(name), one, other, spelled)
            yield from compare_keys(_as_table(one), _as_table(other), dialect, frozenset(), frozenset())


def _kind(view: View | None) -> str:
    return "materialized_view" if view is not None and view.materialized else "view"


def _as_table(view: View) -> Table:
    """A view for those who look at indexes only."""
    return Table(view.name, (), indexes=view.indexes)


def _view(
    kind: str, label: str, one: View, other: View, spelled: Callable[[str], str]
) -> Iterator[Difference]:
    if not one.definition or not other.definition:
        # a model that only says that it is a view, or a role that may not see what it does
        yield from absent_columns(label, dict.fromkeys(one.columns), other)
        return
    if one.materialized != other.materialized:
        yield changed(kind, label, "materialized", one.materialized, other.materialized)
    if spelled(one.definition) != spelled(other.definition):
        yield changed(kind, label, "definition", one.definition, other.definition)
    if one.options != other.options:
        yield changed(kind, label, "options", one.options, other.options)
    if one.populated and not other.populated:
        yield changed(kind, label, "populated", True, False, SENT_NARROWED)
    if one.comment != other.comment:
        yield comment(label, one.comment, other.comment)


def _functions(expected: Database, actual: Database, schemas: frozenset[str | None]) -> Iterator[Difference]:
    """By name, and by arguments too where a side has several functions of one name."""
    ours, theirs = (
        [item for item in database.functions if item.name.schema in schemas]
        for database in (expected, actual)
    )
    several = {
        name
        for side in (ours, theirs)
        for name, count in Counter(item.name for item in side).items()
        if count > 1
    }

    def keyed(side: Sequence[Function]) -> dict[str, Function]:
        return {
            f"{item.name}{_arguments(item.signature) if item.name in several else ''}": item for item in side
        }

    yield from _keyed("function", keyed(ours), keyed(theirs), _fields("function", "definition"))


def _arguments(signature: str) -> str:
    return "(" + signature.partition("(")[2]


def _triggers(expected: Database, actual: Database, schemas: frozenset[str | None]) -> Iterator[Difference]:
    """A trigger on a table that one side lacks is that table's matter."""

    known = _relations(expected) & _relations(actual)

    def keyed(database: Database) -> dict[str, Any]:
        return {
            f"{item.table}.{item.name}": item
            for item in database.triggers
            if item.table in known and item.table.schema in schemas
        }

    each = _fields("trigger", "definition", "enabled")
    ours, theirs = keyed(expected), keyed(actual)
    for old, new in called_otherwise(ours, theirs, _anonymous):
        yield renamed("trigger", old, ours.pop(old).name, theirs.pop(new).name, 1.0)
    yield from _keyed("trigger", ours, theirs, each, gained=UNCLEAR)


def _anonymous(trigger: Trigger) -> Trigger:
    definition = re.sub(r"(TRIGGER) (?:\"[^\"]+\"|\S+)", r"\1", trigger.definition, count=1)
    return replace(trigger, name="", definition=definition)


def _relations(database: Database) -> set[Name]:
    return {item.name for item in database.tables} | {item.name for item in database.views}
