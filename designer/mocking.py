"""Editing a mock file by the task instead of by the text: a file of Step Functions Local goes in, and one comes out.

A row is what a test case says of one task: `{"0": {"Return": …}, "1-2": {"Throw": …}}`, where a Return may be an expression
over the request (`"QueryLanguage": "JSONata"` beside it). A response that several tasks or
cases share is copied before one of them gets another, and whatever else stands in the file stays.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.connectors.expressed import expressed
from engine.connectors.mock import JSONATA, MARK, MockProblem, load_mocks
from engine.outline import spots
from engine.throwing import errors
from engine.trace import Call, Reply, Trace

Config = Mapping[str, Any]
Row = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class Task:
    """A Task of a definition, at any depth."""

    name: str
    at: str
    resource: str

    @property
    def errors(self) -> tuple[str, ...]:
        return errors(self.resource)


def tasks(document: Any) -> tuple[Task, ...]:
    """The tasks in the order in which they are written, those in branches and maps among them."""
    return tuple(
        Task(spot.name, spot.at, str(spot.source.get("Resource", "")))
        for spot in spots(document)
        if spot.type == "Task"
    )


def read(text: str | None) -> dict[str, Any]:
    """The file in a text that makes sense; an empty one where there is none."""
    found = json.loads(text) if text and text.strip() else {}
    return found if isinstance(found, dict) else {}


def write(config: Config) -> str:
    return json.dumps(config, indent=2, ensure_ascii=False)


def machine_of(config: Config, case: str | None, usual: str) -> str:
    """The name of the machine whose case it is; else the first there is; else `usual`."""
    machines = _part(config, "StateMachines")
    holders = [name for name, told in machines.items() if case in _part(told, "TestCases")]
    return next(iter(holders or machines), usual)


def row(config: Config, case: str | None, state: str) -> Row | None:
    """What a case says of a task; None when it says nothing, and nobody answers."""
    for told in _part(config, "StateMachines").values():
        name = _part(_part(told, "TestCases"), case or "").get(state)
        if isinstance(name, str):
            found = _part(config, "MockedResponses").get(name)
            return found if isinstance(found, dict) else None
    return None


def with_row(config: Config, machine: str, case: str, state: str, entries: Row | None) -> dict[str, Any]:
    """The file in which a case answers a task with these entries; None lets nobody answer."""
    responses = dict(_part(config, "MockedResponses"))
    cases = dict(_part(_part(_part(config, "StateMachines"), machine), "TestCases"))
    held = dict(_part(cases, case))
    old = held.pop(state, None)
    if entries is not None:
        shared = sum(name == old for _, _, name in _uses(config)) > 1
        name = old if isinstance(old, str) and not shared else _fresh(f"{case} · {state}", responses)
        responses[name] = dict(entries)
        held[state] = name
    cases[case] = held
    return _with(config, machine, cases, responses)


def renamed(config: Config, names: Mapping[str, str]) -> dict[str, Any]:
    """The file in which states have other names; the names of cases and responses stay."""
    machines = {
        machine: {
            **told,
            "TestCases": {
                case: {names.get(state, state): answer for state, answer in held.items()}
                if isinstance(held, dict)
                else held
                for case, held in _part(told, "TestCases").items()
            },
        }
        if isinstance(told, dict)
        else told
        for machine, told in _part(config, "StateMachines").items()
    }
    return {**config, "StateMachines": machines}


def copied(config: Config, machine: str, case: str | None, new: str) -> dict[str, Any]:
    """The file with a case more, which answers as another does; with none, it answers nothing."""
    cases = dict(_part(_part(_part(config, "StateMachines"), machine), "TestCases"))
    cases[new] = dict(_part(cases, case or ""))
    return _with(config, machine, cases, dict(_part(config, "MockedResponses")))


def free(config: Config, wanted: str) -> str:
    """A name for a case that no case has."""
    return _fresh(
        wanted, {case: None for told in _part(config, "StateMachines").values() for case in _part(told, "TestCases")}
    )


def complaint(state: str, entries: Row) -> str | None:
    """Why these entries cannot answer a task; None when they can. The sentences are those of the mock file."""
    config = {
        "StateMachines": {"m": {"TestCases": {"c": {state: state}}}},
        "MockedResponses": {state: dict(entries)},
    }
    try:
        load_mocks(config, "c")
    except MockProblem as problem:
        return str(problem)
    return None


def is_expression(entry: Mapping[str, Any]) -> bool:
    """Is this answer computed from the request?"""
    return entry.get(MARK) == JSONATA


def asked(trace: Trace | None, state: str, calls: str) -> Call | None:
    """The call of a run that an answer for `calls` (`2`, `1-3`) is for: the first of them, else the last one before."""
    first, _, last = calls.partition("-")
    made = [
        moment.value
        for moment in (trace.moments if trace else ())
        if moment.kind == "scheduled" and moment.value.state == state
    ]
    if not first.isdigit():
        return made[-1] if made else None
    end = int(last) if last.isdigit() else int(first)
    meant = [call for call in made if int(first) <= call.number <= end]
    return meant[0] if meant else made[-1] if made else None


def tried(source: Any, call: Call, calls: str) -> Reply:
    """What the expression for `calls` answers a call. Raises InvalidExpression where `complaint` has one."""
    return expressed(source, f"{call.state}.{calls}")(call)


def computed(config: Config, case: str | None, found: tuple[Task, ...]) -> list[str]:
    """The tasks that a case answers by an expression, which no other tool knows."""
    return [task.name for task in found if any(map(is_expression, (row(config, case, task.name) or {}).values()))]


def delayed(config: Config, case: str | None, found: tuple[Task, ...]) -> bool:
    """Does an answer of this case take its time?"""
    return any(entry.get("Delay") for task in found for entry in (row(config, case, task.name) or {}).values())


def test_state_mocks(
    config: Config, case: str | None, found: tuple[Task, ...], trace: Trace | None = None
) -> list[dict[str, Any]]:
    """The case as mocks of the TestState API: one for each answer, `retrierRetryCount` saying which attempt it is.

    An expression has no place there: what it answers the calls of `trace` stands for it, and nothing where there is none.
    """
    made = []
    for task in found:
        for key, entry in (row(config, case, task.name) or {}).items():
            first = int(key.partition("-")[0])
            thrown = entry.get("Throw")
            if is_expression(entry):
                call = asked(trace, task.name, key)
                reply = tried(entry["Return"], call, key) if call is not None else None
                if reply is None or reply.failed:
                    continue
                entry = {"Return": reply.output}
            mock = (
                {"errorOutput": {"error": thrown["Error"], "cause": thrown["Cause"]}}
                if thrown
                else {"result": json.dumps(entry.get("Return"), ensure_ascii=False)}
            )
            made.append({"stateName": task.name, "mock": mock, "stateConfiguration": {"retrierRetryCount": first}})
    return made


def from_test_state(told: Any) -> dict[str, dict[str, Any]]:
    """Rows by task, out of mocks of the TestState API (one, or a list). Raises ValueError with one clear sentence."""
    rows: dict[str, dict[str, Any]] = {}
    for one in told if isinstance(told, list) else [told]:
        if (
            not isinstance(one, dict)
            or not isinstance(one.get("stateName"), str)
            or not isinstance(one.get("mock"), dict)
        ):
            raise ValueError("Each mock of TestState needs stateName, a text, and mock, an object.")
        mock, state = one["mock"], one["stateName"]
        attempt = one.get("stateConfiguration", {})
        first = attempt.get("retrierRetryCount", 0) if isinstance(attempt, dict) else 0
        error = mock.get("errorOutput")
        if isinstance(error, dict):
            entry = {"Throw": {"Error": str(error.get("error", "")), "Cause": str(error.get("cause", ""))}}
        else:
            try:
                entry = {"Return": json.loads(mock["result"])}
            except (KeyError, TypeError, ValueError):
                raise ValueError(f"The mock of {state!r} needs result, a text that is JSON, or errorOutput.") from None
        rows.setdefault(state, {})[str(first)] = entry
    return rows


def made_up_rows(trace: Trace, names: tuple[str, ...]) -> dict[str, dict[str, Any]]:
    """What was made up in a run, as rows: so that a file says it too."""
    rows: dict[str, dict[str, Any]] = {}
    calls = {m.value.key: m.value for m in trace.moments if m.kind == "scheduled"}
    for key, reply in trace.tape.items():
        call = calls.get(key)
        if call is not None and call.state in names:
            rows.setdefault(call.state, {})[str(call.number)] = {"Return": reply.output}
    return rows


def _uses(config: Config) -> Iterator[tuple[str, str, Any]]:
    for told in _part(config, "StateMachines").values():
        for case, held in _part(told, "TestCases").items():
            for state, name in held.items() if isinstance(held, dict) else ():
                yield case, state, name


def _with(config: Config, machine: str, cases: Mapping[str, Any], responses: Mapping[str, Any]) -> dict[str, Any]:
    machines = dict(_part(config, "StateMachines"))
    machines[machine] = {**_part(machines, machine), "TestCases": cases}
    return {**config, "StateMachines": machines, "MockedResponses": responses}


def _part(value: Any, name: str) -> Mapping[str, Any]:
    found = value.get(name) if isinstance(value, Mapping) else None
    return found if isinstance(found, Mapping) else {}


def _fresh(wanted: str, taken: Mapping[str, Any]) -> str:
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted} {number}", number + 1
    return name
