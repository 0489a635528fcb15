"""`driftcheck db` as a user runs it, on SQLite: reports, snapshots, many databases."""

from __future__ import annotations

import json
import sys

import pytest
from sqlalchemy import Column, Integer, MetaData, String, Table, create_engine
from sqlalchemy.pool import StaticPool

from driftcheck import check_database
from driftcheck.cli.app import run as driftcheck
from driftcheck.config import Config, DatabaseConfig
from driftcheck.database import connect, locations
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.dialects.sqlite_ddl import table_text
from driftcheck.database.sources.snapshot import dump_snapshot, load_snapshot
from tests.database import cases_postgresql
from tests.database.conftest import run

MODELS = """
from sqlalchemy import Column, Integer, String
from sqlalchemy.orm import DeclarativeBase

class Base(DeclarativeBase):
    pass

class User(Base):
    __tablename__ = "users"
    id = Column(Integer, primary_key=True)
    email = Column(String(50), nullable=False)
"""
THINGS = """
from sqlalchemy import Column, Integer, MetaData, String, Table

metadata = MetaData()
Table("things", metadata, Column("id", Integer, primary_key=True), Column("n", Integer))
users = Table("users", metadata, Column("id", Integer, primary_key=True),
              Column("email", String(50), nullable=False))
"""
USERS = "CREATE TABLE users (id INTEGER PRIMARY KEY, email VARCHAR(50) NOT NULL)"


@pytest.fixture
def app(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    (tmp_path / "shop").mkdir()
    (tmp_path / "shop" / "__init__.py").write_text("")
    (tmp_path / "shop" / "models.py").write_text(MODELS)
    run("sqlite:///good.db", USERS)
    run("sqlite:///bad.db", USERS.replace(" NOT NULL", ""))
    forget()  # other tests have a shop, too
    yield tmp_path
    forget()


def forget():
    """The module is to be imported anew."""
    for name in [name for name in sys.modules if name.partition(".")[0] == "shop"]:
        del sys.modules[name]


def told(capfd, *arguments):
    status = driftcheck(["db", *arguments])
    return status, capfd.readouterr()


def test_equal_sides(app, capfd):
    status, said = told(capfd, "--url", "sqlite:///good.db", "--models", "shop.models:Base")
    assert status == 0
    assert "PASS: 0 breaking" in said.out
    assert said.err == ""


def test_drift_as_json(app, capfd):
    status, said = told(
        capfd, "--url", "sqlite:///bad.db", "--models", "shop.models:Base", "--format", "json"
    )
    report = json.loads(said.out)
    assert status == 1
    assert report["command"] == "db"
    assert report["actual"] == "sqlite:///bad.db"
    (finding,) = report["findings"]
    assert (finding["kind"], finding["object"], finding["attribute"]) == ("column", "users.email", "nullable")
    assert (finding["flow"], finding["effect"]) == ("received", "widened")
    assert finding["locations"] == [
        {"side": "expected", "file": "shop/models.py", "line": 11, "column": None}
    ]


def test_the_report_keeps_to_its_schema(app, capfd):
    jsonschema_rs = pytest.importorskip("jsonschema_rs")
    _, said = told(capfd, "--url", "sqlite:///bad.db", "--models", "shop.models", "--format", "json")
    driftcheck(["report-schema"])
    schema = json.loads(capfd.readouterr().out)
    jsonschema_rs.validator_for(schema).validate(json.loads(said.out))


@pytest.mark.parametrize("models", ["shop.models:Base", "shop.models", "shop", "shop.models:Base.metadata"])
def test_ways_to_name_models(app, capfd, models):
    assert told(capfd, "--url", "sqlite:///good.db", "--models", models)[0] == 0


def test_models_of_a_module_nobody_imports_are_named(app, capfd):
    text = (
        MODELS.replace("users", "audit")
        .replace("User", "Audit")
        .replace("class Base(DeclarativeBase):\n    pass", "")
    )
    (app / "shop" / "audit.py").write_text(text.replace("DeclarativeBase", "Mapper"))
    _, said = told(capfd, "--url", "sqlite:///good.db", "--models", "shop.models:Base")
    assert "shop.audit" in said.out
    assert "audit" in said.out


def test_a_url_from_the_environment(app, capfd, monkeypatch):
    monkeypatch.setenv("DATABASE", "sqlite+aiosqlite:///bad.db")
    assert told(capfd, "--url-env", "DATABASE", "--models", "shop.models:Base")[0] == 1


def test_a_missing_environment_variable(app, capfd):
    status, said = told(capfd, "--url-env", "NOT_SET_AT_ALL", "--models", "shop.models:Base")
    assert status == 2
    assert "NOT_SET_AT_ALL is not set" in said.err


def test_a_variable_of_the_configuration_may_be_missing(app, capfd):
    (app / "driftcheck.toml").write_text('[db]\nurl-env = "NOT_SET_AT_ALL"\n')
    status, said = told(capfd, "--models", "shop.models:Base")
    assert status == 2, "models alone are nothing to compare"
    assert "NOT_SET_AT_ALL is not set" in said.err


@pytest.mark.parametrize("value", ["", "sqlite:///bad.db"])
def test_a_url_of_the_command_line_goes_before_the_variable_of_the_configuration(
    app, capfd, monkeypatch, value
):
    monkeypatch.setenv("LIVE", value)
    (app / "driftcheck.toml").write_text('[db]\nurl-env = "LIVE"\n')
    status, said = told(capfd, "--url", "sqlite:///good.db", "--models", "shop.models:Base")
    assert (status, said.err) == (0, "")
    assert told(capfd, "show", "--url", "sqlite:///good.db")[0] == 0


def test_options_from_the_configuration(app, capfd):
    (app / "driftcheck.toml").write_text('[db]\nurl = ["sqlite:///bad.db"]\nmodels = "shop.models:Base"\n')
    assert told(capfd)[0] == 1


@pytest.mark.parametrize(
    ("options", "status"),
    [
        (("--exclude", "users.email"), 0),
        (("--exclude", "users"), 0),
        (("--include", "orders"), 0),
        (("--include", "users"), 1),
        (("--fail-on", "never"), 0),
        (("--severity", "column-nullable-widened=info"), 0),
        (("--ignore", "column-nullable-widened@users.*"), 0),
    ],
)
def test_what_is_compared_and_what_fails(app, capfd, options, status):
    assert told(capfd, "--url", "sqlite:///bad.db", "--models", "shop.models:Base", *options)[0] == status


def test_fix_hints(app, capfd):
    _, said = told(capfd, "--url", "sqlite:///bad.db", "--models", "shop.models:Base", "--fix-hints")
    assert "with op.batch_alter_table('users', recreate='always', copy_from=sa.Table(" in said.out
    assert "    sa.Column('email', sa.String(length=50), nullable=False),\n" in said.out


def test_a_snapshot_is_a_side(app, capfd):
    assert told(capfd, "snapshot", "--url", "sqlite:///good.db", "-o", "schema.json")[0] == 0
    assert told(capfd, "--url", "sqlite:///good.db", "--against", "schema.json")[0] == 0
    assert told(capfd, "--url", "sqlite:///bad.db", "--against", "schema.json")[0] == 1


@pytest.mark.parametrize(("url", "status"), [("sqlite:///good.db", 0), ("sqlite:///bad.db", 1)])
def test_ddl_and_another_database_are_sides(app, capfd, url, status):
    (app / "schema.sql").write_text(f"-- the schema\n{USERS};\n")
    assert told(capfd, "--url", url, "--against", "schema.sql")[0] == status
    assert told(capfd, "--url", url, "--against", "sqlite:///good.db")[0] == status


def test_show(app, capfd):
    status, said = told(capfd, "show", "--url", "sqlite:///good.db")
    assert status == 0
    assert "table users" in said.out
    assert "email VARCHAR(50) not null" in said.out


def test_many_databases_are_one_report(app, capfd):
    for number in range(5):
        run(f"sqlite:///tenant{number}.db", USERS if number < 2 else USERS.replace(" NOT NULL", ""))
    (app / "tenants.txt").write_text("".join(f"sqlite:///tenant{number}.db\n" for number in range(5)))
    status, said = told(
        capfd, "--urls-file", "tenants.txt", "--models", "shop.models:Base", "--format", "json", "--jobs", "2"
    )
    (finding,) = json.loads(said.out)["findings"]
    assert status == 1
    assert finding["operations"] == [f"sqlite:///tenant{number}.db" for number in (2, 3, 4)]


def test_many_databases_have_their_code_looked_at_once(app, capfd, monkeypatch):
    drifts = [USERS, USERS.replace(" NOT NULL", ""), USERS.replace("50", "40"), USERS.replace("50", "30")]
    for number, drift in enumerate(drifts):
        run(f"sqlite:///tenant{number}.db", drift)
        run(f"sqlite:///tenant{number}.db", "CREATE TABLE things (id INTEGER PRIMARY KEY, n INTEGER)")
    (app / "tenants.txt").write_text("".join(f"sqlite:///tenant{number}.db\n" for number in range(4)))
    (app / "shop" / "things.py").write_text(THINGS)
    table_text.cache_clear()
    seen, look = [], locations._files_of_tables
    monkeypatch.setattr(locations, "_files_of_tables", lambda *of: seen.append(1) or look(*of))
    options = ("--urls-file", "tenants.txt", "--models", "shop.things:metadata", "--format", "json")
    status, said = told(capfd, *options, "--jobs", "1")
    places = {
        place["line"]
        for finding in json.loads(said.out)["findings"]
        if finding["object"].startswith("users")
        for place in finding["locations"]
    }
    assert status == 1
    assert places == {7}
    assert seen == [1]
    assert table_text.cache_info().hits >= 3  # the things of all but the first


def test_snapshots_keep_everything(postgresql, tmp_path):
    for case in cases_postgresql.CASES[::6]:
        with postgresql.database() as url:
            run(url, case[2])
            with connect.opened(url) as connection:
                found = connect.read(connection, Scope(("*",)))
        file = tmp_path / "schema.json"
        file.write_text(dump_snapshot(found))
        assert load_snapshot(file) == found


def test_a_second_run_builds_nothing(app, capfd, monkeypatch):
    assert told(capfd, "--url", "sqlite:///bad.db", "--models", "shop.models:Base")[0] == 1

    def refuse(*_):
        raise AssertionError("a scratch engine was started")

    monkeypatch.setattr("driftcheck.database.sides.open_scratch", refuse)
    assert told(capfd, "--url", "sqlite:///bad.db", "--models", "shop.models:Base")[0] == 1
    with pytest.raises(AssertionError, match="was started"):
        check_database(
            "sqlite:///bad.db", models="shop.models:Base", config=Config(db=DatabaseConfig(cache=False))
        )


def test_an_engine_of_the_users_own_stays_usable():
    engine = create_engine("sqlite://", poolclass=StaticPool)
    with engine.begin() as connection:
        connection.exec_driver_sql(USERS)
    metadata = MetaData()
    Table(
        "users",
        metadata,
        Column("id", Integer, primary_key=True),
        Column("email", String(50), nullable=False),
    )
    assert check_database(engine, models=metadata).findings == ()
    with engine.begin() as connection:
        connection.exec_driver_sql("INSERT INTO users VALUES (1, 'a@example.com')")
        assert connection.exec_driver_sql("SELECT count(*) FROM users").scalar() == 1
