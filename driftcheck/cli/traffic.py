"""`driftcheck traffic`: recorded calls, held to a description."""

from __future__ import annotations

from dataclasses import replace
from pathlib import Path
from typing import Annotated

import typer

from driftcheck.cli import options

# fmt: off
Recordings = Annotated[list[str], typer.Argument(
    metavar="RECORDINGS...",
    help="Files, folders or globs: HAR, Keploy, Postman, newman, Pact, VCR, WireMock, Cypress' stubs,"
         " NDJSON.")]
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
Scratch = Annotated[str | None, typer.Option(
    "--scratch", metavar="URL",
    help="An empty database for --migrations [default: a private server of this machine].")]
Searched = Annotated[list[str], typer.Argument(
    metavar="PATHS...", help="Files, folders or globs; any text file is searched.")]
Redactable = Annotated[Path, typer.Argument(
    metavar="IN", exists=True, help="A recording, or a folder that is copied as a whole.")]
RedactedTo = Annotated[Path, typer.Argument(
    metavar="OUT", help="Where the redacted copy goes, in the same format.")]
Target = Annotated[str | None, typer.Option("--target", metavar="URL", help="The service that is called.")]
Port = Annotated[int, typer.Option(
    "--port", metavar="N", min=0, max=65535, help="Where the proxy listens [default: any free port].",
    show_default=False)]
Recorded = Annotated[Path, typer.Option(
    "--output", "-o", metavar="FILE", dir_okay=False, help="The recording: FILE.har or FILE.ndjson.")]
NoRedact = Annotated[bool, typer.Option(
    "--no-redact", help="Write secrets and personal data as they are.")]
Node = Annotated[bool, typer.Option(
    "--node", help="Also record HTTP servers inside Node, as SuperTest starts them.")]
MaxBody = Annotated[int, typer.Option(
    "--max-body", metavar="BYTES", min=0, help="Longer bodies are forwarded, and not kept.")]
EnvironmentUrl = Annotated[list[str] | None, typer.Option(
    "--env", metavar="NAME[=PATH]", help="Give the command the proxy's URL as NAME, too (repeatable).")]
AllowWrites = Annotated[bool, typer.Option(
    "--allow-writes", help="Send POST, PUT, PATCH and DELETE, too.")]
AllowHost = Annotated[list[str] | None, typer.Option(
    "--allow-host", metavar="HOST", help="Replay against this host, which is not this machine (repeatable).")]
Header = Annotated[list[str] | None, typer.Option(
    "--header", "-H", metavar="NAME: VALUE",
    help="Send this header with every call; ${VARIABLE} is taken from the environment (repeatable).")]
Noise = Annotated[list[str] | None, typer.Option(
    "--noise", metavar="PATH[: KIND]",
    help="A place of answers that may vary, as 'body.items.*.id' or 'GET /stats body.hits: counter'"
         " (repeatable).")]
Repeat = Annotated[int | None, typer.Option(
    "--repeat", metavar="N", min=1, help="Replay N times, and say what differs from run to run.")]
Timeout = Annotated[float | None, typer.Option(
    "--timeout", metavar="SECONDS", help="Longest wait for an answer [default: 10].")]
TestCommand = Annotated[list[str] | None, typer.Argument(
    metavar="[-- COMMAND...]", help="What makes the calls; its exit status is passed on.",
    show_default=False)]
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
    scratch: Scratch = None,
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
    if scratch is not None:
        settings = replace(settings, db=replace(settings.db, scratch=scratch))
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


@app.command()
def record(
    command: TestCommand = None,
    target: Target = None,
    output: Recorded = Path("recording.har"),
    port: Port = 0,
    no_redact: NoRedact = False,
    node: Node = False,
    max_body: MaxBody = 1 << 20,
    env: EnvironmentUrl = None,
    quiet: options.Quiet = 0,
) -> int:
    """Record calls to a service, through a proxy on this machine, while a command runs or until Ctrl-C."""
    from driftcheck.report.escape import printable
    from driftcheck.traffic.record.session import Session, run

    def say(line: str) -> None:
        if not quiet:
            typer.echo(f"driftcheck: {printable(line)}", err=True)

    session = Session(
        output=output,
        target=target or "",
        port=port,
        redact=not no_redact,
        limit=max_body,
        node=node,
        variables=tuple(env or ()),
        command=tuple(command or ()),
    )
    return run(session, say)


@app.command()
def replay(
    recordings: Recordings,
    target: Target = None,
    spec: Spec = None,
    allow_writes: AllowWrites = False,
    allow_host: AllowHost = None,
    header: Header = None,
    noise: Noise = None,
    repeat: Repeat = None,
    timeout: Timeout = None,
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
    """Make recorded calls again, and hold the answers to the recorded ones and to a description."""
    given = locals()  # all options by name, as they join the configuration file
    from driftcheck.cli.output import deliver
    from driftcheck.cli.progress import progress
    from driftcheck.errors import DriftcheckError

    settings = options.configured(given, "traffic")
    if not settings.traffic.target:
        raise DriftcheckError("there is no target", "give it with --target, or as traffic.target in a file")
    with progress("driftcheck: replaying", bool(quiet)):
        from driftcheck.traffic.replay.check import replay_traffic

        found = replay_traffic(recordings, settings.traffic.target, config=settings)
    if found.proposals and not quiet:
        from driftcheck.report.escape import printable
        from driftcheck.traffic.replay.proposals import as_text

        for line in as_text(found.proposals):
            typer.echo(printable(line), err=True)
    return deliver(found.report, given, settings)
