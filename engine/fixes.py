"""Quick fixes: what a machine can do about a problem, each as a verb and a change of the document.

`fixes(problem, document)` gives the likeliest first, and nothing where a person must decide. A rule is a generator for one
code of the catalogue, listed in `RULES`; what the table of fields complains of has rules of its own in `fixes_schema`, and
texts that are no paths or expressions in `fixes_texts`. A fix makes another document and changes nothing of the old one.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from difflib import get_close_matches

from engine import edit, fixes_schema, fixes_texts
from engine.edit_places import Steps, value_at
from engine.mending import Fix, around, fix, free, inner, renamed, replaced, spot_at, way, with_state, without
from engine.outline import Spot, spots
from engine.pointer import ROOT, under
from engine.problems import SCHEMA, Problem
from engine.resources import INTEGRATIONS, resource
from engine.values import Json

__all__ = ["Fix", "fixes"]

MOST = 6
"""Fixes offered for one problem."""
CALLBACK_SECONDS = 3_600
LAMBDA_RETRIER: Mapping[str, Json] = {
    "ErrorEquals": [
        "Lambda.ServiceException",
        "Lambda.AWSLambdaException",
        "Lambda.SdkClientException",
        "Lambda.TooManyRequestsException",
    ],
    "IntervalSeconds": 1,
    "MaxAttempts": 3,
    "BackoffRate": 2,
    "JitterStrategy": "FULL",
}
"""What the developer guide advises for a Lambda function ("Best practices", transient exceptions)."""


def fixes(problem: Problem, document: Json) -> tuple[Fix, ...]:
    """What could be done about a problem of this document, the likeliest first; empty where a person must decide."""
    rule = RULES.get(problem.code)
    if rule is None or not isinstance(document, dict):
        return ()
    return tuple(one for one, _ in zip(rule(problem, document), range(MOST), strict=False))


# Transitions ----------------------------------------------------------------------------------------------------------


def _target(problem: Problem, document: Json) -> Iterator[Fix]:
    """A target that does not exist, or a state that nothing leads to."""
    wanted = problem.params.get("target")
    if wanted is None:
        name = str(problem.params.get("name", ""))
        yield fix("Remove “{name}”", lambda now: edit.remove(now, [problem.at]).document, name=name)
        return
    folded = {str(name).casefold(): str(name) for name in reversed(problem.params.get("names", ()))}
    for near in get_close_matches(str(wanted).casefold(), list(folded), 2, 0.6):
        yield _change(problem.at, folded[near])
    spot = spot_at(document, problem.at)
    start = problem.at.removesuffix("/StartAt")
    block, after = (start, None) if start != problem.at or spot is None else (spot.block.at, spot.name)
    if str(wanted) == free(document, str(wanted)):
        made: Json = {"Type": "Pass", "End": True}
        yield fix(
            "Add the state “{name}”",
            lambda now: with_state(now, block, after, str(wanted), made),
            name=str(wanted),
        )


def _misspelt(problem: Problem, document: Json) -> Iterator[Fix]:
    yield _change(problem.at, str(problem.params["nearest"]))


def _change(at: str, value: Json) -> Fix:
    return fix("Change to “{name}”", lambda now: replaced(now, at, value), name=str(value))


def _no_end(problem: Problem, document: Json) -> Iterator[Fix]:
    """A block in which no state ends: the last of those that can."""
    at = under("" if problem.at == ROOT else problem.at, ["States"])
    states = inner(document, at)
    ending: list[str] = []
    for name, state in states.items() if isinstance(states, dict) else ():
        if isinstance(state, dict) and state.get("Type") in ("Task", "Pass", "Wait", "Parallel", "Map"):
            ending.append(str(name))
    if ending:
        last = ending[-1]
        yield fix("End at “{name}”", lambda now: _ended(now, under(at, [last])), name=last)


def _ended(document: Json, at: str) -> Json:
    return replaced(document, at, {**{k: v for k, v in inner(document, at).items() if k != "Next"}, "End": True})


def _default(problem: Problem, document: Json) -> Iterator[Fix]:
    """A Default that leads to a state made for it, or to one that ends the block already."""
    spot = spot_at(document, problem.at)
    if spot is None:
        return
    failing: Json = {"Type": "Fail", "Error": "NoRuleMatched", "Cause": f"No rule of “{spot.name}” matched."}
    yield fix("Add a Default that fails", lambda now: _led(now, spot, "No rule matched", failing))
    yield fix("Add a Default that succeeds", lambda now: _led(now, spot, "Nothing to do", {"Type": "Succeed"}))
    for name, state in spot.block.states.items():
        if isinstance(state, dict) and state.get("Type") in ("Succeed", "Fail"):
            yield _default_to(spot, str(name))


def _default_to(spot: Spot, name: str) -> Fix:
    at = under(spot.at, ["Default"])
    return fix("Add a Default to “{name}”", lambda now: replaced(now, at, name), name=name)


def _led(document: Json, spot: Spot, wanted: str, state: Json) -> Json:
    name = free(document, wanted)
    return with_state(replaced(document, under(spot.at, ["Default"]), name), spot.block.at, spot.name, name, state)


# Names ----------------------------------------------------------------------------------------------------------------


def _same_name(problem: Problem, document: Json) -> Iterator[Fix]:
    spot = spot_at(document, problem.at)
    if spot is not None:
        name = free(document, spot.name.strip() or "State")
        yield fix("Rename to “{name}”", lambda now: edit.rename(now, problem.at, name).document, name=name)


def _same_label(problem: Problem, document: Json) -> Iterator[Fix]:
    taken = {str(spot.source.get("Label")) for spot in spots(document)}
    label = str(inner(document, problem.at))[:36]
    yield _change(problem.at, next(f"{label}-{n}" for n in range(2, len(taken) + 3) if f"{label}-{n}" not in taken))


def _bad_label(problem: Problem, document: Json) -> Iterator[Fix]:
    label = re.sub(r"[^\w.-]+", "-", str(inner(document, problem.at)), flags=re.ASCII)[:40].strip("-")
    yield _change(problem.at, label or "items")


def _field(problem: Problem, document: Json) -> Iterator[Fix]:
    """A field under nearly its name; the problem stands at the object that has it."""
    yield from _rename(document, under(problem.at, [str(problem.params["name"])]), str(problem.params["nearest"]))


def _rename(document: Json, at: str, new: str) -> Iterator[Fix]:
    """Another name for a member, if nothing has that already."""
    holder = around(document, at)[1]
    if isinstance(holder, dict) and new not in holder:
        yield fix("Rename to {name}", lambda now: renamed(now, at, new), name=new)


def _older(problem: Problem, document: Json) -> Iterator[Fix]:
    yield from _rename(document, problem.at, str(problem.params["newer"]))


def _no_dollar(problem: Problem, document: Json) -> Iterator[Fix]:
    yield from _rename(document, problem.at, f"{problem.params['key']}.$")


def _no_path(problem: Problem, document: Json) -> Iterator[Fix]:
    yield from _rename(document, problem.at, f"{problem.params['field']}Path")


# Tasks ----------------------------------------------------------------------------------------------------------------


def _retry(problem: Problem, document: Json) -> Iterator[Fix]:
    """A retrier before the others, because the one for States.ALL must stand last."""
    at = under(problem.at, ["Retry"])
    there = inner(document, at)
    rest = there if isinstance(there, list) else []
    yield fix("Retry the service’s errors", lambda now: replaced(now, at, [dict(LAMBDA_RETRIER), *rest]))


def _timeout(problem: Problem, document: Json) -> Iterator[Fix]:
    for name in ("TimeoutSeconds", "HeartbeatSeconds"):
        yield _added(problem.at, name, CALLBACK_SECONDS)


def _added(at: str, name: str, value: Json) -> Fix:
    place = under(at, [name])
    return fix("Add {name}: {value}", lambda now: replaced(now, place, value), name=name, value=str(value))


_PAYLOADS: Mapping[str, str] = {
    "lambda:invoke": "Payload",
    "sqs:sendMessage": "MessageBody",
    "sns:publish": "Message",
    "states:startExecution": "Input",
    "apigateway:invoke": "RequestBody",
}
"""Where an integration takes data of one's own, in which the token can travel."""


def _token(problem: Problem, document: Json) -> Iterator[Fix]:
    spot = spot_at(document, problem.at)
    if spot is None:
        return
    called = resource(str(spot.source.get("Resource")))
    payload = _PAYLOADS.get(f"{called.resource_type}:{called.action.partition('.')[0]}")
    field = "Arguments" if spot.language == "JSONata" else "Parameters"
    given = spot.source.get(field, {})
    if payload is None or not isinstance(given, dict) or not isinstance(given.get(payload, {}), dict):
        return
    if f"{payload}.$" in given:
        return
    token = {"token": "{% $states.context.Task.Token %}"} if field == "Arguments" else {"token.$": "$$.Task.Token"}
    filled = {**given, payload: {**given.get(payload, {}), **token}}
    at = under(spot.at, [field])
    yield fix("Pass on the token in {name}", lambda now: replaced(now, at, filled), name=payload)


def _heartbeat(problem: Problem, document: Json) -> Iterator[Fix]:
    shorter = int(problem.params["timeout"]) // 2
    if shorter:
        yield _change(problem.at, shorter)


def _action(problem: Problem, document: Json) -> Iterator[Fix]:
    arn, action = str(inner(document, problem.at)), str(problem.params["action"])
    known = INTEGRATIONS.get(str(problem.params["service"]))
    folded = {name.casefold(): name for name in (known.actions if known else ())}
    for near in get_close_matches(action.casefold(), list(folded), 2, 0.6):
        head, _, tail = arn.rpartition(action)
        yield _change(problem.at, head + folded[near] + tail)


# What is there in vain ------------------------------------------------------------------------------------------------


def _idle(problem: Problem, document: Json) -> Iterator[Fix]:
    spot = spot_at(document, problem.at)
    name = spot.name if spot else ""
    yield fix("Remove “{name}”", lambda now: edit.remove(now, [problem.at]).document, name=name)


def _vain(problem: Problem, document: Json) -> Iterator[Fix]:
    """A field without effect; the problem stands at it."""
    name = str(way(document, problem.at)[-1])
    yield fix("Remove {name}", lambda now: without(now, problem.at), name=name)


def _error_name(problem: Problem, document: Json) -> Iterator[Fix]:
    """An error name that is answered before, or never; with the last name goes the entry."""
    steps, names = around(document, problem.at)
    if not isinstance(names, list):
        return
    if len(names) > 1:
        name = str(inner(document, problem.at))
        yield fix("Remove {name}", lambda now: without(now, problem.at), name=name)
    else:
        yield from _entry(document, steps[:-1])


def _empty(problem: Problem, document: Json) -> Iterator[Fix]:
    yield from _entry(document, way(document, problem.at)[:-1])


def _entry(document: Json, steps: Steps) -> Iterator[Fix]:
    """Without an entry of Retry or Catch; without the field, when it was the only one."""
    alone = len(value_at(document, steps[:-1])) == 1
    gone = under("", steps[:-1] if alone else steps)
    yield fix("Remove this entry", lambda now: without(now, gone))


def _unused(problem: Problem, document: Json) -> Iterator[Fix]:
    name = str(problem.params["name"])
    yield fix("Remove {name} from Assign", lambda now: _unassigned(now, problem.at, name), name=name)


def _unassigned(document: Json, at: str, name: str) -> Json:
    """The state without a variable in any of its Assigns; an Assign that is left empty goes too."""
    state = inner(document, at)
    places = ["Assign"]
    for field in ("Catch", "Choices"):
        entries = state.get(field)
        places += [f"{field}[{index}]/Assign" for index in range(len(entries) if isinstance(entries, list) else 0)]
    for place in places:
        assign = inner(document, f"{at}/{place}")
        if isinstance(assign, dict):
            left = {key: value for key, value in assign.items() if key not in (name, f"{name}.$")}
            if left != assign:
                document = replaced(document, f"{at}/{place}", left) if left else without(document, f"{at}/{place}")
    return document


Rule = Callable[[Problem, Json], Iterator[Fix]]

RULES: Mapping[str, Rule] = {
    SCHEMA: fixes_schema.fixes,
    "MISSING_TRANSITION_TARGET": _target,
    "MISSING_END_STATE": _no_end,
    "DUPLICATE_STATE_NAME": _same_name,
    "INVALID_STATE_NAME": _same_name,
    "DUPLICATE_LABEL_NAME": _same_label,
    "INVALID_LABEL_NAME": _bad_label,
    "NO_DOLLAR": _no_dollar,
    "NO_PATH": _no_path,
    "PASS_RESULT_IS_STATIC": fixes_texts.static_result,
    "choice-without-default": _default,
    "misspelt-target": _misspelt,
    "misspelt-field": _field,
    "field-with-dollar": _field,
    "misspelt-error": _misspelt,
    "callback-without-timeout": _timeout,
    "callback-without-token": _token,
    "lambda-without-retry": _retry,
    "heartbeat-too-long": _heartbeat,
    "unknown-action": _action,
    "idle-pass": _idle,
    "parameters-ignored": _vain,
    "items-path-ignored": _vain,
    "tolerance-ignored": _vain,
    "unused-variable": _unused,
    "error-answered-before": _error_name,
    "uncatchable-error": _error_name,
    "empty-error-list": _empty,
    "older-field": _older,
    "partial-expression": fixes_texts.partial_expression,
    "expression-in-jsonpath": fixes_texts.expression_in_jsonpath,
    "path-in-jsonata": fixes_texts.path_in_jsonata,
    "unquoted-word": fixes_texts.unquoted_word,
}
"""By code. The codes that are missing need a person: what a value should be, or what a loop should wait for."""
