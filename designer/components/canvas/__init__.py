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

from designer.components.canvas.events import Cursor, Select, read_cursor, read_event, read_select
from designer.components.canvas.mount import renderer
from designer.components.canvas.payload import Json, to_props
from designer.components.canvas.wording import TEXTS, translated

__all__ = ["TEXTS", "Cursor", "Select", "canvas", "read_event", "to_props"]


def canvas(
    graph: Any,
    trace: Any | None,
    *,
    texts: Callable[[str], str] | Mapping[str, str],
    key: str,
    height: int | Literal["window"] = "window",
    locale: str = "en",
    document: Json = None,
    cursor: int | None = None,
    selected: str | None = None,
    problems: bool = True,
    on_cursor: Callable[[Cursor], None] | None = None,
    on_select: Callable[[Select], None] | None = None,
    props: Mapping[str, Any] | None = None,
) -> Cursor | Select | None:
    """Mount the player and return what happened in it since the last run, if anything.

    `texts` is a gettext function or a mapping from the keys of `TEXTS`. `height` is pixels, or `"window"` to fill the
    browser's window below where the player stands (never less than 560 pixels). `document` gives the definition when
    there is no trace to take it from; it fills the expressions of the ladder. `cursor` is the moment to stand at when a
    trace is first shown (None: its beginning); later moves belong to the browser until `trace` changes. `selected` is
    the id of the node to start with. `problems` False hides the reasons on broken nodes. Without `on_cursor` a step
    never reaches the server; without `on_select` a click does not either. `props` takes what `to_props` made earlier,
    for pages that keep it.
    """
    data = {
        **(to_props(graph, trace, document=document) if props is None else props),
        "texts": translated(texts),
        "locale": locale,
        "height": height,
        "start": {"cursor": cursor, "selected": selected},
        "problems": problems,
        "reports": {"cursor": on_cursor is not None, "select": on_select is not None},
    }

    def moved() -> None:
        event = read_cursor(st.session_state.get(key))
        if on_cursor is not None and event is not None:
            on_cursor(event)

    def chosen() -> None:
        event = read_select(st.session_state.get(key))
        if on_select is not None and event is not None:
            on_select(event)

    state = renderer()(key=key, data=data, width="stretch", on_cursor_change=moved, on_select_change=chosen)
    return read_event(state)
