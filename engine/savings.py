"""Ways in which a workflow might cost less: from a document and one run of it to changed documents.

Nothing here is sure of itself. A way is only a proposal; `advisor` runs the changed workflow with the replies of the run
and keeps what comes to the same end for less.
"""

from __future__ import annotations

import copy
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.connectors.nested import SYNCHRONOUS
from engine.outline import Block, Spot, blocks, machine_language, states_of, targets
from engine.trace import Reply, Trace
from engine.values import Json, same, text

Kind = Literal["merge-pass", "path-for-lambda", "intrinsic-for-lambda", "callback-for-polling", "express-child"]
States = dict[str, Any]

CHILD = "express-child"
"""Name of the machine that an Express child becomes."""


@dataclass(frozen=True, slots=True)
class Way:
    """A changed document, and what else its run needs to know."""

    kind: Kind
    at: tuple[str, ...]
    """The states that it concerns, as pointers into the old document."""
    message: str
    document: Json
    children: Mapping[str, Json] = field(default_factory=dict)
    """Further machines, by name, that become Express ones."""
    replies: Mapping[str, Reply] = field(default_factory=dict)
    """What a changed task answers, by its name."""
    guessed: bool = False
    """Read from the values of this run: only who knows the function can tell whether it always holds."""


def ways(trace: Trace) -> Iterator[Way]:
    """All proposals, the most certain first."""
    document = trace.machine.document
    for flow in blocks(document):
        yield from merged_passes(document, flow)
    for flow in blocks(document):
        yield from functions_that_only_reshape(document, flow, trace)
    for flow in blocks(document):
        yield from polling_loops(document, flow, trace)
    yield from express_children(document, trace)


# One Pass less -------------------------------------------------------------------------------------------------------

_IDLE = frozenset(("Type", "Comment", "Next", "QueryLanguage"))
_FOLDED = frozenset(("Type", "Comment", "Next", "Parameters", "Result", "QueryLanguage"))
_FOLDING = {"Pass": frozenset(("ResultPath", "OutputPath")), "Task": frozenset(("OutputPath", "ResultSelector"))}
_KEPT = frozenset(
    ("Type", "Comment", "Next", "End", "Parameters", "Resource", "TimeoutSeconds", "HeartbeatSeconds", "Retry")
)


def merged_passes(document: Json, flow: Block) -> Iterator[Way]:
    """Pass states that change nothing, and those whose template fits into the state that follows."""
    for spot in _spots(flow):
        following = spot.source.get("Next")
        if (
            spot.type != "Pass"
            or not isinstance(following, str)
            or following == spot.name
            or following not in flow.states
        ):
            continue
        changed, states = _copied(document, flow)
        if spot.source.keys() <= _IDLE:
            _without(changed, flow, states, spot.name, following)
            yield Way("merge-pass", (spot.at,), f"“{spot.name}” changes nothing and can go.", changed)
            continue
        entries = [one for one in _references(flow) if one[1] == following]
        if len(entries) == 1 and flow.source.get("StartAt") != following:
            folded = _folded(spot.source, flow.states[following])
            if folded is not None:
                states[following] = folded
                _without(changed, flow, states, spot.name, following)
                told = f"“{spot.name}” can be merged into “{following}”, which makes the same of its input in one step."
                yield Way("merge-pass", (spot.at, _at(flow, following)), told, changed)


def _folded(first: Mapping[str, Any], second: Any) -> dict[str, Any] | None:
    """The second state with the template of the first put into its own; None when that cannot be done."""
    made = first.get("Parameters", first.get("Result"))
    if not first.keys() <= _FOLDED or ("Parameters" in first) == ("Result" in first) or not isinstance(made, dict):
        return None
    if not isinstance(second, dict) or second.get("Type") not in _FOLDING:
        return None
    if "Result" in first and any(key.endswith(".$") for key in made):
        return None
    if not second.keys() <= _KEPT | _FOLDING[second["Type"]] or not isinstance(second.get("Parameters"), dict):
        return None
    try:
        template = _substituted(second["Parameters"], made)
        place = second.get("ResultPath", "$")
        if place != "$":  # what the first state made stays, with the second's result in it
            matched = re.fullmatch(r"\$\.([A-Za-z_]\w*)", str(place))
            if matched is None:
                return None
            kept = {key: value for key, value in made.items() if key.removesuffix(".$") != matched[1]}
            template = {**kept, matched[1]: template}
    except _NotThere:
        return None
    folded = {name: value for name, value in second.items() if name != "ResultPath"}
    return {**folded, "Parameters": template}


class _NotThere(Exception):
    """A path leads to something that the template does not show."""


_PLAIN = re.compile(r"\$(?:\.[A-Za-z_]\w*)+")
_WITHIN = re.compile(r"'(?:\\.|[^'\\])*'|\$\$[.\w\[\]]*|\$(?:\.[A-Za-z_]\w*)*[.\[]?")


def _substituted(template: Any, made: Mapping[str, Any]) -> Any:
    """The template with every path into `made` replaced by what stands there."""
    if isinstance(template, list):
        return [_substituted(one, made) for one in template]
    if not isinstance(template, dict):
        return template
    done: dict[str, Any] = {}
    for key, value in template.items():
        if not key.endswith(".$"):
            done[key] = _substituted(value, made)
            continue
        name = key.removesuffix(".$")
        if not isinstance(value, str):
            raise _NotThere
        if value == "$":
            done[name] = dict(made)
        elif value.startswith("$$"):
            done[key] = value
        elif _PLAIN.fullmatch(value):
            found, is_path = _found(value, made)
            done[key if is_path else name] = found
        elif value.startswith("States."):
            done[key] = _WITHIN.sub(lambda part: _argument(part[0], made), value)
        else:
            raise _NotThere
    return done


def _found(path: str, made: Any) -> tuple[Any, bool]:
    """What a path into a template stands for: an expression (True) or a part of the template."""
    steps = path.split(".")[1:]
    node = made
    for index, step in enumerate(steps):
        if not isinstance(node, dict):
            raise _NotThere
        if step in node:
            node = node[step]
            continue
        inner = node.get(f"{step}.$")
        rest = "".join(f".{one}" for one in steps[index + 1 :])
        if not isinstance(inner, str) or (rest and not inner.startswith("$")):
            raise _NotThere
        return inner + rest, True
    return node, False


def _argument(part: str, made: Mapping[str, Any]) -> str:
    if part.startswith(("'", "$$")):
        return part
    if not _PLAIN.fullmatch(part):
        raise _NotThere
    found, is_path = _found(part, made)
    if is_path:
        return str(found)
    if isinstance(found, str):
        return "'" + found.replace("\\", "\\\\").replace("'", "\\'") + "'"
    if isinstance(found, (dict, list)):
        raise _NotThere
    return text(found)


# A function that only looks at its input -----------------------------------------------------------------------------

_LAMBDA = "arn:aws:states:::lambda:invoke"
_MOST_PLACES = 400


def functions_that_only_reshape(document: Json, flow: Block, trace: Trace) -> Iterator[Way]:
    """Lambda tasks whose every answer in this run was a part of their input, a filter of it, or an intrinsic of it."""
    for spot in _spots(flow):
        resource = spot.source.get("Resource")
        if spot.type != "Task" or not isinstance(resource, str):
            continue
        invoked = resource == _LAMBDA
        if not invoked and ":function:" not in resource:
            continue
        seen = list(_seen(trace, spot.at, invoked))
        kind, told, expression = _read_off(seen) if seen else (None, "", "")
        if kind is None:
            continue
        for state in _instead(spot.source, expression, invoked):
            changed, states = _copied(document, flow)
            states[spot.name] = state
            said = f"In this run “{spot.name}” answered with {told}: {expression} does that without a function."
            yield from _also_without_it(Way(kind, (spot.at,), said, changed, guessed=True), flow, spot.name)


def _seen(trace: Trace, at: str, invoked: bool) -> Iterator[tuple[Json, Json]]:
    """Raw input and payload of every visit that got one."""
    for index, (_, state, entered) in enumerate(trace.visits):
        if state.at == at:
            for moment in trace.raw[entered:]:
                if moment[0] == "succeeded" and moment[2] == index:
                    answer = moment[4]
                    payload = answer.get("Payload") if invoked and isinstance(answer, dict) else answer
                    yield trace.raw[entered][4], payload
                    break


def _read_off(seen: list[tuple[Json, Json]]) -> tuple[Kind | None, str, str]:
    """One reading that holds for all visits, and how it is said."""
    raw, answer = seen[0]
    if not _telling(answer) and not any(isinstance(place, list) and len(place) == answer for _, place in _places(raw)):
        return None, "", ""
    for path, value in _places(raw):
        for kind, told, expression, made in _readings(path, value, answer):
            if made is _FAILED or not same(made, answer):
                continue
            if all(_holds(told, path, other, payload) for other, payload in seen[1:]):
                return kind, told, expression
    return None, "", ""


_FAILED = object()


def _readings(path: str, value: Json, answer: Json) -> Iterator[tuple[Kind, str, str, Any]]:
    """(kind, in words, expression, what it makes of this value)."""
    if path != "$":
        yield "path-for-lambda", "a part of its input", path, value
    if isinstance(value, list):
        condition = _condition(value, answer)
        if condition is not None:
            yield "path-for-lambda", "some of the items of its input", f"{path}[?({condition})]", answer
    for name, make in _INTRINSICS.items():
        yield "intrinsic-for-lambda", f"what {name} makes of its input", f"States.{name}({path})", make(value)


def _holds(told: str, path: str, raw: Json, answer: Json) -> bool:
    value = next((one for place, one in _places(raw) if place == path), _FAILED)
    if value is _FAILED:
        return False
    return any(
        words == told and made is not _FAILED and same(made, answer)
        for _, words, _, made in _readings(path, value, answer)
    )


def _condition(items: list[Json], chosen: Json) -> str | None:
    """One field that tells the chosen items from the others: `@.stock == true`."""
    if not isinstance(chosen, list) or not chosen or len(chosen) >= len(items):
        return None
    if not all(isinstance(item, dict) for item in items):
        return None
    inside = [any(same(item, one) for one in chosen) for item in items]
    if not same([item for item, is_in in zip(items, inside, strict=True) if is_in], chosen):
        return None
    for name, value in chosen[0].items():
        if isinstance(value, (str, int, float, bool)) and re.fullmatch(r"[A-Za-z_]\w*", name):
            telling = [name in item and same(item[name], value) for item in items]
            if telling == inside:
                said = (
                    "'" + value.replace("\\", "\\\\").replace("'", "\\'") + "'"
                    if isinstance(value, str)
                    else text(value)
                )
                return f"@.{name} == {said}"
    return None


def _attempt(make: Callable[[Any], Any]) -> Callable[[Any], Any]:
    def tried(value: Any) -> Any:
        try:
            return make(value)
        except (ValueError, TypeError, KeyError):
            return _FAILED

    return tried


def _json_of(value: Any) -> Any:
    import json

    return json.loads(value) if isinstance(value, str) else _FAILED


def _unique(value: Any) -> Any:
    if not isinstance(value, list):
        return _FAILED
    found: list[Any] = []
    for one in value:
        if not any(same(one, known) for known in found):
            found.append(one)
    return found if len(found) < len(value) else _FAILED


_INTRINSICS: dict[str, Callable[[Any], Any]] = {
    "ArrayLength": _attempt(lambda value: len(value) if isinstance(value, list) else _FAILED),
    "ArrayUnique": _unique,
    "StringToJson": _attempt(_json_of),
    "JsonToString": _attempt(lambda value: text(value) if isinstance(value, (dict, list)) else _FAILED),
}


def _telling(answer: Json) -> bool:
    """Is it more than what turns up by chance?"""
    if isinstance(answer, str):
        return len(answer) > 2
    if isinstance(answer, (dict, list)):
        return bool(answer)
    return isinstance(answer, (int, float)) and not isinstance(answer, bool) and answer not in (0, 1)


def _places(value: Json, path: str = "$") -> list[tuple[str, Json]]:
    """Every place that a plain path reaches, the outer ones first."""
    found: list[tuple[str, Json]] = [(path, value)]
    for place, one in found:
        if isinstance(one, dict) and len(found) < _MOST_PLACES:
            found += [(f"{place}.{name}", inner) for name, inner in one.items() if re.fullmatch(r"[A-Za-z_]\w*", name)]
    return found[:_MOST_PLACES]


_WAY_OUT = ("ResultPath", "Next", "End", "Comment", "QueryLanguage")


def _instead(task: Mapping[str, Any], expression: str, invoked: bool) -> Iterator[dict[str, Any]]:
    """Pass states that answer in the task's place, however it handed its answer on."""
    kept = {name: task[name] for name in _WAY_OUT if name in task}
    is_path = expression.startswith("$")
    payload = "$.Payload" if invoked else "$"
    selector, output = task.get("ResultSelector"), task.get("OutputPath")
    if task.get("InputPath", "$") != "$" or any(name in task for name in ("Assign", "Output", "Arguments")):
        return
    if isinstance(selector, dict):
        made: dict[str, Any] = {}
        for key, value in selector.items():
            if value == payload and key.endswith(".$"):
                made[key] = expression
            elif is_path and key.endswith(".$") and isinstance(value, str) and value.startswith(f"{payload}."):
                made[key] = expression + value.removeprefix(payload)
            else:
                return
        yield {"Type": "Pass", "Parameters": made, **kept, **({"OutputPath": output} if output else {})}
    elif output == payload and invoked and is_path and "ResultPath" not in task:
        yield {"Type": "Pass", "InputPath": expression, **kept}
    elif not invoked and is_path:
        yield {"Type": "Pass", "InputPath": expression, **kept, **({"OutputPath": output} if output else {})}
    elif invoked:
        yield {
            "Type": "Pass",
            "Parameters": {"Payload.$": expression},
            **kept,
            **({"OutputPath": output} if output else {}),
        }


def _also_without_it(way: Way, flow: Block, name: str) -> Iterator[Way]:
    """First the Pass merged into what follows, which saves a step too; then the Pass by itself."""
    changed = copy.deepcopy(way.document)
    states = _states_at(changed, flow.at)
    state = states[name]
    following = state.get("Next")
    entries = [one for one in _references(flow) if one[1] == following]
    if isinstance(following, str) and len(entries) == 1 and isinstance(states.get(following), dict):
        only_path = state.keys() <= {"Type", "InputPath", "Next", "Comment"}
        folded = _folded(state, states[following])
        if only_path and "InputPath" not in states[following]:
            folded = {**states[following], "InputPath": state["InputPath"]}
        if folded is not None:
            states[following] = folded
            _without(changed, flow, states, name, following)
            said = way.message.replace(" without a function.", f" in “{following}”, without a function or a step.")
            yield Way(way.kind, (*way.at, _at(flow, following)), said, changed, guessed=True)
    yield way


# Asking again and again ----------------------------------------------------------------------------------------------

_QUEUE = "arn:aws:states:::sqs:sendMessage.waitForTaskToken"


def polling_loops(document: Json, flow: Block, trace: Trace) -> Iterator[Way]:
    """Wait → Task → Choice → Wait: the task that asks becomes one that is told, with a task token."""
    spots = {spot.name: spot for spot in _spots(flow)}
    for choice in spots.values():
        if choice.type != "Choice":
            continue
        for _, back in targets(choice):
            wait = spots.get(back)
            task = spots.get(str(wait.source.get("Next"))) if wait is not None and wait.type == "Wait" else None
            if wait is None or task is None or task.type != "Task" or task.source.get("Next") != choice.name:
                continue
            told = _told_at_last(trace, wait.at, task.at)
            resource = str(task.source.get("Resource"))
            if told is None or resource.endswith((".sync", ".sync:2", ".waitForTaskToken")):
                continue
            changed, states = _copied(document, flow)
            states[task.name] = _with_token(task, resource)
            _without(changed, flow, states, wait.name, task.name)
            said = (
                f"“{task.name}” asks again and again, with “{wait.name}” in between; with a task token it is asked once, and "
                "whoever does the work calls back with the answer."
            )
            yield Way("callback-for-polling", (task.at, wait.at, choice.at), said, changed, replies={task.name: told})


def _told_at_last(trace: Trace, wait: str, task: str) -> Reply | None:
    """The last answer, as late as it came; None when the loop was not gone through in this run, or more than once."""
    waits = [visit for visit in trace.visits if visit.state.at == wait]
    asked = [index for index, visit in enumerate(trace.visits) if visit.state.at == task]
    if not waits or not asked:
        return None
    frames = {visit.frame for visit in waits}
    answers = [moment for moment in trace.raw if moment[0] == "succeeded" and moment[2] == asked[-1]]
    if len(frames) != 1 or not answers:
        return None
    began = min(trace.raw[visit.entered][1] for visit in (*waits, trace.visits[asked[0]]))
    return Reply(answers[-1][4], delay=answers[-1][1] - began, submitted={})


def _with_token(task: Spot, resource: str) -> dict[str, Any]:
    """The task, waiting for its token to come back; functions get it in their payload, others by a queue."""
    state = copy.deepcopy(dict(task.source))
    field_name = "Arguments" if task.language == "JSONata" else "Parameters"
    token = (
        {"taskToken": "{% $states.context.Task.Token %}"}
        if task.language == "JSONata"
        else {"taskToken.$": "$$.Task.Token"}
    )
    parameters = state.get(field_name)
    if resource == _LAMBDA and isinstance(parameters, dict):
        payload = parameters.pop("Payload", None)
        whole = parameters.pop("Payload.$", None)
        if isinstance(payload, dict):
            parameters["Payload"] = {**payload, **token}
        elif task.language == "JSONata":
            parameters["Payload"] = {**token, "input": "{% $states.input %}" if payload is None else payload}
        else:
            parameters["Payload"] = {**token, "input.$": whole or "$"}
        state["Resource"] = f"{_LAMBDA}.waitForTaskToken"
        return state
    given = {"input": "{% $states.input %}"} if task.language == "JSONata" else {"input.$": "$"}
    state["Resource"] = _QUEUE
    state[field_name] = {
        "QueueUrl": "https://sqs.us-east-1.amazonaws.com/123456789012/work",
        "MessageBody": {**token, **given},
    }
    return state


# An Express child ----------------------------------------------------------------------------------------------------

_NOT_EXPRESS = re.compile(r"(\.sync(:2)?|\.waitForTaskToken)$|:activity:")
_MOST_CHILDREN = 4


def express_children(document: Json, trace: Trace) -> Iterator[Way]:
    """Parts of the main flow with one way in and one way out that could be an Express machine, the busiest ones."""
    if trace.workflow_type != "STANDARD" or not isinstance(document, dict) or '"Assign"' in text(document):
        return
    flow = next(iter(blocks(document)))
    spots = {spot.name: spot for spot in _spots(flow)}
    entered: dict[str, int] = {}
    for visit in trace.visits:
        top = visit.state.at.split("/")[2]
        entered[top] = entered.get(top, 0) + 1
    found: list[tuple[int, str, str | None, set[str]]] = []
    for first in spots:
        for out in (*spots, None):
            part = _part(first, out, spots, flow) if first != out else None
            if part is not None and entered.get(first) and (busy := sum(entered.get(name, 0) for name in part)) > 2:
                found.append((busy, first, out, part))
    found.sort(key=lambda one: (-one[0], len(one[3]), one[1], one[2] or ""))
    for _, first, out, part in found[:_MOST_CHILDREN]:
        yield _with_child(document, flow, spots, first, out, part)


def _part(first: str, out: str | None, spots: Mapping[str, Spot], flow: Block) -> set[str] | None:
    """The states from `first` up to `out` (None: to the end), if nothing else leads in or out and all may be Express."""
    part: set[str] = set()
    open_ends = [first]
    leaves = False
    while open_ends:
        name = open_ends.pop()
        if name in part:
            continue
        spot = spots.get(name)
        if spot is None or not _may_be_express(spot):
            return None
        part.add(name)
        following = [target for _, target in targets(spot)]
        if not following or spot.source.get("End") is True:
            if out is not None:
                return None
            leaves = True
        leaves = leaves or out in following
        open_ends += [target for target in following if target != out]
    outside = [target for source, target in _references(flow) if source not in part]
    if not leaves or any(target in part and target != first for target in outside):
        return None
    return part


def _may_be_express(spot: Spot) -> bool:
    inner = text(dict(spot.source))
    if spot.type == "Fail" or '"DISTRIBUTED"' in inner:
        return False
    resources = re.findall(r'"Resource":"([^"]*)"', inner)
    return not any(_NOT_EXPRESS.search(resource) for resource in resources)


def _with_child(
    document: dict[str, Any], flow: Block, spots: Mapping[str, Spot], first: str, out: str | None, part: Iterable[str]
) -> Way:
    names = [name for name in spots if name in set(part)]
    inner: States = {name: copy.deepcopy(dict(spots[name].source)) for name in names}
    if out is not None:
        done = _free("Done", inner)
        for state in inner.values():
            if state.get("Next") == out:
                del state["Next"]
                state["End"] = True
        if _retarget(inner, out, done):
            inner[done] = {"Type": "Succeed"}
    language = {"QueryLanguage": document["QueryLanguage"]} if "QueryLanguage" in document else {}
    child = {**language, "StartAt": first, "States": inner}
    changed = copy.deepcopy(document)
    states = changed["States"]
    for name in names:
        del states[name]
    call = _free("Run the Express child", states)
    arn = f"arn:aws:states:us-east-1:123456789012:stateMachine:{CHILD}"
    way_on = {"End": True} if out is None else {"Next": out}
    if machine_language(document) == "JSONata":
        task: dict[str, Any] = {
            "Arguments": {"StateMachineArn": arn, "Input": "{% $string($states.input) %}"},
            "Output": "{% $parse($states.result.Output) %}",
        }
    else:
        task = {
            "Parameters": {"StateMachineArn": arn, "Input.$": "States.JsonToString($)"},
            "ResultSelector": {"output.$": "States.StringToJson($.Output)"},
            "OutputPath": "$.output",
        }
    states[call] = {"Type": "Task", "Resource": SYNCHRONOUS, **task, **way_on}
    _retarget(states, first, call)
    if changed.get("StartAt") == first:
        changed["StartAt"] = call
    listed = ", ".join(f"“{name}”" for name in names[:3]) + (f" and {len(names) - 3} more" if len(names) > 3 else "")
    said = f"{listed} can run as an Express machine of their own, which this one starts in one step."
    return Way("express-child", tuple(spots[name].at for name in names), said, changed, children={CHILD: child})


def _free(name: str, taken: Mapping[str, Any]) -> str:
    return name if name not in taken else _free(f"{name}'", taken)


# Surgery -------------------------------------------------------------------------------------------------------------


def _spots(flow: Block) -> list[Spot]:
    root = flow
    while root.owner is not None:
        root = root.owner.block
    return list(states_of(flow, machine_language(root.source)))


def _at(flow: Block, name: str) -> str:
    return f"{flow.at}/States/{name}"


def _references(flow: Block) -> list[tuple[str, str]]:
    """(state, state that it can go to)."""
    return [(spot.name, target) for spot in _spots(flow) for _, target in targets(spot)]


def _copied(document: Json, flow: Block) -> tuple[Any, States]:
    changed = copy.deepcopy(document)
    return changed, _states_at(changed, flow.at)


def _states_at(document: Any, at: str) -> States:
    states: States = next(block.source for block in blocks(document) if block.at == at)["States"]
    return states


def _without(document: Any, flow: Block, states: States, name: str, following: str) -> None:
    """The state goes; whoever led to it leads to what follows."""
    del states[name]
    _retarget(states, name, following)
    block: Any = next(block.source for block in blocks(document) if block.at == flow.at)
    if block.get("StartAt") == name:
        block["StartAt"] = following


def _retarget(states: States, old: str, new: str) -> bool:
    """Every way to `old` leads to `new`; says whether there was one."""
    found = False
    for state in states.values():
        for holder in (state, *(state.get("Choices") or ()), *(state.get("Catch") or ())):
            for name in ("Next", "Default"):
                if holder.get(name) == old:
                    holder[name] = new
                    found = True
    return found
