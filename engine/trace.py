"""The record of one run: a trace is a tuple of moments, and time travel is an index into it.

A *frame* is one line of work: the execution itself, a Parallel branch, a Map iteration, a child execution. A *visit* is
one stay in one state within a frame (a state in a loop is visited often; a retried state is visited once). A *moment* is
one thing that happened. Everything shown to a person — history, cost, colours, lineage — is computed from here.

Moments are recorded as plain tuples, because a dozen are made per state, and read as `Moment`.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property
from types import MappingProxyType
from typing import TYPE_CHECKING, Any, Literal, NamedTuple

from engine.values import Json

if TYPE_CHECKING:
    from engine.model import Machine, State
    from engine.world import World

Status = Literal["SUCCEEDED", "FAILED", "TIMED_OUT", "ABORTED", "WAITING"]
"""How a run stands. WAITING is ours: a task has been called and nobody has answered yet."""

FrameKind = Literal["execution", "branch", "iteration", "child"]


class Moment(NamedTuple):
    """One thing that happened.

    | kind | name | value | event |
    |---|---|---|---|
    | `started` | execution name | input | ExecutionStarted |
    | `entered` | state | raw input | …StateEntered |
    | `stage` | stage, as in AWS's inspection data: `afterInputPath`, `afterParameters`, `afterArguments`, `afterItemsPath`, `afterItemReader` (ours: the items that were read), `afterItemSelector`, `afterItemBatcher`, `result`, `afterResultSelector`, `afterResultPath`, `output`, `afterCatch` | the value after it | none |
    | `rule` | — | index of the Choice rule that held, None for Default | none |
    | `scheduled` | how: `lambda`, `activity`, `service` | `Call` | …Scheduled |
    | `begun` | how | worker name or None | …Started |
    | `submitted` | how | response of the start call | TaskSubmitted |
    | `parked` | how | `Call` that nobody has answered | none |
    | `heartbeat` | how | None | none |
    | `succeeded` | how | result | …Succeeded |
    | `failed` | how | (error, cause) | …Failed or the event the reply named |
    | `timedOut` | how | (error, cause) | …TimedOut |
    | `evaluationFailed` | location | (error, cause) | EvaluationFailed |
    | `retry` | index of the retrier | delay in ms before the next attempt | none |
    | `caught` | index of the catcher | (error, cause) | none |
    | `assigned` | — | {variable: value} written by this state | none |
    | `exited` | state | output | …StateExited |
    | `branchesStarted`, `branchesSucceeded`, `branchesFailed` | state | None | ParallelState… |
    | `mapStarted`, `mapSucceeded`, `mapFailed` | state | number of items on started | MapState… |
    | `iterationStarted`, `iterationSucceeded`, `iterationFailed`, `iterationAborted` | frame | index | MapIteration… |
    | `stopping` | — | the frame whose failure stops its siblings | none |
    | `joined` | `succeeded` or `failed` | the frame that decided it | none |
    | `mapRunStarted`, `mapRunSucceeded`, `mapRunFailed` | state | map run ARN; (error, cause) on failed | MapRun… |
    | `aborted` | state | None | …StateAborted |
    | `ended` | status | output, or (error, cause) | Execution… |

    A field that a state does not have changes nothing and makes no moment: its stage has the value of the one before.
    `aborted` and the iteration moments stand at the visit of the Map; `ended` at the visit that failed.
    """

    kind: str
    at: int
    """Virtual milliseconds since the execution started."""
    visit: int
    """Index into `Trace.visits`; -1 for the execution as a whole."""
    name: Any
    value: Any
    event: int
    """Number of the history event that this moment is, 0 for none."""


class Frame(NamedTuple):
    """A line of work. `parent` is the visit that opened it, -1 for the execution."""

    kind: FrameKind
    parent: int
    index: int  # type: ignore[assignment]  # hides tuple.index, which nobody asks of a frame
    """Which branch or item; 0 for the execution."""
    after: int = -1
    """The frame whose end made room for this one, where a Map's concurrency is limited; -1 for none."""


class Visit(NamedTuple):
    """A stay in a state. `entered` is the index of its `entered` moment."""

    frame: int
    state: State
    entered: int


class Call(NamedTuple):
    """What a task asked of the outside: the resource as written, what it was given, and which call this is.

    `key` names the call for the tape: `frames/…/state#visit@attempt`, stable over replays.
    """

    key: str
    state: str
    resource: str
    given: Json
    attempt: int
    """Number of tries before this one within the visit: 0, 1, …"""
    number: int
    """How many calls of this state came before this one in the whole execution: the counter of mock files."""
    at: int = 0
    """Virtual milliseconds at which it was made."""
    token: str | None = None
    timeout_seconds: int | None = None
    heartbeat_seconds: int | None = None
    role: str | None = None
    iteration: Mapping[str, int] = MappingProxyType({})
    """Index per enclosing Map state, outermost first."""


class Reply(NamedTuple):
    """The answer of the outside to a `Call`. Exactly one of: an output, an error, `timed_out`.

    `delay` is virtual milliseconds between the start of the task and this answer; None leaves it to the world.
    `submitted` is what the start call of `.sync` and `.waitForTaskToken` returned. `event` names the history event
    when it is not the usual one (`TaskSubmitFailed`, `LambdaFunctionScheduleFailed`).
    """

    output: Json = None
    error: str | None = None
    cause: str | None = None
    failed: bool = False
    timed_out: bool = False
    delay: int | None = None
    submitted: Json = None
    event: str | None = None
    heartbeats: tuple[int, ...] = ()
    worker: str | None = None


@dataclass(frozen=True)
class Trace:
    """One run of one machine. `raw` holds the moments as plain tuples; `moments` reads them by name."""

    machine: Machine
    input: Json
    raw: tuple[tuple[Any, ...], ...]
    raw_frames: tuple[tuple[Any, ...], ...]
    raw_visits: tuple[tuple[Any, ...], ...]
    status: Status
    output: Json
    error: str | None
    cause: str | None
    duration: int
    """Virtual ms from start to end (or to where the run waits)."""
    tape: Mapping[str, Reply]
    """Every reply that came from outside, by the key of its call: run again with it, and the trace is the same."""
    events: int
    """How many events the history has."""
    children: Mapping[int, tuple[Trace, ...]]
    """Executions of a distributed Map, by the visit that started them."""
    world: World
    """What surrounded the run."""

    @property
    def started_at(self) -> int:
        """Start on the wall clock of the world, in ms since 1970."""
        return self.world.start

    @property
    def name(self) -> str:
        return self.world.name

    @property
    def arn(self) -> str:
        return self.world.execution_arn

    @property
    def machine_arn(self) -> str:
        return self.world.machine_arn

    @property
    def role_arn(self) -> str:
        return self.world.role_arn

    @property
    def workflow_type(self) -> Literal["STANDARD", "EXPRESS"]:
        return self.world.workflow_type

    @cached_property
    def moments(self) -> tuple[Moment, ...]:
        return tuple(map(Moment._make, self.raw))

    @cached_property
    def frames(self) -> tuple[Frame, ...]:
        return tuple(map(Frame._make, self.raw_frames))

    @cached_property
    def visits(self) -> tuple[Visit, ...]:
        return tuple(map(Visit._make, self.raw_visits))

    def __len__(self) -> int:
        return len(self.raw)

    def __getitem__(self, index: int) -> Moment:
        return Moment._make(self.raw[index])
