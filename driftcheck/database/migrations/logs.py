"""Logging while an application's code runs: what it sets up works, and is gone afterwards.

alembic's own fileConfig() is not run. dictConfig() is, because applications (Airflow) look for their handlers
while they are imported and refuse to go on without them.
"""

from __future__ import annotations

import logging
import logging.config
from collections.abc import Iterator, Mapping
from contextlib import ExitStack, contextmanager
from typing import Any
from unittest.mock import patch


@contextmanager
def kept() -> Iterator[None]:
    """Loggers are as they were, afterwards; those that are new keep what does not write to a terminal."""
    real = logging.config.dictConfig
    before = {name: _state(logger) for name, logger in _loggers().items()}

    def configure(config: dict[str, Any]) -> None:
        real(config)
        for logger in _loggers().values():
            for handler in filter(_is_terminal, logger.handlers):
                handler.setLevel(max(handler.level, logging.WARNING))

    with ExitStack() as stack:
        stack.enter_context(patch("logging.config.fileConfig", lambda *_, **__: None))
        stack.enter_context(patch("logging.config.dictConfig", configure))
        try:
            yield
        finally:
            _restore(before)


def _loggers() -> dict[str, logging.Logger]:
    known = logging.Logger.manager.loggerDict.items()
    named = {name: logger for name, logger in known if isinstance(logger, logging.Logger)}
    return {"": logging.getLogger(), **named}


def _state(logger: logging.Logger) -> tuple[list[logging.Handler], int, bool, bool]:
    return list(logger.handlers), logger.level, logger.propagate, logger.disabled


def _restore(before: Mapping[str, tuple[list[logging.Handler], int, bool, bool]]) -> None:
    for name, logger in _loggers().items():
        if name in before:
            logger.handlers[:], level, logger.propagate, logger.disabled = before[name]
            logger.setLevel(level)
        else:
            logger.handlers[:] = [each for each in logger.handlers if not _is_terminal(each)]


def _is_terminal(handler: logging.Handler) -> bool:
    return isinstance(handler, logging.StreamHandler) and not isinstance(handler, logging.FileHandler)
