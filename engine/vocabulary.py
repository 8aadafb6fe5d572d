"""What could be written at a place of a definition: the words for completion, and the shape of the data of the last run.

Everything is derived: fields and their help from `fields`, functions from the tables of the expression languages, names
from the document, paths and variables from the trace. A program that completes (the editor in the browser) decides by
the place of the cursor which of these words fit.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import fields as columns
from itertools import islice
from typing import Any

from engine.errors import StatesError
from engine.expressions import jsonata_words
from engine.expressions.functions import INTRINSICS
from engine.expressions.operators import OPERATORS
from engine.fields import FIELDS, Field
from engine.outline import Spot, blocks, spots, targets
from engine.references import assigned_by
from engine.resources import INTEGRATIONS
from engine.rewrite_paths import place
from engine.throwing import ANY_TASK, HEARTBEAT, errors
from engine.trace import Trace
from engine.values import Json

MOST_PATHS = 300
"""Into one value."""
ALL_PATHS = 6_000
"""Into all values of a run together: what a browser is sent."""
FEWEST_PATHS = 20
LONGEST_NAME = 200
MOST_RESOURCES = 50
"""Resources whose services' errors are listed."""
USUAL = ("arn:aws:states:::lambda:invoke", "arn:aws:states:::lambda:invoke.waitForTaskToken")
"""Of these, errors are listed before any document has them."""

STATES_ERRORS = (
    "States.ALL",
    "States.TaskFailed",
    "States.Timeout",
    "States.HeartbeatTimeout",
    "States.Permissions",
    "States.DataLimitExceeded",
    "States.QueryEvaluationError",
    "States.IntrinsicFailure",
    "States.BranchFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.ResultPathMatchFailure",
    "States.ExceedToleratedFailureThreshold",
    "States.ItemReaderFailed",
    "States.ResultWriterFailed",
    "States.Http.Socket",
)
"""The language's own error names that an ErrorEquals may list, the usual ones first."""

CONTEXT: tuple[tuple[str, str], ...] = (
    ("Execution.Id", "ARN of the execution."),
    ("Execution.Input", "Input of the execution, from every state."),
    ("Execution.Name", "Name of the execution."),
    ("Execution.RoleArn", "Role that the execution runs with."),
    ("Execution.StartTime", "When the execution started, ISO 8601."),
    ("Execution.RedriveCount", "How often the execution was redriven."),
    ("Execution.RedriveTime", "When it was redriven last."),
    ("State.EnteredTime", "When the present state was entered, ISO 8601."),
    ("State.Name", "Name of the present state."),
    ("State.RetryCount", "Retries before the present try."),
    ("StateMachine.Id", "ARN of the state machine."),
    ("StateMachine.Name", "Name of the state machine."),
    ("Task.Token", "Token for SendTaskSuccess, in a task with .waitForTaskToken."),
    ("Map.Item.Index", "Index of the present item, in a Map."),
    ("Map.Item.Value", "The present item, in a Map."),
    ("Map.Item.Key", "Key of the present item, in a Map over an object."),
    ("Map.Item.Source", "Where the present item was read from, in a distributed Map."),
)
"""The context object: paths below `$$.` and `$states.context.`, with what they hold (developer guide, "Context object")."""


def paths(value: Json, most: int = MOST_PATHS) -> tuple[str, ...]:
    """Reference paths into a value, breadth first, the value itself first: `$`, `$.order`, `$.order.items[0].id`.

    Of an array, its first item stands for all. Time and memory are bounded by `most`, whatever the value is.
    """
    found: list[str] = []
    ahead: deque[tuple[str, Json]] = deque([("$", value)])
    while ahead and len(found) < most:
        path, inner = ahead.popleft()
        found.append(path)
        room = most - len(found) - len(ahead)
        if isinstance(inner, dict):
            for name in islice(inner, max(0, room)):
                if len(name) <= LONGEST_NAME:
                    ahead.append((place((name,), path), inner[name]))
        elif isinstance(inner, list) and inner and room > 0:
            ahead.append((f"{path}[0]", inner[0]))
    return tuple(found)


def seen(trace: Trace) -> Mapping[str, Json]:
    """The raw input that each state got in a run, at its last visit, by the state's pointer."""
    return {at: held["raw"] for at, held in recorded(trace).items()}


_STAGES: Mapping[str, str] = {
    "afterInputPath": "input",
    "result": "result",
    "afterResultSelector": "selected",
    "afterResultPath": "merged",
}
"""Where the value of a stage is what `$` means in some field."""


def recorded(trace: Trace) -> dict[str, dict[str, Json]]:
    """What the data was at each state's last visit, by the state's pointer.

    | name | what |
    |---|---|
    | `raw` | as it came in: `$` of InputPath, and `$states.input` |
    | `input` | after InputPath: `$` of Parameters, ItemSelector, ItemsPath, rules |
    | `result` | of the work: `$` of ResultSelector and Assign, and `$states.result` |
    | `selected`, `merged` | after ResultSelector, after ResultPath |
    | `error` | `{"Error", "Cause"}` of what was caught |
    | `output` | as it left |
    """
    found: dict[str, dict[str, Json]] = {}
    for kind, _, visit, name, value, _ in trace.raw:
        if visit < 0:
            continue
        at = trace.raw_visits[visit][1].at
        if kind == "entered":
            found[at] = {"raw": value, "input": value}
        elif at not in found:
            continue
        elif kind == "stage" and name in _STAGES:
            found[at][_STAGES[name]] = value
        elif kind == "caught":
            found[at]["error"] = StatesError(*value).output
        elif kind == "exited":
            found[at]["output"] = value
    for children in trace.children.values():
        for child in children:
            found.update(recorded(child))
    return found


def vocabulary(document: Json, trace: Trace | None) -> dict[str, Json]:
    """All words for a document, as JSON. Without a run there are no paths into data; a document may be anything.

    | name | what |
    |---|---|
    | `fields` | the rows of `fields.FIELDS`, columns that say nothing left out |
    | `operators` | of Choice rules: `name`, `kind` of their operand, `path` where it is a path |
    | `intrinsics`, `jsonata` | functions: `name`, `parameters`, `help` |
    | `context` | paths into the context object: `path`, `help` |
    | `resources` | ARNs of the optimized integrations, and those that the document has |
    | `errors` | `any`: names for every ErrorEquals; `of`: further ones by Resource |
    | `states` | names by block, `""` is the machine |
    | `variables` | by name, the index of a shape, null where no run has set them |
    | `shapes` | lists of paths, each shape once |
    | `data` | by state: the names of `recorded`, each with the index of its shape |
    """
    shapes: dict[tuple[str, ...], int] = {}
    held, set_by_run = ({}, {}) if trace is None else (recorded(trace), _assigned(trace))
    _hand_on(document, held)
    values = {id(value) for of_state in held.values() for value in of_state.values()}
    most = max(FEWEST_PATHS, min(MOST_PATHS, ALL_PATHS // max(1, len(values) + len(set_by_run))))
    known: dict[int, int] = {}

    def shape(value: Json) -> int:
        if id(value) not in known:
            known[id(value)] = shapes.setdefault(paths(value, most), len(shapes))
        return known[id(value)]

    data = {at: {name: shape(value) for name, value in of_state.items()} for at, of_state in held.items()}
    everywhere = list(spots(document))
    names = {name: None for spot in everywhere for name in assigned_by(spot)}
    variables = {**names, **{name: shape(value) for name, value in set_by_run.items()}}
    return {
        **LANGUAGE,
        "resources": _resources(everywhere),
        "errors": {"any": [*STATES_ERRORS], "of": _errors(everywhere)},
        "states": {block.at: list(block.states) for block in blocks(document)},
        "variables": variables,
        "shapes": [list(each) for each in shapes],
        "data": data,
    }


def _hand_on(document: Json, held: dict[str, dict[str, Json]]) -> None:
    """What left a state is what the next one gets, also where that has not run: it may have been drawn since."""
    everywhere = {spot.at: spot for spot in spots(document)}
    ahead = deque(at for at in held if at in everywhere and "output" in held[at])
    while ahead:
        spot = everywhere[ahead.popleft()]
        value = held[spot.at]["output"]
        for _, name in targets(spot):
            at = f"{spot.block.at}/States/{name}"
            if at in everywhere and at not in held:
                held[at] = {"raw": value, "input": value, "output": value}
                ahead.append(at)


def _assigned(trace: Trace) -> dict[str, Json]:
    found: dict[str, Json] = {}
    for children in trace.children.values():
        for child in children:
            found.update(_assigned(child))
    for kind, _, _, _, value, _ in trace.raw:
        if kind == "assigned":
            found.update(value)
    return found


def _resources(everywhere: list[Spot]) -> list[str]:
    written = [spot.source.get("Resource") for spot in everywhere]
    own = [arn for arn in written if isinstance(arn, str)]
    return list(dict.fromkeys([*own, *_OPTIMIZED]))


def _integrations() -> Iterator[str]:
    for service, integration in INTEGRATIONS.items():
        for action in integration.actions:
            arn = f"arn:aws:states:::{service}:{action}"
            yield arn
            if action in integration.sync:
                yield f"{arn}.sync"
            if action in integration.sync and service == "states":
                yield f"{arn}.sync:2"
            if integration.callback:
                yield f"{arn}.waitForTaskToken"


_OPTIMIZED = (
    *sorted(_integrations(), key=lambda arn: not arn.startswith("arn:aws:states:::lambda:")),
    "arn:aws:states:::aws-sdk:",
)


def _errors(everywhere: list[Spot]) -> dict[str, list[str]]:
    written = (arn for spot in everywhere if isinstance(arn := spot.source.get("Resource"), str))
    arns = dict.fromkeys((*USUAL, *written))
    usual = {*ANY_TASK, HEARTBEAT}
    return {arn: [name for name in errors(arn) if name not in usual] for arn in islice(arns, MOST_RESOURCES)}


def _row(field: Field) -> dict[str, Any]:
    """A row of the table without what it leaves at its default."""
    return {
        column.name: list(value) if isinstance(value, tuple) else value
        for column in columns(field)
        if (value := getattr(field, column.name)) != column.default
    }


LANGUAGE: Mapping[str, Json] = {
    "fields": [_row(field) for field in FIELDS],
    "operators": [{"name": each.name, "kind": each.kind, "path": each.by_path} for each in OPERATORS.values()],
    "intrinsics": [
        {"name": f"States.{each.name}", "parameters": each.parameters, "help": each.help}
        for each in INTRINSICS.values()
    ],
    "jsonata": [
        {"name": f"${name}", "parameters": given, "help": help_} for name, given, help_ in jsonata_words.FUNCTIONS
    ],
    "context": [{"path": path, "help": help_} for path, help_ in CONTEXT],
}
"""What does not depend on the document."""


def messages() -> Iterator[str]:
    """The sentences of help that only stand here, for translation; those of fields are the table's."""
    for words in ("intrinsics", "jsonata", "context"):
        for entry in LANGUAGE[words]:
            yield entry["help"]
