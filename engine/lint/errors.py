"""Entries of Retry and Catch that never act."""

from __future__ import annotations

from collections.abc import Iterator

from engine.lint.view import View, entries, error_names, listed
from engine.pointer import under
from engine.problems import Problem, problem

_UNCATCHABLE = ("States.Runtime", "States.ReferencePathConflict")


def uncatchable_error(view: View) -> Iterator[Problem]:
    for at, name in error_names(view):
        if name in _UNCATCHABLE:
            yield problem("uncatchable-error", at, name=name)


def error_answered_before(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for field in ("Retry", "Catch"):
            answered: set[str] = set()
            for index, entry in enumerate(entries(spot, field)):
                names = [name for name in listed(entry, "ErrorEquals") if isinstance(name, str)]
                for place, name in enumerate(names):
                    if name in answered:
                        yield problem(
                            "error-answered-before", under(spot.at, [field, index, "ErrorEquals", place]), name=name
                        )
                answered.update(names)


def empty_error_list(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for field in ("Retry", "Catch"):
            for index, entry in enumerate(entries(spot, field)):
                if entry.get("ErrorEquals") == []:
                    yield problem("empty-error-list", under(spot.at, [field, index, "ErrorEquals"]))
