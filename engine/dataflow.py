"""The heart: one visit to one state, from its raw input to its output, in the order in which the data meets the stages.

JSONPath (ASL specification, "Input and output processing"):

    raw input → InputPath → Parameters → work → ResultSelector → ResultPath (into the RAW input) → OutputPath → output

JSONata:

    raw input → Arguments → work → Assign and Output, side by side, with the variables as they were on entry

Every state type takes the same way; fields that a type lacks are absent and change nothing. An error leaves the way where
it happens and meets the one `except` of a visit: first Retry, which runs the way again, then Catch, which has a short way
of its own — the catcher's ResultPath or Output, with the state's own ResultSelector, OutputPath and Assign left out
(recorded).
"""

from __future__ import annotations

from collections.abc import Generator
from typing import TYPE_CHECKING

from engine.errors import StatesError
from engine.expressions.paths import put
from engine.model import Catcher, State
from engine.note import Note, select
from engine.retrying import backoff, catcher_for, retrier_for
from engine.states import AT_ONCE, OVER_TIME
from engine.values import Json

if TYPE_CHECKING:
    from engine.execution import Line, Run

OWN_RESULT = frozenset(("Task", "Parallel", "Map"))
"""Types whose work makes a result of its own; the others hand on what they were given."""

FAILED = {"Parallel": "branchesFailed", "Map": "mapFailed"}
"""The event of a state whose branches or iterations are given up."""


def visit(run: Run, line: Line, state: State, raw: Json) -> Generator[int | None, None, tuple[Json, str | None]]:
    """From raw input to (output, name of the next state or None). Yields when to be woken; raises what nothing caught."""
    note = run.note(run, line, state, raw)
    raw = note.raw  # an edit may have put another input in its place
    way_in, way_out = WAYS[state.language]
    at_once = AT_ONCE.get(state.type)
    spent: dict[int, int] | None = None
    while True:
        try:
            given = way_in(note, state, raw)
            result = at_once(note, state, given) if at_once else (yield from OVER_TIME[state.type](note, state, given))
            output = way_out(note, state, raw, result)
            break
        except StatesError as raised:
            error = note.framed(raised)
        if error.location is not None:
            note.event("evaluationFailed", error.location, (error.name, error.cause))
            error.location = None  # an enclosing state that gets this error does not say it again
        spent = spent or {}
        chosen = retrier_for(state.retry, spent, error) if state.retry else None
        if chosen is not None:
            yield wait_for_next_attempt(note, chosen, spent)
            continue
        if state.type in FAILED and not note.joined and not error.fatal:
            note.event(FAILED[state.type], state.name)
        catcher = catcher_for(state.catch, error) if state.catch else None
        if catcher is None:
            raise error
        output = caught(note, catcher, error)
        break
    if note.assigned:
        line.variables = {**line.variables, **note.assigned}
        note.mark("assigned", None, note.assigned)
    note.event("exited", state.name, output)
    note.left = True
    return output, state.next if note.goes is None else note.goes


# JSONPath


def in_by_paths(note: Note, state: State, raw: Json) -> Json:
    """InputPath selects, Parameters shape: what the work is given. A field that is absent changes nothing."""
    value = raw
    if state.input_path is not None:
        value = note.stage("afterInputPath", state.input_path.evaluate(raw, note))
    if state.parameters is not None:
        value = note.stage("afterParameters", state.parameters.evaluate(value, note))
    return value


def out_by_paths(note: Note, state: State, raw: Json, result: Json) -> Json:
    """ResultSelector shapes, ResultPath puts into the raw input, OutputPath selects. Assign sees the raw result."""
    assign = state.assign if note.rule is None else note.rule.assign
    if assign is not None:
        note.assigned = assign.evaluate(result, note)
    value = result
    if state.result_selector is not None:
        value = note.stage("afterResultSelector", state.result_selector.evaluate(value, note))
    if state.result_path is not None:
        value = note.stage("afterResultPath", put(raw, state.result_path, value))
    if state.output_path is not None:
        value = note.stage("output", state.output_path.evaluate(value, note))
    return value if value is raw else note.checked(value, state.name)


# JSONata


def in_by_expressions(note: Note, state: State, raw: Json) -> Json:
    """Arguments make what the work is given."""
    return raw if state.arguments is None else note.stage("afterArguments", state.arguments.evaluate(raw, note))


def out_by_expressions(note: Note, state: State, raw: Json, result: Json) -> Json:
    """Assign and Output side by side. `$states.result` is there only for work that made a result of its own."""
    if state.type in OWN_RESULT:
        note.result, note.has_result = result, True
    chosen = state if note.rule is None else note.rule
    if chosen.assign is not None:
        note.assigned = chosen.assign.evaluate(result, note)
    value = result if chosen.output is None else note.stage("output", chosen.output.evaluate(result, note))
    return value if value is raw else note.checked(value, state.name)


WAYS = {"JSONPath": (in_by_paths, out_by_paths), "JSONata": (in_by_expressions, out_by_expressions)}
"""The two query languages: the way in and the way out."""


def caught(note: Note, catcher: Catcher, error: StatesError) -> Json:
    """What leaves a state whose error was caught, on its way to the catcher's Next."""
    note.mark("caught", catcher.index, (error.name, error.cause))
    note.goes = catcher.next
    note.assigned = None
    note.error_output = error.output
    try:
        if note.state.language == "JSONata":
            output = select(catcher.output, error.output, note)
        elif catcher.result_path is None:
            output = error.output
        else:
            output = put(note.raw, catcher.result_path, error.output)
        if catcher.assign is not None:
            note.assigned = catcher.assign.evaluate(error.output, note)
        return note.checked(note.stage("afterCatch", output), note.state.name)
    except StatesError as again:
        failure = note.framed(again)
        if failure.location is not None:
            note.event("evaluationFailed", failure.location, (failure.name, failure.cause))
            failure.location = None
        raise failure from None


def wait_for_next_attempt(note: Note, index: int, spent: dict[int, int]) -> int:
    """When to try again. The history shows the pause only as a gap in time."""
    retrier = note.state.retry[index]
    used = spent.get(index, 0)
    spent[index] = used + 1
    delay = backoff(retrier, used, note.random if retrier.jitter else None)
    note.mark("retry", index, delay)
    note.again()
    return note.run.clock.now + delay
