"""Costs: what the run on the table costs as Standard and as Express, computed from its trace."""

from __future__ import annotations

from decimal import Decimal

import streamlit as st

from designer import actions, compute, store
from designer.panels import head
from designer.panels.empty import no_workflow
from designer.panels.plots import break_even_plot
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import N_
from engine.cost import CHUNK_MB, Bill, Hindrance, Line
from engine.prices import Prices
from engine.trace import Trace

COUNTS = (1, 1_000, 10_000, 100_000, 1_000_000, 10_000_000, 100_000_000, 1_000_000_000)
MEMORIES = (64, 128, 192, 256, 320, 384, 448, 512, 1_024)
COLUMNS = (1, 1_000, 1_000_000)

ITEMS = {
    "transitions": N_("State transitions"),
    "free": N_("Free transitions of the month"),
    "requests": N_("Requests"),
    "duration": N_("100 ms at 64 MB"),
}
NOTE = N_("Prices change: compare with the source before you rely on a figure.")
"""What the tables of prices that come with Paso say of themselves."""

REASONS = {
    "too-long": N_("This run takes longer than the five minutes of an Express execution."),
    "sync": N_("“{name}” waits for a job to end (.sync), which Express does not do."),
    "callback": N_("“{name}” waits for a task token to come back (.waitForTaskToken), which Express does not do."),
    "activity": N_("“{name}” is done by an activity worker, which Express does not have."),
    "distributed-map": N_("“{name}” is a distributed Map, which Express does not run."),
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
    with st.container(key="sheet"):
        _head(session, t)
        trace = compute.trace(session.setting)
        if trace is None:
            st.warning(t("There is no run to compute from: the definition, the input or the mocks cannot be used yet."))
            return
        bills = compute.bills(session.setting, session.count, session.memory)
        with st.container(key="answer"):
            st.markdown(_answer(trace, bills.standard, bills.express, bills.hindrances, t))
        with st.container(key="bills", horizontal=True, gap="medium"):
            _bill(t("Standard"), bills.standard, bills.per["STANDARD"], t, key="standard")
            _bill(t("Express"), bills.express, bills.per["EXPRESS"], t, key="express", reasons=bills.hindrances)
        with st.container(key="beneath", horizontal=True, gap="medium"):
            with st.container(key="plot-card", border=True):
                _break_even(session, trace, bills, t)
            _prices(compute.prices(), t)


def _head(session: Session, t: Texts) -> None:
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        head.title(session, t)
        head.scenario_box(session, t, key="costs")
        head.outcome_chips(compute.outcome(session.setting), t)
        with st.container(key="head-end", horizontal=True, vertical_alignment="center", width="content", gap="small"):
            st.selectbox(
                t("Executions"),
                COUNTS,
                index=COUNTS.index(session.count),
                format_func=t.compact,
                key="costs-count",
                on_change=lambda: store.act(actions.count, store.value("costs-count")),
                width=210,
            )
            estimate = compute.memory_estimate(session.setting)
            sizes = sorted({*MEMORIES, estimate})
            st.selectbox(
                t("Memory"),
                sizes,
                index=sizes.index(session.memory or estimate),
                format_func=lambda size: f"{t.number(size)} MB",
                key=f"costs-memory-{session.revision}",
                help=t("What Express bills for, in steps of 64 MB. Chosen at first: an estimate from this run."),
                on_change=lambda: store.act(actions.memory, store.value(f"costs-memory-{store.session().revision}")),
                width=180,
            )


def _answer(trace: Trace, standard: Bill, express: Bill, hindrances: tuple[Hindrance, ...], t: Texts) -> str:
    """The one sentence that the page is for."""
    span = t.span(trace.duration)
    if standard.total == express.total:
        return "**" + t("Standard and Express cost the same for this workflow.") + "**"
    if express.total < standard.total:
        times = t.number(standard.total / express.total, 0 if standard.total > 10 * express.total else 1)
        if hindrances:
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
    times = t.number(express.total / standard.total, 0 if express.total > 10 * standard.total else 1)
    return (
        "**"
        + t(
            "Standard is {times} times cheaper for this workflow: it takes {span} and few transitions.",
            times=times,
            span=span,
        )
        + "**"
    )


def _bill(
    title: str, bill: Bill, per: dict[int, Decimal], t: Texts, *, key: str, reasons: tuple[Hindrance, ...] = ()
) -> None:
    with st.container(key=f"bill-{key}", border=True):
        with st.container(horizontal=True, vertical_alignment="center"):
            st.markdown(f"**{title}**", width="content")
            if key == "express":
                if reasons:
                    st.badge(t("does not fit"), icon=":material/block:", color="orange")
                else:
                    st.badge(t("fits"), icon=":material/check_circle:", color="green")
        rows = [f"| {_item(line, t)} | {_sum(line, t)} | {t.money(line.amount)} |" for line in bill.lines]
        total = t.plural("Total of {n} execution", "Total of {n} executions", bill.executions)
        st.markdown(
            "\n".join(
                (
                    f"| {t('Line')} | {t('Quantity × price')} | {t('Amount')} |",
                    "|:--|--:|--:|",
                    *rows,
                    f"| **{total}** | | **{t.money(bill.total)}** |",
                )
            ).replace("$", "\\$")
        )
        st.caption(
            " · ".join(
                t("{money} per {count}", money=t.money(amount), count=_each(count, t)) for count, amount in per.items()
            ).replace("$", "\\$")
        )
        for reason in reasons:
            name = reason.at.rsplit("/States/", 1)[-1]
            st.markdown(f":orange[:material/block:] {plain(t(REASONS[reason.reason], name=name))}")


def _each(count: int, t: Texts) -> str:
    return t("execution") if count == 1 else t.compact(count)


def _item(line: Line, t: Texts) -> str:
    label = t(ITEMS[line.item])
    return f"{label} ({t('tier {n}', n=line.tier + 1)})" if line.tier else label


def _sum(line: Line, t: Texts) -> str:
    return f"{t.number(line.quantity)} × {t.money(line.price)}"


def _break_even(session: Session, trace: Trace, bills: compute.Bills, t: Texts) -> None:
    st.markdown(f"**{t('Break-even')}**")
    curve = compute.break_even(session.setting, session.count, session.memory)
    break_even_plot(curve, trace.duration, bills, t)
    if curve.crossing is None:
        st.caption(t("At {count} executions the two lines do not cross.", count=t.number(session.count)))
    else:
        st.caption(
            t(
                "At {count} executions Express is the cheaper one up to {span} per execution; it ends at 5 minutes.",
                count=t.number(session.count),
                span=t.span(curve.crossing),
            )
        )


def _prices(prices: Prices, t: Texts) -> None:
    with st.container(key="prices", border=True):
        title = t("Prices: {region}, {date}", region=prices.name or prices.region, date=prices.date)
        st.markdown(f"**{plain(title)}**")
        rows = [
            f"| {t('Standard: state transition')} | {t.money(prices.standard.transition)} |",
            f"| {t('Express: request')} | {t.money(prices.express.request)} |",
        ]
        for number, tier in enumerate(prices.express.tiers, start=1):
            reach = (
                t("the rest")
                if tier.gb_hours is None
                else t("the next {n} GB-hours", n=t.number(tier.gb_hours))
                if number > 1
                else t("the first {n} GB-hours", n=t.number(tier.gb_hours))
            )
            label = t("Express: 100 ms at {megabytes} MB, {reach}", megabytes=CHUNK_MB, reach=reach)
            rows.append(f"| {label} | {t.money(tier.prices['chunk'])} |")
        st.markdown("\n".join((f"| {t('Price')} | US$ |", "|:--|--:|", *rows)).replace("$", "\\$"))
        st.caption(f"{t('Source')}: {plain(prices.source)}. {plain(t(prices.note))}")
