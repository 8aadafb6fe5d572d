"""Status over time: the chart over the list of executions. Status is sign, hatch and word, then colour."""

from __future__ import annotations

from collections import Counter
from collections.abc import Sequence
from datetime import UTC, datetime
from math import ceil

import plotly.graph_objects as go

from designer.archive import Listed
from designer.panels.plots import hand, mode
from designer.texts import Texts
from designer.theme import STATUS
from engine.charts import Chart, hatched, laid_out

BINS = 16


def status_over_time(rows: Sequence[Listed], t: Texts) -> Chart:
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
            marker=hatched(look.colour(mode()), look.hatch, hand(t)),
            hovertemplate="%{x|%H:%M:%S}<br>%{y}<extra>" + t(look.label) + "</extra>",
        )
    figure.update_layout(barmode="stack", bargap=0.15)
    figure.update_xaxes(tickformat="%H:%M:%S", nticks=5)
    return Chart("status-over-time", t("Status over time"), laid_out(figure, hand(t)), table)
