"""Runs code of the user's application: whatever it raises becomes one sentence, never our crash.

The only place besides the CLI's edge that catches everything, because anything may come out of it.
"""

from __future__ import annotations

import asyncio
import contextlib
from collections.abc import Awaitable, Iterator
from concurrent.futures import ThreadPoolExecutor
from typing import Any

from driftcheck.errors import DriftcheckError


@contextlib.contextmanager
def blaming(label: str, doing: str) -> Iterator[None]:
    """Turn an exception into a DriftcheckError that names the application and what it was asked to do."""
    try:
        yield
    except DriftcheckError:
        raise
    except (Exception, SystemExit) as error:  # noqa: BLE001
        raise DriftcheckError(f"{label}: {doing} failed: {worded(error)}") from None


@contextlib.contextmanager
def noting(problems: list[str], doing: str) -> Iterator[None]:
    """Write an exception down and go on: there are other ways to ask."""
    try:
        yield
    except (Exception, SystemExit) as error:  # noqa: BLE001
        problems.append(f"{doing} failed: {worded(error)}")


def worded(error: BaseException) -> str:
    """The exception's name and the first line of its message."""
    first = str(error).strip().split("\n")[0]
    return f"{type(error).__name__}: {first}" if first else type(error).__name__


def run(work: Awaitable[Any]) -> Any:
    """The result of an awaitable, also where this thread already runs an event loop."""

    async def waiting() -> Any:
        return await work

    try:
        asyncio.get_running_loop()
    except RuntimeError:
        return asyncio.run(waiting())
    with ThreadPoolExecutor(1) as pool:
        return pool.submit(asyncio.run, waiting()).result()
