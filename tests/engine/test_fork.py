"""Forks: everything before the change as before, everything after it anew."""

from __future__ import annotations

from typing import Any

import pytest

from engine.fork import NotEditable, answered, edited, key, parting
from engine.trace import Reply, Trace
from tests.engine.test_lineage import find
from tests.engine.test_runs import CASES, played

L = "arn:aws:lambda:us-east-1:123456789012:function:f"
TWO: dict[str, Any] = {
    "definition": {
        "StartAt": "A",
        "States": {
            "A": {"Type": "Task", "Resource": L, "ResultPath": "$.a", "Next": "B"},
            "B": {"Type": "Task", "Resource": L, "Parameters": {"from.$": "$.a"}, "ResultPath": "$.b", "End": True},
        },
    },
    "input": {"k": 1},
    "replies": {"A": [{"output": 1}], "B": [{"output": 2}]},
}


@pytest.mark.parametrize("case", CASES)
def test_a_value_changed_to_itself_changes_nothing(case: dict[str, Any]) -> None:
    run = played(case)
    for index, moment in enumerate(run.moments):
        if moment.kind in ("entered", "stage") and moment.visit >= 0:
            assert parting(run, edited(run, index, moment.value)) is None


def test_a_changed_stage_runs_on_from_there() -> None:
    run = played(TWO)
    at = find(run, "A", "result")
    fork = edited(run, at, 10)
    assert fork.output == {"k": 1, "a": 10, "b": 2}
    assert parting(run, fork) == at
    assert next(m.value.given for m in fork.moments if m.kind == "scheduled" and m.value.state == "B") == {"from": 10}


def test_a_changed_input_of_a_state_is_what_it_was_handed() -> None:
    run = played(TWO)
    assert edited(run, find(run, "B", "entered"), {"a": 5}).output == {"a": 5, "b": 2}


def test_a_fork_of_a_fork_keeps_the_earlier_change() -> None:
    run = played(TWO)
    first = edited(run, find(run, "A", "result"), 10)
    assert edited(first, find(first, "B", "result"), 20).output == {"k": 1, "a": 10, "b": 20}


def test_a_call_that_nobody_answered_can_be_answered() -> None:
    waiting = played({**TWO, "replies": {"A": [{"output": 1}]}})
    assert waiting.status == "WAITING"
    call = next(m.value for m in waiting.moments if m.kind == "parked")
    assert answered(waiting, call, Reply(output="by hand")).output == {"k": 1, "a": 1, "b": "by hand"}
    failed = answered(waiting, call, Reply(failed=True, error="No", cause="by hand"))
    assert (failed.status, failed.error) == ("FAILED", "No")


def test_a_callback_can_be_left_to_its_heartbeat() -> None:
    case = {
        "definition": {
            "StartAt": "W",
            "States": {
                "W": {
                    "Type": "Task",
                    "Resource": "arn:aws:states:::sqs:sendMessage.waitForTaskToken",
                    "Parameters": {"MessageBody": {"t.$": "$$.Task.Token"}},
                    "HeartbeatSeconds": 20,
                    "End": True,
                }
            },
        }
    }
    waiting = played(case)
    call = next(m.value for m in waiting.moments if m.kind == "parked")
    late = answered(waiting, call, Reply(timed_out=True))
    assert (late.status, late.error, late.duration) == ("FAILED", "States.Timeout", 20_000)
    alive = answered(waiting, call, Reply(output="ok", delay=50_000, heartbeats=(15_000, 30_000, 45_000)))
    assert (alive.status, alive.duration) == ("SUCCEEDED", 50_000)


def test_changes_within_branches_and_iterations_find_their_place() -> None:
    def inner(run: Trace) -> int:
        return max(i for i, m in enumerate(run.moments) if m.kind == "entered" and run.visits[m.visit].frame > 0)

    for case in (c.values[0] for c in CASES if "branches" in str(c.id)):
        run = played(case)
        if run.status == "SUCCEEDED" and len(run.frames) > 1:
            assert parting(run, edited(run, inner(run), {"changed": True})) == inner(run)


def test_what_holds_no_value_is_refused() -> None:
    with pytest.raises(NotEditable):
        key(played(TWO), 0)
