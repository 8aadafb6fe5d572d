"""Values of a trace as flat tables: every distinct part once, however often it is handed on.

A run hands the same data from state to state, so most of a trace is repetition. Objects and arrays become *nodes*, each
after what it holds, and each distinct one once; a value in a node is written as itself, except that

    [7]         stands for node 7
    "text"      is a text; one of 24 characters or more is a node of its own

and a node is a text, `[-1, …items]` for an array, or `[k, …values]` for an object with the keys `keys[k]`. The browser
builds the nodes in order, and what was one object in the engine is one object there.
"""

from __future__ import annotations

import base64
import hashlib
import json
import zlib
from typing import Any

Json = Any

LONG_TEXT = 24
DEFLATE_FROM = 65_536
"""Bytes of JSON from which a trace is sent deflated."""


class Pool:
    """The nodes, in the order in which they are first needed. Containers are known by identity, and then by content."""

    def __init__(self) -> None:
        self.nodes: list[Json] = []
        self.keys: list[list[str]] = []
        self._shapes: dict[tuple[str, ...], int] = {}
        self._seen: dict[int, list[int]] = {}
        self._same: dict[Any, list[int]] = {}
        self._kept: list[Json] = []

    def put(self, value: Json) -> Json:
        """How `value` is written: itself, or `[node]`."""
        if isinstance(value, str):
            return value if len(value) < LONG_TEXT else self._node(value, value)
        if not isinstance(value, (dict, list, tuple)):
            return value
        known = self._seen.get(id(value))
        if known is not None:
            return known
        if isinstance(value, dict):
            parts = [self.put(part) for part in value.values()]
            node = [self._shape(tuple(value)), *parts]
        else:
            parts = [self.put(part) for part in value]
            node = [-1, *parts]
        written = self._node(node, _content(node))
        self._seen[id(value)] = written
        self._kept.append(value)  # no identity is used twice while the pool lives
        return written

    def _node(self, node: Json, content: Any) -> list[int]:
        written = self._same.get(content)
        if written is None:
            written = self._same[content] = [len(self.nodes)]
            self.nodes.append(node)
        return written

    def _shape(self, keys: tuple[str, ...]) -> int:
        shape = self._shapes.get(keys)
        if shape is None:
            shape = self._shapes[keys] = len(self.keys)
            self.keys.append(list(keys))
        return shape


def _content(node: list[Json]) -> tuple[Any, ...]:
    """Equal only for nodes that are written alike: 1, 1.0 and true are three values."""
    return tuple((type(part), part[0] if isinstance(part, list) else part) for part in node)


class Table:
    """Distinct entries and where each of them stands."""

    def __init__(self) -> None:
        self.entries: list[Json] = []
        self._places: dict[Any, int] = {}

    def place(self, entry: Json) -> int:
        key = (type(entry), entry[0] if isinstance(entry, list) else entry)
        place = self._places.get(key)
        if place is None:
            place = self._places[key] = len(self.entries)
            self.entries.append(entry)
        return place


def steps(numbers: list[int]) -> list[int]:
    """Each number as its difference from the one before: what grows slowly becomes small and alike."""
    return [number - before for number, before in zip(numbers, [0, *numbers], strict=False)]


def packed(trace: dict[str, Json]) -> dict[str, Json]:
    """The trace as it travels: `{"id", "plain": trace}`, or `{"id", "deflated": base64 of zlib of its JSON}` when long.

    Equal traces have equal ids, so that the browser need not compare them.
    """
    text = json.dumps(trace, separators=(",", ":")).encode("ascii")
    name = hashlib.sha256(text).hexdigest()[:16]
    if len(text) < DEFLATE_FROM:
        return {"id": name, "plain": trace}
    return {"id": name, "deflated": base64.b64encode(zlib.compress(text, 6)).decode("ascii")}
