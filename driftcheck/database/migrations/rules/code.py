"""Rules about a revision as a program: what it imports, what it leaves behind, where it cannot run."""

from __future__ import annotations

from functools import partial

from driftcheck.database.migrations.rules.dangers import BREAKING, INFO, RISKY, declare

_code = partial(declare, "code")
_TRIGGER = 'op.execute("CREATE VIEW totals AS SELECT id, total FROM orders")'

_code(
    "imports-models", RISKY, "A revision imports live models",
    "the models of today do not fit the schema of then: it breaks when they move on",
    "Write the tables it needs into the revision: sa.table('users', sa.column('id')).",
    bad='from driftcheck_example_models import User\n_ = User',
    good='_ = sa.table("users", sa.column("id"))',
)  # fmt: skip
_code(
    "sql-not-reversed", RISKY, "SQL has no counterpart in downgrade()",
    "going down and up again fails, or leaves it behind",
    "Undo it in downgrade(), or raise an error there that says why it cannot be undone.",
    bad=f'{_TRIGGER}\n# downgrade\npass',
    good=f'{_TRIGGER}\n# downgrade\nop.execute("DROP VIEW totals")',
)  # fmt: skip
_code(
    "enum-not-dropped", RISKY, "downgrade() leaves an enum type behind",
    "drop_table and drop_column do not drop it, so the next upgrade fails: the type is there already "
    "(PostgreSQL)",
    "sa.Enum(name='…').drop(op.get_bind()) in downgrade().",
    bad='op.create_table("things", sa.Column("s", sa.Enum("a", "b", name="state"), primary_key=True))\n'
    '# downgrade\nop.drop_table("things")',
    good='op.create_table("things", sa.Column("s", sa.Enum("a", "b", name="state"), primary_key=True))\n'
    '# downgrade\nop.drop_table("things")\nsa.Enum(name="state").drop(op.get_bind())',
)  # fmt: skip
_code(
    "batch-missing", BREAKING, "SQLite cannot run this ALTER",
    "SQLite can neither alter columns nor constraints, so the migration fails there",
    "`with op.batch_alter_table('…') as batch:`, and render_as_batch=True in env.py for new revisions.",
    engine="sqlite",
    bad='op.alter_column("orders", "total", nullable=False)',
    good='op.execute("UPDATE orders SET total = 0 WHERE total IS NULL")\n'
    'with op.batch_alter_table("orders") as batch:\n    batch.alter_column("total", nullable=False)\n'
    '# downgrade\nop.execute("UPDATE orders SET total = NULL")',
)  # fmt: skip
_code(
    "needs-connection", INFO, "A revision asks the database while it runs",
    "`alembic upgrade --sql` has no database to ask, and fails or writes something else",
    "Plain operations and SQL; context.is_offline_mode() where it cannot be helped.",
    bad='op.get_bind().execute(sa.text("SELECT 1"))',
    good='op.execute("SELECT 1")',
)  # fmt: skip
_code(
    "constraint-unnamed", INFO, "A constraint gets no name",
    "each engine invents one, and downgrade() cannot name it",
    "A name, or a naming_convention in the models' MetaData.",
    bad='op.create_foreign_key(None, "orders", "customers", ["customer"], ["id"], postgresql_not_valid=True)',
    good='op.create_foreign_key("fk", "orders", "customers", ["customer"], ["id"], '
    'postgresql_not_valid=True)',
)  # fmt: skip
