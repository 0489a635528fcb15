"""What the golden reports are. `python -m tests.report.goldens` writes them anew: look at the diff then."""

from __future__ import annotations

from pathlib import Path

from driftcheck.report import Layout, render
from tests.builders import report, rich_report

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
}


def rendered(name: str) -> str:
    """The report that the golden file should hold."""
    format, make, layout = GOLDENS[name]
    return render(make(), format, layout)


if __name__ == "__main__":
    for name in GOLDENS:
        (FOLDER / name).write_text(rendered(name), encoding="utf-8")
