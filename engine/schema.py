"""The shape of a definition, checked field by field against the table in `fields`: the service's schema diagnostics.

Each object is gone through once, in the order of the document: what is missing, what does not belong there, what may not
stand together, then each field by its kind. Sentences and places are those that the service reports on creation where
they are known; for the others they are in the same manner.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, replace
from typing import Any

from engine.expressions import InvalidExpression, choices, paths, templates
from engine.expressions.timestamps import nanoseconds
from engine.fields import ONE_OF, STATE_TYPES, Field, fields_of
from engine.model import Language
from engine.parse import SCHEMA, is_jsonata, is_placeholder, refusal, settled, settled_jsonata
from engine.pointer import under
from engine.problems import Problem
from engine.resources import is_foreign, resource_problems
from engine.values import Json

LONGEST_NAME = 80
LONGEST_LABEL = 40
_LABEL_REFUSES = re.compile(r"[\s<>{}\[\]?*\"#%\\^|~`$&,;:/\x00-\x1f\x7f-\x9f\ud800-\udfff\ufffe\uffff]")
_VARIABLE = re.compile(r"[^\W\d]\w*")
_STATE_LIKE = frozenset(STATE_TYPES)


@dataclass(frozen=True, slots=True)
class Setting:
    """What holds for an object because of where it stands."""

    language: Language
    machine_language: Language
    workflow_type: str
    distributed: bool = False
    """Belongs to a Map in distributed mode."""
    sees: tuple[str, ...] = ()
    """Members of `$states` that Output and Assign of this object have besides `input` and `context`."""


Check = Callable[[Json, Field, str, Setting], Iterator[Problem]]


def schema_problems(document: Mapping[str, Json], language: Language, workflow_type: str) -> Iterator[Problem]:
    """Everything that the table says about a definition that is an object."""
    yield from _object("Machine", document, "", Setting(language, language, workflow_type))


def _wrong(at: str, message: str, **params: Any) -> Problem:
    return Problem(SCHEMA, at or "/", message, params=params)


def _object(part: str, source: Mapping[str, Json], at: str, setting: Setting) -> Iterator[Problem]:
    """One object of the table: its fields together, then each by itself."""
    known = fields_of(part)
    spoken = setting.language
    missing = [
        name
        for name, field in known.items()
        if field.required and name not in source and field.language in ("both", spoken)
    ]
    if missing:
        yield _wrong(at, f"These fields are required: [{', '.join(missing)}]", missing=missing)
    for names in ONE_OF.get(part, ()):
        possible = [name for name in names if known[name].language in ("both", spoken)]
        if not any(name in source for name in possible):
            yield _wrong(at, f"One of these fields is required: [{', '.join(possible)}]", missing=possible)
    for name in source:
        if name not in known:
            yield _wrong(at, f"Field '{name}' is not supported", field=name, part=part)
        elif known[name].language not in ("both", spoken):
            yield _wrong(at, _of_the_other(name, known[name].language, spoken), field=name)
    yield from _together(known, source, at)
    for name, value in source.items():
        field = known.get(name)
        if field is not None and field.language in ("both", spoken):
            yield from _CHECKS[field.kind](value, field, under(at, [name]), setting)


def _of_the_other(name: str, language: str, spoken: Language) -> str:
    return (
        f"The QueryLanguage is set to '{spoken}', but field '{name}' is only supported for the "
        f"'{language}' QueryLanguage"
    )


def _together(known: Mapping[str, Field], source: Mapping[str, Json], at: str) -> Iterator[Problem]:
    """Fields that exclude each other, reported once per group. `End: false` beside Next is allowed."""
    told: set[str] = set()
    for name, field in known.items():
        if name in source and field.either_with and name not in told:
            rivals = [name, *(rival for rival in field.either_with if rival in source)]
            if "End" in rivals and source.get("End") is False and "Next" in rivals:
                continue
            if len(rivals) > 1:
                told.update(rivals)
                yield _wrong(at, f"There should only be one of the following fields: [{', '.join(rivals)}]")


# Objects and lists --------------------------------------------------------------------------------------------------


def _part(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value):
        return
    if not isinstance(value, dict):
        yield _wrong(at, "Expected value of type [OBJECT]")
        return
    yield from _object(field.part, value, at, replace(setting, sees=()))
    if field.part == "ProcessorConfig" and value.get("Mode") == "DISTRIBUTED":
        if "ExecutionType" not in value:
            yield _wrong(at, "These fields are required: [ExecutionType]", missing=["ExecutionType"])
        if setting.workflow_type == "EXPRESS":
            yield _wrong(at, "Express state machine does not support Map state in DISTRIBUTED mode")


def _parts(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value):
        return
    if not isinstance(value, list):
        yield _wrong(at, "Expected value of type [ARRAY]")
        return
    if not value and field.required:
        yield _wrong(at, "Value cannot be empty")
    for index, entry in enumerate(value):
        place = f"{at}[{index}]"
        inner = replace(setting, sees=("errorOutput",) if field.part == "Catcher" else ())
        if not isinstance(entry, dict):
            yield _wrong(place, "Expected value of type [OBJECT]")
        elif field.part == "Rule" and setting.language == "JSONPath":
            yield from _rule(entry, place, inner, top=True)
        elif field.part == "Rule":
            yield from _jsonata_rule(entry, place, inner)
        else:
            yield from _object(field.part, entry, place, inner)
            yield from _wildcards(entry, place, last=index == len(value) - 1)


def _wildcards(entry: Mapping[str, Json], at: str, last: bool) -> Iterator[Problem]:
    """`States.ALL` "MUST appear alone in the ErrorEquals array and MUST appear in the last" entry."""
    names = entry.get("ErrorEquals")
    if isinstance(names, list) and "States.ALL" in names:
        if len(names) > 1:
            yield _wrong(under(at, ["ErrorEquals"]), "States.ALL must appear alone in ErrorEquals")
        if not last:
            yield _wrong(under(at, ["ErrorEquals"]), "States.ALL must appear only in the last element")


def _block(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    """A branch or processor. Its states take the machine's language."""
    if is_placeholder(value):
        return
    if not isinstance(value, dict):
        yield _wrong(at, "Expected value of type [OBJECT]")
        return
    yield from _object(field.part, value, at, replace(setting, language=setting.machine_language, sees=()))


def _blocks(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value):
        return
    if not isinstance(value, list):
        yield _wrong(at, "Expected value of type [ARRAY]")
        return
    if not value:
        yield _wrong(at, "Value cannot be empty")
    for index, entry in enumerate(value):
        yield from _block(entry, field, f"{at}[{index}]", setting)


def _states(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _wrong(at, "Expected value of type [OBJECT]")
        return
    if not value:
        yield _wrong(at, "Value cannot be empty")
    for name, source in value.items():
        yield from _state(source, under(at, [name]), setting)


def _state(source: Json, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(source):
        return
    if not isinstance(source, dict):
        yield _wrong(at, "Expected value of type [OBJECT]")
        return
    kind = source.get("Type")
    if not isinstance(kind, str) or kind not in _STATE_LIKE:
        if "Type" not in source:
            yield _wrong(at, "These fields are required: [Type]", missing=["Type"])
        else:
            listed = ", ".join(STATE_TYPES)
            yield _wrong(
                under(at, ["Type"]), f"The field 'Type' should have one of these values: [{listed}]", value=kind
            )
        return
    if "QueryLanguage" in source:
        own: Language = "JSONPath" if source["QueryLanguage"] == "JSONPath" else "JSONata"
        if own == "JSONPath" and setting.machine_language == "JSONata":
            yield _wrong(at, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
        setting = replace(setting, language=own)
    setting = replace(
        setting,
        sees=("result",) if kind in ("Task", "Parallel", "Map") else (),
        distributed=kind == "Map" and _is_distributed(source),
    )
    found = _object(kind, source, at, setting)
    yield from _softened(found, at) if kind == "Task" and is_foreign(source.get("Resource")) else found
    if kind == "Map" and not setting.distributed:
        for name, field in fields_of("Map").items():
            if field.distributed and name in source and name not in _HARMLESS_INLINE:
                yield _wrong(at, f"Field '{name}' is only supported for a Map state in DISTRIBUTED mode", field=name)


def _softened(found: Iterator[Problem], at: str) -> Iterator[Problem]:
    """What a task of another runner holds is that runner's business; its shape stays ours."""
    for problem in found:
        foreign = problem.severity == "error" and problem.at != at
        yield replace(problem, code="other-runner", severity="warning") if foreign else problem


_HARMLESS_INLINE = frozenset(name for name in fields_of("Map") if name.startswith("Tolerated"))
"""Recorded executions show the service accepts tolerated failures on an inline Map."""


def _is_distributed(source: Mapping[str, Json]) -> bool:
    for name in ("ItemProcessor", "Iterator"):
        processor = source.get(name)
        config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
        if isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED":
            return True
    return False


# Choice rules -------------------------------------------------------------------------------------------------------

_CONNECTIVES = ("And", "Or", "Not")


def _rule(source: Mapping[str, Json], at: str, setting: Setting, top: bool) -> Iterator[Problem]:
    """A rule of JSONPath: a connective over rules, or a variable with exactly one comparison."""
    beside = fields_of("Rule") if top else {"Comment": fields_of("Rule")["Comment"]}
    if top and "Next" not in source:
        yield _wrong(at, "These fields are required: [Next]", missing=["Next"])
    compared = [name for name in source if name in choices.OPERATORS]
    connected = [name for name in source if name in _CONNECTIVES]
    for name in source:
        field = beside.get(name)
        if field is not None and field.language == "JSONata":
            yield _wrong(at, _of_the_other(name, "JSONata", "JSONPath"), field=name)
        elif field is not None:
            yield from _CHECKS[field.kind](source[name], field, under(at, [name]), setting)
        elif name not in compared and name not in connected and name != "Variable":
            yield _wrong(at, f"Field '{name}' is not supported", field=name, part="Rule")
    if len(compared) + len(connected) > 1:
        listed = ", ".join([*connected, *compared])
        yield _wrong(at, f"There should only be one of the following fields: [{listed}]")
    elif connected:
        yield from _connective(connected[0], source, at, setting)
    elif not compared:
        yield _wrong(at, "A comparison operator is required, or one of these fields: [And, Or, Not]")
    elif "Variable" not in source:
        yield _wrong(at, "These fields are required: [Variable]", missing=["Variable"])
    elif not any(is_placeholder(source[name]) for name in ("Variable", compared[0])):
        yield from _compiled(lambda: choices.rule({name: source[name] for name in ("Variable", compared[0])}), at)


def _connective(name: str, source: Mapping[str, Json], at: str, setting: Setting) -> Iterator[Problem]:
    value = source[name]
    place = under(at, [name])
    if "Variable" in source:
        yield _wrong(at, "Field 'Variable' is not supported", field="Variable", part="Rule")
    if name == "Not":
        inner = [(place, value)]
    elif not isinstance(value, list):
        yield _wrong(place, "Expected value of type [ARRAY]")
        return
    else:
        if not value:
            yield _wrong(place, "Value cannot be empty")
        inner = [(f"{place}[{index}]", entry) for index, entry in enumerate(value)]
    for where, entry in inner:
        if isinstance(entry, dict):
            yield from _rule(entry, where, setting, top=False)
        else:
            yield _wrong(where, "Expected value of type [OBJECT]")


def _jsonata_rule(source: Mapping[str, Json], at: str, setting: Setting) -> Iterator[Problem]:
    foreign = [name for name in source if name in choices.OPERATORS or name in (*_CONNECTIVES, "Variable")]
    for name in foreign:
        yield _wrong(at, _of_the_other(name, "JSONPath", "JSONata"), field=name)
    yield from _object("Rule", {name: source[name] for name in source if name not in foreign}, at, setting)


# Values -------------------------------------------------------------------------------------------------------------


def _compiled(compile_: Callable[[], object], at: str) -> Iterator[Problem]:
    try:
        compile_()
    except InvalidExpression as refused:
        yield refusal(refused, at)


def _text(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong(at, "Expected value of type [STRING]")


def _words(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong(at, "Expected value of type [STRING]")
    elif setting.language == "JSONata":
        yield from _value(value, field, at, setting)


def _resource(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if isinstance(value, str):
        yield from resource_problems(value, at, setting.workflow_type)
    else:
        yield _wrong(at, "Expected value of type [STRING]")


def _flag(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, bool) and not is_placeholder(value):
        yield _wrong(at, "Expected value of type [BOOLEAN]")


def _number(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    """Integers and numbers, with their bounds; as an expression too where the kind says so and JSONata is spoken."""
    if is_placeholder(value):
        return
    whole = field.kind.startswith("whole")
    if setting.language == "JSONata" and field.kind.endswith("expression") and is_jsonata(value):
        yield from _value(value, field, at, setting)
    elif isinstance(value, bool) or not isinstance(value, int if whole else (int, float)):
        yield _wrong(at, f"Expected value of type [{'INTEGER' if whole else 'NUMBER'}]")
    elif field.minimum is not None and value < field.minimum:
        yield _wrong(at, f"Minimum value is {field.minimum}", minimum=field.minimum)
    elif field.maximum is not None and value > field.maximum:
        yield _wrong(at, f"Maximum value is {field.maximum}", maximum=field.maximum)


def _timestamp(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong(at, "Expected value of type [STRING]")
    elif setting.language == "JSONata" and is_jsonata(value):
        yield from _value(value, field, at, setting)
    elif nanoseconds(value) is None and not is_placeholder(value):
        yield _wrong(at, "String does not match RFC3339 timestamp")


def _one_of(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong(at, "Expected value of type [STRING]")
    elif value not in field.values and not is_placeholder(value):
        yield _wrong(at, f"Value should be one of the following: [{', '.join(field.values)}]", values=field.values)


def _path(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value) or value is None and field.kind in ("path", "result path"):
        return
    if not isinstance(value, str):
        yield _wrong(at, "Expected value of type [STRING]")
        return
    match field.kind:
        case "path" if not value.startswith("$"):
            yield _wrong(at, "Value must be a valid JSONPath.")
        case "path":
            yield from _compiled(lambda: paths.select(value, field.name), at)
        case "items path":
            yield from _compiled(lambda: paths.items_path(value), at)
        case "text path":
            yield from _compiled(lambda: paths.text_path(value, field.name), at)
        case "result path":
            yield from _compiled(lambda: paths.result_path(value), at)
        case _ if value.startswith("$$") and "Map" in field.on:
            yield _wrong(at, "Value is not a Reference Path")
        case _:
            yield from _compiled(lambda: paths.number_path(value, field.name), at)


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
            yield _wrong(at, "The field 'RoleArn' is required but was missing", missing=["RoleArn"])
    yield from (_template if setting.language == "JSONPath" else _value)(value, field, at, setting)


def _variables(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield _wrong(at, "Expected value of type [OBJECT]")
        return
    for key in value:
        name = key.removesuffix(".$") if setting.language == "JSONPath" else key
        if name == "states":
            yield _wrong(at, "The variable name 'states' is reserved", field=key)
        elif len(name) > LONGEST_NAME or not _VARIABLE.fullmatch(name):
            yield _wrong(
                at,
                f"'{name}' is not a valid variable name: letters, digits and _, no digit first, at most {LONGEST_NAME}",
                field=key,
            )
    yield from (_template if setting.language == "JSONPath" else _value)(value, field, at, setting)


def _items(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if isinstance(value, (list, dict)) or is_jsonata(value):
        yield from _value(value, field, at, setting)
    elif not is_placeholder(value):
        yield _wrong(at, "Expected value of type [ARRAY]")


def _condition(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_jsonata(value):
        yield from _value(value, field, at, setting)
    else:
        yield from _flag(value, field, at, setting)


def _texts(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, list):
        if not is_placeholder(value):
            yield _wrong(at, "Expected value of type [ARRAY]")
        return
    for index, entry in enumerate(value):
        if not isinstance(entry, str):
            yield _wrong(f"{at}[{index}]", "Expected value of type [STRING]")


def _label(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, str):
        yield _wrong(at, "Expected value of type [STRING]")
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


_CHECKS: Mapping[str, Check] = {
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
    "object": _part,
    "list": _parts,
    "block": _block,
    "blocks": _blocks,
    "states": _states,
    "names": _texts,
    "texts": _texts,
    "label": _label,
}
