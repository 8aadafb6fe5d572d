"""What one visitor has before them: a frozen record, replaced as a whole by every action.

The *truth* is what last made sense (definition, input, mocks); a *draft* is what stands in an editor and does not make
sense yet. Nothing typed is thrown away, and nothing wrong is run. The trace is not here: it follows from the `Setting`,
so it is derived (`compute.trace`) and never stored.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from decimal import Decimal
from typing import Literal

WorkflowType = Literal["STANDARD", "EXPRESS"]
Editor = Literal["definition", "input", "mocks"]
EDITORS: tuple[Editor, ...] = ("definition", "input", "mocks")

MOST_RUNS = 2_000
"""Executions that a session remembers; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Scenario:
    """One way to run a workflow: an input, and which test case of the mocks answers its tasks."""

    name: str
    title: Mapping[str, str] | str
    """By language, or one text for all."""
    input: str
    """JSON text."""
    case: str | None = None
    workflow_type: WorkflowType = "STANDARD"


@dataclass(frozen=True, slots=True)
class Setting:
    """All that decides a run: the same setting gives the same trace, moment by moment."""

    definition: str
    path: str | None
    """File name of the definition, if known; its ending tells YAML from JSON."""
    input: str
    mocks: str | None = None
    case: str | None = None
    workflow_type: WorkflowType = "STANDARD"
    machine: str = "workflow"
    seed: int = 0
    delay: int = 0
    """Milliseconds after the simulated calendar's start at which this execution begins."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a run came to, in a row: enough for a table and a bill, without its trace."""

    name: str
    status: str
    started: int
    """ms since 1970, on the simulated calendar."""
    duration: int
    """Virtual ms."""
    transitions: int
    cost: Decimal
    error: str | None = None
    caught: bool = False
    """Some error was caught on the way."""


@dataclass(frozen=True, slots=True)
class Run:
    """An execution of this session: run again by its setting whenever somebody looks at it."""

    number: int
    scenario: str
    setting: Setting
    outcome: Outcome


@dataclass(frozen=True, slots=True)
class Session:
    language: str = "en"
    workflow: str = ""
    """Folder name of the example; empty for an own definition or none."""
    title: Mapping[str, str] | str = ""
    definition: str = ""
    path: str | None = "workflow.asl.json"
    mocks: str | None = None
    scenarios: tuple[Scenario, ...] = ()
    scenario: str = ""
    input: str = "{}"
    case: str | None = None
    """The test case of the mocks that answers; it outlives edits of the input."""
    workflow_type: WorkflowType = "STANDARD"
    seed: int = 0
    delay: int = 0
    drafts: Mapping[str, str] = field(default_factory=dict)
    """By editor: text that cannot be used as it stands."""
    paste: str = ""
    """What stands in the box for an own definition."""
    paste_path: str | None = None
    """Name of the file it came from, if it came from one."""
    drawer: Editor | None = None
    revision: int = 0
    """Grows when the editors' texts are replaced from outside, so that their widgets are made anew."""
    runs: tuple[Run, ...] = ()
    next_run: int = 1
    count: int = 1_000_000
    """Executions to compare the costs of."""
    memory: int | None = None
    """MB that an Express execution is billed for; None leaves it to an estimate."""

    @property
    def is_open(self) -> bool:
        """Is there a workflow to look at?"""
        return bool(self.definition)

    @property
    def chosen(self) -> Scenario | None:
        """The scenario chosen last."""
        return next((scenario for scenario in self.scenarios if scenario.name == self.scenario), None)

    @property
    def setting(self) -> Setting:
        return Setting(
            definition=self.definition,
            path=self.path,
            input=self.input,
            mocks=self.mocks,
            case=self.case,
            workflow_type=self.workflow_type,
            machine=self.workflow or "workflow",
            seed=self.seed,
            delay=self.delay,
        )
