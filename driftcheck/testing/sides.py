"""What the fixtures stand for unless they are overridden, and the checks that they make.

Paths of the configuration are those of its folder, so every check runs from there.
"""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Sequence
from contextlib import chdir, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from driftcheck.config import Config
from driftcheck.config_file import read_config, root_of
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report
from driftcheck.testing.verdict import impossible, insist


def configuration(root: Path) -> Config:
    """That of the nearest file from the root of the tests upwards."""
    try:
        return read_config(None, root)
    except DriftcheckError as error:
        impossible(error)


@contextmanager
def at_home(root: Path) -> Iterator[None]:
    """In the folder of the configuration; what a user can mend fails the test in a sentence."""
    problem = None
    with chdir(root_of(None, root)):
        try:
            yield
        except DriftcheckError as error:
            problem = error
    if problem is not None:  # outside of `except`, or pytest shows both
        impossible(problem)


def url(config: Config) -> str | None:
    """The live database of the configuration, if there is one today."""
    named = os.environ.get(config.db.url_env) if config.db.url_env else None
    return named or next(iter(config.db.url), None)


def models(config: Config) -> str | None:
    """The models of the configuration."""
    return config.db.models or config.migrations.models or None


def migrations(config: Config) -> str | None:
    """The migrations of the configuration."""
    return config.migrations.migrations or config.db.migrations or None


def spec(config: Config, given: str | None) -> Sequence[str]:
    """The descriptions: that of the command line, or all that are configured."""
    if given:
        return (given,)
    return config.api.spec or ((config.traffic.spec,) if config.traffic.spec else ())


def database_check(
    config: Config, root: Path, engine: Any, models: Any, migrations: Any
) -> Callable[..., Report]:
    """The function that `driftcheck_db` gives."""

    def check(url: Any = None, *, models: Any = models, migrations: Any = migrations) -> Report:
        return insist(database_report(config, root, engine if url is None else url, models, migrations))

    return check


def database_report(config: Config, root: Path, live: Any, models: Any, migrations: Any) -> Report:
    """A URL is held to models and migrations; an engine of the tests, which nobody stamps, to the models."""
    from driftcheck.database.check import check_database

    if live is not None and not isinstance(live, str) and models is not None:
        migrations = None
    if sum(side is not None for side in (live, models, migrations)) < 2 and migrations is None:
        pytest.skip("driftcheck: there are not two sides: set models and an engine, or migrations")
    plain = replace(config, db=replace(config.db, url=(), models="", migrations="", against=""))
    with at_home(root):
        return check_database(live, models=models, migrations=migrations, config=plain)


def base(config: pytest.Config) -> str:
    """The revision that the command line or the ini file names."""
    return str(config.getoption("driftcheck_base") or config.getini("driftcheck_base"))


def migrations_report(config: Config, root: Path, migrations: Any, models: Any, base: str) -> Report:
    """All that `driftcheck check` says of migrations: those are judged that the base does not have."""
    from driftcheck.base_revision import find_base
    from driftcheck.database.migrations.check import check_migrations

    if migrations is None:
        pytest.skip("driftcheck: no migrations: set them in [tool.driftcheck.migrations]")
    with at_home(root):
        since = base or config.migrations.base or config.check.base
        try:
            since = find_base(since).short
        except DriftcheckError:
            if since:
                raise
        return check_migrations(migrations, models=models, base=since, config=config)


def api_check(config: Config, root: Path) -> Callable[..., Report]:
    """The function that `driftcheck_api` gives."""

    def check(old: Any, new: Any) -> Report:
        from driftcheck.openapi.check import check_api

        with at_home(root):
            report = check_api(old, new, config=config)
        return insist(report)

    return check


def contracts(config: Config, root: Path, specs: Sequence[Any], base: str) -> None:
    """Each description against itself where this branch began."""
    from driftcheck.base_revision import find_base

    if not specs:
        pytest.skip("driftcheck: no description: set `spec` in [tool.driftcheck.api]")
    with at_home(root):
        since = find_base(base or config.check.base)
        for each in specs:
            _contract(config, each, since.short)


def _contract(config: Config, spec: str, base: str) -> None:
    from driftcheck.checking.parts import run_part
    from driftcheck.checking.plan import Part

    part = Part("contract", "api", ".", replace(config, api=replace(config.api, spec=(str(spec),))), base)
    insist(run_part(part))
