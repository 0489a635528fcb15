"""Rules about what happened when revisions ran: up, with rows in the tables, and down again."""

from __future__ import annotations

from driftcheck.database.migrations.rules.registry import RULES
from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example

_ON = ("revision", Change.CHANGED)
_TABLE = "op.create_table('t', sa.Column('id', sa.Integer, primary_key=True), sa.Column('c', sa.String(50)))"
_ROW = "op.execute(\"INSERT INTO t VALUES (4711, 'x')\")"
_BACK = "\n# downgrade\n"
_GOOD = f"op.add_column('t', sa.Column('d', sa.Integer)){_BACK}op.drop_column('t', 'd')"


def _replay(
    id: str,
    attribute: str,
    severity: Severity,
    title: str,
    says: str,
    why: str,
    fix: str,
    bad: str,
    good: str = _GOOD,
    before: str = _TABLE,
) -> None:
    """Declare one rule; `says` has places for {object} and {said}."""

    def message(difference: Difference) -> str:
        return says.format(object=difference.object, said=difference.note.rstrip("."))

    RULES.rule(
        id,
        on=(*_ON, attribute),
        title=title,
        severity=severity,
        why=why,
        fix=fix,
        bad=Example(before, bad),
        good=Example(before, good),
        category="history",
    )(message)


_replay(
    "replay-fails", "upgrade", Severity.BREAKING,
    "An upgrade fails",
    "upgrade() of revision {object} fails: {said}.",
    "On an empty database, after all revisions before it. Neither CI nor a new installation gets past it.",
    "Run `alembic upgrade head` on an empty database of this engine to see it.",
    "op.drop_column('t', 'nothing_of_that_name')",
)  # fmt: skip
_replay(
    "replay-fails-on-rows", "rows", Severity.BREAKING,
    "An upgrade fails once the tables hold rows",
    "upgrade() of revision {object} fails once its tables hold rows: {said}.",
    "It works on an empty database, which is all that tests see. The rows are made up, but the schema allows"
    " them: NULL, the same value twice, a long text, a key that no parent has.",
    "Bring the rows in order first, in this revision or one before: fill in NULL, remove duplicates, shorten."
    " A new NOT NULL column needs a server_default.",
    f"op.add_column('t', sa.Column('d', sa.Integer, nullable=False)){_BACK}op.drop_column('t', 'd')",
    good="op.add_column('t', sa.Column('d', sa.Integer, nullable=False, server_default='0'))"
    f"{_BACK}op.drop_column('t', 'd')",
    before="# postgresql\n" + _TABLE,
)  # fmt: skip
_replay(
    "replay-cast-fails-on-rows", "cast-rows", Severity.RISKY,
    "An upgrade converts values that cannot all be converted",
    "upgrade() of revision {object} converts values that only the old type allows: {said}.",
    "Whether production holds such a value, only production knows: one is enough to stop the migration.",
    "Look for values that do not convert before, or convert them with a CASE in postgresql_using.",
    f"op.alter_column('t', 'c', type_=sa.Integer, postgresql_using='c::integer'){_BACK}"
    "op.alter_column('t', 'c', type_=sa.String(50))",
    before="# postgresql\n" + _TABLE,
)  # fmt: skip
_replay(
    "downgrade-fails", "downgrade", Severity.RISKY,
    "A downgrade fails",
    "downgrade() of revision {object} fails: {said}.",
    "Nobody runs it until something has gone wrong, and then there is no way back.",
    "Mend it, or let it raise with the reason why there is no way back.",
    f"op.add_column('t', sa.Column('d', sa.Integer)){_BACK}op.drop_column('t', 'e')",
)  # fmt: skip
_replay(
    "downgrade-fails-on-rows", "downgrade-rows", Severity.RISKY,
    "A downgrade fails once the tables hold rows",
    "downgrade() of revision {object} fails once its tables hold rows: {said}.",
    "It works on an empty database. The new schema allows rows that the old one refuses, and by the time of a"
    " downgrade there may be some.",
    "Let the downgrade bring such rows in order first.",
    f"op.alter_column('t', 'c', nullable=True){_BACK}op.alter_column('t', 'c', nullable=False)",
    before="# postgresql\n" + _TABLE.replace("sa.String(50)", "sa.String(50), nullable=False"),
)  # fmt: skip
_replay(
    "downgrade-leaves-traces", "traces", Severity.RISKY,
    "A downgrade does not undo its upgrade",
    "after upgrade() and downgrade() of revision {object} the schema is another: {said}.",
    "The next upgrade starts from a schema that nobody has tested, and may fail on what was left behind.",
    "Let downgrade() undo everything; on PostgreSQL, drop the types of Enum columns too.",
    f"op.create_index('ix', 't', ['c'])\nop.add_column('t', sa.Column('d', sa.Integer)){_BACK}"
    "op.drop_column('t', 'd')",
)  # fmt: skip
_replay(
    "upgrade-not-repeatable", "upgrade-again", Severity.RISKY,
    "An upgrade fails after its downgrade",
    "upgrade() of revision {object} fails when it runs again after downgrade(): {said}.",
    "After a rollback, the release cannot be deployed a second time.",
    "Let downgrade() undo everything that upgrade() does.",
    f"{_ROW}{_BACK}op.execute(\"UPDATE t SET c = '' WHERE id = 4711\")",
    good=f"{_ROW}{_BACK}op.execute('DELETE FROM t WHERE id = 4711')",
    before="# sqlite\n" + _TABLE,
)  # fmt: skip
