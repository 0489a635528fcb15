"""Compares the tables of two schemas: renames first, then columns, keys and properties of each pair."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import SequenceMatcher

from driftcheck.database import types
from driftcheck.database.columns import comment, compare_columns
from driftcheck.database.difference import (
    SENT_NARROWED,
    SENT_WIDENED,
    UNCLEAR,
    changed,
    extra,
    missing,
    renamed,
)
from driftcheck.database.expression import canonical
from driftcheck.database.keys import compare_keys
from driftcheck.database.model import Column, Name, Policy, Table
from driftcheck.database.renames import (
    called_otherwise,
    case_twins,
    column_renames,
    table_renames,
    with_columns,
    with_targets,
)
from driftcheck.difference import Difference

_OPTIONS = (
    "unlogged",
    "foreign",
    "engine",
    "charset",
    "collation",
    "strict",
    "without_rowid",
    "versioned",
    "options",
    "inherits",
    "row_security",
    "force_row_security",
)


_CASELESS = {"sqlite", "mysql", "mariadb"}  # a column may be written in any case


@dataclass(frozen=True, slots=True)
class _Matched:
    """Two tables, with the columns of the actual one called by their expected names."""

    expected: Table
    actual: Table
    renames: tuple[Difference, ...]
    names: Mapping[str, str]


def compare_tables(
    expected: Mapping[Name, Table], actual: Mapping[Name, Table], dialect: str
) -> Iterator[Difference]:
    """All differences of tables and of what belongs to them."""
    renamed_tables: dict[str, str] = {}
    absent = [table for name, table in expected.items() if name not in actual]
    surplus = [table for name, table in actual.items() if name not in expected]
    pairs = [(table, actual[name]) for name, table in expected.items() if name in actual]
    told: set[str] = set()
    for one, other, confidence in table_renames(absent, surplus):
        renamed_tables[str(other.name)] = str(one.name)
        told |= {str(one.name), str(other.name)}
        pairs.append((one, replace(other, name=one.name)))
        yield renamed("table", str(one.name), str(one.name), str(other.name), confidence, SENT_NARROWED)
    for table in absent:
        if str(table.name) not in told:
            yield missing("table", str(table.name), [column.name for column in table.columns], SENT_NARROWED)
    for table in surplus:
        if str(table.name) not in told:
            yield extra("table", str(table.name), [column.name for column in table.columns], SENT_WIDENED)
    yield from _matched(pairs, renamed_tables, dialect)


def _matched(
    pairs: list[tuple[Table, Table]], tables: Mapping[str, str], dialect: str
) -> Iterator[Difference]:
    matched = [_match(one, other, dialect) for one, other in pairs if one != other]
    columns = {(str(item.expected.name), new): old for item in matched for new, old in item.names.items()}
    for item in matched:
        actual = with_targets(item.actual, tables, columns)
        yield from item.renames
        yield from _compare(item.expected, actual, dialect)


def _match(expected: Table, actual: Table, dialect: str) -> _Matched:
    here = {column.name for column in expected.columns}
    there = {column.name for column in actual.columns}
    names = case_twins(here, there) if dialect in _CASELESS else {}
    there |= set(names.values())
    absent = [column for column in expected.columns if column.name not in there]
    surplus = [column for column in actual.columns if column.name not in here and column.name not in names]
    found = []
    for old, new, confidence in column_renames(absent, surplus):
        names[new] = old
        found.append(renamed("column", f"{expected.name}.{old}", old, new, confidence, SENT_NARROWED))
    return _Matched(expected, with_columns(actual, names), tuple(found), names)


def _compare(expected: Table, actual: Table, dialect: str) -> Iterator[Difference]:
    label = str(expected.name)
    yield from _properties(label, expected, actual)
    if expected.foreign != actual.foreign:
        expected, actual = _without_keys(expected), _without_keys(actual)
    ours = {column.name: column for column in expected.columns}
    theirs = {column.name: column for column in actual.columns}
    for name, column in ours.items():
        if name in theirs:
            yield from compare_columns(f"{label}.{name}", column, theirs[name], dialect)
        else:
            yield missing("column", f"{label}.{name}", types.show(column.type), SENT_NARROWED)
    for name, column in theirs.items():
        if name not in ours:
            yield _extra_column(f"{label}.{name}", column)
    yield from _order(label, list(ours), list(theirs))
    absent, surplus = frozenset(ours.keys() - theirs.keys()), frozenset(theirs.keys() - ours.keys())
    yield from compare_keys(expected, actual, dialect, absent, surplus)
    yield from _policies(label, expected.policies, actual.policies)


def _without_keys(table: Table) -> Table:
    """What a foreign table can be held to: its defaults and keys are those of the other server."""
    columns = tuple(replace(item, default=None, numbering=None, identity=None) for item in table.columns)
    return Table(table.name, columns, policies=table.policies)


def _extra_column(label: str, column: Column) -> Difference:
    meaning = SENT_WIDENED if column.fills_itself else SENT_NARROWED
    return extra("column", label, types.show(column.type), meaning)


def _order(label: str, ours: list[str], theirs: list[str]) -> Iterator[Difference]:
    """The fewest columns that would have to move."""
    here, there = [name for name in ours if name in theirs], [name for name in theirs if name in ours]
    if here == there:
        return
    blocks = SequenceMatcher(None, here, there, autojunk=False).get_matching_blocks()
    kept = {name for block in blocks for name in here[block.a : block.a + block.size]}
    for name in here:
        if name not in kept:
            yield changed("column", f"{label}.{name}", "order", here.index(name) + 1, there.index(name) + 1)


def _properties(label: str, expected: Table, actual: Table) -> Iterator[Difference]:
    for attribute in _OPTIONS:
        ours, theirs = getattr(expected, attribute), getattr(actual, attribute)
        if attribute == "collation" and expected.charset != actual.charset:
            continue  # another character set always brings another collation
        if attribute == "options" and expected.engine != actual.engine:
            continue  # each engine has options of its own
        if ours != theirs:
            yield changed("table", label, attribute, ours, theirs)
    if expected.comment != actual.comment:
        yield comment(label, expected.comment, actual.comment)
    ours, theirs = expected.partition, actual.partition
    if ours is None and theirs is not None:
        yield extra("partition", label, theirs, UNCLEAR)
    elif theirs is None and ours is not None:
        yield missing("partition", label, ours, UNCLEAR)
    elif ours is not None and theirs is not None and canonical(ours) != canonical(theirs):
        yield changed("partition", label, "key", ours, theirs)


def _policies(label: str, ours: tuple[Policy, ...], theirs: tuple[Policy, ...]) -> Iterator[Difference]:
    here, there = {policy.name: policy for policy in ours}, {policy.name: policy for policy in theirs}
    for old, new in called_otherwise(here, there, lambda policy: replace(policy, name="")):
        yield renamed("policy", f"{label}.{old}", here.pop(old).name, there.pop(new).name, 1.0)
    for name in here.keys() | there.keys():
        place = f"{label}.{name}"
        if name not in there:
            yield missing("policy", place, here[name].using, UNCLEAR)
        elif name not in here:
            yield extra("policy", place, there[name].using, UNCLEAR)
        else:
            yield from _policy(place, here[name], there[name])


def _policy(place: str, ours: Policy, theirs: Policy) -> Iterator[Difference]:
    for attribute in ("command", "permissive", "roles"):
        if getattr(ours, attribute) != getattr(theirs, attribute):
            yield changed("policy", place, attribute, getattr(ours, attribute), getattr(theirs, attribute))
    for attribute in ("using", "check"):
        one, other = getattr(ours, attribute), getattr(theirs, attribute)
        if canonical(one or "") != canonical(other or ""):
            yield changed("policy", place, attribute, one, other)
