"""The short way to declare what the lint says of a revision: `migration-ASPECT`, of a family of rules.

In an example the lines below "# downgrade" are the body of downgrade(); the earlier revision is BASE where
nothing else is said.
"""

from __future__ import annotations

from driftcheck.database.migrations.rules.registry import RULES
from driftcheck.difference import Change, Severity
from driftcheck.rule import Example

BREAKING, RISKY, INFO = Severity.BREAKING, Severity.RISKY, Severity.INFO

BASE = """\
op.create_table(
    "customers",
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("email", sa.Text),
)
op.create_table(
    "orders",
    sa.Column("id", sa.BigInteger, sa.Identity(), primary_key=True),
    sa.Column("customer", sa.BigInteger, nullable=False),
    sa.Column("total", sa.Integer),
    sa.Column("note", sa.Text),
    sa.Column("code", sa.{code}),
)"""
_CODE = {"postgresql": "Text", "mariadb": "String(40)", "sqlite": "Text"}


def declare(
    family: str,
    aspect: str,
    severity: Severity,
    title: str,
    says: str,
    fix: str,
    *,
    bad: str,
    good: str,
    engine: str = "postgresql",
    base: str = "",
) -> None:
    """Declare one rule; `says` is why it hurts, and the second half of the message."""
    before = f"# {engine}\n{base or BASE.replace('{code}', _CODE[engine])}"
    register = RULES.rule(
        f"migration-{aspect}",
        on=(f"migration-{family}", Change.CHANGED, aspect),
        title=title,
        severity=severity,
        why=f"{says[0].upper()}{says[1:]}.",
        fix=fix,
        bad=Example(before, f"# {engine}\n{bad}"),
        good=Example(before, f"# {engine}\n{good}"),
        category="danger",
    )
    register(lambda difference: f"{(difference.facts or {})['says']}: {says}.")
