"""Two runs beside each other, one of them opened from its history."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.compare import first_difference
from engine.fork import edited
from engine.history import history
from engine.recorded import read, trace
from tests.engine.test_recorded import FINISHED
from tests.engine.test_runs import played


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
