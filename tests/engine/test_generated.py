"""Made-up replies lead somewhere: they have what the workflow reads, and let loops end."""

from __future__ import annotations

from typing import Any

import pytest

from engine.connectors.generated import generated
from engine.execution import run
from engine.parse import parse
from engine.trace import Trace
from engine.world import World

ASK = "arn:aws:states:::aws-sdk:braket:getJob"


def ran(document: dict[str, Any]) -> Trace:
    machine, problems = parse(document)
    assert machine is not None and not problems, problems
    return run(machine, {}, World(connector=generated(document)))


def polling(choice: dict[str, Any], **task: Any) -> dict[str, Any]:
    """Ask, look, wait and ask again: the loop that a wrong answer never leaves."""
    return {
        "StartAt": "Ask",
        "States": {
            "Ask": {"Type": "Task", "Resource": ASK, "Next": "Done?", **task},
            "Done?": {"Type": "Choice", **choice},
            "Wait": {"Type": "Wait", "Seconds": 5, "Next": "Ask"},
            "End": {"Type": "Succeed"},
        },
    }


LOOPS = {
    "the rule that ends comes second": polling(
        {
            "Choices": [
                {"Variable": "$.Status", "StringEquals": "RUNNING", "Next": "Wait"},
                {"Variable": "$.Status", "StringEquals": "ENDED", "Next": "End"},
            ],
            "Default": "Wait",
        }
    ),
    "only Default ends": polling(
        {"Choices": [{"Variable": "$.Status", "StringEquals": "RUNNING", "Next": "Wait"}], "Default": "End"}
    ),
    "the result stands under a path": polling(
        {"Choices": [{"Variable": "$.job.State.Name", "StringMatches": "DONE*", "Next": "End"}], "Default": "Wait"},
        ResultPath="$.job",
    ),
    "only a part is handed on": polling(
        {"Choices": [{"Variable": "$.Count", "NumericGreaterThan": 9, "Next": "End"}], "Default": "Wait"},
        OutputPath="$.Job",
    ),
    "a page after the last one is asked for by a token": polling(
        {"Choices": [{"Variable": "$.NextToken", "IsPresent": True, "Next": "Wait"}], "Default": "End"}
    ),
    "JSONata compares": polling(
        {
            "QueryLanguage": "JSONata",
            "Choices": [{"Condition": "{% $states.input.Status = 'READY' %}", "Next": "End"}],
            "Default": "Wait",
        }
    ),
}


@pytest.mark.parametrize("loop", LOOPS)
def test_a_loop_ends_at_the_first_answer(loop: str) -> None:
    trace = ran(LOOPS[loop])
    assert trace.status == "SUCCEEDED"
    assert [visit.state.name for visit in trace.visits] == ["Ask", "Done?", "End"]


def test_a_result_has_what_its_selector_reads() -> None:
    selector = {"id.$": "$.Payload.order.id", "first.$": "$.Payload.lines[0]"}
    task = {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "ResultSelector": selector, "End": True}
    assert ran({"StartAt": "T", "States": {"T": task}}).output == {"id": "id", "first": "lines"}


def test_a_number_is_made_where_a_number_is_needed() -> None:
    states = {
        "T": {"Type": "Task", "Resource": ASK, "Next": "W"},
        "W": {"Type": "Wait", "SecondsPath": "$.pause", "End": True},
    }
    trace = ran({"StartAt": "T", "States": states})
    assert (trace.status, trace.output) == ("SUCCEEDED", {"pause": 1})


def test_the_same_call_has_the_same_answer() -> None:
    task = {"Type": "Task", "Resource": "arn:aws:states:::sqs:sendMessage", "End": True}
    document = {"StartAt": "T", "States": {"T": task}}
    assert ran(document).output == ran(document).output
