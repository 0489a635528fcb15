"""The commands: each module is one of them, and imports what is heavy only when it runs."""

from __future__ import annotations

import sys

from driftcheck._version import VERSION

# A document is millions of objects that live to the end, and so are modules; to search them for garbage as
# often as Python does by default is a fifth of the time of a run, and finds nothing.
_GARBAGE = 2_000_000


def main(arguments: list[str] | None = None) -> int:
    """The entry point: the exit status of the command line (sys.argv unless `arguments` are given).

    0: nothing at or above --fail-on; 1: findings; 2: the job could not be done; 130: interrupted.
    """
    given = sys.argv[1:] if arguments is None else arguments
    if given == ["--version"]:  # before anything is imported: scripts ask for it often
        print(f"driftcheck {VERSION}")
        return 0
    import gc

    gc.set_threshold(_GARBAGE)
    from driftcheck.cli.app import run

    status = run(given)
    if arguments is None:
        gc.freeze()  # the process is about to end: to look for garbage and free it piece by piece is no use
    return status
