"""Which states and which ways between them were gone by a set of runs: what no scenario has tried yet.

States and ways are those of the graph, by the same ids; ways to states that do not exist cannot be gone and do not count.
"""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from engine.graph import Edge, Graph, Node
from engine.model import Choice
from engine.pointer import under
from engine.trace import Trace

PSEUDO = frozenset(("Start", "End", "Broken"))


@dataclass(frozen=True, slots=True)
class Coverage:
    """How often each state was entered and each way taken, by id; what was never is there with 0."""

    states: Mapping[str, int]
    edges: Mapping[str, int]
    nodes: tuple[Node, ...]
    ways: tuple[Edge, ...]

    @property
    def states_percent(self) -> float:
        return _percent(self.states)

    @property
    def edges_percent(self) -> float:
        return _percent(self.edges)

    @property
    def missed_states(self) -> tuple[Node, ...]:
        return tuple(node for node in self.nodes if not self.states[node.id])

    @property
    def missed_edges(self) -> tuple[Edge, ...]:
        return tuple(edge for edge in self.ways if not self.edges[edge.id])


def coverage(graph: Graph, traces: Iterable[Trace]) -> Coverage:
    """What the runs touched of a graph. A way that the graph has and no run took counts 0."""
    states: Counter[str] = Counter()
    edges: Counter[str] = Counter()
    starts = {edge.target: edge.id for edge in graph.edges if edge.kind == "start"}
    for trace in traces:
        _count(trace, starts, states, edges)
    nodes = tuple(node for node in graph.nodes if node.type not in PSEUDO)
    ways = tuple(edge for edge in graph.edges if not edge.broken)
    return Coverage(
        {node.id: states[node.id] for node in nodes}, {edge.id: edges[edge.id] for edge in ways}, nodes, ways
    )


def _count(trace: Trace, starts: Mapping[str, str], states: Counter[str], edges: Counter[str]) -> None:
    begun: set[int] = set()
    for frame, state, _ in trace.raw_visits:
        states[state.at] += 1
        if frame not in begun and state.at in starts:
            edges[starts[state.at]] += 1
        begun.add(frame)
    edges.update(_taken(trace))
    for children in trace.children.values():
        for child in children:
            _count(child, starts, states, edges)


def _taken(trace: Trace) -> Iterator[str]:
    """The ways that were taken, by the id of their edge."""
    caught: set[int] = set()
    for kind, _, visit, name, value, _ in trace.raw:
        if visit < 0:
            continue
        state = trace.raw_visits[visit][1]
        if kind == "rule":
            yield under(state.at, ("Default",) if value is None else ("Choices", value))
        elif kind == "caught":
            caught.add(visit)
            yield under(state.at, ("Catch", name))
        elif kind == "exited" and visit not in caught and not isinstance(state, Choice):
            yield under(state.at, ("End",) if getattr(state, "next", None) is None else ("Next",))


def _percent(counts: Mapping[str, int]) -> float:
    return 100 * sum(count > 0 for count in counts.values()) / len(counts) if counts else 100.0
