"""What a workflow reads of its tasks' results, and what would suit there: so that made-up results lead somewhere.

A task's own ResultSelector, Output and Assign read its result. So do the states after it: under the task's ResultPath
anywhere in the workflow, and where the result is the whole output, in the states that follow until one replaces the data.
This looks for paths in texts and does not run anything; what it misses is simply not made up.
"""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from engine.outline import Spot, blocks, states_of, targets
from engine.values import Json, text

Steps = tuple[str | int, ...]
Wish = tuple[Steps, Json]
"""A place in a result, and a sample of what should stand there."""

Flow = Mapping[str, Spot]

_PATH = re.compile(r"(?<![\w$])\$((?:\.[A-Za-z_][\w-]*|\[\d+\]|\['[^']+'\])+)(?![\w-]*[(*?@:.\[])")
_RESULT = re.compile(r"\$states\.result((?:\.[A-Za-z_]\w*|\[\d+\])+)")
_INPUT = re.compile(r"\$states\.input((?:\.[A-Za-z_]\w*|\[\d+\])+)(?:\s*=\s*[\"']([^\"']*)[\"'])?")
_STEP = re.compile(r"\.([\w-]+)|\[(\d+)\]|\['([^']+)'\]")
_NUMBERS = ("SecondsPath", "TimeoutSecondsPath", "HeartbeatSecondsPath", "MaxConcurrencyPath")
_GOOD_NEWS = ("SUCCEEDED", "SUCCESS", "COMPLETED", "COMPLETE", "COMPLETED_SUCCESSFULLY", "OK", "DONE")
_ABSENT = object()
_OF_RESULTS = ("ResultSelector", "Result")
"""Fields that read a state's own result, not its input."""
_OWN_FLOWS = ("Branches", "ItemProcessor", "Iterator")


def wishes(document: Json) -> dict[str, list[Wish]]:
    """For each Task by name, in the order in which the wishes are to be granted."""
    flows = [{spot.name: spot for spot in states_of(block, "JSONPath")} for block in blocks(document)]
    found: dict[str, list[Wish]] = {}
    for flow in flows:
        for spot in flow.values():
            if spot.type != "Task":
                continue
            wanted = list(_reads(spot.source.get("ResultSelector")))
            for field in ("Output", "Assign"):
                wanted += [(_steps(path), _named(path)) for path in _RESULT.findall(text(spot.source.get(field)))]
            if "ResultSelector" not in spot.source:
                wanted += _read_later(spot, flow, flows)
            found[spot.name] = [wish for wish in _without_unwanted(wanted) if wish[0]]
    return found


def granted(value: Json, steps: Steps, sample: Json) -> Json:
    """`value` with something at `steps`. What is there stays, unless good news for a comparison takes its place."""
    if not steps:
        return sample if value is None or sample in _GOOD_NEWS else value
    step, rest = steps[0], steps[1:]
    if isinstance(step, int):
        items = list(value) if isinstance(value, list) else []
        items += [None] * (step + 1 - len(items))
        items[step] = granted(items[step], rest, sample)
        return items
    members = value if isinstance(value, dict) else {}
    return {**members, step: granted(members.get(step), rest, sample)}


def _read_later(spot: Spot, flow: Flow, flows: Sequence[Flow]) -> Iterator[Wish]:
    """What the states behind a task read of the result that it hands on."""
    place = _prefix(spot.source.get("ResultPath", "$"))
    if place is None:
        return
    if place:
        for later in (later for flow_there in flows for later in flow_there.values()):
            for steps, sample in _own_reads(later, spot, flow):
                if steps[: len(place)] == place:
                    yield steps[len(place) :], sample
        return
    shown = None if "Output" in spot.source else _prefix(spot.source.get("OutputPath", "$"))
    for later in _until_replaced(spot, flow) if shown is not None else ():
        for steps, sample in _own_reads(later, spot, flow):
            yield (*(shown or ()), *steps), sample


def _own_reads(state: Spot, task: Spot, flow: Flow) -> Iterator[Wish]:
    """What a state reads of its input. A Choice is best answered so that the way does not lead back to the task."""
    inner = (*_OWN_FLOWS, "ItemSelector") if state.type in ("Parallel", "Map") else ()
    own = {name: value for name, value in state.source.items() if name not in (*_OF_RESULTS, *inner)}
    choices = own.get("Choices")
    if flow.get(state.name) is state and isinstance(choices, list):
        for rule in choices:
            back = isinstance(rule, dict) and _leads(rule.get("Next"), task.name, flow)
            yield from _absent(rule, there=True) if back else _reads(rule)
        yield from ((steps, f"{steps[-1]}") for steps, _ in _reads(choices))
        del own["Choices"]
    yield from _reads(own)


def _absent(rule: Json, there: bool) -> Iterator[Wish]:
    """What a rule that leads back asks to be present is better not there at all: it is the token of a next page."""
    if isinstance(rule, dict):
        if rule.get("IsPresent") is there and isinstance(variable := rule.get("Variable"), str):
            yield from ((steps, _ABSENT) for steps, _ in _reads(variable))
        for inner in rule.values():
            yield from _absent(inner, there)
    elif isinstance(rule, list):
        for inner in rule:
            yield from _absent(inner, there)


def _without_unwanted(wanted: list[Wish]) -> list[Wish]:
    unwanted = [steps for steps, sample in wanted if sample is _ABSENT]
    return [wish for wish in wanted if not any(wish[0][: len(steps)] == steps for steps in unwanted)]


def _leads(start: Json, goal: str, flow: Flow) -> bool:
    """Can one come from a state to another?"""
    seen: set[Json] = set()
    ahead = [start]
    while ahead:
        name = ahead.pop()
        if name == goal:
            return True
        if name not in seen and name in flow:
            seen.add(name)
            ahead += _following(flow[name])
    return False


def _until_replaced(spot: Spot, flow: Flow) -> Iterator[Spot]:
    """The states after this one, on every way, as far as its output still stands in theirs."""
    seen: set[str] = {spot.name}
    ahead = _following(spot)
    while ahead:
        name = ahead.pop(0)
        if name in seen or name not in flow:
            continue
        seen.add(name)
        later = flow[name]
        yield later
        keeps = later.type in ("Choice", "Wait") or _prefix(later.source.get("ResultPath", "$")) != ()
        if keeps and later.source.get("OutputPath", "$") == "$":
            ahead += _following(later)


def _following(spot: Spot) -> list[str]:
    return [name for steps, name in targets(spot) if steps[0] != "Catch"]


def _prefix(path: Json) -> Steps | None:
    """The steps of a simple path; None for `null`, and for what is not simple."""
    if not isinstance(path, str) or not re.fullmatch(r"\$(?:\.[\w-]+|\[\d+\]|\['[^']+'\])*", path):
        return None
    return _steps(path[1:])


def _reads(value: Json, field: str = "") -> Iterator[Wish]:
    """Every simple path in the texts of `value`, each with a sample that suits its use."""
    if isinstance(value, dict):
        if isinstance(variable := value.get("Variable"), str):
            yield from ((steps, _compared(value, sample)) for steps, sample in _reads(variable))
            return
        for key, inner in value.items():
            yield from _reads(inner, key)
    elif isinstance(value, list):
        for inner in value:
            yield from _reads(inner, field)
    elif isinstance(value, str) and "$" in value:
        for path, expected in _INPUT.findall(value):
            yield _steps(path), expected or _named(path)
        for path in _PATH.findall(value):
            yield _steps(path), 1 if field in _NUMBERS else [] if field == "ItemsPath" else _named(path)


def _compared(rule: Mapping[str, Any], sample: Json) -> Json:
    """A value that makes a Choice rule true."""
    for operator, operand in rule.items():
        if operator in ("StringEquals", "NumericEquals", "BooleanEquals", "TimestampEquals"):
            return operand
        if operator == "StringMatches" and isinstance(operand, str):
            return operand.replace("*", "")
        if operator.startswith("Numeric") and isinstance(operand, (int, float)):
            return operand + (1 if "Greater" in operator else -1 if "Less" in operator else 0)
    return sample


def _named(path: str) -> Json:
    """A text that says what it stands for: the last name of its path."""
    return next((step for step in reversed(_steps(path)) if isinstance(step, str)), "item")


def _steps(path: str) -> Steps:
    return tuple(
        int(index) if index else name or quoted for name, index, quoted in (m.groups() for m in _STEP.finditer(path))
    )
