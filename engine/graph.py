"""The graph of a document: a node per state, an edge per way from state to state, a group per inner flow.

It reads the document and not the machine, so that a half-written text is drawn too: a target that does not exist becomes a
broken node with its reason. Identities are places in the document. A node's id is the pointer of its state (`State.at` of
the machine), an edge's id that of the field it stands for (`/States/Pay/Next`, `/States/Ask/Choices[1]`,
`/States/Pay/Catch[0]`), a group's id that of its branch or processor.

A Parallel or Map state is a node like any other, with an edge of kind `start` to the first state of each of its flows. It
stands in a group of its own, the box, together with what it runs: the states of a Map directly, those of a Parallel in one
group per branch (`/States/P/Branches` around `/States/P/Branches[0]`, …). The root has the pseudo-nodes `(start)` and, when
some state says `End`, `(end)`.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, replace
from difflib import get_close_matches
from typing import Literal

from engine import captions
from engine.outline import Block, Spot, blocks, states_of
from engine.pointer import under
from engine.problems import Problem, Severity
from engine.values import Json

START, END = "(start)", "(end)"

EdgeKind = Literal["start", "next", "choice", "default", "catch", "end"]
Place = Callable[[Json], str]
"""From the name of a state to its pointer within a block."""

_TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")


@dataclass(frozen=True, slots=True)
class Node:
    id: str
    name: str
    type: str
    """A state type, `Start`, `End`, or `Broken` for what is not a state."""
    caption: str
    group: str | None = None
    """The group it stands in; None for the root."""
    broken: str | None = None
    """Why it cannot work, as a sentence; None for a state in order."""
    service: str = ""
    """A key of `captions.SERVICES` for tasks."""
    ends: bool = False
    """Does its flow end here?"""
    problems: tuple[str, ...] = ()
    severity: Severity | None = None
    """The worst of its problems."""


@dataclass(frozen=True, slots=True)
class Edge:
    id: str
    source: str
    target: str
    kind: EdgeKind
    label: str = ""
    """Cut to fit; `title` has it whole."""
    title: str = ""
    broken: bool = False


@dataclass(frozen=True, slots=True)
class Group:
    id: str
    node: str
    """The Parallel or Map state that it belongs to."""
    label: str
    parent: str | None = None
    """The group around it; None for the root."""


@dataclass(frozen=True, slots=True)
class Graph:
    nodes: tuple[Node, ...] = ()
    edges: tuple[Edge, ...] = ()
    groups: tuple[Group, ...] = ()


def graph(document: Json, problems: Iterable[Problem] = ()) -> Graph:
    """The graph of any JSON; whatever is not a workflow gives an empty one. `problems` are laid at their states."""
    found = list(blocks(document))
    homes = {name: block.at for block in found for name in block.states}
    nodes: list[Node] = []
    edges: list[Edge] = []
    groups: dict[str, Group] = {}
    for block in found:
        own_nodes, own_edges = _flow(block, homes)
        nodes += own_nodes
        edges += own_edges
        groups |= {group.id: group for group in _groups(block)}
    boxes = {group.node: group.id for group in reversed(groups.values())}
    nodes = [replace(node, group=boxes.get(node.id, node.group)) for node in nodes]
    return Graph(_with_problems(nodes, problems), tuple(edges), tuple(groups.values()))


def _flow(block: Block, homes: Mapping[str, str]) -> tuple[list[Node], list[Edge]]:
    """One block: its states, the ways between them, and the edge that leads in. `homes` says where a name stands."""
    owner = block.owner
    group = None if owner is None else block.at
    nodes: dict[str, Node] = {}
    edges: list[Edge] = []
    spots = {spot.name: spot for spot in states_of(block, "JSONPath")}

    def place(name: Json) -> str:
        return under(block.at, ("States", str(name)))

    def link(edge: Edge) -> None:
        """An edge, and the broken node it leads to when there is no such state."""
        if edge.target not in nodes and edge.target != END:
            name = edge.target.removeprefix(place(""))
            reason = _reason(name, block, homes)
            nodes[edge.target] = Node(edge.target, name, "Broken", "no such state", group, reason)
        target = nodes.get(edge.target)
        edges.append(replace(edge, broken=target is not None and target.type == "Broken"))

    if owner is None and (block.states or "StartAt" in block.source):
        nodes[START] = Node(START, "Start", "Start", "")
    for name in block.states:
        nodes[place(name)] = _node(str(name), place(name), group, spots.get(name))
    start = block.source.get("StartAt")
    if isinstance(start, str):
        link(Edge(under(block.at, ("StartAt",)), START if owner is None else owner.at, place(start), "start"))
    for spot in spots.values():
        for edge in _ways(spot, place):
            link(edge)
    if any(edge.target == END for edge in edges):
        if owner is None:
            nodes[END] = Node(END, "End", "End", "")
        else:
            edges = [edge for edge in edges if edge.target != END]
    return list(nodes.values()), edges


def _ways(spot: Spot, place: Place) -> Iterator[Edge]:
    """Every way out of a state, in the order in which the language looks at them."""
    state, at = spot.source, spot.at
    if spot.type == "Choice":
        choices = state.get("Choices")
        for index, rule in enumerate(choices if isinstance(choices, list) else ()):
            if isinstance(rule, dict) and isinstance(target := rule.get("Next"), str):
                title = captions.condition(rule)
                way = under(at, ("Choices", index))
                yield Edge(way, at, place(target), "choice", captions.cut(title), title)
        if isinstance(target := state.get("Default"), str):
            yield Edge(under(at, ("Default",)), at, place(target), "default", "otherwise", "otherwise")
    elif isinstance(target := state.get("Next"), str):
        yield Edge(under(at, ("Next",)), at, place(target), "next")
    elif state.get("End") is True:
        yield Edge(under(at, ("End",)), at, END, "end")
    catchers = state.get("Catch")
    for index, catcher in enumerate(catchers if isinstance(catchers, list) else ()):
        if isinstance(catcher, dict) and isinstance(target := catcher.get("Next"), str):
            names = catcher.get("ErrorEquals")
            title = ", ".join(map(str, names)) if isinstance(names, list) else ""
            yield Edge(under(at, ("Catch", index)), at, place(target), "catch", captions.cut(title), title)


def _node(name: str, at: str, group: str | None, spot: Spot | None) -> Node:
    if spot is None:
        return Node(at, name, "Broken", "not an object", group, f"“{name}” is not a state: an object is needed.")
    state = spot.source
    broken = None
    if spot.type not in _TYPES:
        known = ", ".join(_TYPES[:-1]) + " or " + _TYPES[-1]
        broken = f"“{name}” has no Type that exists: {known} is needed."
    return Node(
        at,
        name,
        spot.type if broken is None else "Broken",
        captions.caption(state),
        group,
        broken,
        captions.service(state.get("Resource")),
        ends=spot.type in ("Succeed", "Fail") or state.get("End") is True,
    )


def _reason(name: str, block: Block, homes: Mapping[str, str]) -> str:
    if name in homes:
        return f"“{name}” is a state of another flow; only states of the same flow can follow."
    near = get_close_matches(name, [str(known) for known in block.states], 1)
    hint = f" Did you mean “{near[0]}”?" if near else ""
    return f"“{name}” is not a state here.{hint}"


def _groups(block: Block) -> Iterator[Group]:
    """The group of a block and, for a branch, the box around all branches."""
    owner = block.owner
    if owner is None:
        return
    outer = owner.block.at if owner.block.owner is not None else None
    branch = block.at.removeprefix(under(owner.at, ("Branches",)))
    if branch == block.at:
        yield Group(block.at, owner.at, "Each item", outer)
    else:
        box = under(owner.at, ("Branches",))
        yield Group(box, owner.at, "", outer)
        yield Group(block.at, owner.at, f"Branch {int(branch[1:-1]) + 1}", box)


def _with_problems(nodes: list[Node], problems: Iterable[Problem]) -> tuple[Node, ...]:
    """Each problem goes to the innermost state that it lies in."""
    found: dict[str, list[Problem]] = {}
    places = sorted((node.id for node in nodes), key=len, reverse=True)
    for problem in problems:
        for place in places:
            if problem.at == place or problem.at.startswith((f"{place}/", f"{place}[")):
                found.setdefault(place, []).append(problem)
                break
    if not found:
        return tuple(nodes)
    return tuple(
        replace(node, problems=tuple(problem.message for problem in own), severity=_worst(own))
        if (own := found.get(node.id))
        else node
        for node in nodes
    )


def _worst(problems: list[Problem]) -> Severity:
    return min((problem.severity for problem in problems), key=_WEIGHT.__getitem__)


_WEIGHT: dict[Severity, int] = {"error": 0, "warning": 1, "hint": 2}


def dot(
    graph: Graph,
    sizes: Mapping[str, tuple[float, float]] | None = None,
    rankdir: str = "TB",
    attributes: Mapping[str, Mapping[str, str]] | None = None,
) -> str:
    """The graph in DOT, for a layout or for export. Foreign text is escaped; nothing of it becomes markup or a link.

    Nodes are named `n0`, `n1`, … and edges have no names; both carry their identity in the attribute `id`, clusters too.
    `sizes` gives boxes in pixels (72 to the inch), and then nodes have no label of their own. The ways out of a Parallel or
    Map leave its box at the bottom, through an invisible point whose id is the state's with `(exit)` behind it.
    `attributes` of DOT by the id of a node or edge come on top of its own.
    """
    import graphviz

    more = attributes or {}
    drawing = graphviz.Digraph(graph_attr={"rankdir": rankdir, "compound": "true", "nodesep": "0.4", "ranksep": "0.45"})
    if len(graph.nodes) > _MANY:
        drawing.attr("graph", nslimit="1", nslimit1="1")
    drawing.attr("graph", fontname="sans-serif", fontsize="10")
    drawing.attr("node", shape="box", style="rounded", fontname="sans-serif", fontsize="11")
    drawing.attr("edge", fontname="sans-serif", fontsize="9" if sizes is None else "12", arrowsize="0.7")
    names = {node.id: f"n{index}" for index, node in enumerate(graph.nodes)}
    clusters = {group.id: f"cluster_g{index}" for index, group in enumerate(graph.groups)}
    boxes = {group.node: group.id for group in reversed(graph.groups)}
    exits = {node: f"x{index}" for index, node in enumerate(boxes)}

    def fill(part: graphviz.Digraph, group: str | None) -> None:
        for node in graph.nodes:
            if node.group == group:
                part.node(names[node.id], **{**_drawn(node, sizes), **more.get(node.id, {})})
        for inner in graph.groups:
            if inner.parent == group:
                with part.subgraph(name=clusters[inner.id]) as cluster:
                    cluster.attr(id=graphviz.escape(inner.id), label=graphviz.escape(inner.label), style="rounded")
                    fill(cluster, inner.id)
                    if boxes[inner.node] == inner.id:
                        cluster.node(
                            exits[inner.node],
                            id=graphviz.escape(f"{inner.node}(exit)"),
                            shape="point",
                            style="invis",
                            width="0",
                        )

    fill(drawing, None)
    around = {group.id: group for group in graph.groups}
    for node in graph.nodes:
        own = around.get(node.group or "")
        if node.ends and own is not None and own.node != node.id:
            drawing.edge(exits.get(node.id, names[node.id]), exits[own.node], style="invis")
        elif node.ends and node.id in exits and own is not None and own.parent is not None:
            drawing.edge(exits[node.id], exits[around[own.parent].node], style="invis")
    for edge in graph.edges:
        tail, look = names[edge.source], _LOOKS.get("broken" if edge.broken else edge.kind, {})
        itself = edge.source == edge.target
        if edge.source in exits and edge.kind != "start" and not itself:
            tail, look = exits[edge.source], {**look, "ltail": clusters[boxes[edge.source]]}
        if edge.target in boxes and not itself:
            look = {**look, "lhead": clusters[boxes[edge.target]]}
        label = {"label": graphviz.escape(edge.label)} if edge.label else {}
        drawn = {**label, **look, **more.get(edge.id, {})}
        drawing.edge(tail, names[edge.target], id=graphviz.escape(edge.id), **drawn)
    return str(drawing.source)


_MANY = 400
"""From so many nodes on, Graphviz looks less long for the shortest edges: half the time, and hardly another picture."""

_LOOKS = {
    "default": {"style": "dashed"},
    "catch": {"color": "#e57507", "fontcolor": "#e57507"},
    "broken": {"color": "#a63f3b", "fontcolor": "#a63f3b", "style": "dashed"},
}


def _drawn(node: Node, sizes: Mapping[str, tuple[float, float]] | None) -> dict[str, str]:
    import graphviz

    look = {"id": graphviz.escape(node.id)}
    if sizes is not None and node.id in sizes:
        width, height = sizes[node.id]
        return look | {"label": "", "width": f"{width / 72:.4f}", "height": f"{height / 72:.4f}", "fixedsize": "true"}
    look["label"] = graphviz.escape(f"{node.name}\n{node.caption}" if node.caption else node.name)
    if node.type in ("Start", "End"):
        look["shape"] = "oval"
    if node.broken is not None:
        look |= {"style": "rounded,dashed", "color": "#a63f3b"}
    return look
