"""What the expressions of a state could see at a moment of a run, rebuilt from the trace.

The variables are those with which the state was entered: what the states before it in its own line assigned, and before that
what the states around it had. The context object knows the execution, the state, the attempt, the task token and the item.
Not in the trace, and so not here: the item of a child execution of a distributed Map, and the token of a task whose call was
never made.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from random import Random

from engine.errors import StatesError
from engine.execution import Run
from engine.note import RETRIABLE
from engine.trace import Call, Moment, Trace
from engine.values import Json
from engine.world import timestamp


@dataclass(frozen=True, slots=True)
class Situation:
    """The `Scope` of one visit at one moment."""

    raw: Json
    """The state's raw input."""
    variables: Mapping[str, Json]
    context: dict[str, Json]
    states: dict[str, Json]
    """`$states` without the context object: `input`, and `result` or `errorOutput` once there is one."""
    now: int
    """Wall clock in ms since 1970."""
    attempt: int
    """Retries before this attempt."""
    random: Random
    """Dice of the world's seed, as they lay when the run began."""


def situation(trace: Trace, visit: int, at: int | None = None) -> Situation:
    """What a visit's expressions could see at moment `at`; without one, at the end of the visit."""
    own = [(index, moment) for index, moment in moments_of(trace, visit) if at is None or index <= at]
    entered, last = own[0][1], own[-1][1]
    attempt = sum(moment.kind == "retry" for _, moment in own)
    states: dict[str, Json] = {"input": entered.value}
    token: str | None = None
    for _, moment in own:
        if moment.kind == "retry":
            states, token = {"input": entered.value}, None
        elif moment.kind == "stage" and moment.name == "result":
            states["result"] = moment.value
        elif moment.kind == "caught":
            name, cause = moment.value
            states["errorOutput"] = StatesError(name, cause).output
    for _, moment in moments_of(trace, visit):  # the token of an attempt is known from its call, which comes later
        if moment.kind == "scheduled" and isinstance(moment.value, Call) and moment.value.attempt == attempt:
            token = moment.value.token
    context = _context(trace, visit, entered.at, attempt, token)
    random = Random(trace.world.seed)
    return Situation(
        entered.value, variables(trace, visit), context, states, trace.world.start + last.at, attempt, random
    )


def moments_of(trace: Trace, visit: int) -> list[tuple[int, Moment]]:
    """The moments of a visit with their indices, in time."""
    first = trace.raw_visits[visit][2]
    raw = trace.raw
    return [(index, Moment._make(raw[index])) for index in range(first, len(raw)) if raw[index][2] == visit]


def variables(trace: Trace, visit: int) -> dict[str, Json]:
    """The variables with which a state was entered."""
    before: dict[int, int] = {}
    """Per line of work around the visit, the visit up to which it counts."""
    inner = visit
    while inner >= 0:
        frame = trace.raw_visits[inner][0]
        before[frame] = inner
        inner = trace.raw_frames[frame][1]
    held: dict[str, Json] = {}
    for kind, _, of, _, value, _ in trace.raw[: trace.raw_visits[visit][2]]:
        if kind == "assigned" and of < before.get(trace.raw_visits[of][0], -1):
            held.update(value)
    return held


def _context(trace: Trace, visit: int, entered: int, attempt: int, token: str | None) -> dict[str, Json]:
    state = trace.visits[visit].state
    own: dict[str, Json] = {"Name": state.name, "EnteredTime": timestamp(trace.world.start + entered)}
    if state.type in RETRIABLE:
        own["RetryCount"] = attempt
    context = {**Run(trace.machine, trace.input, trace.world).context, "State": own}
    if token is not None:
        context["Task"] = {"Token": token}
    item = _item(trace, trace.raw_visits[visit][0])
    if item is not None:
        context["Map"] = {"Item": item}
    return context


def _item(trace: Trace, frame: int) -> dict[str, Json] | None:
    """`$$.Map.Item` of the innermost iteration around a line of work."""
    while frame >= 0:
        kind, parent, index, _ = trace.raw_frames[frame]
        if kind == "iteration":
            items = items_of_map(trace, parent, frame)
            return {"Index": index, "Value": items[index] if isinstance(items, list) and index < len(items) else None}
        frame = trace.raw_visits[parent][0] if parent >= 0 else -1
    return None


def items_of_map(trace: Trace, visit: int, frame: int | None = None) -> Json:
    """The items of a Map as they were when it opened `frame`, or in its last attempt."""
    items: Json = None
    for _, moment in moments_of(trace, visit):
        if moment.kind == "entered" or moment.kind == "retry":
            items = trace.raw[trace.raw_visits[visit][2]][4]
        elif moment.kind == "stage" and moment.name in ("afterInputPath", "afterItemsPath", "afterItemReader"):
            items = moment.value
        elif moment.kind == "iterationStarted" and moment.name == frame:
            break
    return items
