"""`python -m tests.openapi.scoreboard [WORD ...]`: how many cases are right, per area, and what went wrong.

Words select cases by a part of their id; `-v` prints every failure (otherwise 8 an area), `-q` none.
"""

from __future__ import annotations

import sys
import traceback
from collections import defaultdict
from collections.abc import Iterable

from tests.openapi.table import Case, all_cases, entries
from tests.openapi.verdicts import MEASURES, Outcome, judge

_LIMIT = 8


def main(arguments: list[str]) -> int:
    """Print the board; 1 if anything is wrong."""
    words = [word for word in arguments if not word.startswith("-")]
    limit = 10**6 if "-v" in arguments else 0 if "-q" in arguments else _LIMIT
    chosen = [case for case in all_cases() if not words or any(word in case.id for word in words)]
    results: dict[str, list[tuple[Case, Outcome]]] = defaultdict(list)
    for case in chosen:
        results[case.area].append((case, _safely(case)))
    for area, scored in results.items():
        _print_failures(area, scored, limit)
    _print_table(results)
    silent = sum(not case.fires for case in chosen)
    print(f"\n{len(chosen)} cases ({silent} silent) from {entries()} written ones")
    return int(any(not scored.right for pairs in results.values() for _, scored in pairs))


def _safely(case: Case) -> Outcome:
    """A crash is a wrong outcome, not the end of the board."""
    try:
        return judge(case)
    except Exception as error:  # noqa: BLE001  the board goes on; pytest shows the trace
        where = traceback.extract_tb(error.__traceback__)[-1]
        place = f"{where.filename.rsplit('/', 1)[-1]}:{where.lineno}"
        text = f"CRASH {type(error).__name__}: {str(error)[:200]} ({place})"
        return Outcome(False, None, None, None, None, (text,))


def _print_failures(area: str, scored: Iterable[tuple[Case, Outcome]], limit: int) -> None:
    wrong = [(case, result) for case, result in scored if not result.right]
    for case, result in wrong[:limit]:
        bad = ",".join(measure for measure in MEASURES if getattr(result, measure) is False)
        wanted = " ".join(
            str(part)
            for part in (case.verdict, case.operation, case.at, case.change, case.attribute, case.rename)
            if part
        )
        print(f"✗ {case.id}\n    wrong: {bad}; wanted: {wanted} (count {case.count})")
        for line in (*result.found[:6], *result.reasons[:3]):
            print(f"    found: {line}")
        if not result.found:
            print("    found: nothing")
    if len(wrong) > limit > 0:
        print(f"  … {len(wrong) - limit} more in {area}")


def _print_table(results: dict[str, list[tuple[Case, Outcome]]]) -> None:
    print(f"\n{'area':24}{'cases':>7}" + "".join(f"{measure:>12}" for measure in MEASURES))
    everything = [pair for pairs in results.values() for pair in pairs]
    for area, pairs in [*results.items(), ("all", everything)]:
        cells = "".join(f"{_cell(pairs, measure):>12}" for measure in MEASURES)
        print(f"{area:24}{len(pairs):>7}{cells}")


def _cell(pairs: list[tuple[Case, Outcome]], measure: str) -> str:
    asked = [getattr(result, measure) for _, result in pairs if getattr(result, measure) is not None]
    return f"{sum(asked)}/{len(asked)}" if asked else "-"


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:]))
