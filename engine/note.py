"""One visit to one state while it lasts: what it writes into the trace, and what its expressions can see.

`note.stage(name, value)` records and returns, so that recording never bends the sentence in `dataflow`. A note is also
the `Scope` of every expression of its visit. `Brief` leaves the stages out; `Quiet` writes nothing down but counts events all
the same, because event numbers appear in AWS's error texts and the history is limited.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from engine.errors import DATA_LIMIT, StatesError
from engine.expressions.scope import Scope
from engine.model import Expression, Rule, State
from engine.values import Json
from engine.world import timestamp

if TYPE_CHECKING:
    from random import Random

    from engine.execution import Join, Line, Run


def select(expression: Expression | None, value: Json, scope: Scope) -> Json:
    """The value as a field wants it; an absent field changes nothing."""
    return value if expression is None else expression.evaluate(value, scope)


RETRIABLE = frozenset(("Task", "Parallel", "Map"))


class Note:
    """State over the time of one visit. The class defaults are what most visits never change."""

    attempt = 0
    """Retries made so far in this visit."""
    result: Json = None
    has_result = False
    assigned: dict[str, Json] | None = None
    """What Assign made, to be written when the state is left."""
    error_output: Json = None
    goes: str | None = None
    """The next state, where it is not the state's own Next: by a rule, Default or a catcher."""
    rule: Rule | None = None
    """The Choice rule that held; its Assign and Output count then, instead of the state's."""
    join: Join | None = None
    """Where the branches or iterations of this attempt meet."""
    joined = False
    """Have they all ended well?"""
    left = False
    """Has the state been left?"""
    _context: dict[str, Json] | None = None
    _number: int | None = None

    def __init__(self, run: Run, line: Line, state: State, raw: Json) -> None:
        self.run = run
        self.line = line
        self.state = state
        self.raw = raw
        self.at = run.clock.now
        self.entered = event = run.events = run.events + 1
        if event >= run.limit:
            run.full()
        self.id = len(run.visits)
        run.visits.append((line.frame, state, len(run.moments)))
        run.moments.append(("entered", self.at, self.id, state.name, raw, event))
        line.note = self

    def stage(self, name: str, value: Json) -> Json:
        """The data as it is after this stage."""
        run = self.run
        run.moments.append(("stage", run.clock.now, self.id, name, value, 0))
        return value

    def event(self, kind: str, name: Any = None, value: Any = None) -> None:
        """A moment that is an event of the history."""
        run = self.run
        number = run.events = run.events + 1
        if number >= run.limit:
            run.full()
        run.moments.append((kind, run.clock.now, self.id, name, value, number))

    def mark(self, kind: str, name: Any = None, value: Any = None) -> None:
        """A moment that the history does not know."""
        run = self.run
        run.moments.append((kind, run.clock.now, self.id, name, value, 0))

    def checked(self, value: Json, what: str) -> Json:
        """The value, if it fits into AWS's payload limit. `what` is the state or resource that made it."""
        run = self.run
        if run.sizes.of(value) > run.world.payload_limit:
            raise StatesError(
                DATA_LIMIT,
                f"The state/task '{what}' returned a result with a size exceeding the maximum number of bytes service limit.",
            )
        return value

    def framed(self, error: StatesError) -> StatesError:
        """The error with AWS's sentence in front of its cause, where it asks for it."""
        if not error.framed:
            return error
        frame = f"An error occurred while executing the state '{self.state.name}' (entered at the event id #{self.entered}). "
        return StatesError(
            error.name, frame + (error.cause or ""), location=error.location, fatal=error.fatal, also=error.also
        )

    @property
    def next(self) -> str | None:
        """The name of the next state, None at the end of a flow."""
        return self.goes if self.goes is not None else self.state.next

    # What expressions see (`expressions.scope.Scope`).

    @property
    def variables(self) -> dict[str, Json]:
        return self.line.variables

    @property
    def random(self) -> Random:
        return self.run.random

    @property
    def now(self) -> int:
        return self.run.world.start + self.run.clock.now

    @property
    def token(self) -> str | None:
        """The task token of this attempt; each attempt has its own, and an old one is void."""
        state = self.state
        if state.type != "Task" or state.resource.pattern != "waitForTaskToken":
            return None
        return self.run.uuid("token", self.line.address, state.name, self.number, self.attempt)

    @property
    def number(self) -> int:
        """Which visit this is, among those to the same state in the same line."""
        if self._number is None:
            self._number = self.run.number(self.line.address + self.state.name)
        return self._number

    @property
    def states(self) -> dict[str, Json]:
        """JSONata's `$states`, without the context object, which is bound only where an expression names it."""
        states: dict[str, Json] = {"input": self.raw}
        if self.has_result:
            states["result"] = self.result
        if self.error_output is not None:
            states["errorOutput"] = self.error_output
        return states

    @property
    def context(self) -> dict[str, Json]:
        """The context object, built when somebody asks."""
        if self._context is None:
            state: dict[str, Json] = {
                "Name": self.state.name,
                "EnteredTime": timestamp(self.run.world.start + self.at),
            }
            if self.state.type in RETRIABLE:
                state["RetryCount"] = self.attempt
            context = {**self.run.context, "State": state}
            if self.token is not None:
                context["Task"] = {"Token": self.token}
            if self.line.item is not None:
                context["Map"] = {"Item": self.line.item}
            self._context = context
        return self._context

    def again(self) -> None:
        """Another attempt begins: a new count, a new token, a new context object."""
        self.attempt += 1
        self.has_result = self.joined = False
        self.assigned = self.join = self._context = None
        self.goes = self.rule = None


class Brief(Note):
    """A note that keeps what happened, and not the data between the stages: enough to count, to colour and to bill."""

    def stage(self, name: str, value: Json) -> Json:
        return value


class Quiet(Note):
    """A note that keeps no moments."""

    def __init__(self, run: Run, line: Line, state: State, raw: Json) -> None:
        self.run = run
        self.line = line
        self.state = state
        self.raw = raw
        self.at = run.clock.now
        self.entered = run.events = run.events + 1
        if run.events >= run.limit:
            run.full()
        self.id = -1
        line.note = self

    def stage(self, name: str, value: Json) -> Json:
        return value

    def event(self, kind: str, name: Any = None, value: Any = None) -> None:
        run = self.run
        run.events += 1
        if run.events >= run.limit:
            run.full()

    def mark(self, kind: str, name: Any = None, value: Any = None) -> None:
        pass


class Edited(Note):
    """A note in whose visit values were changed by hand: `World.edits`, by visit and stage."""

    def __init__(self, run: Run, line: Line, state: State, raw: Json) -> None:
        key = f"{line.address}{state.name}#{run.number(line.address + state.name)}"
        raw = run.world.edits.get(f"{key}:entered", raw)
        super().__init__(run, line, state, raw)
        self._number = int(key.rpartition("#")[2])
        self._key = key

    def stage(self, name: str, value: Json) -> Json:
        return super().stage(name, self.run.world.edits.get(f"{self._key}@{self.attempt}:{name}", value))


class ItemScope:
    """What an ItemSelector sees: its Map's visit, with one item in the context object."""

    __slots__ = ("_context", "_note", "item")

    def __init__(self, note: Note, item: dict[str, Json]) -> None:
        self._note = note
        self.item = item
        self._context: dict[str, Json] | None = None

    @property
    def variables(self) -> dict[str, Json]:
        return self._note.line.variables

    @property
    def random(self) -> Random:
        return self._note.run.random

    @property
    def now(self) -> int:
        return self._note.now

    @property
    def states(self) -> dict[str, Json]:
        return self._note.states

    @property
    def context(self) -> dict[str, Json]:
        if self._context is None:
            self._context = {**self._note.context, "Map": {"Item": self.item}}
        return self._context
