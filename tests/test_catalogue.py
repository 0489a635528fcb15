"""Every rule is complete, and its own examples prove it: the bad one fires it alone, the good one none."""

from __future__ import annotations

import re
from collections import Counter

import pytest
import yaml

from driftcheck import check_api
from driftcheck.catalogue import all_rules
from driftcheck.config import Config
from driftcheck.difference import Severity

RULES = all_rules()
CATEGORIES = {"wire", "clients", "docs", "reads", "writes", "schema", "history", "danger"}
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


def fired(example, rule, tmp_path):
    if rule.subject == "spec" and rule.attribute in (None, "readable"):
        old = written_to(tmp_path / "old", example.expected)
        new = written_to(tmp_path / "new", example.actual)
    else:
        old, new = document(example.expected), document(example.actual)
    report = check_api(old, new, config=EVERYTHING)
    assert not report.skipped
    return [finding.rule for finding in report.findings]


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_bad_example_fires_this_rule_and_no_other(rule, tmp_path):
    assert set(fired(rule.bad, rule, tmp_path)) == {rule.id}


@pytest.mark.parametrize("rule", RULES, ids=lambda rule: rule.id)
def test_the_good_example_fires_nothing(rule, tmp_path):
    assert fired(rule.good, rule, tmp_path) == []


def test_ids_are_unique_and_in_kebab_case():
    assert not [id for id, count in Counter(rule.id for rule in RULES).items() if count > 1]
    for rule in RULES:
        assert re.fullmatch(r"[a-z][a-z0-9]*(-[a-z0-9]+)*", rule.id), rule.id


def test_every_field_is_filled():
    for rule in RULES:
        for text in (rule.title, rule.why, rule.fix, rule.subject, rule.since):
            assert text.strip() == text, rule.id
            assert text, rule.id
        assert rule.category in CATEGORIES
        assert rule.severity in set(Severity)
        for example in (rule.bad, rule.good):
            assert example.expected.strip(), rule.id
            assert example.actual.strip(), rule.id


def test_texts_read_alike():
    for rule in RULES:
        assert not rule.title.endswith("."), rule.id
        assert rule.why.endswith("."), rule.id
        assert rule.fix.endswith("."), rule.id


def test_bad_examples_differ_and_are_not_the_good_ones():
    for rule in RULES:
        assert rule.bad.expected != rule.bad.actual, rule.id
        assert rule.bad != rule.good, rule.id


def test_successors_exist():
    ids = {rule.id for rule in RULES}
    assert {rule.replaced_by for rule in RULES} - {None} <= ids


def test_there_is_a_catalogue_at_all():
    assert len(RULES) > 100
