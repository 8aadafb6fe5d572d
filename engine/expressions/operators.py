"""The 39 comparison operators of Choice rules, as a table.

An operator whose operands are of another type than it compares is false and no error (recorded): `NumericEquals: 1` is
false for `"1"`. Numbers compare by value, so `0` equals `0.0`; strings by UTF-16 code units, as Java's compareTo does;
timestamps by the moment they name.
"""

from __future__ import annotations

import operator
from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Literal

from engine.expressions import InvalidExpression
from engine.expressions.timestamps import nanoseconds
from engine.values import Json

Kind = Literal["string", "number", "boolean", "timestamp", "pattern", "test"]
Test = Callable[[Any], bool]


@dataclass(frozen=True, slots=True)
class Operator:
    """One row of the table.

    `test(operand)` makes the test of a value, once per rule. With `by_path` the operand is a path and the test is made
    anew for every visit.
    """

    name: str
    kind: Kind
    by_path: bool
    test: Callable[[Any], Test]


def is_number(value: Json) -> bool:
    return isinstance(value, (int, float)) and not isinstance(value, bool)


def is_timestamp(value: Json) -> bool:
    return isinstance(value, str) and nanoseconds(value) is not None


def _code_units(value: str) -> bytes:
    return value.encode("utf-16-be", "surrogatepass")


def _never(value: Json) -> bool:
    return False


def _strings(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    """Strings by UTF-16 code units, as `String.compareTo` orders them."""

    def made(operand: Json) -> Test:
        if not isinstance(operand, str):
            return _never
        simple, units = operand.isascii(), _code_units(operand)

        def test(value: Json) -> bool:
            if not isinstance(value, str):
                return False
            return compare(value, operand) if simple else compare(_code_units(value), units)

        return test

    return made


def _numbers(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    def made(operand: Json) -> Test:
        if not is_number(operand):
            return _never

        def test(value: Json) -> bool:
            kind = type(value)
            return (kind is int or kind is float) and compare(value, operand)

        return test

    return made


def _timestamps(compare: Callable[[Any, Any], bool]) -> Callable[[Any], Test]:
    def made(operand: Json) -> Test:
        moment = nanoseconds(operand) if isinstance(operand, str) else None
        if moment is None:
            return _never

        def test(value: Json) -> bool:
            given = nanoseconds(value) if isinstance(value, str) else None
            return given is not None and compare(given, moment)

        return test

    return made


def _same_boolean(operand: Json) -> Test:
    return (lambda value: value is operand) if isinstance(operand, bool) else _never


def _is(kind: Test) -> Callable[[Any], Test]:
    return lambda wanted: lambda value: kind(value) is wanted


def _matches(pattern: Json) -> Test:
    """`*` is any run of characters, also none; `\\*` is a star and `\\\\` a backslash."""
    pieces = pieces_of(pattern)
    if len(pieces) == 1:
        return lambda value: bool(value == pieces[0])
    first, *middle, last = pieces

    def test(value: Json) -> bool:
        if not isinstance(value, str) or len(value) < len(first) + len(last):
            return False
        if not value.startswith(first) or not value.endswith(last):
            return False
        position, end = len(first), len(value) - len(last)
        for piece in middle:
            found = value.find(piece, position, end)
            if found < 0:
                return False
            position = found + len(piece)
        return True

    return test


def pieces_of(pattern: str) -> list[str]:
    """The literal texts between the wildcards of a StringMatches pattern.

    Raises:
        InvalidExpression: a backslash stands before anything but `*` and `\\`.
    """
    pieces = [""]
    characters = iter(pattern)
    for character in characters:
        if character == "*":
            pieces.append("")
            continue
        if character == "\\":
            character = next(characters, "")
            if character not in ("*", "\\"):
                raise InvalidExpression(
                    "Value must be a valid StringMatches pattern", "A backslash may stand before * and \\ only"
                )
        pieces[-1] += character
    return pieces


_COMPARED: tuple[tuple[str, Kind, Callable[[Callable[[Any, Any], bool]], Callable[[Any], Test]]], ...] = (
    ("String", "string", _strings),
    ("Numeric", "number", _numbers),
    ("Timestamp", "timestamp", _timestamps),
)
_COMPARISONS: tuple[tuple[str, Callable[[Any, Any], bool]], ...] = (
    ("Equals", operator.eq),
    ("LessThan", operator.lt),
    ("GreaterThan", operator.gt),
    ("LessThanEquals", operator.le),
    ("GreaterThanEquals", operator.ge),
)

OPERATORS: Mapping[str, Operator] = {
    row.name: row
    for row in (
        *(
            Operator(f"{word}{comparison}{suffix}", kind, suffix == "Path", made(compare))
            for word, kind, made in _COMPARED
            for comparison, compare in _COMPARISONS
            for suffix in ("", "Path")
        ),
        Operator("BooleanEquals", "boolean", False, _same_boolean),
        Operator("BooleanEqualsPath", "boolean", True, _same_boolean),
        Operator("StringMatches", "pattern", False, _matches),
        Operator("IsNull", "test", False, _is(lambda value: value is None)),
        Operator("IsPresent", "test", False, _is(lambda value: True)),
        Operator("IsNumeric", "test", False, _is(is_number)),
        Operator("IsString", "test", False, _is(lambda value: isinstance(value, str))),
        Operator("IsBoolean", "test", False, _is(lambda value: isinstance(value, bool))),
        Operator("IsTimestamp", "test", False, _is(is_timestamp)),
    )
}
"""All operators by name. What is not there is no matter for a test: `choices` answers for it, also for IsPresent."""

OPERANDS: Mapping[Kind, tuple[Callable[[Any], bool], str]] = {
    "string": (lambda value: isinstance(value, str), "Expected value of type [STRING]"),
    "pattern": (lambda value: isinstance(value, str), "Expected value of type [STRING]"),
    "number": (is_number, "Expected value of type [NUMBER]"),
    "boolean": (lambda value: isinstance(value, bool), "Expected value of type [BOOLEAN]"),
    "test": (lambda value: isinstance(value, bool), "Expected value of type [BOOLEAN]"),
    "timestamp": (is_timestamp, "String does not match RFC3339 timestamp"),
}
"""What a literal operand of each kind must be, and AWS's words if it is not."""
