"""Reads SHOW CREATE TABLE, which MariaDB and MySQL print one item a line."""

from __future__ import annotations

import re

from driftcheck.database.migrations.lint.schema import Column, Constraint, Index, Table

_NAME = r"`((?:[^`]|``)+)`"
_COLUMN = re.compile(rf"{_NAME} (.*)")
_KEY = re.compile(rf"(PRIMARY KEY|UNIQUE KEY|FULLTEXT KEY|SPATIAL KEY|KEY)(?: {_NAME})? (\(.*)")
_FOREIGN = re.compile(rf"CONSTRAINT {_NAME} FOREIGN KEY \((.*?)\) REFERENCES {_NAME} (.*)")
_CHECK = re.compile(rf"CONSTRAINT {_NAME} CHECK (.*)")
_TYPE = re.compile(
    r"(\w+(?:\((?:'(?:[^']|'')*'|[^()'])*\))?(?: unsigned)?(?: zerofill)?(?: CHARACTER SET \w+)?)"
)
_DEFAULT = re.compile(r"\bDEFAULT ('(?:[^']|'')*'|\(.*\)|[^ ]+)")


def read_table(name: str, ddl: str) -> Table:
    """The table that the server describes."""
    columns: list[Column] = []
    constraints: list[Constraint] = []
    indexes: list[Index] = []
    lines = ddl.splitlines()
    for line in lines[1:]:
        text = line.strip().rstrip(",")
        if text.startswith(")"):
            break
        if (found := _COLUMN.match(text)) is not None:
            columns.append(_column(found[1].replace("``", "`"), found[2]))
        elif (key := _KEY.match(text)) is not None:
            _keyed(key, constraints, indexes)
        elif (foreign := _FOREIGN.match(text)) is not None:
            constraints.append(
                Constraint(foreign[1], foreign[1], "foreign key", _names(foreign[2]), text, True, foreign[3])
            )
        elif (check := _CHECK.match(text)) is not None:
            constraints.append(Constraint(check[1], check[1], "check", _names(check[2]), text))
        elif text.startswith("PERIOD FOR SYSTEM_TIME"):
            continue
    return Table(
        name, name, "table", tuple(columns), tuple(constraints), tuple(indexes), options=_options(ddl)
    )


def _column(name: str, text: str) -> Column:
    found = _TYPE.match(text)
    default = _DEFAULT.search(text)
    shown = default[1] if default else None
    generated = "GENERATED ALWAYS AS" in text or re.search(r" AS \(", text) is not None
    stored = "stored" if "STORED" in text or "PERSISTENT" in text else "virtual"
    return Column(
        key=name,
        name=name,
        type=found[1] if found else text,
        required="NOT NULL" in text,
        default=None if shown in {None, "NULL"} else shown,
        generated=stored if generated else "",
        numbered="AUTO_INCREMENT" in text,
    )


def _keyed(key: re.Match[str], constraints: list[Constraint], indexes: list[Index]) -> None:
    kind, name, definition = key[1], key[2] or "PRIMARY", key[3]
    columns = _names(definition)
    indexes.append(
        Index(
            name,
            name,
            columns,
            f"{kind} {definition}",
            kind in {"PRIMARY KEY", "UNIQUE KEY"},
            kind == "PRIMARY KEY",
        )
    )
    if kind == "PRIMARY KEY":
        constraints.append(Constraint(name, name, "primary key", columns, definition, index=name))
    elif kind == "UNIQUE KEY":
        constraints.append(Constraint(name, name, "unique", columns, definition, index=name))


def _names(text: str) -> tuple[str, ...]:
    return tuple(re.findall(_NAME, text))


def _options(ddl: str) -> dict[str, str]:
    tail = ddl[ddl.rfind("\n)") :]
    found = {
        "engine": re.search(r"ENGINE=(\w+)", tail),
        "charset": re.search(r"CHARSET=(\w+)", tail),
        "collation": re.search(r"COLLATE=(\w+)", tail),
        "versioned": re.search(r"WITH SYSTEM (VERSIONING)", tail),
        "partitions": re.search(r"(PARTITION BY.*)", tail, re.DOTALL),
    }
    return {name: each[1] for name, each in found.items() if each is not None}
