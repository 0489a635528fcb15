"""The few words of a statement that the engine cannot be asked for: its verb, its table, its WHERE.

This is no parser: what a statement does is measured; here is only what it is called.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from driftcheck.database.tokens import Kind, Token, tokens

_BODY = re.compile(r"\$(\w*)\$.*?\$\1\$", re.DOTALL)
_NOISE = {"table", "only", "into", "from", "if", "not", "exists", "ignore", "or", "replace", "low_priority"}
_DDL = {
    "alter", "create", "drop", "rename", "truncate", "comment", "reindex", "cluster", "vacuum", "do", "call",
    "lock", "grant", "revoke", "security", "import", "refresh", "exec", "execute", "optimize", "analyze",
}  # fmt: skip
_DML = {"update", "delete", "insert", "replace", "merge"}


@dataclass(frozen=True, slots=True)
class Part:
    """One statement of a script: its tokens, and the words and names among them in lower case."""

    tokens: tuple[Token, ...]
    words: tuple[str, ...]

    @property
    def verb(self) -> str:
        """The first word; of WITH … UPDATE the second verb."""
        if not self.words:
            return ""
        if self.words[0] == "with":
            return next((word for word in self.words if word in _DML), "select")
        return self.words[0]

    @property
    def ddl(self) -> bool:
        """Whether it may change the schema (a block of code may)."""
        return self.verb in _DDL

    @property
    def dml(self) -> bool:
        """Whether it writes rows."""
        return self.verb in _DML

    def has(self, *words: str) -> bool:
        """Whether these words follow each other somewhere."""
        count = len(words)
        return any(self.words[at : at + count] == words for at in range(len(self.words) - count + 1))

    @property
    def target(self) -> str:
        """The table that it is about, as written without quotes ("" if none)."""
        return next(self._names(self._start()), "")

    def _start(self) -> int:
        """Where the table's name may begin."""
        if self.has("index") and self.verb in {"create", "drop"}:
            return next(
                (at + 1 for at, token in enumerate(self.tokens) if token.text == "on"), len(self.tokens)
            )
        verb = self.verb
        return next((at + 1 for at, token in enumerate(self.tokens) if token.text == verb), len(self.tokens))

    def _names(self, start: int) -> Iterator[str]:
        at = start
        while at < len(self.tokens) and self.tokens[at].text in _NOISE:
            at += 1
        if at < len(self.tokens) and self.tokens[at].kind in {Kind.WORD, Kind.NAME}:
            name = self.tokens[at].text
            while at + 2 < len(self.tokens) and self.tokens[at + 1].text == ".":
                at += 2
                name += f".{self.tokens[at].text}"
            yield name

    @property
    def sources(self) -> tuple[str, ...]:
        """Tables behind FROM and JOIN."""
        found = []
        for at, token in enumerate(self.tokens):
            if token.kind is Kind.WORD and token.text in {"from", "join", "using"}:
                found += list(self._names(at + 1))
        return tuple(found)

    @property
    def condition(self) -> tuple[str, ...] | None:
        """The words behind the outermost WHERE; None where there is none."""
        depth = 0
        for at, token in enumerate(self.tokens):
            depth += {"(": 1, ")": -1}.get(token.text, 0) if token.kind is Kind.OPERATOR else 0
            if depth == 0 and token.kind is Kind.WORD and token.text == "where":
                return tuple(each.text for each in self.tokens[at + 1 :])
        return None

    @property
    def everything(self) -> bool:
        """Whether it is about all rows: no WHERE (and no LIMIT), or one that is always true."""
        condition = self.condition
        if condition is None:
            return "limit" not in self.words
        bare = tuple(text for text in condition if text not in {"(", ")"})
        return bare in {("true",), ("1",)} or (len(bare) == 3 and bare[1] == "=" and bare[0] == bare[2])

    @property
    def opaque(self) -> bool:
        """Whether what it does is written elsewhere: in a block or a procedure."""
        return self.verb in {"do", "call", "exec", "execute"}

    @property
    def names(self) -> frozenset[str]:
        """All words and quoted names."""
        return frozenset(each.text for each in self.tokens if each.kind in {Kind.WORD, Kind.NAME})


@lru_cache(maxsize=2048)
def parts(sql: str) -> tuple[Part, ...]:
    """The statements of a script; bodies of functions and blocks are left out."""
    found: list[Part] = []
    current: list[Token] = []
    for token in tokens(_BODY.sub("''", sql)):
        if token.kind is Kind.OPERATOR and token.text == ";" and not _in_body(current):
            found += _part(current)
            current = []
        else:
            current.append(token)
    return tuple(found + _part(current))


def _in_body(current: list[Token]) -> bool:
    """Whether the semicolon ends a statement inside CREATE TRIGGER … BEGIN … END."""
    words = [token.text for token in current if token.kind is Kind.WORD]
    if words[:1] != ["create"] or not {"trigger", "procedure", "function", "event"} & set(words[:6]):
        return False
    return words.count("begin") + words.count("case") > words.count("end")


def _part(current: list[Token]) -> list[Part]:
    if not current:
        return []
    words = tuple(each.text for each in current if each.kind is Kind.WORD)
    return [Part(tuple(current), words)]


def renamed(part: Part) -> Iterator[tuple[str, str, str]]:
    """(table, old column or "", new name) of every rename that is written in the statement."""
    texts = [token.text for token in part.tokens]
    if part.has("rename", "table"):
        for at, text in enumerate(texts):
            if text == "to" and at and at + 1 < len(texts):
                yield texts[at - 1], "", texts[at + 1]
        return
    table = part.target
    for at, text in enumerate(texts):
        if text == "rename" and at + 2 < len(texts):
            rest = texts[at + 1 :]
            if rest[0] in {"to", "as"}:
                yield table, "", rest[1]
            elif rest[0] in {"index", "key", "constraint"}:
                continue
            elif rest[0] == "column" and len(rest) > 3:
                yield table, rest[1], rest[3]
            elif len(rest) > 2 and rest[1] == "to":
                yield table, rest[0], rest[2]
        elif text == "change" and at + 2 < len(texts):
            skip = 1 if texts[at + 1] == "column" else 0
            old, new = texts[at + 1 + skip], texts[at + 2 + skip]
            if old != new:
                yield table, old, new
