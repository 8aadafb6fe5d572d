"""What one field of a state gives on data that was really there: for whoever writes it, before the next run.

`sample` takes the data of the state's last visit in a run, else the input of the execution, and says which. `gives` lets one
field work on it, by the same functions as a run: the fields before it on the data's way are followed first, in the order of
`dataflow`; the result of the work is the recorded one. A field that cannot be read or fails gives the sentence of the run.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from engine.errors import StatesError
from engine.execution import Run
from engine.expressions import InvalidExpression, choices, paths, templates
from engine.model import Expression
from engine.outline import Spot
from engine.placeholders import is_jsonata, settled, settled_jsonata
from engine.situation import Situation, moments_of, situation
from engine.trace import Trace
from engine.values import Json
from engine.world import World, timestamp

ABSENT: Any = object()
"""In place of a value that was not recorded."""


@dataclass(frozen=True, slots=True)
class Sample:
    """The data that the fields of one state are tried on."""

    entered: Situation
    """What its expressions could see when it was entered."""
    result: Json = ABSENT
    """Of its work, in the last attempt that had one."""
    error: Json = ABSENT
    """`{"Error", "Cause"}` of the error that was caught last."""
    visit: int = -1
    """Index of the visit; -1 where the run never came here, and the data is the execution's input."""


@dataclass(frozen=True, slots=True)
class Gave:
    """`value`, or the sentence why there is none. `missing` names what would have to be recorded first."""

    value: Json = ABSENT
    error: str = ""
    missing: str = ""


def sample(trace: Trace | None, at: str, given: Json) -> Sample:
    """The last visit to the state at a place, else the input `given` of the execution."""
    for visit in range(len(trace.raw_visits) - 1, -1, -1) if trace is not None else ():
        if trace is not None and trace.raw_visits[visit][1].at == at:
            return _of_visit(trace, visit)
    world = trace.world if trace is not None else World()
    context = dict(Run(trace.machine, trace.input, world).context) if trace is not None else {}
    context["State"] = {"Name": at.rpartition("/")[2], "EnteredTime": timestamp(world.start)}
    return Sample(Situation(given, {}, context, {"input": given}, world.start, 0, Random(world.seed)))


def _of_visit(trace: Trace, visit: int) -> Sample:
    seen = situation(trace, visit)
    result = error = ABSENT
    for _, moment in moments_of(trace, visit):
        if moment.kind == "stage" and moment.name == "result":
            result = moment.value
        elif moment.kind == "caught":
            name, cause = moment.value
            error = StatesError(name, cause).output
    return Sample(replace(seen, states={"input": seen.raw}), result, error, visit)


def gives(spot: Spot, steps: tuple[str | int, ...], seen: Sample) -> Gave:
    """What a field of a state gives. `steps` lead from the state to it: `("Parameters",)`, `("Catch", 0, "ResultPath")`.

    The state is the one of the document, so that what was just written is tried. Never raises for what a document holds.
    """
    source: Json = spot.source
    try:
        for step in steps:
            source = source[step]
    except (LookupError, TypeError):
        return Gave(missing="field")
    try:
        return (
            _jsonata(spot, steps, source, seen) if spot.language == "JSONata" else _jsonpath(spot, steps, source, seen)
        )
    except InvalidExpression as refused:
        return Gave(error=" ".join(filter(None, (_ended(refused.message), refused.detail))))
    except StatesError as failed:
        return Gave(error=f"{failed.name}: {failed.cause}" if failed.cause else str(failed.name))


def _ended(sentence: str) -> str:
    return sentence if sentence.endswith((".", "?", ":")) else f"{sentence}."


# JSONata --------------------------------------------------------------------------------------------------------------


def _jsonata(spot: Spot, steps: tuple[str | int, ...], source: Json, seen: Sample) -> Gave:
    from engine.expressions import jsonata  # here, because most machines have none and it takes its time to load

    states = {**seen.entered.states}
    scope = seen.entered
    name = str(steps[-1])
    behind = name in ("Output", "Assign")
    if steps[0] == "Catch":
        if seen.error is ABSENT and _reads(source, "errorOutput"):
            return Gave(missing="error")
        states["errorOutput"] = seen.error
    elif behind and steps[0] != "Choices":
        if seen.result is ABSENT and _reads(source, "result"):
            return Gave(missing="result")
        if seen.result is not ABSENT:
            states["result"] = seen.result
    if name == "ItemSelector":
        chosen = spot.source.get("Items")
        items = scope.raw if chosen is None else jsonata.value(settled_jsonata(chosen), "Items").evaluate(None, scope)
        scope = _with_item(scope, items)
    called = "/".join(str(step) for step in steps)
    made = jsonata.value(settled_jsonata(source), called)
    return Gave(made.evaluate(None, replace(scope, states=states)))


def _reads(source: Json, member: str) -> bool:
    if isinstance(source, dict):
        return any(_reads(part, member) for part in source.values())
    if isinstance(source, list):
        return any(_reads(part, member) for part in source)
    return is_jsonata(source) and f"$states.{member}" in source


def _with_item(scope: Situation, items: Json) -> Situation:
    """What a selector sees of the first item."""
    first = items[0] if isinstance(items, list) and items else None
    return replace(scope, context={**scope.context, "Map": {"Item": {"Index": 0, "Value": first}}})


# JSONPath -------------------------------------------------------------------------------------------------------------


def _jsonpath(spot: Spot, steps: tuple[str | int, ...], source: Json, seen: Sample) -> Gave:
    scope, raw, name = seen.entered, seen.entered.raw, str(steps[-1])
    if steps[0] == "Catch":
        return _of_catcher(name, source, seen)
    if steps[0] == "Choices":
        effective = _selected(spot, "InputPath", raw, scope)
        if name == "Assign":
            return Gave(templates.template(settled(source), name).evaluate(effective, scope))
        return Gave(choices.rule(source).evaluate(effective, scope)) if len(steps) == 2 else Gave(missing="field")
    if name == "InputPath":
        return Gave(_select(source, name).evaluate(raw, scope))
    effective = _selected(spot, "InputPath", raw, scope)
    if name == "ItemSelector" or (spot.type == "Map" and name == "Parameters"):
        items = _selected(spot, "ItemsPath", effective, scope)
        return Gave(templates.template(settled(source), name).evaluate(effective, _with_item(scope, items)))
    if name in ("Parameters", "Credentials"):
        return Gave(templates.template(settled(source), name).evaluate(effective, scope))
    made = _before_work(name, source)
    if made is not None:
        return Gave(made.evaluate(raw if spot.type == "Fail" else effective, scope))
    result = _result(spot, effective, seen)
    if result is ABSENT:
        return Gave(missing="result")
    if name == "Assign":
        return Gave(templates.template(settled(source), name).evaluate(result, scope))
    if name == "ResultSelector":
        return Gave(templates.template(settled(source), name).evaluate(result, scope))
    if "ResultSelector" in spot.source:
        result = templates.template(settled(spot.source["ResultSelector"]), "ResultSelector").evaluate(result, scope)
    if name == "ResultPath":
        return Gave(paths.put(raw, paths.result_path(_text(source, null=True)), result))
    if "ResultPath" in spot.source:
        result = paths.put(raw, paths.result_path(_text(spot.source["ResultPath"], null=True)), result)
    return Gave(_select(source, name).evaluate(result, scope)) if name == "OutputPath" else Gave(missing="field")


def _selected(spot: Spot, name: str, value: Json, scope: Situation) -> Json:
    """The data after a path that stands before the field at hand; an absent one changes nothing."""
    if name not in spot.source:
        return value
    made = _select(spot.source[name], name) if name == "InputPath" else _items(spot.source[name])
    return made.evaluate(value, scope)


def _items(source: Json) -> Expression:
    return paths.items_path(_text(source) or "", objects=True)


def _select(source: Json, name: str) -> Expression:
    return paths.select(_text(source, null=True), name)


def _text(source: Json, *, null: bool = False) -> str | None:
    """A path as it is written; what is no text is refused, as the service does."""
    if isinstance(source, str) or (null and source is None):
        return source
    raise InvalidExpression("Expected value of type [STRING]")


def _before_work(name: str, source: Json) -> Expression | None:
    """Paths that are followed on the way in, each with the kind of value that it must give."""
    if not name.endswith("Path") or name in _BEHIND:
        return None
    path = _text(source) or ""
    match name:
        case "ItemsPath":
            return _items(source)
        case "SecondsPath":
            return paths.wait_seconds_path(path)
        case "TimestampPath":
            return paths.wait_timestamp_path(path)
        case "ErrorPath" | "CausePath":
            return paths.text_path(path, name)
        case "ToleratedFailurePercentagePath":
            return paths.number_path(path, name, "float")
        case _:
            return paths.number_path(path, name)


_BEHIND = frozenset(("ResultPath", "OutputPath", "InputPath"))


def _result(spot: Spot, effective: Json, seen: Sample) -> Json:
    """What the work gave: recorded for tasks, branches and iterations, else made as a Pass makes it."""
    if spot.type in ("Task", "Parallel", "Map"):
        return seen.result
    if spot.type != "Pass":
        return effective
    if "Result" in spot.source:
        return spot.source["Result"]
    if "Parameters" not in spot.source:
        return effective
    return templates.template(settled(spot.source["Parameters"]), "Parameters").evaluate(effective, seen.entered)


def _of_catcher(name: str, source: Json, seen: Sample) -> Gave:
    if seen.error is ABSENT:
        return Gave(missing="error")
    if name == "ResultPath":
        return Gave(paths.put(seen.entered.raw, paths.result_path(_text(source, null=True)), seen.error))
    if name == "Assign":
        return Gave(templates.template(settled(source), name).evaluate(seen.error, seen.entered))
    return Gave(missing="field")


def truths(spot: Spot, index: int, seen: Sample) -> choices.Truth | str:
    """How a JSONPath rule of a Choice comes out, part by part; a sentence where it cannot be read or tried."""
    rules: list[Mapping[str, Json]] = spot.source["Choices"]
    try:
        choices.rule(rules[index])
        return choices.truths(rules[index], _selected(spot, "InputPath", seen.entered.raw, seen.entered), seen.entered)
    except InvalidExpression as refused:
        return " ".join(filter(None, (_ended(refused.message), refused.detail)))
    except StatesError as failed:
        return str(failed.cause or failed.name)
