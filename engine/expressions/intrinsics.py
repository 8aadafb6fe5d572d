"""Calls of intrinsic functions in JSONPath states: `States.Format('Order {}', $.id)`.

A call is parsed and its arguments are compiled when the machine is made. Arguments are single-quoted strings, numbers,
`true`, `false`, `null`, paths from any root, and further calls, nested at most ten deep. Inside quotes a backslash may
stand before `'`, `{`, `}` and `\\` only; AWS refuses any other when a machine is created (recorded).

A function that fails is `States.IntrinsicFailure`; a path in an argument that misses is `States.Runtime`.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from difflib import get_close_matches
from typing import Any

from engine.errors import INTRINSIC_FAILURE, StatesError, runtime
from engine.expressions import InvalidExpression
from engine.expressions.functions import INTRINSICS, Failure, Intrinsic, format_text
from engine.expressions.jsonpath import PathFailed, PathNotFound
from engine.expressions.roots import Path, path
from engine.values import Json, text

__all__ = ["INTRINSICS", "Intrinsic", "Invocation", "Literal", "compile_call", "parse_call", "paths_in"]

DEEPEST_NESTING = 10
INVALID = "Value must be a valid intrinsic function call."

Call = Callable[[Any, Any], Any]
_NAME = re.compile(r"States\.(\w+)\s*\(", re.ASCII)
_BLANK = re.compile(r"\s*")
_STRING = re.compile(r"'((?:[^'\\]|\\['\\{}])*)'")
_CONSTANT = re.compile(r"(-?\d+(?:\.\d+)?(?:[eE][+-]?\d+)?)|(true|false|null)\b", re.ASCII)
_ESCAPE = re.compile(r"\\(.)", re.DOTALL)
_WORDS = {"true": True, "false": False, "null": None}


@dataclass(frozen=True, slots=True)
class Literal:
    """A constant argument. `escaped` is a string as it stood between its quotes."""

    value: Json
    escaped: str | None = None


@dataclass(frozen=True, slots=True)
class Invocation:
    """One call: its row, its arguments, and its own piece of the text."""

    function: Intrinsic
    arguments: tuple[Argument, ...]
    text: str


Argument = Literal | Path | Invocation


def parse_call(written: str) -> Invocation:
    """Read a call.

    Raises:
        InvalidExpression: it is none; `detail` says what is wrong and what would be right.
    """
    call, end = _call(written, _skip(written, 0), 1)
    if _skip(written, end) != len(written):
        raise _invalid(f"Nothing may follow the call, but found: {written[end:]}")
    return call


def paths_in(call: Invocation) -> Iterator[Path]:
    """Every path among the arguments, also of inner calls, from left to right."""
    for argument in call.arguments:
        if isinstance(argument, Path):
            yield argument
        elif isinstance(argument, Invocation):
            yield from paths_in(argument)


def compile_call(written: str) -> Call:
    """The function `(value, scope) -> result` of a call.

    It raises StatesError. What cannot be compiled raises InvalidExpression, as `parse_call` does.
    """
    return _compiled(parse_call(written))


def _compiled(call: Invocation) -> Call:
    apply = call.function.apply
    raw = apply is format_text
    arguments = [_argument(argument, raw and index == 0) for index, argument in enumerate(call.arguments)]

    def evaluate(value: Json, scope: Any) -> Json:
        try:
            return apply(scope.random, *[argument(value, scope) for argument in arguments])
        except Failure as failure:
            raise _failed(call, str(failure)) from None
        except RecursionError:
            raise _failed(call, "An argument is nested too deeply") from None
        except (PathNotFound, PathFailed):
            raise _missed(call, value, scope) from None

    return evaluate


def _argument(argument: Argument, escaped: bool) -> Call:
    match argument:
        case Invocation():
            return _compiled(argument)
        case Path():
            return argument.read
    constant = argument.escaped if escaped and argument.escaped is not None else argument.value
    return lambda value, scope: constant


def _failed(call: Invocation, why: str) -> StatesError:
    return StatesError(INTRINSIC_FAILURE, f"The function '{call.text}' had the following error: {why}", framed=True)


def _missed(call: Invocation, value: Json, scope: Any) -> StatesError:
    """The sentence for the first path of the call that misses."""
    wanted = next(path for path in call.arguments if isinstance(path, Path) and _misses(path, value, scope))
    return runtime(
        f"The function '{call.text}' had the following error: The JsonPath argument for the field '{wanted.text}'"
        f" could not be found in the input '{text(wanted.searched(value, scope))}'"
    )


def _misses(wanted: Path, value: Json, scope: Any) -> bool:
    try:
        wanted.read(value, scope)
    except (PathNotFound, PathFailed):
        return True
    return False


def _invalid(detail: str) -> InvalidExpression:
    return InvalidExpression(INVALID, detail)


def _skip(written: str, position: int) -> int:
    blank = _BLANK.match(written, position)
    return blank.end() if blank else position


def _call(written: str, start: int, depth: int) -> tuple[Invocation, int]:
    opening = _NAME.match(written, start)
    if opening is None:
        raise _invalid(f"A call is written States.Name(…), but found: {written[start:]}")
    row = INTRINSICS.get(opening[1])
    if row is None:
        near = get_close_matches(opening[1], INTRINSICS, 1)
        raise _invalid(
            f"There is no function States.{opening[1]}" + (f"; did you mean States.{near[0]}?" if near else "")
        )
    if depth > DEEPEST_NESTING:
        raise _invalid(f"Calls are nested more than {DEEPEST_NESTING} deep")
    arguments: list[Argument] = []
    position = _skip(written, opening.end())
    if written[position : position + 1] != ")":
        while True:
            argument, position = _read_argument(written, position, depth)
            arguments.append(argument)
            position = _skip(written, position)
            stop = written[position : position + 1]
            if stop == ")":
                break
            if stop != ",":
                raise _invalid(f"A comma or a closing parenthesis is missing before: {written[position:]}")
            position = _skip(written, position + 1)
    if len(arguments) < row.least or (row.most is not None and len(arguments) > row.most):
        raise _invalid(f"States.{row.name} takes ({row.parameters}), but was given {len(arguments)} arguments")
    return Invocation(row, tuple(arguments), written[start : position + 1]), position + 1


def _read_argument(written: str, position: int, depth: int) -> tuple[Argument, int]:
    if written.startswith("$", position):
        end = _path_end(written, position)
        return path(written[position:end].rstrip()), end
    if written.startswith("States.", position):
        return _call(written, position, depth + 1)
    string = _STRING.match(written, position)
    if string:
        return Literal(_ESCAPE.sub(r"\1", string[1]), string[1]), string.end()
    constant = _CONSTANT.match(written, position)
    if constant:
        word = constant[2]
        number = constant[1]
        return Literal(
            _WORDS[word] if word else float(number) if any(mark in number for mark in ".eE") else int(number)
        ), constant.end()
    raise _invalid(
        "An argument is a 'string' (with \\ before ' { } \\ only), a number, true, false, null, a path or a call,"
        f" but found: {written[position:]}"
    )


def _path_end(written: str, position: int) -> int:
    """Where a path among arguments ends: before a comma or `)` that stands outside brackets, parentheses and quotes."""
    depth, quote = 0, ""
    while position < len(written):
        character = written[position]
        if quote:
            if character == "\\":
                position += 1
            elif character == quote:
                quote = ""
        elif depth and character in "'\"":
            quote = character
        elif character in "[(":
            depth += 1
        elif character in ")]" and depth:
            depth -= 1
        elif character in ",)" and not depth:
            break
        position += 1
    return position
