"""Two runs state by state and stage by stage: a table of every place of both, and the two values of the one that is chosen."""

from __future__ import annotations

from collections.abc import Callable
from itertools import accumulate
from typing import Literal

import pandas as pd
import streamlit as st

from designer import places
from designer.panels.naming import word
from designer.panels.twin import twin
from designer.texts import Texts, plain
from designer.theme import N_
from engine.compare import Row, Standing, Where, value_at
from engine.trace import Trace

Side = Literal[0, 1]
SIDES: tuple[Side, Side] = (0, 1)
SIGNS: dict[Standing, tuple[str, str]] = {
    "same": ("=", N_("same")),
    "different": ("≠", N_("different")),
    "left": ("←", N_("only in {name}")),
    "right": ("→", N_("only in {name}")),
}
MOST_ROWS = 5_000
HEIGHT = 285
DIFFERS, ALL = "differs", "all"


def table(
    rows: tuple[Row, ...],
    traces: tuple[Trace, Trace],
    names: tuple[str, str],
    t: Texts,
    *,
    key: str,
    go: Callable[[Side, int], None] | None = None,
) -> Row | None:
    """The rows to choose from, and below them what stands at the chosen one. Answers with that row.

    `names` are what the two runs are called; `go` takes the player to a moment of one of them, and makes a button for each.
    """
    visits = [row for row in rows if not row.what]
    wanted = st.segmented_control(
        t("Rows"),
        [DIFFERS, ALL],
        format_func=lambda one: t("What differs") if one == DIFFERS else t("Everything"),
        default=DIFFERS,
        required=True,
        label_visibility="collapsed",
        key=f"{key}-rows-{t.language}",
    )
    st.caption(_counted(visits, names, t))
    shown = list(rows) if wanted == ALL else differing(rows)
    if not shown:
        st.markdown(f":green[✓] {t('They do not part: everything that happens is the same in both.')}")
        return None
    if len(shown) > MOST_ROWS:
        st.caption(t("The first {n} of {total} rows are shown.", n=t.number(MOST_ROWS), total=t.number(len(shown))))
        shown = shown[:MOST_ROWS]
    chosen = st.dataframe(
        _frame(shown, traces, names, t),
        hide_index=True,
        width="stretch",
        height=min(HEIGHT, 38 + 35 * len(shown)),
        key=f"{key}-{wanted}-{t.language}",
        on_select="rerun",
        selection_mode="single-row-required",
        selection_default={"selection": {"rows": [_first_difference(shown)]}},
    )
    picked = [index for index in chosen.selection.rows if index < len(shown)]
    if not picked:
        return None
    row = shown[picked[0]]
    _both(row, traces, names, t, key=key, go=go)
    return row


def differing(rows: tuple[Row, ...]) -> list[Row]:
    """The stages that are not the same in both. A state that one run alone came to is one row, not ten."""
    alone = {row.where for row in rows if not row.what and row.standing in ("left", "right")}
    return [row for row in rows if (not row.what if row.where in alone else bool(row.what) and row.standing != "same")]


def _first_difference(shown: list[Row]) -> int:
    """The place at which the runs part: what comes first in time of what is not the same."""

    def when(index: int) -> int:
        row = shown[index]
        return min(moment for moment in (row.left, row.right) if moment is not None)

    parted = [index for index, row in enumerate(shown) if row.what and row.standing != "same"]
    return min(parted, key=when, default=0)


def _counted(visits: list[Row], names: tuple[str, str], t: Texts) -> str:
    counts = {standing: sum(row.standing == standing and bool(row.where) for row in visits) for standing in SIGNS}
    told = " · ".join(f"{_standing(one, names, t)}: {t.number(n)}" for one, n in counts.items() if n)
    return plain(t("States: {counts}", counts=told))


def _standing(standing: Standing, names: tuple[str, str], t: Texts) -> str:
    sign, told = SIGNS[standing]
    name = names[standing == "right"]
    return f"{sign} {t(told, name=name) if '{name}' in told else t(told)}"


def _frame(shown: list[Row], traces: tuple[Trace, Trace], names: tuple[str, str], t: Texts) -> pd.DataFrame:
    steps = tuple(map(_steps, traces))

    def at(side: Side, moment: int | None) -> str:
        return "" if moment is None else t.number(steps[side][moment])

    made = [
        (
            _standing(row.standing, names, t),
            where(row.where, t),
            _what(row, t),
            at(0, row.left),
            at(1, row.right),
        )
        for row in shown
    ]
    columns = [
        t("Comparison"),
        t("State"),
        t("Stage"),
        t("step in {name}", name=names[0]),
        t("step in {name}", name=names[1]),
    ]
    return pd.DataFrame(made, columns=pd.Index(columns))


def _steps(trace: Trace) -> list[int]:
    """The player's step of every moment."""
    last = len(trace) - 1
    counted = (kind not in places.SILENT or index == last for index, (kind, *_) in enumerate(trace.raw))
    return [max(1, count) for count in accumulate(counted)]


def where(way: Where, t: Texts) -> str:
    """`Both › 1 › Pay (visit 2)`: states from the outermost in, with the branch or item between them."""
    if not way:
        return t("Execution")
    told = []
    for step in way:
        again = f" ({t('visit {n}', n=step.number + 1)})" if step.number else ""
        told += [step.state + again, *([str(step.inner)] if step.inner >= 0 else [])]
    return " › ".join(told)


def _what(row: Row, t: Texts) -> str:
    if not row.what:
        return ""
    tried = f" · {t('attempt {n}', n=row.attempt + 1)}" if row.attempt else ""
    return word(row.what, t) + tried


def _both(
    row: Row,
    traces: tuple[Trace, Trace],
    names: tuple[str, str],
    t: Texts,
    *,
    key: str,
    go: Callable[[Side, int], None] | None,
) -> None:
    """The values of a row side by side; a place that one run never came to has one value alone."""
    moments = (row.left, row.right)
    told = " · ".join(filter(None, (where(row.where, t), _what(row, t) or word("input", t))))
    with st.container(horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{plain(told)}** · {plain(_standing(row.standing, names, t))}")
        for name, moment, side in zip(names, moments, SIDES, strict=True):
            pressed = go is not None and st.button(
                t("Go there in {name}", name=name),
                key=f"{key}-go-{side}",
                icon=":material/arrow_right_alt:",
                disabled=moment is None,
            )
            if pressed and go is not None and moment is not None:
                go(side, moment)
    if row.left is not None and row.right is not None:
        twin(value_at(traces[0], row.left), value_at(traces[1], row.right), names, t)
        return
    for name, moment, trace in zip(names, moments, traces, strict=True):
        if moment is not None:
            value = value_at(trace, moment)
            twin(value, value, (name,), t)
