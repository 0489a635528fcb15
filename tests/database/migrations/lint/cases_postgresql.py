"""Bodies of upgrade() on PostgreSQL with the rules that are to fire ("" for none), over one base.

A case is (body, rules); a third item is what downgrade() does, a fourth the rows of the live tables.
"""

BASE = """
op.execute("CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(100), name text)")
op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL, total integer, price numeric(10, 2), "
           "code varchar(40), note text, state text NOT NULL DEFAULT 'new', at timestamptz, day date, extra json, "
           "active boolean NOT NULL DEFAULT true, big bigint, ref uuid, plain timestamp, seen int)")
op.execute("CREATE INDEX ix_orders_code ON orders (code)")
op.execute("CREATE UNIQUE INDEX ux_orders_ref ON orders (ref)")
op.execute("ALTER TABLE orders ADD CONSTRAINT ck_total CHECK (total IS NOT NULL)")
op.execute("ALTER TABLE orders ADD CONSTRAINT ck_later CHECK (price > 0) NOT VALID")
op.execute("ALTER TABLE orders ADD CONSTRAINT fk_customer FOREIGN KEY (customer) REFERENCES customers NOT VALID")
op.execute("CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint REFERENCES orders ON DELETE CASCADE, n int)")
op.execute("CREATE TABLE bare (a bigint, b bigint NOT NULL)")
op.execute("CREATE TYPE mood AS ENUM ('sad', 'ok', 'glad')")
op.execute("CREATE TABLE people (id bigint PRIMARY KEY, feels mood, born date)")
op.execute("CREATE VIEW cheap AS SELECT id, seen FROM orders")
op.execute("CREATE FUNCTION touch() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")
op.execute("CREATE TABLE logs (id bigint, day date NOT NULL) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE logs_1 PARTITION OF logs FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')")
op.execute("CREATE TABLE logs_2 (id bigint, day date NOT NULL)")
op.execute("CREATE DOMAIN cents AS integer")
op.execute("CREATE TABLE fees (id bigint PRIMARY KEY, fee cents)")
op.execute("CREATE SCHEMA archive")
op.execute("CREATE TABLE archive.old (id bigint PRIMARY KEY, note text)")
op.execute("CREATE SEQUENCE numbers")
"""
ALONE = "with op.get_context().autocommit_block():\n    "
RAW = 'op.execute("{}")'.format

CASES = [
    # rows and tables
    ('op.drop_table("orders_gone", if_exists=True)', ""),
    ('op.drop_table("bare")', "table-dropped"),
    (RAW("DROP TABLE bare"), "table-dropped"),
    (RAW("DROP TABLE IF EXISTS bare"), "table-dropped"),
    (RAW("DROP TABLE IF EXISTS nothing_of_the_kind"), ""),
    (RAW("DROP TABLE archive.old"), "table-dropped"),
    ('op.drop_table("old", schema="archive")', "table-dropped"),
    ('op.drop_table("bare")  # driftcheck: ignore[migration-table-dropped] unused since 2.3', ""),
    (RAW("DROP TABLE orders CASCADE"), "table-dropped cascade"),
    (RAW("DROP TABLE bare CASCADE"), "table-dropped"),
    ('op.execute("CREATE TABLE t (id int PRIMARY KEY)")\nop.drop_table("t")', ""),
    ('op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True))', ""),
    (RAW("CREATE TEMP TABLE t (id int PRIMARY KEY)"), ""),
    (
        'op.execute("CREATE TABLE bare2 AS SELECT * FROM bare")\nop.drop_table("bare")\nop.rename_table("bare2", "bare")',
        "not-null-dropped",
    ),
    (
        'op.drop_table("bare")\nop.create_table("bare", sa.Column("a", sa.BigInteger, primary_key=True))',
        "table-recreated",
    ),
    (RAW("TRUNCATE bare"), "table-emptied"),
    (RAW("CREATE INDEX ix_version ON alembic_version (version_num)"), ""),  # Alembic's own: one row
    (RAW("ALTER TABLE alembic_version ALTER version_num TYPE text USING version_num || ''"), ""),
    (RAW("TRUNCATE TABLE orders CASCADE"), "table-emptied cascade"),
    (RAW("DELETE FROM bare"), "table-emptied"),
    ('op.execute(sa.text("DELETE FROM bare"))', "table-emptied"),
    ('op.execute(sa.table("bare").delete())', "table-emptied"),
    (RAW("DELETE FROM bare WHERE a = 1"), ""),
    (RAW("DROP SCHEMA archive CASCADE"), "schema-dropped"),
    (RAW("CREATE SCHEMA other"), ""),
    (RAW("ALTER SCHEMA archive RENAME TO attic"), "schema-renamed"),
    ('op.rename_table("bare", "naked")', "table-renamed"),
    ('op.rename_table("bare", "naked")\nop.execute("CREATE VIEW bare AS SELECT * FROM naked")', ""),
    (RAW("ALTER SEQUENCE numbers RENAME TO figures"), ""),
    (RAW("DROP VIEW cheap"), "view-dropped"),
    (RAW("CREATE OR REPLACE VIEW cheap AS SELECT id, seen FROM orders WHERE id > 1"), ""),
    ('op.execute("DROP VIEW cheap")\nop.execute("CREATE VIEW cheap AS SELECT id FROM orders")', ""),
    ('op.execute("DROP INDEX ux_orders_ref")', "constraint-dropped index-drop-not-concurrent"),
    # columns
    ('op.drop_column("orders", "note")', "column-dropped"),
    (RAW("ALTER TABLE orders DROP COLUMN IF EXISTS note"), "column-dropped"),
    (RAW("ALTER TABLE orders DROP COLUMN IF EXISTS nope"), ""),
    (RAW("ALTER TABLE orders DROP COLUMN seen CASCADE"), "column-dropped cascade"),
    (
        '# unused since 2.3\nop.drop_column("orders", "note")  # driftcheck: ignore[migration-column-dropped] deployed in 2.3',
        "",
    ),
    ('op.add_column("orders", sa.Column("x", sa.Text))\nop.drop_column("orders", "x")', ""),
    (
        'op.drop_column("orders", "note")\nop.add_column("orders", sa.Column("note", sa.Text))',
        "column-dropped",
    ),
    ('op.alter_column("orders", "note", new_column_name="remark")', "column-renamed"),
    (RAW("ALTER TABLE orders RENAME note TO remark"), "column-renamed"),
    (RAW("ALTER TABLE orders RENAME CONSTRAINT ck_total TO ck_total_set"), ""),
    (RAW("ALTER INDEX ix_orders_code RENAME TO ix_code"), ""),
    ('op.add_column("orders", sa.Column("x", sa.Text))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Text, nullable=True, server_default="a"))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Text, nullable=False, server_default="a"))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Boolean, nullable=False, server_default=sa.false()))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Text, nullable=False))', "column-required"),
    ('op.add_column("orders", sa.Column("x", sa.Text, nullable=False, default="a"))', "column-required"),
    (RAW("ALTER TABLE orders ADD COLUMN x text NOT NULL"), "column-required"),
    (
        'op.add_column("orders", sa.Column("x", sa.Text, nullable=False, server_default="a"))\nop.alter_column("orders", "x", server_default=None)',
        "column-without-default",
    ),
    ('op.add_column("orders", sa.Column("x", sa.DateTime(True), server_default=sa.func.now()))', ""),
    (
        'op.add_column("orders", sa.Column("x", sa.DateTime(True), server_default=sa.text("clock_timestamp()")))',
        "volatile-default",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Uuid, server_default=sa.text("gen_random_uuid()")))',
        "volatile-default",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Float, server_default=sa.text("random()")))',
        "volatile-default",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Uuid))\nop.alter_column("orders", "x", server_default=sa.text("gen_random_uuid()"))',
        "",
    ),
    (RAW("ALTER TABLE orders ADD COLUMN x serial"), "numbered-column-added"),
    ('op.add_column("orders", sa.Column("x", sa.BigInteger, sa.Identity()))', "numbered-column-added"),
    (
        'op.add_column("orders", sa.Column("x", sa.Integer, sa.Computed("total + 1", persisted=True)))',
        "stored-column-added",
    ),
    ('op.alter_column("orders", "total", type_=sa.BigInteger)', "column-rewrite"),
    ('op.alter_column("orders", "total", type_=sa.Numeric)', "column-rewrite"),
    ('op.alter_column("orders", "code", type_=sa.String(80))', ""),
    ('op.alter_column("orders", "code", type_=sa.Text)', ""),
    ('op.alter_column("orders", "code", type_=sa.String())', ""),
    ('op.alter_column("orders", "price", type_=sa.Numeric(12, 2))', ""),
    ('op.alter_column("orders", "price", type_=sa.Numeric())', ""),
    ('op.alter_column("orders", "price", type_=sa.Numeric(8, 2))', "column-narrowed column-rewrite"),
    ('op.alter_column("orders", "price", type_=sa.Numeric(10, 1))', "column-narrowed column-rewrite"),
    ('op.alter_column("orders", "code", type_=sa.String(20))', "column-narrowed column-rewrite"),
    ('op.alter_column("orders", "note", type_=sa.String(200))', "column-narrowed column-rewrite"),
    ('op.alter_column("orders", "big", type_=sa.Integer)', "column-narrowed column-rewrite"),
    ('op.alter_column("orders", "at", type_=sa.Date)', "column-narrowed column-rewrite"),
    (RAW("ALTER TABLE orders ALTER total TYPE text"), "column-rewrite"),
    (RAW("ALTER TABLE orders ALTER extra TYPE jsonb"), "column-rewrite"),
    (RAW("ALTER TABLE orders ALTER note TYPE json USING note::json"), "column-rewrite"),
    (RAW("ALTER TABLE orders ALTER plain TYPE timestamptz"), "column-retyped"),
    (RAW("ALTER TABLE orders ALTER note TYPE varchar"), ""),
    (RAW("ALTER TABLE orders ALTER note SET STORAGE EXTERNAL"), ""),
    (RAW("ALTER TABLE orders ALTER note SET STATISTICS 100"), ""),
    ('op.alter_column("orders", "note", comment="a remark")', ""),
    ('op.alter_column("orders", "note", server_default="x")', ""),
    ('op.alter_column("orders", "state", server_default=None)', "default-dropped"),
    ('op.alter_column("orders", "state", server_default="old")', ""),
    ('op.alter_column("orders", "customer", nullable=True)', "not-null-dropped"),
    ('op.alter_column("orders", "note", nullable=False)', "not-null-set"),
    ('op.alter_column("orders", "total", nullable=False)', ""),
    ('op.alter_column("orders", "total", nullable=False)\nop.drop_constraint("ck_total", "orders")', ""),
    (
        'op.alter_column("orders", "total", nullable=False)\nop.alter_column("orders", "note", nullable=False)',
        "not-null-set",
    ),
    (
        'op.alter_column("orders", "note", nullable=False)\nop.alter_column("orders", "code", nullable=False)',
        "not-null-set",
    ),
    ('op.add_column("orders", sa.Column("x", sa.JSON))', "json-column"),
    ('op.add_column("orders", sa.Column("x", sa.dialects.postgresql.JSONB))', ""),
    ('op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("j", sa.JSON))', ""),
    # indexes
    ('op.create_index("ix", "orders", ["note"])', "index-not-concurrent"),
    (RAW("CREATE INDEX ON orders (note)"), "index-not-concurrent"),
    ('op.create_index("ix", "orders", ["note"], unique=True)', "index-not-concurrent"),
    (
        'op.create_index("ix", "orders", ["note"], postgresql_concurrently=True)',
        "concurrently-in-transaction",
    ),
    (ALONE + 'op.create_index("ix", "orders", ["note"], postgresql_concurrently=True)', ""),
    (
        ALONE + 'op.create_index("ix", "orders", ["note"], postgresql_concurrently=True, if_not_exists=True)',
        "",
    ),
    (ALONE + 'op.create_index("ix", "orders", ["note"], unique=True, postgresql_concurrently=True)', ""),
    (ALONE + 'op.create_index("ix", "orders", ["note"])', "index-not-concurrent"),
    (ALONE + RAW("CREATE INDEX CONCURRENTLY ix ON orders (note)"), "", 'op.drop_index("ix", "orders")'),
    (
        'op.execute("COMMIT")\nop.execute("CREATE INDEX CONCURRENTLY ix ON orders (note)")',
        "own-transaction concurrently-in-transaction",
    ),
    (
        'op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("a", sa.Text))\nop.create_index("ix", "t", ["a"])',
        "",
    ),
    (
        'op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("a", sa.Text, index=True))',
        "",
    ),
    ('op.drop_index("ix_orders_code", "orders")', "index-drop-not-concurrent"),
    (RAW("DROP INDEX ix_orders_code"), "index-drop-not-concurrent"),
    (ALONE + 'op.drop_index("ix_orders_code", "orders", postgresql_concurrently=True)', ""),
    (ALONE + RAW("DROP INDEX CONCURRENTLY IF EXISTS ix_orders_code"), ""),
    (
        'op.drop_index("ix_orders_code", "orders", postgresql_concurrently=True)',
        "concurrently-in-transaction",
    ),
    (RAW("REINDEX INDEX ix_orders_code"), "reindex-not-concurrent"),
    (RAW("REINDEX TABLE orders"), "reindex-not-concurrent"),
    (ALONE + RAW("REINDEX INDEX CONCURRENTLY ix_orders_code"), ""),
    ('op.add_column("orders", sa.Column("x", sa.Text, index=True))', "index-not-concurrent"),
    ('op.create_index("ix", "orders", ["note"])', "", "", {"orders": 200}),
    (
        'op.create_index("ix", "orders", ["note"])',
        "index-not-concurrent lock-timeout-missing",
        "",
        {"orders": 20_000_000},
    ),
    ('op.create_index("ix", "orders", ["note"])', "index-not-concurrent", "", {"customers": 5}),
    (
        'op.execute("DROP INDEX ix_orders_code")\nop.execute("CREATE UNIQUE INDEX ix_orders_code ON orders (code)")',
        "index-not-concurrent index-drop-not-concurrent",
    ),
    # constraints
    ('op.create_foreign_key("fk", "items", "customers", ["n"], ["id"])', "foreign-key-validated"),
    ('op.create_foreign_key("fk", "items", "customers", ["n"], ["id"], postgresql_not_valid=True)', ""),
    (
        'op.add_column("items", sa.Column("c", sa.BigInteger, sa.ForeignKey("customers.id")))',
        "foreign-key-validated",
    ),
    (
        'op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("c", sa.BigInteger, sa.ForeignKey("customers.id")))',
        "",
    ),
    (RAW("ALTER TABLE orders VALIDATE CONSTRAINT fk_customer"), ""),
    (RAW("ALTER TABLE orders VALIDATE CONSTRAINT ck_later"), ""),
    (
        'op.create_foreign_key("fk", "items", "customers", ["n"], ["id"], postgresql_not_valid=True)\nop.execute("ALTER TABLE items VALIDATE CONSTRAINT fk")',
        "validated-in-same-transaction",
    ),
    (
        'op.create_foreign_key("fk", "items", "customers", ["n"], ["id"], postgresql_not_valid=True)\n'
        + ALONE
        + RAW("ALTER TABLE items VALIDATE CONSTRAINT fk"),
        "",
    ),
    ('op.create_check_constraint("ck", "orders", "total > 0")', "check-validated"),
    ('op.create_check_constraint("ck", "orders", "total > 0", postgresql_not_valid=True)', ""),
    (
        'op.create_check_constraint("ck", "orders", "total > 0", postgresql_not_valid=True)\nop.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")',
        "validated-in-same-transaction",
    ),
    ('op.create_unique_constraint("uq", "orders", ["code"])', "unique-builds-index"),
    (
        ALONE
        + 'op.create_index("uq", "orders", ["code"], unique=True, postgresql_concurrently=True)\nop.execute("ALTER TABLE orders ADD CONSTRAINT uq UNIQUE USING INDEX uq")',
        "",
    ),
    (RAW("ALTER TABLE orders ADD CONSTRAINT uq UNIQUE USING INDEX ux_orders_ref"), ""),
    ('op.create_primary_key("pk", "bare", ["a"])', "primary-key-added"),
    ('op.create_primary_key("pk", "bare", ["b"])', "primary-key-added"),
    (
        ALONE
        + 'op.create_index("pk", "bare", ["b"], unique=True, postgresql_concurrently=True)\nop.execute("ALTER TABLE bare ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")',
        "",
    ),
    (RAW("ALTER TABLE people ADD CONSTRAINT x EXCLUDE USING btree (born WITH =)"), "exclusion-added"),
    ('op.drop_constraint("ck_total", "orders")', "constraint-dropped"),
    ('op.drop_constraint("fk_customer", "orders", type_="foreignkey")', "constraint-dropped"),
    (
        'op.drop_constraint("fk_customer", "orders")\nop.create_foreign_key("fk2", "orders", "customers", ["customer"], ["id"], ondelete="CASCADE", postgresql_not_valid=True)',
        "",
    ),
    (RAW("ALTER TABLE orders DROP CONSTRAINT orders_pkey CASCADE"), "constraint-dropped cascade"),
    (RAW("ALTER DOMAIN cents ADD CONSTRAINT positive CHECK (VALUE > 0)"), "table-scanned"),
    (RAW("ALTER DOMAIN cents ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID"), ""),
    (RAW("CREATE DOMAIN pence AS int CHECK (VALUE > 0)"), ""),
    # storage, partitions, triggers
    (RAW("ALTER TABLE bare SET UNLOGGED"), "storage-changed"),
    (RAW("ALTER TABLE bare SET LOGGED"), ""),
    (RAW("ALTER TABLE bare SET (fillfactor = 70)"), ""),
    (RAW("CLUSTER orders USING orders_pkey"), "table-rewritten"),
    (ALONE + RAW("VACUUM FULL orders"), "table-rewritten"),
    (ALONE + RAW("VACUUM orders"), ""),
    (RAW("VACUUM orders"), "concurrently-in-transaction"),
    (RAW("ANALYZE orders"), ""),
    (RAW("CREATE TRIGGER t BEFORE UPDATE ON orders FOR EACH ROW EXECUTE FUNCTION touch()"), "trigger-added"),
    (
        'op.execute("CREATE TABLE t (id int PRIMARY KEY)")\nop.execute("CREATE TRIGGER t BEFORE UPDATE ON t FOR EACH ROW EXECUTE FUNCTION touch()")',
        "",
    ),
    (RAW("ALTER TABLE logs DETACH PARTITION logs_1"), "partition-detach-blocking"),
    (ALONE + RAW("ALTER TABLE logs DETACH PARTITION logs_1 CONCURRENTLY"), ""),
    (
        RAW("ALTER TABLE logs ATTACH PARTITION logs_2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')"),
        "table-scanned",
    ),
    (
        "op.execute(\"ALTER TABLE logs_2 ADD CONSTRAINT ck CHECK (day >= '2021-01-01' AND day < '2022-01-01') NOT VALID\")\n"
        + ALONE
        + RAW("ALTER TABLE logs_2 VALIDATE CONSTRAINT ck")
        + "\n"
        + RAW("ALTER TABLE logs ATTACH PARTITION logs_2 FOR VALUES FROM ('2021-01-01') TO ('2022-01-01')"),
        "",
    ),
    (RAW("CREATE TABLE logs_3 PARTITION OF logs FOR VALUES FROM ('2023-01-01') TO ('2024-01-01')"), ""),
    (RAW("ALTER TABLE orders ENABLE ROW LEVEL SECURITY"), ""),
    # one transaction
    (
        'op.add_column("orders", sa.Column("x", sa.Integer))\nop.execute("UPDATE orders SET x = total")',
        "backfill-under-lock",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Integer))\n' + ALONE + RAW("UPDATE orders SET x = total"),
        "",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Integer))\nop.execute("UPDATE orders SET x = 1 WHERE id = 5")',
        "",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Integer))\nop.execute("UPDATE orders SET x = 1 WHERE id BETWEEN 5 AND 10")',
        "",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Integer))\nop.execute("UPDATE orders SET x = total")',
        "",
        "",
        {"orders": 12},
    ),
    ('op.execute("UPDATE orders SET total = 1 WHERE total IS NULL")', ""),
    (
        'op.execute("UPDATE orders SET note = 1 WHERE note IS NULL")\nop.alter_column("orders", "note", nullable=False)',
        "backfill-under-lock not-null-set",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Integer))\nop.bulk_insert(sa.table("customers", sa.column("id")), [{"id": 1}, {"id": 2}])',
        "",
    ),
    (
        'op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True))\nop.execute("INSERT INTO t SELECT id FROM orders")',
        "",
    ),
    (
        'op.add_column("orders", sa.Column("x", sa.Text))\nop.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True))\nop.execute("INSERT INTO t SELECT id FROM orders")',
        "backfill-under-lock",
    ),
    (
        'op.add_column("customers", sa.Column("x", sa.Text))\nop.create_index("ix", "orders", ["note"])',
        "index-not-concurrent work-under-lock",
    ),
    (
        'op.add_column("customers", sa.Column("x", sa.Text))\nop.add_column("orders", sa.Column("x", sa.Text))',
        "",
    ),
    (
        'op.execute("LOCK TABLE orders IN ACCESS EXCLUSIVE MODE")\nop.execute("UPDATE orders SET total = 1")',
        "backfill-under-lock",
    ),
    # enums
    (RAW("ALTER TYPE mood ADD VALUE 'elated'"), ""),
    (ALONE + RAW("ALTER TYPE mood ADD VALUE IF NOT EXISTS 'elated'"), ""),
    (
        "op.execute(\"ALTER TYPE mood ADD VALUE 'elated'\")\nop.execute(\"UPDATE people SET feels = 'elated' WHERE id = 1\")",
        "enum-value-used",
    ),
    (
        ALONE
        + RAW("ALTER TYPE mood ADD VALUE 'elated'")
        + "\n"
        + RAW("UPDATE people SET feels = 'elated' WHERE id = 1"),
        "",
    ),
    (RAW("ALTER TYPE mood RENAME VALUE 'ok' TO 'fine'"), "enum-value-renamed"),
    (RAW("ALTER TYPE mood RENAME TO humour"), ""),
    (
        'op.execute("ALTER TYPE mood RENAME TO mood_old")\nop.execute("CREATE TYPE mood AS ENUM (\'sad\', \'glad\')")\nop.execute("ALTER TABLE people ALTER feels TYPE mood USING feels::text::mood")\nop.execute("DROP TYPE mood_old")',
        "column-rewrite enum-value-removed",
    ),
    (
        'sa.Enum("a", "b", name="letter").create(op.get_bind())',
        "enum-not-dropped",
        'op.drop_column("people", "id")',
    ),
    (
        'sa.Enum("a", "b", name="letter").create(op.get_bind())',
        "",
        'sa.Enum(name="letter").drop(op.get_bind())',
    ),
    (
        'op.create_table("t", sa.Column("id", sa.Enum("a", name="letter"), primary_key=True))',
        "enum-not-dropped",
        'op.drop_table("t")',
    ),
    (
        'op.create_table("t", sa.Column("id", sa.Enum("a", name="letter"), primary_key=True))',
        "",
        'op.drop_table("t")\nop.execute("DROP TYPE letter")',
    ),
    (
        'op.create_table("t", sa.Column("id", sa.Enum("a", name="letter", native_enum=False), primary_key=True))',
        "",
        'op.drop_table("t")',
    ),
    # code
    (
        "from driftcheck_example_models import User\nop.get_bind().execute(sa.select(sa.literal(User.__tablename__)))",
        "imports-models",
    ),
    ("import driftcheck_example_models as models\n_ = models.Base.metadata", "imports-models"),
    ("from driftcheck_example_models import LIMIT\n_ = LIMIT", ""),
    ("import driftcheck_example_models as models\n_ = models.LIMIT", ""),
    (RAW("CREATE VIEW v AS SELECT 1 AS one"), "sql-not-reversed", "pass"),
    (RAW("CREATE VIEW v AS SELECT 1 AS one"), "", 'op.execute("DROP VIEW v")'),
    (RAW("INSERT INTO customers VALUES (1, 'a', 'b')"), "sql-not-reversed", "pass"),
    (
        RAW("INSERT INTO customers VALUES (1, 'a', 'b')"),
        "",
        'op.execute("DELETE FROM customers WHERE id = 1")',
    ),
    (
        'op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True))\nop.execute("INSERT INTO t VALUES (1)")',
        "",
        'op.drop_table("t")',
    ),
    (
        RAW("SET lock_timeout = '5s'") + '\nop.add_column("orders", sa.Column("x", sa.Text))',
        "",
        'op.drop_column("orders", "x")',
        {"orders": 10**9},
    ),
    ('op.add_column("orders", sa.Column("x", sa.Text))', "lock-timeout-missing", "", {"orders": 10**9}),
    (RAW("COMMIT"), "own-transaction"),
    (RAW("BEGIN"), "own-transaction"),
    (RAW("SAVEPOINT s"), ""),
    (RAW("SELECT count(*) FROM orders"), ""),
    (
        RAW(
            "ALTER TABLE orders ADD COLUMN x int; UPDATE orders SET x = 1; ALTER TABLE orders ALTER x SET NOT NULL"
        ),
        "backfill-under-lock column-without-default",
    ),
    (RAW("CREATE INDEX ix_logs ON ONLY logs (id)"), ""),
    (RAW("CREATE INDEX ix_logs ON logs (id)"), "index-not-concurrent"),
    (RAW("ALTER TABLE orders SET SCHEMA archive"), "table-renamed"),
    (RAW("ALTER TABLE orders ADD COLUMN u int UNIQUE"), "unique-builds-index"),
    (RAW("DO $$ BEGIN ALTER TABLE orders DROP COLUMN note; END $$"), "column-dropped"),
    (RAW("GRANT SELECT ON orders TO public"), ""),
    (RAW("CREATE MATERIALIZED VIEW mv AS SELECT * FROM orders"), ""),
    ("pass", ""),
]
