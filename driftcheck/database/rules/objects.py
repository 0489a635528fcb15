"""Rules about what is not a table: types, sequences, views, functions, triggers, policies, extensions."""

from __future__ import annotations

from driftcheck.database.rules.registry import (
    BREAKING,
    INFO,
    RISKY,
    changed,
    declare,
    mariadb,
    postgresql,
)
from driftcheck.difference import Change, Effect, Severity

N, W, U = Effect.NARROWED, Effect.WIDENED, Effect.UNCLEAR
_T = "CREATE TABLE t (a int);"
_F = "CREATE FUNCTION f() RETURNS trigger LANGUAGE plpgsql AS 'BEGIN RETURN NEW; END';"
_TRIGGER = "CREATE TRIGGER tr BEFORE INSERT ON t FOR EACH ROW EXECUTE FUNCTION f();"
_EXECUTE = "Create it again in a migration with op.execute, or correct the model's DDL."


def _pair(
    kind: str, ddl: str, lost: tuple[Severity, str], gained: tuple[Severity, str], before: str = ""
) -> None:
    """The rules for a kind of object that is missing, and extra."""
    id = kind.replace("_", "-")
    declare(
        f"{id}-missing", kind, Change.MISSING, *lost,
        "Create it in a migration with op.execute.", postgresql(f"{before} {ddl}", before),
    )  # fmt: skip
    declare(
        f"{id}-extra", kind, Change.EXTRA, *gained,
        "Drop it in a migration, or create it there (or in a DDL event) too.",
        postgresql(before, f"{before} {ddl}"),
    )  # fmt: skip


_pair(
    "enum", "CREATE TYPE mood AS ENUM ('ok', 'bad')",
    (BREAKING, "statements that cast to it fail"), (INFO, "no model uses it; nothing fails"),
)  # fmt: skip
_MOOD = "CREATE TYPE mood AS ENUM"
declare(
    "enum-renamed", "enum", Change.RENAMED, BREAKING,
    "statements that cast to it by name fail",
    "ALTER TYPE … RENAME TO …, in a migration with op.execute, or name it in the model: Enum(…, name=…).",
    postgresql(f"{_MOOD} ('a', 'b'); CREATE TABLE t (m mood)",
               "CREATE TYPE state AS ENUM ('a', 'b'); CREATE TABLE t (m state)"),
)  # fmt: skip
changed(
    "enum", "values",
    "ALTER TYPE … ADD VALUE …, in a migration with op.execute; removing a value needs a new type.",
    (N, BREAKING, "values that the model sends are refused",
     postgresql(f"{_MOOD} ('a', 'b')", f"{_MOOD} ('a')")),
    (W, BREAKING, "a value may come back that the model does not know: LookupError on read",
     postgresql(f"{_MOOD} ('a')", f"{_MOOD} ('a', 'b')")),
    (U, RISKY, "values sort and compare in another order",
     postgresql(f"{_MOOD} ('a', 'b')", f"{_MOOD} ('b', 'a')")),
)  # fmt: skip
_pair(
    "domain", "CREATE DOMAIN d AS int",
    (RISKY, "statements that name it fail"), (INFO, "no model uses it; nothing fails"),
)  # fmt: skip
for _attribute, _ours, _theirs in (
    ("type", "int", "text"),
    ("nullable", "int", "int NOT NULL"),
    ("default", "int DEFAULT 1", "int DEFAULT 2"),
    ("check", "int CHECK (VALUE > 0)", "int CHECK (VALUE > 1)"),
    ("collation", 'text COLLATE "C"', "text"),
):
    changed(
        "domain", _attribute, "ALTER DOMAIN …, in a migration with op.execute.",
        (U, RISKY, "every column of this domain takes other values",
         postgresql(f"CREATE DOMAIN d AS {_ours}", f"CREATE DOMAIN d AS {_theirs}")),
    )  # fmt: skip
_pair(
    "type", "CREATE TYPE pair AS (a int, b text)",
    (RISKY, "statements that name it fail"), (INFO, "no model uses it; nothing fails"),
)  # fmt: skip
changed(
    "type", "attributes", "ALTER TYPE …, in a migration with op.execute.",
    (U, RISKY, "its values have other parts",
     postgresql("CREATE TYPE pair AS (a int, b text)", "CREATE TYPE pair AS (a int, b int)")),
)  # fmt: skip
_pair(
    "sequence", "CREATE SEQUENCE s",
    (BREAKING, "nextval of it fails"), (INFO, "no model uses it; nothing fails"),
)  # fmt: skip
for _attribute, _ours, _theirs in (
    ("type", "AS integer MAXVALUE 99", "AS bigint MAXVALUE 99"),
    ("start", "", "START 5"),
    ("increment", "", "INCREMENT 5"),
    ("minimum", "MINVALUE 1", "MINVALUE 0 START 1"),
    ("maximum", "", "MAXVALUE 99"),
    ("cache", "", "CACHE 9"),
    ("cycle", "", "CYCLE"),
):
    changed(
        "sequence", _attribute, "ALTER SEQUENCE …, in a migration with op.execute.",
        (U, RISKY, "other numbers are given out",
         postgresql(f"CREATE SEQUENCE s {_ours}", f"CREATE SEQUENCE s {_theirs}")),
    )  # fmt: skip
for _kind, _word in (("view", "VIEW"), ("materialized_view", "MATERIALIZED VIEW")):
    _pair(
        _kind, f"CREATE {_word} v AS SELECT a FROM t",
        (BREAKING, "every query of it fails"), (INFO, "no model uses it; nothing fails"), _T,
    )  # fmt: skip
    changed(
        _kind, "definition", _EXECUTE,
        (U, RISKY, "it returns other rows or columns",
         postgresql(f"{_T} CREATE {_word} v AS SELECT a FROM t",
                    f"{_T} CREATE {_word} v AS SELECT a FROM t WHERE a > 0")),
    )  # fmt: skip
    _option = "security_barrier" if _kind == "view" else "fillfactor=50"
    changed(
        _kind, "options", _EXECUTE,
        (U, INFO, "rows are shown, checked or stored under other options",
         postgresql(f"{_T} CREATE {_word} v WITH ({_option}) AS SELECT a FROM t",
                    f"{_T} CREATE {_word} v AS SELECT a FROM t")),
    )  # fmt: skip
    changed(
        _kind, "kind", "Create the view in a migration with op.execute, in place of the table.",
        (U, RISKY, "a table has the rows that somebody put there, and not those of the query",
         postgresql(f"{_T} CREATE {_word} v AS SELECT a FROM t", f"{_T} CREATE TABLE v (a int)")),
    )  # fmt: skip
    _other = "MATERIALIZED VIEW" if _word == "VIEW" else "VIEW"
    changed(
        _kind, "materialized", _EXECUTE,
        (U, RISKY, "a materialized view shows the rows of its last refresh",
         postgresql(f"{_T} CREATE {_word} v AS SELECT a FROM t",
                    f"{_T} CREATE {_other} v AS SELECT a FROM t")),
    )  # fmt: skip
changed(
    "materialized_view", "populated",
    "REFRESH MATERIALIZED VIEW …: no revision is needed, only that this runs after them.",
    (N, BREAKING, "it was never refreshed, and every query of it fails",
     postgresql(f"{_T} CREATE MATERIALIZED VIEW v AS SELECT a FROM t",
                f"{_T} CREATE MATERIALIZED VIEW v AS SELECT a FROM t WITH NO DATA")),
)  # fmt: skip
_FUNCTION = "CREATE FUNCTION g() RETURNS int LANGUAGE sql AS 'SELECT 1'"
_pair(
    "function", _FUNCTION,
    (RISKY, "statements that call it fail"), (INFO, "nothing that is expected calls it; nothing fails"),
)  # fmt: skip
changed(
    "function", "definition", _EXECUTE,
    (U, RISKY, "it does something else", postgresql(_FUNCTION, _FUNCTION.replace("SELECT 1", "SELECT 2"))),
)  # fmt: skip
_pair(
    "trigger", _TRIGGER,
    (RISKY, "what it did on writes no longer happens"), (RISKY, "writes do more than is expected"),
    f"{_T} {_F}",
)  # fmt: skip
changed(
    "trigger", "definition", _EXECUTE,
    (U, RISKY, "it fires at other times, or does something else",
     postgresql(f"{_T} {_F} {_TRIGGER}", f"{_T} {_F} {_TRIGGER.replace('BEFORE', 'AFTER')}")),
)  # fmt: skip
changed(
    "trigger", "enabled", "ALTER TABLE … ENABLE TRIGGER …, in a migration with op.execute.",
    (U, RISKY, "it does not fire when it should, or the reverse",
     postgresql(f"{_T} {_F} {_TRIGGER}", f"{_T} {_F} {_TRIGGER} ALTER TABLE t DISABLE TRIGGER tr")),
)  # fmt: skip
declare(
    "trigger-renamed", "trigger", Change.RENAMED, INFO,
    "it does the same; triggers of one event fire in the order of their names",
    "ALTER TRIGGER … RENAME TO …, in a migration with op.execute.",
    postgresql(f"{_T} {_F} {_TRIGGER}", f"{_T} {_F} {_TRIGGER.replace('TRIGGER tr', 'TRIGGER tr2')}"),
)  # fmt: skip
_EVENT = "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM t"
for _change, _says in (
    (Change.MISSING, "what it did on schedule no longer happens"),
    (Change.EXTRA, "rows change on a schedule that nothing expects"),
):
    _sides = (f"{_T} {_EVENT}", _T) if _change is Change.MISSING else (_T, f"{_T} {_EVENT}")
    declare(
        f"event-{_change}", "event", _change, RISKY, _says,
        "CREATE EVENT … or DROP EVENT …, in a migration with op.execute.", mariadb(*_sides),
    )  # fmt: skip
for _attribute, _theirs in (
    ("definition", _EVENT.replace("1 DAY", "2 DAY")),
    ("enabled", _EVENT.replace("DO DELETE", "DISABLE DO DELETE")),
):
    changed(
        "event", _attribute, "ALTER EVENT …, in a migration with op.execute.",
        (U, RISKY, "it runs at other times, or does something else",
         mariadb(f"{_T} {_EVENT}", f"{_T} {_theirs}")),
    )  # fmt: skip
_POLICY = "CREATE POLICY p ON t USING (a > 0)"
_pair(
    "policy", _POLICY,
    (RISKY, "roles see and write other rows"), (RISKY, "roles see and write other rows"), _T,
)  # fmt: skip
declare(
    "policy-renamed", "policy", Change.RENAMED, INFO,
    "it lets the same rows through; only statements that name it notice",
    "ALTER POLICY … RENAME TO …, in a migration with op.execute.",
    postgresql(f"{_T} {_POLICY}", f"{_T} {_POLICY.replace('POLICY p', 'POLICY q')}"),
)  # fmt: skip
for _attribute, _theirs in (
    ("command", "CREATE POLICY p ON t FOR SELECT USING (a > 0)"),
    ("permissive", "CREATE POLICY p ON t AS RESTRICTIVE USING (a > 0)"),
    ("roles", "CREATE POLICY p ON t TO pg_monitor USING (a > 0)"),
    ("using", "CREATE POLICY p ON t USING (a > 1)"),
    ("check", "CREATE POLICY p ON t USING (a > 0) WITH CHECK (a > 5)"),
):
    changed(
        "policy", _attribute, "ALTER POLICY … (or drop and create it), in a migration with op.execute.",
        (U, RISKY, "roles see and write other rows", postgresql(f"{_T} {_POLICY}", f"{_T} {_theirs}")),
    )  # fmt: skip
declare(
    "extension-missing", "extension", Change.MISSING, BREAKING,
    "its types, functions and operators are unknown",
    "CREATE EXTENSION …, in a migration with op.execute.",
    postgresql("CREATE EXTENSION btree_gist", ""),
)  # fmt: skip
changed(
    "extension", "version",
    "ALTER EXTENSION … UPDATE TO the version that is relied on, in a migration with op.execute.",
    (U, RISKY, "functions, operators and types of it may be missing or behave otherwise",
     postgresql("CREATE EXTENSION citext VERSION '1.5'", "CREATE EXTENSION citext VERSION '1.4'")),
)  # fmt: skip
