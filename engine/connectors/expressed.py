"""A mocked result that is computed from the request: JSONata, as a state's Output has it.

The expressions stand in `{% … %}`, alone or anywhere within a JSON value, and see `$request`: what the call was given, as it
was sent. `$states.input` is the same, for those who come from a state. They are evaluated by the door that the states'
own expressions take, with its limits of time and size; the dice of `$random` are the call's own, so that a run stays
the same however often it is made.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from functools import cached_property
from random import Random

from engine.errors import RUNTIME, StatesError
from engine.expressions import InvalidExpression, jsonata
from engine.model import Expression
from engine.trace import Call, Reply
from engine.values import Json
from engine.world import World

REQUEST = "request"
"""The one variable there is."""


@dataclass(frozen=True)
class _Sight:
    """The scope of one evaluation."""

    call: Call

    @property
    def states(self) -> dict[str, Json]:
        return {"input": self.call.given}

    @property
    def variables(self) -> Mapping[str, Json]:
        return {REQUEST: self.call.given}

    @property
    def context(self) -> dict[str, Json]:
        return {"State": {"Name": self.call.state, "RetryCount": self.call.attempt}}

    @cached_property
    def random(self) -> Random:
        return Random(self.call.key)

    @property
    def now(self) -> int:
        return World().start + self.call.at


def expressed(source: Json, place: str) -> Callable[[Call], Reply]:
    """What answers a call with the value of `source`. `place` names the mock for whoever reads why it cannot.

    Raises InvalidExpression for an expression that does not parse, or reads what is not there. One that fails on a request
    fails the execution with `States.Runtime`, which no Catch hides, and says which mock it was.
    """
    for expression in _expressions(source):
        unknown = sorted(jsonata.names(expression) - {REQUEST})
        if unknown:
            raise InvalidExpression(f"${unknown[0]} is not there; the request is ${REQUEST}.")
    compiled: Expression = jsonata.value(source, place, ())

    def answer(call: Call) -> Reply:
        try:
            return Reply(output=compiled.evaluate(None, _Sight(call)))
        except StatesError as failure:
            return Reply(
                failed=True,
                error=RUNTIME,
                cause=f"The mock {place!r} of state {call.state!r} has no result: {failure.cause}",
            )

    return answer


def _expressions(value: Json) -> Iterator[str]:
    if isinstance(value, str) and jsonata.is_expression(value):
        yield value
    elif isinstance(value, dict):
        for inner in value.values():
            yield from _expressions(inner)
    elif isinstance(value, list):
        for inner in value:
            yield from _expressions(inner)
