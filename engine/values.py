"""JSON values as the engine holds them: `dict`, `list`, `str`, `int`, `float`, `bool`, `None`.

Values are never changed once a run has seen them. Whoever wants another value makes a new one that shares what stayed
the same (`put`), so "did it change?" starts with `is`, and a trace of thousands of snapshots holds each part once.

Python's `1 == True` is not JSON's opinion; `same` is the equality to use.
"""

from __future__ import annotations

import json
from collections.abc import Iterator
from json.encoder import encode_basestring
from typing import Any, NamedTuple

Json = Any
"""A JSON value. An alias for the reader: the type checker cannot close a recursive union over `Any` inputs usefully."""

_ABSENT = object()
_KEEP_SIZE_FROM = 64


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
    """Sizes of values in bytes of compact UTF-8 JSON, remembered by identity.

    The memory holds on to the values it has measured, so that an identity is never reused; it lives as long as its run.
    """

    __slots__ = ("_known",)

    def __init__(self) -> None:
        self._known: dict[int, tuple[Json, int]] = {}

    def of(self, value: Json) -> int:
        """The length of `text(value)` in UTF-8 bytes."""
        kind = type(value)
        if kind is str:
            return _string_size(value)
        if kind is int:
            return len(str(value)) if value < 0 or value > 9 else 1
        if kind is dict or kind is list:
            known = self._known.get(id(value))
            if known is not None:
                return known[1]
            of = self.of
            if kind is dict:
                total = 1 + (len(value) or 1)
                for key, inner in value.items():
                    total += _string_size(key) + 1 + of(inner)
            else:
                total = 1 + (len(value) or 1)
                for inner in value:
                    total += of(inner)
            if total >= _KEEP_SIZE_FROM:
                self._known[id(value)] = (value, total)
            return total
        if value is None or value is True:
            return 4
        if value is False:
            return 5
        return len(json.dumps(value))


def _string_size(value: str) -> int:
    if value.isascii() and value.isprintable() and '"' not in value and "\\" not in value:
        return len(value) + 2
    return len(encode_basestring(value).encode("utf-8", "surrogatepass"))


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
