"""YAML 1.2 from PyYAML's event stream: slower than yaml-rs, and exact about keys, places and aliases.

It reads what yaml-rs leaves open (merge keys, anchors, keys that are no text) and words every refusal.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass, field
from typing import Any, NoReturn

from driftcheck.openapi.loading.json_text import (
    DEEP_HINT,
    DUPLICATE_HINT,
    MAX_DEPTH,
    MAX_DIGITS,
    NUMBER_HINT,
)
from driftcheck.openapi.loading.position import quoted, refuse

MAX_REPLAYED = 1_000_000
"""Nodes that aliases may add to a document; a bomb of nested aliases reaches it in a few lines."""

_CORE = "tag:yaml.org,2002:"
_NULLS = frozenset(("", "~", "null", "Null", "NULL"))
_BOOLEANS = {text: text[0] in "tT" for text in ("true", "True", "TRUE", "false", "False", "FALSE")}
_INTEGER = re.compile(r"[-+]?[0-9]+|0o[0-7]+|0x[0-9a-fA-F]+")
_FLOAT = re.compile(r"[-+]?(?:\.[0-9]+|[0-9]+(?:\.[0-9]*)?)(?:[eE][-+]?[0-9]+)?")
_NOT_FINITE = re.compile(r"[-+]?\.(?:inf|Inf|INF)|\.(?:nan|NaN|NAN)")
_SYNTAX_HINT = "look at the indentation and the quoting just before this place"


def load_exact(text: bytes, label: str) -> Any:
    """The value of a YAML text (UTF-8); TextError with line and column for everything else."""
    import yaml

    builder = _Builder(label)
    try:
        for event in parse_events(text):
            builder.take(event)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        place = (mark.line + 1, mark.column + 1) if mark else None
        refuse(label, place, f"this is not valid YAML: {error.problem or error.context}", _SYNTAX_HINT)
    except yaml.YAMLError as error:  # characters that YAML forbids
        reason = str(getattr(error, "reason", error)).split("\n")[0]
        refuse(label, None, f"this is not valid YAML: {reason}", "save the file as plain UTF-8 text")
    return builder.value


def parse_events(text: bytes) -> Iterator[Any]:
    """PyYAML's events of a text, from libyaml where PyYAML was built with it."""
    import yaml

    return yaml.parse(text, Loader=getattr(yaml, "CSafeLoader", yaml.SafeLoader))


@dataclass(slots=True)
class _Anchored:
    """What an alias stands for; `weight` counts its nodes and `height` its levels, aliases unfolded."""

    value: Any
    weight: int
    height: int
    text: str | None


@dataclass(slots=True)
class _Frame:
    """A collection that is being read."""

    container: dict[str, Any] | list[Any]
    anchor: str | None
    key: str | None = None
    merging: bool = False
    merged: list[dict[str, Any]] = field(default_factory=list)
    weight: int = 1
    height: int = 1


class _Builder:
    """Takes events in order; `value` is the document afterwards."""

    def __init__(self, label: str) -> None:
        self.value: Any = None
        self._label = label
        self._documents = 0
        self._stack: list[_Frame] = []
        self._anchors: dict[str, _Anchored | None] = {}
        self._replayed = 0

    def take(self, event: Any) -> None:
        """Act on one event."""
        kind = type(event).__name__
        if kind == "ScalarEvent":
            self._scalar(event)
        elif kind == "MappingStartEvent":
            self._open(event, {})
        elif kind == "SequenceStartEvent":
            self._open(event, [])
        elif kind in ("MappingEndEvent", "SequenceEndEvent"):
            self._close(event)
        elif kind == "AliasEvent":
            self._alias(event)
        elif kind == "DocumentStartEvent":
            self._documents += 1

    def _fail(self, event: Any, message: str, hint: str = "") -> NoReturn:
        mark = event.start_mark
        refuse(self._label, (mark.line + 1, mark.column + 1), message, hint)

    def _scalar(self, event: Any) -> None:
        if self._documents > 1 and not self._stack:
            if event.value == "" and not event.style:
                return  # a trailing `---` with nothing behind it
            self._second_document(event)
        value = self._resolve(event)
        if event.anchor is not None:
            self._anchors[event.anchor] = _Anchored(value, 1, 0, event.value)
        self._add(event, value, 1, 0, event.value)

    def _resolve(self, event: Any) -> Any:
        tag, text = event.tag, event.value
        if tag is None:
            return self._plain(event, text) if event.implicit[0] else text
        if tag in (_CORE + "int", _CORE + "float", _CORE + "bool", _CORE + "null"):
            value = self._plain(event, text)
            return float(value) if tag == _CORE + "float" and type(value) is int else value
        plain = not event.style and not tag.startswith(_CORE) and tag != "!"
        return self._plain(event, text) if plain else text

    def _plain(self, event: Any, text: str) -> Any:
        """A plain scalar by the core schema (YAML 1.2.2, section 10.3.2)."""
        if text in _NULLS:
            return None
        if text in _BOOLEANS:
            return _BOOLEANS[text]
        if _INTEGER.fullmatch(text):
            if len(text) > MAX_DIGITS:
                self._fail(event, f"{quoted(text)} is not a finite JSON number", NUMBER_HINT)
            return int(text, 8 if text.startswith("0o") else 16 if text.startswith("0x") else 10)
        value = float(text) if _FLOAT.fullmatch(text) else text
        if value in (float("inf"), float("-inf")) or _NOT_FINITE.fullmatch(text):
            self._fail(event, f"{quoted(text)} is not a finite JSON number", NUMBER_HINT)
        return value

    def _open(self, event: Any, container: dict[str, Any] | list[Any]) -> None:
        if len(self._stack) >= MAX_DEPTH:
            self._too_deep(event)
        if self._documents > 1 and not self._stack:
            self._second_document(event)
        if self._stack and self._wants_key(self._stack[-1]):
            self._fail(event, "a mapping key must be plain text, not a list or mapping")
        if event.anchor is not None:
            self._anchors[event.anchor] = None
        self._stack.append(_Frame(container, event.anchor))

    def _too_deep(self, event: Any) -> NoReturn:
        self._fail(event, f"the document is nested more than {MAX_DEPTH} levels deep", DEEP_HINT)

    def _close(self, event: Any) -> None:
        frame = self._stack.pop()
        for mapping in frame.merged:
            assert isinstance(frame.container, dict)
            for name, value in mapping.items():
                frame.container.setdefault(name, value)
        if frame.anchor is not None:
            self._anchors[frame.anchor] = _Anchored(frame.container, frame.weight, frame.height, None)
        self._add(event, frame.container, frame.weight, frame.height, None)

    def _alias(self, event: Any) -> None:
        name = quoted("*" + event.anchor)
        if event.anchor not in self._anchors:
            self._fail(event, f"the alias {name} has no anchor before it", "define it with & further up")
        target = self._anchors[event.anchor]
        if target is None:
            self._fail(event, f"the alias {name} stands inside the node it refers to", "use a $ref instead")
        self._replayed += target.weight
        if self._replayed > MAX_REPLAYED:
            message = f"aliases unfold to more than {MAX_REPLAYED:,} nodes"
            self._fail(event, message, "this looks like a YAML bomb; use $ref for shared parts")
        if len(self._stack) + target.height > MAX_DEPTH:
            self._too_deep(event)
        self._add(event, target.value, target.weight, target.height, target.text)

    def _add(self, event: Any, value: Any, weight: int, height: int, text: str | None) -> None:
        if not self._stack:
            self.value = value
            return
        frame = self._stack[-1]
        frame.weight += weight
        frame.height = max(frame.height, height + 1)
        if isinstance(frame.container, list):
            frame.container.append(value)
        elif self._wants_key(frame):
            self._set_key(event, frame, text)
        elif frame.merging:
            frame.merging = False
            frame.merged.extend(self._mappings(event, value))
        else:
            assert frame.key is not None
            frame.container[frame.key] = value
            frame.key = None

    def _second_document(self, event: Any) -> NoReturn:
        hint = "keep one document a file: split it at the `---`"
        self._fail(event, "the file holds more than one YAML document", hint)

    @staticmethod
    def _wants_key(frame: _Frame) -> bool:
        return isinstance(frame.container, dict) and frame.key is None and not frame.merging

    def _set_key(self, event: Any, frame: _Frame, text: str | None) -> None:
        if text is None:
            self._fail(event, "a mapping key must be plain text, not a list or mapping")
        if text == "<<" and not getattr(event, "style", "alias") and event.tag is None:
            frame.merging = True
            return
        if text in frame.container:
            self._fail(event, f"the key {quoted(text)} appears twice in one mapping", DUPLICATE_HINT)
        frame.key = text

    def _mappings(self, event: Any, value: Any) -> list[dict[str, Any]]:
        found = value if isinstance(value, list) else [value]
        if not all(isinstance(item, dict) for item in found):
            self._fail(event, "a merge key `<<` takes a mapping or a list of mappings")
        return found
