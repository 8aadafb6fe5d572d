"""Scenarios: what a file may say, and the verdict on a run."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from engine.execution import run
from engine.parse import parse
from engine.scenarios import ScenarioProblem, check, load_folder, load_scenarios
from engine.trace import Trace
from engine.world import World
from tests.golden import EXAMPLES, read


def ran() -> Trace:
    document = {
        "StartAt": "A",
        "States": {"A": {"Type": "Wait", "Seconds": 2, "Next": "B"}, "B": {"Type": "Pass", "End": True}},
    }
    machine, _ = parse(document)
    assert machine is not None
    return run(machine, {"price": {"total": 80}, "items": [1, 2]}, World())


@pytest.mark.parametrize(
    ("expect", "said"),
    [
        ({"status": "SUCCEEDED"}, "✓ status"),
        ({"status": "FAILED"}, '✕ status: "FAILED" expected, "SUCCEEDED" found'),
        ({"error": None}, "✓ error"),
        ({"error": "E"}, '✕ error: "E" expected, null found'),
        ({"transitions": 2}, "✓ transitions"),
        ({"transitions": 3}, "✕ transitions: 3 expected, 2 found"),
        ({"duration": 2000}, "✓ duration"),
        ({"path": ["A", "B"]}, "✓ path"),
        ({"path": ["A", "C"]}, '✕ path: $[1]: "C" expected, "B" found'),
        ({"path": ["A"]}, '✕ path: $[1]: nothing expected, "B" found'),
        ({"output": {"price": {"total": 80.0}, "items": [1, 2]}}, "✓ output"),
        ({"output": {"price": {"total": 73.4}, "items": [1, 2]}}, "✕ output: $.price.total: 73.4 expected, 80 found"),
        ({"output": {"price": {"total": 80}, "items": [True, 2]}}, "✕ output: $.items[0]: true expected, 1 found"),
        (
            {"output": {"price": {"total": 1}}},
            "✕ output: $.price.total: 1 expected, 80 found (and 1 more)",
        ),
    ],
)
def test_a_verdict_says_where_the_run_parts_from_the_expectation(expect: dict[str, Any], said: str) -> None:
    assert [str(verdict) for verdict in check(ran(), expect)] == [said]


def test_what_is_not_expected_is_not_checked() -> None:
    assert check(ran(), {}) == ()


@pytest.mark.parametrize(
    ("told", "sentence"),
    [
        (None, 'A scenario file must be an object with "scenarios", an array.'),
        ({"scenarios": {}}, 'A scenario file must be an object with "scenarios", an array.'),
        ({"scenarios": [{}]}, "Scenario 0 must be an object with a name."),
        ({"scenarios": [{"name": "a", "type": "express"}]}, "Scenario 'a': type must be STANDARD or EXPRESS."),
        ({"scenarios": [{"name": "a", "mocks": 1}]}, "Scenario 'a': mocks must be the name of a test case."),
        ({"scenarios": [{"name": "a", "expect": []}]}, "Scenario 'a': expect must be an object."),
        ({"scenarios": [{"name": "a", "expect": {"price": 1}}]}, "Scenario 'a': 'price' cannot be expected; status, "),
    ],
)
def test_a_file_that_is_none_is_refused_in_a_sentence(told: Any, sentence: str) -> None:
    with pytest.raises(ScenarioProblem) as refused:
        load_scenarios(told)
    assert str(refused.value).startswith(sentence)


def test_what_a_scenario_does_not_say_has_a_value_all_the_same() -> None:
    (scenario,) = load_scenarios({"scenarios": [{"name": "a", "title": "A"}]})
    assert scenario.title == {"en": "A"}
    assert (scenario.input, scenario.case, scenario.workflow_type, scenario.expect) == ({}, None, "STANDARD", {})


def test_a_scenario_is_found_by_its_name() -> None:
    folder = load_folder(Path(EXAMPLES) / "transfer", read)
    assert folder.scenario("held").case == "Held"
    with pytest.raises(ScenarioProblem, match="There is no scenario 'hold'; there is locked, "):
        folder.scenario("hold")
