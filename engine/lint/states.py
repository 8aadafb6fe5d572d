"""Choice, Pass, Map and loops: states that do nothing, or less than they seem to."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

from engine.fields import fields_of
from engine.lint.view import View, entries
from engine.loops import loop_problems
from engine.outline import is_distributed, machine_language
from engine.pointer import under
from engine.problems import Problem, problem
from engine.values import Json


def choice_without_default(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Choice" and "Default" not in spot.source:
            rules = list(entries(spot, "Choices"))
            if not any(rule.get("Condition") is True for rule in rules) and not _exhaustive(rules):
                yield problem("choice-without-default", spot.at)


def _exhaustive(rules: list[Mapping[str, Json]]) -> bool:
    """Two rules that test one variable for true and for false leave nothing out; so do IsPresent true and false."""
    for operator in ("BooleanEquals", "IsPresent", "IsNull"):
        tested: dict[Any, set[bool]] = {}
        for rule in rules:
            if isinstance(rule.get(operator), bool) and isinstance(rule.get("Variable"), str):
                tested.setdefault(rule["Variable"], set()).add(rule[operator])
        if any(len(values) == 2 for values in tested.values()):
            return True
    return False


def idle_pass(view: View) -> Iterator[Problem]:
    changing = ("Result", "Parameters", "Output", "Assign", "InputPath", "OutputPath", "ResultPath")
    for spot in view.spots:
        # A Pass that ends a flow is its name's sake: a reader sees where the flow came out.
        leads_on = isinstance(spot.source.get("Next"), str)
        if spot.type == "Pass" and leads_on and not any(name in spot.source for name in changing):
            yield problem("idle-pass", spot.at)


def parameters_ignored(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Pass" and "Result" in spot.source and "Parameters" in spot.source:
            yield problem("parameters-ignored", under(spot.at, ["Parameters"]))


def older_field(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for name, field in fields_of(spot.type).items():
            if field.deprecated and name in spot.source:
                yield problem("older-field", under(spot.at, [name]), name=name, newer=field.deprecated)


def items_path_ignored(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Map" and "ItemReader" in spot.source and "ItemsPath" in spot.source:
            yield problem("items-path-ignored", under(spot.at, ["ItemsPath"]))


def tolerance_ignored(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Map" and not is_distributed(spot):
            for name in spot.source:
                if name.startswith("ToleratedFailure") and name in fields_of("Map"):
                    yield problem("tolerance-ignored", under(spot.at, [name]), name=name)


def endless_loops(view: View) -> Iterator[Problem]:
    yield from loop_problems(view.document, view.workflow_type, machine_language(view.document))
