"""`driftcheck db`: the live database, the models and the migrations, against each other."""

from __future__ import annotations

import os
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any, TypeVar

import click

from driftcheck.cli.options import configured, report_options
from driftcheck.config import Config
from driftcheck.errors import DriftcheckError

Function = TypeVar("Function", bound=Callable[..., Any])

_LIVE = (
    click.option("--url", multiple=True, metavar="URL",
                 help="The live database, read only (repeatable: many databases in one report)."),
    click.option("--url-env", metavar="NAME", help="Take the URL from this environment variable."),
    click.option("--schema", multiple=True, metavar="NAME",
                 help="Also read this schema, beside the default one and those of the models (repeatable)."),
    click.option("--timeout", type=float, metavar="SECONDS",
                 help="Longest that one statement on the live database may take [default: 30]."),
)  # fmt: skip

_SIDES = (
    click.option("--urls-file", type=click.Path(exists=True, dir_okay=False, path_type=Path), metavar="FILE",
                 help="More URLs, one a line."),
    click.option("--jobs", type=int, metavar="N", help="How many databases are read at a time [default: 8]."),
    click.option("--models", metavar="MODULE:BASE",
                 help="The models: a declarative base, a metadata, a module, a package, or env.py."),
    click.option("--migrations", metavar="PATH", help="An alembic.ini, or the folder of env.py."),
    click.option("--against", metavar="SIDE",
                 help="Compare live with another URL, a snapshot (.json) or a file of DDL (.sql)."),
    click.option("--include", multiple=True, metavar="GLOB", help="Only objects that match, as 'orders*'."),
    click.option("--exclude", multiple=True, metavar="PATTERN", help="No objects that match, as 'tmp_*'."),
    click.option("--scratch", metavar="auto|URL",
                 help="Where schemas are built: a private server, or an empty database of yours."),
    click.option("--engine", type=click.Choice(("postgresql", "mysql", "mariadb", "sqlite")),
                 help="The engine, when neither a live URL nor the migrations say it."),
    click.option("--no-cache", is_flag=True, help="Build everything again."),
    click.option("--fix-hints", is_flag=True, help="Print a likely fix for each finding; nothing is run."),
)  # fmt: skip


def _with(options: tuple[Callable[[Function], Function], ...]) -> Callable[[Function], Function]:
    def decorate(function: Function) -> Function:
        for option in reversed(options):
            function = option(function)
        return function

    return decorate


@click.group(
    invoke_without_command=True,
    epilog="Give two or more sides. Without --url everything happens in scratch databases.",
)
@_with(_LIVE)
@_with(_SIDES)
@report_options
@click.pass_context
def command(
    context: click.Context, /, urls_file: Path | None, no_cache: bool, fix_hints: bool, **given: Any
) -> int:
    """Compare a live database with models and migrations, and say which side is wrong."""
    if context.invoked_subcommand is not None:
        return 0
    config = configured(given, "db")
    if no_cache:
        config = replace(config, db=replace(config.db, cache=False))
    urls = _urls(config, urls_file)
    with _telling(bool(given["quiet"])) as told:
        status, report = _check(config, urls, told)
    from driftcheck.cli.output import deliver

    status = max(deliver(report, given), status)
    if fix_hints:
        from driftcheck.database.fixes import fix_lines

        for line in fix_lines(report):
            click.echo(line, err=given["format"] != "text")
    return status


def _check(config: Config, urls: list[str], told: Callable[[str], None]) -> tuple[int, Any]:
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
    )
    if len(urls) < 2:
        return 0, check(request)
    checked = check_many(request, urls)
    return 2 if checked.failed else 0, checked.report


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
def _telling(quiet: bool) -> Iterator[Callable[[str], None]]:
    """A line on stderr with what is going on, kept up to date."""
    from driftcheck.cli.progress import progress

    doing = ["driftcheck: reading"]

    def told(text: str) -> None:
        doing[0] = f"driftcheck: {text}"

    with progress(lambda: doing[0], quiet):
        yield told


@command.command()
@_with(_LIVE)
@click.option("--output", "-o", type=click.Path(dir_okay=False, path_type=Path), help="Write to FILE.")
def snapshot(url: tuple[str, ...], url_env: str | None, output: Path | None, **given: Any) -> int:
    """Write the schema of a live database as JSON, to commit and to compare with (--against)."""
    from driftcheck.cli.output import write_file, write_out
    from driftcheck.database.sources.snapshot import dump_snapshot

    text = dump_snapshot(_read(url, url_env, given))
    if output is None:
        write_out(text)
    else:
        write_file(output, text)
    return 0


@command.command()
@_with(_LIVE)
def show(url: tuple[str, ...], url_env: str | None, **given: Any) -> int:
    """Print the schema of a live database for people."""
    from driftcheck.cli.output import write_out
    from driftcheck.database.show import show_database
    from driftcheck.report.escape import printable

    lines = (printable(line) for line in show_database(_read(url, url_env, given)))
    write_out("\n".join(lines) + "\n")
    return 0


def _read(url: tuple[str, ...], url_env: str | None, given: dict[str, Any]) -> Any:
    from driftcheck.database import connect
    from driftcheck.database.dialects.catalog import Scope

    values = {"url": url, "url_env": url_env, "config": None, **given}
    config = configured(values, "db")
    urls = _urls(config, None)
    if len(urls) != 1:
        raise DriftcheckError("one database is needed", "give it with --url or --url-env")
    with connect.opened(urls[0], config.db.timeout) as connection:
        return connect.read(connection, Scope(config.db.schema), config.db.timeout)
