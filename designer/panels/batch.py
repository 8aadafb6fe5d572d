"""Run a workflow very often, with durations, errors and inputs drawn by lot: the form, the progress, the results."""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from decimal import Decimal
from typing import Any, cast

import graphviz
import pandas as pd
import streamlit as st

from designer import batches, compute, store, tariffs, theme
from designer.batches import Job, Part
from designer.panels.exports import show, table_files
from designer.panels.head import TYPES
from designer.panels.plots import hand, mode
from designer.session import Session, WorkflowType
from designer.texts import Texts, plain
from designer.theme import N_, STATUS
from engine import charts
from engine.batch import MOST, BatchProblem, suggestion
from engine.cost import WorkflowType as Kind
from engine.graph import Graph
from engine.summary import Summary

SHAPES = {
    "constant": N_("always the same"),
    "lognormal": N_("lognormal: median, and 95 of 100 within"),
    "normal": N_("normal: mean and deviation"),
    "uniform": N_("uniform: from and to"),
    "exponential": N_("exponential: mean"),
}
COLUMNS = ("task", "shape", "first", "second", "error", "rate")
PERCENTS = (50, 75, 90, 95, 99)
EVERY = 1.0
"""Seconds between two looks at a batch that runs."""


def batch_view(session: Session, t: Texts) -> None:
    owner = store.owner()
    if session.is_open:
        _form(session, owner, t)
    else:
        st.info(t("Open a workflow first: a batch runs the one on the table."), icon=":material/info:")
    job = batches.job_of(owner)
    if job is None:
        return
    if job.running:
        st.fragment(_watch, run_every=EVERY)(owner, session.language)
    else:
        with st.container():  # as deep as a fragment stands: what ran keeps its place on the page when it ends
            _results(job, t)


# The form ------------------------------------------------------------------------------------------------------------


def _form(session: Session, owner: str, t: Texts) -> None:
    reading = compute.read(session.definition, session.path)
    mocks = _mocks(session)
    base = f"{session.workflow}-{session.case}"
    with st.container(key="batch-form", border=True):
        with st.container(key="batch-line", horizontal=True, vertical_alignment="bottom", gap="small"):
            count = st.number_input(
                t("Executions of each type"),
                min_value=1,
                max_value=MOST,
                value=1_000,
                step=1_000,
                key="batch-count",
                width=190,
                persist_state="session",
            )
            kinds = st.pills(
                t("Types"),
                list(TYPES),
                selection_mode="multi",
                default=list(TYPES),
                format_func=lambda kind: t(TYPES[kind]),
                key="batch-kinds",
                persist_state="session",
            )
            seed = st.number_input(
                t("Seed"),
                min_value=0,
                max_value=10**9,
                value=7,
                key="batch-seed",
                width=120,
                help=t("The same seed gives the same executions, however many processes share them."),
                persist_state="session",
            )
            titles = {scenario.name: t.pick(scenario.title) for scenario in session.scenarios}
            chosen = (
                st.multiselect(
                    t("Inputs drawn from"),
                    list(titles),
                    default=[session.scenario] if session.scenario in titles else [],
                    format_func=lambda name: titles[name],
                    placeholder=t("the input in Debug"),
                    key=f"batch-inputs-{session.workflow}-{session.scenario}",
                    width=330,
                )
                if titles
                else []
            )
            pressed = st.button(
                t("Run batch"),
                key="batch-start",
                type="primary",
                icon=":material/fast_forward:",
                disabled=not kinds,
            )
        with st.expander(t("How tasks answer: durations and error rates"), key="batch-tasks"):
            spec, problem = _answers(session, reading.document, mocks, base, t)
    if problem:
        st.error(problem, icon=":material/error:")
    if pressed and not problem:
        inputs = [scenario.input for scenario in session.scenarios if scenario.name in chosen] or [session.input]
        asked = {"count": int(count), "seed": int(seed), "inputs": [json.loads(one) for one in inputs], **spec}
        try:
            batches.start(owner, _name(session, t), reading.document, asked, tuple(kinds))
        except BatchProblem as wrong:
            st.error(t("This batch cannot be run.") + " " + plain(wrong), icon=":material/error:")
        except batches.Busy:
            st.warning(t("A batch is running already; cancel it or wait for its end."), icon=":material/hourglass_top:")
        else:
            st.rerun()


def _answers(session: Session, document: Any, mocks: Any, base: str, t: Texts) -> tuple[dict[str, Any], str]:
    """The part of the specification that says how tasks answer, and what is wrong with it."""
    try:
        tasks = suggestion(document, mocks, session.case if mocks is not None else None, sigma=0.3)
    except BatchProblem as wrong:
        return {}, t("This batch cannot be run.") + " " + plain(wrong)
    more = {"mocks": mocks, "case": session.case} if mocks is not None and session.case else {}
    if st.toggle(t("Write it as JSON"), key="batch-json", persist_state="session"):
        text = st.text_area(
            t("Tasks: duration, errors, result or results"),
            json.dumps(tasks, indent=2, ensure_ascii=False),
            key=f"batch-text-{base}",
            height=280,
            persist_state="session",
        )
        try:
            return {"tasks": json.loads(text), **more}, ""
        except ValueError as wrong:
            return {}, t("This is no JSON: {what}", what=plain(wrong))
    if not tasks:
        st.caption(t("This workflow has no tasks: nothing is drawn by lot."))
        return more, ""
    rows = [_row(name, one) for name, one in tasks.items()]
    edited = st.data_editor(
        pd.DataFrame(rows, columns=list(COLUMNS)),
        key=f"batch-table-{base}-{t.language}",
        hide_index=True,
        column_config={
            "task": st.column_config.TextColumn(t("Task"), disabled=True),
            "shape": st.column_config.SelectboxColumn(
                t("Duration"), options=list(SHAPES), format_func=lambda shape: t(SHAPES[shape]), required=True
            ),
            "first": st.column_config.NumberColumn(t("first, s"), min_value=0, required=True, format="%.3f"),
            "second": st.column_config.NumberColumn(t("second, s"), min_value=0, format="%.3f"),
            "error": st.column_config.TextColumn(t("Error")),
            "rate": st.column_config.NumberColumn(
                t("of 100 attempts"), min_value=0, max_value=100, format="%.2f", required=True
            ),
        },
    )
    written = {row["task"]: _task(row, tasks.get(row["task"], {})) for row in edited.to_dict("records")}
    return {"tasks": written, **more}, ""


def _row(name: str, task: Mapping[str, Any]) -> tuple[Any, ...]:
    told = task["duration"]
    if isinstance(told, dict):
        median = told["median"]
        return name, "lognormal", median, round(median * 1.638, 3), "States.TaskFailed", 0.0
    return name, "constant", told, None, "States.TaskFailed", 0.0


def _task(row: Mapping[Any, Any], known: Mapping[str, Any]) -> dict[str, Any]:
    """A row of the form as the batch takes it; what makes no sense is for the batch to say."""
    first = _number(row["first"])
    second = _number(row["second"])
    shape: dict[str, dict[str, Any]] = {
        "constant": {"seconds": first},
        "lognormal": {"median": first, "p95": first if second is None else second},
        "normal": {"mean": first, "deviation": second},
        "uniform": {"low": first, "high": first if second is None else second},
        "exponential": {"mean": first},
    }
    duration = {"distribution": row["shape"], **shape.get(str(row["shape"]), {})}
    rate = _number(row["rate"]) or 0.0
    errors = {str(row["error"] or "States.TaskFailed"): rate / 100} if rate else {}
    return {**known, "duration": duration, "errors": errors}


def _number(value: Any) -> float | None:
    return None if value is None or value != value else float(value)


def _mocks(session: Session) -> Any:
    if not session.mocks or not session.case:
        return None
    try:
        return json.loads(session.mocks)
    except ValueError:
        return None


def _name(session: Session, t: Texts) -> str:
    return t.pick(session.title) or t("Your own definition")


# While it runs, and what it came to ----------------------------------------------------------------------------------


def _watch(owner: str, language: str) -> None:
    t = Texts(language)
    job = batches.job_of(owner)
    if job is None or not job.running:
        st.rerun()
        return
    _results(job, t)


def _results(job: Job, t: Texts) -> None:
    with st.container(key="batch-results", gap="small"):
        with st.container(horizontal=True, vertical_alignment="center", key="batch-head"):
            st.markdown(f"##### {plain(job.title)}", width="stretch")
            if job.running:
                st.button(t("Cancel"), key="batch-cancel", icon=":material/stop:", on_click=job.stop.set)
        for kind in job.kinds:
            _bar(kind, job.parts[kind], int(job.spec["count"]), t)
        if job.problem:
            st.error(t("This batch cannot be run.") + " " + plain(job.problem), icon=":material/error:")
        found = {kind: part.summary for kind, part in job.parts.items() if part.summary is not None}
        if not any(summary.count for summary in found.values()):
            return
        _figures(found, t)
        with st.container(key="strip", horizontal=True, gap="medium"):
            _plots(found, t)
        _routes(job, found, t)


def _bar(kind: str, part: Part, asked: int, t: Texts) -> None:
    done = part.summary.count if part.summary else 0
    label = t(TYPES[cast(WorkflowType, kind)])
    how_far = t("{done} of {all}", done=t.number(done), all=t.number(asked))
    match part.state:
        case "running":
            rate = t("{n} a second", n=t.number(part.rate, 0))
            left = (
                ""
                if part.left is None
                else " · " + t("{span} left", span=t.span(max(part.left, 0) * 1000 // 1000 * 1000))
            )
            st.progress(min(1.0, done / asked), f"**{label}** · {how_far} · {rate}{left}")
        case "waiting":
            st.progress(0.0, f"**{label}** · {t('waits for its turn')}")
        case "cancelled":
            st.progress(
                min(1.0, done / asked), f"**{label}** · {how_far} · {t('cancelled; the results are of what was run')}"
            )
        case "failed":
            st.progress(min(1.0, done / asked), f"**{label}** · {how_far} · {t('stopped by an error')}")
        case _:
            st.markdown(f":green[:material/check_circle:] **{label}** · {how_far}")


def _figures(found: Mapping[str, Summary], t: Texts) -> None:
    """The comparison: a row for each measure, a column for each type."""
    prices = tariffs.chosen()
    measures: list[tuple[str, list[str]]] = []
    kinds = list(found)

    def measure(name: str, values: Sequence[str]) -> None:
        measures.append((name, list(values)))

    for status, look in STATUS.items():
        if any(summary.statuses.get(status) for summary in found.values()):
            measure(f"{look.mark} {t(look.label)}", [_share(found[kind], status, t) for kind in kinds])
    measure(t("Mean duration"), [t.span(found[kind].duration.mean) for kind in kinds])
    for percent in PERCENTS:
        told = t("Duration, {n} of 100 within", n=percent)
        measure(told, [t.span(found[kind].duration.percentile(percent)) for kind in kinds])
    measure(t("Transitions, mean"), [t.number(found[kind].transitions.mean, 2) for kind in kinds])
    costs = [found[kind].cost(prices, cast(Kind, kind)) for kind in kinds]
    measure(t("Cost per million"), [t.money(cost.total, 2) for cost in costs])
    measure(
        t("… true mean in 95 of 100 batches within"),
        [f"{t.money(cost.low, 2)} – {t.money(cost.high, 2)}" for cost in costs],
    )
    frame = pd.DataFrame(
        [(name, *values) for name, values in measures],
        columns=[t("Measure"), *(t(TYPES[cast(WorkflowType, kind)]) for kind in kinds)],
    )
    st.dataframe(frame, hide_index=True, height="content", key="batch-figures")
    with st.container(horizontal=True, gap="small"):
        table_files(frame, "batch", t)


def _share(summary: Summary, status: str, t: Texts) -> str:
    low, high = summary.share_interval(status)
    return (
        f"{t.number(100 * summary.share(status), 2)} % ({t.number(100 * low, 2)} – {t.number(100 * high, 2)} %) · "
        f"{t.number(summary.statuses.get(status, 0))}"
    )


def _plots(found: Mapping[str, Summary], t: Texts) -> None:
    for one in charts.of_batch(found, hand(t)):
        with st.container(border=True, key=f"strip-{one.name}"):
            show(one, t, 220)


def _routes(job: Job, found: Mapping[str, Summary], t: Texts) -> None:
    """How often each edge was taken: on the graph, and as a table."""
    with st.container(key="batch-routes", border=True):
        st.markdown(f"**{t('How often each edge was taken')}**")
        kinds = list(found)
        kind = kinds[0]
        if len(kinds) > 1:
            kind = (
                st.segmented_control(
                    t("Type"),
                    kinds,
                    default=kinds[0],
                    required=True,
                    format_func=lambda one: t(TYPES[one]),
                    key="batch-routes-kind",
                    label_visibility="collapsed",
                )
                or kinds[0]
            )
        summary = found[kind]
        reading = compute.read(json.dumps(job.document), "workflow.asl.json", kind)
        with st.container(key="routes-body", horizontal=True, gap="medium"):
            if not job.running:  # laying it out anew each second would cost more than the batch
                with st.container(key="routes-graph"):
                    st.graphviz_chart(
                        drawn(reading.graph, summary, t), width="stretch", alt=t("How often each edge was taken")
                    )
            with st.container(key="routes-table"):
                frame = _edges(reading.graph, summary, t)
                st.dataframe(frame, hide_index=True, height=500, key="batch-edges")
                with st.container(horizontal=True, gap="small"):
                    table_files(frame, "batch-edges", t)


def drawn(graph: Graph, summary: Summary, t: Texts) -> graphviz.Digraph:
    """The graph with what each edge was taken written on it, the wider the oftener; an edge never taken is dotted."""
    ink, line, accent = theme.INK[mode()], theme.MUTED[mode()], theme.ACCENT[mode()]
    text = {"fontname": "Source Sans, Helvetica, sans-serif", "fontcolor": ink}
    picture = graphviz.Digraph(graph_attr={"bgcolor": "transparent", "ranksep": "0.35", "nodesep": "0.3"})
    names = {node.id: f"n{number}" for number, node in enumerate(graph.nodes)}
    for node in graph.nodes:
        end = node.type in ("Start", "End")
        shape = {"shape": "circle", "width": "0.2"} if end else {"shape": "box", "style": "rounded", "height": "0.3"}
        label = "" if end else graphviz.escape(node.name)
        picture.node(names[node.id], label, color=line, fontsize="12", tooltip=label or node.type, **shape, **text)
    for edge in graph.edges:
        if edge.source not in names or edge.target not in names:
            continue
        share = summary.edges.get(edge.id, 0) / summary.count
        picture.edge(
            names[edge.source],
            names[edge.target],
            f"   {_per(edge.id, summary, t)}",
            fontsize="10",
            arrowsize="0.6",
            color=accent if share else line,
            style="solid" if share else "dotted",
            penwidth=f"{0.8 + 3.2 * min(share, 1):.2f}",
            tooltip=graphviz.escape(edge.title or edge.label or ""),
            **text,
        )
    return picture


def _per(edge: str, summary: Summary, t: Texts) -> str:
    share = summary.edges.get(edge, 0) / summary.count
    return f"{t.number(share, 2)} ×" if share > 1 else f"{t.number(100 * share, 2)} %"


def _edges(graph: Graph, summary: Summary, t: Texts) -> pd.DataFrame:
    names = {node.id: node.name for node in graph.nodes}
    rows = [
        (
            names.get(edge.source, ""),
            names.get(edge.target, ""),
            edge.title or edge.label or "–",
            summary.edges.get(edge.id, 0),
            float(Decimal(summary.edges.get(edge.id, 0)) / summary.count),
        )
        for edge in graph.edges
    ]
    columns = [t("From"), t("To"), t("When"), t("Taken"), t("per execution")]
    return pd.DataFrame(rows, columns=columns).sort_values(columns[3], ascending=False, ignore_index=True)
