"""docs/rules.md is what the rules' declarations say today, and the other pages name things that exist."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from driftcheck.catalogue import all_rules
from driftcheck.cli.app import COMMANDS
from driftcheck.documentation import rules_page
from driftcheck.report import FORMATS
from tests.builders import rules

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
    for command in re.findall(r"^(?:\$ )?driftcheck ([a-z][a-z-]*)", page.read_text("utf-8"), re.MULTILINE):
        assert command in COMMANDS, f"{page.name} shows `driftcheck {command}`"


def test_the_readme_shows_every_format():
    text = (ROOT / "README.md").read_text("utf-8")
    for name in FORMATS:
        assert f"`{name}`" in text
