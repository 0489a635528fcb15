"""`driftcheck completion SHELL`: the script that teaches a shell to complete driftcheck's arguments."""

from __future__ import annotations

import click
from click.shell_completion import get_completion_class

from driftcheck.cli.output import write_out

_VARIABLE = "_DRIFTCHECK_COMPLETE"  # click asks this one for a program called driftcheck


@click.command(
    epilog='For example in ~/.bashrc: eval "$(driftcheck completion bash)"; for fish:'
    " driftcheck completion fish > ~/.config/fish/completions/driftcheck.fish"
)
@click.argument("shell", type=click.Choice(["bash", "zsh", "fish"]))
@click.pass_context
def command(ctx: click.Context, shell: str) -> int:
    """Print the completion script of SHELL, for its start-up file."""
    kind = get_completion_class(shell)
    assert kind is not None  # the three that click brings along
    write_out(kind(ctx.find_root().command, {}, "driftcheck", _VARIABLE).source() + "\n")
    return 0
