"""What was built in a scratch database is gone from the next one, also what is in no schema."""

from __future__ import annotations

import pytest

from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.scratch import Wanted
from driftcheck.database.scratch.given import given
from tests.database.conftest import run

BESIDE_SCHEMAS = [
    "CREATE FOREIGN DATA WRAPPER w; CREATE SERVER s FOREIGN DATA WRAPPER w",
    "CREATE PUBLICATION p FOR ALL TABLES",
    "CREATE FUNCTION f() RETURNS event_trigger LANGUAGE plpgsql AS 'BEGIN END';"
    " CREATE EVENT TRIGGER e ON ddl_command_end EXECUTE FUNCTION f()",
    "CREATE ROLE app; CREATE TABLE t (id int); GRANT SELECT ON t TO app",
    "CREATE SCHEMA app; CREATE TABLE app.t (id int)",
    "CREATE EXTENSION citext",
]


@pytest.mark.parametrize("statements", BESIDE_SCHEMAS)
def test_the_same_again(postgresql, statements):
    for _ in range(2):
        with postgresql.database() as url:
            run(url, *statements.split("; "))


@pytest.mark.parametrize("charset", ["latin1", "utf8mb4"])
def test_a_database_of_the_user_spells_text_as_live_does(mariadb, charset):
    with mariadb.database() as url:
        run(url, f"ALTER DATABASE `{url.database}` CHARACTER SET ascii COLLATE ascii_bin")
        wanted = Wanted("mariadb", charset=charset, collation=f"{charset}_bin")
        shown = url.render_as_string(hide_password=False)
        with given(shown, wanted, None) as scratch, scratch.database() as place:
            assert _charset(place) == charset
        assert _charset(url) == "ascii"


def _charset(url):
    with connect.opened(url) as connection:
        return connect.read(connection, Scope()).charset
