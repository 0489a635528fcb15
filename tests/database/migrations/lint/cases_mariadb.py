"""Bodies of upgrade() on MariaDB with the rules that are to fire ("" for none), over one base."""

BASE = """
op.execute("CREATE TABLE customers (id bigint PRIMARY KEY, email varchar(100), name text)")
op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint NOT NULL, total int, price decimal(10, 2), "
           "code varchar(40), note text, state ENUM('new', 'paid', 'void') NOT NULL DEFAULT 'new', at datetime, "
           "big bigint, KEY ix_code (code), KEY ix_customer (customer), CONSTRAINT ck_total CHECK (total > 0), "
           "UNIQUE KEY ux_big (big))")
op.execute("CREATE TABLE items (id bigint PRIMARY KEY, order_id bigint, n int, "
           "CONSTRAINT fk_order FOREIGN KEY (order_id) REFERENCES orders (id))")
op.execute("CREATE TABLE bare (a bigint, b bigint NOT NULL)")
op.execute("CREATE VIEW cheap AS SELECT id, price FROM orders")
op.execute("CREATE TABLE prices (id int PRIMARY KEY, price int) WITH SYSTEM VERSIONING")
op.execute("CREATE TABLE logs (id bigint, day int) PARTITION BY RANGE (day) "
           "(PARTITION p0 VALUES LESS THAN (10), PARTITION p1 VALUES LESS THAN (20))")
"""
RAW = 'op.execute("{}")'.format

CASES = [
    ('op.drop_table("bare")', "table-dropped"),
    ('op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True))\nop.drop_table("t")', ""),
    ('op.rename_table("bare", "naked")', "table-renamed"),
    ('op.rename_table("bare", "naked")\nop.execute("CREATE VIEW bare AS SELECT * FROM naked")', ""),
    (RAW("RENAME TABLE bare TO naked"), "table-renamed"),
    (RAW("TRUNCATE TABLE bare"), "table-emptied"),
    (RAW("DELETE FROM bare"), "table-emptied"),
    (RAW("DELETE FROM bare WHERE a = 3"), ""),
    (RAW("ALTER TABLE logs DROP PARTITION p0"), "table-emptied"),
    (RAW("ALTER TABLE logs ADD PARTITION (PARTITION p2 VALUES LESS THAN (30))"), ""),
    ('op.drop_column("orders", "note")', "column-dropped"),
    ('op.add_column("orders", sa.Column("x", sa.Integer))\nop.drop_column("orders", "x")', ""),
    ('op.alter_column("orders", "note", new_column_name="remark", existing_type=sa.Text)', "column-renamed"),
    ('op.add_column("orders", sa.Column("x", sa.Integer))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Integer, server_default="7"))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Integer, nullable=False, server_default="7"))', ""),
    ('op.add_column("orders", sa.Column("x", sa.Integer, nullable=False))', "column-required"),
    ('op.add_column("orders", sa.Column("x", sa.Integer, nullable=False, default=7))', "column-required"),
    (RAW("ALTER TABLE orders ADD COLUMN x int AFTER id"), ""),
    (RAW("ALTER TABLE orders ADD COLUMN x int FIRST"), ""),
    (RAW("ALTER TABLE orders ADD COLUMN x varchar(40) DEFAULT (uuid())"), "table-copied"),
    (RAW("ALTER TABLE orders ADD COLUMN x datetime DEFAULT current_timestamp()"), ""),
    (RAW("ALTER TABLE orders ADD COLUMN x int AS (total * 2) STORED"), "table-copied"),
    (RAW("ALTER TABLE orders ADD COLUMN x int AS (total * 2) VIRTUAL"), ""),
    (RAW("ALTER TABLE bare ADD COLUMN x bigint AUTO_INCREMENT PRIMARY KEY"), "primary-key-added"),
    ('op.alter_column("orders", "total", type_=sa.BigInteger, existing_nullable=True)', "table-copied"),
    ('op.alter_column("orders", "code", type_=sa.String(60), existing_nullable=True)', ""),
    (
        'op.alter_column("orders", "code", type_=sa.String(20), existing_nullable=True)',
        "column-narrowed table-copied",
    ),
    ('op.alter_column("orders", "code", type_=sa.String(400), existing_nullable=True)', "table-copied"),
    (
        'op.alter_column("orders", "big", type_=sa.Integer, existing_nullable=True)',
        "column-narrowed table-copied",
    ),
    (
        'op.alter_column("orders", "total", type_=sa.String(20), existing_nullable=True)',
        "column-retyped table-copied",
    ),
    (
        'op.alter_column("orders", "price", type_=sa.Numeric(8, 2), existing_nullable=True)',
        "column-narrowed table-copied",
    ),
    ('op.alter_column("orders", "note", nullable=False, existing_type=sa.Text)', "not-null-unfilled"),
    (
        'op.execute("UPDATE orders SET note = 1 WHERE note IS NULL")\nop.alter_column("orders", "note", nullable=False, existing_type=sa.Text)',
        "",
    ),
    ('op.alter_column("orders", "customer", nullable=True, existing_type=sa.BigInteger)', "not-null-dropped"),
    ('op.alter_column("orders", "total", server_default="3", existing_type=sa.Integer)', ""),
    (RAW("ALTER TABLE orders ALTER COLUMN total SET DEFAULT 4"), ""),
    (RAW("ALTER TABLE orders MODIFY state ENUM('new', 'paid', 'void', 'late') NOT NULL DEFAULT 'new'"), ""),
    (
        RAW("ALTER TABLE orders MODIFY state ENUM('new', 'late', 'paid', 'void') NOT NULL DEFAULT 'new'"),
        "table-copied",
    ),
    (
        RAW("ALTER TABLE orders MODIFY state ENUM('paid', 'new', 'void') NOT NULL DEFAULT 'new'"),
        "table-copied",
    ),
    (
        RAW("ALTER TABLE orders MODIFY state ENUM('new', 'paid') NOT NULL DEFAULT 'new'"),
        "enum-value-removed table-copied",
    ),
    ('op.create_index("ix", "orders", ["total"])', ""),
    ('op.create_index("ix", "orders", ["total"], unique=True)', "unique-added"),
    (
        'op.execute("DELETE FROM orders WHERE total IS NULL")\nop.create_index("ix", "orders", ["total"], unique=True)',
        "",
    ),
    ('op.create_unique_constraint("uq", "orders", ["code"])', "unique-added"),
    (RAW("CREATE FULLTEXT INDEX ft ON orders (note)"), "writes-blocked"),
    ('op.drop_index("ix_code", "orders")', ""),
    ('op.drop_index("ux_big", "orders")', "constraint-dropped"),
    ('op.create_foreign_key("fk", "orders", "customers", ["customer"], ["id"])', "foreign-key-copies"),
    (
        'op.create_table("t", sa.Column("id", sa.BigInteger, primary_key=True), sa.Column("c", sa.BigInteger, sa.ForeignKey("customers.id")))',
        "",
    ),
    ('op.drop_constraint("fk_order", "items", type_="foreignkey")', "constraint-dropped"),
    ('op.create_check_constraint("ck", "orders", "big > 0")', "check-validated"),
    ('op.drop_constraint("ck_total", "orders", type_="check")', "constraint-dropped"),
    ('op.create_primary_key("pk", "bare", ["b"])', "primary-key-added"),
    (RAW("ALTER TABLE bare ENGINE=InnoDB"), ""),
    (RAW("ALTER TABLE bare ENGINE=Aria"), "table-copied table-engine"),
    (RAW("ALTER TABLE bare CONVERT TO CHARACTER SET latin1"), "", "", {"bare": 3}),
    (RAW("ALTER TABLE orders CONVERT TO CHARACTER SET latin1"), "table-copied"),
    (RAW("ALTER TABLE orders COMMENT = 'o'"), ""),
    (RAW("ALTER TABLE bare PARTITION BY HASH (a) PARTITIONS 4"), "table-copied"),
    (RAW("ALTER TABLE orders ADD COLUMN x int, ALGORITHM=COPY"), "algorithm-blocks"),
    (RAW("ALTER TABLE orders ADD COLUMN x int, ALGORITHM=INSTANT"), ""),
    (RAW("ALTER TABLE orders ADD INDEX ix (total), LOCK=EXCLUSIVE"), "algorithm-blocks"),
    (RAW("ALTER TABLE orders ADD INDEX ix (total), LOCK=NONE"), ""),
    (RAW("ALTER TABLE prices DROP SYSTEM VERSIONING"), "history-dropped writes-blocked"),
    (RAW("DROP TABLE prices"), "table-dropped"),
    (RAW("DROP VIEW cheap"), "view-dropped"),
    (RAW("CREATE OR REPLACE VIEW cheap AS SELECT id FROM orders"), ""),
    (RAW("CREATE TABLE t (id bigint PRIMARY KEY) ENGINE=MyISAM"), "table-engine"),
    (RAW("CREATE TABLE t (id bigint)"), "table-without-key"),
    (RAW("CREATE TABLE t (id bigint PRIMARY KEY, c bigint REFERENCES customers (id))"), ""),
    (RAW("OPTIMIZE TABLE bare"), "table-copied"),
    (RAW("UPDATE orders SET total = 1"), ""),
    (RAW("INSERT INTO customers VALUES (1, 'a', 'b')"), "sql-not-reversed", "pass"),
    ("pass", ""),
]
