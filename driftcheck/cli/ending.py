"""SIGTERM, as CI systems, containers and timeout(1) send it, ends a run the way Ctrl-C does.

What is temporary is removed on the way out.
"""

from __future__ import annotations

import signal
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


@contextmanager
def heeding_sigterm() -> Iterator[list[int]]:
    """Holds the number of the signal once it came. Where somebody else handles it, nothing changes."""
    came: list[int] = []

    def end(number: int, _frame: Any) -> None:
        came.append(number)
        raise KeyboardInterrupt  # nobody takes it for a mistake of the code that was running

    main = threading.current_thread() is threading.main_thread()
    if not main or signal.getsignal(signal.SIGTERM) != signal.SIG_DFL:
        yield came
        return
    signal.signal(signal.SIGTERM, end)
    try:
        yield came
    finally:
        signal.signal(signal.SIGTERM, signal.SIG_DFL)
