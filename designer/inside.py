"""Child executions: from the run on the table into the items of a distributed Map and the machines that a task starts.

The children of a Map are in its trace. Those of a task are not: the same machine, input and world give the same run, so the
child is run again for whoever wants to see it. In both, the child is an execution of its own, shown in the same player.
"""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from designer.session import Descent
from engine.connectors.nested import Member, opened
from engine.model import Map
from engine.situation import items_of_map
from engine.trace import Call, Trace
from engine.values import Json

Members = Mapping[str, Member]


@dataclass(frozen=True, slots=True)
class Below:
    """A child execution and the way to it."""

    trace: Trace
    crumbs: tuple[tuple[str, str], ...]
    """Kind (`item`, `batch`, `execution`) and name of the state of each step of the way."""
    visit: int
    """In the execution around it: the visit that started it."""
    place: int
    siblings: Sequence[Trace]
    item: Json
    """`$$.Map.Item`, where that can be told."""


def below(trace: Trace, way: Sequence[Descent], machines: Members) -> Below | None:
    """The execution at the end of a way; None when this run has no such children, which another run may have had."""
    crumbs: list[tuple[str, str]] = []
    found: Below | None = None
    for step in way:
        around = trace if found is None else found.trace
        if not 0 <= step.visit < len(around.visits):
            return None
        state = around.visits[step.visit].state
        siblings: Sequence[Trace] = around.children.get(step.visit) or _started(around, step.visit, machines)
        if not 0 <= step.place < len(siblings):
            return None
        kind = ("batch" if state.item_batcher else "item") if isinstance(state, Map) else "execution"
        crumbs.append((kind, state.name))
        item = _item(around, step.visit, state, step.place) if isinstance(state, Map) else None
        found = Below(siblings[step.place], tuple(crumbs), step.visit, step.place, siblings, item)
    return found


def startable(trace: Trace, machines: Members) -> dict[int, str]:
    """The visits behind which an execution can be opened, with the name of its machine."""
    calls = _calls(trace, machines)
    return {visit: children[-1].world.machine_name for visit in calls if (children := _started(trace, visit, machines))}


def _started(trace: Trace, visit: int, machines: Members) -> tuple[Trace, ...]:
    """The executions that a task started, one for each attempt."""
    found = (
        opened(call, trace.tape.get(call.key), machines, trace.world) for call in _calls(trace, machines).get(visit, ())
    )
    return tuple(one for one in found if one is not None)


def _calls(trace: Trace, machines: Members) -> dict[int, list[Call]]:
    calls: dict[int, list[Call]] = {}
    for kind, _, visit, _, value, _ in trace.raw if machines else ():
        if kind == "scheduled" and isinstance(value, Call) and "StateMachineArn" in _given(value):
            calls.setdefault(visit, []).append(value)
    return calls


def _given(call: Call) -> Mapping[str, Any]:
    return call.given if isinstance(call.given, dict) else {}


def _item(trace: Trace, visit: int, state: Map, place: int) -> Json:
    """Batches hold several items, and an object is iterated by its members: there it cannot be told by a place alone."""
    items = items_of_map(trace, visit)
    children = len(trace.children[visit])
    if state.item_batcher is not None or not isinstance(items, list) or not items or children % len(items):
        return None
    index = place % len(items)
    return {"Index": index, "Value": items[index]}
