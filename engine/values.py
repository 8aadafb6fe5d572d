"""JSON values as the engine holds them: `dict`, `list`, `str`, `int`, `float`, `bool`, `None`.

Values are never changed once a run has seen them. Whoever wants another value makes a new one that shares what stayed
the same (`put`), so "did it change?" starts with `is`, and a trace of thousands of snapshots holds each part once.

Python's `1 == True` is not JSON's opinion; `same` is the equality to use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any, NamedTuple

from orjson import dumps

Json = Any
"""A JSON value. An alias for the reader: the type checker cannot close a recursive union over `Any` inputs usefully."""

_KEEP_SIZE_FROM = 4096
_MANY = 256
"""Longer arrays are measured as a whole: walking them costs more than writing them."""


def same(left: Json, right: Json) -> bool:
    """Deep JSON equality: numbers by value (`1` is `1.0`), booleans never equal numbers."""
    if left is right:
        return True
    if isinstance(left, bool) or isinstance(right, bool):
        return left is right
    if isinstance(left, (int, float)) and isinstance(right, (int, float)):
        return left == right
    if isinstance(left, dict):
        return (
            isinstance(right, dict)
            and len(left) == len(right)
            and all(key in right and same(value, right[key]) for key, value in left.items())
        )
    if isinstance(left, list):
        return isinstance(right, list) and len(left) == len(right) and all(map(same, left, right))
    return type(left) is type(right) and bool(left == right)


def text(value: Json) -> str:
    """Compact JSON text, keys in their order, non-ASCII characters as they are: the form AWS prints."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False)


def canonical(value: Json) -> str:
    """JSON text with sorted keys: equal for equal values, whatever the order of their keys."""
    return json.dumps(value, separators=(",", ":"), ensure_ascii=False, sort_keys=True)


class Sizes:
    """Sizes of values in bytes of compact UTF-8 JSON, the large ones remembered by identity.

    Most payloads are small and measured by writing them once. As soon as a large one is met, its parts are measured one by
    one and kept, so that a 200 KB value that only gained a member costs no more than the member. The memory holds on to
    what it has measured, so that an identity is never reused; it lives as long as its run.
    """

    __slots__ = ("_known", "_large")

    def __init__(self) -> None:
        self._known: dict[int, tuple[Json, int]] = {}
        self._large = False

    def of(self, value: Json) -> int:
        """The length of `text(value)` in UTF-8 bytes."""
        if self._large:
            known = self._known.get(id(value))
            if known is not None:
                return known[1]
            size = self._by_parts(value)
        else:
            try:
                size = len(dumps(value))
            except TypeError:
                size = _written(value)
        if size > _KEEP_SIZE_FROM:
            self._known[id(value)] = (value, size)
            self._large = True
        return size

    def _by_parts(self, value: Json) -> int:
        if type(value) is dict and value:
            return 1 + sum(_written(key) + 2 + self.of(inner) for key, inner in value.items())
        if type(value) is list and 0 < len(value) < _MANY:
            return 1 + sum(1 + self.of(inner) for inner in value)
        return _written(value)


def _written(value: Json) -> int:
    try:
        return len(dumps(value))
    except TypeError:  # integers beyond 64 bits, unpaired surrogates
        return len(text(value).encode("utf-8", "surrogatepass"))


class Change(NamedTuple):
    """One difference between two values: `path` of keys and indices, and what stood and stands there."""

    kind: str
    """`added`, `removed` or `changed`."""
    path: tuple[str | int, ...]
    before: Json
    after: Json


def changes(before: Json, after: Json, path: tuple[str | int, ...] = ()) -> Iterator[Change]:
    """What became different, smallest parts first named: objects by key, arrays by index."""
    if before is after:
        return
    if isinstance(before, dict) and isinstance(after, dict):
        for key, value in before.items():
            if key not in after:
                yield Change("removed", (*path, key), value, None)
        for key, value in after.items():
            if key not in before:
                yield Change("added", (*path, key), None, value)
            else:
                yield from changes(before[key], value, (*path, key))
    elif isinstance(before, list) and isinstance(after, list):
        for index in range(max(len(before), len(after))):
            if index >= len(after):
                yield Change("removed", (*path, index), before[index], None)
            elif index >= len(before):
                yield Change("added", (*path, index), None, after[index])
            else:
                yield from changes(before[index], after[index], (*path, index))
    elif not same(before, after):
        yield Change("changed", path, before, after)
