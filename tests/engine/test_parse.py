"""From document to machine. The table is tests/cases/parse/fields.json; what is broken is told in stories below it."""

from __future__ import annotations

import json
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from engine.errors import StatesError
from engine.model import Expression, Machine
from engine.parse import parse
from engine.values import same

CASES = json.loads((Path(__file__).parent.parent / "cases" / "parse" / "fields.json").read_text(encoding="utf-8"))[
    "cases"
]


def machine_of(*states: tuple[str, Any], **more: Any) -> tuple[Machine | None, list[str]]:
    machine, problems = parse({"StartAt": states[0][0], "States": dict(states), **more})
    return machine, [f"{problem.message} at {problem.at}" for problem in problems]


def found(value: Any, way: str) -> Any:
    for step in way.split("."):
        if isinstance(value, (tuple, list)):
            value = value[int(step)]
        else:
            value = value[step] if isinstance(value, dict) else getattr(value, step)
    return value


@pytest.mark.parametrize("case", [pytest.param(case, id=json.dumps(case["state"])[:90]) for case in CASES])
def test_fields(case: dict[str, Any]) -> None:
    machine, problems = machine_of(("S", case["state"]))
    assert machine is not None and not problems
    for way, expected in case["is"].items():
        value = found(machine.flow.states["S"], way)
        if isinstance(value, Expression):
            wanted = expected["source"] if isinstance(expected, dict) and set(expected) == {"source"} else expected
            assert same(value.source, wanted), way
        else:
            assert same(list(value) if isinstance(value, tuple) else value, expected), way


def test_the_machine() -> None:
    machine, problems = machine_of(
        ("S", {"Type": "Succeed"}), Comment="bread", TimeoutSeconds=60, QueryLanguage="JSONata"
    )
    assert machine is not None and not problems
    assert (machine.comment, machine.timeout_seconds, machine.language) == ("bread", 60, "JSONata")
    assert machine.flow.states["S"].language == "JSONata"


def test_a_parallel_in_jsonata_does_not_hand_its_language_down() -> None:
    inner = {"StartAt": "A", "States": {"A": {"Type": "Succeed"}}}
    machine, _ = machine_of(("P", {"Type": "Parallel", "QueryLanguage": "JSONata", "Branches": [inner], "End": True}))
    assert machine is not None
    state = machine.flow.states["P"]
    assert state.language == "JSONata"
    assert state.branches[0].states["A"].language == "JSONPath"  # type: ignore[union-attr]


def test_states_that_can_be_understood_are_kept() -> None:
    machine, problems = machine_of(
        ("A", {"Type": "Succeed"}), ("B", {"Type": "Nap"}), ("C", 7), ("D", {"Type": "Wait"})
    )
    assert machine is not None and list(machine.flow.states) == ["A"]
    assert len(problems) == 3


def test_a_field_that_cannot_be_compiled_fails_when_it_is_reached() -> None:
    machine, problems = machine_of(("A", {"Type": "Pass", "Parameters": {"x.$": "loaf"}, "End": True}))
    assert machine is not None and machine.flow.states["A"].parameters is not None
    message = "The value for the field 'x.$' must be a valid JSONPath or a valid intrinsic function call"
    assert problems == [f"{message} at /States/A/Parameters"]
    with pytest.raises(StatesError, match="must be a valid JSONPath"):
        machine.flow.states["A"].parameters.evaluate({}, None)


def test_a_broken_result_path_leaves_the_input_alone() -> None:
    machine, problems = machine_of(("A", {"Type": "Pass", "ResultPath": "$.a[*]", "End": True}))
    assert machine is not None and len(problems) == 1
    result_path = machine.flow.states["A"].result_path
    assert result_path is not None and result_path.steps is None


@pytest.mark.parametrize(
    ("document", "message"),
    [
        (None, "Definition must be a valid JSON object at /"),
        ([], "Definition must be a valid JSON object at /"),
        ({}, "These fields are required: [States, StartAt] at /"),
        ({"States": {"A": {"Type": "Succeed"}}}, "These fields are required: [StartAt] at /"),
        ({"StartAt": "B", "States": {"A": {"Type": "Succeed"}}}, "Missing 'Next' target: B at /StartAt"),
        ({"StartAt": "A", "States": [1]}, "Expected value of type [OBJECT] at /States"),
        (
            {"StartAt": "A", "States": {"A": {"Type": "Pass", "Comment": "x"}, "B": 1}},
            "Expected value of type [OBJECT] at /States/B",
        ),
    ],
)
def test_what_cannot_be_run(document: Any, message: str) -> None:
    machine, problems = parse(document)
    assert message in [f"{problem.message} at {problem.at}" for problem in problems]
    assert machine is None or "A" in machine.flow.states


def test_a_machine_nested_too_deep_is_none() -> None:
    document: Any = {"Type": "Pass", "End": True}
    for _ in range(2_000):
        document = {"a": [document]}
    machine, [problem] = parse(document)
    assert machine is None and problem.code == "TOO_DEEPLY_NESTED"


def test_what_is_put_in_at_deployment_is_tolerated() -> None:
    template = {"a.$": "${Path}", "b.$": "States.Format('100%OFF% {}', $.n)", "c": "${Name}"}
    machine, problems = machine_of(("A", {"Type": "Pass", "Parameters": template, "End": True}))
    assert machine is not None and not problems
    parameters = machine.flow.states["A"].parameters
    assert parameters is not None
    assert parameters.evaluate({"n": 5}, SimpleNamespace(random=None)) == {
        "a": "${Path}",
        "b": "100%OFF% 5",
        "c": "${Name}",
    }
