"""The charts over many executions and over costs, drawn once for the designer and for files, each with the table that says
the same. Status and type are word, hatch or dash first, and colour besides.

Durations are ms in tables and s on axes; money is US$.
"""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import plotly.graph_objects as go

from engine.breakeven import Curve
from engine.pointer import ROOT
from engine.sketch import Sketch
from engine.summary import Summary
from engine.world import EXPRESS_SECONDS

PERCENTS = (50, 90, 99)
MOST_BARS = 6
CLEAR = "rgba(0,0,0,0)"


@dataclass(frozen=True, slots=True)
class Paint:
    """The colours of one scheme."""

    ink: str = "#1d2126"
    muted: str = "#6b7280"
    line: str = "#e4e6ea"
    accent: str = "#0e5bd3"
    failed: str = "#a63f3b"
    bar: str = "#ffffff"
    """What is written on a filled bar."""
    ground: str = CLEAR


def _span(milliseconds: float) -> str:
    for size, unit in ((3_600_000, "h"), (60_000, "min"), (1_000, "s")):
        if milliseconds >= 2 * size or milliseconds == size:
            return f"{milliseconds / size:,.3g} {unit}"
    return f"{milliseconds / 1000:.3g} s" if milliseconds >= 1_000 else f"{milliseconds:.0f} ms"


@dataclass(frozen=True, slots=True)
class Hand:
    """Whose hand draws: scheme, language, and how numbers are written."""

    paint: Paint = Paint(ground="#ffffff")  # frozen
    say: Callable[[str], str] = str
    """Translates the few words of a chart."""
    span: Callable[[float], str] = _span
    """A length of time, in ms."""
    number: Callable[[float], str] = "{:,}".format
    separators: str = ".,"


@dataclass(frozen=True, slots=True)
class Chart:
    """A figure and its table, column by column."""

    name: str
    """Of its files."""
    title: str
    figure: go.Figure
    table: Mapping[str, list[Any]]


def percentiles(durations: Mapping[str, Sketch], hand: Hand, name: str = "duration-percentiles") -> Chart:
    """Durations that 50, 90 and 99 of 100 executions do not exceed, by type."""
    say = hand.say
    figure = go.Figure()
    names = [f"p{percent}" for percent in PERCENTS]
    table: dict[str, list[Any]] = {say("Percentile"): list(names)}
    for kind, sketch in durations.items():
        found = sketch.percentiles(*PERCENTS)
        label = _type(kind, hand)
        table[f"{label}, ms"] = list(found)
        figure.add_bar(
            x=names,
            y=[value / 1000 for value in found],
            name=label,
            text=[hand.span(value) for value in found],
            textposition="auto",
            textfont={"size": 11},
            insidetextfont={"color": hand.paint.bar},
            marker=_of_type(kind, hand),
            hovertemplate="%{x}<br>%{text}<extra>" + label + "</extra>",
        )
    figure.update_layout(barmode="group", bargap=0.25)
    figure.update_yaxes(title="s")
    return Chart(name, say("Duration percentiles"), laid_out(figure, hand), table)


def histogram(durations: Mapping[str, Sketch], hand: Hand, name: str = "duration-histogram") -> Chart:
    """How often an execution took how long, by type."""
    say = hand.say
    figure = go.Figure()
    rows: list[tuple[str, int, int, int]] = []
    for kind, sketch in durations.items():
        bars = list(sketch.bins())
        label = _type(kind, hand)
        rows += [(label, first, last, many) for first, last, many in bars]
        figure.add_bar(
            x=[(first + last) / 2000 for first, last, _ in bars],
            width=[(last - first) / 1000 for first, last, _ in bars],
            y=[many for _, _, many in bars],
            name=label,
            opacity=0.75,
            marker=_of_type(kind, hand),
            hovertemplate="%{x:.2f} s<br>%{y}<extra>" + label + "</extra>",
        )
    figure.update_layout(barmode="overlay", bargap=0)
    figure.update_xaxes(title=say("duration, s"))
    columns = (say("Type"), say("from, ms"), say("below, ms"), say("Executions"))
    table = {column: [row[place] for row in rows] for place, column in enumerate(columns)}
    return Chart(name, say("Durations"), laid_out(figure, hand), table)


def failures(counts: Mapping[tuple[str, str], int], hand: Hand, name: str = "failures") -> Chart:
    """Where executions failed and with what, the most frequent first; no state: the execution as a whole."""
    say = hand.say
    ranked = sorted(counts.items(), key=lambda one: (-one[1], one[0]))
    table: dict[str, list[Any]] = {
        say("State"): [state or say("the execution") for (state, _), _ in ranked],
        say("Error"): [error for (_, error), _ in ranked],
        say("Executions"): [number for _, number in ranked],
    }
    shown = ranked[:MOST_BARS][::-1]
    figure = go.Figure(
        go.Bar(
            y=[f"{_cut(state or say('the execution'))}<br>{_cut(error)} " for (state, error), _ in shown],
            x=[number for _, number in shown],
            orientation="h",
            marker=hatched(hand.paint.failed, "x", hand),
            text=[f"✕ {hand.number(number)}" for _, number in shown],
            textposition="auto",
            insidetextfont={"color": hand.paint.bar},
            hovertemplate="%{y}<br>%{x}<extra></extra>",
        )
    )
    figure.update_xaxes(visible=False)
    figure.update_yaxes(automargin=True)
    figure.update_layout(showlegend=False, bargap=0.3)
    return Chart(name, say("Failures by state and error"), laid_out(figure, hand), table)


def break_even(curve: Curve, hand: Hand) -> Chart:
    """Both lines, and this workflow on them; dashes and marks tell them apart without colour."""
    say, paint = hand.say, hand.paint
    unit = {
        "duration": say("duration of one execution, ms"),
        "executions": say("executions in the month"),
        "memory": say("memory, MB"),
        "transitions": say("transitions of one execution"),
    }[curve.axis]
    scale = 1000 if curve.axis == "duration" else 1
    at = [value / scale for value in curve.at]
    figure = go.Figure()
    hover = "%{x:,} · %{y:$,.4f}<extra></extra>"
    for kind, values, colour, dash in (
        ("STANDARD", curve.standard, paint.muted, "dash"),
        ("EXPRESS", curve.express, paint.accent, "solid"),
    ):
        line = {"color": colour, "width": 2, "dash": dash}
        figure.add_scatter(x=at, y=values, name=_type(kind, hand), line=line, hovertemplate=hover)
    near = min(range(len(curve.at)), key=lambda index: abs(curve.at[index] - curve.here))
    figure.add_scatter(
        x=[curve.here / scale] * 2,
        y=[curve.standard[near], curve.express[near]],
        name=say("this workflow"),
        mode="markers",
        marker={"color": paint.ink, "size": 10, "symbol": ["diamond", "circle"]},
        hovertemplate=hover,
    )
    if curve.crossing is not None:
        figure.add_vline(x=curve.crossing / scale, line={"color": paint.muted, "width": 1, "dash": "dot"})
    title = unit
    if curve.axis == "duration":
        figure.add_vrect(x0=EXPRESS_SECONDS, x1=at[-1], fillcolor=paint.muted, opacity=0.12, line_width=0)
        ticks = (0.1, 1, 10, 60, 300, 3600)
        figure.update_xaxes(tickvals=ticks, ticktext=[hand.span(one * 1000) for one in ticks])
        title = say("duration of one execution; shaded: Express has ended")
    laid_out(figure, hand, height=300)
    figure.update_xaxes(type="log", title=title)
    figure.update_yaxes(type="log", title="US$", exponentformat="none", dtick=1, separatethousands=True)
    table: dict[str, list[Any]] = {
        unit: list(curve.at),
        "Standard, US$": list(curve.standard),
        "Express, US$": list(curve.express),
    }
    return Chart(f"break-even-{curve.axis}", say("Break-even"), figure, table)


def of_batch(found: Mapping[str, Summary], hand: Hand) -> list[Chart]:
    """The charts of a batch, by type: durations, their percentiles, and failures where there are some."""
    durations = {kind: summary.duration for kind, summary in found.items()}
    charts = [histogram(durations, hand, "durations"), percentiles(durations, hand, "batch-percentiles")]
    failed: dict[tuple[str, str], int] = {}
    for summary in found.values():
        for error, places in summary.failures.items():
            for at, many in places.items():
                state = "" if at == ROOT else at.rsplit("/", 1)[-1].replace("~1", "/").replace("~0", "~")
                failed[state, error] = failed.get((state, error), 0) + many
    return [*charts, failures(failed, hand, "batch-failures")] if failed else charts


def hatched(colour: str, hatch: str, hand: Hand) -> dict[str, Any]:
    """How a bar is filled."""
    pattern = {"shape": hatch, "solidity": 0.15, "size": 6, "fgcolor": hand.paint.bar, "fillmode": "overlay"}
    return {"color": colour, "pattern": pattern, "line": {"width": 0}}


def laid_out(figure: go.Figure, hand: Hand, height: int | None = None) -> go.Figure:
    """What all charts share."""
    figure.update_layout(
        height=height,
        margin={"l": 0, "r": 8, "t": 4, "b": 0},
        legend={"orientation": "h", "y": 1.02, "yanchor": "bottom", "x": 0, "xanchor": "left", "font": {"size": 11}},
        font={"color": hand.paint.ink, "size": 11},
        paper_bgcolor=hand.paint.ground,
        plot_bgcolor=hand.paint.ground,
        separators=hand.separators,
    )
    figure.update_yaxes(gridcolor=hand.paint.line)
    return figure


def _type(kind: str, hand: Hand) -> str:
    return hand.say("Standard") if kind == "STANDARD" else hand.say("Express")


def _of_type(kind: str, hand: Hand) -> dict[str, Any]:
    return hatched(hand.paint.muted, "/", hand) if kind == "STANDARD" else hatched(hand.paint.accent, "", hand)


def _cut(text: str, room: int = 30) -> str:
    return text if len(text) <= room else text[: room - 1] + "…"
