"""The command line as a whole: which commands exist, and what their failures look like to a shell.

A command's module is imported when the command runs, not when `driftcheck --help` lists it.
"""

from __future__ import annotations

import gc
import sys
from importlib import import_module

import click

from driftcheck._version import VERSION
from driftcheck.errors import DriftcheckError
from driftcheck.report.escape import printable

# One command is one line: its name, its module (which has it as `command`), and its line in --help.
COMMANDS = {
    "api": ("driftcheck.cli.api", "Compare two versions of an OpenAPI description."),
    "db": ("driftcheck.cli.db", "Compare a live database, models and migrations."),
    "rules": ("driftcheck.cli.rules", "List every rule: what driftcheck can find, and how bad it is."),
    "explain": ("driftcheck.cli.explain", "Explain a rule: why it matters, how to mend it, examples."),
    "report-schema": ("driftcheck.cli.report_schema", "Print the JSON Schema of the JSON report."),
    "completion": ("driftcheck.cli.completion", "Print the completion script of a shell."),
}

INTERRUPTED = 130  # 128 + SIGINT, as shells have it
FAILED = 2

# A document is millions of objects that live to the end; to search them for garbage as often as Python
# does by default is a fifth of the time of a run, and finds nothing.
_GARBAGE = 200_000


class _LazyGroup(click.Group):
    """A group that knows its commands by name and imports the one that runs."""

    def list_commands(self, ctx: click.Context) -> list[str]:
        return list(COMMANDS)

    def get_command(self, ctx: click.Context, cmd_name: str) -> click.Command | None:
        if cmd_name not in COMMANDS:
            return None
        command = import_module(COMMANDS[cmd_name][0]).command
        assert isinstance(command, click.Command)
        return command

    def format_commands(self, ctx: click.Context, formatter: click.HelpFormatter) -> None:
        with formatter.section("Commands"):
            formatter.write_dl([(name, short) for name, (_, short) in COMMANDS.items()])

    def resolve_command(
        self, ctx: click.Context, args: list[str]
    ) -> tuple[str | None, click.Command | None, list[str]]:
        name = args[0]
        if name not in COMMANDS and not name.startswith("-"):
            from driftcheck.config_values import did_you_mean

            suggestion = did_you_mean(name, COMMANDS)
            ctx.fail(f"No such command {name!r}" + (f": {suggestion}" if suggestion else "."))
        return super().resolve_command(ctx, args)


@click.group(
    cls=_LazyGroup,
    context_settings={"help_option_names": ["-h", "--help"], "max_content_width": 100},
    epilog="Exit status: 0 nothing at or above --fail-on, 1 findings, 2 the job could not be done.",
)
@click.version_option(VERSION, prog_name="driftcheck", message="%(prog)s %(version)s")
def app() -> None:
    """Find drift between contracts before it ships."""


def run(arguments: list[str]) -> int:
    """Run one command line and turn every way it can end into an exit status."""
    gc.set_threshold(_GARBAGE)
    try:
        status = app.main(arguments, prog_name="driftcheck", standalone_mode=False)
    except click.ClickException as error:
        error.show()
        return FAILED
    except (click.Abort, KeyboardInterrupt):
        print("driftcheck: interrupted", file=sys.stderr)
        return INTERRUPTED
    except DriftcheckError as error:
        return _refuse(error)
    except BrokenPipeError:  # whoever read standard output has had enough
        sys.stderr.close()
        return FAILED
    except Exception:  # noqa: BLE001  the edge: a bug must not look like "findings", which is status 1
        import traceback

        traceback.print_exc()
        print(
            "driftcheck: this is a bug in driftcheck, please report it with the lines above", file=sys.stderr
        )
        return FAILED
    return status if isinstance(status, int) else 0


def _refuse(error: DriftcheckError) -> int:
    print(f"driftcheck: {printable(error.message)}", file=sys.stderr)
    if error.hint:
        print(f"  hint: {printable(error.hint)}", file=sys.stderr)
    return FAILED
