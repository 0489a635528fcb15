"""Rules about indexes: plain ones are about speed, unique ones about what may be stored."""

from __future__ import annotations

from driftcheck.database.rules.registry import BREAKING, INFO, RISKY, changed, declare, mariadb, postgresql
from driftcheck.difference import Change, Effect

N, W, U = Effect.NARROWED, Effect.WIDENED, Effect.UNCLEAR
_AGAIN = "Drop it and create it again in a migration (op.drop_index, op.create_index), or correct the model."
_INVALID = "UPDATE pg_index SET indisvalid = false WHERE indexrelid = 'ix'::regclass"
_T = "CREATE TABLE t (a int, b int, c text);"


def _pg(ours: str, theirs: str) -> tuple[str, ...]:
    return postgresql(f"{_T} {ours}", f"{_T} {theirs}")


def _ix(ours: str, theirs: str) -> tuple[str, ...]:
    return _pg(f"CREATE INDEX ix ON t {ours}", f"CREATE INDEX ix ON t {theirs}")


declare(
    "unique-index-missing", "index", Change.MISSING, BREAKING,
    "duplicates may come back, and ON CONFLICT on these columns fails",
    "op.create_index(…, unique=True) in a migration.",
    _pg("CREATE UNIQUE INDEX ix ON t (a)", ""), effect=W,
)  # fmt: skip
declare(
    "index-missing", "index", Change.MISSING, RISKY,
    "queries that need it scan the whole table",
    "op.create_index(…) in a migration.", _pg("CREATE INDEX ix ON t (a)", ""),
)  # fmt: skip
declare(
    "unique-index-extra", "index", Change.EXTRA, BREAKING,
    "rows that the model allows are refused as duplicates",
    "op.drop_index(…) in a migration, or declare it in the model.",
    _pg("", "CREATE UNIQUE INDEX ix ON t (a)"), effect=N,
)  # fmt: skip
declare(
    "index-extra", "index", Change.EXTRA, INFO,
    "writes keep it up to date; nothing fails",
    "op.drop_index(…) in a migration, or declare it in the model.", _pg("", "CREATE INDEX ix ON t (a)"),
)  # fmt: skip
declare(
    "index-renamed", "index", Change.RENAMED, INFO,
    "only statements that name it, as a later migration, notice",
    "ALTER INDEX … RENAME in a migration, or set the name in the model.",
    _pg("CREATE INDEX one ON t (a)", "CREATE INDEX two ON t (a)"),
)  # fmt: skip
changed(
    "index", "columns", _AGAIN,
    (N, BREAKING, "rows that the model allows are refused as duplicates",
     _pg("CREATE UNIQUE INDEX ix ON t (a, b)", "CREATE UNIQUE INDEX ix ON t (a)")),
    (W, BREAKING, "duplicates may come back, and ON CONFLICT on the model's columns fails",
     _pg("CREATE UNIQUE INDEX ix ON t (a)", "CREATE UNIQUE INDEX ix ON t (a, b)")),
    (U, RISKY, "queries that need it may scan the whole table", _ix("(a, b)", "(b, a)")),
)  # fmt: skip
changed(
    "index", "expression", _AGAIN,
    (U, RISKY, "queries with the model's expression cannot use it", _ix("(lower(c))", "(upper(c))")),
)  # fmt: skip
changed(
    "index", "order", _AGAIN,
    (U, INFO, "ORDER BY may need a sort", _ix("(a)", "(a DESC)")),
)  # fmt: skip
changed(
    "index", "unique", _AGAIN,
    (N, BREAKING, "rows that the model allows are refused as duplicates",
     _pg("CREATE INDEX ix ON t (a)", "CREATE UNIQUE INDEX ix ON t (a)")),
    (W, BREAKING, "duplicates may come back, and ON CONFLICT fails",
     _pg("CREATE UNIQUE INDEX ix ON t (a)", "CREATE INDEX ix ON t (a)")),
)  # fmt: skip
changed(
    "index", "predicate", _AGAIN,
    (N, BREAKING, "rows outside the predicate must be unique too",
     _pg("CREATE UNIQUE INDEX ix ON t (a) WHERE b > 0", "CREATE UNIQUE INDEX ix ON t (a)")),
    (W, BREAKING, "only some rows are unique: duplicates may come back",
     _pg("CREATE UNIQUE INDEX ix ON t (a)", "CREATE UNIQUE INDEX ix ON t (a) WHERE b > 0")),
    (U, RISKY, "it covers other rows than the model says", _ix("(a) WHERE b > 0", "(a)")),
)  # fmt: skip
changed(
    "index", "include", _AGAIN,
    (U, RISKY, "index-only scans of the columns no longer work", _ix("(a) INCLUDE (b)", "(a)")),
)  # fmt: skip
changed(
    "index", "method", _AGAIN,
    (U, RISKY, "other operators can use it", _ix("(a)", "USING hash (a)")),
)  # fmt: skip
changed(
    "index", "opclass", _AGAIN,
    (U, RISKY, "other operators can use it", _ix("(c text_pattern_ops)", "(c)")),
)  # fmt: skip
changed(
    "index", "collation", _AGAIN,
    (U, RISKY, "text is sorted and compared another way", _ix('(c COLLATE "C")', "(c)")),
)  # fmt: skip
changed(
    "index", "length", _AGAIN,
    (N, BREAKING, "values that differ only further on are refused as duplicates",
     mariadb(f"{_T} CREATE UNIQUE INDEX ix ON t (c(20))", f"{_T} CREATE UNIQUE INDEX ix ON t (c(10))")),
    (W, BREAKING, "values that begin alike are no duplicates any more, and may come back",
     mariadb(f"{_T} CREATE UNIQUE INDEX ix ON t (c(10))", f"{_T} CREATE UNIQUE INDEX ix ON t (c(20))")),
    (U, RISKY, "another part of the value is indexed",
     mariadb(f"{_T} CREATE INDEX ix ON t (c(10))", f"{_T} CREATE INDEX ix ON t (c(20))")),
)  # fmt: skip
changed(
    "index", "nulls_not_distinct", _AGAIN,
    (N, BREAKING, "a second NULL is refused",
     _pg("CREATE UNIQUE INDEX ix ON t (a)", "CREATE UNIQUE INDEX ix ON t (a) NULLS NOT DISTINCT")),
    (W, BREAKING, "several NULLs may come back",
     _pg("CREATE UNIQUE INDEX ix ON t (a) NULLS NOT DISTINCT", "CREATE UNIQUE INDEX ix ON t (a)")),
)  # fmt: skip
changed(
    "index", "valid", "REINDEX INDEX CONCURRENTLY …, or drop it and create it again.",
    (U, RISKY, "a CREATE INDEX CONCURRENTLY failed: it costs writes, serves no query and enforces nothing",
     _pg("CREATE INDEX ix ON t (a)",
         f"CREATE INDEX ix ON t (a); {_INVALID}")),
    (None, INFO, "it was rebuilt since",
     _pg(f"CREATE INDEX ix ON t (a); {_INVALID}",
         "CREATE INDEX ix ON t (a)")),
)  # fmt: skip
changed(
    "index", "options", _AGAIN,
    (U, INFO, "only speed and size are touched", _ix("(a) WITH (fillfactor = 50)", "(a)")),
)  # fmt: skip
