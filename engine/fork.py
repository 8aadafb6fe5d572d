"""Change something in the middle of a run, and run on from there.

A fork is the same machine, input and world run again with one value changed: what a stage gave, what a state was handed,
what a task answered. Everything before that moment happens as before, because every reply given up to it is on the tape;
what comes after asks again. Nothing is copied and nothing resumed: a run is quick, and the same up to where it parts.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import replace
from types import MappingProxyType

from engine.execution import run
from engine.model import Machine
from engine.trace import Call, Moment, Reply, Trace
from engine.values import Json, same


class NotEditable(ValueError):
    """The moment holds no value that can be changed; the message says which do."""


def key(trace: Trace, moment: int) -> str:
    """The name under which `World.edits` holds a change to the value of this moment. Raises NotEditable."""
    name = _names(trace).get(moment)
    if name is None:
        kind = trace[moment].kind
        raise NotEditable(f"A moment of the kind '{kind}' has no value to change; an input, a stage or a result has.")
    return name


def edited(trace: Trace, moment: int, value: Json) -> Trace:
    """The run with another value at this moment: a stage's, a state's input, a task's result."""
    world = replace(
        trace.world,
        edits=MappingProxyType({**_kept_edits(trace, moment), key(trace, moment): value}),
        tape=MappingProxyType(tape_until(trace, moment)),
        record="stages",
    )
    return run(trace.machine, trace.input, world)


def answered(trace: Trace, call: Call, reply: Reply) -> Trace:
    """The run with this answer to this call: one that nobody had answered, or another one than it had."""
    moment = next(index for index, m in enumerate(trace.moments) if m.kind == "scheduled" and m.value.key == call.key)
    world = replace(trace.world, tape=MappingProxyType({**tape_until(trace, moment), call.key: reply}))
    return run(trace.machine, trace.input, world)


def redefined(trace: Trace, machine: Machine, input: Json = None) -> Trace:
    """The run of another definition, or on another input, that takes every earlier reply whose call is made again."""
    return run(machine, trace.input if input is None else input, replace(trace.world, tape=trace.tape))


def tape_until(trace: Trace, moment: int) -> Mapping[str, Reply]:
    """The replies to the calls that were made before this moment."""
    made = {m.value.key for m in trace.moments[:moment] if m.kind == "scheduled"}
    return {name: reply for name, reply in trace.tape.items() if name in made}


def parting(one: Trace, other: Trace) -> int | None:
    """The first moment at which two runs differ, None when neither does. Times do not count: what happened does."""
    for index, (left, right) in enumerate(zip(one.moments, other.moments, strict=False)):
        if not _alike(left, right):
            return index
    return None if len(one) == len(other) else min(len(one), len(other))


def _alike(left: Moment, right: Moment) -> bool:
    if (left.kind, left.visit, left.name) != (right.kind, right.visit, right.name):
        return False
    if isinstance(left.value, Call) and isinstance(right.value, Call):
        return same(left.value.given, right.value.given)
    return left.value is right.value or same(_plain(left.value), _plain(right.value))


def _plain(value: Json) -> Json:
    return list(value) if isinstance(value, tuple) else value


def _kept_edits(trace: Trace, moment: int) -> Mapping[str, Json]:
    """Changes made before this moment; those further on are for another future."""
    if not trace.world.edits:
        return {}
    names = _names(trace)
    passed = {names[index] for index in range(moment) if index in names}
    return {name: value for name, value in trace.world.edits.items() if name in passed}


def _names(trace: Trace) -> Mapping[int, str]:
    """Every moment that can be changed, by its name: `Both#0@1[2]/Pay#0@0:result`.

    States from the outermost on, each with the number of the visit to it in its frame and the attempt, and the branch or
    item that leads inwards: the same names as the keys of calls.
    """
    addresses: dict[int, str] = {0: ""}
    seen: dict[tuple[int, str], int] = {}
    places: list[str] = []
    attempts: list[int] = []
    names: dict[int, str] = {}
    for index, (kind, _, visit, name, _, _) in enumerate(trace.raw):
        if visit < 0:
            continue
        if kind == "entered":
            frame = trace.visits[visit].frame
            if frame not in addresses:
                _, parent, branch, _ = trace.frames[frame]
                addresses[frame] = f"{places[parent]}@{attempts[parent]}[{branch}]/"
            number = seen.get((frame, name), 0)
            seen[frame, name] = number + 1
            places.append(f"{addresses[frame]}{name}#{number}")
            attempts.append(0)
            names[index] = f"{places[visit]}:entered"
        elif kind == "stage":
            names[index] = f"{places[visit]}@{attempts[visit]}:{name}"
        elif kind == "retry":
            attempts[visit] += 1
    return names
