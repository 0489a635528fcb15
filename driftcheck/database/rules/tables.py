"""Rules about schemas, tables, their properties, and comments."""

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

_T = "CREATE TABLE t (id INTEGER PRIMARY KEY, a TEXT)"
_OTHER = "CREATE TABLE other (x INTEGER, y INTEGER)"

declare(
    "schema-missing", "schema", Change.MISSING, BREAKING,
    "every statement on a table in it fails",
    "Create the schema in a migration: op.execute('CREATE SCHEMA …').",
    postgresql("CREATE SCHEMA s; CREATE TABLE s.t (id int)", ""),
)  # fmt: skip
declare(
    "table-missing", "table", Change.MISSING, BREAKING,
    "every statement of its model fails",
    "Write and apply the migration that creates it: op.create_table(…).",
    (f"{_T}; {_OTHER}", _T),
)  # fmt: skip
declare(
    "table-extra", "table", Change.EXTRA, INFO,
    "no model uses it; nothing fails",
    "Drop it with op.drop_table(…), add a model, or exclude it with --exclude.",
    (_T, f"{_T}; {_OTHER}"),
)  # fmt: skip
declare(
    "table-renamed", "table", Change.RENAMED, BREAKING,
    "every statement of its model names a table that is not there",
    "Rename it in a migration, op.rename_table(…), or set __tablename__.",
    (
        "CREATE TABLE user_account (id INTEGER PRIMARY KEY, email TEXT, born DATE)",
        "CREATE TABLE user_accounts (id INTEGER PRIMARY KEY, email TEXT, born DATE)",
    ),
)  # fmt: skip
changed(
    "table", "unlogged",
    "ALTER TABLE … SET LOGGED (or UNLOGGED), in a migration with op.execute.",
    (None, RISKY, "an unlogged table is emptied after a crash and not replicated",
     postgresql("CREATE TABLE t (id int)", "CREATE UNLOGGED TABLE t (id int)")),
)  # fmt: skip
changed(
    "table", "kind",
    "If the model is meant to map a view, give its Table info={'is_view': True}; else restore the table.",
    (None, RISKY, "what is read may be right, but rows may not be written",
     postgresql("CREATE TABLE t (id int)", "CREATE VIEW t AS SELECT 1 AS id")),
)  # fmt: skip
changed(
    "table", "foreign",
    "Nothing, where the model is meant to map a table of another server; else restore the table.",
    (None, INFO, "the rows are on another server, and no key is held to here",
     postgresql("CREATE TABLE t (id int)",
                "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w; "
                "CREATE FOREIGN TABLE t (id int) SERVER s")),
)  # fmt: skip
changed(
    "table", "engine",
    "ALTER TABLE … ENGINE = InnoDB, in a migration with op.execute.",
    (None, RISKY, "transactions and foreign keys depend on the engine",
     mariadb("CREATE TABLE t (id int) ENGINE=InnoDB", "CREATE TABLE t (id int) ENGINE=MyISAM")),
)  # fmt: skip
changed(
    "table", "charset",
    "ALTER TABLE … CONVERT TO CHARACTER SET …, in a migration with op.execute.",
    (None, RISKY, "text outside the character set cannot be stored, and joins may fail",
     mariadb("CREATE TABLE t (id int) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
             "CREATE TABLE t (id int) CHARACTER SET latin1 COLLATE latin1_bin")),
)  # fmt: skip
changed(
    "table", "collation",
    "ALTER TABLE … COLLATE …, in a migration with op.execute.",
    (None, RISKY, "comparisons, sorting and uniqueness of text follow other rules",
     mariadb("CREATE TABLE t (id int) CHARACTER SET utf8mb4 COLLATE utf8mb4_bin",
             "CREATE TABLE t (id int) CHARACTER SET utf8mb4 COLLATE utf8mb4_unicode_ci")),
)  # fmt: skip
changed(
    "table", "strict",
    "Rebuild the table with or without STRICT (op.batch_alter_table).",
    (None, RISKY, "a STRICT table refuses values of another type, any other takes them",
     ("CREATE TABLE t (id INTEGER, a TEXT) STRICT", "CREATE TABLE t (id INTEGER, a TEXT)")),
)  # fmt: skip
changed(
    "table", "without_rowid",
    "Rebuild the table with or without WITHOUT ROWID (op.batch_alter_table).",
    (None, INFO, "rows are stored another way; statements work alike",
     ("CREATE TABLE t (id TEXT PRIMARY KEY) WITHOUT ROWID", "CREATE TABLE t (id TEXT PRIMARY KEY)")),
)  # fmt: skip
changed(
    "table", "versioned",
    "ALTER TABLE … ADD (or DROP) SYSTEM VERSIONING, in a migration with op.execute.",
    (None, RISKY, "the history of rows is kept, or is lost",
     mariadb("CREATE TABLE t (id int) WITH SYSTEM VERSIONING", "CREATE TABLE t (id int)")),
)  # fmt: skip
changed(
    "table", "options",
    "ALTER TABLE … SET (…), in a migration with op.execute.",
    (None, INFO, "rows are stored another way; statements work alike",
     postgresql("CREATE TABLE t (id int) WITH (fillfactor=70)", "CREATE TABLE t (id int)")),
)  # fmt: skip
changed(
    "table", "inherits",
    "ALTER TABLE … INHERIT (or NO INHERIT) …, in a migration with op.execute.",
    (None, RISKY, "queries of a parent return the rows of this table too, or do not",
     postgresql("CREATE TABLE p (id int); CREATE TABLE t (id int) INHERITS (p)",
                "CREATE TABLE p (id int); CREATE TABLE t (id int)")),
)  # fmt: skip
changed(
    "table", "row_security",
    "ALTER TABLE … ENABLE (or DISABLE) ROW LEVEL SECURITY, in a migration with op.execute.",
    (None, BREAKING, "with row security off everybody sees all rows, with it on perhaps nobody any",
     postgresql("CREATE TABLE t (id int); ALTER TABLE t ENABLE ROW LEVEL SECURITY",
                "CREATE TABLE t (id int)")),
)  # fmt: skip
changed(
    "table", "force_row_security",
    "ALTER TABLE … FORCE (or NO FORCE) ROW LEVEL SECURITY, in a migration with op.execute.",
    (None, RISKY, "policies hold, or do not hold, for the owner of the table too",
     postgresql("CREATE TABLE t (id int); ALTER TABLE t FORCE ROW LEVEL SECURITY",
                "CREATE TABLE t (id int)")),
)  # fmt: skip
changed(
    "comment", "comment",
    "Set the comment in a migration (op.create_table_comment, op.alter_column, op.execute), or in the model.",
    (Effect.UNCLEAR, INFO, "only readers of the schema notice",
     postgresql("CREATE TABLE t (id int); COMMENT ON TABLE t IS 'new'",
                "CREATE TABLE t (id int); COMMENT ON TABLE t IS 'old'")),
    category="docs",
)  # fmt: skip
declare(
    "partition-missing", "partition", Change.MISSING, RISKY,
    "the table is one piece: dropping old partitions and pruning do not work",
    "Rebuild the table with PARTITION BY, in a migration with op.execute.",
    postgresql("CREATE TABLE t (id int) PARTITION BY RANGE (id)", "CREATE TABLE t (id int)"),
)  # fmt: skip
declare(
    "partition-extra", "partition", Change.EXTRA, RISKY,
    "rows without a fitting partition are refused, and unique keys must hold the partition key",
    "Declare it in the model (postgresql_partition_by), or rebuild the table.",
    postgresql("CREATE TABLE t (id int)", "CREATE TABLE t (id int) PARTITION BY RANGE (id)"),
)  # fmt: skip
changed(
    "partition", "key",
    "Rebuild the table with the right partition key.",
    (Effect.UNCLEAR, RISKY, "rows go to other partitions, and may find none",
     postgresql("CREATE TABLE t (id int, d date) PARTITION BY RANGE (id)",
                "CREATE TABLE t (id int, d date) PARTITION BY RANGE (d)")),
)  # fmt: skip
