"""Rules about columns: what each difference does to the INSERT, UPDATE and SELECT of a model."""

from __future__ import annotations

from driftcheck.database.rules.registry import (
    BREAKING,
    INFO,
    RISKY,
    changed,
    declare,
    mariadb,
    postgresql,
)
from driftcheck.difference import Change, Effect

N, W, U = Effect.NARROWED, Effect.WIDENED, Effect.UNCLEAR
_ALTER = "op.alter_column(…) in a migration, or correct the model."


def _pg(ours: str, theirs: str) -> tuple[str, ...]:
    return postgresql(f"CREATE TABLE t (id int, c {ours})", f"CREATE TABLE t (id int, c {theirs})")


def _my(ours: str, theirs: str) -> tuple[str, ...]:
    return mariadb(f"CREATE TABLE t (id int, c {ours})", f"CREATE TABLE t (id int, c {theirs})")


def _lite(ours: str, theirs: str) -> tuple[str, ...]:
    return f"CREATE TABLE t (id INTEGER, c {ours})", f"CREATE TABLE t (id INTEGER, c {theirs})"


declare(
    "column-missing", "column", Change.MISSING, BREAKING,
    "every SELECT and INSERT of its model names it and fails",
    "Add it in a migration: op.add_column(…).",
    ("CREATE TABLE t (id INTEGER, c TEXT)", "CREATE TABLE t (id INTEGER)"),
)  # fmt: skip
declare(
    "column-extra-required", "column", Change.EXTRA, BREAKING,
    "it is NOT NULL without a default, so every INSERT of the model fails",
    "Give it a default, make it nullable, drop it with op.drop_column(…), or add it to the model.",
    ("CREATE TABLE t (id INTEGER)", "CREATE TABLE t (id INTEGER, c TEXT NOT NULL)"), effect=N,
)  # fmt: skip
declare(
    "column-extra", "column", Change.EXTRA, INFO,
    "the model does not know it; nothing fails",
    "Drop it with op.drop_column(…), or add it to the model.",
    ("CREATE TABLE t (id INTEGER)", "CREATE TABLE t (id INTEGER, c TEXT)"),
)  # fmt: skip
declare(
    "column-renamed", "column", Change.RENAMED, BREAKING,
    "every SELECT and INSERT of its model names a column that is not there",
    "op.alter_column(…, new_column_name=…) in a migration, or name it in the model: Column('…').",
    ("CREATE TABLE t (id INTEGER, email TEXT)", "CREATE TABLE t (id INTEGER, user_email TEXT)"),
)  # fmt: skip
changed(
    "column", "type", _ALTER,
    (N, BREAKING, "values that the model sends are refused or changed", _pg("integer", "smallint")),
    (W, RISKY, "values may come back that the model's type cannot hold", _pg("integer", "bigint")),
    (U, RISKY, "values are stored and compared another way", _pg("json", "jsonb")),
    (None, INFO, "the two types hold the same values", _pg("text", "varchar")),
)  # fmt: skip
changed(
    "column", "unsigned", _ALTER,
    (N, BREAKING, "half of the numbers that the model may send are refused",
     _my("int unsigned", "int")),
)  # fmt: skip
changed(
    "column", "timezone", _ALTER,
    (U, RISKY, "times are shifted or compared wrongly, and drivers refuse to mix naive and aware ones",
     _pg("timestamptz", "timestamp")),
)  # fmt: skip
changed(
    "column", "values", _ALTER,
    (N, BREAKING, "labels that the model sends are refused", _my("enum('a','b')", "enum('a')")),
    (W, BREAKING, "a label may come back that the model does not know: LookupError on read",
     _my("enum('a')", "enum('a','b')")),
    (U, RISKY, "the labels sort in another order", _my("enum('a','b')", "enum('b','a')")),
)  # fmt: skip
changed(
    "column", "length", _ALTER,
    (N, BREAKING, "longer values that the model allows are refused or cut off", 
     _pg("varchar(50)", "varchar(20)")),
    (W, RISKY, "values longer than the model allows may come back", _pg("varchar(50)", "varchar(80)")),
    (U, INFO, "the engine does not enforce lengths", _lite("VARCHAR(50)", "VARCHAR(20)")),
)  # fmt: skip
changed(
    "column", "precision", _ALTER,
    (N, BREAKING, "larger numbers that the model allows are refused", _pg("numeric(10,2)", "numeric(8,2)")),
    (W, RISKY, "numbers larger than the model allows may come back", _pg("numeric(8,2)", "numeric(10,2)")),
    (U, RISKY, "fractions of seconds are rounded another way", _pg("timestamp(3)", "timestamp(0)")),
    (None, INFO, "the engine does not enforce the precision", _lite("NUMERIC(10,2)", "NUMERIC(8,2)")),
)  # fmt: skip
changed(
    "column", "scale", _ALTER,
    (N, BREAKING, "decimals that the model sends are rounded away", _pg("numeric(10,4)", "numeric(10,2)")),
    (W, RISKY, "more decimals than the model expects may come back", _pg("numeric(10,2)", "numeric(10,4)")),
    (U, INFO, "the engine does not enforce the scale", _lite("NUMERIC(10,2)", "NUMERIC(10,4)")),
)  # fmt: skip
changed(
    "column", "nullable", _ALTER,
    (W, BREAKING, "NULL may come back where the model promises a value", _pg("text NOT NULL", "text")),
    (N, BREAKING, "the None that the model allows is refused", _pg("text", "text NOT NULL")),
)  # fmt: skip
changed(
    "column", "default", "op.alter_column(…, server_default=…) in a migration, or correct the model.",
    (N, BREAKING, "an INSERT that leaves the column to the server fails",
     _pg("integer NOT NULL DEFAULT 0", "integer NOT NULL")),
    (W, INFO, "rows get a value that the model does not ask for", _pg("integer", "integer DEFAULT 0")),
    (U, RISKY, "rows get another value than the model expects", 
     _pg("integer DEFAULT 0", "integer DEFAULT 1")),
)  # fmt: skip
changed(
    "column", "identity", _ALTER,
    (N, BREAKING, "an INSERT with, or without, a value of its own is refused",
     _pg("int GENERATED BY DEFAULT AS IDENTITY", "int GENERATED ALWAYS AS IDENTITY")),
    (W, INFO, "the column takes values that the model lets the server make",
     _pg("int GENERATED ALWAYS AS IDENTITY", "int GENERATED BY DEFAULT AS IDENTITY")),
    (U, RISKY, "other numbers are given out",
     _pg("int GENERATED ALWAYS AS IDENTITY", "int GENERATED ALWAYS AS IDENTITY (INCREMENT BY 10)")),
)  # fmt: skip
changed(
    "column", "autoincrement", "Rebuild the table with or without AUTOINCREMENT (op.batch_alter_table).",
    (U, RISKY, "numbers of deleted rows are given out again, or no more",
     ("CREATE TABLE t (id INTEGER PRIMARY KEY AUTOINCREMENT)", "CREATE TABLE t (id INTEGER PRIMARY KEY)")),
)  # fmt: skip
_COMPUTED = "Drop and add the column again in a migration; an expression cannot be altered."
changed(
    "column", "expression", _COMPUTED,
    (N, BREAKING, "the server computes it, so every INSERT with a value fails",
     _pg("int", "int GENERATED ALWAYS AS (id * 2) STORED")),
    (W, BREAKING, "nothing computes it any more: it stays NULL",
     _pg("int GENERATED ALWAYS AS (id * 2) STORED", "int")),
    (U, RISKY, "another value is computed",
     _pg("int GENERATED ALWAYS AS (id * 2) STORED", "int GENERATED ALWAYS AS (id * 3) STORED")),
)  # fmt: skip
changed(
    "column", "stored", _COMPUTED,
    (U, INFO, "it is computed on read instead of on write, or the reverse",
     _lite("INTEGER GENERATED ALWAYS AS (id * 2) STORED", "INTEGER GENERATED ALWAYS AS (id * 2) VIRTUAL")),
)  # fmt: skip
changed(
    "column", "collation", _ALTER,
    (U, RISKY, "comparisons, sorting and uniqueness follow other rules", _pg('text COLLATE "C"', "text")),
)  # fmt: skip
changed(
    "column", "charset", _ALTER,
    (U, RISKY, "text outside the character set cannot be stored",
     _my("varchar(9) CHARACTER SET ascii COLLATE ascii_bin",
         "varchar(9) CHARACTER SET latin1 COLLATE latin1_bin")),
)  # fmt: skip
changed(
    "column", "onupdate", _ALTER,
    (U, RISKY, "the server touches the column on UPDATE, or no longer does",
     _my("timestamp NOT NULL DEFAULT current_timestamp ON UPDATE current_timestamp",
         "timestamp NOT NULL DEFAULT current_timestamp")),
)  # fmt: skip
changed(
    "column", "on_conflict", "Rebuild the table with the right clause (op.batch_alter_table).",
    (U, RISKY, "a row with NULL is skipped or filled in where it should be refused, or the reverse",
     _lite("TEXT NOT NULL", "TEXT NOT NULL ON CONFLICT IGNORE")),
)  # fmt: skip
changed(
    "column", "options", "ALTER TABLE … MODIFY …, in a migration with op.execute.",
    (U, INFO, "it is stored, shown or kept in the table's history another way; statements that name it work",
     _my("int", "int INVISIBLE")),
)  # fmt: skip
changed(
    "column", "order", "Nothing: only SELECT * and INSERT without column names notice.",
    (U, INFO, "only statements without column names notice",
     ("CREATE TABLE t (a TEXT, b TEXT)", "CREATE TABLE t (b TEXT, a TEXT)")),
    shown=False,
)  # fmt: skip
