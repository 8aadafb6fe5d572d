"""Where in a run something is, for people: the step as the player counts it, the state and stage, what can be changed."""

from __future__ import annotations

from dataclasses import dataclass

from engine import fork
from engine.trace import Call, Moment, Reply, Trace
from engine.values import Json

SILENT = frozenset(("begun", "joined", "stopping"))
"""Moments that the player passes over."""
ASKED = frozenset(("scheduled", "begun", "submitted", "parked", "heartbeat", "succeeded", "failed", "timedOut"))


@dataclass(frozen=True, slots=True)
class Spot:
    """A value of the run that can be changed."""

    moment: int
    state: str
    """Empty for the execution itself."""
    stage: str
    """`input`, or a stage as AWS names it."""
    value: Json


@dataclass(frozen=True, slots=True)
class Waiting:
    """A call that nobody has answered."""

    moment: int
    call: Call


@dataclass(frozen=True, slots=True)
class Answered:
    """A call that was answered, so that it can be answered otherwise."""

    moment: int
    call: Call
    reply: Reply


def step_of(trace: Trace, moment: int) -> int:
    """The number of a moment's step, as the player counts: from 1."""
    last = len(trace) - 1
    counted = sum(kind not in SILENT or index == last for index, (kind, *_) in enumerate(trace.raw[: moment + 1]))
    return max(1, counted)


def state_of(trace: Trace, moment: int) -> str:
    """The name of the state in which a moment is; empty for the execution."""
    visit = trace[moment].visit
    return trace.visits[visit].state.name if visit >= 0 else ""


def editable(trace: Trace, moment: int) -> Spot | None:
    """The value to change when the player stands at a moment: its own, else the nearest before it in the same state.

    At the beginning that is the input of the execution; at the call of a task it is the task's result, if it had one.
    """
    moment = min(max(moment, 0), len(trace) - 1)
    at = trace[moment]
    if at.visit < 0:
        return Spot(0, "", "input", trace.input)
    own = [index for index, one in _from(trace, at.visit) if _holds(one)]
    if at.kind in ASKED:
        later = next((index for index in own if index > moment and trace[index].name == "result"), None)
        if later is not None:
            return _spot(trace, later)
    before = [index for index in own if index <= moment]
    return _spot(trace, before[-1] if before else own[0]) if own else None


def answered(trace: Trace, moment: int) -> Answered | None:
    """The call whose making, waiting or reply happens at a moment; None elsewhere, and for one that nobody answered."""
    at = trace[min(max(moment, 0), len(trace) - 1)]
    if at.visit < 0 or at.kind not in ASKED:
        return None
    made = [index for index, one in _from(trace, at.visit) if one.kind == "scheduled" and index <= moment]
    call = trace[made[-1]].value if made else None
    reply = trace.tape.get(call.key) if isinstance(call, Call) else None
    return None if call is None or reply is None else Answered(made[-1], call, reply)


def parked(trace: Trace) -> list[Waiting]:
    """The calls for whose answer the run waits."""
    return [Waiting(index, moment.value) for index, moment in enumerate(trace.moments) if moment.kind == "parked"]


def _from(trace: Trace, visit: int) -> list[tuple[int, Moment]]:
    first = trace.visits[visit].entered
    return [(index, trace[index]) for index in range(first, len(trace)) if trace.raw[index][2] == visit]


def _holds(moment: Moment) -> bool:
    return moment.kind == "stage" or moment.kind == "entered"


def _spot(trace: Trace, moment: int) -> Spot | None:
    try:
        fork.key(trace, moment)
    except fork.NotEditable:
        return None
    at = trace[moment]
    return Spot(moment, state_of(trace, moment), str(at.name) if at.kind == "stage" else "input", at.value)
