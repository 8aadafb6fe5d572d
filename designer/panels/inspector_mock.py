"""Who answers the state in the current scenario."""

from __future__ import annotations

import streamlit as st

from designer import mocking
from designer.mocking import Task
from designer.panels import mocks
from designer.panels.inspector_desk import Desk


def mock_tab(desk: Desk) -> None:
    """The row of the state, as the Mocks drawer of Debug has it."""
    t, session, spot = desk.t, desk.session, desk.spot
    task = Task(spot.name, spot.at, str(spot.source.get("Resource", "")))
    st.caption(
        t("Test case “{case}”", case=session.case)
        if session.case
        else t("No test case yet: your first answer makes one.")
    )
    mocks.row(session, mocking.read(session.mocks), task, t)
