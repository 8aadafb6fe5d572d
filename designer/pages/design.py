"""Design: a workflow drawn, filled in and written; the text is the truth, and canvas, form, code and problems show it."""

from __future__ import annotations

import streamlit as st

from designer import actions, compute, store
from designer.components.canvas import Editing, canvas
from designer.components.code import Mark, Place, Typed, code
from designer.panels import head, opening, rewriting
from designer.panels.empty import no_workflow
from designer.panels.inspector import inspector
from designer.panels.problems import problem_list
from designer.panels.sentences import said_in, sentence
from designer.panels.splits import split
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import N_
from engine.fixes import fixes
from engine.problems import Problem

FIRST = '{\n  "StartAt": "",\n  "States": {}\n}\n'
"""A definition to begin with."""


def render(session: Session, t: Texts) -> None:
    if not session.is_open:
        _empty(t)
        return
    reading = compute.read(session.text, session.path, session.workflow_type)
    _head(session, t, reading.problems)
    with st.container(key="design-upper", horizontal=True, wrap=False, gap=None):
        with st.container(key="design-canvas"):
            _canvas(session, t)
        with st.container(key="design-split-x", width=12):
            split("--paso-inspector", "x", start=372, least=280, most=720, label=t("Width of the form"))
        with st.container(key="design-side"):
            _side(session, t)
    with st.container(key="design-split-y"):
        split("--paso-lower", "y", start=250, least=110, most=900, label=t("Height of code and problems"))
    with st.container(key="design-lower", horizontal=True, wrap=False, gap="small"):
        with st.container(key="design-code"):
            _code(session, t)
        with st.container(key="design-problems", border=True):
            _problems(session, t, reading.problems)
