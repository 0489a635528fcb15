"""Cuts SQL into tokens: comments dropped, unquoted words in lower case, quoted names without quotes.

This is all the SQL that driftcheck reads itself; meaning is the engine's business.
"""

from __future__ import annotations

import re
from enum import Enum
from typing import NamedTuple


class Kind(Enum):
    """What a token is."""

    WORD = "word"
    NAME = "name"
    STRING = "string"
    NUMBER = "number"
    OPERATOR = "operator"


class Token(NamedTuple):
    """`start` and `end` are its place in the text."""

    kind: Kind
    text: str
    start: int
    end: int


_TOKEN = re.compile(
    r"""
    (?P<space>\s+|--[^\n]*|/\*.*?\*/)
  | (?P<string>[eExXbBnN]?'(?:[^']|'')*')
  | (?P<quoted>"(?:[^"]|"")*"|`(?:[^`]|``)*`)
  | (?P<number>\d+(?:\.\d*)?(?:[eE][+-]?\d+)?|\.\d+)
  | (?P<word>[^\W\d][\w$]*)
  | (?P<operator>::|<=|>=|<>|!=|==|\|\||->>|->|~\*|!~\*|!~|@>|<@|&&|.)
    """,
    re.VERBOSE | re.DOTALL,
)


def tokens(sql: str, *, brackets_quote: bool = False) -> list[Token]:
    """The tokens of `sql`; with `brackets_quote`, [x] is a quoted name (SQLite) and not an array."""
    found: list[Token] = []
    position = 0
    while position < len(sql):
        if brackets_quote and sql[position] == "[" and (end := sql.find("]", position)) > 0:
            found.append(Token(Kind.NAME, sql[position + 1 : end], position, end + 1))
            position = end + 1
            continue
        match = _TOKEN.match(sql, position)
        if match is None:
            break
        token = _token(match)
        if token is not None:
            found.append(token)
        position = match.end()
    return found


def _token(match: re.Match[str]) -> Token | None:
    text, start, end = match.group(), match.start(), match.end()
    kind = match.lastgroup
    if kind == "space":
        return None
    if kind == "string":
        return Token(Kind.STRING, text, start, end)
    if kind == "quoted":
        quote = text[0]
        return Token(Kind.NAME, text[1:-1].replace(quote * 2, quote), start, end)
    if kind == "number":
        return Token(Kind.NUMBER, text, start, end)
    if kind == "word":
        return Token(Kind.WORD, text.lower(), start, end)
    return Token(Kind.OPERATOR, text, start, end)
