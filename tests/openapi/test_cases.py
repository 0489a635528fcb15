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


def test_half_of_the_written_cases_must_stay_silent() -> None:
    single = [case for case in CASES if "[" not in case.id]
    silent = sum(not case.fires for case in CASES)

    assert silent * 3 >= len(CASES)
    assert len(single) >= 300
