"""Names of states while a document is edited: free ones, and what refers to one.

A name must be the only one in the whole machine, branches and processors included. It is referred to within its own block
and nowhere else: by `StartAt`, `Next`, `Default` and the `Next` of choice rules and catchers. Texts that happen to be equal
(in Parameters, in `$$.State.Name` comparisons) are values and stay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping

from engine.edit_places import Edited, NotPossible, home_of, steps_of, with_value
from engine.outline import blocks, is_distributed, spots
from engine.pointer import under
from engine.references import assigned_by
from engine.transitions import LONGEST_NAME
from engine.values import Json

_NUMBERED = re.compile(r"(.*\S) \d{1,4}", re.DOTALL)
Renaming = Callable[[str], str | None]
"""From a target to what stands in its place; None takes the way out."""


def names_in(document: Json) -> set[str]:
    """The names of all states, wherever they are nested."""
    return {str(name) for block in blocks(document) for name in block.states}


def free_name(wanted: str, taken: Iterable[str]) -> str:
    """The name itself when nobody has it, else with the first free number: "Pay 2".

    >>> free_name("Pay 2", {"Pay", "Pay 2"})
    'Pay 3'
    """
    known = taken if isinstance(taken, (set, frozenset, dict)) else set(taken)
    wanted = wanted[:LONGEST_NAME] or "State"
    if wanted not in known:
        return wanted
    numbered = _NUMBERED.fullmatch(wanted)
    base = numbered[1] if numbered else wanted
    number = 2
    while True:
        tail = f" {number}"
        name = base[: LONGEST_NAME - len(tail)] + tail
        if name not in known:
            return name
        number += 1


def rename(document: Json, node: str, name: str) -> Edited:
    """The document with a state called otherwise, and everything that refers to it.

    Raises:
        NotPossible: the name is empty, too long, or taken; there is no such state.
    """
    home = home_of(document, node)
    name = name.strip()
    if name == home.name:
        return Edited(document, (home.at,))
    if not name:
        raise NotPossible("A state needs a name.")
    if len(name) > LONGEST_NAME:
        raise NotPossible(
            "A name has at most {most} characters; this one has {count}.", most=LONGEST_NAME, count=len(name)
        )
    if name in names_in(document):
        raise NotPossible("There is a state “{name}” already; names are unique in the whole workflow.", name=name)
    block = home.block
    source = renamed(block.source, {home.name: name})
    return Edited(with_value(document, steps_of(block), source), (under(block.at, ("States", name)),))


def renamed(source: Mapping[str, Json], names: Mapping[str, str]) -> dict[str, Json]:
    """A block whose states are called otherwise, with what refers to them in this block; blocks inside stay as they are."""
    found = dict(source)
    start = source.get("StartAt")
    if isinstance(start, str) and start in names:
        found["StartAt"] = names[start]
    states = source.get("States")
    if isinstance(states, dict):
        found["States"] = {
            names.get(name, name): redirected(state, lambda target: names.get(target, target))
            for name, state in states.items()
        }
    return found


def redirected(state: Json, renaming: Renaming) -> Json:
    """A state whose ways lead elsewhere; the same object when none changes.

    A way for which there is no target any more goes: Next becomes `End: true`, a rule, Default or catcher is left out.
    """
    if not isinstance(state, dict):
        return state
    changed = dict(state)
    for field in ("Next", "Default"):
        target = state.get(field)
        if isinstance(target, str) and (wanted := renaming(target)) != target:
            if wanted is not None:
                changed[field] = wanted
            elif field == "Default":
                del changed[field]
            else:
                changed = _ended(changed)
    for field in ("Choices", "Catch"):
        entries = state.get(field)
        if isinstance(entries, list):
            kept = [_entry(entry, renaming) for entry in entries]
            if any(new is not old for new, old in zip(kept, entries, strict=True)):
                changed[field] = [entry for entry in kept if entry is not None]
                if field == "Catch" and not changed[field]:
                    del changed[field]
    return changed if any(changed.get(name, changed) is not state[name] for name in state) else state


def _entry(entry: Json, renaming: Renaming) -> Json:
    target = entry.get("Next") if isinstance(entry, dict) else None
    if not isinstance(target, str) or (wanted := renaming(target)) == target:
        return entry
    return None if wanted is None else {**entry, "Next": wanted}


def _ended(state: Mapping[str, Json]) -> dict[str, Json]:
    """The state with `End: true` where its Next stands."""
    return {
        "End" if name == "Next" else name: True if name == "Next" else value
        for name, value in state.items()
        if name != "End"
    }


def with_free_names(fragment: Mapping[str, Json], taken: set[str]) -> dict[str, Json]:
    """A block whose names, nested ones included, are free; `taken` grows by them."""
    names: dict[str, str] = {}
    states = fragment.get("States")
    for name in states if isinstance(states, dict) else ():
        names[name] = free_name(name, taken)
        taken.add(names[name])
    found = renamed(fragment, names)
    found["States"] = {name: _inside(state, taken) for name, state in (found.get("States") or {}).items()}
    return found


def _inside(state: Json, taken: set[str]) -> Json:
    """A state whose branches or processor have free names."""
    if not isinstance(state, dict):
        return state
    for field in ("ItemProcessor", "Iterator"):
        if isinstance(state.get(field), dict):
            state = {**state, field: with_free_names(state[field], taken)}
    if isinstance(state.get("Branches"), list):
        branches = [
            with_free_names(branch, taken) if isinstance(branch, dict) else branch for branch in state["Branches"]
        ]
        state = {**state, "Branches": branches}
    return state


def with_free_labels(fragment: Json, taken: set[str]) -> Json:
    """A block whose Map labels are free: each may be used once in a machine."""
    for spot in spots(fragment):
        label = spot.source.get("Label")
        if isinstance(label, str) and label in taken:
            number = 2
            while f"{label[:36]}-{number}" in taken:
                number += 1
            fragment = _labelled(fragment, label, f"{label[:36]}-{number}")
            label = f"{label[:36]}-{number}"
        if isinstance(label, str):
            taken.add(label)
    return fragment


def labels_in(document: Json) -> set[str]:
    return {label for spot in spots(document) if isinstance(label := spot.source.get("Label"), str)}


def _labelled(block: Mapping[str, Json], old: str, new: str) -> dict[str, Json]:
    states: dict[str, Json] = {}
    for name, state in (block.get("States") or {}).items():
        if isinstance(state, dict):
            if state.get("Label") == old:
                state = {**state, "Label": new}
            for field in ("ItemProcessor", "Iterator"):
                if isinstance(state.get(field), dict):
                    state = {**state, field: _labelled(state[field], old, new)}
            if isinstance(state.get("Branches"), list):
                state = {
                    **state,
                    "Branches": [
                        _labelled(one, old, new) if isinstance(one, dict) else one for one in state["Branches"]
                    ],
                }
        states[name] = state
    return {**block, "States": states}


def clashes(document: Json) -> set[tuple[str, str]]:
    """Variables that a block assigns although a block around it does: (name, state), which the service refuses."""
    assigned: dict[str, set[str]] = {}
    found = list(spots(document))
    for spot in found:
        assigned.setdefault(spot.block.at, set()).update(assigned_by(spot))
    if not any(assigned.values()):
        return set()
    wrong: set[tuple[str, str]] = set()
    for spot in found:
        own = set(assigned_by(spot))
        owner = spot.block.owner
        while own and owner is not None and not is_distributed(owner):
            wrong |= {(name, spot.name) for name in own & assigned.get(owner.block.at, set())}
            owner = owner.block.owner
    return wrong
