"""The command line as a whole: which commands exist, and what their failures look like to a shell.

A command's module holds its options; what does the work is imported when the command runs.
"""

from __future__ import annotations

import errno
import os
import sys
from collections.abc import Iterable
from contextlib import suppress
from importlib import import_module
from typing import Annotated, Any, cast

import typer
from typer.core import TyperGroup

from driftcheck._version import VERSION
from driftcheck.cli.ending import heeding_sigterm
from driftcheck.errors import DriftcheckError
from driftcheck.report.escape import printable

# One command is one line: its name, and its line in --help, in which they come in this order. It is what its
# module calls `app` (commands of its own) or else `command`, with `EPILOG` below its help.
COMMANDS = {
    "init": "Look what there is, and write a configuration.",
    "check": "Run all that is configured, as a pull request needs it.",
    "baseline": "Accept today's findings; only new ones fail.",
    "api": "Compare two versions of an OpenAPI description.",
    "db": "Compare a live database, models and migrations.",
    "migrations": "Run Alembic revisions in scratch and say what they would do.",
    "traffic": "Hold recorded calls to a description.",
    "fuzz": "Try a running service and hold its answers to a description.",
    "rules": "List every rule: what driftcheck can find, and how bad it is.",
    "explain": "Explain a rule: why it matters, how to mend it, examples.",
    "report-schema": "Print the JSON Schema of the JSON report.",
    "completion": "Print the completion script of a shell.",
}

_NO_ROOM = frozenset((errno.ENOSPC, errno.EDQUOT, errno.EFBIG))

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
FAILED = 2

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


def command_line(names: Iterable[str] = COMMANDS) -> typer.Typer:
    """The command line with the commands of these names; only their modules are imported."""
    app = typer.Typer(
        cls=_Commands,
        context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
        rich_markup_mode=None,
        pretty_exceptions_enable=False,
    )
    app.callback(
        invoke_without_command=True,
        epilog="Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done.",
    )(_driftcheck)
    for name in names:
        found = vars(import_module(f"driftcheck.cli.{name.replace('-', '_')}"))
        if "app" in found:
            app.add_typer(found["app"], name=name, short_help=COMMANDS[name])
        else:
            app.command(name, short_help=COMMANDS[name], epilog=found.get("EPILOG"))(found["command"])
    return app


def run(arguments: list[str]) -> int:
    """Run one command line and turn every way it can end into an exit status."""
    with heeding_sigterm() as came:
        status = _run(arguments)
        if status == INTERRUPTED:  # Typer's word for Ctrl-C, too
            print(f"driftcheck: {'terminated' if came else 'interrupted'}", file=sys.stderr)
        return 128 + came[0] if came and status == INTERRUPTED else status


def _run(arguments: list[str]) -> int:
    # Typer reads the signatures of all the commands that it is given, which takes longer than most of them.
    asked = arguments[:1] if arguments and arguments[0] in COMMANDS else COMMANDS
    try:
        command = typer.main.get_command(command_line(asked))
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
