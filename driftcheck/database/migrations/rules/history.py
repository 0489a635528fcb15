"""Rules about the history as a whole, by its files: what Alembic refuses, and what was done to old revisions.

Their examples are words: a history is a folder of files.
"""

from __future__ import annotations

from driftcheck.database.migrations.rules.registry import RULES, words
from driftcheck.difference import Change, Difference, Severity
from driftcheck.rule import Example

_ON = ("revision", Change.CHANGED)


def _history(
    id: str,
    attribute: str,
    severity: Severity,
    title: str,
    says: str,
    why: str,
    fix: str,
    bad: tuple[str, str],
) -> None:
    """Declare one rule; `says` has places for {object}, {expected}, {actual} and {note}."""

    def message(difference: Difference) -> str:
        return says.format(
            object=difference.object,
            expected=words(difference.expected),
            actual=words(difference.actual),
            note=difference.note,
        )

    RULES.rule(
        id,
        on=(*_ON, attribute),
        title=title,
        severity=severity,
        why=why,
        fix=fix,
        bad=Example(*bad),
        good=Example(bad[0], bad[0]),
        category="history",
    )(message)


_history(
    "history-unmerged-heads", "heads", Severity.BREAKING,
    "Several heads",
    "the history has several heads: {actual}.",
    "`alembic upgrade head` refuses to run. It happens when two branches add a revision after the same one.",
    "alembic merge heads, or give the newer revision the other one as its down_revision.",
    ("a1; b2 after a1", "a1; b2 after a1; c3 after a1"),
)  # fmt: skip
_history(
    "history-duplicate-revision", "duplicate", Severity.BREAKING,
    "Two revisions with one id",
    "revision {object} is defined more than once: {actual}.",
    "Alembic keeps one of the files and never runs the other.",
    "Give the copy an id of its own.",
    ("a1; b2 after a1", "a1; b2 after a1 in one file; b2 after a1 in another"),
)  # fmt: skip
_history(
    "history-no-revision-id", "id", Severity.BREAKING,
    "A revision file without an id",
    "{object} has an upgrade() but no `revision`.",
    "Alembic cannot load the history at all.",
    "Write `revision` and `down_revision`, or move the file out of the folder of versions.",
    ("a1", "a1; a file without `revision`"),
)  # fmt: skip
_history(
    "history-unknown-down-revision", "down_revision", Severity.BREAKING,
    "A revision comes after one that is not there",
    "revision {object} comes after {actual}, which no file defines.",
    "Alembic cannot load the history at all. Often the file of the other revision was not committed.",
    "Commit the missing file, or name the revision that really comes before.",
    ("a1; b2 after a1", "a1; b2 after zz"),
)  # fmt: skip
_history(
    "history-cycle", "cycle", Severity.BREAKING,
    "Revisions that come after themselves",
    "the revisions {actual} come after one another in a circle.",
    "Alembic cannot order the history, so no upgrade can run.",
    "Mend the down_revision of the one that was changed last.",
    ("a1; b2 after a1", "a1 after b2; b2 after a1"),
)  # fmt: skip
_history(
    "history-broken-file", "file", Severity.BREAKING,
    "A revision file that cannot be loaded",
    "{object} cannot be loaded: {actual}.",
    "One such file is enough: Alembic then runs no command at all.",
    "Mend the file; a revision should import little besides alembic and sqlalchemy.",
    ("a1", "a1; a file with a syntax error"),
)  # fmt: skip
_history(
    "history-out-of-order", "order", Severity.INFO,
    "A revision that is older than the one before it",
    "revision {object} is of {actual}, and comes after {note} of {expected}.",
    "Usual after a rebase; otherwise a sign that a down_revision was put in by hand and is wrong.",
    "Check that the down_revision is the one that was meant.",
    ("a1 of May; b2 of June after a1", "a1 of June; b2 of May after a1"),
)  # fmt: skip
_history(
    "history-edited", "edited", Severity.RISKY,
    "A revision was edited after it was committed",
    "the code of revision {object} is not what it was at the base revision.",
    "Databases that ran it before keep what the old code made, and nothing will bring them up to date.",
    "Restore the file, and make the change in a new revision.",
    ("b2 adds a column", "b2 adds two columns"),
)  # fmt: skip
_history(
    "history-deleted", "deleted", Severity.BREAKING,
    "A revision is gone",
    "revision {object} ({expected}) is gone since the base revision.",
    "A database that is stamped with it can neither be upgraded nor downgraded any more.",
    "Restore the file; to squash, keep the ids that databases may be stamped with.",
    ("a1; b2 after a1", "a1"),
)  # fmt: skip
_history(
    "history-inserted", "inserted", Severity.BREAKING,
    "A new revision was put before old ones",
    "the new revision {object} comes before {actual}, which was there already.",
    "A database that is at the later revision counts the new one as applied and never runs it.",
    "Let it come after the head.",
    ("a1; b2 after a1", "a1; c3 after a1; b2 after c3"),
)  # fmt: skip
_history(
    "downgrade-missing", "downgrade-missing", Severity.RISKY,
    "No downgrade()",
    "revision {object} has no downgrade().",
    "`alembic downgrade` past it stops with an AttributeError.",
    "Write one, or one that raises with the reason why there is no way back.",
    ("upgrade() and downgrade()", "upgrade() alone"),
)  # fmt: skip
_history(
    "downgrade-empty", "downgrade-empty", Severity.RISKY,
    "downgrade() does nothing",
    "downgrade() of revision {object} does nothing, its upgrade() does.",
    "After a downgrade the stamp says that the change is undone; the next upgrade meets it and fails.",
    "Undo what upgrade() does, or raise with the reason why there is no way back.",
    ("a downgrade() that drops the column again", "def downgrade(): pass"),
)  # fmt: skip
_history(
    "downgrade-refused", "downgrade-refused", Severity.INFO,
    "downgrade() raises",
    "downgrade() of revision {object} only raises.",
    "There is no way back past it, and it says so.",
    "Nothing, where that was meant.",
    ("a downgrade() that drops the column again", "def downgrade(): raise NotImplementedError"),
)  # fmt: skip
