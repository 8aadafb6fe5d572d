"""What each type of state does between its input and its result.

A function per type, `work(note, state, given)`; `given` is the data after Parameters or Arguments. Types that take time are
generators: they yield the virtual time at which they want to go on, or None when somebody else will wake them (a join, or
nobody yet).
"""

from __future__ import annotations

from collections.abc import Callable, Generator
from typing import Any

from engine.errors import HEARTBEAT_TIMEOUT, QUERY_EVALUATION, TIMEOUT, StatesError, runtime
from engine.expressions.timestamps import nanoseconds
from engine.mapping import work_map
from engine.model import Choice, Fail, Parallel, Pass, Succeed, Task, Wait
from engine.note import Note, select
from engine.trace import Call, Reply
from engine.values import Json, text
from engine.world import STANDARD_SECONDS

Steps = Generator[int | None, None, Json]


def work_pass(note: Note, state: Pass, given: Json) -> Json:
    """Result, taken literally, or what came in."""
    return given if state.result is None else note.stage("result", state.result.evaluate(given, note))


def work_choice(note: Note, state: Choice, given: Json) -> Json:
    """The first rule that holds names the next state; its Assign and Output come with it, the state's with Default."""
    for index, rule in enumerate(state.rules):
        if rule.holds.evaluate(given, note):
            note.mark("rule", None, index)
            note.goes, note.rule = rule.next, rule
            return given
    note.mark("rule", None, None)
    if state.default is None:
        raise runtime("Failed to transition out of the state. The state does not point to a next state.")
    note.goes = state.default
    return given


def work_wait(note: Note, state: Wait, given: Json) -> Steps:
    """Until then; a time in the past is no wait. Fractions of a second are cut off (ASL specification, "Wait")."""
    now = note.run.clock.now
    if state.seconds is not None:
        until = now + 1000 * int(state.seconds.evaluate(given, note))
    elif state.timestamp is not None:
        until = instant(state, state.timestamp.evaluate(given, note)) - note.run.world.start
    else:
        until = now
    if until - now > STANDARD_SECONDS * 1000:
        raise runtime("Wait state delay is too long.")
    if until > now:
        yield until
    return given


def instant(state: Wait, timestamp: Json) -> int:
    """A timestamp in whole seconds, as ms since 1970. What is none can only come out of a JSONata expression here."""
    since = nanoseconds(timestamp) if isinstance(timestamp, str) else None
    if since is None:
        shown = timestamp if isinstance(timestamp, str) else text(timestamp)
        raise StatesError(
            QUERY_EVALUATION,
            "The Timestamp field cannot be parsed as an ISO-8601 extended offset date-time format string: " + shown,
            framed=True,
            location="Timestamp",
        )
    return since // 1_000_000_000 * 1000


def work_succeed(note: Note, state: Succeed, given: Json) -> Json:
    """Nothing: what came in goes out."""
    return given


def work_fail(note: Note, state: Fail, given: Json) -> Json:
    """Fail with the state's own error; absent fields stay absent."""
    error = None if state.error is None else state.error.evaluate(note.raw, note)
    cause = None if state.cause is None else state.cause.evaluate(note.raw, note)
    raise StatesError(error, cause, fatal=False)


def work_parallel(note: Note, state: Parallel, given: Json) -> Steps:
    """Every branch gets the same input; the results stand in the order of the definition."""
    if given is not note.raw:
        note.checked(given, state.name)
    note.event("branchesStarted", state.name)
    run = note.run
    join = run.join(note, len(state.branches))
    lines = [run.open(join, "branch", index, branch, given) for index, branch in enumerate(state.branches)]
    for line in lines:
        run.step(line)
    while join.lines and not join.failure:
        yield from join.sleep()
    result = join.close()
    note.joined = True
    note.event("branchesSucceeded", state.name)
    return note.stage("result", result)


def work_task(note: Note, state: Task, given: Json) -> Steps:
    """Ask the outside and take its answer, its error, its silence."""
    call = ask(note, state, given)
    how = state.resource.how
    note.event("scheduled", how, call)
    reply = note.run.answer(call)
    if reply is not None and reply.event is not None and reply.event.endswith("ScheduleFailed"):
        raise failed(note, how, reply)
    note.event("begun", how, reply.worker if reply else None)
    if reply is None:
        note.run.park(note, call)
        yield None
        raise AssertionError("a parked task was woken")  # only a replay with an answer goes on
    if state.resource.pattern and (reply.submitted is not None or not reply.failed):
        note.event("submitted", how, {} if reply.submitted is None else reply.submitted)
    ends, late, beats = due(call, reply, note.run.clock.now, note.run.world.task_delay)
    for beat in beats:
        yield beat
        note.mark("heartbeat", how)
    if ends > note.run.clock.now or note.line.join is not None:
        yield ends
    if late is not None:
        note.event("timedOut", how, (TIMEOUT, None))
        raise StatesError(TIMEOUT, also=late)
    if reply.failed:
        raise failed(note, how, reply)
    note.checked(reply.output, state.resource.arn if how != "service" else state.resource.resource_type)
    note.event("succeeded", how, reply.output)
    return note.stage("result", reply.output)


def ask(note: Note, state: Task, given: Json) -> Call:
    """The call as the outside sees it, with everything that is evaluated before it is made."""
    if given is not note.raw:
        note.checked(given, state.name)
    effective = given if state.parameters is None else select(state.input_path, note.raw, note)
    timeout = heartbeat = role = None
    if state.timeout_seconds is not None:
        timeout = int(state.timeout_seconds.evaluate(effective, note))
    if state.heartbeat_seconds is not None:
        heartbeat = int(state.heartbeat_seconds.evaluate(effective, note))
    if state.credentials is not None:
        credentials = state.credentials.evaluate(effective, note)
        role = credentials.get("RoleArn") if isinstance(credentials, dict) else None
    line, name = note.line, state.name
    key = f"{line.address}{name}#{note.number}@{note.attempt}"
    number = note.run.count_call(name)
    arn, now = state.resource.arn, note.run.clock.now
    return Call(key, name, arn, given, note.attempt, number, now, note.token, timeout, heartbeat, role, line.iteration)


def due(call: Call, reply: Reply, began: int, usual: int) -> tuple[int, str | None, list[int]]:
    """When a task is over, which clock ran out before its answer came (the name of that error), and its heartbeats.

    TimeoutSeconds runs from the start, HeartbeatSeconds from the start or the last heartbeat. `usual` is the delay of a
    reply that names none. A reply that says only "timed out" takes whatever limit comes first.
    """
    answer = began + (usual if reply.delay is None else reply.delay)
    if call.timeout_seconds is None and call.heartbeat_seconds is None:
        beats = [began + beat for beat in reply.heartbeats if beat < answer - began]
        return answer, TIMEOUT if reply.timed_out else None, beats
    timeout = began + call.timeout_seconds * 1000 if call.timeout_seconds is not None else None
    silence = began + call.heartbeat_seconds * 1000 if call.heartbeat_seconds is not None else None
    beats = []
    for beat in reply.heartbeats:
        at = began + beat
        if at >= answer or (timeout is not None and at >= timeout) or (silence is not None and at > silence):
            break
        beats.append(at)
        if call.heartbeat_seconds is not None:
            silence = at + call.heartbeat_seconds * 1000
    limits = [(at, name) for at, name in ((timeout, TIMEOUT), (silence, HEARTBEAT_TIMEOUT)) if at is not None]
    first, name = min(limits, default=(answer, TIMEOUT))
    if reply.timed_out or first < answer:
        return first, name, beats
    return answer, None, beats


def failed(note: Note, how: str, reply: Reply) -> StatesError:
    """The task's own error, written down."""
    note.event("failed", how, (reply.error, reply.cause, reply.event))
    return StatesError(reply.error, reply.cause)


AT_ONCE: dict[str, Callable[[Note, Any, Json], Json]] = {
    "Pass": work_pass,
    "Choice": work_choice,
    "Succeed": work_succeed,
    "Fail": work_fail,
}
OVER_TIME: dict[str, Callable[[Note, Any, Json], Steps]] = {
    "Task": work_task,
    "Wait": work_wait,
    "Parallel": work_parallel,
    "Map": work_map,
}
