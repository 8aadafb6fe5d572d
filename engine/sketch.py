"""Many whole numbers in little room: exact while there are few different ones, within 0.1 % of each when there are many.

A sketch is a function of the multiset of its numbers alone: it does not matter in which order they came or how they were
split before they were merged. Up to `EXACT` different numbers are all kept; beyond that each is filed under its ten
leading binary digits, at most 512 files for every doubling. Sums are whole numbers, so no rounding depends on an order
either.
"""

from __future__ import annotations

import math
from collections.abc import Iterator
from dataclasses import dataclass, field

EXACT = 8_192
"""Different numbers kept as they are."""
_DIGITS = 10


@dataclass(slots=True)
class Sketch:
    """Of numbers ≥ 0. `add` and `merge` change it."""

    counts: dict[int, int] = field(default_factory=dict)
    """How many, by number; or by the least number of their file when `exact` is no longer so."""
    exact: bool = True
    count: int = 0
    total: int = 0
    squares: int = 0
    low: int = 0
    high: int = 0

    def add(self, number: int) -> None:
        self.low = min(self.low, number) if self.count else number
        self.high = max(self.high, number)
        self.count += 1
        self.total += number
        self.squares += number * number
        key = number if self.exact else filed(number)
        self.counts[key] = self.counts.get(key, 0) + 1
        if self.exact and len(self.counts) > EXACT:
            self._file()

    def merge(self, other: Sketch) -> None:
        if not other.count:
            return
        self.low = min(self.low, other.low) if self.count else other.low
        self.high = max(self.high, other.high)
        self.count += other.count
        self.total += other.total
        self.squares += other.squares
        if self.exact and not other.exact:
            self._file()
        for number, count in other.counts.items():
            key = number if self.exact else filed(number)
            self.counts[key] = self.counts.get(key, 0) + count
        if self.exact and len(self.counts) > EXACT:
            self._file()

    def _file(self) -> None:
        self.exact = False
        filed_counts: dict[int, int] = {}
        for number, count in self.counts.items():
            key = filed(number)
            filed_counts[key] = filed_counts.get(key, 0) + count
        self.counts = filed_counts

    @property
    def mean(self) -> float:
        """0 when there is nothing."""
        return self.total / self.count if self.count else 0.0

    @property
    def deviation(self) -> float:
        """The standard deviation, estimated from this sample."""
        return deviation(self.count, self.total, self.squares)

    def percentile(self, percent: float) -> int:
        """The least number that `percent` of all do not exceed (nearest rank); 0 when there is nothing."""
        return self.percentiles(percent)[0]

    def percentiles(self, *percents: float) -> list[int]:
        """Several at once, in the order asked for."""
        ranks = sorted((max(1, math.ceil(percent * self.count / 100)), percent) for percent in percents)
        found: dict[float, int] = dict.fromkeys(percents, 0)
        seen, keys = 0, iter(sorted(self.counts.items()))
        number = 0
        for rank, percent in ranks if self.count else ():
            while seen < rank:
                number, count = next(keys)
                seen += count
            found[percent] = number if self.exact else min(max(_middle(number), self.low), self.high)
        return [found[percent] for percent in percents]

    def bins(self, most: int = 40) -> Iterator[tuple[int, int, int]]:
        """A histogram of at most `most` bars of equal width: (from, up to but without, how many)."""
        if not self.count:
            return
        width = max(1, -(-(self.high - self.low + 1) // most))
        bars: dict[int, int] = {}
        for number, count in self.counts.items():
            value = number if self.exact else min(max(_middle(number), self.low), self.high)
            bar = (value - self.low) // width
            bars[bar] = bars.get(bar, 0) + count
        for bar in range((self.high - self.low) // width + 1):
            first = self.low + bar * width
            yield first, first + width, bars.get(bar, 0)


def filed(number: int) -> int:
    """The least number with the same leading digits: the name of the file."""
    shift = number.bit_length() - _DIGITS
    return number if shift <= 0 else number >> shift << shift


def _middle(key: int) -> int:
    """What stands for all numbers of a file."""
    shift = key.bit_length() - _DIGITS
    return key if shift <= 0 else key + (1 << shift >> 1)


def deviation(count: int, total: int, squares: int) -> float:
    """The standard deviation of a sample, from its sums."""
    if count < 2:
        return 0.0
    return math.sqrt(max(0.0, (count * squares - total * total) / (count * (count - 1))))
