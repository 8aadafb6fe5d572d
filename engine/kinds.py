"""The kinds of fields, one check each: what a field of that kind may hold, and in whose words it is refused.

A check is a generator over the problems of one value. Kinds that hold further objects of the table are in `schema`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.compiling import refusal
from engine.expressions import InvalidExpression, paths, templates
from engine.expressions.timestamps import nanoseconds
from engine.fields import Field
from engine.model import Language
from engine.placeholders import is_jsonata, is_placeholder, settled, settled_jsonata
from engine.problems import SCHEMA, Problem
from engine.resources import resource_problems
from engine.values import Json

LONGEST_NAME = 80
LONGEST_LABEL = 40
_LABEL_REFUSES = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_VARIABLE = re.compile(r"[^\W\d]\w*")


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for an object because of where it stands."""

    language: Language
    machine_language: Language
    workflow_type: str
    distributed: bool = False
    """Belongs to a Map in distributed mode."""
    depth: int = 0
    """Blocks around this object."""
    sees: tuple[str, ...] = ()
    """Members of `$states` that Output and Assign of this object have besides `input` and `context`."""


Check = Callable[[Json, Field, str, Setting], Iterator[Problem]]


def wrong(at: str, message: str, **params: Any) -> Problem:
    return Problem(SCHEMA, at or "/", message, params=params)


def compiled(compile_: Callable[[], object], at: str) -> Iterator[Problem]:
    try:
        compile_()
    except InvalidExpression as refused:
        yield refusal(refused, at)


def _text(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield wrong(at, "Expected value of type [STRING]")


def _words(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield wrong(at, "Expected value of type [STRING]")
    elif setting.language == "JSONata":
        yield from _value(value, field, at, setting)


def _resource(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from resource_problems(value, at, setting.workflow_type)
    else:
        yield wrong(at, "Expected value of type [STRING]")


def _flag(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, bool) and not is_placeholder(value):
        yield wrong(at, "Expected value of type [BOOLEAN]")


def _number(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    """Integers and numbers, with their bounds; as an expression too where the kind says so and JSONata is spoken."""
    if is_placeholder(value):
        return
    whole = field.kind.startswith("whole")
    if setting.language == "JSONata" and field.kind.endswith("expression") and is_jsonata(value):
        yield from _value(value, field, at, setting)
    elif isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        yield wrong(at, f"Expected value of type [{'INTEGER' if whole else 'NUMBER'}]")
    elif field.minimum is not None and value < field.minimum:
        yield wrong(at, f"Minimum value is {field.minimum}", minimum=field.minimum)
    elif field.maximum is not None and value > field.maximum:
        yield wrong(at, f"Maximum value is {field.maximum}", maximum=field.maximum)


def _timestamp(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield wrong(at, "Expected value of type [STRING]")
    elif setting.language == "JSONata" and is_jsonata(value):
        yield from _value(value, field, at, setting)
    elif nanoseconds(value) is None and not is_placeholder(value):
        yield wrong(at, "String does not match RFC3339 timestamp")


def _one_of(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield wrong(at, "Expected value of type [STRING]")
    elif value not in field.values and not is_placeholder(value):
        yield wrong(at, f"Value should be one of the following: [{', '.join(field.values)}]", values=field.values)


def _path(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value) or (value is None and field.kind in ("path", "result path")):
        return
    if not isinstance(value, str):
        yield wrong(at, "Expected value of type [STRING]")
        return
    match field.kind:
        case "path" if not value.startswith("$"):
            yield wrong(at, "Value must be a valid JSONPath.")
        case "path":
            yield from compiled(lambda: paths.select(value, field.name), at)
        case "items path":
            yield from compiled(lambda: paths.items_path(value), at)
        case "text path":
            yield from compiled(lambda: paths.text_path(value, field.name), at)
        case "result path":
            yield from compiled(lambda: paths.result_path(value), at)
        case _ if value.startswith("$$") and "Map" in field.on:
            yield wrong(at, "Value is not a Reference Path")
        case _:
            yield from compiled(lambda: paths.number_path(value, field.name), at)


def _template(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not is_placeholder(value):
        for fault in templates.faults(settled(value)):
            yield refusal(fault, at)


def _value(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    from engine.expressions import jsonata  # here, because most machines have none and it takes its time to load

    allowed = setting.sees if field.name in ("Output", "Assign") else ()
    for fault in jsonata.faults(settled_jsonata(value), allowed):
        problem = refusal(fault, at)
        yield replace(problem, severity="warning") if "-" in fault.code else problem


def _template_or_value(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if field.name == "Credentials" and isinstance(value, dict):
        named = ("RoleArn", "RoleArn.$") if setting.language == "JSONPath" else ("RoleArn",)
        if not any(name in value for name in named):
            yield wrong(at, "The field 'RoleArn' is required but was missing", missing=["RoleArn"])
    yield from (_template if setting.language == "JSONPath" else _value)(value, field, at, setting)


def _variables(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield wrong(at, "Expected value of type [OBJECT]")
        return
    for key in value:
        name = key.removesuffix(".$") if setting.language == "JSONPath" else key
        if name == "states":
            yield wrong(at, "The variable name 'states' is reserved", field=key)
        elif len(name) > LONGEST_NAME or not _VARIABLE.fullmatch(name):
            yield wrong(
                at,
                f"'{name}' is not a valid variable name: letters, digits and _, no digit first, at most {LONGEST_NAME}",
                field=key,
            )
    yield from (_template if setting.language == "JSONPath" else _value)(value, field, at, setting)


def _items(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if isinstance(value, (list, dict)) or is_jsonata(value):
        yield from _value(value, field, at, setting)
    elif not is_placeholder(value):
        yield wrong(at, "Expected value of type [ARRAY]")


def _condition(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_jsonata(value):
        yield from _value(value, field, at, setting)
    else:
        yield from _flag(value, field, at, setting)


def _texts(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, list):
        if not is_placeholder(value):
            yield wrong(at, "Expected value of type [ARRAY]")
        return
    for index, entry in enumerate(value):
        if not isinstance(entry, str):
            yield wrong(f"{at}[{index}]", "Expected value of type [STRING]")


def _label(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield wrong(at, "Expected value of type [STRING]")
    elif not is_placeholder(value):
        complaint = label_complaint(value)
        if complaint:
            yield Problem("INVALID_LABEL_NAME", at, complaint)


def label_complaint(label: str) -> str:
    """What is wrong with the Label of a distributed Map, empty when nothing is."""
    if not label:
        return "Label cannot be empty"
    found = _LABEL_REFUSES.search(label)
    if found:
        return f"Label contains invalid character: {found.group()!r}"
    return f"Label cannot exceed {LONGEST_LABEL} characters" if len(label) > LONGEST_LABEL else ""


def _anything(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    return iter(())


VALUES: Mapping[str, Check] = {
    "text": _text,
    "words": _words,
    "state": _text,
    "resource": _resource,
    "flag": _flag,
    "whole": _number,
    "whole or expression": _number,
    "number": _number,
    "number or expression": _number,
    "timestamp": _timestamp,
    "one of": _one_of,
    "path": _path,
    "items path": _path,
    "reference path": _path,
    "text path": _path,
    "result path": _path,
    "template": _template,
    "value": _value,
    "template or value": _template_or_value,
    "variables": _variables,
    "items": _items,
    "condition": _condition,
    "json": _anything,
    "names": _texts,
    "texts": _texts,
    "label": _label,
}
"""How each kind of field is checked that holds no object of the table."""
