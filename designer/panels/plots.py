"""What every plot shares: light or dark, and the grounds it stands on."""

from __future__ import annotations

import streamlit as st

from designer.theme import Mode

CLEAR = "rgba(0,0,0,0)"
PAPER = {"light": "#ffffff", "dark": "#0b1526"}
"""What is written on a filled bar."""


def mode() -> Mode:
    """Light or dark, as the visitor's browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"
