"""The charts over many executions, each with the table that says the same. Status is sign, hatch and word, then colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Mapping, Sequence
from datetime import UTC, datetime
from math import ceil

import pandas as pd
import plotly.graph_objects as go

from designer import theme
from designer.archive import Listed
from designer.panels.exports import chart
from designer.panels.head import TYPES
from designer.panels.plots import CLEAR, PAPER, mode
from designer.texts import Texts
from designer.theme import STATUS
from engine.sketch import Sketch

BINS = 16
PERCENTS = (50, 90, 99)
MOST_BARS = 6
DASHES = {"STANDARD": ("#6b7280", "#98a1ad", "/"), "EXPRESS": ("#0e5bd3", "#6ea0ff", "")}
"""Light, dark, hatch."""


def status_over_time(rows: Sequence[Listed], t: Texts, height: int) -> None:
    """How many ended as what, in equal steps of the simulated calendar."""
    first = min(row.start for row in rows)
    width = max(1000, ceil((max(row.start for row in rows) - first + 1) / BINS))
    counts = Counter(((row.start - first) // width, row.status) for row in rows)
    bins = range(max(place for place, _ in counts) + 1)
    starts = [datetime.fromtimestamp((first + place * width) / 1000, UTC).replace(tzinfo=None) for place in bins]
    figure = go.Figure()
    table: dict[str, list[object]] = {t("From"): list(starts)}
    for status, look in STATUS.items():
        numbers = [counts[place, status] for place in bins]
        if not any(numbers):
            continue
        table[t(look.label)] = list(numbers)
        figure.add_bar(
            x=starts,
            y=numbers,
            name=f"{look.mark} {t(look.label)}",
            marker=_hatched(look.colour(mode()), look.hatch),
            hovertemplate="%{x|%H:%M:%S}<br>%{y}<extra>" + t(look.label) + "</extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.15)
    figure.update_xaxes(tickformat="%H:%M:%S", nticks=5)
    chart(_laid_out(figure, height, t), pd.DataFrame(table), t("Status over time"), "status-over-time", t)


def percentiles(durations: Mapping[str, Sketch], t: Texts, height: int, name: str = "duration-percentiles") -> None:
    """Durations that 50, 90 and 99 of 100 executions do not exceed, by type."""
    figure = go.Figure()
    table: dict[str, list[object]] = {t("Percentile"): [f"p{percent}" for percent in PERCENTS]}
    for kind, sketch in durations.items():
        found = sketch.percentiles(*PERCENTS)
        light, dark, hatch = DASHES[kind]
        label = t(TYPES[kind])  # type: ignore[index]
        table[f"{label}, ms"] = list(found)
        figure.add_bar(
            x=[f"p{percent}" for percent in PERCENTS],
            y=[value / 1000 for value in found],
            name=label,
            text=[t.span(value) for value in found],
            textposition="auto",
            textfont={"size": 11},
            insidetextfont={"color": PAPER[mode()]},
            marker=_hatched(dark if mode() == "dark" else light, hatch),
            hovertemplate="%{x}<br>%{text}<extra>" + label + "</extra>",
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_yaxes(title="s")
    chart(_laid_out(figure, height, t), pd.DataFrame(table), t("Duration percentiles"), name, t)


def failures(counts: Mapping[tuple[str, str], int], t: Texts, height: int, name: str = "failures") -> None:
    """Where executions failed and with what, the most frequent first."""
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    table = pd.DataFrame(
        {
            t("State"): [state or t("the execution") for (state, _), _ in ranked],
            t("Error"): [error for (_, error), _ in ranked],
            t("Executions"): [number for _, number in ranked],
        }
    )
    shown = ranked[:MOST_BARS][::-1]
    look = STATUS["FAILED"]
    figure = go.Figure(
        go.Bar(
            y=[f"{_cut(state or t('the execution'))}<br>{_cut(error)} " for (state, error), _ in shown],
            x=[number for _, number in shown],
            orientation="h",
            marker=_hatched(look.colour(mode()), look.hatch),
            text=[f"{look.mark} {t.number(number)}" for _, number in shown],
            textposition="auto",
            insidetextfont={"color": PAPER[mode()]},
            hovertemplate="%{y}<br>%{x}<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(automargin=True)
    figure.update_layout(showlegend=False, bargap=0.3)
    chart(_laid_out(figure, height, t), table, t("Failures by state and error"), name, t)


def histogram(durations: Mapping[str, Sketch], t: Texts, height: int) -> None:
    """How often an execution took how long, by type."""
    figure = go.Figure()
    rows: list[tuple[str, int, int, int]] = []
    for kind, sketch in durations.items():
        bars = list(sketch.bins())
        light, dark, hatch = DASHES[kind]
        label = t(TYPES[kind])  # type: ignore[index]
        rows += [(label, first, last, many) for first, last, many in bars]
        figure.add_bar(
            x=[(first + last) / 2000 for first, last, _ in bars],
            width=[(last - first) / 1000 for first, last, _ in bars],
            y=[many for _, _, many in bars],
            name=label,
            opacity=0.75,
            marker=_hatched(dark if mode() == "dark" else light, hatch),
            hovertemplate="%{x:.2f} s<br>%{y}<extra>" + label + "</extra>",
        )
    figure.update_layout(barmode="overlay", bargap=0)
    figure.update_xaxes(title=t("duration, s"))
    columns = [t("Type"), t("from, ms"), t("below, ms"), t("Executions")]
    chart(_laid_out(figure, height, t), pd.DataFrame(rows, columns=columns), t("Durations"), "duration-histogram", t)


def _hatched(colour: str, hatch: str) -> dict[str, object]:
    pattern = {"shape": hatch, "solidity": 0.15, "size": 6, "fgcolor": PAPER[mode()], "fillmode": "overlay"}
    return {"color": colour, "pattern": pattern, "line": {"width": 0}}


def _laid_out(figure: go.Figure, height: int, t: Texts) -> go.Figure:
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 4, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left", "font": {"size": 11}},
        font={"color": theme.INK[mode()], "size": 11},
        paper_bgcolor=CLEAR,
        plot_bgcolor=CLEAR,
        separators=".," if t.language == "en" else ",.",
    )
    figure.update_yaxes(gridcolor=theme.LINE[mode()])
    return figure


def _cut(text: str, room: int = 30) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
