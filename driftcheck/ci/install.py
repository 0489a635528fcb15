"""Makes the environment in which the GitHub Action runs driftcheck: all it needs is a Python.

It sees the packages of the job's Python, because models and applications are imported with theirs.
"""

from __future__ import annotations

import hashlib
import os
import re
import subprocess
import sys
import sysconfig
from collections.abc import Mapping
from pathlib import Path

OLDEST = (3, 11)
_EXTRAS = re.compile(r"[a-z0-9-]+(\s*,\s*[a-z0-9-]+)*")
_VERSION = re.compile(r"[0-9][0-9A-Za-z.!+-]*")


class _Refused(Exception):
    """What is wrong with an input, for the log."""


def main(environ: Mapping[str, str]) -> int:
    """Make the environment and tell its Python to the steps that follow; 2 where it cannot be made."""
    try:
        wanted = requirement(
            environ["GITHUB_ACTION_PATH"], environ.get("INPUT_VERSION", ""), environ.get("INPUT_EXTRAS", "")
        )
        python = install(wanted, Path(environ["RUNNER_TEMP"]))
    except _Refused as refused:
        print(f"::error title=driftcheck::{refused}")
        return 2
    with open(environ["GITHUB_OUTPUT"], "a", encoding="utf-8") as outputs:
        outputs.write(f"python={python}\n")
    return 0


def requirement(checkout: str, version: str, extras: str) -> str:
    """What pip is to install: the action's own checkout, or a release."""
    version, extras = version.strip(), extras.strip()
    if version and not _VERSION.fullmatch(version):
        raise _Refused("version: must be that of a release, as 1.2.0")
    if extras and not _EXTRAS.fullmatch(extras):
        raise _Refused("extras: must be names separated by commas, as postgresql,mysql")
    named = f"[{''.join(extras.split())}]" if extras else ""
    return f"driftcheck{named}=={version}" if version else f"{checkout}{named}"


def install(wanted: str, temporary: Path) -> Path:
    """The Python of an environment with `wanted`; one that is there already is used again."""
    if sys.version_info < OLDEST:
        here = ".".join(map(str, sys.version_info[:3]))
        raise _Refused(f"driftcheck needs Python 3.11 or newer, this is {here}: set python-version")
    key = hashlib.sha256("\0".join((wanted, sys.prefix, sys.version)).encode()).hexdigest()[:12]
    folder = temporary / f"driftcheck-{key}"
    python = folder / ("Scripts/python.exe" if os.name == "nt" else "bin/python")
    done = folder / "installed"
    if not done.exists():
        _run(sys.executable, "-I", "-m", "venv", "--clear", "--system-site-packages", str(folder))
        _show_outer_packages(python)
        _run(str(python), "-I", "-m", "pip", "install", "--quiet", "--disable-pip-version-check", wanted)
        done.touch()
    return python


def _show_outer_packages(python: Path) -> None:
    """Where the job's Python is an environment itself, its packages come after the new one's own."""
    if sys.prefix == sys.base_prefix:
        return
    asked = "import sysconfig; print(sysconfig.get_path('purelib'))"
    own = Path(
        subprocess.run([str(python), "-c", asked], check=True, capture_output=True, text=True).stdout.strip()
    )
    outer = dict.fromkeys(sysconfig.get_path(kind) for kind in ("purelib", "platlib"))
    (own / "outer.pth").write_text("".join(f"{path}\n" for path in outer), encoding="utf-8")


def _run(*command: str) -> None:
    status = subprocess.run(command, check=False, stdin=subprocess.DEVNULL).returncode
    if status:
        raise _Refused(f"driftcheck could not be installed (status {status}): the log says why")


if __name__ == "__main__":
    sys.exit(main(os.environ))
