"""Text and values as HTML: nothing that comes from outside reaches a page but through these functions."""

from __future__ import annotations

import re
from html import escape

from driftcheck.report import wording
from driftcheck.report.escape import printable
from driftcheck.report.json import dumps

_VALUE_LIMIT = 4_000
_UNSAFE_IN_IDS = re.compile(r"[^A-Za-z0-9_-]")


def text(of: object, limit: int = 1_000) -> str:
    """Text for an element or a quoted attribute, in one line, cut to `limit` characters."""
    return escape(printable(wording.cut(str(of), limit)))


def name(of: object, limit: int = 300) -> str:
    """A name that keeps its own direction, whatever letters it has."""
    return f"<bdi>{text(of, limit)}</bdi>"


def code_lines(of: str, limit: int = _VALUE_LIMIT) -> str:
    """Several lines of code, each of them safe."""
    return "\n".join(escape(printable(line)) for line in wording.cut(of, limit).split("\n"))


def both_values(expected: object, actual: object) -> tuple[str, str]:
    """Both values as indented JSON, with the lines marked that the other one does not have."""
    ours, theirs = (_lines(value) for value in (expected, actual))
    return _marked(ours, theirs, "del"), _marked(theirs, ours, "ins")


def _lines(value: object) -> list[str]:
    if value is None:
        return []
    return wording.cut(dumps(value, indent=2), _VALUE_LIMIT).split("\n")


def _marked(lines: list[str], others: list[str], tag: str) -> str:
    known = {line.rstrip(",") for line in others}
    shown = []
    for line in lines:
        safe = escape(printable(line))
        inner = safe.lstrip()
        indent = safe[: len(safe) - len(inner)]
        plain = not others or line.rstrip(",") in known
        shown.append(safe if plain else f"{indent}<{tag}>{inner}</{tag}>")
    return "\n".join(shown)


def identifier(of: str) -> str:
    """Text for an id or the end of a link to one."""
    return _UNSAFE_IN_IDS.sub("-", of)
