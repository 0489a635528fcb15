"""SARIF and HTML, judged by the validators that others trust."""

from __future__ import annotations

import json
import subprocess

from benchmarks.reports import many_findings
from driftcheck.report import Layout, render
from tests.builders import report
from tests.report.hostile import NAMES, SOME, everything_hostile, hostile_layout, hostile_report
from tests.report.mixed import LAYOUT, mixed_report
from tests.report.node import modules

# The tool has no page of its own to point at yet.
_KNOWN = {"SARIF2005"}


def made(kind):
    yield "mixed", render(mixed_report(), kind, LAYOUT)
    yield "nothing", render(report(), kind, Layout())
    yield "hostile", render(everything_hostile(), kind, hostile_layout(NAMES["script"]))
    for number, name in enumerate(SOME):
        yield f"hostile-{number}", render(hostile_report(NAMES[name]), kind, hostile_layout(NAMES[name]))


def written(folder, kind, more=()):
    files = []
    for name, text in (*made(kind), *more):
        file = folder / f"{name}.{kind}"
        file.write_text(text, encoding="utf-8")
        files.append(file)
    return files


def multitool():
    """The validator's program; npm leaves it without the right to run where it may not run scripts."""
    (binary,) = modules().glob("@microsoft/sarif-multitool-*/Sarif.Multitool")
    binary.chmod(0o755)
    return binary


def test_sarif_keeps_to_the_rules_of_the_standard_and_of_github(tmp_path):
    binary = multitool()
    files = written(tmp_path, "sarif", [("many", render(many_findings(6_000), "sarif", Layout()))])
    found = tmp_path / "found.sarif"
    command = [
        binary,
        "validate",
        *files,
        "--rule-kind",
        "Sarif;Gh;Ghas",
        "--output",
        found,
        "--log",
        "ForceOverwrite",
    ]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert found.exists(), done.stdout + done.stderr
    (run,) = json.loads(found.read_text("utf-8-sig"))["runs"]
    said = [each for each in run.get("results", ()) if each["ruleId"].partition("/")[0] not in _KNOWN]
    assert [(each["ruleId"], each["message"], each["locations"][0]) for each in said] == []
    notes = run["invocations"][0].get("toolExecutionNotifications", [])
    assert [note for note in notes if note.get("level") == "error"] == []


def test_the_validator_of_sarif_does_find_mistakes(tmp_path):
    binary = multitool()
    broken = json.loads(render(mixed_report(), "sarif", LAYOUT))
    del broken["runs"][0]["tool"]["driver"]["rules"][0]["help"]
    del broken["runs"][0]["results"][0]["locations"]
    file = tmp_path / "broken.sarif"
    file.write_text(json.dumps(broken))
    command = [binary, "validate", file, "--rule-kind", "Sarif;Gh;Ghas"]
    done = subprocess.run(command, capture_output=True, text=True, check=False, timeout=300)
    assert "error" in done.stdout


def test_the_page_is_valid_html(tmp_path):
    command = modules() / ".bin" / "html-validate"
    files = written(tmp_path, "html")
    (tmp_path / ".htmlvalidate.json").write_text(
        '{"root": true, "extends": ["html-validate:recommended"], "rules": {"no-trailing-whitespace": "off"}}'
    )
    found = tmp_path / "found.json"  # through a pipe it would lose its end
    arguments = [command, "--formatter", f"json={found}", *files]
    done = subprocess.run(arguments, capture_output=True, text=True, check=False, timeout=300, cwd=tmp_path)
    said = json.loads(found.read_text("utf-8"))
    assert [(each["ruleId"], each["message"]) for page in said for each in page["messages"]] == []
    assert done.returncode == 0, done.stderr


def test_the_validator_of_html_does_find_mistakes(tmp_path):
    file = tmp_path / "broken.html"
    file.write_text("<!DOCTYPE html><html><body><p id=a><div id=a></p></body></html>")
    command = modules() / ".bin" / "html-validate"
    done = subprocess.run(
        [command, file], capture_output=True, text=True, check=False, timeout=120, cwd=tmp_path
    )
    assert done.returncode != 0
