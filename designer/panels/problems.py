"""Problems as sentences: what is wrong, where, and what would be right."""

from __future__ import annotations

from collections.abc import Sequence

import streamlit as st

from designer.panels.sentences import sentence
from designer.texts import Texts, plain
from engine.problems import Problem

SHOWN = 8
"""Problems shown at once; how many more there are is said."""

SEVERITY = {
    "error": (":material/cancel:", "red"),
    "warning": (":material/warning:", "orange"),
    "hint": (":material/lightbulb:", "gray"),
}


def place(problem: Problem, t: Texts) -> str:
    """`line 45, column 7 · /States/Pay/Next`."""
    parts = []
    if problem.line is not None:
        parts.append(t("line {line}, column {column}", line=problem.line, column=problem.column or 1))
    if problem.at and problem.at != "/":
        parts.append(problem.at)
    return " · ".join(parts)


def problem_list(problems: Sequence[Problem], t: Texts) -> None:
    """The problems in their order; nothing at all when there are none."""
    problems = once(problems)
    for problem in problems[:SHOWN]:
        icon, colour = SEVERITY[problem.severity]
        where = place(problem, t)
        tail = f"  \n:gray[{plain(where)}]" if where else ""
        st.markdown(f":{colour}[{icon}] {plain(sentence(problem, t))}{tail}")
    if len(problems) > SHOWN:
        st.caption(t.plural("and {n} more", "and {n} more", len(problems) - SHOWN))


def once(problems: Sequence[Problem]) -> list[Problem]:
    """Without hints that repeat what the error at the same place says already."""
    missing = {problem.at for problem in problems if problem.code == "MISSING_TRANSITION_TARGET"}
    return [problem for problem in problems if problem.code != "misspelt-target" or problem.at not in missing]
