"""The HTML report in a real Chromium: used by keyboard and mouse, by axe, and with every nasty name."""

from __future__ import annotations

import json
import subprocess

import pytest

from benchmarks.reports import many_findings
from driftcheck.report import Layout, render
from tests.builders import report
from tests.report.hostile import NAMES, SOME, everything_hostile, hostile_layout, hostile_report
from tests.report.mixed import LAYOUT, mixed_report
from tests.report.node import FOLDER, chromium, modules


@pytest.fixture(scope="module")
def seen(tmp_path_factory):
    """What was seen of each page, by the name of its file."""
    packages, executable = modules(), chromium()
    folder = tmp_path_factory.mktemp("pages")
    pages = {
        "mixed.html": render(mixed_report(), "html", LAYOUT),
        "nothing.html": render(report(), "html", Layout()),
        "some.html": render(many_findings(60), "html", Layout()),
        "many.html": render(many_findings(5_000), "html", Layout()),
    }
    pages["hostile.html"] = render(everything_hostile(), "html", hostile_layout(NAMES["script"]))
    for number, name in enumerate(SOME):
        layout = hostile_layout(NAMES[name])
        pages[f"hostile-{number}.html"] = render(hostile_report(NAMES[name]), "html", layout)
    for name, text in pages.items():
        (folder / name).write_text(text, encoding="utf-8")
    files = [str(folder / name) for name in pages]
    command = ["node", str(FOLDER / "page.mjs"), str(packages), executable, *files]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=600)
    assert done.returncode == 0, done.stderr
    return {file.rpartition("/")[2]: said for file, said in json.loads(done.stdout).items()}


def test_no_page_loads_or_complains_about_anything(seen):
    for name, page in seen.items():
        still = page["still"]
        assert [url.rpartition("/")[2] for url in still["requests"] if not url.startswith("data:")] == [name]
        assert still["console"] == []
        assert still["errors"] == []


def test_nothing_hurts(seen):
    for name, page in seen.items():
        still = page["still"]
        assert (name, still["hurt"], still["dialogs"], still["scripts"]) == (name, None, 0, 1)


def test_every_finding_is_there(seen):
    assert seen["mixed.html"]["still"]["findings"] == len(mixed_report().findings)
    assert seen["many.html"]["still"]["findings"] == 5_000
    assert seen["nothing.html"]["still"]["findings"] == 0


def test_no_page_is_wider_than_its_window(seen):
    for name, page in seen.items():
        assert (name, page["still"]["wider"], page["still"]["narrow"]) == (name, 0, 0)


@pytest.mark.parametrize("name", ["mixed.html", "nothing.html", "some.html"])
def test_axe_has_nothing_to_say(seen, name):
    assert seen[name]["accessible"] == {"light": [], "dark": [], "narrow": []}


def test_the_keyboard_goes_everywhere(seen):
    used = seen["mixed.html"]["used"]
    assert used["first"].startswith("a#.skip")
    assert used["skipped"].startswith("h2#findings")
    assert used["slash"].startswith("input#search")
    assert used["focused"].startswith("summary#")
    assert used["focusIsSeen"]


def test_search_and_filter(seen):
    used = seen["mixed.html"]["used"]
    everything = len(mixed_report().findings)
    assert len(used["all"]) == len(used["reset"]) == everything
    assert used["searched"] == [
        "column orders.qty is called quantity.",
        "revision 4f2a drops column orders.qty, and the values in it are gone.",
    ]
    assert used["count"] == f"2 of {everything} shown"
    assert used["nothing"] is True
    assert len(used["withoutBreaking"]) == 3
    assert used["pressed"] == "false"
    assert len(used["withoutDatabase"]) == everything - 4


def test_a_link_of_the_picture_opens_its_finding(seen):
    used = seen["mixed.html"]["used"]
    assert "breaking" in used["linkName"]
    assert used["opened"] is True


def test_unfold_and_copy(seen):
    used = seen["mixed.html"]["used"]
    assert used["unfolded"] is True
    assert json.loads(used["copied"]) == {"email": "a@example.com"}
    assert used["said"] == "Copied"


def test_light_and_dark_is_remembered(seen):
    used = seen["mixed.html"]["used"]
    assert used["light"] != used["dark"] == used["remembered"]


def test_without_its_script_the_page_is_still_a_report(seen):
    scriptless = seen["mixed.html"]["scriptless"]
    assert scriptless == {"tools": False, "findings": len(mixed_report().findings), "first": True}
