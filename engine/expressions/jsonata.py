"""JSONata expressions: strings that are exactly `{% … %}`, anywhere in a field's JSON value.

This is the one door to the package behind it (jlens). Every expression is compiled once. It sees `$states` and the
variables, and nothing at its top level: `$`, `$$` and bare names are refused there. A result of undefined is an error,
never a dropped key, as is a function. Failures are `States.QueryEvaluationError` with the place of the expression.

Two things are for speed. What an expression reads is handed over as *input*, which jlens converts only as far as it is
read, and bound to its variables by a prelude: `($states := $; …)`. And an expression that only follows names, such as
`$states.input.order`, is read here directly, so that what it names is shared and not copied; wherever JSONata would do
more than follow names, jlens is asked.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection, Iterable, Iterator, Mapping
from functools import lru_cache
from typing import Any, NamedTuple

from jlens import CaptureLimits, Document, JlensError
from jlens import Expression as Compiled

from engine.errors import QUERY_EVALUATION, StatesError
from engine.expressions import InvalidExpression
from engine.expressions.functions import Failure
from engine.expressions.jsonata_functions import DRAWING, MOST_ITEMS, NAMES, PURE, Exhausted
from engine.expressions.jsonata_text import dollars, later_operators
from engine.model import Expression
from engine.pointer import under
from engine.values import Json, text

Evaluate = Callable[[Any, Any], Any]
Steps = tuple[str | int, ...]

INVALID, UNSUPPORTED, LATER = "INVALID_JSONATA_EXPRESSION", "UNSUPPORTED_JSONATA_EXPRESSION", "jsonata-later-version"

TIME_LIMIT = 1.0
"""Seconds an evaluation may take (AWS Developer Guide)."""
AT_ONCE = 0.02
"""Seconds an evaluation may take while every other thread of the process waits for it. Almost all are done a thousand times
sooner; what is not, is begun anew in the way that lets the others run."""
RECORD_LIMIT = 0.25
"""Seconds for an evaluation that is written down part by part, which lets nobody else run meanwhile."""
_RECORDED = CaptureLimits(max_items=20, max_string=200, max_depth=5, max_rejected=50, max_nodes=10_000, max_source=1)
DEEPEST = 100
"""Nested evaluations (measured on AWS: more overflow)."""
LONGEST_STRING = 8 * MOST_ITEMS
"""Bytes of a string, from the same measurement: between 2^22 and 2^23."""

_LIMITS = {
    "D1011": "Stack overflow error: Check for non-terminating recursive function. Consider rewriting as tail-recursive",
    "D1012": "Expression evaluation timeout: Check for infinite loop",
    "U1001": "Expression evaluation memory limit exceeded: Check for excessive memory usage",
}
"""jlens's codes for its bounds, and AWS's words, which come without a code."""
_TIMEOUT, _MEMORY = "D1012", "U1001"

EXPECTED: Mapping[str, tuple[str, ...]] = {
    "Items": ("array",),
    "Condition": ("boolean",),
    **dict.fromkeys(("Timestamp", "Error", "Cause", "RoleArn"), ("string",)),
    **dict.fromkeys(
        (
            "Seconds",
            "TimeoutSeconds",
            "HeartbeatSeconds",
            "MaxConcurrency",
            "ToleratedFailureCount",
            "ToleratedFailurePercentage",
            "MaxItems",
            "MaxItemsPerBatch",
            "MaxInputBytesPerBatch",
        ),
        ("number",),
    ),
}
"""The JSON types a field takes, by the last name of the field, where the whole field is one expression."""

_CALLED = re.compile(r"\$(\w+)\s*\(")
_FOLLOWS_NAMES = re.compile(
    r"\$([A-Za-z_]\w*)((?:\.(?!(?:and|or|in|true|false|null|function)\b)[A-Za-z_]\w*)*)", re.ASCII
)


def is_expression(value: Json) -> bool:
    """Exactly `{% … %}`; a blank before or behind makes it an ordinary string (recorded)."""
    return isinstance(value, str) and len(value) >= 4 and value.startswith("{%") and value.endswith("%}")


def bare(expression: str) -> str:
    """What stands between `{%` and `%}`, trimmed: so AWS prints it."""
    return expression[2:-2].strip()


def value(source: Json, field: str, expected: tuple[str, ...] | None = None) -> Expression:
    """Compile a field that may hold expressions. `evaluate` ignores its value and reads the scope.

    Args:
        expected: JSON types that the result must have, if the whole field is one expression; None takes EXPECTED.

    Raises:
        InvalidExpression: for the first expression that AWS would refuse; `faults` finds them all.
    """
    evaluate = _node(source, field, ())
    if evaluate is None:
        return Expression(source, lambda given, scope: source, field)
    types = EXPECTED.get(field.rsplit("/", 1)[-1], ()) if expected is None else expected
    if types and isinstance(source, str):
        return Expression(source, _typed(evaluate, source, field, types), field)
    return Expression(source, evaluate, field)


def faults(source: Json, allowed: Collection[str] = (), at: Steps = ()) -> Iterator[InvalidExpression]:
    """Everything that `check` finds in the expressions of a value; `at` of each continues the field's location."""
    if is_expression(source):
        for code, message in check(source, allowed):
            yield InvalidExpression(message, at=at, code=code)
    elif isinstance(source, dict):
        for key, inner in source.items():
            yield from faults(inner, allowed, (*at, key))
    elif isinstance(source, list):
        for index, inner in enumerate(source):
            yield from faults(inner, allowed, (*at, index))


def check(expression: str, allowed: Collection[str] = ()) -> list[tuple[str, str]]:
    """What is wrong with one `{% … %}` before it is ever run, as (code, message).

    `allowed` names the members of `$states` that exist in this field besides `input` and `context`: `result`,
    `errorOutput`. The code `jsonata-later-version` is ours, a warning: the operator works here and not on AWS.
    """
    source = bare(expression)
    try:
        found = [(UNSUPPORTED, _not_supported(name)) for name in _top_level(source)]
    except InvalidExpression as fault:
        return [(fault.code, fault.message)]
    states = _read(source)[0].get("states", {})
    for member in ("result", "errorOutput"):
        if states is not True and member in states and member not in allowed:
            found.append((UNSUPPORTED, _not_supported(f"$states.{member}", "in this field")))
    for later in later_operators(source):
        found.append((LATER, f"The operator {later} is newer than JSONata 2.0.6, which AWS runs"))
    return found


def names(expression: str, assigned: Collection[str] = ()) -> set[str]:
    """The variables that one `{% … %}` reads, without `states` and functions; empty if it does not parse.

    `assigned` are the names that the machine assigns: they alone tell `$count`, a variable, from `$count`, the function.
    """
    source = bare(expression)
    try:
        read = set(_read(source)[0])
    except InvalidExpression:
        return set()
    return (read | (dollars(source) & set(assigned))) - {"states", *(NAMES - set(assigned))}


def unexpected(source: str, field: str, expected: tuple[str, ...], result: Json) -> StatesError:
    """The failure of an expression whose result has the wrong type (recorded text)."""
    wanted = " or ".join(f"'{kind}'" for kind in expected)
    return _failure(
        source,
        field,
        f"returned an unexpected result type. Expected {wanted}, but was '{_type(result)}' for value: {text(result)}",
    )


def _typed(evaluate: Evaluate, source: str, field: str, types: tuple[str, ...]) -> Evaluate:
    def typed(given: Json, scope: Any) -> Json:
        result = evaluate(given, scope)
        if _type(result) in types:
            return result
        raise unexpected(bare(source), field, types, result)

    return typed


def _type(result: Json) -> str:
    if result is None:
        return "null"
    if isinstance(result, bool):
        return "boolean"
    if isinstance(result, (int, float)):
        return "number"
    if isinstance(result, str):
        return "string"
    return "array" if isinstance(result, list) else "object"


def _node(source: Json, location: str, at: Steps) -> Evaluate | None:
    """The evaluation of a part of a value, None for a constant."""
    if is_expression(source):
        try:
            return _leaf(bare(source), location)
        except InvalidExpression as fault:
            raise InvalidExpression(fault.message, fault.detail, at, fault.code) from None
    parts: Iterable[tuple[str | int, Json]]
    if isinstance(source, dict):
        parts = source.items()
    elif isinstance(source, list):
        parts = enumerate(source)
    else:
        return None
    made = [(key, _node(inner, under(location, (key,)), (*at, key))) for key, inner in parts]
    dynamic = tuple((key, evaluate) for key, evaluate in made if evaluate)
    if not dynamic:
        return None

    def fill(given: Json, scope: Any) -> Json:
        filled = source.copy()
        for key, evaluate in dynamic:
            filled[key] = evaluate(given, scope)
        return filled

    return fill


def _leaf(source: str, location: str) -> Evaluate:
    unsupported = _top_level(source)
    if unsupported:
        raise InvalidExpression(_not_supported(unsupported[0]), code=UNSUPPORTED)
    evaluate = _evaluation(source, location)
    plain = _FOLLOWS_NAMES.fullmatch(source)
    return _following(plain[1], tuple(plain[2].split(".")[1:]), evaluate) if plain else evaluate


def _following(root: str, steps: tuple[str, ...], ask: Evaluate) -> Evaluate:
    """Follow names through objects; `ask` when there is an array on the way, or nothing at all."""
    if root == "states" and steps and steps[0] == "context":
        inner = steps[1:]

        def of_context(given: Json, scope: Any) -> Json:
            found = scope.context
            for step in inner:
                if type(found) is not dict or step not in found:
                    return ask(given, scope)
                found = found[step]
            return found

        return of_context
    if root == "states":
        if not steps:
            return ask

        def of_states(given: Json, scope: Any) -> Json:
            found = scope.states
            for step in steps:
                if type(found) is not dict or step not in found:
                    return ask(given, scope)
                found = found[step]
            return found

        return of_states

    def of_variable(given: Json, scope: Any) -> Json:
        found = scope.variables
        if root not in found:
            return ask(given, scope)
        found = found[root]
        for step in steps:
            if type(found) is not dict or step not in found:
                return ask(given, scope)
            found = found[step]
        return found

    return of_variable


class Asking(NamedTuple):
    """One evaluation, ready to be handed to jlens."""

    compiled: Compiled
    data: Json
    bindings: dict[str, Any]
    now: int | None
    seed: int | None
    dice: tuple[Any, Any] | None
    """The run's generator and its state before the evaluation, where it draws."""
    bound: tuple[str, ...]
    """The variables that the prelude makes."""


def _asking(source: str) -> tuple[Callable[[Any], Asking], bool]:
    """What makes the question out of a scope; and whether the expression reads `$states`."""
    reads = _read(source)[0]
    written = dollars(source)
    states = reads.get("states")
    wants_context = states is True or (isinstance(states, dict) and "context" in states)
    variables = tuple(sorted(set(reads) - {"states", *NAMES}))
    drawing = tuple(name for name in DRAWING if name in written)
    shadowing = tuple(sorted(written - set(reads) - {"", "$", "states"} | (written & NAMES)))
    by_clock, by_seed, no_eval = bool(written & {"now", "millis"}), "shuffle" in written, "eval" in written
    only_states = not variables and states is not None
    first = _compiled(source, variables, states is not None, only_states)
    special = bool(drawing) or by_clock or by_seed or no_eval

    def asking(scope: Any) -> Asking:
        compiled, bound = first, variables
        held: Mapping[str, Json] = scope.variables if variables or shadowing else {}
        own = tuple(name for name in shadowing if name in held)
        if own:
            bound = tuple(sorted({*variables, *own}))
            compiled = _compiled(source, bound, states is not None, False)
        data: Json = None
        if states is not None:
            data = {**scope.states, "context": scope.context} if wants_context else scope.states
        if bound:
            data = {"states": data, **{name: held[name] for name in bound if name in held}}
        if not special:
            return Asking(compiled, data, {}, None, None, None, bound)
        seed = scope.random.getrandbits(63) if by_seed else None
        dice = (scope.random, scope.random.getstate()) if drawing else None
        bindings: dict[str, Any] = {name: DRAWING[name](scope.random) for name in drawing if name not in own}
        if no_eval:
            bindings["eval"] = None
        return Asking(compiled, data, bindings, scope.now if by_clock else None, seed, dice, bound)

    return asking, states is not None


def _evaluation(source: str, location: str) -> Evaluate:
    """The evaluation by jlens."""
    asking, states = _asking(source)

    def evaluate(given: Json, scope: Any) -> Json:
        question = asking(scope)
        kind: Json = None
        try:
            result = _asked(question)
            if result is None:
                if question.dice is not None:
                    scope.random.setstate(question.dice[1])
                typed = _compiled(f"$type(({source}\n))", question.bound, states, states and not question.bound)
                kind = _asked(question._replace(compiled=typed))
        except JlensError as error:
            raise _failure(source, location, _reason(error)) from None
        except Exhausted:
            raise _failure(source, location, f"threw an error during evaluation: {_LIMITS[_MEMORY]}") from None
        except Failure as failure:
            raise _failure(source, location, f"threw an error during evaluation. {failure}") from None
        if result is not None:
            return result
        return _nothing(source, location, kind)

    return evaluate


def _asked(question: Asking) -> Json:
    """jlens's answer.

    An evaluation that reads its input in place keeps the interpreter to itself. One that takes longer than `AT_ONCE` is
    begun anew on a converted input, during which the threads of others go on (measured: thousandths of a second apart).
    """
    compiled, data, bindings, now, seed, dice, _ = question
    try:
        return compiled.evaluate(
            data,
            bindings or None,
            timeout=AT_ONCE,
            max_depth=DEEPEST + 1,
            max_array_length=MOST_ITEMS,
            max_string_length=LONGEST_STRING,
            now=now,
            seed=seed,
        )
    except JlensError as error:
        if error.code != _TIMEOUT:
            raise
    if dice is not None:
        generator, state = dice
        generator.setstate(state)
    return compiled.evaluate_document(
        Document(data),
        bindings or None,
        timeout=TIME_LIMIT,
        max_depth=DEEPEST + 1,
        max_array_length=MOST_ITEMS,
        max_string_length=LONGEST_STRING,
        now=now,
        seed=seed,
    )


class Record(NamedTuple):
    """An evaluation as jlens saw it: what `jsonata_audit.parts` reads."""

    root: Mapping[str, Any]
    """The tree: a node has a span in the text with its prelude, what it gave, its children, and the filters it applied."""
    offset: int
    """What to take off a span to have a place in the `{% … %}` text."""
    start: int
    """Where the expression begins in the `{% … %}` text."""
    length: int
    result: Json
    error: tuple[str, str] | None
    """Code and message, in AWS's words where it has its own."""
    over: bool
    """The recording, which is slower, ran into its own limit of time or of size."""


def record(expression: str, scope: Any) -> Record:
    """Evaluate one `{% … %}` once more and write down what every part of it gave.

    Raises:
        InvalidExpression: it is none that could be evaluated.
    """
    source = bare(expression)
    question = _asking(source)[0](scope)
    found = question.compiled.evaluate_with_audit(
        question.data,
        question.bindings or None,
        level="full",
        limits=_RECORDED,
        timeout=RECORD_LIMIT,
        max_depth=DEEPEST + 1,
        max_array_length=MOST_ITEMS,
        max_string_length=LONGEST_STRING,
        now=question.now,
        seed=question.seed,
    )
    whole = question.compiled.source
    begins = len(whole) - len(source) - len("\n)") if whole != source else 0
    error, root = found["error"], found["audit"]["root"]
    over = bool(found["audit"]["truncated"]) or (error is not None and error["code"] == _TIMEOUT)
    shown = None
    if error is not None:
        code = _MEMORY if error["code"] == Exhausted.__name__ else error["code"]
        shown = (code, _LIMITS.get(code, error["message"]))
    begins_in_text = expression.find(source, 2)
    return Record(root, begins - begins_in_text, begins_in_text, len(source), found["result"], shown, over)


def _nothing(source: str, location: str, kind: Json) -> None:
    """jlens answers None for null, undefined and functions alike; `kind`, the type by its own word, tells them apart."""
    if kind == "null":
        return
    if kind is None:
        raise _failure(source, location, "returned nothing (undefined).")
    raise _failure(source, location, "returned an unsupported result type.")


def _reason(error: JlensError) -> str:
    limit = _LIMITS.get(error.code)
    return "threw an error during evaluation" + (f": {limit}" if limit else f". {error.code}: {error}")


def _failure(source: str, location: str, what: str) -> StatesError:
    return StatesError(
        QUERY_EVALUATION,
        f"The JSONata expression '{source}' specified for the field '{location}' {what}",
        framed=True,
        location=location,
    )


@lru_cache(maxsize=4096)
def _compiled(source: str, variables: tuple[str, ...], states: bool, only_states: bool) -> Compiled:
    """The expression with its prelude, which makes variables of the input's members."""
    prelude = "$states := $; " if only_states else "$states := $$.states; " if states else ""
    prelude += "".join(f"${name} := $$.{name}; " for name in variables)
    compiled = _parsed(f"({prelude}{source}\n)" if prelude else source)
    for name in NAMES & dollars(source) - set(variables):
        if name in PURE:
            compiled.register_function(name, *PURE[name])
    return compiled


def _parsed(source: str) -> Compiled:
    try:
        return Compiled(source)
    except JlensError as error:
        raise InvalidExpression(str(error), code=INVALID) from None


@lru_cache(maxsize=4096)
def _read(source: str) -> tuple[Mapping[str, Any], Any]:
    """What an expression reads of variables and of the input, in jlens's form: `{"states": {"input": True}}`.

    A function that jlens does not know may read the whole input, for all it can tell. Functions have nothing to read here,
    so they are made known for the second question.
    """
    compiled = _parsed(source)
    reads = compiled.reads()
    called = {name: _any_function for name in _CALLED.findall(source) if name in reads["bindings"]}
    return reads["bindings"], (compiled.reads(called) if called else reads).get("input")


def _any_function(*arguments: Json) -> None:
    """Stands for a function that is never called."""


def _top_level(source: str) -> list[str]:
    """References that nothing stands behind: `$`, `$$` and bare names at the top level."""
    written = dollars(source)
    if "$" in written:
        return ["$$"]
    reads = _read(source)[1]
    if isinstance(reads, dict):
        return sorted(reads)
    return ["$"] if reads is True and "" in written else []


def _not_supported(name: str, where: str = "at the top level") -> str:
    return f"Reference to '{name}' {where} is not supported."
