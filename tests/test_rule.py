"""The rule set: how a difference finds its rule."""

from __future__ import annotations

import pytest

from driftcheck.difference import Change, Effect
from tests.builders import difference, rules


def test_a_rule_is_found_by_subject_change_and_attribute():
    declared = rules({"on": ("a", Change.EXTRA)}, {"on": ("request-property", Change.CHANGED, "maxLength")})
    assert declared.find(difference())[0].id == "rule-1"


def test_the_effect_narrows_the_choice():
    declared = rules({"effect": Effect.WIDENED}, {"effect": Effect.NARROWED}, {})
    assert declared.find(difference(effect=Effect.NARROWED))[0].id == "rule-1"
    assert declared.find(difference(effect=Effect.UNCLEAR))[0].id == "rule-2"


def test_a_rule_that_has_nothing_to_say_lets_the_next_one_speak():
    declared = rules({"message": lambda d: None}, {"message": lambda d: f"{d.expected} to {d.actual}"})
    rule, message = declared.find(difference())
    assert (rule.id, message) == ("rule-1", "50 to 20")


@pytest.mark.parametrize(
    "other",
    [{"subject": "response-property"}, {"change": Change.EXTRA}, {"attribute": None}, {"attribute": "x"}],
)
def test_what_no_rule_looks_at_is_a_lookup_error(other):
    with pytest.raises(LookupError, match="no rule for"):
        rules({}).find(difference(**other))


def test_ids_are_unique():
    with pytest.raises(ValueError, match="two rules are called same"):
        rules({"id": "same"}, {"id": "same"})


def test_rules_are_listed_in_the_order_of_their_declaration():
    declared = rules({"id": "b"}, {"id": "a"})
    assert [rule.id for rule in declared] == list(declared.ids()) == ["b", "a"]
    assert len(declared) == 2
    assert declared.get("a") is not None
    assert declared.get("c") is None
