"""What can be put into a workflow: the states of the language, calls of services, and patterns of several states.

Every item is a fragment as `edit.insert` takes it, in the query language asked for, and a definition that the service
accepts by itself. Actions beyond the usual ones are found by searching all operations that the service models know; their
required fields are filled with placeholders.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import Literal

from engine.captions import SERVICES
from engine.captions import service as service_key
from engine.palette_actions import ACTIONS, RETRIES, Action, spoken
from engine.resources import INTEGRATIONS
from engine.services import known_services
from engine.shapes import Operation
from engine.values import Json

PATTERNS = Path(__file__).parents[1] / "assets" / "palette" / "patterns"
Group = Literal["flow", "actions", "patterns"]
LANGUAGES = ("JSONPath", "JSONata")


@dataclass(frozen=True, slots=True)
class Item:
    """One thing to put in. Captions of flow states, titles and captions of patterns are msgids; the rest are names."""

    id: str
    group: Group
    title: str
    caption: str
    type: str
    """Type of the first state."""
    service: str
    """A key of `captions.SERVICES` for actions, empty otherwise."""
    fragment: Json


@cache
def palette() -> tuple[Item, ...]:
    """Flow states, the usual actions and the patterns, in JSONPath."""
    return tuple(item(id) for id in _ids())


@cache
def item(id: str, language: str = "JSONPath") -> Item:
    """One item by its id: "flow:Choice", "action:lambda:invoke", "action:aws-sdk:s3:copyObject", "pattern:saga".

    Raises:
        KeyError: there is no such item.
    """
    kind, _, name = id.partition(":")
    if kind == "flow":
        title, caption, states = _FLOW[name]
        return Item(id, "flow", title, caption, _first(states)["Type"], "", _fragment(_in(states, language), language))
    if kind == "pattern":
        pattern = _patterns()[name]
        fragment = _fragment(pattern[language]["States"], language, pattern[language]["StartAt"])
        first = fragment["States"][fragment["StartAt"]]["Type"]
        return Item(id, "patterns", pattern["title"], pattern["caption"], first, "", fragment)
    if kind != "action":
        raise KeyError(id)
    action = _usual().get(name) or _other(name)
    return _action(action, language)


def search(text: str, most: int = 40) -> tuple[Item, ...]:
    """Actions whose service and operation hold every word of a text: the usual and optimised ones first, then the nearest.

    `most` bounds the answer. Words are looked for anywhere in a name, however it is written: "put item" finds PutItem.
    """
    words = [word for word in re.split(r"[\s:.,]+", text.lower()) if word]
    if not words:
        return ()
    found: list[tuple[tuple[int, int, int, str], str]] = []
    for rank, call, haystack, title in _searched():
        if all(word in haystack for word in words):
            action = title.rpartition(": ")[2].lower().replace(" ", "")
            near = 0 if action == "".join(words[-1:]) else 1 if action.startswith(words[-1]) else 2
            found.append(((rank, near, len(title), title), call))
    return tuple(item(f"action:{call}") for _, call in sorted(found)[:most])


# Flow ---------------------------------------------------------------------------------------------------------------

_PASS: Mapping[str, Json] = {"Type": "Pass", "End": True}
_ITEMS = {"StartAt": "Pass", "States": {"Pass": _PASS}}

_FLOW: Mapping[str, tuple[str, str, dict[str, Json]]] = {
    "Choice": (
        "Choice",
        "Goes one way or another by a condition",
        {
            "Choice": {"Type": "Choice", "Choices": [{"Condition": None, "Next": "Pass"}]},
            "Pass": {"Type": "Pass", "End": True},
        },
    ),
    "Parallel": (
        "Parallel",
        "Runs branches at the same time",
        {
            "Parallel": {
                "Type": "Parallel",
                "Branches": [
                    {"StartAt": "Pass", "States": {"Pass": _PASS}},
                    {"StartAt": "Pass 2", "States": {"Pass 2": _PASS}},
                ],
                "End": True,
            }
        },
    ),
    "Map": (
        "Map",
        "Runs the same steps for each item",
        {
            "Map": {
                "Type": "Map",
                "ItemsPath": "$.items",
                "ItemProcessor": {"ProcessorConfig": {"Mode": "INLINE"}, **_ITEMS},
                "End": True,
            }
        },
    ),
    "DistributedMap": (
        "Distributed Map",
        "Runs child executions for each item of a file or of many objects",
        {
            "Map": {
                "Type": "Map",
                "Label": "Items",
                "ItemReader": {
                    "Resource": "arn:aws:states:::s3:getObject",
                    "ReaderConfig": {"InputType": "CSV", "CSVHeaderLocation": "FIRST_ROW"},
                    "Parameters": {"Bucket": "${Bucket}", "Key": "items.csv"},
                },
                "ItemProcessor": {"ProcessorConfig": {"Mode": "DISTRIBUTED", "ExecutionType": "STANDARD"}, **_ITEMS},
                "MaxConcurrency": 100,
                "End": True,
            }
        },
    ),
    "Pass": ("Pass", "Hands on its input, or makes another value of it", {"Pass": {"Type": "Pass", "End": True}}),
    "Wait": ("Wait", "Waits for some time, or until a moment", {"Wait": {"Type": "Wait", "Seconds": 5, "End": True}}),
    "Succeed": ("Succeed", "Ends the flow well", {"Success": {"Type": "Succeed"}}),
    "Fail": (
        "Fail",
        "Ends the execution with an error",
        {"Fail": {"Type": "Fail", "Error": "ErrorName", "Cause": "What went wrong"}},
    ),
}


def _in(states: Mapping[str, Json], language: str) -> dict[str, Json]:
    """The states of a flow item in a query language."""
    found: dict[str, Json] = {}
    for name, state in states.items():
        if state["Type"] == "Choice":
            rule = {"Condition": "{% $states.input.value > 0 %}"}
            if language == "JSONPath":
                rule = {"Variable": "$.value", "NumericGreaterThan": 0}  # type: ignore[dict-item]
            state = {**state, "Choices": [{**rule, "Next": entry["Next"]} for entry in state["Choices"]]}
        elif language == "JSONata":
            state = {
                "Items" if field == "ItemsPath" else field: "{% $states.input.items %}"
                if field == "ItemsPath"
                else {"Arguments" if key == "Parameters" else key: inner for key, inner in value.items()}
                if field == "ItemReader"
                else value
                for field, value in state.items()
            }
        found[name] = state
    return found


def _fragment(states: Mapping[str, Json], language: str, start: str = "") -> Json:
    head = {} if language == "JSONPath" else {"QueryLanguage": language}
    return {**head, "StartAt": start or next(iter(states)), "States": dict(states)}


def _first(states: Mapping[str, Json]) -> Json:
    return next(iter(states.values()))


# Actions ------------------------------------------------------------------------------------------------------------


@cache
def _usual() -> dict[str, Action]:
    return {action.call: action for action in ACTIONS}


def _action(action: Action, language: str) -> Item:
    arguments = dict(action.arguments) if language == "JSONPath" else spoken(action.arguments)
    resource = f"arn:aws:states:::{action.call}"
    state: dict[str, Json] = {"Type": "Task", "Resource": resource}
    if arguments:
        state["Parameters" if language == "JSONPath" else "Arguments"] = arguments
    state |= {**action.more, "End": True}
    name = action.name or action.title
    service = service_key(resource)
    pattern = "wait for callback" if action.call.endswith("Token") else "wait for job" if ".sync" in action.call else ""
    caption = SERVICES.get(service, action.title.partition(": ")[0])
    caption += f" · {pattern}" if pattern else ""
    return Item(
        f"action:{action.call}", "actions", action.title, caption, "Task", service, _fragment({name: state}, language)
    )


def _other(call: str) -> Action:
    """An action of the service models, its required fields filled with placeholders.

    Raises:
        KeyError: no service has it.
    """
    title, operation = _operations()[call]
    name = title.rpartition(": ")[2]
    arguments = {field: _example(field, kind) for field, kind in operation.required}
    more = {"TimeoutSeconds": 3600} if call.endswith(".waitForTaskToken") else {}
    if call.startswith("lambda:"):
        more["Retry"] = RETRIES  # type: ignore[assignment]
    return Action(call, title, arguments, name, more)


def _example(field: str, kind: str) -> Json:
    """A value of a kind that shows what belongs there."""
    match kind:
        case "integer" | "long" | "float" | "double":
            return 1
        case "boolean":
            return True
        case "list":
            return []
        case "structure" | "map":
            return {}
        case "timestamp":
            return "2030-01-31T09:00:00Z"
    return f"${{{field}}}"


@cache
def _operations() -> dict[str, tuple[str, Operation]]:
    """Every call that a Task may make, with its title: the optimised integrations, then all of the SDK."""
    found: dict[str, tuple[str, Operation]] = {}
    known = {service.name: service for service in known_services()}
    for name, integration in INTEGRATIONS.items():
        sdk = known.get(
            {"states": "sfn", "events": "eventbridge", "bedrock": "bedrockruntime"}.get(name, name.replace("-", ""))
        )
        fields = {operation.name: operation for operation in sdk.operations} if sdk else {}
        shown = SERVICES.get(name, name)
        for action in integration.actions:
            operation = fields.get(action, Operation(action, ()))
            title = f"{shown}: {action[:1].upper()}{action[1:]}"
            found[f"{name}:{action}"] = title, operation
            if action in integration.sync:
                found[f"{name}:{action}.sync"] = f"{title} and wait", operation
    for service in known.values():
        shown = SERVICES.get(service.name) or re.sub(r"^(?:Amazon|AWS)\s*", "", service.title) or service.title
        for operation in service.operations:
            title = f"{shown}: {operation.name[:1].upper()}{operation.name[1:]}"
            found[f"aws-sdk:{service.name}:{operation.name}"] = title, operation
    return found


@cache
def _searched() -> tuple[tuple[int, str, str, str], ...]:
    """Rank, call, what is searched in, and title of every action."""
    usual = _usual()
    rows = [(0, call, _haystack(call, action.title), action.title) for call, action in usual.items()]
    for call, (title, _) in _operations().items():
        if call not in usual:
            rows.append((2 if call.startswith("aws-sdk:") else 1, call, _haystack(call, title), title))
    return tuple(rows)


def _haystack(call: str, title: str) -> str:
    apart = re.sub(r"(?<=[a-z0-9])(?=[A-Z])", " ", title)
    return f"{call} {title} {apart}".lower()


# Patterns -----------------------------------------------------------------------------------------------------------


@cache
def _patterns() -> dict[str, Json]:
    """The patterns by name, in the order of their files' `order`."""
    found = {path.stem: json.loads(path.read_text("utf-8")) for path in sorted(PATTERNS.glob("*.json"))}
    return dict(sorted(found.items(), key=lambda pair: pair[1]["order"]))


def _ids() -> Iterator[str]:
    yield from (f"flow:{name}" for name in _FLOW)
    yield from (f"action:{action.call}" for action in ACTIONS)
    yield from (f"pattern:{name}" for name in _patterns())


def messages() -> Iterator[str]:
    """The msgids of the palette: captions, and the titles of patterns; the names of state types stay as they are."""
    for _, caption, _ in _FLOW.values():
        yield caption
    for pattern in _patterns().values():
        yield from (pattern["title"], pattern["caption"])
