"""Baselines: written and read back, what they accept, and what is told about them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from driftcheck import baseline
from driftcheck.errors import DriftcheckError
from tests.builders import finding


@pytest.fixture(autouse=True)
def here(tmp_path, monkeypatch):
    monkeypatch.chdir(tmp_path)
    return tmp_path


A, B = finding(cause="a"), finding(cause="b", object="GET /b", rule="another")
A_ELSEWHERE = finding(cause="a", message="Said otherwise.")


def written(*findings):
    Path("base.json").write_text(baseline.dump(baseline.baseline_of(findings)))
    return baseline.read("base.json")


@pytest.mark.parametrize("findings", [(), (A,), (A, B), (A, A, B), (A, A_ELSEWHERE)])
def test_what_is_written_is_read_back(findings):
    assert written(*findings) == baseline.baseline_of(findings)


def test_one_finding_is_one_line_in_a_stable_order():
    text = baseline.dump(baseline.baseline_of([A, B, B]))
    assert text == baseline.dump(baseline.baseline_of([B, A, B]))
    first, *lines, last = text.splitlines()
    assert (first, last) == ('{"driftcheck-baseline": 1, "findings": [', "]}")
    entries = [json.loads(line.rstrip(",")) for line in lines]
    assert [(entry["rule"], entry.get("count")) for entry in entries] == [("another", 2), (A.rule, None)]
    assert entries[1]["fingerprint"] == A.fingerprint
    assert json.loads(text)["findings"] == entries


def test_hostile_text_stays_on_its_line():
    nasty = finding(object="a\nb\u2028", message='"]}\ud800')
    assert len(baseline.dump(baseline.baseline_of([nasty])).splitlines()) >= 3
    (entry,) = written(nasty)
    assert entry.object == "a\nb\u2028"


def test_findings_about_ignores_are_not_accepted():
    about = finding(category="housekeeping")
    assert baseline.baseline_of([about]) == {}
    accepted = baseline.baseline_of([finding()])
    assert baseline.split([about], accepted) == ([about], 0, accepted)


@pytest.mark.parametrize(
    ("accepted", "found", "new", "count", "gone"),
    [
        ((), (), [], 0, 0),
        ((), (A,), [A], 0, 0),
        ((A,), (A,), [], 1, 0),
        ((A,), (B,), [B], 0, 1),
        ((A,), (A, B), [B], 1, 0),
        ((A, B), (B,), [], 1, 1),
        ((A,), (A, A), [A], 1, 0),
        ((A, A), (A,), [], 1, 1),
        ((A, A), (A, A), [], 2, 0),
        ((A,), (A_ELSEWHERE,), [], 1, 0),
        ((A,), (A_ELSEWHERE, A), [A_ELSEWHERE], 1, 0),
        ((A, A_ELSEWHERE), (A, A), [], 2, 0),
    ],
)  # fmt: skip
def test_what_is_new_what_is_accepted_and_what_is_gone(accepted, found, new, count, gone):
    got = baseline.split(found, baseline.baseline_of(accepted))
    assert (got[0], got[1], sum(got[2].values())) == (new, count, gone)


def test_only_what_was_looked_for_can_be_gone():
    gone = baseline.baseline_of([A, B])
    assert [each.name for each in baseline.fixed(gone, {"another"}, "base.json")] == ["another"]
    assert baseline.fixed(gone, set(), "base.json") == []


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("", "is not JSON"),
        ("<<<<<<< ours\n", "is not JSON"),
        ("[]", "has no 'driftcheck-baseline'"),
        ('{"findings": []}', "has no 'driftcheck-baseline'"),
        ('{"driftcheck-baseline": 2, "findings": []}', "version 2"),
        ('{"driftcheck-baseline": 1}', "no list of findings"),
        ('{"driftcheck-baseline": 1, "findings": [1]}', "finding 1 is not one"),
        ('{"driftcheck-baseline": 1, "findings": [{"rule": "a"}]}', "finding 1 is not one"),
        ('{"driftcheck-baseline": 1, "findings": [{"fingerprint": 1}]}', "finding 1 is not one"),
        (
            '{"driftcheck-baseline": 1, "findings": [{"fingerprint": "a", "count": 0}]}',
            "finding 1 is not one",
        ),
        ('{"driftcheck-baseline": 1, "findings": [{"fingerprint": "a", "count": true}]}', "finding 1 is not"),
        ("[" * 100_000, "is no"),
    ],
)
def test_a_file_that_is_no_baseline(text, said):
    Path("base.json").write_text(text)
    with pytest.raises(DriftcheckError, match=said) as caught:
        baseline.read("base.json")
    assert "driftcheck baseline write" in caught.value.hint


def test_a_file_that_is_not_there():
    with pytest.raises(DriftcheckError, match=r"no baseline gone\.json") as caught:
        baseline.read("gone.json")
    assert "driftcheck baseline write" in caught.value.hint


def test_a_folder_is_no_baseline(here):
    with pytest.raises(DriftcheckError, match="cannot be read"):
        baseline.read(str(here))
