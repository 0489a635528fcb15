"""Every command of the documentation is run, and what it prints is what the page shows."""

from __future__ import annotations

import re
import shutil
import tomllib
from collections import Counter
from pathlib import Path

import pytest

from driftcheck.config_file import config_from
from tests.documented import ROOT, blocks, matches, run, sandbox

OWN_TEST = {
    "docs/traffic.md",
    "docs/rules.md",
}  # tests/traffic, tests/test_documentation.py
PAGES = sorted({*ROOT.glob("*.md"), *(ROOT / "docs").rglob("*.md")})
BLOCKS = [
    block for page in PAGES if page.relative_to(ROOT).as_posix() not in OWN_TEST for block in blocks(page)
]
RUN = [
    block
    for block in BLOCKS
    if not block.why and (block.kind == "sh" or (block.kind == "console" and block.page != "README.md"))
]  # consoles of README.md: tests/test_documentation.py

# What cannot be run here, by its reason: a new one is to be written down here as well.
NOT_RUN = {
    "needs a PostgreSQL server": 1,
    "needs a running service": 1,
    "sets up your machine": 3,
}
# Blocks that are neither commands with what they print, nor in a language: a new one is shown to be true
# some other way, or is no output of anything.
PLAIN = {
    "ARCHITECTURE.md": 1,  # a drawing
    "CONTRIBUTING.md": 1,  # targets of make
    "docs/reports.md": 1,  # the first line of a comment: tests/ci/test_comments.py
}


@pytest.fixture(scope="session")
def prepared(tmp_path_factory):
    folder = tmp_path_factory.mktemp("documented") / "shop"
    folder.mkdir()
    sandbox(folder)
    return folder


@pytest.mark.parametrize("block", RUN, ids=lambda block: f"{block.page}:{block.line}")
def test_commands_do_what_the_page_says(block, prepared, tmp_path, monkeypatch):
    monkeypatch.setenv("DRIFTCHECK_CACHE_DIR", str(prepared.parent / "cache"))
    for name in ("GITHUB_BASE_REF", "CI_MERGE_REQUEST_TARGET_BRANCH_NAME"):
        monkeypatch.delenv(name, raising=False)
    folder = tmp_path / "shop"
    shutil.copytree(prepared, folder)
    if re.search(
        r"^driftcheck init( +#|$)", block.text, re.MULTILINE
    ):  # for those who have no configuration yet
        (folder / "pyproject.toml").write_text('[project]\nname = "shop"\nversion = "1.0"\n')
    for command, shown in block.commands():
        done = run(command, folder)
        told = f"{command}\n{done.stdout}\n{done.stderr}"
        assert done.returncode in (0, 1), told
        assert "Traceback" not in done.stderr, told
        if shown is not None:
            printed = (
                done.stdout
                if command.startswith(("driftcheck api", "driftcheck db"))
                else done.stdout + done.stderr
            )
            assert matches(shown, printed), f"{block.page}:{block.line} shows\n{shown}\nbut it is\n{told}"


@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: f"{block.page}:{block.line}")
def test_no_command_hides_in_a_block_that_is_not_run(block):
    assert not block.shows_commands(), "call the block console or sh, or say why it is not run"


def test_no_output_is_shown_without_its_command():
    assert Counter(block.page for block in BLOCKS if block.kind in ("", "text")) == PLAIN


def test_what_is_not_run_is_known_and_counted():
    found = Counter(block.why for block in BLOCKS if block.why)
    assert found == NOT_RUN


@pytest.mark.parametrize(
    "block",
    [block for page in PAGES for block in blocks(page) if block.kind == "toml"],
    ids=lambda block: f"{block.page}:{block.line}",
)
def test_every_configuration_is_accepted(block):
    written = tomllib.loads(block.text)
    config_from(written.get("tool", {}).get("driftcheck", {}), block.page)
    assert set(written) <= {"tool", "project"}


@pytest.mark.parametrize(
    "block",
    [block for page in PAGES for block in blocks(page) if block.kind == "python"],
    ids=lambda block: f"{block.page}:{block.line}",
)
def test_every_piece_of_python_is_python(block):
    compile(block.text, block.page, "exec")


def test_enough_is_run():
    assert len(RUN) > 20


@pytest.mark.parametrize("page", PAGES, ids=lambda page: page.relative_to(ROOT).as_posix())
def test_links_and_pictures_lead_somewhere(page):
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    for target in re.findall(r"\]\((?!https?:|mailto:)([^)\s]+)\)", text):
        path, _, anchor = target.partition("#")
        file = (page.parent / path).resolve() if path else page
        assert file.exists(), f"{page.name} links to {target}"
        if anchor:
            assert anchor in anchors(file), f"{page.name} links to {target}"


def anchors(page: Path) -> set[str]:
    """The headings of a page as GitHub names them in links."""
    text = re.sub(r"```.*?```", "", page.read_text("utf-8"), flags=re.DOTALL)
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    return {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}


def test_every_page_can_be_reached_from_the_index():
    index = (ROOT / "docs" / "index.md").read_text("utf-8")
    for page in (ROOT / "docs").rglob("*.md"):
        name = page.relative_to(ROOT / "docs").as_posix()
        assert name == "index.md" or f"]({name}" in index, f"docs/index.md does not lead to {name}"


@pytest.mark.parametrize(
    ("shown", "printed", "fits"),
    [
        ("a\nb\n", "a\nb\n", True),
        ("a\n…\nz\n", "a\nb\nc\nz\n", True),
        ("took … s", "took 3 s", True),
        ("a\n", "a\nb\n", False),
        ("a.c", "abc", False),
    ],
)
def test_an_ellipsis_stands_for_anything_and_nothing_else_does(shown, printed, fits):
    assert matches(shown, printed) is fits
