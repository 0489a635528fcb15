"""Pytest in pytest."""

from __future__ import annotations

import pytest

from tests.testing.project import Project


@pytest.fixture
def project(pytester, monkeypatch):
    monkeypatch.delenv("PYTEST_ADDOPTS", raising=False)
    # in CI, pytest writes each message out a second time in its summary
    for name in (
        "CI",
        "BUILD_NUMBER",
        "GITHUB_BASE_REF",
        "CI_MERGE_REQUEST_TARGET_BRANCH_NAME",
        "SHOP_DATABASE_URL",
    ):
        monkeypatch.delenv(name, raising=False)
    return Project(pytester)
