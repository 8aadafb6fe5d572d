"""A state machine as the engine runs it: frozen, small, and compiled.

Names are those of the Amazon States Language, in Python's spelling (`ResultPath` → `result_path`). Every path, template
and JSONata expression stands here as an `Expression`: the JSON as written beside the function made of it once. A field
that is absent is None; a path that says `null` is an Expression with `source` None.

The document stays the only truth: a Machine is made from it by `parse`, and nothing is ever written back.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.values import Json

Language = Literal["JSONPath", "JSONata"]
StateType = Literal["Task", "Pass", "Choice", "Wait", "Succeed", "Fail", "Parallel", "Map"]


@dataclass(frozen=True, slots=True)
class Expression:
    """A path, a payload template, an intrinsic call or a value with JSONata in it, compiled.

    `evaluate(value, scope)` answers with JSON or raises StatesError. `value` is what `$` means; `scope` (see
    `expressions.scope.Scope`) holds the context object, the variables and, for JSONata, `$states`.
    """

    source: Json
    """As written in the document."""
    evaluate: Callable[[Any, Any], Any]
    field: str = ""
    """The field it stands in, as error texts name it: `Parameters`, `Output/total`, `Choices[0]/Condition`."""


@dataclass(frozen=True, slots=True)
class ResultPath:
    """Where a result goes in the state's raw input. `steps` () replaces it all; None (`null`) throws the result away."""

    source: str | None
    steps: tuple[str | int, ...] | None


@dataclass(frozen=True, slots=True)
class Retrier:
    """One entry of Retry. Delay before the n-th retry: interval × rate^(n-1), at most `max_delay`, then jitter."""

    error_equals: tuple[str, ...]
    interval_seconds: float = 1
    max_attempts: int = 3
    backoff_rate: float = 2.0
    max_delay_seconds: int | None = None
    jitter: bool = False


@dataclass(frozen=True, slots=True)
class Catcher:
    """One entry of Catch. `result_path` None means the default, `$`."""

    error_equals: tuple[str, ...]
    next: str
    result_path: ResultPath | None = None
    assign: Expression | None = None
    output: Expression | None = None
    index: int = 0


@dataclass(frozen=True, slots=True)
class Rule:
    """One entry of Choices. `holds.evaluate(value, scope)` is True or False."""

    holds: Expression
    next: str
    assign: Expression | None = None
    output: Expression | None = None


@dataclass(frozen=True, slots=True)
class Resource:
    """A Task's Resource ARN, taken apart. `how` decides which events a call leaves.

    | how | resource | resource_type / action / pattern |
    |---|---|---|
    | `lambda` | plain function ARN | |
    | `activity` | activity ARN | |
    | `service` | `arn:aws:states:::sqs:sendMessage.waitForTaskToken` | `sqs` / `sendMessage.waitForTaskToken` / `waitForTaskToken` |
    """

    arn: str
    how: Literal["lambda", "activity", "service"]
    resource_type: str = ""
    action: str = ""
    pattern: Literal["", "sync", "sync:2", "waitForTaskToken"] = ""


@dataclass(frozen=True, slots=True, kw_only=True)
class Common:
    """What every state may have on the way of its data. Fields that a type lacks stay None."""

    name: str
    at: str
    """Where it stands: `/States/P/Branches[0]/States/A`. The identity of the state within its machine."""
    language: Language = "JSONPath"
    comment: str | None = None
    next: str | None = None
    """None: the state ends its flow (End, Succeed)."""
    input_path: Expression | None = None
    parameters: Expression | None = None
    arguments: Expression | None = None
    result_selector: Expression | None = None
    result_path: ResultPath | None = None
    output_path: Expression | None = None
    output: Expression | None = None
    assign: Expression | None = None
    retry: tuple[Retrier, ...] = ()
    catch: tuple[Catcher, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Task(Common):
    type: Literal["Task"] = "Task"
    resource: Resource
    credentials: Expression | None = None
    timeout_seconds: Expression | None = None
    """A literal number, a path or JSONata alike: evaluated before the call."""
    heartbeat_seconds: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Pass(Common):
    type: Literal["Pass"] = "Pass"
    result: Expression | None = None
    """The literal Result; wins over Parameters."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Choice(Common):
    type: Literal["Choice"] = "Choice"
    rules: tuple[Rule, ...]
    default: str | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Wait(Common):
    """Exactly one of `seconds` and `timestamp`; the source of the expression tells literal from path."""

    type: Literal["Wait"] = "Wait"
    seconds: Expression | None = None
    timestamp: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Succeed(Common):
    type: Literal["Succeed"] = "Succeed"


@dataclass(frozen=True, slots=True, kw_only=True)
class Fail(Common):
    type: Literal["Fail"] = "Fail"
    error: Expression | None = None
    cause: Expression | None = None


@dataclass(frozen=True, slots=True, kw_only=True)
class Parallel(Common):
    type: Literal["Parallel"] = "Parallel"
    branches: tuple[Flow, ...]


@dataclass(frozen=True, slots=True, kw_only=True)
class Map(Common):
    """`items` is ItemsPath or Items. The fields from `label` on belong to distributed mode."""

    type: Literal["Map"] = "Map"
    processor: Flow
    distributed: bool = False
    execution_type: Literal["STANDARD", "EXPRESS"] = "STANDARD"
    items: Expression | None = None
    item_selector: Expression | None = None
    max_concurrency: Expression | None = None
    label: str | None = None
    item_reader: ItemReader | None = None
    item_batcher: ItemBatcher | None = None
    result_writer: ResultWriter | None = None
    tolerated_failure_count: Expression | None = None
    tolerated_failure_percentage: Expression | None = None


@dataclass(frozen=True, slots=True)
class ItemReader:
    resource: str
    parameters: Expression | None
    """Parameters or Arguments: Bucket, Key or Prefix."""
    config: Mapping[str, Json]
    """ReaderConfig as written."""
    max_items: Expression | None = None


@dataclass(frozen=True, slots=True)
class ItemBatcher:
    max_items: Expression | None = None
    max_bytes: Expression | None = None
    batch_input: Expression | None = None


@dataclass(frozen=True, slots=True)
class ResultWriter:
    resource: str | None
    parameters: Expression | None
    config: Mapping[str, Json]


State = Task | Pass | Choice | Wait | Succeed | Fail | Parallel | Map


@dataclass(frozen=True, slots=True)
class Flow:
    """One `States` block with its start: the machine itself, a branch, or a Map's processor."""

    start_at: str
    states: Mapping[str, State]
    at: str = ""
    """Pointer of the object that holds StartAt; empty for the machine."""


@dataclass(frozen=True, slots=True, eq=False)
class Machine:
    """A definition that can be run."""

    flow: Flow
    language: Language
    document: Json
    comment: str | None = None
    timeout_seconds: int | None = None
