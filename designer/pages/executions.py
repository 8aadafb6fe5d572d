"""Executions: everything this visitor ran, kept over restarts, in the columns of the console; and batches by lot."""

from __future__ import annotations

import time
from collections import Counter
from dataclasses import replace
from datetime import UTC, datetime, timedelta
from pathlib import Path
from typing import Any

import pandas as pd
import streamlit as st

from designer import actions, batches, compute, keeping, store
from designer.archive import ArchiveProblem, Filter, Listed
from designer.panels import head
from designer.panels.batch import batch_view
from designer.panels.charts import status_over_time
from designer.panels.compare import compared
from designer.panels.complaints import complaint
from designer.panels.details import details
from designer.panels.empty import no_workflow
from designer.panels.exports import show, table_files
from designer.panels.plots import hand, mode
from designer.session import Outcome, Session, Setting
from designer.texts import Texts, plain
from designer.theme import N_, STATUS
from engine import charts
from engine.sketch import Sketch

STYLE = Path(__file__).parent / "executions.css"
MOST = 1_000
"""Executions that one press of the button enters in the list; a batch takes more, and keeps their summary."""
STEP = 25
"""Executions between two looks at the progress bar."""
PAGE = 200
"""Rows of the table at once."""
PLOTTED = 2_000
"""Executions that the charts look at: the last ones."""
REPLAYED = 100
"""Failed executions that are run again to see where they failed."""
PLOT = 150
HIGH, LOW = 480, 330
"""Most pixels of the table: alone, and above an execution that is looked at."""
VIEWS = {"list": N_("List"), "batch": N_("Batches")}
ORDERS = {
    "number": N_("Last run first"),
    "started": N_("Started"),
    "duration": N_("Duration"),
    "transitions": N_("Transitions"),
    "cost": N_("Cost"),
    "name": N_("Name"),
    "workflow": N_("Workflow"),
    "status": N_("Status"),
}


def render(session: Session, t: Texts) -> None:
    st.html(STYLE)
    problem = keeping.keep(session, again=True)
    counts, trouble = keeping.tried(lambda archive, owner: archive.counts(owner))
    problem = problem or trouble
    if not session.is_open and not counts and problem is None and batches.job_of(store.owner()) is None:
        no_workflow(
            t("Which executions succeed, which fail?"),
            t(
                "Everything you run is kept here with its status, start, end, duration, transitions and cost, and can be "
                "opened again after a restart. A workflow can be run a million times with durations and errors drawn by "
                "lot, as Standard and as Express."
            ),
            t,
            key="executions",
        )
        return
    with st.container(key="sheet"):
        view = _head(session, t)
        if problem is not None:
            complaint(problem, t)
        if view == "batch":
            batch_view(session, t)
            return
        session = store.session()
        counts, trouble = keeping.tried(lambda archive, owner: archive.counts(owner))
        if trouble is None:
            _list(counts, t)


def _head(session: Session, t: Texts) -> str:
    """Title, view, and how to run some into the list."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"#### {t('Executions')}", width="content")
        view: str = (
            st.segmented_control(
                t("View"),
                list(VIEWS),
                default="list",
                required=True,
                format_func=lambda name: t(VIEWS[name]),
                key="executions-view",
                label_visibility="collapsed",
                persist_state="session",
            )
            or "list"
        )
        if not session.is_open:
            return view
        st.badge(plain(head.title_of(session, t)), icon=":material/account_tree:", color="gray")
        if view == "batch":
            return view
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
            most = max(1, MOST // max(1, len(chosen)))
            times = st.number_input(
                t("Times each"), min_value=1, max_value=most, value=min(10, most), key=f"batch-times-{len(chosen)}", width=220
            )  # fmt: skip
            total = int(times) * max(1, len(chosen))
            pressed = st.button(
                t.plural("Run {n} execution", "Run {n} executions", total),
                key="batch-run",
                type="primary",
                icon=":material/fast_forward:",
                disabled=bool(titles) and not chosen,
            )
    if pressed:
        _run_some(session, t, chosen, int(times))
    return view


def _run_some(session: Session, t: Texts, chosen: list[str], times: int) -> None:
    """Runs, notes and keeps as it goes, so that what is done stays done when the visitor goes elsewhere."""
    if session.scenarios:
        settings = actions.batch(session, [one for one in session.scenarios if one.name in chosen], times)
    else:
        settings = actions.repeat(session, times)
    progress = st.progress(0.0, t("Running"))
    deadline = time.monotonic() + compute.BATCH_SECONDS
    done = 0
    while done < len(settings) and time.monotonic() <= deadline:
        rows: list[tuple[str, Setting, Outcome]] = []
        for scenario, setting in settings[done : done + STEP]:
            outcome = compute.outcome(setting)
            if outcome is not None:
                rows.append((scenario, setting, outcome))
        done += len(settings[done : done + STEP])
        problem = keeping.keep(store.act(actions.note_all, rows))
        if problem is not None:
            complaint(problem, t)
        progress.progress(done / len(settings), t("{done} of {all}", done=done, all=len(settings)))
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


# The list ------------------------------------------------------------------------------------------------------------


def _list(counts: dict[tuple[str, str], int], t: Texts) -> None:
    if not counts:
        st.info(t("No executions yet. Run the workflow above, or press Run in Debug."), icon=":material/info:")
        return
    try:
        wanted = _filters(counts, t)
        page = keeping.archive().executions(store.owner(), wanted)
        last = keeping.archive().executions(store.owner(), _all(wanted))
        with st.container(key="list-body", gap="small"):
            if last.rows:
                _strip(last.rows, t)
            chosen = _table(page.rows, page.total, wanted, t)
    except ArchiveProblem as problem:
        complaint(problem, t)
        return
    if len(chosen) == 2:
        compared(chosen[0], chosen[1], t)
    elif chosen:
        details(chosen[0], t)


def _all(wanted: Filter) -> Filter:
    return replace(wanted, order="number", descending=True, limit=PLOTTED, offset=0)


def _filters(counts: dict[tuple[str, str], int], t: Texts) -> Filter:
    workflows = sorted({name for name, _ in counts})
    with st.container(key="filters", horizontal=True, vertical_alignment="center", gap="small"):
        text = st.text_input(
            t("Search"),
            key="filter-text",
            placeholder=t("Search name, scenario, error"),
            label_visibility="collapsed",
            width=230,
            persist_state="session",
        )
        workflow = st.selectbox(
            t("Workflow"),
            workflows,
            index=None,
            key="filter-workflow",
            placeholder=t("All workflows"),
            label_visibility="collapsed",
            width=190,
            persist_state="session",
        )
        by_status: Counter[str] = Counter()
        for (name, status), many in counts.items():
            if workflow in (None, name):
                by_status[status] += many
        present = [status for status in STATUS if by_status[status]]
        status = st.pills(
            t("Filter by status"),
            present,
            format_func=lambda one: f"{STATUS[one].icon} {t(STATUS[one].label)} · {t.number(by_status[one])}",
            key="status-filter",
            label_visibility="collapsed",
            persist_state="session",
        )
        with st.container(
            key="filters-end", horizontal=True, width="content", vertical_alignment="center", gap="small"
        ):
            since, until = _time(t)
            order = st.selectbox(
                t("Order"),
                list(ORDERS),
                format_func=lambda one: t(ORDERS[one]),
                key="filter-order",
                label_visibility="collapsed",
                width=170,
                persist_state="session",
            )
            up = st.toggle(t("Ascending"), key="filter-up", persist_state="session")
    pages = store.recall("page", 1)
    return Filter(
        status=status,
        workflow=workflow,
        text=text or None,
        since=since,
        until=until,
        order=order,  # type: ignore[arg-type]  # the keys of ORDERS are those of the archive
        descending=not up,
        limit=PAGE,
        offset=(pages - 1) * PAGE,
    )


def _time(t: Texts) -> tuple[int | None, int | None]:
    """A stretch of the simulated calendar; the whole of it filters nothing."""
    edges = keeping.archive()
    owner = store.owner()
    first = edges.executions(owner, Filter(order="started", descending=False, limit=1)).rows
    last = edges.executions(owner, Filter(order="started", limit=1)).rows
    if not first or last[0].start - first[0].start < 1000:
        return None, None
    low = _moment(first[0].start)
    high = _moment(last[0].start) + timedelta(seconds=1)
    with st.popover(t("Time"), icon=":material/schedule:"):
        since, until = st.slider(
            t("Started between (simulated calendar)"),
            min_value=low,
            max_value=high,
            value=(low, high),
            step=timedelta(seconds=1),
            format="YYYY-MM-DD HH:mm:ss",
            key=f"filter-time-{first[0].start}-{last[0].start}",
            width=460,
        )
    return (None if since == low else _ms(since)), (None if until == high else _ms(until))


def _moment(milliseconds: int) -> datetime:
    return datetime.fromtimestamp(milliseconds // 1000, UTC).replace(tzinfo=None)


def _ms(when: datetime) -> int:
    return int(when.replace(tzinfo=UTC).timestamp() * 1000)


def _strip(rows: tuple[Listed, ...], t: Texts) -> None:
    with st.container(key="strip", horizontal=True, gap="medium"):
        with st.container(border=True, key="strip-status"):
            show(status_over_time(rows, t), t, PLOT)
        durations: dict[str, Sketch] = {}
        for row in rows:
            durations.setdefault(row.workflow_type, Sketch()).add(row.duration)
        with st.container(border=True, key="strip-percentiles"):
            show(charts.percentiles(durations, hand(t)), t, PLOT)
        failed = [row for row in rows if row.status in ("FAILED", "TIMED_OUT")]
        if failed:
            with st.container(border=True, key="strip-failures"):
                counts = Counter((keeping.failing_state(row), row.error or "") for row in failed[:REPLAYED])
                show(charts.failures(counts, hand(t)), t, PLOT)
                if len(failed) > REPLAYED:
                    st.caption(t("Of the last {n} failures.", n=REPLAYED))


def _table(rows: tuple[Listed, ...], total: int, wanted: Filter, t: Texts) -> list[Listed]:
    """Values stay numbers, so that a click on a heading sorts them; the styler writes them in the reader's language.

    Answers with the executions that are chosen.
    """
    if not rows:
        st.info(t("No execution fits these filters."), icon=":material/filter_alt_off:")
        store.remember("page", 1)
        return []
    frame = _frame(rows, t)
    columns = list(frame.columns)
    status, started, ended, duration, taken, cost = columns[1], *columns[5:8], *columns[8:10]
    written: dict[str, Any] = {started: t.moment, ended: t.moment, duration: t.span, cost: t.money, taken: t.number}
    colours = [f"color: {STATUS[row.status].colour(mode())}" for row in rows]
    key = f"executions-{rows[0].number}-{rows[-1].number}-{len(rows)}-{t.language}"
    shown = st.dataframe(
        frame.style.format(written).apply(lambda _: colours, subset=[status]),
        key=key,
        hide_index=True,
        height=min(LOW if _picked(store.value(key)) else HIGH, 37 + 35 * len(rows)),
        on_select="rerun",
        selection_mode=["multi-row", "single-cell"],
        column_config={
            columns[0]: st.column_config.TextColumn(width=120),
            **{column: st.column_config.NumberColumn(alignment="left") for column in (started, ended)},
        },
    )
    chosen = [rows[index] for index in _picked(shown) if index < len(rows)]
    with st.container(key="list-end", horizontal=True, vertical_alignment="center", gap="small"):
        st.caption(
            t(
                "{shown} of {total}. Choose one to see it, two to compare them.",
                shown=t.number(len(rows)),
                total=t.number(total),
            ),
            width="stretch",
        )
        if total > PAGE:
            number = st.pagination(-(-total // PAGE), key=f"list-page-{total}", width="content")
            if number != store.recall("page", 1):
                store.remember("page", number)
                st.rerun()
        table_files(frame, "executions", t)
        _deleting([row.number for row in chosen], wanted, total, t)
    return chosen


def _picked(shown: Any) -> list[int]:
    """The rows that are chosen, by their boxes, else by a cell."""
    selection = getattr(shown, "selection", None)
    return [] if selection is None else selection.rows or [cell[0] for cell in selection.cells]


def _frame(rows: tuple[Listed, ...], t: Texts) -> pd.DataFrame:
    return pd.DataFrame(
        {
            t("Name"): [row.name for row in rows],
            t("Status"): [_status(row, t) for row in rows],
            t("Workflow"): [row.workflow for row in rows],
            t("Scenario"): [row.scenario for row in rows],
            t("Type"): [t(head.TYPES[row.workflow_type]) for row in rows],
            t("Started"): [row.start for row in rows],
            t("Ended"): [row.start + row.duration for row in rows],
            t("Duration"): [row.duration for row in rows],
            t("Transitions"): [row.transitions for row in rows],
            t("Cost"): [float(row.cost) for row in rows],
        }
    )


def _status(row: Listed, t: Texts) -> str:
    look = STATUS[row.status]
    return f"{look.mark} {t(look.label)} · {row.error}" if row.error else f"{look.mark} {t(look.label)}"


def _deleting(numbers: list[int], wanted: Filter, total: int, t: Texts) -> None:
    """The chosen ones; without a choice all that the filters leave. Asked once more before it is done."""
    many = len(numbers) or total
    with st.popover(t("Delete"), icon=":material/delete:", key="delete-box"):
        st.markdown(
            t.plural("Delete {n} execution? It cannot be brought back.", "Delete {n} executions? They cannot be brought back.", many)
        )  # fmt: skip
        if st.button(t("Delete"), key="delete", type="primary"):
            gone = numbers or _numbers(wanted)
            keeping.delete(gone)
            store.remember("page", 1)
            st.toast(t.plural("{n} execution deleted", "{n} executions deleted", len(gone)))
            st.rerun()


def _numbers(wanted: Filter) -> list[int]:
    found: list[int] = []
    while True:
        part = keeping.archive().executions(store.owner(), replace(wanted, limit=5_000, offset=len(found))).rows
        found += [row.number for row in part]
        if len(part) < 5_000:
            return found
