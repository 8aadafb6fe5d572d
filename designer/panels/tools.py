"""The tools beside the player: a rail of them, and the drawer in which one stands."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from designer import actions, library, store
from designer.components.canvas import Cursor
from designer.panels import change, expression, mocks, recording, runs, scenarios, service, share
from designer.panels.editors import drawer as editor
from designer.session import EDITORS, Session, Tool
from designer.texts import Texts
from designer.theme import N_

RAIL: tuple[tuple[Tool, str, str], ...] = (
    ("definition", N_("Definition"), ":material/data_object:"),
    ("input", N_("Input"), ":material/input:"),
    ("mocks", N_("Mocks"), ":material/theater_comedy:"),
    ("scenarios", N_("Scenarios"), ":material/checklist:"),
    ("change", N_("Change"), ":material/edit:"),
    ("service", N_("Answer"), ":material/support_agent:"),
    ("runs", N_("Runs"), ":material/account_tree:"),
    ("expression", N_("Expression"), ":material/function:"),
    ("recording", N_("History"), ":material/history:"),
    ("share", N_("Share"), ":material/share:"),
)
"""Tool, name, icon."""

DRAWN: dict[Tool, Callable[[Session, Texts], None]] = {
    "mocks": mocks.panel,
    "scenarios": scenarios.panel,
    "change": change.panel,
    "service": service.panel,
    "runs": runs.panel,
    "expression": expression.panel,
    "recording": recording.panel,
    "share": share.panel,
}
FOLLOWING: frozenset[Tool] = frozenset(("change", "expression", "share"))
"""Tools that show what is at the player's step; for the others the player need not tell."""
TELLING: frozenset[Tool] = frozenset(("share", "recording", "mocks"))
"""Tools that say themselves what they refused."""
FRAGMENT = "tool"


def rail(session: Session, t: Texts) -> None:
    """One button for each tool; the open one is marked, and so is one that has something waiting."""
    with st.container(key="rail", gap=None):
        for tool, name, icon in RAIL:
            state = "on" if session.drawer == tool else "off"
            wrong = tool in session.drafts
            with st.container(key=f"drawer-{tool}-{state}{'-wrong' if wrong else ''}", gap=None):
                st.button(
                    t(name),
                    key=f"tool-{tool}-{state}",
                    icon=":material/edit_note:" if wrong else icon,
                    type="tertiary",
                    on_click=store.act,
                    args=(actions.toggle_drawer, tool),
                )


def drawer(session: Session, t: Texts) -> None:
    """The tool that is open."""
    if session.drawer in EDITORS and session.drawer != "mocks":
        editor(session, t)
    elif session.drawer in FOLLOWING:
        _following(session.order, session.drawer)
    elif session.drawer:
        DRAWN[session.drawer](session, t)


@st.fragment(key=FRAGMENT)
def _following(order: int, tool: Tool) -> None:
    """A tool that follows the player: it is drawn again by itself, and the page with it once the run is another."""
    session = store.session()
    if (session.order, session.drawer) != (order, tool):
        st.rerun(scope="app")
    DRAWN[tool](session, Texts(session.language))
    library.keep_workflow(store.session())  # the shell, which does so elsewhere, is not run again with a fragment


def moved(event: Cursor) -> None:
    """The player came to rest: the tool that follows it is drawn again, nothing else."""
    store.act(actions.stand_at, event.moment)
    st.rerun(FRAGMENT)
