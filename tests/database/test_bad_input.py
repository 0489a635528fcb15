"""What a user got wrong is one sentence with a hint, never a traceback; the command exits with 2."""

from __future__ import annotations

import re
import sqlite3
import sys

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table
from sqlalchemy.dialects.mysql import YEAR
from sqlalchemy.dialects.postgresql import JSONB
from sqlalchemy.types import UserDefinedType

from driftcheck import DriftcheckError, check_database
from driftcheck.cli.app import run as driftcheck
from driftcheck.database import connect
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.sources.build import build_models
from tests.database.conftest import run

MODULES = {
    "raises_mod.py": "import os\nos.environ['NO_SUCH_VARIABLE_HERE']\n",
    "needs_mod.py": "import a_module_nobody_has\n",
    "empty_mod.py": "x = 1\n",
    "notables_mod.py": "from sqlalchemy.orm import DeclarativeBase\nclass Base(DeclarativeBase): pass\n",
    "good_mod.py": (
        "from sqlalchemy import *\nmetadata = MetaData()\nTable('t', metadata, Column('a', Integer))\n"
    ),
}


class Citext(UserDefinedType):
    cache_ok = True

    def get_col_spec(self, **_options):
        return "citext"


class Broken(UserDefinedType):
    """A type whose own code is wrong."""

    cache_ok = True

    def get_col_spec(self, **_options):
        return "VARCHAR(" + 5


@pytest.fixture
def folder(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    for name, text in MODULES.items():
        (tmp_path / name).write_text(text)
    run(f"sqlite:///{tmp_path / 'live.db'}", "CREATE TABLE t (a INTEGER)")
    (tmp_path / "broken.db").write_bytes(b"this is no database at all" * 100)
    (tmp_path / "broken.json").write_text("{}")
    (tmp_path / "broken.sql").write_text("CREATE TABLE a (x int);\n\nCREATE TABEL b (x int);\n")
    yield tmp_path
    for name in MODULES:
        sys.modules.pop(name.removesuffix(".py"), None)


@pytest.mark.parametrize(
    ("arguments", "message"),
    [
        ({"models": "no_such_module:Base"}, "there is no module no_such_module"),
        ({"models": "good_mod:metadat"}, "has no attribute 'metadat'"),
        ({"models": "raises_mod:Base"}, r"importing raises_mod failed: KeyError.*raises_mod\.py:2"),
        ({"models": "needs_mod"}, "importing needs_mod failed: .*a_module_nobody_has"),
        ({"models": "empty_mod"}, "holds no SQLAlchemy models"),
        ({"models": "notables_mod:Base"}, "knows no tables"),
        ({"models": 42}, "holds no SQLAlchemy models"),
        ({}, "nothing to compare"),
        ({"url": "sqlite:///missing.db"}, "no file missing.db"),
        ({"url": "sqlite:///broken.db"}, "not a database"),
        ({"url": "no url"}, "not a database URL"),
        ({"url": "oracle://h/x"}, "cannot read oracle"),
        ({"url": "postgresql://nobody@127.0.0.1:1/x"}, "cannot connect to postgresql://127.0.0.1:1/x"),
        ({"url": "mysql+pymysql://nobody@127.0.0.1:1/x"}, "cannot connect to mysql://127.0.0.1:1/x"),
        ({"migrations": "no_such.ini"}, "there is no no_such.ini"),
        ({"migrations": "."}, "holds no env.py"),
    ],
    ids=str,
)
def test_one_sentence_and_a_hint(folder, arguments, message):
    given = {"url": "sqlite:///live.db", "models": "good_mod:metadata", **arguments}
    if not arguments:
        given.pop("models")
    with pytest.raises(DriftcheckError, match=message) as caught:
        check_database(given.pop("url"), **given)
    assert "\n" not in caught.value.message
    assert caught.value.hint


def test_an_old_sqlalchemy_is_refused_in_a_sentence(folder, monkeypatch, capfd):
    monkeypatch.setattr("sqlalchemy.__version__", "1.4.54")
    assert driftcheck(["db", "--url", "sqlite:///live.db", "--models", "good_mod:metadata"]) == 2
    assert "SQLAlchemy 1.4.54 is installed here" in capfd.readouterr().err
    (folder / "two.txt").write_text("sqlite:///live.db\nsqlite:///live.db\n")
    assert driftcheck(["db", "--urls-file", "two.txt", "--models", "good_mod:metadata"]) == 2
    assert "SQLAlchemy 1.4.54 is installed here" in capfd.readouterr().err


@pytest.mark.parametrize(
    ("engine", "kind", "hint"),
    [
        ("mariadb", String(), r"String\(255\) or Text: m\w+ has no VARCHAR without a length"),
        ("mariadb", JSONB(), "--engine or the URL names the engine"),
        ("postgresql", Citext(), r"has no citext: .*--scratch URL"),
        ("postgresql", YEAR(), "--engine or the URL names the engine"),
    ],
    ids=lambda value: value if isinstance(value, str) else type(value).__name__,
)
def test_the_hint_where_no_table_can_be_built_says_why(request, monkeypatch, engine, kind, hint):
    scratch = request.getfixturevalue(engine)
    monkeypatch.setattr("driftcheck.database.sources.build.prepare", lambda *_: ())
    metadata = MetaData()
    Table("t", metadata, Column("id", Integer, primary_key=True), Column("a", kind))
    with pytest.raises(DriftcheckError, match="models cannot be built on") as caught:
        build_models([metadata], scratch, Scope(), ())
    assert re.search(hint, caught.value.hint)


@pytest.mark.parametrize(
    ("file", "message"), [("broken.json", "no snapshot"), ("broken.sql", r"broken\.sql:3")]
)
def test_files_that_are_broken(folder, file, message, capfd):
    assert driftcheck(["db", "--url", "sqlite:///live.db", "--against", file]) == 2
    assert re.search(message, capfd.readouterr().err)


@pytest.mark.parametrize(
    ("dialect", "changes", "message"),
    [
        ("postgresql", {"database": "nope"}, 'database "nope" does not exist'),
        ("postgresql", {"username": "ghost"}, 'role "ghost" does not exist'),
        ("mariadb", {"database": "nope"}, "Unknown database"),
    ],
)
def test_an_unknown_database_and_a_wrong_role(engine_of, dialect, changes, message):
    with (
        engine_of(dialect).database() as url,
        pytest.raises(DriftcheckError, match=message),
        connect.opened(url.set(**changes)),
    ):
        pass


def test_a_server_that_goes_away_half_way(postgresql):
    def read_and_lose(url):
        with connect.opened(url) as connection:
            pid = connection.exec_driver_sql("SELECT pg_backend_pid()").scalar()
            connection.rollback()
            run(url, f"SELECT pg_terminate_backend({pid})")
            connect.read(connection, Scope())

    with postgresql.database() as url, pytest.raises(DriftcheckError, match="cannot read") as caught:
        read_and_lose(url)
    assert caught.value.hint


def test_with_many_databases_the_others_still_report(folder, capfd):
    arguments = [
        "db",
        "--url",
        "sqlite:///live.db",
        "--url",
        "sqlite:///broken.db",
        "--url",
        "sqlite:///gone.db",
    ]
    assert driftcheck([*arguments, "--models", "good_mod:metadata"]) == 2
    out, err = capfd.readouterr()
    assert "2 databases could not be compared" in err
    assert "broken.db" in out
    assert "gone.db" in out
    assert "FAIL: " in out.splitlines()[-1]
    assert "2 skipped, 2 not compared" in out


def test_a_file_that_somebody_locks_is_told_so(tmp_path):
    file = tmp_path / "live.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table t (a integer)")
    connection.execute("begin exclusive")
    config = {"db": {"timeout": 1}}
    with pytest.raises(DriftcheckError, match="is locked") as raised:
        check_database(f"sqlite:///{file}", models=Table("t", MetaData()).metadata, config=config)
    connection.rollback()
    assert "lock" in raised.value.hint


def test_a_damaged_file_is_told_so(tmp_path):
    file = tmp_path / "live.db"
    with sqlite3.connect(file) as connection:
        connection.execute("create table t (a integer)")
    file.write_bytes(file.read_bytes()[:100] + b"x" * 5000)
    with pytest.raises(DriftcheckError, match="malformed") as raised:
        check_database(f"sqlite:///{file}", models=Table("t", MetaData()).metadata)
    assert "damaged" in raised.value.hint


@pytest.mark.parametrize("backend", ["sqlite", "postgresql"])
def test_types_that_cannot_be_written_leave_out_their_table(backend, request):
    metadata = MetaData()
    Table("broken", metadata, Column("a", Broken()))
    with request.getfixturevalue(backend).database() as url:
        run(url, "CREATE TABLE t (a INTEGER)")
        with pytest.raises(DriftcheckError, match=f"cannot be built on {backend}: .*concatenate"):
            check_database(url, models=metadata)
        Table("t", metadata, Column("a", Integer))
        report = check_database(url, models=metadata)
    assert report.findings == ()
    assert [(note.what, "concatenate" in note.why) for note in report.skipped] == [("broken", True)]
