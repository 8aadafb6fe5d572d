"""How an execution stands, said the same way everywhere: icon, word and colour, and the error beside it."""

from __future__ import annotations

import streamlit as st

from designer.session import Outcome
from designer.texts import Texts, plain
from designer.theme import STATUS


def status_text(outcome: Outcome, t: Texts) -> str:
    """`Failed · CircuitOpen`."""
    look = STATUS[outcome.status]
    return f"{t(look.label)} · {outcome.error}" if outcome.error else t(look.label)


def chip(outcome: Outcome, t: Texts) -> None:
    look = STATUS[outcome.status]
    text = plain(status_text(outcome, t))
    st.badge(text, icon=look.icon, color=look.badge, help=text if outcome.error else None)


def facts(outcome: Outcome, t: Texts) -> None:
    """Transitions and what they cost; how long the run took on the virtual clock."""
    transitions = t.plural("{n} transition", "{n} transitions", outcome.transitions)
    st.badge(plain(f"{transitions} · {t.money(outcome.cost)}"), color="gray", help=t("State transitions and the bill"))
    st.badge(
        plain(t("{span} virtual", span=t.span(outcome.duration))),
        color="gray",
        help=t("Time on the virtual clock: waits and tasks take no real time"),
    )
