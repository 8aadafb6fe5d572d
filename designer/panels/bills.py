"""Bills whose lines sum, as tables; the same lines for the files."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pandas as pd
import streamlit as st

from designer.billing import Nested
from designer.texts import Texts, plain
from designer.theme import N_
from engine.cost import Hindrance, Line

ITEMS = {
    "transitions": N_("State transitions"),
    "free": N_("Free transitions of the month"),
    "requests": N_("Requests"),
    "duration": N_("100 ms at 64 MB"),
}
REASONS = {
    "too-long": N_("This run takes longer than the five minutes of an Express execution."),
    "sync": N_("“{name}” waits for a job to end (.sync), which Express does not do."),
    "callback": N_("“{name}” waits for a task token to come back (.waitForTaskToken), which Express does not do."),
    "activity": N_("“{name}” is done by an activity worker, which Express does not have."),
    "distributed-map": N_("“{name}” is a distributed Map, which Express does not run."),
}


def bill_lines(lines: Sequence[Line], executions: int, t: Texts) -> None:
    """A line each, and their sum."""
    rows = [f"| {item(line, t)} | {quantity(line, t)} | {t.money(line.amount)} |" for line in lines]
    total = t.plural("Total of {n} execution", "Total of {n} executions", executions)
    amount = sum((line.amount for line in lines), Decimal(0))
    table = (
        f"| {t('Line')} | {t('Quantity × price')} | {t('Amount')} |",
        "|:--|--:|--:|",
        *rows,
        f"| **{total}** | | **{t.money(amount)}** |",
    )
    st.markdown("\n".join(table).replace("$", "\\$"))


def reasons_against(reasons: Sequence[Hindrance], t: Texts) -> None:
    for reason in reasons:
        name = reason.at.rsplit("/States/", 1)[-1].replace("~1", "/").replace("~0", "~")
        st.markdown(f":orange[:material/block:] {plain(t(REASONS[reason.reason], name=name))}")


def fits(reasons: Sequence[Hindrance], t: Texts) -> None:
    if reasons:
        st.badge(t("does not fit"), icon=":material/block:", color="orange")
    else:
        st.badge(t("fits"), icon=":material/check_circle:", color="green")


def item(line: Line, t: Texts) -> str:
    label = t(ITEMS[line.item])
    return f"{label} ({t('tier {n}', n=line.tier + 1)})" if line.tier else label


def quantity(line: Line, t: Texts) -> str:
    return f"{t.number(line.quantity)} × {t.money(line.price)}"


def frame(named: Sequence[tuple[str, Sequence[Line]]], t: Texts) -> pd.DataFrame:
    """All lines of several bills, for a file: amounts as exact decimal texts are numbers there."""
    rows = [
        (name, item(line, t), line.quantity, float(line.price), float(line.amount))
        for name, lines in named
        for line in lines
    ]
    return pd.DataFrame(rows, columns=[t("Bill"), t("Line"), t("Quantity"), t("Price"), t("Amount")])


def nested_words(one: Nested, t: Texts) -> str:
    """What the nested workflow is, in a sentence."""
    return t(
        "A Standard parent with {transitions} transitions; “{first}” to “{last}” run as its Express child, {span}.",
        transitions=t.number(one.transitions),
        first=plain(one.first),
        last=plain(one.last),
        span=t.span(one.child_ms),
    )
