"""Places in JSON text that has a line for each member and element: found by indentation, nothing is parsed.

Strings of JSON hold no line breaks, so a line that begins with a name at an indentation is that member.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

import orjson

from driftcheck.openapi.loading.position import lines_and_columns
from driftcheck.openapi.node import escape

if TYPE_CHECKING:
    from driftcheck.openapi.loading.locate import Place, Wanted


def places_in_indented(text: bytes, data: Any, wanted: Wanted) -> dict[str, Place]:
    """Like `places_in_json`, for text that `Resource.indented` is true of; `data` is its value."""
    found: dict[str, int] = {}
    _places(text, 0, data, wanted, "", b"\n", found)
    return lines_and_columns(text, found)


def _places(
    text: bytes, at: int, data: Any, wanted: Wanted, pointer: str, line: bytes, found: dict[str, int]
) -> None:
    """Look for what is wanted of the value at an offset; `line` is the break and indentation of its line."""
    line += b"  "
    if isinstance(data, dict):
        for name in data if len(wanted) > 1 else [name for name in wanted if name in data]:
            if name in wanted:  # in the order of the text
                start = line + orjson.dumps(name) + b": "
                at = text.index(start, at)
                below = f"{pointer}/{escape(name)}"
                found[below] = at + len(line)
                _places(text, at + len(start), data[name], wanted[name], below, line, found)
    elif isinstance(data, list):
        for index, element in enumerate(data[: _last(wanted) + 1]):
            at = text.index(b"\n", at) + len(line)
            if (further := wanted.get(str(index))) is not None:
                found[below := f"{pointer}/{index}"] = at
                _places(text, at, element, further, below, line, found)
            if element and isinstance(element, (dict, list)):
                at = text.index(line + (b"}" if isinstance(element, dict) else b"]"), at) + len(line)


def _last(wanted: Wanted) -> int:
    """The last index that is wanted of an array."""
    return max((int(name) for name in wanted if name.isascii() and name.isdigit()), default=-1)
