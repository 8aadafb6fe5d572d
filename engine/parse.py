"""Document → Machine: every path, template and expression compiled once, so that a run only calls closures.

Parsing never fails. It keeps every state it can make sense of and returns the rest as problems with places. A field whose
expression cannot be compiled keeps its place as an expression that fails when it is reached, with the compiler's words:
a workflow with one broken corner can be run everywhere else. What is merely not allowed (a field that does not belong
here, an unreachable state) is the business of `validate`.

`${…}` is text that a deployment puts in later (CloudFormation, SAM, Terraform). In a Resource it is left as it is; as a
number it counts as absent, and as 1 in a Wait.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import replace
from typing import Any, cast

from engine.compiling import (
    Place,
    compiled,
    entries,
    expression,
    is_number,
    number,
    path,
    result_path,
    template,
    text_of,
    value_of,
    value_or_text,
    whole,
    words,
)
from engine.expressions import choices, paths
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
    ResultWriter,
    Retrier,
    Rule,
    State,
    Succeed,
    Task,
    Wait,
)
from engine.outline import DEEPEST, machine_language, too_deep
from engine.pointer import under
from engine.problems import SCHEMA, Problem
from engine.resources import resource
from engine.values import Json

NESTED = "The states are too deeply nested"


def parse(document: Json) -> tuple[Machine | None, tuple[Problem, ...]]:
    """The machine in a definition, and what could not be understood. None when there is no state to start with."""
    problems: list[Problem] = []
    if not isinstance(document, dict):
        return None, (Problem(SCHEMA, "/", "Definition must be a valid JSON object"),)
    if too_deep(document):
        return None, (Problem("TOO_DEEPLY_NESTED", "/", NESTED),)
    language = machine_language(document)
    flow = _flow(document, "", language, problems, 0)
    if flow is None:
        return None, tuple(problems)
    machine = Machine(
        flow=flow,
        language=language,
        document=document,
        comment=text_of(document.get("Comment")),
        timeout_seconds=whole(document.get("TimeoutSeconds")),
    )
    return machine, tuple(problems)


def _flow(source: Mapping[str, Json], at: str, language: Language, problems: list[Problem], depth: int) -> Flow | None:
    """The `StartAt` and `States` of an object; None when no state of it can be entered."""
    missing = [name for name in ("States", "StartAt") if name not in source]
    if missing:
        problems.append(Problem(SCHEMA, at or "/", f"These fields are required: [{', '.join(missing)}]"))
    if depth > DEEPEST:
        problems.append(Problem("TOO_DEEPLY_NESTED", at or "/", NESTED))
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
        state = _state(str(name), Place(body, place, language, problems, depth, language))
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


def _state(name: str, place: Place) -> State | None:
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


def _common(name: str, place: Place) -> dict[str, Any]:
    """What states of every type share, each field only where its type and language know it."""
    source = place.source
    kind = source["Type"]
    common: dict[str, Any] = {
        "name": name,
        "at": place.at,
        "language": place.language,
        "comment": text_of(source.get("Comment")),
    }
    if kind == "Fail":
        return common
    if kind not in ("Succeed", "Choice"):
        following = source.get("Next")
        common["next"] = following if isinstance(following, str) and source.get("End") is not True else None
    works = kind in ("Task", "Parallel", "Map")
    if place.language == "JSONata":
        common["output"] = expression(place, "Output")
        if kind in ("Task", "Parallel"):
            common["arguments"] = expression(place, "Arguments")
    else:
        common["input_path"] = path(place, "InputPath", paths.select)
        common["output_path"] = path(place, "OutputPath", paths.select)
        if works or kind == "Pass":
            common["result_path"] = result_path(place)
            if kind != "Map":
                common["parameters"] = template(place, "Parameters")
        if works:
            common["result_selector"] = template(place, "ResultSelector")
    if kind != "Succeed":
        common["assign"] = _assign(place)
    if works:
        common["retry"] = tuple(
            _retrier(place.inner("Retry", index)) for index in range(len(entries(place.source, "Retry")))
        )
        common["catch"] = tuple(
            catcher
            for index in range(len(entries(place.source, "Catch")))
            if (catcher := _catcher(place.inner("Catch", index), index)) is not None
        )
    return common


# What each type adds ------------------------------------------------------------------------------------------------


def _assign(place: Place) -> Expression | None:
    """Assign names variables: anything but an object is left to the validator and assigns nothing."""
    return value_of(place, "Assign") if isinstance(place.source.get("Assign"), dict) else None


def _task(place: Place, common: dict[str, Any]) -> State | None:
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
        credentials=value_of(place, "Credentials"),
        timeout_seconds=number(place, "TimeoutSeconds"),
        heartbeat_seconds=number(place, "HeartbeatSeconds"),
    )


def _pass(place: Place, common: dict[str, Any]) -> State:
    literal = place.language == "JSONPath" and "Result" in place.source
    return Pass(**common, result=paths.literal(place.source["Result"], "Result") if literal else None)


def _choice(place: Place, common: dict[str, Any]) -> State:
    rules = [_rule(place.inner("Choices", index), index) for index in range(len(entries(place.source, "Choices")))]
    default = place.source.get("Default")
    return Choice(
        **common,
        rules=tuple(rule for rule in rules if rule is not None),
        default=default if isinstance(default, str) else None,
    )


def _rule(place: Place, index: int) -> Rule | None:
    source = place.source
    following = source.get("Next")
    if not isinstance(following, str):
        place.problems.append(Problem(SCHEMA, place.at, "These fields are required: [Next]"))
        return None
    if place.language == "JSONata":
        if "Condition" not in source:
            place.problems.append(Problem(SCHEMA, place.at, "These fields are required: [Condition]"))
            return None
        holds = expression(place, "Condition")
        output = expression(place, "Output")
    else:
        holds = compiled(place, "", source, f"Choices[{index}]", lambda: choices.rule(dict(source)))
        output = None
    assert holds is not None
    return Rule(holds, following, _assign(place), output)


def _wait(place: Place, common: dict[str, Any]) -> State | None:
    source = place.source
    seconds: Expression | None = None
    timestamp: Expression | None = None
    if "Seconds" in source:
        seconds = number(place, "Seconds") or paths.literal(1, "Seconds")
    elif "Timestamp" in source:
        timestamp = value_or_text(place, "Timestamp")
    elif place.language == "JSONPath" and "SecondsPath" in source:
        seconds = path(place, "SecondsPath", lambda text, _field: paths.wait_seconds_path(text))
    elif place.language == "JSONPath" and "TimestampPath" in source:
        timestamp = path(place, "TimestampPath", lambda text, _field: paths.wait_timestamp_path(text))
    if seconds is None and timestamp is None:
        named = "Seconds, Timestamp" + (", SecondsPath, TimestampPath" if place.language == "JSONPath" else "")
        place.problems.append(Problem(SCHEMA, place.at, f"One of these fields is required: [{named}]"))
        return None
    return Wait(**common, seconds=seconds, timestamp=timestamp)


def _succeed(place: Place, common: dict[str, Any]) -> State:
    return Succeed(**common)


def _fail(place: Place, common: dict[str, Any]) -> State:
    return Fail(**common, error=words(place, "Error"), cause=words(place, "Cause"))


def _parallel(place: Place, common: dict[str, Any]) -> State | None:
    branches: list[Flow] = []
    found = entries(place.source, "Branches")
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


def _map(place: Place, common: dict[str, Any]) -> State | None:
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
        expression(place, "Items", ("array", "object") if distributed else ("array",))
        if place.language == "JSONata"
        else path(place, "ItemsPath", lambda text, _field: paths.items_path(text, objects=distributed))
    )
    label = source.get("Label")
    return Map(
        **common,
        processor=processor,
        distributed=distributed,
        execution_type="EXPRESS" if config.get("ExecutionType") == "EXPRESS" else "STANDARD",
        items=items,
        item_selector=value_of(place, selector),
        max_concurrency=number(place, "MaxConcurrency"),
        label=label if isinstance(label, str) else None,
        item_reader=_item_reader(place),
        item_batcher=_item_batcher(place),
        result_writer=_result_writer(place),
        tolerated_failure_count=number(place, "ToleratedFailureCount"),
        tolerated_failure_percentage=number(place, "ToleratedFailurePercentage"),
    )


def _inner_flow(source: Json, at: str, place: Place) -> Flow | None:
    """A branch or processor. Its states take the machine's language, not that of the state around them."""
    if not isinstance(source, dict):
        place.problems.append(Problem(SCHEMA, at, "Expected value of type [OBJECT]"))
        return None
    return _flow(source, at, place.machine_language, place.problems, place.depth + 1)


def _item_reader(place: Place) -> ItemReader | None:
    source = place.source.get("ItemReader")
    if not isinstance(source, dict):
        return None
    reader = place.inner("ItemReader")
    config = source.get("ReaderConfig")
    return ItemReader(
        resource=text_of(source.get("Resource")) or "",
        parameters=_given(reader),
        config=config if isinstance(config, dict) else {},
        max_items=number(reader.inner("ReaderConfig"), "MaxItems") if isinstance(config, dict) else None,
    )


def _item_batcher(place: Place) -> ItemBatcher | None:
    if not isinstance(place.source.get("ItemBatcher"), dict):
        return None
    batcher = place.inner("ItemBatcher")
    return ItemBatcher(
        max_items=number(batcher, "MaxItemsPerBatch"),
        max_bytes=number(batcher, "MaxInputBytesPerBatch"),
        batch_input=value_of(batcher, "BatchInput"),
    )


def _result_writer(place: Place) -> ResultWriter | None:
    source = place.source.get("ResultWriter")
    if not isinstance(source, dict):
        return None
    config = source.get("WriterConfig")
    return ResultWriter(
        resource=text_of(source.get("Resource")),
        parameters=_given(place.inner("ResultWriter")),
        config=config if isinstance(config, dict) else {},
    )


def _given(place: Place) -> Expression | None:
    return expression(place, "Arguments") if place.language == "JSONata" else template(place, "Parameters")


_MAKERS: dict[str, Callable[[Place, dict[str, Any]], State | None]] = {
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


def _retrier(place: Place) -> Retrier:
    source = place.source
    standard = Retrier(())
    interval, rate = source.get("IntervalSeconds"), source.get("BackoffRate")
    attempts = whole(source.get("MaxAttempts"))
    return Retrier(
        error_equals=_names(source),
        interval_seconds=interval if is_number(interval) else standard.interval_seconds,
        max_attempts=standard.max_attempts if attempts is None else attempts,
        backoff_rate=rate if is_number(rate) else standard.backoff_rate,
        max_delay_seconds=whole(source.get("MaxDelaySeconds")),
        jitter=source.get("JitterStrategy") == "FULL",
    )


def _catcher(place: Place, index: int) -> Catcher | None:
    following = place.source.get("Next")
    if not isinstance(following, str):
        place.problems.append(Problem(SCHEMA, place.at, "These fields are required: [Next]"))
        return None
    jsonata_mode = place.language == "JSONata"
    return Catcher(
        error_equals=_names(place.source),
        next=following,
        result_path=None if jsonata_mode else result_path(place),
        assign=_assign(place),
        output=expression(place, "Output") if jsonata_mode else None,
        index=index,
    )


def _names(source: Mapping[str, Json]) -> tuple[str, ...]:
    return tuple(name for name in entries(source, "ErrorEquals") if isinstance(name, str))
