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
from collections.abc import Callable, Iterator
from dataclasses import dataclass, replace
from typing import Any

import streamlit as st

from designer import answers
from designer import examples as folder
from designer import inside as children
from designer.components.canvas import to_props
from designer.components.canvas.spoken import spoken
from designer.components.canvas.wording import translated
from designer.examples import Example, History
from designer.session import Descent, Editor, Outcome, Recording, Scenario, Setting
from designer.standalone import page
from designer.texts import Texts
from engine import audit, export, fork, recorded, rewrite, stopping
from engine.audit import Audit
from engine.compare import Row, aligned, first_difference
from engine.connectors import first_of, mock
from engine.connectors.generated import generated
from engine.connectors.nested import Member, nested
from engine.cost import CHUNK_MB, bill, transitions
from engine.coverage import Coverage, coverage
from engine.drawn import drawn
from engine.execution import run
from engine.graph import Graph, graph
from engine.merged import Merged, merged
from engine.model import Machine
from engine.parse import parse
from engine.prices import Prices, price_table
from engine.problems import Problem
from engine.questions import Unreadable, question
from engine.scenarios import ScenarioProblem, Verdict, verdicts
from engine.source import Document, load, load_json
from engine.statused import statused
from engine.stopping import Breakpoint, Stops
from engine.trace import Call, Trace
from engine.validate import validate
from engine.watching import Watched, watch
from engine.world import Answer, World, nobody

LIMITS: dict[Editor, int] = {"definition": 1_048_576, "input": 262_144, "mocks": 1_048_576}
"""Most bytes of a foreign text. A definition and an input have AWS's quotas; mocks get as much as a definition."""

Way = tuple[Descent, ...]
"""From the run on the table into its child executions."""

QUESTION_SECONDS = 1.5
"""Real time after which a condition or a watch is given up, and says how far it came."""

BATCH_SECONDS = 20
"""Real time after which a batch stops by itself and says how far it came."""


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


@st.cache_resource(show_spinner=False, max_entries=1)
def histories() -> tuple[History, ...]:
    return folder.histories()


def example(name: str) -> Example | None:
    return next((example for example in examples() if example.name == name), None)


def read(text: str, path: str | None, workflow_type: str = "STANDARD") -> Reading:
    """Never raises: a text that is too long, no JSON, or no machine is a reading with problems."""
    return _read(digest(text, path or "", workflow_type), text, path, workflow_type)


@st.cache_resource(show_spinner=False, max_entries=128)
def _read(key: str, _text: str, _path: str | None, _workflow_type: str) -> Reading:
    too_long = oversize("definition", _text)
    if too_long:
        return Reading(None, None, (too_long,), graph(None))
    document = load(_text, path=_path)
    if document.value is None:
        return Reading(None, None, document.problems, drawn(document))
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


@dataclass(frozen=True)
class Compared:
    """Two versions of a workflow beside each other, and their graph as an SVG, empty where none can be drawn."""

    merged: Merged
    svg: str


def compared(before: str, before_path: str | None, after: str, after_path: str | None, t: Texts) -> Compared | Problem:
    """Two definitions compared, or what is wrong with the one that cannot be read."""
    for text, path in ((before, before_path), (after, after_path)):
        reading = read(text, path)
        if reading.document is None:
            return reading.problems[0]
    key = digest(before, before_path or "", after, after_path or "", t.language)
    return _compared(key, before, before_path, after, after_path, t)


@st.cache_resource(show_spinner=False, max_entries=16)
def _compared(
    key: str, _before: str, _before_path: str | None, _after: str, _after_path: str | None, _t: Texts
) -> Compared:
    both = merged(read(_before, _before_path).document, read(_after, _after_path).document)
    try:
        return Compared(both, export.picture(both.graph, "svg", looks=export.of_marks(both, _t)).decode())
    except export.ExportProblem:
        return Compared(both, "")


def substitutions(text: str, path: str | None) -> dict[str, Any]:
    """What a template on the table puts in for its `${…}`."""
    return dict(load(text, path=path).substitutions)


def exported(setting: Setting, text: str, format: str, sideways: bool, with_run: bool, t: Texts) -> bytes:
    """The graph of a text as a picture or as text for other programs, with how the run of a setting went on it."""
    drawing = read(text, setting.path, setting.workflow_type).graph
    ran = trace(setting) if with_run else None
    looks = None if ran is None else export.of_run(statused(drawing, ran), t)
    return export.export(drawing, format, "LR" if sideways else "TB", looks)


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
    known = None if done is None else children.startable(done, members())
    return reading, done, to_props(reading.graph, done, document=reading.document, nested=known)


def stops(setting: Setting, way: Way, point: Breakpoint, condition: str) -> Stops | Unreadable:
    """Where in the run a breakpoint stops under its condition; or what is wrong with that."""
    return _stops(digest(_setting_digest(setting), repr((way, point)), condition), setting, way, point, condition)


@st.cache_resource(show_spinner=False, max_entries=256)
def _stops(key: str, _setting: Setting, _way: Way, _point: Breakpoint, _condition: str) -> Stops | Unreadable:
    try:
        asked = question(_condition)
    except Unreadable as wrong:
        return wrong
    done = seen(_setting, _way)
    return Stops((), 0) if done is None else stopping.stops(done, _point, asked, _soon())


def watched(setting: Setting, way: Way, text: str) -> tuple[str, Watched] | Unreadable:
    """The language of a watch and its answers along the run; or what is wrong with it."""
    return _watched(digest(_setting_digest(setting), repr(way), text), setting, way, text)


@st.cache_resource(show_spinner=False, max_entries=256)
def _watched(key: str, _setting: Setting, _way: Way, _text: str) -> tuple[str, Watched] | Unreadable:
    try:
        asked = question(_text)
    except Unreadable as wrong:
        return wrong
    done = seen(_setting, _way)
    return asked.language, Watched(()) if done is None else watch(done, asked, _soon())


def _soon() -> Callable[[], bool]:
    """Says when a question has had its time."""
    deadline = time.monotonic() + QUESTION_SECONDS
    return lambda: time.monotonic() > deadline


@dataclass(frozen=True, slots=True)
class Inside:
    """A child execution as the player shows it. `place` says where it is, for the browser."""

    graph: Graph
    document: Any
    trace: Trace
    props: dict[str, Any]
    place: dict[str, Any]


def inside(setting: Setting, way: Way) -> Inside | None:
    """The child execution at the end of a way; None for no way, or one that this run does not have."""
    return _inside(digest(_setting_digest(setting), repr(way)), setting, way) if way else None


@st.cache_resource(show_spinner=False, max_entries=16)
def _inside(key: str, _setting: Setting, _way: Way) -> Inside | None:
    top = trace(_setting)
    found = None if top is None else children.below(top, _way, members())
    if found is None:
        return None
    document = found.trace.machine.document
    own = read(_setting.definition, _setting.path, _setting.workflow_type)
    drawn = own.graph if document is own.document else graph(document)
    known = children.startable(found.trace, members())
    props = to_props(drawn, found.trace, document=document, nested=known, item=found.item)
    place = {
        "crumbs": [{"kind": kind, "name": name} for kind, name in found.crumbs],
        "machine": found.trace.world.machine_name,
        "place": found.place,
        "siblings": [[index, index, one.status, one.duration, one.error] for index, one in enumerate(found.siblings)],
    }
    return Inside(drawn, document, found.trace, props, place)


@st.cache_resource(show_spinner=False, max_entries=1)
def members() -> dict[str, Member]:
    """The machines that a task can start: the workflows that come with Paso, each with its first scenario's mocks."""
    found: dict[str, Member] = {}
    for one in examples():
        machine = read(one.definition, one.path, one.workflow_type).machine
        case = one.scenarios[0].case if one.scenarios else None
        if machine is not None:
            answer = _mocks(one.mocks, case) if one.mocks and case else nobody
            found[one.name] = Member(machine, one.workflow_type, answer)
    return found


def seen(setting: Setting, way: Way) -> Trace | None:
    """The run that the player shows: the one on the table, or a child execution in it."""
    found = inside(setting, way)
    return trace(setting) if found is None else found.trace


def audits(setting: Setting, visit: int) -> list[Audit]:
    """How the expressions of a visit came to their values, in the order in which the data met them."""
    return _audits(_setting_digest(setting), visit, setting)


@st.cache_resource(show_spinner=False, max_entries=64)
def _audits(key: str, visit: int, _setting: Setting) -> list[Audit]:
    done = trace(_setting)
    if done is None or visit >= len(done.visits):
        return []
    return [one for stage in audit.stages(done, visit) for one in audit.audit(done, visit, stage)]


@dataclass(frozen=True, slots=True)
class Rewritten:
    """A state in the other query language, and both tried on what the state met; no verdict where it cannot be said."""

    rewriting: rewrite.Rewriting
    verdict: rewrite.Verdict | None


def rewriting(setting: Setting, visit: int) -> Rewritten | None:
    """The state of a visit in the other query language; None where it is not in the definition."""
    return _rewriting(_setting_digest(setting), visit, setting)


@st.cache_resource(show_spinner=False, max_entries=64)
def _rewriting(key: str, visit: int, _setting: Setting) -> Rewritten | None:
    done = trace(_setting)
    if done is None or visit >= len(done.visits):
        return None
    state = done.visits[visit].state
    made = rewrite.rewritten(done.machine.document, state.at, "JSONPath" if state.language == "JSONata" else "JSONata")
    if made.state is None and not made.part:
        return Rewritten(made, None) if made.reasons else None
    return Rewritten(made, rewrite.checked(done, visit, made) if made.state is not None else None)


@dataclass(frozen=True, slots=True)
class Judged:
    """A scenario, how its run came out, and what it was expected to be. `wrong` says why there is no run or verdict."""

    scenario: Scenario
    setting: Setting
    outcome: Outcome | None
    verdicts: tuple[Verdict, ...] = ()
    wrong: str = ""

    @property
    def ok(self) -> bool | None:
        """None where nothing is expected."""
        if self.wrong or self.outcome is None:
            return False
        return all(verdict.ok for verdict in self.verdicts) if self.verdicts else None


def judged(scenario: Scenario, setting: Setting) -> Judged:
    """A scenario run and laid beside what is expected of it."""
    done = trace(setting)
    if done is None:
        return Judged(scenario, setting, None, wrong="This cannot be run as it stands.")
    if not scenario.expect.strip():
        return Judged(scenario, setting, _outcome(done))
    expected, problem = load_json(scenario.expect, "expect")
    if problem is not None:
        return Judged(scenario, setting, _outcome(done), wrong=problem.message)
    try:
        return Judged(scenario, setting, _outcome(done), verdicts(done, expected))
    except ScenarioProblem as wrong:
        return Judged(scenario, setting, _outcome(done), wrong=str(wrong))


def covered(definition: str, path: str | None, settings: tuple[Setting, ...]) -> Coverage:
    """What the runs of these settings touch of a definition."""
    runs = [done for done in map(trace, settings) if done is not None]
    return coverage(read(definition, path).graph, runs)


def standalone(setting: Setting, cursor: int | None, title: str, t: Texts) -> bytes:
    """The run as one HTML page, standing at a moment."""
    _, _, props = player(setting)
    start = {"cursor": cursor, "selected": None, "order": 0}
    shown = {"texts": translated(t), "locale": t.language, "height": "window", "start": start, "problems": True}
    reports = {"reports": {"cursor": False, "select": False}}
    props = {**props, "graph": spoken(props, t)}
    return page({**props, **shown, **reports}, title=title, language=t.language).encode("utf-8", "surrogatepass")


def outcome(setting: Setting) -> Outcome | None:
    """A run as a row of the table."""
    done = trace(setting)
    return None if done is None else _outcome(done)


def parting(one: Setting, other: Setting) -> tuple[int, int] | None:
    """The moments at which two runs part, one of each; None when they do not, or one of them cannot be made."""
    return _parting(_setting_digest(one), _setting_digest(other), one, other)


@st.cache_resource(show_spinner=False, max_entries=64)
def _parting(key: str, other_key: str, _one: Setting, _other: Setting) -> tuple[int, int] | None:
    left, right = trace(_one), trace(_other)
    if left is None or right is None:
        return None
    if any(setting.recording and not setting.recording.simulated for setting in (_one, _other)):
        return first_difference(left, right)
    at = fork.parting(left, right)
    return None if at is None else (min(at, len(left) - 1), min(at, len(right) - 1))


def side_by_side(one: Setting, other: Setting) -> tuple[Row, ...]:
    """Every place of two runs; nothing where one of them cannot be made."""
    return _side_by_side(_setting_digest(one), _setting_digest(other), one, other)


@st.cache_resource(show_spinner=False, max_entries=16)
def _side_by_side(key: str, other_key: str, _one: Setting, _other: Setting) -> tuple[Row, ...]:
    left, right = trace(_one), trace(_other)
    return () if left is None or right is None else aligned(left, right)


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
    if setting.changes:
        return _changed(setting)
    machine = read(setting.definition, setting.path).machine
    if machine is None:
        return None
    if setting.recording is not None:
        return _recorded(setting, setting.recording, machine)
    value, problem = load_json(setting.input)
    if problem is not None:
        return None
    connector = _connector(setting)
    if connector is None:
        return None
    world = _world(setting, connector)
    world = replace(world, connector=first_of(connector, nested(members(), world, nobody)))
    return run(machine, value, world)


def _world(setting: Setting, connector: Answer) -> World:
    return World(
        connector=connector,
        start=World().start + setting.delay,
        seed=setting.seed,
        workflow_type=setting.workflow_type,
        name=execution_name(setting),
        machine_name=setting.machine,
    )


def _connector(setting: Setting) -> Answer | None:
    """Who answers: the mocks of the case, then what is made up; None when the mocks cannot be used.

    Behind them stand the workflows that come with Paso, for tasks that start one of them.
    """
    asked: list[Answer] = []
    if setting.mocks and setting.case:
        try:
            asked.append(_mocks(setting.mocks, setting.case))
        except mock.MockProblem:
            return None
    if setting.made_up:
        made = generated(read(setting.definition, setting.path).document)
        asked.append(lambda call: made(call) if call.state in setting.made_up else None)
    return first_of(*asked) if asked else nobody


def _changed(setting: Setting) -> Trace | None:
    """The run before the last change, run on with it."""
    before, change = trace(setting.before), setting.changes[-1]
    if before is None or change.moment >= len(before):
        return None
    match change.kind:
        case "value":
            try:
                return fork.edited(before, change.moment, json.loads(change.text))
            except fork.NotEditable:
                return None
        case "answer":
            call = before[change.moment].value
            if not isinstance(call, Call):
                return None
            return fork.answered(before, call, answers.reply(json.loads(change.text), call))
        case "input":
            value, problem = load_json(setting.input)
            return None if problem is not None else fork.redefined(before, before.machine, value)
        case "definition":
            machine = read(setting.definition, setting.path).machine
            return None if machine is None else fork.redefined(before, machine)


def _recorded(setting: Setting, recording: Recording, machine: Machine) -> Trace | None:
    """The recording itself, or a run of the definition that gets the recorded replies."""
    history = history_of(recording)
    if history is None:
        return None
    seen = recorded.trace(history, read(setting.definition, setting.path).document)
    if not recording.simulated:
        return seen
    world = replace(_world(setting, recorded.replies(history)), start=seen.started_at, workflow_type=seen.workflow_type)
    if history.described is not None:
        world = replace(world, name=seen.name, machine_name=seen.world.machine_name)
    done = run(machine, seen.input, world)
    # A recording is told once; run on from the middle, each call asks for the reply it had.
    return replace(done, world=replace(done.world, connector=lambda call: done.tape.get(call.key)))


def history_of(recording: Recording) -> recorded.Recorded | None:
    """The history that was opened; None when it is none."""
    return _history(recording.digest, recording.text)


@st.cache_resource(show_spinner=False, max_entries=16)
def _history(key: str, _text: str) -> recorded.Recorded | None:
    try:
        return recorded.read(_text)
    except recorded.NoHistory:
        return None


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


def prices() -> Prices:
    return price_table()


def memory_estimate(setting: Setting) -> int:
    """MB that an Express execution of this run is billed for, as far as it can be told from here."""
    done = trace(setting)
    if done is None or not done.visits:
        return CHUNK_MB
    return bill(done, prices(), "EXPRESS").billed_mb


def digest(*parts: str) -> str:
    return hashlib.sha256("\0".join(parts).encode("utf-8", "surrogatepass")).hexdigest()


def _setting_digest(setting: Setting) -> str:
    return digest(repr(setting))
