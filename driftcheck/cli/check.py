"""`driftcheck check`: all that is configured, in one report with one exit status."""

from __future__ import annotations

import sys
from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any

import typer

from driftcheck.cli import options

if TYPE_CHECKING:
    from driftcheck.checking.run import Checked
    from driftcheck.config import Config

FAILED = 2

# fmt: off
Parts = Annotated[list[str] | None, typer.Argument(
    metavar="[PART]...", help="Only these: commands (api, db …) or names of jobs, also globs.")]
BaseRevision = Annotated[str | None, typer.Option(
    "--base", metavar="REVISION",
    help="Compare with where this branch left REVISION [default: the branch it is to be merged into].")]
Fuzz = Annotated[bool, typer.Option("--fuzz", help="Also try the running service with generated requests.")]
Parallel = Annotated[int | None, typer.Option(
    "--parallel", metavar="N", min=1, help="How many parts run at a time [default: one a processor].")]
# fmt: on


def command(
    parts: Parts = None,
    base: BaseRevision = None,
    fuzz: Fuzz = False,
    parallel: Parallel = None,
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
    """Run all that is configured against the base revision: what a pull request needs."""
    given = locals()  # all options by name, as they join the configuration file
    from driftcheck.cli.output import deliver

    settings = options.configured(given, "check")
    checked = run(settings, given)
    status = deliver(checked.report, given, settings)
    return FAILED if tell_problems(checked) else status


def run(settings: Config, given: Mapping[str, Any]) -> Checked:
    """Run the parts that the options name, with a line of progress."""
    from driftcheck.checking.run import check_project
    from driftcheck.cli.progress import telling
    from driftcheck.config_file import root_of

    with telling("driftcheck: checking", bool(given["quiet"])) as told:
        root, names = root_of(given["config"]), given["parts"] or ()
        return check_project(settings, root=root, names=names, fuzz=given["fuzz"], told=told)


def tell_problems(checked: Checked) -> bool:
    """Say on standard error what could not be done; whether there is any."""
    from driftcheck.report.escape import printable

    for name, problem in checked.problems.items():
        print(f"driftcheck: {printable(name)}: {printable(problem.message)}", file=sys.stderr)
        lines = problem.said.splitlines() or problem.hint.splitlines()
        for number, line in enumerate(lines):
            begin = "      " if number else "said: " if problem.said else "hint: "
            print(f"  {begin}{printable(line)}", file=sys.stderr)
    return bool(checked.problems)
