"""Loops that never end, and loops that end at the limit of the history.

A loop is a strongly connected part of a block. One that nothing leads out of never ends. One that polls leaves events on
every turn, and a Standard execution fails at its 25,000th: how long that takes is worth knowing before it happens.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.model import Language
from engine.outline import Block, Spot, blocks, states_of, targets
from engine.problems import Problem, problem
from engine.values import Json

MOST_EVENTS = 25_000
WORTH_TELLING = 12 * 3600
"""Seconds: a loop that may turn for longer than half a day before the limit is nobody's worry here."""
_EVENTS = {"Task": 5, "Parallel": 6, "Map": 6}
"""Events that one visit leaves; two for the other types: entered and exited."""


def loop_problems(document: Mapping[str, Json], workflow_type: str, language: Language) -> Iterator[Problem]:
    """What there is to say about the loops of every block."""
    for block in blocks(document):
        yield from _of_block(block, {spot.name: spot for spot in states_of(block, language)}, workflow_type)


def _of_block(block: Block, states: Mapping[str, Spot], workflow_type: str) -> Iterator[Problem]:
    following = {
        name: [target for _, target in targets(spot) if target in states and spot.source.get("End") is not True]
        for name, spot in states.items()
    }
    for loop in loops(following):
        inside = set(loop)
        named = " → ".join([*loop, loop[0]])
        left = any(target not in inside for name in loop for target in following[name])
        if not left:
            yield problem("loop-without-exit", states[loop[0]].at, states=named)
        elif workflow_type == "STANDARD":
            yield from _to_the_limit([states[name] for name in loop], named)


def _to_the_limit(loop: list[Spot], named: str) -> Iterator[Problem]:
    """Only loops that wait a literal time are judged: how long other turns take is not in the definition."""
    waits = [spot.source.get("Seconds") for spot in loop if spot.type == "Wait"]
    seconds = sum(wait for wait in waits if isinstance(wait, int) and not isinstance(wait, bool))
    if not waits or not seconds:
        return
    events = sum(_EVENTS.get(spot.type, 2) for spot in loop)
    turns = MOST_EVENTS // events
    if turns * seconds < WORTH_TELLING:
        minutes = turns * seconds // 60
        duration = f"{minutes} min" if minutes < 120 else f"{minutes // 60} h"
        yield problem("loop-meets-event-limit", loop[0].at, states=named, events=events, turns=turns, duration=duration)


def loops(following: Mapping[str, list[str]]) -> list[list[str]]:
    """The strongly connected parts with at least one edge inside, each in the order of the mapping.

    Tarjan's algorithm, without recursion.
    """
    number: dict[str, int] = {}
    low: dict[str, int] = {}
    path: list[str] = []
    on_path: set[str] = set()
    found: list[list[str]] = []
    order = {name: place for place, name in enumerate(following)}
    for root in following:
        if root in number:
            continue
        number[root] = low[root] = len(number)
        path.append(root)
        on_path.add(root)
        work = [(root, iter(following[root]))]
        while work:
            name, ahead = work[-1]
            entered = False
            for target in ahead:
                if target not in number:
                    number[target] = low[target] = len(number)
                    path.append(target)
                    on_path.add(target)
                    work.append((target, iter(following[target])))
                    entered = True
                    break
                if target in on_path:
                    low[name] = min(low[name], number[target])
            if entered:
                continue
            work.pop()
            if work:
                low[work[-1][0]] = min(low[work[-1][0]], low[name])
            if low[name] == number[name]:
                part: list[str] = []
                while True:
                    member = path.pop()
                    on_path.discard(member)
                    part.append(member)
                    if member == name:
                        break
                if len(part) > 1 or name in following[name]:
                    found.append(sorted(part, key=order.__getitem__))
    return found
