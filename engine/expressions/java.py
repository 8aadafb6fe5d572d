"""Habits of the Java behind the service that show in results: `toString`, `Math.round`, `java.util.Random`."""

from __future__ import annotations

import math
from decimal import Decimal

from engine.values import Json

_MULTIPLIER, _MASK = 0x5DEECE66D, (1 << 48) - 1


def round_half_up(number: float) -> int:
    """`Math.round`: halves go towards plus infinity, −2.5 → −2. Raises OverflowError for infinities."""
    if isinstance(number, int):
        return number
    whole = math.floor(number)
    return whole + 1 if number - whole >= 0.5 else whole


def java_text(value: Json) -> str:
    """`String.valueOf` of a parsed JSON value: strings bare, `{a=1, b=[]}`, `[x, y]`, `null`, `1.0E10`."""
    if isinstance(value, str):
        return value
    if value is None:
        return "null"
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float):
        return _double(value)
    if isinstance(value, list):
        return "[" + ", ".join(map(java_text, value)) + "]"
    if isinstance(value, dict):
        return "{" + ", ".join(f"{key}={java_text(item)}" for key, item in value.items()) + "}"
    return str(value)


def _double(number: float) -> str:
    """`Double.toString`: plain between 10⁻³ and 10⁷, with an exponent outside."""
    if number == 0 or not math.isfinite(number) or 1e-3 <= abs(number) < 1e7:
        return repr(number)
    sign, digits, exponent = Decimal(repr(number)).as_tuple()
    bare = "".join(map(str, digits)).rstrip("0")
    return f"{'-' if sign else ''}{bare[0]}.{bare[1:] or '0'}E{len(digits) + int(exponent) - 1}"


class JavaRandom:
    """`java.util.Random`: the same numbers for the same seed as on AWS (verified there for JSONata's `$random(42)`)."""

    def __init__(self, seed: int) -> None:
        self._state = (seed ^ _MULTIPLIER) & _MASK

    def _bits(self, count: int) -> int:
        self._state = (self._state * _MULTIPLIER + 0xB) & _MASK
        return self._state >> (48 - count)

    def double(self) -> float:
        """`nextDouble`: 0 ≤ x < 1."""
        return float((self._bits(26) << 27) + self._bits(27)) * 2.0**-53

    def below(self, bound: int) -> int:
        """`nextInt(bound)`; bounds that do not fit an int are drawn until one fits, as `nextInt(origin, bound)` does."""
        if bound > 2**31 - 1:
            while True:
                drawn = self._bits(32)
                if drawn < bound:
                    return drawn
        if bound & (bound - 1) == 0:
            return (bound * self._bits(31)) >> 31
        while True:
            drawn = self._bits(31)
            value = drawn % bound
            if drawn - value + bound - 1 < 2**31:
                return value
