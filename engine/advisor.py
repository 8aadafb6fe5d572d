"""Which type fits a workflow and why, and what would make it cheaper: each saving is the difference of two runs.

A proposal of `savings` is run with the replies of the run at hand and billed. It becomes a suggestion when it comes to
the same end (status, output, error) and costs less.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace
from decimal import Decimal
from types import MappingProxyType
from typing import Literal

from engine.connectors.generated import generated, start_reply
from engine.connectors.nested import SYNCHRONOUS, Member, child, nested
from engine.cost import Bill, Counted, Hindrance, WorkflowType, bill, billed_lines, hindrances, memory
from engine.execution import run
from engine.parse import parse
from engine.pointer import ROOT
from engine.prices import Basis, Prices
from engine.savings import Kind, Way, ways
from engine.trace import Call, Reply, Trace
from engine.validate import validate
from engine.values import Json, same
from engine.world import Answer

MOST_SUGGESTIONS = 20


@dataclass(frozen=True, slots=True)
class Reason:
    """Why a type fits, or what to know before choosing it."""

    code: Literal[
        "too-long", "sync", "callback", "activity", "distributed-map", "cheaper", "exactly-once", "history",
        "at-least-once", "at-most-once", "no-history",
    ]  # fmt: skip
    at: str
    message: str


@dataclass(frozen=True, slots=True)
class Fit:
    workflow_type: WorkflowType
    reasons: tuple[Reason, ...]
    """Those that decide come first."""
    possible: bool
    """Can it be an Express workflow at all?"""
    standard: Bill
    express: Bill


@dataclass(frozen=True, slots=True)
class Suggestion:
    """A change that costs less on this very run."""

    kind: Kind
    at: tuple[str, ...]
    message: str
    document: Json
    children: Mapping[str, Json]
    """Further machines that the changed one starts, as Express."""
    before: Bill
    after: Bill
    """Of the changed workflow with the executions that it starts, in the same lines."""
    saving: Decimal
    functions_saved: int
    """Lambda invocations less, per execution: they have a price of their own."""
    guessed: bool
    """Recognised by the values of this run; whether it always holds, only the author of the function knows."""
    trace: Trace
    """The run of the changed workflow."""


def fit(
    trace: Trace,
    prices: Prices,
    *,
    executions: int = 1_000_000,
    memory_mb: float | None = None,
    basis: Basis = "chunk",
    free_tier: bool = False,
) -> Fit:
    """The type that fits a workflow that runs like this, `executions` times a month."""

    def of(kind: WorkflowType) -> Bill:
        return bill(trace, prices, kind, executions=executions, memory_mb=memory_mb, basis=basis, free_tier=free_tier)

    standard, express = of("STANDARD"), of("EXPRESS")
    against = hindrances(trace)
    if against:
        reasons = (*map(_against, against), *_STANDARD)
        return Fit("STANDARD", reasons, False, standard, express)
    cheaper: WorkflowType = "EXPRESS" if express.total < standard.total else "STANDARD"
    less, more = (express, standard) if cheaper == "EXPRESS" else (standard, express)
    times = f", {more.total / less.total:.1f} times less" if less.total else ""
    told = (
        f"{cheaper.capitalize()} costs {_money(less)} for {executions:,} executions like this one, and "
        f"{more.workflow_type.capitalize()} {_money(more)}{times}."
    )
    return Fit(
        cheaper,
        (Reason("cheaper", ROOT, told), *(_EXPRESS if cheaper == "EXPRESS" else _STANDARD)),
        True,
        standard,
        express,
    )


def suggestions(
    trace: Trace,
    prices: Prices,
    *,
    executions: int = 1_000_000,
    memory_mb: float | None = None,
    basis: Basis = "chunk",
    free_tier: bool = False,
) -> tuple[Suggestion, ...]:
    """What would make this workflow cheaper, the greatest saving first. `trace` keeps its stages and has ended."""
    if trace.status == "WAITING" or not trace.visits:
        return ()
    before = bill(trace, prices, executions=executions, memory_mb=memory_mb, basis=basis, free_tier=free_tier)
    found: list[Suggestion] = []
    known: list[Json] = []
    for way in ways(trace):
        if any(same(way.document, one) for one in known):
            continue
        played = _played(way, trace)
        if played is None:
            continue
        changed, started = played
        count = Counted()
        count.add(changed, changed.workflow_type, memory(changed) if memory_mb is None else memory_mb)
        for inner in started:
            count.add(inner, "EXPRESS", memory(inner) if memory_mb is None else memory_mb)
        alone = bill(changed, prices, executions=executions, memory_mb=memory_mb, basis=basis)
        after = replace(alone, lines=billed_lines(count, prices, executions, basis, free_tier))
        fewer = _functions(trace, ()) - _functions(changed, started)
        if after.total < before.total or (fewer > 0 and after.total <= before.total):
            known.append(way.document)
            found.append(
                Suggestion(
                    way.kind, way.at, way.message, way.document, way.children, before, after,
                    before.total - after.total, fewer, way.guessed, changed,
                )
            )  # fmt: skip
    found.sort(key=lambda one: (-one.saving, -one.functions_saved, one.kind, one.at))
    return tuple(_best(found))[:MOST_SUGGESTIONS]


def _best(found: list[Suggestion]) -> Iterator[Suggestion]:
    """Of several changes of one kind to the same first state, the one that saves most; and one Express child."""
    taken: set[tuple[str, str]] = set()
    for one in found:
        key = (one.kind, "" if one.kind == "express-child" else one.at[0])
        if key not in taken:
            taken.add(key)
            yield one


def _played(way: Way, trace: Trace) -> tuple[Trace, tuple[Trace, ...]] | None:
    """The changed workflow, run with the same replies, and the executions that it started; None when it will not do."""
    machine, _ = parse(way.document)
    if machine is None or _errors(way.document, trace.workflow_type) - _errors(
        trace.machine.document, trace.workflow_type
    ):
        return None
    answer = replies(trace, way.replies)
    members: dict[str, Member] = {}
    for name, document in way.children.items():
        inner, _ = parse(document)
        if inner is None or _errors(document, "EXPRESS"):
            return None
        members[name] = Member(inner, "EXPRESS")
    world = replace(trace.world, tape=MappingProxyType({}), connector=answer, record="stages")
    world = replace(world, connector=nested(members, world, answer))
    changed = run(machine, trace.input, world)
    if (changed.status, changed.error) != (trace.status, trace.error) or not same(changed.output, trace.output):
        return None
    started = tuple(
        child(moment[4], members, world, answer)
        for moment in changed.raw
        if moment[0] == "scheduled" and moment[4].resource == SYNCHRONOUS and members
    )
    if any(hindrances(inner) for inner in started):
        return None
    return changed, started


def replies(trace: Trace, instead: Mapping[str, Reply] | None = None) -> Answer:
    """Answers a workflow like the one that was run: by the name of the state, and which of its calls it is."""
    given: dict[tuple[str, int], Reply] = {}
    for one in _with_children(trace):
        for moment in one.raw:
            if moment[0] == "scheduled" and (reply := trace.tape.get(moment[4].key)) is not None:
                given[moment[4].state, moment[4].number] = reply
    made_up = generated(trace.machine.document)

    def answer(call: Call) -> Reply | None:
        if instead and call.state in instead:
            return instead[call.state]
        reply = given.get((call.state, call.number))
        if reply is None:
            return made_up(call)
        submitted = start_reply(call)
        return reply if submitted is None or reply.submitted is not None else reply._replace(submitted=submitted)

    return answer


def _with_children(trace: Trace) -> Iterator[Trace]:
    yield trace
    for children in trace.children.values():
        for one in children:
            yield from _with_children(one)


def _functions(trace: Trace, started: tuple[Trace, ...]) -> int:
    """Lambda invocations, those of a Retry too."""
    return sum(
        moment[0] == "scheduled" and (moment[3] == "lambda" or ":lambda:invoke" in moment[4].resource)
        for outer in (trace, *started)
        for one in _with_children(outer)
        for moment in one.raw
    )


def _errors(document: Json, workflow_type: WorkflowType) -> set[tuple[str, str]]:
    """What AWS would refuse."""
    found = validate(document, workflow_type=workflow_type)
    return {(problem.code, problem.message) for problem in found if problem.severity == "error"}


def _against(one: Hindrance) -> Reason:
    return Reason(one.reason, one.at, one.message)


def _money(one: Bill) -> str:
    return f"${one.total:,.2f}"


_STANDARD = (
    Reason("exactly-once", ROOT, "Standard runs every step exactly once, unless Retry says otherwise."),
    Reason("history", ROOT, "Standard keeps the history of every execution for 90 days."),
)
_EXPRESS = (
    Reason(
        "at-least-once", ROOT, "An asynchronous Express execution may run more than once: its steps must bear that."
    ),
    Reason("at-most-once", ROOT, "A synchronous Express execution runs at most once: who calls must try again."),
    Reason("no-history", ROOT, "Express keeps no history of its own; what is to be seen later must be logged."),
)
