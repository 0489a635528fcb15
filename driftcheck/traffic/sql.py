"""Which tables and columns a statement names, told by sqlglot; the only module that knows it.

What cannot be told for certain (a column that may be of several sources, a function used as a table) is left
out: a query that worked when it was recorded is not to be doubted without need.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from driftcheck.errors import DriftcheckError

_DIALECTS = {"postgresql": "postgres", "mariadb": "mysql"}
_BOUND = re.compile(r"'(?:[^']|'')*'|\"[^\"]*\"|\$\d+\b")


@dataclass(frozen=True, slots=True)
class Use:
    """A table that is named ("" for the default schema), or a column that is of one of these tables."""

    tables: tuple[tuple[str, str], ...]
    column: str = ""


class UnreadableSqlError(ValueError):
    """The statement cannot be parsed."""


def uses_of(sql: str, engine: str) -> list[Use]:
    """Everything a statement names that must be there for it to work; UnreadableSqlError where it is none."""
    sqlglot = _sqlglot()
    try:
        parsed = sqlglot.parse(_filled(sql), read=_DIALECTS.get(engine, engine))
    except (sqlglot.errors.SqlglotError, RecursionError):
        raise UnreadableSqlError from None
    uses: dict[Use, None] = {}
    for statement in parsed:
        if statement is not None:
            uses.update(dict.fromkeys(_in_statement(sqlglot.exp, statement)))
    return list(uses)


def made_by(sql: str, engine: str) -> tuple[str, str] | None:
    """The table that a CREATE makes, which later statements may use."""
    sqlglot = _sqlglot()
    try:
        parsed = sqlglot.parse_one(_filled(sql), read=_DIALECTS.get(engine, engine))
    except (sqlglot.errors.SqlglotError, RecursionError):
        return None
    if isinstance(parsed, sqlglot.exp.Create):
        table = parsed.find(sqlglot.exp.Table)
        return None if table is None else _key(table)
    return None


def _filled(sql: str) -> str:
    """The statement with a literal for each bound value: sqlglot takes "$1,$" for the start of a text."""
    return _BOUND.sub(lambda match: "'1'" if match[0].startswith("$") else match[0], sql)


def _sqlglot() -> Any:
    try:
        import sqlglot
    except ImportError:
        raise DriftcheckError(
            "recorded SQL is parsed with sqlglot, which is not installed",
            "pip install 'driftcheck[recordings]'",
        ) from None
    return sqlglot


def _in_statement(exp: Any, statement: Any) -> Iterator[Use]:
    if not isinstance(statement, exp.Select | exp.SetOperation | exp.Insert | exp.Update | exp.Delete):
        return
    named = {cte.alias.lower() for cte in statement.find_all(exp.CTE)}
    for table in statement.find_all(exp.Table):
        if _plain(exp, table) and not (not table.db and table.name.lower() in named):
            yield Use((_key(table),))
    if isinstance(statement, exp.Insert):
        yield from _inserted(exp, statement)
    if isinstance(statement, exp.Update | exp.Delete):
        yield from _changed(exp, statement, named)
    yield from _selected(exp, statement)


def _plain(exp: Any, table: Any) -> bool:
    """Whether it is a table by name, not a function, and none of the engine's own."""
    if not isinstance(table.this, exp.Identifier):
        return False
    schema, name = _key(table)
    system = ("pg_catalog", "information_schema", "mysql", "performance_schema", "sys")
    return schema not in system and not name.startswith(("pg_", "sqlite_"))


def _key(table: Any) -> tuple[str, str]:
    return table.db.lower(), table.name.lower()


def _inserted(exp: Any, statement: Any) -> Iterator[Use]:
    target = statement.this
    if isinstance(target, exp.Schema) and isinstance(target.this, exp.Table) and _plain(exp, target.this):
        for column in target.expressions:
            yield Use((_key(target.this),), column.name.lower())


def _changed(exp: Any, statement: Any, named: set[str]) -> Iterator[Use]:
    """Columns of UPDATE and DELETE outside of their subqueries, where only one table is in play."""
    target = statement.this
    if not isinstance(target, exp.Table) or not _plain(exp, target):
        return
    others = [statement.args.get(name) for name in ("from", "from_", "using", "joins")]
    for column in statement.find_all(exp.Column):
        if column.find_ancestor(exp.Select, exp.SetOperation) is not None:
            continue
        qualifier = column.table.lower()
        ours = qualifier in (target.alias_or_name.lower(), target.name.lower())
        if ours or (not qualifier and not any(others) and not named):
            yield from _column(exp, (_key(target),), column)


def _selected(exp: Any, statement: Any) -> Iterator[Use]:
    from sqlglot.optimizer.scope import traverse_scope

    queries = (exp.Select, exp.SetOperation)
    inner = (each for each in statement.find_all(*queries) if each.find_ancestor(*queries) is None)
    for query in [statement] if isinstance(statement, queries) else list(inner):
        for scope in traverse_scope(query):
            if isinstance(scope.expression, exp.Select):
                yield from _in_scope(exp, scope, alone=query is statement)


def _in_scope(exp: Any, scope: Any, *, alone: bool) -> Iterator[Use]:
    """`alone`: no statement around it whose tables an unqualified column may be of."""
    sources = {name.lower(): source for name, source in scope.sources.items()}
    around = list(_around(scope))
    plain = alone and all(isinstance(source, exp.Table) and _plain(exp, source) for source in around)
    labels = {str(item.alias).lower() for item in scope.expression.selects if item.alias}
    for column in scope.columns:
        if column.find_ancestor(exp.Select) is not scope.expression:
            continue  # of a subquery, which has a scope of its own
        qualifier = column.table.lower()
        if qualifier:
            source = sources.get(qualifier)
            if isinstance(source, exp.Table) and _plain(exp, source):
                yield from _column(exp, (_key(source),), column)
        elif plain and around and column.name.lower() not in labels:
            yield from _column(exp, tuple(sorted({_key(source) for source in around})), column)


def _around(scope: Any) -> Iterator[Any]:
    """The sources that an unqualified column may be of: its query's, and those of the queries around it."""
    while scope is not None:
        for _, source in scope.selected_sources.values():
            yield source
        scope = scope.parent if scope.is_subquery else None


_OWN = frozenset({"ctid", "xmin", "xmax", "cmin", "cmax", "tableoid", "oid", "rowid", "_rowid_", "excluded"})


def _column(exp: Any, tables: tuple[tuple[str, str], ...], column: Any) -> Iterator[Use]:
    name = column.name.lower()
    if isinstance(column.this, exp.Identifier) and name and name not in _OWN:
        yield Use(tables, name)
