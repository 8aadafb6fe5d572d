"""A JSONPath state, said in JSONata.

JSONPath leads the data through stages: InputPath, Parameters, the work, ResultSelector, ResultPath, OutputPath. JSONata has
two, Arguments and Output, so the stages are put together: a path behind a path is one path, a result put into the input is a
`$merge`, and what selects from it afterwards is followed into it. Variables are set side by side in both.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from functools import partial
from typing import Any

from engine.expressions import InvalidExpression
from engine.expressions.paths import result_path
from engine.model import ResultPath
from engine.rewrite_calls import call_text
from engine.rewrite_choices import Rules
from engine.rewrite_values import (
    Built,
    Placed,
    Text,
    Unwritable,
    Value,
    Writing,
    as_field,
    as_text,
    constant,
    drawn,
    expression,
    literal_field,
    path_text,
    path_value,
)
from engine.values import Json

Document = Mapping[str, Json]

RAW, RESULT, ERROR = Text("$states.input"), Text("$states.result"), Text("$states.errorOutput")
WORKING = ("Task", "Parallel", "Map")
KEPT = (
    "Comment", "Resource", "Retry", "Next", "End", "Default", "Branches", "Label", "TimeoutSeconds", "HeartbeatSeconds",
    "Seconds", "Timestamp", "MaxConcurrency", "ToleratedFailureCount", "ToleratedFailurePercentage",
)  # fmt: skip
"""Fields that are the same in both languages."""
NUMBERS = (
    "TimeoutSeconds",
    "HeartbeatSeconds",
    "MaxConcurrency",
    "ToleratedFailureCount",
    "ToleratedFailurePercentage",
)
"""Fields whose `…Path` is an expression of the same name."""


class Refusals:
    """The fields that cannot be said, each with its reason; the others are written all the same."""

    def __init__(self) -> None:
        self.found: list[tuple[str, str]] = []

    def attempt(self, field: str, write: Callable[[], Any]) -> Any:
        """What `write` makes, None where it cannot."""
        try:
            return write()
        except Unwritable as refused:
            self.found.append((field, str(refused)))
        except InvalidExpression as refused:
            self.found.append((field, refused.detail or refused.message))
        return None

    def entries(self, state: Document, name: str) -> Iterator[tuple[int, Document]]:
        """The objects of a list, with their indices; what is none is refused."""
        found = state.get(name, [])
        if not isinstance(found, list):
            self.found.append((name, "It must be a list"))
            return
        for index, entry in enumerate(found):
            if isinstance(entry, dict):
                yield index, entry
            else:
                self.found.append((f"{name}[{index}]", "It must be an object"))


def in_jsonata(state: Document, writing: Writing, refusals: Refusals) -> dict[str, Json]:
    """The state in JSONata. What could not be said is missing and stands in `refusals`."""
    kind = state.get("Type")
    made: dict[str, Json] = {"Type": kind, "QueryLanguage": "JSONata"}
    made |= {name: literal_field(state[name]) if name == "Comment" else state[name] for name in KEPT if name in state}
    given = refusals.attempt("InputPath", lambda: _selected(state, "InputPath", RAW, writing))
    if given is None:
        return made
    if kind in WORKING:
        result: Value = RESULT
    elif kind == "Pass" and "Result" in state:
        result = _literal(state["Result"])
    elif kind == "Pass" and "Parameters" in state:
        result = Built(state["Parameters"], given)
    else:
        result = given
    match kind:
        case "Task" | "Parallel":
            _arguments(made, state, given, writing, refusals)
        case "Wait":
            _waits(made, state, given, writing, refusals)
        case "Fail":
            _fails(made, state, writing, refusals)
            return made
        case "Map":
            _maps(made, state, given, writing, refusals)
        case _:
            pass
    if kind in WORKING or kind == "Wait":
        for name in (*NUMBERS, "Credentials"):
            _number_or_template(made, state, name, given, writing, refusals)
    output = refusals.attempt("Output", lambda: _output(state, result, writing))
    usual = RESULT if kind in WORKING else RAW
    told = refusals.attempt("Output", lambda: as_field(output, writing)) if output not in (None, usual) else None
    if kind == "Choice":
        _choices(made, state, given, told, output not in (None, usual), writing, refusals)
    elif "Assign" in state and kind != "Succeed":
        if isinstance(result, Built) and drawn(result.source):
            writing.note("What is drawn for the output is drawn anew for the variables.")
        _put(made, "Assign", refusals, lambda: as_field(Built(state["Assign"], result), writing))
    if output not in (None, usual):
        made["Output"] = told
    if "Catch" in state and kind in WORKING:
        made["Catch"] = [
            _catcher(catcher, index, writing, refusals) for index, catcher in refusals.entries(state, "Catch")
        ]
    return made


def _put(made: dict[str, Json], name: str, refusals: Refusals, write: Callable[[], Json]) -> None:
    before = len(refusals.found)
    value = refusals.attempt(name, write)
    if len(refusals.found) == before:
        made[name] = value


def _literal(source: Json) -> Value:
    """A Result. One in which a name ends in `.$` is written as one expression, where such a name is a name."""
    return constant(source) if _looks_dynamic(source) else Built(source, RAW)


def _looks_dynamic(source: Json) -> bool:
    if isinstance(source, dict):
        return any(key.endswith(".$") or _looks_dynamic(inner) for key, inner in source.items())
    return isinstance(source, list) and any(map(_looks_dynamic, source))


def _selected(state: Document, name: str, of: Value, writing: Writing) -> Value:
    """What InputPath or OutputPath selects."""
    if name not in state:
        return of
    written = state[name]
    if written is None:
        return Built({}, RAW)
    if written == "$":
        return of
    return path_value(str(written), of, writing)


def _output(state: Document, result: Value, writing: Writing) -> Value:
    """ResultSelector, ResultPath and OutputPath together."""
    kind, value = state.get("Type"), result
    if "ResultSelector" in state and kind in WORKING:
        value = Built(state["ResultSelector"], RESULT)
    if "ResultPath" in state and kind in (*WORKING, "Pass"):
        where = _where(state["ResultPath"])
        value = RAW if where.steps is None else value if not where.steps else Placed(RAW, where.steps, value)
        if where.steps and any(isinstance(step, int) for step in where.steps):
            writing.note(f"{where.source} replaces an item that is there; where it is not, the JSONPath state fails.")
    return _selected(state, "OutputPath", value, writing)


def _where(written: Json) -> ResultPath:
    if written is not None and not isinstance(written, str):
        raise Unwritable("ResultPath must be a path")
    return result_path(written)


def _arguments(made: dict[str, Json], state: Document, given: Value, writing: Writing, refusals: Refusals) -> None:
    if "Parameters" in state:
        _put(made, "Arguments", refusals, lambda: as_field(Built(state["Parameters"], given), writing))
    elif given != RAW:
        _put(made, "Arguments", refusals, lambda: as_field(given, writing))


def _number_or_template(
    made: dict[str, Json], state: Document, name: str, given: Value, writing: Writing, refusals: Refusals
) -> None:
    if name + "Path" in state:
        path = str(state[name + "Path"])
        _put(made, name, refusals, partial(_read, path, given, writing))
    elif name == "Credentials" and name in state:
        _put(made, name, refusals, lambda: as_field(Built(state[name], given), writing))


def _waits(made: dict[str, Json], state: Document, given: Value, writing: Writing, refusals: Refusals) -> None:
    if "SecondsPath" in state:
        path = str(state["SecondsPath"])
        _put(made, "Seconds", refusals, lambda: f"{{% $number({path_text(path, given, writing).text}) %}}")
    if "TimestampPath" in state:
        stamp = str(state["TimestampPath"])
        _put(made, "Timestamp", refusals, partial(_read, stamp, given, writing))


def _read(written: str, of: Value, writing: Writing) -> Json:
    """A path or a call as a field."""
    return expression((path_text if written.startswith("$") else call_text)(written, of, writing))


def _fails(made: dict[str, Json], state: Document, writing: Writing, refusals: Refusals) -> None:
    for name in ("Error", "Cause"):
        if name in state:
            made[name] = literal_field(state[name])
        elif name + "Path" in state:
            written = str(state[name + "Path"])
            _put(made, name, refusals, partial(_read, written, RAW, writing))


def _maps(made: dict[str, Json], state: Document, given: Value, writing: Writing, refusals: Refusals) -> None:
    processor = state.get("ItemProcessor", state.get("Iterator"))
    if processor is not None:
        made["ItemProcessor"] = processor
    if "ItemReader" in state:
        made["ItemReader"] = _part(state["ItemReader"], given, writing, refusals, "ItemReader")
    elif "ItemsPath" in state:
        items = str(state["ItemsPath"])
        _put(made, "Items", refusals, partial(_read, items, given, writing))
    elif given != RAW:
        _put(made, "Items", refusals, lambda: expression(as_text(given, writing)))
    selector = state.get("ItemSelector", state.get("Parameters"))
    if selector is not None:
        _put(made, "ItemSelector", refusals, lambda: as_field(Built(selector, given), writing))
    for name in ("ItemBatcher", "ResultWriter"):
        if name in state:
            made[name] = _part(state[name], given, writing, refusals, name)


_TEMPLATES = {"Parameters": "Arguments", "BatchInput": "BatchInput"}


def _part(source: Json, given: Value, writing: Writing, refusals: Refusals, at: str) -> Json:
    """ItemReader, ItemBatcher or ResultWriter: templates become values, `…Path` an expression."""
    if not isinstance(source, dict):
        return source
    made: dict[str, Json] = {}
    for name, inner in source.items():
        if name in _TEMPLATES:
            made[_TEMPLATES[name]] = refusals.attempt(f"{at}/{name}", partial(as_field, Built(inner, given), writing))
        elif name.endswith("Path") and isinstance(inner, str):
            made[name.removesuffix("Path")] = refusals.attempt(f"{at}/{name}", partial(_read, inner, given, writing))
        elif name in ("ReaderConfig", "WriterConfig"):
            made[name] = _part(inner, given, writing, refusals, f"{at}/{name}")
        else:
            made[name] = inner
    return made


def _choices(
    made: dict[str, Json],
    state: Document,
    given: Value,
    output: Json,
    has_output: bool,
    writing: Writing,
    refusals: Refusals,
) -> None:
    """Every rule carries the output, because a rule that holds has its own."""
    rules = Rules(given, writing)
    choices: list[Json] = []
    for index, rule in refusals.entries(state, "Choices"):
        condition = refusals.attempt(f"Choices[{index}]", partial(rules.condition, rule))
        if condition is None:
            continue
        one: dict[str, Json] = {"Condition": expression(condition), "Next": rule.get("Next")}
        if "Comment" in rule:
            one["Comment"] = rule["Comment"]
        if "Assign" in rule:
            _put(one, "Assign", refusals, partial(as_field, Built(rule["Assign"], given), writing))
        if has_output:
            one["Output"] = output
        choices.append(one)
    made["Choices"] = choices
    if "Assign" in state:
        _put(made, "Assign", refusals, lambda: as_field(Built(state["Assign"], given), writing))


def _catcher(catcher: Document, index: int, writing: Writing, refusals: Refusals) -> Json:
    made: dict[str, Json] = {name: inner for name, inner in catcher.items() if name not in ("ResultPath", "Assign")}
    at = f"Catch[{index}]"
    if "ResultPath" in catcher:
        where = refusals.attempt(f"{at}/ResultPath", lambda: _where(catcher["ResultPath"]))
        if where is not None and where.steps != ():
            value: Value = RAW if where.steps is None else Placed(RAW, where.steps, ERROR)
            made["Output"] = expression(as_text(value, writing))
    if "Assign" in catcher:
        made["Assign"] = refusals.attempt(f"{at}/Assign", lambda: as_field(Built(catcher["Assign"], ERROR), writing))
    return made
