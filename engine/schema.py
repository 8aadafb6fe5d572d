"""The shape of a definition, checked field by field against the table in `fields`: the service's schema diagnostics.

Each object is gone through once, in the order of the document: what is missing, what does not belong there, what may not
stand together, then each field by its kind. Sentences and places are those that the service reports on creation where
they are known; for the others they are in the same manner.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import replace

from engine.expressions import choices
from engine.fields import ONE_OF, STATE_TYPES, Field, fields_of
from engine.kinds import VALUES, Check, Setting, compiled, wrong
from engine.model import Language
from engine.outline import DEEPEST
from engine.placeholders import is_placeholder
from engine.pointer import under
from engine.problems import Problem
from engine.resources import is_foreign
from engine.values import Json

_STATE_LIKE = frozenset(STATE_TYPES)


def schema_problems(document: Mapping[str, Json], language: Language, workflow_type: str) -> Iterator[Problem]:
    """Everything that the table says about a definition that is an object."""
    yield from _object("Machine", document, "", Setting(language, language, workflow_type))


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
        yield wrong(at, f"These fields are required: [{', '.join(missing)}]", missing=missing)
    for names in ONE_OF.get(part, ()):
        possible = [name for name in names if known[name].language in ("both", spoken)]
        if not any(name in source and not (name == "End" and source[name] is False) for name in possible):
            yield wrong(at, f"One of these fields is required: [{', '.join(possible)}]", missing=possible)
    for name in source:
        if name not in known:
            yield wrong(at, f"Field '{name}' is not supported", field=name, part=part)
        elif known[name].language not in ("both", spoken):
            yield wrong(at, _of_the_other(name, known[name].language, spoken), field=name)
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
                yield wrong(at, f"There should only be one of the following fields: [{', '.join(rivals)}]")


# Objects and lists --------------------------------------------------------------------------------------------------


def _part(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value):
        return
    if not isinstance(value, dict):
        yield wrong(at, "Expected value of type [OBJECT]")
        return
    yield from _object(field.part, value, at, replace(setting, sees=()))
    if field.part == "ProcessorConfig" and value.get("Mode") == "DISTRIBUTED":
        if "ExecutionType" not in value:
            yield wrong(at, "These fields are required: [ExecutionType]", missing=["ExecutionType"])
        if setting.workflow_type == "EXPRESS":
            yield wrong(at, "Express state machine does not support Map state in DISTRIBUTED mode")


def _parts(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value):
        return
    if not isinstance(value, list):
        yield wrong(at, "Expected value of type [ARRAY]")
        return
    if not value and field.required:
        yield wrong(at, "Value cannot be empty")
    for index, entry in enumerate(value):
        place = f"{at}[{index}]"
        inner = replace(setting, sees=("errorOutput",) if field.part == "Catcher" else ())
        if not isinstance(entry, dict):
            yield wrong(place, "Expected value of type [OBJECT]")
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
            yield wrong(under(at, ["ErrorEquals"]), "States.ALL must appear alone in ErrorEquals")
        if not last:
            yield wrong(under(at, ["ErrorEquals"]), "States.ALL must appear only in the last element")


def _block(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    """A branch or processor. Its states take the machine's language."""
    if is_placeholder(value):
        return
    if not isinstance(value, dict):
        yield wrong(at, "Expected value of type [OBJECT]")
        return
    if setting.depth >= DEEPEST:
        yield Problem("TOO_DEEPLY_NESTED", at, "The states are too deeply nested")
        return
    inner = replace(setting, language=setting.machine_language, sees=(), depth=setting.depth + 1)
    yield from _object(field.part, value, at, inner)


def _blocks(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(value):
        return
    if not isinstance(value, list):
        yield wrong(at, "Expected value of type [ARRAY]")
        return
    if not value:
        yield wrong(at, "Value cannot be empty")
    for index, entry in enumerate(value):
        yield from _block(entry, field, f"{at}[{index}]", setting)


def _states(value: Json, field: Field, at: str, setting: Setting) -> Iterator[Problem]:
    if not isinstance(value, dict):
        yield wrong(at, "Expected value of type [OBJECT]")
        return
    if not value:
        yield wrong(at, "Value cannot be empty")
    for name, source in value.items():
        yield from _state(source, under(at, [name]), setting)


def _state(source: Json, at: str, setting: Setting) -> Iterator[Problem]:
    if is_placeholder(source):
        return
    if not isinstance(source, dict):
        yield wrong(at, "Expected value of type [OBJECT]")
        return
    kind = source.get("Type")
    if not isinstance(kind, str) or kind not in _STATE_LIKE:
        if "Type" not in source:
            yield wrong(at, "These fields are required: [Type]", missing=["Type"])
        else:
            listed = ", ".join(STATE_TYPES)
            yield wrong(
                under(at, ["Type"]), f"The field 'Type' should have one of these values: [{listed}]", value=kind
            )
        return
    if "QueryLanguage" in source:
        own: Language = "JSONPath" if source["QueryLanguage"] == "JSONPath" else "JSONata"
        if own == "JSONPath" and setting.machine_language == "JSONata":
            yield wrong(at, "'QueryLanguage' can not be 'JSONPath' if set to 'JSONata' for whole state machine")
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
                yield wrong(at, f"Field '{name}' is only supported for a Map state in DISTRIBUTED mode", field=name)


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
        yield wrong(at, "These fields are required: [Next]", missing=["Next"])
    compared = [name for name in source if name in choices.OPERATORS]
    connected = [name for name in source if name in _CONNECTIVES]
    for name in source:
        field = beside.get(name)
        if field is not None and field.language == "JSONata":
            yield wrong(at, _of_the_other(name, "JSONata", "JSONPath"), field=name)
        elif field is not None:
            yield from _CHECKS[field.kind](source[name], field, under(at, [name]), setting)
        elif name not in compared and name not in connected and name != "Variable":
            yield wrong(at, f"Field '{name}' is not supported", field=name, part="Rule")
    if len(compared) + len(connected) > 1:
        listed = ", ".join([*connected, *compared])
        yield wrong(at, f"There should only be one of the following fields: [{listed}]")
    elif connected:
        yield from _connective(connected[0], source, at, setting)
    elif not compared:
        yield wrong(at, "A comparison operator is required, or one of these fields: [And, Or, Not]")
    elif "Variable" not in source:
        yield wrong(at, "These fields are required: [Variable]", missing=["Variable"])
    elif not any(is_placeholder(source[name]) for name in ("Variable", compared[0])):
        yield from compiled(lambda: choices.rule({name: source[name] for name in ("Variable", compared[0])}), at)


def _connective(name: str, source: Mapping[str, Json], at: str, setting: Setting) -> Iterator[Problem]:
    value = source[name]
    place = under(at, [name])
    if "Variable" in source:
        yield wrong(at, "Field 'Variable' is not supported", field="Variable", part="Rule")
    if name == "Not":
        inner = [(place, value)]
    elif not isinstance(value, list):
        yield wrong(place, "Expected value of type [ARRAY]")
        return
    else:
        if not value:
            yield wrong(place, "Value cannot be empty")
        inner = [(f"{place}[{index}]", entry) for index, entry in enumerate(value)]
    for where, entry in inner:
        if isinstance(entry, dict):
            yield from _rule(entry, where, setting, top=False)
        else:
            yield wrong(where, "Expected value of type [OBJECT]")


def _jsonata_rule(source: Mapping[str, Json], at: str, setting: Setting) -> Iterator[Problem]:
    foreign = [name for name in source if name in choices.OPERATORS or name in (*_CONNECTIVES, "Variable")]
    for name in foreign:
        yield wrong(at, _of_the_other(name, "JSONPath", "JSONata"), field=name)
    yield from _object("Rule", {name: source[name] for name in source if name not in foreign}, at, setting)


_CHECKS: Mapping[str, Check] = {
    **VALUES,
    "object": _part,
    "list": _parts,
    "block": _block,
    "blocks": _blocks,
    "states": _states,
}
