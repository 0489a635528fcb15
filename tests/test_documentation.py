"""docs/rules.md is what the rules' declarations say today, and the other pages name things that exist."""

from __future__ import annotations

import re
import tomllib
from pathlib import Path

import pytest
import typer

from driftcheck.catalogue import all_rules
from driftcheck.cli.app import COMMANDS, command_line
from driftcheck.config_file import config_from
from driftcheck.documentation import rules_page
from driftcheck.report import FORMATS
from tests.builders import rules
from tests.readme import BLOCK, README, renewed

ROOT = Path(__file__).parent.parent
PAGES = [*sorted(ROOT.glob("*.md")), *sorted((ROOT / "docs").glob("*.md"))]


def test_the_page_of_rules_is_fresh():
    written = (ROOT / "docs" / "rules.md").read_text("utf-8")
    assert written == rules_page(all_rules()), "run `make docs`"


def test_every_rule_has_one_row():
    page = rules_page(all_rules())
    for rule in all_rules():
        assert page.count(f"\n| `{rule.id}` |") == 1


def test_a_row_tells_what_is_unusual():
    declared = rules(
        {"category": "clients", "title": "a | b <c>"},
        {"severity": "info", "shown": True, "replaced_by": "rule-0"},
        {},
    )
    page = rules_page(declared)
    assert "| `rule-0` | breaking (clients) | a \\| b &lt;c> |" in page
    assert "| `rule-1` | info (always listed, replaced by `rule-0`) | Rule 1 |" in page
    assert "| `rule-2` | breaking | Rule 2 |" in page


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_links_between_pages_lead_somewhere(page):
    for target in re.findall(r"\]\((?!https?:|#)([^)#]+)", page.read_text("utf-8")):
        assert (page.parent / target).exists(), f"{page.name} links to {target}"


@pytest.mark.parametrize("page", PAGES, ids=lambda path: path.name)
def test_pages_name_only_commands_that_exist(page):
    shown = "".join(re.findall(r"```\w*\n.*?```", page.read_text("utf-8"), re.DOTALL))
    for command in re.findall(r"^(?:\$ )?driftcheck ([a-z][a-z-]*)", shown, re.MULTILINE):
        assert command in COMMANDS, f"{page.name} shows `driftcheck {command}`"


def test_the_readme_shows_what_the_commands_really_print():
    text = README.read_text("utf-8")
    assert BLOCK.search(text)
    assert text == renewed(text), "run `make docs`"


def test_the_configuration_in_the_readme_is_accepted():
    (block,) = re.findall(r"```toml\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    config = config_from(tomllib.loads(block)["tool"]["driftcheck"], "README.md")
    assert config.api.strip_prefix_old == "/v1"


def options_of(command):
    yield from (option for parameter in command.params for option in parameter.opts)
    for below in getattr(command, "commands", {}).values():
        yield from options_of(below)


def test_the_options_in_the_readme_exist():
    known = {"--help", "--driftcheck", *options_of(typer.main.get_command(command_line()))}
    written = BLOCK.sub("", README.read_text("utf-8")).replace("--depth", "")  # the latter is git's
    assert set(re.findall(r"--[a-z][a-z-]+", written)) <= known


def test_the_python_in_the_readme_runs(tmp_path, monkeypatch):
    (block,) = re.findall(r"```python\n(.*?)```", README.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    (tmp_path / "openapi.yaml").write_text("openapi: 3.1.0\ninfo: {title: t, version: '1'}\npaths: {}\n")
    exec(block.replace("main:openapi.yaml", "openapi.yaml"), {})


def test_the_readme_shows_every_format():
    text = README.read_text("utf-8")
    for name in FORMATS:
        assert f"`{name}`" in text
