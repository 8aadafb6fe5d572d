"""Rules of Choice states in JSONPath: comparisons (`operators`), joined by And, Or and Not.

"A Choice Rule evaluates to a boolean value" (ASL, "Choice State"). A `Variable` that is not there fails the execution, under every operator
but `IsPresent`; And and Or stop at the first rule that decides, so `And: [IsPresent, test]` is the way to ask.
"""

from __future__ import annotations

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from typing import Any

from engine.errors import StatesError, runtime
from engine.expressions import InvalidExpression
from engine.expressions.jsonpath import PathFailed, PathNotFound
from engine.expressions.operators import OPERANDS, OPERATORS, Operator, Test
from engine.expressions.roots import NULL_INPUT, Path, reference_path
from engine.model import Expression
from engine.values import Json

__all__ = ["NO_TRANSITION", "OPERATORS", "Truth", "operator_of", "rule", "truths"]

Holds = Callable[[Any, Any], bool]
Steps = tuple[str | int, ...]

NO_TRANSITION = "Failed to transition out of the state. The state does not point to a next state."
"""The cause of `States.Runtime` when no rule holds and there is no Default (field reports)."""


def rule(source: Mapping[str, Json], field: str = "Choices") -> Expression:
    """Compile one entry of Choices; `evaluate` answers True or False.

    Raises:
        InvalidExpression: `at` says where in the rule: `("And", 0, "Variable")`.
    """
    return Expression(source, _rule(source, ()), field)


def operator_of(source: Mapping[str, Json]) -> str | None:
    """The comparison operator of a rule, if it has exactly one."""
    found = [name for name in source if name in OPERATORS]
    return found[0] if len(found) == 1 else None


def _rule(source: Json, at: Steps) -> Holds:
    if not isinstance(source, Mapping):
        raise InvalidExpression("Expected value of type [OBJECT]", at=at)
    joined = [word for word in ("And", "Or", "Not") if word in source]
    if len(joined) > 1 or (joined and ("Variable" in source or any(name in OPERATORS for name in source))):
        raise InvalidExpression(
            f"There should only be one of the following fields: [{', '.join([*joined, 'Variable'])}]",
            "A rule compares one Variable, or joins other rules by one of And, Or, Not",
            at,
        )
    if not joined:
        return _comparison(source, at)
    word = joined[0]
    if word == "Not":
        inner = _rule(source["Not"], (*at, "Not"))
        return lambda value, scope: not inner(value, scope)
    if not isinstance(source[word], list):
        raise InvalidExpression("Expected value of type [ARRAY]", at=(*at, word))
    rules = tuple(_rule(part, (*at, word, index)) for index, part in enumerate(source[word]))
    if not rules:
        raise InvalidExpression("Value cannot be empty", at=(*at, word))
    if word == "And":

        def all_hold(value: Json, scope: Any) -> bool:
            for holds in rules:  # noqa: SIM110 - the hot loop: half the time of all() over a generator
                if not holds(value, scope):
                    return False
            return True

        return all_hold

    def any_holds(value: Json, scope: Any) -> bool:
        for holds in rules:  # noqa: SIM110 - as above
            if holds(value, scope):
                return True
        return False

    return any_holds


def _comparison(source: Mapping[str, Json], at: Steps) -> Holds:
    if "Variable" not in source:
        raise InvalidExpression("These fields are required: [Variable]", at=at)
    name = operator_of(source)
    if name is None:
        raise InvalidExpression(
            "A Choice rule must have exactly one comparison operator",
            "Add one of: " + ", ".join(OPERATORS) if not any(key in OPERATORS for key in source) else "Keep one",
            at,
        )
    variable = _path(source["Variable"], (*at, "Variable"))
    row, operand = OPERATORS[name], source[name]
    if row.by_path:
        return _against_path(variable, row, _path(operand, (*at, name)))
    fits, complaint = OPERANDS[row.kind]
    if not fits(operand):
        raise InvalidExpression(complaint, at=(*at, name))
    try:
        test = row.test(operand)
    except InvalidExpression as fault:
        raise InvalidExpression(fault.message, fault.detail, (*at, name)) from None
    return _present(variable, operand) if name == "IsPresent" else _against(variable, test)


def _path(written: Json, at: Steps) -> Path:
    if not isinstance(written, str):
        raise InvalidExpression("Expected value of type [STRING]", at=at)
    try:
        return reference_path(written)
    except InvalidExpression as fault:
        raise InvalidExpression(fault.message, fault.detail, at) from None


def _against(variable: Path, test: Test) -> Holds:
    read = variable.read

    def holds(value: Json, scope: Any) -> bool:
        try:
            return test(read(value, scope))
        except (PathNotFound, PathFailed):
            raise _missing(variable, value) from None

    return holds


def _against_path(variable: Path, row: Operator, operand: Path) -> Holds:
    read, read_operand, make = variable.read, operand.read, row.test

    def holds(value: Json, scope: Any) -> bool:
        try:
            left = read(value, scope)
        except (PathNotFound, PathFailed):
            raise _missing(variable, value) from None
        try:
            right = read_operand(value, scope)
        except (PathNotFound, PathFailed):
            raise _missing(operand, value) from None
        return make(right)(left)

    return holds


def _present(variable: Path, wanted: bool) -> Holds:
    read = variable.read

    def holds(value: Json, scope: Any) -> bool:
        try:
            read(value, scope)
        except (PathNotFound, PathFailed):
            return not wanted
        return wanted

    return holds


def _missing(wanted: Path, value: Json) -> StatesError:
    if value is None and wanted.root == "value":
        return runtime(NULL_INPUT)
    return runtime(f"Invalid path '{wanted.text}': The choice state's condition path references an invalid value.")


@dataclass(frozen=True, slots=True)
class Truth:
    """How one rule came out, for whoever looks at a run: the rule, its parts, and what was compared with what."""

    at: Steps
    """Where within the rule: `("And", 0)`; empty for the rule itself."""
    holds: bool | None
    """None: never asked, because a rule before it had decided, or failed."""
    operator: str
    """`And`, `Or`, `Not` or the comparison operator."""
    parts: tuple[Truth, ...] = ()
    variable: str | None = None
    seen: Json = None
    """What `variable` named; None also where `present` is False."""
    present: bool = False
    operand: Json = None
    """What it was compared with: the literal, or what the operand's path named."""
    error: str | None = None
    """The cause, if this comparison failed the execution."""


def truths(source: Mapping[str, Json], value: Json, scope: Any, at: Steps = ()) -> Truth:
    """The nested truth of a rule that compiles. Parts that And and Or never ask have `holds` None."""
    word = next((word for word in ("And", "Or", "Not") if word in source), None)
    if word is None:
        return _truth_of_comparison(source, value, scope, at)
    if word == "Not":
        part = truths(source["Not"], value, scope, (*at, "Not"))
        return Truth(at, None if part.holds is None else not part.holds, "Not", (part,))
    parts = tuple(_joined_truths(source[word], word, value, scope, at))
    asked = [part for part in parts if part.holds is not None]
    failed = any(part.error for part in _all(parts))
    return Truth(at, None if failed else asked[-1].holds, word, parts)


def _joined_truths(rules: list[Mapping[str, Json]], word: str, value: Json, scope: Any, at: Steps) -> Iterator[Truth]:
    decided = False
    for index, inner in enumerate(rules):
        here = (*at, word, index)
        if decided:
            yield Truth(here, None, operator_of(inner) or next(key for key in inner if key in ("And", "Or", "Not")))
            continue
        truth = truths(inner, value, scope, here)
        decided = truth.holds is not (word == "And")
        yield truth


def _all(parts: tuple[Truth, ...]) -> Iterator[Truth]:
    for part in parts:
        yield part
        yield from _all(part.parts)


def _truth_of_comparison(source: Mapping[str, Json], value: Json, scope: Any, at: Steps) -> Truth:
    name = operator_of(source) or ""
    operand, seen, present, error = source.get(name), None, True, None
    try:
        seen = reference_path(source["Variable"]).read(value, scope)
    except (PathNotFound, PathFailed):
        present = False
    if name in OPERATORS and OPERATORS[name].by_path:
        try:
            operand = reference_path(source[name]).read(value, scope)
        except (PathNotFound, PathFailed):
            operand = None
    try:
        holds: bool | None = _rule(source, at)(value, scope)
    except StatesError as failure:
        holds, error = None, failure.cause
    return Truth(at, holds, name, (), source["Variable"], seen, present, operand, error)
