"""Bodies of upgrade() on SQLite with the rules that are to fire ("" for none), over one base."""

BASE = """
op.execute("CREATE TABLE customers (id INTEGER PRIMARY KEY, email VARCHAR(100))")
op.execute("CREATE TABLE orders (id INTEGER PRIMARY KEY, customer INTEGER NOT NULL, total INTEGER, "
           "code VARCHAR(40), note TEXT, state TEXT NOT NULL DEFAULT 'new', "
           "CONSTRAINT ck_total CHECK (total > 0), CONSTRAINT uq_code UNIQUE (code))")
op.execute("CREATE TABLE bare (a INTEGER, b TEXT, CHECK (a > 0))")
op.execute("CREATE TABLE seen (id INTEGER PRIMARY KEY, n INTEGER)")
op.execute("CREATE TRIGGER tr AFTER INSERT ON seen BEGIN SELECT 1; END")
op.execute("CREATE INDEX ix_note ON orders (note)")
op.execute("CREATE VIEW notes AS SELECT id, email FROM customers")
"""
RAW = 'op.execute("{}")'.format


def batch(table, *calls, **options):
    """A batch over a table."""
    given = "".join(f", {name}={value!r}" for name, value in options.items())
    return f'with op.batch_alter_table("{table}"{given}) as batch:\n' + "\n".join(
        f"    batch.{call}" for call in calls
    )


CASES = [
    ('op.drop_table("bare")', "table-dropped"),
    ('op.execute("CREATE TABLE t (id INTEGER PRIMARY KEY)")\nop.drop_table("t")', ""),
    ('op.rename_table("bare", "naked")', "table-renamed"),
    (RAW("DELETE FROM bare"), "table-emptied"),
    (RAW("DELETE FROM bare WHERE a = 3"), ""),
    ('op.drop_column("orders", "state")', "column-dropped"),
    (batch("orders", 'drop_column("state")'), "column-dropped"),
    (batch("orders", 'drop_column("state")', recreate="always"), "column-dropped"),
    (batch("orders", 'add_column(sa.Column("x", sa.Text))'), ""),
    (batch("orders", 'add_column(sa.Column("x", sa.Text))', recreate="always"), ""),
    ('op.add_column("orders", sa.Column("x", sa.Text))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Text, nullable=False, server_default="a"))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Text, nullable=False))', "column-required"),
    (
        batch("orders", 'add_column(sa.Column("x", sa.Text, nullable=False))', recreate="always"),
        "column-required",
    ),
    (batch("orders", 'alter_column("total", nullable=False)'), "not-null-unfilled"),
    (
        'op.execute("UPDATE orders SET total = 1 WHERE total IS NULL")\n'
        + batch("orders", 'alter_column("total", nullable=False)'),
        "",
    ),
    (batch("orders", 'alter_column("customer", nullable=True)'), "not-null-dropped"),
    (batch("orders", 'alter_column("code", type_=sa.String(80))'), ""),
    (batch("orders", 'alter_column("code", type_=sa.String(20))'), "column-narrowed"),
    (batch("orders", 'alter_column("total", type_=sa.BigInteger)'), ""),
    (batch("orders", 'alter_column("total", type_=sa.Text)'), "column-retyped"),
    (batch("orders", 'alter_column("note", new_column_name="remark")'), "column-renamed"),
    (RAW("ALTER TABLE orders RENAME COLUMN state TO status"), "column-renamed"),
    (batch("orders", 'alter_column("total", server_default="3")'), ""),
    (batch("orders", 'alter_column("state", server_default=None)'), "default-dropped"),
    (batch("orders", 'create_unique_constraint("uq_total", ["total"])'), "unique-added"),
    (batch("orders", 'create_index("ix_total", ["total"])'), ""),
    ('op.create_index("ix", "orders", ["total"], unique=True)', "unique-added"),
    ('op.create_index("ix", "orders", ["total"], unique=True)', "", "", {"orders": 0}),
    ('op.create_index("ix", "orders", ["total"])', ""),
    (batch("orders", 'create_foreign_key("fk", "customers", ["customer"], ["id"])'), ""),
    (batch("orders", 'drop_constraint("uq_code", type_="unique")'), "constraint-dropped"),
    (batch("seen", 'alter_column("n", type_=sa.BigInteger)'), "lost-in-rebuild"),
    (
        batch("seen", 'alter_column("n", type_=sa.BigInteger)')
        + "\n"
        + RAW("CREATE TRIGGER tr AFTER INSERT ON seen BEGIN SELECT 1; END"),
        "",
    ),
    (batch("seen", 'add_column(sa.Column("x", sa.Text))'), ""),
    ('op.alter_column("orders", "total", nullable=False)', "batch-missing"),
    ('op.alter_column("orders", "code", type_=sa.String(80))', "batch-missing"),
    ('op.create_unique_constraint("uq", "orders", ["total"])', "batch-missing"),
    ('op.create_foreign_key("fk", "orders", "customers", ["customer"], ["id"])', "batch-missing"),
    ('op.drop_constraint("uq_code", "orders", type_="unique")', "batch-missing"),
    ('op.create_check_constraint("ck", "orders", "total > 1")', "batch-missing"),
    (RAW("DROP VIEW notes"), "view-dropped"),
    (RAW("CREATE TABLE t (a INTEGER)"), "table-without-key"),
    (
        'op.execute("CREATE TABLE t (a INTEGER PRIMARY KEY, b TEXT)")\nop.execute("INSERT INTO t SELECT a, b FROM bare")\nop.drop_table("bare")\nop.rename_table("t", "bare")',
        "lost-in-rebuild",
    ),
    (
        'op.drop_table("bare")\nop.create_table("bare", sa.Column("a", sa.Integer, primary_key=True))',
        "table-recreated",
    ),
    (RAW("UPDATE orders SET total = 2"), ""),
    ("from driftcheck_example_models import User\n_ = User", "imports-models"),
    ("from driftcheck_example_models import LIMIT, SOON\n_ = SOON", ""),
    (RAW("CREATE TRIGGER x AFTER INSERT ON orders BEGIN SELECT 1; END"), "sql-not-reversed", "pass"),
    (RAW("CREATE TRIGGER x AFTER INSERT ON orders BEGIN SELECT 1; END"), "", 'op.execute("DROP TRIGGER x")'),
    ("pass", ""),
]
