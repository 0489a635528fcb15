"""Every API rule's own examples prove it: the bad one fires it alone, the good one nothing."""

from __future__ import annotations

import pytest
import yaml

from driftcheck import check_api
from driftcheck.config import Config
from driftcheck.difference import Severity
from driftcheck.openapi.rules import RULES

EVERYTHING = Config(changelog=True)


def document(text):
    """An example as a whole document: 3.1 and a title unless it says otherwise."""
    written = yaml.safe_load(text) or {}
    version = {} if "swagger" in written or "openapi" in written else {"openapi": "3.1.0"}
    return {**version, "info": {"title": "Example", "version": "1"}, "paths": {}, **written}


def written_to(folder, text):
    """An example of a rule about several documents: a mapping of file names."""
    folder.mkdir()
    for name, content in (yaml.safe_load(text) or {}).items():
        (folder / name).write_text(yaml.safe_dump(document(yaml.safe_dump(content))))
    return str(folder)


def findings(example, rule, tmp_path):
    if rule.subject == "spec" and rule.attribute in (None, "readable"):
        old = written_to(tmp_path / "old", example.expected)
        new = written_to(tmp_path / "new", example.actual)
    else:
        old, new = document(example.expected), document(example.actual)
    report = check_api(old, new, config=EVERYTHING)
    assert not report.skipped
    return report.findings


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_the_bad_example_fires_this_rule_and_no_other(rule, tmp_path):
    found = findings(rule.bad, rule, tmp_path)
    if rule.attribute == "*":  # it says that harmless changes add up to harm: they are told as well
        found = [finding for finding in found if finding.severity is not Severity.INFO]
    assert {finding.rule for finding in found} == {rule.id}
    assert {finding.severity for finding in found} == {rule.severity}


@pytest.mark.parametrize("rule", tuple(RULES), ids=lambda rule: rule.id)
def test_the_good_example_fires_nothing(rule, tmp_path):
    assert [finding.rule for finding in findings(rule.good, rule, tmp_path)] == []
