"""Two runs laid beside each other by what a history keeps of them: the first event in which they differ.

A recording has no stages, and a simulated run has them; what both have is events, at the borders of states and at the calls
of tasks. Times do not count, nor do numbers of events: what happened does, with which values.
"""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

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
