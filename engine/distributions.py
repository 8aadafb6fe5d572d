"""How long a task takes, as a distribution: JSON in, a function from one die to seconds out.

    1.4                                                       always
    {"distribution": "constant", "seconds": 1.4}
    {"distribution": "uniform", "low": 1, "high": 2}
    {"distribution": "normal", "mean": 1.4, "deviation": 0.3, "low": 0, "high": 5}     cut off at low (0) and high (none)
    {"distribution": "lognormal", "median": 1.4, "sigma": 0.5}  or  {…, "median": 1.4, "p95": 3.2}
    {"distribution": "exponential", "mean": 1.4, "low": 0.2}    never less than low (0)
    {"distribution": "samples", "seconds": [1.2, 1.3, 4.8]}     measured values, each as likely as the other

Every draw takes exactly one number between 0 and 1 and goes through the inverse of the distribution function, so that
another shape of one task does not shift the dice of the others.

>>> draw = duration({"distribution": "uniform", "low": 1, "high": 3}, "here")
>>> draw(0.25)
1.5
"""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from statistics import NormalDist
from typing import Any, NamedTuple

from engine.values import Json, text

Draw = Callable[[float], float]
"""From a number in [0, 1) to seconds, 0 or more."""

LONGEST = 100_000_000
"""Seconds. More than any task may take: a Standard execution ends after a year."""


class DistributionProblem(ValueError):
    """A distribution without sense; the message is one sentence that says where and what would be right."""


class Kind(NamedTuple):
    """A row of the table: which fields there are, and what is made of them."""

    required: tuple[str, ...]
    optional: tuple[str, ...]
    make: Callable[[Mapping[str, Any], str], Draw]


def duration(told: Json, place: str) -> Draw:
    """The distribution written as `told`. `place` names it in complaints. Raises DistributionProblem."""
    if not isinstance(told, dict):
        return _constant({"seconds": _number(told, place)}, place)
    name = told.get("distribution")
    kind = KINDS.get(name) if isinstance(name, str) else None
    if kind is None:
        raise DistributionProblem(f"{place} needs a “distribution”: {', '.join(KINDS)}; not {text(name)}.")
    for field in told:
        if field not in ("distribution", *kind.required, *kind.optional):
            has = ", ".join((*kind.required, *kind.optional))
            raise DistributionProblem(f"{place} has {field!r}, which {name} does not know; it has {has}.")
    for field in kind.required:
        if field not in told:
            raise DistributionProblem(f"{place} needs {field!r} for {name}.")
    return kind.make(told, place)


def _constant(told: Mapping[str, Any], place: str) -> Draw:
    seconds = _number(told["seconds"], f"{place}.seconds" if "distribution" in told else place)
    return lambda dice: seconds


def _uniform(told: Mapping[str, Any], place: str) -> Draw:
    low, high = _range(told, place)
    return lambda dice: low + (high - low) * dice


def _normal(told: Mapping[str, Any], place: str) -> Draw:
    """Truncated: the dice fall evenly between the shares of the curve that lie below `low` and below `high`."""
    mean = _number(told["mean"], f"{place}.mean")
    deviation = _positive(told["deviation"], f"{place}.deviation")
    low, high = _range({"low": 0, "high": LONGEST, **told}, place)
    curve = NormalDist(mean, deviation)
    first, last = curve.cdf(low), curve.cdf(high)
    if last - first < 1e-9:
        raise DistributionProblem(
            f"{place} leaves nothing of the curve between low and high: they must lie near the mean."
        )
    return lambda dice: min(max(curve.inv_cdf(_inside(first + (last - first) * dice)), low), high)


def _lognormal(told: Mapping[str, Any], place: str) -> Draw:
    median = _positive(told["median"], f"{place}.median")
    if ("sigma" in told) == ("p95" in told):
        raise DistributionProblem(f"{place} needs either 'sigma' or 'p95' beside the median.")
    if "sigma" in told:
        sigma = _number(told["sigma"], f"{place}.sigma", most=10)
    else:
        p95 = _number(told["p95"], f"{place}.p95")
        if p95 < median:
            raise DistributionProblem(f"{place}.p95 must not be less than the median.")
        sigma = math.log(p95 / median) / _STANDARD.inv_cdf(0.95)
    middle = math.log(median)
    return lambda dice: min(math.exp(middle + sigma * _STANDARD.inv_cdf(_inside(dice))), LONGEST)


def _exponential(told: Mapping[str, Any], place: str) -> Draw:
    low = _number(told.get("low", 0), f"{place}.low")
    mean = _positive(told["mean"], f"{place}.mean")
    if mean <= low:
        raise DistributionProblem(f"{place}.mean must be more than its low.")
    scale = mean - low
    return lambda dice: min(low - scale * math.log1p(-dice), LONGEST)


def _samples(told: Mapping[str, Any], place: str) -> Draw:
    samples = told["seconds"]
    if not isinstance(samples, list) or not samples:
        raise DistributionProblem(f"{place}.seconds must be an array with at least one number of seconds.")
    seconds = [_number(one, f"{place}.seconds[{index}]") for index, one in enumerate(samples)]
    count = len(seconds)
    return lambda dice: seconds[int(dice * count)]


KINDS: dict[str, Kind] = {
    "constant": Kind(("seconds",), (), _constant),
    "uniform": Kind(("low", "high"), (), _uniform),
    "normal": Kind(("mean", "deviation"), ("low", "high"), _normal),
    "lognormal": Kind(("median",), ("sigma", "p95"), _lognormal),
    "exponential": Kind(("mean",), ("low",), _exponential),
    "samples": Kind(("seconds",), (), _samples),
}

_STANDARD = NormalDist()
_EDGE = 2.0**-53


def _inside(share: float) -> float:
    """Strictly between 0 and 1, where the inverse of a normal curve is finite."""
    return min(max(share, _EDGE), 1 - _EDGE)


def _range(told: Mapping[str, Any], place: str) -> tuple[float, float]:
    low, high = _number(told["low"], f"{place}.low"), _number(told["high"], f"{place}.high")
    if low > high:
        raise DistributionProblem(f"{place} has a low of {low:g} above its high of {high:g}.")
    return low, high


def _positive(value: Json, place: str) -> float:
    number = _number(value, place)
    if number == 0:
        raise DistributionProblem(f"{place} must be more than 0.")
    return number


def _number(value: Json, place: str, most: float = LONGEST) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not 0 <= value <= most:
        raise DistributionProblem(f"{place} must be a number between 0 and {most:,}, not {text(value)[:60]}.")
    return float(value)
