"""One state tried on an input: what TestState answers and what it refuses. Tables in tests/cases/teststate."""

from __future__ import annotations

import json
from collections.abc import Mapping
from pathlib import Path
from typing import Any

import pytest

from engine import shapes, teststate
from engine.model import Resource
from engine.trace import Reply
from engine.world import World

CASES = Path(__file__).parent.parent / "cases" / "teststate"
TEXTS = ("definition", "input", "variables", "context")
MEMBERS = (*TEXTS, "stateName", "roleArn", "inspectionLevel", "revealSecrets", "mock", "stateConfiguration")
NUMBERS = ("maxConcurrency", "toleratedFailureCount", "toleratedFailurePercentage", "errorDetails")


def table(name: str) -> list[Any]:
    groups = json.loads((CASES / f"{name}.json").read_text(encoding="utf-8"))
    return [pytest.param(group["given"] | case, id=case["name"]) for group in groups for case in group["cases"]]


def request(case: Mapping[str, Any]) -> dict[str, Any]:
    """The request of a case, whose members are JSON where the API wants texts."""
    made = {name: json.dumps(case[name]) if name in TEXTS else case[name] for name in MEMBERS if name in case}
    return made | ({"input": case["input_text"]} if "input_text" in case else {})


def read(answer: dict[str, Any]) -> dict[str, Any]:
    """A response with its texts read."""
    answer = answer | ({"output": json.loads(answer["output"])} if "output" in answer else {})
    if "inspectionData" in answer:
        data = answer["inspectionData"]
        answer["inspectionData"] = {
            name: value if name in NUMBERS else json.loads(value) for name, value in data.items()
        }
    return answer


@pytest.mark.parametrize("case", table("answers"))
def test_answers(case: dict[str, Any]) -> None:
    assert read(teststate.test_state(request(case))) == case["answer"]


@pytest.mark.parametrize("case", table("refusals"))
def test_refusals(case: dict[str, Any]) -> None:
    with pytest.raises(teststate.Refused) as caught:
        teststate.test_state(request(case))
    assert (caught.value.name, caught.value.message) == (case["error"], case["message"])


def test_the_default_context_is_that_of_an_express_execution() -> None:
    answer = teststate.test_state(
        {"definition": json.dumps({"Type": "Pass", "Parameters": {"c.$": "$$"}, "End": True})}
    )
    context = json.loads(answer["output"])["c"]
    assert context["Execution"].keys() == {"Id", "Input", "Name", "RoleArn", "StartTime"}
    assert ":express:" in context["Execution"]["Id"]
    assert context["State"] == {"Name": "StateName", "EnteredTime": "2025-01-01T12:00:00Z"}


def test_a_task_without_a_mock_asks_the_world() -> None:
    definition = json.dumps({"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True})
    asked = {"definition": definition, "roleArn": "arn:aws:iam::123456789012:role/R", "input": "{}"}
    world = World(connector=lambda call: Reply(output={"MessageId": call.resource}))
    assert read(teststate.test_state(asked, world))["output"] == {"MessageId": "arn:aws:states:::sqs:sendMessage"}
    with pytest.raises(teststate.Refused, match="Nobody answers"):
        teststate.test_state(asked)


def test_every_polled_job_has_a_shape() -> None:
    """The rows of the .sync table name operations and members that the service models have."""
    for service, action in shapes._POLLED:
        resource = Resource("", "service", service, f"{action}.sync", "sync")
        found = shapes._output_shape(resource)
        assert found is not None and found[0][found[1]]["type"] == "structure", (service, action)


def test_every_renamed_service_is_known() -> None:
    assert [name for name in shapes._NAMES.values() if shapes._model(name) is None] == []


def test_what_nobody_verifies_is_anything() -> None:
    for resource in (
        Resource("", "lambda"),
        Resource("", "activity"),
        Resource("", "service", "http", "invoke"),
        Resource("", "service", "sqs", "sendMessage.waitForTaskToken", "waitForTaskToken"),
        Resource("", "service", "aws-sdk:nosuchservice", "noSuchAction"),
    ):
        assert shapes.complaint(resource, [1], "STRICT") is None
