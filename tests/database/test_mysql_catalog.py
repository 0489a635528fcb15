"""MySQL's catalogs as its manual describes them, read without a server: they differ from MariaDB's."""

from __future__ import annotations

import pytest

from driftcheck.database.compare import compare
from driftcheck.database.dialects import mysql
from driftcheck.database.dialects.catalog import Scope
from driftcheck.errors import DriftcheckError

NOW = "CURRENT_TIMESTAMP"


def column(name, spelled, default=None, extra="", nullable="YES", expression=""):
    kind = spelled.partition("(")[0]
    return ("shop", "t", name, spelled, kind, nullable, default, extra, None, None, "", expression)


def key(name, column, *, plain=1, expression=None, hidden="NO"):
    return ("shop", "t", name, plain, 1, column, "A", None, "BTREE", expression, hidden)


class Server:
    """Answers each query with canned rows, and keeps the queries."""

    def __init__(self, version="8.0.36", **rows):
        self.rows, self.asked = rows, []
        self.server = (version, "shop", "utf8mb4", "utf8mb4_0900_ai_ci", 0)

    def __call__(self, query, **_):
        self.asked.append(query)
        if "VERSION()" in query:
            return [self.server]
        if "information_schema.TABLES t" in query:
            return [("shop", "t", "BASE TABLE", "InnoDB", "utf8mb4", "utf8mb4_0900_ai_ci", "", "")]
        found = [rows for word, rows in self.rows.items() if f"information_schema.{word}" in query]
        return found[0] if found else []

    def read(self):
        return mysql.read(self, Scope())

    def table(self):
        return self.read().tables[0]


def default_of(*described, version="8.0.36"):
    return Server(version, COLUMNS=[column("c", *described)]).table().columns[0].default


@pytest.mark.parametrize(
    ("spelled", "shown", "extra", "expected"),
    [
        ("varchar(9)", "new", "", "'new'"),
        ("varchar(9)", "", "", "''"),
        ("varchar(9)", "it's", "", "'it''s'"),
        ("varchar(9)", "a\\b", "", "'a\\\\b'"),
        ("varchar(36)", "uuid()", "", "'uuid()'"),
        ("varchar(36)", "uuid()", "DEFAULT_GENERATED", "uuid()"),
        ("varchar(9)", "NULL", "", "'NULL'"),
        ("varchar(9)", None, "", None),
        ("enum('a','b')", "a", "", "'a'"),
        ("int", "5", "", "5"),
        ("decimal(10,2)", "0.00", "", "0.00"),
        ("bit(3)", "b'101'", "", "5"),
        ("date", "2020-01-01", "", "'2020-01-01'"),
        ("datetime", NOW, "DEFAULT_GENERATED", NOW),
        ("timestamp(3)", f"{NOW}(3)", "DEFAULT_GENERATED on update CURRENT_TIMESTAMP(3)", f"{NOW}(3)"),
        ("json", "_utf8mb4\\'{}\\'", "DEFAULT_GENERATED", "'{}'"),
        ("json", "json_array()", "DEFAULT_GENERATED", "json_array()"),
        ("int", None, "VIRTUAL GENERATED", None),
    ],
)
def test_defaults_come_out_as_sql(spelled, shown, extra, expected):
    assert default_of(spelled, shown, extra) == expected


def test_the_clock_was_no_expression_before_mysql_8():
    assert default_of("timestamp", NOW, "on update CURRENT_TIMESTAMP", version="5.7.44") == NOW
    assert default_of("varchar(30)", NOW, version="5.7.44") == f"'{NOW}'"


def test_a_string_that_looks_like_an_expression_is_another_default():
    one, other = (
        Server(COLUMNS=[column("c", "varchar(36)", "uuid()", extra)]) for extra in ("", "DEFAULT_GENERATED")
    )
    assert [item.attribute for item in compare(one.read(), other.read())] == ["default"]
    assert compare(one.read(), one.read()) == ()


def test_an_invisible_index_is_not_in_use_and_a_visible_one_is():
    shown = Server(STATISTICS=[key("ix", "c")]).table().indexes[0]
    hidden = Server(STATISTICS=[key("ix", "c", hidden="YES")]).table().indexes[0]
    assert (shown.valid, hidden.valid) == (True, False)


def test_functional_keys_are_read_unescaped():
    server = Server(STATISTICS=[key("ix", None, expression="concat(`a`,_utf8mb4\\'-\\')")])
    assert server.table().indexes[0].parts[0].expression == "concat(`a`,'-')"


def test_the_character_set_of_the_connection_makes_no_drift():
    shown = "(`state` in (_{0}\\'a\\',_{0}\\'b\\'))"
    one, other = (
        Server(CHECK_CONSTRAINTS=[("shop", "t", "ck", shown.format(name), "YES")])
        for name in ("utf8mb4", "latin1")
    )
    assert one.table().checks[0].expression == "(`state` in ('a','b'))"
    assert compare(one.read(), other.read()) == ()


def test_a_check_that_is_not_enforced_is_not_valid():
    one, other = (
        Server(CHECK_CONSTRAINTS=[("shop", "t", "ck", "(`c` > 0)", enforced)]) for enforced in ("YES", "NO")
    )
    assert [item.attribute for item in compare(one.read(), other.read())] == ["valid"]


def test_generated_columns_are_read_unescaped_and_without_the_database():
    expression = "concat(`shop`.`f`(`a`),_utf8mb4\\'x\\')"
    server = Server(COLUMNS=[column("c", "varchar(9)", None, "STORED GENERATED", expression=expression)])
    found = server.table().columns[0]
    assert (found.expression, found.stored) == ("concat(`f`(`a`),'x')", True)


@pytest.mark.parametrize("status", ["ENABLED", "SLAVESIDE_DISABLED", "REPLICA_SIDE_DISABLED"])
def test_a_replica_leaves_events_to_its_primary(status):
    row = ("shop", "e", status, "RECURRING", None, "1", "DAY", "NOT PRESERVE", "DELETE FROM t", None)
    assert Server(EVENTS=[row]).read().events[0].enabled == "enabled"


def test_an_event_that_is_off_is_off():
    row = ("shop", "e", "DISABLED", "RECURRING", None, "1", "DAY", "NOT PRESERVE", "DELETE FROM t", None)
    assert Server(EVENTS=[row]).read().events[0].enabled == "disabled"


LATER = {
    "8.0.36": {"IS_VISIBLE", " EXPRESSION", "GENERATION_EXPRESSION", "ENFORCED"},
    "8.0.12": {"IS_VISIBLE", "GENERATION_EXPRESSION"},
    "5.7.44": {"GENERATION_EXPRESSION"},
    "5.6.51": set(),
    "10.3.39-MariaDB": {"GENERATION_EXPRESSION", "ALGORITHM"},
    "11.4.2-MariaDB": {"IGNORED", "GENERATION_EXPRESSION", "ALGORITHM", "FULL_COLLATION_NAME"},
}


@pytest.mark.parametrize("version", LATER)
def test_a_server_is_asked_for_what_it_has(version):
    server = Server(version)
    server.read()
    asked = "\n".join(server.asked)
    known = set().union(*LATER.values())
    assert {word for word in known if word in asked} == LATER[version]


@pytest.mark.parametrize("version", ["5.5.62", "5.1.73-log", "10.1.48-MariaDB"])
def test_what_is_too_old_is_said_so(version):
    with pytest.raises(DriftcheckError, match="is too old to be read"):
        Server(version).read()
