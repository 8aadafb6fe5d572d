"""Batches that run in the server while the page goes on: one at a time for each owner, few at a time in all.

A job is a thread that drives `engine.batch`, which spreads the work over processes. What the page sees is a copy of the
summary, taken between two pieces of work, so that nobody reads what is being written.
"""

from __future__ import annotations

import copy
import threading
import time
from dataclasses import dataclass, field
from typing import Any, Literal

from engine.batch import BatchProblem, Progress, batch, plan
from engine.summary import Summary

MOST_AT_ONCE = 2
"""Batches that run in this server at the same time."""
MOST_KEPT = 32
"""Owners whose last batch is remembered."""
LOOK_SECONDS = 0.7
"""Real time between two copies of a summary."""

State = Literal["waiting", "running", "done", "cancelled", "failed"]
_LOCK = threading.Lock()
_JOBS: dict[str, Job] = {}


@dataclass(frozen=True, slots=True)
class Part:
    """One type of a batch as it stands."""

    state: State = "waiting"
    summary: Summary | None = None
    rate: float = 0.0
    """Executions per second of real time."""
    left: float | None = None
    """Seconds that it will take yet."""


@dataclass(slots=True)
class Job:
    """A batch as it was asked for. Only its thread changes `parts`, each as a whole."""

    title: str
    document: Any
    spec: dict[str, Any]
    kinds: tuple[str, ...]
    parts: dict[str, Part]
    problem: str = ""
    stop: threading.Event = field(default_factory=threading.Event)
    began: float = field(default_factory=time.monotonic)
    number: int = 0

    @property
    def running(self) -> bool:
        return any(part.state in ("waiting", "running") for part in self.parts.values())


class Busy(Exception):
    """There is no room for another batch now."""


def start(owner: str, title: str, document: Any, spec: dict[str, Any], kinds: tuple[str, ...]) -> Job:
    """Begins a batch in the place of the owner's last one. Raises BatchProblem, and Busy when there is no room."""
    plan(document, {**spec, "workflowType": kinds[0]})
    job = Job(title, document, spec, kinds, {kind: Part() for kind in kinds})
    with _LOCK:
        last = _JOBS.get(owner)
        if last is not None and last.running:
            raise Busy
        if sum(one.running for one in _JOBS.values()) >= MOST_AT_ONCE:
            raise Busy
        _JOBS.pop(owner, None)
        for old in [name for name, one in _JOBS.items() if not one.running][: max(0, len(_JOBS) + 1 - MOST_KEPT)]:
            del _JOBS[old]
        job.number = 0 if last is None else last.number + 1
        _JOBS[owner] = job
    threading.Thread(target=_drive, args=(job,), name="batch", daemon=True).start()
    return job


def job_of(owner: str) -> Job | None:
    """The owner's batch: the one that runs, else the last one."""
    return _JOBS.get(owner)


def forget(owner: str) -> None:
    """Ends the owner's batch and puts it away."""
    with _LOCK:
        job = _JOBS.pop(owner, None)
    if job is not None:
        job.stop.set()


def _drive(job: Job) -> None:
    for kind in job.kinds:
        if job.stop.is_set():
            job.parts[kind] = Part("cancelled")
            continue
        try:
            _drive_one(job, kind)
        except BatchProblem as problem:
            job.problem = str(problem)
        finally:  # whatever happens, nobody waits for ever
            if job.parts[kind].state in ("waiting", "running"):
                job.parts[kind] = Part("failed", job.parts[kind].summary)


def _drive_one(job: Job, kind: str) -> None:
    looked = 0.0

    def tell(progress: Progress) -> None:
        nonlocal looked
        now = time.monotonic()
        last = job.parts[kind].summary
        if last is None or now - looked > LOOK_SECONDS:
            looked, last = now, copy.deepcopy(progress.summary)
        job.parts[kind] = Part("running", last, progress.rate, progress.left)

    summary = batch(job.document, {**job.spec, "workflowType": kind}, progress=tell, cancel=job.stop.is_set)
    job.parts[kind] = Part("done" if summary.complete else "cancelled", summary, job.parts[kind].rate)
