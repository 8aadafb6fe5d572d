"""Breakpoints with a condition: where in a run they would stop.

| kind | stops |
|---|---|
| `entry` | when the state is entered; `$` is its input |
| `exit` | when it is left; `$` is its output |
| `error` | at an error of the state, or of any; `$` is `{Error, Cause}` |
| `attempt` | before another attempt of the state, or of any: before each, or before the one with this number |
| `iteration` | when an item of the Map begins: each, or the one with this index; `$` is what it begins with |

A condition that has no answer on some visit does not hold there, and is counted.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from typing import Literal

from engine.questions import Question, Sight, Unanswered, holds, sights
from engine.trace import Trace
from engine.values import Json

Kind = Literal["entry", "exit", "error", "attempt", "iteration"]
FAILING = frozenset(("failed", "timedOut", "evaluationFailed"))
EVERY = 64
"""Answers between two looks at whether it has been enough."""


@dataclass(frozen=True, slots=True)
class Breakpoint:
    """Where somebody wants to be stopped."""

    kind: Kind
    node: str | None = None
    """The state's pointer; None means any state, for errors and attempts."""
    number: int | None = None
    """Which attempt (from 1) or item (from 0); None means every one."""


@dataclass(frozen=True, slots=True)
class Stops:
    """Where a condition holds among the places that its breakpoint is about."""

    moments: tuple[int, ...]
    asked: int
    """How many such places there are."""
    unanswered: int = 0
    """At how many of them the condition could not be evaluated."""
    reason: str = field(default="")
    """Why not, at the first of them; empty where what it names is not there."""
    until: int | None = None
    """The moment at which it was given up because it took too long."""


def places(trace: Trace, point: Breakpoint) -> list[int]:
    """The moments that a breakpoint is about, before its condition: the state's entry or exit, the error, the retry."""
    found = _errors(trace, point.node is not None) if point.kind == "error" else _marked(trace, point)
    visits = trace.raw_visits
    return [
        at
        for at in found
        if point.node is None or point.kind == "iteration" or visits[trace.raw[at][2]][1].at == point.node
    ]


def stops(trace: Trace, point: Breakpoint, condition: Question, enough: Callable[[], bool] = lambda: False) -> Stops:
    """The moments at which a breakpoint with this condition stops. `enough` is asked now and then and may end it early."""
    wanted = set(places(trace, point))
    held: list[int] = []
    unanswered = asked = 0
    reason = ""
    for index, sight in sights(trace):
        if index not in wanted:
            continue
        asked += 1
        if asked % EVERY == 0 and enough():
            return Stops(tuple(held), len(wanted), unanswered, reason, index)
        try:
            if holds(condition.ask(_Facing(sight) if point.kind == "error" else sight)):
                held.append(index)
        except Unanswered as none:
            reason = reason or none.reason
            unanswered += 1
    return Stops(tuple(held), len(wanted), unanswered, reason)


class _Facing(Sight):
    """The sight of one who stands before an error: that is the data there."""

    __slots__ = ()

    def __init__(self, sight: Sight) -> None:
        for name in Sight.__slots__:
            setattr(self, name, getattr(sight, name))

    @property
    def data(self) -> Json:
        return self.error if self.error is not None else super().data


def _marked(trace: Trace, point: Breakpoint) -> Iterator[int]:
    attempts: dict[int, int] = {}
    lines = _iterations(trace, point)
    for at, (kind, _, visit, _, _, _) in enumerate(trace.raw):
        match point.kind, kind:
            case ("entry", "entered") | ("exit", "exited"):
                yield at
            case "attempt", "retry":
                attempts[visit] = attempts.get(visit, 1) + 1
                if point.number in (None, attempts[visit]):
                    yield at
            case "iteration", "entered":
                frame = trace.raw_visits[visit][0]
                if frame in lines:
                    lines.remove(frame)
                    yield at
            case _:
                pass


def _iterations(trace: Trace, point: Breakpoint) -> set[int]:
    return {
        frame
        for frame, (kind, parent, index, _) in enumerate(trace.raw_frames)
        if point.kind == "iteration"
        and kind == "iteration"
        and trace.raw_visits[parent][1].at == point.node
        and point.number in (None, index)
    }


def _errors(trace: Trace, every: bool) -> Iterator[int]:
    """Errors that have a moment of their own, and the last moment of what failed without one (Fail, a path that misses).

    A Parallel or Map fails by what failed in it; that is one error, told twice only where `every` says so.
    """
    told: set[int] = set()
    last: dict[int, int] = {}
    newest: dict[int, int] = {}
    found: set[int] = set()
    for at, (kind, _, visit, name, value, _) in enumerate(trace.raw):
        if kind in FAILING:
            found.add(at)
            told.add(visit)
        lost = -1
        if kind == "caught" or (kind == "ended" and name == "FAILED"):
            lost = visit
        elif kind == "stopping":
            lost = newest.get(value, -1)
        if lost >= 0 and lost not in told:
            told.add(lost)
            if every or not any(error >= trace.raw_visits[lost][2] for error in found):
                found.add(at if kind == "caught" else last[lost])
        if kind == "entered":
            newest[trace.raw_visits[visit][0]] = visit
        elif kind == "retry":
            told.discard(visit)
        if visit >= 0 and kind not in ("ended", "aborted"):
            last[visit] = at
    yield from sorted(found)
