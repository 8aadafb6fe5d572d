"""What one visitor has before them: a frozen record, replaced as a whole by every action.

The *truth* is what last made sense (definition, input, mocks); a *draft* is what stands in an editor and does not make
sense yet. Nothing typed is thrown away, and nothing wrong is run. The trace is not here: it follows from the `Setting`,
so it is derived (`compute.trace`) and never stored.
"""

from __future__ import annotations

import hashlib
from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from decimal import Decimal
from typing import Literal

WorkflowType = Literal["STANDARD", "EXPRESS"]
Editor = Literal["definition", "input", "mocks"]
EDITORS: tuple[Editor, ...] = ("definition", "input", "mocks")
Tool = Literal[
    "definition", "input", "mocks", "scenarios", "change", "service", "runs", "expression", "recording", "share"
]
"""What can stand in the drawer beside the player."""

MOST_RUNS = 2_000
"""Executions that a session remembers; the oldest go first."""

MOST_CHANGES = 50
"""Changes in a row; each is run on from the one before."""

MOST_EDITS = 200
"""Earlier texts of the definition that can be gone back to; the oldest go first."""


@dataclass(frozen=True, slots=True)
class Edition:
    """A text of the definition, as it stood in the editor. Its path goes along, because its ending tells JSON from YAML."""

    text: str = field(repr=False)
    path: str | None
    selected: tuple[str, ...] = ()
    """The states that were selected then."""
    renamed: tuple[tuple[str, str], ...] = ()
    """Old and new names of the states that the edit between this text and the next one renamed."""


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
    expect: str = ""
    """What is expected of the run, as JSON text (see `engine.scenarios`); empty expects nothing."""
    made_up: tuple[str, ...] = ()
    """Tasks that get made-up answers."""


@dataclass(frozen=True, slots=True)
class Change:
    """Something done to a run in its middle; the run with it is the run without it, run on from there.

    | kind | moment | text |
    |---|---|---|
    | `value` | whose value is another: an input of a state, a stage, a result | the value |
    | `answer` | at which the call was made or parked | the answer: `{"output"}`, `{"error", "cause"}` or `{"timeout"}`, and `delay`, `heartbeats` in ms |
    | `input` | — | the input before |
    | `definition` | — | the definition before |
    """

    kind: Literal["value", "answer", "input", "definition"]
    moment: int = -1
    text: str = ""


@dataclass(frozen=True, slots=True)
class Recording:
    """An execution history that was opened."""

    name: str
    """Of its file."""
    digest: str
    text: str = field(repr=False, compare=False)
    simulated: bool = False
    """Not the recording itself, but a run of the definition that gets the recorded replies."""


def recording_of(name: str, text: str, *, simulated: bool = False) -> Recording:
    """The recording in a text; its digest is always our own, because what is remembered of it is kept under that."""
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    return Recording(name, digest, text, simulated)


@dataclass(frozen=True, slots=True)
class Descent:
    """A step into a child execution: the one at `place` among those that `visit` started, when the reader was at `moment`."""

    visit: int
    place: int
    moment: int


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
    made_up: tuple[str, ...] = ()
    recording: Recording | None = None
    changes: tuple[Change, ...] = ()
    """In the order in which they were made."""

    @property
    def before(self) -> Setting:
        """The setting before its last change; of an unchanged one, itself."""
        if not self.changes:
            return self
        *earlier, last = self.changes
        told = {last.kind: last.text} if last.kind in ("input", "definition") else {}
        return replace(self, changes=tuple(earlier), **told)


@dataclass(frozen=True, slots=True)
class Own:
    """Which workflow of the visitor's library stands on the table."""

    number: int = 0
    """0 for none: an example, a link, or what was never kept."""
    name: str = ""
    """As it is kept; another title on the table is a new name for it."""
    base: str | None = None
    """What was on the table when it was opened or kept last, as a digest: what differs from it is kept. None until that
    is taken; empty for what is kept at once."""
    seen: str = ""
    """Digest of what stands in the library, as far as this table knows; empty for an older state on the table."""
    opening: int = 0
    """Tells one opening in this visit from another; 0 until it is counted."""


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
    parent: int = 0
    """The run it was forked from; 0 for none."""
    own: Own = Own()
    """The workflow of the library that was run."""


@dataclass(frozen=True, slots=True)
class Notice:
    """A sentence about something that was refused; it stays until it is put away."""

    text: str
    """An English msgid."""
    values: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Session:
    language: str = "en"
    workflow: str = ""
    """Folder name of the example; empty for an own definition or none."""
    title: Mapping[str, str] | str = ""
    own: Own = Own()
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
    made_up: tuple[str, ...] = ()
    recording: Recording | None = None
    changes: tuple[Change, ...] = ()
    cursor: int | None = None
    """The moment at which the player stands, as far as it was told; None for the beginning."""
    inside: tuple[Descent, ...] = ()
    """The way into child executions, from the execution on the table inwards."""
    inner: int | None = None
    """The moment at which the player stands when it comes to the innermost of them."""
    order: int = 0
    """Grows with each wish that the player goes to `cursor`."""
    run: int = 0
    """Number of the execution that is on the table; 0 when it was not run as it stands."""
    typed: Mapping[str, str] = field(default_factory=dict)
    """What stands in the boxes of the drawers, by box, until it is used."""
    past: tuple[Edition, ...] = ()
    """What the definition was before each edit, oldest first: one stack for canvas, form, code and fixes."""
    future: tuple[Edition, ...] = ()
    """What was undone, the next to be done again last."""
    typing: int = -1
    """Where the last edit by typing ended, while another keystroke there belongs to the same edit; else -1."""
    edition: int = 0
    """Grows with every new text of the definition, so that a view knows an answer to an older one."""
    selected: tuple[str, ...] = ()
    """Ids of the states that are selected on Design, the one looked at first."""
    notice: Notice | None = None
    link: tuple[str, Setting] | None = None
    """The link that this was opened by, and what it opened."""
    paste: str = ""
    """What stands in the box for an own definition."""
    paste_path: str | None = None
    """Name of the file it came from, if it came from one."""
    drawer: Tool | None = None
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
    def text(self) -> str:
        """The definition as it stands in the editors: the draft where there is one, else the truth."""
        return self.drafts.get("definition", self.definition)

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
            made_up=self.made_up,
            recording=self.recording,
            changes=self.changes,
        )
