"""Compares the constraints and indexes of two tables.

Things are paired by the name their author gave, then by what they are; so a name left open by one side
is no difference, and a unique constraint is the same as a plain unique index over the same columns.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, replace

from driftcheck.database import attributes
from driftcheck.database.columns import comment
from driftcheck.database.difference import NEITHER, Meaning, changed, extra, missing, renamed
from driftcheck.database.expression import canonical
from driftcheck.database.model import (
    Check,
    Exclusion,
    ForeignKey,
    Index,
    Name,
    PrimaryKey,
    Table,
    Unique,
)
from driftcheck.database.naming import is_generated, label
from driftcheck.database.tokens import tokens
from driftcheck.difference import Difference

_INDEX_FOREIGN_KEYS = {"mysql", "mariadb"}  # these make an index for a foreign key that has none
_CASELESS = {"sqlite", *_INDEX_FOREIGN_KEYS}
_BOOLEANS = {"boolean", "tinyint"}
Key = PrimaryKey | ForeignKey | Unique | Check | Exclusion | Index


@dataclass(frozen=True, slots=True)
class Item:
    """A key with its kind and label; `given` is the name its author chose, or None, and `known_as` the same
    as the engine knows it: most write names in any case."""

    kind: str
    key: Key
    label: str
    given: str | None
    columns: tuple[str, ...]
    known_as: str | None = None


def compare_keys(
    expected: Table, actual: Table, dialect: str, absent: frozenset[str], surplus: frozenset[str]
) -> Iterator[Difference]:
    """Differences of keys; that one over `absent` or `surplus` columns has no counterpart is the columns' own
    fault."""
    for one, other in _paired(items(expected, dialect), items(actual, dialect)):
        if one is None and other is not None and _hangs_on(other, surplus):
            continue
        if other is None and one is not None and _hangs_on(one, absent):
            continue
        if (one is None or other is None) and _says_the_key_again(one or other, expected, actual):
            continue
        if dialect in _INDEX_FOREIGN_KEYS and _serves_a_key(one, other, expected, actual):
            continue
        if other is None:
            assert one is not None
            yield missing(one.kind, one.label, attributes.summary(one.key), attributes.lost(one.key))
        elif one is None:
            found = extra(other.kind, other.label, attributes.summary(other.key), _gained(other, expected))
            yield _told(found, other)
        else:
            yield from (_told(found, other) for found in _pair(one, other))


def _told(difference: Difference, actual: Item) -> Difference:
    """With the name and the kind of what is there, which a fix has to drop."""
    facts = {"named": actual.key.name, "kind": actual.kind}
    return difference if difference.rename is not None else replace(difference, facts=facts)


def _gained(item: Item, expected: Table) -> Meaning:
    """SQLAlchemy once gave each boolean a check of 0 and 1; it refuses nothing that a boolean is."""
    if not isinstance(item.key, Check) or len(item.columns) != 1:
        return attributes.gained(item.key)
    boolean = any(
        column.name.lower() == item.columns[0].lower() and column.type.name.lower() in _BOOLEANS
        for column in expected.columns
    )
    either = canonical(f"{item.columns[0]} IN (0, 1)") == canonical(item.key.expression)
    return NEITHER if boolean and either else attributes.gained(item.key)


def _says_the_key_again(item: Item | None, *tables: Table) -> bool:
    """Whether it is a uniqueness that both primary keys give anyway; PostgreSQL leaves such a constraint out
    when it stands in CREATE TABLE, and makes it when it is added later."""
    if item is None or item.kind != "unique":
        return False
    keys = [table.primary_key for table in tables]
    return all(key is not None and set(key.columns) == set(item.columns) for key in keys)


def _serves_a_key(one: Item | None, other: Item | None, expected: Table, actual: Table) -> bool:
    """Whether it is a plain index over just the columns of a foreign key. The side that seems to lack it has
    one for that key under another name; and one that was made for a lost key is no news beside the loss."""
    item = one or other
    if item is None or (one is not None and other is not None):
        return False
    index, lacking = item.key, actual if other is None else expected
    if not isinstance(index, Index) or index.unique or index.method != "btree":
        return False
    keys = {key.columns for key in lacking.foreign_keys}
    if index.columns not in keys or any(part.length for part in index.parts):
        return False
    return index.columns in {each.columns for each in lacking.indexes} or not _begins(index, lacking)


def _begins(index: Index, table: Table) -> bool:
    """Whether a longer key begins with its columns: that one serves a foreign key as well."""
    longer = (table.primary_key, *table.uniques, *table.indexes)
    size = len(index.columns)
    return any(key is not None and key.columns[:size] == index.columns for key in longer)


def _hangs_on(item: Item, columns: frozenset[str]) -> bool:
    """Only the primary key is compared whatever became of its columns."""
    return item.kind != "primary_key" and not columns.isdisjoint(item.columns)


def items(table: Table, dialect: str) -> list[Item]:
    """All keys of a table but the indexes that MySQL makes for foreign keys."""
    found: list[tuple[str, Key]] = []
    if table.primary_key is not None:
        found.append(("primary_key", table.primary_key))
    found += [("foreign_key", key) for key in table.foreign_keys]
    found += [("unique", key) for key in table.uniques]
    found += [("check", _with_columns(key, table)) for key in table.checks]
    found += [("exclusion", key) for key in table.exclusions]
    implicit = {(key.columns, name) for key in table.foreign_keys for name in (key.name, key.columns[0])}
    found += [
        ("index", index)
        for index in table.indexes
        if dialect not in _INDEX_FOREIGN_KEYS or (index.columns, index.name) not in implicit
    ]
    return [_item(kind, key, table.name, dialect) for kind, key in found]


def _item(kind: str, key: Key, table: Name, dialect: str) -> Item:
    columns = tuple(key.columns)
    generated = is_generated(dialect, kind, key.name, table, columns)
    plain = tuple(part.column for part in key.parts if part.column) if isinstance(key, Index) else columns
    given = None if generated else key.name
    known_as = given.lower() if given and dialect in _CASELESS else given
    return Item(kind, key, label(dialect, kind, key.name, table, columns), given, plain, known_as)


def _with_columns(check: Check, table: Table) -> Check:
    """Engines but PostgreSQL do not say which columns a check is about: those that it names."""
    if check.columns:
        return check
    words = {token.text.lower() for token in tokens(check.expression)}
    names = tuple(sorted(column.name for column in table.columns if column.name.lower() in words))
    return replace(check, columns=names)


def _paired(ours: Sequence[Item], theirs: Sequence[Item]) -> Iterator[tuple[Item | None, Item | None]]:
    left, right = list(ours), list(theirs)
    for same in (_same_name, _unnamed_alike, _same_meaning, _same_definition, _same_columns, _same_place):
        for one in list(left):
            other = next((item for item in right if same(one, item)), None)
            if other is not None:
                left.remove(one)
                right.remove(other)
                yield one, other
    yield from ((one, None) for one in left)
    yield from ((None, other) for other in right)


def _alike(one: Item, other: Item) -> bool:
    """One kind, or uniqueness that is a constraint here and an index there, be it a partial one;
    a plain index that became a constraint."""
    if one.kind == other.kind or (one.kind == "index" and other.kind == "unique"):
        return True
    return one.kind == "unique" and isinstance(other.key, Index) and other.key.unique


def _same_name(one: Item, other: Item) -> bool:
    return one.known_as is not None and one.known_as == other.known_as and _alike(one, other)


def _unnamed_alike(one: Item, other: Item) -> bool:
    return one.given is None and other.given is None and _same_meaning(one, other)


def _same_meaning(one: Item, other: Item) -> bool:
    return one.kind == other.kind and not list(attributes.compare(one.key, other.key))


def _same_definition(one: Item, other: Item) -> bool:
    """A unique constraint and a unique index over the same columns."""
    if one.kind == other.kind or attributes.as_unique(one.key) is None:
        return False
    return attributes.as_unique(one.key) == attributes.as_unique(other.key)


def _same_columns(one: Item, other: Item) -> bool:
    """Both unnamed, or both one of a kind: the same thing with other properties."""
    if one.kind != other.kind or sorted(one.key.columns) != sorted(other.key.columns):
        return False
    if one.kind == "index":
        return False
    return one.given is None or other.given is None


def _same_place(one: Item, other: Item) -> bool:
    return one.kind == other.kind == "primary_key"


def _pair(one: Item, other: Item) -> Iterator[Difference]:
    if one.kind == other.kind:
        yield from attributes.differences(one.kind, one.label, one.key, other.key)
    elif one.kind == "unique" and attributes.as_unique(other.key) is not None:
        ours, theirs = attributes.as_constraint(one.key), attributes.as_constraint(other.key)
        yield from attributes.differences("unique", one.label, ours, theirs)
    else:
        here, there = attributes.as_index(one.key), attributes.as_index(other.key)
        yield from attributes.differences("index", one.label, here, there)
        if isinstance(other.key, Unique) and other.key.deferrable:
            yield changed("unique", one.label, "deferrable", None, other.key.deferrable)
    if one.key.comment != other.key.comment:
        yield comment(one.label, one.key.comment, other.key.comment)
    if one.given and other.given and one.known_as != other.known_as:
        yield renamed(one.kind, one.label, one.given, other.given, 1.0)
