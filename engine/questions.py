"""What may be asked of a run at any of its moments: a path, a condition or a JSONata expression over what could be seen there.

    total   $total.net                                a variable
    $.order.id   $$.Map.Item.Index                    a JSONPath, from the data or the context object
    $.order.total > 100 && $attempt >= 2              a condition, with the operators of a JSONPath filter
    $states.input.order.total > 100   {% … %}         JSONata

`$` is the data of the state: its input, and from its exit on its output; where an error stops the reader, `{Error, Cause}`. Besides
the workflow's variables, which come first, both languages know `$input`, `$output`, `$error` and `$attempt` (1 for the
first), and JSONata's `$states` has `output` too. Expressions are those of the engine itself: a question is never evaluated
by anything else, and has the same bounds.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from random import Random
from typing import Any

from engine.errors import StatesError
from engine.execution import Run
from engine.expressions import InvalidExpression, jsonata
from engine.expressions.jsonpath import InvalidPath, PathFailed, PathNotFound, compile_path
from engine.expressions.roots import path
from engine.note import RETRIABLE
from engine.trace import Call, Trace
from engine.values import Json
from engine.world import timestamp

LONGEST = 2_000
"""Characters of a question."""
ERRORS = frozenset(("failed", "timedOut", "evaluationFailed", "caught"))

_NAME = re.compile(r"[^\W\d]\w*")
_ROOT = re.compile(r"\$\$|\$[^\W\d]\w*|[$@]")
_STRING = re.compile(r"'(?:[^'\\]|\\.)*'|\"(?:[^\"\\]|\\.)*\"", re.DOTALL)
_JSONATA = re.compile(r"\$states\b|\$[^\W\d]\w*\s*\(|^\s*\{%")
_JSONPATH = re.compile(r"\$[.\[$]|@|==|&&|\|\||=~")
_LONE = re.compile(r"(?<![=!<>~])=(?![=~])")
_WORDS = re.compile(r"\b(?:and|or)\b|[?:&*/%+]|(?<=\s)-(?=\s)")
_PLACE = re.compile(r", error on position: (\d+), char: .")


class Unreadable(ValueError):
    """A text that is no question. `reason`, filled with `values`, is the engine's own word for it; `position` the
    character (from 0) if it is known."""

    def __init__(self, language: str, reason: str, position: int | None = None, **values: str) -> None:
        super().__init__(reason.format(**values) if values else reason)
        self.language = language
        self.reason = reason
        self.values = values
        self.position = position


class Unanswered(Exception):
    """The question has no answer here. `reason` is empty where what it names is simply not there."""

    def __init__(self, reason: str = "") -> None:
        super().__init__(reason)
        self.reason = reason


@dataclass(frozen=True, slots=True)
class Question:
    """A text that was understood. `ask` answers at one place, or raises Unanswered."""

    text: str
    language: str
    """`JSONPath` or `JSONata`."""
    ask: Callable[[Sight], Json]


def holds(value: Json) -> bool:
    """Does an answer count as yes? All do but false and null."""
    return value is not None and value is not False


# --- reading ---------------------------------------------------------------------------------------------------------


def question(text: str) -> Question:
    """Reads a question. Raises Unreadable with what is wrong and, where it can be told, at which character."""
    written = text.strip()
    if not written:
        raise Unreadable("JSONPath", "There is nothing to read")
    if len(written) > LONGEST:
        raise Unreadable("JSONPath", "The text is longer than {limit} characters", limit=str(LONGEST))
    if _NAME.fullmatch(written):
        return _path(written, "$" + written)
    bare = _STRING.sub("''", written)
    if _JSONATA.search(bare) or (not _JSONPATH.search(bare) and (_LONE.search(bare) or _WORDS.search(bare))):
        return _jsonata(written)
    if written.startswith("$"):
        try:
            return _path(written, written)
        except Unreadable:
            pass
    return _condition(written)


def _path(text: str, written: str) -> Question:
    try:
        wanted = path(written)
    except InvalidExpression as wrong:
        raise Unreadable("JSONPath", wrong.detail or wrong.message) from None
    read = wanted.read

    def ask(sight: Sight) -> Json:
        try:
            return read(sight.data, sight)
        except PathNotFound:
            raise Unanswered from None
        except PathFailed as failed:
            raise Unanswered(failed.message) from None

    return Question(text, "JSONPath", ask)


def _jsonata(text: str) -> Question:
    written = text if jsonata.is_expression(text) else "{% " + text + " %}"
    try:
        evaluate = jsonata.value(written, "Condition", ()).evaluate
    except InvalidExpression as wrong:
        raise Unreadable("JSONata", wrong.message) from None

    def ask(sight: Sight) -> Json:
        try:
            return evaluate(None, sight)
        except StatesError as failed:
            cause = failed.cause or ""
            reason = cause.rpartition("specified for the field 'Condition' ")[2]
            raise Unanswered("" if reason == "returned nothing (undefined)." else reason) from None

    return Question(text, "JSONata", ask)


def _condition(text: str) -> Question:
    """What may stand in the brackets of a filter, `[?(…)]`, asked of one object that holds all the roots."""
    lone = _LONE.search(_STRING.sub(lambda quoted: "_" * len(quoted[0]), text))
    if lone:
        raise Unreadable("JSONPath", "One = compares nothing here; two do: ==", lone.start())
    rooted, paths = _rooted(text)
    try:
        accepts = compile_path(f"$[?({rooted})]").read
    except InvalidPath as wrong:
        found = _PLACE.search(wrong.message)
        if found is None:
            raise Unreadable("JSONPath", wrong.message.replace(rooted, text)) from None
        place = len(_unrooted(rooted[: max(0, int(found[1]) - len("[?("))]))
        rest = text[place:].split()
        if not rest:
            raise Unreadable("JSONPath", "Something is missing", len(text)) from None
        raise Unreadable("JSONPath", "“{text}” is not expected", place, text=rest[0]) from None
    context = "$$" in text
    wanted = [compile_path(one).read for one in paths if _readable(one)]

    def ask(sight: Sight) -> Json:
        seen = {"data": sight.data, "variables": sight.variables, "context": sight.context if context else None}
        try:
            if accepts(seen):
                return True
        except (PathNotFound, PathFailed) as failed:
            raise Unanswered(failed.message) from None
        for read in wanted:
            try:
                read(seen)
            except PathNotFound:
                raise Unanswered from None
            except PathFailed as failed:
                raise Unanswered(failed.message) from None
        return False

    return Question(text, "JSONPath", ask)


_ROOTS = {"$": "$.data", "@": "$.data", "$$": "$.context"}
_OPERAND = re.compile(r"\$(?:\.[^\W\d]\w*|\[(?:'[^']*'|-?\d+)\])+")


def _rooted(text: str) -> tuple[str, list[str]]:
    """The condition over an object of all roots, and the plain paths in it. `@` within a filter of its own stays itself."""
    made: list[str] = []
    place = depth = 0
    while place < len(text):
        string = _STRING.match(text, place)
        root = _ROOT.match(text, place)
        if string:
            made.append(string[0])
            place = string.end()
        elif root and not (root[0] == "@" and depth):
            made.append(_ROOTS.get(root[0]) or f"$.variables.{root[0][1:]}")
            place = root.end()
        else:
            depth += text.startswith("[?", place)
            depth -= depth > 0 and text[place] == "]"
            made.append(text[place])
            place += 1
    rooted = "".join(made)
    return rooted, _OPERAND.findall(_STRING.sub(lambda quoted: quoted[0] if "[" in quoted[0] else "''", rooted))


def _unrooted(rooted: str) -> str:
    """The part of the reader's own text that a part of the rooted one stands for."""
    return rooted.replace("$.data", "$").replace("$.context", "$$").replace("$.variables.", "$")


def _readable(written: str) -> bool:
    try:
        return compile_path(written).definite
    except InvalidPath:
        return False


# --- looking ---------------------------------------------------------------------------------------------------------


class Sight:
    """What can be seen at one visit, kept up to date while the moments of a run go by; the `Scope` of its questions.

    `version` grows with every moment that may change an answer.
    """

    __slots__ = ("at", "attempt", "error", "held", "input", "item", "output", "result", "stage", "state", "token", "trace", "version")  # fmt: skip

    def __init__(self, trace: Trace, state: Any, input: Json, at: int, held: Mapping[str, Json], item: Json) -> None:
        self.trace = trace
        self.state = state
        self.input = input
        self.at = at
        self.held = held
        self.item = item
        self.attempt = 1
        self.version = 0
        self.token: str | None = None
        self.output: tuple[Json] | None = None
        self.result: tuple[Json] | None = None
        self.error: Json = None
        self.stage: Json = input
        """What the items of a Map are taken from, as far as the visit has come."""

    @property
    def data(self) -> Json:
        return self.input if self.output is None else self.output[0]

    @property
    def variables(self) -> Mapping[str, Json]:
        own: dict[str, Json] = {"input": self.input, "attempt": self.attempt}
        if self.output is not None:
            own["output"] = self.output[0]
        if self.error is not None:
            own["error"] = self.error
        return {**own, **self.held}

    @property
    def states(self) -> dict[str, Json]:
        seen: dict[str, Json] = {"input": self.input}
        if self.result is not None:
            seen["result"] = self.result[0]
        if self.error is not None:
            seen["errorOutput"] = self.error
        if self.output is not None:
            seen["output"] = self.output[0]
        return seen

    @property
    def context(self) -> dict[str, Json]:
        context = dict(Run(self.trace.machine, self.trace.input, self.trace.world).context)
        if self.state is not None:
            own: dict[str, Json] = {"Name": self.state.name, "EnteredTime": timestamp(self.trace.started_at + self.at)}
            if self.state.type in RETRIABLE:
                own["RetryCount"] = self.attempt - 1
            context["State"] = own
        if self.token is not None:
            context["Task"] = {"Token": self.token}
        if self.item is not None:
            context["Map"] = {"Item": self.item}
        return context

    @property
    def random(self) -> Random:
        return Random(self.trace.world.seed)

    @property
    def now(self) -> int:
        return self.trace.started_at + self.at


ITEMS = frozenset(("afterInputPath", "afterItemsPath", "afterItemReader"))


def sights(trace: Trace) -> Iterator[tuple[int, Sight]]:
    """Every moment of a run with what can be seen there, in order. A sight is one object per visit: look at it at once."""
    seen: dict[int, Sight] = {-1: Sight(trace, None, trace.input, 0, {}, None)}
    held: dict[int, Mapping[str, Json]] = {0: {}}
    items: dict[int, Json] = {}
    for index, (kind, at, visit, name, value, _) in enumerate(trace.raw):
        if kind == "entered":
            frame, state, _ = trace.raw_visits[visit]
            if frame not in held:
                _take_over(trace, frame, held, items)
            seen[visit] = Sight(trace, state, value, at, held[frame], items.get(frame))
        sight = seen[visit]
        if visit >= 0:
            _see(sight, kind, name, value)
        if kind == "assigned":
            frame = trace.raw_visits[visit][0]
            sight.held = held[frame] = {**held[frame], **value}
        elif kind == "iterationStarted":
            items[name] = {"Index": value, "Value": _element(sight.stage, value)}
        yield index, sight


def _take_over(trace: Trace, frame: int, held: dict[int, Mapping[str, Json]], items: dict[int, Json]) -> None:
    """A line of work begins with the variables, and within an iteration the item, of the line around it."""
    parent = trace.raw_frames[frame][1]
    around = trace.raw_visits[parent][0] if parent >= 0 else 0
    held[frame] = held.get(around, {})
    if frame not in items and around in items:
        items[frame] = items[around]


def _see(sight: Sight, kind: str, name: Any, value: Any) -> None:
    match kind:
        case "scheduled":
            sight.error = None
            sight.token = value.token if isinstance(value, Call) else None
        case "stage" if name == "result":
            sight.result = (value,)
        case "stage":
            if name in ITEMS:
                sight.stage = value
            return
        case "retry":
            sight.attempt += 1
            sight.result = sight.token = None
        case "exited":
            sight.output = (value,)
        case _ if kind in ERRORS:
            sight.error = StatesError(*value[:2]).output
        case "assigned":
            pass
        case _:
            return
    sight.version += 1


def _element(items: Json, index: int) -> Json:
    return items[index] if isinstance(items, list) and index < len(items) else None
