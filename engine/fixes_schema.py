"""Quick fixes for what the table of fields complains of: what is missing, too much, or of another kind.

The service says all of it under one code, so a rule is chosen by the form of the sentence.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from difflib import get_close_matches

from engine.edit_places import value_at
from engine.mending import Fix, fix, free, inner, renamed, replaced, spot_at, way, without
from engine.pointer import under
from engine.problems import Problem
from engine.resources import INTEGRATIONS
from engine.values import Json

PASS: Mapping[str, Json] = {"Type": "Pass", "End": True}
TELLING: Mapping[str, str] = {
    "Choices": "Choice",
    "Branches": "Parallel",
    "ItemProcessor": "Map",
    "Iterator": "Map",
    "Resource": "Task",
    "Seconds": "Wait",
    "SecondsPath": "Wait",
    "Timestamp": "Wait",
    "TimestampPath": "Wait",
    "Error": "Fail",
    "Cause": "Fail",
}
"""The type that a field gives away; a state without any of them is a Pass."""


def fixes(problem: Problem, document: Json) -> Iterator[Fix]:
    for form, rule in FORMS:
        found = re.fullmatch(form, problem.message, re.DOTALL)
        if found:
            yield from rule(problem, document, found)
            return


# What is missing ------------------------------------------------------------------------------------------------------


def _required(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    """Every field that is missing, with a value to begin with; none where only a person knows one."""
    holder = inner(document, problem.at)
    names = _names(found[1])
    if not isinstance(holder, dict):
        return
    if names == ["Next"]:
        yield from _targets(problem.at, document)
        return
    made = {name: _sensible(name, holder, problem.at, document) for name in names}
    if any(value is None for value in made.values()):
        return
    filled = _in_order(holder, made)
    told = ", ".join(f"{name}: {value}" if isinstance(value, str) else name for name, value in made.items())
    yield fix("Add {name}", lambda now: replaced(now, problem.at, filled), name=told)


def _in_order(holder: Mapping[str, Json], made: Mapping[str, Json]) -> Json:
    """The members that are first where they are usually read first."""
    first = {name: value for name, value in made.items() if name in ("Type", "Variable", "ErrorEquals", "StartAt")}
    return {**first, **holder, **{name: value for name, value in made.items() if name not in first}}


def _sensible(name: str, holder: Mapping[str, Json], at: str, document: Json) -> Json:
    match name:
        case "Type":
            return next((kind for field, kind in TELLING.items() if field in holder), "Pass")
        case "StartAt":
            states = holder.get("States")
            return next(iter(states), None) if isinstance(states, dict) else "Pass"
        case "States":
            return {str(holder.get("StartAt", "Pass")): dict(PASS)}
        case "Resource" if spot_at(document, at) is not None:
            return "arn:aws:states:::lambda:invoke"
        case "ErrorEquals":
            return ["States.TaskFailed"]
        case "Choices":
            return _rules(at, document)
        case "Branches":
            return [_block("Branch", document)]
        case "ExecutionType":
            return "STANDARD"
        case "Variable":
            return "$"
        case "Condition":
            return True
        case "RoleArn":
            return "arn:aws:iam::123456789012:role/Role"
        case _:
            return None


def _rules(at: str, document: Json) -> Json:
    """One rule, to the first other state of the block."""
    target = next(iter(_others(at, document)), None)
    spot = spot_at(document, at)
    if target is None or spot is None:
        return None
    asked: dict[str, Json] = {"Variable": "$", "IsPresent": True}
    return [{**({"Condition": True} if spot.language == "JSONata" else asked), "Next": target}]


def _block(wanted: str, document: Json) -> dict[str, Json]:
    name = free(document, wanted)
    return {"StartAt": name, "States": {name: dict(PASS)}}


def _others(at: str, document: Json) -> list[str]:
    """The states of the same block, those behind the one at hand first."""
    spot = spot_at(document, at)
    names = [str(name) for name in spot.block.states] if spot else []
    here = names.index(spot.name) if spot else 0
    return [*names[here + 1 :], *names[:here]]


def _targets(at: str, document: Json) -> Iterator[Fix]:
    for name in _others(at, document)[:3]:
        yield _next(at, name)


def _next(at: str, name: str) -> Fix:
    return fix("Go to “{name}”", lambda now: replaced(now, under(at, ["Next"]), name), name=name)


def _one_required(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    names = _names(found[1])
    if "End" in names:
        yield _added(problem.at, "End", True, "true")
        behind = _others(problem.at, document)
        spot = spot_at(document, problem.at)
        if spot and behind and list(spot.block.states)[-1] != spot.name:
            yield _next(problem.at, behind[0])
    elif "Seconds" in names:
        yield _added(problem.at, "Seconds", 60, "60")
    elif "ItemProcessor" in names:
        made = {"ProcessorConfig": {"Mode": "INLINE"}, **_block("Item", document)}
        yield fix(
            "Add {name}", lambda now: replaced(now, under(problem.at, ["ItemProcessor"]), made), name="ItemProcessor"
        )


def _added(at: str, name: str, value: Json, told: str) -> Fix:
    def apply(now: Json) -> Json:
        return replaced(now, under(at, [name]), value)

    return fix("Add {name}: {value}", apply, name=name, value=told)


def _empty(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    last = way(document, problem.at)[-1]
    if last == "Choices":
        made = _rules(problem.at, document)
        if made is not None:
            yield fix("Add a rule", lambda now: replaced(now, problem.at, made))
    elif last == "Branches":
        block = _block("Branch", document)
        yield fix("Add a branch", lambda now: replaced(now, problem.at, [block]))


def _operator(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    def asked(now: Json) -> Json:
        rule = inner(now, problem.at)
        return replaced(
            now, problem.at, {**({} if "Variable" in rule else {"Variable": "$"}), **rule, "IsPresent": True}
        )

    yield fix("Add {name}: {value}", asked, name="IsPresent", value="true")


# What is too much -----------------------------------------------------------------------------------------------------


def _surplus(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    name = str(problem.params.get("field", ""))
    if name:
        at = under(problem.at, [name])
        yield fix("Remove {name}", lambda now: without(now, at), name=name)


def _together(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    names = _names(found[1])
    for name in names:
        yield _keeping(problem.at, name, [other for other in names if other != name])


def _keeping(at: str, name: str, others: list[str]) -> Fix:
    def apply(now: Json) -> Json:
        for other in others:
            now = without(now, under(at, [other]))
        return now

    return fix("Keep only {name}", apply, name=name)


def _language(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    at = under(problem.at, ["QueryLanguage"])
    yield fix("Remove {name}", lambda now: without(now, at), name="QueryLanguage")


def _alone(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    names = inner(document, problem.at)
    others = [name for name in names if name != "States.ALL"]
    if _is_last(problem.at, document):
        yield fix("Keep only {name}", lambda now: replaced(now, problem.at, ["States.ALL"]), name="States.ALL")
    yield fix("Remove {name}", lambda now: replaced(now, problem.at, others), name="States.ALL")


def _is_last(at: str, document: Json) -> bool:
    steps = way(document, at)
    return len(steps) > 1 and steps[-2] == len(value_at(document, steps[:-2])) - 1


def _last(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    """The entry for States.ALL goes behind the others, if it names nothing else."""
    steps = way(document, problem.at)
    entries = value_at(document, steps[:-2]) if len(steps) > 2 else None
    if isinstance(entries, list) and inner(document, problem.at) == ["States.ALL"]:
        index = int(steps[-2])
        moved = [*entries[:index], *entries[index + 1 :], entries[index]]
        if not any("States.ALL" in entry.get("ErrorEquals", ()) for entry in moved[:-1] if isinstance(entry, dict)):
            at = under("", steps[:-2])
            yield fix("Move to the end", lambda now: replaced(now, at, moved))
        gone = under("", steps[:-1])
        yield fix("Remove this entry", lambda now: without(now, gone))


# What is of another kind ----------------------------------------------------------------------------------------------


def _kind(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    value = inner(document, problem.at)
    made = _as_kind(value, found[1])
    if made is not None:
        yield _write(problem.at, made[0])
    elif found[1] == "ARRAY" and isinstance(value, (str, dict)):
        yield fix("Put it into a list", lambda now: replaced(now, problem.at, [value]))


def _as_kind(value: Json, kind: str) -> tuple[Json] | None:
    """The value as it was meant; None where that is no matter of form."""
    told = value.strip() if isinstance(value, str) else value
    match kind:
        case "INTEGER" if isinstance(told, float) and told.is_integer():
            return (int(told),)
        case "INTEGER" if isinstance(told, str) and re.fullmatch(r"-?\d{1,9}", told):
            return (int(told),)
        case "NUMBER" if isinstance(told, str) and re.fullmatch(r"-?\d{1,9}(\.\d{1,9})?", told):
            return (float(told) if "." in told else int(told),)
        case "BOOLEAN" if isinstance(told, str) and told.casefold() in ("true", "false"):
            return (told.casefold() == "true",)
        case "STRING" if isinstance(value, (int, float)) and not isinstance(value, bool):
            return (str(value),)
        case _:
            return None


def _bound(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    limit = problem.params["minimum" if "minimum" in problem.params else "maximum"]
    whole = isinstance(inner(document, problem.at), int) and float(limit).is_integer()
    yield _write(problem.at, int(limit) if whole else limit)


def _choice(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    """One of few values, nearly written."""
    folded = {name.casefold(): name for name in _names(found[1])}
    near = get_close_matches(str(inner(document, problem.at)).casefold(), list(folded), 2, 0.6)
    for name in near or (list(folded) if len(folded) < 3 else []):
        yield _write(problem.at, folded[name])


def _write(at: str, value: Json) -> Fix:
    told = value if isinstance(value, str) else str(value).lower() if isinstance(value, bool) else str(value)
    return fix("Change to {name}", lambda now: replaced(now, at, value), name=told)


def _moment(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    """A date or time of another form, as RFC 3339; without a zone it is taken for UTC."""
    try:
        moment = datetime.fromisoformat(str(inner(document, problem.at)).strip())
    except ValueError:
        return
    zoned = moment if moment.tzinfo else moment.replace(tzinfo=UTC)
    yield _write(problem.at, zoned.isoformat().replace("+00:00", "Z"))


def _path(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    told = inner(document, problem.at)
    if isinstance(told, str) and re.fullmatch(r"\.?[A-Za-z_][\w.\[\]]*", told):
        yield _write(problem.at, "$." + told.lstrip("."))


def _resource(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    """An integration whose name is nearly right."""
    known = {}
    for service, one in INTEGRATIONS.items():
        for action in one.actions:
            ways = ["", *([".sync", ".sync:2"] if action in one.sync else []), *([".waitForTaskToken"] * one.callback)]
            known.update({f"arn:aws:states:::{service}:{action}{pattern}".casefold(): f"arn:aws:states:::{service}:{action}{pattern}" for pattern in ways})  # fmt: skip
    told = str(inner(document, problem.at)).casefold()
    for near in get_close_matches(told, list(known), 2, 0.8):
        yield _write(problem.at, known[near])


def _variable(problem: Problem, document: Json, found: re.Match[str]) -> Iterator[Fix]:
    """A name that a variable may have, made of the one that it may not."""
    key = str(problem.params.get("field", ""))
    tail = ".$" if key.endswith(".$") else ""
    plain = re.sub(r"\W+", "_", key.removesuffix(".$")).strip("_")[:70] or "value"
    plain = f"v{plain}" if plain[0].isdigit() else "states_" if plain == "states" else plain
    holder = inner(document, problem.at)
    if isinstance(holder, dict) and plain + tail not in holder:
        at = under(problem.at, [key])
        yield fix("Rename to {name}", lambda now: renamed(now, at, plain + tail), name=plain + tail)


def _names(listed: str) -> list[str]:
    return [name.strip() for name in listed.split(",") if name.strip()]


FORMS: tuple[tuple[str, Callable[[Problem, Json, re.Match[str]], Iterator[Fix]]], ...] = (
    (r"These fields are required: \[(.*)\]", _required),
    (r"The field '(RoleArn)' is required but was missing", _required),
    (r"One of these fields is required: \[(.*)\]", _one_required),
    (r"Value cannot be empty", _empty),
    (r"A comparison operator is required, or .*", _operator),
    (r"There should only be one of the following fields: \[(.*)\]", _together),
    (r"Field '.*' is not supported", _surplus),
    (r"Field '.*' is only supported for a Map state in DISTRIBUTED mode", _surplus),
    (r"The QueryLanguage is set to .*, but field .* is only supported for .*", _surplus),
    (r"'QueryLanguage' can not be .*", _language),
    (r"States\.ALL must appear alone in ErrorEquals", _alone),
    (r"States\.ALL must appear only in the last element", _last),
    (r"Expected value of type \[(\w+)\]", _kind),
    (r"(?:Minimum|Maximum) value is .*", _bound),
    (r"Value should be one of the following: \[(.*)\]", _choice),
    (r"The field 'Type' should have one of these values: \[(.*)\]", _choice),
    (r"String does not match RFC3339 timestamp", _moment),
    (r"Value must be a valid JSONPath\.", _path),
    (r"The resource provided .* is not recognized\..*", _resource),
    (r"The variable name 'states' is reserved", _variable),
    (r"'.*' is not a valid variable name: .*", _variable),
)
"""The sentences of the service, and what can be done about each."""
