"""Measures every format on a report of 5,000 findings: the time to render it, its size, and its limit.

`python -m benchmarks.reports [--findings N] [--write FOLDER]`; figures stand beside those of the JSON report.
"""

from __future__ import annotations

import argparse
import gzip
import time
from pathlib import Path

from driftcheck.difference import (
    Change,
    Counterexample,
    Difference,
    Effect,
    Flow,
    Location,
    Rename,
    Severity,
    Side,
)
from driftcheck.finding import Finding, Relation, Report, Skipped
from driftcheck.report import FORMATS, Layout, render

_METHODS = ("GET", "POST", "PUT", "DELETE")
_LEVELS = (Severity.BREAKING, Severity.BREAKING, Severity.RISKY, Severity.INFO)
_RULES = ("request-property-renamed", "request-property-max-length-decreased", "response-property-removed")
_LIMITS = {"markdown": "65,536 characters", "summary": "1 MiB", "sarif": "10 MB compressed", "junit": "30 MB"}


def many_findings(count: int) -> Report:
    """A report of findings of an API and of a database, four to one, the worst first."""
    made = [_of_api(number) if number % 5 else _of_database(number) for number in range(count)]
    made.sort(key=lambda finding: finding.severity.rank)
    tables = sorted({_table(number) for number in range(0, count, 5)})
    relations = tuple(Relation(a, b, (f"{b}_id",)) for a, b in zip(tables, tables[7:], strict=False))
    skipped = tuple(Skipped(f"GET /broken/{number}", "a reference leads nowhere") for number in range(50))
    return Report("check", "main:openapi.yaml", "openapi.yaml", tuple(made), skipped, relations=relations)


def _of_api(number: int) -> Finding:
    path = f"/v1/{'abcdefghij'[number % 10]}-resources/{{id}}/part{number % 97}"
    operation = f"{_METHODS[number % 4]} {path}"
    shared = number % 3 == 0
    name = f"field_{number}"
    difference = Difference(
        subject="request-property",
        kind="property",
        object=f"Component{number % 200}" if shared else operation,
        change=Change.RENAMED if number % 2 else Change.CHANGED,
        cause=f"openapi.yaml#/components/schemas/S{number}",
        attribute=None if number % 2 else "maxLength",
        name=name,
        expected=name if number % 2 else {"maxLength": 40, "enum": ["open", "paid"]},
        actual=f"user_{name}" if number % 2 else {"maxLength": 20, "enum": ["open", "paid", "gone"]},
        flow=Flow.SENT,
        effect=Effect.NARROWED,
        operation=None if shared else operation,
        pointer=f"/requestBody/content/application~1json/schema/properties/{name}",
        operations=tuple(
            f"GET /v1/{'abcdefghij'[n % 10]}-resources/{{id}}/part{n}" for n in range(number % 30)
        ),
        rename=Rename(name, f"user_{name}", 0.9) if number % 2 else None,
        counterexample=Counterexample(
            {name: "a" * 30, "items": [1, 2, 3]},
            Side.EXPECTED,
            Side.ACTUAL,
            "it is longer than 20 characters",
        ),
    )
    places = (
        Location(Side.EXPECTED, "main:openapi.yaml", number + 1, 9),
        Location(Side.ACTUAL, "openapi.yaml", number + 3, 9),
    )
    rule = _RULES[number % len(_RULES)]
    message = f"field {name} was at most 40 characters long, and is now at most 20"
    return Finding(rule, _LEVELS[number % 4], "A request property", message, "wire", difference, places)


def _table(number: int) -> str:
    return f"table_{number % 60}"


def _of_database(number: int) -> Finding:
    place = f"{_table(number)}.column_{number}"
    difference = Difference(
        subject="column",
        kind="column",
        object=place,
        change=Change.CHANGED,
        cause=place,
        attribute="length",
        expected=50,
        actual=20,
        flow=Flow.SENT,
        effect=Effect.NARROWED,
        attribution="hand-made",
    )
    message = f"length of column {place} is 20, expected 50: longer values are refused."
    places = (Location(Side.EXPECTED, "app/models.py", number + 1),)
    level = _LEVELS[number % 4]
    return Finding(
        "column-length-narrowed", level, "Column is shorter", message, "writes", difference, places
    )


def main() -> None:
    """Print a row for each format."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--findings", type=int, default=5_000)
    parser.add_argument("--write", type=Path, help="also write the reports into this folder")
    given = parser.parse_args()
    report = many_findings(given.findings)
    line = [
        f"    property_{number}: {{type: string, maxLength: 40}}" for number in range(given.findings + 10)
    ]
    layout = Layout(sources=lambda _name: line)
    base = _measure(report, "json", layout)[0]
    print(f"{given.findings:,} findings; 1.0 is the JSON report")
    for kind in FORMATS:
        seconds, written = _measure(report, kind, layout)
        size = len(written.encode())
        packed = len(gzip.compress(written.encode()))
        print(
            f"{kind:<9} {seconds:6.2f} s {seconds / base:6.1f}  {size / 1e6:7.2f} MB {packed / 1e6:6.2f} MB"
            f" compressed  {_LIMITS.get(kind, '')}"
        )
        if given.write is not None:
            (given.write / f"report.{kind}").write_text(written, encoding="utf-8")


def _measure(report: Report, kind: str, layout: Layout) -> tuple[float, str]:
    """The cheaper of two runs, in seconds of this process."""
    runs = []
    for _ in range(2):
        start = time.process_time()
        written = render(report, kind, layout)
        runs.append(time.process_time() - start)
    return min(runs), written


if __name__ == "__main__":
    main()
