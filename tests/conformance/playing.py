"""Plays one recorded execution: its task outcomes become the replies of a world, and the answer is put in the API's words."""

from __future__ import annotations

import json
from collections import defaultdict
from datetime import datetime
from typing import Any

from engine.execution import run
from engine.history import history
from engine.parse import parse
from engine.trace import Call, Reply, Trace
from engine.values import text
from engine.world import Answer, World

TASK_MILLISECONDS = 50
"""How long a task takes here: recordings carry no times, and in reality no answer is instant."""


def execution(case: dict[str, Any]) -> dict[str, Any]:
    """`{"status", "output", "error", "cause", "events"}` of the case's machine on its input."""
    machine, problems = parse(case["definition"])
    if machine is None:
        raise ValueError(f"no machine: {problems[0].message}")
    trace = run(machine, _value(case["input"]), world(case))
    answer: dict[str, Any] = {"status": trace.status, "events": history(trace)}
    if trace.status == "SUCCEEDED":
        answer["output"] = text(trace.output)
    for name, said in _failure(trace).items():
        answer[name] = said
    return answer


def world(case: dict[str, Any]) -> World:
    """The surroundings in which the case was recorded."""
    captured = case.get("time_dependent", {}).get("captured_at")
    more = {} if captured is None else {"start": round(datetime.fromisoformat(captured).timestamp() * 1000)}
    return World(
        connector=replies(case.get("task_outcomes") or {}),
        workflow_type=case.get("workflow_type", "STANDARD"),
        resources=(case.get("resources") or {}).get("s3") or {},
        task_delay=TASK_MILLISECONDS,
        **more,
    )


def replies(outcomes: dict[str, list[dict[str, Any]]]) -> Answer:
    """Each state's recorded outcomes in their order; those of a Map iteration to that iteration."""
    left = {state: list(recorded) for state, recorded in outcomes.items()}
    taken: dict[str, int] = defaultdict(int)

    def answer(call: Call) -> Reply | None:
        for outcome in left.get(call.state, []):
            if all(call.iteration.get(name) == index for name, index in outcome.get("iteration", {}).items()):
                left[call.state].remove(outcome)
                taken[call.state] += 1
                return _reply(outcome)
        return None

    return answer


def _reply(outcome: dict[str, Any]) -> Reply:
    submitted = _value(outcome["submitted_output"]) if "submitted_output" in outcome else None
    if outcome.get("timed_out"):
        return Reply(timed_out=True, submitted=submitted)
    if "output" in outcome:
        return Reply(output=_value(outcome["output"]), submitted=submitted)
    cause = outcome.get("cause")
    return Reply(
        failed=True,
        error=outcome.get("error"),
        cause=cause if cause is None or isinstance(cause, str) else text(cause),
        event=outcome.get("event"),
        submitted=submitted,
    )


def _value(recorded: Any) -> Any:
    """Recordings hold objects as they are and every other JSON value as its text."""
    if not isinstance(recorded, str):
        return recorded
    try:
        return json.loads(recorded)
    except ValueError:
        return recorded


def _failure(trace: Trace) -> dict[str, str]:
    """DescribeExecution tells the error of a failed execution; of one that timed out it tells nothing (recorded)."""
    if trace.status != "FAILED":
        return {}
    return {name: said for name, said in (("error", trace.error), ("cause", trace.cause)) if said is not None}
