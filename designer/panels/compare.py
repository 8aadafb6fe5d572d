"""Two executions side by side: what they came to, and where they part."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from designer import keeping
from designer.archive import ArchiveProblem, Listed
from designer.components.canvas import canvas
from designer.panels.aligned import table
from designer.panels.complaints import complaint
from designer.panels.exports import table_files
from designer.panels.head import TYPES
from designer.texts import Texts, plain
from designer.theme import STATUS
from engine.compare import aligned
from engine.trace import Trace
from engine.values import same

HEIGHT = 560


def compared(one: Listed, other: Listed, t: Texts) -> None:
    """A table of what differs, and both players at the step where the runs part."""
    try:
        left, right = keeping.opened(one), keeping.opened(other)
    except ArchiveProblem as problem:
        complaint(problem, t)
        return
    with st.container(key="details", border=True):
        st.markdown(f"**{t('Two executions compared')}**")
        frame = _table(one, other, t)
        st.dataframe(frame, hide_index=True, height="content", key="compare-table")
        with st.container(horizontal=True, gap="small"):
            table_files(frame, "comparison", t)
        if left.trace is None or right.trace is None:
            st.warning(plain(left.why_not or right.why_not), icon=":material/history:")
            return
        at = parting(left.trace, right.trace)
        st.markdown(_sentence(left.trace, at, t))
        chosen = None
        if at is not None:
            with st.expander(
                t("Stage by stage"), key=f"compare-stages-{one.number}-{other.number}", on_change="rerun"
            ) as box:
                if box.open:
                    chosen = table(
                        aligned(left.trace, right.trace),
                        (left.trace, right.trace),
                        (t("the first"), t("the second")),
                        t,
                        key=f"compare-aligned-{one.number}-{other.number}",
                    )
        with st.container(key="compare-body", horizontal=True, gap="medium"):
            for side, row, found in (("left", one, left), ("right", other, right)):
                with st.container(key=f"compare-{side}"):
                    trace = found.trace
                    assert trace is not None
                    wanted = (chosen.left if side == "left" else chosen.right) if chosen else at
                    canvas(
                        found.graph,
                        trace,
                        texts=t,
                        key=f"compare-player-{side}-{row.number}",
                        height=HEIGHT,
                        locale=t.language,
                        cursor=min(wanted, len(trace) - 1) if wanted is not None else None,
                        order=wanted + 1 if chosen and wanted is not None else 0,
                        props=found.props,
                    )


def parting(one: Trace, other: Trace) -> int | None:
    """The first moment at which two runs are not the same; None when there is none."""
    for index, (left, right) in enumerate(zip(one.raw, other.raw, strict=False)):
        if left[:4] != right[:4] or not (left[4] is right[4] or left[4] == right[4] or _same(left[4], right[4])):
            return index
    return None if len(one) == len(other) else min(len(one), len(other))


def _same(one: object, other: object) -> bool:
    try:
        return same(one, other)
    except TypeError:
        return False


def _sentence(trace: Trace, at: int | None, t: Texts) -> str:
    if at is None:
        return t("Both ran alike, moment by moment.")
    moment = trace[min(at, len(trace) - 1)]
    if moment.visit < 0:
        return t("They part at their beginning or end, outside of any state.")
    state = plain(trace.visits[moment.visit].state.name)
    return t("They part in “{state}”, {span} after the start.", state=state, span=t.span(moment.at))


def _table(one: Listed, other: Listed, t: Texts) -> pd.DataFrame:
    def row(name: str, left: str, right: str) -> tuple[str, str, str, str]:
        return name, left, right, "" if left == right else "≠"

    def status(one: Listed) -> str:
        look = STATUS[one.status]
        return f"{look.mark} {t(look.label)}" + (f" · {one.error}" if one.error else "")

    rows = [
        row(t("Name"), one.name, other.name),
        row(t("Workflow"), one.workflow, other.workflow),
        row(t("Definition"), one.definition[:12], other.definition[:12]),
        row(t("Scenario"), one.scenario or "–", other.scenario or "–"),
        row(t("Type"), t(TYPES[one.workflow_type]), t(TYPES[other.workflow_type])),
        row(t("Status"), status(one), status(other)),
        row(t("Duration"), t.span(one.duration), t.span(other.duration)),
        row(t("Transitions"), t.number(one.transitions), t.number(other.transitions)),
        row(t("Cost"), t.money(one.cost), t.money(other.cost)),
    ]
    return pd.DataFrame(rows, columns=[t("What"), t("First"), t("Second"), t("differs")])
