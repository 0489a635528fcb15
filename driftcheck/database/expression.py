"""One spelling for expressions that mean the same: redundant parentheses, casts of text, operand order.

Both sides were printed by the same engine; this folds only what an engine leaves as it was written.
Nothing is folded that could change a result.
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal, InvalidOperation
from functools import lru_cache
from typing import TypeAlias

from driftcheck.database.tokens import Kind, Token, tokens

_Item: TypeAlias = "Token | list[_Item]"

_TEXT_TYPES = {"text", "character varying", "varchar", "bpchar", "character", "char", "name", "citext"}
_TYPE_TAILS = {"varying", "precision", "without", "with", "time", "zone"}
_NOW = {"now", "current_timestamp", "transaction_timestamp"}
_OF_SQLITE = {"datetime": "now ()", "date": "current_date", "time": "current_time"}
_FLIPPED = {"=": "=", "<>": "<>", "<": ">", ">": "<", "<=": ">=", ">=": "<="}
_SPELLED = {"!=": "<>", "==": "=", "character_length": "char_length"}
_CLOSING = {"(": ")", "[": "]"}


@lru_cache(maxsize=65536)
def canonical(sql: str) -> str:
    """A spelling to compare by; not meant to be shown or run."""
    items = _nest(tokens(sql))
    return _strip(_level(items))


@lru_cache(maxsize=65536)
def canonical_default(
    sql: str | None, *, numeric: bool = False, array: bool = False, column: str = ""
) -> str | None:
    """The same for a column default: NULL is none at all, '0' is 0 where the column is `numeric`, '{a}' is
    ARRAY['a'] where it is an `array`. A cast to the type of the `column` is made anyway."""
    if sql is None:
        return None
    text = canonical(sql)
    if column and text.endswith(f" :: {canonical(column)}"):
        text = _strip(text.removesuffix(f" :: {canonical(column)}"))
    if text == "null":
        return None
    if numeric:
        text = {"true": "1", "false": "0"}.get(text, text)
        return _number(text.strip("'")) or text
    return _elements(text) if array else text


def _elements(text: str) -> str:
    """'{a,b}' and ARRAY['a', 'b'] as one; anything less plain stays as it is."""
    if text.startswith("array [") and text.endswith("]"):
        listed = "".join(token.text for token in tokens(text[7:-1])).split(",")
        found = [each[1:-1] if each[:1] == each[-1:] == "'" else each for each in listed]
    elif text.startswith("'{") and text.endswith("}'"):
        found = text[2:-2].split(",")
    else:
        return text
    if found == [""]:
        return "array []"
    plain = all(re.fullmatch(r"[\w-]+", each) and each.lower() != "null" for each in found)
    return f"array [{', '.join(found)}]" if plain else text


def _number(text: str) -> str | None:
    try:
        value = Decimal(text.replace("- ", "-"))
    except InvalidOperation:
        return None
    return str(value.normalize() + 0) if value.is_finite() else None


def _nest(stream: Sequence[Token]) -> list[_Item]:
    """Parentheses and brackets become lists that begin with their opening token."""
    stack: list[list[_Item]] = [[]]
    for token in stream:
        if token.kind is Kind.OPERATOR and token.text in _CLOSING:
            group: list[_Item] = [token]
            stack[-1].append(group)
            stack.append(group)
        elif token.kind is Kind.OPERATOR and token.text in {")", "]"} and len(stack) > 1:
            stack.pop()
        else:
            stack[-1].append(token)
    return stack[0]


def _is(item: _Item, *words: str) -> bool:
    return isinstance(item, Token) and item.kind in {Kind.WORD, Kind.OPERATOR} and item.text in words


def _group(item: _Item, opening: str) -> bool:
    return isinstance(item, list) and bool(item) and _is(item[0], opening)


def _level(items: list[_Item]) -> str:
    """One level between parentheses: OR of AND of comparisons, each side in a fixed order."""
    items = _uncast(items)
    while len(items) == 1 and _group(items[0], "("):
        items = _uncast(_content(items[0]))
    for word in ("or", "and"):
        parts = _split(items, word)
        if len(parts) > 1:
            return "(" + f" {word} ".join(sorted(_level(part) for part in parts)) + ")"
    return _comparison(items)


def _content(item: _Item) -> list[_Item]:
    return item[1:] if isinstance(item, list) else [item]


def _split(items: list[_Item], word: str) -> list[list[_Item]]:
    """Split at `word`, but not at the AND of a BETWEEN nor inside CASE … END."""
    parts: list[list[_Item]] = [[]]
    between, cases = False, 0
    for item in items:
        cases += _is(item, "case") - (_is(item, "end") and cases > 0)
        if _is(item, "between"):
            between = True
        if _is(item, word) and not cases:
            if word == "and" and between:
                between = False
            else:
                parts.append([])
                continue
        parts[-1].append(item)
    return [part for part in parts if part]


def _comparison(items: list[_Item]) -> str:
    at = [i for i, item in enumerate(items) if isinstance(item, Token) and _operator(item) in _FLIPPED]
    if len(at) != 1 or any(_is(item, "case", "not") for item in items):
        return _sequence(items)
    left, right = _sequence(items[: at[0]]), _sequence(items[at[0] + 1 :])
    operator = _operator(items[at[0]])  # type: ignore[arg-type]
    if operator in {">", ">="} or (operator in {"=", "<>"} and left > right):
        left, right, operator = right, left, _FLIPPED[operator]
    return f"({left} {operator} {right})"


def _operator(token: Token) -> str:
    return _SPELLED.get(token.text, token.text) if token.kind is Kind.OPERATOR else ""


def _sequence(items: list[_Item]) -> str:
    items = _null_test(_uncast(items))
    if len(items) == 1 and _group(items[0], "("):
        return _level(items)
    for at in range(1, len(items) - 3):
        if _is(items[at], "at") and _is(items[at + 1], "time") and _is(items[at + 2], "zone"):
            return f"timezone ({_sequence(items[at + 3 :])}, {_sequence(items[:at])})"
    words: list[str] = []
    previous: _Item | None = None
    for item in items:
        words.append(_word(item, previous))
        previous = item
    return _now(" ".join(words))


def _null_test(items: list[_Item]) -> list[_Item]:
    """`a NOTNULL` and `a NOT NULL` of SQLite are `a IS NOT NULL`; `a ISNULL` is `a IS NULL`."""
    if len(items) > 1 and _is(items[-1], "isnull", "notnull"):
        tests = {"isnull": ("is", "null"), "notnull": ("is", "not", "null")}
        words = tests[items[-1].text]  # type: ignore[union-attr]
        return [*items[:-1], *(Token(Kind.WORD, word, 0, 0) for word in words)]
    if len(items) > 2 and _is(items[-2], "not") and _is(items[-1], "null") and not _is(items[-3], "is"):
        return [*items[:-2], Token(Kind.WORD, "is", 0, 0), *items[-2:]]
    return items


def _word(item: _Item, previous: _Item | None) -> str:
    if isinstance(item, Token):
        return _token(item)
    parts = [_level(part) for part in _commas(item[1:])]
    if _is(item[0], "["):
        return "[" + ", ".join(parts) + "]"
    callee = isinstance(previous, Token) and previous.kind in {Kind.WORD, Kind.NAME}
    if callee and _is(previous, "in"):  # type: ignore[arg-type]
        return "(" + ", ".join(sorted(parts)) + ")"
    if callee and _is(previous, "any", "all"):  # type: ignore[arg-type]
        array = _array(item[1:])
        chosen = sorted(_level(part) for part in _commas(array[1:])) if array else parts
        return "(" + _strip(", ".join(chosen)) + ")"
    if callee or len(parts) != 1:
        return "(" + ", ".join(_strip(part) for part in parts) + ")"
    simple = len(item) == 2 and isinstance(item[1], Token)
    return parts[0] if simple else f"({_strip(parts[0])})"


def _array(items: list[_Item]) -> list[_Item] | None:
    """The [ … ] of an array literal under parentheses and casts: its order means nothing to ANY."""
    for item in items:
        if isinstance(item, list):
            return item if _group(item, "[") else _array(item[1:])
    return None


def _commas(items: list[_Item]) -> list[list[_Item]]:
    parts: list[list[_Item]] = [[]]
    for item in items:
        if _is(item, ","):
            parts.append([])
        else:
            parts[-1].append(item)
    return [part for part in parts if part]


def _token(token: Token) -> str:
    if token.kind is Kind.STRING:
        return token.text.lower() if token.text[0] in "xX" else token.text
    if token.kind is Kind.NUMBER:
        return _number(token.text) or token.text
    if token.kind is Kind.NAME:
        plain = token.text.replace("_", "a").isalnum()
        return token.text.lower() if plain else f'"{token.text}"'
    return _SPELLED.get(token.text, token.text)


def _now(text: str) -> str:
    name, _, rest = text.partition(" ")
    if rest == "('now')" and name in _OF_SQLITE:
        return _OF_SQLITE[name]
    return "now ()" if name in _NOW and rest in {"", "()"} else text


def _uncast(items: list[_Item]) -> list[_Item]:
    """Without the casts that do not matter: of literals and array literals, and to a text type."""
    kept: list[_Item] = []
    position = 0
    while position < len(items):
        if not _is(items[position], "::"):
            kept.append(items[position])
            position += 1
            continue
        end = _type_end(items, position + 1)
        if not _droppable(kept, items[position + 1 : end]):
            kept.extend(items[position:end])
        position = end
    return kept


def _type_end(items: list[_Item], position: int) -> int:
    position += 1
    while position < len(items):
        item = items[position]
        arguments = isinstance(item, list) and (_group(item, "[") or _group(item, "("))
        dotted = _is(item, ".")
        after_dot = position > 0 and _is(items[position - 1], ".")
        if not (arguments or dotted or after_dot or _is(item, *_TYPE_TAILS)):
            break
        position += 1
    return position


def _droppable(before: list[_Item], spelled: list[_Item]) -> bool:
    words = [item.text for item in spelled if isinstance(item, Token)]
    if " ".join(words) in _TEXT_TYPES:
        return True
    return bool(before) and _literal(before[-1])


def _literal(item: _Item) -> bool:
    if isinstance(item, Token):
        return item.kind in {Kind.STRING, Kind.NUMBER} or item.text in {"null", "true", "false"}
    inside = _content(item)
    if _group(item, "["):
        return True
    return 0 < len(inside) <= 2 and all(_is(part, "-", "array") or _literal(part) for part in inside)


def _strip(text: str) -> str:
    """Without one pair of parentheses that encloses everything."""
    if not (text.startswith("(") and text.endswith(")")):
        return text
    depth = 0
    for position, character in enumerate(text):
        depth += (character == "(") - (character == ")")
        if depth == 0 and position < len(text) - 1:
            return text
    return text[1:-1]
