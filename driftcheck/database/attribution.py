"""Says which of three sides is wrong: models, migrations (at head and as stamped), or the live database."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from typing import TypeAlias, TypeVar

from driftcheck.database.model import Database, Table
from driftcheck.difference import Difference

Differences: TypeAlias = Sequence[Difference]
_Key: TypeAlias = tuple[str, str, str, str | None]
T = TypeVar("T")

MODEL_AHEAD, NOT_APPLIED = "model-ahead", "not-applied"
HAND_MADE, MIGRATIONS_WRONG = "hand-made", "migrations-wrong"


def _key(difference: Difference) -> _Key:
    return (difference.kind, difference.object, str(difference.change), difference.attribute)


def _keys(differences: Iterable[Difference]) -> set[_Key]:
    return {_key(difference) for difference in differences}


def three_sides(
    models_live: Differences, models_head: Differences, head_live: Differences, stamped_live: Differences
) -> Iterator[Difference]:
    """Everything that differs between models and live, and what migrations alone have otherwise."""
    in_head, against_head, against_stamped = _keys(models_head), _keys(head_live), _keys(stamped_live)
    for difference in models_live:
        key = _key(difference)
        if key not in against_head:
            who = MODEL_AHEAD
        elif key in against_stamped:
            who = HAND_MADE
        else:
            who = MODEL_AHEAD if key in in_head else NOT_APPLIED
        yield replace(difference, attribution=who)
    reported = _keys(models_live)
    for difference in models_head:
        if _key(difference) not in reported:
            yield replace(difference, attribution=MIGRATIONS_WRONG)


def head_and_live(head_live: Differences, stamped_live: Differences) -> Iterator[Difference]:
    """Without models: what is waiting to be applied, and what somebody did by hand."""
    by_hand = _keys(stamped_live)
    for difference in head_live:
        who = HAND_MADE if _key(difference) in by_hand else NOT_APPLIED
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
