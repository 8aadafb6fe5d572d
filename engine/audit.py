"""A JSONata expression is not a black box: for a stage of a visit, which part of its expressions gave what.

Every expression of the stage is evaluated once more on what it could see in the run (`situation`), by the same evaluator,
which writes down every part of it: its place in the text, how often it was evaluated, its first values, and the items that
a filter dropped, with their index. Evaluating again gives what the run gave: `$now()` is the moment of the run, and an
expression that draws (`$random`, `$uuid`, `$shuffle`) gets the dice as they lay then, which running the machine once more
tells. Where what comes out is not what the trace holds, the audit says so: `agrees` is false.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, fields, is_dataclass, replace
from random import Random
from typing import Any, TypedDict, TypeVar

from engine.execution import run
from engine.expressions import jsonata
from engine.expressions.jsonata_audit import Filter, Part, filters, parts
from engine.expressions.jsonata_text import dollars
from engine.model import Choice, Expression, Fail, Map, State, Task, Wait
from engine.placeholders import is_jsonata
from engine.pointer import under
from engine.situation import Situation, items_of_map, moments_of, situation
from engine.trace import Moment, Trace
from engine.values import Json, same
from engine.world import nobody

T = TypeVar("T")
Steps = tuple[str | int, ...]

DRAWING = frozenset(("random", "uuid", "shuffle"))
MOST_EXPRESSIONS = 100


class Audit(TypedDict):
    """One `{% … %}` and how it came to its value."""

    field: str
    """Where it stands in the state: `Output/total`, `Choices[0]/Condition`."""
    stage: str
    """The stage that the field makes; where it makes none, the field's name."""
    text: str
    """As written, with `{%` and `%}`; places count its characters."""
    value: Json
    """What it gave; the run's own value where the trace holds it."""
    outcome: str
    """`value`, `undefined`, `error`, or `unfinished`: the recording took too long, which the run may not have."""
    error: str | None
    agrees: bool | None
    """Is it what the trace holds? None where the trace does not hold the value."""
    parts: list[Part]
    filters: list[Filter]
    cut: bool
    """There are more parts than can be shown."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A field that a visit evaluated: the stage it makes, when, and what the trace holds of its value."""

    stage: str
    expression: Expression
    at: int
    """Index of the moment up to which the field could see."""
    held: Json = None
    known: bool = False


def stages(trace: Trace, visit: int) -> tuple[str, ...]:
    """The stages of a visit that have an audit, in their order."""
    found = [asked.stage for asked in _asked(trace, visit, None) if _has_expression(asked.expression.source)]
    return tuple(dict.fromkeys(found))


def audit(trace: Trace, visit: int, stage: str, *, attempt: int | None = None, item: int = 0) -> list[Audit]:
    """How the expressions that make a stage came to their values, one by one; empty where there are none.

    Args:
        stage: `afterArguments`, `afterItemsPath`, `afterItemSelector`, `rule`, `output`, `assigned`, `afterCatch`,
            `scheduled` (timeouts and credentials of a task), `mapStarted` (limits of a Map); or the name of a field
            that makes no stage: `Seconds`, `Timestamp`, `Error`, `Cause`.
        attempt: retries before the attempt that is meant; None means the last one that got there.
        item: which item's ItemSelector.
    """
    made: list[Audit] = []
    for asked in _asked(trace, visit, attempt):
        if asked.stage == stage and _has_expression(asked.expression.source):
            made += _audits(trace, visit, asked, item)
    return made[:MOST_EXPRESSIONS]


# Which fields were asked ----------------------------------------------------------------------------------------------


def _asked(trace: Trace, visit: int, attempt: int | None) -> list[Asked]:
    state = trace.visits[visit].state
    if state.language != "JSONata":
        return []
    tries: list[list[tuple[int, Moment]]] = [[]]
    for index, moment in moments_of(trace, visit):
        tries[-1].append((index, moment))
        if moment.kind == "retry":
            tries.append([])
    if attempt is not None:
        return list(_of_attempt(state, tries[attempt])) if attempt < len(tries) and tries[attempt] else []
    last: dict[str, list[Asked]] = {}
    for moments in tries:
        here: dict[str, list[Asked]] = {}
        for asked in _of_attempt(state, moments) if moments else ():
            here.setdefault(asked.stage, []).append(asked)
        last.update(here)
    return [asked for found in last.values() for asked in found]


def _of_attempt(state: State, moments: list[tuple[int, Moment]]) -> Iterator[Asked]:
    """The fields that were evaluated in one attempt, in the order in which the data meets them."""
    at: dict[str, int] = {}
    held: dict[str, Json] = {}
    for index, moment in moments:
        name = moment.name if moment.kind == "stage" else moment.kind
        at[name], held[name] = index, moment.value
    end = moments[-1][0]
    failed = [str(moment.name) for _, moment in moments if moment.kind == "evaluationFailed"]
    failed_at = at.get("evaluationFailed", end)

    def made(stage: str, expression: Expression | None, known: bool = True) -> Iterator[Asked]:
        """The field, if the attempt got to it: its stage is there, or it failed itself."""
        if expression is None:
            return
        if stage in at:
            yield Asked(stage, expression, at[stage], held[stage], known)
        elif any(_within(location, expression.field) for location in failed):
            yield Asked(stage, expression, failed_at)

    yield from made("afterArguments", state.arguments)
    match state:
        case Task():
            for field in (state.timeout_seconds, state.heartbeat_seconds, state.credentials):
                yield from made("scheduled", field, known=False)
        case Wait() | Fail():
            for name, field in _alone(state):
                if field is not None and (len(moments) > 1 or state.type == "Fail" or failed):
                    yield Asked(name, field, moments[0][0])
        case Choice():
            yield from _rules(state, at, held, failed, failed_at)
        case Map():
            yield from made("mapStarted", state.max_concurrency, known=False)
            yield from made("afterItemsPath", state.items)
            for field in (state.tolerated_failure_count, state.tolerated_failure_percentage):
                yield from made("mapStarted", field, known=False)
            yield from made("afterItemSelector", state.item_selector)
        case _:
            pass
    caught = at.get("caught")
    if caught is not None:
        catcher = next((one for one in state.catch if one.index == trace_name(moments, caught)), None)
        if catcher is not None:
            yield from made("afterCatch", catcher.output)
            yield from made("assigned", catcher.assign)
        return
    rule = state.rules[held["rule"]] if isinstance(state, Choice) and held.get("rule") is not None else None
    chosen: Any = rule or state
    assign, output = chosen.assign, chosen.output
    if assign is not None:
        reached = "assigned" in at or any(_within(location, assign.field) for location in failed)
        if reached:
            yield from made("assigned", assign)
        elif output is not None and any(_within(location, output.field) for location in failed):
            yield Asked("assigned", assign, failed_at)
    yield from made("output", output)


def _alone(state: Wait | Fail) -> tuple[tuple[str, Expression | None], ...]:
    if isinstance(state, Wait):
        return ("Seconds", state.seconds), ("Timestamp", state.timestamp)
    return ("Error", state.error), ("Cause", state.cause)


def _rules(
    state: Choice, at: Mapping[str, int], held: Mapping[str, Json], failed: list[str], failed_at: int
) -> Iterator[Asked]:
    """The conditions that were asked: all up to the one that held, or that failed."""
    for index, rule in enumerate(state.rules):
        broke = any(_within(location, rule.holds.field) for location in failed)
        if "rule" in at:
            yield Asked("rule", rule.holds, at["rule"], index == held["rule"], not broke)
            if index == held["rule"]:
                return
        elif failed:
            yield Asked("rule", rule.holds, failed_at, False, not broke)
            if broke:
                return


def trace_name(moments: list[tuple[int, Moment]], index: int) -> Any:
    """The name of the moment that stands at an index of the trace."""
    return next(moment.name for at, moment in moments if at == index)


def _within(location: str, field: str) -> bool:
    return location == field or location.startswith((field + "/", field + "["))


# What they gave -------------------------------------------------------------------------------------------------------


def _audits(trace: Trace, visit: int, asked: Asked, item: int) -> Iterator[Audit]:
    seen = situation(trace, visit, asked.at)
    expression, held, known = asked.expression, asked.held, asked.known
    if asked.stage == "afterItemSelector":
        seen = _with_item(trace, visit, seen, item)
        known = isinstance(held, list) and item < len(held)
        held = held[item] if known else None
    texts = list(_expressions(expression.source, ()))
    if any(dollars(jsonata.bare(text)) & DRAWING for _, text in texts):
        seen = replace(seen, random=_dice(trace, visit, expression, seen.attempt, item))
    for steps, text in texts:
        found, value = _followed(held, steps) if known else (False, None)
        yield _audit(asked.stage, under(expression.field, steps), text, seen, found, value)


def _audit(stage: str, field: str, text: str, seen: Situation, known: bool, held: Json) -> Audit:
    record = jsonata.record(text, seen)
    shown, cut = parts(record.root, text, record.offset, record.start, record.length)
    outcome = "error" if record.error else str(record.root.get("outcome", "value"))
    if outcome in ("true", "false"):
        outcome = "value"
    if record.over and outcome == "error":
        outcome = "unfinished"
    agrees = outcome == "value" and same(record.result, held) if known else None
    return Audit(
        field=field,
        stage=stage,
        text=text,
        value=held if known else record.result,
        outcome=outcome,
        error=None if record.error is None else f"{record.error[0]}: {record.error[1]}",
        agrees=agrees,
        parts=shown,
        filters=filters(record.root, record.offset, record.start, record.length),
        cut=cut or record.over,
    )


def _expressions(source: Json, at: Steps) -> Iterator[tuple[Steps, str]]:
    if is_jsonata(source):
        yield at, source
    elif isinstance(source, dict):
        for key, inner in source.items():
            yield from _expressions(inner, (*at, key))
    elif isinstance(source, list):
        for index, inner in enumerate(source):
            yield from _expressions(inner, (*at, index))


def _has_expression(source: Json) -> bool:
    return next(_expressions(source, ()), None) is not None


def _followed(value: Json, steps: Steps) -> tuple[bool, Json]:
    for step in steps:
        try:
            value = value[step]
        except (LookupError, TypeError):
            return False, None
    return True, value


def _with_item(trace: Trace, visit: int, seen: Situation, item: int) -> Situation:
    """What the ItemSelector of one item sees."""
    items = items_of_map(trace, visit)
    if isinstance(items, dict):
        pairs = [{"Key": key, "Value": value} for key, value in items.items()]
        own: dict[str, Json] = {"Index": item, **(pairs[item] if item < len(pairs) else {})}
    else:
        own = {"Index": item, "Value": items[item] if isinstance(items, list) and item < len(items) else None}
    return replace(seen, context={**seen.context, "Map": {"Item": own}})


# The dice -------------------------------------------------------------------------------------------------------------


def _dice(trace: Trace, visit: int, expression: Expression, attempt: int, item: int) -> Random:
    """The dice as they lay before an expression drew: the machine is run again, and the expression looks at them."""
    lay: list[object] = []

    def looking(value: Json, scope: Any) -> Json:
        note = getattr(scope, "_note", scope)
        if note.id == visit and note.attempt == attempt:
            lay.append(scope.random.getstate())
        return expression.evaluate(value, scope)

    watched = replace(expression, evaluate=looking)
    flow = _with_other(trace.machine.flow, expression, watched)
    world = replace(trace.world, tape=trace.tape, connector=nobody, record="stages")
    run(replace(trace.machine, flow=flow), trace.input, world)
    dice = Random(trace.world.seed)
    if lay:
        dice.setstate(lay[min(item, len(lay) - 1)])  # type: ignore[arg-type]
    return dice


def _with_other(value: T, old: object, new: object) -> T:
    """A frozen value with one of its parts, known by identity, in another's place."""
    if value is old:
        return new  # type: ignore[return-value]
    made: Any = value
    if isinstance(value, tuple):
        inner = tuple(_with_other(part, old, new) for part in value)
        made = inner if any(a is not b for a, b in zip(inner, value, strict=True)) else value
    elif isinstance(value, dict):
        entries = {key: _with_other(part, old, new) for key, part in value.items()}
        made = entries if any(entries[key] is not part for key, part in value.items()) else value
    elif is_dataclass(value) and not isinstance(value, (Expression, type)):
        changed = {
            field.name: other
            for field in fields(value)
            if (other := _with_other(getattr(value, field.name), old, new)) is not getattr(value, field.name)
        }
        made = replace(value, **changed) if changed else value
    return made  # type: ignore[no-any-return]
