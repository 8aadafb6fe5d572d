"""Open a real execution: the history of one that ran on AWS, walked through in the same player."""

from __future__ import annotations

import streamlit as st

from designer import actions, compute, store
from designer.examples import History
from designer.panels import opening, runs
from designer.panels.dropping import dropping
from designer.panels.sentences import said_in
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import STATUS
from engine.recorded import Recorded, mismatches

LARGEST_MB = 64
LONGEST = 160
OWN, EVENTS = "definition", "events"


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        st.markdown(f"**{t('Open an execution that ran on AWS')}**")
        st.caption(
            t(
                "Drop the JSON of `aws stepfunctions get-execution-history`, the console’s export, several pages at once, or the "
                "log lines of an Express workflow; with it or after it, what `describe-execution` and "
                "`describe-state-machine-for-execution` answered. It stays on this machine."
            )
        )
        drawn_by = OWN
        if session.is_open:
            drawn_by = st.segmented_control(
                t("Draw it with"),
                [OWN, EVENTS],
                format_func=lambda one: t("This definition") if one == OWN else t("Its events alone"),
                default=EVENTS if opening.drawn_from_events(session) else OWN,
                required=True,
                key=f"drawn-by-{session.revision}",
                help=t("With its definition, a simulated run gets the recorded replies and is laid beside it."),
            )
        key = f"dropped-history-{session.revision}"
        dropping(
            t("History (.json, .jsonl, .log, .txt)"),
            t,
            key=key,
            megabytes=LARGEST_MB,
            several=True,
            on_drop=lambda: _dropped(key, drawn_by == OWN),
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
    _described(found, t)
    if any(run.setting.recording and run.setting.recording.simulated for run in session.runs):
        runs.beside(session, t)
    else:
        st.caption(t("Without its definition only what the events hold is there: states, inputs, outputs and calls."))


def _described(found: Recorded, t: Texts) -> None:
    """What describe calls told of the execution, and where the events say otherwise."""
    told = found.described
    if told is None:
        return
    status = STATUS.get("WAITING" if told.status == "RUNNING" else told.status or "")
    parts = [
        f"**{plain(told.name)}**" if told.name else "",
        f":{status.badge}[{status.icon} {t(status.label)}]" if status else plain(told.status or ""),
        told.workflow_type.capitalize() if told.workflow_type else "",
        plain(t.moment(told.started)) if told.started else "",
        plain(told.machine_name or ""),
    ]
    st.markdown(" · ".join(filter(None, parts)))
    wrong = mismatches(found)
    if wrong:
        lines = [t("The description and the events differ; the player shows the events.")]
        lines += [
            "- "
            + t(
                "{field}: described {one}, recorded {other}",
                field=f"**{plain(field)}**",
                one=_value(one),
                other=_value(other),
            )
            for field, one, other in wrong
        ]
        st.warning("\n".join(lines), icon=":material/rule:")


def _value(text: str) -> str:
    return plain(text if len(text) <= LONGEST else text[: LONGEST - 1] + "…")


def _dropped(key: str, own: bool) -> None:
    """What was dropped at once belongs together; the place is empty again for the next."""
    files = store.value(key)
    if files:
        texts = {file.name: opening.file_text(file.getvalue()) for file in files}
        name = next((name for name, text in texts.items() if "previous" in text), files[0].name)
        opening.open_history(name, "\n".join(texts.values()), own=own)
        store.act(actions.renew)


def _bundled(history: History) -> None:
    example = compute.example(history.workflow) if history.workflow else None
    if example is not None:
        opening.put_on_table(example)
    opening.open_history(history.file, history.text, own=example is not None)
