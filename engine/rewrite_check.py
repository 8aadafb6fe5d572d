"""Does a rewritten state do the same? Both are tried on what the state met in a recorded run.

What is recorded: the raw input, the variables and the context object, and the result or the error of the state's work. The
state goes the way of `dataflow`; its work is not done again, but everything around it is: what the work would be given, for how
long it waits, what a Map would hand to its iterations, where it goes on, what it leaves and what it assigns. Both draw from
the same dice.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from engine.dataflow import WAYS, caught
from engine.errors import StatesError
from engine.execution import Line, Run
from engine.mapping import inputs, number, own_items, tolerance
from engine.model import Flow, Machine, Map, Parallel, State, Task, Wait
from engine.note import Note, select
from engine.parse import parse
from engine.retrying import catcher_for
from engine.rewrite_values import drawn
from engine.situation import Situation, moments_of, situation
from engine.states import AT_ONCE, ask, instant
from engine.trace import Trace
from engine.values import Change, Json, changes

NAMED = "fails"


@dataclass(frozen=True, slots=True)
class Verdict:
    """How the two compare. `before` and `after` hold what was compared:

    | key | |
    |---|---|
    | `given` | what the work is given |
    | `timeout`, `heartbeat`, `role` | of a Task |
    | `until` | ms since the start at which a Wait ends |
    | `items`, `limit`, `tolerated` | of a Map: what each iteration is given, and its limits |
    | `output`, `next`, `assigned` | as the state is left |
    | `error` | [name, cause] of an error of the work that nothing caught |
    | `fails` | the name of the error with which an expression or path failed |
    """

    agrees: bool
    differences: tuple[Change, ...]
    before: Mapping[str, Json]
    after: Mapping[str, Json]
    notes: tuple[str, ...] = ()


def compared(trace: Trace, visit: int, document: Mapping[str, Json]) -> Verdict:
    """The state of a visit against `document`, the same state in other words."""
    state = trace.visits[visit].state
    seen = situation(trace, visit)
    machine, problems = parse({"StartAt": state.name, "States": {state.name: dict(document)}})
    other = machine.flow.states.get(state.name) if machine is not None else None
    if other is None:
        return Verdict(False, (), {}, {}, tuple(problem.message for problem in problems))
    worked = _worked(trace, visit)
    before, after = _gone(trace, state, seen, worked), _gone(trace, other, seen, worked)
    notes: list[str] = []
    if NAMED in before and NAMED in after and before[NAMED] != after[NAMED]:
        notes.append(f"Both fail: here with {before[NAMED]}, there with {after[NAMED]}.")
        after = {**after, NAMED: before[NAMED]}
    differences = tuple(changes(before, after))
    if differences and drawn(document):
        notes.append("The state draws at random, and the two languages draw other numbers.")
    return Verdict(not differences, differences, before, after, tuple(notes))


Work = tuple[Json] | StatesError | None
"""The result of the work in a 1-tuple, its error, or None: it never ended."""


def _worked(trace: Trace, visit: int) -> Work:
    """What the last attempt's work came to."""
    found: Work = None
    for _, moment in moments_of(trace, visit):
        if moment.kind == "retry":
            found = None
        elif moment.kind == "stage" and moment.name == "result":
            found = (moment.value,)
        elif moment.kind in ("failed", "timedOut"):
            found = StatesError("States.Timeout" if moment.kind == "timedOut" else moment.value[0], moment.value[1])
        elif moment.kind in ("caught", "ended") and found is None and isinstance(moment.value, tuple):
            evaluated = any(other.kind == "evaluationFailed" for _, other in moments_of(trace, visit))
            found = None if evaluated else StatesError(moment.value[0], moment.value[1])
    return found


class _Placed(Note):
    """A visit whose context object is that of the run."""

    own: Mapping[str, Json] | None = None

    @property
    def context(self) -> dict[str, Json]:
        return dict(self.own) if self.own is not None else super().context


class _Stopped(Exception):
    """The work never ended in the run; what is behind it is not compared."""


def _gone(trace: Trace, state: State, seen: Situation, worked: Work) -> dict[str, Json]:
    """What a state does with what it met."""
    world = replace(trace.world, start=seen.now, connector=lambda call: None, tape={}, stop=None, record="stages")
    run = Run(Machine(Flow(state.name, {state.name: state}), state.language, {}), seen.raw, world)
    line = Line(0, 0, None, None, None)
    line.variables = dict(seen.variables)
    note = _Placed(run, line, state, seen.raw)
    note.own, note.attempt = seen.context, seen.attempt
    way_in, way_out = WAYS[state.language]
    told: dict[str, Json] = {}
    try:
        given = way_in(note, state, seen.raw)
        told["output"] = way_out(note, state, seen.raw, _work(note, state, given, worked, told))
    except _Stopped:
        return told
    except StatesError as error:
        of_work = error is worked or (state.type == "Fail" and not error.framed)
        catcher = catcher_for(state.catch, error)
        if catcher is None:
            return told | ({"error": [error.name, error.cause]} if of_work else {NAMED: error.name})
        if not of_work:
            return told | {NAMED: error.name, "next": catcher.next}
        try:
            told["output"] = caught(note, catcher, error)
        except StatesError as again:
            return told | {NAMED: again.name}
    return told | {"next": note.next, "assigned": note.assigned or {}}


def _work(note: Note, state: State, given: Json, worked: Work, told: dict[str, Json]) -> Json:
    """What the state evaluates around its work, then the work's result."""
    if state.type in AT_ONCE:
        return AT_ONCE[state.type](note, state, given)
    match state:
        case Wait():
            told["until"] = _until(note, state, given)
            return given
        case Task():
            call = ask(note, state, given)
            told |= {"given": given, "timeout": call.timeout_seconds, "heartbeat": call.heartbeat_seconds}
            told["role"] = call.role
        case Parallel():
            told["given"] = given
        case Map():
            _map(note, state, given, told)
        case _:
            raise AssertionError(state.type)
    if worked is None:
        raise _Stopped
    if isinstance(worked, StatesError):
        raise worked
    return worked[0]


def _until(note: Note, state: Wait, given: Json) -> Json:
    if state.seconds is not None:
        return 1000 * int(state.seconds.evaluate(given, note))
    return None if state.timestamp is None else instant(state, state.timestamp.evaluate(given, note))


def _map(note: Note, state: Map, given: Json, told: dict[str, Json]) -> None:
    told["limit"] = number(note, state.max_concurrency, given)
    told["tolerated"] = list(tolerance(note, state, given))
    if state.item_reader is None:
        pairs = inputs(note, state, own_items(note, state, given), given)
        told["items"] = [value for value, _ in pairs]
    else:
        told["read"] = select(state.item_reader.parameters, given, note)
