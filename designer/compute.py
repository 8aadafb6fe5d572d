"""Everything that is worth keeping between runs of the script: the one user of `st.cache_*`.

Caches are shared by all visitors, so they are keyed by content and bounded, and hold only what is never changed.
Foreign text is measured before it is read; a run is bounded by the engine's own quotas.
"""

from __future__ import annotations

import gc
import hashlib
import json
import random
import time
import uuid
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from typing import Any

import streamlit as st

from designer import examples as folder
from designer.components.canvas import to_props
from designer.examples import Example
from designer.session import Editor, Outcome, Setting
from engine.connectors import mock
from engine.cost import CHUNK_MB, Bill, Hindrance, WorkflowType, bill, hindrances, transitions
from engine.execution import run
from engine.graph import Graph, graph
from engine.model import Machine
from engine.parse import parse
from engine.prices import Prices, price_table
from engine.problems import Problem
from engine.source import Document, load, load_json
from engine.trace import Trace
from engine.validate import validate
from engine.world import World, nobody

LIMITS: dict[Editor, int] = {"definition": 1_048_576, "input": 262_144, "mocks": 1_048_576}
"""Most bytes of a foreign text. A definition and an input have AWS's quotas; mocks get as much as a definition."""

BATCH_SECONDS = 20
"""Real time after which a batch stops by itself and says how far it came."""


LONGEST = 3_600_000
"""Where the break-even plot ends: an hour, in ms."""
POINTS = 60


@dataclass(frozen=True, slots=True)
class Reading:
    """What was understood of a definition. `machine` is None when nothing in it can be run."""

    document: Any
    machine: Machine | None
    problems: tuple[Problem, ...]
    graph: Graph

    @property
    def has_errors(self) -> bool:
        return any(problem.severity == "error" for problem in self.problems)


@st.cache_resource(show_spinner=False)
def settle() -> bool:
    """Once per process: what the imports left behind is taken out of the collector's sight, which runs after each run."""
    gc.collect()
    gc.freeze()
    return True


@st.cache_resource(show_spinner=False, max_entries=1)
def examples() -> tuple[Example, ...]:
    return folder.load()


def example(name: str) -> Example | None:
    return next((example for example in examples() if example.name == name), None)


def read(text: str, path: str | None, workflow_type: str = "STANDARD") -> Reading:
    """Never raises: a text that is too long, no JSON, or no machine is a reading with problems."""
    return _read(_digest(text, path or "", workflow_type), text, path, workflow_type)


@st.cache_resource(show_spinner=False, max_entries=128)
def _read(key: str, _text: str, _path: str | None, _workflow_type: str) -> Reading:
    too_long = oversize("definition", _text)
    if too_long:
        return Reading(None, None, (too_long,), graph(None))
    document = load(_text, path=_path)
    if document.value is None:
        return Reading(None, None, document.problems, graph(None))
    machine, found = parse(document.value)
    checked = validate(document.value, workflow_type=_workflow_type)
    problems = tuple(_located(problem, document) for problem in _once((*document.problems, *checked, *found)))
    return Reading(document.value, machine, problems, graph(document.value, problems))


def _once(problems: tuple[Problem, ...]) -> Iterator[Problem]:
    seen = set()
    for problem in problems:
        if (problem.at, problem.message) not in seen:
            seen.add((problem.at, problem.message))
            yield problem


def _located(problem: Problem, document: Document) -> Problem:
    if problem.line is not None:
        return problem
    place = document.position(problem.at)
    return replace(problem, line=place[0], column=place[1]) if place else problem


def oversize(editor: Editor, text: str) -> Problem | None:
    """A problem when a text is longer than we read."""
    size, limit = len(text.encode("utf-8", "surrogatepass")), LIMITS[editor]
    if size <= limit:
        return None
    params = {"size": size, "limit": limit}
    return Problem("text-too-long", "/", f"This text has {size} bytes; at most {limit} are read.", params=params)


def problems_of(editor: Editor, text: str, path: str | None) -> tuple[Problem, ...]:
    """What is wrong with a text as it stands in an editor."""
    if editor == "definition":
        return read(text, path).problems
    too_long = oversize(editor, text)
    if too_long:
        return (too_long,)
    if editor == "mocks" and not text.strip():
        return ()
    value, problem = load_json(text, editor)
    if problem is not None:
        return (problem,)
    if editor == "input":
        return ()
    return tuple(_mock_problems(value))


def _mock_problems(config: Any) -> Iterator[Problem]:
    """Every test case is tried, so that a mistake shows before its scenario is run."""
    machines = config.get("StateMachines") if isinstance(config, dict) else None
    cases = [
        (machine, case)
        for machine, told in (machines.items() if isinstance(machines, dict) else ())
        for case in (told.get("TestCases") or () if isinstance(told, dict) else ())
    ]
    for machine, case in cases or [(None, "")]:
        try:
            mock.load_mocks(config, case, machine)
        except mock.MockProblem as problem:
            yield Problem("mocks-unusable", "/", str(problem))


def usable(editor: Editor, text: str, path: str | None) -> bool:
    """Can this text become the truth? A definition needs a machine; hints and lint do not stand in its way."""
    if editor == "definition":
        return read(text, path).machine is not None
    return not any(problem.severity == "error" for problem in problems_of(editor, text, path))


def trace(setting: Setting) -> Trace | None:
    """The run that follows from a setting; None when it cannot be run, which its editors explain."""
    return _trace(_setting_digest(setting), setting)


@st.cache_resource(show_spinner=False, max_entries=64)
def _trace(key: str, _setting: Setting) -> Trace | None:
    return _run(_setting)


def player(setting: Setting, definition: str | None = None) -> tuple[Reading, Trace | None, dict[str, Any]]:
    """What the player shows, made once: reading, trace and their JSON.

    `definition` is a text in the editor that is no truth yet: it is drawn as far as it can be, without a run, because a
    run of another text must not colour it. One that gives no graph at all leaves the last good one.
    """
    return _player(_setting_digest(setting), definition, setting)


@st.cache_resource(show_spinner=False, max_entries=32)
def _player(key: str, definition: str | None, _setting: Setting) -> tuple[Reading, Trace | None, dict[str, Any]]:
    reading, done = read(_setting.definition, _setting.path, _setting.workflow_type), trace(_setting)
    if definition is not None:
        attempt = read(definition, _setting.path, _setting.workflow_type)
        if attempt.graph.nodes:
            reading, done = attempt, None
    return reading, done, to_props(reading.graph, done, document=reading.document)


def outcome(setting: Setting) -> Outcome | None:
    """A run as a row of the table."""
    done = trace(setting)
    return None if done is None else _outcome(done)


def batch(rows: list[tuple[str, Setting]]) -> Iterator[tuple[str, Setting, Outcome]]:
    """The rows as they are done; stops after `BATCH_SECONDS`, so fewer may come than were asked for."""
    deadline = time.monotonic() + BATCH_SECONDS
    for scenario, setting in rows:
        if time.monotonic() > deadline:
            return
        done = _run(setting)
        if done is not None:
            yield scenario, setting, _outcome(done)


def _run(setting: Setting) -> Trace | None:
    machine = read(setting.definition, setting.path).machine
    if machine is None:
        return None
    value, problem = load_json(setting.input)
    if problem is not None:
        return None
    connector = nobody
    if setting.mocks and setting.case:
        try:
            connector = _mocks(setting.mocks, setting.case)
        except mock.MockProblem:
            return None
    world = World(
        connector=connector,
        start=World().start + setting.delay,
        seed=setting.seed,
        workflow_type=setting.workflow_type,
        name=execution_name(setting),
        machine_name=setting.machine,
    )
    return run(machine, value, world)


def execution_name(setting: Setting) -> str:
    """A name in the form of AWS's, the same for the same dice."""
    return str(uuid.UUID(int=random.Random(f"{setting.machine} {setting.seed}").getrandbits(128), version=4))


def _mocks(text: str, case: str) -> Any:
    return mock.load_mocks(json.loads(text), case)


def _outcome(done: Trace) -> Outcome:
    return Outcome(
        name=done.name,
        status=done.status,
        started=done.started_at,
        duration=done.duration,
        transitions=transitions(done),
        cost=bill(done, prices()).total,
        error=done.error,
        caught=any(moment[0] == "caught" for moment in done.raw),
    )


@dataclass(frozen=True, slots=True)
class Bills:
    """Both bills of one run for a number of executions, what each type costs per 1, 1,000 and 1,000,000, and what
    keeps the workflow from being Express."""

    standard: Bill
    express: Bill
    per: Mapping[WorkflowType, dict[int, Decimal]]
    hindrances: tuple[Hindrance, ...]


@dataclass(frozen=True, slots=True)
class Curve:
    """Bills over the duration of one execution, all else being equal. `crossing` is the ms at which Express stops being
    the cheaper one, None when that is not within the plot."""

    durations: tuple[int, ...]
    standard: tuple[float, ...]
    express: tuple[float, ...]
    crossing: int | None


def prices() -> Prices:
    return price_table()


def memory_estimate(setting: Setting) -> int:
    """MB that an Express execution of this run is billed for, as far as it can be told from here."""
    done = trace(setting)
    if done is None or not done.visits:
        return CHUNK_MB
    return bill(done, prices(), "EXPRESS").billed_mb


def bills(setting: Setting, executions: int, memory: int | None) -> Bills:
    """Both bills of a run that can be made; a caller has seen to that."""
    done = trace(setting)
    if done is None:
        raise ValueError("no run to bill")

    def of(kind: WorkflowType, count: int) -> Bill:
        return bill(done, prices(), kind, executions=count, memory_mb=memory)

    kinds: tuple[WorkflowType, ...] = ("STANDARD", "EXPRESS")
    per = {kind: {count: of(kind, count).total for count in (1, 1_000, 1_000_000)} for kind in kinds}
    return Bills(of("STANDARD", executions), of("EXPRESS", executions), per, hindrances(done))


def break_even(setting: Setting, executions: int, memory: int | None) -> Curve:
    return _break_even(_setting_digest(setting), executions, memory, setting)


@st.cache_resource(show_spinner=False, max_entries=64)
def _break_even(key: str, executions: int, memory: int | None, _setting: Setting) -> Curve:
    """The same trace as if it had taken longer or shorter, billed again: tiers and rounding included."""
    done = trace(_setting)
    if done is None:
        raise ValueError("no run to bill")
    size = memory or memory_estimate(_setting)

    def total(kind: WorkflowType, duration: int) -> Decimal:
        return bill(replace(done, duration=duration), prices(), kind, executions=executions, memory_mb=size).total

    standard = total("STANDARD", done.duration)
    durations = tuple(round(100 * (LONGEST / 100) ** (step / (POINTS - 1))) for step in range(POINTS))
    express = tuple(total("EXPRESS", duration) for duration in durations)
    crossing = None
    if express[0] < standard < express[-1]:
        low, high = 100, LONGEST
        while high - low > 100:
            middle = (low + high) // 2
            low, high = (middle, high) if total("EXPRESS", middle) <= standard else (low, middle)
        crossing = low // 100 * 100
    return Curve(durations, (float(standard),) * POINTS, tuple(map(float, express)), crossing)


def _digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _setting_digest(setting: Setting) -> str:
    return _digest(repr(setting))
