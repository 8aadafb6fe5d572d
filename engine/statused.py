"""How each state and way of a graph stands after a run: what colours a picture of it.

A state that was visited often stands as its last visit in each line of work, and over several lines (iterations, branches,
child executions) as the one that most wants to be looked at.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from typing import Literal

from engine.coverage import coverage
from engine.graph import Graph
from engine.trace import Trace

Standing = Literal["FAILED", "CAUGHT", "ABORTED", "WAITING", "SUCCEEDED"]
_ORDER: tuple[Standing, ...] = ("FAILED", "CAUGHT", "ABORTED", "WAITING", "SUCCEEDED")


@dataclass(frozen=True, slots=True)
class Statused:
    """The states that were visited, by pointer, and the ways that were taken, by the id of their edge."""

    states: Mapping[str, Standing] = field(default_factory=dict)
    edges: frozenset[str] = frozenset()


def statused(graph: Graph, trace: Trace) -> Statused:
    """How the states and ways of a graph stand after a run of it."""
    found: dict[str, Standing] = {}
    for at, standing in _standings(trace):
        before = found.get(at)
        if before is None or _ORDER.index(standing) < _ORDER.index(before):
            found[at] = standing
    counts = coverage(graph, [trace]).edges
    return Statused(found, frozenset(edge for edge, count in counts.items() if count))


def _standings(trace: Trace) -> Iterator[tuple[str, Standing]]:
    """State and standing, once for each line of work that visited the state."""
    ends: dict[int, Standing] = {}
    for kind, _, visit, _, _, _ in trace.raw:
        if kind == "caught":
            ends[visit] = "CAUGHT"
        elif kind == "exited":
            ends.setdefault(visit, "SUCCEEDED")
        elif kind == "aborted":
            ends[visit] = "ABORTED"
        elif kind == "parked" and trace.status == "WAITING":
            ends[visit] = "WAITING"
        elif kind == "succeeded" and ends.get(visit) == "WAITING":
            del ends[visit]
    last: dict[tuple[int, str], int] = {}
    for visit, (frame, state, _) in enumerate(trace.raw_visits):
        last[frame, state.at] = visit
    open_: Standing = "WAITING" if trace.status == "WAITING" else "FAILED"
    for (_, at), visit in last.items():
        yield at, ends.get(visit, open_)
    for children in trace.children.values():
        for child in children:
            yield from _standings(child)
