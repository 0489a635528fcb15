"""The commands: each module is one of them, and imports what is heavy only when it runs."""

from __future__ import annotations

import sys

from driftcheck._version import VERSION


def main(arguments: list[str] | None = None) -> int:
    """The entry point: the exit status of the command line (sys.argv unless `arguments` are given).

    0: nothing at or above --fail-on; 1: findings; 2: the job could not be done; 130: interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:  # before anything is imported: scripts ask for it often
        print(f"driftcheck {VERSION}")
        return 0
    from driftcheck.cli.app import run

    status = run(given)
    if arguments is None:
        import gc

        gc.freeze()  # the process is about to end: to look for garbage and free it piece by piece is no use
    return status
