"""Literals in JavaScript and TypeScript, as far as they can be read without running anything.

No parser of the language: what is no literal becomes an Unknown, and is stepped over by its brackets.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass
from typing import Any

_SPACE = re.compile(r"(?:\s+|//[^\n]*|/\*.*?\*/)*", re.DOTALL)
_NAME = re.compile(r"[A-Za-z_$][\w$]*")
_DOTTED = re.compile(r"[A-Za-z_$][\w$]*(?:\s*\??\.\s*[A-Za-z_$][\w$]*)*")
_NUMBER = re.compile(r"-?(?:0[xX][\da-fA-F_]+|(?:\d[\d_]*)?\.?\d[\d_]*(?:[eE][+-]?\d+)?)")
_REGEX = re.compile(r"/(?![*/])((?:\\.|\[(?:\\.|[^\]\\\n])*\]|[^/\\\n\[])+)/[dgimsuvy]*")
_BEFORE_REGEX = re.compile(r"[(,=:\[!&|?{};\n]\s*$")  # elsewhere a slash divides
_TYPED = re.compile(r"\s*(?:!(?!=)|(?:as|satisfies)\s+(?:const|[\w$.]+(?:<[^>;]*>)?(?:\[\])*))")
_CONSTANT = re.compile(r"\b(?:const|let|var)\s+([A-Za-z_$][\w$]*)(?:\s*:[^=;\n]+)?\s*=(?![=>])")
_ESCAPES = {"n": "\n", "t": "\t", "r": "\r", "b": "\b", "f": "\f", "v": "\v", "0": "\0", "\n": ""}
_WORDS = {"true": True, "false": False, "null": None}
_PAIRS = {"(": ")", "[": "]", "{": "}"}
_MOST = 60  # levels of brackets


class UnreadableScriptError(Exception):
    """Brackets or quotes that do not fit together."""


@dataclass(frozen=True, slots=True)
class Unknown:
    """What only running it would tell; `text` is how it is written."""

    text: str


@dataclass(frozen=True, slots=True)
class Pattern:
    """A regular expression, without its slashes and flags."""

    text: str


@dataclass(slots=True)
class Script:
    """A text with what its constants are known to be."""

    text: str
    constants: Mapping[str, Any]

    def arguments(self, at: int) -> tuple[list[Any], int]:
        """The arguments of a call whose bracket opens at `at`, and where it has ended."""
        return self._listed(at, ")", 0)

    def value(self, at: int, depth: int = 0) -> tuple[Any, int]:
        """The expression at `at`, and where it ends: text joined with "+" is joined, casts are dropped."""
        value, end = self._operand(at, depth)
        while True:
            cast = _TYPED.match(self.text, end)
            end = self._after(cast.end() if cast else end)
            if self.text[end : end + 1] != "+" or not isinstance(value, str | Unknown):
                break
            other, end = self._operand(self._after(end + 1), depth)
            value = Unknown("+") if isinstance(value, Unknown) and isinstance(other, Unknown) else (
                _written(value) + _written(other)
            )  # fmt: skip
        if self.text[end : end + 1] in ("", ",", ")", "]", "}", ";") or self._new_line(end):
            return value, end
        stop = self._skipped(end)
        return Unknown(self.text[at:stop].strip()), stop

    def _new_line(self, end: int) -> bool:
        """Whether the statement has ended: nothing on the next line can go on with it."""
        before = self.text[max(end - 200, 0) : end].rstrip(" \t")
        return before.endswith("\n") and self.text[end] not in "([`.?+-*/%<>=&|^"

    def _operand(self, at: int, depth: int) -> tuple[Any, int]:
        at = self._after(at)
        first = self.text[at : at + 1]
        if depth > _MOST:
            raise UnreadableScriptError
        if first in ("'", '"'):
            return self._quoted(at)
        if first == "`":
            return self._template(at)
        if first == "[":
            return self._listed(at, "]", depth)
        if first == "{":
            return self._object(at, depth)
        regex = _REGEX.match(self.text, at) if first == "/" else None
        if regex is not None:
            return Pattern(regex[1]), regex.end()
        number = _NUMBER.match(self.text, at)
        if number is not None:
            return _number(number[0]), number.end()
        return self._named(at)

    def _named(self, at: int) -> tuple[Any, int]:
        name = _DOTTED.match(self.text, at)
        if name is not None:
            end = self._after(name.end())
            value = self._looked_up(re.sub(r"\s|\?", "", name[0]))
            if self.text[end : end + 1] not in ("(", "[", "=", "`") and not isinstance(value, Unknown):
                return value, name.end()
            stop = self._called(name.end())
            return Unknown(self.text[at:stop].strip()), stop
        stop = self._skipped(at)
        return Unknown(self.text[at:stop].strip()), stop

    def _called(self, end: int) -> int:
        """Where a chain of calls and members ends that follows a name: `env('url').trim()`."""
        while True:
            after = self._after(end)
            dotted = re.compile(r"\??\.\s*[\w$]*|!(?!=)").match(self.text, after)
            if self.text[after : after + 1] in ("(", "["):
                end = self._closed(after)
            elif dotted is not None:
                end = dotted.end()
            else:
                return end

    def _closed(self, at: int) -> int:
        """The place after the bracket that closes the one at `at`."""
        closing = _PAIRS[self.text[at]]
        at = self._after(at + 1)
        while self.text[at : at + 1] != closing:
            at = self._skipped(at)
            if self.text[at] in ",;":
                at += 1
            elif self.text[at] != closing:
                raise UnreadableScriptError
        return at + 1

    def _looked_up(self, name: str) -> Any:
        if name in _WORDS:
            return _WORDS[name]
        first, *rest = name.split(".")
        value = self.constants.get(first, Unknown(name))
        for part in rest:
            value = value.get(part, Unknown(name)) if isinstance(value, dict) else Unknown(name)
        return value

    def _quoted(self, at: int) -> tuple[str, int]:
        quote, end = self.text[at], at + 1
        parts: list[str] = []
        while True:
            letter = self.text[end : end + 1]
            if letter in ("", "\n"):
                raise UnreadableScriptError
            if letter == quote:
                return "".join(parts), end + 1
            if letter == "\\":
                found, end = self._escaped(end + 1)
                parts.append(found)
            else:
                parts.append(letter)
                end += 1

    def _escaped(self, at: int) -> tuple[str, int]:
        code = re.compile(r"x([\da-fA-F]{2})|u([\da-fA-F]{4})|u\{([\da-fA-F]{1,6})\}").match(self.text, at)
        if code is not None:
            number = int(code[code.lastindex or 1], 16)
            return (chr(number) if number < 0x110000 else ""), code.end()
        letter = self.text[at : at + 1]
        return _ESCAPES.get(letter, letter), at + 1

    def _template(self, at: int) -> tuple[Any, int]:
        end = at + 1
        parts: list[str] = []
        while True:
            letter = self.text[end : end + 1]
            if not letter:
                raise UnreadableScriptError
            if letter == "`":
                return "".join(parts), end + 1
            if letter == "\\":
                found, end = self._escaped(end + 1)
            elif self.text.startswith("${", end):
                value, end = self.value(end + 2)
                end = self._after(end) + 1
                found = _written(value)
            else:
                found, end = letter, end + 1
            parts.append(found)

    def _listed(self, at: int, closing: str, depth: int) -> tuple[list[Any], int]:
        found: list[Any] = []
        at = self._after(at + 1)
        while self.text[at : at + 1] != closing:
            if self.text.startswith("...", at):
                value, at = self.value(at + 3, depth + 1)
                found += value if isinstance(value, list) else [Unknown("...")]
            else:
                value, at = self.value(at, depth + 1)
                found.append(value)
            at = self._next(at, closing)
        return found, at + 1

    def _object(self, at: int, depth: int) -> tuple[Any, int]:
        found: dict[str, Any] = {}
        whole = True
        at = self._after(at + 1)
        while self.text[at : at + 1] != "}":
            if self.text.startswith("...", at):
                value, at = self.value(at + 3, depth + 1)
                whole = whole and isinstance(value, dict)
                found.update(value if isinstance(value, dict) else {})
            else:
                name, value, at = self._member(at, depth)
                whole = whole and name is not None
                found[name or ""] = value
            at = self._next(at, "}")
        return (found if whole else Unknown("{...}")), at + 1

    def _member(self, at: int, depth: int) -> tuple[str | None, Any, int]:
        """A member's name (None for a computed one), its value and where it ends."""
        name: Any = None
        bare = _NAME.match(self.text, at)
        number = _NUMBER.match(self.text, at)
        if self.text[at : at + 1] in ("'", '"'):
            name, end = self._quoted(at)
        elif bare is not None:
            name, end = bare[0], bare.end()
        elif number is not None:
            name, end = str(_number(number[0])), number.end()
        else:
            end = self._skipped(at, ":")
        end = self._after(end)
        if self.text[end : end + 1] == ":":
            value, end = self.value(end + 1, depth + 1)
            return name, value, end
        if bare is not None and self.text[end : end + 1] in (",", "}"):
            return name, self._looked_up(bare[0]), end
        return name, Unknown("method"), self._skipped(end)

    def _next(self, at: int, closing: str) -> int:
        at = self._after(at)
        if self.text[at : at + 1] == ",":
            return self._after(at + 1)
        if self.text[at : at + 1] != closing:
            raise UnreadableScriptError
        return at

    def _after(self, at: int) -> int:
        """The next place that is neither space nor a comment."""
        found = _SPACE.match(self.text, at)
        return found.end() if found else at

    def _skipped(self, at: int, stop: str = "") -> int:
        """Where an expression ends that is not understood."""
        open_: list[str] = []
        while at < len(self.text):
            letter = self.text[at]
            if not open_ and (letter in ",)]};" or letter == stop):
                return at
            if letter in _PAIRS:
                open_.append(_PAIRS[letter])
            elif open_ and letter == open_[-1]:
                open_.pop()
            at = self.stepped(at)
        raise UnreadableScriptError

    def stepped(self, at: int) -> int:
        """The place after this character, string, comment or regular expression."""
        letter = self.text[at]
        if letter in ("'", '"', "`"):
            with suppress(UnreadableScriptError):  # an apostrophe in the text of JSX
                return self._template(at)[1] if letter == "`" else self._quoted(at)[1]
            return at + 1
        if letter == "/":
            after = self._after(at)
            if after > at:
                return after
            begins = _BEFORE_REGEX.search(self.text[max(at - 40, 0) : at])
            regex = _REGEX.match(self.text, at) if begins else None
            return regex.end() if regex else at + 1
        return at + 1

    def places(self, pattern: re.Pattern[str]) -> Iterator[re.Match[str]]:
        """Where a pattern begins in code, outside of strings and comments."""
        at = 0
        while at < len(self.text):
            found = pattern.match(self.text, at) if _NAME.match(self.text[at]) else None
            if found is not None and not (at and (self.text[at - 1].isalnum() or self.text[at - 1] in "_$.")):
                yield found
                at = found.end()
            else:
                at = self.stepped(at)


def script_of(text: str) -> Script:
    """A script with those of its constants that are literals, and are given one value only."""
    known: dict[str, Any] = {}
    script = Script(text, known)
    for found in list(script.places(_CONSTANT)):
        name = found[1]
        try:
            value, _ = script.value(found.end())
        except UnreadableScriptError:
            value = Unknown(name)
        known[name] = Unknown(name) if name in known and known[name] != value else value
    return script


def _number(text: str) -> int | float:
    plain = text.replace("_", "")
    try:
        return int(plain, 0) if plain.lower().startswith("0x") else int(plain)
    except ValueError:
        return float(plain)


def _written(value: Any) -> str:
    """A value inside of a text; what is unknown becomes a placeholder."""
    if value is None or isinstance(value, Unknown | Pattern | dict | list):
        return "{{unknown}}"
    return str(value).lower() if isinstance(value, bool) else str(value)
