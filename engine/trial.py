"""A request of TestState, understood or refused.

Members of a request are texts, as in the API: `definition`, `input`, `variables`, `context` and `mock.result` hold JSON.
What is wrong with one is raised as `Refused`, with the name and message of AWS's exception and in the order in which AWS
complains. Texts are as recorded.
"""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass
from typing import cast

from engine.errors import StatesError
from engine.model import Flow, Map, Parallel, State, Task
from engine.parse import parse
from engine.problems import Problem
from engine.shapes import Mode, complaint
from engine.validate import service_problems, text_problems
from engine.values import Json

NAME = "StateName"
"""What a state is called when its definition comes alone; the context object calls every tested state so [R]."""

MOCKABLE = ("Task", "Map", "Parallel")
_OF_MACHINES = frozenset(("MISSING_TRANSITION_TARGET", "MISSING_END_STATE"))
"""What is asked of machines, not of a state on its own."""

# The context object that a request may give. None: any JSON.
_CONTEXT: dict[str, dict[str, type | None]] = {
    "Execution": {"Id": str, "Input": None, "Name": str, "RoleArn": str, "StartTime": str, "RedriveCount": int,
                  "RedriveTime": str},
    "State": {"EnteredTime": str, "Name": str, "RetryCount": int},
    "StateMachine": {"Id": str, "Name": str},
    "Task": {"Token": str},
}  # fmt: skip
_KINDS: dict[type, str] = {str: "a string", int: "a number"}


class Refused(Exception):
    """The request cannot be answered: `name` of the API's exception and its `message`."""

    def __init__(self, name: str, message: str) -> None:
        super().__init__(name, message)
        self.name = name
        self.message = message


def refused(message: str) -> Refused:
    return Refused("ValidationException", message)


@dataclass(frozen=True, slots=True)
class Trial:
    """A request that has been understood."""

    state: State
    input: Json
    inside_map: bool
    level: str
    role_arn: str | None
    variables: dict[str, Json]
    context: dict[str, Json] | None
    result: Json
    """The mocked result; meaningful when `mocked` and no `error`."""
    error: StatesError | None
    mocked: bool
    retries: int
    failures: int | None
    data: Json
    """What the ItemReader would read; None when not said."""


def understood(request: Mapping[str, Json]) -> Trial:
    """The request, checked in the order in which AWS complains."""
    mock = request.get("mock")
    setting = request.get("stateConfiguration") or {}
    if mock is not None and ("result" in mock) == ("errorOutput" in mock):
        raise refused("A test mock should have only one of the following fields: [result, errorOutput].")
    if mock is not None and request.get("revealSecrets"):
        raise refused("TestState does not support RevealSecrets when a mock is specified.")
    failures = setting.get("mapIterationFailureCount")
    if mock is None and failures is not None:
        raise refused("TestState does not support MapIterationFailureCount when a mock is not specified.")
    state, inside_map = _tested(request)
    if mock is None:
        if isinstance(state, (Map, Parallel)):
            raise refused(
                "TestState API does not support Map or Parallel states. Supported state types include:"
                " [Task, Wait, Pass, Succeed, Fail, Choice]"
            )
        if isinstance(state, Task) and not request.get("roleArn"):
            raise refused("RoleArn must be specified when testing a Task state")
    elif state.type not in MOCKABLE:
        raise refused(f"State type '{state.type}' is not supported when a mock is specified")
    context = _json(request, "context", None)
    if context is not None:
        _check_context(context, state)
    variables = _json(request, "variables", {})
    if not isinstance(variables, dict):
        raise refused("Variables must be a JSON object.")
    error = None
    if mock is not None and "errorOutput" in mock:
        error = StatesError(mock["errorOutput"].get("error"), mock["errorOutput"].get("cause"), fatal=False)
    return Trial(
        state=state,
        input=_json(request, "input", {}),
        inside_map=inside_map,
        level=request.get("inspectionLevel") or "INFO",
        role_arn=request.get("roleArn"),
        variables=variables,
        context=context,
        result=_mocked(mock, state) if mock is not None and error is None else None,
        error=error,
        mocked=mock is not None,
        retries=int(setting.get("retrierRetryCount") or 0),
        failures=failures,
        data=_json(setting, "mapItemReaderData", None),
    )


def _json(holder: Mapping[str, Json], name: str, absent: Json) -> Json:
    given = holder.get(name)
    if given is None:
        return absent
    try:
        return json.loads(given)
    except (TypeError, ValueError) as error:
        what = name[:1].upper() + name[1:]
        raise Refused("InvalidExecutionInput" if name == "input" else "ValidationException",
                      f"{what} must be valid JSON: {error}") from None  # fmt: skip


def _tested(request: Mapping[str, Json]) -> tuple[State, bool]:
    """The state to test, and whether a Map runs it. With a `stateName` the definition is a machine, else a state."""
    told, name = str(request["definition"]), request.get("stateName")
    try:
        given = json.loads(told)
    except ValueError:
        raise _refused_definition(text_problems(told)) from None
    document = {"StartAt": NAME, "States": {NAME: given}} if name is None else given
    problems = [problem for problem in service_problems(document) if problem.severity == "error"]
    if name is None:
        problems = [problem for problem in problems if problem.code not in _OF_MACHINES]
    machine, broken = parse(document)
    if problems or machine is None:
        raise _refused_definition(problems or broken)
    for state, inside_map in _states(machine.flow, False):
        if state.name == (NAME if name is None else name):
            return state, inside_map
    raise refused("State not found in definition")


def _refused_definition(problems: Iterable[Problem]) -> Refused:
    told = ", ".join(f"{problem.code}: {problem.message} at {problem.at or 'null'}" for problem in problems)
    return Refused("InvalidDefinition", f"Invalid State Machine Definition: '{told}'")


def _states(flow: Flow, inside_map: bool) -> Iterator[tuple[State, bool]]:
    """Every state of a flow and of the flows within it."""
    for state in flow.states.values():
        yield state, inside_map
        if isinstance(state, Parallel):
            for branch in state.branches:
                yield from _states(branch, inside_map)
        elif isinstance(state, Map):
            yield from _states(state.processor, True)


def _mocked(mock: Mapping[str, Json], state: State) -> Json:
    """The mocked result, of a kind and shape that this state could get."""
    try:
        result = json.loads(mock["result"])
    except (TypeError, ValueError):
        raise refused("Mocked result must be valid JSON") from None
    if isinstance(state, Map):
        exported = state.result_writer is not None and state.result_writer.resource is not None
        if exported and not isinstance(result, dict):
            raise refused("Mocked result must be a JSON object.")
        if not exported and not isinstance(result, list):
            raise refused("Mocked result must be an array.")
    elif isinstance(state, Parallel):
        if not isinstance(result, list):
            raise refused("Mocked result must be an array.")
        if len(result) != len(state.branches):
            raise refused("Mocked result must contain the same number of items as number of Parallel branches.")
    elif isinstance(state, Task):
        wrong = complaint(state.resource, result, cast(Mode, mock.get("fieldValidationMode") or "STRICT"))
        if wrong is not None:
            raise refused(f"Mock result schema validation error: {wrong}")
    return result


def _check_context(context: Json, state: State) -> None:
    """Only what the context object has may be given, and only where the state has it."""
    wrong: str | None = None
    if not isinstance(context, dict):
        wrong = "Context object must be a JSON object"
    elif "Map" in context:
        wrong = "'Map' field is not supported when mocking a Context object"
    elif "Task" in context and not (isinstance(state, Task) and state.resource.pattern):
        wrong = "'Task' field is only supported for '.sync' and '.waitForTaskToken' tasks"
    else:
        wrong = next(_context_complaints(context), None)
    if wrong is not None:
        raise refused(f"Invalid Context object provided: {wrong}")


def _context_complaints(context: Mapping[str, Json]) -> Iterator[str]:
    for name, value in context.items():
        members = _CONTEXT.get(name)
        if members is None:
            yield f"Field '{name}' is not allowed"
        elif not isinstance(value, dict):
            yield f"{name} must be an object"
        else:
            for member, given in value.items():
                kind = members.get(member, str)
                if member not in members:
                    yield f"Field '{name}.{member}' is not allowed"
                elif kind is not None and (not isinstance(given, kind) or isinstance(given, bool)):
                    yield f"{name}.{member} must be {_KINDS[kind]}"
