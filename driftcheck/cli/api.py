"""`driftcheck api OLD NEW`: what consumers of the old description rely on and the new one no longer gives."""

from __future__ import annotations

from typing import Any, get_args

import click

from driftcheck.cli.options import configured, report_options
from driftcheck.config import Validate


@click.command(
    epilog="A side is a file, a directory or glob of files, a URL, REVISION:PATH of the git repository,"
    " MODULE:APP of a web application, or - for standard input."
)
@click.argument("old")
@click.argument("new")
@click.option(
    "--only",
    multiple=True,
    metavar="OPERATION",
    help="Only operations that match, as 'POST /items*' (repeatable).",
)
@click.option("--match-path", metavar="REGEX", help="Only paths in which REGEX is found.")
@click.option("--method", multiple=True, metavar="METHOD", help="Only operations of METHOD (repeatable).")
@click.option(
    "--strip-prefix-old", metavar="PREFIX", help="Taken off the paths of OLD before operations are matched."
)
@click.option(
    "--strip-prefix-new", metavar="PREFIX", help="Taken off the paths of NEW before operations are matched."
)
@click.option(
    "--validate",
    type=click.Choice(get_args(Validate)),
    help="How thoroughly the descriptions themselves are checked [default: fast].",
)
@click.option("--allow-remote-refs", is_flag=True, help="Follow $refs to other hosts.")
@click.option(
    "--allow-outside-refs",
    is_flag=True,
    help="Follow $refs to files outside the description's directory or repository.",
)
@report_options
def command(old: str, new: str, **given: Any) -> int:
    """Compare two versions of an OpenAPI description, as their consumers see them."""
    from driftcheck.cli.output import deliver
    from driftcheck.cli.progress import progress

    config = configured(given, "api")
    with progress(f"driftcheck: comparing {old} with {new}", bool(given["quiet"])):
        from driftcheck.openapi.check import check_api

        report = check_api(old, new, config=config)
    return deliver(report, given)
