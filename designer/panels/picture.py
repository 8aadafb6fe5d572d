"""A small picture of a workflow for its card: layers from top to bottom, flows inside Parallel and Map as frames.

It is drawn in Python, without Graphviz, because a page of cards must not start a layout engine per card; the graph to
work with is the player. Names are written when there is room to read them, else the shape alone is shown.
"""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Iterable
from dataclasses import dataclass, field, replace
from typing import Any
from xml.sax.saxutils import escape, quoteattr

from designer.theme import INK, LINE, MUTED, STATE_TYPES, Mode

WIDTH, HEIGHT = 400, 150
FONT = "'Source Sans 3', Helvetica, Arial, 'DejaVu Sans', sans-serif"
READABLE = 8.5
"""Least size of letters, in pixels, at which names are written."""


@dataclass(frozen=True, slots=True)
class _Scale:
    width: float
    height: float
    gap_x: float
    gap_y: float
    pad: float
    letters: float


NAMED = _Scale(width=118, height=30, gap_x=18, gap_y=24, pad=10, letters=12)
BARE = _Scale(width=34, height=14, gap_x=12, gap_y=13, pad=7, letters=0)


@dataclass
class _Drawing:
    """Boxes and frames in their places: {node id: (x, y, width, height)}."""

    width: float = 0
    height: float = 0
    boxes: dict[str, tuple[float, float, float, float]] = field(default_factory=dict)
    frames: list[tuple[float, float, float, float]] = field(default_factory=list)

    def turned(self) -> _Drawing:
        """The same with left and top exchanged: rows become columns."""
        boxes = {node: (y, x, height, width) for node, (x, y, width, height) in self.boxes.items()}
        return _Drawing(self.height, self.width, boxes, [(y, x, h, w) for x, y, w, h in self.frames])

    def put(self, other: _Drawing, x: float, y: float) -> None:
        for node, (left, top, width, height) in other.boxes.items():
            self.boxes[node] = (left + x, top + y, width, height)
        self.frames += [(left + x, top + y, width, height) for left, top, width, height in other.frames]


def picture(graph: Any, mode: Mode = "light") -> str:
    """An SVG of `WIDTH` × `HEIGHT` pixels; all foreign text in it is escaped."""
    drawing, scale, turned = _flow(graph, None, NAMED), NAMED, False
    if _factor(drawing) * NAMED.letters < READABLE:
        drawing, scale = _flow(graph, None, BARE), BARE
        sideways = _flow(graph, None, replace(BARE, width=18, height=30)).turned()
        if _factor(sideways) > _factor(drawing):
            drawing, turned = sideways, True
    factor = min(_factor(drawing), 1.25)
    left, top = (WIDTH - drawing.width * factor) / 2, (HEIGHT - drawing.height * factor) / 2
    parts = [*_frames(drawing, mode), *_edges(graph, drawing, mode, turned), *_boxes(graph, drawing, scale, mode)]
    return (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {WIDTH} {HEIGHT}" width="{WIDTH}" height="{HEIGHT}">'
        f'<g transform="translate({left:.1f} {top:.1f}) scale({factor:.3f})">{"".join(parts)}</g></svg>'
    )


def _factor(drawing: _Drawing) -> float:
    margin = 16
    return min((WIDTH - margin) / max(drawing.width, 1), (HEIGHT - margin) / max(drawing.height, 1))


def _flow(graph: Any, group: str | None, scale: _Scale) -> _Drawing:
    """One flow laid out in rows; a state with flows inside is as large as they are."""
    nodes = [node for node in graph.nodes if _home(graph, node) == group and node.type in STATE_TYPES]
    inside = {node.id: _inner(graph, node.id, scale) for node in nodes}
    rows = _rows([node.id for node in nodes], graph.edges)
    drawing = _Drawing()
    sizes = {
        node: (inner.width, inner.height) if inner else (scale.width, scale.height) for node, inner in inside.items()
    }
    widths = [sum(sizes[node][0] for node in row) + scale.gap_x * (len(row) - 1) for row in rows]
    drawing.width = max(widths, default=0)
    y = 0.0
    for row, width in zip(rows, widths, strict=True):
        x = (drawing.width - width) / 2
        tallest = max(sizes[node][1] for node in row)
        for node in row:
            wide, high = sizes[node]
            drawing.boxes[node] = (x, y, wide, high)
            inner = inside[node]
            if inner is not None:
                drawing.put(inner, x, y)
                drawing.frames.append((x, y, wide, high))
            x += wide + scale.gap_x
        y += tallest + scale.gap_y
    drawing.height = max(y - scale.gap_y, 0)
    return drawing


def _box(graph: Any, node: str) -> str | None:
    """The group that a Parallel or Map state opens around what it runs."""
    own = [group for group in graph.groups if group.node == node]
    ids = {group.id for group in own}
    found: str | None = next((group.id for group in own if group.parent not in ids), None)
    return found


def _home(graph: Any, node: Any) -> str | None:
    """The group that a state stands in; one with a box of its own stands where its box does."""
    if node.group is not None and node.group == _box(graph, node.id):
        return next(group.parent for group in graph.groups if group.id == node.group)
    home: str | None = node.group
    return home


def _inner(graph: Any, node: str, scale: _Scale) -> _Drawing | None:
    """The flows inside a Parallel or Map side by side, in a frame with room around; None for any other state."""
    box = _box(graph, node)
    if box is None:
        return None
    branches = [group.id for group in graph.groups if group.parent == box and group.node == node]
    flows = [flow for flow in (_flow(graph, group, scale) for group in branches or [box]) if flow.boxes]
    if not flows:
        return None
    drawing = _Drawing()
    x = scale.pad
    for flow in flows:
        drawing.put(flow, x, scale.pad)
        x += flow.width + scale.gap_x
    drawing.width = x - scale.gap_x + scale.pad
    drawing.height = max(flow.height for flow in flows) + 2 * scale.pad
    return drawing


def _rows(nodes: list[str], edges: Iterable[Any]) -> list[list[str]]:
    """Nodes by their longest way from the start, loops left aside; each row in the order of its predecessors."""
    known = set(nodes)
    after: dict[str, list[str]] = defaultdict(list)
    for edge in edges:
        if edge.source in known and edge.target in known and edge.source != edge.target:
            after[edge.source].append(edge.target)
    order = _without_loops(nodes, after)
    rank = dict.fromkeys(nodes, 0)
    before: dict[str, list[str]] = defaultdict(list)
    position = {node: index for index, node in enumerate(order)}
    for node in order:
        for target in after[node]:
            if position[target] > position[node]:
                rank[target] = max(rank[target], rank[node] + 1)
                before[target].append(node)
    rows: list[list[str]] = [[] for _ in range(max(rank.values(), default=-1) + 1)]
    place: dict[str, float] = {}
    for node in order:
        rows[rank[node]].append(node)
    for row in rows:
        row.sort(key=lambda node: sum(place[one] for one in before[node]) / len(before[node]) if before[node] else 0)
        for index, node in enumerate(row):
            place[node] = index - (len(row) - 1) / 2
    return rows


def _without_loops(nodes: list[str], after: dict[str, list[str]]) -> list[str]:
    """The nodes so that every edge but those of loops leads forwards."""
    done: list[str] = []
    seen: set[str] = set()
    for root in nodes:
        if root in seen:
            continue
        seen.add(root)
        stack = [(root, iter(after[root]))]
        while stack:
            node, targets = stack[-1]
            following = next((target for target in targets if target not in seen), None)
            if following is None:
                done.append(node)
                stack.pop()
            else:
                seen.add(following)
                stack.append((following, iter(after[following])))
    return done[::-1]


def _frames(drawing: _Drawing, mode: Mode) -> Iterable[str]:
    for x, y, width, height in drawing.frames:
        yield (
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="6" '
            f'fill="{MUTED[mode]}" fill-opacity=".07" stroke="{LINE[mode]}"/>'
        )


def _edges(graph: Any, drawing: _Drawing, mode: Mode, turned: bool) -> Iterable[str]:
    for edge in graph.edges:
        if edge.source not in drawing.boxes or edge.target not in drawing.boxes or edge.source == edge.target:
            continue
        x, y, width, height = drawing.boxes[edge.source]
        left, top, wide, high = drawing.boxes[edge.target]
        if turned:
            start, end = (x + width, y + height / 2), (left, top + high / 2)
            bend_x, bend_y = max(6.0, abs(end[0] - start[0]) / 2), 0.0
        else:
            start, end = (x + width / 2, y + height), (left + wide / 2, top)
            bend_x, bend_y = 0.0, max(6.0, abs(end[1] - start[1]) / 2)
        colour = STATE_TYPES["Choice"][mode == "dark"] if edge.kind == "catch" else MUTED[mode]
        yield (
            f'<path d="M{start[0]:.1f} {start[1]:.1f}C{start[0] + bend_x:.1f} {start[1] + bend_y:.1f} '
            f'{end[0] - bend_x:.1f} {end[1] - bend_y:.1f} {end[0]:.1f} {end[1]:.1f}" '
            f'fill="none" stroke="{colour}" stroke-opacity=".75" stroke-width="1.2"/>'
        )


def _boxes(graph: Any, drawing: _Drawing, scale: _Scale, mode: Mode) -> Iterable[str]:
    framed = {group.node for group in graph.groups}
    fill = "#161b22" if mode == "dark" else "#ffffff"
    for node in graph.nodes:
        if node.id not in drawing.boxes or node.id in framed:
            continue
        x, y, width, height = drawing.boxes[node.id]
        colour = STATE_TYPES[node.type][mode == "dark"]
        dashes = ' stroke-dasharray="4 3"' if node.broken else ""
        yield (
            f"<g><title>{escape(node.name)}</title>"
            f'<rect x="{x:.1f}" y="{y:.1f}" width="{width:.1f}" height="{height:.1f}" rx="5" '
            f'fill="{fill}" stroke="{colour}" stroke-width="1.3"{dashes}/>'
        )
        if scale.letters:
            room = int((width - 14) / (scale.letters * 0.56))
            name = node.name if len(node.name) <= room else node.name[: room - 1] + "…"
            yield (
                f'<circle cx="{x + 10:.1f}" cy="{y + height / 2:.1f}" r="3" fill="{colour}"/>'
                f'<text x="{x + 18:.1f}" y="{y + height / 2 + scale.letters * 0.35:.1f}" font-size="{scale.letters}" '
                f"font-family={quoteattr(FONT)} "
                f'fill="{INK[mode]}">{escape(name)}</text>'
            )
        else:
            yield (
                f'<rect x="{x + 4:.1f}" y="{y + height / 2 - 1.5:.1f}" width="{width - 8:.1f}" height="3" rx="1.5" '
                f'fill="{colour}" fill-opacity=".55"/>'
            )
        yield "</g>"
