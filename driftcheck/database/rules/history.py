"""Rules about the migration history: where the live database stands in it, and whether that is true.

Their examples are words, not DDL: a history is a folder of revisions and a stamp.
"""

from __future__ import annotations

from driftcheck.database.rules.registry import BREAKING, RISKY, declare
from driftcheck.difference import Change

declare(
    "history-unstamped", "migration", Change.MISSING, RISKY,
    "nobody knows which migrations have run: the next upgrade starts from the beginning",
    "alembic stamp REVISION, once the schema is that of REVISION.",
    ("a revision table with a stamp", "tables, but no stamp"), attribute="stamp", category="history",
)  # fmt: skip
declare(
    "history-unknown-revision", "revision", Change.EXTRA, BREAKING,
    "the migrations have no such revision, so no upgrade can run",
    "Check out the code that the database was upgraded with, or stamp a known revision.",
    ("revisions a1, b2", "stamped c3"), attribute="stamp", category="history",
)  # fmt: skip
declare(
    "history-pending", "revision", Change.MISSING, RISKY,
    "revisions are waiting to be applied",
    "alembic upgrade head.",
    ("revisions a1, b2", "stamped a1"), attribute="stamp", category="history",
)  # fmt: skip
declare(
    "history-not-as-stamped", "revision", Change.CHANGED, RISKY,
    "the stamp says one revision, the schema is that of another: the next upgrade may fail",
    "alembic stamp the revision that is named, then upgrade.",
    ("stamped b2", "schema of a1"), attribute="stamp", category="history",
)  # fmt: skip
declare(
    "history-incomplete-base", "migration", Change.CHANGED, RISKY,
    "a new database cannot be built from the migrations alone",
    "Write a base revision that creates what was there before the first one.",
    ("a base that creates everything", "a base that alters"), attribute="base", category="history",
    title="The first revisions presume tables that no migration makes",
    subject=lambda difference: difference.note,
)  # fmt: skip
