"""The drifted tables and what points at what, as SVG: references run from left to right.

The layout is ours: tables in columns by how far the longest chain of references to them is.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from driftcheck.difference import Change, Severity
from driftcheck.finding import Finding, Relation
from driftcheck.report.markup import text
from driftcheck.report.svg import CHARACTER, fitted, mark

_MOST_TABLES = 40
_MOST_ROWS = 9
_WIDTH, _GAP_X, _GAP_Y = 236, 60, 22
_HEAD, _ROW, _PAD = 30, 21, 7
_COLUMNS_ALONE = 4  # tables without references stand in a grid of so many columns

_IN_TABLES = {
    "column", "primary_key", "foreign_key", "unique", "check", "exclusion", "index", "trigger", "policy",
    "partition", "comment",
}  # fmt: skip
_TABLES = {"table", "view", "materialized_view"}
_TARGET = re.compile(r"-> ([^()]+)\(")
_SIGNS = {Change.MISSING: "−", Change.EXTRA: "+", Change.RENAMED: "→", Change.CHANGED: "~"}

Entry = tuple[Finding, str]
"""A finding and its id on the page."""


@dataclass(slots=True)
class _Box:
    """A table: its findings, and where it stands."""

    name: str
    entries: list[Entry] = field(default_factory=list)
    x: int = 0
    y: int = 0

    @property
    def whole(self) -> Entry | None:
        """What is said of the table itself; the box's head links to it."""
        return next((entry for entry in self.entries if entry[0].difference.kind in _TABLES), None)

    @property
    def inside(self) -> list[Entry]:
        """What is said of things in the table, each of them a row."""
        return [entry for entry in self.entries if entry is not self.whole]

    @property
    def height(self) -> int:
        rows = min(len(self.inside), _MOST_ROWS) + (len(self.inside) > _MOST_ROWS)
        return _HEAD + (rows * _ROW + _PAD if rows else 0)


def tables_picture(entries: Sequence[Entry], relations: Sequence[Relation], number: int = 0) -> str:
    """The picture, or "" where no table drifted; `number` tells those of one page apart."""
    drifted = _drifted(entries)
    if not drifted:
        return ""
    left_out = len(drifted) - _MOST_TABLES
    boxes = {name: drifted[name] for name in list(drifted)[:_MOST_TABLES]}
    edges = list(_edges(boxes, relations, entries))
    for edge in edges:
        for name in (edge.source, edge.target):
            if name not in boxes and len(boxes) < _MOST_TABLES * 2:
                boxes[name] = _Box(name)
    edges = [edge for edge in edges if edge.source in boxes and edge.target in boxes]
    width, height = _place(boxes, edges)
    more = f"{left_out} more tables drifted; the list below has them" if left_out > 0 else ""
    return "\n".join(_svg(boxes, edges, (width, height), more, f"tip-{number}"))


def _drifted(entries: Sequence[Entry]) -> dict[str, _Box]:
    """A box for each table with findings, the worst first."""
    boxes: dict[str, _Box] = {}
    for finding, id in entries:
        table = table_of(finding)
        if table:
            boxes.setdefault(table, _Box(table)).entries.append((finding, id))
    return boxes


def table_of(finding: Finding) -> str:
    """The table that a finding is about; "" for what stands in no table."""
    d = finding.difference
    if d.kind in _TABLES:
        return d.object
    if d.kind not in _IN_TABLES:
        return ""
    head, unnamed, _ = d.object.partition(".(")
    return head if unnamed else d.object.rpartition(".")[0] or d.object


def _edges(
    boxes: Mapping[str, _Box], relations: Sequence[Relation], entries: Sequence[Entry]
) -> Iterator[Relation]:
    """References from or to a drifted table, those of findings too, each once."""
    seen: dict[tuple[str, str], Relation] = {}
    of_findings = (relation for finding, _ in entries if (relation := _relation(finding)) is not None)
    for relation in (*relations, *of_findings):
        touched = relation.source in boxes or relation.target in boxes
        if touched and relation.source != relation.target:
            seen.setdefault((relation.source, relation.target), relation)
    yield from seen.values()


def _relation(finding: Finding) -> Relation | None:
    d = finding.difference
    if d.kind != "foreign_key":
        return None
    for value in (d.expected, d.actual):
        found = _TARGET.search(value) if isinstance(value, str) else None
        if found is not None:
            return Relation(table_of(finding), found.group(1).strip())
    return None


def _place(boxes: Mapping[str, _Box], edges: Sequence[Relation]) -> tuple[int, int]:
    """Give every box its place; width and height of the whole."""
    linked = {name for edge in edges for name in (edge.source, edge.target)}
    layers = _layers([name for name in boxes if name in linked], edges)
    bottom = 0
    for column, names in enumerate(_ordered(layers, edges)):
        bottom = max(bottom, _stack([boxes[name] for name in names], column, 0))
    columns = len(layers)
    alone = [box for name, box in boxes.items() if name not in linked]
    wide = max(columns, min(len(alone), _COLUMNS_ALONE))
    heights = [bottom + (_GAP_Y if bottom else 0)] * max(wide, 1)
    for box in alone:
        column = heights.index(min(heights))
        heights[column] = _stack([box], column, heights[column]) + _GAP_Y
    bottom = max(bottom, *(height - _GAP_Y for height in heights)) if alone else bottom
    return wide * (_WIDTH + _GAP_X) - _GAP_X + 4, bottom + 4


def _stack(boxes: Iterable[_Box], column: int, top: int) -> int:
    """Put boxes below each other; the lower edge of the last one."""
    y = top
    for box in boxes:
        box.x, box.y = 2 + column * (_WIDTH + _GAP_X), y + 2
        y += box.height + _GAP_Y
    return max(y - _GAP_Y, 0)


def _layers(names: Sequence[str], edges: Sequence[Relation]) -> list[list[str]]:
    """Names by the longest chain of references that leads to them; what refers in a circle is cut open."""
    depth = dict.fromkeys(names, 0)
    for _ in range(min(len(names), 12)):
        changed = False
        for edge in edges:
            deeper = depth[edge.source] + 1
            if deeper > depth[edge.target] and deeper < len(names) and deeper < 7:
                depth[edge.target] = deeper
                changed = True
        if not changed:
            break
    used = sorted(set(depth.values()))
    return [[name for name in names if depth[name] == level] for level in used]


def _ordered(layers: list[list[str]], edges: Sequence[Relation]) -> list[list[str]]:
    """Each layer in the order of what refers to it, so that fewer lines cross."""
    ordered: list[list[str]] = []
    position: dict[str, float] = {}
    for names in layers:
        weight = {}
        for number, name in enumerate(names):
            before = [
                position[edge.source] for edge in edges if edge.target == name and edge.source in position
            ]
            weight[name] = sum(before) / len(before) if before else float(number)
        ordered.append(sorted(names, key=weight.__getitem__))
        position.update({name: float(number) for number, name in enumerate(ordered[-1])})
    return ordered


def _svg(
    boxes: Mapping[str, _Box], edges: Sequence[Relation], size: tuple[int, int], more: str, tip: str
) -> Iterator[str]:
    width, height = size
    full = height + (24 if more else 0)
    yield (
        f'<svg width="{width}" height="{full}"'
        f' viewBox="0 0 {width} {full}" role="group" aria-label="Tables that drifted">'
    )
    yield mark(tip)
    for edge in edges:
        yield _edge(boxes[edge.source], boxes[edge.target], edge, tip)
    for box in boxes.values():
        yield from _box(box)
    if more:
        yield f'<text x="2" y="{height + 16}" class="faint">{text(more)}</text>'
    yield "</svg>"


def _edge(source: _Box, target: _Box, edge: Relation, tip: str) -> str:
    y1, y2 = source.y + _HEAD // 2, target.y + _HEAD // 2
    worst = min(
        (finding.severity for finding, _ in source.entries if finding.difference.kind == "foreign_key"
         and _points_at(finding, edge)), key=lambda level: level.rank, default=None,
    )  # fmt: skip
    if target.x > source.x:
        x1, x2 = source.x + _WIDTH, target.x - 5
        bend = max(30, (x2 - x1) // 2)
        path = f"M{x1} {y1}C{x1 + bend} {y1} {x2 - bend} {y2} {x2} {y2}"
    else:  # a circle was cut open, or both are as deep: round on the right side
        x1, x2 = source.x + _WIDTH, target.x + _WIDTH + 5
        path = f"M{x1} {y1}C{x1 + 50} {y1} {x2 + 50} {y2} {x2} {y2}"
    columns = f" ({', '.join(edge.columns)})" if edge.columns else ""
    said = text(f"{edge.source}{columns} points at {edge.target}")
    level = f" {worst}" if isinstance(worst, Severity) else ""
    return f'<path class="edge{level}" d="{path}" marker-end="url(#{tip})"><title>{said}</title></path>'


def _points_at(finding: Finding, edge: Relation) -> bool:
    relation = _relation(finding)
    if relation is not None:
        return relation.target == edge.target
    columns = finding.difference.object.partition(".(")[2].rstrip(")")
    return columns == ",".join(edge.columns)


def _box(box: _Box) -> Iterator[str]:
    worst = min((finding.severity for finding, _ in box.entries), key=lambda level: level.rank, default="")
    yield (
        f'<g><rect class="box {worst}" x="{box.x}" y="{box.y}" width="{_WIDTH}" height="{box.height}"'
        ' rx="8"/>'
    )
    yield _title(box)
    inside = box.inside
    if inside:
        y = box.y + _HEAD
        yield f'<path class="twig" d="M{box.x + 1} {y}h{_WIDTH - 2}"/>'
    for number, (finding, id) in enumerate(inside[:_MOST_ROWS]):
        yield _row(finding, id, box.x, box.y + _HEAD + number * _ROW)
    if len(inside) > _MOST_ROWS:
        y = box.y + _HEAD + _MOST_ROWS * _ROW + 16
        yield f'<text class="faint" x="{box.x + 12}" y="{y}">{len(inside) - _MOST_ROWS:,} more</text>'
    yield "</g>"


def _title(box: _Box) -> str:
    """The table's name, with a sign and a link where something is said of the table itself."""
    name = text(fitted(box.name, _WIDTH - 24))
    x, y = box.x + 12, box.y + 20
    if box.whole is None:
        faint = "" if box.entries else " faint"
        return f'<text class="strong{faint}" x="{x}" y="{y}">{name}</text><title>{text(box.name)}</title>'
    finding, id = box.whole
    sign = _SIGNS[finding.difference.change]
    label = text(f"{finding.severity}: {finding.message}", 200)
    place = f'x="{box.x + 3}" y="{box.y + 3}" width="{_WIDTH - 6}" height="{_HEAD - 6}"'
    row = f'<rect class="row" {place} rx="5"/>'
    return (
        f'<a href="#{id}"><title>{label}</title>{row}'
        f'<text class="strong {finding.severity}" x="{x}" y="{y}">{sign} {name}</text></a>'
    )


def _row(finding: Finding, id: str, x: int, y: int) -> str:
    d = finding.difference
    said = _said(finding)
    label = text(f"{finding.severity}: {finding.message}", 200)
    room = _WIDTH - 40
    return (
        f'<a href="#{id}"><title>{label}</title>'
        f'<rect class="row" x="{x + 3}" y="{y + 2}" width="{_WIDTH - 6}" height="{_ROW}" rx="5"/>'
        f'<text class="strong {finding.severity}" x="{x + 12}" y="{y + 17}">{_SIGNS[d.change]}</text>'
        f'<text x="{x + 12 + 2 * CHARACTER:.0f}" y="{y + 17}">{text(fitted(said, room))}</text></a>'
    )


def _said(finding: Finding) -> str:
    """What changed inside of the table, in a few words."""
    d = finding.difference
    table = table_of(finding)
    inside = d.object.removeprefix(f"{table}.") if d.object != table else d.kind.replace("_", " ")
    if d.rename is not None:
        return f"{d.rename.old} → {d.rename.new}"
    kind = "" if d.kind in ("column", *_TABLES) else f"{d.kind.replace('_', ' ')} "
    return f"{kind}{inside}" + (f": {d.attribute}" if d.attribute else "")
