"""What a set of runs touched of a graph."""

from __future__ import annotations

from typing import Any

from engine.coverage import coverage
from engine.graph import graph
from tests.engine.test_runs import played

DOCUMENT: dict[str, Any] = {
    "StartAt": "Which",
    "States": {
        "Which": {
            "Type": "Choice",
            "Choices": [{"Variable": "$.a", "IsPresent": True, "Next": "Work"}],
            "Default": "Both",
        },
        "Work": {
            "Type": "Task",
            "Resource": "arn:aws:states:::sqs:sendMessage",
            "Catch": [{"ErrorEquals": ["No"], "Next": "Sorry"}],
            "Next": "Done",
        },
        "Both": {
            "Type": "Parallel",
            "Branches": [{"StartAt": "In", "States": {"In": {"Type": "Pass", "End": True}}}],
            "Next": "Done",
        },
        "Sorry": {"Type": "Fail"},
        "Done": {"Type": "Succeed"},
    },
}


def test_one_run_touches_what_it_went_through() -> None:
    found = coverage(graph(DOCUMENT), [played({"definition": DOCUMENT})])
    assert {name for name, times in found.states.items() if times} == {
        "/States/Which",
        "/States/Both",
        "/States/Both/Branches[0]/States/In",
        "/States/Done",
    }
    assert [edge.id for edge in found.missed_edges] == [
        "/States/Which/Choices[0]",
        "/States/Work/Next",
        "/States/Work/Catch[0]",
    ]


def test_scenarios_together_touch_everything() -> None:
    with_a = {"definition": DOCUMENT, "input": {"a": 1}}
    runs = [
        played({"definition": DOCUMENT}),
        played({**with_a, "replies": {"Work": [{"output": {}}]}}),
        played({**with_a, "replies": {"Work": [{"error": "No"}]}}),
    ]
    found = coverage(graph(DOCUMENT), runs)
    assert (found.states_percent, found.edges_percent) == (100, 100)
    assert found.states["/States/Which"] == 3


def test_no_run_touches_nothing() -> None:
    found = coverage(graph(DOCUMENT), [])
    assert (found.states_percent, found.edges_percent) == (0, 0)
    assert len(found.missed_states) == 6


def test_every_example_way_that_is_counted_is_in_its_graph() -> None:
    found = coverage(graph(DOCUMENT), [played({"definition": DOCUMENT})])
    assert sum(found.edges.values()) == 4, "start, Default, into the branch, Next"
