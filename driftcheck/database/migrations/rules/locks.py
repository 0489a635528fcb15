"""Rules about locks, scans, rewrites and copies; PostgreSQL and MariaDB, as they were measured."""

from __future__ import annotations

from functools import partial

from driftcheck.database.migrations.rules.dangers import BREAKING, INFO, RISKY, declare

_lock = partial(declare, "lock")
_MAY = "# driftcheck: ignore[{}] shown elsewhere"
_CONCURRENT = "with op.get_context().autocommit_block():\n    "
_PARTS = """\
op.execute("CREATE TABLE events (id bigint, day date) PARTITION BY RANGE (day)")
op.execute("CREATE TABLE events_1 PARTITION OF events FOR VALUES FROM ('2020-01-01') TO ('2021-01-01')")"""
_PENDING = 'op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, total int)")\nop.execute("{}")'
_CHECK = "ALTER TABLE orders ADD CONSTRAINT ck CHECK (total IS NOT NULL) NOT VALID"
_FK = "ALTER TABLE orders ADD CONSTRAINT fk FOREIGN KEY (customer) REFERENCES customers"
_DOMAIN = """\
op.execute("CREATE DOMAIN price AS int")
op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, p price)")"""

_lock(
    "index-not-concurrent", BREAKING, "An index is built while writers wait",
    "CREATE INDEX holds a SHARE lock until it has read the whole table (PostgreSQL)",
    "`with op.get_context().autocommit_block(): op.create_index(…, postgresql_concurrently=True)`.",
    bad='op.create_index("ix_total", "orders", ["total"])',
    good=f'{_CONCURRENT}op.create_index("ix_total", "orders", ["total"], postgresql_concurrently=True)',
)  # fmt: skip
_lock(
    "index-drop-not-concurrent", RISKY, "An index is dropped under an exclusive lock",
    "DROP INDEX waits for, and then keeps waiting, everybody who uses the table (PostgreSQL)",
    "`with op.get_context().autocommit_block(): op.drop_index(…, postgresql_concurrently=True)`.",
    base='op.create_table("orders", sa.Column("id", sa.BigInteger, primary_key=True),'
    ' sa.Column("total", sa.Integer))\nop.create_index("ix_total", "orders", ["total"])',
    bad='op.drop_index("ix_total", "orders")',
    good=f'{_CONCURRENT}op.drop_index("ix_total", "orders", postgresql_concurrently=True)',
)  # fmt: skip
_lock(
    "reindex-not-concurrent", BREAKING, "Indexes are rebuilt while writers wait",
    "REINDEX locks the table, or the index even for readers, until it is built (PostgreSQL)",
    "`with op.get_context().autocommit_block(): op.execute('REINDEX INDEX CONCURRENTLY …')` (PostgreSQL 12).",
    bad='op.execute("REINDEX TABLE orders")',
    good=f'{_CONCURRENT}op.execute("REINDEX TABLE CONCURRENTLY orders")',
)  # fmt: skip
_lock(
    "concurrently-in-transaction", BREAKING, "A statement cannot run inside a transaction",
    "PostgreSQL refuses it, so the migration fails",
    "Wrap the call in `with op.get_context().autocommit_block():`.",
    bad='op.create_index("ix_total", "orders", ["total"], postgresql_concurrently=True)',
    good=f'{_CONCURRENT}op.create_index("ix_total", "orders", ["total"], postgresql_concurrently=True)',
)  # fmt: skip
_lock(
    "foreign-key-validated", BREAKING, "A foreign key is checked while writers wait",
    "both tables are locked against writes until every row is looked up (PostgreSQL)",
    "postgresql_not_valid=True, and ALTER TABLE … VALIDATE CONSTRAINT in a later revision.",
    bad='op.create_foreign_key("fk", "orders", "customers", ["customer"], ["id"])',
    good='op.create_foreign_key("fk", "orders", "customers", ["customer"], ["id"], '
    'postgresql_not_valid=True)',
)  # fmt: skip
_lock(
    "foreign-key-copies", BREAKING, "A foreign key makes the server copy the table",
    "nobody can write to the table until it is copied and checked (MariaDB, MySQL)",
    "SET foreign_key_checks = 0 for the ALTER (then INPLACE, but unchecked), or pt-online-schema-change.",
    engine="mariadb",
    base='op.execute("CREATE TABLE customers (id bigint PRIMARY KEY)")\n'
    'op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, customer bigint, KEY (customer))")',
    bad='op.create_foreign_key("fk", "orders", "customers", ["customer"], ["id"])',
    good='op.create_index("ix_customer", "orders", ["id", "customer"])',
)  # fmt: skip
_lock(
    "check-validated", BREAKING, "A CHECK is checked on every row under a lock",
    "nobody can use the table (PostgreSQL), or write to it (MariaDB), until every row is read",
    "NOT VALID first, and ALTER TABLE … VALIDATE CONSTRAINT in a later revision (PostgreSQL).",
    bad='op.create_check_constraint("ck", "orders", "total > 0")',
    good='op.create_check_constraint("ck", "orders", "total > 0", postgresql_not_valid=True)',
)  # fmt: skip
_lock(
    "validated-in-same-transaction", BREAKING, "A constraint is validated in the transaction that adds it",
    "the lock of ADD CONSTRAINT is held through the whole check, so NOT VALID gains nothing (PostgreSQL)",
    "Validate in a later revision, or in an autocommit_block().",
    bad=f'op.execute("{_FK} NOT VALID")\nop.execute("ALTER TABLE orders VALIDATE CONSTRAINT fk")',
    good=f'op.execute("{_FK} NOT VALID")\n{_CONCURRENT}op.execute("ALTER TABLE orders VALIDATE CONSTRAINT '
    f'fk")',
)  # fmt: skip
_lock(
    "unique-builds-index", BREAKING, "A UNIQUE constraint builds its index under an exclusive lock",
    "nobody can read or write the table until it is built, and it fails on duplicates (PostgreSQL)",
    "CREATE UNIQUE INDEX CONCURRENTLY in an autocommit_block(), then ADD CONSTRAINT … UNIQUE USING INDEX.",
    bad='op.create_unique_constraint("uq_code", "orders", ["code"])',
    good=f'{_CONCURRENT}op.create_index("uq_code", "orders", ["code"], unique=True, '
    f'postgresql_concurrently=True)\n'
    'op.execute("ALTER TABLE orders ADD CONSTRAINT uq_code UNIQUE USING INDEX uq_code")',
)  # fmt: skip
_lock(
    "primary-key-added", BREAKING, "A primary key is added to a table with rows",
    "its index is built, and its columns are scanned for NULLs, under an exclusive lock (MariaDB: a copy)",
    "CREATE UNIQUE INDEX CONCURRENTLY over NOT NULL columns, then ADD PRIMARY KEY USING INDEX (PostgreSQL).",
    base='op.execute("CREATE TABLE orders (id bigint NOT NULL, total int)")',
    bad='op.create_primary_key("pk", "orders", ["id"])',
    good=f'{_CONCURRENT}op.create_index("pk", "orders", ["id"], unique=True, postgresql_concurrently=True)\n'
    'op.execute("ALTER TABLE orders ADD CONSTRAINT pk PRIMARY KEY USING INDEX pk")',
)  # fmt: skip
_lock(
    "exclusion-added", BREAKING, "An exclusion constraint is added to a table with rows",
    "its index is built under an exclusive lock, and there is no online way (PostgreSQL)",
    "Add it when the table is created, or in a maintenance window.",
    base='op.execute("CREATE TABLE stays (id bigint PRIMARY KEY, span daterange)")',
    bad='op.execute("ALTER TABLE stays ADD CONSTRAINT x EXCLUDE USING gist (span WITH &&)")',
    good='op.execute("CREATE TABLE bookings (span daterange, id bigint PRIMARY KEY,'
    ' EXCLUDE USING gist (span WITH &&))")',
)  # fmt: skip
_lock(
    "not-null-set", BREAKING, "A column is made NOT NULL with a scan under an exclusive lock",
    "nobody can use the table until every row is read, and it fails where a NULL is left (PostgreSQL)",
    "CHECK (c IS NOT NULL) NOT VALID; VALIDATE CONSTRAINT in a later revision; then SET NOT NULL needs no "
    "scan"
    " (PostgreSQL 12), and the CHECK can go.",
    base=_PENDING.format(_CHECK) + '\nop.execute("ALTER TABLE orders VALIDATE CONSTRAINT ck")\n'
    'op.execute("ALTER TABLE orders ADD COLUMN note text")',
    bad='op.alter_column("orders", "note", nullable=False)',
    good='op.alter_column("orders", "total", nullable=False)\nop.drop_constraint("ck", "orders")',
)  # fmt: skip
_lock(
    "volatile-default", BREAKING, "A column is added with a default that differs from row to row",
    "PostgreSQL rewrites the table under an exclusive lock",
    "Add the column without it, set the default afterwards, and fill old rows in batches.",
    bad='op.add_column("orders", sa.Column("token", sa.Uuid, server_default=sa.text("gen_random_uuid()")))',
    good='op.add_column("orders", sa.Column("made", sa.DateTime(True), server_default=sa.text("now()")))',
)  # fmt: skip
_lock(
    "numbered-column-added", BREAKING, "A serial or identity column is added to a table with rows",
    "PostgreSQL rewrites the table under an exclusive lock to number the rows",
    "Add a plain column, fill it in batches, and then attach a sequence.",
    bad='op.execute("ALTER TABLE orders ADD COLUMN number bigserial")',
    good='op.execute("ALTER TABLE orders ADD COLUMN number bigint")',
)  # fmt: skip
_lock(
    "stored-column-added", BREAKING, "A stored generated column is added to a table with rows",
    "PostgreSQL rewrites the table under an exclusive lock to compute it",
    "Add a plain column that a trigger keeps, or compute it in a view.",
    bad='op.add_column("orders", sa.Column("gross", sa.Integer, sa.Computed("total * 2", persisted=True)))',
    good='op.execute("CREATE VIEW grosses AS SELECT id, total * 2 AS gross FROM orders")',
)  # fmt: skip
_lock(
    "column-rewrite", BREAKING, "A changed type makes PostgreSQL rewrite the table",
    "nobody can read or write the table until all rows and indexes are written anew",
    "Add a column of the new type, copy in batches with both written, switch over, drop the old one later.",
    bad='op.alter_column("orders", "total", type_=sa.BigInteger)',
    good='op.alter_column("orders", "total", server_default="0")',
)  # fmt: skip
_lock(
    "storage-changed", BREAKING, "The storage of a table is changed",
    "PostgreSQL rewrites it under an exclusive lock (SET LOGGED, SET UNLOGGED, SET ACCESS METHOD)",
    "Create a new table so, copy in batches, and swap the names.",
    bad='op.execute("ALTER TABLE orders SET UNLOGGED")',
    good='op.execute("ALTER TABLE orders SET (fillfactor = 80)")',
)  # fmt: skip
_lock(
    "trigger-added", RISKY, "A trigger is added to a table that is in use",
    "its lock waits for all writers and makes them wait, and every write of running code runs it from then "
    "on",
    "SET lock_timeout first, in a revision of its own.",
    base='op.execute("CREATE TABLE orders (id bigint PRIMARY KEY)")\n'
    'op.execute("CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RETURN NEW; END $$")',
    bad='op.execute("CREATE TRIGGER t BEFORE INSERT ON orders FOR EACH ROW EXECUTE FUNCTION f()")\n'
    '# downgrade\nop.execute("DROP TRIGGER t ON orders")',
    good='op.execute("CREATE TABLE log (id bigint PRIMARY KEY)")\n'
    'op.execute("CREATE TRIGGER t BEFORE INSERT ON log FOR EACH ROW EXECUTE FUNCTION f()")\n'
    '# downgrade\nop.execute("DROP TABLE log")',
)  # fmt: skip
_lock(
    "partition-detach-blocking", RISKY, "A partition is detached under an exclusive lock on its parent",
    "everybody who uses the partitioned table waits (PostgreSQL)",
    "`ALTER TABLE … DETACH PARTITION … CONCURRENTLY` in an autocommit_block() (PostgreSQL 14).",
    base=_PARTS,
    bad='op.execute("ALTER TABLE events DETACH PARTITION events_1")',
    good=f'{_CONCURRENT}op.execute("ALTER TABLE events DETACH PARTITION events_1 CONCURRENTLY")',
)  # fmt: skip
_lock(
    "table-rewritten", BREAKING, "A table is rewritten under an exclusive lock",
    "nobody can read or write it until all rows are written anew (CLUSTER, VACUUM FULL and the like)",
    "pg_repack, or a new table that is filled in batches.",
    bad='op.execute("CLUSTER orders USING orders_pkey")',
    good='op.execute("ANALYZE orders")',
)  # fmt: skip
_lock(
    "table-scanned", BREAKING, "Every row of a table is read under a lock",
    "others wait until it is done (PostgreSQL)",
    "Look for a form that is NOT VALID first and validated later, or do it on a small table.",
    base=_DOMAIN,
    bad='op.execute("ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0)")',
    good='op.execute("ALTER DOMAIN price ADD CONSTRAINT positive CHECK (VALUE > 0) NOT VALID")',
)  # fmt: skip
_lock(
    "backfill-under-lock", BREAKING, "Rows are filled in while a table is locked",
    "the lock of an ALTER is held until the transaction ends, so everybody waits for the whole backfill",
    "Fill in batches, in a revision of its own or outside of migrations.",
    bad='op.add_column("orders", sa.Column("gross", sa.Integer))\n'
    'op.execute("UPDATE orders SET gross = total * 2")',
    good='op.execute("UPDATE orders SET total = 0 WHERE total IS NULL")\n'
    '# downgrade\nop.execute("UPDATE orders SET total = NULL WHERE total = 0")',
)  # fmt: skip
_lock(
    "work-under-lock", BREAKING, "A table stays locked while another one is worked through",
    "a transaction keeps its locks until it ends, so those who use the first table wait for the second",
    "One table to a revision, with transaction_per_migration=True in env.py.",
    bad='op.add_column("customers", sa.Column("name", sa.Text))\n'
    f'op.create_check_constraint("ck", "orders", "total > 0")  {_MAY.format("migration-check-validated")}',
    good='op.add_column("customers", sa.Column("name", sa.Text))\nop.add_column("orders", sa.Column("name", '
    'sa.Text))',
)  # fmt: skip
_lock(
    "locks-together", INFO, "A lock is held while another one is waited for",
    "two transactions that take them in another order wait for each other",
    "One table to a revision, with transaction_per_migration=True in env.py.",
    bad='op.add_column("customers", sa.Column("name", sa.Text))\nop.add_column("orders", sa.Column("name", '
    'sa.Text))',
    good='op.add_column("orders", sa.Column("name", sa.Text))\nop.add_column("orders", sa.Column("code2", '
    'sa.Text))',
)  # fmt: skip
_lock(
    "table-scanned-again", INFO, "Several statements go through the same table",
    "each is a scan or a rewrite of its own under the lock",
    "Put them into one ALTER TABLE, which goes through the rows once.",
    base='op.create_table("orders", sa.Column("id", sa.BigInteger, primary_key=True),'
    ' sa.Column("a", sa.Integer), sa.Column("b", sa.Integer))',
    bad=f'op.alter_column("orders", "a", nullable=False)  {_MAY.format("migration-not-null-set")}\n'
    f'op.alter_column("orders", "b", nullable=False)  {_MAY.format("migration-not-null-set")}',
    good='op.add_column("orders", sa.Column("c", sa.Text))\nop.add_column("orders", sa.Column("d", sa.Text))',
)  # fmt: skip
_lock(
    "lock-timeout-missing", RISKY, "A lock is waited for without an end",
    "while the ALTER waits behind a long query, everybody else queues up behind the ALTER",
    "op.execute(\"SET lock_timeout = '5s'\") before it (or in env.py), and try again when it fails.",
    bad='op.add_column("orders", sa.Column("paid", sa.Text))',
    good="op.execute(\"SET lock_timeout = '5s'\")\nop.add_column(\"orders\", sa.Column(\"paid\", sa.Text))",
)  # fmt: skip
_lock(
    "table-copied", BREAKING, "An ALTER copies the whole table",
    "nobody can write to the table until it is copied (MariaDB, MySQL: ALGORITHM=COPY)",
    "Look for a form that is INSTANT or INPLACE (append enum values, add columns), or "
    "pt-online-schema-change.",
    engine="mariadb",
    bad='op.execute("ALTER TABLE orders CONVERT TO CHARACTER SET latin1")',
    good='op.add_column("orders", sa.Column("paid", sa.Integer))',
)  # fmt: skip
_lock(
    "writes-blocked", BREAKING, "An ALTER lets nobody write",
    "it runs in place, but with LOCK=SHARED until all rows are read (MariaDB, MySQL)",
    "Do it on a replica first, or in a maintenance window.",
    engine="mariadb",
    base='op.execute("CREATE TABLE orders (id bigint PRIMARY KEY, note varchar(200))")',
    bad='op.execute("CREATE FULLTEXT INDEX ft ON orders (note)")\n# downgrade\nop.drop_index("ft", "orders")',
    good='op.create_index("ix_note", "orders", ["note"])',
)  # fmt: skip
_lock(
    "algorithm-blocks", BREAKING, "An ALTER asks for a way that blocks",
    "ALGORITHM=COPY, LOCK=SHARED and LOCK=EXCLUSIVE make writers wait until it is done (MariaDB, MySQL)",
    "Ask for ALGORITHM=INSTANT or INPLACE with LOCK=NONE: the server refuses where it cannot.",
    engine="mariadb",
    bad='op.execute("ALTER TABLE orders ADD COLUMN paid int, ALGORITHM=COPY")',
    good='op.execute("ALTER TABLE orders ADD COLUMN paid int, ALGORITHM=INSTANT")',
)  # fmt: skip
