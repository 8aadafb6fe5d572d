"""One reading of one document: what its closures share."""

from __future__ import annotations

from collections.abc import Callable

from engine.values import Json

from .tokens import Route, Token

MOST_VISITS = 2_000_000
"""Values that the scans of one reading may look at: `$..*..*..*` on a deep document would look at no end of them."""


class Run:
    """The document, what has been found in it for filters, and Jayway's two memories (see `evaluate`)."""

    __slots__ = ("arguments", "indices", "known", "root", "visits")

    def __init__(self, root: Json) -> None:
        self.root = root
        self.known: dict[Route, Json] = {}
        self.indices: dict[Token, int] = {}
        self.arguments: dict[Route, tuple[Token, ...]] = {}
        self.visits = MOST_VISITS


Step = Callable[[Json, list[Json], Run], None]
"""Hands what it finds below a value to the next step; the last one adds it to the list."""
Reader = Callable[[Json, Run], Json]
"""The answer of a whole path below a value."""
Test = Callable[[Json, Run], bool]
"""Whether an element passes."""
