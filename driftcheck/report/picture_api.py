"""The API as a tree of paths with what changed where, as SVG; components stand beside what they reach."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field

from driftcheck.difference import Severity
from driftcheck.finding import Finding
from driftcheck.report.markup import text
from driftcheck.report.svg import fitted, length
from driftcheck.report.wording import heading

_MOST_OPERATIONS = 400
_MOST_COMPONENTS = 60
_MOST_REACHED = 12  # lines from one component
_ROW, _INDENT, _TOP = 30, 22, 4
_LEAST, _TREE, _GAP, _COMPONENT = 220, 640, 130, 280
_SPACE, _PAD = 8, 9  # between pills, and inside of them

Entry = tuple[Finding, str]
"""A finding and its id on the page."""


@dataclass(slots=True)
class _Node:
    """One or more segments of a path: a row, with the operations at this path."""

    label: str
    depth: int
    entries: list[Entry] = field(default_factory=list)
    operations: dict[str, list[Entry]] = field(default_factory=dict)
    below: dict[str, _Node] = field(default_factory=dict)
    y: int = 0


def api_picture(entries: Sequence[Entry]) -> str:
    """The picture, or "" where there is nothing to draw."""
    operations: dict[str, list[Entry]] = {}
    components: dict[str, list[Entry]] = {}
    for finding, id in entries:
        d = finding.difference
        own = " " in d.object or d.object.startswith("/")
        (operations if own else components).setdefault(d.object, []).append((finding, id))
    for found in list(components.values())[:_MOST_COMPONENTS]:
        for name in _reached(found):
            operations.setdefault(name, [])
    if not operations and not components:
        return ""
    left_out = max(len(operations) - _MOST_OPERATIONS, 0) + max(len(components) - _MOST_COMPONENTS, 0)
    shown = dict(list(components.items())[:_MOST_COMPONENTS])
    tree = _tree(dict(list(operations.items())[:_MOST_OPERATIONS]))
    rows = list(_rows(tree))
    for number, node in enumerate(rows):
        node.y = _TOP + number * _ROW
    return "\n".join(_svg(tree, rows, shown, left_out))


def _reached(entries: Sequence[Entry]) -> list[str]:
    """The first operations that a component's findings reach."""
    names = dict.fromkeys(name for finding, _ in entries for name in finding.difference.operations)
    return list(names)[:_MOST_REACHED]


def _tree(operations: dict[str, list[Entry]]) -> _Node:
    """Operations by their paths; a chain of segments without a branch is one node."""
    root = _Node("", -1)
    for name in sorted(operations, key=_by_path):
        _, space, path = name.rpartition(" ")
        node = root
        for segment in _segments(path):
            node = node.below.setdefault(segment, _Node(segment, node.depth + 1))
        if space:
            node.operations[name] = operations[name]
        else:
            node.entries += operations[name]
    _join(root)
    return root


def _by_path(name: str) -> tuple[str, str]:
    method, _, path = name.rpartition(" ")
    return path, method


def _segments(path: str) -> list[str]:
    return [f"/{part}" for part in path.split("/")[1:]] if path.startswith("/") else [path]


def _join(node: _Node) -> None:
    """Make one of a segment and its only child, and set the depths anew."""
    for child in node.below.values():
        child.depth = node.depth + 1
        while len(child.below) == 1 and not child.entries and not child.operations:
            only = next(iter(child.below.values()))
            child.label += only.label
            child.entries, child.operations, child.below = only.entries, only.operations, only.below
        _join(child)


def _rows(node: _Node) -> Iterator[_Node]:
    for child in node.below.values():
        yield child
        yield from _rows(child)


def _svg(
    tree: _Node, rows: Sequence[_Node], components: dict[str, list[Entry]], left_out: int
) -> Iterator[str]:
    where = {name: node for node in rows for name in node.operations}
    edge = _right_edge(rows)
    places = _beside(components, where)
    bottom = max([node.y for node in rows] + list(places.values()), default=0) + _ROW + 8
    height = bottom + (22 if left_out else 0)
    width = edge + (_GAP + _COMPONENT if components else 0) + 4
    yield (
        f'<svg width="{width}" height="{height}"'
        f' viewBox="0 0 {width} {height}" role="group" aria-label="The API where it changed">'
    )
    for name, found in components.items():
        for operation in _reached(found):
            if operation in where:
                yield _line(where[operation], places[name], edge)
    yield from _twigs(tree)
    for node in rows:
        yield from _node(node, edge)
    for name, found in components.items():
        yield from _component(name, found, places[name], edge + _GAP)
    if left_out:
        yield f'<text class="faint" x="4" y="{bottom + 14}">{left_out:,} more; the list below has them</text>'
    yield "</svg>"


def _beside(components: dict[str, list[Entry]], where: dict[str, _Node]) -> dict[str, int]:
    """Heights of the components: beside the first that they reach, without standing on each other."""
    wanted: dict[str, float] = {}
    for name, entries in components.items():
        heights = [where[each].y for each in _reached(entries) if each in where]
        wanted[name] = min(heights, default=float("inf"))
    places, free = {}, _TOP
    for name in sorted(components, key=lambda each: (wanted[each], each)):
        y = free if wanted[name] == float("inf") else max(free, int(wanted[name]))
        places[name] = y
        free = y + _ROW + 10
    return places


def _right_edge(rows: Sequence[_Node]) -> int:
    """Where the tree ends: it is as wide as its widest row, within limits."""
    return int(min(max([_LEAST, *(_x(node) + _length(node) for node in rows)]), _TREE))


def _length(node: _Node) -> float:
    pills = sum(_pill_width(name, entries) + _SPACE for name, entries in node.operations.items())
    return length(node.label) + 3 * _SPACE + pills + (40 if node.entries else 0)


def _x(node: _Node) -> int:
    return 6 + node.depth * _INDENT


def _line(operation: _Node, y: int, edge: int) -> str:
    x1, x2 = int(min(_x(operation) + _length(operation), edge)), edge + _GAP
    y1, y2 = operation.y + _ROW // 2, y + _ROW // 2
    bend = (x2 - x1) // 2
    return f'<path class="reach" d="M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"/>'


def _twigs(node: _Node) -> Iterator[str]:
    for child in node.below.values():
        if node.depth >= 0:
            x, y = _x(node) + 8, child.y + _ROW // 2
            yield f'<path class="twig" d="M{x} {node.y + _ROW - 4}V{y}H{_x(child) - 2}"/>'
        yield from _twigs(child)


def _node(node: _Node, edge: int) -> Iterator[str]:
    """The path, and behind it a pill for each operation."""
    x, y = _x(node), node.y
    room = max(edge - x - (_length(node) - length(node.label)), 80)
    label = fitted(node.label, room)
    drawn = f'<text class="strong" x="{x + 4}" y="{y + 19}">{text(label)}</text>'
    right = x + 4 + length(label) + _SPACE
    if node.entries:
        drawn += _counts(node.entries, right + 40, y + 19)
        right += 48
    yield _linked(drawn, node.label, node.entries, x, y, int(right - x))
    for name, entries in node.operations.items():
        width = _pill_width(name, entries)
        if right + width > edge + 4 and right > x + 100:
            break  # more methods than there is room for: the list has them
        yield _pill(name, entries, right, y, width)
        right += width + _SPACE


def _pill_text(name: str, entries: list[Entry]) -> str:
    method = fitted(name.rpartition(" ")[0], 130)
    return f"{method} {len(entries)}" if entries else method


def _pill_width(name: str, entries: list[Entry]) -> float:
    return length(_pill_text(name, entries)) + 2 * _PAD


def _pill(name: str, entries: list[Entry], x: float, y: int, width: float) -> str:
    worst = _worst(entries)
    faint = "" if entries else " faint"
    inside = (
        f'<rect class="box pill {worst}" x="{x:.0f}" y="{y + 5}" width="{width:.0f}" height="{_ROW - 10}"'
        f' rx="10"/><text class="strong {worst}{faint}" x="{x + _PAD:.0f}" y="{y + 19}">'
        f"{text(_pill_text(name, entries))}</text>"
    )
    return _linked(inside, name, entries, int(x), y, int(width))


def _component(name: str, entries: list[Entry], y: int, x: int) -> Iterator[str]:
    worst = _worst(entries)
    said = heading(entries[0][0], "api")
    body = (
        f'<rect class="box {worst}" x="{x}" y="{y}" width="{_COMPONENT}" height="{_ROW}" rx="8"/>'
        f'<text class="strong" x="{x + 12}" y="{y + 19}">{text(fitted(name, _COMPONENT - 100))}</text>'
    )
    yield _linked(body + _counts(entries, x + _COMPONENT - 10, y + 19), said, entries, x, y, _COMPONENT)


def _linked(inside: str, name: str, entries: list[Entry], x: int, y: int, width: int) -> str:
    """The drawing as a link to its first finding, where there is one."""
    if not entries:
        return f"<g>{inside}<title>{text(name)}</title></g>"
    said = ", ".join(f"{number} {level}" for level, number in _numbers(entries))
    row = f'<rect class="row" x="{x - 3}" y="{y + 1}" width="{width + 6}" height="{_ROW - 2}" rx="6"/>'
    title = f"<title>{text(f'{name}: {said}', 200)}</title>"
    return f'<a href="#{entries[0][1]}">{title}{row}{inside}</a>'


def _worst(entries: list[Entry]) -> str:
    return str(min((finding.severity for finding, _ in entries), key=lambda level: level.rank, default=""))


def _numbers(entries: list[Entry]) -> list[tuple[Severity, int]]:
    counts = [(level, sum(finding.severity is level for finding, _ in entries)) for level in Severity]
    return [(level, number) for level, number in counts if number]


def _counts(entries: list[Entry], right: float, y: int) -> str:
    """How many findings of each level, from the right edge to the left."""
    drawn = []
    x = right
    for level, number in reversed(_numbers(entries)):
        said = f"● {number}"
        x -= length(said) + 6
        drawn.append(f'<text class="{level}" x="{x:.0f}" y="{y}">{said}</text>')
    return "".join(drawn)
