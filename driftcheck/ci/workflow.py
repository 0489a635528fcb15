"""How a step talks to the runner of GitHub: commands in its log, and the files that the runner names.

Whatever others wrote is escaped here, or printed while the runner listens to no commands.
"""

from __future__ import annotations

import secrets
import sys
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path

SUMMARY_LIMIT = 900 * 1024
"""Bytes of a summary; with 1 MiB the runner throws it away."""


def mask(secret: str) -> None:
    """Have the runner write *** in place of a secret, in the log and in annotations."""
    for line in secret.splitlines():
        if line.strip():
            _say(f"::add-mask::{_escaped(line.strip())}")


def annotate(level: str, text: str) -> None:
    """An annotation of the step (error, warning or notice), which stands at no line."""
    _say(f"::{level} title=driftcheck::{_escaped(text)}")


def _escaped(text: str) -> str:
    return text.replace("%", "%25").replace("\r", "%0D").replace("\n", "%0A")


def _say(line: str) -> None:
    sys.stdout.buffer.write(f"{line}\n".encode("utf-8", "backslashreplace"))
    sys.stdout.buffer.flush()


@contextmanager
def deaf() -> Iterator[None]:
    """While this lasts, nothing in the log is a command: only who knows the word can end it."""
    word = secrets.token_hex(16)
    _say(f"::stop-commands::{word}")
    try:
        yield
    finally:
        _say(f"\n::{word}::")


def set_outputs(environ: Mapping[str, str], outputs: Mapping[str, str]) -> None:
    """Outputs of the step; a value with line breaks cannot add one, since its end is a random word."""
    text = ""
    for name, value in outputs.items():
        word = secrets.token_hex(16)
        text += f"{name}<<{word}\n{value}\n{word}\n"
    _append(environ["GITHUB_OUTPUT"], text)


def add_summary(environ: Mapping[str, str], markdown: str) -> None:
    """Markdown for the page of the job, cut where the runner would throw it away."""
    file = environ.get("GITHUB_STEP_SUMMARY")
    if not file:
        return
    path = Path(file)
    room = SUMMARY_LIMIT - (path.stat().st_size if path.exists() else 0)
    content = markdown.encode("utf-8", "backslashreplace")
    if len(content) > room:
        content = content[: max(room - 100, 0)].rpartition(b"\n")[0] + b"\n\n(cut: the report is too long)\n"
    _append(file, content.decode("utf-8", "ignore") + "\n")


def _append(file: str, text: str) -> None:
    with open(file, "a", encoding="utf-8", errors="backslashreplace", newline="\n") as opened:
        opened.write(text)
