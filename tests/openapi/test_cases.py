"""Every case of fixtures/cases through the public API: verdict, place, rename, counterexample, count.

`python -m tests.openapi.scoreboard` shows the same as a table.
"""

import pytest

from tests.openapi.table import Case, all_cases
from tests.openapi.verdicts import MEASURES, judge

CASES = all_cases()


@pytest.mark.parametrize("case", CASES, ids=[case.id for case in CASES])
def test_case_is_judged_right(case: Case) -> None:
    outcome = judge(case)

    wrong = [measure for measure in MEASURES if getattr(outcome, measure) is False]
    assert not wrong, (case.verdict, case.operation, case.at, outcome.found, outcome.reasons)


def test_about_half_of_the_cases_beside_rewrites_must_stay_silent() -> None:
    others = [case for case in CASES if case.area not in ("equal_rewrites", "cross_version")]
    silent = sum(not case.fires for case in others)

    assert 0.4 < silent / len(others) < 0.7


def test_every_area_has_silent_and_firing_cases() -> None:
    areas = {case.area for case in CASES}

    assert {case.area for case in CASES if not case.fires} == areas - {"multi_cause", "renames"} | {
        "multi_cause"
    }
    assert {case.area for case in CASES if case.fires} == areas - {"equal_rewrites"}
