"""What a visitor runs is kept as it is run, and found again after a restart: the Session's runs and the archive.

A run is kept once. Where the archive cannot be had (locked, full, unreachable, newer) the run stays with the Session and
is kept as soon as it can be; the sentence that says why stands on the page that lists them.
"""

from __future__ import annotations

import hashlib
import json
import threading
import time
from collections.abc import Callable
from dataclasses import dataclass
from functools import lru_cache
from typing import Any

from designer import compute, store
from designer.archive import (
    Archive,
    ArchiveProblem,
    Execution,
    Listed,
    NotReopened,
    engine_version,
    open_archive,
    reopen,
    result_of,
)
from designer.archive.address import address
from designer.components.canvas import to_props
from designer.session import Recording, Run, Session, Setting
from engine.graph import Graph, graph
from engine.history import history
from engine.trace import Trace
from engine.world import World

PATIENCE_SECONDS = 2
"""How long a page waits for a database that somebody else holds."""
PAUSE_SECONDS = 20
"""Real time after which an archive that failed is tried again while nobody looks at it."""

_LOCK = threading.Lock()
_OPEN: dict[str, Archive] = {}


@dataclass(frozen=True, slots=True)
class Opened:
    """An execution of the archive, run again. `why_not` says why it does not come out as it was, if it does not."""

    execution: Execution
    trace: Trace | None
    graph: Graph
    props: dict[str, Any]
    engine_changed: bool = False
    why_not: str = ""


def archive() -> Archive:
    """The archive, opened once per process. Raises ArchiveProblem."""
    place = address().render_as_string(hide_password=False)
    with _LOCK:
        if place not in _OPEN:
            _OPEN[place] = open_archive(patience=PATIENCE_SECONDS)
        return _OPEN[place]


def keep(session: Session, *, again: bool = False) -> ArchiveProblem | None:
    """Keeps the runs of the Session that are not kept yet; the reason when that cannot be.

    After a failure it tries again when some time has passed, or at once when `again` says so.
    """
    kept: dict[int, int] = store.recall("kept", {})
    new = [run for run in session.runs if run.number not in kept]
    if not new or (not again and time.monotonic() < store.recall("keep-after", 0.0)):
        return None
    records = [(run, execution_of(run, name_of(session, run))) for run in new]
    lasting = [(run, record) for run, record in records if record is not None]
    try:
        numbers = archive().keep(store.owner(), [record for _, record in lasting])
    except ArchiveProblem as problem:
        store.remember("keep-after", time.monotonic() + PAUSE_SECONDS)
        return problem
    given = {run.number: number for (run, _), number in zip(lasting, numbers, strict=True)}
    store.remember("kept", {**kept, **{run.number: given.get(run.number, 0) for run in new}})
    return None


def name_of(session: Session, run: Run) -> str:
    """The workflow's name for lists: that of the library for one of the visitor's own."""
    here = run.setting.definition == session.definition
    return run.own.name or (session.own.name if here else "") or run.setting.machine


def execution_of(run: Run, workflow: str = "") -> Execution | None:
    """A run as it is kept, under the name of its workflow. A history that was only opened is a file of the visitor's and is not kept again."""
    setting = run.setting
    if setting.recording is not None and not setting.recording.simulated:
        return None
    trace = compute.trace(setting)
    if trace is None:
        return None
    return Execution(
        name=run.outcome.name,
        definition=setting.definition,
        input=setting.input,
        result=result_of(trace),
        workflow=workflow or setting.machine,
        scenario=run.scenario,
        path=setting.path,
        mocks=setting.mocks,
        case=setting.case,
        workflow_type=setting.workflow_type,
        machine=setting.machine,
        seed=setting.seed,
        start=trace.started_at,
        tape=trace.tape,
        cost=run.outcome.cost,
        caught=run.outcome.caught,
        engine=engine_version(),
    )


def run_of(session: Session, number: int) -> Run | None:
    """The run of this Session that was kept under a number."""
    kept: dict[int, int] = store.recall("kept", {})
    own = next((run for run, given in kept.items() if given == number), None)
    return next((run for run in session.runs if run.number == own), None)


def opened(row: Listed) -> Opened:
    """An execution run again by its tape. Raises ArchiveProblem when it cannot be read."""
    return _opened(archive(), store.owner(), row.number, (row.name, row.definition, row.start))


@lru_cache(maxsize=48)
def _opened(place: Archive, owner: str, number: int, told: tuple[str, str, int]) -> Opened:
    execution = place.execution(owner, number)
    trace, changed, why_not = None, False, ""
    try:
        found = reopen(execution)
        trace, changed = found.trace, found.engine_changed
    except NotReopened as reason:
        trace, why_not = reason.trace, str(reason)
    reading = compute.read(execution.definition, execution.path, execution.workflow_type)
    drawn = graph(reading.document)
    return Opened(execution, trace, drawn, to_props(drawn, trace, document=reading.document), changed, why_not)


@lru_cache(maxsize=2_048)
def _failing_state(place: Archive, owner: str, number: int, told: tuple[str, str, int]) -> str:
    try:
        trace = reopen(place.execution(owner, number)).trace
    except NotReopened as reason:
        trace = reason.trace
    visit = trace.raw[-1][2] if trace is not None else -1
    return "" if trace is None or visit < 0 else str(trace.visits[visit].state.name)


def failing_state(row: Listed) -> str:
    """The state in which an execution failed; empty for the execution as a whole. Raises ArchiveProblem."""
    return _failing_state(archive(), store.owner(), row.number, (row.name, row.definition, row.start))


def setting_of(found: Opened) -> Setting | None:
    """What Debug needs to show an execution of another session; None when it does not come out as it was.

    The mocks that answered then answer again where that gives the same run, so that everything can be changed. Where
    answers were given by hand, the run is told as a recording: the definition with the replies of its tape.
    """
    one, trace = found.execution, found.trace
    if trace is None or found.why_not:
        return None
    setting = Setting(
        definition=one.definition,
        path=one.path,
        input=one.input,
        mocks=one.mocks,
        case=one.case,
        workflow_type=one.workflow_type,
        machine=one.machine,
        seed=one.seed,
        delay=one.start - World().start,
    )
    again = compute.trace(setting)
    if again is not None and result_of(again) == one.result:
        return setting
    text = json.dumps({"events": history(trace)}, ensure_ascii=False)
    digest = hashlib.sha256(text.encode("utf-8", "surrogatepass")).hexdigest()
    recording = Recording(f"{one.name}.json", digest, text, simulated=True)
    return Setting(
        definition=one.definition,
        path=one.path,
        input=one.input,
        workflow_type=one.workflow_type,
        machine=one.machine,
        recording=recording,
    )


def delete(numbers: list[int]) -> int:
    """Deletes executions of this owner; says how many. Raises ArchiveProblem."""
    gone = archive().delete(store.owner(), numbers)
    _opened.cache_clear()
    _failing_state.cache_clear()
    return gone


def tried(question: Callable[[Archive, str], Any]) -> tuple[Any, ArchiveProblem | None]:
    """What the archive answers, or the reason why it does not."""
    try:
        return question(archive(), store.owner()), None
    except ArchiveProblem as problem:
        return None, problem
