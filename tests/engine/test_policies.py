"""What the role of a workflow needs. Table in tests/cases/policies; whole policies and the special cases here."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.policies import Statement, statements
from engine.policies_table import DIRECT
from engine.resources import INTEGRATIONS

CASES = json.loads((Path(__file__).parent.parent / "cases" / "policies" / "needs.json").read_text("utf-8"))["cases"]


def told(resource: str) -> str:
    return resource.replace("arn:P:", "arn:${AWS::Partition}:").replace(":R:", ":${AWS::Region}:${AWS::AccountId}:")


def task(resource: str, given: Any, **more: Any) -> dict[str, Any]:
    state = {"Type": "Task", "Resource": resource, "Parameters": given, "End": True, **more}
    return {"StartAt": "A", "States": {"A": state}}


@pytest.mark.parametrize("case", CASES, ids=[f"{case['resource']} {json.dumps(case['given'])[:40]}" for case in CASES])
def test_what_a_call_needs(case: dict[str, Any]) -> None:
    found = statements(task(f"arn:aws:states:::{case['resource']}", case["given"]), case.get("known"))
    expected = [(tuple(need[0]), tuple(map(told, need[1])), len(need) > 2) for need in case["needs"]]
    assert [(one.actions, one.resources, bool(one.note)) for one in found] == expected
    assert all(one.states == ("A",) for one in found)


def test_every_settled_integration_is_in_the_table() -> None:
    """The services whose actions are settled have a row each (an HTTP task has a rule of its own)."""
    settled = {(name, action) for name, one in INTEGRATIONS.items() if one.settled for action in one.actions}
    assert settled - {("http", "invoke")} <= DIRECT.keys()


def test_a_job_that_is_waited_for_is_looked_at_and_stopped() -> None:
    for name, one in INTEGRATIONS.items():
        for action in one.sync:
            if (name, action) in DIRECT and (name, action) != ("eks", "runJob"):
                assert DIRECT[name, action].job, (name, action)


def test_a_function_called_by_its_arn_needs_itself_and_an_activity_nothing() -> None:
    arn = "arn:aws:lambda:us-east-1:123456789012:function:bake"
    assert statements(task(arn, {})) == (Statement(("lambda:InvokeFunction",), (arn, f"{arn}:*"), ("A",)),)
    assert statements(task("arn:aws:states:us-east-1:123456789012:activity:knead", {})) == ()


def test_a_task_with_credentials_needs_to_take_on_that_role_and_no_more() -> None:
    document = task(
        "arn:aws:states:::lambda:invoke", {"FunctionName": "f"}, Credentials={"RoleArn": "arn:aws:iam::1:role/r"}
    )
    assert statements(document) == (Statement(("sts:AssumeRole",), ("arn:aws:iam::1:role/r",), ("A",)),)


def test_equal_needs_are_one_statement_with_all_resources_and_states() -> None:
    def write(table: str, following: dict[str, Any]) -> dict[str, Any]:
        return {
            "Type": "Task",
            "Resource": "arn:aws:states:::dynamodb:putItem",
            "Parameters": {"TableName": table},
            **following,
        }

    document = {"StartAt": "A", "States": {"A": write("t1", {"Next": "B"}), "B": write("t2", {"End": True})}}
    (found,) = statements(document)
    assert found.states == ("A", "B")
    assert [resource.rpartition("/")[2] for resource in found.resources] == ["t1", "t2"]


def test_states_inside_maps_and_parallels_count_and_a_distributed_map_needs_more() -> None:
    inner = task("arn:aws:states:::sns:publish", {"TopicArn": "arn:aws:sns:us-east-1:1:t"})
    document = {
        "StartAt": "Each",
        "States": {
            "Each": {
                "Type": "Map",
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "EXPRESS"}, **inner},
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "Parameters": {"Bucket": "loaves", "Key": "a.csv"},
                },
                "ResultWriter": {"Resource": "arn:aws:states:::s3:putObject", "Parameters": {"Bucket": "results"}},
                "End": True,
            }
        },
    }
    found: dict[str, tuple[str, ...]] = {}
    for one in statements(document):
        for action in one.actions:
            found[action] = (*found.get(action, ()), *one.resources)
    assert {
        "sns:Publish",
        "states:StartExecution",
        "states:DescribeExecution",
        "states:RedriveExecution",
    } <= found.keys()
    assert set(found["s3:GetObject"]) >= {"arn:${AWS::Partition}:s3:::loaves/*"}
    assert found["s3:PutObject"] == ("arn:${AWS::Partition}:s3:::results/*",)


def test_logs_and_traces_are_added_when_they_are_asked_for() -> None:
    document = task("arn:aws:states:::eks:call", {})
    assert statements(document) == ()
    actions = {action for one in statements(document, logs=True, traces=True) for action in one.actions}
    assert {"logs:CreateLogDelivery", "xray:PutTraceSegments"} <= actions
