"""What somebody does to a drawing, as the browser tells it: plain JSON, read into one frozen event or refused.

The canvas changes nothing itself. It says what was asked for, Python changes the text, and the next graph shows it. An
edit carries `rev`, the state of the document that was on screen: what was meant for an older one can be let go.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

LONGEST_TEXT = 2_000_000
"""Characters of what can be pasted."""
MOST_NODES = 20_000


@dataclass(frozen=True, slots=True)
class Edit:
    """One wish: a key of `KINDS` and its arguments; nodes, edges and blocks are named as in `engine.graph`."""

    kind: str
    rev: int
    seq: int
    """Counts the wishes of this page. The answer carries it, so that the browser knows what has been heard."""
    args: Mapping[str, Any] = field(default_factory=dict)


def read_edit(state: Any) -> Edit | None:
    """`{"edit": {"kind": "rename", "rev": 3, "seq": 9, "args": {"node": "/States/Pay", "name": "Charge"}}}` as an `Edit`.

    Anything else is None: an unknown kind, an argument too many or too few, one of another type, or not exactly one
    place for what wants a place.
    """
    told = state.get("edit") if isinstance(state, Mapping) else getattr(state, "edit", None)
    if not isinstance(told, Mapping):
        return None
    kind, rev, seq, args = told.get("kind"), told.get("rev"), told.get("seq"), told.get("args")
    if (
        not isinstance(kind, str)
        or kind not in KINDS
        or not _whole(rev)
        or not _whole(seq)
        or not isinstance(args, Mapping)
    ):
        return None
    wanted, placed = KINDS[kind]
    places = [name for name in args if name in PLACES] if placed else []
    if placed and len(places) != 1:
        return None
    expected = {**wanted, **dict.fromkeys(places, _text)}
    if set(args) != set(expected) or not all(fits(args[name]) for name, fits in expected.items()):
        return None
    return Edit(
        kind, rev, seq, {name: tuple(value) if isinstance(value, list) else value for name, value in args.items()}
    )


def _text(value: Any) -> bool:
    return isinstance(value, str) and len(value) <= LONGEST_TEXT


def _ids(value: Any) -> bool:
    return isinstance(value, list) and len(value) <= MOST_NODES and all(isinstance(one, str) for one in value)


def _way(value: Any) -> bool:
    return value in ("next", "choice", "default", "catch", "start")


def _flow(value: Any) -> bool:
    return value in ("Parallel", "Map")


def _whole(value: Any) -> bool:
    return isinstance(value, int) and not isinstance(value, bool)


PLACES = ("edge", "after", "block")
"""Where something goes: between the two ends of an edge, behind a node, or into a block (the root's is empty)."""

KINDS: dict[str, tuple[dict[str, Callable[[Any], bool]], bool]] = {
    "insert": ({"item": _text}, True),
    "paste": ({"text": _text}, True),
    "move": ({"nodes": _ids}, True),
    "connect": ({"source": _text, "target": _text, "way": _way}, False),
    "reconnect": ({"edge": _text, "target": _text}, False),
    "remove": ({"nodes": _ids, "edges": _ids}, False),
    "rename": ({"node": _text, "name": _text}, False),
    "duplicate": ({"nodes": _ids}, False),
    "wrap": ({"nodes": _ids, "into": _flow}, False),
    "lift": ({"node": _text}, False),
    "undo": ({}, False),
    "redo": ({}, False),
    "seek": ({"text": _text}, False),
    "select": ({"nodes": _ids}, False),
}
"""Each kind with its arguments, and whether it wants a place."""
