"""Cuts a file of SQL for MariaDB, MySQL or SQLite into statements, as their command lines would.

Bodies of triggers and routines hold semicolons; MySQL's comments with a version are statements.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from typing import NamedTuple

_TOKEN = re.compile(
    r"""
    (?P<comment>--(?=[\s]|\Z)[^\n]*|\#[^\n]*|/\*(?!M?!).*?\*/)
  | (?P<quoted>'(?:[^'\\]|\\.|'')*'|"(?:[^"\\]|\\.|"")*"|`(?:[^`]|``)*`)
  | (?P<word>[^\W\d]\w*)
  | (?P<space>\s+)
  | (?P<other>/\*M?!\d*|\*/|\d[\w.]*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_SQLITE = re.compile(
    r"""
    (?P<comment>--[^\n]*|/\*.*?\*/)
  | (?P<quoted>'(?:[^']|'')*'|"(?:[^"]|"")*"|`(?:[^`]|``)*`|\[[^\]]*\])
  | (?P<word>[^\W\d]\w*)
  | (?P<space>\s+)
  | (?P<other>\d[\w.]*|.)
    """,
    re.VERBOSE | re.DOTALL,
)
_DELIMITER = re.compile(r"[ \t]*DELIMITER[ \t]+(\S+)[^\n]*(?:\n|\Z)", re.IGNORECASE)
_BODIES = {"trigger", "procedure", "function", "event"}
_ENDS_OF = {"if", "loop", "while", "repeat"}
_HEAD = 16  # words: CREATE OR REPLACE DEFINER = name @ host TRIGGER …
# a dump of whole databases names them: what it makes belongs into the scratch database all the same
_LEAVE_OUT = re.compile(
    r"(?:begin(?:\s+(?:deferred|immediate|exclusive))?(?:\s+transaction)?|commit|end(?:\s+transaction)?"
    r"|start\s+transaction.*|use\s.*|(?:create|drop|alter)\s+(?:database|schema)\b.*"
    r"|set\s+(?:@@)?global\b.*|set\s+(?:@@)?(?:session\.)?sql_log_bin\b.*)\Z",
    re.IGNORECASE | re.DOTALL,
)


class Statement(NamedTuple):
    """A statement and the line on which it begins."""

    line: int
    text: str


def split(text: str, dialect: str) -> Iterator[Statement]:
    """The statements of a file, but those that begin transactions, or name or choose a database."""
    cutter = _Cutter(text, _SQLITE if dialect == "sqlite" else _TOKEN, mysql=dialect != "sqlite")
    for start, end in cutter.pieces():
        plain = _bare(text[start:end])
        if plain and not _LEAVE_OUT.match(plain):
            yield Statement(text.count("\n", 0, start) + 1, text[start:end].strip())


def _bare(statement: str) -> str:
    """Without the marks of comments that MySQL runs."""
    return re.sub(r"/\*M?!\d*|\*/", " ", statement).strip() if "/*" in statement else statement.strip()


class _Cutter:
    """Walks over the text once. `depth` counts the blocks that are open in the body of a routine."""

    def __init__(self, text: str, token: re.Pattern[str], *, mysql: bool) -> None:
        self.text, self.token, self.mysql = text, token, mysql
        self.until(";")
        self.begin()

    def until(self, delimiter: str) -> None:
        """Statements end with this."""
        self.delimiter = delimiter
        self.plain = re.compile(f"[^'\"`[/#{re.escape(delimiter[0])}-]+")

    def begin(self) -> None:
        """Before a statement."""
        self.words, self.depth, self.previous = 0, 0, ""
        self.creates = self.body = False

    def pieces(self) -> Iterator[tuple[int, int]]:
        """Where statements begin, after comments, and end."""
        start, position = -1, 0
        while position < len(self.text):
            chosen = self.chosen(position) if start < 0 and self.mysql else None
            if chosen is not None:
                position = chosen.end()
                self.until(chosen[1])
                continue
            if self.depth <= 0 and self.text.startswith(self.delimiter, position):
                if start >= 0:
                    yield start, position
                start, position = -1, position + len(self.delimiter)
                self.begin()
                continue
            rows = self.rows(position)
            if rows is not None:
                position = rows.end()
                continue
            found = self.token.match(self.text, position)
            assert found is not None  # the last alternative takes anything
            if start < 0 and found.lastgroup not in {"comment", "space"}:
                start = position
            if found.lastgroup == "word":
                self.hear(found[0].lower())
            position = found.end()
        if start >= 0:
            yield start, len(self.text)

    def rows(self, position: int) -> re.Match[str] | None:
        """What lies between two strings of a long statement that is no body: dumps hold megabytes of it."""
        return self.plain.match(self.text, position) if self.words > _HEAD and not self.body else None

    def chosen(self, position: int) -> re.Match[str] | None:
        """A line of the command line that names another delimiter."""
        begins = position == 0 or self.text[position - 1] == "\n"
        return _DELIMITER.match(self.text, position) if begins else None

    def hear(self, word: str) -> None:
        """Count the blocks of a body; where another delimiter is chosen nobody needs to."""
        self.words += 1
        self.creates = self.creates or (self.words == 1 and word == "create")
        self.body = self.body or (self.creates and self.words <= _HEAD and word in _BODIES)
        if self.body and self.delimiter == ";":
            if word in {"begin", "case"} and self.previous != "end":
                self.depth += 1
            elif word == "end":
                self.depth -= 1
            elif word in _ENDS_OF and self.previous == "end":
                self.depth += 1  # IF … END IF: what began it was not counted
        self.previous = word
