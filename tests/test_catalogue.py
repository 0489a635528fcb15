"""Every rule of every half is complete; that its examples prove it is tested half by half."""

from __future__ import annotations

import re
from collections import Counter
from typing import get_args

from driftcheck.catalogue import all_rules
from driftcheck.difference import Severity
from driftcheck.rule import Category

RULES = all_rules()
CATEGORIES = set(get_args(Category))


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
