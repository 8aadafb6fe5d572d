"""Which variables each state reads: the `variableReferences` of `DescribeStateMachine`.

A state is listed when it reads at least one variable in a field of its own; what states inside it read is theirs. Names
are in alphabetical order. Setting a variable is no reading, and neither is a text that only looks like a path.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from engine.expressions import InvalidExpression, roots
from engine.expressions.intrinsics import parse_call, paths_in
from engine.fields import fields_of
from engine.model import Language
from engine.outline import Spot, spots
from engine.placeholders import is_jsonata
from engine.values import Json

_PATHS = ("path", "items path", "reference path", "text path")
_TEMPLATES = ("template", "template or value", "variables")


def variable_references(document: Json) -> dict[str, list[str]]:
    """Names of the variables read, by state, for every state that reads any; states in the document's order."""
    assigned = {name for spot in spots(document) for name in assigned_by(spot)}
    found: dict[str, list[str]] = {}
    for spot in spots(document):
        names = set(read_by(spot, assigned))
        if names:
            found[spot.name] = sorted(names)
    return found


def assigned_by(spot: Spot) -> Iterator[str]:
    """The variables that a state sets, on any of its ways out."""
    for source in (spot.source, *_entries(spot, "Catch"), *_entries(spot, "Choices")):
        assign = source.get("Assign")
        for key in assign if isinstance(assign, dict) else ():
            yield key.removesuffix(".$") if spot.language == "JSONPath" else key


def read_by(spot: Spot, assigned: set[str]) -> Iterator[str]:
    """The variables that a state reads, once per place. `assigned` are all that the machine sets."""
    yield from _of_object(spot.type, spot.source, spot.language, assigned)


def _of_object(part: str, source: Mapping[str, Json], language: Language, assigned: set[str]) -> Iterator[str]:
    for name, field in fields_of(part).items():
        if name not in source or field.language not in ("both", language):
            continue
        value = source[name]
        if field.kind == "object" and isinstance(value, dict):
            yield from _of_object(field.part, value, language, assigned)
        elif field.kind == "list" and isinstance(value, list):
            for entry in value:
                if isinstance(entry, dict):
                    yield from _of_object(field.part, entry, language, assigned)
                    if field.part == "Rule" and language == "JSONPath":
                        yield from _of_rule(entry)
        elif language == "JSONata":
            if field.kind not in ("block", "blocks"):
                yield from _of_expressions(value, assigned)
        elif field.kind in _PATHS:
            yield from _of_path(value)
        elif field.kind in _TEMPLATES:
            yield from _of_template(value)


def _of_rule(rule: Json) -> Iterator[str]:
    if isinstance(rule, list):
        for entry in rule:
            yield from _of_rule(entry)
    elif isinstance(rule, dict):
        for name, value in rule.items():
            if name in ("And", "Or", "Not"):
                yield from _of_rule(value)
            elif name == "Variable" or name.endswith("Path"):
                yield from _of_path(value)


def _of_template(template: Json) -> Iterator[str]:
    if isinstance(template, dict):
        for key, value in template.items():
            yield from _of_path(value) if key.endswith(".$") else _of_template(value)
    elif isinstance(template, list):
        for value in template:
            yield from _of_template(value)


def _of_path(written: Json) -> Iterator[str]:
    """The variable of a path, or those in the arguments of an intrinsic call."""
    if not isinstance(written, str):
        return
    try:
        if written.startswith("$"):
            root, name, _ = roots.split(written)
            if root == "variable":
                yield name
        elif written.startswith("States."):
            for path in paths_in(parse_call(written)):
                if path.name:
                    yield path.name
    except InvalidExpression:
        return


def _of_expressions(value: Json, assigned: set[str]) -> Iterator[str]:
    from engine.expressions import jsonata  # here, because most machines have none and it takes its time to load

    if is_jsonata(value):
        yield from jsonata.names(value, assigned)
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _of_expressions(inner, assigned)
    elif isinstance(value, list):
        for inner in value:
            yield from _of_expressions(inner, assigned)


def _entries(spot: Spot, field: str) -> Iterator[Mapping[str, Json]]:
    entries = spot.source.get(field)
    for entry in entries if isinstance(entries, list) else ():
        if isinstance(entry, dict):
            yield entry
