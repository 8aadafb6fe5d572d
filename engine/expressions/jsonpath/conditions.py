"""The condition of a filter as a test of one element."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from engine.values import Json

from .operands import OPERATORS, UNDEFINED, Unfit, operand
from .problems import PathNotFound, UnusablePath
from .run import Reader, Run, Test
from .tokens import AllOf, AnyOf, Comparison, Condition, Exists, Literal, Not, Operand, Route

MakeReader = Callable[[Route, bool], Reader]
"""Route, whether every name in it is required → how to read it."""


def accepting(condition: Condition, required: bool, reader: MakeReader) -> Test:
    """The condition as a test of one element. What is wrong with an operand or a path makes the whole answer no."""
    test = _test(condition, required, reader)

    def accepts(value: Json, run: Run) -> bool:
        try:
            return test(value, run)
        except (PathNotFound, UnusablePath, Unfit):
            return False

    return accepts


def _test(condition: Condition, required: bool, reader: MakeReader) -> Test:
    match condition:
        case Comparison(left, operator, right):
            return _comparison(left, operator, right, required, reader)
        case Exists(path):
            return _existence(path.route, path.wanted, reader)
        case AllOf(parts):
            tests = [_test(part, required, reader) for part in parts]
            return lambda value, run: all(test(value, run) for test in tests)
        case AnyOf(parts):
            tests = [_test(part, required, reader) for part in parts]
            return lambda value, run: any(test(value, run) for test in tests)
        case Not(part):
            inner = _test(part, required, reader)
            return lambda value, run: not inner(value, run)


def _comparison(left: Operand, operator: str, right: Operand, required: bool, reader: MakeReader) -> Test:
    judge = OPERATORS[operator]
    one, other = _operand(left, required, reader), _operand(right, required, reader)
    return lambda value, run: judge(one(value, run), other(value, run))


def _operand(source: Operand, required: bool, reader: MakeReader) -> Callable[[Json, Run], Any]:
    if isinstance(source, Literal):
        constant = source.value
        return lambda value, run: constant
    route = source.route
    read = reader(route, required)

    def found(value: Json, run: Run) -> Any:
        try:
            if not route.from_document:
                return operand(read(value, run))
            if route not in run.known:
                run.known[route] = read(run.root, run)
            return operand(run.known[route])
        except PathNotFound:
            return UNDEFINED

    return found


def _existence(route: Route, wanted: bool, reader: MakeReader) -> Test:
    """A path alone: is it there? `$` means the element here, as `@` does: so Jayway reads it."""
    read = reader(route, True)

    def test(value: Json, run: Run) -> bool:
        try:
            read(value, run)
        except PathNotFound:
            return not wanted
        return wanted

    return test
