"""`driftcheck api OLD NEW`: what consumers of the old description rely on and the new one no longer gives."""

from __future__ import annotations

from typing import Annotated, get_args

import typer

from driftcheck.cli import options
from driftcheck.config import Config, Validate
from driftcheck.finding import Report

SIDES = (
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
        found = _compared(old, new, recordings, settings)
    return deliver(found, given, settings)


def _compared(old: str, new: str, recordings: list[str] | None, settings: Config) -> Report:
    if recordings:
        from driftcheck.traffic.usage import check_usage

        return check_usage(old, new, recordings, config=settings)
    from driftcheck.openapi.check import check_api

    return check_api(old, new, config=settings)
