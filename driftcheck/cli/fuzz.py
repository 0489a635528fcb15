"""`driftcheck fuzz`: a running service, tried with generated requests and held to its description."""

from __future__ import annotations

from typing import Annotated

import typer

from driftcheck.cli import options

_PHASES = ("examples", "coverage", "fuzzing", "stateful")

# fmt: off
Spec = Annotated[str | None, typer.Argument(
    metavar="SPEC", help="The description: any source that `driftcheck api` takes.", show_default=False)]
Url = Annotated[str | None, typer.Option("--url", metavar="URL", help="Where the service runs.")]
Application = Annotated[str | None, typer.Option(
    "--app", metavar="MODULE:APP", help="An ASGI or WSGI application, called in this process.")]
Since = Annotated[str | None, typer.Option(
    "--since", metavar="OLD", help="Try only operations that differ from this description.")]
Against = Annotated[str | None, typer.Option(
    "--against", metavar="OLD",
    help="Draw requests from this older description and hold answers to it: what old clients will see.")]
Traffic = Annotated[list[str] | None, typer.Option(
    "--traffic", metavar="RECORDINGS", help="Recorded calls to start from, redacted (repeatable).")]
Only = Annotated[list[str] | None, typer.Option(
    "--only", metavar="GLOB", help="Only operations that match, as 'POST /items*' (repeatable).")]
MatchPath = Annotated[str | None, typer.Option(
    "--match-path", metavar="REGEX", help="Only operations whose path matches.")]
Method = Annotated[list[str] | None, typer.Option(
    "--method", metavar="METHOD", help="Only operations with this method (repeatable).")]
SafeOnly = Annotated[bool, typer.Option(
    "--safe-only", help="Send only GET, HEAD, OPTIONS and TRACE.")]
Phases = Annotated[list[str] | None, options.one_of(
    _PHASES, "--phases", help="Run these phases only (repeatable).")]
ExcludeChecks = Annotated[list[str] | None, typer.Option(
    "--exclude-checks", metavar="CHECK", help="Leave out a check of Schemathesis (repeatable).")]
Header = Annotated[list[str] | None, typer.Option(
    "--header", "-H", metavar="NAME: VALUE", help="Send this header with every request (repeatable).")]
Auth = Annotated[str | None, typer.Option(
    "--auth", metavar="USER:PASSWORD", help="HTTP basic authentication.")]
MaxExamples = Annotated[int | None, typer.Option(
    "--max-examples", metavar="N", min=1,
    help="Requests for an operation of ordinary weight, in each phase [default: 30].")]
Seed = Annotated[int | None, typer.Option(
    "--seed", metavar="N", min=0, help="Same seed, same requests [default: 1].")]
Workers = Annotated[int | None, typer.Option(
    "--workers", metavar="N", min=1, help="Requests at a time; more than 1 is not repeatable [default: 1].")]
Timeout = Annotated[float | None, typer.Option(
    "--timeout", metavar="SECONDS", help="Longest that one request may take [default: 10].")]
TimeLimit = Annotated[float | None, typer.Option(
    "--time-limit", metavar="SECONDS", help="Stop after so long.")]
MaxResponseTime = Annotated[float | None, typer.Option(
    "--max-response-time", metavar="SECONDS", help="Report answers that take longer.")]
RateLimit = Annotated[str | None, typer.Option(
    "--rate-limit", metavar="N/UNIT", help="At most so many requests, as 100/m.")]
# fmt: on


def command(
    spec: Spec = None,
    url: Url = None,
    app: Application = None,
    since: Since = None,
    against: Against = None,
    traffic: Traffic = None,
    only: Only = None,
    match_path: MatchPath = None,
    method: Method = None,
    safe_only: SafeOnly = False,
    phases: Phases = None,
    exclude_checks: ExcludeChecks = None,
    header: Header = None,
    auth: Auth = None,
    max_examples: MaxExamples = None,
    seed: Seed = None,
    workers: Workers = None,
    timeout: Timeout = None,
    time_limit: TimeLimit = None,
    max_response_time: MaxResponseTime = None,
    rate_limit: RateLimit = None,
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
    """Try a running service with generated requests, and hold its answers to the description."""
    given = locals()  # all options by name, as they join the configuration file
    from driftcheck.cli.output import deliver
    from driftcheck.cli.progress import telling
    from driftcheck.errors import DriftcheckError

    settings = options.configured(given, "fuzz")
    described = settings.fuzz.spec or settings.fuzz.app
    if not described:
        raise DriftcheckError("there is no description", "give it as SPEC, or as fuzz.spec in a file")
    if not quiet:
        typer.echo(f"driftcheck: trying {described} with seed {settings.fuzz.seed}", err=True)
    with telling("driftcheck: reading", bool(quiet)) as told:
        from driftcheck.fuzz.check import check_service

        found = check_service(described, config=settings, told=told)
    return deliver(found, given, settings)
