"""Every rule keeps its word: its bad example fires this rule alone, its good one none."""

from __future__ import annotations

import pytest

from driftcheck.config import Config
from driftcheck.database.compare import Selection, compare
from driftcheck.database.dialects.catalog import Scope
from driftcheck.database.rules import RULES
from driftcheck.database.sources.ddl import run_ddl
from driftcheck.difference import Severity
from driftcheck.judge import judge

WITH_DDL = [rule for rule in RULES if rule.category != "history"]


def dialect_of(ddl):
    first = ddl.splitlines()[0] if ddl else ""
    return first.removeprefix("-- ") if first.startswith("-- ") else "sqlite"


def fired(example, engine_of):
    scratch = engine_of(dialect_of(example.expected))
    scope = Scope(("s",))
    expected, actual = (
        run_ddl(text, "example", scratch, scope) for text in (example.expected, example.actual)
    )
    findings, _ = judge(compare(expected, actual, Selection()), RULES, Config(changelog=True))
    return findings


@pytest.mark.parametrize("rule", WITH_DDL, ids=lambda rule: rule.id)
def test_the_bad_example_fires_this_rule_alone(rule, engine_of):
    findings = fired(rule.bad, engine_of)
    assert [finding.rule for finding in findings] == [rule.id]
    assert findings[0].severity is rule.severity
    assert findings[0].message.endswith(".")


def test_the_good_examples_fire_nothing(engine_of):
    for rule in (rule for rule in WITH_DDL if dialect_of(rule.good.expected) == "sqlite"):
        assert fired(rule.good, engine_of) == ()


def test_history_rules_are_of_their_own_category():
    assert {rule.id for rule in RULES if rule.id.startswith("history-")} == {
        rule.id for rule in RULES if rule.category == "history"
    }


@pytest.mark.parametrize("severity", Severity)
def test_every_severity_is_in_use(severity):
    assert any(rule.severity is severity for rule in RULES)
