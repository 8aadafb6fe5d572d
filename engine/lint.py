"""Rules of our own, beyond what the service checks: what is likely to surprise whoever runs the definition.

Each rule is a generator over the whole definition, listed in `RULES`; its sentences, help and fixes are in the catalogue of
`problems`. A rule speaks only when it is sure enough to be worth reading, and none of them is an error.
"""

from __future__ import annotations

import difflib
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from typing import Any

from engine import oversights
from engine.expressions import InvalidExpression, roots
from engine.expressions.jsonpath import InvalidPath, compile_path
from engine.fields import fields_of
from engine.loops import loop_problems
from engine.outline import Spot, machine_language, spots
from engine.parse import is_jsonata, is_placeholder, resource
from engine.pointer import under
from engine.problems import Problem, problem
from engine.references import assigned_by, read_by
from engine.values import Json

EXPRESS_SECONDS = 300
_LAMBDA_ERRORS = ("Lambda.ServiceException", "Lambda.AWSLambdaException", "Lambda.SdkClientException")
_ANSWER_ALL = ("States.ALL", "States.TaskFailed", "Lambda.Unknown")
_UNCATCHABLE = ("States.Runtime", "States.ReferencePathConflict")
_OWN_ERRORS = (
    "States.ALL",
    "States.BranchFailed",
    "States.DataLimitExceeded",
    "States.ExceedToleratedFailureThreshold",
    "States.HeartbeatTimeout",
    "States.IntrinsicFailure",
    "States.ItemReaderFailed",
    "States.NoChoiceMatched",
    "States.ParameterPathFailure",
    "States.Permissions",
    "States.QueryEvaluationError",
    "States.ReferencePathConflict",
    "States.ResultPathMatchFailure",
    "States.ResultWriterFailed",
    "States.Runtime",
    "States.TaskFailed",
    "States.Timeout",
)
_EXPRESSION_INSIDE = re.compile(r"\{%.*%\}", re.DOTALL)


@dataclass(frozen=True)
class View:
    """A definition as the rules look at it: its states once listed, and what the service had against it."""

    document: Mapping[str, Json]
    found: tuple[Problem, ...]
    workflow_type: str

    @cached_property
    def spots(self) -> tuple[Spot, ...]:
        return tuple(spots(self.document))

    @cached_property
    def assigned(self) -> set[str]:
        return {name for spot in self.spots for name in assigned_by(spot)}


Rule = Callable[[View], Iterator[Problem]]


def lint(document: Mapping[str, Json], found: tuple[Problem, ...], workflow_type: str) -> Iterator[Problem]:
    """What our rules say about a definition. `found` is what the service reports about it."""
    view = View(document, found, workflow_type)
    for rule in RULES:
        yield from rule(view)


# Names that are nearly right ----------------------------------------------------------------------------------------


def _nearest(name: str, names: Any) -> str | None:
    folded = {str(known).casefold(): str(known) for known in names}
    if name.casefold() in folded:
        return folded[name.casefold()]
    close = difflib.get_close_matches(name.casefold(), list(folded), 1, 0.7)
    return folded[close[0]] if close else None


def misspelt_target(view: View) -> Iterator[Problem]:
    for wrong in view.found:
        if wrong.code == "MISSING_TRANSITION_TARGET" and "target" in wrong.params:
            nearest = _nearest(wrong.params["target"], wrong.params["names"])
            if nearest:
                yield problem("misspelt-target", wrong.at, name=wrong.params["target"], nearest=nearest)


def misspelt_field(view: View) -> Iterator[Problem]:
    for wrong in view.found:
        if "field" in wrong.params and "part" in wrong.params:
            name, known = wrong.params["field"], fields_of(wrong.params["part"])
            if name.endswith(".$") and name[:-2] in known:
                yield problem("field-with-dollar", wrong.at, name=name, nearest=name[:-2])
            else:
                nearest = _nearest(name, known)
                if nearest:
                    yield problem("misspelt-field", wrong.at, name=name, nearest=nearest)


def misspelt_error(view: View) -> Iterator[Problem]:
    for at, name in _error_names(view):
        if name.startswith("States.") and name not in _OWN_ERRORS and not name.startswith("States.Http."):
            nearest = _nearest(name, _OWN_ERRORS)
            if nearest:
                yield problem("misspelt-error", at, name=name, nearest=nearest)


# Tasks --------------------------------------------------------------------------------------------------------------


def _tasks(view: View) -> Iterator[tuple[Spot, str]]:
    for spot in view.spots:
        arn = spot.source.get("Resource")
        if spot.type == "Task" and isinstance(arn, str):
            yield spot, arn


def callback_without_timeout(view: View) -> Iterator[Problem]:
    limits = ("TimeoutSeconds", "TimeoutSecondsPath", "HeartbeatSeconds", "HeartbeatSecondsPath")
    for spot, arn in _tasks(view):
        called = resource(arn)
        waits = called.how == "activity" or called.pattern == "waitForTaskToken"
        if waits and not any(name in spot.source for name in limits):
            what = "an activity" if called.how == "activity" else "a callback"
            yield problem("callback-without-timeout", spot.at, what=what)


def callback_without_token(view: View) -> Iterator[Problem]:
    for spot, arn in _tasks(view):
        if resource(arn).pattern != "waitForTaskToken":
            continue
        jsonata = spot.language == "JSONata"
        given = spot.source.get("Arguments" if jsonata else "Parameters")
        texts = [text for _, text in _texts(given, "")] if given is not None else []
        if not any("Task.Token" in text or text in ("$$", "$$.Task", "$states.context") for text in texts):
            path = "$states.context.Task.Token" if jsonata else "$$.Task.Token"
            if not any("$states.context" in text and "Task" not in text for text in texts):
                yield problem("callback-without-token", spot.at, path=path)


def lambda_without_retry(view: View) -> Iterator[Problem]:
    for spot, arn in _tasks(view):
        called = resource(arn)
        if ":lambda:" not in arn and called.resource_type != "lambda":
            continue
        named = {
            name for entry in _entries(spot, "Retry") for name in _list(entry, "ErrorEquals") if isinstance(name, str)
        }
        if not named.intersection(_LAMBDA_ERRORS) and not named.intersection(_ANSWER_ALL):
            yield problem("lambda-without-retry", spot.at)


def heartbeat_too_long(view: View) -> Iterator[Problem]:
    for spot, _ in _tasks(view):
        heartbeat, timeout = spot.source.get("HeartbeatSeconds"), spot.source.get("TimeoutSeconds")
        if _is_number(heartbeat) and _is_number(timeout) and heartbeat >= timeout:
            yield problem(
                "heartbeat-too-long", under(spot.at, ["HeartbeatSeconds"]), heartbeat=heartbeat, timeout=timeout
            )


def express_too_long(view: View) -> Iterator[Problem]:
    if view.workflow_type != "EXPRESS":
        return
    for spot in view.spots:
        for name in ("Seconds",) if spot.type == "Wait" else ():
            seconds = spot.source.get(name)
            if _is_number(seconds) and seconds >= EXPRESS_SECONDS:
                yield problem("express-too-long", under(spot.at, [name]), seconds=seconds)


# Retry and Catch ----------------------------------------------------------------------------------------------------


def _error_names(view: View) -> Iterator[tuple[str, str]]:
    for spot in view.spots:
        for field in ("Retry", "Catch"):
            for index, entry in enumerate(_entries(spot, field)):
                for place, name in enumerate(_list(entry, "ErrorEquals")):
                    if isinstance(name, str):
                        yield under(spot.at, [field, index, "ErrorEquals", place]), name


def uncatchable_error(view: View) -> Iterator[Problem]:
    for at, name in _error_names(view):
        if name in _UNCATCHABLE:
            yield problem("uncatchable-error", at, name=name)


def error_answered_before(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for field in ("Retry", "Catch"):
            answered: set[str] = set()
            for index, entry in enumerate(_entries(spot, field)):
                names = [name for name in _list(entry, "ErrorEquals") if isinstance(name, str)]
                for place, name in enumerate(names):
                    if name in answered:
                        yield problem(
                            "error-answered-before", under(spot.at, [field, index, "ErrorEquals", place]), name=name
                        )
                answered.update(names)


def empty_error_list(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for field in ("Retry", "Catch"):
            for index, entry in enumerate(_entries(spot, field)):
                if entry.get("ErrorEquals") == []:
                    yield problem("empty-error-list", under(spot.at, [field, index, "ErrorEquals"]))


# Choice, Pass, Map --------------------------------------------------------------------------------------------------


def choice_without_default(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Choice" and "Default" not in spot.source:
            rules = list(_entries(spot, "Choices"))
            if not any(rule.get("Condition") is True for rule in rules) and not _exhaustive(rules):
                yield problem("choice-without-default", spot.at)


def _exhaustive(rules: list[Mapping[str, Json]]) -> bool:
    """Two rules that test one variable for true and for false leave nothing out; so do IsPresent true and false."""
    for operator in ("BooleanEquals", "IsPresent", "IsNull"):
        tested: dict[Any, set[bool]] = {}
        for rule in rules:
            if isinstance(rule.get(operator), bool) and isinstance(rule.get("Variable"), str):
                tested.setdefault(rule["Variable"], set()).add(rule[operator])
        if any(len(values) == 2 for values in tested.values()):
            return True
    return False


def idle_pass(view: View) -> Iterator[Problem]:
    changing = ("Result", "Parameters", "Output", "Assign", "InputPath", "OutputPath", "ResultPath")
    for spot in view.spots:
        if spot.type == "Pass" and not any(name in spot.source for name in changing):
            yield problem("idle-pass", spot.at)


def parameters_ignored(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Pass" and "Result" in spot.source and "Parameters" in spot.source:
            yield problem("parameters-ignored", under(spot.at, ["Parameters"]))


def older_field(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for name, field in fields_of(spot.type).items():
            if field.deprecated and name in spot.source:
                yield problem("older-field", under(spot.at, [name]), name=name, newer=field.deprecated)


def items_path_ignored(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Map" and "ItemReader" in spot.source and "ItemsPath" in spot.source:
            yield problem("items-path-ignored", under(spot.at, ["ItemsPath"]))


def tolerance_ignored(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.type == "Map" and not _distributed(spot):
            for name in spot.source:
                if name.startswith("ToleratedFailure") and name in fields_of("Map"):
                    yield problem("tolerance-ignored", under(spot.at, [name]), name=name)


def _distributed(spot: Spot) -> bool:
    processor = spot.source.get("ItemProcessor", spot.source.get("Iterator"))
    config = processor.get("ProcessorConfig") if isinstance(processor, dict) else None
    return isinstance(config, dict) and config.get("Mode") == "DISTRIBUTED"


# Variables ----------------------------------------------------------------------------------------------------------


def unset_variable(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for name in sorted(set(read_by(spot, view.assigned)) - view.assigned):
            yield problem("unset-variable", spot.at, name=name)


def unused_variable(view: View) -> Iterator[Problem]:
    read = {name for spot in view.spots for name in read_by(spot, view.assigned)}
    for spot in view.spots:
        for name in dict.fromkeys(assigned_by(spot)):
            if name not in read:
                yield problem("unused-variable", spot.at, name=name)


def outer_variable(view: View) -> Iterator[Problem]:
    inside: dict[str, set[str]] = {}
    for spot in view.spots:
        child = _child_of(spot)
        if child is not None:
            inside.setdefault(child.at, set()).update(assigned_by(spot))
    for spot in view.spots:
        child = _child_of(spot)
        if child is not None:
            for name in sorted(set(read_by(spot, view.assigned)) & view.assigned - inside[child.at]):
                yield problem("outer-variable", spot.at, name=name)


def _child_of(spot: Spot) -> Spot | None:
    """The distributed Map in whose child executions a state runs."""
    owner = spot.block.owner
    while owner is not None:
        if owner.type == "Map" and _distributed(owner):
            return owner
        owner = owner.block.owner
    return None


# Texts that look like something else --------------------------------------------------------------------------------

_LITERAL_FIELDS = ("Comment", "Result", "Type", "Next", "Default", "Resource", "QueryLanguage", "Label")


def _own_texts(spot: Spot) -> Iterator[tuple[str, str]]:
    """Place and text of every string in a state's own fields, those that are literal left out."""
    for name, value in spot.source.items():
        if name not in _LITERAL_FIELDS and name not in ("Branches", "ItemProcessor", "Iterator"):
            yield from _texts(value, under(spot.at, [name]))


def _texts(value: Json, at: str) -> Iterator[tuple[str, str]]:
    if isinstance(value, str):
        yield at, value
    elif isinstance(value, dict):
        for key, inner in value.items():
            if key != "Comment":
                yield from _texts(inner, under(at, [key]))
    elif isinstance(value, list):
        for index, inner in enumerate(value):
            yield from _texts(inner, f"{at}[{index}]")


def partial_expression(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONata":
            for at, text in _own_texts(spot):
                begun = text.lstrip().startswith("{%") or text.rstrip().endswith("%}")
                if not is_jsonata(text) and (begun or _EXPRESSION_INSIDE.search(text)):
                    yield problem("partial-expression", at)


def expression_in_jsonpath(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONPath":
            for at, text in _own_texts(spot):
                if is_jsonata(text):
                    yield problem("expression-in-jsonpath", at)


def path_in_jsonata(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONata":
            for at, text in _own_texts(spot):
                if oversights.looks_like_path(text):
                    yield problem("path-in-jsonata", at)


def unquoted_word(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        if spot.language == "JSONPath":
            for at, text in _own_texts(spot):
                if text.startswith("$") and "[?" in text and _needs_leniency(text):
                    yield problem("unquoted-word", at, path=text)


def _needs_leniency(path: str) -> bool:
    try:
        return compile_path(roots.split(path)[2], lenient=True).lenient
    except (InvalidPath, InvalidExpression):
        return False


def open_value(view: View) -> Iterator[Problem]:
    for spot in view.spots:
        for name, field in fields_of(spot.type).items():
            if field.kind.startswith(("whole", "number")) and is_placeholder(spot.source.get(name)):
                counts = "1" if name == "Seconds" else "absent"
                yield problem("open-value", under(spot.at, [name]), name=spot.source[name], counts=counts)


def endless_loops(view: View) -> Iterator[Problem]:
    yield from loop_problems(view.document, view.workflow_type, machine_language(view.document))


def _entries(spot: Spot, field: str) -> list[Mapping[str, Json]]:
    return [entry if isinstance(entry, dict) else {} for entry in _list(spot.source, field)]


def _list(source: Mapping[str, Json], name: str) -> list[Json]:
    value = source.get(name)
    return value if isinstance(value, list) else []


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


RULES: tuple[Rule, ...] = (
    misspelt_target,
    misspelt_field,
    misspelt_error,
    choice_without_default,
    endless_loops,
    callback_without_timeout,
    callback_without_token,
    lambda_without_retry,
    heartbeat_too_long,
    express_too_long,
    uncatchable_error,
    error_answered_before,
    empty_error_list,
    unset_variable,
    outer_variable,
    unused_variable,
    partial_expression,
    expression_in_jsonpath,
    path_in_jsonata,
    unquoted_word,
    parameters_ignored,
    items_path_ignored,
    tolerance_ignored,
    older_field,
    idle_pass,
    open_value,
)
"""Every rule of ours. To add one: a generator, a row here, its codes in the catalogue, and cases."""
