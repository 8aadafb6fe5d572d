"""Histories opened again: what was exported from a run of ours is read back, and walked through."""

from __future__ import annotations

import json
from typing import Any

import pytest

from engine.history import history
from engine.recorded import NoHistory, outline, read, replies, trace
from engine.trace import Trace
from engine.values import same
from tests.engine.test_runs import CASES, played

FINISHED = [
    case for case in CASES if case.values[0]["expect"]["status"] != "WAITING" and "distributed" not in str(case.id)
]


def exported(run: Trace) -> str:
    return json.dumps({"events": history(run)})


def borders(run: Trace) -> list[tuple[Any, ...]]:
    """What a history keeps of a run: kinds, states, frames."""
    return [
        (m.kind, m.event, m.at, run.visits[m.visit].state.name if m.visit >= 0 and m.kind != "ended" else "")
        for m in run.moments
        if m.event
    ]


@pytest.mark.parametrize("case", FINISHED)
def test_a_history_is_walked_through_like_the_run(case: dict[str, Any]) -> None:
    run = played(case)
    opened = trace(read(exported(run)), case["definition"])
    assert opened.status == run.status
    assert same(opened.output, run.output) and (opened.error, opened.cause) == (run.error, run.cause)
    assert borders(opened) == borders(run)
    assert opened.duration == run.duration


@pytest.mark.parametrize("case", [case for case in FINISHED if "too large" not in str(case.id)])
def test_the_recorded_replies_play_the_execution_again(case: dict[str, Any]) -> None:
    run = played(case)
    again = played({**case, "replies": {}}, connector=replies(read(exported(run))))
    assert [event["type"] for event in history(again)] == [event["type"] for event in history(run)]


@pytest.mark.parametrize("case", FINISHED)
def test_without_a_definition_the_states_that_ran_are_drawn(case: dict[str, Any]) -> None:
    run = played(case)
    recorded = read(exported(run))
    drawn = outline(recorded)
    assert {visit.state.name for visit in run.visits} == set(drawn["States"])
    assert [visit.state.name for visit in trace(recorded).visits] == [visit.state.name for visit in run.visits]


def a_run() -> Trace:
    return played(next(case.values[0] for case in FINISHED if case.values[0].get("replies")))


def test_pages_reversed_and_parsed_values_are_read_all_the_same() -> None:
    events = history(a_run())
    half = len(events) // 2
    pages = "\n".join(json.dumps({"events": page[::-1]}) for page in (events[half:], events[:half]))
    assert [event["id"] for event in read(pages).events] == [event["id"] for event in events]


def test_the_log_of_an_express_execution_is_read() -> None:
    run = a_run()
    log = "\n".join(
        json.dumps(
            {
                "id": str(event["id"]),
                "previous_event_id": str(event["previousEventId"]),
                "type": event["type"],
                "event_timestamp": "1735732800000",
                "details": next((value for key, value in event.items() if key.endswith("EventDetails")), {}),
            }
        )
        for event in history(run)
    )
    opened = trace(read(log))
    assert opened.workflow_type == "EXPRESS"
    assert opened.status == run.status


@pytest.mark.parametrize(
    ("text", "named"),
    [
        ("", "no events"),
        ("{}", "no execution history"),
        ("[1]", "no execution history"),
        ('{"events": []}', "no events"),
        ('{"events": [{"id": 1, "type": "ExecutionStar', "line 1"),
        ('{"StartAt": "A", "States": {}}', "StartAt"),
        ('{"events": [{"id": 7, "type": "PassStateEntered"}]}', "first pages are missing"),
        ('{"events": [{"id": 1, "type": "ExecutionStarted"}, {"id": 3, "type": "X"}]}', "Event 2 is missing"),
        ('{"events": [{"type": "ExecutionStarted"}]}', "no id"),
    ],
)
def test_what_is_no_history_is_refused_in_a_sentence(text: str, named: str) -> None:
    with pytest.raises(NoHistory) as refused:
        read(text)
    assert named in str(refused.value)
