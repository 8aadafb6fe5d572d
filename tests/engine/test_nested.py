"""Machines that start machines."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.connectors.nested import Member, child, nested
from engine.execution import run
from engine.history import event_type
from engine.model import Machine
from engine.parse import parse
from engine.trace import Trace
from engine.world import World, nobody

ARN = "arn:aws:states:us-east-1:123456789012:stateMachine:Ship"


def machine(states: dict[str, Any]) -> Machine:
    made, problems = parse({"StartAt": next(iter(states)), "States": states})
    assert made is not None and not problems
    return made


def started(resource: str, inner: dict[str, Any], **parameters: Any) -> Trace:
    parent = machine(
        {
            "Call": {
                "Type": "Task",
                "Resource": resource,
                "Parameters": {"StateMachineArn": ARN, **parameters},
                "End": True,
            }
        }
    )
    world = World()
    members = {"Ship": Member(machine(inner), "EXPRESS" if "Sync" in resource else "STANDARD")}
    return run(parent, {}, World(connector=nested(members, world, nobody)))


SUCCEEDS = {
    "W": {"Type": "Wait", "Seconds": 7, "Next": "P"},
    "P": {"Type": "Pass", "Parameters": {"got.$": "$"}, "End": True},
}
FAILS = {"F": {"Type": "Fail", "Error": "Lost", "Cause": "at sea"}}


def test_start_execution_goes_on_at_once() -> None:
    trace = started("arn:aws:states:::states:startExecution", SUCCEEDS)
    assert trace.status == "SUCCEEDED"
    assert trace.duration < 7000
    assert {"ExecutionArn", "StartDate"} <= trace.output.keys()


@pytest.mark.parametrize(("suffix", "output"), [("sync", '{"got":{"a":1}}'), ("sync:2", {"got": {"a": 1}})])
def test_sync_waits_for_the_child_and_gets_its_description(suffix: str, output: Any) -> None:
    trace = started(f"arn:aws:states:::states:startExecution.{suffix}", SUCCEEDS, Input={"a": 1})
    assert trace.duration == 7000
    assert trace.output["Status"] == "SUCCEEDED"
    assert trace.output["Output"] == output
    assert "TaskSubmitted" in [event_type(trace, moment) for moment in trace.moments if moment.event]


def test_a_child_that_fails_is_a_task_that_failed_with_the_child_in_its_cause() -> None:
    trace = started("arn:aws:states:::states:startExecution.sync", FAILS)
    assert trace.error == "States.TaskFailed"
    assert json.loads(trace.cause or "")["Error"] == "Lost"


def test_an_express_child_answers_even_when_it_failed() -> None:
    trace = started("arn:aws:states:::aws-sdk:sfn:startSyncExecution", FAILS)
    assert trace.status == "SUCCEEDED"
    assert (trace.output["Status"], trace.output["Error"]) == ("FAILED", "Lost")


def test_a_child_that_waits_makes_its_parent_wait() -> None:
    callback = {"T": {"Type": "Task", "Resource": "arn:aws:states:us-east-1:123456789012:activity:a", "End": True}}
    assert started("arn:aws:states:::states:startExecution.sync", callback).status == "WAITING"


def test_the_child_can_be_opened() -> None:
    trace = started("arn:aws:states:::states:startExecution.sync", SUCCEEDS, Input='{"a": 1}')
    call = next(moment.value for moment in trace.moments if moment.kind == "scheduled")
    opened = child(call, {"Ship": Member(machine(SUCCEEDS))}, trace.world, nobody)
    assert opened.output == {"got": {"a": 1}}
    assert opened.machine_arn == ARN


def test_a_machine_that_starts_itself_comes_to_an_end() -> None:
    again = {
        "Call": {
            "Type": "Task",
            "Resource": "arn:aws:states:::states:startExecution.sync",
            "Parameters": {"StateMachineArn": ARN},
            "End": True,
        }
    }
    assert started("arn:aws:states:::states:startExecution.sync", again).status == "WAITING"
