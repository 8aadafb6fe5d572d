"""What many executions came to, in constant room: whatever their number, a summary stays as large as the workflow.

Everything is a count or a sum of whole numbers, so summaries of parts add up to the summary of the whole, however the
executions were split and in whatever order the parts arrive.
"""

from __future__ import annotations

import math
from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import NamedTuple

from engine.cost import CHUNK_MB, Counted, Line, WorkflowType, billed_lines, chunks, transitions
from engine.model import Flow, Machine, Map, Parallel, State
from engine.pointer import under
from engine.prices import Basis, Prices
from engine.sketch import Sketch
from engine.trace import Trace
from engine.values import Json

MOST_NAMES = 1_000
"""Names of errors can be made up by a workflow as it runs: so many are told apart."""
OTHERS = "(others)"

MILLION = 1_000_000
CONFIDENCE = 1.96
"""Standard errors on each side of a mean that hold the true one in 95 of 100 cases."""


class Routes(NamedTuple):
    """Edges of the graph that no moment names, by the state's pointer."""

    into: Mapping[str, str]
    """The StartAt edge of the flow that a state stands in."""
    onward: Mapping[str, str]
    """The Next edge, or End."""


def routes(machine: Machine) -> Routes:
    """Edge ids as `engine.graph` has them."""
    into: dict[str, str] = {}
    onward: dict[str, str] = {}

    def walk(flow: Flow) -> None:
        for state in flow.states.values():
            into[state.at] = under(flow.at, ("StartAt",))
            if state.type not in ("Choice", "Succeed", "Fail"):
                onward[state.at] = under(state.at, ("End" if state.next is None else "Next",))
            if isinstance(state, Parallel):
                for branch in state.branches:
                    walk(branch)
            elif isinstance(state, Map):
                walk(state.processor)

    walk(machine.flow)
    return Routes(into, onward)


@dataclass(slots=True)
class Usage:
    """What is billed, summed over executions, with what the spread of it is computed from."""

    transitions: int = 0
    requests: int = 0
    chunks: int = 0
    """Of 100 ms at 64 MB."""
    squares: list[int] = field(default_factory=lambda: [0] * 6)
    """Sums of products: transitions², requests², chunks², and each pair of them."""

    def add(self, transitions: int, requests: int, chunks: int) -> None:
        self.transitions += transitions
        self.requests += requests
        self.chunks += chunks
        squares = self.squares
        squares[0] += transitions * transitions
        squares[1] += requests * requests
        squares[2] += chunks * chunks
        squares[3] += transitions * requests
        squares[4] += transitions * chunks
        squares[5] += requests * chunks

    def merge(self, other: Usage) -> None:
        self.transitions += other.transitions
        self.requests += other.requests
        self.chunks += other.chunks
        self.squares = [mine + theirs for mine, theirs in zip(self.squares, other.squares, strict=True)]


class Estimate(NamedTuple):
    """What so many executions are expected to cost. `low` to `high` holds the true mean in 95 of 100 batches."""

    executions: int
    lines: tuple[Line, ...]
    total: Decimal
    low: Decimal
    high: Decimal


@dataclass(slots=True)
class Summary:
    """Of `count` executions of one workflow. `add` and `merge` change it; everything else only looks."""

    workflow_type: WorkflowType = "STANDARD"
    memory_mb: float = CHUNK_MB
    """What an Express execution is billed for, before rounding."""
    asked: int = 0
    """How many executions were asked for; `count` is less when the batch was cancelled."""
    count: int = 0
    statuses: dict[str, int] = field(default_factory=dict)
    errors: dict[str, int] = field(default_factory=dict)
    """How executions ended that did not end well, by the name of the error; empty for none."""
    failures: dict[str, dict[str, int]] = field(default_factory=dict)
    """Where they failed: error → state (pointer; `/` for the execution as a whole) → how many."""
    attempts: dict[str, dict[str, int]] = field(default_factory=dict)
    """What went wrong in tasks, whatever became of it: error → state → how many attempts."""
    visits: dict[str, int] = field(default_factory=dict)
    """How often each state was entered, by its pointer."""
    retries: dict[str, int] = field(default_factory=dict)
    edges: dict[str, int] = field(default_factory=dict)
    """How often each edge was taken, by its id in the graph."""
    duration: Sketch = field(default_factory=Sketch)
    """Virtual milliseconds."""
    transitions: Sketch = field(default_factory=Sketch)
    """Of the execution itself, without its children's."""
    standard: Usage = field(default_factory=Usage)
    """Billed as Standard; with the executions that it started, each as what it is."""
    express: Usage = field(default_factory=Usage)

    @property
    def complete(self) -> bool:
        return self.count == self.asked

    def add(self, trace: Trace, known: Routes) -> None:
        """One more execution, run with record="visits" or more."""
        self.count += 1
        _count(self.statuses, trace.status)
        if trace.status not in ("SUCCEEDED", "WAITING"):
            error = trace.error or ""
            _count(self.errors, error)
            visit = trace.raw[-1][2]
            state: State | None = trace.raw_visits[visit][1] if visit >= 0 else None
            _count(self.failures.setdefault(error, {}), "/" if state is None else state.at)
        taken = transitions(trace)
        self.duration.add(trace.duration)
        self.transitions.add(taken)
        started = Counted()
        started.add_children(trace)
        timed = chunks(trace.duration, self.memory_mb)
        self.standard.add(started.transitions + taken, started.requests, started.chunks)
        self.express.add(started.transitions, started.requests + 1, started.chunks + timed)
        self._walk(trace, known)
        if len(self.errors) > MOST_NAMES or len(self.failures) > MOST_NAMES or len(self.attempts) > MOST_NAMES:
            self._bound()

    def _walk(self, trace: Trace, known: Routes) -> None:
        """States, edges, retries and failed attempts of an execution and its children."""
        visits, edges, stays = self.visits, self.edges, trace.raw_visits
        goes: dict[int, str] = {}
        begun: set[int] = set()
        for kind, _, visit, name, value, _ in trace.raw:
            if kind == "entered":
                frame, state, _ = stays[visit]
                at = state.at
                visits[at] = visits.get(at, 0) + 1
                if frame not in begun:
                    begun.add(frame)
                    _count(edges, known.into[at])
            elif kind == "exited":
                edge = goes.pop(visit, None) or known.onward.get(stays[visit][1].at)
                if edge is not None:
                    edges[edge] = edges.get(edge, 0) + 1
            elif kind == "rule":
                goes[visit] = stays[visit][1].at + ("/Default" if value is None else f"/Choices[{value}]")
            elif kind == "caught":
                goes[visit] = f"{stays[visit][1].at}/Catch[{name}]"
            elif kind == "retry":
                _count(self.retries, stays[visit][1].at)
            elif kind in ("failed", "timedOut"):
                _count(self.attempts.setdefault(value[0] or "", {}), stays[visit][1].at)
        for children in trace.children.values():
            for child in children:
                self._walk(child, known)

    def merge(self, other: Summary) -> None:
        """What `other` counted is added."""
        self.count += other.count
        for mine, theirs in zip(self._counts(), other._counts(), strict=True):
            _add(mine, theirs)
        for mine_nested, theirs_nested in ((self.failures, other.failures), (self.attempts, other.attempts)):
            for name, places in theirs_nested.items():
                _add(mine_nested.setdefault(name, {}), places)
        self.duration.merge(other.duration)
        self.transitions.merge(other.transitions)
        self.standard.merge(other.standard)
        self.express.merge(other.express)
        self._bound()

    def _counts(self) -> tuple[dict[str, int], ...]:
        return self.statuses, self.errors, self.visits, self.retries, self.edges

    def _bound(self) -> None:
        """The first names of the alphabet stay: a name among them in the whole is among them in every part, and so its
        count is whole however the executions were split."""
        for name in _beyond(self.errors):
            _count(self.errors, OTHERS, self.errors.pop(name))
        for nested in (self.failures, self.attempts):
            for name in _beyond(nested):
                _add(nested.setdefault(OTHERS, {}), nested.pop(name))

    # What is read from it

    def share(self, status: str) -> float:
        """Of the executions that ended as `status`: 0 to 1."""
        return self.statuses.get(status, 0) / self.count if self.count else 0.0

    def share_interval(self, status: str) -> tuple[float, float]:
        """Where the true share lies in 95 of 100 batches (Wilson's interval, which holds near 0 and 1 too)."""
        n, share, z2 = self.count, self.share(status), CONFIDENCE**2
        if not n:
            return 0.0, 1.0
        middle = (share + z2 / (2 * n)) / (1 + z2 / n)
        half = CONFIDENCE * math.sqrt(share * (1 - share) / n + z2 / (4 * n * n)) / (1 + z2 / n)
        return max(0.0, middle - half), min(1.0, middle + half)

    def cost(
        self,
        prices: Prices,
        workflow_type: WorkflowType | None = None,
        executions: int = MILLION,
        basis: Basis = "chunk",
        free_tier: bool = False,
    ) -> Estimate:
        """What `executions` such executions in one month are expected to cost, with an interval.

        Quantities are the batch's, scaled; the spread is that of the batch, at the mean price of its time.
        """
        usage = self.standard if (workflow_type or self.workflow_type) == "STANDARD" else self.express
        scaled = Counted()
        if self.count:
            scaled.transitions = _scaled(usage.transitions, executions, self.count)
            scaled.requests = _scaled(usage.requests, executions, self.count)
            scaled.chunks = _scaled(usage.chunks, executions, self.count)
        lines = billed_lines(scaled, prices, 1, basis, free_tier)
        total = sum((line.amount for line in lines), Decimal(0))
        timed = sum((line.amount for line in lines if line.item == "duration"), Decimal(0))
        per_chunk = timed / scaled.chunks if scaled.chunks else Decimal(0)
        weights = (float(prices.standard.transition), float(prices.express.request), float(per_chunk))
        spread = _spread(usage, weights, self.count)
        half = Decimal(repr(CONFIDENCE * spread / math.sqrt(self.count) * executions)) if self.count else Decimal(0)
        return Estimate(executions, lines, total, max(Decimal(0), total - half), total + half)


def as_json(summary: Summary) -> dict[str, Json]:
    """The summary as plain JSON, for files and for programs: durations in virtual ms."""
    names = ("p1", "p5", "p25", "p50", "p75", "p90", "p95", "p99")
    found = summary.duration.percentiles(*(float(name[1:]) for name in names))
    return {
        "workflowType": summary.workflow_type,
        "memoryMb": summary.memory_mb,
        "asked": summary.asked,
        "count": summary.count,
        "statuses": summary.statuses,
        "errors": summary.errors,
        "failures": summary.failures,
        "attempts": summary.attempts,
        "visits": summary.visits,
        "retries": summary.retries,
        "edges": summary.edges,
        "durationMs": {
            "mean": summary.duration.mean,
            "deviation": summary.duration.deviation,
            "least": summary.duration.low,
            "most": summary.duration.high,
            "exact": summary.duration.exact,
            **dict(zip(names, found, strict=True)),
            "histogram": [list(bar) for bar in summary.duration.bins()],
        },
        "transitions": {
            "total": summary.transitions.total,
            "mean": summary.transitions.mean,
            "least": summary.transitions.low,
            "most": summary.transitions.high,
        },
        "billed": {
            name: {"transitions": usage.transitions, "requests": usage.requests, "chunks": usage.chunks}
            for name, usage in (("STANDARD", summary.standard), ("EXPRESS", summary.express))
        },
    }


def _scaled(total: int, executions: int, count: int) -> int:
    """Rounded to the nearest whole one."""
    return (2 * total * executions + count) // (2 * count)


def _spread(usage: Usage, weights: tuple[float, float, float], count: int) -> float:
    """The standard deviation of what one execution costs: the spread of a weighted sum, by the sums of products."""
    a, b, c = weights
    aa, bb, cc, ab, ac, bc = (
        _covariance(usage.squares[0], usage.transitions, usage.transitions, count),
        _covariance(usage.squares[1], usage.requests, usage.requests, count),
        _covariance(usage.squares[2], usage.chunks, usage.chunks, count),
        _covariance(usage.squares[3], usage.transitions, usage.requests, count),
        _covariance(usage.squares[4], usage.transitions, usage.chunks, count),
        _covariance(usage.squares[5], usage.requests, usage.chunks, count),
    )
    return math.sqrt(max(0.0, a * a * aa + b * b * bb + c * c * cc + 2 * (a * b * ab + a * c * ac + b * c * bc)))


def _covariance(products: int, left: int, right: int, count: int) -> float:
    return (count * products - left * right) / (count * (count - 1)) if count > 1 else 0.0


def _count(counts: dict[str, int], name: str, many: int = 1) -> None:
    counts[name] = counts.get(name, 0) + many


def _add(mine: dict[str, int], theirs: Mapping[str, int]) -> None:
    for name, many in theirs.items():
        mine[name] = mine.get(name, 0) + many


def _beyond(names: Mapping[str, object]) -> list[str]:
    own = sorted(name for name in names if name != OTHERS)
    return own[MOST_NAMES:]
