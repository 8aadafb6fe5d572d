"""Answers given by hand to a call that waits: written as JSON in a `Change`, so that a run with them can be shared.

    {"output": {…}}  {"error": "Bank.Busy", "cause": "…"}  {"timeout": true}

each with `delay`, ms from the call to the answer, and `heartbeats`, ms from the call to each of them.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from typing import Any

from engine.connectors.generated import start_reply
from engine.errors import TIMEOUT
from engine.trace import Call, Reply


def written(answer: Mapping[str, Any], *, delay: int = 0, heartbeats: Sequence[int] = ()) -> str:
    """The text of an answer."""
    told = {**answer, "delay": delay, **({"heartbeats": sorted(heartbeats)} if heartbeats else {})}
    return json.dumps(told, ensure_ascii=False)


def reply(answer: Mapping[str, Any], call: Call | None = None) -> Reply:
    """The answer as the engine takes it. A job or callback that waits has been accepted first; that is made up."""
    beats = tuple(answer.get("heartbeats", ()))
    submitted = None if call is None else start_reply(call)
    if answer.get("timeout"):
        # The answer that never comes is put behind the last heartbeat, or that heartbeat would come too late for it.
        return Reply(timed_out=True, submitted=submitted, heartbeats=beats, delay=max(beats, default=0) + 1)
    delay = answer.get("delay", 0)
    if "error" not in answer:
        return Reply(output=answer.get("output"), delay=delay, submitted=submitted, heartbeats=beats)
    error, cause = answer["error"], answer.get("cause")
    if error == TIMEOUT:
        return Reply(timed_out=True, error=error, cause=cause, delay=delay, submitted=submitted, heartbeats=beats)
    return Reply(failed=True, error=error, cause=cause, delay=delay, submitted=submitted, heartbeats=beats)
