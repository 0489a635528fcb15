"""The last step: the baseline is taken out of a report, and ignores are looked after."""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from driftcheck import baseline
from driftcheck.catalogue import all_rules
from driftcheck.config import Config, Ignore
from driftcheck.config_file import config_from, read_config
from driftcheck.difference import Severity
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Skipped
from driftcheck.housekeeping import RULES
from driftcheck.judge import judge
from driftcheck.settle import settle
from tests.builders import difference, finding, report, rules

TODAY = date(2026, 6, 1)
MISSING, EXTRA = "column-missing", "column-extra"
ALL = [rule.id for rule in all_rules()]


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


def entry(**given):
    return Ignore(**{"rule": MISSING, "reason": "why", "written_in": "pyproject.toml", **given})


def told(*entries, used=(), judged=(MISSING, EXTRA), partial=False):
    skipped = tuple(Skipped("1 finding", "ignored", ignore=each.what) for each in used)
    done = settle(
        report(skipped=skipped), Config(ignore=entries), judged, partial=partial, today=TODAY
    )  # fmt: skip
    return [each.rule for each in done.findings]


def test_a_report_without_anything_to_settle_is_the_same():
    before = report(finding())
    assert settle(before, Config(), ALL) is before


@pytest.mark.parametrize(
    ("ignore", "rule"),
    [
        (entry(reason=""), "ignore-without-reason"),
        (entry(reason="  "), "ignore-without-reason"),
        (entry(until=date(2026, 5, 31)), "ignore-expired"),
        (entry(), "ignore-unmatched"),
        (entry(until=TODAY), "ignore-unmatched"),
        (entry(rule="column-miss*"), "ignore-unmatched"),
    ],
)
def test_ignores_are_looked_after(ignore, rule):
    assert told(ignore) == [rule]


@pytest.mark.parametrize(
    "ignore",
    [
        entry(written_in=""),
        entry(written_in="", reason="", until=date(2026, 1, 1)),
        entry(rule="operation-removed"),
        entry(rule="column-*"),
        entry(rule="*", place="orders.*"),
        entry(rule="*", fingerprint="0" * 16),
    ],
)
def test_a_command_is_silent_about_ignores_that_are_not_its_own(ignore):
    assert told(ignore) == []


@pytest.mark.parametrize("ignore", [entry(rule="*"), entry(fingerprint="0" * 16), entry(rule="column-*")])
def test_who_looked_for_everything_knows_of_every_ignore(ignore):
    assert told(ignore, judged=ALL) == ["ignore-unmatched"]
    assert told(ignore, judged=ALL, partial=True) == []
    assert told(ignore, judged=ALL, used=[ignore]) == []


def test_what_silenced_something_is_not_told():
    assert told(entry(), entry(place="b"), used=[entry()]) == ["ignore-unmatched"]


@pytest.mark.parametrize(
    ("ignore", "silenced"),
    [
        (entry(), True),
        (entry(until=TODAY), True),
        (entry(until=date(2026, 5, 31)), False),
        (entry(reason=""), False),
        (entry(reason="", written_in=""), True),
    ],
)
def test_only_what_counts_silences(ignore, silenced):
    declared = rules({"id": MISSING})
    found, skipped = judge([difference()], declared, Config(ignore=(ignore,)), today=TODAY)
    assert (len(found), len(skipped)) == ((0, 1) if silenced else (1, 0))


def test_findings_about_ignores_point_to_the_configuration():
    Path("driftcheck.toml").write_text(
        f'fail-on = "never"\n[[ignore]]\nrule = "{EXTRA}"\nplace = "a.*"\nreason = "why"\n'
        f'[[ignore]]\nrule = "{MISSING}"\n'
    )
    done = settle(report(), read_config(None), ALL, today=TODAY)
    places = {each.rule: (each.locations[0].file, each.locations[0].line) for each in done.findings}
    assert places == {
        "ignore-unmatched": ("driftcheck.toml", 3),
        "ignore-without-reason": ("driftcheck.toml", 7),
    }


def test_the_worst_still_come_first():
    done = settle(
        report(finding(), finding(severity=Severity.INFO)),
        Config(ignore=(entry(reason=""),)),
        ALL,
        today=TODAY,
    )
    assert [each.severity for each in done.findings] == [Severity.BREAKING, Severity.RISKY, Severity.INFO]


def accepted(*findings, **given):
    Path("base.json").write_text(baseline.dump(baseline.baseline_of(findings)))
    return Config(baseline="base.json", **given)


def test_what_the_baseline_accepts_is_skipped_and_what_is_new_stays():
    old, new = finding(cause="old"), finding(cause="new")
    done = settle(report(old, new), accepted(old), ALL)
    assert done.findings == (new,)
    assert [(item.what, item.why) for item in done.skipped] == [
        ("1 finding", "accepted by the baseline base.json")
    ]
    assert done.exit_code == 1
    assert settle(report(old), accepted(old), ALL).exit_code == 0


def test_what_is_gone_is_told_by_who_looked_for_it():
    config = accepted(finding(rule=MISSING), finding(rule="operation-removed"))
    done = settle(report(), config, [MISSING])
    assert [(each.rule, each.severity) for each in done.findings] == [("baseline-fixed", Severity.INFO)]
    assert MISSING in done.findings[0].message
    assert settle(report(), config, [MISSING], partial=True).findings == ()


def test_a_bad_baseline_is_an_error_and_no_pass():
    with pytest.raises(DriftcheckError, match="no baseline"):
        settle(report(), Config(baseline="gone.json"), ALL)


def test_the_baseline_of_a_file_is_beside_that_file(here, monkeypatch):
    Path("driftcheck.toml").write_text('baseline = "b/base.json"\n')
    assert read_config(None).baseline == str(Path("b/base.json"))
    Path("deep").mkdir()
    monkeypatch.chdir(here / "deep")
    assert read_config(None).baseline == str(Path("../b/base.json"))
    assert config_from({"baseline": "x.json"}, "command line").baseline == "x.json"


def example(text, config):
    """What the example's findings, judged with its ignores, leave to be told."""
    found = [difference(kind="column", object=line.split()[1], cause=line) for line in text.splitlines()]
    entries = config_from(tomllib.loads(config), "driftcheck.toml").ignore
    settings = Config(ignore=tuple(entry(**_fields(each)) for each in entries))
    judged, skipped = judge(found, rules({"id": MISSING}), settings, today=TODAY)
    done = settle(report(*judged, skipped=skipped), settings, [MISSING], today=TODAY)
    return [each.rule for each in done.findings if each.category == "housekeeping"]


def _fields(ignore):
    return {name: getattr(ignore, name) for name in ("rule", "place", "reason", "until")}


@pytest.mark.parametrize(
    "rule", [rule for rule in RULES if "[[ignore]]" in rule.bad.actual], ids=lambda rule: rule.id
)
def test_rules_keep_their_word(rule):
    assert example(rule.bad.expected, rule.bad.actual) == [rule.id]
    assert example(rule.good.expected, rule.good.actual) == []


def test_every_rule_is_proven_here_or_in_its_own_test():
    proven_elsewhere = {"ignore-without-rule", "baseline-fixed", "part-failed"}
    assert {rule.id for rule in RULES if "[[ignore]]" not in rule.bad.actual} == proven_elsewhere
