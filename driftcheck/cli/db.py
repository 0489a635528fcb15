"""`driftcheck db`: the live database, the models and the migrations, against each other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Annotated, Any

import typer

from driftcheck.cli import options
from driftcheck.config import Config
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report

ENGINES = ("postgresql", "mysql", "mariadb", "sqlite")

# fmt: off
# The live database: the options of all three commands.
Url = Annotated[list[str] | None, typer.Option(
    "--url", metavar="URL",
    help="The live database, read only (repeatable: many databases in one report).")]
UrlEnv = Annotated[str | None, typer.Option(
    "--url-env", metavar="NAME", help="Take the URL from this environment variable.")]
Schema = Annotated[list[str] | None, typer.Option(
    "--schema", metavar="NAME",
    help="Also read this schema, beside the default one and those of the models (repeatable).")]
Timeout = Annotated[float | None, typer.Option(
    "--timeout", metavar="SECONDS",
    help="Longest that one statement on the live database may take [default: 30].")]

# What it is compared with.
UrlsFile = Annotated[Path | None, typer.Option(
    "--urls-file", exists=True, dir_okay=False, metavar="FILE", help="More URLs, one a line.")]
Jobs = Annotated[int | None, typer.Option(
    "--jobs", metavar="N", help="How many databases are read at a time [default: 8].")]
Models = Annotated[str | None, typer.Option(
    "--models", metavar="MODULE:BASE",
    help="The models: a declarative base, a metadata, a module, a package, or env.py.")]
Migrations = Annotated[str | None, typer.Option(
    "--migrations", metavar="PATH", help="An alembic.ini, or the folder of env.py.")]
Against = Annotated[str | None, typer.Option(
    "--against", metavar="SIDE",
    help="Compare live with another URL, a snapshot (.json) or a file of DDL (.sql).")]
Include = Annotated[list[str] | None, typer.Option(
    "--include", metavar="GLOB", help="Only objects that match, as 'orders*'.")]
Exclude = Annotated[list[str] | None, typer.Option(
    "--exclude", metavar="PATTERN", help="No objects that match, as 'tmp_*'.")]
Scratch = Annotated[str | None, typer.Option(
    "--scratch", metavar="auto|URL",
    help="Where schemas are built: a private server, or an empty database of yours.")]
Engine = Annotated[str | None, options.one_of(
    ENGINES, "--engine", help="The engine, when neither a live URL nor the migrations say it.")]
NoCache = Annotated[bool, typer.Option("--no-cache", help="Build everything again.")]
FixHints = Annotated[bool, typer.Option(
    "--fix-hints", help="Print a likely fix for each finding; nothing is run.")]
SnapshotFile = Annotated[Path | None, typer.Option(
    "--output", "-o", metavar="FILE", dir_okay=False, help="Write to FILE.")]
# fmt: on

app = typer.Typer(rich_markup_mode=None)


@app.callback(
    invoke_without_command=True,
    epilog="Give two or more sides. Without --url everything happens in scratch databases.",
)
def command(
    context: typer.Context,
    url: Url = None,
    url_env: UrlEnv = None,
    schema: Schema = None,
    timeout: Timeout = None,
    urls_file: UrlsFile = None,
    jobs: Jobs = None,
    models: Models = None,
    migrations: Migrations = None,
    against: Against = None,
    include: Include = None,
    exclude: Exclude = None,
    scratch: Scratch = None,
    engine: Engine = None,
    no_cache: NoCache = False,
    fix_hints: FixHints = False,
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
    """Compare a live database with models and migrations, and say which side is wrong."""
    given = locals()  # all options by name, as they join the configuration file
    return _compare(given) if context.invoked_subcommand is None else 0


def _compare(given: Mapping[str, Any]) -> int:
    from driftcheck.cli.output import deliver

    config = options.configured(given, "db")
    if given["no_cache"]:
        config = replace(config, db=replace(config.db, cache=False))
    urls = _urls(_live(config, given), given["urls_file"])
    with telling(bool(given["quiet"])) as told:
        relied: list[Any] = []
        report = _check(config, urls, told, relied.append)
    status = deliver(report, given, config)
    if given["fix_hints"]:
        from driftcheck.database.fixes.hints import fix_lines

        for line in fix_lines(report, relied[0] if relied else None):
            typer.echo(line, err=given["format"] != "text")
    return status


def _check(
    config: Config, urls: list[str], told: Callable[[str], None], expects: Callable[[Any], None]
) -> Report:
    from driftcheck.database.check import Request, check
    from driftcheck.database.many import check_many

    db = config.db
    request = Request(
        urls[0] if len(urls) == 1 else None,
        db.models or None,
        db.migrations or None,
        db.against or None,
        db.schema,
        db.scratch,
        db.engine or None,
        config,
        told,
        expects,
    )
    if len(urls) < 2:
        return check(request)
    return check_many(request, urls)


def _live(config: Config, given: Mapping[str, Any]) -> Config:
    """Of a variable that only the configuration names: --url goes first, and it may be unset."""
    name = config.db.url_env
    if given["url_env"] or not name or (os.environ.get(name) and not given["url"]):
        return config
    if not given["url"]:
        typer.echo(f"driftcheck: {name} is not set: the live database that it names is left out", err=True)
    return replace(config, db=replace(config.db, url_env=""))


def _urls(config: Config, file: Path | None) -> list[str]:
    """From options, the environment and the file, in this order, each once."""
    urls = list(config.db.url)
    if config.db.url_env:
        value = os.environ.get(config.db.url_env)
        if not value:
            raise DriftcheckError(f"the environment variable {config.db.url_env} is not set")
        urls.append(value)
    if file is not None:
        lines = (line.strip() for line in file.read_text(encoding="utf-8").splitlines())
        urls += [line for line in lines if line and not line.startswith("#")]
    return list(dict.fromkeys(urls))


@contextmanager
def telling(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A line on stderr with what is going on, kept up to date."""
    from driftcheck.cli.progress import progress

    doing = ["driftcheck: reading"]

    def told(text: str) -> None:
        doing[0] = f"driftcheck: {text}"

    with progress(lambda: doing[0], quiet):
        yield told


@app.command()
def snapshot(
    url: Url = None,
    url_env: UrlEnv = None,
    schema: Schema = None,
    timeout: Timeout = None,
    output: SnapshotFile = None,
) -> int:
    """Write the schema of a live database as JSON, to commit and to compare with (--against)."""
    given = locals()
    from driftcheck.cli.output import write_file, write_out
    from driftcheck.database.sources.snapshot import dump_snapshot

    text = dump_snapshot(_read(given))
    if output is None:
        write_out(text)
    else:
        write_file(output, text)
    return 0


@app.command()
def show(url: Url = None, url_env: UrlEnv = None, schema: Schema = None, timeout: Timeout = None) -> int:
    """Print the schema of a live database for people."""
    given = locals()
    from driftcheck.cli.output import write_out
    from driftcheck.database.show import show_database
    from driftcheck.report.escape import printable

    lines = (printable(line) for line in show_database(_read(given)))
    write_out("\n".join(lines) + "\n")
    return 0


def _read(given: Mapping[str, Any]) -> Any:
    from driftcheck.database import connect
    from driftcheck.database.dialects.catalog import Scope

    config = options.configured({**given, "config": None}, "db")
    urls = _urls(_live(config, given), None)
    if len(urls) != 1:
        raise DriftcheckError("one database is needed", "give it with --url or --url-env")
    with connect.opened(urls[0], config.db.timeout) as connection:
        return connect.read(connection, Scope(config.db.schema), config.db.timeout)
