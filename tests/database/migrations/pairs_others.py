"""Pairs of revisions for MariaDB and SQLite; see pairs.py."""

from tests.database.migrations.pairs import ADD, BATCH, BEFORE, DROP, LINKED

MARIADB = {
    "column added": [
        (BEFORE, ADD("Integer, nullable=False"), DROP, "migration-column-required"),
        (BEFORE, ADD("Integer, nullable=False, server_default='0'"), DROP, ""),
        (BEFORE, ADD("Integer"), DROP, ""),
    ],
    "NOT NULL": [
        (
            BEFORE,
            "op.alter_column('T', 'c', existing_type=sa.String(50), nullable=False)",
            "op.alter_column('T', 'c', existing_type=sa.String(50), nullable=True)",
            "replay-fails-on-rows",
        ),
        (
            BEFORE,
            "op.alter_column('T', 'n', existing_type=sa.Integer, nullable=True)",
            "op.execute('UPDATE T SET n = 0 WHERE n IS NULL')\n"
            "op.alter_column('T', 'n', existing_type=sa.Integer, nullable=False)",
            "migration-not-null-dropped",
        ),
    ],
    "unique": [
        (
            BEFORE,
            "op.create_unique_constraint('uqT', 'T', ['c'])",
            "op.drop_constraint('uqT', 'T', type_='unique')",
            "replay-fails-on-rows",
        ),
        (
            BEFORE,
            "op.create_unique_constraint('uqT', 'T', ['id', 'c'])",
            "op.drop_constraint('uqT', 'T', type_='unique')",
            "",
        ),
    ],
    "types of columns": [
        (
            BEFORE,
            "op.alter_column('T', 'c', existing_type=sa.String(50), type_=sa.String(10))",
            "op.alter_column('T', 'c', existing_type=sa.String(10), type_=sa.String(50))",
            "migration-column-narrowed migration-table-copied replay-fails-on-rows",
        ),
        (
            BEFORE,
            "op.alter_column('T', 'c', existing_type=sa.String(50), type_=sa.String(60))",
            "op.execute('UPDATE T SET c = left(c, 50)')\n"
            "op.alter_column('T', 'c', existing_type=sa.String(60), type_=sa.String(50))",
            "",
        ),
    ],
    "downgrades": [
        (BEFORE, ADD("Integer"), "pass", "downgrade-empty"),
        (BEFORE, ADD("Integer"), "op.drop_column('T', 'e')", "downgrade-fails"),
        (BEFORE, "op.execute('SELECT 1')", "pass", ""),
        (
            BEFORE,
            "op.create_table('uT', sa.Column('e', sa.Enum('a', name='kT'), primary_key=True))",
            "op.drop_table('uT')",
            "",
        ),
        (
            BEFORE,
            "op.create_table('uT', sa.Column('id', sa.Integer, primary_key=True))\n"
            "op.create_index('ixT', 'T', ['c'])",
            "op.drop_table('uT')",
            "downgrade-leaves-traces",
        ),
        (BEFORE, "op.create_index('ixT', 'T', ['c'])", "op.drop_index('ixT', 'T')", ""),
    ],
    "drops and names": [
        (
            BEFORE,
            "op.drop_column('T', 'c')",
            "op.add_column('T', sa.Column('c', sa.String(50)))",
            "migration-column-dropped",
        ),
        (BEFORE, ADD("Integer") + "\n" + DROP, "pass", ""),
        (BEFORE, "op.drop_table('T')", BEFORE, "migration-table-dropped"),
        (BEFORE, "op.rename_table('T', 'rT')", "op.rename_table('rT', 'T')", "migration-table-renamed"),
        (
            BEFORE,
            "op.drop_column('T', 'c')  # driftcheck: ignore[migration-column-dropped] unread since 2.3",
            "op.add_column('T', sa.Column('c', sa.String(50)))",
            "",
        ),
    ],
    "foreign keys": [
        (
            LINKED,
            "op.create_foreign_key('fkT', 'T', 'pT', ['n'], ['id'])",
            "op.drop_constraint('fkT', 'T', type_='foreignkey')\nop.drop_index('fkT', 'T')",
            "migration-foreign-key-copies replay-fails-on-rows",
        ),
    ],
    "data": [
        (BEFORE, "op.execute('DELETE FROM T')", "pass", "migration-table-emptied"),
        (BEFORE, "op.execute('DELETE FROM T WHERE id = 5')", "pass", ""),
    ],
}

SQLITE = {
    "column added": [
        (
            BEFORE,
            BATCH("add_column(sa.Column('d', sa.Integer, nullable=False, server_default='0'))"),
            BATCH("drop_column('d')"),
            "",
        ),
        (BEFORE, ADD("Integer"), DROP, ""),
    ],
    "NOT NULL": [
        (
            BEFORE,
            BATCH("alter_column('c', nullable=False)"),
            BATCH("alter_column('c', nullable=True)"),
            "replay-fails-on-rows",
        ),
        (
            BEFORE,
            "op.execute(\"UPDATE T SET c = '' WHERE c IS NULL\")\n"
            + BATCH("alter_column('c', nullable=False)"),
            "op.execute(\"UPDATE T SET c = NULL WHERE c = ''\")\n"
            + BATCH("alter_column('c', nullable=True)"),
            "",
        ),
    ],
    "unique": [
        (
            BEFORE,
            BATCH("create_unique_constraint('uqT', ['c'])"),
            BATCH("drop_constraint('uqT', type_='unique')"),
            "replay-fails-on-rows",
        ),
        (
            BEFORE,
            BATCH("create_unique_constraint('uqT', ['id', 'c'])"),
            BATCH("drop_constraint('uqT', type_='unique')"),
            "",
        ),
        (
            BEFORE,
            "op.create_index('ixT', 'T', ['c'], unique=True)",
            "op.drop_index('ixT')",
            "replay-fails-on-rows",
        ),
        (BEFORE, "op.create_index('ixT', 'T', ['c'])", "op.drop_index('ixT')", ""),
    ],
    "downgrades": [
        (BEFORE, ADD("Integer"), "pass", "downgrade-empty"),
        (BEFORE, ADD("Integer"), "op.drop_column('T', 'e')", "downgrade-fails"),
        (BEFORE, "op.execute('SELECT 1')", "pass", ""),
        (
            BEFORE,
            "op.create_table('uT', sa.Column('e', sa.Enum('a', name='kT'), primary_key=True))",
            "op.drop_table('uT')",
            "",
        ),
        (BEFORE, "op.create_index('ixT', 'T', ['c'])\n" + ADD("Integer"), DROP, "downgrade-leaves-traces"),
        (
            BEFORE,
            "op.execute('CREATE VIEW vT AS SELECT id FROM T')",
            "op.execute('SELECT 1')",
            "migration-sql-not-reversed",
        ),
        (BEFORE, "op.execute('CREATE VIEW vT AS SELECT id FROM T')", "op.execute('DROP VIEW vT')", ""),
    ],
    "drops and names": [
        (
            BEFORE,
            BATCH("drop_column('c')"),
            BATCH("add_column(sa.Column('c', sa.String(50)))"),
            "migration-column-dropped",
        ),
        (BEFORE, "op.drop_table('T')", BEFORE, "migration-table-dropped"),
        (BEFORE, "op.rename_table('T', 'rT')", "op.rename_table('rT', 'T')", "migration-table-renamed"),
        (BEFORE, "op.create_table('xT', sa.Column('id', sa.Integer))\nop.drop_table('xT')", "pass", ""),
    ],
    "what a batch loses": [
        (
            BEFORE + "\nop.execute('CREATE TRIGGER gT AFTER INSERT ON T BEGIN SELECT 1; END')",
            BATCH("alter_column('c', type_=sa.String(80))"),
            BATCH("alter_column('c', type_=sa.String(50))"),
            "migration-lost-in-rebuild downgrade-leaves-traces",
        ),
        (
            BEFORE,
            BATCH("alter_column('c', type_=sa.String(80))"),
            BATCH("alter_column('c', type_=sa.String(50))"),
            "",
        ),
    ],
    "data": [
        (BEFORE, "op.execute('DELETE FROM T')", "pass", "migration-table-emptied"),
        (BEFORE, "op.execute('DELETE FROM T WHERE id = 5')", "pass", ""),
    ],
}
