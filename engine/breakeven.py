"""Where Standard and Express cost the same: both totals of one trace over a quantity, as if it had been longer, larger, or
run more often."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from decimal import Decimal
from typing import Literal

from engine.cost import CHUNK_MB, Counted, billed_lines, chunks, memory, transitions
from engine.prices import Prices
from engine.trace import Trace

Axis = Literal["duration", "executions", "memory", "transitions"]
AXES: tuple[Axis, ...] = ("duration", "executions", "memory", "transitions")
POINTS = 48
RANGES: dict[Axis, tuple[int, int]] = {
    "duration": (100, 3_600_000),
    "executions": (100, 1_000_000_000),
    "memory": (64, 3_008),
    "transitions": (1, 200),
}
"""In ms, executions of a month, MB, transitions of an execution."""


@dataclass(frozen=True, slots=True)
class Curve:
    """Totals over one quantity, in US$."""

    axis: Axis
    at: tuple[int, ...]
    standard: tuple[float, ...]
    express: tuple[float, ...]
    here: int
    """Where the run at hand stands."""
    crossing: int | None
    """Where the cheaper type changes, if it does."""


def curve(
    trace: Trace,
    axis: Axis,
    prices: Prices,
    *,
    executions: int = 1_000_000,
    memory_mb: float | None = None,
    free_tier: bool = False,
) -> Curve:
    """Both totals of `executions` runs like this one, over `POINTS` values of a quantity in equal factors."""
    size = memory_mb if memory_mb is not None else memory(trace)
    here = {
        "duration": max(trace.duration, 100),
        "executions": executions,
        "memory": -(-int(size) // CHUNK_MB) * CHUNK_MB,
        "transitions": transitions(trace),
    }[axis]
    low, high = RANGES[axis]
    low, high = min(low, here), max(high, here)
    at = tuple(dict.fromkeys(round(low * (high / low) ** (step / (POINTS - 1))) for step in range(POINTS)))

    def totals(value: int) -> tuple[Decimal, Decimal]:
        standard, express = Counted(), Counted()
        standard.transitions = value if axis == "transitions" else transitions(trace)
        express.requests = 1
        express.chunks = chunks(value if axis == "duration" else trace.duration, value if axis == "memory" else size)
        for one in (standard, express):
            one.add_children(trace)
        many = value if axis == "executions" else executions

        def total(count: Counted) -> Decimal:
            return sum((line.amount for line in billed_lines(count, prices, many, free_tier=free_tier)), Decimal(0))

        return total(standard), total(express)

    found = [totals(value) for value in at]
    sides = [express <= standard for standard, express in found]
    crossing = None
    for index in range(1, len(at)):
        if sides[index] != sides[index - 1]:
            crossing = _between(at[index - 1], at[index], lambda value: totals(value)[1] <= totals(value)[0])
            break
    return Curve(axis, at, tuple(float(s) for s, _ in found), tuple(float(e) for _, e in found), here, crossing)


def _between(low: int, high: int, express: Callable[[int], bool]) -> int:
    """The last value on the side of `low`, by halving."""
    side = express(low)
    while high - low > 1:
        middle = (low + high) // 2
        low, high = (middle, high) if express(middle) == side else (low, middle)
    return low
