"""A workflow run many times, with durations, errors and inputs drawn by lot: what it comes to as a summary, in constant room.

What is asked for is plain JSON:

    {"count": 100000, "seed": 7, "workflowType": "EXPRESS",
     "inputs": [{"order": 1}, {"order": 2}],               samples, each as likely as the other; {} when absent
     "weights": [3, 1],                                    if they are not
     "tasks": {"Charge card": {"duration": {"distribution": "lognormal", "median": 3.1, "sigma": 0.3},   seconds
                               "errors": {"Lambda.TooManyRequestsException": 0.05,                      per attempt
                                          "CardDeclined": {"probability": 0.02, "cause": "…", "duration": 0.4}},
                               "result": {"Payload": {"receipt": "R-1"}}}},           or "results": [samples]
     "mocks": {…}, "case": "Express",                      a MockConfigFile: results and durations that tasks leave open
     "memoryMb": 64}                                       for the Express bill; estimated when absent

A task without a result gets the mock file's, else a made-up one. Execution k depends on the seed and on k alone: however
the executions are split over processes or machines, the summary is the same.
"""

from __future__ import annotations

import json
from bisect import bisect
from collections import deque
from collections.abc import Callable, Iterator, Mapping
from concurrent.futures import Executor, Future, wait
from dataclasses import dataclass
from functools import lru_cache
from itertools import accumulate
from random import Random
from time import perf_counter
from typing import Any, Literal, NamedTuple, cast

from engine.connectors import Connector, first_of
from engine.connectors.generated import DELAY, generated, start_reply
from engine.connectors.mock import MockProblem, load_mocks
from engine.cost import memory
from engine.crew import CrewProblem, crew, scheduler
from engine.distributions import DistributionProblem, Draw, duration
from engine.errors import TIMEOUT
from engine.execution import run
from engine.model import Machine
from engine.outline import spots
from engine.parse import parse
from engine.summary import Routes, Summary, routes
from engine.trace import Call, Reply, Trace
from engine.values import Json, canonical, text
from engine.world import World, nobody

MOST = 1_000_000
"""Executions of one batch."""
SLICE_SECONDS = 0.5
"""Real time that one piece of work should take: often enough to tell how far it is, seldom enough to cost nothing."""
SMALL_SECONDS = 4.0
"""What is estimated to be done by then is done in this process."""
WAIT_SECONDS = 0.2


class BatchProblem(ValueError):
    """The batch cannot be run as it is asked for; the message is one sentence."""


class Progress(NamedTuple):
    """How far a batch is."""

    done: int
    asked: int
    rate: float
    """Executions per second of real time."""
    left: float | None
    """Seconds that it will take yet; None while nobody can tell."""
    summary: Summary
    """What there is so far; it goes on changing."""


class Thrown(NamedTuple):
    """An error that an attempt may end with: where the dice must lie below, and what comes then."""

    below: float
    error: str
    cause: str | None
    draw: Draw | None


@dataclass(frozen=True, slots=True)
class Answers:
    """How a task answers."""

    draw: Draw | None
    errors: tuple[Thrown, ...]
    results: tuple[Json, ...]
    """Each as likely as the other; empty leaves the result to others."""


@dataclass(frozen=True, slots=True)
class Plan:
    """What was asked for, understood."""

    machine: Machine
    routes: Routes
    count: int
    seed: int
    workflow_type: Literal["STANDARD", "EXPRESS"]
    inputs: tuple[Json, ...]
    limits: tuple[float, ...]
    """The weights of the inputs, each added to those before it."""
    tasks: Mapping[str, Answers]
    otherwise: Connector
    memory_mb: float | None


def batch(
    document: Json,
    spec: Json,
    workers: int | None = None,
    progress: Callable[[Progress], None] | None = None,
    cancel: Callable[[], bool] | None = None,
    dask: str | None = None,
) -> Summary:
    """Run `document` as often as `spec` asks for.

    `workers` None takes every core, and none but this process when the batch is small. `dask` is the address of a Dask
    scheduler; the environment's `PASO_DASK` counts when it is None and `workers` too. `progress` is called now and then;
    `cancel` is asked as often, and ends the batch when it says True: the summary is then that of the first executions.
    Raises BatchProblem.
    """
    planned = plan(document, spec)
    size = planned.memory_mb if planned.memory_mb is not None else memory(sample(planned, 0))
    told = json.dumps({"document": document, "spec": {**spec, "memoryMb": size}}, ensure_ascii=False)
    total = Summary(planned.workflow_type, size, asked=planned.count)
    began = perf_counter()

    def go_on() -> bool:
        """Says how far it is, and whether to go on."""
        if progress is not None:
            rate = total.count / max(perf_counter() - began, 1e-9)
            left = (total.asked - total.count) / rate if total.count else None
            progress(Progress(total.count, total.asked, rate, left, total))
        return cancel is None or not cancel()

    address = dask or (scheduler() if workers is None else None)
    step = 1
    while total.count < total.asked:
        started = perf_counter()
        total.merge(work(told, total.count, min(total.count + step, total.asked)))
        per_second = step / max(perf_counter() - started, 1e-6)
        step = max(1, min(int(per_second * WAIT_SECONDS), step * 10))
        if not go_on():
            break
        known = perf_counter() - began > WAIT_SECONDS
        if workers == 1 and dask is None:
            continue
        if workers or dask or (known and (total.asked - total.count) / per_second > SMALL_SECONDS):
            try:
                with crew(workers, address) as (pool, hands):
                    _share(pool, hands, told, total, max(1, int(per_second * SLICE_SECONDS)), go_on)
            except CrewProblem as problem:
                raise BatchProblem(str(problem)) from None
            break
    return total


def _share(pool: Executor, hands: int, told: str, total: Summary, most: int, go_on: Callable[[], bool]) -> None:
    """The rest of the executions, in pieces of equal size, over a pool; merged in their order as they come."""
    size = max(1, min(most, -(-(total.asked - total.count) // (4 * hands))))
    pieces = iter(range(total.count, total.asked, size))
    pending: deque[Future[Summary]] = deque()
    try:
        while True:
            while len(pending) < 3 * hands and (first := next(pieces, None)) is not None:
                pending.append(pool.submit(work, told, first, min(first + size, total.asked)))
            if not pending:
                return
            wait([pending[0]], WAIT_SECONDS)
            while pending and pending[0].done():
                total.merge(pending.popleft().result())
            if not go_on():
                return
    finally:
        for piece in pending:
            piece.cancel()


def work(told: str, first: int, last: int) -> Summary:
    """The executions from `first` up to, but without, `last`. `told` is document and spec as JSON text."""
    planned = _plan(told)
    assert planned.memory_mb is not None
    summary = Summary(planned.workflow_type, planned.memory_mb)
    for number in range(first, last):
        summary.add(sample(planned, number, "visits"), planned.routes)
    return summary


def sample(planned: Plan, number: int, record: Literal["stages", "visits", "outcome"] = "stages") -> Trace:
    """Execution `number` of the batch: the same one as in the batch, to be looked at."""
    dice = Random(planned.seed * _STRIDE + number)
    inputs = planned.inputs
    value = inputs[0]
    if len(inputs) > 1:
        value = inputs[min(bisect(planned.limits, dice.random() * planned.limits[-1]), len(inputs) - 1)]
    world = World(
        connector=answering(planned, dice),
        seed=dice.getrandbits(63),
        workflow_type=planned.workflow_type,
        name=f"batch-{planned.seed}-{number}",
        record=record,
    )
    return run(planned.machine, value, world)


def answering(planned: Plan, dice: Random) -> Connector:
    """Answers as the plan says. An attempt takes two dice, whatever is written for its task."""
    tasks, otherwise = planned.tasks, planned.otherwise

    def answer(call: Call) -> Reply | None:
        task = tasks.get(call.state)
        if task is None:
            return otherwise(call)
        chance, time = dice.random(), dice.random()
        delay = None if task.draw is None else round(1000 * task.draw(time))
        for below, error, cause, draw in task.errors:
            if chance < below:
                if draw is not None:
                    delay = round(1000 * draw(time))
                failed = error != TIMEOUT
                return Reply(None, error, cause, failed, not failed, delay, start_reply(call))
        if not task.results:
            reply = otherwise(call)
            return reply if delay is None or reply is None else reply._replace(delay=delay)
        result = task.results[int(dice.random() * len(task.results))] if len(task.results) > 1 else task.results[0]
        return Reply(result, delay=delay, submitted=start_reply(call))

    return answer


# What is asked for ---------------------------------------------------------------------------------------------------

_STRIDE = 1 << 20
"""More than a batch has executions: no two seeds share an execution's dice."""
_CALLS = 10
"""Calls of a task that a suggestion looks at."""
MOST_SEED = (1 << 63) - 1
_KNOWN = ("count", "seed", "workflowType", "inputs", "weights", "tasks", "mocks", "case", "memoryMb")


def plan(document: Json, spec: Json) -> Plan:
    """What a specification asks for. Raises BatchProblem with one sentence that says what would be right."""
    machine, problems = parse(document)
    if machine is None:
        reason = f" {problems[0].message}" if problems else ""
        raise BatchProblem(f"This definition cannot be run.{reason}")
    if not isinstance(spec, dict):
        raise BatchProblem(f"A batch must be a JSON object with {', '.join(_KNOWN)}; only count is required.")
    for name in spec:
        if name not in _KNOWN:
            raise BatchProblem(f"A batch does not know {name!r}; it has {', '.join(_KNOWN)}.")
    kind = spec.get("workflowType", "STANDARD")
    if kind not in ("STANDARD", "EXPRESS"):
        raise BatchProblem(f"workflowType must be STANDARD or EXPRESS, not {text(kind)}.")
    inputs = spec.get("inputs", [{}])
    if not isinstance(inputs, list) or not inputs:
        raise BatchProblem("inputs must be an array with at least one input.")
    return Plan(
        machine,
        routes(machine),
        _whole(spec.get("count"), "count", 1, MOST),
        _whole(spec.get("seed", 0), "seed", 0, MOST_SEED),
        cast(Literal["STANDARD", "EXPRESS"], kind),
        tuple(inputs),
        tuple(accumulate(_weights(spec, len(inputs)))),
        _tasks(document, spec.get("tasks", {})),
        _otherwise(document, spec),
        _memory(spec.get("memoryMb")),
    )


@lru_cache(maxsize=4)
def _plan(told: str) -> Plan:
    """A worker is told the same plan with every piece, and understands it once."""
    known = json.loads(told)
    return plan(known["document"], known["spec"])


def suggestion(document: Json, mocks: Json = None, case: str | None = None, sigma: float = 0.0) -> dict[str, Any]:
    """The `tasks` of a specification to begin with: each task answers as its mock file does when all goes well, or makes
    something up, and takes as long. With a `sigma` these times are the medians of lognormal distributions."""
    answer = _mocked({"mocks": mocks, "case": case})
    tasks: dict[str, Any] = {}
    for spot in spots(document):
        if spot.type != "Task":
            continue
        resource = str(spot.source.get("Resource"))
        calls = (Call(spot.name, spot.name, resource, {}, 0, number) for number in range(_CALLS))
        replies = [reply for call in calls if (reply := answer(call)) is not None and reply.error is None]
        seconds = (replies[0].delay or 0) / 1000 if replies else DELAY / 1000
        task: dict[str, Any] = {"duration": seconds, "errors": {}}
        if sigma and seconds:
            task["duration"] = {"distribution": "lognormal", "median": seconds, "sigma": sigma}
        different = list({canonical(reply.output): reply.output for reply in replies}.values())
        if len(different) == 1:
            task["result"] = different[0]
        elif different:
            task["results"] = different
        tasks[spot.name] = task
    return tasks


def _tasks(document: Json, told: Json) -> dict[str, Answers]:
    if not isinstance(told, dict):
        raise BatchProblem("tasks must be an object: the name of a Task state, and how it answers.")
    types = {spot.name: spot.type for spot in spots(document)}
    for name in told:
        if name not in types:
            raise BatchProblem(f"tasks names {name!r}, and there is no such state.")
        if types[name] != "Task":
            raise BatchProblem(
                f"tasks names {name!r}, which is a {types[name]} state; only Task states ask the outside."
            )
    try:
        return {name: _answers(one, f"tasks[{text(name)}]") for name, one in told.items()}
    except DistributionProblem as problem:
        raise BatchProblem(str(problem)) from None


def _answers(told: Json, place: str) -> Answers:
    if not isinstance(told, dict):
        raise BatchProblem(f"{place} must be an object with duration, errors, and result or results.")
    for name in told:
        if name not in ("duration", "errors", "result", "results"):
            raise BatchProblem(f"{place} has {name!r}; it may have duration, errors, and result or results.")
    if "result" in told and "results" in told:
        raise BatchProblem(f"{place} has both result and results; one of them is enough.")
    results = [told["result"]] if "result" in told else told.get("results", [])
    if not isinstance(results, list) or ("results" in told and not results):
        raise BatchProblem(f"{place}.results must be an array with at least one result.")
    draw = duration(told["duration"], f"{place}.duration") if "duration" in told else None
    return Answers(draw, tuple(_errors(told.get("errors", {}), f"{place}.errors")), tuple(results))


def _errors(told: Json, place: str) -> Iterator[Thrown]:
    """The errors side by side between 0 and 1."""
    if not isinstance(told, dict):
        raise BatchProblem(f"{place} must be an object: the name of an error, and how likely an attempt ends with it.")
    below = 0.0
    for error, one in told.items():
        entry = one if isinstance(one, dict) else {"probability": one}
        own = f"{place}[{text(error)}]"
        for name in entry:
            if name not in ("probability", "cause", "duration"):
                raise BatchProblem(f"{own} has {name!r}; it may have probability, cause and duration.")
        share, cause = entry.get("probability"), entry.get("cause", "Drawn by lot.")
        if isinstance(share, bool) or not isinstance(share, (int, float)) or not 0 <= share <= 1:
            raise BatchProblem(f"{own} must have a probability between 0 and 1, not {text(share)}.")
        if not isinstance(cause, (str, type(None))):
            raise BatchProblem(f"{own}.cause must be a text.")
        below += share
        if below > 1 + 1e-9:
            raise BatchProblem(f"{place} add up to more than 1: an attempt ends in one way only.")
        yield Thrown(
            below, error, cause, duration(entry["duration"], f"{own}.duration") if "duration" in entry else None
        )


def _otherwise(document: Json, spec: Mapping[str, Any]) -> Connector:
    """The mock file, then made-up replies."""
    return first_of(_mocked(spec), generated(document))


def _mocked(spec: Mapping[str, Any]) -> Connector:
    case = spec.get("case")
    if case is None:
        return nobody
    if not isinstance(case, str):
        raise BatchProblem("case must be the name of a test case of the mocks.")
    try:
        return load_mocks(spec.get("mocks"), case)
    except MockProblem as problem:
        raise BatchProblem(f"The mocks cannot be used: {problem}") from None


def _weights(spec: Mapping[str, Any], count: int) -> Iterator[float]:
    weights = spec.get("weights", [1] * count)
    if not isinstance(weights, list) or len(weights) != count:
        raise BatchProblem(f"weights must be an array with a number for each of the inputs ({count}).")
    for weight in weights:
        if isinstance(weight, bool) or not isinstance(weight, (int, float)) or not 0 <= weight < 1e12:
            raise BatchProblem(f"A weight must be a number, 0 or more, not {text(weight)}.")
    if not any(weights):
        raise BatchProblem("At least one of the weights must be more than 0.")
    yield from map(float, weights)


def _whole(value: Json, name: str, least: int, most: int) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or not least <= value <= most:
        raise BatchProblem(f"{name} must be a whole number between {least:,} and {most:,}, not {text(value)}.")
    return value


def _memory(value: Json) -> float | None:
    if value is None:
        return None
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 < value <= 100_000:
        raise BatchProblem(f"memoryMb must be a number of megabytes, not {text(value)}.")
    return float(value)
