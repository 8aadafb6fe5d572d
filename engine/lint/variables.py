"""Variables that are read and not set, set and not read, or out of sight."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.view import View
from engine.outline import Spot, is_distributed
from engine.problems import Problem, problem
from engine.references import assigned_by, read_by


def unset_variable(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for name in sorted(set(read_by(spot, view.assigned)) - view.assigned):
            yield problem("unset-variable", spot.at, name=name)


def unused_variable(view: View) -> Iterator[Problem]:
    read = {name for spot in view.spots for name in read_by(spot, view.assigned)}
    for spot in view.spots:
        for name in dict.fromkeys(assigned_by(spot)):
            if name not in read:
                yield problem("unused-variable", spot.at, name=name)


def outer_variable(view: View) -> Iterator[Problem]:
    inside: dict[str, set[str]] = {}
    for spot in view.spots:
        child = _child_of(spot)
        if child is not None:
            inside.setdefault(child.at, set()).update(assigned_by(spot))
    for spot in view.spots:
        child = _child_of(spot)
        if child is not None:
            for name in sorted(set(read_by(spot, view.assigned)) & view.assigned - inside[child.at]):
                yield problem("outer-variable", spot.at, name=name)


def _child_of(spot: Spot) -> Spot | None:
    """The distributed Map in whose child executions a state runs."""
    owner = spot.block.owner
    while owner is not None:
        if owner.type == "Map" and is_distributed(owner):
            return owner
        owner = owner.block.owner
    return None
