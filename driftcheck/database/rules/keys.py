"""Rules about primary keys, foreign keys, unique, check and exclusion constraints."""

from __future__ import annotations

from driftcheck.database.rules.registry import BREAKING, INFO, RISKY, changed, declare, postgresql
from driftcheck.difference import Change, Effect

N, W, U = Effect.NARROWED, Effect.WIDENED, Effect.UNCLEAR
_RECREATE = (
    "Drop it and create it again in a migration (op.drop_constraint, op.create_…), or correct the model."
)
_NAME = "ALTER … RENAME in a migration, or set the name in the model."
_PARENT = "CREATE TABLE p (id int PRIMARY KEY, k int UNIQUE); "


def _both(ours: str, theirs: str) -> tuple[str, ...]:
    columns = "a int NOT NULL, b int NOT NULL"
    return postgresql(f"CREATE TABLE t ({columns}{ours})", f"CREATE TABLE t ({columns}{theirs})")


def _fk(ours: str, theirs: str) -> tuple[str, ...]:
    return postgresql(f"{_PARENT}CREATE TABLE t (a int{ours})", f"{_PARENT}CREATE TABLE t (a int{theirs})")


def _renamed(kind: str, bad: tuple[str, ...]) -> None:
    declare(
        f"{kind}-renamed".replace("_", "-"), kind, Change.RENAMED, INFO,
        "only statements that name it, as ON CONFLICT ON CONSTRAINT or a later migration, notice", _NAME, bad,
    )  # fmt: skip


declare(
    "primary-key-missing", "primary_key", Change.MISSING, BREAKING,
    "rows can be stored twice, and the identity of a model's objects is lost",
    "op.create_primary_key(…) in a migration.", _both(", PRIMARY KEY (a)", ""),
)  # fmt: skip
declare(
    "primary-key-extra", "primary_key", Change.EXTRA, BREAKING,
    "rows that the model allows are refused as duplicates",
    "Drop it in a migration, or declare it in the model.", _both("", ", PRIMARY KEY (a)"),
)  # fmt: skip
_renamed("primary_key", _both(", CONSTRAINT one PRIMARY KEY (a)", ", CONSTRAINT two PRIMARY KEY (a)"))
changed(
    "primary_key", "columns", _RECREATE,
    (N, BREAKING, "fewer columns make the key: rows that the model allows are duplicates",
     _both(", PRIMARY KEY (a, b)", ", PRIMARY KEY (a)")),
    (W, BREAKING, "more columns make the key: duplicates may come back",
     _both(", PRIMARY KEY (a)", ", PRIMARY KEY (a, b)")),
    (U, BREAKING, "other columns identify a row", _both(", PRIMARY KEY (a)", ", PRIMARY KEY (b)")),
    (None, INFO, "the same columns in another order serve other queries",
     _both(", PRIMARY KEY (a, b)", ", PRIMARY KEY (b, a)")),
)  # fmt: skip
for _kind, _words in (("primary_key", "PRIMARY KEY"), ("unique", "UNIQUE")):
    changed(
        _kind, "on_conflict", "Rebuild the table with the right clause (op.batch_alter_table).",
        (U, RISKY, "a duplicate is skipped or replaces a row where it should be refused, or the reverse",
         (f"CREATE TABLE t (a TEXT, {_words} (a))",
          f"CREATE TABLE t (a TEXT, {_words} (a) ON CONFLICT REPLACE)")),
    )  # fmt: skip
_LATER = ", PRIMARY KEY (a) DEFERRABLE"
changed(
    "primary_key", "deferrable", _RECREATE,
    (N, BREAKING, "a transaction that is in order only at its end fails", _both(_LATER, ", PRIMARY KEY (a)")),
    (U, RISKY, "the constraint is checked at another time", _both(", PRIMARY KEY (a)", _LATER)),
)  # fmt: skip

declare(
    "foreign-key-missing", "foreign_key", Change.MISSING, RISKY,
    "rows may point at nothing, and no ON DELETE takes place",
    "op.create_foreign_key(…) in a migration.", _fk(" REFERENCES p", ""),
)  # fmt: skip
declare(
    "foreign-key-extra", "foreign_key", Change.EXTRA, BREAKING,
    "values without a row to point at are refused",
    "op.drop_constraint(…) in a migration, or declare it in the model.", _fk("", " REFERENCES p"),
)  # fmt: skip
_renamed(
    "foreign_key",
    _fk(", CONSTRAINT one FOREIGN KEY (a) REFERENCES p", ", CONSTRAINT two FOREIGN KEY (a) REFERENCES p"),
)
changed(
    "foreign_key", "target", _RECREATE,
    (N, BREAKING, "values that point at the model's target are refused",
     _fk(" REFERENCES p", " REFERENCES p (k)")),
)  # fmt: skip
changed(
    "foreign_key", "columns", _RECREATE,
    (N, BREAKING, "other columns must point at a row",
     postgresql(
         f"{_PARENT}CREATE TABLE t (a int, b int, CONSTRAINT fk FOREIGN KEY (a) REFERENCES p)",
         f"{_PARENT}CREATE TABLE t (a int, b int, CONSTRAINT fk FOREIGN KEY (b) REFERENCES p)")),
)  # fmt: skip
for _name in ("ondelete", "onupdate"):
    _verb = _name.removeprefix("on").upper()
    changed(
        "foreign_key", _name, _RECREATE,
        (N, BREAKING, f"a {_verb} of a row that others point at is refused",
         _fk(f" REFERENCES p ON {_verb} CASCADE", " REFERENCES p")),
        (U, RISKY, f"a {_verb} does something else to the rows that point there",
         _fk(" REFERENCES p", f" REFERENCES p ON {_verb} CASCADE")),
        (None, INFO, "the same is refused, at another moment",
         _fk(" REFERENCES p", f" REFERENCES p ON {_verb} RESTRICT")),
    )  # fmt: skip
changed(
    "foreign_key", "deferrable", _RECREATE,
    (N, BREAKING, "a transaction that is in order only at its end fails",
     _fk(" REFERENCES p DEFERRABLE", " REFERENCES p")),
    (U, RISKY, "the constraint is checked at another time", _fk(" REFERENCES p", " REFERENCES p DEFERRABLE")),
)  # fmt: skip
changed(
    "foreign_key", "match", _RECREATE,
    (U, RISKY, "keys that are partly NULL are judged another way",
     _fk(" REFERENCES p MATCH FULL", " REFERENCES p")),
)  # fmt: skip
_NOT_VALID = "CREATE TABLE t (a int); ALTER TABLE t ADD FOREIGN KEY (a) REFERENCES p"
changed(
    "foreign_key", "valid", "ALTER TABLE … VALIDATE CONSTRAINT …, in a migration with op.execute.",
    (U, RISKY, "old rows were never checked and may point at nothing",
     postgresql(f"{_PARENT}{_NOT_VALID}", f"{_PARENT}{_NOT_VALID} NOT VALID")),
    (None, INFO, "it was validated since",
     postgresql(f"{_PARENT}{_NOT_VALID} NOT VALID", f"{_PARENT}{_NOT_VALID}")),
)  # fmt: skip

declare(
    "unique-missing", "unique", Change.MISSING, BREAKING,
    "duplicates may come back, and ON CONFLICT on these columns fails",
    "op.create_unique_constraint(…) in a migration.", _both(", UNIQUE (a)", ""),
)  # fmt: skip
declare(
    "unique-extra", "unique", Change.EXTRA, BREAKING,
    "rows that the model allows are refused as duplicates",
    "op.drop_constraint(…) in a migration, or declare it in the model.", _both("", ", UNIQUE (a)"),
)  # fmt: skip
_renamed("unique", _both(", CONSTRAINT one UNIQUE (a)", ", CONSTRAINT two UNIQUE (a)"))
changed(
    "unique", "columns", _RECREATE,
    (N, BREAKING, "fewer columns must differ: rows that the model allows are duplicates",
     _both(", CONSTRAINT u UNIQUE (a, b)", ", CONSTRAINT u UNIQUE (a)")),
    (W, BREAKING, "more columns make a row unique: duplicates may come back",
     _both(", CONSTRAINT u UNIQUE (a)", ", CONSTRAINT u UNIQUE (a, b)")),
    (U, BREAKING, "other columns must differ",
     _both(", CONSTRAINT u UNIQUE (a)", ", CONSTRAINT u UNIQUE (b)")),
    (None, INFO, "the same columns in another order serve other queries",
     _both(", CONSTRAINT u UNIQUE (a, b)", ", CONSTRAINT u UNIQUE (b, a)")),
)  # fmt: skip
changed(
    "unique", "deferrable", _RECREATE,
    (N, BREAKING, "a transaction that is in order only at its end fails",
     _both(", UNIQUE (a) DEFERRABLE", ", UNIQUE (a)")),
    (U, RISKY, "ON CONFLICT cannot use a deferrable constraint",
     _both(", UNIQUE (a)", ", UNIQUE (a) DEFERRABLE")),
)  # fmt: skip
changed(
    "unique", "nulls_not_distinct", _RECREATE,
    (N, BREAKING, "a second NULL is refused", _both(", UNIQUE (a)", ", UNIQUE NULLS NOT DISTINCT (a)")),
    (W, BREAKING, "several NULLs may come back", _both(", UNIQUE NULLS NOT DISTINCT (a)", ", UNIQUE (a)")),
)  # fmt: skip
changed(
    "unique", "include", _RECREATE,
    (U, RISKY, "queries may need to visit the table", _both(", UNIQUE (a) INCLUDE (b)", ", UNIQUE (a)")),
)  # fmt: skip

declare(
    "check-missing", "check", Change.MISSING, RISKY,
    "values that the model rules out may come back",
    "op.create_check_constraint(…) in a migration.", _both(", CHECK (a > 0)", ""),
)  # fmt: skip
declare(
    "check-extra", "check", Change.EXTRA, BREAKING,
    "values that the model allows are refused",
    "op.drop_constraint(…) in a migration, or declare it in the model.", _both("", ", CHECK (a > 0)"),
    effect=N,
)  # fmt: skip
declare(
    "check-boolean-extra", "check", Change.EXTRA, INFO,
    "it lets a boolean be 0 or 1, as it is anyway",
    "op.drop_constraint(…) in a migration, or Boolean(create_constraint=True) in the model.",
    ("CREATE TABLE t (a BOOLEAN)", "CREATE TABLE t (a BOOLEAN CHECK (a IN (0, 1)))"),
    title="Check of a boolean is not expected",
)  # fmt: skip
_renamed("check", _both(", CONSTRAINT one CHECK (a > 0)", ", CONSTRAINT two CHECK (a > 0)"))
changed(
    "check", "expression", _RECREATE,
    (U, RISKY, "other values are refused than the model says",
     _both(", CONSTRAINT ck CHECK (a > 0)", ", CONSTRAINT ck CHECK (a > 1)")),
)  # fmt: skip
_LATE = "CREATE TABLE t (a int); ALTER TABLE t ADD CONSTRAINT ck CHECK (a > 0)"
changed(
    "check", "valid", "ALTER TABLE … VALIDATE CONSTRAINT …, in a migration with op.execute.",
    (U, RISKY, "old rows were never checked", postgresql(_LATE, f"{_LATE} NOT VALID")),
    (None, INFO, "it was validated since", postgresql(f"{_LATE} NOT VALID", _LATE)),
)  # fmt: skip
changed(
    "check", "no_inherit", _RECREATE,
    (U, RISKY, "tables that inherit from this one are held to it, or are not",
     _both(", CONSTRAINT ck CHECK (a > 0)", ", CONSTRAINT ck CHECK (a > 0) NO INHERIT")),
)  # fmt: skip

_SPAN = "CREATE TABLE t (r int4range"
declare(
    "exclusion-missing", "exclusion", Change.MISSING, RISKY,
    "rows that exclude each other may come back",
    "op.create_exclude_constraint(…) in a migration.",
    postgresql(f"{_SPAN}, EXCLUDE USING gist (r WITH &&))", f"{_SPAN})"),
)  # fmt: skip
declare(
    "exclusion-extra", "exclusion", Change.EXTRA, BREAKING,
    "rows that the model allows are refused",
    "op.drop_constraint(…) in a migration, or declare it in the model.",
    postgresql(f"{_SPAN})", f"{_SPAN}, EXCLUDE USING gist (r WITH &&))"),
)  # fmt: skip
_renamed("exclusion", postgresql(
    f"{_SPAN}, CONSTRAINT one EXCLUDE USING gist (r WITH &&))",
    f"{_SPAN}, CONSTRAINT two EXCLUDE USING gist (r WITH &&))",
))  # fmt: skip
changed(
    "exclusion", "definition", _RECREATE,
    (U, RISKY, "other rows exclude each other", postgresql(
        f"{_SPAN}, CONSTRAINT x EXCLUDE USING gist (r WITH &&))",
        f"{_SPAN}, CONSTRAINT x EXCLUDE USING gist (r WITH -|-))")),
)  # fmt: skip
changed(
    "exclusion", "deferrable", _RECREATE,
    (N, BREAKING, "a transaction that is in order only at its end fails", postgresql(
        f"{_SPAN}, CONSTRAINT x EXCLUDE USING gist (r WITH &&) DEFERRABLE)",
        f"{_SPAN}, CONSTRAINT x EXCLUDE USING gist (r WITH &&))")),
    (U, RISKY, "the constraint is checked at another time", postgresql(
        f"{_SPAN}, CONSTRAINT x EXCLUDE USING gist (r WITH &&))",
        f"{_SPAN}, CONSTRAINT x EXCLUDE USING gist (r WITH &&) DEFERRABLE)")),
)  # fmt: skip
