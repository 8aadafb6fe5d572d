"""What AWS says of an execution beside its history: `describe-execution`, and the state machine that it ran.

`aws stepfunctions describe-execution` knows the name, the status and whole inputs and outputs; `describe-state-machine` and
`describe-state-machine-for-execution` know the definition. They are read from the same files as the events. What the history
lacks is taken from them; where both speak of one thing and differ, the history stands, and `mismatches` says so.
"""

from __future__ import annotations

import json
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, NamedTuple

from engine.trace import Trace
from engine.values import Json, same, text
from engine.world import timestamp

NEAR = 1_000
"""Milliseconds by which two clocks of the service may differ: dates come in whole seconds from some tools."""


@dataclass(frozen=True, slots=True)
class Described:
    """What was said, as far as it was; texts are None where nothing was. Inputs and outputs are JSON texts."""

    execution_arn: str | None = None
    machine_arn: str | None = None
    name: str | None = None
    status: str | None = None
    workflow_type: str | None = None
    input: str | None = None
    output: str | None = None
    error: str | None = None
    cause: str | None = None
    role_arn: str | None = None
    started: int | None = None
    """ms since 1970."""
    stopped: int | None = None
    machine_name: str | None = None
    definition: str | None = None
    """The text of a definition."""


class Mismatch(NamedTuple):
    """A field of which the description and the history say different things, as short texts."""

    field: str
    described: str
    recorded: str


def is_description(value: Json) -> bool:
    """Is this the answer of a describe call, or a bare definition, and no part of a history?"""
    return isinstance(value, dict) and "events" not in value and (_is_execution(value) or _is_machine(value))


def is_execution(value: Json) -> bool:
    """Does it describe an execution?"""
    return isinstance(value, dict) and "events" not in value and _is_execution(value)


def _is_execution(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("executionArn"), str) and "status" in value


def _is_machine(value: Mapping[str, Any]) -> bool:
    return isinstance(value.get("definition"), str) or ("StartAt" in value and isinstance(value.get("States"), dict))


def described(values: Sequence[Mapping[str, Any]], when: Callable[[Any], int]) -> Described | None:
    """What the answers say together; None when there are none. `when` reads a date as ms since 1970."""
    if not values:
        return None
    execution = next((value for value in values if _is_execution(value)), {})
    machine = next((value for value in values if not _is_execution(value)), {})

    def said(name: str) -> str | None:
        found = execution.get(name)
        return found if isinstance(found, str) and _included(execution, name) else None

    arn = said("executionArn") or ""
    machine_arn = said("stateMachineArn") or _text(machine, "stateMachineArn")
    kind = _text(machine, "type") or ("EXPRESS" if ":express:" in arn else "STANDARD" if arn else None)
    definition = machine.get("definition") if "StartAt" not in machine else json.dumps(machine)
    return Described(
        execution_arn=arn or None,
        machine_arn=machine_arn,
        name=said("name") or _part(arn, 7),
        status=said("status"),
        workflow_type=kind,
        input=said("input"),
        output=said("output"),
        error=said("error"),
        cause=said("cause"),
        role_arn=_text(machine, "roleArn"),
        started=_date(when(execution.get("startDate"))),
        stopped=_date(when(execution.get("stopDate"))),
        machine_name=_text(machine, "name") or _part(machine_arn or arn, 6),
        definition=definition if isinstance(definition, str) else None,
    )


def mismatches(told: Described, seen: Trace, last: int) -> Iterator[Mismatch]:
    """Where the description and the history of an execution differ. `last` is the wall clock of the last event."""
    status = "RUNNING" if seen.status == "WAITING" else seen.status
    texts = [
        ("status", told.status, status),
        ("type", told.workflow_type, seen.workflow_type),
        ("error", told.error, seen.error),
        ("cause", told.cause, seen.cause),
        ("roleArn", told.role_arn, seen.role_arn or None),
    ]
    for field, one, other in texts:
        if one is not None and (field in ("status", "type") or other is not None) and one != other:
            yield Mismatch(field, one, str(other))
    for field, given, value in (("input", told.input, seen.input), ("output", told.output, seen.output)):
        if given is None or (field == "output" and seen.status != "SUCCEEDED"):
            continue
        try:
            parsed = json.loads(given)
        except ValueError:
            parsed = given
        if not same(parsed, value):
            yield Mismatch(field, given, text(value))
    ended = last if seen.status != "WAITING" else None
    for field, date, clock in (("startDate", told.started, seen.started_at), ("stopDate", told.stopped, ended)):
        if date is not None and clock is not None and abs(date - clock) > NEAR:
            yield Mismatch(field, timestamp(date), timestamp(clock))


def strangers(values: Sequence[Mapping[str, Any]]) -> Mismatch | None:
    """A machine that is not the one which the described execution ran."""
    execution = next((value for value in values if _is_execution(value)), {})
    machine = next((value for value in values if not _is_execution(value)), {})
    one, other = _text(execution, "stateMachineArn"), _text(machine, "stateMachineArn")
    if one is None or other is None or _unversioned(one) == _unversioned(other):
        return None
    return Mismatch("stateMachineArn", one, other)


def _unversioned(arn: str) -> str:
    """Without the version or alias behind the name."""
    return ":".join(arn.split(":")[:7])


def _included(value: Mapping[str, Any], name: str) -> bool:
    """AWS leaves a large value out and says so: `"inputDetails": {"included": false}`."""
    details = value.get(f"{name}Details")
    return not (isinstance(details, Mapping) and details.get("included") is False)


def _date(ms: int) -> int | None:
    return ms if ms > 0 else None


def _part(arn: str, index: int) -> str | None:
    parts = arn.split(":")
    return parts[index] if len(parts) > index else None


def _text(value: Mapping[str, Any], name: str) -> str | None:
    found = value.get(name)
    return found if isinstance(found, str) else None
