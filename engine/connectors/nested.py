"""Executions within an execution: a Task that starts another machine of the project runs it.

`states:startExecution` starts and goes on; `.sync` and `.sync:2` wait for the end; `aws-sdk:sfn:startSyncExecution` runs an
Express machine and gets its outcome. The child is an execution of its own: its own trace, clock, name and history. As
runs are deterministic, nothing of it is kept: `child` runs it again for whoever wants to open it.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType
from typing import Literal, NamedTuple

from engine.connectors.generated import generated, start_reply
from engine.errors import TASK_FAILED
from engine.execution import run
from engine.model import Machine
from engine.trace import Call, Reply, Trace
from engine.values import Json, text
from engine.world import Answer, World, nobody, timestamp

START = "arn:aws:states:::states:startExecution"
SYNCHRONOUS = "arn:aws:states:::aws-sdk:sfn:startSyncExecution"
DEEPEST = 5
"""A machine that starts itself has no end; further levels are left to whoever answers otherwise."""


class Member(NamedTuple):
    """A machine of the project."""

    machine: Machine
    workflow_type: Literal["STANDARD", "EXPRESS"] = "STANDARD"
    answer: Answer | None = None
    """Who answers its tasks; None leaves them to who answers those of the machine that starts it."""


def nested(machines: Mapping[str, Member], world: World, otherwise: Answer, depth: int = 0) -> Answer:
    """Answers calls that start one of `machines` (by name) by running it; all other calls go to `otherwise`.

    Tasks of the children are answered in the same way. `world` is that of the calling execution.
    """

    started = generated({})

    def answer(call: Call) -> Reply | None:
        name = _machine_name(call)
        if depth >= DEEPEST or name not in machines:
            return otherwise(call)
        trace = child(call, machines, world, otherwise, depth)
        if trace.status == "WAITING":
            return None
        if call.resource == START:
            return started(call)
        if call.resource == SYNCHRONOUS:
            return Reply(output=_synchronous(trace), delay=trace.duration)
        submitted = start_reply(call)
        told = _description(trace, parsed=call.resource.endswith(":2"))
        if trace.status == "SUCCEEDED":
            return Reply(output=told, submitted=submitted, delay=trace.duration)
        return Reply(failed=True, error=TASK_FAILED, cause=text(told), submitted=submitted, delay=trace.duration)

    return answer


def opened(call: Call, reply: Reply | None, machines: Mapping[str, Member], world: World) -> Trace | None:
    """The execution behind a call that was answered by running it, or that waits; None when somebody else answered.

    Each of `machines` says itself who answers its tasks.
    """
    if _machine_name(call) not in machines:
        return None
    trace = child(call, machines, world, nobody)
    if reply is None:
        return trace if trace.status == "WAITING" else None
    if call.resource == START:
        return trace if reply == generated({})(call) else None
    told = text(reply.output) if reply.error is None else reply.cause or ""
    return trace if trace.arn in told else None


def child(call: Call, machines: Mapping[str, Member], world: World, otherwise: Answer, depth: int = 0) -> Trace:
    """The execution that `call` starts."""
    name = _machine_name(call)
    member = machines[name]
    inner = replace(
        world,
        start=world.start + call.at,
        name=str(call.given.get("Name") or f"{world.name}-{call.key}"),
        machine_name=name,
        workflow_type="EXPRESS" if call.resource == SYNCHRONOUS else member.workflow_type,
        tape=MappingProxyType({}),
        stop=None,
    )
    inner = replace(inner, connector=nested(machines, inner, member.answer or otherwise, depth + 1))
    return run(member.machine, _input(call), inner)


def _machine_name(call: Call) -> str:
    """`arn:…:stateMachine:Ship:3` → `Ship`; empty for calls that start no machine."""
    if not (call.resource == SYNCHRONOUS or call.resource.startswith(START)) or not isinstance(call.given, dict):
        return ""
    arn = call.given.get("StateMachineArn")
    return arn.split(":stateMachine:")[-1].split(":")[0] if isinstance(arn, str) else ""


def _input(call: Call) -> Json:
    """The child's input: given as JSON or as its text; `{}` when absent."""
    given = call.given.get("Input", {})
    if not isinstance(given, str):
        return given
    try:
        return json.loads(given)
    except ValueError:
        return given


def _description(trace: Trace, *, parsed: bool) -> dict[str, Json]:
    """DescribeExecution in PascalCase, as `.sync` gives it: Input and Output as texts, for `.sync:2` as JSON (recorded)."""
    shown = (lambda value: value) if parsed else text
    told: dict[str, Json] = {
        "ExecutionArn": trace.arn,
        "Input": shown(trace.input),
        "InputDetails": {"Included": True},
        "Name": trace.name,
        "StartDate": timestamp(trace.started_at),
        "StateMachineArn": trace.machine_arn,
        "Status": trace.status,
        "StopDate": timestamp(trace.started_at + trace.duration),
    }
    if trace.status == "SUCCEEDED":
        return {**told, "Output": shown(trace.output), "OutputDetails": {"Included": True}}
    return {**told, **{key: said for key, said in (("Error", trace.error), ("Cause", trace.cause)) if said is not None}}


def _synchronous(trace: Trace) -> dict[str, Json]:
    """StartSyncExecution's answer: the call succeeds even when the execution failed. Time is billed in 100 ms."""
    billed = max(100, -(-trace.duration // 100) * 100)
    details = {"BilledDurationInMilliseconds": billed, "BilledMemoryUsedInMB": 64}
    return {"BillingDetails": details, **_description(trace, parsed=False)}
