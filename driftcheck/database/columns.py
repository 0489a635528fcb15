"""Compares two columns, attribute by attribute, and says what each difference does to INSERT and SELECT."""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import asdict

from driftcheck.database import types
from driftcheck.database.difference import (
    NEITHER,
    RECEIVED_WIDENED,
    SENT_NARROWED,
    SENT_WIDENED,
    UNCLEAR,
    Meaning,
    changed,
)
from driftcheck.database.expression import canonical, canonical_default
from driftcheck.database.model import Column, DataType
from driftcheck.difference import Difference

_PLAIN_TEXT = {"TEXT", "VARCHAR", "CHAR", "NVARCHAR"}
_MOMENT = re.compile(r"'\d{4}-\d\d-\d\d[ T]\d\d:\d\d:\d\d\.\d+([+-]\d\d(:?\d\d)?|Z)?'")


def compare_columns(name: str, expected: Column, actual: Column, dialect: str) -> Iterator[Difference]:
    """All differences between two columns of one name."""
    if expected == actual:
        return
    yield from _types(name, expected.type, actual.type, dialect)
    if expected.nullable != actual.nullable:
        meaning = RECEIVED_WIDENED if actual.nullable else SENT_NARROWED
        yield changed("column", name, "nullable", expected.nullable, actual.nullable, meaning)
    yield from _numbering(name, expected, actual)
    yield from _default(name, expected, actual, dialect)
    yield from _expression(name, expected, actual)
    same_base = not _another_base(expected.type, actual.type, dialect)
    if expected.on_conflict != actual.on_conflict:
        yield changed("column", name, "on_conflict", expected.on_conflict, actual.on_conflict)
    for attribute in ("collation", "charset") if same_base else ():
        ours, theirs = getattr(expected, attribute), getattr(actual, attribute)
        if ours != theirs and (attribute == "charset" or expected.charset == actual.charset):
            yield changed("column", name, attribute, ours, theirs)
    if canonical(expected.onupdate or "") != canonical(actual.onupdate or ""):
        yield changed("column", name, "onupdate", expected.onupdate, actual.onupdate)
    if expected.options != actual.options:
        yield changed("column", name, "options", expected.options, actual.options)
    if expected.comment != actual.comment:
        yield comment(name, expected.comment, actual.comment)


def comment(name: str, expected: str | None, actual: str | None) -> Difference:
    """A comment is an object of its own kind, at the place it comments on."""
    return changed("comment", name, "comment", expected, actual)


def _types(name: str, expected: DataType, actual: DataType, dialect: str) -> Iterator[Difference]:
    if expected == actual:
        return
    shown = types.show(expected), types.show(actual)
    if _another_base(expected, actual, dialect):
        yield changed("column", name, "type", *shown, types.meaning(expected, actual, dialect))
        return
    if expected.unsigned != actual.unsigned:
        yield changed("column", name, "unsigned", expected.unsigned, actual.unsigned, SENT_NARROWED)
    if expected.timezone != actual.timezone:
        yield changed("column", name, "timezone", expected.timezone, actual.timezone)
    if expected.fields != actual.fields:
        yield changed("column", name, "type", *shown)
    if expected.values != actual.values:
        yield changed(
            "column", name, "values", expected.values, actual.values, values(expected.values, actual.values)
        )
    yield from _sizes(name, expected, actual, dialect)


def _another_base(expected: DataType, actual: DataType, dialect: str) -> bool:
    if expected.dimensions != actual.dimensions:
        return True
    unlimited = expected.length is None and actual.length is None
    if dialect == "sqlite" and unlimited and {expected.name, actual.name} <= _PLAIN_TEXT:
        return False
    return expected.name != actual.name


def _sizes(name: str, expected: DataType, actual: DataType, dialect: str) -> Iterator[Difference]:
    clock = types.family(expected) in {"timestamp", "time", "interval"}
    for attribute in ("length", "precision", "scale"):
        ours, theirs = getattr(expected, attribute), getattr(actual, attribute)
        if ours == theirs:
            continue
        if attribute == "scale" and None in {expected.precision, actual.precision}:
            continue
        if dialect == "sqlite":
            meaning = NEITHER if attribute == "precision" else UNCLEAR
        else:
            meaning = UNCLEAR if clock else types.size(ours, theirs)
        yield changed("column", name, attribute, ours, theirs, meaning)


def values(expected: tuple[str, ...], actual: tuple[str, ...]) -> Meaning:
    """Of the labels of an enum: one too few breaks writes, one too many breaks reads."""
    if set(expected) - set(actual):
        return SENT_NARROWED
    return RECEIVED_WIDENED if set(actual) - set(expected) else UNCLEAR


def _numbering(name: str, expected: Column, actual: Column) -> Iterator[Difference]:
    ours, theirs = expected.numbering, actual.numbering
    if (ours is None) != (theirs is None):
        yield _numbers_itself(name, expected, actual)
    elif expected.identity is not None and actual.identity is not None:
        if expected.identity != actual.identity:
            yield changed(
                "column",
                name,
                "identity",
                asdict(expected.identity),
                asdict(actual.identity),
                _mode(expected, actual),
            )
    elif "identity" in {ours, theirs} and _always(expected) != _always(actual):
        yield changed("column", name, "identity", ours, theirs, _mode(expected, actual))
    elif ours == theirs == "sequence" and canonical(expected.default or "") != canonical(
        actual.default or ""
    ):
        yield changed("column", name, "default", expected.default, actual.default)
    elif {ours, theirs} == {"rowid", "autoincrement"}:
        yield changed("column", name, "autoincrement", ours == "autoincrement", theirs == "autoincrement")


def _numbers_itself(name: str, expected: Column, actual: Column) -> Difference:
    ours, theirs = expected.numbering, actual.numbering
    attribute = "identity" if "identity" in {ours, theirs} else "default"
    if theirs is None:
        return changed("column", name, attribute, expected.default or ours, actual.default, SENT_NARROWED)
    meaning = SENT_NARROWED if _always(actual) else SENT_WIDENED
    return changed("column", name, attribute, expected.default, actual.default or theirs, meaning)


def _always(column: Column) -> bool:
    return column.identity is not None and column.identity.always


def _mode(expected: Column, actual: Column) -> Meaning:
    if _always(expected) == _always(actual):
        return UNCLEAR
    return SENT_NARROWED if _always(actual) else SENT_WIDENED


def _default(name: str, expected: Column, actual: Column, dialect: str) -> Iterator[Difference]:
    if expected.numbering or actual.numbering:
        return
    if expected.expression is not None or actual.expression is not None:
        return
    numeric = any(types.is_numeric(column.type) for column in (expected, actual))
    numeric = numeric or "BOOLEAN" in {expected.type.name, actual.type.name}
    one, other = (types.show(column.type) if dialect == "postgresql" else "" for column in (expected, actual))
    array = bool(expected.type.dimensions or actual.type.dimensions)
    ours = canonical_default(expected.default, numeric=numeric, array=array, column=one)
    theirs = canonical_default(actual.default, numeric=numeric, array=array, column=other)
    if dialect == "sqlite" and _is_text(expected.type) and _is_text(actual.type):
        ours, theirs = _as_text(ours), _as_text(theirs)
    if ours == theirs or (_computed(ours) and _computed(theirs)):
        return
    if (
        ours
        and theirs
        and ours.strip("'") == theirs.strip("'")
        and _another_base(expected.type, actual.type, dialect)
    ):
        return  # the same word as a value of another type
    meaning: Meaning = UNCLEAR
    if theirs is None and not actual.nullable:
        meaning = SENT_NARROWED
    elif ours is None:
        meaning = SENT_WIDENED
    yield changed("column", name, "default", expected.default, actual.default, meaning)


def _is_text(kind: DataType) -> bool:
    """Whether SQLite makes text of what is stored (its rules of type affinity)."""
    return any(word in kind.name.upper() for word in ("CHAR", "CLOB", "TEXT"))


def _as_text(default: str | None) -> str | None:
    return f"'{default}'" if default is not None and re.fullmatch(r"\d+", default) else default


def _expression(name: str, expected: Column, actual: Column) -> Iterator[Difference]:
    ours, theirs = expected.expression, actual.expression
    if ours is None and theirs is None:
        return
    if ours is None or theirs is None:
        meaning = SENT_NARROWED if ours is None else RECEIVED_WIDENED
        yield changed("column", name, "expression", ours, theirs, meaning)
    elif canonical(ours) != canonical(theirs):
        yield changed("column", name, "expression", ours, theirs)
    elif expected.stored != actual.stored:
        yield changed("column", name, "stored", expected.stored, actual.stored)


def _computed(default: str | None) -> bool:
    """Whether it is a moment with parts of a second: nobody writes one. Python put it there when it ran, as
    `server_default=str(datetime.now())` does, and another run makes another."""
    return default is not None and _MOMENT.fullmatch(default) is not None
