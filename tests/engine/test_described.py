"""A history with what describe calls say beside it, and histories in every shape that people have."""

from __future__ import annotations

import json
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

import pytest

from engine.history import history
from engine.recorded import NoHistory, mismatches, outline, read, trace
from tests.engine.test_recorded import FINISHED
from tests.engine.test_runs import played

RUN = played(
    next(
        case.values[0]
        for case in FINISHED
        if case.values[0].get("replies") and case.values[0]["expect"]["status"] == "SUCCEEDED"
    )
)
EVENTS = history(RUN)
ARN = "arn:aws:states:eu-west-3:123456789012:"
EXECUTION = {
    "executionArn": f"{ARN}execution:Orders:order-77",
    "stateMachineArn": f"{ARN}stateMachine:Orders:4",
    "name": "order-77",
    "status": RUN.status,
    "startDate": EVENTS[0]["timestamp"],
    "stopDate": EVENTS[-1]["timestamp"],
    "input": json.dumps(RUN.input, indent=1),
    "inputDetails": {"included": True},
    **({"output": json.dumps(RUN.output)} if RUN.status == "SUCCEEDED" else {"error": RUN.error, "cause": RUN.cause}),
}
MACHINE = {
    "stateMachineArn": f"{ARN}stateMachine:Orders",
    "name": "Orders",
    "definition": json.dumps(RUN.machine.document),
    "type": "STANDARD",
    "roleArn": RUN.role_arn,
}


def text(*values: Any) -> str:
    return "\n".join(json.dumps(value) for value in values)


@pytest.mark.parametrize("order", [(0, 1, 2), (2, 1, 0), (1, 0, 2)])
def test_name_status_and_definition_come_from_what_was_described(order: tuple[int, ...]) -> None:
    values = ({"events": EVENTS}, EXECUTION, MACHINE)
    opened = read(text(*(values[index] for index in order)))
    assert opened.described is not None
    assert (opened.described.name, opened.described.machine_name) == ("order-77", "Orders")
    assert opened.described.workflow_type == "STANDARD" and opened.described.status == RUN.status
    assert json.loads(opened.described.definition or "") == RUN.machine.document
    seen = trace(opened, RUN.machine.document)
    assert (seen.name, seen.world.machine_name) == ("order-77", "Orders")
    assert mismatches(opened) == ()


@pytest.mark.parametrize(
    ("said", "field"),
    [
        ({"status": "TIMED_OUT"}, "status"),
        ({"status": "RUNNING"}, "status"),
        ({"input": '{"another": 1}'}, "input"),
        ({"output": '"another"'}, "output"),
        ({"startDate": "2020-02-29T10:00:00+01:00"}, "startDate"),
        ({"stopDate": 1_500_000_000.25}, "stopDate"),
        ({"executionArn": f"{ARN}express:Orders:order-77:1"}, "type"),
    ],
)
def test_what_differs_is_said_with_both_values_and_the_events_stand(said: Mapping[str, Any], field: str) -> None:
    opened = read(text({"events": EVENTS}, {**EXECUTION, **said}))
    (found,) = mismatches(opened)
    assert found.field == field and found.described != found.recorded
    seen = trace(opened)
    assert (seen.status, seen.input, seen.output, seen.started_at) == (
        RUN.status,
        RUN.input,
        RUN.output,
        RUN.started_at,
    )


def test_another_role_or_machine_than_the_execution_had_is_said() -> None:
    found = mismatches(read(text({"events": EVENTS}, EXECUTION, {**MACHINE, "roleArn": "arn:aws:iam::1:role/Other"})))
    assert [one.field for one in found] == ["roleArn"]
    other = {**MACHINE, "stateMachineArn": f"{ARN}stateMachine:Invoices"}
    assert [one.field for one in mismatches(read(text({"events": EVENTS}, EXECUTION, other)))] == ["stateMachineArn"]


def test_what_the_history_leaves_out_is_taken_from_the_description() -> None:
    """`--no-include-execution-data`, and values that were cut."""

    def without(event: dict[str, Any]) -> dict[str, Any]:
        kept = {key: dict(value) if isinstance(value, dict) else value for key, value in event.items()}
        for details in kept.values():
            if isinstance(details, dict):
                details.pop("input", None)
                details.pop("output", None)
        return kept

    opened = read(text({"events": [without(event) for event in EVENTS]}, EXECUTION))
    seen = trace(opened)
    assert (seen.input, seen.output) == (RUN.input, RUN.output)
    assert mismatches(opened) == ()
    cut = json.loads(json.dumps(EVENTS))
    cut[0]["executionStartedEventDetails"] = {"input": '{"or', "inputDetails": {"truncated": True}}
    assert trace(read(text({"events": cut}, EXECUTION))).input == RUN.input


def test_a_value_that_aws_left_out_of_the_description_says_nothing() -> None:
    opened = read(text({"events": EVENTS}, {**EXECUTION, "input": "", "inputDetails": {"included": False}}))
    assert mismatches(opened) == () and trace(opened).input == RUN.input


# Every shape ----------------------------------------------------------------------------------------------------------


def stamped(when: Any) -> list[dict[str, Any]]:
    return [{**event, "timestamp": when(event["timestamp"])} for event in EVENTS]


def epoch(date: str) -> float:
    return datetime.fromisoformat(date).timestamp()


def log_line(event: Mapping[str, Any]) -> dict[str, Any]:
    details = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
    return {
        "id": str(event["id"]),
        "type": event["type"],
        "previous_event_id": str(event["previousEventId"]),
        "event_timestamp": str(round(epoch(event["timestamp"]) * 1000)),
        "execution_arn": f"{ARN}express:Orders:order-77:1",
        "details": details,
    }


THIRD = len(EVENTS) // 3
SHAPES = {
    "the CLI's file": text({"events": EVENTS}),
    "with a token for a next page that is not there": text({"events": EVENTS, "nextToken": "AAAA"}),
    "the console's export, a bare list": text(EVENTS),
    "newest first": text({"events": EVENTS[::-1]}),
    "seconds with a fraction": text({"events": stamped(epoch)}),
    "dates in Zulu time": text(
        {
            "events": stamped(
                lambda date: datetime.fromisoformat(date).astimezone(UTC).isoformat().replace("+00:00", "Z")
            )
        }
    ),
    "pages in any order": text({"events": EVENTS[THIRD:]}, {"events": EVENTS[:THIRD]}),
    "pages that overlap": text({"events": EVENTS[: THIRD + 2]}, {"events": EVENTS[THIRD:]}),
    "pages, each newest first": text({"events": EVENTS[THIRD:][::-1]}, {"events": EVENTS[:THIRD][::-1]}),
    "one event a line": "\n".join(json.dumps(event) for event in EVENTS),
    "with a byte order mark": "\ufeff" + text({"events": EVENTS}),
    "the log lines of an Express workflow": text(*map(log_line, EVENTS)),
    "the log as filter-log-events answers": text(
        {"events": [{"timestamp": 1, "message": json.dumps(log_line(event))} for event in EVENTS]}
    ),
    "with parsed values": text(
        {
            "events": [
                {
                    key: {
                        name: json.loads(value) if name in ("input", "output", "parameters") else value
                        for name, value in told.items()
                    }
                    if isinstance(told, dict)
                    else told
                    for key, told in event.items()
                }
                for event in EVENTS
            ]
        }
    ),
}


@pytest.mark.parametrize("shape", SHAPES)
def test_a_history_opens_in_every_shape(shape: str) -> None:
    opened = read(SHAPES[shape])
    seen = trace(opened)
    assert [event["type"] for event in opened.events] == [event["type"] for event in EVENTS]
    assert (seen.status, seen.input, seen.output) == (RUN.status, RUN.input, RUN.output)
    assert abs(seen.started_at - RUN.started_at) < 1_000


def event(number: int, before: int, kind: str, **details: Any) -> dict[str, Any]:
    member = kind[0].lower() + kind[1:] + "EventDetails"
    if kind.endswith(("Entered", "Exited")):
        member = "stateEnteredEventDetails" if kind.endswith("Entered") else "stateExitedEventDetails"
    return {"timestamp": 1_700_000_000 + number, "id": number, "previousEventId": before, "type": kind, member: details}


SERVICE = {"resourceType": "lambda", "resource": "invoke"}
BEGUN = [
    event(1, 0, "ExecutionStarted", input="{}", roleArn="r"),
    event(2, 0, "TaskStateEntered", name="Pay", input="{}"),
    event(3, 2, "TaskScheduled", parameters="{}", region="eu-west-3", **SERVICE),
]


def test_an_execution_that_is_still_running_opens_as_one_that_waits() -> None:
    seen = trace(read(text({"events": BEGUN})))
    assert seen.status == "WAITING" and seen.moments[-1].kind == "scheduled"
    found = mismatches(
        read(text({"events": BEGUN}, {**EXECUTION, "input": "{}", "status": "SUCCEEDED", "startDate": 0}))
    )
    assert [one.field for one in found] == ["status"], "it ended after its history was fetched"


def test_a_redriven_execution_goes_on_in_the_state_that_failed() -> None:
    again = [
        event(4, 3, "TaskFailed", error="Busy", cause="later", **SERVICE),
        event(5, 4, "ExecutionFailed", error="Busy", cause="later"),
        event(6, 5, "ExecutionRedriven", redriveCount=1),
        event(7, 6, "TaskScheduled", parameters="{}", region="eu-west-3", **SERVICE),
        event(8, 7, "TaskSucceeded", output='{"paid": true}', **SERVICE),
        event(9, 8, "TaskStateExited", name="Pay", output='{"paid": true}'),
        event(10, 9, "ExecutionSucceeded", output='{"paid": true}'),
    ]
    opened = read(text({"events": [*BEGUN, *again]}))
    seen = trace(opened)
    assert (seen.status, seen.output, len(seen.visits)) == ("SUCCEEDED", {"paid": True}, 1)
    assert [one["type"] for one in history(seen)] == [one["type"] for one in opened.events]
    assert set(outline(opened)["States"]) == {"Pay"}


@pytest.mark.parametrize(
    ("text", "named"),
    [
        (text(EXECUTION), "describes an execution, and has none of its events"),
        (text(MACHINE), "This is a definition, but no execution history"),
        (text({"events": [{**BEGUN[0], "id": "one"}]}), 'An event has the id "one"'),
        (text({"events": [BEGUN[0], {**BEGUN[1], "timestamp": "yesterday"}]}), 'timestamp "yesterday"'),
        (text({"events": [BEGUN[0], {**BEGUN[1], "previousEventId": ["1"]}]}), "previousEventId"),
        (text({"events": [BEGUN[0], event(2, 0, "TaskStateEntered", name=7)]}), "name 7"),
        (text({"events": [BEGUN[0], event(2, 1, "TaskScheduled", **SERVICE)]}), "belongs to no state"),
        (text({"events": BEGUN}, {"events": [event(2, 0, "PassStateEntered", name="Else")]}), "number 2"),
        (text({"events": BEGUN})[:-30], "not whole JSON"),
        ("id,type\n1,ExecutionStarted", "not whole JSON"),
        ("<html><body>Sign in</body></html>", "not whole JSON"),
        (text({"events": BEGUN[1:]}), "first pages are missing"),
        (text({"events": [BEGUN[0], BEGUN[2]]}), "Event 2 is missing"),
        (text({"executions": [], "nextToken": "A"}), "found: executions, nextToken"),
    ],
)
def test_what_cannot_be_opened_is_said_in_one_sentence(text: str, named: str) -> None:
    with pytest.raises(NoHistory) as refused:
        read(text)
    assert named in str(refused.value)
    assert str(refused.value).endswith((".", "page of it is not here."))
