"""Two runs beside each other: where they part, and every place of both."""

from __future__ import annotations

import json
from time import perf_counter
from typing import Any

import pytest

from engine.compare import Row, aligned, first_difference
from engine.connectors.mock import load_mocks
from engine.execution import run
from engine.fork import edited
from engine.history import history
from engine.parse import parse
from engine.recorded import read, trace
from engine.trace import Trace
from engine.world import World
from tests.engine.test_recorded import FINISHED
from tests.engine.test_runs import CASES, played


@pytest.mark.parametrize("case", FINISHED)
def test_a_run_and_its_history_do_not_differ(case: dict[str, Any]) -> None:
    run = played(case)
    assert first_difference(trace(read(json.dumps({"events": history(run)})), case["definition"]), run) is None


def test_the_first_event_that_differs_is_found_in_both() -> None:
    case = {
        "definition": {
            "StartAt": "A",
            "States": {
                "A": {"Type": "Pass", "Result": 1, "Next": "B"},
                "B": {"Type": "Pass", "End": True},
            },
        }
    }
    run = played(case)
    at = next(index for index, moment in enumerate(run.moments) if moment.kind == "stage")
    other = edited(run, at, 2)
    found = first_difference(trace(read(json.dumps({"events": history(run)}))), other)
    assert found is not None
    assert other[found[1]].kind == "exited"
    assert found[0] < found[1], "a recording has no stages"


def test_a_run_that_goes_on_parts_from_one_that_ends() -> None:
    short = {"definition": {"StartAt": "A", "States": {"A": {"Type": "Fail", "Error": "E"}}}}
    long = {
        "definition": {
            "StartAt": "A",
            "States": {"A": {"Type": "Pass", "Next": "B"}, "B": {"Type": "Succeed"}},
        }
    }
    one, other = played(short), played(long)
    assert first_difference(one, other) == (2, next(i for i, m in enumerate(other.moments) if m.kind == "exited"))


# State by state, stage by stage ---------------------------------------------------------------------------------------


def places(rows: tuple[Row, ...]) -> list[str]:
    """`Both#0[1] Pay#0: reply ≠`, as a person reads it."""
    signs = {"same": "=", "different": "≠", "left": "‹", "right": "›"}
    return [f"{way(row)}{': ' if row.what else ''}{row.what} {signs[row.standing]}" for row in rows]


def way(row: Row) -> str:
    steps = [f"{step.state}#{step.number}" + (f"[{step.inner}]" if step.inner >= 0 else "") for step in row.where]
    return "/".join(steps) + (f"@{row.attempt}" if row.attempt else "")


@pytest.mark.parametrize("case", CASES)
def test_a_run_laid_beside_itself_is_the_same_at_every_place(case: dict[str, Any]) -> None:
    one, two = played(case), played(case)
    rows = aligned(one, two)
    assert {row.standing for row in rows} == {"same"}
    assert sum(not row.what for row in rows) == len(one.visits) + 1
    assert all(row.left == row.right for row in rows)


@pytest.mark.parametrize("case", FINISHED)
def test_a_recording_and_its_run_are_the_same_at_every_event(case: dict[str, Any]) -> None:
    run = played(case)
    rows = aligned(trace(read(json.dumps({"events": history(run)})), case["definition"]), run)
    assert {row.standing for row in rows} == {"same"}, [place for place in places(rows) if not place.endswith("=")]


BRANCHES = {
    "definition": {
        "StartAt": "Both",
        "States": {
            "Both": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "A", "States": {"A": {"Type": "Pass", "Result": 1, "End": True}}},
                    {"StartAt": "B", "States": {"B": {"Type": "Pass", "Result": 2, "End": True}}},
                ],
                "Next": "Big?",
            },
            "Big?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$[1]", "NumericGreaterThan": 5, "Next": "Large"}],
                "Default": "Small",
            },
            "Large": {"Type": "Pass", "End": True},
            "Small": {"Type": "Succeed"},
        },
    }
}


def test_only_the_branch_that_changed_differs_and_each_way_stands_where_it_was_taken() -> None:
    one = played(BRANCHES)
    at = next(i for i, m in enumerate(one.moments) if m.kind == "stage" and m.value == 2)
    found = places(aligned(one, edited(one, at, 9)))
    visits = [place for place in found if ":" not in place]
    assert visits == [" ≠", "Both#0 ≠", "Both#0[0]/A#0 =", "Both#0[1]/B#0 ≠", "Big?#0 ≠", "Small#0 ‹", "Large#0 ›"]
    assert "Both#0[1]/B#0: input =" in found and "Both#0[1]/B#0: output ≠" in found
    assert "Big?#0: rule ≠" in found and "Large#0: output ›" in found and ": end ≠" in found


def test_a_loop_is_aligned_round_by_round_and_a_retry_try_by_try() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "Next": "Done?"}
    retry = {"Retry": [{"ErrorEquals": ["States.ALL"], "MaxAttempts": 2}]}
    definition = {
        "StartAt": "Ask",
        "States": {
            "Ask": {**task, **retry},
            "Done?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.done", "BooleanEquals": True, "Next": "End"}],
                "Default": "Ask",
            },
            "End": {"Type": "Succeed"},
        },
    }
    quick = {"0": {"Return": {"done": False}}, "1": {"Return": {"done": True}}}
    slow = {
        "0": {"Return": {"done": False}},
        "1": {"Throw": {"Error": "Busy", "Cause": "later"}},
        "2": {"Return": {"done": False}},
        "3": {"Return": {"done": True}},
    }
    machine, _ = parse(definition)
    assert machine is not None

    def answered(response: dict[str, Any]) -> Trace:
        cases = {"StateMachines": {"M": {"TestCases": {"C": {"Ask": "R"}}}}, "MockedResponses": {"R": response}}
        return run(machine, {}, World(connector=load_mocks(cases, "C")))

    found = places(aligned(answered(quick), answered(slow)))
    assert "Ask#0 =" in found and "Done?#0 =" in found
    assert "Ask#1: call =" in found and "Ask#1: reply ‹" in found and "Ask#1: error ›" in found
    assert "Ask#1@1: call ›" in found and "Ask#1@1: reply ›" in found
    assert "Ask#2 ›" in found and "Done?#2 ›" in found


def test_a_long_run_is_aligned_in_linear_time() -> None:
    """A trace of AWS's longest history, laid beside another that is one value different in each round."""
    definition = {
        "StartAt": "Count",
        "States": {
            "Count": {"Type": "Pass", "Parameters": {"n.$": "States.MathAdd($.n, 1)", "by.$": "$.by"}, "Next": "More?"},
            "More?": {
                "Type": "Choice",
                "Choices": [{"Variable": "$.n", "NumericGreaterThan": 6000, "Next": "End"}],
                "Default": "Count",
            },
            "End": {"Type": "Succeed"},
        },
    }
    machine, _ = parse(definition)
    assert machine is not None
    one, two = (run(machine, {"n": 0, "by": by}, World()) for by in ("A", "B"))
    assert one.events >= 20_000
    started = perf_counter()
    rows = aligned(one, two)
    assert perf_counter() - started < 5
    assert sum(not row.what for row in rows) == len(one.visits) + 1
