"""What every plot shares: light or dark, and the hand that draws it in the reader's language."""

from __future__ import annotations

import streamlit as st

from designer import theme
from designer.texts import Texts
from designer.theme import Mode
from engine.charts import CLEAR, Hand, Paint

BAR = {"light": "#ffffff", "dark": "#0b1526"}
"""What is written on a filled bar."""


def mode() -> Mode:
    """Light or dark, as the visitor's browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def hand(t: Texts) -> Hand:
    """Charts on the page: its colours, its language, its way to write numbers."""
    now = mode()
    paint = Paint(
        theme.INK[now],
        theme.MUTED[now],
        theme.LINE[now],
        theme.ACCENT[now],
        theme.STATUS["FAILED"].colour(now),
        BAR[now],
        CLEAR,
    )
    return Hand(paint, t, t.span, t.number, ".," if t.language == "en" else ",.")
