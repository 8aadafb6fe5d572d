"""Executions: the runs of this session in the columns of the console, and many runs at once."""

from __future__ import annotations

from collections import Counter

import pandas as pd
import streamlit as st

from designer import actions, compute, store
from designer.panels import head, opening
from designer.panels.empty import no_workflow
from designer.panels.plots import mode, status_bars
from designer.panels.status import status_text
from designer.session import Run, Session
from designer.texts import Texts, plain
from designer.theme import STATUS

MOST = 1_000
"""Executions in one batch."""
STEP = 25
"""Executions between two looks at the progress bar."""


def render(session: Session, t: Texts) -> None:
    if not session.is_open and not session.runs:
        no_workflow(
            t("Which executions succeed, which fail?"),
            t(
                "Every run of this session is kept here with its status, start, end, duration, transitions and cost. "
                "A workflow can be run a thousand times over its scenarios in a few seconds, and any of those runs "
                "opened in Debug."
            ),
            t,
            key="executions",
        )
        return
    with st.container(key="sheet"):
        _batch(session, t)
        session = store.session()
        if not session.runs:
            st.info(t("No executions yet. Run the workflow above, or press Run in Debug."), icon=":material/info:")
            return
        _overview(session, t)


def _batch(session: Session, t: Texts) -> None:
    """Title, and how to run many."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"#### {t('Executions')}", width="content")
        if not session.is_open:
            return
        st.badge(plain(head.title_of(session, t)), icon=":material/account_tree:", color="gray")
        titles = {scenario.name: t.pick(scenario.title) for scenario in session.scenarios}
        with st.container(key="head-end", horizontal=True, vertical_alignment="center", width="content", gap="small"):
            chosen = list(titles)
            if titles:
                with st.popover(t("Scenarios"), icon=":material/checklist:"):
                    chosen = st.pills(
                        t("Scenarios to run"),
                        list(titles),
                        selection_mode="multi",
                        default=list(titles),
                        format_func=lambda name: titles[name],
                        key=f"batch-scenarios-{session.workflow}",
                    )
            times = st.number_input(
                t("Times each"),
                min_value=1,
                max_value=max(1, MOST // max(1, len(chosen))),
                value=min(10, max(1, MOST // max(1, len(chosen)))),
                key=f"batch-times-{len(chosen)}",
                width=220,
            )
            total = int(times) * max(1, len(chosen))
            pressed = st.button(
                t.plural("Run {n} execution", "Run {n} executions", total),
                key="batch-run",
                type="primary",
                icon=":material/fast_forward:",
                disabled=bool(titles) and not chosen,
            )
            if session.runs:
                st.button(
                    t("Clear"),
                    key="batch-clear",
                    icon=":material/delete_sweep:",
                    help=t("Empties the table"),
                    on_click=store.act,
                    args=(actions.forget_runs,),
                )
    if pressed:
        _run_batch(session, t, chosen, int(times))


def _run_batch(session: Session, t: Texts, chosen: list[str], times: int) -> None:
    """Runs and notes as it goes, so that what is done stays done when the visitor goes elsewhere."""
    if session.scenarios:
        settings = actions.batch(session, [one for one in session.scenarios if one.name in chosen], times)
    else:
        settings = actions.repeat(session, times)
    progress = st.progress(0.0, t("Running"))
    rows, done = [], 0
    for row in compute.batch(settings):
        rows.append(row)
        if len(rows) == STEP:
            done += len(rows)
            store.act(actions.note_all, rows)
            rows = []
            progress.progress(done / len(settings), t("{done} of {all}", done=done, all=len(settings)))
    done += len(rows)
    store.act(actions.note_all, rows)
    progress.empty()
    if done < len(settings):
        st.warning(
            t(
                "{done} of {all} executions were run; the batch stops by itself after {seconds} seconds.",
                done=done,
                all=len(settings),
                seconds=compute.BATCH_SECONDS,
            )
        )


def _overview(session: Session, t: Texts) -> None:
    counts = Counter(run.outcome.status for run in session.runs)
    present = [status for status in STATUS if counts[status]]
    with st.container(key="filters", horizontal=True, vertical_alignment="center"):
        wanted = st.pills(
            t("Filter by status"),
            present,
            selection_mode="multi",
            format_func=lambda status: f"{STATUS[status].icon} {t(STATUS[status].label)} · {t.number(counts[status])}",
            key="status-filter",
            label_visibility="collapsed",
        )
        st.caption(t("No filter shows all. A click on a row opens that execution in Debug."), width="content")
    shown = [run for run in reversed(session.runs) if not wanted or run.outcome.status in wanted]
    with st.container(key="executions-body", horizontal=True, gap="medium"):
        with st.container(key="executions-table"):
            _table(shown, t)
        with st.container(key="executions-plot", border=True, width=340):
            st.markdown(f"**{t('Status by scenario')}**")
            status_bars(session.runs, session, t)


def _table(runs: list[Run], t: Texts) -> None:
    """Values stay numbers, so that a click on a heading sorts them; the styler writes them in the reader's language."""
    name, status, cost = t("Name"), t("Status"), t("Cost")
    started, ended, duration = t("Started"), t("End Time"), t("Duration")
    table = pd.DataFrame(
        {
            name: [run.outcome.name for run in runs],
            status: [f"{STATUS[run.outcome.status].mark} {status_text(run.outcome, t)}" for run in runs],
            t("Scenario"): [run.scenario for run in runs],
            t("Type"): [t(head.TYPES[run.setting.workflow_type]) for run in runs],
            started: [run.outcome.started for run in runs],
            ended: [run.outcome.started + run.outcome.duration for run in runs],
            duration: [run.outcome.duration for run in runs],
            t("Transitions"): [run.outcome.transitions for run in runs],
            cost: [float(run.outcome.cost) for run in runs],
        }
    )
    written = {started: t.moment, ended: t.moment, duration: t.span, cost: t.money, t("Transitions"): t.number}
    colours = [f"color: {STATUS[run.outcome.status].colour(mode())}" for run in runs]
    key = f"executions-{len(runs)}-{runs[0].number if runs else 0}"

    def opened() -> None:
        selection = store.value(key).selection
        rows = selection.rows or [cell[0] for cell in selection.cells]
        if rows:
            opening.look_at(runs[rows[0]].number)
            store.go_to("debug")

    st.dataframe(
        table.style.format(written).apply(lambda _: colours, subset=[status]),
        key=key,
        hide_index=True,
        height="stretch",
        on_select=opened,
        selection_mode=["single-row", "single-cell"],
        column_config={
            name: st.column_config.TextColumn(width=120),
            **{column: st.column_config.NumberColumn(alignment="left") for column in (started, ended)},
        },
    )
