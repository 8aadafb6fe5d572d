"""Conditions of breakpoints and watches: what the browser asks about the run it shows, and the answers as it reads them.

    asked     {"stops": [{"id", "kind", "node", "number", "condition"}, …], "watches": ["$.order.total", …]}
    answered  {"stops": {id: {"moments": steps, "asked", "unanswered", "reason", "until"} or {"error": sentence}, …},
               "watches": {text: {"language", "at": steps of moments, "answer": [place in answers],
                                  "answers": [{"is": value} or {"none": reason}], "until"} or {"error": sentence}, …}}

A column of steps holds differences. The browser unfolds it once, so that stepping only looks things up.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, get_args

from designer.components.canvas.packing import steps
from engine.questions import LONGEST, Unreadable
from engine.stopping import Breakpoint, Kind, Stops
from engine.watching import Missing, Watched

Json = Any
MOST_STOPS = 100
MOST_WATCHES = 40
LONGEST_ID = 4 * LONGEST


@dataclass(frozen=True, slots=True)
class Condition:
    """A breakpoint and the condition under which it stops. `id` is the browser's name for both."""

    id: str
    point: Breakpoint
    text: str


@dataclass(frozen=True, slots=True)
class Questions:
    """All that the browser asks at a time."""

    stops: tuple[Condition, ...] = ()
    watches: tuple[str, ...] = ()


def read_questions(state: Any) -> Questions:
    """What stands in the component's state; whatever is malformed is not asked."""
    told = state.get("questions") if isinstance(state, Mapping) else getattr(state, "questions", None)
    if not isinstance(told, Mapping):
        return Questions()
    stops, watches = told.get("stops"), told.get("watches")
    found = [_condition(one) for one in (stops if isinstance(stops, list) else [])[:MOST_STOPS]]
    texts = [one for one in (watches if isinstance(watches, list) else [])[:MOST_WATCHES] if isinstance(one, str)]
    return Questions(tuple(one for one in found if one is not None), tuple(texts))


def _condition(told: Any) -> Condition | None:
    if not isinstance(told, Mapping):
        return None
    name, kind, node, number = told.get("id"), told.get("kind"), told.get("node"), told.get("number")
    text = told.get("condition")
    whole = number is None or (isinstance(number, int) and not isinstance(number, bool))
    known = kind in get_args(Kind) and (node is None or isinstance(node, str)) and whole
    if not known or not isinstance(name, str) or len(name) > LONGEST_ID or not isinstance(text, str):
        return None
    return Condition(name, Breakpoint(kind, node, number), text)


def answers(
    questions: Questions,
    stop: Callable[[Condition], Stops | Unreadable],
    look: Callable[[str], tuple[str, Watched] | Unreadable],
    sentence: Callable[[Unreadable], str],
) -> dict[str, Json]:
    """The answers as the browser reads them. `stop` and `look` find them, `sentence` says what is wrong with a text."""

    def of_stop(one: Condition) -> Json:
        found = stop(one)
        return {"error": sentence(found)} if isinstance(found, Unreadable) else told_stops(found)

    def of_watch(text: str) -> Json:
        found = look(text)
        return {"error": sentence(found)} if isinstance(found, Unreadable) else told_watch(*found)

    return {
        "stops": {one.id: of_stop(one) for one in questions.stops},
        "watches": {text: of_watch(text) for text in questions.watches},
    }


def told_stops(found: Stops) -> dict[str, Json]:
    return {
        "moments": steps(list(found.moments)),
        "asked": found.asked,
        "unanswered": found.unanswered,
        "reason": found.reason,
        "until": found.until,
    }


def told_watch(language: str, found: Watched) -> dict[str, Json]:
    """Each distinct answer once: the lines of a Map that take turns give the same few again and again."""
    places: dict[Any, int] = {}
    told: list[Json] = []
    column: list[int] = []
    for _, answer in found.changes:
        known = answer if isinstance(answer, Missing) else id(answer)
        if known not in places:
            places[known] = len(told)
            told.append({"none": answer.reason} if isinstance(answer, Missing) else {"is": answer})
        column.append(places[known])
    at = steps([moment for moment, _ in found.changes])
    return {"language": language, "at": at, "answer": column, "answers": told, "until": found.until}
