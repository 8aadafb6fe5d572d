"""Two runs laid beside each other: the first event in which they differ, and every state and stage of both by its address.

A recording has no stages, and a simulated run has them; what both have is events, at the borders of states and at the calls
of tasks. Times do not count, nor do numbers of events: what happened does, with which values.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from itertools import zip_longest
from typing import Any, Literal, NamedTuple, TypeVar

from engine.trace import Call, Trace
from engine.values import Json, same

VALUED = frozenset(("started", "entered", "exited", "succeeded", "scheduled", "failed", "timedOut", "ended"))
"""Kinds of moments whose values a history keeps."""
ERRORS = frozenset(("failed", "timedOut"))

Told = tuple[str, str, Json]


def first_difference(one: Trace, other: Trace) -> tuple[int, int] | None:
    """The moments, one of each run, at which they differ first; None when neither does.

    A run that ends before the other parts from it at its last moment.
    """
    for left, right in zip_longest(_told(one), _told(other)):
        if left is None or right is None or not _alike(left[1], right[1]):
            return (left[0] if left else len(one) - 1, right[0] if right else len(other) - 1)
    return None


def _alike(left: Told, right: Told) -> bool:
    return left[:2] == right[:2] and same(left[2], right[2])


def _told(trace: Trace) -> Iterator[tuple[int, Told]]:
    """The moments that are events, each with its kind, its state and its value."""
    for index, moment in enumerate(trace.moments):
        if not moment.event:
            continue
        kind, value = moment.kind, moment.value
        state = trace.visits[moment.visit].state.name if moment.visit >= 0 and kind != "ended" else ""
        if kind not in VALUED:
            value = None
        elif isinstance(value, Call):
            value = value.given
        elif kind in ERRORS or (kind == "ended" and isinstance(value, tuple)):
            value = list(value[:2])
        yield index, (kind, state, value)


# State by state, stage by stage ------------------------------------------------------------------------------------------

Standing = Literal["same", "different", "left", "right"]
"""How two runs stand to each other at a place: the same value, another one, or only one of them came there."""


class Step(NamedTuple):
    """One state on the way from the outside inwards to a place, and the branch or item that leads further in."""

    state: str
    number: int
    """Which visit to it in its line of work, from 0."""
    attempt: int = 0
    inner: int = -1
    """Branch of a Parallel, item of a Map; -1 at the end of the way."""


Where = tuple[Step, ...]
"""A visit by its address, the same in every run of a machine; empty for the execution itself."""


class Row(NamedTuple):
    """One place of two runs. Without `what` it is a visit as a whole, and its stages follow it."""

    where: Where
    attempt: int
    what: str
    """`input`, a stage as AWS names it, `call`, `reply`, `error`, `rule`, `retry`, `caught`, `assigned`, `output`, `end`."""
    standing: Standing
    left: int | None
    """Its moment in the one run."""
    right: int | None


WHAT = {
    "started": "input",
    "entered": "input",
    "scheduled": "call",
    "succeeded": "reply",
    "failed": "error",
    "timedOut": "error",
    "evaluationFailed": "error",
    "rule": "rule",
    "retry": "retry",
    "caught": "caught",
    "assigned": "assigned",
    "exited": "output",
    "ended": "end",
}
"""What of a visit a moment is. A stage has its own name; `output` is what leaves the state, so its stage says nothing more."""
NAMED = frozenset(("retry", "caught", "ended"))
"""Kinds of moments whose name says which retrier, which catcher, which end."""
_BEGIN = frozenset(("scheduled", "branchesStarted", "mapStarted"))

_Parts = dict[tuple[int, str], int]
"""The moments of a visit by attempt and by what they are."""


def aligned(one: Trace, other: Trace) -> tuple[Row, ...]:
    """Every visit of two runs and every stage of it, laid beside each other by address, in the order in which they ran.

    What only the other run has stands behind what it followed there. A recording has no stages; beside one, only events
    count. Time and work are linear in the number of moments; the children of a distributed Map are runs of their own.
    """
    staged = all(any(moment[0] == "stage" for moment in trace.raw) for trace in (one, other))
    left, right = _addressed(one, staged), _addressed(other, staged)
    rows: list[Row] = []
    ends: list[Row] = []
    for where in _merged(left, right):
        mine, theirs = left.get(where), right.get(where)
        parts = [
            _row(one, other, where, key, (mine or {}).get(key), (theirs or {}).get(key))
            for key in _merged(mine or {}, theirs or {})
        ]
        standing: Standing = "left" if theirs is None else "right" if mine is None else "same"
        if standing == "same" and any(part.standing != "same" for part in parts):
            standing = "different"
        rows.append(Row(where, 0, "", standing, _first(mine), _first(theirs)))
        rows.extend(part for part in parts if part.what != "end")
        ends += [part for part in parts if part.what == "end"]
    return (*rows, *ends)


def value_at(trace: Trace, moment: int) -> Json:
    """The value of a moment as two runs are compared by it; an error as a catcher would get it."""
    return _plain(trace.raw[moment][0], trace.raw[moment][4])


def _plain(kind: str, value: Any) -> Json:
    if isinstance(value, Call):
        return value.given
    if kind in ERRORS or isinstance(value, tuple):
        return {"Error": value[0], "Cause": value[1]}
    return value


def _first(parts: _Parts | None) -> int | None:
    return next(iter(parts.values()), None) if parts else None


def _row(one: Trace, other: Trace, where: Where, key: tuple[int, str], left: int | None, right: int | None) -> Row:
    if left is None or right is None:
        return Row(where, *key, "right" if left is None else "left", left, right)
    mine, theirs = one.raw[left], other.raw[right]
    alike = mine[0] == theirs[0] and (mine[4] is theirs[4] or same(value_at(one, left), value_at(other, right)))
    if mine[0] in NAMED:
        alike = alike and mine[3] == theirs[3]
    return Row(where, *key, "same" if alike else "different", left, right)


def _addressed(trace: Trace, staged: bool) -> dict[Where, _Parts]:
    """The visits by address. An attempt begins with a retry; where only events count, with the work that begins anew."""
    found: dict[Where, _Parts] = {(): {}}
    within: dict[int, Where] = {0: ()}
    """The way to a line of work, by frame."""
    numbers: dict[tuple[int, str], int] = {}
    addresses: list[Where] = []
    attempts: list[int] = []
    begun: list[int] = []
    for index, (kind, _, visit, name, _, event) in enumerate(trace.raw):
        if kind == "entered":
            frame, state, _ = trace.raw_visits[visit]
            if frame not in within:
                _, parent, inner, _ = trace.raw_frames[frame]
                *outer, last = addresses[parent]
                within[frame] = (*outer, last._replace(attempt=attempts[parent], inner=inner))
            number = numbers.get((frame, state.name), 0)
            numbers[frame, state.name] = number + 1
            addresses.append((*within[frame], Step(state.name, number)))
            attempts.append(0)
            begun.append(0)
            found[addresses[-1]] = {}
        elif visit >= 0 and kind == "retry" and staged:
            attempts[visit] += 1
        elif visit >= 0 and kind in _BEGIN and not staged:
            attempts[visit] = begun[visit]
            begun[visit] += 1
        what = name if kind == "stage" and name != "output" else WHAT.get(kind)
        if what is None or (not staged and not event):
            continue
        own = visit >= 0 and kind not in ("ended", "started")
        at = attempts[visit] - (kind == "retry") if own else 0
        found[addresses[visit] if own else ()].setdefault((at, what), index)
    return found


_Key = TypeVar("_Key")


def _merged(left: Mapping[_Key, Any], right: Mapping[_Key, Any]) -> Iterator[_Key]:
    """The keys of both in the order of the left; one that only the right has comes before the next that both have."""
    waiting = iter(right)
    passed: set[_Key] = set()
    for key in left:
        if key in right and key not in passed:
            for other in waiting:
                passed.add(other)
                if other == key:
                    break
                if other not in left:
                    yield other
        yield key
    yield from (key for key in waiting if key not in left)
