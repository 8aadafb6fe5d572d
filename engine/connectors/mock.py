"""Replies out of a file, in the format of Step Functions Local (`MockConfigFile.json`).

    {"StateMachines":   {"order": {"TestCases": {"Busy": {"Charge card": "ThirdTry"}}}},
     "MockedResponses": {"ThirdTry": {"0-1": {"Throw": {"Error": "Bank.Busy", "Cause": "…"}, "Delay": 0.2},
                                      "2":   {"Return": {"receipt": "R-1"}}}}}

A test case names the answers of a Task by the name of its state. Numbers count the calls of that state in the whole
execution, from 0: over retries, loops and Map iterations alike, so that a range never starts again. `Return` is the raw
result of the task; `Throw` fails it, and Retry and Catch apply. A state that the case does not name is not mocked, and the
connector leaves its call to others.

Three things go beyond the format, and files of the original stay valid and keep their meaning: `Delay` beside `Return` or
`Throw` is the time the task takes, in seconds of the virtual clock; `Return` may be any JSON; and `"QueryLanguage": "JSONata"`
beside `Return` says that the strings `{% … %}` in it are expressions over the request (`expressed`):

    {"0-9": {"Return": {"total": "{% $sum($request.items.price) %}"}, "QueryLanguage": "JSONata"}}

Without that mark such a string is the text it is. Other tools that read these files know neither mark nor Delay.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Mapping
from itertools import pairwise
from typing import Any

from engine.connectors import Connector
from engine.connectors.expressed import expressed
from engine.connectors.generated import start_reply
from engine.errors import RUNTIME, TIMEOUT
from engine.expressions import InvalidExpression
from engine.trace import Call, Reply
from engine.values import Json
from engine.world import nobody

_RANGE = re.compile(r"(\d{1,9})(?:-(\d{1,9}))?")

MARK, JSONATA = "QueryLanguage", "JSONata"
_PARTS = ("Return", "Throw", "Delay", MARK)

Span = tuple[int, int, Callable[[Call], Reply]]
"""First and last call, and what answers them."""


class MockProblem(ValueError):
    """The mock file cannot be used; the message is one sentence that says where and what would be right."""


def load_mocks(config: Json, case: str | None, machine: str | None = None) -> Connector:
    """The connector that answers as test case `case` says.

    `machine` names the entry of `StateMachines`; without it the case is looked for in all of them. Raises MockProblem
    when the file lacks the case, or when a response that the case uses is not well formed. Without a case nothing is mocked,
    and the whole file is looked at.
    """
    if case is None:
        for name, held in cases(config).items():
            for one in held:
                load_mocks(config, one, name)
        return nobody
    chosen = _find(config, case, machine)
    responses = _object(config.get("MockedResponses", {}), "MockedResponses")
    spans: dict[str, list[Span]] = {}
    names: dict[str, str] = {}
    for state, name in _object(chosen, f"Test case {case!r}").items():
        if not isinstance(name, str):
            raise MockProblem(
                f"Test case {case!r} must give state {state!r} the name of a response, not {_kind(name)}."
            )
        if name not in responses:
            raise MockProblem(
                f"Test case {case!r} gives state {state!r} the response {name!r}, which MockedResponses does not have"
                f"{_choose(responses)}."
            )
        spans[state] = _spans(name, responses[name])
        names[state] = name

    def answer(call: Call) -> Reply | None:
        own = spans.get(call.state)
        if own is None:
            return None
        for first, last, reply in own:
            if first <= call.number <= last:
                return _submitted(reply(call), call)
        return Reply(
            failed=True,
            error=RUNTIME,
            cause=f"Response {names[call.state]!r} has no answer for call {call.number} of state {call.state!r}: "
            f"it covers 0 to {own[-1][1]}.",
        )

    return answer


def cases(config: Json) -> dict[str, tuple[str, ...]]:
    """Names of the test cases by machine, for a menu. Raises MockProblem when the file has another shape."""
    machines = _object(_object(config, "A mock file").get("StateMachines", {}), "StateMachines")
    return {
        name: tuple(
            _object(_object(entry, f"StateMachines.{name}").get("TestCases", {}), f"StateMachines.{name}.TestCases")
        )
        for name, entry in machines.items()
    }


def _find(config: Json, case: str, machine: str | None) -> Json:
    known = cases(config)
    if machine is not None and machine not in known:
        raise MockProblem(f"StateMachines does not have {machine!r}{_choose(known)}.")
    holders = [name for name in known if case in known[name] and machine in (None, name)]
    if not holders:
        offered = [known_case for name in known if machine in (None, name) for known_case in known[name]]
        raise MockProblem(f"There is no test case {case!r}{_choose(offered)}.")
    if len(holders) > 1:
        raise MockProblem(f"Test case {case!r} stands under several machines: say which of {_listed(holders)}.")
    return config["StateMachines"][holders[0]]["TestCases"][case]


def _spans(name: str, response: Json) -> list[Span]:
    spans: list[Span] = []
    for key, answer in _object(response, f"Response {name!r}").items():
        matched = _RANGE.fullmatch(key)
        if matched is None:
            raise MockProblem(f'Response {name!r} has the key {key!r}: a number ("0") or a range ("1-2") is needed.')
        first = int(matched[1])
        last = int(matched[2]) if matched[2] else first
        if last < first:
            raise MockProblem(f"Response {name!r} has the range {key!r}, which runs backwards.")
        spans.append((first, last, _reply(f"{name}.{key}", answer)))
    if not spans:
        raise MockProblem(f'Response {name!r} is empty: it needs an answer for call "0".')
    spans.sort(key=lambda span: span[:2])
    if spans[0][0] != 0:
        raise MockProblem(f"Response {name!r} begins with call {spans[0][0]}: calls are counted from 0.")
    for (_, last, _), (first, _, _) in pairwise(spans):
        if first > last + 1:
            raise MockProblem(f"Response {name!r} has a gap: no answer for call {last + 1}.")
        if first <= last:
            raise MockProblem(f"Response {name!r} answers call {first} twice.")
    return spans


def _reply(place: str, answer: Json) -> Callable[[Call], Reply]:
    answer = _object(answer, f"Answer {place}")
    unknown = [key for key in answer if key not in _PARTS]
    if unknown:
        raise MockProblem(f"Answer {place} has {unknown[0]!r}; it may have Return or Throw, Delay and {MARK}.")
    if "Return" in answer and "Throw" in answer:
        raise MockProblem(f"Answer {place} has both Return and Throw; exactly one is needed.")
    delay = _delay(place, answer["Delay"]) if "Delay" in answer else None
    if MARK in answer and (answer[MARK] != JSONATA or "Return" not in answer):
        raise MockProblem(f'{MARK} of {place} may only be "{JSONATA}", beside Return.')
    if MARK in answer:
        return _computed(place, answer["Return"], delay)
    if "Return" in answer:
        return _always(Reply(output=answer["Return"], delay=delay))
    if "Throw" not in answer:
        raise MockProblem(f"Answer {place} has neither Return nor Throw; exactly one is needed.")
    thrown = _object(answer["Throw"], f"Throw of {place}")
    for part in ("Error", "Cause"):
        if not isinstance(thrown.get(part), str):
            raise MockProblem(f"Throw of {place} needs {part}, a text.")
    error, cause = thrown["Error"], thrown["Cause"]
    if error == TIMEOUT:
        return _always(Reply(timed_out=True, error=error, cause=cause, delay=delay))
    return _always(Reply(failed=True, error=error, cause=cause, delay=delay))


def _always(reply: Reply) -> Callable[[Call], Reply]:
    return lambda call: reply


def _computed(place: str, source: Json, delay: int | None) -> Callable[[Call], Reply]:
    try:
        result = expressed(source, place)
    except InvalidExpression as fault:
        raise MockProblem(f"Answer {place} cannot be evaluated: {fault.message.removesuffix('.')}.") from None
    return lambda call: result(call)._replace(delay=delay)


def _delay(place: str, seconds: Json) -> int:
    """Milliseconds. An hour short of the longest TimeoutSeconds is more than any task may take."""
    if isinstance(seconds, bool) or not isinstance(seconds, (int, float)) or not 0 <= seconds < 100_000_000:
        raise MockProblem(f"Delay of {place} must be a number of seconds, 0 or more.")
    return round(seconds * 1000)


def _submitted(reply: Reply, call: Call) -> Reply:
    """A job or callback has first been accepted; the file says nothing of that, so it is made up."""
    submitted = start_reply(call)
    return reply if submitted is None else reply._replace(submitted=submitted)


def _object(value: Json, what: str) -> dict[str, Any]:
    if not isinstance(value, dict):
        raise MockProblem(f"{what} must be a JSON object, not {_kind(value)}.")
    return value


def _kind(value: Json) -> str:
    for kinds, word in (
        (bool, "a boolean"),
        (str, "a text"),
        ((int, float), "a number"),
        (list, "an array"),
        (dict, "an object"),
    ):
        if isinstance(value, kinds):
            return word
    return "null"


def _choose(names: Mapping[str, Any] | list[str]) -> str:
    return f"; there is {_listed(list(names))}" if names else "; there is none at all"


def _listed(names: list[str]) -> str:
    shown = ", ".join(repr(name) for name in names[:8])
    return shown if len(names) <= 8 else f"{shown} and {len(names) - 8} more"
