"""The whole check on the demo project, as a user runs it: parts, base, baseline, ignores, failures."""

from __future__ import annotations

import json
import sqlite3
from pathlib import Path

import pytest

from driftcheck.cli import main
from tests.repositories import commit, git, write
from tests.shop import repository

RENAMED = "request-property-renamed"
RECORDED = "recorded-request-field-renamed"
MISSING = "column-missing"
FAILED = "part-failed"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The demo project with its branch checked out; no variable of a CI system is set."""
    from driftcheck.base_revision import VARIABLES

    for name in (*VARIABLES, "SHOP_DATABASE_URL"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    repository(tmp_path / "shop")
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


@pytest.fixture
def api_shop(shop):
    """The same, with its description and recordings configured only."""
    lines = Path("pyproject.toml").read_text().split("[tool.driftcheck.db]")
    Path("pyproject.toml").write_text(lines[0] + lines[1][lines[1].index("[tool") :])
    return shop


def check(capsys, *arguments, status):
    """The JSON report of `driftcheck check`."""
    assert main(["check", "--format", "json", *arguments]) == status
    out, err = capsys.readouterr()
    return {**json.loads(out), "stderr": err}


def rules(report):
    return [finding["rule"] for finding in report["findings"]]


def skipped(report):
    return {item["what"]: item["why"] for item in report["skipped"]}


def configured(text):
    """Put something into the configuration of the demo project, before its tables."""
    path = Path("pyproject.toml")
    path.write_text(path.read_text().replace("[tool.driftcheck.api]", f"{text}\n[tool.driftcheck.api]"))


def test_everything_in_one_report(shop, capsys):
    report = check(capsys, status=1)
    assert report["command"] == "check"
    assert report["expected"] == "api, migrations, traffic"
    assert report["actual"].startswith("working tree, against main (")
    assert {RENAMED, RECORDED, MISSING} <= set(rules(report))
    severities = [finding["severity"] for finding in report["findings"]]
    assert severities == sorted(severities, key=["breaking", "risky", "info"].index)
    assert "SHOP_DATABASE_URL is not set" in skipped(report)["db: the live database"]
    assert report["stderr"] == ""


def test_recordings_say_whom_a_change_hits(shop, capsys):
    report = check(capsys, "api", status=1)
    (finding,) = [each for each in report["findings"] if each["rule"] == RENAMED]
    assert [call["file"] for call in finding["used_by"]] == ["recordings/checkout.har"]


def test_on_main_there_is_nothing_to_find(shop, capsys):
    git("checkout", "--quiet", "main")
    report = check(capsys, status=0)
    assert rules(report) == []
    assert "only uncommitted changes" in skipped(report)["commits"]


def test_uncommitted_changes_count(shop, capsys):
    git("checkout", "--quiet", "main")
    path = Path("openapi.yaml")
    path.write_text(path.read_text().replace("maxLength: 20", "maxLength: 5"))
    assert rules(check(capsys, "api", status=1)) == ["request-property-max-length-decreased"]


def test_only_some_parts_and_places_from_a_folder_below(shop, capsys, monkeypatch):
    monkeypatch.chdir(shop / "shop")
    report = check(capsys, "api", "traffic", status=1)
    assert report["expected"] == "api, traffic"
    assert sorted(rules(report)) == [RECORDED, RENAMED]
    files = {at["file"] for finding in report["findings"] for at in finding["locations"]}
    assert {"../openapi.yaml", "../recordings/checkout.har"} <= files


def test_a_part_that_cannot_be_done_does_not_stop_the_others(shop, capsys):
    write(shop__models_py="import nowhere\n")
    report = check(capsys, "api", "db", status=2)
    assert sorted(rules(report)) == sorted([RENAMED, FAILED])
    assert "could not be done" in skipped(report)["db"]
    assert "driftcheck: db: importing shop.models failed" in report["stderr"]


def test_a_failure_is_no_pass_and_cannot_be_switched_off(api_shop, capsys):
    git("checkout", "--quiet", "main")
    Path("openapi.yaml").write_text("nonsense")
    configured('[tool.driftcheck.severity]\npart-failed = "off"\n')
    assert main(["check", "api", "--ignore", FAILED]) == 2
    assert "FAIL: 1 breaking" in capsys.readouterr().out


def test_a_part_that_ends_without_a_word(shop, capsys):
    write(shop__models_py="import os\nos._exit(3)\n")
    report = check(capsys, "db", status=2)
    assert "status 3" in skipped(report)["db"]


def test_what_the_users_code_prints_does_not_reach_the_report(shop, capsys):
    models = Path("shop/models.py")
    models.write_text(
        "print('hello')\n" + models.read_text().replace("from __future__ import annotations\n", "")
    )
    assert rules(check(capsys, "db", status=1)) == [MISSING]


def test_the_branch_that_a_pull_request_goes_into(shop, capsys, monkeypatch):
    git("branch", "release", "branch")
    assert rules(check(capsys, "api", "--base", "release", status=0)) == []
    monkeypatch.setenv("GITHUB_BASE_REF", "release")
    assert rules(check(capsys, "api", status=0)) == []
    assert rules(check(capsys, "api", "--base", "main", status=1)) == [RENAMED]
    monkeypatch.setenv("GITHUB_BASE_REF", "nowhere")
    report = check(capsys, "api", "traffic", status=2)
    assert sorted(rules(report)) == [FAILED, RECORDED]
    assert "git fetch origin nowhere" in report["stderr"]


def test_base_in_the_configuration(shop, capsys):
    git("branch", "release", "branch")
    configured('[tool.driftcheck.check]\nbase = "release"\n')
    assert rules(check(capsys, "api", status=0)) == []


def test_outside_of_git_only_what_needs_a_base_fails(shop, capsys):
    Path(".git").rename("gone")
    report = check(capsys, "api", "traffic", status=2)
    assert sorted(rules(report)) == [FAILED, RECORDED]
    assert "git cannot be asked" in skipped(report)["api"]
    check(capsys, "traffic", status=1)


def test_a_description_that_is_new_has_nothing_to_be_compared_with(shop, capsys):
    Path("new.yaml").write_text(Path("openapi.yaml").read_text())
    Path("pyproject.toml").write_text(
        Path("pyproject.toml").read_text().replace('["openapi.yaml"]', '["openapi.yaml", "new.yaml"]')
    )
    report = check(capsys, "api", status=1)
    assert rules(report) == [RENAMED]
    assert "new on this branch" in skipped(report)["api:new.yaml: new.yaml"]


def test_several_reports_at_once(shop, capsys):
    check(capsys, "api", "--report", "text=out.txt", "--fail-on", "never", status=0)
    assert RENAMED in Path("out.txt").read_text()


APP = """\
class App:
    def openapi(self):
        print("starting")
        return {"openapi": "3.1.0", "info": {"title": "a", "version": "1"}, "paths": {%s}}


def make():
    return App()
"""


def test_an_application_is_compared_with_that_of_the_base_revision(shop, capsys):
    git("checkout", "--quiet", "main")
    commit("an app", app_py=APP % "'/a': {'get': {'responses': {'200': {'description': 'a'}}}}")
    git("checkout", "--quiet", "-b", "other")
    commit("less", app_py=APP % "")
    pyproject = Path("pyproject.toml").read_text()
    Path("pyproject.toml").write_text(pyproject.replace('spec = ["openapi.yaml"]', 'spec = ["app:make()"]'))
    report = check(capsys, "api", status=1)
    assert rules(report) == ["operation-removed"]
    assert git("worktree", "list").count("\n") == 0
    git("checkout", "--quiet", "branch")
    write(app_py=APP % "")
    assert "no such module" in skipped(check(capsys, "api", status=0))["app:make()"]


def test_an_application_below_src_is_found_on_both_sides_though_nothing_is_installed(shop, capsys):
    git("checkout", "--quiet", "main")
    commit("an app", src__booking__web_py=APP % "'/a': {'get': {'responses': {'200': {'description': 'a'}}}}")
    git("checkout", "--quiet", "-b", "other")
    commit("less", src__booking__web_py=APP % "")
    pyproject = Path("pyproject.toml").read_text()
    Path("pyproject.toml").write_text(
        pyproject.replace('spec = ["openapi.yaml"]', 'spec = ["booking.web:make()"]')
    )
    assert rules(check(capsys, "api", status=1)) == ["operation-removed"]


def test_an_application_that_is_nowhere_is_no_pass(shop, capsys):
    pyproject = Path("pyproject.toml").read_text()
    Path("pyproject.toml").write_text(
        pyproject.replace('spec = ["openapi.yaml"]', 'spec = ["nowhere.web:make()"]')
    )
    report = check(capsys, "api", status=2)
    assert rules(report) == [FAILED]
    assert "neither there nor here" in report["stderr"]


def test_an_application_that_cannot_be_loaded_there(shop, capsys):
    git("checkout", "--quiet", "main")
    commit("broken", app_py="import nowhere\n")
    write(app_py=APP % "")
    Path("pyproject.toml").write_text(
        Path("pyproject.toml").read_text().replace('spec = ["openapi.yaml"]', 'spec = ["app:make()"]')
    )
    assert "nowhere" in skipped(check(capsys, "api", status=2))["api"]


def test_the_baseline_from_beginning_to_end(api_shop, capsys):
    assert main(["baseline", "write", "--quiet"]) == 0
    assert "Name it in the configuration" in capsys.readouterr().out
    accepted = json.loads(Path("driftcheck-baseline.json").read_text())["findings"]
    assert {entry["rule"] for entry in accepted} == {RENAMED, RECORDED}
    configured('[tool.driftcheck]\nbaseline = "driftcheck-baseline.json"\n')
    report = check(capsys, status=0)
    assert rules(report) == []
    assert any("accepted by the baseline" in why for why in skipped(report).values())
    assert main(["api", "main:openapi.yaml", "openapi.yaml"]) == 0
    Path("openapi.yaml").write_text(Path("openapi.yaml").read_text().replace("maxLength: 20", "maxLength: 5"))
    capsys.readouterr()
    assert rules(check(capsys, "api", status=1)) == ["request-property-max-length-decreased"]


def test_what_is_mended_is_told_and_pruned(api_shop, capsys):
    base = ["--output", "base.json"]
    assert main(["baseline", "write", *base]) == 0
    git("checkout", "--quiet", "main", "--", "openapi.yaml")
    capsys.readouterr()
    report = check(capsys, "api", "--baseline", "base.json", status=0)
    assert rules(report) == ["baseline-fixed"]
    assert main(["baseline", "write", *base]) == 0
    assert "gone" in capsys.readouterr().out
    assert RENAMED not in Path("base.json").read_text()
    assert rules(check(capsys, "api", "--baseline", "base.json", status=0)) == []


def test_a_baseline_is_not_written_over_when_a_part_failed(api_shop, capsys):
    Path("driftcheck-baseline.json").write_text('{"driftcheck-baseline": 1, "findings": []}\n')
    Path("openapi.yaml").write_text("nonsense")
    assert main(["baseline", "write"]) == 2
    assert "left as it was" in capsys.readouterr().err
    assert json.loads(Path("driftcheck-baseline.json").read_text())["findings"] == []


def test_of_many_databases_those_that_can_be_read_are_told_and_the_run_is_not_whole(shop, capsys):
    for name in ("a.db", "b.db"):
        sqlite3.connect(name).close()
    Path("b.db").write_text("no database")
    path = Path("pyproject.toml")
    urls = "url = ['sqlite:///a.db', 'sqlite:///b.db']"
    path.write_text(path.read_text().replace("[tool.driftcheck.db]", f"[tool.driftcheck.db]\n{urls}"))
    report = check(capsys, "db", status=2)
    assert "table-missing" in rules(report)
    assert FAILED not in rules(report)
    assert any("b.db" in what for what in skipped(report))
    assert "1 database could not be compared" in report["stderr"]
    assert main(["baseline", "write"]) == 2
    assert not Path("driftcheck-baseline.json").exists()


@pytest.mark.parametrize("command", [["check", "api"], ["api", "main:openapi.yaml", "openapi.yaml"]])
def test_a_bad_baseline_is_an_error_everywhere(shop, capsys, command):
    Path("base.json").write_text("<<<<<<< ours\n")
    assert main([*command, "--baseline", "base.json"]) == 2
    assert "base.json is no baseline" in capsys.readouterr().err


IGNORE = '[[tool.driftcheck.ignore]]\nrule = "{rule}"\nplace = "{place}"\n{more}\n'


def test_an_ignore_of_another_part_is_unmatched_only_if_that_part_ran(shop, capsys):
    configured(IGNORE.format(rule="column-extra", place="*", more='reason = "why"'))
    assert rules(check(capsys, "api", status=1)) == [RENAMED]
    configured(IGNORE.format(rule=RENAMED, place="NewOrder", more='reason = "why"'))
    report = check(capsys, "api", status=0)
    assert rules(report) == []
    assert "ignored: why" in skipped(report).values()


def test_ignores_are_looked_after_once_for_all_parts(shop, capsys):
    configured(IGNORE.format(rule=RENAMED, place="*", more=""))
    report = check(capsys, "api", "traffic", status=1)
    assert sorted(rules(report)) == sorted([RENAMED, RECORDED, "ignore-without-reason"])


MONOREPO = """\
[tool.driftcheck]
[[tool.driftcheck.check.jobs]]
name = "a-db"
command = "db"
directory = "services/a"
models = "shop.models:Base"
migrations = "alembic.ini"

[[tool.driftcheck.check.jobs]]
name = "b-db"
command = "db"
directory = "services/b"
models = "shop.models:Base"
migrations = "alembic.ini"

[[tool.driftcheck.check.jobs]]
name = "b-api"
command = "api"
directory = "services/b"
spec = ["openapi.yaml"]
"""


def test_several_services_whose_packages_are_called_alike(shop, capsys, tmp_path, monkeypatch):
    from tests.repositories import start
    from tests.shop import copy

    top = tmp_path / "mono"
    start(top)
    copy(top / "services" / "a")
    copy(top / "services" / "b")
    (top / "pyproject.toml").write_text(MONOREPO)
    commit("both", top)
    git("checkout", "--quiet", "-b", "branch", cwd=top)
    copy(top / "services" / "b", "shop-branch")
    monkeypatch.chdir(top)
    report = check(capsys, status=1)
    assert sorted(rules(report)) == sorted([MISSING, RENAMED])
    files = {at["file"] for finding in report["findings"] for at in finding["locations"]}
    assert "services/b/shop/models.py" in files
    assert "services/b/openapi.yaml" in files
    assert rules(check(capsys, "a-*", status=0)) == []
    assert main(["check"]) == 1
    headings = [line for line in capsys.readouterr().out.splitlines() if line[:1].isalpha()]
    assert "orders.coupon (b-db)" in headings  # there are two jobs of the kind
    assert "Component NewOrder" in headings  # there is but one
    monkeypatch.chdir(top / "services")
    files = {at["file"] for each in check(capsys, "b-db", status=1)["findings"] for at in each["locations"]}
    assert "b/shop/models.py" in files


def test_a_directory_that_is_not_there(shop, capsys):
    Path("driftcheck.toml").write_text(
        '[[check.jobs]]\nname = "a"\ncommand = "db"\ndirectory = "gone"\nmigrations = "x"\n'
    )
    assert "there is no directory" in skipped(check(capsys, status=2))["a"]


@pytest.mark.parametrize("name", ["pickle.py", "driftcheck.py", "queue.py", "decimal/__init__.py"])
def test_files_of_the_project_are_not_taken_for_modules_of_python_or_driftcheck(
    shop, capsys, monkeypatch, name
):
    monkeypatch.delenv("PYTHONPATH", raising=False)  # a relative one would be the project
    Path(name).parent.mkdir(exist_ok=True)
    Path(name).write_text("raise RuntimeError('shadowed')\n")
    assert rules(check(capsys, "traffic", status=1)) == [RECORDED]


def test_a_part_that_crashes_is_told_in_a_line_and_said_whole_on_standard_error(shop, capsys):
    Path("shop/models.py").write_text("import os, sys\nprint('one\\ntwo', file=sys.stderr)\nos._exit(3)\n")
    report = check(capsys, "migrations", status=2)
    (finding,) = report["findings"]
    assert "ended unexpectedly (status 3): two" in finding["message"]
    assert "said: one\n        two" in report["stderr"]
    assert main(["check", "migrations"]) == 2
    assert "\\n" not in capsys.readouterr().out


TWO = """\
openapi: 3.1.0
info: {title: a, version: "1"}
paths:
  /aaa:
    get: {responses: {"200": {description: a}}}
  /orders:
    post:
      requestBody:
        content: {application/json: {schema: {type: object, properties: {qty: {type: integer}}}}}
      responses: {"201": {description: a}}
"""


def test_the_order_of_a_part_is_kept_because_it_knows_what_weighs_most(shop, capsys):
    git("checkout", "--quiet", "main")
    commit("two", openapi_yaml=TWO)
    git("checkout", "--quiet", "-b", "other")
    write(openapi_yaml=TWO.partition("paths:")[0] + "paths: {}\n")
    alone = main(["api", "main:openapi.yaml", "openapi.yaml", "--traffic", "recordings", "--format", "json"])
    assert alone == 1
    expected = [each["object"] for each in json.loads(capsys.readouterr().out)["findings"]]
    assert expected == ["POST /orders", "GET /aaa"]  # what is recorded weighs more
    report = check(capsys, "api", status=1)
    assert [each["object"] for each in report["findings"]] == expected


def test_what_could_not_be_done_comes_before_what_was_found(shop, capsys):
    write(openapi_yaml="nonsense")
    report = check(capsys, "api", "migrations", status=2)
    assert rules(report)[0] == FAILED
    assert len(rules(report)) > 1
