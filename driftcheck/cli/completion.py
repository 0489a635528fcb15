"""`driftcheck completion SHELL`: the script that teaches a shell to complete driftcheck's arguments."""

from __future__ import annotations

import os
from typing import Annotated

import typer

from driftcheck.cli.options import one_of

EPILOG = (
    'For example in ~/.bashrc: eval "$(driftcheck completion bash)"; for fish:'
    " driftcheck completion fish > ~/.config/fish/completions/driftcheck.fish"
)


def command(context: typer.Context, shell: Annotated[str, one_of(("bash", "zsh", "fish"))]) -> int:
    """Print the completion script of SHELL, for its start-up file."""
    # What --show-completion prints too, but that one cannot be asked for another shell than it runs in.
    os.environ["_DRIFTCHECK_COMPLETE"] = f"source_{shell}"
    try:
        context.find_root().command.main([], prog_name="driftcheck")
    except SystemExit as end:  # how Typer ends such a run
        return 2 if end.code else 0
    finally:
        del os.environ["_DRIFTCHECK_COMPLETE"]
    return 0
