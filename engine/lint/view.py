"""What the rules look at: a definition with its states listed once, and the ways to go through them."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property

from engine.outline import Spot, spots
from engine.pointer import under
from engine.problems import Problem
from engine.references import assigned_by
from engine.values import Json


@dataclass(frozen=True)
class View:
    """A definition as the rules look at it: its states once listed, and what the service had against it."""

    document: Mapping[str, Json]
    found: tuple[Problem, ...]
    workflow_type: str

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        return tuple(spots(self.document))

    @cached_property
    def assigned(self) -> set[str]:
        return {name for spot in self.spots for name in assigned_by(spot)}


Rule = Callable[[View], Iterator[Problem]]


def entries(spot: Spot, field: str) -> list[Mapping[str, Json]]:
    """The objects of a list field of a state, by their index; what is no object counts as an empty one."""
    return [entry if isinstance(entry, dict) else {} for entry in listed(spot.source, field)]


def listed(source: Mapping[str, Json], name: str) -> list[Json]:
    """A field that should be a list, empty when it is none."""
    value = source.get(name)
    return value if isinstance(value, list) else []


def error_names(view: View) -> Iterator[tuple[str, str]]:
    """Place and name of every error in the entries of Retry and Catch."""
    for spot in view.spots:
        for field in ("Retry", "Catch"):
            for index, entry in enumerate(entries(spot, field)):
                for place, name in enumerate(listed(entry, "ErrorEquals")):
                    if isinstance(name, str):
                        yield under(spot.at, [field, index, "ErrorEquals", place]), name


def texts_in(value: Json, at: str) -> Iterator[tuple[str, str]]:
    """Place and text of every string in a value."""
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "Comment":
                yield from texts_in(inner, under(at, [key]))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from texts_in(inner, f"{at}[{index}]")
