"""Plots in the palette of status and readable without it: every bar carries its sign and number, every status a hatch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence

import plotly.graph_objects as go
import streamlit as st

from designer import theme
from designer.session import Run, Session
from designer.texts import Texts
from designer.theme import STATUS, Mode

STILL = {"displayModeBar": False}


def mode() -> Mode:
    """Light or dark, as the visitor's browser shows the page."""
    return "dark" if st.context.theme.type == "dark" else "light"


def status_bars(runs: Sequence[Run], session: Session, t: Texts) -> None:
    """One bar per scenario, cut by status."""
    titles = {scenario.name: t.pick(scenario.title) for scenario in session.scenarios}
    counts = Counter((run.scenario, run.outcome.status) for run in runs)
    scenarios = list(dict.fromkeys(run.scenario for run in runs))[::-1]
    figure = go.Figure()
    for status, look in STATUS.items():
        numbers = [counts[scenario, status] for scenario in scenarios]
        if not any(numbers):
            continue
        figure.add_bar(
            y=[_broken(titles.get(scenario, scenario) or t("own input")) for scenario in scenarios],
            x=numbers,
            name=f"{look.mark} {t(look.label)}",
            orientation="h",
            marker={
                "color": look.colour(mode()),
                "pattern": {"shape": look.hatch, "solidity": 0.25, "fgcolor": "#ffffff"},
            },
            text=[f"{look.mark} {t.number(number)}" if number else "" for number in numbers],
            textposition="inside",
            insidetextanchor="middle",
            hovertemplate="%{y}<br>%{x}<extra>" + t(look.label) + "</extra>",
        )
    figure.update_layout(
        barmode="stack",
        height=90 + 44 * len(scenarios),
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        font={"color": theme.INK[mode()]},
        bargap=0.35,
        showlegend=True,
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(automargin=True, ticksuffix=" ")
    st.plotly_chart(figure, config=STILL, key="status-bars", alt=t("Executions by scenario and status"))


def _broken(text: str, room: int = 24) -> str:
    """A long label in two lines."""
    if len(text) <= room:
        return text
    cut = text.rfind(" ", 0, room)
    head, rest = (text[:cut], text[cut + 1 :]) if cut > 0 else (text[:room], text[room:])
    return f"{head}<br>{rest if len(rest) <= room else rest[: room - 1] + '…'}"
