"""`driftcheck api OLD NEW`: what consumers of the old description rely on and the new one no longer gives."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from driftcheck.cli import options
from driftcheck.config import Config, Validate
from driftcheck.finding import Report

EPILOG = (
    "A side is a file, a directory or glob of files, a URL, REVISION:PATH of the git repository,"
    " MODULE:APP of a web application (also REVISION:MODULE:APP), or - for standard input."
)

# fmt: off
Only = Annotated[list[str] | None, typer.Option(
    "--only", metavar="OPERATION", help="Only operations that match, as 'POST /items*' (repeatable).")]
MatchPath = Annotated[str | None, typer.Option(
    "--match-path", metavar="REGEX", help="Only paths in which REGEX is found.")]
Method = Annotated[list[str] | None, typer.Option(
    "--method", metavar="METHOD", help="Only operations of METHOD (repeatable).")]
StripPrefixOld = Annotated[str | None, typer.Option(
    "--strip-prefix-old", metavar="PREFIX",
    help="Taken off the paths of OLD before operations are matched.")]
StripPrefixNew = Annotated[str | None, typer.Option(
    "--strip-prefix-new", metavar="PREFIX",
    help="Taken off the paths of NEW before operations are matched.")]
Validated = Annotated[str | None, options.one_of(
    get_args(Validate), "--validate",
    help="How thoroughly the descriptions themselves are checked [default: fast].")]
RemoteRefs = Annotated[bool, typer.Option("--allow-remote-refs", help="Follow $refs to other hosts.")]
OutsideRefs = Annotated[bool, typer.Option(
    "--allow-outside-refs",
    help="Follow $refs to files outside the description's directory or repository.")]
Recordings = Annotated[list[str] | None, typer.Option(
    "--traffic", metavar="RECORDINGS",
    help="Say which recorded calls each finding hits: files, folders or globs (repeatable).")]
Results = Annotated[list[str] | None, typer.Option(
    "--results", metavar="XML",
    help="Say which tests make those calls: results of JUnit, TestNG, mocha, jest, pytest ..."
         " (with --traffic; repeatable).")]
# fmt: on


def command(
    old: Annotated[str, typer.Argument(metavar="OLD", help="What consumers rely on.")],
    new: Annotated[str, typer.Argument(metavar="NEW", help="What they are to get.")],
    only: Only = None,
    match_path: MatchPath = None,
    method: Method = None,
    strip_prefix_old: StripPrefixOld = None,
    strip_prefix_new: StripPrefixNew = None,
    validate: Validated = None,
    allow_remote_refs: RemoteRefs = False,
    allow_outside_refs: OutsideRefs = False,
    recordings: Recordings = None,
    results: Results = None,
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
    """Compare two versions of an OpenAPI description, as their consumers see them."""
    given = locals()  # all options by name, as they join the configuration file
    from driftcheck.cli.output import deliver
    from driftcheck.cli.progress import progress

    settings = options.configured(given, "api")
    with progress(f"driftcheck: comparing {old} with {new}", bool(quiet)):
        found = _compared(old, new, recordings, results, settings)
    if results and not quiet:
        _tell_tests(found)
    return deliver(found, given, settings)


def _tell_tests(report: Report) -> None:
    """The tests that call what breaks, as one line for people."""
    from driftcheck.report.escape import printable

    broken = [finding for finding in report.findings if finding.severity == "breaking"]
    names = sorted({str(call["test"]) for finding in broken for call in finding.used_by if call.get("test")})
    tests = "1 of your tests calls" if len(names) == 1 else f"{len(names)} of your tests call"
    listed = f": {'; '.join(map(printable, names))}" if names else ""
    typer.echo(f"driftcheck: {tests} what breaks{listed}", err=True)


def _compared(
    old: str, new: str, recordings: list[str] | None, results: list[str] | None, settings: Config
) -> Report:
    if results and not recordings:
        from driftcheck.errors import DriftcheckError

        raise DriftcheckError("--results needs the calls that the tests made", "give them with --traffic")
    if recordings:
        from driftcheck.traffic.usage import check_usage

        return check_usage(old, new, recordings, config=settings, results=results or ())
    from driftcheck.openapi.check import check_api

    return check_api(old, new, config=settings)
