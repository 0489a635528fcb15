"""The tests that `pytest --driftcheck` adds: one function each, and how they come among the others.

They hang below the deepest folder that all tests share, so that fixtures of its conftest.py override ours.
"""

from __future__ import annotations

import sys
from collections.abc import Iterator, Sequence
from dataclasses import replace
from pathlib import Path
from types import ModuleType
from typing import Any

import pytest

from driftcheck.config import Config
from driftcheck.finding import Report
from driftcheck.testing import sides
from driftcheck.testing.verdict import insist, insist_on

NAME = "driftcheck"


def schema(driftcheck_engine: Any, driftcheck_migrations: Any, request: pytest.FixtureRequest) -> None:
    """The live database (or, where there is none, what all migrations make) is what the models say."""
    if driftcheck_engine is None and driftcheck_migrations is not None:
        found: Report = request.getfixturevalue("driftcheck_migrations_report")
        kept = tuple(each for each in found.findings if each.category not in ("history", "danger"))
        insist(replace(found, findings=kept))
    else:
        request.getfixturevalue("driftcheck_db")()


def migrations_history(driftcheck_migrations_report: Report) -> None:
    """One head, no gaps, and every revision runs up, down and up again."""
    insist_on(driftcheck_migrations_report, "history")


def migrations_danger(driftcheck_migrations_report: Report) -> None:
    """No revision that is new since the base loses data, or holds locks for long."""
    insist_on(driftcheck_migrations_report, "danger")


def contract(driftcheck_config: Config, driftcheck_spec: Any, pytestconfig: pytest.Config) -> None:
    """Nothing that callers of the base revision's API rely on is gone."""
    specs = [driftcheck_spec] if isinstance(driftcheck_spec, str) else list(driftcheck_spec)
    sides.contracts(driftcheck_config, pytestconfig.rootpath, specs, sides.base(pytestconfig))


FUNCTIONS = (schema, migrations_history, migrations_danger, contract)


class Generated(pytest.Module):
    """A module that is no file: `driftcheck::schema` and the others."""

    def _getobj(self) -> ModuleType:
        return sys.modules[__name__]

    def collect(self) -> Iterator[pytest.Item]:
        """The tests, in their order."""
        for function in FUNCTIONS:
            item = _Item.from_parent(self, name=function.__name__, callobj=function)
            item.add_marker(pytest.mark.driftcheck)
            yield item


class _Item(pytest.Function):
    """One of the tests; it stands in no file of the user."""

    def reportinfo(self) -> tuple[Path, int, str]:
        return self.config.rootpath / NAME, 0, self.name  # skips need a line


def add(session: pytest.Session, folders: Sequence[pytest.Collector], items: list[pytest.Item]) -> None:
    """Put the tests at the end of `items`. `folders` are those that were collected."""
    parent = _shared(items) or _deepest(folders) or session
    module = Generated.from_parent(parent, path=session.config.rootpath / NAME)
    report = module.ihook.pytest_make_collect_report(collector=module)
    module.ihook.pytest_collectreport(report=report)  # so that pytest counts them
    items += report.result


def _shared(items: Sequence[pytest.Item]) -> pytest.Collector | None:
    """The deepest folder that all items are in."""
    shared: list[Any] = []
    for number, item in enumerate(items):
        chain = [node for node in item.listchain() if isinstance(node, pytest.Directory)]
        shared = chain if number == 0 else [a for a, b in zip(shared, chain, strict=False) if a is b]
    return shared[-1] if shared else None


def _deepest(folders: Sequence[pytest.Collector]) -> pytest.Collector | None:
    """Where there is no test at all: the folder with the conftest.py that is nearest to the tests."""
    with_conftest = [folder for folder in folders if (folder.path / "conftest.py").is_file()]
    return max(with_conftest, key=lambda folder: len(folder.path.parts), default=None)
