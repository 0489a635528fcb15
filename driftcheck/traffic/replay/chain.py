"""Values that belong together: an id that the service gave in this run stands where the recorded one stood.

Numbers are known by what they identify (order 7 is not product 7); long ids are known by themselves.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any
from urllib.parse import quote, unquote

from driftcheck.traffic.replay import kinds

Tokens = tuple[str | int, ...]
_ENVELOPES = frozenset(
    "data result results item items value values payload response body content list rows".split()
)
_MIXED = re.compile(r"(?=.*\d)(?=.*[A-Za-z])[\w.:~-]{4,}")  # "ord_17"
_LONG_NUMBER = 3  # digits
_LINK = re.compile(r"(?:https?://[^/?#\s]+)?/[^\s?#]*")


@dataclass(slots=True, eq=False)
class Chain:
    """What was recorded, and what stands for it in this run."""

    texts: dict[str, str] = field(default_factory=dict)
    numbers: dict[tuple[str, str], str] = field(default_factory=dict)
    plain: dict[str, dict[str, str]] = field(default_factory=dict)  # the same by number, then resource

    def learn(self, name: str, around: str, recorded: Any, given: Any) -> None:
        """A value of an answer as it was recorded, and as it came now."""
        if isinstance(recorded, bool) or isinstance(given, bool):
            return
        if isinstance(recorded, int) and isinstance(given, int) and kinds.is_id(name):
            self._number(kinds.resource(name, around), str(recorded), str(given))
        elif isinstance(recorded, str) and isinstance(given, str) and recorded:
            if recorded.isdigit() and given.isdigit() and kinds.is_id(name):
                self._number(kinds.resource(name, around), recorded, given)
            elif self._telling(name, recorded):
                self.texts[recorded] = given

    def _number(self, resource: str, recorded: str, given: str) -> None:
        self.numbers[resource, recorded] = given
        self.plain.setdefault(recorded, {})[resource] = given

    def _known_number(self, name: str, around: str, recorded: str) -> str | None:
        """By what it identifies; else a long number that so far only one thing has."""
        found = self.numbers.get((kinds.resource(name, around), recorded))
        if found is not None or len(recorded) < _LONG_NUMBER:
            return found
        others = set(self.plain.get(recorded, {}).values())
        return others.pop() if len(others) == 1 else None

    def _telling(self, name: str, text: str) -> bool:
        if kinds.is_unknown(text) or kinds.kind_of(name, text) in kinds.IDENTITIES:
            return True
        return kinds.is_id(name) and _MIXED.fullmatch(text) is not None

    def learn_link(self, recorded: str, given: str) -> None:
        """The same of two links, segment by segment, where they are built alike."""
        old, new = _path(recorded).split("/"), _path(given).split("/")
        if len(old) != len(new):
            return
        for index, (before, after) in enumerate(zip(old, new, strict=True)):
            around = old[index - 1] if index else ""
            if before.isdigit() and after.isdigit():
                self._number(kinds.resource("id", around), before, after)
            elif self._telling("id", unquote(before)):
                self.texts[unquote(before)] = unquote(after)

    def learn_header(self, recorded: str | None, given: str | None) -> None:
        """What later requests quote as it is: an ETag in If-Match, a Last-Modified in If-Modified-Since."""
        if recorded and given:
            self.texts[recorded] = given

    def known(self, name: str, around: str, recorded: Any) -> Any:
        """What a recorded value is in this run; None where nobody knows."""
        if isinstance(recorded, str):
            found = self.texts.get(recorded)
            if found is None and recorded.isdigit() and kinds.is_id(name):
                found = self._known_number(name, around, recorded)
            return found
        if isinstance(recorded, int) and not isinstance(recorded, bool) and kinds.is_id(name):
            number = self._known_number(name, around, str(recorded))
            return None if number is None else int(number)
        return None

    def link(self, text: str) -> str:
        """A path or URL with what is known in place of what was recorded."""
        head, mark, query = text.partition("?")
        segments = head.split("/")
        for index, segment in enumerate(segments):
            around = segments[index - 1] if index else ""
            known = self.known("id", around, unquote(segment)) if segment else None
            if known is not None:
                segments[index] = quote(str(known), safe="@:~!$&'()*+,;=")
        pairs = [self._pair(pair, segments[-1]) for pair in query.split("&")] if query else []
        return "/".join(segments) + mark + "&".join(pairs)

    def _pair(self, pair: str, around: str) -> str:
        name, equals, value = pair.partition("=")
        known = self.known(unquote(name), around, unquote(value))
        return pair if known is None else f"{name}{equals}{quote(str(known), safe='')}"

    def form(self, text: str) -> str:
        """The body of a form."""
        return "&".join(self._pair(pair, "") for pair in text.split("&"))

    def knows(self, text: str) -> bool:
        """Whether a text, or what follows its scheme, came in an answer of this run."""
        return text in self.texts or text.partition(" ")[2] in self.texts

    def text(self, text: str) -> str:
        """A text that is a known value, or a scheme and one ("Bearer ..."), or a link."""
        if text in self.texts:
            return self.texts[text]
        scheme, space, rest = text.partition(" ")
        if space and rest in self.texts:
            return f"{scheme} {self.texts[rest]}"
        return self.link(text) if _LINK.fullmatch(text.partition("?")[0]) else text

    def value(self, value: Any, around: str, name: str = "") -> Any:
        """A parsed body with what is known in place of what was recorded."""
        if isinstance(value, Mapping):
            inner = around_of(name, around)
            return {key: self.value(item, inner, str(key)) for key, item in value.items()}
        if isinstance(value, list):
            return [self.value(item, around, name) for item in value]
        known = self.known(name, around, value)
        if known is not None:
            return known
        return self.text(value) if isinstance(value, str) else value


def around_of(name: str, around: str) -> str:
    """What an object under `name` is: the name itself, unless it only wraps."""
    return around if not name or name.lower() in _ENVELOPES else name


def collection(path: str) -> str:
    """What a path is about: its last segment that is no value."""
    segments = [unquote(part) for part in path.partition("?")[0].split("/") if part]
    named = [part for part in segments if not any(letter.isdigit() for letter in part)]
    return named[-1] if named else ""


def place_of(tokens: Sequence[str | int], around: str) -> tuple[str, str]:
    """The name of a leaf, and what it stands in, by its tokens."""
    names = [token for token in tokens if isinstance(token, str)]
    for name in names[:-1]:
        around = around_of(name, around)
    return (names[-1] if names else ""), around


def _path(link: str) -> str:
    return re.sub(r"^https?://[^/?#]*", "", link).partition("?")[0].partition("#")[0]
