"""What the archive keeps and gives back: frozen records, as plain as they are stored."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

from engine.trace import Reply

WorkflowType = Literal["STANDARD", "EXPRESS"]
Order = Literal["started", "name", "workflow", "status", "duration", "transitions", "cost", "number"]


@dataclass(frozen=True, slots=True)
class Result:
    """What a run came to: what a replay is compared with."""

    status: str
    error: str | None
    cause: str | None
    output: str
    """Digest of the output, or of nothing when it has none."""
    duration: int
    """Virtual ms."""
    transitions: int
    events: int


@dataclass(frozen=True, slots=True)
class Execution:
    """A run with all that decides it. The texts are as they were written."""

    name: str
    definition: str
    input: str
    result: Result
    workflow: str = ""
    """Name of the workflow, for lists."""
    scenario: str = ""
    path: str | None = None
    """File name of the definition; its ending tells YAML from JSON."""
    mocks: str | None = None
    case: str | None = None
    workflow_type: WorkflowType = "STANDARD"
    machine: str = "workflow"
    seed: int = 0
    start: int = 0
    """ms since 1970, on the simulated calendar."""
    tape: Mapping[str, Reply] = field(default_factory=dict)
    cost: Decimal = Decimal(0)
    """As it was told then; prices change."""
    caught: bool = False
    engine: str = ""
    """Version of the engine that ran it."""
    number: int = 0
    """Given by the archive."""


@dataclass(frozen=True, slots=True)
class Listed:
    """An execution as a row of a list, without its texts."""

    number: int
    name: str
    workflow: str
    scenario: str
    workflow_type: WorkflowType
    status: str
    error: str | None
    start: int
    duration: int
    transitions: int
    cost: Decimal
    caught: bool
    definition: str
    """Digest: equal for equal texts."""
    engine: str


@dataclass(frozen=True, slots=True)
class Filter:
    """Which executions, in which order. What is None does not filter."""

    status: str | None = None
    workflow: str | None = None
    workflow_type: WorkflowType | None = None
    text: str | None = None
    """Somewhere in name, workflow, scenario or error; upper and lower case alike."""
    since: int | None = None
    """ms since 1970, on the simulated calendar."""
    until: int | None = None
    order: Order = "number"
    descending: bool = True
    limit: int = 100
    offset: int = 0


@dataclass(frozen=True, slots=True)
class Page:
    rows: tuple[Listed, ...]
    total: int
    """How many there are beyond the limit too."""


@dataclass(frozen=True, slots=True)
class Scenario:
    name: str
    input: str
    title: Mapping[str, str] | str = ""
    case: str | None = None
    workflow_type: WorkflowType = "STANDARD"
    expect: str = ""
    made_up: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Workflow:
    """One of the user's own, with all that stood on the table when it was last kept: nothing typed is left out."""

    name: str
    definition: str
    path: str | None = None
    """File name of the definition; its ending tells YAML from JSON."""
    workflow_type: WorkflowType = "STANDARD"
    mocks: str | None = None
    scenarios: tuple[Scenario, ...] = ()
    scenario: str = ""
    """The one chosen last."""
    input: str = "{}"
    case: str | None = None
    made_up: tuple[str, ...] = ()
    drafts: Mapping[str, str] = field(default_factory=dict)
    """By editor: text that does not make sense yet."""
    machine: str = ""
    """The example that it was made from, if any; its mocks answer under that name."""
    number: int = 0
    """Given by the archive, and never twice."""
    changed: int = 0
    """When it was last kept, in ms since 1970; given by the archive."""
    digest: str = ""
    """Equal for equal content, whatever the name; given by the archive."""


@dataclass(frozen=True, slots=True)
class Version:
    """What stood in a workflow earlier."""

    number: int
    changed: int
    """When it was written, in ms since 1970."""
    definition: str
    path: str | None = None
    mocks: str | None = None
    drafts: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class OwnPrices:
    """A table of prices that the user wrote, in the place of a region's."""

    region: str
    text: str
    changed: int = 0
