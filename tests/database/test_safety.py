"""Live is only read, as the server's own log tells; passwords are nowhere; scratch leaves nothing behind."""

from __future__ import annotations

import os
import re
import signal
import subprocess
import sys
import time
from pathlib import Path

import pytest
from sqlalchemy import Column, ForeignKey, Integer, MetaData, String, Table, create_engine, event
from sqlalchemy.pool import NullPool

from driftcheck import DriftcheckError, check_database
from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.scratch import Wanted, open_scratch
from driftcheck.database.scratch.process import owner
from tests.database.conftest import run

ALLOWED = re.compile(r"(SELECT|BEGIN|ROLLBACK|SHOW|SET|DEALLOCATE)\b", re.IGNORECASE)
WRITES = re.compile(
    r"\b(INSERT|UPDATE|DELETE|MERGE|TRUNCATE|CREATE|ALTER|DROP|GRANT|REVOKE|LOCK|COPY|CALL|DO)\b"
    r"|FOR (UPDATE|SHARE)"
)


def models():
    metadata = MetaData()
    Table("parents", metadata, Column("id", Integer, primary_key=True), Column("name", String(20)))
    Table(
        "children", metadata, Column("id", Integer, primary_key=True), Column("p", ForeignKey("parents.id"))
    )
    return metadata


def logged(home):
    """The statements in a server's log; further lines of one begin with a tab."""
    text = (Path(home) / "log").read_text(errors="replace")
    return re.findall(r"(?:statement|execute [^:]*): (.*(?:\n\t.*)*)", text)


@pytest.fixture
def other_scratch(monkeypatch):
    """Scratch on a server of its own, so that the log of "live" holds nothing but the reading."""
    with open_scratch(Wanted("postgresql", backend="postgresql"), None, None) as scratch:
        from contextlib import nullcontext

        monkeypatch.setattr("driftcheck.database.sides.open_scratch", lambda *_: nullcontext(scratch))
        yield scratch


def test_postgresql_hears_nothing_but_reading(postgresql, other_scratch):
    with postgresql.database() as url:
        models().create_all(create_engine(url, poolclass=NullPool))
        run(url, f"ALTER DATABASE {url.database} SET log_statement = 'all'")
        before = len(logged(url.query["host"]))
        check_database(url, models=models())
        heard = logged(url.query["host"])[before:]
    assert len(heard) > 5
    for statement in heard:
        assert ALLOWED.match(statement.strip()), statement
        plain = re.sub(r"'[^']*'", "''", statement)
        assert not WRITES.search(plain), statement
    assert any("READ ONLY" in statement for statement in heard)
    assert any("statement_timeout" in statement for statement in heard)
    assert any("lock_timeout" in statement for statement in heard)


def test_mariadb_hears_nothing_but_reading(mariadb, monkeypatch):
    """The server's general log, while scratch is a server of its own."""
    from contextlib import nullcontext

    with open_scratch(Wanted("mariadb", backend="mysql"), None, None) as other, mariadb.database() as url:
        monkeypatch.setattr("driftcheck.database.sides.open_scratch", lambda *_: nullcontext(other))
        models().create_all(create_engine(url, poolclass=NullPool))
        run(url, "CREATE SEQUENCE numbers", "CREATE VIEW names AS SELECT name FROM parents")
        quiet = create_engine(url, poolclass=NullPool, isolation_level="AUTOCOMMIT")
        with quiet.connect() as connection:
            connection.exec_driver_sql("SET GLOBAL log_output = 'TABLE'")
            connection.exec_driver_sql("SET GLOBAL general_log = 1")
        check_database(url, models=models())
        with quiet.connect() as connection:
            connection.exec_driver_sql("SET GLOBAL general_log = 0")
            heard = connection.exec_driver_sql(
                "SELECT CONVERT(argument USING utf8mb4) FROM mysql.general_log"
                " WHERE command_type IN ('Query', 'Execute', 'Prepare') ORDER BY event_time"
            ).fetchall()
            connection.exec_driver_sql("TRUNCATE mysql.general_log")
    statements = [re.sub(r"/\*.*?\*/", "", row[0], flags=re.DOTALL).strip() for row in heard]
    statements = [text for text in statements if text and "general_log" not in text]
    assert len(statements) > 10
    for statement in statements:
        assert re.match(r"(SELECT|SET|START TRANSACTION READ ONLY|ROLLBACK|SHOW)\b", statement), statement
        assert not WRITES.search(re.sub(r"'[^']*'", "''", statement)), statement
    assert "START TRANSACTION READ ONLY" in statements


@pytest.mark.parametrize("tables", [1, 40])
@pytest.mark.parametrize("dialect", ["postgresql", "mariadb", "sqlite"])
def test_the_number_of_queries_does_not_depend_on_the_tables(engine_of, dialect, tables):
    with engine_of(dialect).database() as url:
        run(url, *(f"CREATE TABLE t{number} (id integer primary key)" for number in range(tables)))
        asked = []
        with connect.opened(url) as connection:
            event.listen(connection, "before_cursor_execute", lambda *given: asked.append(given[2]))
            found = connect.read(connection, Scope())
    assert len(found.tables) == tables
    assert len(asked) <= 20


def test_a_role_with_nothing_but_catalog_rights_can_read(postgresql):
    with postgresql.database() as url:
        models().create_all(create_engine(url, poolclass=NullPool))
        run(
            url,
            "DROP ROLE IF EXISTS reader",
            "CREATE ROLE reader LOGIN",
            "GRANT USAGE ON SCHEMA public TO reader",
        )
        report = check_database(url.set(username="reader"), models=models())
        run(url, "DROP OWNED BY reader", "DROP ROLE reader")
    assert report.findings == ()


def test_a_role_that_may_use_no_schema_is_told_so(postgresql):
    with postgresql.database() as url:
        models().create_all(create_engine(url, poolclass=NullPool))
        run(
            url, "DROP ROLE IF EXISTS stranger", "CREATE ROLE stranger LOGIN",
            "REVOKE ALL ON SCHEMA public FROM PUBLIC",
        )  # fmt: skip
        with pytest.raises(
            DriftcheckError, match=r"role stranger can use no schema of its search path .*public"
        ) as raised:
            check_database(url.set(username="stranger"), models=models())
        run(url, "GRANT USAGE ON SCHEMA public TO PUBLIC", "DROP ROLE stranger")
    assert "GRANT USAGE" in raised.value.hint


def test_mariadb_reads_in_a_read_only_transaction(mariadb):
    with mariadb.database() as url, connect.opened(url) as connection:
        asked = []
        event.listen(connection, "before_cursor_execute", lambda *a: asked.append(a[2]))
        connect.read(connection, Scope())
    assert "START TRANSACTION READ ONLY" in asked
    assert any("max_statement_time" in statement for statement in asked)


def test_sqlite_files_are_opened_for_reading_only(sqlite):
    with sqlite.database() as url:
        run(url, "CREATE TABLE t (id integer)")
        with (
            pytest.raises(DriftcheckError, match=r"readonly|read-only"),
            connect.opened(url) as connection,
        ):
            connection.exec_driver_sql("DROP TABLE t")


@pytest.mark.parametrize(
    "text",
    [
        "postgresql://me:s3cret@host/db",
        "cannot reach mysql+pymysql://me:s3cret@host:3306/db?x=1 today",
        "host=h password=s3cret dbname=x",
        "connection to postgresql://:s3cret@host failed",
    ],
)
def test_passwords_are_masked(text):
    assert "s3cret" not in connect.masked(text)


def test_no_password_in_an_error_or_its_traceback():
    import traceback

    url = "postgresql://me:{}@127.0.0.1:1/db".format("terces"[::-1].replace("e", "3", 1))
    assert "s3cret" in url
    try:
        check_database(url, models=models())
    except DriftcheckError as error:
        shown = "".join(traceback.format_exception(error)) + str(error)
    assert "s3cret" not in shown
    assert "127.0.0.1:1" in shown


SCRIPT = """
import sys, time
from driftcheck.database.scratch import Wanted, open_scratch
with open_scratch(Wanted("postgresql", backend="postgresql"), None, None) as scratch:
    with scratch.database() as url:
        print(url.query["host"], flush=True)
        time.sleep(60)
"""


def gone(path, seconds=20):
    limit = time.monotonic() + seconds
    while time.monotonic() < limit:
        if not Path(path).exists():
            return True
        time.sleep(0.1)
    return False


# A shell's background jobs, CI runs among them, ignore SIGINT and hand that down.
HEEDFUL = "import signal; signal.signal(signal.SIGINT, signal.default_int_handler)\n"


@pytest.mark.parametrize("sign", [signal.SIGINT, signal.SIGTERM, signal.SIGKILL])
def test_a_scratch_server_is_gone_after_any_end(postgresql, sign):
    child = subprocess.Popen(
        [sys.executable, "-c", HEEDFUL + SCRIPT], stdout=subprocess.PIPE, text=True, env=os.environ
    )
    home = child.stdout.readline().strip()
    assert Path(home).exists()
    pid = int((Path(home) / "data" / "postmaster.pid").read_text().splitlines()[0])
    child.send_signal(sign)
    child.wait(30)
    child.stdout.close()
    assert gone(home)
    assert gone(f"/proc/{pid}") or sys.platform != "linux"


def test_servers_do_not_run_as_root(postgresql):
    with postgresql.database() as url:
        assert (Path(url.query["host"]) / "data").stat().st_uid == owner().uid
    assert owner().uid != 0


def test_a_scratch_url_that_is_not_empty_is_refused(postgresql):
    with postgresql.database() as url, postgresql.database() as live:
        run(url, "CREATE TABLE precious (x int)")
        with pytest.raises(DriftcheckError, match="not empty"):
            check_database(live, models=models(), scratch=url.render_as_string(hide_password=False))


def test_a_scratch_url_that_is_the_live_database_is_refused(postgresql):
    with postgresql.database() as url:
        text = url.render_as_string(hide_password=False)
        with pytest.raises(DriftcheckError, match="live database itself"):
            check_database(text, models=models(), scratch=text)


def test_a_scratch_url_is_emptied_again(postgresql):
    with postgresql.database() as url, postgresql.database() as live:
        text = url.render_as_string(hide_password=False)
        assert len(check_database(live, models=models(), scratch=text).findings) == 2
        assert check_database(live, models=models(), scratch=text).findings != ()
        with connect.opened(url) as connection:
            assert connect.read(connection, Scope()).tables == ()


def test_a_scratch_url_of_another_engine_is_refused(postgresql, tmp_path):
    with (
        postgresql.database() as live,
        pytest.raises(DriftcheckError, match="comparison is about postgresql"),
    ):
        check_database(live, models=models(), scratch=f"sqlite:///{tmp_path / 's.db'}")
