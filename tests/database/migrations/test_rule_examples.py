"""Rules about running revisions keep their word: a bad example fires its rule, a good one none of them."""

from __future__ import annotations

import pytest

from driftcheck import check_migrations
from driftcheck.database.migrations.rules import RULES
from tests.database.migrations.project import Project

EXECUTED = [
    rule
    for rule in RULES
    if rule.id.startswith(("replay-", "downgrade-", "upgrade-")) and "op." in rule.bad.actual
]


def found(example, tmp_path, monkeypatch, request):
    """The rules about running that fire for an example's second revision."""
    project = Project(tmp_path, monkeypatch)
    project.add("a1", example.expected, "op.drop_table('t')")
    up, _, back = example.actual.partition("# downgrade\n")
    project.add("b2", up, back or "raise NotImplementedError")
    sqlite = example.expected.startswith("# sqlite")
    scratch = request.getfixturevalue("sqlite" if sqlite else "postgresql")
    with scratch.database() as url:
        report = check_migrations(scratch="auto" if sqlite else url.render_as_string(hide_password=False))
    ours = {rule.id for rule in EXECUTED}
    return {each.rule for each in report.findings if each.rule in ours and each.difference.object == "b2"}


def test_all_rules_about_running_have_examples_that_run():
    assert {rule.id for rule in RULES if rule.id.startswith("replay-")} <= {rule.id for rule in EXECUTED}
    assert len(EXECUTED) >= 7


@pytest.mark.parametrize("rule", EXECUTED, ids=lambda rule: rule.id)
def test_the_bad_example_fires(rule, tmp_path, monkeypatch, request):
    assert found(rule.bad, tmp_path, monkeypatch, request) == {rule.id}


@pytest.mark.parametrize("rule", EXECUTED, ids=lambda rule: rule.id)
def test_the_good_example_is_silent(rule, tmp_path, monkeypatch, request):
    assert found(rule.good, tmp_path, monkeypatch, request) == set()
