"""TestState: one state, tried on an input, in the request and response shape of AWS's API of that name.

The state goes the way of `dataflow`; only its work is replaced by the mock. A Map or Parallel is not run at all (AWS does
not either): its mock is its result. Retry and Catch are decided, not carried out, and the answer says what would happen.
Recorded details are marked [R] where they surprise.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from typing import Any

from engine.dataflow import WAYS, caught
from engine.errors import TOLERANCE_EXCEEDED, StatesError, matches
from engine.execution import Line, Run
from engine.items import Items, batches, items_of, pointed
from engine.mapping import allowed, inputs, number, own_items, tolerance
from engine.model import Expression, Flow, Machine, Map, Parallel, Pass, ResultPath, State
from engine.note import Note, select
from engine.retrying import backoff, catcher_for
from engine.states import AT_ONCE, OVER_TIME
from engine.trace import Call, Reply
from engine.trial import NAME, Refused, Trial, refused, understood
from engine.values import Json, text
from engine.world import World, timestamp

__all__ = ["Refused", "test_state"]

# Which stages inspectionData shows, by type; the others of the same language show `input` alone.
_SHOWN: dict[tuple[str, str], tuple[str, ...]] = {
    ("JSONPath", "Task"): ("afterInputPath", "afterParameters", "result", "afterResultSelector", "afterResultPath"),
    ("JSONPath", "Pass"): ("afterInputPath", "afterParameters", "afterResultSelector", "afterResultPath"),
    ("JSONPath", "Map"): ("afterInputPath", "afterItemsPath", "afterResultSelector", "afterResultPath"),
    ("JSONPath", "Parallel"): ("afterResultSelector", "afterResultPath"),
    ("JSONata", "Task"): ("afterArguments", "result"),
}
_WITH_RESULT = ("result", "afterResultSelector", "afterResultPath")
"""A Pass with a Result shows neither afterInputPath nor afterParameters [R]."""
_MAP_STAGES = ("afterItemSelector", "afterItemBatcher", "afterItemsPointer")


def test_state(request: Mapping[str, Json], world: World | None = None) -> dict[str, Json]:
    """The response of TestState: `status`, and as they apply `output`, `error`, `cause`, `nextState`, `inspectionData`.

    A Task without a mock asks `world.connector`. Texts hold JSON, as in the API. Raises Refused.
    """
    return _run(understood(request), world or World())


class _Tried(Note):
    """A visit whose context object may be given."""

    given: Mapping[str, Json] | None = None

    @property
    def context(self) -> dict[str, Json]:
        own = super().context
        return own if self.given is None else {**own, **self.given}


def _run(trial: Trial, world: World) -> dict[str, Json]:
    state, raw = trial.state, trial.input

    def answer(call: Call) -> Reply | None:
        if not trial.mocked:
            reply = world.connector(call)
            if reply is None:
                raise refused(f"Nobody answers calls to {call.resource} here: give a mock")
            return reply
        if trial.error is not None:
            return Reply(error=trial.error.name, cause=trial.error.cause, failed=True)
        return Reply(output=trial.result)

    own = replace(world, connector=answer, tape={}, workflow_type="EXPRESS", record="stages")
    run = Run(Machine(Flow(state.name, {state.name: state}), state.language, {}), raw, own)
    run.context = _context(trial, run)
    line = Line(0, 0, None, None, None)
    line.variables = trial.variables
    played = _in_full(state)
    note = _Tried(run, line, played, raw)
    note.given, note.attempt = trial.context, trial.retries
    limits: dict[str, Json] = {}
    way_in, way_out = WAYS[state.language]
    answered: dict[str, Json] = {}
    details: dict[str, Json] = {}
    try:
        if isinstance(state, Map):
            _prepare(note, state, trial, limits)
        output = way_out(note, played, raw, _worked(note, played, way_in(note, played, raw), trial))
        answered = {"output": text(output), "status": "SUCCEEDED"}
        if note.next is not None:
            answered["nextState"] = note.next
    except StatesError as error:
        answered = _failure(note, trial, error, details)
    variables = {**trial.variables, **(note.assigned or {})}
    if trial.level != "INFO":
        data: dict[str, Json] = {"input": text(raw)} | _stages(state, run, note) | limits
        if details:
            data["errorDetails"] = details
        if variables:
            data["variables"] = text(variables)
        answered["inspectionData"] = data
    return answered


def _worked(note: Note, state: State, given: Json, trial: Trial) -> Json:
    """The result of the state's work, which waits for nothing here: a test takes no time."""
    if isinstance(state, (Map, Parallel)):
        if trial.error is not None:
            raise trial.error
        return trial.result
    if state.type in AT_ONCE:
        return AT_ONCE[state.type](note, state, given)
    work = OVER_TIME[state.type](note, state, given)
    while True:
        try:
            next(work)
        except StopIteration as ended:
            return ended.value


def _in_full(state: State) -> State:
    """The state with every JSONPath field written out, so that each stage it reaches leaves a moment."""
    if state.language == "JSONata":
        return replace(state, name=NAME)
    same = Expression("$", lambda value, scope: value)
    full: dict[str, Any] = {
        field: getattr(state, field) or same for field in ("input_path", "parameters", "result_selector")
    }
    return replace(state, name=NAME, result_path=state.result_path or ResultPath("$", ()), **full)


def _context(trial: Trial, run: Run) -> dict[str, Json]:
    """The context object of a test: that of an Express execution, which knows nothing of redrives [R]."""
    world = run.world
    name, machine = run.uuid("execution"), run.uuid("machine")
    where = f"arn:aws:states:{world.region}:{world.account}"
    context: dict[str, Json] = {
        "Execution": {
            "Id": f"{where}:express:{machine}:{name}",
            "Input": trial.input,
            "Name": name,
            "RoleArn": trial.role_arn,
            "StartTime": timestamp(world.start),
        },
        "StateMachine": {"Id": f"{where}:stateMachine:{machine}", "Name": machine},
    }
    if trial.inside_map and trial.context is None:
        context["Map"] = {"Item": {"Index": 0, "Value": trial.input}}
    return context


def _prepare(note: Note, state: Map, trial: Trial, limits: dict[str, Json]) -> None:
    """What a Map works out before its iterations: the items as they would be handed out, and its limits."""
    given = note.stage("afterInputPath", select(state.input_path, note.raw, note))
    items: Items | None = None
    reached = len(note.run.moments)
    if state.item_reader is None:
        try:
            items = own_items(note, state, given)
        except StatesError:
            del note.run.moments[reached:]  # a path that leads to no array leaves no items to show
            raise
    elif trial.data is not None:
        value = trial.data
        pointer = state.item_reader.config.get("ItemsPointer")
        if pointer:
            value = note.stage("afterItemsPointer", pointed(value, str(pointer)))
        if state.language == "JSONPath":
            value = note.stage("afterItemsPath", select(state.items, value, note))
        items = items_of(value)
    limits["maxConcurrency"] = number(note, state.max_concurrency, given)
    count, percentage = tolerance(note, state, given)
    if count is not None:
        limits["toleratedFailureCount"] = count
    if percentage is not None:
        limits["toleratedFailurePercentage"] = float(percentage)
    if items is None:
        return
    values = [value for value, _ in inputs(note, state, items, given)]
    batcher = state.item_batcher
    if batcher is not None:
        most = [
            None if limit is None else number(note, limit, given) for limit in (batcher.max_items, batcher.max_bytes)
        ]
        extra = select(batcher.batch_input, given, note) if batcher.batch_input is not None else None
        note.stage("afterItemBatcher", batches(values, most[0], most[1], extra, note.run.sizes))
    if trial.failures is not None:
        if trial.failures > len(values):
            raise refused("Map iteration failure count must be less than or equal to the number of Map iterations")
        if trial.error is None and trial.failures > allowed(count, percentage, len(values)):
            raise StatesError(TOLERANCE_EXCEEDED, "The specified tolerated failure threshold was exceeded")


def _failure(note: Note, trial: Trial, error: StatesError, details: dict[str, Json]) -> dict[str, Json]:
    """What Retry and Catch would make of an error."""
    state = trial.state
    answered: dict[str, Json] = {
        name: value for name, value in (("error", error.name), ("cause", error.cause)) if value is not None
    }
    if error.fatal:
        return answered | {"status": "FAILED"}
    for index, retrier in enumerate(state.retry):
        if matches(error, retrier.error_equals):
            details["retryIndex"] = index
            if trial.retries < retrier.max_attempts:
                seconds = backoff(retrier, trial.retries, None) / 1000
                details["retryBackoffIntervalSeconds"] = int(seconds) if seconds.is_integer() else seconds
                return answered | {"status": "RETRIABLE"}
            break
    catcher = catcher_for(state.catch, error)
    if catcher is None:
        return answered | {"status": "FAILED"}
    details.clear()
    details["catchIndex"] = catcher.index
    try:
        output = caught(note, catcher, error)
    except StatesError as again:
        return _failure(note, replace(trial, state=replace(state, retry=(), catch=())), again, {})
    return answered | {"status": "CAUGHT_ERROR", "output": text(output), "nextState": catcher.next}


def _stages(state: State, run: Run, note: Note) -> dict[str, Json]:
    """The stages that inspectionData shows, of those that were reached, as JSON text."""
    reached = {name: value for kind, _, _, name, value, _ in run.moments if kind == "stage"}
    reached |= {kind: value for kind, _, _, _, value, _ in run.moments if kind == "succeeded"}
    if "succeeded" in reached:
        reached["result"] = reached["succeeded"]
    if isinstance(state, Pass) and state.result is not None and "afterResultSelector" in reached:
        reached["result"] = state.result.source
    shown = _SHOWN.get((state.language, state.type), ("afterInputPath",) if state.language == "JSONPath" else ())
    if isinstance(state, Pass) and state.result is not None and state.language == "JSONPath":
        shown = _WITH_RESULT
    if isinstance(state, Map):
        shown += _MAP_STAGES
    return {name: text(reached[name]) for name in shown if name in reached}
