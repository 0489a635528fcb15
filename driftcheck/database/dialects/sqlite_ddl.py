"""What SQLite keeps only as the text of CREATE TABLE: checks, names, collations, generated columns.

The PRAGMAs tell everything else. Texts of expressions are cut out as written.
"""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from functools import lru_cache

from driftcheck.database.tokens import Kind, Token, tokens

_TABLE_CONSTRAINTS = {"constraint", "primary", "unique", "check", "foreign"}


@dataclass(slots=True)
class TableText:
    """`uniques` and `foreign_keys` give names and deferrability by columns, in lower case; `conflicts` what
    ON CONFLICT says, by the kind of constraint and its columns. Nobody changes it once read."""

    checks: list[tuple[str | None, str]] = field(default_factory=list)
    collations: dict[str, str] = field(default_factory=dict)
    expressions: dict[str, str] = field(default_factory=dict)
    uniques: dict[tuple[str, ...], str] = field(default_factory=dict)
    foreign_keys: dict[tuple[str, ...], tuple[str | None, str | None]] = field(default_factory=dict)
    conflicts: dict[tuple[str, tuple[str, ...]], str] = field(default_factory=dict)
    primary_key: str | None = None
    autoincrement: bool = False
    descending_key: bool = False
    strict: bool = False
    without_rowid: bool = False


@lru_cache(maxsize=4096)  # tenants have the same tables a thousand times
def table_text(sql: str) -> TableText:
    """Read one CREATE TABLE statement as sqlite_master keeps it."""
    text = TableText()
    stream = tokens(sql, brackets_quote=True)
    opening = next((i for i, token in enumerate(stream) if token.text == "(" and _punctuation(token)), None)
    if opening is None:
        return text
    closing = _closing(stream, opening)
    tail = [token.text for token in stream[closing + 1 :]]
    text.strict = "strict" in tail
    text.without_rowid = "rowid" in tail
    for item in _items(stream[opening + 1 : closing]):
        _Item(sql, item, text).read()
    return text


def without_brackets(sql: str) -> str:
    """The statement with names like [this] written like "this", as everybody else quotes them."""
    if "[" not in sql:
        return sql
    parts, position = [], 0
    for token in tokens(sql, brackets_quote=True):
        if token.kind is Kind.NAME and sql[token.start] == "[":
            name = token.text.replace('"', '""')
            parts += [sql[position : token.start], f'"{name}"']
            position = token.end
    return "".join([*parts, sql[position:]])


def index_keys(sql: str) -> list[str]:
    """The texts of the keys of a CREATE INDEX statement."""
    stream = tokens(sql, brackets_quote=True)
    opening = next((i for i, token in enumerate(stream) if token.text == "(" and _punctuation(token)), None)
    if opening is None:
        return []
    inner = stream[opening + 1 : _closing(stream, opening)]
    return [sql[item[0].start : item[-1].end] for item in _items(inner) if item]


def index_predicate(sql: str) -> str | None:
    """What follows WHERE in a CREATE INDEX statement; a column may have that name."""
    stream = tokens(sql, brackets_quote=True)
    words = (token for token in stream if token.kind is Kind.WORD and token.text == "where")
    found = next(words, None)
    return sql[found.end :].strip() if found is not None else None


def view_query(sql: str) -> str:
    """The query of CREATE VIEW, after the names of its columns if it has such."""
    stream = tokens(sql, brackets_quote=True)
    at = next((i for i, token in enumerate(stream) if token.kind is Kind.WORD and token.text == "as"), None)
    if at is None:
        return sql
    query = sql[stream[at].end :].strip()
    opening = next((token.start for token in stream[:at] if token.text == "(" and _punctuation(token)), None)
    return query if opening is None else f"{sql[opening : stream[at].start].strip()} AS {query}"


def virtual_options(sql: str) -> tuple[str, ...]:
    """The module of CREATE VIRTUAL TABLE and its settings; columns are no settings."""
    stream = tokens(sql, brackets_quote=True)
    at = next(
        (i for i, token in enumerate(stream) if token.kind is Kind.WORD and token.text == "using"), None
    )
    if at is None or at + 1 >= len(stream):
        return ()
    inner = stream[at + 3 : _closing(stream, at + 2)] if at + 2 < len(stream) else []
    settings = [item for item in _items(inner) if any(token.text == "=" for token in item)]
    spelled = [" ".join(token.text for token in item) for item in settings]
    return (f"using {stream[at + 1].text}", *sorted(spelled))


def _punctuation(token: Token) -> bool:
    return token.kind is Kind.OPERATOR


def _closing(stream: Sequence[Token], opening: int) -> int:
    depth = 0
    for position in range(opening, len(stream)):
        token = stream[position]
        if _punctuation(token):
            depth += (token.text == "(") - (token.text == ")")
            if depth == 0:
                return position
    return len(stream)


def _items(stream: Sequence[Token]) -> Iterator[Sequence[Token]]:
    start, depth = 0, 0
    for position, token in enumerate(stream):
        if not _punctuation(token):
            continue
        depth += (token.text == "(") - (token.text == ")")
        if token.text == "," and depth == 0:
            yield stream[start:position]
            start = position + 1
    yield stream[start:]


class _Item:
    """One comma-separated part of a table's body: a column or a table constraint."""

    def __init__(self, sql: str, stream: Sequence[Token], text: TableText) -> None:
        self.sql, self.stream, self.text = sql, stream, text
        self.name: str | None = None
        self.latest: tuple[str, tuple[str, ...]] | None = None
        first = stream[0] if stream else None
        is_constraint = first is not None and first.kind is Kind.WORD and first.text in _TABLE_CONSTRAINTS
        self.column = None if first is None or is_constraint else _original(sql, first)

    def read(self) -> None:
        position = 0 if self.column is None else 1
        while position < len(self.stream):
            position = self.step(position)

    def step(self, at: int) -> int:
        token = self.stream[at]
        following = self.stream[at + 1] if at + 1 < len(self.stream) else None
        if token.kind is not Kind.WORD:
            return at + 1 if token.text != "(" else _closing(self.stream, at) + 1
        if token.text == "constraint" and following is not None:
            self.name = _original(self.sql, following)
            return at + 2
        if token.text == "collate" and self.column is not None and following is not None:
            self.text.collations[self.column] = following.text.upper()
            return at + 2
        if token.text == "check" and following is not None and following.text == "(":
            return self.check(at)
        if token.text == "as" and self.column is not None and following is not None:
            self.text.expressions[self.column] = self.inside(at + 1)
            return _closing(self.stream, at + 1) + 1
        if token.text == "conflict" and self.latest is not None and following is not None:
            if following.text != "abort":
                self.text.conflicts[self.latest] = following.text
            return at + 2
        return self.key(at, token)

    def key(self, at: int, token: Token) -> int:
        if token.text == "autoincrement":
            self.text.autoincrement = True
        elif token.text == "primary":
            self.text.primary_key, self.name = self.name, None
            self.latest = ("primary", ())
            after = [item.text for item in self.stream[at + 1 : at + 3]]
            self.text.descending_key = self.column is not None and after == ["key", "desc"]
            inside = self.stream if self.column is None else ()
            self.text.autoincrement |= any(item.text == "autoincrement" for item in inside)
        elif token.text == "unique":
            self.latest = ("unique", self.columns(at))
            if self.name is not None:
                self.text.uniques[self.latest[1]] = self.name
            self.name = None
        elif token.text == "null" and self.column is not None and self.stream[at - 1].text == "not":
            self.latest = ("null", (self.column.lower(),))
        elif token.text == "references" and self.column is not None:
            self.foreign_key((self.column.lower(),), at)
        elif token.text == "foreign":
            self.foreign_key(self.columns(at), at)
        return at + 1

    def check(self, at: int) -> int:
        self.text.checks.append((self.name, self.inside(at + 1)))
        self.name = None
        return _closing(self.stream, at + 1) + 1

    def foreign_key(self, columns: tuple[str, ...], at: int) -> None:
        words = [token.text for token in self.stream[at:] if token.kind is Kind.WORD]
        deferrable = None  # DEFERRABLE alone changes nothing here
        if "deferrable" in words and words[words.index("deferrable") - 1] != "not":
            deferrable = "deferred" if "deferred" in words else None
        self.text.foreign_keys[columns] = (self.name, deferrable)
        self.name = None

    def columns(self, at: int) -> tuple[str, ...]:
        if self.column is not None:
            return (self.column.lower(),)
        opening = next(i for i in range(at, len(self.stream)) if self.stream[i].text == "(")
        inner = self.stream[opening + 1 : _closing(self.stream, opening)]
        names = (item[0] for item in _items(inner) if item)
        return tuple(_original(self.sql, token).lower() for token in names)

    def inside(self, opening: int) -> str:
        closing = _closing(self.stream, opening)
        end = self.stream[closing].start if closing < len(self.stream) else len(self.sql)
        return self.sql[self.stream[opening].end : end]


def _original(sql: str, token: Token) -> str:
    """A name as written: the tokens of unquoted words are in lower case."""
    return sql[token.start : token.end] if token.kind is Kind.WORD else token.text.strip("'")
