"""`driftcheck migrations`: what the revisions will do to production, by running them on a scratch engine."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Annotated, Any

import typer

from driftcheck.cli import options
from driftcheck.cli.db import ENGINES, telling
from driftcheck.config import Config

# fmt: off
Migrations = Annotated[str | None, typer.Option(
    "--migrations", metavar="PATH",
    help="An alembic.ini, a pyproject.toml, or the folder of env.py [default: those of this directory].")]
Base = Annotated[str | None, typer.Option(
    "--base", metavar="GITREV",
    help="Only revisions that are new since this git revision can fail; also checks the rolling deploy.")]
Url = Annotated[str | None, typer.Option(
    "--url", metavar="URL",
    help="A live database, read only: revisions pending there are tried, its rows weigh the danger.")]
Models = Annotated[str | None, typer.Option(
    "--models", metavar="MODULE:BASE",
    help="The models [default: the target_metadata of env.py].")]
Schema = Annotated[list[str] | None, typer.Option(
    "--schema", metavar="NAME",
    help="Also look at this schema, beside the default one and those of the models (repeatable).")]
Include = Annotated[list[str] | None, typer.Option(
    "--include", metavar="GLOB", help="Compare only objects that match, as 'orders*'.")]
Exclude = Annotated[list[str] | None, typer.Option(
    "--exclude", metavar="PATTERN", help="Compare no objects that match, as 'tmp_*'.")]
Scratch = Annotated[str | None, typer.Option(
    "--scratch", metavar="auto|URL",
    help="Where revisions are run: a private server, or an empty database of yours.")]
Engine = Annotated[str | None, options.one_of(
    ENGINES, "--engine", help="The engine, when neither a URL nor env.py says it.")]
Timeout = Annotated[float | None, typer.Option(
    "--timeout", metavar="SECONDS",
    help="Longest that one statement on the live database may take [default: 30].")]
SmallTable = Annotated[int | None, typer.Option(
    "--small-table", metavar="ROWS",
    help="Tables with fewer rows (at --url) are locked or rewritten without alarm [default: 10000].")]
Thorough = Annotated[bool, typer.Option(
    "--thorough", help="Try every revision of a long history, not only the newest.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Run everything again.")]
# fmt: on

EPILOG = "Nothing runs outside the scratch engine: every other connection is refused."


def command(
    migrations: Migrations = None,
    base: Base = None,
    url: Url = None,
    models: Models = None,
    schema: Schema = None,
    include: Include = None,
    exclude: Exclude = None,
    scratch: Scratch = None,
    engine: Engine = None,
    timeout: Timeout = None,
    small_table: SmallTable = None,
    thorough: Thorough = False,
    no_cache: NoCache = False,
    format: options.Format = "text",
    output: options.Output = None,
    report: options.Reports = None,
    fail_on: options.FailingLevel = None,
    protect: options.Protected = None,
    changelog: options.Changelog = False,
    severity: options.Severities = None,
    ignore: options.Ignored = None,
    baseline: options.Baseline = None,
    config: options.ConfigFile = None,
    no_color: options.NoColor = False,
    quiet: options.Quiet = 0,
    verbose: options.Verbose = 0,
) -> int:
    """Check a history of Alembic revisions: its files, what each does, and whether it can be taken back."""
    given = locals()  # all options by name, as they join the configuration file
    return _check(given)


def _check(given: Mapping[str, Any]) -> int:
    from driftcheck.cli.output import deliver

    config = options.configured(given, "migrations")
    if given["thorough"]:
        config = replace(config, migrations=replace(config.migrations, thorough=True))
    if given["no_cache"]:
        config = replace(config, migrations=replace(config.migrations, cache=False))
    with telling(bool(given["quiet"])) as told:
        report = _report(config, told)
    return deliver(report, given, config)


def _report(config: Config, told: Callable[[str], None]) -> Any:
    from driftcheck.database.migrations.check import Request, check

    own = config.migrations
    return check(Request(own.migrations or None, own.models or None, config, told))
