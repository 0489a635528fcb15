"""YAML recordings in parts: documents of a stream, and the items of one long list, each with its line.

Parts are cut at the left margin, where only structure can stand, and parsed on their own: memory holds one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any, TextIO

from driftcheck.traffic.readers.problem import RecordingError

_NAME = re.compile(r"([A-Za-z_][\w-]*)\s*:(.*)", re.DOTALL)
# What yaml-rs takes for a number (`_0`), and nesting that would overflow its stack.
_DOUBTFUL = re.compile(
    r"(?:^|[\s\[,{:])[-+]?[0-9._]*_[0-9._]*(?:[\s,\]}]|$)|(?:[-?:][ \t]+){60}|\n[ ]{300}", re.MULTILINE
)
_DEEPEST = 300
_LONGEST = 1 << 28
_EXPANDED = 1_000_000  # values that aliases may stand for, all in all


@dataclass(frozen=True, slots=True)
class Part:
    """Text cut from a file, and the line that it begins on."""

    text: str
    line: int


def documents(file: TextIO) -> Iterator[Part]:
    """The documents of a stream."""
    lines: list[str] = []
    first = 1
    number = 0
    for number, line in enumerate(file, 1):
        if (line.startswith("---") and line[3:].strip() in ("", "|", ">")) or line.rstrip() == "...":
            if any(text.strip() for text in lines):
                yield Part("".join(lines), first)
            lines, first = [], number + 1
        else:
            lines.append(line)
    if any(text.strip() for text in lines):
        yield Part("".join(lines), first)


def items(file: TextIO, name: str) -> Iterator[tuple[str, Part]]:
    """The items of the list `name` at the top of a document, and ("", part) for all that is not in it.

    An item is given as the text of a list of one.
    """
    lines: list[str] = []
    first = 1
    within = False
    margin = -1
    for number, line in enumerate(file, 1):
        indent = len(line) - len(line.lstrip(" "))
        if within and line.startswith("- ", indent) and (margin < 0 or indent == margin):
            if margin >= 0 and lines:
                yield name, Part("".join(lines), first)
            margin, lines, first = indent, [], number
        elif indent == 0 and (found := _NAME.match(line)):
            if lines:
                yield (name if within and margin >= 0 else ""), Part("".join(lines), first)
            within = found.group(1) == name and not found.group(2).strip()
            lines, first, margin = [], number, -1
            if within:
                continue
        lines.append(line)
    if lines:
        yield (name if within and margin >= 0 else ""), Part("".join(lines), first)


def parsed(part: Part) -> Any:
    """The value of a part: text, numbers, bool, null, bytes, lists and mappings (never dates)."""
    import yaml_rs

    text = part.text
    if len(text) > _LONGEST:
        raise RecordingError("one document is longer than 256 MiB", part.line)
    if "!!" not in text and "&" not in text and not _DOUBTFUL.search(text):
        try:
            value = yaml_rs.loads(text, parse_datetime=False)
        except (yaml_rs.YAMLDecodeError, TypeError, ValueError):
            return _exact(part)
        return value
    return _exact(part)


def _exact(part: Part) -> Any:
    import yaml

    try:
        _measure(part)
        node = yaml.compose(part.text, Loader=yaml.CSafeLoader)
        if node is None:
            return None
        _weigh(node, {}, set())
        return _constructed(node)
    except yaml.MarkedYAMLError as error:
        mark = error.problem_mark or error.context_mark
        line = part.line + mark.line if mark else part.line
        raise RecordingError(f"no valid YAML: {error.problem or 'it cannot be read'}", line) from None
    except yaml.YAMLError:
        raise RecordingError("no valid YAML: a character that it does not allow", part.line) from None
    except RecursionError:
        raise RecordingError("nested too deeply", part.line) from None


def _measure(part: Part) -> None:
    """Refuses what is nested so deeply that PyYAML's parser in C would overflow its stack."""
    import yaml

    depth = 0
    for event in yaml.parse(part.text, Loader=yaml.CSafeLoader):
        if isinstance(event, yaml.CollectionStartEvent):
            depth += 1
            if depth > _DEEPEST:
                mark = event.start_mark
                raise RecordingError("nested too deeply", part.line + (mark.line if mark else 0))
        elif isinstance(event, yaml.CollectionEndEvent):
            depth -= 1


def _constructed(node: Any) -> Any:
    import yaml

    class Loader(yaml.CSafeLoader):
        """Safe, and without dates: a recording's times are read by whoever needs them."""

    Loader.add_constructor("tag:yaml.org,2002:timestamp", _as_written)
    Loader.add_constructor("tag:yaml.org,2002:value", _as_written)
    Loader.add_multi_constructor("tag:yaml.org,2002:python/", lambda loader, _, at: _as_written(loader, at))
    loader = Loader("")
    try:
        return loader.construct_document(node)
    finally:
        loader.dispose()


def _as_written(loader: Any, node: Any) -> Any:
    """The value without its tag, also of what vcrpy may write (`!!python/tuple`); nothing is run."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return loader.construct_scalar(node)
    if isinstance(node, yaml.SequenceNode):
        return loader.construct_sequence(node, deep=True)
    return loader.construct_mapping(node, deep=True)


def _weigh(node: Any, known: dict[int, int], above: set[int]) -> int:
    """How many values the node stands for with its aliases written out; refuses too many, and cycles."""
    import yaml

    if isinstance(node, yaml.ScalarNode):
        return 1
    key = id(node)
    if key in above:
        raise RecordingError("an alias that holds itself", node.start_mark.line + 1)
    if key not in known:
        above.add(key)
        children = (
            node.value if isinstance(node, yaml.SequenceNode) else [x for pair in node.value for x in pair]
        )
        known[key] = 1 + sum(_weigh(child, known, above) for child in children)
        above.discard(key)
    if known[key] > _EXPANDED:
        raise RecordingError("aliases stand for more than a million values", node.start_mark.line + 1)
    return known[key]
