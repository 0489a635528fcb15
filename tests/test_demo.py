"""`make demo`: its two descriptions show what driftcheck is for, and each proof is of its own finding."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftcheck import Config, check_api

DEMO = Path(__file__).parent.parent / "fixtures" / "specs" / "demo"
REPORT = check_api(DEMO / "old.yaml", DEMO / "new.yaml")
BY_RULE = {(finding.rule, finding.difference.name): finding for finding in REPORT.findings}


def test_exactly_what_changed_is_found():
    assert set(BY_RULE) == {
        ("request-property-renamed", "qty"),
        ("request-property-renamed", "email"),
        ("response-property-renamed", "email"),
        ("request-property-max-length-decreased", "coupon"),
        ("response-property-enum-value-added", "status"),
        ("response-success-status-removed", "202"),
        ("path-parameter-renamed", "id"),
    }
    assert REPORT.exit_code == 1
    assert not REPORT.skipped


@pytest.mark.parametrize(("old", "new"), [("email", "user_email"), ("qty", "quantity")])
def test_renames_are_called_renames(old, new):
    rename = BY_RULE["request-property-renamed", old].difference.rename
    assert (rename.old, rename.new) == (old, new)
    assert rename.confidence > 0.5


@pytest.mark.parametrize(
    ("rule", "name", "words"),
    [
        ("request-property-renamed", "qty", "quantity"),
        ("request-property-renamed", "email", "user_email"),
        ("response-property-renamed", "email", "email"),
        ("request-property-max-length-decreased", "coupon", "12"),
        ("response-property-enum-value-added", "status", "returned"),
    ],
)
def test_each_finding_is_proven_by_a_value_that_breaks_for_its_own_reason(rule, name, words):
    shown = BY_RULE[rule, name].difference.counterexample
    assert words in shown.reason


def test_what_only_looks_like_a_change_is_silent():
    for finding in REPORT.findings:
        assert "notes" not in str(finding.difference.operations)
        assert finding.difference.kind != "server"


def test_the_changelog_adds_what_is_compatible():
    report = check_api(DEMO / "old.yaml", DEMO / "new.yaml", config=Config(changelog=True))
    assert {finding.difference.name for finding in report.findings if finding.severity == "info"} >= {
        "gift",
        "429",
    }
