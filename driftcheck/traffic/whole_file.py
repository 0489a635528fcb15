"""Walks a whole file of recordings, part by part, and writes it anew where a part was changed.

Parts that were not changed are copied as they stand, byte for byte; the format stays what it was.
"""

from __future__ import annotations

import base64
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any, TypeAlias

from driftcheck.traffic.readers.cursor import Cursor
from driftcheck.traffic.readers.files import open_text
from driftcheck.traffic.readers.yaml_parts import Part, documents, items, parsed
from driftcheck.traffic.splice import spliced_json

# A change is given a value, the text it was read from and its first line; it returns the new value,
# or the very same one.
Change: TypeAlias = Callable[[Any, str, int], Any]
Write: TypeAlias = Callable[[str], object]
_LONG_LISTS = frozenset({"entries", "executions", "interactions", "http_interactions", "mappings"})
_ON_THE_WAY = frozenset({"log", "run"})


def rewrite(path: Path, kind: str, change: Change, write: Write) -> None:
    """Calls `change` for every part and `write` for every piece of the result, in their order.

    RecordingError and OSError as readers have them.
    """
    with open_text(path) as text:
        first = text.read(1)
        while first and first.isspace():
            first = text.read(1)
    with open_text(path) as text:
        if kind == "ndjson":
            _lines(text, change, write)
        elif first in ("{", "["):
            _json(Cursor(text, copying=True), change, write)
        else:
            _yaml(path, kind, change, write)


def _lines(text: Any, change: Change, write: Write) -> None:
    for number, line in enumerate(text, 1):
        try:
            value = json.loads(line) if line.strip() else None
        except (ValueError, RecursionError):
            value = None  # a broken line is searched and copied as text
        if value is None:
            write(change(line, line, number))
        else:
            write(spliced_json(line, value, change(value, line, number)))


def _json(cursor: Cursor, change: Change, write: Write) -> None:
    while cursor.peek():
        if cursor.peek() == "{":
            _members(cursor, change, write)
        elif cursor.peek() == "[":
            _elements(cursor, change, write)
        else:
            _value(cursor, change, write)
    write(cursor.passed())


def _members(cursor: Cursor, change: Change, write: Write) -> None:
    """An object whose members are handled one by one: those of the top, and on the way to long lists.

    A pair of `name` and `value` must be seen together: such an object is one part."""
    for name in cursor.members():
        if name in _ON_THE_WAY and cursor.peek() == "{":
            _members(cursor, change, write)
        elif name in _LONG_LISTS and cursor.peek() == "[":
            _elements(cursor, change, write)
        else:
            _value(cursor, _under(name, change), write)


def _under(name: str, change: Change) -> Change:
    """The change of a value that stands under a name."""

    def changed(value: Any, text: str, line: int) -> Any:
        given = {name: value}
        made = change(given, f"{name}: {text}", line)
        return value if made is given else next(iter(made.values()))

    return changed


def _elements(cursor: Cursor, change: Change, write: Write) -> None:
    for _ in cursor.elements():
        _value(cursor, change, write)


def _value(cursor: Cursor, change: Change, write: Write) -> None:
    line = cursor.line
    write(cursor.passed())
    value, text = cursor.text()
    cursor.passed()
    made = change(value, text, line)
    write(spliced_json(text, value, made))


def _yaml(path: Path, kind: str, change: Change, write: Write) -> None:
    with open_text(path) as text:
        lines = list(text)
    at = 0
    for part in _parts(path, kind):
        value = parsed(part)
        made = change(value, part.text, part.line)
        count = part.text.count("\n") + (not part.text.endswith("\n"))
        write("".join(lines[at : part.line - 1]))
        write(part.text if made is value else _spliced(part, value, made))
        at = part.line - 1 + count
    write("".join(lines[at:]))


def _parts(path: Path, kind: str) -> Iterator[Part]:
    with open_text(path) as text:
        head = text.read(1 << 16)
        shared = kind == "vcr" and any(": *id" in line or "- *id" in line for line in open_text(path))
    with open_text(path) as text:
        if kind != "vcr" or shared:
            yield from documents(text)
        else:
            name = "http_interactions" if "http_interactions:" in head else "interactions"
            yield from (part for _, part in items(text, name))


def _spliced(part: Part, old: Any, made: Any) -> str:
    """The text of a part with changed scalars in place of the old ones; all the rest stays as written."""
    import yaml

    node = yaml.compose(part.text, Loader=yaml.CSafeLoader)
    text, pieces, at = part.text, [], 0
    for start, end, scalar in sorted(_scalars(node, old, made), key=lambda item: item[0]):
        if start < at:  # an alias: its anchor was written already
            continue
        pieces += [text[at:start], scalar, "\n" if text[start:end].endswith("\n") else ""]
        at = end
    return "".join([*pieces, text[at:]])


def _scalars(node: Any, old: Any, made: Any) -> Iterator[tuple[int, int, str]]:
    """Where scalars that were changed stand, and what is to stand there."""
    import yaml

    if made is old:
        return
    if isinstance(node, yaml.MappingNode):
        for (_, child), before, after in zip(node.value, old.values(), made.values(), strict=False):
            yield from _scalars(child, before, after)
    elif isinstance(node, yaml.SequenceNode):
        for child, before, after in zip(node.value, old, made, strict=False):
            yield from _scalars(child, before, after)
    elif isinstance(made, bytes):
        packed = f'!!binary "{base64.b64encode(made).decode()}"'
        yield node.start_mark.index, node.end_mark.index, packed
    else:
        yield node.start_mark.index, node.end_mark.index, json.dumps(made, ensure_ascii=False)
