"""Small workflows that the service accepts, drawn at random: chains, branches, loops, handlers, groups within groups."""

from __future__ import annotations

from itertools import count
from typing import Any

from hypothesis import strategies as st
from hypothesis.strategies import DrawFn, composite

TASK = "arn:aws:states:::lambda:invoke"


@composite
def machines(draw: DrawFn, language: str = "JSONPath", depth: int = 2) -> dict[str, Any]:
    """A definition in a query language."""
    machine = _block(draw, count(1), language, depth)
    head: dict[str, Any] = {"Comment": "drawn"} if draw(st.booleans()) else {}
    return head | ({} if language == "JSONPath" else {"QueryLanguage": language}) | machine


def _block(draw: DrawFn, numbers: Any, language: str, depth: int) -> dict[str, Any]:
    size = draw(st.integers(1, 5))
    names = [f"S{next(numbers)}" for _ in range(size)]
    parents = {j: draw(st.integers(0, j - 1)) for j in range(1, size)}
    children: dict[int, list[int]] = {}
    for child, parent in parents.items():
        children.setdefault(parent, []).append(child)
    states = {}
    for index, name in enumerate(names):
        below = [names[child] for child in children.get(index, [])]
        states[name] = _state(draw, numbers, language, depth, below, names)
    return {"StartAt": names[0], "States": states}


def _state(draw: DrawFn, numbers: Any, language: str, depth: int, below: list[str], names: list[str]) -> dict[str, Any]:
    groups = ["Parallel", "Map"] if depth else []
    if not below:
        kind = draw(st.sampled_from(["Pass", "Task", "Wait", "Succeed", "Fail", *groups]))
    elif len(below) == 1:
        kind = draw(st.sampled_from(["Pass", "Task", "Wait", "Choice", *groups]))
    else:
        kind = draw(st.sampled_from(["Choice", "Choice", "Task"]))
    state: dict[str, Any] = {"Type": kind}
    if draw(st.booleans()):
        state["Comment"] = draw(st.sampled_from(["S1", "Next", "a note"]))
    match kind:
        case "Task":
            state["Resource"] = TASK
            arguments = "Parameters" if language == "JSONPath" else "Arguments"
            state[arguments] = {"FunctionName": "f", "Payload": {"S1": "S2"}}
        case "Wait":
            state["Seconds"] = 5
        case "Choice":
            rules = [*below[1:]] or [draw(st.sampled_from(names))]
            rules += draw(st.lists(st.sampled_from(names), max_size=2))
            state["Choices"] = [condition(language) | {"Next": name} for name in rules]
            if below[0] not in rules:
                if draw(st.booleans()):
                    state["Default"] = below[0]
                else:
                    state["Choices"].append(condition(language) | {"Next": below[0]})
        case "Parallel":
            branches = draw(st.integers(1, 2))
            state["Branches"] = [_block(draw, numbers, language, depth - 1) for _ in range(branches)]
        case "Map":
            mode = {"ProcessorConfig": {"Mode": "INLINE"}}
            state["ItemProcessor"] = mode | _block(draw, numbers, language, depth - 1)
    if kind in ("Task", "Parallel", "Map"):
        handlers = below[1:] + (draw(st.lists(st.sampled_from(names), max_size=1)))
        errors = [["States.Timeout"], ["States.TaskFailed"], ["States.Permissions"], ["A"], ["B"]]
        if handlers:
            state["Catch"] = [
                {"ErrorEquals": error, "Next": name} for error, name in zip(errors, handlers, strict=False)
            ]
    if kind not in ("Choice", "Succeed", "Fail"):
        state |= {"Next": below[0]} if below else {"End": True}
    return state


def condition(language: str) -> dict[str, Any]:
    if language == "JSONata":
        return {"Condition": "{% $states.input.a = 1 %}"}
    return {"Variable": "$.a", "NumericEquals": 1}
