"""Comments in models and revisions silence what `driftcheck db` finds there, and are looked after."""

from __future__ import annotations

from pathlib import Path

import pytest

from driftcheck.database.check import check_database
from tests.shop import copy

MODELS = "shop/models.py"


@pytest.fixture
def shop(tmp_path, monkeypatch):
    """The demo project; its modules are forgotten afterwards."""
    import sys

    copy(tmp_path)
    monkeypatch.chdir(tmp_path)
    before = set(sys.modules)
    yield tmp_path
    for name in set(sys.modules) - before:
        if name == "shop" or name.startswith("shop."):
            del sys.modules[name]


def found(comment, end=""):
    column = f"    note: Mapped[str | None] = mapped_column(String(20)){comment}\n{end}"
    Path(MODELS).write_text(Path(MODELS).read_text() + column)
    return check_database(models="shop.models:Base", migrations="alembic.ini")


def rules(report):
    return [finding.rule for finding in report.findings]


def test_without_a_comment_it_is_told(shop):
    assert rules(found("")) == ["column-missing"]


def test_a_comment_at_the_column_silences_it(shop):
    report = found("  # driftcheck: ignore[column-missing] made by hand")
    assert rules(report) == []
    assert "ignored: made by hand" in {item.why for item in report.skipped}


def test_a_comment_that_silences_nothing_is_told(shop):
    report = found(
        "  # driftcheck: ignore[column-missing] why", "    # driftcheck: ignore[column-extra] why\n"
    )
    assert rules(report) == ["ignore-unmatched"]


def test_also_one_in_a_revision(shop):
    with Path("migrations/versions/0001_orders.py").open("a") as file:
        file.write("# driftcheck: ignore[column-extra] why\n")
    report = check_database(models="shop.models:Base", migrations="alembic.ini")
    assert rules(report) == ["ignore-unmatched"]
    assert report.findings[0].locations[0].file == "migrations/versions/0001_orders.py"
