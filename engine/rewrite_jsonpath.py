"""A JSONata state, said in JSONPath, where that is possible.

JSONPath has places for paths, payload templates and intrinsic calls, and each place sees less: behind the work only the result
(ResultSelector), or the input with the result put in (ResultPath), and nothing that computes. So an Output that mixes both, a
filter, a lambda or a condition cannot be said, and the reason tells which.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import partial

from engine.expressions.jsonata import bare
from engine.expressions.jsonata_reading import (
    BeyondReading,
    Calling,
    Fixed,
    Following,
    Listing,
    Naming,
    Tree,
    read,
)
from engine.placeholders import is_jsonata
from engine.rewrite_conditions import rule
from engine.rewrite_jsonata import KEPT, NUMBERS, WORKING, Refusals
from engine.rewrite_paths import Seen, call, follow, place
from engine.rewrite_values import Unwritable, Writing
from engine.values import Json

Document = Mapping[str, Json]
_LEFT_OUT = (
    "What is undefined inside an object is left out by JSONata; in JSONPath its path misses and the execution fails."
)
INPUT, RESULT, ERROR = Seen("input"), Seen("result"), Seen("errorOutput")


def in_jsonpath(state: Document, writing: Writing, refusals: Refusals) -> dict[str, Json]:
    """The state in JSONPath. What could not be said is missing and stands in `refusals`."""
    kind = state.get("Type")
    made: dict[str, Json] = {"Type": kind, "QueryLanguage": "JSONPath"}
    for name in KEPT:
        if name in state and not is_jsonata(state[name]):
            made[name] = state[name]
    for name in (*NUMBERS, "Seconds", "Timestamp"):
        if is_jsonata(state.get(name)):
            _into(made, refusals, name, partial(_path_field, name, state[name]))
    match kind:
        case "Task" | "Parallel":
            if "Arguments" in state:
                _into(made, refusals, "Arguments", lambda: _given(state["Arguments"], writing))
            if "Credentials" in state:
                _into(made, refusals, "Credentials",
                      lambda: {"Credentials": template(state["Credentials"], INPUT, writing)})  # fmt: skip
        case "Fail":
            for name in ("Error", "Cause"):
                if name in state:
                    _into(made, refusals, name, partial(_words, name, state[name], writing))
            return made
        case "Map":
            _map(made, state, writing, refusals)
        case "Choice":
            _choices(made, state, writing, refusals)
        case _:
            pass
    if "Output" in state and kind != "Choice":
        way = _pass_output if kind == "Pass" else _worked_output if kind in WORKING else _plain_output
        _into(made, refusals, "Output", lambda: way(state["Output"], writing))
    if "Assign" in state and kind != "Succeed":
        _into(made, refusals, "Assign", lambda: _assign(state, made, writing))
    if "Catch" in state and kind in WORKING:
        made["Catch"] = [
            _catcher(catcher, index, writing, refusals) for index, catcher in refusals.entries(state, "Catch")
        ]
    return made


def _into(made: dict[str, Json], refusals: Refusals, name: str, write: Callable[[], Document]) -> None:
    fields = refusals.attempt(name, write)
    made.update(fields or {})


# Values ---------------------------------------------------------------------------------------------------------------


def tree(written: str) -> Tree:
    try:
        return read(bare(written))
    except BeyondReading as beyond:
        raise Unwritable(f"{bare(written)} — {beyond}") from None


def path_of(written: Json, seen: Seen) -> str:
    """A field that is one path."""
    found = tree(written)
    if not isinstance(found, Following):
        raise Unwritable(f"{bare(written)} is more than a path, and this field takes nothing else")
    return follow(found, seen)


def template(source: Json, seen: Seen, writing: Writing) -> dict[str, Json]:
    """A value as a payload template: an object."""
    if isinstance(source, dict):
        return dict(_members(source, seen, writing))
    if is_jsonata(source) and isinstance(found := tree(source), Naming):
        return _named(found, seen, writing)
    raise Unwritable("JSONPath can only build an object here")


def _members(source: Document, seen: Seen, writing: Writing) -> Iterator[tuple[str, Json]]:
    for key, inner in source.items():
        if key.endswith(".$"):
            raise Unwritable(f"The name {key} means a path in JSONPath")
        if is_jsonata(inner):
            yield _member(key, tree(inner), seen, writing)
        elif isinstance(inner, dict):
            yield key, dict(_members(inner, seen, writing))
        elif isinstance(inner, list) and any(map(is_jsonata, inner)):
            yield key + ".$", _array(inner, seen, writing)
        elif isinstance(inner, list):
            yield key, _listed(inner, seen, writing)
        else:
            yield key, inner


def _listed(items: list[Json], seen: Seen, writing: Writing) -> list[Json]:
    """An array of constants and objects; where an expression stands in an array of arrays, a template has no place for it."""
    made: list[Json] = []
    for item in items:
        if isinstance(item, dict):
            made.append(dict(_members(item, seen, writing)))
        elif isinstance(item, list) and _has_expression(item):
            raise Unwritable("A template has no place for an expression in an array of arrays")
        else:
            made.append(item)
    return made


def _named(source: Naming, seen: Seen, writing: Writing) -> dict[str, Json]:
    if any(not isinstance(inner, Fixed) for _, inner in source.members):
        writing.note(_LEFT_OUT)
    return dict(_member(key, inner, seen, writing) for key, inner in source.members)


def _member(key: str, value: Tree, seen: Seen, writing: Writing) -> tuple[str, Json]:
    match value:
        case Fixed(constant):
            return key, constant
        case Naming():
            return key, _named(value, seen, writing)
        case Listing(()):
            return key, []
        case Following():
            return key + ".$", follow(value, seen)
        case _:
            return key + ".$", call(value, seen, writing)


def _array(items: list[Json], seen: Seen, writing: Writing) -> str:
    trees = tuple(tree(item) if is_jsonata(item) else _fixed(item) for item in items)
    return call(Listing(trees), seen, writing)


def _fixed(value: Json) -> Tree:
    if isinstance(value, (dict, list)):
        raise Unwritable("A list with expressions becomes States.Array, which takes no objects or lists as constants")
    return Fixed(value)


def _has_expression(source: Json) -> bool:
    if isinstance(source, dict):
        return any(map(_has_expression, source.values()))
    return any(map(_has_expression, source)) if isinstance(source, list) else is_jsonata(source)


# The way of the data --------------------------------------------------------------------------------------------------


def _given(source: Json, writing: Writing) -> dict[str, Json]:
    """Arguments: InputPath for a path, Parameters for an object."""
    if is_jsonata(source) and isinstance(found := tree(source), Following):
        return {"InputPath": follow(found, INPUT)}
    return {"Parameters": template(source, INPUT, writing)}


@dataclass(frozen=True, slots=True)
class _Into:
    """An Output that puts a value into the input: `$merge([$states.input, {"a": value}])`."""

    path: str
    value: Tree


def _merged(found: Tree, base: tuple[str | int, ...] = ("input",)) -> _Into | None:
    """The `$merge` that ResultPath is, at any depth."""
    match found:
        case Calling("merge", (Listing((Following("states", steps), Naming(((name, value),)))),)) if steps == base:
            inner = _merged(value, (*base, name))
            return inner or _Into(place(((*base, name))[1:]), value)
        case _:
            return None


def _whole(source: Json, behind_work: bool) -> dict[str, Json] | None:
    """An Output that is one path, or nothing."""
    found = tree(source) if is_jsonata(source) else None
    if source == {}:
        return {"OutputPath": None}
    if not isinstance(found, Following):
        return None
    own = behind_work and found.variable == "states" and found.steps[:1] == ("result",)
    path = follow(found, RESULT if own else INPUT)
    if own or not behind_work:
        return {} if path == "$" else {"OutputPath": path}
    return {"ResultPath": None} if path == "$" else {"ResultPath": None, "OutputPath": path}


def _worked_output(source: Json, writing: Writing) -> dict[str, Json]:
    """Output of a Task, Parallel or Map."""
    whole = _whole(source, behind_work=True)
    if whole is not None:
        return whole
    merged = _merged(tree(source)) if is_jsonata(source) else None
    if merged is None:
        return {"ResultSelector": template(source, RESULT, writing)}
    if merged.value == Following("states", ("result",)):
        return {"ResultPath": merged.path}
    if isinstance(merged.value, Naming):
        return {"ResultSelector": _named(merged.value, RESULT, writing), "ResultPath": merged.path}
    raise Unwritable("ResultSelector can only build an object, so a part of the result cannot be put alone")


def _pass_output(source: Json, writing: Writing) -> dict[str, Json]:
    """Output of a Pass."""
    if not _has_expression(source) and source != {}:
        return {"Result": source}
    whole = _whole(source, behind_work=False)
    if whole is not None:
        return whole
    merged = _merged(tree(source)) if is_jsonata(source) else None
    if merged is None:
        return {"Parameters": template(source, INPUT, writing)}
    match merged.value:
        case Following() as path:
            return {"InputPath": follow(path, INPUT), "ResultPath": merged.path}
        case Fixed(constant):
            return {"Result": constant, "ResultPath": merged.path}
        case Naming() as made:
            return {"Parameters": _named(made, INPUT, writing), "ResultPath": merged.path}
        case _:
            raise Unwritable("Parameters can only build an object, so a computed value cannot be put alone")


def _plain_output(source: Json, writing: Writing) -> dict[str, Json]:
    """Output of a state that has no work: a path, or nothing."""
    whole = _whole(source, behind_work=False)
    if whole is None:
        raise Unwritable("A state of this type can only select from its input")
    return whole


def _assign(state: Document, made: Document, writing: Writing) -> dict[str, Json]:
    """Variables: what `$` is there depends on the type."""
    kind = state.get("Type")
    shaped = kind == "Pass" and any(name in made for name in ("Parameters", "Result", "InputPath"))
    if shaped and _reads_input(state["Assign"]):
        raise Unwritable("In JSONPath, Assign of a Pass sees what Parameters or Result made, and not the input")
    return {"Assign": template(state["Assign"], RESULT if kind in WORKING else INPUT, writing)}


def _reads_input(source: Json) -> bool:
    return re.search(r"\$states\s*\.\s*input", str(source)) is not None


def _path_field(name: str, source: Json) -> dict[str, Json]:
    return {name + "Path": path_of(source, INPUT)}


def _words(name: str, source: Json, writing: Writing) -> dict[str, Json]:
    """Error or Cause."""
    if not is_jsonata(source):
        return {name: source}
    match tree(source):
        case Fixed(str() as constant):
            return {name: constant}
        case Following() as path:
            return {name + "Path": follow(path, INPUT)}
        case found:
            return {name + "Path": call(found, INPUT, writing)}


def _map(made: dict[str, Json], state: Document, writing: Writing, refusals: Refusals) -> None:
    if "ItemProcessor" in state:
        made["ItemProcessor"] = state["ItemProcessor"]
    if "Items" in state:
        if is_jsonata(state["Items"]):
            _into(made, refusals, "Items", lambda: {"ItemsPath": path_of(state["Items"], INPUT)})
        else:
            refusals.attempt("Items", _no_items)
    if "ItemSelector" in state:
        _into(made, refusals, "ItemSelector",
              lambda: {"ItemSelector": template(state["ItemSelector"], INPUT, writing)})  # fmt: skip
    for name in ("ItemReader", "ItemBatcher", "ResultWriter"):
        if name in state:
            _into(made, refusals, name, partial(_part_field, name, state[name], writing))


def _no_items() -> None:
    raise Unwritable("JSONPath takes the items from its input and has no place for a list of its own")


def _part_field(name: str, source: Json, writing: Writing) -> dict[str, Json]:
    return {name: _part(source, writing)}


def _part(source: Json, writing: Writing) -> Json:
    """ItemReader, ItemBatcher or ResultWriter."""
    if not isinstance(source, dict):
        return source
    made: dict[str, Json] = {}
    for name, inner in source.items():
        if name == "Arguments":
            made["Parameters"] = template(inner, INPUT, writing)
        elif name == "BatchInput":
            made[name] = template(inner, INPUT, writing)
        elif is_jsonata(inner):
            made[name + "Path"] = path_of(inner, INPUT)
        else:
            made[name] = _part(inner, writing)
    return made


def _choices(made: dict[str, Json], state: Document, writing: Writing, refusals: Refusals) -> None:
    choices: list[Json] = []
    for index, source in refusals.entries(state, "Choices"):
        at = f"Choices[{index}]"
        one = refusals.attempt(f"{at}/Condition", partial(rule, source.get("Condition"), writing))
        if one is None:
            continue
        one |= {name: source[name] for name in ("Comment", "Next") if name in source}
        if "Assign" in source:
            assign = refusals.attempt(f"{at}/Assign", partial(template, source["Assign"], INPUT, writing))
            one |= {} if assign is None else {"Assign": assign}
        choices.append(one)
    made["Choices"] = choices
    ways: list[Json] = [source.get("Output") for _, source in Refusals().entries(state, "Choices")]
    if "Default" in state:
        ways.append(state.get("Output"))
    if any(way is not None for way in ways):
        if all(way == ways[0] for way in ways):
            _into(made, refusals, "Output", lambda: _plain_output(ways[0], writing))
        else:
            refusals.attempt("Output", _ways_differ)


def _ways_differ() -> None:
    raise Unwritable("In JSONPath all ways out of a Choice have the same output")


def _catcher(source: Document, index: int, writing: Writing, refusals: Refusals) -> Json:
    made: dict[str, Json] = {name: inner for name, inner in source.items() if name not in ("Output", "Assign")}
    at = f"Catch[{index}]"
    if "Output" in source:
        _into(made, refusals, f"{at}/Output", lambda: _caught(source["Output"]))
    if "Assign" in source:
        _into(made, refusals, f"{at}/Assign", lambda: {"Assign": template(source["Assign"], ERROR, writing)})
    return made


def _caught(source: Json) -> dict[str, Json]:
    found = tree(source) if is_jsonata(source) else None
    if found == Following("states", ("errorOutput",)):
        return {}
    if found == Following("states", ("input",)):
        return {"ResultPath": None}
    merged = None if found is None else _merged(found)
    if merged is None or merged.value != Following("states", ("errorOutput",)):
        raise Unwritable("A catcher in JSONPath can only put the whole error into the input")
    return {"ResultPath": merged.path}
