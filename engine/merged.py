"""Two versions of a workflow in one graph: the new one, and in their places what the old one had besides.

What was removed keeps the pointer it had, with `- ` before it, so that its id cannot be that of something new.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

from engine.differences import Differences, differences
from engine.graph import Edge, Graph, Group, Node, graph
from engine.values import Json

Mark = Literal["added", "removed", "changed"]
SIGNS: Mapping[Mark, str] = {"added": "+", "removed": "−", "changed": "~"}


@dataclass(frozen=True, slots=True)
class Merged:
    """One graph, and the mark of each of its nodes and edges that is not the same in both versions."""

    graph: Graph
    marks: Mapping[str, Mark] = field(default_factory=dict)
    """By id of node or edge."""
    differences: Differences = field(default_factory=Differences)


def merged(before: Json, after: Json) -> Merged:
    """Both versions in one graph. Renamed and moved states are marked as changed, with what they were in their caption."""
    found = differences(before, after)
    old, new = graph(before), graph(after)
    marks: dict[str, Mark] = {}
    captions: dict[str, str] = {}
    here = {node.id for node in new.nodes}
    for entry in found.entries:
        if entry.about == "state" and entry.kind == "added":
            marks[entry.at] = "added"
        elif entry.kind != "removed" or entry.about != "state":
            owner = _owner(entry.at, here, found.matched)
            if owner and entry.about != "transition":
                marks.setdefault(owner, "changed")
        if entry.about == "state" and entry.kind == "renamed":
            captions[entry.at] = f"was “{entry.before}”"
    nodes = [replace(node, caption=captions.get(node.id, node.caption)) for node in new.nodes]
    groups = {group.id for group in new.groups}
    flows = {old_at: new_at for old_at, new_at in found.flows.items() if new_at in groups}
    boxes = {_box(old_at): _box(new_at) for old_at, new_at in flows.items() if _box(new_at) in groups}

    def now(at: str) -> str:
        """The id in the merged graph of a node of the old version."""
        there = found.matched.get(at, at if at.startswith("(") else "")
        return there if there in here else f"- {at}"

    def group_now(at: str | None) -> str | None:
        return None if at is None else flows.get(at) or boxes.get(at) or f"- {at}"

    gone = [
        replace(node, id=now(node.id), group=group_now(node.group)) for node in old.nodes if now(node.id) not in here
    ]
    marks |= {node.id: "removed" for node in gone}
    old_groups = [
        Group(f"- {group.id}", now(group.node), group.label, group_now(group.parent))
        for group in old.groups
        if group_now(group.id) == f"- {group.id}"
    ]
    edges, edge_marks = _edges(
        [replace(edge, source=now(edge.source), target=now(edge.target)) for edge in old.edges], new
    )
    marks |= edge_marks
    whole = Graph((*nodes, *_kept(gone, old_groups, groups)), tuple(edges), (*new.groups, *old_groups))
    return Merged(whole, marks, found)


def _box(flow: str) -> str:
    """The box around all branches of a Parallel, of one of its branches."""
    return flow[: flow.rfind("[")] if flow.endswith("]") else flow


def _kept(gone: list[Node], old_groups: list[Group], groups: set[str]) -> list[Node]:
    """A node whose group is not drawn any more stands outside."""
    there = groups | {group.id for group in old_groups}
    return [node if node.group is None or node.group in there else replace(node, group=None) for node in gone]


def _owner(at: str, here: set[str], matched: Mapping[str, str]) -> str:
    """The node that a difference lies in."""
    inside = [node for node in here if at == node or at.startswith((f"{node}/", f"{node}["))]
    if inside:
        return max(inside, key=len)
    return next((new for old, new in matched.items() if at == old or at.startswith((f"{old}/", f"{old}["))), "")


def _edges(old: list[Edge], new: Graph) -> tuple[list[Edge], dict[str, Mark]]:
    """The edges of the new version, those that only the old one had, and their marks."""
    left: dict[tuple[str, str, str], list[Edge]] = {}
    for edge in old:
        left.setdefault((edge.source, edge.target, edge.kind), []).append(edge)
    marks: dict[str, Mark] = {}
    for edge in new.edges:
        twins = left.get((edge.source, edge.target, edge.kind), [])
        if not twins:
            marks[edge.id] = "added"
            continue
        same = next((twin for twin in twins if twin.title == edge.title), None)
        twins.remove(same or twins[0])
        if same is None:
            marks[edge.id] = "changed"
    gone = [replace(edge, id=f"- {edge.id}") for edges in left.values() for edge in edges]
    marks |= {edge.id: "removed" for edge in gone}
    return [*new.edges, *gone], marks
