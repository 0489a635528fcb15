"""The judge: which severity counts, what is silenced, and that one cause is one finding."""

from __future__ import annotations

from datetime import date

import pytest

from driftcheck.config import Config, Ignore
from driftcheck.difference import Change, Counterexample, Effect, Flow, Location, Severity, Side, severity_of
from driftcheck.judge import judge
from tests.builders import difference, rules

BREAKS, RISKS, INFORMS = Severity.BREAKING, Severity.RISKY, Severity.INFO


def judged(*differences, config=None, declared=None):
    return judge(differences, declared or rules({}), config or Config())


def severities(*differences, **given):
    return [finding.severity for finding in judged(*differences, **given)[0]]


@pytest.mark.parametrize(
    ("effect", "flow", "severity"),
    [
        (Effect.NARROWED, Flow.SENT, BREAKS),
        (Effect.WIDENED, Flow.SENT, INFORMS),
        (Effect.UNCLEAR, Flow.SENT, RISKS),
        (Effect.NARROWED, Flow.RECEIVED, INFORMS),
        (Effect.WIDENED, Flow.RECEIVED, BREAKS),
        (Effect.UNCLEAR, Flow.RECEIVED, RISKS),
        (None, None, INFORMS),
    ],
)
def test_the_theory_of_severity(effect, flow, severity):
    assert severity_of(effect, flow) is severity


def test_a_difference_becomes_the_finding_of_its_rule():
    (found,), skipped = judged(difference())
    assert (found.rule, found.message, found.severity, skipped) == ("rule-0", "said", BREAKS, ())


def test_no_difference_is_no_finding():
    assert judged() == ((), ())


def test_a_hole_in_the_catalogue_is_a_bug_and_not_silence():
    with pytest.raises(LookupError, match="minItems"):
        judged(difference(attribute="minItems"))


@pytest.mark.parametrize(
    ("category", "protect", "severity"),
    [
        ("wire", "wire", INFORMS),
        ("wire", "docs", INFORMS),
        ("clients", "wire", INFORMS),
        ("clients", "clients", BREAKS),
        ("clients", "docs", BREAKS),
        ("docs", "wire", INFORMS),
        ("docs", "clients", INFORMS),
        ("docs", "docs", RISKS),
    ],
)
def test_protect_widens_whom_a_change_must_not_hurt(category, protect, severity):
    declared = rules({"category": category, "severity": INFORMS})
    config = Config(protect=protect, changelog=True)
    assert severities(difference(), declared=declared, config=config) == [severity]


@pytest.mark.parametrize(
    ("cap", "severity"), [(RISKS, RISKS), (INFORMS, None), (BREAKS, BREAKS), (None, BREAKS)]
)
def test_at_most_lowers_and_never_raises(cap, severity):
    expected = [] if severity is None else [severity]
    assert severities(difference(at_most=cap)) == expected


def test_a_cap_above_the_rule_changes_nothing():
    declared = rules({"severity": RISKS})
    assert severities(difference(at_most=BREAKS), declared=declared) == [RISKS]


@pytest.mark.parametrize(("level", "severity"), [("off", []), (INFORMS, []), (RISKS, [RISKS])])
def test_the_users_severity_wins(level, severity):
    assert severities(difference(), config=Config(severity={"rule-0": level})) == severity


def test_the_users_severity_wins_over_a_cap_too():
    config = Config(severity={"rule-0": BREAKS})
    assert severities(difference(at_most=INFORMS), config=config) == [BREAKS]


def test_info_is_for_the_changelog_unless_the_rule_says_otherwise():
    quiet, shown = rules({"severity": INFORMS}), rules({"severity": INFORMS, "shown": True})
    assert severities(difference(), declared=quiet) == []
    assert severities(difference(), declared=quiet, config=Config(changelog=True)) == [INFORMS]
    assert severities(difference(), declared=shown) == [INFORMS]


@pytest.mark.parametrize(
    ("entry", "silenced"),
    [
        (Ignore(rule="rule-0"), True),
        (Ignore(rule="rule-*"), True),
        (Ignore(rule="rule-1"), False),
        (Ignore(place="POST /orders"), True),
        (Ignore(place="POST /ord*"), True),
        (Ignore(place="post /orders"), False),
        (Ignore(place="GET /*"), False),
        (Ignore(place="PUT /reached"), True),
        (Ignore(place="POST /orders /requestBody/*"), True),
        (Ignore(rule="rule-0", place="GET /*"), False),
        (Ignore(fingerprint="0" * 16), False),
    ],
)
def test_ignore(entry, silenced):
    found, skipped = judged(difference(operations=("PUT /reached",)), config=Config(ignore=(entry,)))
    assert len(found) == (not silenced)
    assert len(skipped) == silenced


def test_ignoring_by_fingerprint_and_saying_so():
    (found,), _ = judged(difference())
    entry = Ignore(fingerprint=found.fingerprint, reason="agreed with the callers")
    findings, (skipped,) = judged(difference(), config=Config(ignore=(entry,)))
    assert findings == ()
    assert skipped.what == f"1 finding of {found.fingerprint}"
    assert skipped.why == "ignored: agreed with the callers"


def test_what_is_ignored_is_counted_by_entry():
    entry = Ignore(rule="rule-0", place="POST *")
    changes = [difference(cause=f"cause {number}") for number in range(3)]
    _, (skipped,) = judged(*changes, config=Config(ignore=(entry,)))
    assert skipped.what == "3 findings of rule-0 at POST *"
    assert skipped.why == "ignored: no reason given"


def test_one_cause_is_one_finding_and_the_worst_one():
    declared = rules(
        {"effect": Effect.NARROWED},
        {"effect": Effect.WIDENED, "severity": RISKS, "title": "Widened"},
    )
    sent = difference(operations=("POST /a",))
    received = difference(effect=Effect.WIDENED, flow=Flow.RECEIVED, operations=("GET /a",))
    (found,), _ = judged(received, sent, declared=declared)
    assert found.rule == "rule-0"
    assert found.difference.operations == ("GET /a", "POST /a")
    assert found.message == "said; also risky: Widened"


@pytest.mark.parametrize(
    "other",
    [{"cause": "another"}, {"attribute": "minLength"}, {"kind": "parameter"}, {"change": Change.EXTRA}],
)
def test_different_causes_stay_apart(other):
    declared = rules({}, {"on": ("request-property", Change.CHANGED, "minLength")})
    declared.rule(
        "extra",
        on=("request-property", Change.EXTRA, "maxLength"),
        title="t",
        severity=BREAKS,
        why="w",
        fix="f",
        bad=next(iter(declared)).bad,
        good=next(iter(declared)).good,
    )(lambda d: "said")
    assert len(severities(difference(), difference(**other), declared=declared)) == 2


def test_of_equal_findings_the_proven_one_is_kept():
    shown = Counterexample("x", Side.EXPECTED, Side.ACTUAL, "too long")
    (found,), _ = judged(difference(pointer="/a"), difference(pointer="/b", counterexample=shown))
    assert found.difference.counterexample == shown


def test_the_worst_come_first_and_the_order_does_not_depend_on_the_input():
    declared = rules({}, {"on": ("request-property", Change.CHANGED, "minLength"), "severity": RISKS})
    changes = [
        difference(object="b", cause="1"),
        difference(object="a", cause="2", attribute="minLength"),
        difference(object="a", cause="3"),
    ]
    forwards, _ = judged(*changes, declared=declared)
    backwards, _ = judged(*reversed(changes), declared=declared)
    assert forwards == backwards
    assert [(f.severity, f.difference.object) for f in forwards] == [
        (BREAKS, "a"),
        (BREAKS, "b"),
        (RISKS, "a"),
    ]


@pytest.mark.parametrize(
    ("place", "silenced"), [("shop/*.py", True), ("shop/models.py", True), ("shop", False)]
)
def test_a_place_may_be_a_file(place, silenced):
    there = difference(locations=(Location(Side.EXPECTED, "shop/models.py", 3),))
    found, _ = judged(there, config=Config(ignore=(Ignore(place=place),)))
    assert len(found) == (not silenced)


@pytest.mark.parametrize(("rule", "silenced"), [("*", False), ("rule-?", True), ("rule-0", True)])
def test_an_ignore_of_everything_does_not_hide_what_is_said_of_ignores(rule, silenced):
    declared = rules({"category": "housekeeping"})
    found, _ = judged(difference(), declared=declared, config=Config(ignore=(Ignore(rule=rule),)))
    assert len(found) == (not silenced)


@pytest.mark.parametrize(
    ("until", "silenced"), [(None, True), (date(2026, 6, 1), True), (date(2026, 5, 31), False)]
)
def test_an_ignore_ends(until, silenced):
    config = Config(ignore=(Ignore(until=until),))
    found, skipped = judge([difference()], rules({}), config, today=date(2026, 6, 1))
    assert (len(found), len(skipped)) == ((0, 1) if silenced else (1, 0))
