"""The functions that Step Functions adds to JSONata: `$partition $range $hash $random $uuid $parse`.

"Step Functions provides additional JSONata functions to enable parity with intrinsic functions" (AWS Developer Guide,
"JSONata functions provided by Step Functions"). Two of them draw from the run's generator and are bound per evaluation.
A returned None is JSONata's undefined.
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from typing import Any

from engine.expressions.functions import Failure, hashed, new_uuid, string_to_json
from engine.expressions.java import JavaRandom
from engine.values import Json

MOST_ITEMS = 873_782
"""Items of an array (measured on AWS: one more is refused)."""


class Exhausted(Failure):
    """A function would need more memory than an evaluation has."""


def partition(items: Json, size: Json) -> Json:
    """`$partition([1, 2, 3], 2)` → `[[1, 2], [3]]`; the size is rounded down."""
    if items is None or size is None:
        return None
    step = math.floor(size)
    if step <= 0:
        raise Failure("The chunk size must be a positive integer")
    return [items[start : start + step] for start in range(0, len(items), step)]


def span(first: Json, last: Json, step: Json) -> Json:
    """`$range(0, 9, 3)` → `[0, 3, 6, 9]`; numbers are rounded down, and a sequence of one is that one (recorded)."""
    if first is None or last is None or step is None:
        return None
    start, stop, stride = math.floor(first), math.floor(last), math.floor(step)
    if stride == 0:
        raise Failure("The step must not be zero")
    if (stop - start) // stride >= MOST_ITEMS:
        raise Exhausted
    numbers = list(range(start, stop + (1 if stride > 0 else -1), stride))
    return numbers if len(numbers) > 1 else numbers[0] if numbers else None


def digest(value: Json, algorithm: Json) -> Json:
    """`$hash("text", "SHA-256")` → the digest in hex."""
    return None if value is None else hashed(None, value, algorithm)


def parse(source: Json) -> Json:
    """`$parse('{"a": 1}')` → `{"a": 1}`: what `$eval` may not do here."""
    return None if source is None else string_to_json(None, source)


def draw(random: Any) -> Callable[..., Json]:
    """`$random()` → a number from the run's generator; with a seed it is that of java.util.Random (measured on AWS)."""

    def drawn(*arguments: Json) -> Json:
        _at_most("random", 1, arguments)
        seed = arguments[0] if arguments else None
        if seed is None:
            return random.random()
        if isinstance(seed, bool) or not isinstance(seed, (int, float)):
            raise _mismatch("random", 1)
        return JavaRandom(math.floor(seed)).double()

    return drawn


def draw_uuid(random: Any) -> Callable[..., Json]:
    """`$uuid()` → a version 4 UUID."""

    def drawn(*arguments: Json) -> Json:
        _at_most("uuid", 0, arguments)
        return new_uuid(random)

    return drawn


def _at_most(name: str, most: int, arguments: tuple[Json, ...]) -> None:
    if len(arguments) > most:
        raise _mismatch(name, most + 1)


def _mismatch(name: str, argument: int) -> Failure:
    """JSONata's own words: bound functions have no signature that jlens would check."""
    return Failure(f'T0410: Argument {argument} of function "{name}" does not match function signature')


PURE: Mapping[str, tuple[Callable[..., Json], str]] = {
    "partition": (partition, "<an:a>"),
    "range": (span, "<nnn:x>"),
    "hash": (digest, "<xs:s>"),
    "parse": (parse, "<s:x>"),
}
"""Name, function and JSONata signature of those that need nothing but their arguments."""

DRAWING: Mapping[str, Callable[[Any], Callable[..., Json]]] = {"random": draw, "uuid": draw_uuid}
"""Those that draw: what makes the function out of the run's generator."""

NAMES = frozenset((*PURE, *DRAWING))
