"""One execution of the archive: the player beside its table, events, input and output, definition; all at one moment.

A row of the table or of the events moves the player there; a step in the player marks the row.
"""

from __future__ import annotations

import json
from datetime import UTC, datetime

import pandas as pd
import streamlit as st

from designer import actions, keeping, store
from designer.archive import ArchiveProblem, Listed
from designer.components.canvas import Cursor, canvas
from designer.keeping import Opened
from designer.panels import opening
from designer.panels.complaints import complaint
from designer.panels.exports import table_files
from designer.panels.head import TYPES
from designer.session import Outcome
from designer.texts import Texts, plain
from designer.theme import CAUGHT, N_, STATUS
from engine.history import history
from engine.trace import Trace

HEIGHT = 560
TABS = {
    "table": N_("Table"),
    "events": N_("Events"),
    "data": N_("Input and output"),
    "facts": N_("Details"),
    "definition": N_("Definition"),
}
ENDS = {"exited": "SUCCEEDED", "failed": "FAILED", "timedOut": "TIMED_OUT", "aborted": "ABORTED"}


def details(row: Listed, t: Texts) -> None:
    """All of one execution; a sentence when it cannot be read or does not come out as it was."""
    try:
        found = keeping.opened(row)
    except ArchiveProblem as problem:
        complaint(problem, t)
        return
    with st.container(key="details", border=True):
        _head(row, found, t)
        if found.why_not:
            st.warning(
                t("This execution cannot be shown as it was.") + " " + plain(found.why_not), icon=":material/history:"
            )
        elif found.engine_changed:
            st.caption(t("The engine has changed since; this execution comes out the same."))
        if found.trace is None:
            st.code(found.execution.definition, language="json", height=300)
            return
        with st.container(key="details-body", horizontal=True, gap="medium"):
            with st.container(key="details-player"):
                _player(row, found, t)
            with st.container(key="details-tabs"):
                _tabs(row, found, found.trace, t)


def _head(row: Listed, found: Opened, t: Texts) -> None:
    look = STATUS[row.status]
    with st.container(key="details-head", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(row.name)}**", width="content")
        text = f"{t(look.label)} · {row.error}" if row.error else t(look.label)
        st.badge(plain(text), icon=look.icon, color=look.badge)
        if row.caught:
            st.badge(t(CAUGHT.label), icon=CAUGHT.icon, color=CAUGHT.badge)
        with st.container(key="details-do", horizontal=True, width="content", gap="small"):
            st.button(
                t("Open in Debug"),
                key="details-debug",
                type="primary",
                icon=":material/bug_report:",
                disabled=found.trace is None or bool(found.why_not),
                help=t("Replayed from what was kept") if not found.why_not else None,
                on_click=_debug,
                args=(row, found),
            )


def _debug(row: Listed, found: Opened) -> None:
    """The execution on the table of Debug: as it was run in this session, else as it is replayed."""
    run = keeping.run_of(store.session(), row.number)
    if run is not None:
        opening.look_at(run.number)
        store.go_to("debug")
        return
    setting = keeping.setting_of(found)
    if setting is None:
        return
    session = store.session()
    noted = actions.note(session, setting, _outcome(row), row.scenario)
    store.keep(noted)
    number = noted.runs[-1].number
    store.remember("kept", {**store.recall("kept", {}), number: row.number})
    opening.look_at(number)
    store.go_to("debug")


def _outcome(row: Listed) -> Outcome:
    return Outcome(
        row.name, row.status, row.start, row.duration, row.transitions, row.cost, error=row.error, caught=row.caught
    )


# Where it stands -----------------------------------------------------------------------------------------------------


def _place(row: Listed) -> tuple[int, int]:
    """The moment at which player and tables stand, and how often they were sent to one."""
    found: tuple[int, int] = store.recall(f"place-{row.number}", (0, 0))
    return found


def _go(row: Listed, moment: int, *, send: bool) -> None:
    order = _place(row)[1]
    store.remember(f"place-{row.number}", (moment, order + 1 if send else order))


def _player(row: Listed, found: Opened, t: Texts) -> None:
    def moved(event: Cursor) -> None:
        _go(row, event.moment, send=False)

    moment, order = _place(row)
    canvas(
        found.graph,
        found.trace,
        texts=t,
        key=f"details-player-{row.number}",
        height=HEIGHT,
        locale=t.language,
        cursor=moment,
        order=order,
        on_cursor=moved,
        props=found.props,
    )


def _tabs(row: Listed, found: Opened, trace: Trace, t: Texts) -> None:
    tab = st.segmented_control(
        t("View"),
        list(TABS),
        default="table",
        required=True,
        format_func=lambda name: t(TABS[name]),
        key="details-tab",
        label_visibility="collapsed",
        persist_state="session",
    )
    match tab:
        case "events":
            frame, moments = _events(trace, t)
            _linked(row, frame, moments, "events", t)
        case "data":
            _data(found, trace, t)
        case "facts":
            _facts(row, found, trace, t)
        case "definition":
            st.code(found.execution.definition, language="json", height=HEIGHT - 60)
        case _:
            frame, moments = _states(trace, t)
            _linked(row, frame, moments, "table", t)


def _linked(row: Listed, frame: pd.DataFrame, moments: list[int], name: str, t: Texts) -> None:
    """A table whose rows stand at moments: the one that the player has reached is marked, a click sends it to another."""
    here = _place(row)[0]
    reached = max((index for index, moment in enumerate(moments) if moment <= here), default=0)
    key = f"details-{name}-{row.number}-{here}"

    def chosen() -> None:
        selection = store.value(key).selection
        rows = selection.rows or [cell[0] for cell in selection.cells]
        if rows:
            _go(row, moments[rows[0]], send=True)

    tint = "background-color: rgba(14, 91, 211, 0.14)"
    st.dataframe(
        frame.style.apply(lambda line: [tint if line.name == reached else ""] * len(line), axis=1),
        key=key,
        hide_index=True,
        height=HEIGHT - 110,
        on_select=chosen,
        selection_mode=["single-row", "single-cell"],
    )
    with st.container(horizontal=True, gap="small", vertical_alignment="center"):
        st.caption(t("A click on a row moves the player there."), width="stretch")
        table_files(frame, f"execution-{name}", t)


def _states(trace: Trace, t: Texts) -> tuple[pd.DataFrame, list[int]]:
    """A row for each stay in a state, in the order in which they began."""
    ends: dict[int, tuple[str, int]] = {}
    again: dict[int, int] = {}
    caught: set[int] = set()
    for kind, at, visit, *_ in trace.raw:
        if kind == "retry":
            again[visit] = again.get(visit, 0) + 1
        elif kind == "caught":
            caught.add(visit)
        elif kind in ENDS:
            ends[visit] = (ENDS[kind], at)
    rows, moments = [], []
    for number, visit in enumerate(trace.visits):
        status, ended = ends.get(number, (trace.status if trace.status != "SUCCEEDED" else "ABORTED", trace.duration))
        look = CAUGHT if number in caught else STATUS[status]
        begun = trace.raw[visit.entered][1]
        rows.append(
            (
                visit.state.name,
                visit.state.type,
                f"{look.mark} {t(look.label)}",
                t.span(begun),
                t.span(ended - begun),
                again.get(number, 0),
            )
        )
        moments.append(visit.entered)
    columns = [t("State"), t("Type"), t("Status"), t("Started after"), t("Duration"), t("Retries")]
    return pd.DataFrame(rows, columns=columns), moments


def _events(trace: Trace, t: Texts) -> tuple[pd.DataFrame, list[int]]:
    """The events as GetExecutionHistory tells them."""
    at = {moment[5]: index for index, moment in enumerate(trace.raw) if moment[5]}
    rows, moments, last = [], [], 0
    for event in history(trace):
        last = at.get(event["id"], last)
        state = trace.visits[trace.raw[last][2]].state.name if trace.raw[last][2] >= 0 else ""
        rows.append((event["id"], event["type"], state, t.span(trace.raw[last][1]), event["previousEventId"]))
        moments.append(last)
    columns = ["ID", t("Event"), t("State"), t("after"), t("Previous")]
    return pd.DataFrame(rows, columns=columns), moments


def _data(found: Opened, trace: Trace, t: Texts) -> None:
    half = (HEIGHT - 130) // 2
    st.caption(t("Input"))
    st.code(found.execution.input, language="json", height=half)
    if trace.status == "SUCCEEDED":
        st.caption(t("Output"))
        st.code(json.dumps(trace.output, indent=2, ensure_ascii=False), language="json", height=half)
    else:
        st.caption(t("Error and cause"))
        st.code(f"{trace.error or ''}\n{trace.cause or ''}".strip() or "–", language="text", height=half)


def _facts(row: Listed, found: Opened, trace: Trace, t: Texts) -> None:
    one = found.execution
    facts = [
        (t("Name"), one.name),
        (t("Workflow"), one.workflow),
        (t("Scenario"), one.scenario or "–"),
        (t("Type"), t(TYPES[one.workflow_type])),
        (t("Status"), t(STATUS[row.status].label)),
        (t("Started"), t.moment(row.start)),
        (t("Ended"), t.moment(row.start + row.duration)),
        (t("Duration"), t.span(row.duration)),
        (t("Transitions"), t.number(row.transitions)),
        (t("Cost"), t.money(row.cost)),
        (t("Events"), t.number(trace.events)),
        (t("Seed"), str(one.seed)),
        (t("Engine"), one.engine),
    ]
    frame = pd.DataFrame(facts, columns=[t("What"), t("Value")])
    st.dataframe(frame, hide_index=True, height="content", key="details-facts")
    with st.container(horizontal=True, gap="small"):
        table_files(frame, "execution-details", t)


def when(milliseconds: int) -> datetime:
    """A point on the simulated calendar, for tables that sort by it."""
    return datetime.fromtimestamp(milliseconds / 1000, UTC).replace(tzinfo=None)
