"""`driftcheck init`: what it writes, that it works at once, and that nothing else in a file is touched."""

from __future__ import annotations

import tomllib
from pathlib import Path

import pytest

from driftcheck.cli import main
from driftcheck.config_file import read_config
from driftcheck.discovery.found import Found
from driftcheck.discovery.propose import propose
from tests.discovery.test_look import put
from tests.shop import copy


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The demo project without its configuration."""
    copy(tmp_path)
    monkeypatch.chdir(tmp_path)
    text = Path("pyproject.toml").read_text()
    Path("pyproject.toml").write_text(text[: text.index("\n[tool.driftcheck")])
    return tmp_path


def test_what_it_writes_is_the_configuration_of_the_demo_project(shop, capsys):
    before = Path("pyproject.toml").read_bytes()
    assert main(["init"]) == 0
    out = capsys.readouterr().out
    assert "shop.models:Base" in out
    assert "pyproject.toml: configured. Next: driftcheck check" in out
    after = Path("pyproject.toml").read_bytes()
    assert after.startswith(before)
    written = read_config(None)
    copy(shop)
    assert written == read_config(None)


def test_print_writes_nothing(shop, capsys):
    before = {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}
    assert main(["init", "--print"]) == 0
    out = capsys.readouterr().out
    assert '\n[tool.driftcheck.db]\nmodels = "shop.models:Base"\n' in out
    assert before == {path: path.read_bytes() for path in Path().rglob("*") if path.is_file()}


def test_without_pyproject_it_is_a_file_of_its_own(shop, capsys):
    Path("pyproject.toml").unlink()
    assert main(["init"]) == 0
    assert read_config(Path("driftcheck.toml")).db.models == "shop.models:Base"
    assert not Path("pyproject.toml").exists()


def test_another_file(shop):
    assert main(["init", "--file", "other.toml"]) == 0
    assert tomllib.loads(Path("other.toml").read_text())["api"] == {"spec": ["openapi.yaml"]}


def test_a_configuration_that_is_there_is_only_replaced_by_force(shop, capsys):
    put(
        "pyproject.toml", '[project]\nname = "a"\n\n[tool.driftcheck]\nfail-on = "risky"\n\n[tool.x]\ny = 1\n'
    )
    before = Path("pyproject.toml").read_bytes()
    assert main(["init"]) == 2
    assert "--force" in capsys.readouterr().err
    assert Path("pyproject.toml").read_bytes() == before
    assert main(["init", "--force"]) == 0
    content = tomllib.loads(Path("pyproject.toml").read_text())
    assert content["project"] == {"name": "a"}
    assert content["tool"]["x"] == {"y": 1}
    assert content["tool"]["driftcheck"]["fail-on"] == "breaking"


def test_force_twice_is_the_same_as_once(shop):
    main(["init"])
    once = Path("pyproject.toml").read_bytes()
    assert main(["init", "--force"]) == 0
    assert Path("pyproject.toml").read_bytes() == once


@pytest.mark.parametrize(
    "text",
    [
        '[project]\nname = "a"',
        '[project]\r\nname = "a"\r\n',
        '\ufeff[project]\nname = "a"\n\n\n',
        '# odd   spacing\n[ project ]\nname="a" # why\n\n[[tool.a.b]]\nx = """\n[tool.driftcheck]\n"""\n',
        "",
    ],
)
def test_the_rest_of_the_file_stays_as_it_is(shop, text):
    before = text.encode()
    Path("pyproject.toml").write_bytes(before)
    assert main(["init"]) == 0
    after = Path("pyproject.toml").read_bytes()
    assert after.startswith(before)
    assert (b"\r\n" in after) == (b"\r\n" in before)
    assert after.count(b"\n") == after.count(b"\r\n") or b"\r\n" not in before
    assert read_config(None).api.spec == ("openapi.yaml",)


def test_a_section_in_the_middle_is_taken_out_and_nothing_else(shop):
    put(
        "pyproject.toml",
        "[tool.a]\nx = 1 # a\n[tool.driftcheck.api]\nspec = []\n[[tool.driftcheck.ignore]]\n"
        'rule = "a"\n[tool.driftchecker]\ny = 2\n',
    )
    assert main(["init", "--force"]) == 0
    text = Path("pyproject.toml").read_text()
    assert text.startswith("[tool.a]\nx = 1 # a\n[tool.driftchecker]\ny = 2\n\n[tool.driftcheck]\n")


@pytest.mark.parametrize("text", ["[tool]\ndriftcheck = {}\n", "tool.driftcheck.fail-on = 'info'\n"])
def test_a_section_that_cannot_be_taken_out_safely_is_left(shop, capsys, text):
    put("pyproject.toml", text)
    assert main(["init", "--force"]) == 2
    assert Path("pyproject.toml").read_text() == text
    assert "driftcheck: " in capsys.readouterr().err


def test_a_file_that_is_no_toml(shop, capsys):
    put("pyproject.toml", "[broken\n")
    assert main(["init"]) == 2
    assert "is not valid TOML" in capsys.readouterr().err


def test_nothing_found(tmp_path, monkeypatch, capsys):
    monkeypatch.chdir(tmp_path)
    assert main(["init"]) == 2
    assert "nothing was found" in capsys.readouterr().err
    assert list(tmp_path.iterdir()) == []


def test_services_become_jobs(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    for name in ("a", "b"):
        copy(tmp_path / "services" / name)
    assert main(["init"]) == 0
    jobs = read_config(None).check.jobs
    assert [(job.name, job.command, job.directory) for job in jobs] == [
        (f"services-{name}-{command}", command, f"services/{name}")
        for name in ("a", "b")
        for command in ("api", "db", "migrations", "traffic")
    ]
    assert jobs[1].options["url-env"] == "SHOP_DATABASE_URL"


def proposed(*found):
    return tomllib.loads(propose(found, inside_pyproject=False))


def test_an_application_only_where_there_is_no_description():
    app = Found("application", "a:app", "", "a.py")
    assert proposed(app)["api"]["spec"] == ["a:app"]
    assert proposed(Found("API", "a.yaml", "", "a.yaml"), app)["api"]["spec"] == ["a.yaml"]


def test_what_lies_aside_is_not_configured():
    assert "api" not in proposed(Found("API", "tests/a.yaml", "", "tests/a.yaml"))


def test_hostile_names_are_quoted():
    name = 'a"]\n[x]\n\\\x7f\u2028.yaml'
    assert proposed(Found("API", name, "", name))["api"]["spec"] == [name]


MODELS = Found("models", "shop.base:Base", "libs/shop", "libs/shop/shop/base.py")
MIGRATIONS = [Found("migrations", "alembic.ini", each, f"{each}/alembic.ini") for each in ("a", "b")]
CALLS = Found("recordings", "recordings", "web", "web/recordings")


def test_one_side_alone_is_no_job_and_says_what_is_missing():
    text = propose([MODELS, *MIGRATIONS, CALLS], inside_pyproject=False)
    jobs = tomllib.loads(text)["check"]["jobs"]
    assert [job["name"] for job in jobs] == ["a-migrations", "b-migrations"]  # they compare with the models
    for line in (
        "# Models alone are nothing",
        '# models = "shop.base:Base"',
        '# recordings = ["recordings"]',
    ):
        assert f"\n{line}" in text


def test_what_is_written_as_a_comment_is_a_job_once_it_is_none():
    text = propose([*MIGRATIONS, CALLS], inside_pyproject=False)
    begun = text.replace('# spec = "openapi.yaml"', 'spec = "../a/openapi.yaml"')
    begun = begun.replace("# [[check.jobs]]", "[[check.jobs]]")
    for name in ("name", "command", "directory", "recordings"):
        begun = begun.replace(f"# {name} = ", f"{name} = ")
    assert tomllib.loads(begun)["check"]["jobs"][-1] == {
        "name": "web-traffic",
        "command": "traffic",
        "directory": "web",
        "recordings": ["recordings"],
        "spec": "../a/openapi.yaml",
    }


def test_with_a_live_database_there_is_a_job_for_it():
    url = Found("database URL", "DATABASE_URL", "a", "a/.env")
    jobs = tomllib.loads(propose([*MIGRATIONS, url], inside_pyproject=False))["check"]["jobs"]
    assert [job["name"] for job in jobs] == ["a-db", "a-migrations", "b-migrations"]
