"""Mock files in the format of Step Functions Local: what they answer, and the sentence when they cannot be used."""

from __future__ import annotations

from typing import Any

import pytest

from engine.connectors import first_of
from engine.connectors.generated import generated
from engine.connectors.mock import MockProblem, cases, load_mocks
from engine.execution import run
from engine.parse import parse
from engine.trace import Call, Trace
from engine.world import World, nobody

OK = {"0": {"Return": {"n": 1}}}
FLAKY = {
    "0": {"Throw": {"Error": "E", "Cause": "first"}},
    "1-2": {"Throw": {"Error": "E", "Cause": "again"}},
    "3": {"Return": "done", "Delay": 1.5},
}


def config(response: Any, state: str = "T") -> dict[str, Any]:
    return {
        "StateMachines": {"M": {"TestCases": {"Case": {state: "R"}}}},
        "MockedResponses": {"R": response},
    }


def played(response: Any, **task: Any) -> Trace:
    states = {"T": {"Type": "Task", "Resource": "arn:aws:states:::lambda:invoke", "End": True, **task}}
    machine, _ = parse({"StartAt": "T", "States": states})
    assert machine is not None
    return run(machine, {}, World(connector=load_mocks(config(response), "Case")))


def test_a_return_is_the_result_as_it_stands() -> None:
    assert played(OK).output == {"n": 1}


def test_ranges_count_the_calls_of_a_state() -> None:
    trace = played(FLAKY, Retry=[{"ErrorEquals": ["E"], "MaxAttempts": 3}])
    assert trace.output == "done"
    assert trace.duration == 1_000 + 2_000 + 4_000 + 1_500


def test_a_call_outside_the_ranges_fails_the_execution() -> None:
    trace = played({"0": {"Throw": {"Error": "E", "Cause": "c"}}}, Retry=[{"ErrorEquals": ["E"]}])
    assert trace.status == "FAILED"
    assert "call 1" in (trace.cause or "")


@pytest.mark.parametrize(
    ("response", "named"),
    [
        ({"0": {"Return": 1, "Throw": {"Error": "E", "Cause": "c"}}}, "Return"),
        ({"0": {}}, "Return"),
        ({"0": {"Throw": {"Error": "E"}}}, "Cause"),
        ({"0": {"Return": 1}, "2": {"Return": 1}}, "1"),
        ({"x": {"Return": 1}}, "x"),
        ({"1": {"Return": 1}}, "0"),
        ({"0": {"Return": 1, "Delay": -1}}, "Delay"),
    ],
)
def test_a_mock_that_cannot_be_used_says_why_in_one_sentence(response: Any, named: str) -> None:
    with pytest.raises(MockProblem) as refused:
        load_mocks(config(response), "Case")
    assert named in str(refused.value)
    assert "\n" not in str(refused.value)


@pytest.mark.parametrize("broken", [None, [], {}, {"StateMachines": 1}, {"StateMachines": {"M": {"TestCases": []}}}])
def test_what_is_no_mock_file_is_refused(broken: Any) -> None:
    with pytest.raises(MockProblem):
        load_mocks(broken, "Case")


def test_cases_are_listed_by_machine() -> None:
    assert cases(config(OK)) == {"M": ("Case",)}


def test_what_the_file_leaves_open_can_be_made_up() -> None:
    call = Call("k", "Other", "arn:aws:states:::sqs:sendMessage", {"QueueUrl": "q", "MessageBody": "b"}, 0, 0)
    reply = first_of(load_mocks(config(OK), "Case"), generated({}))(call)
    assert reply is not None and "MessageId" in reply.output
    assert first_of(load_mocks(config(OK), "Case"), nobody)(call) is None


@pytest.mark.parametrize(
    ("resource", "keys"),
    [
        ("arn:aws:states:::lambda:invoke", {"Payload", "StatusCode"}),
        ("arn:aws:states:::dynamodb:putItem", {"SdkHttpMetadata"}),
        ("arn:aws:states:::states:startExecution.sync", {"Output", "Status"}),
        ("arn:aws:states:::aws-sdk:sfn:startExecution", {"ExecutionArn"}),
    ],
)
def test_a_made_up_reply_has_the_shape_of_its_service(resource: str, keys: set[str]) -> None:
    reply = generated({})(Call("k", "T", resource, {}, 0, 0))
    assert reply is not None
    assert keys <= reply.output.keys()


JSONATA = {"QueryLanguage": "JSONata"}
ASKED = {"items": [{"price": 2}, {"price": 5}], "card": "4711"}


def asked(answer: Any) -> Trace:
    return played({"0-9": {"Return": answer, **JSONATA}}, Parameters=ASKED)


@pytest.mark.parametrize(
    ("answer", "result"),
    [
        ("{% $request.card %}", "4711"),
        ("{% $states.input.card %}", "4711"),
        ({"total": "{% $sum($request.items.price) %}", "as it is": "$request"}, {"total": 7, "as it is": "$request"}),
        ([1, {"all": "{% $request.items.price %}"}], [1, {"all": [2, 5]}]),
        ("{% $states.context.State.Name %}", "T"),
        ({"no": "expression"}, {"no": "expression"}),
    ],
)
def test_a_result_is_computed_from_the_request(answer: Any, result: Any) -> None:
    assert asked(answer).output == result


def test_without_its_mark_such_a_text_is_the_text_it_is() -> None:
    assert played({"0": {"Return": "{% $request.card %}"}}).output == "{% $request.card %}"


def test_the_dice_of_an_expression_fall_alike_each_time() -> None:
    assert asked("{% $uuid() %}").output == asked("{% $uuid() %}").output


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ("{% $request.nothing %}", "returned nothing"),
        ("{% $error('no card') %}", "no card"),
        ("{% ($f := function($n) { $f($n) }; $f(1)) %}", "infinite loop"),
    ],
)
def test_an_expression_that_fails_ends_the_run_and_names_its_mock(answer: str, why: str) -> None:
    trace = asked(answer)
    assert (trace.status, trace.error) == ("FAILED", "States.Runtime")
    assert "'R.0-9'" in (trace.cause or "") and why in (trace.cause or "")


@pytest.mark.parametrize(
    ("answer", "why"),
    [
        ({"Return": "{% $request. %}", **JSONATA}, "Unexpected end"),
        ({"Return": {"deep": ["{% $requets.card %}"]}, **JSONATA}, "$requets is not there"),
        ({"Return": "{% card %}", **JSONATA}, "'card'"),
        ({"Return": 1, "QueryLanguage": "JSONPath"}, "JSONata"),
        ({"Throw": {"Error": "E", "Cause": "c"}, **JSONATA}, "beside Return"),
    ],
)
def test_what_cannot_be_evaluated_is_said_before_the_run(answer: Any, why: str) -> None:
    with pytest.raises(MockProblem) as refused:
        load_mocks(config({"0": answer}), "Case")
    assert why in str(refused.value) and "R.0" in str(refused.value)
