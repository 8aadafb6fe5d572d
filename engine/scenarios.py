"""Scenarios: an input, a case of mocks, and what is expected of the run.

A folder holds one workflow with its scenarios:

    workflow.asl.json   the definition
    mocks.json          a MockConfigFile (see `connectors.mock`)
    scenarios.json      {"scenarios": [{"name", "title": {"es", "en"}, "type", "mocks": case, "input", "expect"}]}

`expect` may say any of `status`, `output`, `error`, `cause`, `transitions`, `duration` (virtual milliseconds) and `path`
(names of the states in the order in which they were entered). What it does not say is not checked.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import Any, Literal, cast

from engine.connectors import mock
from engine.cost import transitions
from engine.execution import run
from engine.model import Machine
from engine.trace import Trace
from engine.values import Json, changes, text
from engine.world import Answer, World, nobody


class ScenarioProblem(ValueError):
    """A scenario file cannot be used; the message is one sentence."""


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    title: Mapping[str, str]
    """By language; empty where the file has none."""
    input: Json
    case: str | None
    """Test case of the mock file; None mocks nothing."""
    workflow_type: Literal["STANDARD", "EXPRESS"]
    expect: Mapping[str, Json]


@dataclass(frozen=True, slots=True)
class Verdict:
    """One expectation beside what came."""

    what: str
    expected: Json
    found: Json
    ok: bool
    note: str = ""
    """Where the two part, for outputs: `$.price.total: 73.4 expected, 80 found`."""

    def __str__(self) -> str:
        if self.ok:
            return f"✓ {self.what}"
        return f"✕ {self.what}: {self.note or f'{text(self.expected)} expected, {text(self.found)} found'}"


@dataclass(frozen=True, slots=True)
class Folder:
    """A workflow and its scenarios, as texts and JSON; the definition is not parsed here."""

    name: str
    definition: Path
    mocks: Json
    scenarios: tuple[Scenario, ...]

    def scenario(self, name: str) -> Scenario:
        """By name; raises ScenarioProblem when there is none."""
        for scenario in self.scenarios:
            if scenario.name == name:
                return scenario
        raise ScenarioProblem(f"There is no scenario {name!r}; there is {', '.join(s.name for s in self.scenarios)}.")


def load_folder(folder: Path, read: Callable[[Path], Json]) -> Folder:
    """The folder of a workflow. `read` gives the JSON of a file, and complains of what it cannot read."""
    told = read(folder / "scenarios.json")
    mocks = folder / "mocks.json"
    return Folder(
        folder.name, folder / "workflow.asl.json", read(mocks) if mocks.exists() else {}, load_scenarios(told)
    )


def load_scenarios(told: Json) -> tuple[Scenario, ...]:
    """The scenarios of a file's JSON. Raises ScenarioProblem."""
    entries = told.get("scenarios") if isinstance(told, dict) else None
    if not isinstance(entries, list):
        raise ScenarioProblem('A scenario file must be an object with "scenarios", an array.')
    return tuple(_scenario(entry, number) for number, entry in enumerate(entries))


def play(machine: Machine, scenario: Scenario, mocks: Json, machine_name: str = "StateMachine") -> Trace:
    """Run the scenario. Raises connectors.mock.MockProblem when its case cannot be used."""
    answer: Answer = nobody
    if scenario.case is not None:
        answer = mock.load_mocks(mocks, scenario.case)
    world = World(connector=answer, workflow_type=scenario.workflow_type, name=scenario.name, machine_name=machine_name)
    return run(machine, scenario.input, world)


def check(trace: Trace, expect: Mapping[str, Json]) -> tuple[Verdict, ...]:
    """A verdict for each expectation, in the order in which they are written."""
    return tuple(_verdict(what, expected, _FOUND[what](trace)) for what, expected in expect.items())


def verdicts(trace: Trace, expect: Json) -> tuple[Verdict, ...]:
    """`check` for an expectation that somebody wrote. Raises ScenarioProblem when it is none."""
    for problem in _complaints({"expect": expect}):
        raise ScenarioProblem(problem[:1].upper() + problem[1:])
    return check(trace, expect)


def _verdict(what: str, expected: Json, found: Json) -> Verdict:
    different = list(changes(expected, found))
    note = ""
    if different and what in ("output", "path"):
        first = different[0]
        place = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in first.path)
        note = f"{place}: {_said(first.before, first.kind == 'added')} expected, {_said(first.after, first.kind == 'removed')} found"
        if len(different) > 1:
            note += f" (and {len(different) - 1} more)"
    return Verdict(what, expected, found, not different, note)


def _said(value: Json, absent: bool) -> str:
    return "nothing" if absent else text(value)


_FOUND: dict[str, Callable[[Trace], Json]] = {
    "status": lambda trace: trace.status,
    "output": lambda trace: trace.output,
    "error": lambda trace: trace.error,
    "cause": lambda trace: trace.cause,
    "transitions": transitions,
    "duration": lambda trace: trace.duration,
    "path": lambda trace: [visit.state.name for visit in trace.visits],
}


def _scenario(entry: Json, number: int) -> Scenario:
    if not isinstance(entry, dict) or not isinstance(entry.get("name"), str):
        raise ScenarioProblem(f"Scenario {number} must be an object with a name.")
    name = entry["name"]
    for problem in _complaints(entry):
        raise ScenarioProblem(f"Scenario {name!r}: {problem}")
    title = entry.get("title", {})
    return Scenario(
        name,
        {"en": title} if isinstance(title, str) else title,
        entry.get("input", {}),
        entry.get("mocks"),
        cast(Literal["STANDARD", "EXPRESS"], entry.get("type", "STANDARD")),
        entry.get("expect", {}),
    )


def _complaints(entry: Mapping[str, Any]) -> Iterator[str]:
    if not isinstance(entry.get("title", {}), (str, dict)):
        yield "title must be a text, or an object with a text for each language."
    if not isinstance(entry.get("mocks", ""), (str, type(None))):
        yield "mocks must be the name of a test case."
    if entry.get("type", "STANDARD") not in ("STANDARD", "EXPRESS"):
        yield "type must be STANDARD or EXPRESS."
    expect = entry.get("expect", {})
    if not isinstance(expect, dict):
        yield "expect must be an object."
        return
    for what in expect:
        if what not in _FOUND:
            yield f"{what!r} cannot be expected; {', '.join(_FOUND)} can."
