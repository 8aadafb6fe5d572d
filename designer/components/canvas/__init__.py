"""The player: graph, stage ladder and time bar over one trace.

The trace is sent to the browser once; every step, jump and recolouring happens there, without a run of the script.
Python hears of a step only when the page asks (`on_cursor`), and then only after the stepping has come to rest.

    canvas(graph, trace, texts=_, key="player", locale="es", on_select=lambda event: …)

Everything shown is given: `graph` (`engine.graph.Graph`), `trace` (`engine.trace.Trace`, or None before the first run)
and `texts`, the translation of each sentence in `wording.TEXTS`.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from typing import Any, Literal

import streamlit as st

from designer.components.canvas.editing import Editing, edit_props
from designer.components.canvas.edits import Edit, read_edit
from designer.components.canvas.events import (
    Ask,
    Cursor,
    Dive,
    Select,
    read_ask,
    read_cursor,
    read_dive,
    read_event,
    read_select,
)
from designer.components.canvas.mount import renderer
from designer.components.canvas.origins import where_from
from designer.components.canvas.payload import Json, coverage_props, to_props
from designer.components.canvas.questions import Questions, read_questions
from designer.components.canvas.spoken import spoken
from designer.components.canvas.wording import TEXTS, translated
from engine.coverage import Coverage

__all__ = [
    "TEXTS",
    "Ask",
    "Cursor",
    "Dive",
    "Edit",
    "Editing",
    "Questions",
    "Select",
    "canvas",
    "edit_props",
    "read_edit",
    "read_event",
    "to_props",
    "where_from",
]


def canvas(
    graph: Any,
    trace: Any | None,
    *,
    texts: Callable[[str], str] | Mapping[str, str],
    key: str,
    height: int | Literal["window", "stretch"] = "window",
    locale: str = "en",
    document: Json = None,
    cursor: int | None = None,
    order: int = 0,
    selected: str | None = None,
    problems: bool = True,
    on_cursor: Callable[[Cursor], None] | None = None,
    on_select: Callable[[Select], None] | None = None,
    on_ask: Callable[[Ask], Json] | None = None,
    on_questions: Callable[[Questions], Json] | None = None,
    on_dive: Callable[[Dive], None] | None = None,
    place: Json = None,
    points: str = "",
    coverage: Coverage | None = None,
    props: Mapping[str, Any] | None = None,
    edit: Editing | None = None,
    on_edit: Callable[[Edit], None] | None = None,
) -> Ask | Cursor | Edit | Select | None:
    """Mount the player and return what happened in it since the last run, if anything.

    `texts` is a gettext function or a mapping from the keys of `TEXTS`. `height` is pixels, or `"window"` to fill the
    browser's window below where the player stands (never less than 560 pixels), or `"stretch"` to fill the container. `document` gives the definition when
    there is no trace to take it from; it fills the expressions of the ladder. `cursor` is the moment to stand at when a
    trace is first shown (None: its beginning); later moves belong to the browser until `trace` changes, or until `order`,
    which counts the wishes to stand at `cursor`, does. `selected` is the id of the node to start with. `problems` False
    hides the reasons on broken nodes. Without `on_cursor` a step never reaches the server; without `on_select` a click
    does not either. `on_ask` is asked where a value comes from when somebody clicks one, and what it returns (see
    `where_from`) goes to the browser with the same run of the script. `on_questions` is asked what the conditions of breakpoints
    and the watches come to on this trace (see `questions.answers`); without it there are neither, and breakpoints stop
    always. `on_dive` hears of moves into child executions and out of them, and `place` says in which one the reader is
    (see `designer.inside`). `points` names the workflow under which the browser keeps what was set. `coverage` marks on the graph what no
    scenario went through. `props` takes what `to_props` made earlier, for
    pages that keep it.

    With `edit` the graph is drawn on: a palette stands beside it in place of the ladder and the time, the run (`trace`, or
    that of `props`) only colours the nodes with how they ended, and `on_edit` is called with each edit asked for, before
    the script runs again.
    """
    if edit is not None:
        known = {name: props[name] for name in ("states", "language", "trace")} if props is not None else {}
        props = edit_props(graph, None if known else trace, edit) | known
    elif props is None:
        props = to_props(graph, trace, document=document)
    data = {
        **props,
        **({"graph": spoken(props, texts)} if callable(texts) and locale != "en" else {}),
        "texts": translated(texts),
        "locale": locale,
        "height": height,
        "start": {"cursor": cursor, "selected": selected, "order": order},
        "problems": problems,
        "reports": {"cursor": on_cursor is not None, "select": on_select is not None, "ask": on_ask is not None},
    }
    wish = read_edit(st.session_state.get(key))
    if edit is not None:
        data["heard"] = None if wish is None else wish.seq
    asked = read_ask(st.session_state.get(key))
    if on_ask is not None and asked is not None:
        data["answer"] = on_ask(asked)

    data["dives"] = on_dive is not None
    data["place"] = place
    if coverage is not None:
        data["coverage"] = coverage_props(coverage)
    if on_questions is not None:
        data["points"] = {"key": points, **on_questions(read_questions(st.session_state.get(key)))}

    def moved() -> None:
        event = read_cursor(st.session_state.get(key))
        if on_cursor is not None and event is not None:
            on_cursor(event)

    def chosen() -> None:
        event = read_select(st.session_state.get(key))
        if on_select is not None and event is not None:
            on_select(event)

    def dived() -> None:
        event = read_dive(st.session_state.get(key))
        if on_dive is not None and event is not None:
            on_dive(event)

    def wished() -> None:
        event = read_edit(st.session_state.get(key))
        if on_edit is not None and event is not None:
            on_edit(event)

    # A question needs no callback: it lives for the run that it causes, and that run answers it.
    state = renderer()(
        key=key,
        data=data,
        width="stretch",
        height="stretch" if height == "stretch" else "content",
        on_cursor_change=moved,
        on_select_change=chosen,
        on_ask_change=lambda: None,
        on_edit_change=wished,
        on_questions_change=lambda: None,
        on_dive_change=dived,
    )
    return read_event(state)
