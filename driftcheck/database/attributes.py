"""The attributes of keys and indexes, how they are compared, and what losing or gaining one does."""

from __future__ import annotations

import math
from collections.abc import Iterator, Mapping
from typing import Any

from driftcheck.database.difference import (
    NEITHER,
    RECEIVED_WIDENED,
    SENT_NARROWED,
    SENT_WIDENED,
    UNCLEAR,
    Meaning,
    changed,
)
from driftcheck.database.expression import canonical
from driftcheck.database.model import (
    Check,
    Exclusion,
    ForeignKey,
    Index,
    IndexPart,
    PrimaryKey,
    Unique,
)
from driftcheck.difference import JSON, Difference

Key = PrimaryKey | ForeignKey | Unique | Check | Exclusion | Index
_PASSIVE = {"NO ACTION", "RESTRICT"}
_OF_PARTS = {
    "expression",
    "order",
    "opclass",
    "collation",
    "length",
}  # told with the columns where these differ


def values(key: Key) -> dict[str, JSON]:
    """Attribute by attribute, as the report shows them."""
    if isinstance(key, PrimaryKey):
        return {"columns": key.columns, "deferrable": key.deferrable, "on_conflict": key.on_conflict}
    if isinstance(key, ForeignKey):
        return {
            "columns": key.columns,
            "target": key.target,
            "ondelete": key.ondelete,
            "onupdate": key.onupdate,
            "deferrable": key.deferrable,
            "match": key.match,
            "valid": key.valid,
        }
    if isinstance(key, Unique):
        return {
            "columns": key.columns,
            "deferrable": key.deferrable,
            "nulls_not_distinct": key.nulls_not_distinct,
            "include": key.include,
            "on_conflict": key.on_conflict,
        }
    if isinstance(key, Check):
        return {"expression": key.expression, "valid": key.valid, "no_inherit": key.no_inherit}
    if isinstance(key, Exclusion):
        return {"definition": key.definition, "deferrable": key.deferrable}
    return _index(key)


def _index(index: Index) -> dict[str, JSON]:
    parts = index.parts
    return {
        "columns": index.columns,
        "expression": tuple(part.expression for part in parts if part.expression),
        "order": tuple(_order(part) for part in parts),
        "unique": index.unique,
        "predicate": index.predicate,
        "include": index.include,
        "method": index.method,
        "opclass": tuple(part.opclass for part in parts),
        "collation": tuple(part.collation for part in parts),
        "length": tuple(part.length for part in parts),
        "nulls_not_distinct": index.nulls_not_distinct,
        "valid": index.valid,
        "options": index.options,
    }


def _order(part: IndexPart) -> str:
    nulls = " NULLS FIRST" if part.nulls_first and not part.descending else ""
    if part.descending and not part.nulls_first:
        nulls = " NULLS LAST"
    return ("DESC" if part.descending else "ASC") + nulls


def comparable(key: Key) -> dict[str, Any]:
    """The same attributes, with expressions in their canonical spelling."""
    found: dict[str, Any] = dict(values(key))
    if isinstance(key, Index):
        found["columns"] = tuple(part.column or "(expression)" for part in key.parts)
    if isinstance(key, ForeignKey):
        found["columns"], found["target"] = _pairs(key)
    for attribute in ("expression", "predicate", "definition"):
        text = found.get(attribute)
        if isinstance(text, str):
            found[attribute] = canonical(text)
        elif isinstance(text, tuple):
            found[attribute] = tuple(canonical(item) for item in text)
    return found


def _pairs(key: ForeignKey) -> tuple[tuple[str, ...], str]:
    """Columns and target in one order: (a, b) -> p(x, y) is (b, a) -> p(y, x)."""
    table, _, rest = key.target.partition("(")
    targets = rest.removesuffix(")").split(",")
    if len(targets) != len(key.columns):
        return key.columns, key.target
    pairs = sorted(zip(key.columns, targets, strict=True))
    return tuple(pair[0] for pair in pairs), f"{table}({','.join(pair[1] for pair in pairs)})"


def compare(one: Key, other: Key) -> Iterator[str]:
    """The attributes that differ."""
    ours, theirs = comparable(one), comparable(other)
    moved = ours.get("columns") != theirs.get("columns")
    for attribute, value in ours.items():
        if value == theirs.get(attribute):
            continue
        if attribute in {"ondelete", "onupdate"} and not (value and theirs.get(attribute)):
            continue  # a role of MySQL may see the key, and not what it does
        if moved and isinstance(one, Index) and attribute in _OF_PARTS:
            continue
        yield attribute


def differences(kind: str, label: str, expected: Key, actual: Key) -> Iterator[Difference]:
    """One Difference an attribute."""
    ours, theirs = values(expected), values(actual)
    for attribute in compare(expected, actual):
        meaning = _meaning(kind, attribute, ours, theirs)
        yield changed(kind, label, attribute, ours[attribute], theirs[attribute], meaning)


def _meaning(kind: str, attribute: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Meaning:
    if attribute in {"ondelete", "onupdate"}:
        return _action(ours[attribute], theirs[attribute])
    if attribute == "unique":
        return SENT_NARROWED if theirs["unique"] else RECEIVED_WIDENED
    if attribute == "predicate" and ours["unique"] and theirs["unique"]:
        if ours["predicate"] is None:
            return RECEIVED_WIDENED
        return SENT_NARROWED if theirs["predicate"] is None else UNCLEAR
    if attribute == "deferrable" and ours[attribute] and not theirs[attribute]:
        return SENT_NARROWED
    if attribute == "nulls_not_distinct":
        return SENT_NARROWED if theirs[attribute] else RECEIVED_WIDENED
    if attribute == "valid":
        return NEITHER if theirs["valid"] else UNCLEAR
    if kind in {"primary_key", "unique"} and attribute == "columns":
        return _key_columns(set(ours["columns"]), set(theirs["columns"]))
    if kind == "foreign_key" and attribute in {"target", "columns"}:
        return SENT_NARROWED
    if kind == "index" and ours["unique"] and theirs["unique"]:
        return _unique_index(attribute, ours, theirs)
    return UNCLEAR


def _key_columns(ours: set[str], theirs: set[str]) -> Meaning:
    """Fewer key columns refuse more rows, more of them let duplicates in."""
    if ours == theirs:
        return NEITHER
    if theirs < ours:
        return SENT_NARROWED
    return RECEIVED_WIDENED if ours < theirs else UNCLEAR


def _unique_index(attribute: str, ours: Mapping[str, Any], theirs: Mapping[str, Any]) -> Meaning:
    """What may be stored follows the columns, and the beginnings of them that MySQL looks at."""
    if attribute == "length":
        return _prefixes(ours["length"], theirs["length"])
    if attribute == "columns" and not ours["expression"] and not theirs["expression"]:
        found = _key_columns(set(ours["columns"]), set(theirs["columns"]))
        return UNCLEAR if found is NEITHER else found
    return UNCLEAR


def _prefixes(ours: tuple[int | None, ...], theirs: tuple[int | None, ...]) -> Meaning:
    """A shorter beginning that must be unique refuses more rows, a longer one lets duplicates in."""
    pairs = [
        (one or math.inf, other or math.inf) for one, other in zip(ours, theirs, strict=False) if one != other
    ]
    if all(other < one for one, other in pairs):
        return SENT_NARROWED
    return RECEIVED_WIDENED if all(other > one for one, other in pairs) else UNCLEAR


def _action(ours: str, theirs: str) -> Meaning:
    if {ours, theirs} <= _PASSIVE:
        return NEITHER
    return SENT_NARROWED if theirs in _PASSIVE else UNCLEAR


def summary(key: Key) -> JSON:
    """A key in words, for missing and extra ones."""
    if isinstance(key, ForeignKey):
        return f"({', '.join(key.columns)}) -> {key.target}"
    if isinstance(key, Check):
        return key.expression
    if isinstance(key, Exclusion):
        return key.definition
    text = f"({', '.join(key.columns)})"
    if isinstance(key, Index):
        text = ("unique " if key.unique else "") + text
        text += f" where {key.predicate}" if key.predicate else ""
    return text


def lost(key: Key) -> Meaning:
    """What it does that the key is not there: what it kept out may now be read."""
    if isinstance(key, PrimaryKey | Unique) or (isinstance(key, Index) and key.unique):
        return RECEIVED_WIDENED
    return UNCLEAR


def gained(key: Key) -> Meaning:
    """What it does that the key is there: it refuses what code may send; a plain index refuses nothing."""
    if isinstance(key, Index) and not key.unique:
        return SENT_WIDENED
    return SENT_NARROWED


def as_unique(key: Key) -> tuple[Any, ...] | None:
    """What a key enforces if it is a plain uniqueness, however it was declared."""
    if isinstance(key, Unique):
        return (key.columns, key.deferrable, key.nulls_not_distinct, key.include, key.on_conflict)
    if isinstance(key, Index) and key.unique and _plain(key):
        return (key.columns, None, key.nulls_not_distinct, key.include, None)
    return None


def _plain(index: Index) -> bool:
    simple = all(
        not (part.expression or part.opclass or part.length or part.collation) for part in index.parts
    )
    return simple and index.predicate is None and index.valid and index.method == "btree"


def as_constraint(key: Key) -> Unique:
    """A plain unique index seen as a constraint."""
    if isinstance(key, Unique):
        return key
    assert isinstance(key, Index)
    return Unique(key.name, key.columns, None, key.nulls_not_distinct, key.include)


def as_index(key: Key) -> Index:
    """A unique constraint seen as an index, to compare it with one."""
    if isinstance(key, Index):
        return key
    parts = tuple(IndexPart(column) for column in key.columns)
    nulls = isinstance(key, Unique) and key.nulls_not_distinct
    include = key.include if isinstance(key, Unique) else ()
    return Index(key.name or "", parts, unique=True, include=include, nulls_not_distinct=nulls)
