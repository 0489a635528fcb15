"""Whole reports, as they were last looked at and found good."""

from __future__ import annotations

import pytest

from tests.report.goldens import FOLDER, GOLDENS, rendered


@pytest.mark.parametrize("name", GOLDENS)
def test_the_report_is_the_golden_one(name):
    assert rendered(name) == (FOLDER / name).read_text("utf-8")


def test_every_golden_file_is_used():
    assert {path.name for path in FOLDER.iterdir()} == set(GOLDENS)
