"""The functions that Step Functions adds to JSONata: `$partition $range $hash $random $uuid $parse`.

"Step Functions provides additional JSONata functions to enable parity with intrinsic functions" (AWS Developer Guide,
"JSONata functions provided by Step Functions"). Two of them draw from the run's generator and are bound per evaluation.
A returned None is JSONata's undefined.
"""

from __future__ import annotations

import json
import math
from collections.abc import Callable, Mapping
from typing import Any

from engine.expressions.functions import Failure, hashed, new_uuid
from engine.expressions.java import JavaRandom
from engine.values import Json


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
    numbers = list(range(start, stop + (1 if stride > 0 else -1), stride))
    return numbers if len(numbers) > 1 else numbers[0] if numbers else None


def digest(value: Json, algorithm: Json) -> Json:
    """`$hash("text", "SHA-256")` → the digest in hex."""
    return None if value is None else hashed(None, value, algorithm)


def parse(source: Json) -> Json:
    """`$parse('{"a": 1}')` → `{"a": 1}`: what `$eval` may not do here."""
    if source is None:
        return None
    try:
        return json.loads(source)
    except (ValueError, RecursionError):
        raise Failure("The string is not valid JSON") from None


PURE: Mapping[str, tuple[Callable[..., Json], str]] = {
    "partition": (partition, "<an:a>"),
    "range": (span, "<nnn:x>"),
    "hash": (digest, "<xs:s>"),
    "parse": (parse, "<s:x>"),
}
"""Name, function and JSONata signature of those that need nothing but their arguments."""

DRAWING: Mapping[str, Callable[[Any], Callable[..., Json]]] = {
    "random": lambda random: (
        lambda seed=None: random.random() if seed is None else JavaRandom(math.floor(seed)).double()
    ),
    "uuid": lambda random: lambda: new_uuid(random),
}
"""Those that draw: what makes the function out of the run's generator. A seed gives java.util.Random's number."""

NAMES = frozenset((*PURE, *DRAWING))
