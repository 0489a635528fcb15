"""The command line as a whole: which commands exist, and what their failures look like to a shell.

A command's module holds its options; what does the work is imported when the command runs.
"""

from __future__ import annotations

import errno
import gc
import os
import sys
from collections.abc import Callable
from contextlib import suppress
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from driftcheck._version import VERSION
from driftcheck.cli import (
    api,
    baseline,
    check,
    completion,
    db,
    explain,
    fuzz,
    init,
    migrations,
    report_schema,
    rules,
    traffic,
)
from driftcheck.errors import DriftcheckError
from driftcheck.report.escape import printable

# In the order of --help.
COMMANDS = (
    "init", "check", "baseline", "api", "db", "migrations", "traffic", "fuzz",
    "rules", "explain", "report-schema", "completion",
)  # fmt: skip

_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
FAILED = 2

# A document is millions of objects that live to the end; to search them for garbage as often as Python
# does by default is a fifth of the time of a run, and finds nothing.
_GARBAGE = 2_000_000

# What Typer raises for any bad command line. It exports a name for the subclass only.
_UsageError = cast("type[typer.BadParameter]", typer.BadParameter.__base__)


class _Commands(TyperGroup):
    """Lists the commands in the order of COMMANDS, and suggests the one that was meant.

    The words are those in which driftcheck suggests rules and options of the configuration, too.
    """

    def list_commands(self, ctx: Any) -> list[str]:
        return list(COMMANDS)

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from driftcheck.config_values import did_you_mean

            suggestion = did_you_mean(name, COMMANDS)
            ctx.fail(f"No such command {name!r}" + (f": {suggestion}" if suggestion else "."))
        return super().resolve_command(ctx, args)


def _version(asked: bool) -> None:
    if asked:
        typer.echo(f"driftcheck {VERSION}")
        raise typer.Exit


app = typer.Typer(
    cls=_Commands,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    rich_markup_mode=None,
    pretty_exceptions_enable=False,
)


@app.callback(
    invoke_without_command=True,
    epilog="Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done.",
)
def _driftcheck(
    context: typer.Context,
    version: Annotated[
        bool, typer.Option("--version", callback=_version, is_eager=True, help="Show the version and exit.")
    ] = False,
) -> None:
    """Find drift between contracts before it ships."""
    if context.invoked_subcommand is None:
        typer.echo(context.get_help(), err=True)
        raise typer.Exit(FAILED)


def _add(name: str, function: Callable[..., int], line: str, epilog: str | None = None) -> None:
    app.command(name, short_help=line, epilog=epilog)(function)


# One command is one line: its name, its function, and its line in --help.
_add("init", init.command, "Look what there is, and write a configuration.")
_add("check", check.command, "Run all that is configured, as a pull request needs it.")
app.add_typer(baseline.app, name="baseline", short_help="Accept today's findings; only new ones fail.")
_add("api", api.command, "Compare two versions of an OpenAPI description.", api.SIDES)
app.add_typer(db.app, name="db", short_help="Compare a live database, models and migrations.")
_add(
    "migrations",
    migrations.command,
    "Run Alembic revisions in scratch and say what they would do.",
    migrations.ORDER,
)
app.add_typer(traffic.app, name="traffic", short_help="Hold recorded calls to a description.")
_add("fuzz", fuzz.command, "Try a running service and hold its answers to a description.")
_add("rules", rules.command, "List every rule: what driftcheck can find, and how bad it is.")
_add("explain", explain.command, "Explain a rule: why it matters, how to mend it, examples.")
_add("report-schema", report_schema.command, "Print the JSON Schema of the JSON report.")
_add("completion", completion.command, "Print the completion script of a shell.", completion.START)


def run(arguments: list[str]) -> int:
    """Run one command line and turn every way it can end into an exit status."""
    gc.set_threshold(_GARBAGE)
    try:
        command = typer.main.get_command(app)
        status = command.main(arguments, prog_name="driftcheck", standalone_mode=False)
    except _UsageError as error:
        error.show()
        return FAILED
    except (typer.Abort, KeyboardInterrupt):
        status = INTERRUPTED
    except DriftcheckError as error:
        return _refuse(error)
    except BrokenPipeError:  # whoever read standard output has had enough
        sys.stderr.close()
        return FAILED
    except Exception as error:  # noqa: BLE001  the edge: a bug must not look like "findings", which is status 1
        if isinstance(error, OSError) and error.errno in _NO_ROOM:
            return _no_room(error)
        import traceback

        traceback.print_exc()
        print(
            "driftcheck: this is a bug in driftcheck, please report it with the lines above", file=sys.stderr
        )
        return FAILED
    if status == INTERRUPTED:  # Typer's word for Ctrl-C, too
        print("driftcheck: interrupted", file=sys.stderr)
    return status if isinstance(status, int) else 0


def _no_room(error: OSError) -> int:
    """A full disk is nobody's bug; what could not be written is not tried again when the interpreter ends."""
    with suppress(OSError, ValueError):
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
    what = error.filename or "the output"
    return _refuse(DriftcheckError(f"{what} cannot be written: {error.strerror}"))


def _refuse(error: DriftcheckError) -> int:
    print(f"driftcheck: {printable(error.message)}", file=sys.stderr)
    if error.hint:
        print(f"  hint: {printable(error.hint)}", file=sys.stderr)
    return FAILED
