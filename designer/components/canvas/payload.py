"""Graph and trace as the plain JSON that the player reads: pure, and the only place that knows its shape.

    {"graph": {"nodes": [{…fields of engine.graph.Node, "lines", "caption_lines", "width", "height"}], "edges": […],
               "groups": […], "dot": "digraph …"},
     "states": {node id: the state as written, without the flows inside it}, "language": the machine's own,
     "trace": None | {"id", "plain": {…}} | {"id", "deflated": text}}

The trace, in columns, because a run of 25,000 events has 40,000 moments (`packing` tells how values are written):

    {"version": 2, "nodes": […], "keys": […],
     "values": [written, …],                                   each distinct value of a moment once
     "frames": [[kind, parent visit, index], …],
     "visits": {"frame": steps, "state": [place in ids], "ids": [node id, …]},
     "moments": {"kind": [place in kinds], "kinds": […], "at": steps of ms, "visit": steps,
                 "name": [place in names], "names": […], "value": steps of places in values, -1 for none,
                 "event": [distance of the event's number from the last one's, 0 for no event]},
     "events": [place in types, by number], "types": […],
     "context": place of the context object's Execution and StateMachine, which stay the same,
     "children": {visit of a distributed Map: its executions, see `children`},
     "truths": {visit of a Choice: [how each rule came out, see `truth`]},
     "status", "output", "error", "cause", "startedAt", "duration"}

A column of steps holds differences. A task's `Call` is a value of the form `{"resource", "given", "attempt", …}`, an
error the value `[name, cause]`.
"""

from __future__ import annotations

import dataclasses
from collections.abc import Iterator, Mapping
from typing import Any

from designer.components.canvas.measure import TERMINAL, TOLD, node_box
from designer.components.canvas.packing import Pool, Table, packed, steps
from designer.components.canvas.truths import truths
from engine import pointer
from engine.coverage import Coverage
from engine.execution import Run
from engine.graph import Edge, Graph, Group, Node, dot
from engine.history import history
from engine.trace import Call, Trace

Json = Any
CALL_FIELDS = ("resource", "given", "attempt", "token", "timeout_seconds", "heartbeat_seconds", "role")


def to_props(
    graph: Graph,
    trace: Trace | None,
    *,
    document: Json = None,
    nested: Mapping[int, str] | None = None,
    item: Json = None,
) -> dict[str, Any]:
    """Everything about one workflow and one run of it. The same graph and trace give equal JSON.

    `nested` names the machines whose executions can be opened, by the visit that started them; `item` is what
    `$$.Map.Item` is in the whole run, where that is a child execution of a Map.
    """
    if document is None and trace is not None:
        document = trace.machine.document
    known = {} if nested is None else dict(nested)
    return {"graph": graph_props(graph), **run_props(trace, document, item), "nested": known}


def run_props(trace: Trace | None, document: Json, item: Json = None) -> dict[str, Any]:
    """The states as written, and the run of them if there is one."""
    return {
        "states": dict(states(document)),
        "language": "JSONata"
        if isinstance(document, Mapping) and document.get("QueryLanguage") == "JSONata"
        else "JSONPath",
        "trace": None if trace is None else packed(trace_props(trace, item)),
    }


def graph_props(graph: Graph, *, drawn: bool = True) -> dict[str, Any]:
    """Nodes with the size their text needs, edges, groups, and the DOT text that the browser lays out.

    `drawn` False leaves that text out: a canvas that is drawn on folds and turns the graph, and writes its own. Its boxes
    need no room for what a run has to say.
    """
    boxes = {
        node.id: TERMINAL if node.type in ("Start", "End") else node_box(node.name, node.caption, TOLD if drawn else "")
        for node in graph.nodes
    }
    return {
        "nodes": [_row(node) | boxes[node.id]._asdict() for node in graph.nodes],
        "edges": [_row(edge) for edge in graph.edges],
        "groups": [_row(group) for group in graph.groups],
        "dot": dot(graph, {name: (box.width, box.height) for name, box in boxes.items()}) if drawn else "",
    }


def _row(part: Node | Edge | Group) -> dict[str, Any]:
    """Its fields. Nothing in them is changed, so nothing is copied, as `asdict` would."""
    return {name: getattr(part, name) for name in _FIELDS[type(part)]}


_FIELDS = {kind: tuple(field.name for field in dataclasses.fields(kind)) for kind in (Node, Edge, Group)}


def coverage_props(coverage: Coverage) -> dict[str, Any]:
    """Ids of the states and ways that were never reached, and counts: states reached, states, ways gone, ways."""
    missed = [node.id for node in coverage.missed_states], [edge.id for edge in coverage.missed_edges]
    states, edges = len(coverage.nodes), len(coverage.ways)
    counts = [states - len(missed[0]), states, edges - len(missed[1]), edges]
    return {"states": missed[0], "edges": missed[1], "counts": counts}


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


def children(trace: Trace) -> dict[int, list[Json]]:
    """The executions of each distributed Map in its last attempt: `[place, number of the item, status, ms, error]`."""
    runs: dict[int, int] = {}
    for kind, _, visit, _, _, _ in trace.raw if trace.children else ():
        if kind == "mapRunStarted":
            runs[visit] = runs.get(visit, 0) + 1
    told: dict[int, list[Json]] = {}
    for visit, traces in trace.children.items():
        each, odd = divmod(len(traces), runs.get(visit, 1))
        before = 0 if odd else len(traces) - each
        told[visit] = [
            [place, place - before, one.status, one.duration, one.error]
            for place, one in enumerate(traces)
            if place >= before
        ]
    return told


def trace_props(trace: Trace, item: Json = None) -> dict[str, Any]:
    """The run in columns, with every distinct part of every value once."""
    pool, values, names, kinds, types, ids = Pool(), Table(), Table(), Table(), Table(), Table()

    def place(value: Any) -> int:
        return -1 if value is None else values.place(pool.put(_plain(value)))

    columns: list[list[int]] = [[], [], [], [], []]
    kind_of, at_of, visit_of, name_of, value_of = columns
    events, last = [], 0
    for kind, at, visit, name, value, event in trace.raw:
        kind_of.append(kinds.place(kind))
        at_of.append(at)
        visit_of.append(visit)
        name_of.append(names.place(name))
        value_of.append(place(value))
        events.append(event - last if event else 0)
        last = event or last
    visits = {
        "frame": steps([visit.frame for visit in trace.visits]),
        "state": [ids.place(visit.state.at) for visit in trace.visits],
        "ids": ids.entries,
    }
    return {
        "version": 2,
        "frames": [[frame.kind, frame.parent, frame.index] for frame in trace.frames],
        "visits": visits,
        "moments": {
            "kind": kind_of,
            "kinds": kinds.entries,
            "at": steps(at_of),
            "visit": steps(visit_of),
            "name": name_of,
            "names": names.entries,
            "value": steps(value_of),
            "event": events,
        },
        "events": [types.place(event["type"]) for event in history(trace)],
        "types": types.entries,
        "truths": truths(trace),
        "context": place(
            Run(trace.machine, trace.input, trace.world).context | ({"Map": {"Item": item}} if item else {})
        ),
        "children": children(trace),
        "status": trace.status,
        "output": place(trace.output),
        "error": trace.error,
        "cause": trace.cause,
        "startedAt": trace.started_at,
        "duration": trace.duration,
        "values": values.entries,
        "nodes": pool.nodes,
        "keys": pool.keys,
    }


def _plain(value: Any) -> Json:
    if isinstance(value, Call):
        return {field: getattr(value, field) for field in CALL_FIELDS}
    return value
