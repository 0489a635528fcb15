"""`driftcheck baseline write`: accept today's findings, so that only new ones fail."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from driftcheck.cli import check, options

# fmt: off
Target = Annotated[Path | None, typer.Option(
    "--output", "-o", metavar="FILE", dir_okay=False,
    help="Write to FILE [default: the configured baseline, or driftcheck-baseline.json].")]
# fmt: on

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.callback()
def command() -> None:
    """Accept findings, so that a team can start on an old code base."""


@app.command()
def write(
    output: Target = None,
    base: check.BaseRevision = None,
    parallel: check.Parallel = None,
    config: options.ConfigFile = None,
    quiet: options.Quiet = 0,
) -> int:
    """Run what is configured, as `driftcheck check` does, and write what is found to the baseline."""
    given = {**locals(), "parts": None, "fuzz": False}
    from dataclasses import replace

    from driftcheck import baseline
    from driftcheck.cli.output import tell_unread, write_file

    settings = options.configured({**given, "output": None}, "check")
    target = output or Path(settings.baseline or baseline.DEFAULT)
    before = baseline.read(str(target)) if target.exists() else {}
    checked = check.run(replace(settings, baseline=""), given)
    if check.tell_problems(checked) or tell_unread(checked.report):
        typer.echo(f"driftcheck: {target} is left as it was", err=True)
        return check.FAILED
    found = baseline.baseline_of(checked.report.findings)
    write_file(target, baseline.dump(found))
    new, gone = len(found.keys() - before.keys()), len(before.keys() - found.keys())
    if not quiet:
        typer.echo(f"{target}: {sum(found.values())} findings accepted ({new} new, {gone} gone)")
    if not settings.baseline:
        typer.echo(f'Name it in the configuration, so that it counts: baseline = "{target}"')
    return 0
