"""What the canvas needs to be drawn on: the palette, the document as JSON, what is selected, what can be taken back."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from designer.components.canvas.payload import Json, graph_props, run_props
from engine.graph import Graph
from engine.trace import Trace

SHOWN_OF_AN_ITEM = ("id", "group", "title", "caption", "type", "service")


@dataclass(frozen=True, slots=True)
class Editing:
    """The canvas as a place to draw: what is shown beside the graph, and what the browser must know to ask for edits."""

    rev: int
    """Counts the states of the document. An edit that was meant for an older one says so by this number."""
    document: Json
    """What copy takes its text from."""
    palette: tuple[Mapping[str, Any], ...] = ()
    """`engine.palette` items as mappings with translated titles: id, group (flow, actions, patterns), title, caption, type,
    service. Their fragments are not sent."""
    found: tuple[Mapping[str, Any], ...] | None = None
    """What a search in the palette has found; None when nobody searched."""
    sought: str = ""
    """The text that `found` answers."""
    selected: tuple[str, ...] = ()
    can_undo: bool = False
    can_redo: bool = False
    say: str = ""
    """One sentence to announce: why an edit was refused."""


def edit_props(graph: Graph, trace: Trace | None, editing: Editing) -> dict[str, Any]:
    """What `canvas` sends in edit mode in place of `to_props`; the browser lays the graph out by itself."""
    return {
        "graph": graph_props(graph, drawn=False),
        **run_props(trace, None if trace is None else trace.machine.document),
        "edit": {
            "rev": editing.rev,
            "document": editing.document,
            "palette": [_item(item) for item in editing.palette],
            "found": None if editing.found is None else [_item(item) for item in editing.found],
            "sought": editing.sought,
            "selected": list(editing.selected),
            "canUndo": editing.can_undo,
            "canRedo": editing.can_redo,
            "say": editing.say,
        },
    }


def _item(item: Mapping[str, Any]) -> dict[str, Any]:
    return {name: item.get(name) or "" for name in SHOWN_OF_AN_ITEM}
