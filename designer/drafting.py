"""What Design shows of a text, worked out once per text: the drawing, the places of everything in it, the words to write.

Like `compute`, these are shared by all visitors: keyed by content, bounded, and never changed.
"""

from __future__ import annotations

from bisect import bisect_right
from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

import streamlit as st

from designer import compute
from designer.components.canvas import run_props
from designer.session import Setting
from designer.texts import Texts
from engine import jsontext, palette, vocabulary
from engine.graph import Graph
from engine.outline import machine_language, spots
from engine.palette import Item
from engine.problems import Problem
from engine.values import Json
from engine.writing import spans


@dataclass(frozen=True, slots=True)
class Drawing:
    """A definition as the canvas has it. `document` is None while the text cannot be read; what can be is drawn."""

    document: Json
    graph: Graph
    props: Mapping[str, Any]
    """Its states, for the canvas; the graph is made into JSON there."""
    language: str
    """Of the machine: what is inserted is written in it."""


@dataclass(frozen=True, slots=True)
class Places:
    """Where things stand in a text, in characters from its beginning."""

    starts: tuple[int, ...]
    """Where each line begins."""
    length: int
    spans: Mapping[str, tuple[int, int]]
    """By pointer: from the name of a member, or the value itself, to the end of the value."""
    nodes: tuple[str, ...]
    """Ids of the states, those inside others first."""

    def of(self, problem: Problem) -> tuple[int, int]:
        """What to underline for a problem: its value where that is on one line, else the beginning of it."""
        start = self._offset(problem.line, problem.column) if problem.line is not None else 0
        end = self.spans.get(problem.at, (start, start + 1))[1]
        line = bisect_right(self.starts, start)
        line_end = self.starts[line] - 1 if line < len(self.starts) else self.length
        return start, max(min(end, line_end), min(start + 1, self.length))

    def node_at(self, offset: int) -> str | None:
        """The innermost state around a character."""
        return next((node for node in self.nodes if self._holds(node, offset)), None)

    def _holds(self, node: str, offset: int) -> bool:
        span = self.spans.get(node)
        return span is not None and span[0] <= offset <= span[1]

    def _offset(self, line: int | None, column: int | None) -> int:
        if line is None or not 1 <= line <= len(self.starts):
            return 0
        return min(self.starts[line - 1] + (column or 1) - 1, self.length)


def drawing(text: str, path: str | None, workflow_type: str) -> Drawing:
    """The graph of a text with everything that the canvas needs."""
    return _drawing(compute.digest(text, path or "", workflow_type), text, path, workflow_type)


@st.cache_resource(show_spinner=False, max_entries=64)
def _drawing(key: str, _text: str, _path: str | None, _workflow_type: str) -> Drawing:
    reading = compute.read(_text, _path, _workflow_type)
    document = reading.document
    spoken = machine_language(document) if isinstance(document, dict) else "JSONPath"
    return Drawing(document, reading.graph, run_props(None, document), spoken)


def places(text: str, path: str | None) -> Places:
    """Where everything stands in a text; of one that cannot be read, its lines alone."""
    return _places(compute.digest(text, path or ""), text, path)


@st.cache_resource(show_spinner=False, max_entries=64)
def _places(key: str, _text: str, _path: str | None) -> Places:
    document = compute.read(_text, _path).document
    found = [spot.at for spot in spots(document)]
    where = spans(_text, _path) if document is not None else {}
    return Places(tuple(jsontext.lines(_text).starts), len(_text), where, tuple(sorted(found, key=len, reverse=True)))


def words(text: str, path: str | None, setting: Setting) -> Json:
    """What completion offers, with the shape of the data of the last run."""
    return _words(compute.digest(text, path or "", repr(setting)), text, path, setting)


@st.cache_resource(show_spinner=False, max_entries=32)
def _words(key: str, _text: str, _path: str | None, _setting: Setting) -> Json:
    return vocabulary.vocabulary(compute.read(_text, _path).document, compute.trace(_setting))


def palette_rows(t: Texts) -> tuple[Mapping[str, str], ...]:
    """The palette as the canvas shows it, in the reader's language."""
    return tuple(row(item, t) for item in palette.palette())


def palette_found(sought: str, t: Texts) -> tuple[Mapping[str, str], ...]:
    """Operations of all services whose name holds what is sought."""
    return tuple(row(item, t) for item in palette.search(sought))


def row(item: Item, t: Texts) -> Mapping[str, str]:
    own = item.group != "patterns"
    return {
        "id": item.id,
        "group": item.group,
        "title": item.title if own else t(item.title),
        "caption": item.caption if item.group == "actions" or not item.caption else t(item.caption),
        "type": item.type,
        "service": item.service,
    }
