"""A line on stderr that says a long run is alive; never in a pipe, a CI log or a short run."""

from __future__ import annotations

import os
import shutil
import sys
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager

_PATIENCE = 1.0  # seconds


@contextmanager
def progress(what: str | Callable[[], str], quiet: bool = False) -> Iterator[None]:
    """Show `what` (asked anew each time if it is a function) and the seconds, from the second one on."""
    if quiet or os.environ.get("CI") or not sys.stderr.isatty():
        yield
        return
    done = threading.Event()
    thread = threading.Thread(target=_tell, args=(what, done), daemon=True)
    thread.start()
    try:
        yield
    finally:
        done.set()
        thread.join()


@contextmanager
def telling(first: str, quiet: bool = False) -> Iterator[Callable[[str], None]]:
    """The same, of a run that says itself what it does by calling what this gives."""
    doing = [first]

    def told(text: str) -> None:
        doing[0] = f"driftcheck: {text}"

    with progress(lambda: doing[0], quiet):
        yield told


def _tell(what: str | Callable[[], str], done: threading.Event) -> None:
    start = time.monotonic()
    shown = False
    while not done.wait(_PATIENCE):
        said = what if isinstance(what, str) else what()
        passed = f" ({time.monotonic() - start:.0f} s)"
        room = shutil.get_terminal_size().columns - len(passed) - 1  # a line that wraps cannot be taken back
        sys.stderr.write(f"\r{said[:room]}{passed}\x1b[K")
        sys.stderr.flush()
        shown = True
    if shown:
        sys.stderr.write("\r\x1b[K")
        sys.stderr.flush()
