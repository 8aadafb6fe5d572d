"""Who answers a task: a connector takes a `Call` and gives a `Reply`, or None when it has no answer.

A run stays a function of machine, input and world because every reply is kept on the trace's tape. A connector may do
what the engine may not (read a file, open a socket, ask a person); the simple ones below do nothing of the kind.

Connectors share one shape, so they stack: `world.nobody` is the least of them, and
`first_of(load_mocks(config, case), generated(document))` answers from the
mock file and makes up what the file leaves open.
"""

from __future__ import annotations

from typing import Protocol

from engine.trace import Call, Reply


class Connector(Protocol):
    """Anything that can be called with a `Call`. None means: nobody answers, the call is parked and the run waits."""

    def __call__(self, call: Call, /) -> Reply | None: ...


def first_of(*connectors: Connector) -> Connector:
    """Ask one after the other; the first answer counts."""

    def ask(call: Call) -> Reply | None:
        for connector in connectors:
            reply = connector(call)
            if reply is not None:
                return reply
        return None

    return ask
