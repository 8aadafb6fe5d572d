"""Debug: one run of one workflow, stage by stage, forwards and backwards."""

from __future__ import annotations

import streamlit as st

from designer import actions, compute, store
from designer.components.canvas import canvas, where_from
from designer.panels import head, opening
from designer.panels.editors import drawer
from designer.panels.empty import no_workflow
from designer.session import EDITORS, Outcome, Session
from designer.texts import Texts
from designer.theme import N_
from engine.trace import Trace

EDITOR_NAMES = {"definition": N_("Definition"), "input": N_("Input"), "mocks": N_("Mocks")}


def render(session: Session, t: Texts) -> None:
    if not session.is_open:
        no_workflow(
            t("Debug a run, step by step"),
            t(
                "A run is recorded once; then you move through it in both directions and see the data at every stage: "
                "InputPath, Parameters, the task, ResultSelector, ResultPath, OutputPath."
            ),
            t,
            key="debug",
        )
        return
    outcome, trace = compute.outcome(session.setting), compute.trace(session.setting)
    _head(session, t, outcome)
    _note(session, t, outcome, trace)
    with st.container(key="debug-body", horizontal=True, wrap=False, gap="small"):
        with st.container(key="debug-player"):
            _player(session, t)
        if session.drawer:
            with st.container(key="debug-drawer", width=430):
                drawer(session, t)


def _head(session: Session, t: Texts, outcome: Outcome | None) -> None:
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        head.title(session, t)
        head.scenario_box(session, t, key="debug")
        head.type_box(session, t, key="debug")
        st.button(
            t("Run"),
            key="run",
            type="primary",
            icon=":material/play_arrow:",
            shortcut="Ctrl+Enter",
            on_click=opening.run,
        )
        with st.container(key="chips", horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
            head.outcome_chips(outcome, t)
        with st.container(key="head-end", horizontal=True, width="content", gap="small"):
            for editor in EDITORS:
                wrong = editor in session.drafts
                st.button(
                    t(EDITOR_NAMES[editor]),
                    key=f"drawer-{editor}-{'on' if session.drawer == editor else 'off'}",
                    icon=":material/edit_note:" if wrong else None,
                    on_click=store.act,
                    args=(actions.toggle_drawer, editor),
                )


def _note(session: Session, t: Texts, outcome: Outcome | None, trace: Trace | None) -> None:
    """One line in the bar, only when the run on screen is not simply the run of what stands in the editors.

    In the bar, because a line above the player would push it out of the window.
    """
    if session.drafts:
        names = ", ".join(t(EDITOR_NAMES[editor]) for editor in EDITORS if editor in session.drafts)
        text, icon = t("{names}: a draft. What you see is the run of the last usable text.", names=names), "edit_note"
    elif trace is None:
        text, icon = t("This cannot be run as it stands. Definition, Input and Mocks say what to mend."), "warning"
    elif outcome is not None and outcome.status == "WAITING":
        text, icon = t("A task waits for its answer: no mock gives one. Add it under Mocks."), "hourglass_empty"
    else:
        return
    with st.container(key="note"):
        st.markdown(f":orange[:material/{icon}:] {text}")


def _player(session: Session, t: Texts) -> None:
    reading, trace, props = compute.player(session.setting, session.drafts.get("definition"))
    canvas(
        reading.graph,
        trace,
        texts=t,
        key="player",
        locale=session.language,
        document=reading.document,
        on_ask=lambda ask: where_from(trace, ask),
        props=props,
    )
