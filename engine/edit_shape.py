"""States put into a Parallel or Map, taken out of one again, and turned into another type."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from engine.edit_flow import (
    CATCHING,
    MOVING,
    ends,
    kind_of,
    led,
    new_condition,
    reached,
    sound,
    states_in,
    targets_of,
    ways_of,
    with_states,
)
from engine.edit_names import free_name, names_in, redirected
from engine.edit_places import Edited, NotPossible, home_of, language_of, steps_of, with_value
from engine.edit_removal import is_idle, together, ways_into
from engine.fields import STATE_TYPES, offered
from engine.model import Language
from engine.outline import Block
from engine.pointer import under
from engine.schema import schema_problems
from engine.values import Json


def wrap(document: Json, nodes: Iterable[str], into: str) -> Edited:
    """One stretch of a flow becomes a branch of a new Parallel, or the processor of a new Map.

    The stretch has one way in and one way out. Ways out become ends inside: `End: true`, or a Succeed that a Choice leads
    to. The catchers of a single state that lead outside move to the wrapper.

    Raises:
        NotPossible: the states form no such stretch; the sentence says why.
    """
    if into not in ("Parallel", "Map"):
        raise NotPossible("States can be wrapped in a Parallel or a Map.")
    block, names = together(document, nodes)
    inside = set(names)
    first = _entry(block, names, inside)
    moved = _caught_outside(block, names, inside)
    out = _exit(block, names, inside, first)
    taken = names_in(document)
    wrapper = free_name(into, taken)
    content = _inner(block, names, inside, taken | {wrapper}, bool(moved))
    if not ends(content):
        raise NotPossible("The selected states never end; select the way out of them too.")
    language = language_of(document, None)
    state: dict[str, Json] = {"Type": into}
    if into == "Parallel":
        state["Branches"] = [{"StartAt": first, **content}]
    else:
        state |= {"ItemsPath": "$.items"} if language == "JSONPath" else {"Items": "{% $states.input.items %}"}
        state["ItemProcessor"] = {"ProcessorConfig": {"Mode": "INLINE"}, "StartAt": first, **content}
    if moved:
        state["Catch"] = moved
    state = led(state, out)
    states: dict[str, Json] = {}
    for name, source in block.states.items():
        if name == names[0]:
            states[wrapper] = state
        if name not in inside:
            states[name] = redirected(source, lambda target: wrapper if target in inside else target)
    start = block.source.get("StartAt")
    after = {**block.source, "States": states}
    if isinstance(start, str) and start in inside:
        after["StartAt"] = wrapper
    return Edited(with_value(document, steps_of(block), after), (under(block.at, ("States", wrapper)),))


def _entry(block: Block, names: tuple[str, ...], inside: set[str]) -> str:
    """The one state of a stretch that is led to from outside."""
    entries = list(dict.fromkeys(target for _, target in ways_into(block, inside)))
    if len(entries) > 1:
        raise NotPossible(
            "The selection has more than one way in: “{first}” and “{second}”.", first=entries[0], second=entries[1]
        )
    first = entries[0] if entries else names[0]
    connected = reached({"StartAt": first, "States": {name: block.states[name] for name in names}})
    for name in names:
        if name not in connected:
            raise NotPossible("“{name}” is not connected with the rest of the selection.", name=name)
    return first


def _caught_outside(block: Block, names: tuple[str, ...], inside: set[str]) -> list[Json]:
    """The catchers to move to the wrapper."""
    for name in names:
        for way, target in ways_of(name, block.states[name]):
            if way.field == "Catch" and target not in inside:
                if len(names) > 1:
                    raise NotPossible(
                        "An error of “{name}” leads out of the selection, to “{target}”; select that state too.",
                        name=name,
                        target=str(target),
                    )
                entries: list[Json] = block.states[name]["Catch"]
                if any(isinstance(entry, dict) and entry.get("Next") in inside for entry in entries):
                    raise NotPossible("Some errors of “{name}” lead out of the selection and some do not.", name=name)
                return entries
    return []


def _exit(block: Block, names: tuple[str, ...], inside: set[str], first: str) -> str | None:
    """The name that a stretch leads to, None for the end."""
    outs: dict[str | None, str] = {}
    for name in names:
        state = block.states[name]
        if kind_of(state) == "Succeed":
            outs.setdefault(None, name)
        for way, target in ways_of(name, state):
            if way.field != "Catch" and (target is None or target not in inside):
                outs.setdefault(target, name)
    if len(outs) > 1:
        found = list(outs)
        if None in found:
            other = next(target for target in found if target is not None)
            raise NotPossible(
                "“{name}” ends the flow, and other states of the selection lead on to “{target}”.",
                name=outs[None],
                target=other,
            )
        raise NotPossible(
            "The selection has more than one way out: to “{first}” and “{second}”.",
            first=str(found[0]),
            second=str(found[1]),
        )
    return next(iter(outs), None)


def _inner(block: Block, names: tuple[str, ...], inside: set[str], taken: set[str], uncaught: bool) -> dict[str, Json]:
    """The stretch as a block of its own, without a start."""
    done = free_name("Succeed", taken)
    states: dict[str, Json] = {}
    for name in names:
        state = block.states[name]
        if kind_of(state) == "Choice":
            state = redirected(state, lambda target: target if target in inside else done)
        else:
            if uncaught and isinstance(state, dict):
                state = {key: value for key, value in state.items() if key != "Catch"}
            state = redirected(state, lambda target: target if target in inside else None)
        states[name] = state
    if any(done in targets_of(state) for state in states.values()):
        states[done] = {"Type": "Succeed"}
    return {"States": states}


def opened(document: Json, node: str) -> Edited:
    """The content of a Map, or of a Parallel with one branch, in its place.

    Its ends lead to what followed the group; a Succeed inside, which ended only the branch, becomes a Pass. Retry and Catch
    go to the content when that is a single state that may have them.

    Raises:
        NotPossible: there are several branches, or nobody to take over Retry and Catch.
    """
    home = home_of(document, node)
    state: Mapping[str, Json] = home.source
    inner = _content(home.name, state)
    if not states_in(inner) or not isinstance(inner.get("StartAt"), str) or inner["StartAt"] not in states_in(inner):
        raise NotPossible("There is nothing inside “{name}”.", name=home.name)
    target = state.get("Next")
    follows = target if isinstance(target, str) else None
    pieces = {name: _outer(source, follows) for name, source in states_in(inner).items()}
    guards = {name: state[name] for name in ("Retry", "Catch") if state.get(name)}
    if guards:
        only = next(iter(pieces))
        if len(pieces) > 1 or kind_of(pieces[only]) not in CATCHING or guards.keys() & pieces[only].keys():
            raise NotPossible(
                "“{name}” has Retry or Catch, and its content has no place for them; take them away first.",
                name=home.name,
            )
        way = {key: pieces[only][key] for key in ("Next", "End") if key in pieces[only]}
        rest = {key: value for key, value in pieces[only].items() if key not in way}
        pieces[only] = {**rest, **guards, **way}
    block = home.block
    start: str = inner["StartAt"]
    for name, source in list(pieces.items()):
        if kind_of(source) == "Pass" and kind_of(states_in(inner)[name]) == "Succeed" and is_idle(source) and follows:
            if name == start:
                continue
            del pieces[name]
            pieces = {
                key: redirected(value, lambda aim, name=name: follows if aim == name else aim)  # type: ignore[misc]
                for key, value in pieces.items()
            }
    after = with_states(block.source, pieces, home.name)
    states: dict[str, Json] = {}
    for name, source in states_in(after).items():
        if name != home.name:
            states[name] = redirected(source, lambda aim: start if aim == home.name else aim)
    after["States"] = states
    if after.get("StartAt") == home.name:
        after["StartAt"] = start
    sound(block.source, after)
    return Edited(
        with_value(document, steps_of(block), after), tuple(under(block.at, ("States", name)) for name in pieces)
    )


def _content(name: str, state: Mapping[str, Json]) -> Mapping[str, Json]:
    """The one block inside a group."""
    if kind_of(state) == "Map":
        inner = state.get("ItemProcessor", state.get("Iterator"))
        return inner if isinstance(inner, dict) else {}
    branches = state.get("Branches")
    if not isinstance(branches, list) or not branches:
        return {}
    if len(branches) > 1:
        raise NotPossible(
            "“{name}” has {count} branches; only one could take its place.", name=name, count=len(branches)
        )
    return branches[0] if isinstance(branches[0], dict) else {}


def _outer(state: Json, follows: str | None) -> Json:
    """A state of a branch where the branch is no more."""
    kind = kind_of(state)
    if kind == "Succeed" and follows is not None:
        return led({**state, "Type": "Pass"}, follows)
    if kind in MOVING and not isinstance(state.get("Next"), str):
        return led(state, follows)
    return state


# Types --------------------------------------------------------------------------------------------------------------


def change_type(document: Json, node: str, type: str) -> Edited:
    """A state of another type, with the fields that both types have, and the least that the new one needs.

    Raises:
        NotPossible: there is no such type, or states behind it could no longer be reached.
    """
    home = home_of(document, node)
    if type not in STATE_TYPES:
        raise NotPossible("There is no state type “{type}”.", type=type)
    state: Mapping[str, Json] = home.source if isinstance(home.source, dict) else {}
    if kind_of(state) == type:
        return Edited(document, (home.at,))
    language = language_of(document, state)
    allowed = {field.name for field in offered(type, language)}
    fresh: dict[str, Json] = {}
    for name, value in {"Type": type, **state}.items():
        if name == "Type":
            fresh["Type"] = type
        elif name in allowed and name not in ("Next", "End", "Default", "Choices"):
            fresh[name] = value
    for name in _unfit(fresh, language):
        del fresh[name]
    taken = names_in(document)
    added = _needed(type, state, language, taken)
    fresh.update({name: value for name, value in added.items() if name not in fresh})
    follows = _onward(state)
    source = home.block.source
    extra: dict[str, Json] = {}
    if type == "Choice":
        if follows is None:
            follows = free_name("Succeed", taken | _names_of(added))
            extra[follows] = {"Type": "Succeed"}
        fresh["Choices"] = [{**new_condition(language), "Next": follows}]
        fresh["Default"] = follows
    elif type in MOVING:
        fresh = led(fresh, follows)
    after = with_states(source, extra, home.name) if extra else dict(source)
    after["States"] = {**states_in(after), home.name: fresh}
    sound(source, after)
    return Edited(with_value(document, steps_of(home.block), after), (home.at,))


def _unfit(state: Mapping[str, Json], language: str) -> set[str]:
    """Fields whose value another type does not take: `$states.result` where there is no result."""
    spoken: Language = "JSONata" if language == "JSONata" else "JSONPath"
    alone = {"QueryLanguage": language, "StartAt": "S", "States": {"S": state}}
    wrong = [problem.at for problem in schema_problems(alone, spoken, "STANDARD") if problem.severity == "error"]
    places = {name: under("/States/S", (name,)) for name in state}
    return {
        name for name, place in places.items() if any(re.match(re.escape(place) + r"(?:[/\[]|\Z)", at) for at in wrong)
    }


def _onward(state: Mapping[str, Json]) -> str | None:
    for field in ("Next", "Default"):
        target = state.get(field)
        if isinstance(target, str):
            return target
    rules = [target for way, target in ways_of("", state) if way.field == "Choices"]
    return rules[0] if rules else None


def _needed(type: str, state: Mapping[str, Json], language: str, taken: set[str]) -> dict[str, Json]:
    """The fields that a type must have, with values to start from. What is inside a group moves to the other kind."""
    match type:
        case "Task":
            arguments = {"FunctionName": "${FunctionName}"}
            return {
                "Resource": "arn:aws:states:::lambda:invoke",
                "Parameters" if language == "JSONPath" else "Arguments": arguments,
            }
        case "Wait":
            return {"Seconds": 60}
        case "Parallel" | "Map":
            try:
                inner = _content("", state)
            except NotPossible:
                raise NotPossible("A Map has one flow inside; this state has several branches.") from None
            content = {name: inner[name] for name in ("StartAt", "States") if name in inner}
            if not states_in(content):
                name = free_name("Pass", taken)
                content = {"StartAt": name, "States": {name: {"Type": "Pass", "End": True}}}
            if type == "Parallel":
                return {"Branches": [content]}
            return {"ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **content}}
    return {}


def _names_of(added: Mapping[str, Json]) -> set[str]:
    return names_in({"States": {"": {"Type": "Map", **added}}})
