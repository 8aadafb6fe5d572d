"""Expression: which part of a JSONata expression gave what, and the state said in the other query language."""

from __future__ import annotations

import json
from collections.abc import Sequence
from typing import Any

import streamlit as st

from designer import compute
from designer.compute import Rewritten
from designer.panels.naming import named
from designer.session import Session
from designer.texts import Texts, plain
from engine.audit import Audit

MOST_PARTS = 60
MOST_DROPPED = 8
LONGEST = 90


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        trace = compute.trace(session.setting)
        at = min(session.cursor or 0, len(trace) - 1) if trace else 0
        if trace is None or trace[at].visit < 0:
            st.markdown(f"**{t('Expressions of a state')}**")
            st.caption(
                t("Step into a state: its JSONata is taken apart here, and the state is said in the other language.")
            )
            return
        visit = trace[at].visit
        state = trace.visits[visit].state
        st.markdown(f"**{plain(state.name)}** · {state.language}  \n:gray[{plain(named(trace, at, t))}]")
        if state.language == "JSONata":
            _audits(session, visit, t)
        _rewriting(compute.rewriting(session.setting, visit), t)


def _audits(session: Session, visit: int, t: Texts) -> None:
    found = compute.audits(session.setting, visit)
    if not found:
        st.caption(t("This state evaluated no expression."))
        return
    for number, audit in enumerate(found):
        with st.expander(plain(audit["field"]), expanded=number == 0, key=f"audit-{visit}-{number}"):
            _audit(audit, t)


def _audit(audit: Audit, t: Texts) -> None:
    st.code(audit["text"], language="javascript", wrap_lines=True)
    if audit["error"]:
        st.markdown(f":red[✕ {plain(audit['error'])}]")
    elif audit["outcome"] == "undefined":
        st.markdown(f":gray[{t('It gave nothing at all (undefined).')}]")
    else:
        st.markdown(f"= {_code(audit['value'])}")
    if audit["agrees"] is False:
        st.caption(t("Evaluated once more it gives another value than in the run; what you see is the run's."))
    _table(audit, t)
    for one in audit["filters"]:
        test = audit["text"][one["start"] : one["end"]]
        gone = one["tested"] - one["passed"]
        st.markdown(
            t("Filter {test}: {passed} of {tested} passed", test=_code_text(test), passed=t.number(one["passed"]),
              tested=t.number(one["tested"]))
        )  # fmt: skip
        lines = []
        for drop in one["dropped"][:MOST_DROPPED]:
            index = "" if drop["index"] is None else f"[{drop['index']}] "
            lines.append(f"– {index}{_cut(json.dumps(drop['value'], ensure_ascii=False))}")
        if lines:
            st.code("\n".join(lines), language=None, wrap_lines=True)
        if gone > len(lines):
            st.caption(t.plural("and {n} more", "and {n} more", gone - len(lines)))


def _table(audit: Audit, t: Texts) -> None:
    """The parts, each indented below the one around it, with the first of its values."""
    parts = audit["parts"][:MOST_PARTS]
    if len(parts) < 2:
        return
    depth: list[int] = []
    rows = []
    for part in parts:
        depth.append(depth[part["parent"]] + 1 if 0 <= part["parent"] < len(depth) else 0)
        rows.append(
            {
                t("Part"): "\u2003" * depth[-1] + _cut(" ".join(audit["text"][part["start"] : part["end"]].split())),
                t("Gave"): _gave(part, t),
                t("Times"): part["times"],
            }
        )
    st.dataframe(rows, hide_index=True, height="content" if len(rows) < 9 else 320, width="stretch")
    if audit["cut"] or len(audit["parts"]) > MOST_PARTS:
        st.caption(t("There are more parts than are shown."))


def _gave(part: Any, t: Texts) -> str:
    if part["error"]:
        return f"✕ {part['error']}"
    told = ", ".join(_cut(json.dumps(value, ensure_ascii=False)) for value in part["values"][:3])
    return " · ".join(filter(None, (told or t("nothing"), part["says"])))


def _rewriting(made: Rewritten | None, t: Texts) -> None:
    """The same state in the other language, and whether it did the same with what it met in this run."""
    if made is None:
        return
    rewriting, verdict = made.rewriting, made.verdict
    st.divider()
    st.markdown(f"**{t('The same state in {language}', language=rewriting.to)}**")
    if rewriting.state is None:
        st.markdown(f":orange[{t('It cannot be said as it stands:')}]")
        _list([f"{reason.field}: {reason.text}" if reason.field else reason.text for reason in rewriting.reasons])
        if not rewriting.part:
            return
        st.caption(t("What could be said:"))
    elif verdict is not None and verdict.agrees:
        st.markdown(f":green[✓ {t('Both were run on what this state met here, and do the same.')}]")
    elif verdict is not None:
        st.markdown(f":red[✕ {t('Run on what this state met here, they part:')}]")
        _list([f"{_path(change.path)}: {_cut(json.dumps(change.before))} → {_cut(json.dumps(change.after))}" for change in verdict.differences[:6]])  # fmt: skip
    st.code(
        json.dumps(rewriting.state or rewriting.part, indent=2, ensure_ascii=False), language="json", wrap_lines=True
    )
    notes = [*rewriting.notes, *(verdict.notes if verdict else ())]
    if notes:
        st.caption(t("On other data they may part:"))
        _list(notes)


def _list(lines: Sequence[str]) -> None:
    st.markdown("\n".join(f"- {plain(line)}" for line in lines))


def _path(steps: Sequence[str | int]) -> str:
    return "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in steps)


def _code(value: Any) -> str:
    return _code_text(_cut(json.dumps(value, ensure_ascii=False)))


def _code_text(text: str) -> str:
    """Foreign text as Markdown code, whatever backticks it has."""
    return f"`{' '.join(text.replace('`', 'ˋ').split())}`"


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
