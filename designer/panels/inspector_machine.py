"""The machine itself, when no state is selected."""

from __future__ import annotations

import time
from collections.abc import Mapping

import streamlit as st

from designer.panels.inspector_desk import Change, Desk
from designer.panels.inspector_fields import draw
from designer.panels.inspector_preview import SECONDS
from designer.session import Session
from designer.texts import Texts
from engine.fields import fields_of
from engine.outline import Block, Spot, machine_language
from engine.preview import sample
from engine.problems import Problem
from engine.values import Json

ORDER = ("Comment", "StartAt", "QueryLanguage", "TimeoutSeconds", "Version")


def machine_form(
    session: Session, t: Texts, document: Json, change: Change, problems: Mapping[str, tuple[Problem, ...]]
) -> None:
    """Comment, StartAt and the other fields of the definition as a whole."""
    states = document.get("States")
    block = Block("", document, states if isinstance(states, dict) else {}, None)
    spot = Spot("", "", document, block, machine_language(document))
    desk = Desk(session, t, document, spot, None, sample(None, "", {}), change, problems, time.monotonic() + SECONDS)
    with st.container(key="inspector", gap="small"):
        st.markdown(f"**{t('Workflow')}**")
        known = fields_of("Machine")
        for name in ORDER:
            draw(desk, known[name], desk.at(name), document, (name,))
        st.caption(
            t.plural("{n} state. Select one to edit it.", "{n} states. Select one to edit it.", len(block.states))
        )
