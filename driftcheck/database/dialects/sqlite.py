"""Reads a SQLite schema: six queries over sqlite_master and the PRAGMA functions.

SQLite checks no lengths and few types, so a DataType here is what was declared.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from functools import lru_cache

from driftcheck.database.dialects.catalog import Ask, Row, Scope, Shared, grouped
from driftcheck.database.dialects.sqlite_ddl import (
    TableText,
    index_keys,
    index_predicate,
    table_text,
    view_query,
    virtual_options,
    without_brackets,
)
from driftcheck.database.model import (
    Check,
    Column,
    Database,
    DataType,
    ForeignKey,
    Index,
    IndexPart,
    Name,
    PrimaryKey,
    Table,
    Trigger,
    Unique,
    View,
)

_OWN = "name NOT LIKE 'sqlite!_%' ESCAPE '!'"
_FROM = f"FROM sqlite_master m, pragma_{{pragma}}(m.name) x WHERE m.type = 'table' AND m.{_OWN}"
_MASTER = f"SELECT type, name, tbl_name, sql FROM sqlite_master WHERE {_OWN} ORDER BY name"
_COLUMNS = 'SELECT m.name, x.cid, x.name, x.type, x."notnull", x.dflt_value, x.pk, x.hidden ' + _FROM.format(
    pragma="table_xinfo"
)
_FOREIGN_KEYS = (
    'SELECT m.name, x.id, x.seq, x."table", x."from", x."to", x.on_update, x.on_delete, x."match" '
    + _FROM.format(pragma="foreign_key_list")
)
_INDEXES = 'SELECT m.name, x.name, x."unique", x.origin, x.partial ' + _FROM.format(pragma="index_list")
_INDEX_COLUMNS = (
    'SELECT m.name, x.seqno, x.cid, x.name, x."desc", x.coll '
    "FROM sqlite_master t, pragma_index_list(t.name) m, pragma_index_xinfo(m.name) x "
    "WHERE t.type = 'table' AND x.key = 1"
)
_SYNONYMS = {
    "INT": "INTEGER",
    "BOOL": "BOOLEAN",
    "DEC": "NUMERIC",
    "DECIMAL": "NUMERIC",
    "DOUBLE": "REAL",
    "DOUBLE PRECISION": "REAL",
    "FLOAT": "REAL",
    "CHARACTER": "CHAR",
    "CHARACTER VARYING": "VARCHAR",
    "VARYING CHARACTER": "VARCHAR",
    "CLOB": "TEXT",
    "TIMESTAMP": "DATETIME",
}
_TYPE = re.compile(r"^\s*(?P<name>[^(]*?)\s*(?:\(\s*(?P<a>\d+)\s*(?:,\s*(?P<b>\d+)\s*)?\))?\s*$")
_ORDER = re.compile(r"(\s+COLLATE\s+\S+)?(\s+(ASC|DESC))?(\s+NULLS\s+(FIRST|LAST))?\s*$", re.IGNORECASE)
_VIRTUAL = re.compile(r"\s*CREATE\s+VIRTUAL\b", re.IGNORECASE)
_EACH_ROW = re.compile(r"\s+FOR\s+EACH\s+ROW\b", re.IGNORECASE)  # there are no other triggers
_SHADOWS = {
    "data",
    "idx",
    "content",
    "docsize",
    "config",
    "segments",
    "segdir",
    "stat",
    "node",
    "parent",
    "rowid",
}


def begin(timeout: float) -> tuple[str, ...]:
    """SQLite's connection is opened read-only; nothing is to be sent."""
    del timeout
    return ("PRAGMA query_only = ON",)


def read(ask: Ask, scope: Scope) -> Database:
    """The schema of the main database file."""
    version = tuple(int(part) for part in str(ask("SELECT sqlite_version()")[0][0]).split("."))
    master = [(*row[:3], without_brackets(row[3] or "")) for row in ask(_MASTER)]
    columns, foreign_keys = grouped(ask(_COLUMNS)), grouped(ask(_FOREIGN_KEYS))
    indexes, keys = grouped(ask(_INDEXES)), grouped(ask(_INDEX_COLUMNS))
    statements = {row[1]: row[3] for row in master if row[0] == "index"}
    shapes = _Shapes(columns)
    virtual = tuple(row[1] for row in master if row[0] == "table" and _VIRTUAL.match(row[3]))
    tables = []
    stamps: tuple[str, ...] | None = None
    for kind, name, _, sql in master:
        if kind != "table" or _is_shadow(name, virtual):
            continue
        if name == scope.version_table:
            quoted = name.replace('"', '""')
            stamps = tuple(sorted(str(row[0]) for row in ask(f'SELECT version_num FROM "{quoted}"')))
            continue
        rows = _Rows(
            columns.get(name, []), foreign_keys.get(name, []), indexes.get(name, []), keys, statements
        )
        tables.append(_table(name, sql, rows, shapes))
    return Database(
        dialect="sqlite",
        version=version,
        default_schema=None,
        tables=tuple(tables),
        views=tuple(View(Name(None, row[1]), view_query(row[3])) for row in master if row[0] == "view"),
        triggers=tuple(
            Trigger(Name(None, row[2]), row[1], _EACH_ROW.sub(" ", row[3], 1), "")
            for row in master
            if row[0] == "trigger"
        ),
        versions=stamps,
    )


class _Shapes:
    """Names as tables and columns are really called: foreign keys may write them in another case, and
    may leave the columns out. Equal columns are `shared`."""

    def __init__(self, columns: Mapping[str, Sequence[Row]]) -> None:
        self.shared = Shared()
        self._tables = {name.lower(): name for name in columns}
        self._columns = {name.lower(): rows for name, rows in columns.items()}

    def target(self, table: str, columns: Sequence[str | None]) -> str:
        rows = self._columns.get(table.lower(), ())
        known = {row[2].lower(): row[2] for row in rows}
        key = [row[2] for row in sorted(rows, key=lambda row: int(row[6])) if row[6]]
        if None in columns:
            names = key if len(key) == len(columns) else [""] * len(columns)
        else:
            names = [known.get(str(column).lower(), str(column)) for column in columns]
        return f"{self._tables.get(table.lower(), table)}({','.join(names)})"


def _is_shadow(name: str, virtual: Sequence[str]) -> bool:
    """Whether it is one of the tables in which a virtual table (full text, r-tree) keeps its data."""
    return any(name.startswith(f"{owner}_") and name[len(owner) + 1 :] in _SHADOWS for owner in virtual)


class _Rows:
    """The PRAGMA rows of one table."""

    def __init__(
        self,
        columns: Sequence[Row],
        foreign_keys: Sequence[Row],
        indexes: Sequence[Row],
        keys: Mapping[str, Sequence[Row]],
        statements: Mapping[str, str],
    ) -> None:
        self.columns, self.foreign_keys, self.indexes = columns, foreign_keys, indexes
        self.keys, self.statements = keys, statements


def _table(name: str, sql: str, rows: _Rows, shapes: _Shapes) -> Table:
    text = table_text(sql)
    primary = [row[2] for row in sorted(rows.columns, key=lambda row: int(row[6])) if row[6]]
    return Table(
        name=Name(None, name),
        columns=tuple(shapes.shared(_column(row, text, primary)) for row in rows.columns if row[7] != 1),
        primary_key=_primary_key(primary, text),
        foreign_keys=_foreign_keys(rows.foreign_keys, text, shapes),
        uniques=_uniques(rows, text),
        checks=tuple(Check(name, expression) for name, expression in text.checks),
        indexes=tuple(_index(row, rows, text) for row in rows.indexes if row[3] == "c"),
        strict=text.strict,
        without_rowid=text.without_rowid,
        options=virtual_options(sql) if _VIRTUAL.match(sql) else (),
    )


def _primary_key(columns: Sequence[str], text: TableText) -> PrimaryKey | None:
    conflict = text.conflicts.get(("primary", ()))
    return PrimaryKey(text.primary_key, tuple(columns), None, conflict) if columns else None


def _column(row: Row, text: TableText, primary: Sequence[str]) -> Column:
    _, _, name, declared, not_null, default, key, hidden = row
    rowid = primary == [name] and declared.upper() == "INTEGER"
    rowid = rowid and not text.without_rowid and not text.descending_key
    numbering = "rowid" if rowid else None
    if rowid and text.autoincrement:
        numbering = "autoincrement"
    generated = hidden in {2, 3}
    collation = text.collations.get(name)
    return Column(
        name=name,
        type=data_type(declared),
        nullable=not (not_null or rowid or key),
        default=_default(default),
        numbering=numbering,
        expression=text.expressions.get(name, "?") if generated else None,
        stored=hidden == 3 if generated else None,
        collation=None if collation == "BINARY" else collation,
        on_conflict=text.conflicts.get(("null", (name.lower(),))),
    )


def _default(text: str | None) -> str | None:
    """SQLite takes "x" for the string 'x' where no name can stand."""
    if text is None or len(text) < 2 or not (text[0] == text[-1] == '"'):
        return text
    return "'" + text[1:-1].replace('""', '"').replace("'", "''") + "'"


@lru_cache(maxsize=4096)
def data_type(declared: str) -> DataType:
    """A declared type with its synonyms folded: INT is INTEGER, DECIMAL is NUMERIC."""
    match = _TYPE.match(declared)
    if match is None:
        return DataType(declared.upper())
    spelled = " ".join(match["name"].upper().split())
    name = _SYNONYMS.get(spelled, spelled)
    first = int(match["a"]) if match["a"] else None
    second = int(match["b"]) if match["b"] else None
    if name in {"NUMERIC", "REAL"}:
        return DataType(name, precision=first if name == "NUMERIC" else None, scale=second)
    return DataType(name, length=first)


def _foreign_keys(rows: Sequence[Row], text: TableText, shapes: _Shapes) -> tuple[ForeignKey, ...]:
    found = []
    for group in grouped(rows, 1).values():
        parts = sorted(group, key=lambda row: int(row[2]))
        columns = tuple(row[4] for row in parts)
        first = parts[0]
        name, deferrable = text.foreign_keys.get(_lower(columns), (None, None))
        target = shapes.target(first[3], [row[5] for row in parts])
        found.append(ForeignKey(name, columns, target, first[7], first[6], deferrable))
    return tuple(found)


def _uniques(rows: _Rows, text: TableText) -> tuple[Unique, ...]:
    found = []
    for row in rows.indexes:
        if row[3] == "u":
            columns = tuple(part[3] for part in _keys(rows, row[1]))
            conflict = text.conflicts.get(("unique", _lower(columns)))
            found.append(Unique(text.uniques.get(_lower(columns)), columns, on_conflict=conflict))
    return tuple(found)


def _lower(columns: Sequence[str]) -> tuple[str, ...]:
    return tuple(column.lower() for column in columns)


def _keys(rows: _Rows, index: str) -> list[Row]:
    return sorted(rows.keys.get(index, []), key=lambda row: int(row[1]))


def _index(row: Row, rows: _Rows, text: TableText) -> Index:
    sql = rows.statements.get(row[1], "")
    predicate = index_predicate(sql) if row[4] else None
    parts = []
    for position, key in enumerate(_keys(rows, row[1])):
        own = text.collations.get(key[3] or "", "BINARY")
        parts.append(
            IndexPart(
                column=key[3],
                expression=_expression(sql, position) if key[3] is None else None,
                descending=bool(key[4]),
                nulls_first=bool(key[4]),
                collation=key[5].upper() if key[5] and key[5].upper() != own else None,
            )
        )
    return Index(row[1], tuple(parts), bool(row[2]), predicate)


def _expression(sql: str, position: int) -> str:
    """The text of one key of CREATE INDEX … (a, lower(b) DESC), without what the PRAGMA tells."""
    keys = index_keys(sql)
    return _ORDER.sub("", keys[position]) if position < len(keys) else "?"
