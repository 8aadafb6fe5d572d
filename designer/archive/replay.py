"""A stored execution opens again by running it again: the same definition, input and tape give the same trace.

The engine goes on being mended, and then an old execution may come out otherwise. So the outcome is compared with what
was stored, and where they part, the reason is said.
"""

from __future__ import annotations

import hashlib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cache
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Literal

import engine
from designer.archive.records import Execution, Result
from engine import parse, source
from engine.cost import transitions
from engine.execution import run
from engine.trace import Trace
from engine.values import canonical
from engine.world import World

Reason = Literal["definition-unusable", "input-unusable", "engine-changed", "outcome-differs"]


class NotReopened(Exception):
    """The execution cannot be shown as it was. The message is a sentence; `trace` is what comes of it today, if anything."""

    def __init__(self, reason: Reason, message: str, trace: Trace | None = None) -> None:
        super().__init__(message)
        self.reason = reason
        self.trace = trace


@dataclass(frozen=True, slots=True)
class Reopened:
    """The execution, run again with the same outcome."""

    trace: Trace
    engine_changed: bool
    """The engine is another one than that which ran it; this execution comes out the same."""
    definition_changed: bool
    """The workflow of this name has another definition by now; this trace is that of the definition that was run."""


def reopen(execution: Execution, definition_now: str | None = None) -> Reopened:
    """Run a stored execution again. `definition_now` is what stands under the name of its workflow today, if that is known.

    Raises NotReopened with the reason when the outcome is not the one that was stored.
    """
    machine = parse.parse(source.load(execution.definition, path=execution.path).value)[0]
    changed = execution.engine != engine_version()
    since = f" The engine has changed since ({execution.engine} then, {engine_version()} now)." if changed else ""
    if machine is None:
        raise NotReopened(
            "definition-unusable", f"The definition of execution {execution.name} cannot be run any more.{since}"
        )
    value, problem = source.load_json(execution.input)
    if problem is not None:
        raise NotReopened("input-unusable", f"The input of execution {execution.name} is not JSON: {problem.message}")
    world = World(
        tape=execution.tape,
        start=execution.start,
        seed=execution.seed,
        workflow_type=execution.workflow_type,
        name=execution.name,
        machine_name=execution.machine,
    )
    trace = run(machine, value, world)
    parted = list(_parted(execution.result, result_of(trace)))
    if parted:
        told = f"Execution {execution.name} comes out otherwise today: {'; '.join(parted)}."
        raise NotReopened("engine-changed" if changed else "outcome-differs", told + since, trace)
    return Reopened(trace, changed, definition_now is not None and definition_now != execution.definition)


def result_of(trace: Trace) -> Result:
    """What a run came to, to be stored with it."""
    output = "" if trace.status != "SUCCEEDED" else hashlib.sha256(_bytes(canonical(trace.output))).hexdigest()
    taken = transitions(trace) if trace.visits else 0
    return Result(trace.status, trace.error, trace.cause, output, trace.duration, taken, trace.events)


def _parted(then: Result, now: Result) -> Iterator[str]:
    for name, what in (
        ("status", "status"),
        ("error", "error"),
        ("cause", "cause"),
        ("duration", "duration in ms"),
        ("transitions", "transitions"),
        ("events", "events"),
    ):
        before, after = getattr(then, name), getattr(now, name)
        if before != after:
            yield f"{what} was {_shown(before)} and is {_shown(after)}"
    if then.output != now.output and then.status == now.status:
        yield "the output is another one"


def _shown(value: object) -> str:
    said = "none" if value is None else str(value)
    return said if len(said) <= 80 else said[:79] + "…"


@cache
def engine_version() -> str:
    """The version with a digest of the engine's own code: any change of it may change what comes out."""
    try:
        told = version("paso")
    except PackageNotFoundError:
        told = "0"
    folder = Path(engine.__file__).parent
    code = hashlib.sha256()
    for file in sorted(folder.rglob("*.py")):
        code.update(file.relative_to(folder).as_posix().encode() + b"\0" + file.read_bytes() + b"\0")
    return f"{told}+{code.hexdigest()[:12]}"


def _bytes(text: str) -> bytes:
    return text.encode("utf-8", "surrogatepass")
