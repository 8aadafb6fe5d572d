"""What the run on the table costs in every way it could be run, and how that moves: pure functions of its trace.

Three ways on the very same trace: all of it as Standard, all of it as Express, and nested: a Standard parent whose tight
part runs as an Express child, one transition there, one request and its time for the child.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from dataclasses import dataclass, replace
from decimal import Decimal
from functools import lru_cache
from typing import Any

from engine.advisor import Suggestion, suggestions
from engine.cost import (
    Bill,
    Counted,
    Hindrance,
    Line,
    WorkflowType,
    bill,
    billed_lines,
    chunks,
    hindrances,
    memory,
    transitions,
)
from engine.prices import PriceProblem, Prices
from engine.prices import prices as read_prices
from engine.trace import Trace
from engine.world import EXPRESS_SECONDS

LARGEST = 1_048_576
"""Most bytes of a table of prices."""
LAMBDA_REQUEST = Decimal("0.0000002")
"""US$ per invocation, for what is not Step Functions and stands apart; its time is billed by the function's own memory."""


@dataclass(frozen=True, slots=True)
class Terms:
    """What a bill is made for."""

    prices: Prices
    executions: int = 1_000_000
    memory_mb: int | None = None
    free_tier: bool = False


@dataclass(frozen=True, slots=True)
class Nested:
    """A Standard parent with an Express child in the place of the states from `first` to `last`."""

    first: str
    last: str
    states: tuple[str, ...]
    transitions: int
    """Of the parent, the one that starts the child included."""
    child_ms: int
    lines: tuple[Line, ...]
    hindrances: tuple[Hindrance, ...]
    """What keeps that part from being Express."""

    @property
    def total(self) -> Decimal:
        return sum((line.amount for line in self.lines), Decimal(0))


def table_of(text: str) -> Prices:
    """A table of prices as a visitor wrote it. Raises PriceProblem with the sentence."""
    if len(text.encode("utf-8", "surrogatepass")) > LARGEST:
        raise PriceProblem("This is too long for a table of prices.")
    try:
        return read_prices(json.loads(text))
    except ValueError as problem:
        if isinstance(problem, PriceProblem):
            raise
        raise PriceProblem(f"This is no JSON: {problem}") from None
    except RecursionError:
        raise PriceProblem("This is nested too deeply for a table of prices.") from None


def text_of(prices: Prices) -> str:
    """A table of prices as it stands in a file."""
    told: dict[str, Any] = {
        "region": prices.region,
        "name": prices.name,
        "date": prices.date,
        "currency": prices.currency,
        "source": prices.source,
        "note": prices.note,
        "standard": {
            "transition": f"{prices.standard.transition:f}",
            "free_transitions": prices.standard.free_transitions,
        },
        "express": {
            "request": f"{prices.express.request:f}",
            "tiers": [
                {"gb_hours": tier.gb_hours, **{name: f"{price:f}" for name, price in tier.prices.items()}}
                for tier in prices.express.tiers
            ],
        },
    }
    return json.dumps(told, indent=2, ensure_ascii=False)


def of(trace: Trace, kind: WorkflowType, terms: Terms) -> Bill:
    return bill(
        trace,
        terms.prices,
        kind,
        executions=terms.executions,
        memory_mb=terms.memory_mb,
        free_tier=terms.free_tier,
    )


def per(trace: Trace, kind: WorkflowType, terms: Terms) -> dict[int, Decimal]:
    """What 1, 1,000 and 1,000,000 executions cost."""
    return {count: of(trace, kind, replace(terms, executions=count)).total for count in (1, 1_000, 1_000_000)}


# Nested --------------------------------------------------------------------------------------------------------------


def parts(trace: Trace) -> tuple[str, ...]:
    """The states of the outermost flow that the run went through, each once, in their order."""
    return tuple(dict.fromkeys(visit.state.name for visit in trace.visits if visit.frame == 0))


def best_part(trace: Trace, terms: Terms) -> Nested | None:
    """The part whose move into a child saves most; None when there is none that saves."""
    names = parts(trace)
    size = min(len(names), 24)  # all stretches of a long run are many
    found = [
        one
        for first in range(size)
        for last in range(first, size)
        if (one := nested(trace, names[first], names[last], terms)) is not None and not one.hindrances
    ]
    best = min(found, key=lambda one: (one.total, len(one.states)), default=None)
    return best if best is not None and best.total < of(trace, "STANDARD", terms).total else None


def nested(trace: Trace, first: str, last: str, terms: Terms) -> Nested | None:
    """The bill with the states from `first` to `last` in an Express child; None when they are no stretch of the run."""
    names = parts(trace)
    if first not in names or last not in names or names.index(first) > names.index(last):
        return None
    inside = names[names.index(first) : names.index(last) + 1]
    if len(inside) == len(names):  # then nothing is nested: it is Express
        return None
    spans = list(_stays(trace, frozenset(inside)))
    taken = sum(one[2] for one in spans)
    count = Counted()
    count.transitions = transitions(trace) - taken + len(spans)
    size = terms.memory_mb if terms.memory_mb is not None else memory(trace)
    for begun, ended, _ in spans:
        count.requests += 1
        count.chunks += chunks(ended - begun, size)
    count.add_children(trace)
    reasons = tuple(
        one for one in hindrances(trace) if one.reason != "too-long" and _outer(one.at) in inside
    ) + tuple(
        Hindrance("too-long", "/", "")
        for begun, ended, _ in spans
        if ended - begun > EXPRESS_SECONDS * 1000
    )  # fmt: skip
    lines = billed_lines(count, terms.prices, terms.executions, free_tier=terms.free_tier)
    return Nested(first, last, inside, count.transitions, sum(e - b for b, e, _ in spans), lines, reasons)


def _outer(at: str) -> str:
    """The state of the outermost flow that a pointer leads into."""
    return at.split("/")[2].replace("~1", "/").replace("~0", "~") if at.startswith("/States/") else ""


def _stays(trace: Trace, inside: frozenset[str]) -> Iterator[tuple[int, int, int]]:
    """Each stay of the run in these states: from, to (virtual ms), and the transitions within, flows inside included."""
    outer: list[int] = []
    for visit in trace.visits:
        frame = visit.frame
        outer.append(len(outer) if frame == 0 else outer[trace.frames[frame].parent])
    counts = [0] * len(trace.visits)
    pausing: set[int] = set()
    ends = [trace.duration] * len(trace.visits)
    for number in range(len(trace.visits)):
        counts[outer[number]] += 1
    for kind, at, visit, *_ in trace.raw:
        if kind == "retry":
            pausing.add(visit)
        elif visit in pausing:
            pausing.discard(visit)
            counts[outer[visit]] += kind not in ("aborted", "ended")
        if kind in ("exited", "aborted") and visit >= 0:
            ends[visit] = at
    run: list[int] = []
    top = [number for number, visit in enumerate(trace.visits) if visit.frame == 0]
    for number in [*top, -1]:
        if number >= 0 and trace.visits[number].state.name in inside:
            run.append(number)
        elif run:
            yield trace.raw[trace.visits[run[0]].entered][1], ends[run[-1]], sum(counts[one] for one in run)
            run = []


# Advice --------------------------------------------------------------------------------------------------------------


@lru_cache(maxsize=16)
def _advice(key: tuple[Any, ...], hold: Hold) -> tuple[Suggestion, ...]:
    terms = hold.terms
    standard = replace(hold.trace, world=replace(hold.trace.world, workflow_type="STANDARD"))
    return suggestions(
        standard,
        terms.prices,
        executions=terms.executions,
        memory_mb=terms.memory_mb,
        free_tier=terms.free_tier,
    )


@dataclass(frozen=True, slots=True)
class Hold:
    """Trace and terms on their way past a cache that is keyed by what made them."""

    trace: Trace
    terms: Terms

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Hold)

    def __hash__(self) -> int:
        return 0


def advice(trace: Trace, terms: Terms, made_by: str) -> tuple[Suggestion, ...]:
    """What would make this workflow cheaper as Standard. `made_by` names the setting whose trace this is."""
    key = (made_by, text_of(terms.prices), terms.executions, terms.memory_mb, terms.free_tier)
    return _advice(key, Hold(trace, terms))


def functions(trace: Trace) -> int:
    """Lambda invocations of a run: what they cost is no part of a Step Functions bill."""
    return sum(
        1
        for moment in trace.raw
        if moment[0] == "scheduled" and ("lambda:invoke" in moment[4].resource or ":function:" in moment[4].resource)
    )
