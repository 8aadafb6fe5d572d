"""Graph and trace as the plain JSON that the player reads: pure, and the only place that knows its shape.

    {"graph": {"nodes": [{…fields of engine.graph.Node, "lines", "width", "height"}], "edges": […], "groups": […],
               "dot": "digraph …"},
     "states": {node id: the state as written, without the flows inside it},
     "trace": None | {"version": 1, "values": […], "frames": [[kind, parent visit, index]],
                      "visits": [[frame, node id, entered]], "moments": [[kind, at ms, visit, name, value, event]],
                      "events": [type, …], "status", "output", "error", "cause", "startedAt", "duration"}}

Values are sent once each: a moment holds an index into `values`, -1 for none. A task's `Call` is a value of the form
`{"resource", "given", "attempt", …}`, an error the value `[name, cause]`. `events[n - 1]` is the type of the history
event numbered n.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from designer.components.canvas.measure import TERMINAL, node_box
from engine import pointer
from engine.graph import Graph, dot
from engine.history import history
from engine.trace import Call, Trace

Json = Any
CALL_FIELDS = ("resource", "given", "attempt", "token", "timeout_seconds", "heartbeat_seconds", "role")


def to_props(graph: Graph, trace: Trace | None, *, document: Json = None) -> dict[str, Any]:
    """Everything about one workflow and one run of it. The same graph and trace give equal JSON."""
    if document is None and trace is not None:
        document = trace.machine.document
    return {
        "graph": graph_props(graph),
        "states": dict(states(document)),
        "trace": None if trace is None else trace_props(trace),
    }


def graph_props(graph: Graph) -> dict[str, Any]:
    """Nodes with the size their text needs, edges, groups, and the DOT text that the browser lays out."""
    boxes = {
        node.id: TERMINAL if node.type in ("Start", "End") else node_box(node.name, node.caption)
        for node in graph.nodes
    }
    return {
        "nodes": [dataclasses.asdict(node) | boxes[node.id]._asdict() for node in graph.nodes],
        "edges": [dataclasses.asdict(edge) for edge in graph.edges],
        "groups": [dataclasses.asdict(group) for group in graph.groups],
        "dot": dot(graph, {name: (box.width, box.height) for name, box in boxes.items()}),
    }


def states(document: Json, at: str = "") -> Iterator[tuple[str, dict[str, Json]]]:
    """Every state of a definition by its pointer, however broken the rest is, without the flows it holds."""
    flow = document.get("States") if isinstance(document, Mapping) else None
    for name, state in flow.items() if isinstance(flow, Mapping) else ():
        if not isinstance(state, Mapping):
            continue
        here = pointer.under(at, ("States", name))
        inner = dict(_inner_flows(state))
        yield here, {field: value for field, value in state.items() if field not in inner and field != "Branches"}
        for step, flow_below in inner.items():
            yield from states(flow_below, pointer.under(here, step if isinstance(step, tuple) else (step,)))


def _inner_flows(state: Mapping[str, Json]) -> Iterator[tuple[str | tuple[str, int], Json]]:
    branches = state.get("Branches")
    for index, branch in enumerate(branches if isinstance(branches, list) else ()):
        yield ("Branches", index), branch
    for field in ("ItemProcessor", "Iterator"):
        if field in state:
            yield field, state[field]


def trace_props(trace: Trace) -> dict[str, Any]:
    """The run, with every distinct value once."""
    values = Values()
    moments = [[kind, at, visit, name, values.index(value), event] for kind, at, visit, name, value, event in trace.raw]
    return {
        "version": 1,
        "frames": [list(frame) for frame in trace.frames],
        "visits": [[visit.frame, visit.state.at, visit.entered] for visit in trace.visits],
        "moments": moments,
        "events": [event["type"] for event in history(trace)],
        "status": trace.status,
        "output": values.index(trace.output),
        "error": trace.error,
        "cause": trace.cause,
        "startedAt": trace.started_at,
        "duration": trace.duration,
        "values": values.distinct,
    }


class Values:
    """The distinct values of a trace in the order of their first appearance, told apart by identity.

    It keeps what it has numbered, so that no identity is used twice while it lives.
    """

    def __init__(self) -> None:
        self.distinct: list[Json] = []
        self._places: dict[int, int] = {}
        self._kept: list[Any] = []

    def index(self, value: Any) -> int:
        """Where `value` stands among the distinct ones; -1 for None, which stands for no value."""
        if value is None:
            return -1
        place = self._places.get(id(value))
        if place is None:
            place = self._places[id(value)] = len(self.distinct)
            self._kept.append(value)
            self.distinct.append(_plain(value))
        return place


def _plain(value: Any) -> Json:
    if isinstance(value, Call):
        return {field: getattr(value, field) for field in CALL_FIELDS}
    return list(value) if isinstance(value, tuple) else value
