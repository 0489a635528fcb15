"""Where Node's tools are that tests of reports run: loudly skipped without them, and demanded by .ci/run."""

from __future__ import annotations

import os
import shutil
from pathlib import Path

import pytest

FOLDER = Path(__file__).parents[1] / "node"


def modules() -> Path:
    """The node_modules with all that tests/node/package.json names; skips the test where there is none."""
    found = Path(os.environ.get("DRIFTCHECK_NODE_MODULES") or FOLDER / "node_modules").resolve()
    if shutil.which("node") is None or not found.is_dir():
        pytest.skip(
            "needs node and `npm install --prefix tests/node` (or DRIFTCHECK_NODE_MODULES=a node_modules)"
        )
    return found


def chromium() -> str:
    """A Chromium that is installed; skips the test where there is none."""
    found = shutil.which("chromium") or shutil.which("chromium-browser") or shutil.which("google-chrome")
    if found is None:
        pytest.skip("needs a Chromium, as of `apt-get install chromium`")
    return found
