"""Everything that a run does not decide itself: when it starts, what the dice show, who answers its tasks.

The engine reads no clock, draws no random number and opens no socket; a World brings those in. The same machine, input
and world give the same trace, moment by moment.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime
from types import MappingProxyType
from typing import Literal

from engine.trace import Call, Reply
from engine.values import Json

Answer = Callable[[Call], Reply | None]
"""Who answers a task: None means that nobody does, and the call is parked."""

HISTORY_LIMIT = 25_000
EXPRESS_LIMIT = 100_000
"""Events of an Express execution, for which AWS has no number: a loop that takes no virtual time must end somewhere, and
does so as the five minutes would end it."""
PAYLOAD_LIMIT = 262_144
EXPRESS_SECONDS = 300
STANDARD_SECONDS = 365 * 24 * 3600
INLINE_CONCURRENCY = 40


def nobody(call: Call) -> Reply | None:
    """Answers nothing: every task waits."""
    return None


@dataclass(frozen=True, slots=True)
class Stop:
    """StopExecution at a virtual time."""

    at: int
    error: str | None = None
    cause: str | None = None


@dataclass(frozen=True, slots=True)
class World:
    """What surrounds one run. Quotas are AWS's (Developer Guide, "Service quotas")."""

    connector: Answer = nobody
    tape: Mapping[str, Reply] = field(default_factory=lambda: MappingProxyType({}))
    """Replies already given, by the key of their call; they come before the connector."""
    start: int = 1_735_732_800_000
    """Wall clock at the start in ms since 1970: 2025-01-01T12:00:00Z unless said."""
    seed: int = 0
    workflow_type: Literal["STANDARD", "EXPRESS"] = "STANDARD"
    name: str = "run"
    machine_name: str = "StateMachine"
    region: str = "us-east-1"
    account: str = "123456789012"
    role_arn: str = "arn:aws:iam::123456789012:role/StepFunctions"
    record: Literal["stages", "visits", "outcome"] = "stages"
    """How much to write down: all, all but the data between the stages, or nothing. The outcome is the same; a batch saves
    what it does not count."""
    task_delay: int = 0
    """Milliseconds that a task takes when its reply does not say."""
    resources: Mapping[str, str | bytes] = field(default_factory=lambda: MappingProxyType({}))
    """Objects in S3 by `bucket/key`, for item readers."""
    edits: Mapping[str, Json] = field(default_factory=lambda: MappingProxyType({}))
    """Values put in place of what a stage gave, by `visit@attempt:stage` (see `fork.key`)."""
    stop: Stop | None = None
    history_limit: int = HISTORY_LIMIT
    express_limit: int = EXPRESS_LIMIT
    payload_limit: int = PAYLOAD_LIMIT

    @property
    def machine_arn(self) -> str:
        return f"arn:aws:states:{self.region}:{self.account}:stateMachine:{self.machine_name}"

    @property
    def execution_arn(self) -> str:
        if self.workflow_type == "EXPRESS":
            return f"arn:aws:states:{self.region}:{self.account}:express:{self.machine_name}:{self.name}:1"
        return f"arn:aws:states:{self.region}:{self.account}:execution:{self.machine_name}:{self.name}"


def timestamp(ms: int) -> str:
    """ISO 8601 in UTC as the context object shows it: milliseconds, trailing zeros dropped.

    >>> timestamp(1_735_732_800_000), timestamp(1_735_732_800_120)
    ('2025-01-01T12:00:00Z', '2025-01-01T12:00:00.12Z')
    """
    seconds, fraction = divmod(ms, 1000)
    whole = datetime.fromtimestamp(seconds, UTC).strftime("%Y-%m-%dT%H:%M:%S")
    return f"{whole}.{fraction:03d}".rstrip("0") + "Z" if fraction else whole + "Z"
