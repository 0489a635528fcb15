"""What the golden reports are. `python -m tests.report.goldens` writes them anew: look at the diff then."""

from __future__ import annotations

from pathlib import Path
from unittest.mock import patch

from driftcheck.report import Layout, render
from tests.builders import report, rich_report, rules
from tests.report.mixed import LAYOUT, mixed_report

RULES = tuple(
    rules(
        {
            "id": "request-property-renamed",
            "title": "A request property was renamed",
            "why": "Consumers go on sending the old name.",
            "fix": "Accept and send both names until all consumers have moved.",
        },
        {"id": "column-renamed", "title": "Column has another name", "category": "writes"},
    )
)
FOLDER = Path(__file__).parents[2] / "fixtures" / "reports"
GOLDENS = {
    "plain.txt": ("text", rich_report, Layout()),
    "color.txt": ("text", rich_report, Layout(color=True)),
    "quiet.txt": ("text", rich_report, Layout(verbosity=-1)),
    "verbose.txt": ("text", rich_report, Layout(verbosity=1)),
    "wide.txt": ("text", rich_report, Layout(width=120)),
    "nothing.txt": ("text", report, Layout()),
    "report.json": ("json", rich_report, Layout()),
    "nothing.json": ("json", report, Layout()),
    "mixed.txt": ("text", mixed_report, LAYOUT),
    "mixed.json": ("json", mixed_report, LAYOUT),
    "mixed.html": ("html", mixed_report, LAYOUT),
    "mixed.md": ("markdown", mixed_report, LAYOUT),
    "mixed.github": ("github", mixed_report, LAYOUT),
    "mixed.codequality.json": ("gitlab", mixed_report, LAYOUT),
    "mixed.sarif": ("sarif", mixed_report, LAYOUT),
    "mixed.xml": ("junit", mixed_report, LAYOUT),
    "nothing.html": ("html", report, Layout()),
    "nothing.md": ("markdown", report, Layout()),
    "nothing.summary.md": ("summary", report, Layout()),
    "nothing.github": ("github", report, Layout()),
    "nothing.codequality.json": ("gitlab", report, Layout()),
    "nothing.sarif": ("sarif", report, Layout()),
    "nothing.xml": ("junit", report, Layout()),
}


def rendered(name: str) -> str:
    """The report that the golden file should hold."""
    format, make, layout = GOLDENS[name]
    with patch("driftcheck.catalogue.all_rules", lambda: RULES):  # whose wording is no matter of reports
        return render(make(), format, layout)


if __name__ == "__main__":
    for name in GOLDENS:
        (FOLDER / name).write_text(rendered(name), encoding="utf-8")
