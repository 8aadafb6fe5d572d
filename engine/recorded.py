"""Executions that ran on AWS, opened from their history and walked through like a run of our own.

`read` takes what people have: the JSON of `aws stepfunctions get-execution-history`, the console's export, pages one after
another, newest first, or the log lines of an Express workflow. `outline` draws a definition out of the events where none is
at hand. `trace` makes a Trace of it: with values where the history has them, that is at the borders of states and at the
calls of tasks. `replies` are the recorded answers, in order: run a definition with them, and every stage between is there.
"""

from __future__ import annotations

import json
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Any

from engine.described import Described, Mismatch, described, is_description, is_execution, strangers
from engine.described import mismatches as differing
from engine.model import Flow, Machine, State
from engine.parse import parse
from engine.trace import Call, Reply, Status, Trace
from engine.values import Json
from engine.world import Answer, World

Event = Mapping[str, Any]

LARGEST = 64 * 1024 * 1024
MOST_EVENTS = 1_000_000
LATEST = 253_402_300_799_000
"""ms since 1970: the end of the year 9999."""
STATE_TYPES = ("Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map")
ENDS: dict[str, Status] = {
    "ExecutionSucceeded": "SUCCEEDED",
    "ExecutionFailed": "FAILED",
    "ExecutionTimedOut": "TIMED_OUT",
    "ExecutionAborted": "ABORTED",
}
BORDERS = {"ExecutionStarted": "started", "ExecutionRedriven": "retry", **dict.fromkeys(ENDS, "ended")}
"""Events of the execution as a whole. A redrive goes on with the state that failed, as a retry does."""
KINDS = {
    "ParallelStateStarted": "branchesStarted",
    "ParallelStateSucceeded": "branchesSucceeded",
    "ParallelStateFailed": "branchesFailed",
    "MapStateStarted": "mapStarted",
    "MapStateSucceeded": "mapSucceeded",
    "MapStateFailed": "mapFailed",
    "MapRunStarted": "mapRunStarted",
    "MapRunSucceeded": "mapRunSucceeded",
    "MapRunFailed": "mapRunFailed",
    "MapIterationStarted": "iterationStarted",
    "MapIterationSucceeded": "iterationSucceeded",
    "MapIterationFailed": "iterationFailed",
    "MapIterationAborted": "iterationAborted",
    "EvaluationFailed": "evaluationFailed",
}
WORK = {"Task": "service", "LambdaFunction": "lambda", "Activity": "activity"}
STEPS = {
    "Scheduled": "scheduled",
    "Started": "begun",
    "Submitted": "submitted",
    "Succeeded": "succeeded",
    "Failed": "failed",
    "TimedOut": "timedOut",
    "ScheduleFailed": "failed",
    "StartFailed": "failed",
    "SubmitFailed": "failed",
}


_CALLS = frozenset(STEPS.values())


class NoHistory(ValueError):
    """The text is no history that can be opened; the message is one sentence that says why and what would be right."""


@dataclass(frozen=True, slots=True)
class Recorded:
    """The events of one execution, oldest first, with ids 1, 2, 3 …"""

    events: tuple[Event, ...]
    express: bool = False
    described: Described | None = None
    """What stood beside the events: the answers of describe calls."""
    strange: Mismatch | None = None
    """A state machine among them that is not the one of the execution."""

    @property
    def started_at(self) -> int:
        """ms since 1970."""
        return _ms(self.events[0].get("timestamp"))


def read(text: str) -> Recorded:
    """The history in `text`. Raises NoHistory."""
    if len(text) > LARGEST:
        raise NoHistory(f"The history has {len(text):,} characters; up to {LARGEST:,} can be opened.")
    found: dict[int, Event] = {}
    told: list[dict[str, Any]] = []
    express = False
    for value in _values(text):
        if is_description(value):
            told.append(value)
            continue
        for entry in map(_unwrapped, _entries(value)):
            express = express or "event_timestamp" in entry
            event = _event(_from_log(entry) if "event_timestamp" in entry else entry)
            number = event["id"]
            if found.setdefault(number, event) != event:
                raise NoHistory(
                    f"Two events have the number {number} and are not the same: these pages belong to several executions."
                )
    if told and not found:
        raise NoHistory(_no_events(told))
    if not found:
        raise NoHistory(
            "There are no events in this file. A history is an object with a list 'events', as "
            "`aws stepfunctions get-execution-history` prints it."
        )
    events = tuple(found[number] for number in sorted(found))
    if events[0]["type"] != "ExecutionStarted":
        raise NoHistory(
            f"The history begins with event {events[0]['id']}, {events[0]['type']}: its first pages are missing. "
            "Fetch all pages, or leave out --max-results."
        )
    missing = next((number for number in range(1, len(events) + 1) if number not in found), None)
    if missing is not None and not express:
        raise NoHistory(f"Event {missing} is missing between the others; the file was cut or a page of it is not here.")
    said = described(told, _ms)
    if said is not None:
        first, *between, last = events if len(events) > 1 else (*events, events[0])
        if last["type"] == "ExecutionSucceeded":
            last = _filled(last, "output", said.output)
        events = (_filled(first, "input", said.input), *between, *([last] if len(events) > 1 else []))
    recorded = Recorded(events, express, said, strangers(told))
    _check(recorded)
    return recorded


def _event(entry: Event) -> Event:
    """The entry with numbers where numbers belong. Raises NoHistory for what is no event."""
    if entry.get("id") is None or not isinstance(entry.get("type"), str):
        raise NoHistory("An entry has no id or no type, so this is no execution history of Step Functions.")
    number = _number(entry["id"])
    if number is None or not 1 <= number <= MOST_EVENTS:
        raise NoHistory(f"An event has the id {_short(entry['id'])}; ids count from 1.")
    before = _number(entry.get("previousEventId") or 0)
    if before is None:
        raise NoHistory(
            f"Event {number} has the previousEventId {_short(entry['previousEventId'])}, which is no number."
        )
    told = {**entry, "id": number, "previousEventId": before}
    if not 0 <= _ms(entry.get("timestamp")) <= LATEST:
        raise NoHistory(f"Event {number} has the timestamp {_short(entry.get('timestamp'))}, which is no date.")
    held = details(told)
    for name in ("name", "state", "error", "cause", "resource", "resourceType", "location"):
        if not isinstance(held.get(name, ""), str | None):
            raise NoHistory(f"Event {number} has the {name} {_short(held[name])}, which is no text.")
    for name in ("index", "length"):
        if name in held and _number(held[name]) is None:
            raise NoHistory(f"Event {number} has the {name} {_short(held[name])}, which is no number.")
    return told


def _check(recorded: Recorded) -> None:
    """Everything but the beginning and the end happens in a state, and calls happen in tasks. Raises NoHistory."""
    opened: set[tuple[int, Any]] = set()
    """Maps that have started, and their items."""
    for line in _Places(recorded).lines:
        item = details(line.event).get("index") if line.kind.startswith("iteration") else None
        if line.kind in ("mapStarted", "iterationStarted"):
            opened.add((line.visit, item))
        alone = line.visit < 0 and line.kind not in ("started", "ended")
        stray = line.kind.startswith("iteration") and not {(line.visit, None), (line.visit, item)} <= opened
        if alone or stray or (line.kind in _CALLS and line.type != "Task"):
            raise NoHistory(
                f"Event {line.event['id']}, {line.event['type']}, belongs to no state that was entered before it; "
                "the history is not whole."
            )


def _number(value: Any) -> int | None:
    """A whole number, also one in a text."""
    if isinstance(value, str):
        return int(value) if value.isascii() and value.isdigit() and len(value) < 16 else None
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _short(value: Any) -> str:
    shown = json.dumps(value, ensure_ascii=False, default=str)
    return shown if len(shown) <= 40 else shown[:39] + "…"


def _filled(event: Event, name: str, value: str | None) -> Event:
    """The event with a value that its history leaves out or cuts short."""
    held = details(event)
    of = held.get(f"{name}Details")
    lacks = name not in held or (isinstance(of, Mapping) and of.get("truncated") is True)
    return {**event, _member(str(event["type"])): {**held, name: value}} if lacks and value is not None else event


def mismatches(recorded: Recorded) -> tuple[Mismatch, ...]:
    """Where the describe answers and the events say different things. The events stand."""
    if recorded.described is None:
        return ()
    found = differing(recorded.described, trace(recorded), _ms(recorded.events[-1].get("timestamp")))
    return (*((recorded.strange,) if recorded.strange else ()), *found)


def _no_events(told: list[dict[str, Any]]) -> str:
    if any(map(is_execution, told)):
        return (
            "This describes an execution, and has none of its events. Drop it together with the output of "
            "`aws stepfunctions get-execution-history`, or after it."
        )
    named = ", ".join(list(told[0])[:5])
    return (
        f"This is a definition, but no execution history (found: {named}). A history is an object with a list 'events'."
    )


def _values(text: str) -> Iterator[Json]:
    """JSON values one after another, whatever white space or commas stand between."""
    decoder = json.JSONDecoder()
    at = 0
    while True:
        while at < len(text) and text[at] in " \t\r\n,\ufeff":
            at += 1
        if at == len(text):
            return
        try:
            value, at = decoder.raw_decode(text, at)
        except ValueError as wrong:
            line, column = text.count("\n", 0, at) + 1, at - text.rfind("\n", 0, at)
            raise NoHistory(
                f"The text at line {line}, column {column} is not whole JSON: {getattr(wrong, 'msg', wrong)}. "
                "The file may have been cut; export the history again."
            ) from None
        except RecursionError:
            raise NoHistory("The JSON is nested too deeply for a history.") from None
        yield value


def _entries(value: Json) -> Iterator[dict[str, Any]]:
    listed = value.get("events", [value] if "type" in value else None) if isinstance(value, dict) else value
    if not isinstance(listed, list) or not all(isinstance(entry, dict) for entry in listed):
        named = ", ".join(list(value)[:5]) if isinstance(value, dict) else type(value).__name__
        raise NoHistory(
            f"This is JSON, but no execution history (found: {named}). A history is an object with a list 'events'."
        )
    yield from listed


def _unwrapped(entry: dict[str, Any]) -> dict[str, Any]:
    """The record within an answer of `aws logs filter-log-events`, where it is the text of a message."""
    message = entry.get("message")
    if "type" in entry or not isinstance(message, str):
        return entry
    try:
        found = json.loads(message)
    except (ValueError, RecursionError):
        return entry
    return found if isinstance(found, dict) else entry


def _from_log(entry: Mapping[str, Any]) -> Event:
    """A CloudWatch record of an Express execution: texts for numbers, `details` for the member with the event's name."""
    kind = str(entry.get("type"))
    event = {
        "id": entry.get("id"),
        "previousEventId": entry.get("previous_event_id"),
        "type": kind,
        "timestamp": (_number(entry.get("event_timestamp")) or 0) / 1000,
    }
    details = entry.get("details")
    return {**event, _member(kind): details} if isinstance(details, Mapping) else event


def _member(kind: str) -> str:
    for border in ("StateEntered", "StateExited"):
        if kind.endswith(border):
            return border[0].lower() + border[1:] + "EventDetails"
    return kind[0].lower() + kind[1:] + "EventDetails"


def details(event: Event) -> Mapping[str, Any]:
    """What the event says besides its type."""
    found = event.get(_member(str(event["type"])))
    return found if isinstance(found, Mapping) else {}


def outline(recorded: Recorded) -> dict[str, Json]:
    """A definition with the states and transitions that the events show; what did not happen is not in it."""
    states: dict[str, dict[str, Json]] = {}
    before: dict[int, str] = {}
    start = None
    for line in _Places(recorded).lines:
        if line.kind != "entered":
            continue
        made = states.setdefault(line.name, {"Type": line.type})
        if line.type == "Task":
            made.setdefault("Resource", _resource(recorded, line))
        if line.type in ("Parallel", "Map") or line.frame:
            continue
        earlier = before.get(line.frame)
        if earlier is None:
            start = line.name
        elif states[earlier]["Type"] == "Choice":
            rules = states[earlier].setdefault("Choices", [])
            if all(rule["Next"] != line.name for rule in rules):
                rules.append({"Variable": "$", "IsPresent": True, "Next": line.name})
        else:
            states[earlier]["Next"] = line.name
        before[line.frame] = line.name
    for state in states.values():
        if "Next" not in state and state["Type"] not in ("Choice", "Succeed", "Fail"):
            state["End"] = True
    return {"StartAt": start, "States": states}


def _resource(recorded: Recorded, line: _Line) -> str:
    """The ARN of a task, put together from the event that scheduled it."""
    for event in recorded.events[line.event["id"] : line.event["id"] + 3]:
        told = details(event)
        if event["type"] == "TaskScheduled":
            return f"arn:aws:states:::{told.get('resourceType')}:{told.get('resource')}"
        if event["type"] in ("LambdaFunctionScheduled", "ActivityScheduled"):
            return str(told.get("resource"))
    return "arn:aws:states:::unknown"


# Lines of work -------------------------------------------------------------------------------------------------------


@dataclass(frozen=True, slots=True)
class _Line:
    """An event with its place: which frame, which visit."""

    event: Event
    kind: str
    name: str
    type: str
    frame: int
    visit: int


class _Places:
    """Frames and visits, found by following what each event hangs on."""

    def __init__(self, recorded: Recorded) -> None:
        self.frames: list[tuple[Any, int, int, int]] = [("execution", -1, 0, -1)]
        self.visits: list[tuple[int, str, str]] = []
        """Frame, state and type of each."""
        self.of: dict[int, int] = {}
        """Visit by event."""
        self.iterations: dict[int, int] = {}
        """Frame by MapIterationStarted."""
        self.parallel = {int(event["id"]) for event in recorded.events if event["type"] == "ParallelStateStarted"}
        self.lines = tuple(map(self.place, recorded.events))

    def before(self, event: Event) -> int:
        """The visit of what an event hangs on, -1 for the execution."""
        return self.of.get(int(event.get("previousEventId") or 0), -1)

    def around(self, event: Event, name: str = "", kind: str = "") -> int:
        """The nearest visit with that name or type, from what `event` hangs on outwards; else the latest one."""
        at = self.before(event)
        while at >= 0 and not self.fits(at, name, kind):
            at = self.frames[self.visits[at][0]][1]
        if at >= 0:
            return at
        return next((visit for visit in range(len(self.visits) - 1, -1, -1) if self.fits(visit, name, kind)), -1)

    def fits(self, visit: int, name: str, kind: str) -> bool:
        _, found, of_type = self.visits[visit]
        return (not name or found == name) and (not kind or of_type == kind)

    def enter(self, event: Event, name: str, kind: str) -> int:
        previous = int(event.get("previousEventId") or 0)
        frame = self.iterations.get(previous)
        if frame is None:
            before = self.before(event)
            frame = self.visits[before][0] if before >= 0 else 0
            if previous in self.parallel:
                branch = sum(parent == before for _, parent, *_ in self.frames)
                frame = len(self.frames)
                self.frames.append(("branch", before, branch, -1))
        self.visits.append((frame, name, kind))
        return len(self.visits) - 1

    def place(self, event: Event) -> _Line:
        """Where an event stands, and which kind of moment it is."""
        kind, told, number = str(event["type"]), details(event), int(event["id"])
        state = next((one for one in STATE_TYPES if kind.startswith(f"{one}State")), "")
        name = str(told.get("name", told.get("state", "")))
        if kind.endswith("StateEntered"):
            visit, made = self.enter(event, name, state), "entered"
        elif kind.endswith("StateExited"):
            visit, made = self.around(event, name=name), "exited"
        elif kind.endswith("StateAborted"):
            visit, made = self.around(event, kind=state), "aborted"
        elif kind == "EvaluationFailed":  # it hangs on what came before its state was entered
            visit, made = self.around({}, name=name), KINDS[kind]
        elif kind in KINDS:
            owner = "Parallel" if kind.startswith("Parallel") else "Map"
            visit, made = self.around(event, name=name, kind=owner), KINDS[kind]
            if made == "iterationStarted":
                self.iterations[number] = len(self.frames)
                self.frames.append(("iteration", visit, int(told.get("index", 0)), -1))
        elif kind in BORDERS:
            visit, made = self.before(event), BORDERS[kind]
        else:
            how = next((one for one in WORK if kind.startswith(one)), "Task")
            visit, made = self.before(event), STEPS.get(kind[len(how) :], "begun")
        self.of[number] = visit
        frame, known, of_type = self.visits[visit] if visit >= 0 else (0, name, state)
        return _Line(event, made, known, of_type, frame, visit)


# What is made of it ---------------------------------------------------------------------------------------------------


def trace(recorded: Recorded, document: Json = None) -> Trace:
    """The execution as a Trace: moments at the borders of states and at the calls of tasks, with the recorded values.

    `document` is its definition where there is one; else `outline` stands for it. States that it does not know keep their
    recorded name and type.
    """
    places = _Places(recorded)
    drawn = document if document is not None else outline(recorded)
    machine, _ = parse(drawn)
    states = dict(_states(machine.flow)) if machine is not None else {}
    start = recorded.started_at
    moments: list[tuple[Any, ...]] = []
    visits: list[tuple[int, State, int]] = []
    for line in places.lines:
        if line.kind == "entered":
            known = states.get(line.name)
            state = known if known is not None and known.type == line.type else _unknown(line)
            visits.append((line.frame, state, len(moments)))
        moments.append(_moment(line, places, _ms(line.event.get("timestamp")) - start))
    told = recorded.described or Described()
    last = recorded.events[-1]
    end = details(last)
    status = ENDS.get(str(last["type"]), "WAITING")
    arns = [str(value) for value in (details(recorded.events[0]).get("roleArn"),) if value]
    world = World(
        start=start,
        workflow_type="EXPRESS" if recorded.express else "STANDARD",
        name=told.name or "recorded",
        machine_name=told.machine_name or World().machine_name,
        role_arn=arns[0] if arns else "",
    )
    return Trace(
        machine or Machine(Flow("", {}), "JSONPath", drawn),
        _parsed(details(recorded.events[0]).get("input", "{}")),
        tuple(moments),
        tuple(places.frames),
        tuple(visits),
        status,
        _parsed(end["output"]) if status == "SUCCEEDED" and "output" in end else None,
        end.get("error"),
        end.get("cause"),
        max(0, _ms(last.get("timestamp")) - start),
        MappingProxyType({}),
        len(recorded.events),
        MappingProxyType({}),
        world,
    )


def replies(recorded: Recorded) -> Answer:
    """The recorded answers as a connector: to each state in the order of its calls, to an iteration its own."""
    left: dict[str, list[tuple[dict[str, int], Reply | None]]] = {}
    places = _Places(recorded)
    begun: dict[int, int] = {}
    submitted: dict[int, Json] = {}
    for line in places.lines:
        told, at = details(line.event), _ms(line.event.get("timestamp"))
        if line.kind == "scheduled":
            begun[line.visit] = at
        elif line.kind == "submitted":
            submitted[line.visit] = _parsed(told.get("output", "{}"))
        elif line.kind in ("succeeded", "failed", "timedOut"):
            reply = Reply(
                output=_parsed(told["output"]) if "output" in told else None,
                failed=line.kind == "failed",
                timed_out=line.kind == "timedOut",
                error=told.get("error"),
                cause=told.get("cause"),
                delay=at - begun.get(line.visit, at),
                submitted=submitted.pop(line.visit, None),
                event=str(line.event["type"]) if line.kind == "failed" else None,
            )
            left.setdefault(line.name, []).append((_iterations(places, line.frame), reply))
            begun.pop(line.visit, None)
        elif line.kind == "aborted" and begun:  # the oldest call that has no answer was stopped before it had one
            visit = line.visit if line.visit in begun else next(iter(begun))
            del begun[visit]
            frame, name, _ = places.visits[visit]
            left.setdefault(name, []).append((_iterations(places, frame), None))

    def answer(call: Call) -> Reply | None:
        waiting = left.get(call.state, [])
        for index, (where, _) in enumerate(waiting):
            if all(call.iteration.get(name) == item for name, item in where.items()):
                return waiting.pop(index)[1]
        return None

    return answer


def _iterations(places: _Places, frame: int) -> dict[str, int]:
    found: dict[str, int] = {}
    while frame > 0:
        kind, parent, index, _ = places.frames[frame]
        if kind == "iteration":
            found[places.visits[parent][1]] = index
        frame = places.visits[parent][0]
    return found


def _moment(line: _Line, places: _Places, at: int) -> tuple[Any, ...]:
    told, number = details(line.event), int(line.event["id"])
    failure = (told.get("error"), told.get("cause"))
    name: Any = line.name
    value: Any = None
    match line.kind:
        case "started":
            name, value = "recorded", _parsed(told.get("input", "{}"))
        case "entered":
            value = _parsed(told.get("input", "{}"))
        case "exited":
            value = _parsed(told.get("output", "{}"))
        case "ended":
            name = ENDS[str(line.event["type"])]
            value = _parsed(told.get("output", "{}")) if name == "SUCCEEDED" else failure
        case "retry":
            name, value = 0, 0
        case "scheduled":
            name, value = _how(line), _call(line, told)
        case "begun":
            name = _how(line)
        case "submitted" | "succeeded":
            name, value = _how(line), _parsed(told.get("output", "{}"))
        case "failed" | "timedOut":
            name, value = _how(line), (*failure, str(line.event["type"]))
        case "evaluationFailed":
            name, value = told.get("location", ""), failure
        case "mapStarted":
            value = told.get("length")
        case "mapRunStarted":
            value = told.get("mapRunArn")
        case "mapRunFailed":
            value = failure
        case "iterationStarted" | "iterationSucceeded" | "iterationFailed" | "iterationAborted":
            value = told.get("index")
            frames = [frame for frame in places.frames if frame[1] == line.visit and frame[2] == value]
            name = places.frames.index(frames[-1]) if frames else -1
    return (line.kind, at, line.visit, name, value, number)


def _how(line: _Line) -> str:
    kind = str(line.event["type"])
    return next((how for start, how in WORK.items() if kind.startswith(start)), "service")


def _call(line: _Line, told: Mapping[str, Any]) -> Call:
    resource = told.get("resource")
    arn = f"arn:aws:states:::{told['resourceType']}:{resource}" if "resourceType" in told else str(resource)
    given = _parsed(told.get("parameters", told.get("input", "{}")))
    return Call(f"recorded#{line.event['id']}", line.name, arn, given, 0, 0)


def _states(flow: Flow) -> Iterator[tuple[str, State]]:
    """Every state by its name, at any depth."""
    for name, state in flow.states.items():
        yield name, state
        for inner in (*getattr(state, "branches", ()), *filter(None, (getattr(state, "processor", None),))):
            yield from _states(inner)


def _unknown(line: _Line) -> State:
    """A state that the definition does not have, as the events show it."""
    machine, _ = parse({"StartAt": line.name, "States": {line.name: _SKELETONS.get(line.type, {"Type": line.type})}})
    assert machine is not None
    return machine.flow.states[line.name]


_EMPTY = {"StartAt": "-", "States": {"-": {"Type": "Succeed"}}}
_SKELETONS: dict[str, dict[str, Json]] = {
    "Task": {"Type": "Task", "Resource": "arn:aws:states:::unknown:unknown", "End": True},
    "Pass": {"Type": "Pass", "End": True},
    "Wait": {"Type": "Wait", "Seconds": 0, "End": True},
    "Choice": {"Type": "Choice", "Choices": [{"Variable": "$", "IsPresent": True, "Next": "-"}]},
    "Parallel": {"Type": "Parallel", "Branches": [_EMPTY], "End": True},
    "Map": {"Type": "Map", "ItemProcessor": _EMPTY, "End": True},
}


def _parsed(told: Any) -> Json:
    """Values are JSON texts in a history; where a tool has parsed them already they stay as they are."""
    if not isinstance(told, str):
        return told
    try:
        return json.loads(told)
    except ValueError:
        return told


def _ms(timestamp: Any) -> int:
    """ms since 1970 of what the CLI and the console write: seconds with a fraction, or ISO 8601; -1 for what is no date."""
    if isinstance(timestamp, (int, float)):
        return round(timestamp * 1000) if 0 <= timestamp <= LATEST else -1
    if timestamp is None:
        return 0
    try:
        moment = datetime.fromisoformat(str(timestamp).replace("Z", "+00:00"))
    except ValueError:
        return -1
    return round((moment if moment.tzinfo else moment.replace(tzinfo=UTC)).timestamp() * 1000)
