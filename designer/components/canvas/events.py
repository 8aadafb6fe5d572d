"""What the player tells Python: plain JSON from the browser, read into frozen events or refused."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from designer.components.canvas.edits import Edit, read_edit


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


@dataclass(frozen=True, slots=True)
class Ask:
    """Where does this value come from? It stands at `path` of the value of `trace.moments[moment]`."""

    moment: int
    path: tuple[str | int, ...]
    seq: int
    """Counts the questions of this page; the answer carries it."""


@dataclass(frozen=True, slots=True)
class Dive:
    """Into a child execution: the one at `place` among those that `visit` started.

    `beside` leads from a child execution to another one of the same visit, `up` > 0 out of so many.
    """

    visit: int
    place: int
    moment: int
    """Where the reader stood."""
    up: int
    beside: bool
    seq: int
    """Counts the moves of this page."""


def read_dive(state: Any) -> Dive | None:
    """`{"dive": {"visit": 3, "place": 0, "moment": 12, "up": 0, "beside": false, "seq": 1}}` as a `Dive`."""
    told = _told(state, "dive")
    visit, place, moment, up, seq = (told.get(name) for name in ("visit", "place", "moment", "up", "seq"))
    if not all(_whole(number) and number >= 0 for number in (visit, place, moment, up, seq)):
        return None
    return Dive(visit, place, moment, up, told.get("beside") is True, seq)


def read_event(state: Any) -> Ask | Cursor | Edit | Select | None:
    """The event in the component's state: an edit, a question, a choice, a move; None for none or a malformed one."""
    return read_edit(state) or read_ask(state) or read_select(state) or read_cursor(state)


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


def read_ask(state: Any) -> Ask | None:
    """`{"ask": {"moment": 12, "path": ["order", "items", 0], "seq": 4}}` as an `Ask`."""
    told = _told(state, "ask")
    moment, path, seq = told.get("moment"), told.get("path"), told.get("seq")
    if not _whole(moment) or moment < 0 or not _whole(seq) or not isinstance(path, list):
        return None
    if not all(isinstance(step, str) or _whole(step) for step in path):
        return None
    return Ask(moment, tuple(path), seq)


def _told(state: Any, name: str) -> Mapping[str, Any]:
    told = state.get(name) if isinstance(state, Mapping) else getattr(state, name, None)
    return told if isinstance(told, Mapping) else {}


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)
