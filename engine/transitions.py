"""Where states lead: targets that do not exist, blocks that never end, states that are never reached, names used twice.

A variable belongs to the block that assigns it: blocks inside read it and may not assign it. Only the child executions of
a distributed Map see nothing of it, and are free.

Each block (the machine, a branch, a processor) is closed: a transition leads to a state of the same block. A block without
a terminal state is reported once, and then nothing is said about states that cannot be reached (as the service does it).
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.outline import Block, Spot, blocks, is_distributed, machine_language, spots, states_of, targets
from engine.pointer import under
from engine.problems import SCHEMA, Problem
from engine.references import assigned_by
from engine.values import Json

LONGEST_NAME = 80
_ENDING = ("Succeed", "Fail")


def transition_problems(document: Mapping[str, Json]) -> Iterator[Problem]:
    """Targets, ends and reachability, block by block; then the names of the whole machine."""
    language = machine_language(document)
    for block in blocks(document):
        if block.states:
            yield from _block_problems(block, list(states_of(block, language)))
    yield from _names(document)
    yield from _labels(document)
    yield from _variables(document)


def _block_problems(block: Block, states: list[Spot]) -> Iterator[Problem]:
    start = block.source.get("StartAt")
    if isinstance(start, str) and start not in block.states:
        yield _missing(under(block.at, ["StartAt"]), start, block)
    following: dict[str, list[str]] = {}
    for spot in states:
        following[spot.name] = []
        for steps, target in targets(spot):
            if target in block.states:
                following[spot.name].append(target)
            elif "${" not in target:
                yield _missing(under(spot.at, steps), target, block)
    if not any(_ends(spot) for spot in states):
        yield Problem("MISSING_END_STATE", block.at, "Workflow has no terminal state")
        return
    if not isinstance(start, str) or start not in block.states:
        return
    reached = {start}
    ahead = [start]
    while ahead:
        for target in following.get(ahead.pop(), ()):
            if target not in reached:
                reached.add(target)
                ahead.append(target)
    for spot in states:
        if spot.name not in reached:
            yield Problem(
                "MISSING_TRANSITION_TARGET",
                spot.at,
                f'State "{spot.name}" is not reachable.',
                params={"name": spot.name},
            )


def _missing(at: str, target: str, block: Block) -> Problem:
    """The service says 'Next' whatever the field is called."""
    return Problem(
        "MISSING_TRANSITION_TARGET",
        at,
        f"Missing 'Next' target: {target}",
        params={"target": target, "names": list(block.states)},
    )


def _ends(spot: Spot) -> bool:
    return spot.source.get("End") is True or spot.type in _ENDING


def _names(document: Mapping[str, Json]) -> Iterator[Problem]:
    seen: set[str] = set()
    for spot in spots(document):
        if spot.name in seen:
            yield Problem(
                "DUPLICATE_STATE_NAME", spot.at, f"Duplicate State name: {spot.name}", params={"name": spot.name}
            )
        seen.add(spot.name)
        if not spot.name:
            yield Problem("INVALID_STATE_NAME", spot.at, "The state name cannot be empty")
        elif len(spot.name) > LONGEST_NAME:
            yield Problem(
                "INVALID_STATE_NAME",
                spot.at,
                f"The state name is {len(spot.name)} characters long; at most {LONGEST_NAME} are allowed",
            )


def _labels(document: Mapping[str, Json]) -> Iterator[Problem]:
    seen: set[str] = set()
    for spot in spots(document):
        label = spot.source.get("Label") if spot.type == "Map" else None
        if isinstance(label, str):
            if label in seen:
                yield Problem("DUPLICATE_LABEL_NAME", under(spot.at, ["Label"]), f"Duplicate Label name: {label}")
            seen.add(label)


def _variables(document: Mapping[str, Json]) -> Iterator[Problem]:
    assigned: dict[str, set[str]] = {}
    for spot in spots(document):
        assigned.setdefault(spot.block.at, set()).update(assigned_by(spot))
    for spot in spots(document):
        outside = {name for at in _around(spot) for name in assigned.get(at, ())}
        for name in dict.fromkeys(assigned_by(spot)):
            if name in outside:
                yield Problem(
                    SCHEMA,
                    spot.at,
                    f"The variable '{name}' is assigned in an outer scope and cannot be assigned in an inner one",
                    params={"name": name},
                )


def _around(spot: Spot) -> Iterator[str]:
    """The blocks whose variables a state sees, its own left out."""
    owner = spot.block.owner
    while owner is not None and not is_distributed(owner):
        yield owner.block.at
        owner = owner.block.owner
