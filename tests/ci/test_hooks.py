"""The hooks of pre-commit as programs, in a repository of the demo project."""

from __future__ import annotations

import json
import os
import re
import subprocess
import sys
from pathlib import Path

import pytest
import yaml

from driftcheck.ci.hooks import is_description, split
from tests import shop
from tests.ci.runner import ROOT
from tests.repositories import commit, git, start

HOOKS = {hook["id"]: hook for hook in yaml.safe_load((ROOT / ".pre-commit-hooks.yaml").read_text("utf-8"))}


@pytest.fixture
def repository(tmp_path, monkeypatch):
    shop.repository(tmp_path / "shop", branch=False)
    monkeypatch.chdir(tmp_path / "shop")
    return tmp_path / "shop"


def hook(kind, *words, **environ):
    """Status and output, as the entry of .pre-commit-hooks.yaml runs it."""
    entry = HOOKS[f"driftcheck-{kind}"]["entry"].split()
    assert entry[0] == "python"
    done = subprocess.run(
        (sys.executable, *entry[1:], *words),
        env={**os.environ, "PYTHONPATH": str(ROOT), **environ},
        capture_output=True,
        text=True,
        check=False,
    )
    return done.returncode, done.stdout + done.stderr


def rename(file="openapi.yaml", old="qty", new="quantity"):
    path = Path(file)
    path.write_text(path.read_text("utf-8").replace(old, new), encoding="utf-8")


def test_a_description_that_is_as_it_was(repository):
    assert hook("spec", "openapi.yaml")[0] == 0


def test_a_description_that_breaks_its_consumers(repository):
    rename()
    status, said = hook("spec", "openapi.yaml")
    assert status == 1
    assert "qty was renamed to quantity" in said


def test_options_of_the_user_reach_driftcheck(repository):
    rename()
    assert hook("spec", "--fail-on", "never", "openapi.yaml")[0] == 0
    assert hook("spec", "--fail-on", "sometimes", "openapi.yaml")[0] == 2


def test_a_new_description_breaks_nobody(repository):
    Path("other-openapi.yaml").write_text(Path("openapi.yaml").read_text("utf-8"), encoding="utf-8")
    assert hook("spec", "other-openapi.yaml") == (0, "")


def test_a_part_of_a_description_leads_to_the_whole_one(repository):
    text = Path("openapi.yaml").read_text("utf-8")
    order = '{$ref: "schemas.yaml#/NewOrder"}'
    whole = text.replace('{$ref: "#/components/schemas/NewOrder"}', order)
    part = "NewOrder: {type: object, properties: {qty: {type: integer, minimum: 1}}}\n"
    commit("parts", openapi_yaml=whole, schemas_yaml=part)
    assert hook("spec", "schemas.yaml")[0] == 0
    rename("schemas.yaml", "minimum: 1", "minimum: 5")
    status, said = hook("spec", "schemas.yaml")
    assert status == 1, said
    assert "minimum" in said


def test_pre_commit_may_name_another_revision(repository):
    rename()
    commit("renamed")
    assert hook("spec", "openapi.yaml")[0] == 0
    assert hook("spec", "openapi.yaml", PRE_COMMIT_FROM_REF="HEAD~1")[0] == 1


def test_before_the_first_commit_there_is_nothing_to_break(tmp_path, monkeypatch):
    start(tmp_path / "new")
    monkeypatch.chdir(tmp_path / "new")
    shop.copy(tmp_path / "new")
    assert hook("spec", "openapi.yaml") == (0, "")
    assert hook("migrations") == (0, "")


def test_files_that_are_called_like_options(repository):
    text = Path("openapi.yaml").read_text("utf-8")
    commit("odd", **{"--output=openapi_yaml": text})
    rename("--output=openapi.yaml")
    status, said = hook("spec", "--output=openapi.yaml")
    assert status == 1
    assert "qty was renamed" in said
    assert split(["--fail-on", "risky", "--output=openapi.yaml"]) == (
        ["--fail-on", "risky"],
        ["--output=openapi.yaml"],
    )


@pytest.mark.parametrize(
    ("text", "whole"),
    [
        ("openapi: 3.1.0\ninfo: {}\n", True),
        ("# ours\n---\nopenapi: '3.0.3'\n", True),
        ('swagger: "2.0"\n', True),
        ('{"info": {}, "openapi": "3.1.0"}', True),
        ('{\n  "openapi": "3.0.0",\n', True),
        ("{openapi: 3.1.0, info: {}}", True),
        ("Order: {type: object}\n", False),
        ("openapi-generator: 3\n", False),
        ("tools:\n      openapi: see below\n", False),
        ("", False),
    ],
)
def test_what_a_whole_description_looks_like(text, whole):
    assert is_description(text) is whole


def test_a_history_that_is_in_order(repository):
    status, said = hook("migrations")
    assert (status, "PASS" in said) == (0, True), said


def test_two_heads_stop_the_commit_that_makes_the_second(repository):
    second = Path("migrations/versions/0003_b.py")
    versions = sorted(Path("migrations/versions").glob("000*.py"))
    text = versions[-1].read_text("utf-8")
    here = re.search(r'^revision.*?"(\w+)"', text, re.MULTILINE)[1]
    down = re.search(r'^down_revision.*?"(\w+)"', text, re.MULTILINE)[1]
    second.write_text(text.replace(f'"{here}"', '"0003b"'), encoding="utf-8")
    status, said = hook("migrations")
    assert status == 1, said
    assert "head" in said
    assert down
    commit("two heads, alas")
    assert hook("migrations")[0] == 0  # this commit did not make them


def test_a_committed_revision_that_is_edited_or_deleted(repository):
    last = sorted(Path("migrations/versions").glob("000*.py"))[-1]
    text = last.read_text("utf-8")
    last.write_text(text + "\n# a comment\n", encoding="utf-8")
    assert hook("migrations")[0] == 0
    last.write_text(text.replace("def upgrade():", "def upgrade():\n    print(1)"), encoding="utf-8")
    status, said = hook("migrations")
    assert (status, "history-edited" in said) == (0, True), said  # risky
    assert hook("migrations", "--fail-on=risky")[0] == 1
    assert hook("migrations", "--fail-on=often")[0] == 2
    last.unlink()
    assert "history-deleted" in hook("migrations")[1]


def test_nothing_of_the_project_is_imported(repository):
    for file in ("migrations/env.py", "shop/models.py", "json.py", "driftcheck.py"):
        Path(file).write_text("raise SystemExit('imported')", encoding="utf-8")
    for kind in ("spec", "migrations", "recordings"):
        status, said = hook(kind, *(["openapi.yaml"] if kind == "spec" else []))
        assert status == 0, said
        assert "imported" not in said


def test_a_history_elsewhere(repository):
    git("mv", "alembic.ini", "other.ini")
    Path("pyproject.toml").unlink()
    assert hook("migrations", "other.ini")[0] == 0
    status, said = hook("migrations", "nowhere.ini")
    assert status == 2
    assert "nowhere.ini" in said
    assert "Traceback" not in said


def test_recordings_without_secrets(repository):
    assert hook("recordings", "recordings/checkout.har")[0] == 0
    assert hook("recordings")[0] == 0


def test_a_secret_stops_the_commit_and_is_not_shown(repository):
    path = Path("recordings/checkout.har")
    recording = json.loads(path.read_text("utf-8"))
    secret = "Bearer eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.abcdefghijklmnopqrstuvwxyz"
    recording["log"]["entries"][0]["request"]["headers"].append({"name": "Authorization", "value": secret})
    path.write_text(json.dumps(recording), encoding="utf-8")
    status, said = hook("recordings", "recordings/checkout.har")
    assert status == 1, said
    assert secret.split()[1] not in said


FILES = [
    ("driftcheck-spec", "openapi.yaml", True),
    ("driftcheck-spec", "api/Swagger-v2.json", True),
    ("driftcheck-spec", "openapi/readme.md", False),
    ("driftcheck-spec", "docker-compose.yml", False),
    ("driftcheck-migrations", "alembic/versions/1_a.py", True),
    ("driftcheck-migrations", "alembic.ini", True),
    ("driftcheck-migrations", "versions.py", False),
    ("driftcheck-recordings", "tests/cassettes/a.yaml", True),
    ("driftcheck-recordings", "a.HAR", True),
    ("driftcheck-recordings", "src/recordings/player.py", False),
    ("driftcheck-recordings", "openapi.yaml", False),
]


@pytest.mark.parametrize(("name", "file", "matches"), FILES)
def test_which_files_start_a_hook(name, file, matches):
    assert bool(re.search(HOOKS[name]["files"], file)) is matches
