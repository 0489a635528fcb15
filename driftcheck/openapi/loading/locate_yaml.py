"""Places of keys in YAML text, from PyYAML's events, parsing only the parts that lead to a wanted place.

Large block mappings are first cut at the lines of their keys, by indentation. Where that fails, for
whatever reason, the whole text is parsed instead: slower, and never wrong.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

from driftcheck.openapi.loading.position import lines_and_columns
from driftcheck.openapi.loading.yaml_exact import parse_events
from driftcheck.openapi.node import escape

if TYPE_CHECKING:
    from driftcheck.openapi.loading.locate import Place, Wanted

_WORTH_CUTTING = 1 << 14  # bytes
_IDLE = re.compile(rb"(?:[ \t]*(?:#[^\n]*)?\r?\n|---[ \t]*\r?\n)*+")
_KEY = re.compile(
    rb""" *(?:"((?:[^"\\\n]|\\.)*+)"|'((?:[^'\n]|'')*+)'|([^\s#&*!|>%@`"'\[\]{},?:-][^\n]*?))"""
    rb"[ \t]*:(?=([ \t\r\n]|\Z))"
)
_NOTHING = re.compile(rb"[ \t]*(?:#[^\n]*)?(?:\r?\n|\Z)")


def places_in_yaml(text: bytes, wanted: Wanted) -> dict[str, Place]:
    """The place of each key and of each list element on the way to `wanted`."""
    whole = _Part(0, len(text), "", wanted)
    found, complete = _places(text, whole, True)
    if not complete:  # cut at the wrong place, or what yaml-rs reads and libyaml does not
        again, complete = _places(text, whole, False)
        found = again if complete else {**again, **found}
    return found


@dataclass(frozen=True, slots=True)
class _Part:
    """A stretch of whole lines that holds the value at `pointer`, or single members of it."""

    start: int
    end: int
    pointer: str
    wanted: Wanted


def _places(text: bytes, whole: _Part, cutting: bool) -> tuple[dict[str, Place], bool]:
    """What was found, and whether every part could be parsed."""
    offsets: dict[str, int] = {}
    parts = list(_cut(text, whole, offsets)) if cutting else [whole]
    found = lines_and_columns(text, offsets)
    complete = True
    line, seen = 0, 0
    for part in parts:
        line += text.count(b"\n", seen, part.start)
        seen = part.start
        search = _Search(part)
        complete &= search.run(text[part.start : part.end])
        found.update((pointer, (place[0] + line, place[1])) for pointer, place in search.found.items())
    return found, complete


def _cut(text: bytes, part: _Part, offsets: dict[str, int]) -> Iterator[_Part]:
    """The parts that are left to parse, in order; the keys met on the way go to `offsets`."""
    members = list(_members(text, part)) if part.end - part.start > _WORTH_CUTTING else [None]
    if None in members:
        yield part
        return
    for member in members:
        assert member is not None
        key, start, body, end = member
        further = part.wanted.get(key)
        if further is None:
            continue
        pointer = f"{part.pointer}/{escape(key)}"
        offsets[pointer] = start + len(text[start:body]) - len(text[start:body].lstrip(b" "))
        nothing = _NOTHING.match(text, body, end)
        if further and nothing is not None:
            yield from _cut(text, _Part(nothing.end(), end, pointer, further), offsets)
        elif further:
            yield _Part(start, end, part.pointer, {key: further})


def _members(text: bytes, part: _Part) -> Iterator[tuple[str, int, int, int] | None]:
    """Key, start of its line, offset behind its colon, end; None where this is no plain block mapping."""
    idle = _IDLE.match(text, part.start, part.end)
    first = idle.end() if idle else part.start
    indent = re.compile(rb" *").match(text, first)
    depth = indent.end() - first if indent else 0
    starts = [first]
    starts += [
        m.start() + 1
        for m in re.compile(rb"\n {%d}(?=[^\s#-]|-[^\s])" % depth).finditer(text, first, part.end)
    ]
    for start, end in zip(starts, [*starts[1:], part.end], strict=True):
        match = _KEY.match(text, start, end)
        if match is None or (key := _key(match)) is None:
            yield None
            return
        yield key, start, match.end(), end


def _key(match: re.Match[bytes]) -> str | None:
    double, single, plain = match.group(1), match.group(2), match.group(3)
    if double is not None:
        try:
            return str(json.loads(b'"' + double + b'"'))
        except ValueError:
            return None
    if single is not None:
        return single.replace(b"''", b"'").decode()
    return None if b" #" in plain else plain.decode()


@dataclass(slots=True)
class _Frame:
    """A collection on the way to a wanted place."""

    pointer: str
    wanted: Wanted
    is_mapping: bool
    key: str | None = None
    index: int = -1


class _Search:
    """One pass over the events of a part; `found` are places relative to its first line."""

    def __init__(self, part: _Part) -> None:
        self.found: dict[str, Place] = {}
        self._part = part
        self._stack: list[_Frame] = []
        self._skipped = 0

    def run(self, text: bytes) -> bool:
        """Search a part; False where it could not be parsed to its end."""
        import yaml

        try:
            for event in parse_events(text):
                self._take(event)
        except yaml.YAMLError:
            return False
        return True

    def _take(self, event: Any) -> None:
        kind = type(event).__name__
        opens = kind in ("MappingStartEvent", "SequenceStartEvent")
        closes = kind in ("MappingEndEvent", "SequenceEndEvent")
        if self._skipped:
            self._skipped += opens - closes
        elif closes:
            self._stack.pop()
        elif opens or kind in ("ScalarEvent", "AliasEvent"):
            self._node(event, opens, kind)

    def _node(self, event: Any, opens: bool, kind: str) -> None:
        place = (event.start_mark.line + 1, event.start_mark.column + 1)
        pointer, wanted = self._part.pointer, self._part.wanted
        if self._stack:
            frame = self._stack[-1]
            if frame.is_mapping and frame.key is None:
                frame.key = event.value if kind == "ScalarEvent" else ""
                if frame.key in frame.wanted:
                    self.found[f"{frame.pointer}/{escape(frame.key)}"] = place
                self._skipped = int(opens)
                return
            pointer, wanted = self._below(frame, place)
        if opens and wanted:
            self._stack.append(_Frame(pointer, wanted, kind == "MappingStartEvent"))
        else:
            self._skipped = int(opens)

    def _below(self, frame: _Frame, place: Place) -> tuple[str, Wanted]:
        """Where the value that begins here stands, and what is wanted below it."""
        if frame.is_mapping:
            name, frame.key = frame.key or "", None
        else:
            frame.index += 1
            name = str(frame.index)
        pointer = f"{frame.pointer}/{escape(name)}"
        if not frame.is_mapping and name in frame.wanted:
            self.found[pointer] = place
        return pointer, frame.wanted.get(name, {})
