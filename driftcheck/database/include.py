"""Honours include_object and include_name of the user's env.py, so that driftcheck sees what alembic sees."""

from __future__ import annotations

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Any

from driftcheck.database.compare import everything
from driftcheck.difference import Change, Difference

if TYPE_CHECKING:
    from sqlalchemy import MetaData

_TYPES = {
    "table": "table",
    "partition": "table",
    "column": "column",
    "index": "index",
    "unique": "unique_constraint",
    "foreign_key": "foreign_key_constraint",
}
_TABLE_LEVEL = {
    "table",
    "partition",
    "view",
    "materialized_view",
    "enum",
    "domain",
    "sequence",
    "function",
    "schema",
}


def keeper(options: Mapping[str, Any], metadatas: Sequence[MetaData]) -> Callable[[Difference], bool]:
    """Whether env.py's hooks would let a difference through; hooks that fail let everything through."""
    include_object, include_name = options.get("include_object"), options.get("include_name")
    if include_object is None and include_name is None:
        return everything
    hooks = _Hooks(include_object, include_name, metadatas)
    return hooks.keep


class _Hooks:
    def __init__(self, include_object: Any, include_name: Any, metadatas: Sequence[MetaData]) -> None:
        self.include_object, self.include_name = include_object, include_name
        self.tables = {key: table for metadata in metadatas for key, table in metadata.tables.items()}
        self.answers: dict[tuple[str, str, Change], bool] = {}

    def keep(self, difference: Difference) -> bool:
        if difference.kind not in _TYPES and difference.kind in _TABLE_LEVEL:
            return True
        owner = (
            difference.object
            if difference.kind in {"table", "partition"}
            else difference.object.rpartition(".")[0]
        )
        if difference.kind == "comment" and owner not in self.tables:
            owner = difference.object
        whole = difference.change if difference.kind == "table" else Change.CHANGED
        if owner not in self.tables and whole is Change.CHANGED:
            whole = Change.EXTRA
        if not self.asked("table", owner, whole):
            return False
        kind = _TYPES.get(difference.kind)
        return kind in {None, "table"} or self.asked(str(kind), difference.object, difference.change)

    def asked(self, kind: str, place: str, change: Change) -> bool:
        key = (kind, place, change)
        if key not in self.answers:
            self.answers[key] = self._ask(kind, place, change)
        return self.answers[key]

    def _ask(self, kind: str, place: str, change: Change) -> bool:
        reflected = change is Change.EXTRA
        table_name = place if kind == "table" else place.rpartition(".")[0]
        name = place.rpartition(".")[2]
        schema, _, plain = table_name.rpartition(".")
        try:
            if self.include_name is not None and reflected:
                parents = {
                    "schema_name": schema or None,
                    "table_name": plain,
                    "schema_qualified_table_name": table_name,
                }
                if not self.include_name(name, kind, parents):
                    return False
            if self.include_object is not None:
                thing = self._object(kind, table_name, name)
                other = None if change in {Change.EXTRA, Change.MISSING} else _stand_in(kind, thing, name)
                return bool(self.include_object(thing, name, kind, reflected, other))
        except Exception:  # noqa: BLE001 - a user's hook may expect more than a stand-in has
            return True
        return True

    def _object(self, kind: str, table_name: str, name: str) -> Any:
        """The model's own object, or a stand-in for one that only the database has."""
        from sqlalchemy import MetaData, Table

        schema, _, plain = table_name.rpartition(".")
        table = self.tables.get(table_name)
        if table is None:
            table = Table(plain, MetaData(), schema=schema or None)
        if kind == "table":
            return table
        pool: Any = {"column": table.columns, "index": table.indexes}.get(kind, table.constraints)
        found = next((item for item in pool if item.name == name), None)
        if found is not None:
            return found
        return _stand_in(kind, table, name)


def _stand_in(kind: str, owner: Any, name: str) -> Any:
    """What reflection would have given: an object of that kind and name, without details."""
    from sqlalchemy import Column, Index, MetaData, String, Table, UniqueConstraint

    table = owner if isinstance(owner, Table) else getattr(owner, "table", None)
    if kind == "table":
        return Table(name, MetaData())
    makers: dict[str, Any] = {
        "column": lambda: Column(name, String()),
        "index": lambda: Index(name),
    }
    made = makers.get(kind, lambda: UniqueConstraint(name=name))()
    made.table = table
    return made
