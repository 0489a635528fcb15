"""Pairs of revisions for the whole command: one with something wrong, and its twin that is in order.

A case is (what is before, upgrade, downgrade, rules); T stands for a table of its own. Where nothing else is
said T has `id`, `c` (text of 50, NULL allowed) and `n` (a number, NULL not allowed).
"""

BEFORE = (
    "op.create_table('T', sa.Column('id', sa.Integer, primary_key=True), sa.Column('c', sa.String(50)),"
    " sa.Column('n', sa.Integer, nullable=False))"
)
LINKED = "op.create_table('pT', sa.Column('id', sa.Integer, primary_key=True))\n" + BEFORE
ENUM = (
    "op.create_table('T', sa.Column('id', sa.Integer, primary_key=True),"
    " sa.Column('e', sa.Enum('a', 'b', name='eT'), nullable=False))"
)
ADD = "op.add_column('T', sa.Column('d', sa.{}))".format
DROP = "op.drop_column('T', 'd')"
BATCH = "with op.batch_alter_table('T') as batch:\n    batch.{}".format
APART = "with op.get_context().autocommit_block():\n    "

POSTGRESQL = {
    "column added": [
        (BEFORE, ADD("Integer, nullable=False"), DROP, "replay-fails-on-rows"),
        (BEFORE, ADD("Integer, nullable=False, server_default='0'"), DROP, ""),
        (BEFORE, ADD("Integer"), DROP, ""),
        (
            BEFORE,
            ADD("DateTime, server_default=sa.text('clock_timestamp()')"),
            DROP,
            "migration-volatile-default",
        ),
        (BEFORE, ADD("DateTime, server_default=sa.text('now()')"), DROP, ""),
    ],
    "column added, filled, required": [
        (
            BEFORE,
            ADD("Integer") + "\nop.alter_column('T', 'd', nullable=False)",
            DROP,
            "migration-column-without-default migration-not-null-set replay-fails-on-rows",
        ),
        (
            BEFORE,
            ADD("Integer") + "\nop.execute('UPDATE T SET d = 0 WHERE d IS NULL AND id BETWEEN 1 AND 9000')\n"
            "op.execute('ALTER TABLE T ADD CONSTRAINT ck CHECK (d IS NOT NULL) NOT VALID')",
            "op.execute('ALTER TABLE T DROP CONSTRAINT ck')\n" + DROP,
            "",
        ),
    ],
    "downgrades": [
        (BEFORE, ADD("Integer"), "pass", "downgrade-empty"),
        (BEFORE, ADD("Integer"), "op.drop_column('T', 'e')", "downgrade-fails"),
        (BEFORE, "op.create_table('uT', sa.Column('id', sa.Integer))\nop.drop_table('uT')", "pass", ""),
        (BEFORE, "op.execute('SELECT 1')", "pass", ""),
        (BEFORE, "op.execute(\"COMMENT ON TABLE T IS 'x'\")", "pass", ""),
        (
            BEFORE + "\nop.execute('ALTER TABLE T ADD CONSTRAINT ck CHECK (n > -2147483648) NOT VALID')",
            "op.execute('ALTER TABLE T VALIDATE CONSTRAINT ck')",
            "pass",
            "",
        ),
        (BEFORE, "op.execute('ANALYZE T')", "pass", ""),
        (BEFORE, ADD("Integer"), "raise NotImplementedError('no way back')", ""),
    ],
    "types left behind": [
        (
            BEFORE,
            "op.create_table('uT', sa.Column('e', sa.Enum('a', name='kT'), primary_key=True))",
            "op.drop_table('uT')",
            "migration-enum-not-dropped",
        ),
        (
            BEFORE,
            "op.create_table('uT', sa.Column('e', sa.Enum('a', name='kT'), primary_key=True))",
            "op.drop_table('uT')\nop.execute('DROP TYPE kT')",
            "",
        ),
        (
            BEFORE,
            "op.create_table('uT', sa.Column('e', sa.Enum('a', name='kT'), primary_key=True))",
            "op.drop_table('uT')\nsa.Enum(name='kT').drop(op.get_bind(), checkfirst=True)",
            "",
        ),
    ],
    "SQL without a way back": [
        (
            BEFORE,
            "op.execute('CREATE VIEW vT AS SELECT id FROM T')",
            "op.execute('SELECT 1')",
            "migration-sql-not-reversed",
        ),
        (BEFORE, "op.execute('CREATE VIEW vT AS SELECT id FROM T')", "op.execute('DROP VIEW vT')", ""),
        (BEFORE, "op.execute('CREATE SEQUENCE sT')", "op.execute('DROP SEQUENCE sT')", ""),
    ],
    "unique": [
        (
            BEFORE,
            "op.create_unique_constraint('uqT', 'T', ['c'])",
            "op.drop_constraint('uqT', 'T')",
            "migration-unique-builds-index replay-fails-on-rows",
        ),
        (
            BEFORE,
            APART + "op.create_index('uxT', 'T', ['id', 'c'], unique=True, postgresql_concurrently=True)\n"
            "op.execute('ALTER TABLE T ADD CONSTRAINT uqT UNIQUE USING INDEX uxT')",
            "op.execute('ALTER TABLE T DROP CONSTRAINT uqT')",
            "",
        ),
    ],
    "indexes": [
        (
            BEFORE,
            "op.create_index('ixT', 'T', ['c'])",
            "op.drop_index('ixT')",
            "migration-index-not-concurrent",
        ),
        (
            BEFORE,
            APART + "op.create_index('ixT', 'T', ['c'], postgresql_concurrently=True)",
            APART + "op.drop_index('ixT', postgresql_concurrently=True)",
            "",
        ),
        (
            "",
            "op.create_table('nT', sa.Column('id', sa.Integer, primary_key=True), sa.Column('c', sa.Text,"
            " index=True))",
            "op.drop_table('nT')",
            "",
        ),
    ],
    "foreign keys": [
        (
            LINKED,
            "op.create_foreign_key('fkT', 'T', 'pT', ['n'], ['id'])",
            "op.drop_constraint('fkT', 'T')",
            "migration-foreign-key-validated replay-fails-on-rows",
        ),
        (
            LINKED + "\nop.create_index('ixT', 'T', ['n'])",
            "op.create_foreign_key('fkT', 'T', 'pT', ['n'], ['id'], postgresql_not_valid=True)",
            "op.drop_constraint('fkT', 'T')",
            "",
        ),
    ],
    "checks": [
        (
            BEFORE,
            "op.create_check_constraint('ckT', 'T', 'n > 5')",
            "op.drop_constraint('ckT', 'T')",
            "migration-check-validated replay-fails-on-rows",
        ),
        (
            BEFORE,
            "op.create_check_constraint('ckT', 'T', 'n > 5', postgresql_not_valid=True)",
            "op.drop_constraint('ckT', 'T')",
            "",
        ),
    ],
    "types of columns": [
        (
            BEFORE,
            "op.alter_column('T', 'c', type_=sa.String(10))",
            "op.alter_column('T', 'c', type_=sa.String(50))",
            "migration-column-narrowed migration-column-rewrite replay-fails-on-rows",
        ),
        (
            BEFORE,
            "op.alter_column('T', 'c', type_=sa.Text)",
            "op.execute('UPDATE T SET c = left(c, 50)')\nop.alter_column('T', 'c', type_=sa.String(50))",
            "",
        ),
        (
            BEFORE,
            "op.alter_column('T', 'c', type_=sa.String(80))",
            "op.execute('UPDATE T SET c = left(c, 50)')\nop.alter_column('T', 'c', type_=sa.String(50))",
            "",
        ),
        (
            BEFORE,
            "op.alter_column('T', 'n', type_=sa.BigInteger)",
            "op.execute('UPDATE T SET n = 0')\nop.alter_column('T', 'n', type_=sa.Integer)",
            "migration-column-rewrite",
        ),
    ],
    "drops and names": [
        (
            BEFORE,
            "op.drop_column('T', 'c')",
            "op.add_column('T', sa.Column('c', sa.String(50)))",
            "migration-column-dropped",
        ),
        (BEFORE, ADD("Integer") + "\n" + DROP, "pass", ""),
        (
            BEFORE,
            "op.alter_column('T', 'c', new_column_name='k')",
            "op.alter_column('T', 'k', new_column_name='c')",
            "migration-column-renamed",
        ),
        (BEFORE, "op.drop_table('T')", BEFORE, "migration-table-dropped"),
        (BEFORE, "op.rename_table('T', 'rT')", "op.rename_table('rT', 'T')", "migration-table-renamed"),
        (
            BEFORE,
            "op.rename_table('T', 'rT')\nop.execute('CREATE VIEW T AS SELECT * FROM rT')",
            "op.execute('DROP VIEW T')\nop.rename_table('rT', 'T')",
            "",
        ),
    ],
    "enums": [
        (
            ENUM,
            "op.execute(\"ALTER TYPE eT RENAME VALUE 'a' TO 'z'\")",
            "op.execute(\"ALTER TYPE eT RENAME VALUE 'z' TO 'a'\")",
            "migration-enum-value-renamed",
        ),
        (ENUM, APART + "op.execute(\"ALTER TYPE eT ADD VALUE 'c'\")", "raise NotImplementedError", ""),
    ],
    "data": [
        (BEFORE, "op.execute('DELETE FROM T')", "pass", "migration-table-emptied"),
        (BEFORE, "op.execute('DELETE FROM T WHERE id = 5')", "pass", ""),
        (
            BEFORE,
            'op.execute(sa.text("INSERT INTO T (id, n) VALUES (900000, 1)"))',
            "op.execute('DELETE FROM T WHERE id = 900000')",
            "",
        ),
        (
            BEFORE,
            "op.bulk_insert(sa.table('T', sa.column('id'), sa.column('n')), [{'id': 900001, 'n': 1}])",
            "op.execute('DELETE FROM T WHERE id = 900001')",
            "",
        ),
        (
            BEFORE,
            ADD("Integer") + "\nop.execute('UPDATE T SET d = n')",
            DROP,
            "migration-backfill-under-lock",
        ),
        (
            BEFORE,
            "op.execute('UPDATE T SET c = upper(c) WHERE id BETWEEN 1 AND 1000')",
            "pass",
            "migration-sql-not-reversed",
        ),
        (
            BEFORE,
            "op.execute('UPDATE T SET c = upper(c) WHERE id BETWEEN 1 AND 1000')",
            "op.execute('UPDATE T SET c = lower(c) WHERE id BETWEEN 1 AND 1000')",
            "",
        ),
    ],
    "silenced": [
        (
            BEFORE,
            "op.drop_column('T', 'c')  # driftcheck: ignore[migration-column-dropped] unread since 2.3",
            "op.add_column('T', sa.Column('c', sa.String(50)))",
            "",
        ),
        (
            BEFORE,
            "# driftcheck: ignore[migration-table-dropped] nothing of the kind\n" + ADD("Integer"),
            DROP,
            "ignore-unmatched",
        ),
    ],
}
