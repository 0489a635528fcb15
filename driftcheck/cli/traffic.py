"""`driftcheck traffic`: recorded calls, held to a description."""

from __future__ import annotations

from pathlib import Path
from typing import Annotated

import typer

from driftcheck.cli import options

# fmt: off
Recordings = Annotated[list[str], typer.Argument(
    metavar="RECORDINGS...",
    help="Files, folders or globs: HAR, Keploy, Postman, newman, Pact, VCR, WireMock, NDJSON.")]
Spec = Annotated[str | None, typer.Option(
    "--spec", metavar="SPEC", help="The OpenAPI description: any source that `driftcheck api` takes.")]
Server = Annotated[list[str] | None, typer.Option(
    "--server", metavar="URL",
    help="Where the recorded service lived, in place of the description's servers (repeatable).")]
Host = Annotated[list[str] | None, typer.Option(
    "--host", metavar="GLOB",
    help="Judge calls to these hosts only [default: the servers', loopback, unwritten] (repeatable).")]
ShowValues = Annotated[bool, typer.Option(
    "--show-values", help="Print recorded values; without it only types and lengths.")]
IgnoreHeaders = Annotated[list[str] | None, typer.Option(
    "--ignore-headers", metavar="GLOB", help="Headers that need no description (repeatable).")]
Environment = Annotated[list[str] | None, typer.Option(
    "--environment", metavar="FILE",
    help="Postman environment for collections [default: the only one beside them] (repeatable).")]
Models = Annotated[str | None, typer.Option(
    "--models", metavar="MODULE:BASE",
    help="Hold recorded SQL to these models (then --spec may be left out).")]
Migrations = Annotated[str | None, typer.Option(
    "--migrations", metavar="PATH", help="Hold recorded SQL to what these migrations make.")]
Searched = Annotated[list[str], typer.Argument(
    metavar="PATHS...", help="Files, folders or globs; any text file is searched.")]
Redactable = Annotated[Path, typer.Argument(
    metavar="IN", exists=True, help="A recording, or a folder that is copied as a whole.")]
RedactedTo = Annotated[Path, typer.Argument(
    metavar="OUT", help="Where the redacted copy goes, in the same format.")]
# fmt: on

app = typer.Typer(rich_markup_mode=None, no_args_is_help=True)


@app.command()
def check(
    recordings: Recordings,
    spec: Spec = None,
    server: Server = None,
    host: Host = None,
    show_values: ShowValues = False,
    ignore_headers: IgnoreHeaders = None,
    environment: Environment = None,
    models: Models = None,
    migrations: Migrations = None,
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
    """Hold recorded calls, examples, stubs and pacts to a description."""
    given = locals()  # all options by name, as they join the configuration file
    from driftcheck.cli.output import deliver
    from driftcheck.cli.progress import progress

    settings = options.configured(given, "traffic")
    with progress("driftcheck: reading recordings", bool(quiet)):
        from driftcheck.traffic.check import check_traffic

        found = check_traffic(recordings, config=settings)
    return deliver(found, given, settings)


@app.command()
def scan(
    paths: Searched,
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
    """Look for secrets and personal data in recordings; values are never printed."""
    given = locals()  # all options by name, as they join the configuration file
    from driftcheck.cli.output import deliver
    from driftcheck.cli.progress import progress

    settings = options.configured(given, "traffic")
    with progress("driftcheck: looking for secrets", bool(quiet)):
        from driftcheck.traffic.scan import scan_recordings

        found = scan_recordings(paths, config=settings)
    return deliver(found, given, settings)


@app.command()
def redact(source: Redactable, target: RedactedTo, quiet: options.Quiet = 0) -> int:
    """Copy recordings without secrets: same format, same types, equal values stay equal."""
    from driftcheck.traffic.anonymise import redact_files

    done = redact_files(source, target)
    if quiet:
        return 0
    from driftcheck.report.escape import printable

    files = "1 file" if done.files == 1 else f"{done.files} files"
    typer.echo(f"{files}, {sum(done.replaced.values())} values replaced", err=True)
    for (kind, what), count in sorted(done.replaced.items(), key=lambda item: (-item[1], item[0])):
        typer.echo(f"  {kind:8}  {count:6}  {printable(what)}", err=True)
    for name in done.copied:
        typer.echo(f"  copied unread (binary): {printable(name)}", err=True)
    return 0
