"""Debug: one run of one workflow, stage by stage, forwards and backwards."""

from __future__ import annotations

import streamlit as st

from designer import actions, compute, store
from designer.components.canvas import Dive, canvas, where_from
from designer.panels import head, opening, questions, scenarios, tools
from designer.panels.empty import no_workflow
from designer.panels.sentences import said_in
from designer.session import EDITORS, Descent, Notice, Outcome, Session
from designer.texts import Texts, plain
from designer.theme import N_
from engine.trace import Trace

EDITOR_NAMES = {"definition": N_("Definition"), "input": N_("Input"), "mocks": N_("Mocks")}


def render(session: Session, t: Texts) -> None:
    if not session.is_open:
        if session.notice is not None:
            st.warning(t(session.notice.text, **session.notice.values), icon=":material/link_off:")
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
                tools.drawer(session, t)
        tools.rail(session, t)


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


def _note(session: Session, t: Texts, outcome: Outcome | None, trace: Trace | None) -> None:
    """One line in the bar, only when the run on screen is not simply the run of what stands in the editors.

    In the bar, because a line above the player would push it out of the window.
    """
    if session.notice is not None and session.drawer not in tools.TELLING:
        _refused(session.notice, t)
        return
    if session.drafts:
        names = ", ".join(t(EDITOR_NAMES[editor]) for editor in EDITORS if editor in session.drafts)
        text, icon = t("{names}: a draft. What you see is the run of the last usable text.", names=names), "edit_note"
    elif trace is None:
        text, icon = t("This cannot be run as it stands. Definition, Input and Mocks say what to mend."), "warning"
    elif outcome is not None and outcome.status == "WAITING":
        _waits(t)
        return
    else:
        return
    with st.container(key="note"):
        st.markdown(f":orange[:material/{icon}:] {text}")


def _refused(notice: Notice, t: Texts) -> None:
    """What was refused and why, until it is put away."""
    with st.container(key="note", horizontal=True, wrap=False, gap="small", vertical_alignment="center"):
        st.markdown(f":orange[:material/warning:] {plain(said_in(t(notice.text, **notice.values), t))}")
        st.button("", key="put-away", icon=":material/close:", type="tertiary", help=t("Put this away"),
                  on_click=store.act, args=(actions.put_away,))  # fmt: skip


def _waits(t: Texts) -> None:
    """The run waits: one click leads to where it is answered."""
    with st.container(key="note", horizontal=True, wrap=False, gap="small", vertical_alignment="center"):
        text = t("A task waits for its answer: no mock gives one.")
        st.markdown(f":orange[:material/hourglass_empty:] {text}")
        st.button(t("Answer it"), key="answer-it", type="tertiary",
                  on_click=store.act, args=(actions.open_drawer, "service"))  # fmt: skip


def _player(session: Session, t: Texts) -> None:
    reading, trace, props = compute.player(session.setting, session.drafts.get("definition"))
    inside = compute.inside(session.setting, session.inside) if trace is not None else None
    if inside is not None:
        trace, props = inside.trace, inside.props
    canvas(
        reading.graph if inside is None else inside.graph,
        trace,
        texts=t,
        key="player",
        locale=session.language,
        document=reading.document if inside is None else inside.document,
        cursor=session.cursor if inside is None else session.inner,
        order=session.order,
        on_cursor=tools.moved if session.drawer in tools.FOLLOWING and inside is None else None,
        on_ask=lambda ask: where_from(trace, ask),
        on_questions=lambda asked: questions.answered(session.setting, session.inside, asked, t),
        on_dive=_dive,
        place=None if inside is None else inside.place,
        points=session.workflow or "own",
        coverage=scenarios.covered(session),
        props=props,
    )


def _dive(event: Dive) -> None:
    """The reader goes into a child execution, to another one beside it, or out."""
    session = store.session()
    if event.up:
        store.act(actions.go_out, event.up)
    elif session.inside and event.beside:
        store.act(actions.go_beside, event.place)
    else:
        store.act(actions.go_inside, Descent(event.visit, event.place, event.moment))
