"""What a run costs: a pure function of its trace and of a dated table of prices.

Standard counts transitions: one for every state entered, one for every further attempt of a Retry. Start and end count
nothing ("each time a step of your workflow is executed", pricing page). Express counts requests, and time by memory:
duration in chunks of 100 ms, memory in chunks of 64 MB, both rounded up; the price of time falls in tiers over the month.

The pricing page writes the price of time in three ways that differ in the fourth digit: per 100 ms at 64 MB
(0.0000001042), per GB-second (0.00001667) and per GB-hour (0.0600). `basis` says which is used; a chunk is the default.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.outline import spots
from engine.pointer import ROOT
from engine.prices import Basis, Prices, Tier
from engine.trace import Trace
from engine.values import text
from engine.world import EXPRESS_SECONDS

CHUNK_MS = 100
CHUNK_MB = 64
SERVICE_MB = 50
"""What the service itself is said to need of an execution's memory."""

WorkflowType = Literal["STANDARD", "EXPRESS"]

_PER_CHUNK: dict[Basis, Decimal] = {
    "chunk": Decimal(1),
    "gb_second": Decimal("0.00625"),
    "gb_hour": Decimal("0.00625") / 3600,
}
"""How much of the unit one chunk of 100 ms at 64 MB is."""
_CHUNKS_PER_GB_HOUR = 576_000


@dataclass(frozen=True, slots=True)
class Line:
    """One line of a bill: `amount` is `quantity` times `price`, unrounded."""

    item: Literal["transitions", "free", "requests", "duration"]
    quantity: int
    """Transitions, requests, or chunks of 100 ms at 64 MB. Negative for what is free."""
    price: Decimal
    """Per one of the quantity."""
    amount: Decimal
    tier: int = 0
    """Which tier of the price of time, from 0."""


@dataclass(frozen=True, slots=True)
class Bill:
    workflow_type: WorkflowType
    executions: int
    lines: tuple[Line, ...]
    basis: Basis
    transitions: int
    """Of one execution, without those of its children."""
    billed_ms: int
    """Of one execution: its duration, rounded up to 100 ms."""
    billed_mb: int
    """Of one execution: its memory, rounded up to 64 MB."""
    prices: Prices

    @property
    def total(self) -> Decimal:
        """The sum of the lines."""
        return sum((line.amount for line in self.lines), Decimal(0))


def bill(
    trace: Trace,
    prices: Prices,
    workflow_type: WorkflowType | None = None,
    *,
    executions: int = 1,
    memory_mb: float | None = None,
    basis: Basis = "chunk",
    free_tier: bool = False,
) -> Bill:
    """The bill of `executions` runs like this one in one month.

    `workflow_type` None takes the type that the trace was run as; the other type is billed as if its steps and times were
    the same. `memory_mb` None takes the estimate `memory(trace)`. Executions that the run started itself (of a
    distributed Map, or nested) are billed as what they are, in the same lines.
    """
    kind = workflow_type or trace.workflow_type
    size = memory(trace) if memory_mb is None else memory_mb
    count = Counted()
    count.add(trace, kind, size)
    return Bill(
        kind,
        executions,
        billed_lines(count, prices, executions, basis, free_tier),
        basis,
        transitions(trace),
        _round_up(trace.duration, CHUNK_MS),
        _round_up(size, CHUNK_MB),
        prices,
    )


class Counted:
    """What is billed for one run and the executions it started, added up."""

    def __init__(self) -> None:
        self.transitions = 0
        self.requests = 0
        self.chunks = 0

    def add(self, trace: Trace, kind: WorkflowType, memory_mb: float) -> None:
        if kind == "STANDARD":
            self.transitions += transitions(trace)
        else:
            self.requests += 1
            self.chunks += chunks(trace.duration, memory_mb)
        self.add_children(trace)

    def add_children(self, trace: Trace) -> None:
        """Only the executions that this one started."""
        for children in trace.children.values():
            for child in children:
                self.add(child, child.workflow_type, memory(child))


def billed_lines(
    count: Counted, prices: Prices, executions: int = 1, basis: Basis = "chunk", free_tier: bool = False
) -> tuple[Line, ...]:
    """The lines of a bill for `executions` times what was counted, in one month."""
    lines: list[Line] = []
    if count.transitions:
        total = count.transitions * executions
        lines.append(_line("transitions", total, prices.standard.transition))
        if free_tier:
            lines.append(_line("free", -min(total, prices.standard.free_transitions), prices.standard.transition))
    if count.requests:
        lines.append(_line("requests", count.requests * executions, prices.express.request))
        lines += _duration(count.chunks * executions, prices.express.tiers, basis)
    return tuple(lines)


def chunks(duration: int, memory_mb: float) -> int:
    """How many chunks of 100 ms at 64 MB are billed for so many virtual ms: both are rounded up first."""
    return _round_up(duration, CHUNK_MS) // CHUNK_MS * (_round_up(memory_mb, CHUNK_MB) // CHUNK_MB)


def transitions(trace: Trace) -> int:
    """States entered, and attempts made again. Needs a trace that keeps more than its outcome.

    An attempt counts when it has begun: a run that ends during the pause before it does not pay for it.
    """
    if not trace.visits:
        raise ValueError("This trace keeps its outcome only; run with record='stages' to bill it.")
    pausing: set[int] = set()
    again = 0
    for kind, _, visit, *_ in trace.raw:
        if kind == "retry":
            pausing.add(visit)
        elif visit in pausing:
            pausing.discard(visit)
            again += kind not in ("aborted", "ended")
    return len(trace.visits) + again


def memory(trace: Trace) -> float:
    """An estimate of an execution's memory in MB, after AWS's rule: 50 MB, the definition, and the payloads at once.

    At once are the largest payload outside, and what the branches or items of the largest Parallel or Map began with. What
    AWS bills is measured there, so this is a lower bound to plan with; most workflows stay within the first 64 MB.
    """
    sizes: dict[int, int] = {}
    seen: set[int] = set()
    largest = 0
    for frame_number, _, entered in trace.visits:
        size = len(text(trace.raw[entered][4]).encode("utf-8", "surrogatepass"))
        frame = trace.frames[frame_number]
        if frame.kind in ("branch", "iteration"):
            if frame_number not in seen:
                seen.add(frame_number)
                sizes[frame.parent] = sizes.get(frame.parent, 0) + size
        else:
            largest = max(largest, size)
    definition = len(text(trace.machine.document).encode("utf-8", "surrogatepass"))
    return SERVICE_MB + (definition + largest + max(sizes.values(), default=0)) / 1_000_000


@dataclass(frozen=True, slots=True)
class Hindrance:
    """A reason why this workflow cannot be an Express one."""

    reason: Literal["too-long", "sync", "callback", "activity", "distributed-map"]
    at: str
    """The state, as a pointer; `/` for the run as a whole."""
    message: str


def hindrances(trace: Trace) -> tuple[Hindrance, ...]:
    """What keeps a workflow from being Express (Developer Guide, "Standard and Express"): none means that it fits.

    Five minutes are measured on this run; the rest is read from the definition, whether this run came there or not. That an
    Express workflow may run a step more than once is for its author to judge.
    """
    found: list[Hindrance] = []
    if trace.duration > EXPRESS_SECONDS * 1000:
        found.append(
            Hindrance("too-long", ROOT, f"This run took {trace.duration / 1000:g} s; Express ends after 300 s.")
        )
    for spot in spots(trace.machine.document):
        resource = spot.source.get("Resource")
        if spot.type == "Task" and isinstance(resource, str):
            for reason, sign, message in _STANDARD_ONLY:
                if sign.search(resource):
                    found.append(Hindrance(reason, spot.at, f"“{spot.name}” {message}"))
        processor = spot.source.get("ItemProcessor")
        config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
        if isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED":
            found.append(Hindrance("distributed-map", spot.at, f"“{spot.name}” is a distributed Map."))
    return tuple(found)


_STANDARD_ONLY: tuple[tuple[Literal["sync", "callback", "activity"], re.Pattern[str], str], ...] = (
    ("sync", re.compile(r"\.sync(:2)?$"), "waits for a job to end (.sync)."),
    ("callback", re.compile(r"\.waitForTaskToken$"), "waits for a task token to come back (.waitForTaskToken)."),
    ("activity", re.compile(r"^arn:[\w-]+:states:[\w-]*:[\w]*:activity:"), "is done by an activity worker."),
)


def _line(item: Literal["transitions", "free", "requests"], quantity: int, price: Decimal) -> Line:
    return Line(item, quantity, price, quantity * price)


def _duration(chunks: int, tiers: tuple[Tier, ...], basis: Basis) -> Iterator[Line]:
    """The chunks of a month laid into the tiers, first to last."""
    for number, tier in enumerate(tiers):
        room = chunks if tier.gb_hours is None else min(chunks, tier.gb_hours * _CHUNKS_PER_GB_HOUR)
        if room:
            price = tier.prices[basis] * _PER_CHUNK[basis]
            yield Line("duration", room, price, room * price, number)
        chunks -= room


def _round_up(amount: float, step: int) -> int:
    """To the next whole step, and at least one."""
    return max(1, -int(-amount // step)) * step
