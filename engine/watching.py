"""A watch: one question asked at every moment of a run, told as the moments at which its answer changed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from engine.questions import Question, Sight, Unanswered, sights
from engine.trace import Trace
from engine.values import Json, Sizes, same

MOST_CHANGES = 20_000
MOST_BYTES = 524_288
"""Of all the different values of a watch together, as compact JSON."""
EVERY = 64
"""Answers between two looks at whether it has been enough."""


@dataclass(frozen=True, slots=True)
class Missing:
    """There is no answer. `reason` says why; it is empty where what was asked for is simply not there."""

    reason: str = ""


@dataclass(frozen=True, slots=True)
class Watched:
    """The answers of a watch."""

    changes: tuple[tuple[int, Json | Missing], ...]
    """Moments, each with the answer from there on."""
    until: int | None = None
    """The moment at which it was given up because there was too much; None when the whole run was seen."""


def watch(trace: Trace, question: Question, enough: Callable[[], bool] = lambda: False) -> Watched:
    """The answers along a run. `enough` is asked now and then, and ends the watch early when it says so.

    An answer is asked for again only where something that it could depend on has changed.
    """
    changes: list[tuple[int, Json | Missing]] = []
    answers: dict[int, tuple[int, Json | Missing]] = {}
    sizes = Sizes()
    seen: set[int] = set()
    asked = size = 0
    for index, sight in sights(trace):
        visit = trace.raw[index][2]
        known = answers.get(visit)
        if known is not None and known[0] == sight.version:
            answer = known[1]
        else:
            asked += 1
            if asked % EVERY == 0 and enough():
                return Watched(tuple(changes), index)
            answer = _answer(question, sight)
            answers[visit] = (sight.version, answer)
        if changes and _alike(changes[-1][1], answer):
            continue
        if not isinstance(answer, Missing) and id(answer) not in seen:
            seen.add(id(answer))
            size += sizes.of(answer)
        if len(changes) >= MOST_CHANGES or size > MOST_BYTES:
            return Watched(tuple(changes), index)
        changes.append((index, answer))
    return Watched(tuple(changes))


def _answer(question: Question, sight: Sight) -> Json | Missing:
    try:
        return question.ask(sight)
    except Unanswered as none:
        return Missing(none.reason)


def _alike(one: Json | Missing, other: Json | Missing) -> bool:
    if isinstance(one, Missing) or isinstance(other, Missing):
        return one == other if isinstance(one, Missing) and isinstance(other, Missing) else False
    return one is other or same(one, other)
