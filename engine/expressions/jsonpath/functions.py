"""The functions a path may end in. All numbers become doubles, as in Java: `$.prices.sum()` of 1 and 2 is `3.0`.

A function gets what the path before it found, and a way to ask for the values of its arguments. Each has its odd corner, kept because
Step Functions shows it too: `max` starts from the smallest positive double, so the largest of negative numbers is
`4.9E-324`; the last element of a list of one cannot be had with `last()`.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Iterable

from engine.values import Json

from .java import Keys, text
from .problems import OutOfBounds, PathFailed

_LARGEST = 1.7976931348623157e308
_SMALLEST_POSITIVE = 5e-324
_NOTHING = "Aggregation function attempted to calculate value using empty array"

Arguments = Callable[[], list[Json]]
"""Asked only by a function that uses arguments: JSON that cannot be read does no harm to the others."""
Function = Callable[[Json, Arguments], Json]


def _numbers(values: Iterable[Json]) -> list[float]:
    return [_double(value) for value in values if isinstance(value, (int, float)) and not isinstance(value, bool)]


def _double(value: int | float) -> float:
    try:
        return float(value)
    except OverflowError:
        return math.inf if value > 0 else -math.inf


def _flat(arguments: list[Json]) -> Iterable[Json]:
    for argument in arguments:
        if isinstance(argument, list):
            yield from argument
        else:
            yield argument


def _aggregate(total: Callable[[list[float]], float]) -> Function:
    def function(found: Json, arguments: Arguments) -> Json:
        numbers = _numbers(found) if isinstance(found, list) else []
        numbers += _numbers(_flat(arguments()))
        if not numbers:
            raise PathFailed(_NOTHING)
        return total(numbers)

    return function


def _deviation(numbers: list[float]) -> float:
    count = float(len(numbers))
    spread = sum(number * number for number in numbers) / count
    total = sum(numbers)
    variance = spread - total * total / count / count
    return math.sqrt(variance) if variance >= 0 else math.nan


def _largest(numbers: list[float]) -> float:
    return max(_SMALLEST_POSITIVE, *numbers)


def _smallest(numbers: list[float]) -> float:
    return min(_LARGEST, *numbers)


def _nth(which: Callable[[Arguments], int]) -> Function:
    def function(found: Json, arguments: Arguments) -> Json:
        if not isinstance(found, list):
            raise PathFailed(_NOTHING)
        index = which(arguments)
        if index >= 0:
            if index >= len(found):
                raise OutOfBounds(f"Index {index} out of bounds for length {len(found)}")
            return found[index]
        if len(found) + index > 0:
            return found[len(found) + index]
        raise PathFailed(f"Target index:{index} larger than object count:{len(found)}")

    return function


def _first_number(arguments: Arguments) -> int:
    for argument in _flat(arguments()):
        if isinstance(argument, float):
            return int(max(-(2.0**31), min(argument, 2.0**31 - 1)))
        if isinstance(argument, int) and not isinstance(argument, bool):
            return (argument + 2**31) % 2**32 - 2**31
    raise OutOfBounds("Index 0 out of bounds for length 0")


def _concat(found: Json, arguments: Arguments) -> Json:
    parts = [item for item in found if isinstance(item, str)] if isinstance(found, list) else []
    parts += [text(argument) for argument in _flat(arguments()) if argument is not None]
    return "".join(parts)


def _append(found: Json, arguments: Arguments) -> Json:
    return [*found, *arguments()] if isinstance(found, list) else found


def _keys(found: Json, arguments: Arguments) -> Json:
    return Keys(list(found)) if isinstance(found, dict) else None


def length(found: Json) -> int | None:
    """Elements or members; null for anything else, strings too."""
    return len(found) if isinstance(found, (list, dict)) else None


def _length(found: Json, arguments: Arguments) -> Json:
    return length(found)


FUNCTIONS: dict[str, Function] = {
    "avg": _aggregate(lambda numbers: sum(numbers) / len(numbers)),
    "stddev": _aggregate(_deviation),
    "sum": _aggregate(sum),
    "min": _aggregate(_smallest),
    "max": _aggregate(_largest),
    "concat": _concat,
    "length": _length,
    "size": _length,
    "append": _append,
    "keys": _keys,
    "first": _nth(lambda arguments: 0),
    "last": _nth(lambda arguments: -1),
    "index": _nth(_first_number),
}
"""Every function of the dialect. `length` and `size` of an argument are the evaluator's: they need its path."""
