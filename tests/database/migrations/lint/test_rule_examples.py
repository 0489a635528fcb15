"""Every danger keeps its word on the real engine: a bad example fires this rule alone, a good one none."""

from __future__ import annotations

import pytest

from driftcheck.database.migrations.rules import RULES
from tests.database.migrations.lint.running import measured, names

DANGERS = [rule for rule in RULES if rule.category == "danger" and rule.id.startswith("migration-")]


def engine_of_example(rule):
    return rule.bad.expected.partition("\n")[0].removeprefix("# ")


@pytest.mark.parametrize("rule", DANGERS, ids=lambda rule: rule.id)
def test_the_bad_example_fires(rule, engine_of):
    scratch = engine_of(engine_of_example(rule))
    name = rule.id.removeprefix("migration-")
    result = measured(scratch, (rule.bad.expected, rule.bad.actual))
    assert name in names(result, True)
    assert set(names(result, False)) <= {name}


@pytest.mark.parametrize("rule", DANGERS, ids=lambda rule: rule.id)
def test_the_good_example_is_silent(rule, engine_of):
    scratch = engine_of(engine_of_example(rule))
    result = measured(scratch, (rule.good.expected, rule.good.actual))
    assert names(result, False) == []
    assert rule.id.removeprefix("migration-") not in names(result, True)
