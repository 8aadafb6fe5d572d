"""The Map state: where its items come from, what each iteration gets, how many run at once, what becomes of failures.

Inline, an iteration is a frame of this execution, and one failure fails the Map. Distributed, every item or batch is an
execution of its own with its own trace (`Trace.children`); the history of the parent shows only the Map Run, and failures
are counted against a tolerance. (Developer Guide, "Map state in Inline mode", "… in Distributed mode".)
"""

from __future__ import annotations

from collections.abc import Generator
from typing import Any

from engine.errors import QUERY_EVALUATION, TOLERANCE_EXCEEDED, StatesError, runtime
from engine.items import Items, batches, items_of, read_items
from engine.model import Map
from engine.note import ItemScope, Note, select
from engine.results import Child, written
from engine.values import Json, text
from engine.world import INLINE_CONCURRENCY

Steps = Generator[int | None, None, Json]


def work_map(note: Note, state: Map, given: Json) -> Steps:
    """The results of all iterations, in the order of the items."""
    limit = number(note, state.max_concurrency, given)
    if state.distributed:
        return (yield from _distributed(note, state, given, limit))
    items = inputs(note, state, own_items(note, state, given), given)
    if limit == 0 or limit > INLINE_CONCURRENCY:
        limit = INLINE_CONCURRENCY
    note.event("mapStarted", state.name, len(items))
    run = note.run
    join = run.join(note, len(items))
    started = 0
    while not join.failure and (started < len(items) or join.lines):
        room = min(limit - len(join.lines), len(items) - started)
        lines = []
        for index in range(started, started + room):
            after = join.freed.popleft() if join.freed else -1
            lines.append(run.open(join, "iteration", index, state.processor, *items[index], after))
        started += room
        for line in lines:
            run.step(line)
        if not room:
            yield from join.sleep()
    result = join.close()
    note.joined = True
    note.event("mapSucceeded", state.name)
    return note.stage("result", result)


def inputs(note: Note, state: Map, items: Items, given: Json) -> list[tuple[Json, dict[str, Json]]]:
    """Per iteration its input and its `$$.Map.Item`. ItemSelector's `$` is the Map's whole input, not the item."""
    selector = state.item_selector
    made = []
    for index in range(len(items.values)):
        item = items.context(index) if state.distributed else {"Index": index, "Value": items.values[index]}
        if items.keys is not None:
            item["Key"] = items.keys[index]
        value = items.values[index] if selector is None else selector.evaluate(given, ItemScope(note, item))
        made.append((value, item))
    if selector is not None:
        note.stage("afterItemSelector", [value for value, _ in made])
    return made


def own_items(note: Note, state: Map, given: Json) -> Items:
    """The items out of the state's data, by ItemsPath or Items."""
    chosen = given if state.items is None else note.stage("afterItemsPath", state.items.evaluate(given, note))
    items = items_of(chosen) if state.distributed or isinstance(chosen, list) else None
    if items is not None:
        return items
    if state.language == "JSONata":
        raise StatesError(
            QUERY_EVALUATION, f"Map state input must be an array but was: {text(chosen)}", framed=True, location="Items"
        )
    path = "$" if state.items is None else str(state.items.source)
    raise StatesError(runtime("").name, f'Reference path "{path.replace("$$", "$", 1)}" must point to array.')


def number(note: Note, expression: Any, given: Json) -> int:
    return 0 if expression is None else int(expression.evaluate(given, note))


# --- distributed -----------------------------------------------------------------------------------------------------


def _distributed(note: Note, state: Map, given: Json, limit: int) -> Steps:
    """A Map Run: child executions, a tolerance, and perhaps files read and written."""
    run = note.run
    own = None if state.item_reader else own_items(note, state, given)
    note.event("mapStarted", state.name, 0 if own is None else len(own.values))
    count, percentage = tolerance(note, state, given)
    reader = state.item_reader
    most = number(note, reader.max_items, given) if reader is not None and reader.max_items is not None else None
    label = state.label or run.uuid("label", state.at)
    arn = run.map_run_arn(label, note.line.address, note.number, note.attempt)
    note.event("mapRunStarted", state.name, arn)
    try:
        items = own if own is not None else _read(note, state, given, most)
        children = yield from _children(note, state, given, items, limit, label)
        failures = sum(child.status != "SUCCEEDED" for child in children)
        if failures > allowed(count, percentage, len(children)):
            raise StatesError(TOLERANCE_EXCEEDED, "The specified tolerated failure threshold was exceeded")
        parameters = select(state.result_writer.parameters, given, note) if state.result_writer else None
        done = written(state.result_writer, _named(parameters), children, arn)
    except StatesError as raised:
        error = note.framed(raised)
        if not error.fatal:
            note.event("mapRunFailed", state.name, (error.name, error.cause))
        raise error from None
    run.files.update(done.files)
    note.joined = True
    note.event("mapRunSucceeded", state.name, arn)
    note.event("mapSucceeded", state.name)
    return note.stage("result", done.result)


def tolerance(note: Note, state: Map, given: Json) -> tuple[int | None, float | None]:
    count = None if state.tolerated_failure_count is None else state.tolerated_failure_count.evaluate(given, note)
    share = state.tolerated_failure_percentage
    percentage = None if share is None else share.evaluate(given, note)
    if count is not None and count < 0:
        raise runtime("ToleratedFailureCount cannot be negative.")
    if percentage is not None and not 0 <= percentage <= 100:
        raise runtime("ToleratedFailurePercentage must be between 0 and 100.")
    return count, percentage


def allowed(count: int | None, percentage: float | None, total: int) -> float:
    """How many failures are tolerated: crossing either threshold fails the Map Run."""
    limits: list[float] = []
    if count is not None:
        limits.append(count)
    if percentage is not None:
        limits.append(total * percentage / 100)
    return min(limits, default=0)


def _named(parameters: Json) -> dict[str, Json]:
    """Parameters by name; an expression that made something else has named none."""
    return parameters if isinstance(parameters, dict) else {}


def _read(note: Note, state: Map, given: Json, most: int | None) -> Items:
    assert state.item_reader is not None
    parameters = select(state.item_reader.parameters, given, note)
    world = note.run.world
    items = read_items(state.item_reader, _named(parameters), most, world.resources, world.start // 1000)
    return items._replace(values=note.stage("afterItemReader", items.values))


def _children(
    note: Note, state: Map, given: Json, items: Items, limit: int, label: str
) -> Generator[int | None, None, list[Child]]:
    """Run every child to its end. Its clock starts when a place is free; the parent waits for the last."""
    run = note.run
    pairs = inputs(note, state, items, given)
    values = [value for value, _ in pairs]
    batcher = state.item_batcher
    if batcher is not None:
        batched = batches(
            values,
            number(note, batcher.max_items, given) if batcher.max_items else None,
            number(note, batcher.max_bytes, given) if batcher.max_bytes else None,
            select(batcher.batch_input, given, note) if batcher.batch_input else None,
            run.sizes,
        )
        note.stage("afterItemBatcher", batched)
        pairs = [(value, {}) for value in batched]
    places: list[int] = []
    children: list[Child] = []
    began = run.clock.now
    for index, (value, item) in enumerate(pairs):
        start = began if not limit or len(places) < limit else places.pop(places.index(min(places)))
        trace = run.child(note, state, index, value, item, label, start)
        places.append(start + trace.duration)
        children.append(
            Child(
                trace.arn,
                trace.machine_arn,
                trace.status,
                value,
                trace.output,
                trace.error,
                trace.cause,
                trace.started_at,
                trace.started_at + trace.duration,
            )
        )
    end = max(places, default=began)
    if end > began:
        yield end
    return children
