"""States copied, doubled and moved: pieces of a flow cut out as fragments and put in again."""

from __future__ import annotations

from collections.abc import Callable

from engine.edit_flow import MOVING, Gap, Way, kind_of, led, reached, targets_of
from engine.edit_places import NotPossible
from engine.edit_removal import follower
from engine.outline import Block, machine_language
from engine.values import Json

_INSIDE = ("Branches", "ItemProcessor", "Iterator", "Label")
Onward = Callable[[str, str], str | None]


def extract(
    document: Json, block: Block, names: tuple[str, ...], keep: frozenset[str] = frozenset()
) -> dict[str, Json]:
    """Some states of a block as a fragment, the flow closed up between them.

    Ways out of the selection become open ends: Next is `End: true`, a rule has no Next, a Default or catcher goes. Rules,
    Default and catchers that lead to a state in `keep` stay.

    Raises:
        NotPossible: no order leads from one state to the next.
    """
    order = {name: index for index, name in enumerate(_in_order(block))}
    chosen = sorted(names, key=order.__getitem__)
    rest = set(block.states) - set(names)

    def onward(name: str, target: str) -> str | None:
        """The next chosen state on the way to a target. What lies behind is not gone back to."""
        if target in names:
            return target
        found = follower(block.states, target, rest)
        return found if found in names and order[found] > order[name] else None

    found = {name: _cut(name, block.states[name], onward, keep) for name in names}
    fragment: dict[str, Json] = {"StartAt": chosen[0], "States": found}
    while loose := [name for name in chosen if name not in reached(fragment)]:
        last = next((name for name in reversed(chosen) if name in reached(fragment) and _is_open(found[name])), None)
        if last is None:
            raise NotPossible("“{name}” does not follow the other selected states.", name=loose[0])
        found[last] = led(found[last], loose[0])
    language = machine_language(document) if isinstance(document, dict) else "JSONPath"
    return fragment if language == "JSONPath" else {"QueryLanguage": language, **fragment}


def _in_order(block: Block) -> list[str]:
    """The states of a block in the order in which its start leads to them, then the others."""
    start = block.source.get("StartAt")
    ahead = [start] if isinstance(start, str) and start in block.states else []
    found = dict.fromkeys(ahead)
    for name in ahead:
        for target in targets_of(block.states[name]):
            if target in block.states and target not in found:
                found[target] = None
                ahead.append(target)
    return list(dict.fromkeys([*found, *block.states]))


def _is_open(state: Json) -> bool:
    return kind_of(state) in MOVING and not isinstance(state.get("Next"), str)


def _cut(name: str, state: Json, onward: Onward, keep: frozenset[str]) -> Json:
    """A state whose ways lead to chosen states, or are open."""
    if not isinstance(state, dict):
        return state
    target = state.get("Next")
    if isinstance(target, str):
        following = onward(name, target)
        state = state if following == target else led(state, following)
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        if isinstance(entries, list):
            cut = [_entry(name, entry, onward, keep) for entry in entries]
            if field == "Catch":
                cut = [entry for entry in cut if not isinstance(entry, dict) or "Next" in entry]
            if len(cut) != len(entries) or any(new is not old for new, old in zip(cut, entries, strict=True)):
                state = {key: cut if key == field else value for key, value in state.items() if key != field or cut}
    default = state.get("Default")
    if isinstance(default, str):
        following = onward(name, default) or (default if default in keep else None)
        if following is None:
            state = {key: value for key, value in state.items() if key != "Default"}
        elif following != default:
            state = {**state, "Default": following}
    return state


def _entry(name: str, entry: Json, onward: Onward, keep: frozenset[str]) -> Json:
    target = entry.get("Next") if isinstance(entry, dict) else None
    if not isinstance(target, str):
        return entry
    following = onward(name, target) or (target if target in keep else None)
    if following is None:
        return {key: value for key, value in entry.items() if key != "Next"}
    return entry if following == target else {**entry, "Next": following}


def gap_behind(block: Block, names: tuple[str, ...]) -> Gap:
    """The gap behind the last of some states, where their copy goes.

    Raises:
        NotPossible: all of them end the flow.
    """
    order = [name for name in _in_order(block) if name in names]
    for name in reversed(order):
        state = block.states[name]
        target = state.get("Next") if isinstance(state, dict) else None
        if kind_of(state) in MOVING and (not isinstance(target, str) or target not in names):
            return Gap(block, (Way(name, "Next"),), target if isinstance(target, str) else None, name)
    for name in reversed(order):
        if kind_of(block.states[name]) == "Choice":
            default = block.states[name].get("Default")
            follows = default if isinstance(default, str) else None
            return Gap(block, (Way(name, "Default"),), follows, name)
    raise NotPossible("“{name}” ends the flow; copy it, and paste it where it should stand.", name=order[0])


def with_own_inside(new: Json, old: Json) -> Json:
    """A moved state with the branches, processor and label that it had: their names are not doubled."""
    if not isinstance(new, dict) or not isinstance(old, dict):
        return new
    return {name: old[name] if name in _INSIDE and name in old else value for name, value in new.items()}
