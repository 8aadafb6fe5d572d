"""Virtual time: a heap of what happens when. A year of waiting is one number on it.

No `sleep`, no wall clock, no thread. Ties are broken by a running ticket, so what was asked for first happens first and
the same run always happens in the same order.
"""

from __future__ import annotations

from heapq import heappop, heappush
from typing import TypeVar

Thing = TypeVar("Thing")


class Clock:
    """`now` is virtual milliseconds since the execution started."""

    __slots__ = ("_heap", "_ticket", "now")

    def __init__(self) -> None:
        self.now = 0
        self._heap: list[tuple[int, int, object]] = []
        self._ticket = 0

    def later(self, at: int, thing: object) -> None:
        """Bring `thing` up at `at`, after everything that was put there before."""
        self._ticket += 1
        heappush(self._heap, (at, self._ticket, thing))

    def due(self) -> int | None:
        """When the next thing is due; None when nothing is."""
        return self._heap[0][0] if self._heap else None

    def advance(self) -> object:
        """Move to the next thing and return it."""
        at, _, thing = heappop(self._heap)
        self.now = at
        return thing
