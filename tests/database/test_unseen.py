"""Roles of MariaDB that may only read: what they may not see is told, and is no drift."""

from __future__ import annotations

import pytest
from sqlalchemy import (
    DDL,
    CheckConstraint,
    Column,
    ForeignKey,
    Integer,
    MetaData,
    Table,
    create_engine,
    event,
)
from sqlalchemy.pool import NullPool

from driftcheck import check_database
from driftcheck.database.dialects.mysql_rights import unseen
from driftcheck.errors import DriftcheckError
from tests.database.conftest import run

ALL = {"trigger", "function", "event", "check", "tables"}


@pytest.mark.parametrize(
    ("grants", "hidden"),
    [
        (["GRANT ALL PRIVILEGES ON *.* TO `root`@`localhost`"], set()),
        (["GRANT ALL PRIVILEGES ON `shop`.* TO `a`@`%`"], set()),
        (["GRANT SELECT ON *.* TO `a`@`%`"], {"trigger", "function", "event"}),
        (["GRANT SELECT ON `shop`.* TO `a`@`%`"], {"trigger", "function", "event"}),
        (["GRANT SELECT, INSERT ON `shop`.* TO `a`@`%`"], {"function", "event"}),
        (["GRANT SELECT, SHOW VIEW, TRIGGER, EVENT, EXECUTE ON `shop`.* TO `a`@`%`"], set()),
        (["GRANT SELECT ON `s%`.* TO `a`@`%`"], {"trigger", "function", "event"}),
        (["GRANT SELECT ON `s_op`.* TO `a`@`%`"], {"trigger", "function", "event"}),
        (["GRANT SELECT ON `s\\_op`.* TO `a`@`%`"], ALL),
        (["GRANT ALL PRIVILEGES ON `other`.* TO `a`@`%`"], ALL),
        (["GRANT USAGE ON *.* TO `a`@`%`", "GRANT INSERT ON `shop`.`t` TO `a`@`%`"], ALL),
        (
            ["GRANT SELECT (`id`, `x`), REFERENCES (`id`) ON `shop`.* TO `a`@`%`"],
            {"trigger", "function", "event"},
        ),
        (["GRANT `reader` TO `a`@`%`", "GRANT ALL PRIVILEGES ON `shop`.* TO `reader`"], set()),
        ([], set()),
        (["something else"], set()),
    ],
)
def test_what_a_role_may_not_see_follows_from_its_grants(grants, hidden):
    assert unseen(grants, "shop") == hidden


@pytest.fixture
def shop(mariadb):
    """A database as its models make it, and the models."""
    models = MetaData()
    Table(
        "p",
        models,
        Column("id", Integer, primary_key=True, autoincrement=False),
        CheckConstraint("id > 0", name="ck"),
    )
    Table(
        "c",
        models,
        Column("id", Integer, primary_key=True),
        Column("p_id", ForeignKey("p.id", ondelete="CASCADE")),
    )
    for ddl in (
        "CREATE VIEW v AS SELECT id FROM p",
        "CREATE TRIGGER tr BEFORE INSERT ON p FOR EACH ROW SET new.id = 2",
        "CREATE FUNCTION f(x int) RETURNS int DETERMINISTIC RETURN x + 1",
        "CREATE EVENT e ON SCHEDULE EVERY 1 DAY DO DELETE FROM p",
    ):
        event.listen(models, "after_create", DDL(ddl))
    with mariadb.database() as url:
        models.create_all(create_engine(url, poolclass=NullPool))
        run(url, "CREATE USER reader@localhost IDENTIFIED BY 'read'")
        try:
            yield models, url
        finally:
            run(url, "DROP USER reader@localhost")


def checked(models, url, rights):
    run(url, f"GRANT {rights} ON {url.database}.* TO reader@localhost")
    report = check_database(url.set(username="reader", password="read"), models=models)
    return [item.difference.object for item in report.findings], [note.what for note in report.skipped]


@pytest.mark.parametrize(
    ("rights", "told"),
    [
        (
            "SELECT",
            ["events, what foreign keys do on DELETE and UPDATE, functions, triggers in the live database"],
        ),
        ("SELECT, INSERT", ["events, functions, what triggers do in the live database"]),
        ("SELECT, TRIGGER, EVENT, EXECUTE", ["what functions do in the live database"]),
        ("ALL", ["what functions do in the live database"]),
    ],
)
def test_what_a_role_may_not_see_is_told_and_no_drift(shop, rights, told):
    assert checked(*shop, rights) == ([], told)


def test_what_it_sees_is_still_compared(shop):
    models, url = shop
    run(url, "ALTER TABLE p DROP CONSTRAINT ck", "ALTER TABLE c ADD x INT", "DROP TRIGGER tr")
    found, told = checked(models, url, "SELECT, TRIGGER")
    assert sorted(found) == ["c.x", "p.ck", "p.tr"]
    assert told == ["events, functions in the live database"]


def test_a_key_is_seen_without_what_it_does(shop):
    models, url = shop
    run(url, "ALTER TABLE c DROP FOREIGN KEY c_ibfk_1")
    assert checked(models, url, "SELECT")[0] == ["c.(p_id)"]


def test_a_user_without_any_right_is_told_what_it_needs(shop):
    models, url = shop
    with pytest.raises(DriftcheckError, match="Access denied") as error:
        check_database(url.set(username="reader", password="read"), models=models)
    assert "rights on that database" in error.value.hint


def test_a_role_that_sees_all_is_told_nothing(shop):
    models, url = shop
    report = check_database(url, models=models)
    assert (report.findings, report.skipped) == ((), ())
