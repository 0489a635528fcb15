"""Thousands of models repeat few types and columns: what is made of one is taken for all equal ones."""

from __future__ import annotations

from typing import Any


def remember(dialect: Any) -> None:
    """Let a dialect that compiles DDL and nothing else take equal types and columns from memory."""
    memos = _Memos()
    if hasattr(dialect, "_type_memos"):
        vars(dialect)["_type_memos"] = memos
    dialect.ddl_compiler = _remembering(dialect.ddl_compiler, memos)


class _Memos:
    """What a dialect makes of types, once for all that are of one class and hold equal values, where
    SQLAlchemy makes it for each column anew."""

    def __init__(self) -> None:
        self._found: dict[object, Any] = {}
        self._kept: list[object] = []

    def key(self, item: Any) -> object:
        """Equal for items of one class with equal values."""
        try:
            key = (type(item), frozenset(vars(item).items()))
            hash(key)
        except TypeError:
            return id(item)
        return key

    def keep(self, item: object) -> None:
        """An id is a good key only while its object lives."""
        self._kept.append(item)

    def __contains__(self, item: object) -> bool:
        return self.key(item) in self._found

    def __getitem__(self, item: object) -> Any:
        return self._found[self.key(item)]

    def __setitem__(self, item: object, value: Any) -> None:
        self.keep(item)
        self._found[self.key(item)] = value


def _remembering(compiler: type, memos: _Memos) -> type:
    """A compiler of DDL that writes equal columns once."""
    specifications: dict[object, str] = {}
    columns = _Columns(memos)

    class Remembering(compiler):  # type: ignore[misc]  # whatever the dialect has
        def get_column_specification(self, column: Any, **options: Any) -> str:
            key = columns.key(column)
            known = specifications.get(key) if key is not None else None
            if known is None:
                known = str(super().get_column_specification(column, **options))
                if key is not None:
                    specifications[key] = known
                    memos.keep(column.type)
            return known

    return Remembering


class _Columns:
    """Knows columns that are written alike."""

    def __init__(self, memos: _Memos) -> None:
        from sqlalchemy import Column, DefaultClause, TextClause
        from sqlalchemy.sql.functions import now

        self._memos = memos
        self._column, self._clause, self._text, self._now = Column, DefaultClause, TextClause, now

    def key(self, column: Any) -> object:
        """All that the specification of a plain column is made of; None for others: those of keys (which may
        number themselves), computed ones, and those that a hook of the user compiles."""
        if type(column) is not self._column or column.primary_key or vars(column).get("dialect_options"):
            return None
        if column.computed is not None or column.identity is not None or column.server_onupdate is not None:
            return None
        if type(column.default).__name__ == "Sequence" or hasattr(column.type, "_compiler_dispatcher"):
            return None
        default = self._default(column.server_default)
        if default is None:
            return None
        name = column.name
        quoted = getattr(name, "quote", None)  # not part of the name's own equality
        return (name, quoted, self._memos.key(column.type), column.nullable, default, column.comment)

    def _default(self, default: Any) -> object:
        """A default that is equal wherever it says the same; None for others."""
        if default is None:
            return ()
        said = default.arg if type(default) is self._clause else None
        if isinstance(said, str):
            return said
        if type(said) is self._text and not said._bindparams:
            return (said.text,)
        return self._now if type(said) is self._now and not len(said.clauses) else None
