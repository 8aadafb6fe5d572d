"""Document → Machine: every path, template and expression compiled once, so that a run only calls closures.

Parsing never fails. It keeps every state it can make sense of and returns the rest as problems with places. A field whose
expression cannot be compiled keeps its place as an expression that fails when it is reached, with the compiler's words:
a workflow with one broken corner can be run everywhere else. What is merely not allowed (a field that does not belong
here, an unreachable state) is the business of `validate`.

`${…}` is text that a deployment puts in later (CloudFormation, SAM, Terraform). In a Resource it is left as it is; as a
number it counts as absent, and as 1 in a Wait.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from typing import Any, cast

from engine.errors import runtime
from engine.expressions import InvalidExpression, choices, paths, templates
from engine.model import (
    Catcher,
    Choice,
    Expression,
    Fail,
    Flow,
    ItemBatcher,
    ItemReader,
    Language,
    Machine,
    Map,
    Parallel,
    Pass,
    Resource,
    ResultPath,
    ResultWriter,
    Retrier,
    Rule,
    State,
    Succeed,
    Task,
    Wait,
)
from engine.pointer import under
from engine.problems import Problem
from engine.values import Json

SCHEMA = "SCHEMA_VALIDATION_FAILED"
MAX_NESTING = 50
"""Flows within flows. AWS has a limit too (TOO_DEEPLY_NESTED) and does not publish it."""

_PLACEHOLDER = re.compile(r"\$\{[^}]*\}|%[A-Z][A-Z0-9_]{2,}%|^_tbd_$")
_BARE = re.compile(r"\$\{\s*[A-Za-z_][\w.-]*(?:::[\w.-]+)*\s*\}")
_PATTERN = re.compile(r"\.(sync:2|sync|waitForTaskToken)$")


def parse(document: Json) -> tuple[Machine | None, tuple[Problem, ...]]:
    """The machine in a definition, and what could not be understood. None when there is no state to start with."""
    problems: list[Problem] = []
    if not isinstance(document, dict):
        return None, (Problem(SCHEMA, "/", "Definition must be a valid JSON object"),)
    language: Language = "JSONata" if document.get("QueryLanguage") == "JSONata" else "JSONPath"
    flow = _flow(document, "", language, problems, 0)
    if flow is None:
        return None, tuple(problems)
    machine = Machine(
        flow=flow,
        language=language,
        document=document,
        comment=_text(document.get("Comment")),
        timeout_seconds=_whole(document.get("TimeoutSeconds")),
    )
    return machine, tuple(problems)


def is_placeholder(value: Json) -> bool:
    """Does this text hold something that a deployment replaces: `${…}`, or `%NAME%`, or `_tbd_`?"""
    return isinstance(value, str) and _PLACEHOLDER.search(value) is not None


def is_jsonata(value: Json) -> bool:
    """Exactly `{% … %}`, as `expressions.jsonata` reads it."""
    return isinstance(value, str) and len(value) >= 4 and value.startswith("{%") and value.endswith("%}")


def settled(template: Json) -> Json:
    """A payload template in which paths that hold a `${…}` are taken as texts, because nobody knows them yet."""
    if isinstance(template, dict):
        if any(key.endswith(".$") and is_placeholder(inner) for key, inner in template.items()):
            template = {
                key.removesuffix(".$") if is_placeholder(inner) else key: inner for key, inner in template.items()
            }
        changed = {key: settled(inner) for key, inner in template.items()}
        return changed if any(changed[key] is not inner for key, inner in template.items()) else template
    if isinstance(template, list):
        entries = [settled(inner) for inner in template]
        return entries if any(new is not old for new, old in zip(entries, template, strict=True)) else template
    return template


def settled_jsonata(value: Json) -> Json:
    """A value whose expressions hold `${…}` outside of quotes, made readable by taking each for a text.

    `${name}` is never JSONata: braces behind `$` hold `key: value` there.
    """
    if is_jsonata(value):
        return _BARE.sub(r'"\g<0>"', value) if _BARE.search(value) and not _compiles(value) else value
    if isinstance(value, dict):
        changed = {key: settled_jsonata(inner) for key, inner in value.items()}
        return changed if any(changed[key] is not inner for key, inner in value.items()) else value
    if isinstance(value, list):
        entries = [settled_jsonata(inner) for inner in value]
        return entries if any(new is not old for new, old in zip(entries, value, strict=True)) else value
    return value


def _compiles(expression: str) -> bool:
    from engine.expressions import jsonata

    return not any(code == "INVALID_JSONATA_EXPRESSION" for code, _ in jsonata.check(expression))


def refusal(refused: InvalidExpression, at: str) -> Problem:
    """The problem that a compiler's refusal is."""
    params = {"detail": refused.detail} if refused.detail else {}
    return Problem(refused.code, under(at, refused.at), refused.message, params=params)


def resource(arn: str) -> Resource:
    """A Task's Resource taken apart; a text that is no ARN of Step Functions is taken for a Lambda function."""
    parts = _PLACEHOLDER.sub("_", arn).split(":", 5)
    if len(parts) == 6 and parts[0] == "arn" and parts[2] == "states":
        if parts[5].startswith("activity:"):
            return Resource(arn, "activity")
        if not parts[3] and not parts[4]:
            called = arn.split(":::", 1)[1] if ":::" in arn else parts[5]
            kind, _, action = called.rpartition(":")
            if action == "2" and kind.endswith(".sync"):
                kind, _, action = called[:-2].rpartition(":")
                action += ":2"
            found = _PATTERN.search(action)
            return Resource(arn, "service", kind, action, cast(Any, found.group(1)) if found else "")
    return Resource(arn, "lambda")


@dataclass(frozen=True, slots=True)
class _Place:
    """An object of the document that is being read: where it stands, in which language, and where problems go.

    `within` is the way from the state to this object, as error texts name fields: `Catch[0]/`.
    """

    source: Mapping[str, Json]
    at: str
    language: Language
    problems: list[Problem] = field(repr=False)
    depth: int = 0
    machine_language: Language = "JSONPath"
    within: str = ""

    def inner(self, *steps: str | int) -> _Place:
        """The object found by following `steps`; empty where there is none."""
        value: Json = self.source
        for step in steps:
            value = value[step]
        way = under("", steps)[1:] + "/"
        return replace(
            self,
            source=value if isinstance(value, dict) else {},
            at=under(self.at, steps),
            within=self.within + way,
        )


def _flow(source: Mapping[str, Json], at: str, language: Language, problems: list[Problem], depth: int) -> Flow | None:
    """The `StartAt` and `States` of an object; None when no state of it can be entered."""
    missing = [name for name in ("States", "StartAt") if name not in source]
    if missing:
        problems.append(Problem(SCHEMA, at or "/", f"These fields are required: [{', '.join(missing)}]"))
    if depth > MAX_NESTING:
        problems.append(Problem("TOO_DEEPLY_NESTED", at or "/", "The states are too deeply nested."))
        return None
    found = source.get("States")
    if not isinstance(found, dict):
        if "States" in source:
            problems.append(Problem(SCHEMA, under(at, ["States"]), "Expected value of type [OBJECT]"))
        return None
    states: dict[str, State] = {}
    for name, body in found.items():
        place = under(at, ["States", name])
        if not isinstance(body, dict):
            problems.append(Problem(SCHEMA, place, "Expected value of type [OBJECT]"))
            continue
        state = _state(str(name), _Place(body, place, language, problems, depth, language))
        if state is not None:
            states[str(name)] = state
    start = source.get("StartAt")
    if not isinstance(start, str) or start not in states:
        if "StartAt" in source and not (isinstance(start, str) and start in found):
            problems.append(
                Problem("MISSING_TRANSITION_TARGET", under(at, ["StartAt"]), f"Missing 'Next' target: {start}")
            )
        return None
    return Flow(start, states, at)


def _state(name: str, place: _Place) -> State | None:
    source = place.source
    kind = source.get("Type")
    make = _MAKERS.get(kind) if isinstance(kind, str) else None
    if make is None:
        missing = "Type" not in source
        place.problems.append(
            Problem(SCHEMA, place.at, "These fields are required: [Type]")
            if missing
            else Problem(SCHEMA, under(place.at, ["Type"]), _TYPE_MESSAGE)
        )
        return None
    own = source.get("QueryLanguage")
    if own in ("JSONPath", "JSONata"):
        place = replace(place, language=cast(Language, own))
    return make(place, _common(name, place))


def _common(name: str, place: _Place) -> dict[str, Any]:
    """What states of every type share, each field only where its type and language know it."""
    source = place.source
    kind = source["Type"]
    common: dict[str, Any] = {
        "name": name,
        "at": place.at,
        "language": place.language,
        "comment": _text(source.get("Comment")),
    }
    if kind == "Fail":
        return common
    if kind not in ("Succeed", "Choice"):
        following = source.get("Next")
        common["next"] = following if isinstance(following, str) and source.get("End") is not True else None
    works = kind in ("Task", "Parallel", "Map")
    if place.language == "JSONata":
        common["output"] = _jsonata(place, "Output")
        if kind in ("Task", "Parallel"):
            common["arguments"] = _jsonata(place, "Arguments")
    else:
        common["input_path"] = _path(place, "InputPath", paths.select)
        common["output_path"] = _path(place, "OutputPath", paths.select)
        if works or kind == "Pass":
            common["result_path"] = _result_path(place)
            if kind != "Map":
                common["parameters"] = _template(place, "Parameters")
        if works:
            common["result_selector"] = _template(place, "ResultSelector")
    if kind != "Succeed":
        common["assign"] = _value(place, "Assign")
    if works:
        common["retry"] = tuple(
            _retrier(place.inner("Retry", index)) for index in range(len(_list(place.source, "Retry")))
        )
        common["catch"] = tuple(
            catcher
            for index in range(len(_list(place.source, "Catch")))
            if (catcher := _catcher(place.inner("Catch", index), index)) is not None
        )
    return common


# What each type adds ------------------------------------------------------------------------------------------------


def _task(place: _Place, common: dict[str, Any]) -> State | None:
    arn = place.source.get("Resource")
    if not isinstance(arn, str) or not arn:
        place.problems.append(
            Problem(SCHEMA, under(place.at, ["Resource"]), "Expected value of type [STRING]")
            if "Resource" in place.source
            else Problem(SCHEMA, place.at, "These fields are required: [Resource]")
        )
        return None
    return Task(
        **common,
        resource=resource(arn),
        credentials=_value(place, "Credentials"),
        timeout_seconds=_number(place, "TimeoutSeconds"),
        heartbeat_seconds=_number(place, "HeartbeatSeconds"),
    )


def _pass(place: _Place, common: dict[str, Any]) -> State:
    literal = place.language == "JSONPath" and "Result" in place.source
    return Pass(**common, result=paths.literal(place.source["Result"], "Result") if literal else None)


def _choice(place: _Place, common: dict[str, Any]) -> State:
    rules = [_rule(place.inner("Choices", index), index) for index in range(len(_list(place.source, "Choices")))]
    default = place.source.get("Default")
    return Choice(
        **common,
        rules=tuple(rule for rule in rules if rule is not None),
        default=default if isinstance(default, str) else None,
    )


def _rule(place: _Place, index: int) -> Rule | None:
    source = place.source
    following = source.get("Next")
    if not isinstance(following, str):
        place.problems.append(Problem(SCHEMA, place.at, "These fields are required: [Next]"))
        return None
    if place.language == "JSONata":
        if "Condition" not in source:
            place.problems.append(Problem(SCHEMA, place.at, "These fields are required: [Condition]"))
            return None
        holds = _jsonata(place, "Condition")
        output = _jsonata(place, "Output")
    else:
        holds = _compiled(place, "", source, f"Choices[{index}]", lambda: choices.rule(dict(source)))
        output = None
    assert holds is not None
    return Rule(holds, following, _value(place, "Assign"), output)


def _wait(place: _Place, common: dict[str, Any]) -> State | None:
    source = place.source
    seconds: Expression | None = None
    timestamp: Expression | None = None
    if "Seconds" in source:
        seconds = _number(place, "Seconds") or paths.literal(1, "Seconds")
    elif "Timestamp" in source:
        timestamp = _value_or_text(place, "Timestamp")
    elif place.language == "JSONPath" and "SecondsPath" in source:
        seconds = _path(place, "SecondsPath", lambda text, _field: paths.wait_seconds_path(text))
    elif place.language == "JSONPath" and "TimestampPath" in source:
        timestamp = _path(place, "TimestampPath", lambda text, _field: paths.wait_timestamp_path(text))
    if seconds is None and timestamp is None:
        named = "Seconds, Timestamp" + (", SecondsPath, TimestampPath" if place.language == "JSONPath" else "")
        place.problems.append(Problem(SCHEMA, place.at, f"One of these fields is required: [{named}]"))
        return None
    return Wait(**common, seconds=seconds, timestamp=timestamp)


def _succeed(place: _Place, common: dict[str, Any]) -> State:
    return Succeed(**common)


def _fail(place: _Place, common: dict[str, Any]) -> State:
    return Fail(**common, error=_words(place, "Error"), cause=_words(place, "Cause"))


def _parallel(place: _Place, common: dict[str, Any]) -> State | None:
    branches: list[Flow] = []
    found = _list(place.source, "Branches")
    for index, branch in enumerate(found):
        at = under(place.at, ["Branches", index])
        flow = _inner_flow(branch, at, place)
        if flow is not None:
            branches.append(flow)
    if not found:
        place.problems.append(
            Problem(SCHEMA, under(place.at, ["Branches"]), "Value cannot be empty")
            if place.source.get("Branches") == []
            else Problem(SCHEMA, place.at, "These fields are required: [Branches]")
        )
        return None
    if len(branches) < len(found):
        return None
    return Parallel(**common, branches=tuple(branches))


def _map(place: _Place, common: dict[str, Any]) -> State | None:
    source = place.source
    name = "ItemProcessor" if "ItemProcessor" in source else "Iterator"
    if name not in source:
        place.problems.append(Problem(SCHEMA, place.at, "These fields are required: [ItemProcessor]"))
        return None
    processor = _inner_flow(source[name], under(place.at, [name]), place)
    if processor is None:
        return None
    config = source[name].get("ProcessorConfig")
    config = config if isinstance(config, dict) else {}
    distributed = config.get("Mode") == "DISTRIBUTED"
    selector = "ItemSelector" if "ItemSelector" in source or place.language == "JSONata" else "Parameters"
    items = (
        _jsonata(place, "Items")
        if place.language == "JSONata"
        else _path(place, "ItemsPath", lambda text, _field: paths.items_path(text, objects=distributed))
    )
    label = source.get("Label")
    return Map(
        **common,
        processor=processor,
        distributed=distributed,
        execution_type="EXPRESS" if config.get("ExecutionType") == "EXPRESS" else "STANDARD",
        items=items,
        item_selector=_value(place, selector),
        max_concurrency=_number(place, "MaxConcurrency"),
        label=label if isinstance(label, str) else None,
        item_reader=_item_reader(place),
        item_batcher=_item_batcher(place),
        result_writer=_result_writer(place),
        tolerated_failure_count=_number(place, "ToleratedFailureCount"),
        tolerated_failure_percentage=_number(place, "ToleratedFailurePercentage"),
    )


def _inner_flow(source: Json, at: str, place: _Place) -> Flow | None:
    """A branch or processor. Its states take the machine's language, not that of the state around them."""
    if not isinstance(source, dict):
        place.problems.append(Problem(SCHEMA, at, "Expected value of type [OBJECT]"))
        return None
    return _flow(source, at, place.machine_language, place.problems, place.depth + 1)


def _item_reader(place: _Place) -> ItemReader | None:
    source = place.source.get("ItemReader")
    if not isinstance(source, dict):
        return None
    reader = place.inner("ItemReader")
    config = source.get("ReaderConfig")
    return ItemReader(
        resource=_text(source.get("Resource")) or "",
        parameters=_given(reader),
        config=config if isinstance(config, dict) else {},
        max_items=_number(reader.inner("ReaderConfig"), "MaxItems") if isinstance(config, dict) else None,
    )


def _item_batcher(place: _Place) -> ItemBatcher | None:
    if not isinstance(place.source.get("ItemBatcher"), dict):
        return None
    batcher = place.inner("ItemBatcher")
    return ItemBatcher(
        max_items=_number(batcher, "MaxItemsPerBatch"),
        max_bytes=_number(batcher, "MaxInputBytesPerBatch"),
        batch_input=_value(batcher, "BatchInput"),
    )


def _result_writer(place: _Place) -> ResultWriter | None:
    source = place.source.get("ResultWriter")
    if not isinstance(source, dict):
        return None
    config = source.get("WriterConfig")
    return ResultWriter(
        resource=_text(source.get("Resource")),
        parameters=_given(place.inner("ResultWriter")),
        config=config if isinstance(config, dict) else {},
    )


def _given(place: _Place) -> Expression | None:
    return _jsonata(place, "Arguments") if place.language == "JSONata" else _template(place, "Parameters")


_MAKERS: dict[str, Callable[[_Place, dict[str, Any]], State | None]] = {
    "Task": _task,
    "Wait": _wait,
    "Pass": _pass,
    "Succeed": _succeed,
    "Fail": _fail,
    "Choice": _choice,
    "Parallel": _parallel,
    "Map": _map,
}
_TYPE_MESSAGE = f"The field 'Type' should have one of these values: [{', '.join(_MAKERS)}]"


# Retry and Catch ----------------------------------------------------------------------------------------------------


def _retrier(place: _Place) -> Retrier:
    source = place.source
    standard = Retrier(())
    interval, attempts, rate = (source.get(name) for name in ("IntervalSeconds", "MaxAttempts", "BackoffRate"))
    return Retrier(
        error_equals=_names(source),
        interval_seconds=interval if _is_number(interval) else standard.interval_seconds,
        max_attempts=attempts if isinstance(attempts, int) and _is_number(attempts) else standard.max_attempts,
        backoff_rate=rate if _is_number(rate) else standard.backoff_rate,
        max_delay_seconds=_whole(source.get("MaxDelaySeconds")),
        jitter=source.get("JitterStrategy") == "FULL",
    )


def _catcher(place: _Place, index: int) -> Catcher | None:
    following = place.source.get("Next")
    if not isinstance(following, str):
        place.problems.append(Problem(SCHEMA, place.at, "These fields are required: [Next]"))
        return None
    jsonata_mode = place.language == "JSONata"
    return Catcher(
        error_equals=_names(place.source),
        next=following,
        result_path=None if jsonata_mode else _result_path(place),
        assign=_value(place, "Assign"),
        output=_jsonata(place, "Output") if jsonata_mode else None,
        index=index,
    )


def _names(source: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(name for name in _list(source, "ErrorEquals") if isinstance(name, str))


# Fields -------------------------------------------------------------------------------------------------------------


def _compiled(
    place: _Place, name: str, source: Json, called: str, compile_: Callable[[], Expression]
) -> Expression | None:
    """What `compile_` makes; on refusal a problem, and an expression that fails with the same words when reached."""
    try:
        return compile_()
    except InvalidExpression as refused:
        message = refused.message
        place.problems.append(refusal(refused, under(place.at, [name] if name else [])))

        def fail(_value: Json, _scope: Any) -> Json:
            raise runtime(message)

        return Expression(source, fail, called)


def _template(place: _Place, name: str) -> Expression | None:
    if name not in place.source:
        return None
    source = place.source[name]
    called = place.within + name
    return _compiled(place, name, source, called, lambda: templates.template(settled(source), called))


def _jsonata(place: _Place, name: str) -> Expression | None:
    if name not in place.source:
        return None
    from engine.expressions import jsonata  # here, because most machines have none and it takes its time to load

    source = place.source[name]
    called = place.within + name
    return _compiled(place, name, source, called, lambda: jsonata.value(settled_jsonata(source), called))


def _value(place: _Place, name: str) -> Expression | None:
    """A field that both languages have: a payload template in one, a value with expressions in the other."""
    return _jsonata(place, name) if place.language == "JSONata" else _template(place, name)


def _path(place: _Place, name: str, compile_: Callable[[Any, str], Expression]) -> Expression | None:
    if name not in place.source:
        return None
    source = place.source[name]
    if not isinstance(source, str) and not (source is None and compile_ is paths.select):
        place.problems.append(Problem(SCHEMA, under(place.at, [name]), "Expected value of type [STRING]"))
        return None
    return _compiled(place, name, source, name, lambda: compile_(source, name))


def _result_path(place: _Place) -> ResultPath | None:
    if "ResultPath" not in place.source:
        return None
    source = place.source["ResultPath"]
    at = under(place.at, ["ResultPath"])
    if source is not None and not isinstance(source, str):
        place.problems.append(Problem(SCHEMA, at, "Expected value of type [STRING]"))
        return None
    try:
        return paths.result_path(source)
    except InvalidExpression as refused:
        place.problems.append(refusal(refused, at))
        return ResultPath(source, None)


def _number(place: _Place, name: str) -> Expression | None:
    """A literal number, a path to one (`…Path`), or JSONata that gives one."""
    source = place.source
    if name in source:
        value = source[name]
        if _is_number(value):
            return paths.literal(value, place.within + name)
        if place.language == "JSONata" and is_jsonata(value):
            return _jsonata(place, name)
        if not is_placeholder(value):
            place.problems.append(Problem(SCHEMA, under(place.at, [name]), "Expected value of type [INTEGER]"))
        return None
    if place.language == "JSONPath":
        if name == "ToleratedFailurePercentage":
            return _path(place, name + "Path", lambda text, called: paths.number_path(text, called, "float"))
        return _path(place, name + "Path", paths.number_path)
    return None


def _value_or_text(place: _Place, name: str) -> Expression | None:
    """A literal string, or JSONata that gives one."""
    if name not in place.source:
        return None
    value = place.source[name]
    if not isinstance(value, str):
        place.problems.append(Problem(SCHEMA, under(place.at, [name]), "Expected value of type [STRING]"))
        return None
    if place.language == "JSONata" and is_jsonata(value):
        return _jsonata(place, name)
    return paths.literal(value, place.within + name)


def _words(place: _Place, name: str) -> Expression | None:
    """Error and Cause of a Fail state: literal, path or JSONata."""
    if name in place.source:
        return _value_or_text(place, name)
    if place.language == "JSONPath":
        return _path(place, name + "Path", paths.text_path)
    return None


def _list(source: Mapping[str, Json], name: str) -> list[Json]:
    value = source.get(name)
    return value if isinstance(value, list) else []


def _text(value: Json) -> str | None:
    return value if isinstance(value, str) else None


def _whole(value: Json) -> int | None:
    return value if isinstance(value, int) and not isinstance(value, bool) else None


def _is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)
