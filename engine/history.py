"""The history of a run as GetExecutionHistory gives it, computed from the trace.

Which moment is which event is a table. What an event hangs on (`previousEventId`) follows from the frames: each line of
work has a last event, and a join hands one line's last event back to the line that waited. Recorded peculiarities:

- the first state's Entered event hangs on 0, and so do ExecutionAborted and ExecutionTimedOut;
- …StateSucceeded of a Parallel or Map, MapIterationSucceeded, …Failed and …Aborted are leaves: what follows hangs on the
  event that they hang on themselves (the last MapIterationSucceeded excepted);
- a retry enters no state again: only the events of the work repeat;
- an EvaluationFailed that comes before any work hangs on what its state's Entered event hangs on, which so becomes a leaf
  (all recordings show it; they date from November 2024).
"""

from __future__ import annotations

from collections.abc import Iterator
from datetime import UTC, datetime
from typing import Any

from engine.model import State, Task
from engine.trace import Call, Moment, Trace
from engine.values import Json, text

NOT_TRUNCATED = {"truncated": False}
WORK_EVENTS: dict[tuple[str, str], str] = {
    ("scheduled", "lambda"): "LambdaFunctionScheduled",
    ("begun", "lambda"): "LambdaFunctionStarted",
    ("succeeded", "lambda"): "LambdaFunctionSucceeded",
    ("failed", "lambda"): "LambdaFunctionFailed",
    ("timedOut", "lambda"): "LambdaFunctionTimedOut",
    ("scheduled", "activity"): "ActivityScheduled",
    ("begun", "activity"): "ActivityStarted",
    ("succeeded", "activity"): "ActivitySucceeded",
    ("failed", "activity"): "ActivityFailed",
    ("timedOut", "activity"): "ActivityTimedOut",
    ("scheduled", "service"): "TaskScheduled",
    ("begun", "service"): "TaskStarted",
    ("submitted", "service"): "TaskSubmitted",
    ("succeeded", "service"): "TaskSucceeded",
    ("failed", "service"): "TaskFailed",
    ("timedOut", "service"): "TaskTimedOut",
}
EVENTS: dict[str, str] = {
    "started": "ExecutionStarted",
    "evaluationFailed": "EvaluationFailed",
    "branchesStarted": "ParallelStateStarted",
    "branchesSucceeded": "ParallelStateSucceeded",
    "branchesFailed": "ParallelStateFailed",
    "mapStarted": "MapStateStarted",
    "mapSucceeded": "MapStateSucceeded",
    "mapFailed": "MapStateFailed",
    "iterationStarted": "MapIterationStarted",
    "iterationSucceeded": "MapIterationSucceeded",
    "iterationFailed": "MapIterationFailed",
    "iterationAborted": "MapIterationAborted",
    "mapRunStarted": "MapRunStarted",
    "mapRunSucceeded": "MapRunSucceeded",
    "mapRunFailed": "MapRunFailed",
    "retry": "ExecutionRedriven",
}
ENDED = {
    "SUCCEEDED": "ExecutionSucceeded",
    "FAILED": "ExecutionFailed",
    "TIMED_OUT": "ExecutionTimedOut",
    "ABORTED": "ExecutionAborted",
}
LEAVES = frozenset(("iterationFailed", "iterationAborted", "aborted", "branchesSucceeded", "mapSucceeded"))
"""Moments that nothing hangs on."""


def history(trace: Trace) -> list[dict[str, Any]]:
    """The events of `trace`, oldest first: `{timestamp, type, id, previousEventId, <type>EventDetails}`.

    Timestamps are ISO 8601 texts in UTC; inputs, outputs and causes are texts, as the API gives them.
    """
    written = {moment[2]: moment[4] for moment in trace.raw if moment[0] == "assigned"}
    made = []
    for moment, previous in caused(trace):
        event: dict[str, Any] = {
            "timestamp": datetime.fromtimestamp((trace.started_at + moment.at) / 1000, UTC).isoformat(
                timespec="milliseconds"
            ),
            "type": event_type(trace, moment),
            "id": moment.event,
            "previousEventId": previous,
        }
        details = _details(trace, moment, written)
        if details is not None:
            event[_member(event["type"])] = details
        made.append(event)
    return made


def event_type(trace: Trace, moment: Moment) -> str:
    """The name of the event that a moment is."""
    kind = moment.kind
    if kind in ("entered", "exited", "aborted"):
        return f"{trace.visits[moment.visit].state.type}State{kind.capitalize()}"
    if kind == "ended":
        return ENDED[moment.name]
    if kind == "failed" and moment.value[2] is not None:
        return str(moment.value[2])
    return WORK_EVENTS.get((kind, moment.name)) or EVENTS[kind]


def caused(trace: Trace) -> Iterator[tuple[Moment, int]]:
    """Every moment that is an event, with the id of the event that it hangs on."""
    last = [0] * len(trace.frames)
    """The event that the next one in each frame hangs on."""
    ended: dict[int, int] = {}
    """MapIterationSucceeded by frame."""
    started: dict[int, int] = {}
    """…StateStarted by visit: what branches and iterations begin with."""
    entered: dict[int, tuple[int, int]] = {}
    """The latest Entered event by frame, and what it hangs on."""
    begun: set[int] = set()
    """Branches that have an event of their own."""
    culprit = 0
    """The event because of which siblings are being stopped."""
    for moment in map(Moment._make, trace.raw):
        kind, visit = moment.kind, moment.visit
        frame = trace.visits[visit].frame if visit >= 0 else 0
        if kind == "stopping":
            culprit = last[moment.value]
        elif kind == "joined":
            decided = moment.value
            if moment.name == "succeeded" and decided in ended:
                last[frame] = ended[decided]
            elif decided >= 0:
                last[frame] = last[decided]
        if not moment.event:
            continue
        if kind == "started":
            yield moment, 0
            continue
        if kind == "ended":
            yield moment, 0 if moment.name in ("ABORTED", "TIMED_OUT") else last[frame]
            continue
        if kind.startswith("iteration"):
            inner = moment.name
            if kind == "iterationStarted":
                after = trace.frames[inner].after
                yield moment, last[after] if after >= 0 else started[visit]
                last[inner] = moment.event
                continue
            previous = last[inner]
            if kind == "iterationSucceeded":
                ended[inner] = moment.event
            elif kind == "iterationAborted":
                previous = culprit
            yield moment, previous
            continue
        if kind == "entered" and trace.frames[frame].kind == "branch" and frame not in begun:
            begun.add(frame)
            last[frame] = started[trace.frames[frame].parent]
        previous = culprit if kind == "aborted" else last[frame]
        if kind == "entered":
            entered[frame] = (moment.event, previous)
        elif kind == "evaluationFailed" and entered[frame][0] == previous:
            previous = entered[frame][1]
        yield moment, previous
        if kind in ("branchesStarted", "mapStarted"):
            started[visit] = moment.event
        if kind not in LEAVES:
            last[frame] = moment.event


def _member(event_type: str) -> str:
    """The name of the member that holds an event's details."""
    for kind in ("StateEntered", "StateExited"):
        if event_type.endswith(kind):
            return kind[0].lower() + kind[1:] + "EventDetails"
    return event_type[0].lower() + event_type[1:] + "EventDetails"


def _details(trace: Trace, moment: Moment, written: dict[int, Json]) -> dict[str, Any] | None:
    """What an event says besides its type; None for those that say nothing."""
    kind, value = moment.kind, moment.value
    if kind == "started":
        return {**_data("input", value), "roleArn": trace.role_arn}
    if kind == "entered":
        return {"name": moment.name, **_data("input", value)}
    if kind == "exited":
        return {"name": moment.name, **_data("output", value), **_assigned(written.get(moment.visit))}
    if kind == "ended":
        return _data("output", value) if moment.name == "SUCCEEDED" else _error(value)
    if kind == "mapStarted":
        return {"length": value}
    if kind.startswith("iteration"):
        return {"name": trace.visits[moment.visit].state.name, "index": value}
    if kind == "mapRunStarted":
        return {"mapRunArn": value}
    if kind == "mapRunFailed":
        return _error(value)
    if kind == "evaluationFailed":
        return {**_error(value), "location": moment.name, "state": trace.visits[moment.visit].state.name}
    if (kind, moment.name) in WORK_EVENTS:
        return _work(moment, trace.visits[moment.visit].state, trace.machine_arn.split(":")[3])
    return None


def _work(moment: Moment, state: State, region: str) -> dict[str, Any] | None:
    """The details of a task's events: three families, one for each kind of resource."""
    assert isinstance(state, Task)
    kind, how, value = moment.kind, moment.name, moment.value
    service = how == "service"
    named = {"resourceType": state.resource.resource_type, "resource": state.resource.action} if service else {}
    if kind == "scheduled":
        call: Call = value
        given = {"region": region, "parameters": text(call.given)} if service else _data("input", call.given)
        return {**(named or {"resource": call.resource}), **given, **_limits(call)}
    if kind == "begun":
        if how == "activity":
            return {"workerName": value} if value is not None else {}
        return named or None
    if kind in ("submitted", "succeeded"):
        return {**named, **_data("output", value)}
    return {**named, **_error(value)}


def _limits(call: Call) -> dict[str, Any]:
    limits: dict[str, Any] = {}
    if call.timeout_seconds is not None:
        limits["timeoutInSeconds"] = call.timeout_seconds
    if call.heartbeat_seconds is not None:
        limits["heartbeatInSeconds"] = call.heartbeat_seconds
    if call.role is not None:
        limits["taskCredentials"] = {"roleArn": call.role}
    return limits


def _assigned(variables: Json) -> dict[str, Any]:
    """Values of variables are JSON texts: `"42"`, `"\\"x\\""`."""
    if not variables:
        return {}
    texts = {name: text(value) for name, value in variables.items()}
    return {"assignedVariables": texts, "assignedVariablesDetails": NOT_TRUNCATED}


def _data(name: str, value: Json) -> dict[str, Any]:
    return {name: text(value), f"{name}Details": NOT_TRUNCATED}


def _error(value: tuple[Any, ...]) -> dict[str, Any]:
    """Absent stays absent: no `error` or `cause` that nobody gave."""
    return {key: said for key, said in zip(("error", "cause"), value, strict=False) if said is not None}
