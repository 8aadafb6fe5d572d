"""Whole runs in tables: `tests/cases/runs/*.json`, each file named by the sentence that its cases show.

A case has a definition, an input and the replies of its tasks, and says how the run ends: status, output or error and
cause, virtual milliseconds, and the history as lines `id<previous Type name`.
"""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from engine.execution import run
from engine.history import history
from engine.parse import parse
from engine.trace import Call, Reply, Trace
from engine.values import same
from engine.world import Answer, Stop, World

FOLDER = Path(__file__).parent.parent / "cases" / "runs"
CASES = [
    pytest.param(case, id=f"{path.stem}-{case['name']}")
    for path in sorted(FOLDER.glob("*.json"))
    for case in json.loads(path.read_text(encoding="utf-8"))["cases"]
]


def played(case: dict[str, Any], **more: Any) -> Trace:
    machine, problems = parse(case["definition"])
    assert machine is not None and not [p for p in problems if p.severity == "error"], problems
    world = dict(case.get("world", {}))
    if "stop" in world:
        world["stop"] = Stop(**world["stop"])
    world = {"connector": replies(case.get("replies", {})), **world, **more}
    return run(machine, case.get("input", {}), World(**world))


def replies(table: dict[str, list[dict[str, Any]]]) -> Answer:
    """Each state's replies in turn, the last one again and again; a state without any is never answered."""

    def answer(call: Call) -> Reply | None:
        of_state = table.get(call.state)
        if not of_state:
            return None
        reply = of_state[min(call.number, len(of_state) - 1)]
        heartbeats = tuple(reply.get("heartbeats", ()))
        if "error" in reply or reply.get("failed"):
            return Reply(failed=True, error=reply.get("error"), cause=reply.get("cause"), delay=reply.get("delay"))
        if reply.get("timedOut"):
            return Reply(timed_out=True, heartbeats=heartbeats)
        return Reply(output=reply.get("output"), delay=reply.get("delay"), heartbeats=heartbeats)

    return answer


def lines(trace: Trace) -> list[str]:
    """The history, an event a line."""
    made = []
    for event in history(trace):
        details = next((value for key, value in event.items() if key.endswith("EventDetails")), {})
        name = details.get("name", "")
        index = f"#{details['index']}" if "index" in details else ""
        made.append(f"{event['id']}<{event['previousEventId']} {event['type']} {name}{index}".strip())
    return made


@pytest.mark.parametrize("case", CASES)
def test_a_run_ends_as_the_table_says(case: dict[str, Any]) -> None:
    trace = played(case)
    expected = case["expect"]
    assert trace.status == expected["status"], (trace.error, trace.cause)
    assert same(trace.output, expected.get("output"))
    assert trace.error == expected.get("error")
    assert trace.cause == expected.get("cause")
    if "duration" in expected:
        assert trace.duration == expected["duration"]
    if "events" in expected:
        assert lines(trace) == expected["events"]


@pytest.mark.parametrize("case", CASES)
def test_a_run_that_keeps_only_its_outcome_ends_the_same(case: dict[str, Any]) -> None:
    full, light = played(case), played(case, record="outcome")
    assert (full.status, full.error, full.cause, full.duration) == (
        light.status,
        light.error,
        light.cause,
        light.duration,
    )
    assert same(full.output, light.output)
    assert full.events == light.events


@pytest.mark.parametrize("case", CASES)
def test_the_same_machine_input_and_world_give_the_same_trace(case: dict[str, Any]) -> None:
    first, second = played(case), played(case)
    assert [m[:4] for m in first.raw] == [m[:4] for m in second.raw]
    assert history(first) == history(second)


@pytest.mark.parametrize("case", CASES)
def test_a_run_is_repeated_by_its_tape_alone(case: dict[str, Any]) -> None:
    first = played(case)
    again = played({**case, "replies": {}}, tape=first.tape)
    assert history(again) == history(first)


@pytest.mark.parametrize("case", CASES)
def test_no_value_is_changed_by_a_run(case: dict[str, Any]) -> None:
    before = json.dumps(case)
    played(case)
    assert json.dumps(case) == before
