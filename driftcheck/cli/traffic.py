"""`driftcheck traffic`: recorded calls, held to a description."""

from __future__ import annotations

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
    from driftcheck.errors import DriftcheckError

    settings = options.configured(given, "traffic")
    described = settings.traffic.spec
    if not described:
        raise DriftcheckError("there is no description", "give it with --spec, or as traffic.spec in a file")
    with progress(f"driftcheck: holding recorded calls to {described}", bool(quiet)):
        from driftcheck.traffic.check import check_traffic

        found = check_traffic(recordings, described, config=settings)
    return deliver(found, given, settings)
