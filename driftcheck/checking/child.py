"""`python -m driftcheck.checking.child`: one part in a process of its own, so that parts share no modules.

The part comes pickled on standard input, its Outcome goes pickled to what was standard output; whatever the
user's code prints goes to standard error.
"""

from __future__ import annotations

import os
import pickle
import sys

from driftcheck.checking.outcome import Outcome, Problem
from driftcheck.checking.parts import run_part
from driftcheck.errors import DriftcheckError


def main() -> int:
    """Run the part that standard input holds."""
    answer = os.dup(1)
    os.dup2(2, 1)
    part = pickle.load(sys.stdin.buffer)
    nothing = os.open(os.devnull, os.O_RDONLY)
    os.dup2(nothing, 0)
    outcome: Outcome
    try:
        outcome = run_part(part)
    except DriftcheckError as error:
        outcome = Problem(error.message, error.hint)
    with os.fdopen(answer, "wb") as out:
        pickle.dump(outcome, out)
    return 0


if __name__ == "__main__":
    sys.exit(main())
