"""Plots in the palette of status and readable without it: every bar carries its sign and number, every status a hatch."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from math import log10

import plotly.graph_objects as go
import streamlit as st

from designer import theme
from designer.compute import Bills, Curve
from designer.session import Run, Session
from designer.texts import Texts
from designer.theme import STATUS, Mode
from engine.world import EXPRESS_SECONDS

STILL = {"displayModeBar": False}
CLEAR = "rgba(0,0,0,0)"
PAPER = {"light": "#ffffff", "dark": "#0b1526"}
"""What is written on a filled bar."""


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
                "pattern": {
                    "shape": look.hatch,
                    "solidity": 0.12,
                    "size": 7,
                    "fgcolor": PAPER[mode()],
                    "fillmode": "overlay",
                },
            },
            text=[f"{look.mark} {t.number(number)}" if number else "" for number in numbers],
            textposition="inside",
            textfont={"color": PAPER[mode()], "size": 13},
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
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        showlegend=True,
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(automargin=True, ticksuffix=" ")
    st.plotly_chart(figure, config=STILL, key="status-bars", alt=t("Executions by scenario and status"))


def break_even_plot(curve: Curve, duration: int, bills: Bills, t: Texts) -> None:
    """What the executions cost over the duration of one of them; this workflow stands on both lines."""
    ink, accent, muted = theme.INK[mode()], theme.ACCENT[mode()], theme.MUTED[mode()]
    seconds = [one / 1000 for one in curve.durations]
    figure = go.Figure()
    hover = "%{x:,.1f} s · %{y:$,.2f}<extra></extra>"
    standard = {"color": muted, "width": 2, "dash": "dash"}
    figure.add_scatter(x=seconds, y=curve.standard, name=t("Standard"), line=standard, hovertemplate=hover)
    figure.add_scatter(
        x=seconds, y=curve.express, name=t("Express"), line={"color": accent, "width": 2}, hovertemplate=hover
    )
    here = max(duration, 100) / 1000
    figure.add_scatter(
        x=[here, here],
        y=[float(bills.standard.total), float(bills.express.total)],
        name=t("this workflow"),
        mode="markers",
        marker={"color": ink, "size": 10, "symbol": ["diamond", "circle"]},
        hovertemplate=hover,
    )
    if curve.crossing is not None:
        figure.add_vline(x=curve.crossing / 1000, line={"color": muted, "width": 1, "dash": "dot"})
    figure.add_vrect(x0=EXPRESS_SECONDS, x1=seconds[-1], fillcolor=muted, opacity=0.12, line_width=0)
    figure.add_annotation(
        x=log10(EXPRESS_SECONDS),
        y=0,
        yref="paper",
        text=t("Express has ended"),
        showarrow=False,
        xanchor="left",
        yanchor="bottom",
        font={"color": muted, "size": 11},
    )
    ticks = (0.1, 1, 10, 60, 300, 3600)
    figure.update_xaxes(
        type="log", title=t("duration of one execution"), tickvals=ticks, ticktext=[t.span(one * 1000) for one in ticks]
    )
    figure.update_yaxes(
        type="log", title="US$", exponentformat="none", dtick=1, separatethousands=True, gridcolor=theme.LINE[mode()]
    )
    figure.update_layout(
        height=330,
        margin={"l": 0, "r": 8, "t": 8, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left"},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        separators=".," if t.language == "en" else ",.",
    )
    st.plotly_chart(figure, config=STILL, key="break-even", alt=t("Cost over duration as Standard and as Express"))


def _broken(text: str, room: int = 24) -> str:
    """A long label in two lines."""
    if len(text) <= room:
        return text
    cut = text.rfind(" ", 0, room)
    head, rest = (text[:cut], text[cut + 1 :]) if cut > 0 else (text[:room], text[room:])
    return f"{head}<br>{rest if len(rest) <= room else rest[: room - 1] + '…'}"
