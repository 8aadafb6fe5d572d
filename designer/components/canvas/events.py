"""What the player tells Python: plain JSON from the browser, read into frozen events or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any


@dataclass(frozen=True, slots=True)
class Cursor:
    """The stepping came to rest: `moment` is an index into `trace.moments`, `visit` and `node` what stands there."""

    moment: int
    visit: int
    node: str | None


@dataclass(frozen=True, slots=True)
class Select:
    """A node was chosen. `node` is its id, the state's pointer."""

    node: str
    seq: int
    """Counts the choices of this page, so that the same node chosen twice is two events."""


def read_event(state: Any) -> Cursor | Select | None:
    """The event in the component's state, a choice before a move; None when there is none or it is malformed."""
    return read_select(state) or read_cursor(state)


def read_cursor(state: Any) -> Cursor | None:
    """`{"cursor": {"moment": 12, "visit": 3, "node": "/States/Pay"}}` as a `Cursor`."""
    told = _told(state, "cursor")
    moment, visit, node = told.get("moment"), told.get("visit"), told.get("node")
    if not _whole(moment) or not _whole(visit) or not (node is None or isinstance(node, str)):
        return None
    return Cursor(moment, visit, node)


def read_select(state: Any) -> Select | None:
    """`{"select": {"node": "/States/Pay", "seq": 4}}` as a `Select`."""
    told = _told(state, "select")
    node, seq = told.get("node"), told.get("seq")
    if not isinstance(node, str) or not _whole(seq):
        return None
    return Select(node, seq)


def _told(state: Any, name: str) -> Mapping[str, Any]:
    told = state.get(name) if isinstance(state, Mapping) else getattr(state, name, None)
    return told if isinstance(told, Mapping) else {}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
