"""Which retrier answers an error, how long it waits, and which catcher takes it when none is left.

Retry comes first, then Catch, each in order. The first retrier whose ErrorEquals matches decides: when its attempts are
spent, the error goes to Catch; later retriers are not asked. Every retrier counts for itself, within one visit.
(ASL specification, "Retrying after error".)
"""

from __future__ import annotations

from collections.abc import Sequence
from random import Random

from engine.errors import StatesError, matches
from engine.model import Catcher, Retrier


def retrier_for(retry: Sequence[Retrier], spent: dict[int, int], error: StatesError) -> int | None:
    """Index of the retrier that lets the state try again, None when the error goes on to Catch.

    `spent` counts the retries used per retrier in this visit.
    """
    for index, retrier in enumerate(retry):
        if matches(error, retrier.error_equals):
            return index if spent.get(index, 0) < retrier.max_attempts else None
    return None


def backoff(retrier: Retrier, used: int, random: Random | None) -> int:
    """Milliseconds before the next attempt, `used` retries having been made by this retrier.

    `min(IntervalSeconds × BackoffRate^used, MaxDelaySeconds)`; with JitterStrategy FULL a point between 0 and that.
    """
    try:
        seconds = retrier.interval_seconds * retrier.backoff_rate**used
    except OverflowError:
        seconds = float("inf")
    longest = retrier.max_delay_seconds if retrier.max_delay_seconds is not None else 10**9
    seconds = min(seconds, longest)
    if random is not None:
        seconds = random.uniform(0, seconds)
    return round(seconds * 1000)


def catcher_for(catch: Sequence[Catcher], error: StatesError) -> Catcher | None:
    """The first catcher whose ErrorEquals matches."""
    for catcher in catch:
        if matches(error, catcher.error_equals):
            return catcher
    return None
