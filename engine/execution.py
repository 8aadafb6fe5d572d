"""A run: lines of work over one virtual clock, written down as a trace.

A line is a generator that walks a flow, state by state. It runs until it has to wait and says until when; a join wakes the
line that opened it when its branches or iterations are done. What happens at the same virtual time happens in the order
in which it was asked for, so the same machine, input and world give the same trace.
"""

from __future__ import annotations

import gc
import hashlib
from collections import deque
from collections.abc import Generator, Mapping
from dataclasses import replace
from functools import cached_property
from random import Random
from types import MappingProxyType
from typing import Any, NoReturn
from uuid import UUID

from engine.clock import Clock
from engine.dataflow import visit
from engine.errors import RUNTIME, TIMEOUT, StatesError
from engine.model import Flow, Machine, Map, State
from engine.note import Brief, Edited, Note, Quiet
from engine.trace import Call, FrameKind, Reply, Status, Trace
from engine.values import Json, Sizes
from engine.world import EXPRESS_SECONDS, STANDARD_SECONDS, World, timestamp

ABORTABLE = frozenset(("Task", "Wait", "Parallel", "Map"))
"""Types that leave a …StateAborted event when a sibling's failure stops them."""


NOTES: Mapping[str, type[Note]] = {"stages": Note, "visits": Brief, "outcome": Quiet}
"""How much is written down, by `World.record`."""

NO_CHILDREN: Mapping[int, tuple[Trace, ...]] = MappingProxyType({})


class Over(Exception):
    """The execution ended inside one of its lines: whatever is under way stops where it is."""


def run(machine: Machine, input: Json, world: World) -> Trace:
    """Run `machine` on `input` to its end, or to where it waits for an answer that nobody has given.

    The cyclic garbage collector pauses meanwhile: a trace only grows, and walking it again and again costs as much as
    making it.
    """
    collecting = gc.isenabled()
    gc.disable()
    try:
        return Run(machine, input, world).go()
    finally:
        if collecting:
            gc.enable()


def walk(run: Run, line: Line, flow: Flow, raw: Json) -> Generator[int | None, None, Json]:
    """From the first state of a flow to its last: the output of each is the input of the next."""
    following: str | None = flow.start_at
    states = flow.states
    while following is not None:
        state = states.get(following)
        if state is None:  # a definition that AWS would refuse runs up to where it is broken
            raise StatesError(RUNTIME, f"There is no state '{following}' in this flow to go on to.")
        raw, following = yield from visit(run, line, state, raw)
    return raw


class Line:
    """One line of work: the execution, a branch or an iteration, while it lasts."""

    __slots__ = (
        "address",
        "alive",
        "error",
        "frame",
        "index",
        "item",
        "iteration",
        "join",
        "note",
        "variables",
        "work",
    )

    def __init__(
        self, frame: int, index: int, join: Join | None, above: Line | None, item: dict[str, Json] | None
    ) -> None:
        self.frame = frame
        self.index = index
        self.join = join
        self.alive = True
        self.note: Note | None = None
        self.error: StatesError | None = None
        self.work: Generator[int | None, None, Json]
        if above is None or join is None:
            self.address = ""
            self.item = item
            self.iteration: Mapping[str, int] = {}
            self.variables: dict[str, Json] = {}
        else:
            self.address = f"{join.address}[{index}]/"
            self.item = above.item if item is None else item
            self.iteration = above.iteration
            self.variables = above.variables

    @property
    def visit(self) -> int:
        """Where it is."""
        return self.note.id if self.note is not None else -1

    def stop(self) -> None:
        """Stop where it is: its state leaves an Aborted event, and so do the lines under it."""
        self.alive = False
        note = self.note
        if note is None or note.left:
            return
        if note.state.type in ABORTABLE:
            note.event("aborted", note.state.name)
        if note.join is not None and self.error is None:
            note.join.stop()


class Join:
    """The branches or iterations of one Parallel or Map, and the line that waits for them."""

    __slots__ = ("address", "asleep", "failure", "freed", "last", "lines", "note", "results", "run")

    def __init__(self, run: Run, note: Note, count: int) -> None:
        self.run = run
        self.note = note
        self.results: list[Json] = [None] * count
        self.lines: dict[int, Line] = {}
        """What has not ended well, by frame."""
        self.failure: Line | None = None
        self.last = -1
        """The frame that ended last."""
        self.freed: deque[int] = deque()
        """Frames whose end made room, oldest first."""
        self.asleep = False
        self.address = f"{note.line.address}{note.state.name}#{note.number}@{note.attempt}"

    def sleep(self) -> Generator[int | None, None, None]:
        """Wait until a line ends."""
        self.asleep = True
        yield None

    def over(self, line: Line) -> None:
        """A line ended, well or not. The waiting line goes on at this time, after all that is due before it."""
        line.alive = False
        if line.error is not None:
            self.failure = self.failure or line
        else:
            del self.lines[line.frame]
            self.last = line.frame
            if self.note.state.type == "Map":
                self.note.event("iterationSucceeded", line.frame, line.index)
                self.freed.append(line.frame)
        if self.asleep:
            self.asleep = False
            self.run.clock.later(self.run.clock.now, self.note.line)

    def close(self) -> list[Json]:
        """The results; or the error of the line that failed first, with everything that still ran stopped."""
        failure = self.failure
        if failure is None:
            self.note.mark("joined", "succeeded", self.last)
            return self.results
        self.note.mark("stopping", None, failure.frame)
        self.stop(failure)
        self.note.mark("joined", "failed", failure.frame)
        assert failure.error is not None
        raise failure.error

    def stop(self, failure: Line | None = None) -> None:
        """End every line, the one that failed first before the others (order as recorded)."""
        lines = [line for line in self.lines.values() if line is not failure]
        for line in [failure, *lines] if failure else lines:
            if self.note.state.type == "Map":
                kind = "iterationFailed" if line is failure else "iterationAborted"
                self.note.event(kind, line.frame, line.index)
            line.stop()


class Run:
    """Everything that changes while a machine runs. What it leaves behind is a Trace."""

    def __init__(self, machine: Machine, input: Json, world: World) -> None:
        self.machine = machine
        self.input = input
        self.world = world
        self.clock = Clock()
        self.note = Edited if world.edits else NOTES[world.record]
        self.moments: list[tuple[Any, ...]] = []
        self.visits: list[tuple[int, State, int]] = []
        self.frames: list[tuple[FrameKind, int, int, int]] = []
        self.sizes = Sizes()
        self.tape: dict[str, Reply] = {}
        self.files: dict[str, str] = {}
        self.children: dict[int, list[Trace]] = {}
        self.waiting: list[int] = []
        """When the limits of parked tasks run out."""
        self.parked = 0
        self.events = 0
        self.limit = world.history_limit if world.workflow_type == "STANDARD" else world.express_limit
        self.calls: dict[str, int] = {}
        self.numbers: dict[str, int] = {}
        self.status: Status | None = None
        self.output: Json = None
        self.error: StatesError | None = None
        self._random: Random | None = None
        self.item: dict[str, Json] | None = None
        """`$$.Map.Item` of a child execution."""

    def go(self) -> Trace:
        """From ExecutionStarted to the end, or to where nobody answers."""
        self.events = 1
        self.moments.append(("started", 0, -1, self.world.name, self.input, 1))
        self.frames.append(("execution", -1, 0, -1))
        line = Line(0, 0, None, None, self.item)
        line.work = walk(self, line, self.machine.flow, self.input)
        try:
            self.step(line)
            self._drive()
        except Over:
            pass
        return self._trace()

    def _drive(self) -> None:
        """Whatever is due next, until the execution is over or nobody answers."""
        stop = self.world.stop
        deadline = 1000 * (EXPRESS_SECONDS if self.world.workflow_type == "EXPRESS" else STANDARD_SECONDS)
        if self.machine.timeout_seconds is not None:
            deadline = min(deadline, 1000 * self.machine.timeout_seconds)
        while self.status is None:
            due = self.clock.due()
            if due is None or (self.waiting and due > min(self.waiting)):
                if stop is not None:
                    self.finish_by("ABORTED", stop.at, StatesError(stop.error, stop.cause))
                elif self.parked:
                    self.status = "WAITING"
                else:
                    raise AssertionError("nothing is due and nobody waits")
            elif stop is not None and due > stop.at:
                self.finish_by("ABORTED", stop.at, StatesError(stop.error, stop.cause))
            elif due > deadline:
                self.finish_by("TIMED_OUT", deadline, StatesError(TIMEOUT))
            else:
                next_line = self.clock.advance()
                assert isinstance(next_line, Line)
                if next_line.alive:
                    self.step(next_line)

    def step(self, line: Line) -> None:
        """Let a line go on until it waits or ends."""
        try:
            wake = next(line.work)
        except StopIteration as ended:
            self._ended(line, ended.value)
        except StatesError as error:
            line.error = error
            if error.fatal or line.join is None:
                self.finish("FAILED", None, error, line.visit)
                raise Over from None
            line.join.over(line)
        else:
            if wake is not None:
                self.clock.later(wake, line)

    def _ended(self, line: Line, output: Json) -> None:
        if line.join is None:
            self.finish("SUCCEEDED", output, None, line.visit)
        else:
            line.join.results[line.index] = output
            line.join.over(line)

    def finish(self, status: Status, output: Json, error: StatesError | None, visit: int) -> None:
        """The execution is over, by what happened in `visit`; nothing that was still under way goes on."""
        if self.status is not None:
            return
        self.status, self.output, self.error = status, output, error
        value = output if error is None else (error.name, error.cause)
        self.events += 1
        self.moments.append(("ended", self.clock.now, visit, status, value, self.events))

    def finish_by(self, status: Status, at: int, error: StatesError) -> None:
        """The execution is ended from outside, at a time of its own."""
        self.clock.now = max(self.clock.now, at)
        self.finish(status, None, error, -1)

    # What a visit asks of its run.

    def full(self) -> NoReturn:
        """The history is full: its last event is the failure that says so (measured). Express just runs out of time."""
        self.events -= 1
        if self.world.workflow_type == "EXPRESS":
            self.finish_by("TIMED_OUT", 1000 * EXPRESS_SECONDS, StatesError(TIMEOUT))
            raise Over
        cause = f"The execution reached the maximum number of history events ({self.limit})."
        self.finish("FAILED", None, StatesError(RUNTIME, cause), self.moments[-1][2] if self.moments else -1)
        raise Over

    def join(self, note: Note, count: int) -> Join:
        """A place where `count` lines will meet; the line of `note` waits there."""
        note.join = join = Join(self, note, count)
        return join

    def open(
        self,
        join: Join,
        kind: FrameKind,
        index: int,
        flow: Flow,
        raw: Json,
        item: dict[str, Json] | None = None,
        after: int = -1,
    ) -> Line:
        """A new line of work under a join. It does not move before its first `step`."""
        frame = len(self.frames)
        self.frames.append((kind, join.note.id, index, after))
        line = Line(frame, index, join, join.note.line, item)
        if kind == "iteration":
            line.iteration = {**line.iteration, join.note.state.name: index}
            join.note.event("iterationStarted", frame, index)
        line.work = walk(self, line, flow, raw)
        join.lines[frame] = line
        return line

    def answer(self, call: Call) -> Reply | None:
        """The tape first, then whoever answers in this world. What came is kept."""
        reply = self.world.tape.get(call.key)
        if reply is None:
            reply = self.world.connector(call)
        if reply is not None:
            self.tape[call.key] = reply
        return reply

    def park(self, note: Note, call: Call) -> None:
        """Nobody answers. The run goes on elsewhere, but not past the time at which this task would time out."""
        note.mark("parked", None, call)
        self.parked += 1
        limits = [seconds for seconds in (call.timeout_seconds, call.heartbeat_seconds) if seconds is not None]
        if limits:
            self.waiting.append(self.clock.now + 1000 * min(limits))

    def count_call(self, state: str) -> int:
        """How often this state has called out before, in the whole execution (the counter of mock files)."""
        count = self.calls.get(state, 0)
        self.calls[state] = count + 1
        return count

    def number(self, address: str) -> int:
        """A number for this visit among those to the same state in the same line: stable from run to run."""
        number = self.numbers.get(address, 0)
        self.numbers[address] = number + 1
        return number

    @cached_property
    def context(self) -> dict[str, Json]:
        """The part of the context object that stays the same for the whole execution."""
        world = self.world
        execution: dict[str, Json] = {
            "Id": world.execution_arn,
            "Input": self.input,
            "StartTime": timestamp(world.start),
            "Name": world.name,
            "RoleArn": world.role_arn,
        }
        if world.workflow_type == "STANDARD":
            execution["RedriveCount"] = 0
        return {"Execution": execution, "StateMachine": {"Id": world.machine_arn, "Name": world.machine_name}}

    @property
    def random(self) -> Random:
        """The dice of this run, seeded by the world."""
        if self._random is None:
            self._random = Random(self.world.seed)
        return self._random

    def uuid(self, *of: object) -> str:
        """An identifier that is always the same for the same thing in the same run."""
        digest = hashlib.sha256(repr((self.world.seed, self.world.name, *of)).encode()).digest()
        return str(UUID(bytes=digest[:16], version=4))

    def child(
        self, note: Note, state: Map, index: int, value: Json, item: dict[str, Json], label: str, start: int
    ) -> Trace:
        """A child execution of a distributed Map, run to its end on a clock of its own from `start` on."""
        world = self.world
        inner = Run(
            Machine(state.processor, self.machine.language, self.machine.document),
            value,
            replace(
                world,
                start=world.start + start,
                name=self.uuid(note.line.address, state.name, note.number, note.attempt, index),
                machine_name=f"{world.machine_name}/{label}",
                workflow_type=state.execution_type,
                stop=None,
            ),
        )
        inner.item = item or None
        inner.calls = self.calls
        trace = inner.go()
        self.tape.update(inner.tape)
        self.parked += inner.parked
        if world.record != "outcome":
            self.children.setdefault(note.id, []).append(trace)
        return trace

    def map_run_arn(self, label: str, *of: object) -> str:
        world = self.world
        run = self.uuid("map run", label, *of)
        return f"arn:aws:states:{world.region}:{world.account}:mapRun:{world.machine_name}/{label}:{run}"

    def _trace(self) -> Trace:
        assert self.status is not None
        return Trace(
            self.machine,
            self.input,
            tuple(self.moments),
            tuple(self.frames),
            tuple(self.visits),
            self.status,
            self.output,
            self.error.name if self.error else None,
            self.error.cause if self.error else None,
            self.clock.now,
            MappingProxyType(self.tape),
            self.events,
            {visit: tuple(traces) for visit, traces in self.children.items()} if self.children else NO_CHILDREN,
            self.world,
        )
