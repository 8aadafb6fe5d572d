"""Open a real execution: the history of one that ran on AWS, walked through in the same player."""

from __future__ import annotations

import streamlit as st

from designer import compute, store
from designer.examples import History
from designer.panels import opening, runs
from designer.panels.dropping import dropping
from designer.panels.sentences import said_in
from designer.session import Session
from designer.texts import Texts, plain

LARGEST_MB = 64
OWN, EVENTS = "definition", "events"


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        st.markdown(f"**{t('Open an execution that ran on AWS')}**")
        st.caption(
            t(
                "Drop the JSON of `aws stepfunctions get-execution-history`, the console's export, pages one after another, "
                "or the log lines of an Express workflow. It stays on this machine."
            )
        )
        drawn_by = OWN
        if session.is_open:
            drawn_by = st.segmented_control(
                t("Draw it with"),
                [OWN, EVENTS],
                format_func=lambda one: t("This definition") if one == OWN else t("Its events alone"),
                default=OWN,
                required=True,
                key="drawn-by",
                help=t("With its definition, a simulated run gets the recorded replies and is laid beside it."),
            )
        dropping(
            t("History (.json, .jsonl, .log, .txt)"),
            t,
            key="dropped-history",
            megabytes=LARGEST_MB,
            on_drop=lambda: _dropped(drawn_by == OWN),
        )
        if session.notice is not None:
            text = said_in(t(session.notice.text, **session.notice.values), t)
            st.warning(plain(text), icon=":material/history_toggle_off:")
        _opened(session, t)
        st.divider()
        st.markdown(f"**{t('Or one of these')}**")
        for history in compute.histories():
            st.button(
                plain(t.pick(history.title)),
                key=f"history-{history.file}",
                type="tertiary",
                icon=":material/history:",
                on_click=_bundled,
                args=(history,),
            )


def _opened(session: Session, t: Texts) -> None:
    """What was opened, and where the simulated run parts from it."""
    recording = session.recording
    found = compute.history_of(recording) if recording else None
    if recording is None or found is None:
        return
    count = t.plural("{n} event", "{n} events", len(found.events))
    kind = t("Express, from its log") if found.express else t("Standard")
    st.markdown(f":green[✓] **{plain(recording.name)}** · {count} · {kind}")
    if any(run.setting.recording and run.setting.recording.simulated for run in session.runs):
        runs.beside(session, t)
    else:
        st.caption(t("Without its definition only what the events hold is there: states, inputs, outputs and calls."))


def _dropped(own: bool) -> None:
    file = store.value("dropped-history")
    if file is not None:
        opening.open_history(file.name, file.getvalue().decode("utf-8-sig", "replace"), own=own)


def _bundled(history: History) -> None:
    example = compute.example(history.workflow) if history.workflow else None
    if example is not None:
        opening.put_on_table(example)
    opening.open_history(history.file, history.text, own=example is not None)
