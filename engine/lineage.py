"""Where a value came from: from any moment of a trace back through stages and states to where it was made.

A value at a path is followed backwards, one field at a time: `$.bill.total` after ResultPath is `$.total` of what
ResultSelector made, that is `$.Payload.total` of the task's result, and there it ends. The chain ends at the execution's
input, a task's result, a literal of the definition, an error, the context object or a function; where an expression mixes
values (a filter, an intrinsic, JSONata that is no plain path), finer is impossible: the chain says so (`exact` False) and
names what the expression read as `sources`.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from engine.expressions import InvalidExpression
from engine.expressions.intrinsics import parse_call, paths_in
from engine.expressions.jsonata import is_expression
from engine.expressions.roots import split, steps_of
from engine.model import Map, Parallel, Pass, State, Task
from engine.trace import Moment, Trace
from engine.values import Json

Path = tuple[str | int, ...]
Origin = Literal["input", "result", "literal", "error", "context", "function", "expression", "join", "unknown"]

LONGEST = 2_000
"""Steps that are followed back; a value that was handed through more states than this is cut there."""
MOST_SOURCES = 12
"""Values that an expression read, at most, that are followed back beside the main chain."""
DEEPEST = 4
"""Sources of sources of … that are followed."""

_HANDED_ON = {"entered", "stage", "succeeded"}
_PLAIN = re.compile(r"\$(states\.(?:input|result|errorOutput|context)|[A-Za-z_]\w*)((?:\.[A-Za-z_]\w*|\[\d+\])*)")
_PART = re.compile(r"\.([A-Za-z_]\w*)|\[(\d+)\]")


@dataclass(frozen=True, slots=True)
class Step:
    """The value stood at `path` of the value of moment `moment`; `field` with `expression` brought it from there on."""

    moment: int
    path: Path
    field: str
    expression: Json = None
    exact: bool = True


@dataclass(frozen=True, slots=True)
class Lineage:
    """Latest step first. `origin` says what the last step is; `sources` are what an inexact expression read."""

    steps: tuple[Step, ...]
    origin: Origin
    sources: tuple[Lineage, ...] = ()


@dataclass(frozen=True, slots=True)
class _Back:
    """One step backwards: to a place, or to an end."""

    moment: int
    path: Path
    field: str
    expression: Json = None
    exact: bool = True
    origin: Origin | None = None
    reads: tuple[tuple[int, Path], ...] = ()


def lineage(trace: Trace, moment: int, path: Path = (), depth: int = 0) -> Lineage:
    """Follow the value at `path` of the value of `trace[moment]` back to where it was made."""
    steps: list[Step] = []
    at, where = moment, path
    for _ in range(LONGEST):
        back = _back(trace, at, where)
        steps.append(Step(at, where, back.field, back.expression, back.exact))
        if back.origin is not None:
            sources = tuple(
                lineage(trace, source, read, depth + 1)
                for source, read in (back.reads[:MOST_SOURCES] if depth < DEEPEST else ())
            )
            return Lineage(tuple(steps), back.origin, sources)
        at, where = back.moment, back.path
    return Lineage(tuple(steps), "unknown")


def _back(trace: Trace, index: int, path: Path) -> _Back:
    moment = trace[index]
    if moment.visit < 0:
        return _Back(index, path, "Input", origin="input")
    state = trace.visits[moment.visit].state
    match moment.kind, moment.name:
        case "entered", _:
            return _before_entering(trace, moment, path)
        case "stage", name:
            return _STAGES[name](trace, index, state, path)
        case "succeeded", _:
            return _Back(
                index, path, "Resource", state.resource.arn if isinstance(state, Task) else None, origin="result"
            )
        case (("failed" | "timedOut" | "evaluationFailed" | "caught"), _):
            return _Back(index, path, "Error", origin="error")
        case "assigned", _:
            return _assigned(trace, index, state, path)
    return _Back(_before(trace, index), path, "Exit")


# Within a visit -------------------------------------------------------------------------------------------------------


def _moments_of(trace: Trace, visit: int, until: int) -> Iterator[int]:
    """Moments of a visit before `until`, latest first."""
    for index in range(until - 1, trace.visits[visit].entered - 1, -1):
        if trace.raw[index][2] == visit:
            yield index


def _before(trace: Trace, index: int, stages: frozenset[str] | None = None) -> int:
    """The moment that held the data just before this one, in the same visit. With `stages`, only those (or the entry)."""
    for earlier in _moments_of(trace, trace.raw[index][2], index):
        kind, name = trace.raw[earlier][0], trace.raw[earlier][3]
        if kind in _HANDED_ON and (stages is None or kind == "entered" or name in stages):
            return earlier
    return trace.visits[trace[index].visit].entered


_EFFECTIVE = frozenset(("afterInputPath",))
_RESULT = frozenset(("afterInputPath", "afterParameters", "afterArguments", "result"))


def _input_path(trace: Trace, index: int, state: State, path: Path) -> _Back:
    return _selected(trace, index, state.input_path, "InputPath", path, trace.visits[trace.raw[index][2]].entered)


def _parameters(trace: Trace, index: int, state: State, path: Path) -> _Back:
    source = state.parameters.source if state.parameters else None
    return _templated(trace, index, source, "Parameters", path, _before(trace, index, _EFFECTIVE))


def _arguments(trace: Trace, index: int, state: State, path: Path) -> _Back:
    source = state.arguments.source if state.arguments else None
    return _templated(trace, index, source, "Arguments", path, trace.visits[trace.raw[index][2]].entered, jsonata=True)


def _items(trace: Trace, index: int, state: State, path: Path) -> _Back:
    expression = state.items if isinstance(state, Map) else None
    base = _before(trace, index, _EFFECTIVE)
    if state.language == "JSONata":
        source = expression.source if expression else None
        return _templated(trace, index, source, "Items", path, base, jsonata=True)
    return _selected(trace, index, expression, "ItemsPath", path, base)


def _item_selector(trace: Trace, index: int, state: State, path: Path) -> _Back:
    base = _before(trace, index, _EFFECTIVE)
    if not path:
        return _Back(index, path, "ItemSelector", exact=False, origin="join", reads=((base, ()),))
    source = state.item_selector.source if isinstance(state, Map) and state.item_selector else None
    jsonata = state.language == "JSONata"
    item = int(path[0]) if isinstance(path[0], int) else 0
    return _templated(trace, index, source, "ItemSelector", path[1:], base, jsonata=jsonata, item=item)


def _reader(trace: Trace, index: int, state: State, path: Path) -> _Back:
    reader = state.item_reader if isinstance(state, Map) else None
    return _Back(index, path, "ItemReader", reader.resource if reader else None, origin="result")


def _batcher(trace: Trace, index: int, state: State, path: Path) -> _Back:
    return _Back(index, path, "ItemBatcher", exact=False, origin="join", reads=((_before(trace, index), ()),))


def _result(trace: Trace, index: int, state: State, path: Path) -> _Back:
    visit = trace.raw[index][2]
    if isinstance(state, Pass):
        return _Back(index, path, "Result", state.result.source if state.result else None, origin="literal")
    if not isinstance(state, (Parallel, Map)):
        for earlier in _moments_of(trace, visit, index):
            if trace.raw[earlier][0] == "succeeded":
                return _Back(earlier, path, "Task")
        return _Back(index, path, "Task", origin="result")
    field = "Branches" if isinstance(state, Parallel) else "ItemProcessor"
    ends = _frame_ends(trace, visit, index)
    if path and isinstance(path[0], int) and path[0] in ends:
        return _Back(ends[path[0]], path[1:], field)
    return _Back(index, path, field, exact=False, origin="join", reads=tuple((end, ()) for end in ends.values()))


def _result_selector(trace: Trace, index: int, state: State, path: Path) -> _Back:
    source = state.result_selector.source if state.result_selector else None
    return _templated(trace, index, source, "ResultSelector", path, _before(trace, index, _RESULT))


def _result_path(trace: Trace, index: int, state: State, path: Path) -> _Back:
    steps = state.result_path.steps if state.result_path else ()
    source = state.result_path.source if state.result_path else None
    return _put(trace, index, "ResultPath", source, steps, path, _before(trace, index))


def _caught(trace: Trace, index: int, state: State, path: Path) -> _Back:
    """After Catch: the Error Output at the catcher's ResultPath, the raw input beside it."""
    visit = trace.raw[index][2]
    mark = next((m for m in _moments_of(trace, visit, index) if trace.raw[m][0] == "caught"), index)
    catcher = state.catch[trace.raw[mark][3]] if mark != index else None
    if catcher is not None and catcher.output is not None:
        return _templated(trace, index, catcher.output.source, "Catch/Output", path, mark, jsonata=True)
    where = catcher.result_path if catcher is not None else None
    if where is None:
        return _Back(mark, path, "Catch")
    return _put(trace, index, "Catch/ResultPath", where.source, where.steps, path, mark)


def _put(trace: Trace, index: int, field: str, source: Json, steps: Path | None, path: Path, value: int) -> _Back:
    """ResultPath backwards: inside its place the value is the result's, beside it the raw input's."""
    entered = trace.visits[trace.raw[index][2]].entered
    if steps is None:
        return _Back(entered, path, field, None)
    if path[: len(steps)] == steps:
        return _Back(value, path[len(steps) :], field, source)
    if steps[: len(path)] == path:
        return _Back(index, path, field, source, False, "join", ((entered, path), (value, ())))
    return _Back(entered, path, field, source)


def _output(trace: Trace, index: int, state: State, path: Path) -> _Back:
    if state.language == "JSONata":
        rule = next((m for m in _moments_of(trace, trace.raw[index][2], index) if trace.raw[m][0] == "rule"), None)
        chosen = state.output
        if rule is not None and trace.raw[rule][4] is not None and state.type == "Choice":
            chosen = state.rules[trace.raw[rule][4]].output
        return _templated(
            trace,
            index,
            chosen.source if chosen else None,
            "Output",
            path,
            _before(trace, index, _RESULT),
            jsonata=True,
        )
    return _selected(trace, index, state.output_path, "OutputPath", path, _before(trace, index))


_STAGES = {
    "afterInputPath": _input_path,
    "afterParameters": _parameters,
    "afterArguments": _arguments,
    "afterItemsPath": _items,
    "afterItemReader": _reader,
    "afterItemSelector": _item_selector,
    "afterItemBatcher": _batcher,
    "result": _result,
    "afterResultSelector": _result_selector,
    "afterResultPath": _result_path,
    "afterCatch": _caught,
    "output": _output,
}


# Between states -------------------------------------------------------------------------------------------------------


def _before_entering(trace: Trace, moment: Moment, path: Path) -> _Back:
    """What a state gets: the output of the state before it, or what its frame was opened with."""
    visit = moment.visit
    frame = trace.visits[visit].frame
    for earlier in range(visit - 1, -1, -1):
        if trace.visits[earlier].frame == frame:
            return _Back(_exited(trace, earlier), path, "Next")
    opened = trace.frames[frame]
    if opened.parent < 0:
        return _Back(0, path, "StartAt")
    entered = trace.visits[visit].entered
    parent = opened.parent
    given = next(m for m in _moments_of(trace, parent, entered) if _holds_given(trace, m))
    if opened.kind != "iteration":
        return _Back(given, path, "Branches")
    return _Back(given, (opened.index, *path), "ItemProcessor")


def _holds_given(trace: Trace, index: int) -> bool:
    return trace.raw[index][0] in ("entered", "stage")


def _exited(trace: Trace, visit: int) -> int:
    """The moment at which a visit was left."""
    start = trace.visits[visit].entered
    return next(
        index
        for index in range(start, len(trace.raw))
        if trace.raw[index][2] == visit and trace.raw[index][0] == "exited"
    )


def _frame_ends(trace: Trace, visit: int, until: int) -> dict[int, int]:
    """By branch or item: the moment at which its last state was left. A retried join counts its last attempt."""
    frames = {number: frame.index for number, frame in enumerate(trace.frames) if frame.parent == visit}
    ends: dict[int, int] = {}
    for index in range(trace.visits[visit].entered, until):
        kind, _, inner, *_ = trace.raw[index]
        if kind == "exited" and trace.visits[inner].frame in frames:
            ends[frames[trace.visits[inner].frame]] = index
    return ends


# Expressions backwards ------------------------------------------------------------------------------------------------


def _selected(trace: Trace, index: int, expression: object, field: str, path: Path, base: int) -> _Back:
    source = getattr(expression, "source", None)
    if source is None:
        return _Back(index, path, field, None, origin="literal") if expression is not None else _Back(base, path, field)
    return _read(trace, index, str(source), field, path, base)


def _templated(
    trace: Trace,
    index: int,
    source: Json,
    field: str,
    path: Path,
    base: int,
    *,
    jsonata: bool = False,
    item: int | None = None,
) -> _Back:
    """A payload template or a value with JSONata in it: the part that made the value at `path`."""
    node, rest = source, path
    while True:
        if jsonata and isinstance(node, str) and is_expression(node):
            return _evaluated(trace, index, node, field, rest, base, item)
        if not rest:
            break
        step = rest[0]
        if isinstance(node, dict) and not jsonata and f"{step}.$" in node:
            return _read(trace, index, node[f"{step}.$"], field, rest[1:], base, item)
        if isinstance(node, dict) and step in node:
            node, rest = node[str(step)], rest[1:]
        elif isinstance(node, list) and isinstance(step, int) and step < len(node):
            node, rest = node[step], rest[1:]
        else:
            return _Back(index, path, field, source, False, "unknown")
    reads = tuple(_leaves(trace, index, node, field, base, jsonata, item))
    return _Back(index, path, field, node, not reads, "literal" if not reads else "join", reads)


def _leaves(
    trace: Trace, index: int, node: Json, field: str, base: int, jsonata: bool, item: int | None
) -> Iterator[tuple[int, Path]]:
    """What the dynamic parts below a node of a template read."""
    if isinstance(node, dict):
        for key, inner in node.items():
            if key.endswith(".$") and not jsonata:
                back = _read(trace, index, inner, field, (), base, item)
                yield from back.reads if back.origin else ((back.moment, back.path),)
            else:
                yield from _leaves(trace, index, inner, field, base, jsonata, item)
    elif isinstance(node, list):
        for inner in node:
            yield from _leaves(trace, index, inner, field, base, jsonata, item)
    elif jsonata and isinstance(node, str) and is_expression(node):
        back = _evaluated(trace, index, node, field, (), base, item)
        yield from back.reads if back.origin else ((back.moment, back.path),)


def _read(trace: Trace, index: int, written: str, field: str, path: Path, base: int, item: int | None = None) -> _Back:
    """A path or an intrinsic call."""
    if not written.startswith("$"):
        try:
            reads = tuple(
                (back.moment, back.path)
                for wanted in paths_in(parse_call(written))
                for back in [_read(trace, index, wanted.text, field, (), base, item)]
                if back.origin is None
            )
        except InvalidExpression:
            reads = ()
        return _Back(index, path, field, written, not path, "function", reads)
    root, name, inner = split(written)
    try:
        steps, exact = steps_of(inner), True
    except InvalidExpression:
        steps, exact = _definite_part(inner), False
    return _rooted(trace, index, root, name, steps, exact, written, field, path, base, item)


def _evaluated(trace: Trace, index: int, written: str, field: str, path: Path, base: int, item: int | None) -> _Back:
    """A JSONata expression: exact when it is a plain path, else what it read."""
    text = written[2:-2].strip()
    plain = _PLAIN.fullmatch(text)
    if plain is None:
        reads = []
        for found in _PLAIN.finditer(text):
            back = _from_jsonata(trace, index, found, written, field, (), base, item, exact=False)
            if back.origin is None:
                reads.append((back.moment, back.path))
        return _Back(index, path, field, written, False, "expression", tuple(dict.fromkeys(reads)))
    return _from_jsonata(trace, index, plain, written, field, path, base, item, exact=True)


def _from_jsonata(
    trace: Trace,
    index: int,
    found: re.Match[str],
    written: str,
    field: str,
    path: Path,
    base: int,
    item: int | None,
    *,
    exact: bool,
) -> _Back:
    steps: Path = tuple(name or int(number) for name, number in _PART.findall(found[2]))
    entered = trace.visits[trace.raw[index][2]].entered
    match found[1]:
        case "states.input":
            return _Back(entered, steps + path, field, written, exact)
        case "states.result" | "states.errorOutput":
            return _Back(base, steps + path, field, written, exact)
        case "states.context":
            return _rooted(trace, index, "context", "", steps, exact, written, field, path, base, item)
        case name:
            return _rooted(trace, index, "variable", name, steps, exact, written, field, path, base, item)


def _rooted(
    trace: Trace,
    index: int,
    root: str,
    name: str,
    steps: Path,
    exact: bool,
    written: str,
    field: str,
    path: Path,
    base: int,
    item: int | None,
) -> _Back:
    """A path by its root: the value at hand, the context object, or a variable."""
    whole = steps + path if exact else steps
    if root == "value":
        return _Back(base, whole, field, written, exact)
    if root == "variable":
        assigned = _assignment(trace, index, name)
        if assigned is None:
            return _Back(index, path, field, written, exact, "unknown")
        return _Back(assigned, (name, *whole), field, written, exact)
    if whole[:2] == ("Execution", "Input"):
        return _Back(0, whole[2:], field, written, exact)
    if whole[:3] == ("Map", "Item", "Value"):
        found = _item(trace, index, item)
        if found is not None:
            return _Back(found[0], (found[1], *whole[3:]), field, written, exact)
    return _Back(index, path, field, written, exact, "context")


def _item(trace: Trace, index: int, item: int | None) -> tuple[int, int] | None:
    """The array that the current item stands in, and its place."""
    visit = trace.raw[index][2]
    if item is not None:
        return _before(trace, index, frozenset(("afterInputPath", "afterItemsPath"))), item
    frame = trace.frames[trace.visits[visit].frame]
    while frame.parent >= 0:
        if frame.kind == "iteration":
            until = trace.visits[visit].entered
            wanted = ("afterInputPath", "afterItemsPath")
            for earlier in _moments_of(trace, frame.parent, until):
                if trace.raw[earlier][0] == "entered" or trace.raw[earlier][3] in wanted:
                    return earlier, frame.index
        frame = trace.frames[trace.visits[frame.parent].frame]
    return None


def _assignment(trace: Trace, index: int, name: str) -> int | None:
    """The latest moment before this visit at which a variable was written, in its frame or those around it."""
    visit = trace.raw[index][2]
    frames = {trace.visits[visit].frame}
    parent = trace.frames[trace.visits[visit].frame].parent
    while parent >= 0:
        frames.add(trace.visits[parent].frame)
        parent = trace.frames[trace.visits[parent].frame].parent
    for earlier in range(trace.visits[visit].entered - 1, -1, -1):
        kind, _, owner, _, value, _ = trace.raw[earlier]
        if kind == "assigned" and name in value and trace.visits[owner].frame in frames:
            return earlier
    return None


def _assigned(trace: Trace, index: int, state: State, path: Path) -> _Back:
    visit = trace.raw[index][2]
    source = state.assign.source if state.assign else None
    base = _before(trace, index, _RESULT)
    for earlier in _moments_of(trace, visit, index):
        kind, _, _, name, value, _ = trace.raw[earlier]
        if kind == "caught":
            catcher = state.catch[name]
            source, base = (catcher.assign.source if catcher.assign else None), earlier
            break
        if kind == "rule" and value is not None and state.type == "Choice":
            chosen = state.rules[value].assign
            source = chosen.source if chosen else None
            break
    return _templated(trace, index, source, "Assign", path, base, jsonata=state.language == "JSONata")


def _definite_part(path: str) -> Path:
    """The steps of a path up to where it stops naming one node."""
    cuts = [place for mark in ("[*]", ".*", "..", "[?", "[:", ":", ",") if (place := path.find(mark)) > 0]
    head = path[: min(cuts)] if cuts else "$"
    head = head[: head.rfind("[")] if head.count("[") > head.count("]") else head
    try:
        return steps_of(head)
    except InvalidExpression:
        return ()
