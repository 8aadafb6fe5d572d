"""What quick fixes are made of: a fix, and the small changes of a document that most of them come down to."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from engine import edit_places
from engine.edit_names import free_name, names_in
from engine.edit_places import Steps, locate, value_at, with_value
from engine.outline import Spot, spots
from engine.values import Json


@dataclass(frozen=True, slots=True)
class Fix:
    """`label` is a verb, an English msgid that `params` fill; `apply` makes another document and changes nothing."""

    label: str
    params: Mapping[str, str]
    apply: Callable[[Json], Json]


def fix(label: str, apply: Callable[[Json], Json], **params: str) -> Fix:
    return Fix(label, params, apply)


def way(document: Json, at: str) -> Steps:
    """The keys and indices that a pointer names."""
    return locate(document, at)[0]


def inner(document: Json, at: str) -> Json:
    """The value at a place; None where there is none."""
    steps, known = locate(document, at)
    return value_at(document, steps) if known == len(steps) else None


def replaced(document: Json, at: str, value: Json) -> Json:
    """The document with another value at a place; an absent member comes last."""
    return with_value(document, way(document, at), value)


def without(document: Json, at: str) -> Json:
    """The document without a member or an element."""
    return edit_places.without(document, way(document, at))


def renamed(document: Json, at: str, new: str) -> Json:
    """The document with another name for a member, in its place among the others."""
    steps, holder = around(document, at)
    if not isinstance(holder, dict):
        return document
    last = way(document, at)[-1]
    return with_value(document, steps, {new if key == last else key: value for key, value in holder.items()})


def around(document: Json, at: str) -> tuple[Steps, Json]:
    """The way to what holds a place, and that value."""
    steps, known = locate(document, at)
    return steps[:-1], value_at(document, steps[:-1]) if known >= len(steps) - 1 else None


def spot_at(document: Json, at: str) -> Spot | None:
    """The innermost state that a place belongs to."""
    found = None
    for spot in spots(document):
        rest = at.removeprefix(spot.at)
        if rest != at and rest[:1] in ("", "/", "[") and (found is None or len(spot.at) > len(found.at)):
            found = spot
    return found


def with_state(document: Json, block: str, after: str | None, name: str, state: Json) -> Json:
    """The document with a state more in a block, behind the state `after`; without one, as the last."""
    at = f"{block}/States"
    states = inner(document, at)
    if not isinstance(states, dict):
        return document
    made: dict[str, Json] = {}
    for known, source in states.items():
        made[known] = source
        if known == after:
            made[name] = state
    made.setdefault(name, state)
    return replaced(document, at, made)


def free(document: Json, wanted: str) -> str:
    """A name that no state of the machine has."""
    return free_name(wanted, names_in(document))
