"""The problems of the document that is open: what, where, why, and what can be done about it at a click."""

from __future__ import annotations

from collections.abc import Callable, Sequence

import streamlit as st

from designer import store
from designer.panels.problems import SEVERITY, once
from designer.panels.sentences import sentence
from designer.texts import Texts, plain
from engine.fixes import Fix, fixes
from engine.mending import spot_at, way
from engine.problems import CATALOGUE, Problem, Severity
from engine.values import Json

SHOWN = 25
"""Problems drawn at once; how many more there are is said."""
KINDS: tuple[Severity, ...] = ("error", "warning", "hint")
"""In the order in which they are shown."""
FILTER = "problems-filter"


def problem_panel(
    problems: Sequence[Problem],
    document: Json,
    t: Texts,
    *,
    on_select: Callable[[Problem, str], None],
    on_fix: Callable[[Fix], None],
) -> None:
    """The problems, errors first, with their fixes. Draw it in a fragment of its own.

    `on_select` gets a problem and the pointer of its state, empty for the machine; `on_fix` a fix to be applied to the
    document. Both are called in callbacks.
    """
    found = once(problems)
    counts = {kind: sum(problem.severity == kind for problem in found) for kind in KINDS}
    there = [kind for kind in KINDS if counts[kind]]
    with st.container(key="problems", gap=None):
        with st.container(key="problems-head", horizontal=True, gap="small", vertical_alignment="center"):
            st.markdown(f"**{t('Problems')}**", width="content")
            wanted = _filter(there, counts, t)
        shown = sorted(
            (problem for problem in found if problem.severity in (wanted or there)),
            key=lambda problem: KINDS.index(problem.severity),
        )
        if not found:
            st.caption(t("No problems: AWS would accept this definition."))
        for number, problem in enumerate(shown[:SHOWN]):
            _row(number, problem, document, t, on_select, on_fix)
        if len(shown) > SHOWN:
            st.caption(t.plural("and {n} more", "and {n} more", len(shown) - SHOWN))


def _filter(there: Sequence[Severity], counts: dict[Severity, int], t: Texts) -> list[Severity]:
    """Which severities are wanted; none chosen means all."""
    if not there:
        return []
    chosen: list[Severity] = st.pills(
        t("Problems"),
        there,
        selection_mode="multi",
        format_func=lambda kind: f":{SEVERITY[kind][1]}[{SEVERITY[kind][0]}] {counted(kind, counts[kind], t)}",
        key=FILTER,
        label_visibility="collapsed",
        persist_state="session",
    )
    return chosen


def counted(kind: Severity, n: int, t: Texts) -> str:
    """`2 warnings`."""
    if kind == "error":
        return t.plural("{n} error", "{n} errors", n)
    return t.plural("{n} warning", "{n} warnings", n) if kind == "warning" else t.plural("{n} hint", "{n} hints", n)


def _row(
    number: int,
    problem: Problem,
    document: Json,
    t: Texts,
    on_select: Callable[[Problem, str], None],
    on_fix: Callable[[Fix], None],
) -> None:
    icon, colour = SEVERITY[problem.severity]
    spot = spot_at(document, problem.at) if isinstance(document, dict) else None
    where = place_of(problem, document, t)
    entry = CATALOGUE.get(problem.code)
    key = f"problem {number} {problem.code} {problem.at}"
    with st.container(key=f"problem-row-{number}", horizontal=True, gap="small", vertical_alignment="center"):
        st.button(
            f":{colour}[{icon}] {plain(sentence(problem, t, fix=False))}  \n:gray[{plain(where)}]",
            key=key,
            type="tertiary",
            width="stretch",
            wrap=True,
            help=plain(t(entry.help)) if entry is not None else None,
            on_click=on_select,
            args=(problem, spot.at if spot else ""),
        )
        offered = fixes(problem, document)
        if offered:
            first = offered[0]
            st.button(
                plain(said(first, t)), key=f"fix {key}", type="tertiary", wrap=True, on_click=on_fix, args=(first,)
            )
        if len(offered) > 1:
            _others(offered[1:], f"fixes {key}", t, on_fix)


def _others(offered: Sequence[Fix], key: str, t: Texts, on_fix: Callable[[Fix], None]) -> None:
    """What else could be done."""

    def chosen() -> None:
        index = store.value(key)
        if index is not None:
            on_fix(offered[index])

    st.menu_button(
        "",
        list(range(len(offered))),
        format_func=lambda index: said(offered[index], t),
        icon=":material/more_vert:",
        type="tertiary",
        help=t("Other ways to mend it"),
        key=key,
        on_click=chosen,
    )


def said(fix: Fix, t: Texts) -> str:
    """The verb of a fix, as plain text."""
    return t(fix.label, **fix.params)


def place_of(problem: Problem, document: Json, t: Texts) -> str:
    """`Update status › Next · line 45`."""
    spot = spot_at(document, problem.at) if isinstance(document, dict) else None
    told = ""
    if spot is not None:
        inside = way({"": spot.source}, "/" + problem.at.removeprefix(spot.at))[1:] if problem.at != spot.at else ()
        told = " › ".join([spot.name, *_joined(inside)])
    elif problem.at not in ("", "/"):
        told = problem.at.removeprefix("/")
    line = t("line {line}", line=t.number(problem.line)) if problem.line is not None else ""
    return " · ".join(filter(None, (told, line)))


def _joined(steps: Sequence[str | int]) -> list[str]:
    """Names, each with the indices behind it."""
    found: list[str] = []
    for step in steps:
        if isinstance(step, int) and found:
            found[-1] += f"[{step}]"
        else:
            found.append(str(step))
    return found
