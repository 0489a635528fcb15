"""`python -m driftcheck` is the command `driftcheck`."""

from __future__ import annotations

import sys

from driftcheck.cli import main

if __name__ == "__main__":
    sys.exit(main())
