"""The console blocks of README.md. `python -m tests.readme` runs the commands and writes it anew."""

from __future__ import annotations

import re
import shlex
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
README = ROOT / "README.md"
BLOCK = re.compile(r"```console\n\$ driftcheck ([^\n]*)\n(.*?)```", re.DOTALL)


def real(arguments: str) -> str:
    """What the command prints, run at the root of the repository."""
    command = [sys.executable, "-m", "driftcheck", *shlex.split(arguments)]
    return subprocess.run(command, cwd=ROOT, capture_output=True, text=True, check=False).stdout


def renewed(text: str) -> str:
    """The page with the output of every console block as it is today."""
    return BLOCK.sub(
        lambda found: f"```console\n$ driftcheck {found.group(1)}\n{real(found.group(1))}```", text
    )


if __name__ == "__main__":
    README.write_text(renewed(README.read_text("utf-8")), encoding="utf-8")
