"""Rules about what a revision loses, and about names and values that running code relies on."""

from __future__ import annotations

from functools import partial

from driftcheck.database.migrations.rules.dangers import BREAKING, RISKY, declare

_data = partial(declare, "data")
_VIEW = 'op.execute("CREATE VIEW old_orders AS SELECT id FROM orders")'
_STATUS = """\
op.execute("CREATE TYPE status AS ENUM ('new', 'paid', 'void')")
op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, state status)")"""
_VERSIONED = 'op.execute("CREATE TABLE prices (id int PRIMARY KEY, price int) WITH SYSTEM VERSIONING")'
_LINES = """\
op.execute("CREATE TABLE orders (id int PRIMARY KEY)")
op.execute("CREATE TABLE lines (id int PRIMARY KEY, order_id int REFERENCES orders)")"""

_data(
    "table-dropped", BREAKING, "A table is dropped",
    "its rows are gone, and code that is still running reads it",
    "Deploy code that no longer uses the table first; keep a backup; then drop it, and say so beside the "
    "call:"
    " `# driftcheck: ignore[migration-table-dropped] unused since …`.",
    bad='op.drop_table("orders")',
    good='op.create_table("scratch", sa.Column("id", sa.BigInteger, primary_key=True))\n'
    'op.drop_table("scratch")',
)  # fmt: skip
_data(
    "table-recreated", BREAKING, "A table is dropped and created again",
    "all its rows are gone",
    "Alter the table, or copy its rows: INSERT INTO new SELECT … FROM old, before the old one goes.",
    bad='op.drop_table("orders")\nop.create_table("orders", sa.Column("id", sa.BigInteger, '
    'primary_key=True))',
    good='op.add_column("orders", sa.Column("paid", sa.Text))',
)  # fmt: skip
_data(
    "table-emptied", BREAKING, "All rows of a table are deleted",
    "nothing brings them back but a backup",
    "Delete what has to go in batches, with a WHERE, from a script; keep a backup.",
    bad='op.execute("TRUNCATE orders")',
    good='op.execute("DELETE FROM orders WHERE id = 7")',
)  # fmt: skip
_data(
    "column-dropped", BREAKING, "A column is dropped",
    "its values are gone, and code that is still running names it in every SELECT of its model",
    "Deploy code without the column first (deferred or deleted from the model), then drop it, and say so"
    " beside the call: `# driftcheck: ignore[migration-column-dropped] unused since …`.",
    bad='op.drop_column("orders", "note")',
    good='op.add_column("orders", sa.Column("memo", sa.Text))\nop.drop_column("orders", "memo")',
)  # fmt: skip
_data(
    "cascade", BREAKING, "Something goes with what is dropped",
    "CASCADE takes what nobody named",
    "Leave CASCADE out; drop each thing by its name.",
    base=_LINES,
    bad='op.execute("TRUNCATE orders CASCADE")  # driftcheck: ignore[migration-table-emptied] by intent',
    good='op.execute("CREATE TABLE scratch (id int)")\nop.execute("DROP TABLE scratch CASCADE")',
)  # fmt: skip
_data(
    "view-dropped", RISKY, "A view is dropped",
    "code that still selects from it fails",
    "Deploy code that no longer reads the view first; CREATE OR REPLACE VIEW to change one.",
    base=f'op.execute("CREATE TABLE orders (id bigint PRIMARY KEY)")\n{_VIEW}',
    bad='op.execute("DROP VIEW old_orders")',
    good=f'op.execute("DROP VIEW old_orders")\n{_VIEW}',
)  # fmt: skip
_data(
    "schema-dropped", BREAKING, "A schema is dropped",
    "every table in it goes, with its rows",
    "Drop the tables one by one, after the code has stopped using them.",
    base='op.execute("CREATE SCHEMA archive")',
    bad='op.execute("DROP SCHEMA archive")',
    good='op.execute("CREATE SCHEMA IF NOT EXISTS archive")',
)  # fmt: skip
_data(
    "schema-renamed", BREAKING, "A schema is renamed",
    "running code does not find what is in it",
    "Create the new schema, move the tables with views in their old places, and drop the old one later.",
    base='op.execute("CREATE SCHEMA archive")',
    bad='op.execute("ALTER SCHEMA archive RENAME TO attic")',
    good='op.execute("CREATE SCHEMA attic")',
)  # fmt: skip
_data(
    "table-renamed", BREAKING, "A table is renamed",
    "code that is still running does not find it",
    "Leave a view of the old name in its place (in the same revision), and drop the view one release later.",
    bad='op.rename_table("orders", "purchases")',
    good='op.rename_table("orders", "purchases")\nop.execute("CREATE VIEW orders AS SELECT * FROM '
    'purchases")',
)  # fmt: skip
_data(
    "column-renamed", BREAKING, "A column is renamed",
    "code that is still running names the old one",
    "Keep the name in the database (mapped_column('old_name')), or add the new column, write both, copy,"
    " switch the readers, and drop the old one in a later release.",
    bad='op.alter_column("orders", "note", new_column_name="remark")',
    good='op.add_column("orders", sa.Column("remark", sa.Text))',
)  # fmt: skip
_data(
    "enum-value-renamed", BREAKING, "A value of an enum is renamed",
    "code that is still running writes, and reads, the old one",
    "Add the new value, let code accept both, update the rows, and retire the old value from the code.",
    base=_STATUS,
    bad="op.execute(\"ALTER TYPE status RENAME VALUE 'void' TO 'cancelled'\")",
    good="op.execute(\"ALTER TYPE status ADD VALUE 'cancelled' BEFORE 'void'\")",
)  # fmt: skip
_data(
    "enum-value-removed", BREAKING, "A value of an enum is removed",
    "rows that hold it make the migration fail or lose it, and code that is still running writes it",
    "Stop writing it, update the rows that hold it, and only then take it away.",
    engine="mariadb",
    base="op.execute(\"CREATE TABLE orders (id int PRIMARY KEY, state ENUM('new', 'paid', 'void'))\")",
    bad="op.execute(\"ALTER TABLE orders MODIFY state ENUM('new', 'paid')\")"
    "  # driftcheck: ignore[migration-table-copied] small",
    good="op.execute(\"ALTER TABLE orders MODIFY state ENUM('new', 'paid', 'void', 'late')\")",
)  # fmt: skip
_data(
    "enum-value-used", BREAKING, "A value of an enum is used where it is added",
    "PostgreSQL refuses to use it before the transaction that added it has committed",
    "Add the value in a revision of its own, or in `with op.get_context().autocommit_block():`.",
    base=_STATUS,
    bad="op.execute(\"ALTER TYPE status ADD VALUE 'late' BEFORE 'void'\")\n"
    "op.execute(\"UPDATE orders SET state = 'late' WHERE id = 1\")",
    good="op.execute(\"ALTER TYPE status ADD VALUE 'late' BEFORE 'void'\")",
)  # fmt: skip
_data(
    "column-required", BREAKING, "A NOT NULL column is added without a default",
    "it fails on a table with rows (MySQL fills in zeros instead), and the INSERTs of running code lack it",
    "Add it nullable or with server_default; fill it; make it NOT NULL in a later revision.",
    bad='op.add_column("orders", sa.Column("paid", sa.Integer, nullable=False))',
    good='op.add_column("orders", sa.Column("paid", sa.Integer, nullable=False, server_default="0"))',
)  # fmt: skip
_data(
    "column-without-default", RISKY, "A new NOT NULL column has no default in the database",
    "a default of the model is not in the database: the INSERTs of code that is still running fail",
    "Keep the server_default until all running code writes the column.",
    engine="mariadb",
    bad='op.add_column("orders", sa.Column("paid", sa.Integer, nullable=False, server_default="0"))\n'
    'op.alter_column("orders", "paid", existing_type=sa.Integer, existing_nullable=False, '
    'server_default=None)',
    good='op.add_column("orders", sa.Column("paid", sa.Integer, nullable=False, server_default="0"))',
)  # fmt: skip
_data(
    "default-dropped", RISKY, "A NOT NULL column loses its default",
    "INSERTs of running code that leave it out fail",
    "Deploy code that always writes the column first.",
    base='op.create_table("orders", sa.Column("id", sa.BigInteger, primary_key=True),'
    ' sa.Column("paid", sa.Integer, nullable=False, server_default="0"))',
    bad='op.alter_column("orders", "paid", server_default=None)',
    good='op.alter_column("orders", "paid", server_default="1")',
)  # fmt: skip
_data(
    "not-null-dropped", RISKY, "A column may be NULL from now on",
    "code that is still running, and every reader, may meet a NULL where none was",
    "Let all readers cope with NULL first.",
    bad='op.alter_column("orders", "customer", nullable=True)',
    good='op.alter_column("orders", "customer", server_default="0")',
)  # fmt: skip
_data(
    "not-null-unfilled", BREAKING, "A column becomes NOT NULL while it may hold NULLs",
    "the migration fails where one is left (MySQL outside strict mode makes zeros of them)",
    "Replace the NULLs first: UPDATE … SET c = … WHERE c IS NULL.",
    engine="sqlite",
    bad='with op.batch_alter_table("orders") as batch:\n    batch.alter_column("total", nullable=False)',
    good='op.execute("UPDATE orders SET total = 0 WHERE total IS NULL")\n'
    'with op.batch_alter_table("orders") as batch:\n    batch.alter_column("total", nullable=False)',
)  # fmt: skip
_data(
    "column-narrowed", BREAKING, "A column's type gets narrower",
    "values that do not fit make the migration fail, or are cut, and code that is still running writes such",
    "Add a column of the new type, let code write both, copy what fits, and drop the old one later.",
    engine="sqlite",
    base='op.create_table("orders", sa.Column("id", sa.Integer, primary_key=True), sa.Column("code", '
    'sa.String(40)))',
    bad='with op.batch_alter_table("orders") as batch:\n    batch.alter_column("code", type_=sa.String(20))',
    good='with op.batch_alter_table("orders") as batch:\n    batch.alter_column("code", type_=sa.String(80))',
)  # fmt: skip
_data(
    "column-retyped", RISKY, "A column gets another type",
    "code that is still running sends and expects values of the old one",
    "Add a column of the new type, write both, switch the readers, and drop the old one later.",
    engine="sqlite",
    bad='with op.batch_alter_table("orders") as batch:\n    batch.alter_column("total", type_=sa.Text)',
    good='with op.batch_alter_table("orders") as batch:\n    batch.alter_column("total", '
    'type_=sa.BigInteger)',
)  # fmt: skip
_data(
    "constraint-dropped", RISKY, "A constraint is dropped",
    "wrong rows get in, and putting it back needs a clean-up first",
    "Drop it only when the rule no longer holds; to change it, add the new one first.",
    bad='op.execute("ALTER TABLE orders DROP CONSTRAINT orders_pkey")',
    good='op.execute("ALTER TABLE orders RENAME CONSTRAINT orders_pkey TO pk_orders")',
)  # fmt: skip
_data(
    "unique-added", RISKY, "Rows that are there must be unique from now on",
    "the migration fails on duplicates",
    "Look for duplicates and remove them first, in the same revision or an earlier one.",
    engine="sqlite",
    bad='op.create_index("ux_code", "orders", ["code"], unique=True)',
    good='op.create_index("ix_code", "orders", ["code"])',
)  # fmt: skip
_data(
    "history-dropped", BREAKING, "The history of a system-versioned table is dropped",
    "the rows' former states are gone",
    "Copy the history first: SELECT … FOR SYSTEM_TIME ALL.",
    engine="mariadb",
    base=_VERSIONED,
    bad='op.execute("ALTER TABLE prices DROP SYSTEM VERSIONING")'
    "  # driftcheck: ignore[migration-writes-blocked] small",
    good='op.execute("ALTER TABLE prices COMMENT \'with history\'")',
)  # fmt: skip
_data(
    "lost-in-rebuild", RISKY, "Rebuilding a table loses something",
    "SQLite's batch mode copies what it can reflect: triggers and unnamed checks are not among it",
    "Create it again in the same revision: op.execute('CREATE TRIGGER …'), or "
    "table_args=(sa.CheckConstraint(…),).",
    engine="sqlite",
    base='op.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, total INTEGER)")\n'
    'op.execute("CREATE TRIGGER t AFTER INSERT ON orders BEGIN SELECT 1; END")',
    bad='with op.batch_alter_table("orders", recreate="always") as batch:\n'
    '    batch.add_column(sa.Column("note", sa.Text))',
    good='op.add_column("orders", sa.Column("note", sa.Text))',
)  # fmt: skip
_data(
    "extension-changed", RISKY, "An extension is updated or dropped",
    "functions and types of it behave otherwise, or are gone",
    "Read the extension's release notes; try it on a copy of production.",
    base='op.execute("CREATE EXTENSION plpgsql") if False else None',
    bad='op.execute("DROP EXTENSION plpgsql")',
    good='op.execute("CREATE EXTENSION IF NOT EXISTS plpgsql")',
)  # fmt: skip
