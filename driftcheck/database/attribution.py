"""Says which of three sides is wrong: models, migrations (at head and as stamped), or the live database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from driftcheck.database.attributes import as_unique
from driftcheck.database.expression import canonical
from driftcheck.database.keys import Item, items
from driftcheck.database.model import Check, Database, Table
from driftcheck.difference import Change, Difference

Differences: TypeAlias = Sequence[Difference]
_Place: TypeAlias = tuple[str, str]  # a kind, and what a finding is called
_Key: TypeAlias = tuple[str, str, Change, str | None]
T = TypeVar("T")

MODEL_AHEAD, NOT_APPLIED = "model-ahead", "not-applied"
HAND_MADE, MIGRATIONS_WRONG = "hand-made", "migrations-wrong"

_KEYS = {"primary_key", "foreign_key", "unique", "check", "exclusion", "index"}


class Identities:
    """What a finding is about, whichever side named it: each calls a key by the name that it gave, or by its
    columns. So keys are known here by their columns, and a unique index is a unique constraint."""

    def __init__(self, databases: Iterable[Database]) -> None:
        self._databases = tuple(databases)

    def of(self, differences: Iterable[Difference]) -> list[tuple[Difference, _Key]]:
        """Each with what to recognise it by."""
        differences = list(differences)
        known = self._keys({item.object for item in differences if item.kind in _KEYS})
        return [
            (
                item,
                (*known.get((item.kind, item.object), (item.kind, item.object)), item.change, item.attribute),
            )
            for item in differences
        ]

    def _keys(self, wanted: set[str]) -> dict[_Place, _Place]:
        found: dict[_Place, _Place] = {}
        tables = {place[:end] for place in wanted for end, letter in enumerate(place) if letter == "."}
        for database in self._databases if wanted else ():
            for table in database.tables:
                if str(table.name) in tables:
                    _learn(found, table, database.dialect)
        return found


def _learn(found: dict[_Place, _Place], table: Table, dialect: str) -> None:
    """Keys by their columns; a name stays what it is where several have these, or elsewhere has others."""
    known = items(table, dialect)
    places = [_by_columns(item, table) for item in known]
    for item, place in zip(known, places, strict=True):
        label = (item.kind, item.label)
        plain = bool(item.columns) and places.count(place) == 1
        found[label] = place if plain and found.get(label, place) == place else label


def _by_columns(item: Item, table: Table) -> _Place:
    """Of a check the columns say too little."""
    kind = item.kind if as_unique(item.key) is None else "unique"
    what = f": {canonical(item.key.expression)}" if isinstance(item.key, Check) else ""
    return kind, f"{table.name}.({','.join(item.columns)}){what}"


def three_sides(
    sides: Iterable[Database],
    models_live: Differences,
    models_head: Differences,
    head_live: Differences,
    stamped_live: Differences,
) -> Iterator[Difference]:
    """Everything that differs between models and live, and what migrations alone have otherwise."""
    known = Identities(sides)
    in_head, against_head, against_stamped = (
        {key for _, key in known.of(differences)} for differences in (models_head, head_live, stamped_live)
    )
    reported = set()
    for difference, key in known.of(models_live):
        reported.add(key)
        if key not in against_head:
            who = MODEL_AHEAD
        elif key in against_stamped:
            who = HAND_MADE
        else:
            who = MODEL_AHEAD if key in in_head else NOT_APPLIED
        yield replace(difference, attribution=who)
    gone = {key[:2] for key in reported if key[2] is Change.MISSING}
    for difference, key in known.of(models_head):
        renamed = key[2] is Change.RENAMED and key[:2] in gone  # what live lacks has no name there
        if key not in reported and not renamed:
            yield replace(difference, attribution=MIGRATIONS_WRONG)


def head_and_live(
    sides: Iterable[Database], head_live: Differences, stamped_live: Differences
) -> Iterator[Difference]:
    """Without models: what is waiting to be applied, and what somebody did by hand."""
    known = Identities(sides)
    by_hand = {key for _, key in known.of(stamped_live)}
    for difference, key in known.of(head_live):
        who = HAND_MADE if key in by_hand else NOT_APPLIED
        yield replace(difference, attribution=who)


def models_and_head(models_head: Differences) -> Iterator[Difference]:
    """Without a live database: the models want what no migration makes."""
    for difference in models_head:
        yield replace(difference, attribution=MODEL_AHEAD)


def with_what_models_cannot_say(models: Database, migrations: Database) -> Database:
    """The models' schema, and beside it the views, functions and so on that migrations make by hand."""
    tables = {table.name: table for table in migrations.tables}
    return replace(
        models,
        tables=tuple(_with_policies(table, tables.get(table.name)) for table in models.tables),
        views=_union(models.views, migrations.views),
        domains=_union(models.domains, migrations.domains),
        composites=_union(models.composites, migrations.composites),
        events=_union(models.events, migrations.events),
        sequences=_union(models.sequences, migrations.sequences),
        functions=_union(models.functions, migrations.functions),
        triggers=_union(models.triggers, migrations.triggers),
        extensions=tuple(sorted({*models.extensions, *migrations.extensions})),
        extension_versions=tuple(sorted({*models.extension_versions, *migrations.extension_versions})),
        schemas=tuple(sorted({*models.schemas, *migrations.schemas})),
    )


def _with_policies(table: Table, other: Table | None) -> Table:
    if other is None or table.row_security or table.policies:
        return table
    return replace(
        table,
        policies=other.policies,
        row_security=other.row_security,
        force_row_security=other.force_row_security,
    )


def _union(ours: tuple[T, ...], theirs: tuple[T, ...]) -> tuple[T, ...]:
    known = {_identity(item) for item in ours}
    return (*ours, *(item for item in theirs if _identity(item) not in known))


def _identity(item: object) -> tuple[object, ...]:
    return (getattr(item, "table", None), getattr(item, "name", None), getattr(item, "signature", None))
