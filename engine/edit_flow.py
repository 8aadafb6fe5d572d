"""The flow of one block while it is edited: who leads where, what can be reached, and where a fragment can go in.

A *way* is what makes an edge: `StartAt` of the block, or Next, End, Default, a rule or a catcher of a state. A *gap* is a
place between states: the ways that lead into it, and the state that follows (None: the flow ends there).

What the service refuses is not left behind: an edit that would take the last way to a state, or the end of a flow, is not
possible, and the sentence says which state it is about.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from engine.edit_places import END, START, Home, NotPossible, block_at, home_of, homes
from engine.outline import Block, blocks
from engine.pointer import under
from engine.values import Json

MOVING = ("Task", "Pass", "Wait", "Parallel", "Map")
"""Types that go on by Next or End."""
CATCHING = ("Task", "Parallel", "Map")
_CAUGHT = ("States.ALL", "States.TaskFailed", "States.Timeout", "States.Permissions")


@dataclass(frozen=True, slots=True)
class Way:
    """One way out of a state, or into a block (`owner` is None then). `field` and `index` say where it is written."""

    owner: str | None
    field: str
    index: int | None = None

    def at(self, block: Block) -> str:
        """The id of its edge."""
        base = block.at if self.owner is None else under(block.at, ("States", self.owner))
        return under(base, (self.field,) if self.index is None else (self.field, self.index))


@dataclass(frozen=True, slots=True)
class Gap:
    """Where a fragment goes in: `ways` will lead to its start, its open ends to `follows`.

    New states stand behind the state `behind` in the text, at the top when it is None.
    """

    block: Block
    ways: tuple[Way, ...]
    follows: str | None
    behind: str | None = None
    before: str | None = None


def kind_of(state: Json) -> str:
    """The Type of a state, empty for what has none."""
    found = state.get("Type") if isinstance(state, dict) else None
    return found if isinstance(found, str) else ""


def ways_of(name: str, state: Json) -> Iterator[tuple[Way, str | None]]:
    """Every way out of a state with its target; None where the flow ends."""
    if not isinstance(state, dict):
        return
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        for index, entry in enumerate(entries if isinstance(entries, list) else ()):
            target = entry.get("Next") if isinstance(entry, dict) else None
            if isinstance(target, str):
                yield Way(name, field, index), target
    for field in ("Default", "Next"):
        if isinstance(state.get(field), str):
            yield Way(name, field), state[field]
    if state.get("End") is True and not isinstance(state.get("Next"), str):
        yield Way(name, "End"), None


def targets_of(state: Json) -> tuple[str, ...]:
    """The names that a state may lead to."""
    return tuple(target for _, target in ways_of("", state) if target is not None)


def states_in(source: Mapping[str, Json]) -> dict[str, Json]:
    states = source.get("States")
    return states if isinstance(states, dict) else {}


def reached(source: Mapping[str, Json]) -> set[str]:
    """The states of a block that its start leads to."""
    states = states_in(source)
    start = source.get("StartAt")
    if not isinstance(start, str) or start not in states:
        return set()
    found, ahead = {start}, [start]
    while ahead:
        for target in targets_of(states[ahead.pop()]):
            if target in states and target not in found:
                found.add(target)
                ahead.append(target)
    return found


def ends(source: Mapping[str, Json]) -> bool:
    """Does some state end the flow?"""
    return any(
        isinstance(state, dict) and (state.get("End") is True or state.get("Type") in ("Succeed", "Fail"))
        for state in states_in(source).values()
    )


def sound(before: Mapping[str, Json], after: Mapping[str, Json]) -> None:
    """Nothing that could be reached is out of reach, and a flow that had an end has one.

    Raises:
        NotPossible: otherwise.
    """
    states = states_in(after)
    lost = reached(before) - reached(after)
    for name in states_in(before):
        if name in lost and name in states:
            raise NotPossible("“{name}” could no longer be reached.", name=name)
    if ends(before) and not ends(after):
        raise NotPossible("The flow would have no end any more.")


def led(state: Mapping[str, Json], target: str | None) -> dict[str, Json]:
    """A moving state that goes on to a target, or ends the flow; the way is written where it was."""
    way, value = ("End", True) if target is None else ("Next", target)
    if way in state and not ({"Next", "End"} - {way}) & state.keys():
        return dict(state) if state[way] == value else {**state, way: value}
    found: dict[str, Json] = {}
    for name, inner in state.items():
        if name not in ("Next", "End"):
            found[name] = inner
        elif way not in found:
            found[way] = value
    found.setdefault(way, value)
    return found


def pointed(source: Mapping[str, Json], way: Way, target: str, language: str) -> dict[str, Json]:
    """A block in which a way leads to a target. A rule or catcher one behind the last is made.

    Raises:
        NotPossible: the state has no such way.
    """
    if way.owner is None:
        if "StartAt" in source or "States" not in source:
            return {**source, "StartAt": target}
        return put_before(source, "States", {"StartAt": target})
    states = states_in(source)
    state = states[way.owner]
    if not isinstance(state, dict):
        raise NotPossible("“{name}” is not a state that can lead anywhere.", name=way.owner)
    changed: dict[str, Json]
    if way.field in ("Next", "End"):
        changed = led(state, target)
    elif way.field == "Default":
        changed = {**state, "Default": target}
    else:
        found = state.get(way.field)
        entries: list[Json] = list(found) if isinstance(found, list) else []
        index = len(entries) if way.index is None else way.index
        if index < len(entries) and isinstance(entries[index], dict):
            entries[index] = {**entries[index], "Next": target}
        elif way.field == "Choices":
            entries[index : index + 1] = [{**new_condition(language), "Next": target}]
        else:
            entries = _caught(entries, target)
        changed = {**state, way.field: entries}
        if way.field == "Catch" and "Catch" not in state:
            changed = put_before(state, "Next" if "Next" in state else "End", {"Catch": entries})
    return {**source, "States": {**states, way.owner: changed}}


def new_condition(language: str) -> dict[str, Json]:
    """A condition to start a new rule with."""
    if language == "JSONata":
        return {"Condition": "{% $exists($states.input.value) %}"}
    return {"Variable": "$.value", "IsPresent": True}


def _caught(catchers: list[Json], target: str) -> list[Json]:
    """The catchers and a new one. `States.ALL` stands alone and last, so that the others come before it."""
    used = [
        error
        for entry in catchers
        if isinstance(entry, dict) and isinstance(entry.get("ErrorEquals"), list)
        for error in entry["ErrorEquals"]
        if isinstance(error, str)
    ]
    error = next((error for error in _CAUGHT if error not in used), "States.Runtime")
    new = {"ErrorEquals": [error], "Next": target}
    return [*catchers[:-1], new, catchers[-1]] if "States.ALL" in used else [*catchers, new]


def put_before(source: Mapping[str, Json], field: str, added: Mapping[str, Json]) -> dict[str, Json]:
    """The object with further members before one of its own, at its end when it has none of that name."""
    if field not in source:
        return {**source, **added}
    found: dict[str, Json] = {}
    for name, value in source.items():
        if name == field:
            found.update(added)
        found[name] = value
    return found


def with_states(
    source: Mapping[str, Json], new: Mapping[str, Json], behind: str | None = None, before: str | None = None
) -> dict[str, Json]:
    """A block with further states behind or before one of its own; at the top when neither is there."""
    states = states_in(source)
    found: dict[str, Json] = {}
    if behind not in states and before not in states:
        found.update(new)
    for name, state in states.items():
        if name == before and behind not in states:
            found.update(new)
        found[name] = state
        if name == behind:
            found.update(new)
    return {**source, "States": found}


# Edges and gaps -----------------------------------------------------------------------------------------------------


def way_at(document: Json, edge: str) -> tuple[Block, Way, str | None]:
    """The block and way of an edge id, and the target that is written there.

    Raises:
        NotPossible: there is no such edge.
    """
    for block in blocks(document):
        if not edge.startswith(block.at):
            continue
        start = block.source.get("StartAt")
        if isinstance(start, str) and Way(None, "StartAt").at(block) == edge:
            return block, Way(None, "StartAt"), start
        for name, state in block.states.items():
            if edge.startswith(under(block.at, ("States", name))):
                for way, target in ways_of(name, state):
                    if way.at(block) == edge:
                        return block, way, target
    raise NotPossible("This transition is not there any more.")


def gap_on(document: Json, edge: str) -> Gap:
    """The gap in the middle of an edge."""
    block, way, target = way_at(document, edge)
    return Gap(block, (way,), target, way.owner)


def gap_after(document: Json, node: str) -> Gap:
    """The gap behind a state: on its way onward, on a Choice's Default when it has none, else at a rule of its own.

    Nothing follows Succeed and Fail, so what is put there comes before them.
    """
    if node == START:
        return gap_in(document, "")
    home = home_of(document, node)
    return _behind(home)


def gap_in(document: Json, at: str) -> Gap:
    """The gap at the end of a block; its very beginning when it is empty."""
    block = block_at(document, at)
    if block is None:
        raise NotPossible("There is no such group any more.")
    if not block.states:
        return Gap(block, (Way(None, "StartAt"),), None)
    start = block.source.get("StartAt")
    if not isinstance(start, str) or start not in block.states:
        return Gap(block, (Way(None, "StartAt"),), next(iter(block.states)))
    return _behind(_last(block))


def _last(block: Block) -> Home:
    """The state that is best called the last: one that ends the flow in passing, else a Succeed, else the text's last."""
    found = {name: Home(name, under(block.at, ("States", name)), block, state) for name, state in block.states.items()}

    def rank(home: Home) -> int:
        state, kind = home.source, kind_of(home.source)
        if not isinstance(state, dict):
            return 0
        if kind in MOVING:
            return 5 if not isinstance(state.get("Next"), str) else 0
        return {"Succeed": 4, "Choice": 3 if "Default" not in state else 0, "Fail": 2}.get(kind, 0)

    return max(reversed(found.values()), key=rank)


def _behind(home: Home) -> Gap:
    block, name, state = home.block, home.name, home.source
    kind = kind_of(state)
    if kind in ("Succeed", "Fail"):
        before = tuple(
            way
            for way, target in (
                (Way(None, "StartAt"), block.source.get("StartAt")),
                *(pair for other, source in block.states.items() for pair in ways_of(other, source)),
            )
            if target == name
        )
        return Gap(block, before, name, None, name)
    if not isinstance(state, dict):
        raise NotPossible("“{name}” is not a state that can lead anywhere.", name=name)
    if kind == "Choice":
        free = not isinstance(state.get("Default"), str)
        return Gap(block, (Way(name, "Default") if free else Way(name, "Choices"),), None, name)
    target = state.get("Next")
    return Gap(block, (Way(name, "Next"),), target if isinstance(target, str) else None, name)


def connection(document: Json, source: str, target: str, way: str) -> tuple[Block, Way, str | None]:
    """The way that a new transition is written as, and the name it leads to (None: the end).

    Raises:
        NotPossible: the two are in different flows, or the source has no such way.
    """
    known = homes(document)
    aim = known.get(target)
    if aim is None and target != END:
        raise NotPossible("There is no state “{name}”.", name=target.rpartition("/")[2])
    origin = known.get(source)
    if way == "start" or (origin is None and source == START):
        if aim is None:
            raise NotPossible("A flow begins with a state.")
        return aim.block, Way(None, "StartAt"), aim.name
    if origin is None:
        raise NotPossible("There is no state “{name}”.", name=source.rpartition("/")[2])
    if aim is not None and aim.block.at != origin.block.at:
        raise NotPossible("“{name}” stands in another flow; a transition stays within its own.", name=aim.name)
    kind = kind_of(origin.source)
    if kind in ("Succeed", "Fail"):
        raise NotPossible("“{name}” ends the flow; nothing follows a {type} state.", name=origin.name, type=kind)
    state = origin.source
    if not isinstance(state, dict):
        raise NotPossible("“{name}” is not a state that can lead anywhere.", name=origin.name)
    if way == "catch" and kind not in CATCHING:
        raise NotPossible("Only Task, Parallel and Map states catch errors.")
    if way in ("choice", "default") and kind != "Choice":
        raise NotPossible("Only a Choice state has rules.")
    if kind == "Choice" and way == "next":
        way = "choice" if isinstance(state.get("Default"), str) else "default"
    field = {"next": "Next", "choice": "Choices", "default": "Default", "catch": "Catch"}.get(way, "Next")
    if aim is None and field != "Next":
        raise NotPossible("This way needs a state to lead to; add a Succeed state to end the flow.")
    return origin.block, Way(origin.name, field), None if aim is None else aim.name
