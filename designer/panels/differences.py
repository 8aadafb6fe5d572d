"""What became different between two versions of a workflow: how much, where, and on the graph of both."""

from __future__ import annotations

import pandas as pd
import streamlit as st

from designer import compute, library, store
from designer.archive import ArchiveProblem
from designer.compute import Compared
from designer.panels.dropping import dropping
from designer.panels.opening import file_text
from designer.panels.plots import mode
from designer.panels.sentences import sentence
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import N_, themed
from engine.differences import Difference
from engine.merged import SIGNS
from engine.problems import Problem
from engine.values import text as written

LONGEST = 300
"""Characters of a value in the table."""
KINDS = {
    "added": (SIGNS["added"], N_("added"), "green"),
    "removed": (SIGNS["removed"], N_("removed"), "red"),
    "changed": (SIGNS["changed"], N_("changed"), "orange"),
    "renamed": (SIGNS["changed"], N_("renamed"), "orange"),
    "moved": (SIGNS["changed"], N_("moved"), "orange"),
    "redirected": (SIGNS["changed"], N_("led elsewhere"), "orange"),
}
NOUNS = {
    "state": N_("states"),
    "transition": N_("transitions"),
    "field": N_("fields of states"),
    "machine": N_("fields of the workflow"),
}
LARGEST_MB = 1


def differences_panel(
    before: str,
    after: str,
    t: Texts,
    *,
    before_path: str | None = None,
    after_path: str | None = None,
    key: str = "differences",
) -> None:
    """Counts, table and graph of two texts. A text that cannot be read is said instead."""
    found = compute.compared(before, before_path, after, after_path, t)
    if isinstance(found, Problem):
        st.warning(plain(sentence(found, t)), icon=":material/warning:")
        return
    entries = found.merged.differences.entries
    if not entries:
        st.success(
            t("Both versions mean the same: only order or layout differ, if anything does."), icon=":material/check:"
        )
        return
    with st.container(horizontal=True, gap="xsmall", key=f"{key}-counts"):
        for (about, kind), count in sorted(found.merged.differences.counts().items()):
            sign, word, colour = KINDS[kind]
            st.badge(f"{sign} {t(word)} · {t(NOUNS[about])}: {t.number(count)}", color=colour)
    graph, table = st.columns([2, 3], gap="medium")
    with table:
        st.dataframe(
            pd.DataFrame([_row(entry, t) for entry in entries]),
            hide_index=True,
            key=f"{key}-table",
            height="content" if len(entries) <= 12 else 460,
        )
    with graph, st.container(key=f"{key}-graph", height=460, border=True):
        _picture(found, t)


def compare_dialog(session: Session, t: Texts) -> None:
    """A button that opens the comparison of what is on the table with something else."""
    if st.button(
        t("Compare"),
        key="compare-versions",
        icon=":material/difference:",
        help=t("What became different since an earlier version, or beside another file"),
        disabled=not session.is_open,
    ):
        st.dialog(t("Compare versions"), width="large")(_box)(t)


def _box(t: Texts) -> None:
    """With what to compare, and the comparison."""
    session = store.session()
    others = _others(session, t)
    chosen = None
    with st.container(key="compare-box", horizontal=True, vertical_alignment="bottom", gap="small"):
        if others:
            chosen = st.selectbox(
                t("Compare what is here with"),
                list(others),
                format_func=lambda name: others[name][0],
                key="compare-with",
                width=420,
            )
        dropping(t("A file to compare with"), t, key="compare-file", megabytes=LARGEST_MB, on_drop=_dropped)
    if chosen is None:
        st.caption(t("Nothing was changed here yet."))
        return
    _, text, path = others[chosen]
    differences_panel(text, session.text, t, before_path=path, after_path=session.path)


def _others(session: Session, t: Texts) -> dict[str, tuple[str, str, str | None]]:
    """By name: title, text and path of what can be compared with."""
    found: dict[str, tuple[str, str, str | None]] = {}
    dropped = store.recall("compare-dropped")
    if dropped:
        found["file"] = (t("the file {name}", name=dropped[0]), dropped[1], dropped[0])
    if session.past:
        first, last = session.past[0], session.past[-1]
        found["opened"] = (t("what it was when it was opened"), first.text, first.path)
        found["last"] = (t("what it was before the last edit"), last.text, last.path)
    kept = library.versions(session.own.number) if session.own.number else ()
    if not isinstance(kept, ArchiveProblem):
        for index, version in enumerate(kept):
            name = t("what it was {ago}", ago=t.ago(version.changed))
            found[f"version-{index}"] = (name, version.drafts.get("definition", version.definition), version.path)
    return found


def _dropped() -> None:
    file = store.value("compare-file")
    if file is not None:
        store.remember("compare-dropped", (file.name, file_text(file.getvalue())))
        store.show("compare-with", "file")


def _row(entry: Difference, t: Texts) -> dict[str, str]:
    sign, word, _ = KINDS[entry.kind]
    return {
        t("What"): f"{sign} {t(word)}",
        t("State"): entry.state or t("the workflow"),
        t("Field"): entry.field,
        t("Before"): _value(entry.before),
        t("After"): _value(entry.after),
    }


def _value(value: object) -> str:
    told = "" if value is None else value if isinstance(value, str) else written(value)
    return told if len(told) <= LONGEST else told[: LONGEST - 1] + "…"


def _picture(found: Compared, t: Texts) -> None:
    if found.svg:
        st.image(themed(found.svg, mode()), alt=t("Graph of both versions, with what was added, removed and changed"))
    else:
        st.caption(t("The graph of both cannot be drawn here: Graphviz is missing."))
