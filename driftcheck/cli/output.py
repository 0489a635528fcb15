"""Writes a report where the user wants it: standard output gets the report and nothing else."""

from __future__ import annotations

import os
import stat
import sys
from collections.abc import Mapping
from dataclasses import replace
from pathlib import Path
from typing import Any

from driftcheck.cli.options import layout_of, report_files
from driftcheck.config import Config
from driftcheck.errors import DriftcheckError
from driftcheck.finding import Report
from driftcheck.report import render


def deliver(report: Report, given: Mapping[str, Any], config: Config | None = None) -> int:
    """Render and write the report as the options and `config` say; the exit status of the command.

    Without `config` only the reports that the options name are written.
    """
    layout = layout_of(given)
    text = render(report, given["format"], layout)
    output: Path | None = given["output"]
    if output is None:
        write_out(text)
    else:
        write_file(output, text)
    wanted = config.report if config is not None else given.get("report") or ()
    for kind, file in report_files(wanted):
        write_file(file, render(report, kind, replace(layout, width=80, color=False)))
    tell_unread(report)
    return report.exit_code


def tell_unread(report: Report) -> bool:
    """Say on standard error how many databases could not be compared; whether there are any."""
    if report.unread:
        said = "1 database" if report.unread == 1 else f"{report.unread} databases"
        print(f"driftcheck: {said} could not be compared: see what was skipped", file=sys.stderr)
    return report.unread > 0


def write_out(text: str) -> None:
    """To standard output; a reader that has had enough (`| head`) is no failure."""
    try:
        sys.stdout.buffer.write(text.encode("utf-8", "backslashreplace"))
        sys.stdout.buffer.flush()
    except BrokenPipeError:  # and keep the interpreter from trying once more when it ends
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())


def write_file(path: Path, text: str) -> None:
    """All of it or nothing: an interrupted run leaves the old file. DriftcheckError where it cannot be."""
    try:
        _replace(path.resolve(), text.encode("utf-8", "backslashreplace"))
    except OSError as error:
        reason = error.strerror or str(error)
        raise DriftcheckError(f"the report cannot be written to {path}: {reason}") from None


def _replace(path: Path, content: bytes) -> None:
    if path.exists() and not stat.S_ISREG(path.stat().st_mode):  # /dev/stdout, a pipe
        path.write_bytes(content)
        return
    import tempfile

    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        os.chmod(name, _mode(path))
        os.replace(name, path)
    except BaseException:
        os.unlink(name)
        raise


def _mode(path: Path) -> int:
    """The permissions of the file there is, else what any new file gets (mkstemp gives 0600)."""
    if path.exists():
        return stat.S_IMODE(path.stat().st_mode)
    mask = os.umask(0)
    os.umask(mask)
    return 0o666 & ~mask
