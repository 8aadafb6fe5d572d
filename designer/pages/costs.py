"""Costs: what the run on the table costs as Standard, as Express and nested, all computed from its one trace."""

from __future__ import annotations

from decimal import Decimal
from pathlib import Path

import streamlit as st

from designer import actions, billing, compute, store, tariffs
from designer.billing import Nested, Terms
from designer.panels import advice, head, pricing
from designer.panels.bills import bill_lines, fits, frame, nested_words, reasons_against
from designer.panels.empty import no_workflow
from designer.panels.exports import show, table_files
from designer.panels.plots import hand
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import N_
from engine import charts
from engine.breakeven import Axis, curve
from engine.cost import Bill, Hindrance, WorkflowType, hindrances
from engine.trace import Trace

STYLE = Path(__file__).parent / "costs.css"
COUNTS = (1, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
MEMORIES = (64, 128, 192, 256, 320, 384, 448, 512, 1_024)
AXES: dict[Axis, str] = {
    "duration": N_("Duration"),
    "executions": N_("Executions"),
    "memory": N_("Memory"),
    "transitions": N_("Transitions"),
}


def render(session: Session, t: Texts) -> None:
    if not session.is_open:
        no_workflow(
            t("Standard or Express?"),
            t(
                "Standard is billed by state transition, Express by request, duration and memory. Here both bills are "
                "computed from one run of your workflow, with the reasons that may rule Express out."
            ),
            t,
            key="costs",
        )
        return
    st.html(STYLE)
    with st.container(key="sheet"):
        free = _head(session, t)
        trace = compute.trace(session.setting)
        if trace is None or not trace.visits:
            st.warning(t("There is no run to compute from: the definition, the input or the mocks cannot be used yet."))
            return
        terms = Terms(tariffs.chosen(), session.count, session.memory, free)
        standard, express = billing.of(trace, "STANDARD", terms), billing.of(trace, "EXPRESS", terms)
        reasons = hindrances(trace)
        with st.container(key="answer"):
            st.markdown(_answer(trace, standard, express, reasons, t))
        with st.container(key="bills", horizontal=True, gap="medium"):
            _bill("STANDARD", trace, standard, terms, t)
            _bill("EXPRESS", trace, express, terms, t, reasons)
            part = _nested(trace, standard, terms, t)
        with st.container(key="bills-end", horizontal=True, vertical_alignment="center", gap="small"):
            with st.container(width="stretch"):
                advice.beside(trace, session.count, t)
            named = [(t("Standard"), standard.lines), (t("Express"), express.lines)]
            named += [(t("Nested"), part.lines)] if part else []
            table_files(frame(named, t), "bills", t)
        with st.container(key="beneath", horizontal=True, gap="medium"):
            with st.container(key="plot-card", border=True):
                _break_even(trace, terms, t)
            pricing.price_card(t)
        with st.container(key="beneath-more", horizontal=True, gap="medium"):
            with st.container(key="advice-side"):
                found = billing.advice(trace, terms, repr(session.setting))
                advice.cards(trace, found, session.count, t)
            with st.container(key="talk-side"):
                _talk(t)


def _head(session: Session, t: Texts) -> bool:
    """The run, and the terms of the bill. Answers whether the free tier is taken off."""
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        head.title(session, t)
        head.scenario_box(session, t, key="costs")
        head.outcome_chips(compute.outcome(session.setting), t)
    with st.container(key="terms", horizontal=True, vertical_alignment="bottom", gap="small"):
        st.selectbox(
            t("Executions"),
            COUNTS,
            index=COUNTS.index(session.count) if session.count in COUNTS else 0,
            format_func=t.compact,
            key="costs-count",
            on_change=lambda: store.act(actions.count, store.value("costs-count")),
            width=150,
        )
        estimate = compute.memory_estimate(session.setting)
        sizes = sorted({*MEMORIES, estimate, session.memory or estimate})
        key = f"costs-memory-{session.revision}"
        st.selectbox(
            t("Memory"),
            sizes,
            index=sizes.index(session.memory or estimate),
            format_func=lambda size: f"{t.number(size)} MB",
            key=key,
            help=t("What Express bills for, in steps of 64 MB. Chosen at first: an estimate from this run."),
            on_change=lambda: store.act(actions.memory, store.value(key)),
            width=130,
        )
        pricing.region_box(t)
        return bool(
            st.toggle(
                t("Free tier"),
                key="costs-free",
                help=t("Takes off the free transitions of a month, once; Express has none."),
                persist_state="session",
            )
        )


def _answer(trace: Trace, standard: Bill, express: Bill, against: tuple[Hindrance, ...], t: Texts) -> str:
    """The one sentence that the page is for."""
    span = t.span(trace.duration)
    if standard.total == express.total:
        return "**" + t("Standard and Express cost the same for this workflow.") + "**"
    if express.total < standard.total and express.total:
        times = _times(standard.total, express.total, t)
        if against:
            return (
                "**"
                + t("Express would be {times} times cheaper for this workflow, but does not fit.", times=times)
                + "** "
                + t("The reasons stand under its bill.")
            )
        return (
            "**"
            + t(
                "Express is {times} times cheaper for this workflow, and fits: {span}, no callback, no job to wait for.",
                times=times,
                span=span,
            )
            + "** "
            + t("Use Standard all the same where each step must be done exactly once.")
        )
    if not standard.total or not express.total:
        free = t("Standard") if not standard.total else t("Express")
        return "**" + t("{type} costs nothing here.", type=free) + "**"
    return (
        "**"
        + t(
            "Standard is {times} times cheaper for this workflow: it takes {span} and few transitions.",
            times=_times(express.total, standard.total, t),
            span=span,
        )
        + "**"
    )


def _times(more: Decimal, less: Decimal, t: Texts) -> str:
    return t.number(more / less, 0 if more > 10 * less else 1)


def _bill(
    kind: WorkflowType, trace: Trace, bill: Bill, terms: Terms, t: Texts, reasons: tuple[Hindrance, ...] = ()
) -> None:
    with st.container(key=f"bill-{kind.lower()}", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{t(head.TYPES[kind])}**", width="content")
            if kind == "EXPRESS":
                fits(reasons, t)
        bill_lines(bill.lines, bill.executions, t)
        amounts = billing.per(trace, kind, terms)
        st.caption(
            " · ".join(
                t("{money} per {count}", money=t.money(amount), count=_each(count, t))
                for count, amount in amounts.items()
            ).replace("$", "\\$")
        )
        reasons_against(reasons, t)
        with st.container(key=f"facts-{kind.lower()}"):
            advice.facts(kind, t)


def _nested(trace: Trace, standard: Bill, terms: Terms, t: Texts) -> Nested | None:
    """The third bill: which part moves into the child is the reader's choice, at first what saves most."""
    names = billing.parts(trace)
    with st.container(key="bill-nested", border=True):
        top = st.container(horizontal=True, vertical_alignment="center")
        top.markdown(f"**{t('Nested')}**", width="content")
        best = billing.best_part(trace, terms)
        if len(names) < 2 or best is None:
            st.caption(t("A Standard parent that runs its tight part as an Express child can be cheaper than both."))
            st.caption(t("No part of this run can become an Express child and save."))
            return None
        key = f"{hash(names)}"
        with st.container(key="nested-part", horizontal=True, gap="small", vertical_alignment="center"):
            first = st.selectbox(
                t("from"), names, index=names.index(best.first), key=f"nested-first-{key}", width="stretch"
            )
            last = st.selectbox(t("to"), names, index=names.index(best.last), key=f"nested-last-{key}", width="stretch")
        one = billing.nested(trace, first, last, terms)
        if one is None:
            st.warning(t("This is no part of the run: choose a first state before the last, and leave one outside."))
            return None
        with top:
            fits(one.hindrances, t)
        bill_lines(one.lines, terms.executions, t)
        told = nested_words(one, t)
        if one.total < standard.total:
            times = _times(standard.total, one.total, t) if one.total else "∞"
            told += " " + t("{times} times cheaper than Standard alone.", times=times)
        with st.container(key="facts-nested"):
            st.caption(told)
        reasons_against(one.hindrances, t)
        return one


def _each(count: int, t: Texts) -> str:
    return t("execution") if count == 1 else t.compact(count)


# Break-even ----------------------------------------------------------------------------------------------------------


def _break_even(trace: Trace, terms: Terms, t: Texts) -> None:
    axis: Axis = (
        st.segmented_control(
            t("Break-even over"),
            list(AXES),
            default="duration",
            required=True,
            format_func=lambda one: t(AXES[one]),
            key="costs-axis",
            persist_state="session",
        )
        or "duration"
    )
    found = curve(
        trace,
        axis,
        terms.prices,
        executions=terms.executions,
        memory_mb=terms.memory_mb,
        free_tier=terms.free_tier,
    )
    show(charts.break_even(found, hand(t)), t)
    if found.crossing is None:
        st.caption(t("The two lines do not cross here: one type stays the cheaper one."))
    else:
        st.caption(t("The two lines cross at {place}.", place=_place(axis, found.crossing, t)))


def _place(axis: Axis, value: int, t: Texts) -> str:
    match axis:
        case "duration":
            return t.span(value)
        case "memory":
            return f"{t.number(value)} MB"
        case "executions":
            return t.plural("{n} execution", "{n} executions", value)
        case _:
            return t.plural("{n} transition", "{n} transitions", value)


# What is taught ------------------------------------------------------------------------------------------------------


def _talk(t: Texts) -> None:
    """The figures of the talk this is taught by, beside what the prices give, and its misprint by name."""
    money = t.money
    transition, chunk, request = Decimal("0.000025"), Decimal("0.0000001042"), Decimal("0.000001")
    standard, express = 17 * transition, request + 113 * chunk
    rows = [
        (t("17 transitions, 1,000 executions"), money(Decimal("0.42")), money(1_000 * standard)),
        (t("17 transitions, a million"), money(Decimal(420)), money(1_000_000 * standard)),
        (t("11.3 s at 64 MB, a million"), money(Decimal("12.77")), money(1_000_000 * express)),
        (
            t("nested, 1,000 executions"),
            money(Decimal("0.20")),
            t("8 transitions: {money}", money=money(1_000 * 8 * transition)),
        ),
    ]
    with st.container(key="talk", border=True):
        st.markdown(f"**{t('The figures of the talk')}**")
        lines = [f"| {plain(what)} | {slide} | {exact} |" for what, slide, exact in rows]
        st.markdown(
            "\n".join((f"| | {t('on the slide')} | {t('exact')} |", "|:--|--:|--:|", *lines)).replace("$", "\\$")
        )
        st.caption(
            t(
                "The slide prints the price of 100 ms at 64 MB as {wrong}, a hundred times too much; its result, {sum}, is "
                "that of the right price, {right}.",
                wrong=money(Decimal("0.00001042")),
                sum=money(113 * chunk),
                right=money(chunk),
            ).replace("$", "\\$")
        )
