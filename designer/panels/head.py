"""The row above the work: which workflow, which scenario, which type, and how its run ended."""

from __future__ import annotations

import streamlit as st

from designer import actions, store
from designer.panels import opening
from designer.panels.status import chip, facts
from designer.session import Outcome, Session, WorkflowType
from designer.texts import Texts, plain
from designer.theme import N_

TYPES: dict[WorkflowType, str] = {"STANDARD": N_("Standard"), "EXPRESS": N_("Express")}


def title_of(session: Session, t: Texts) -> str:
    return t.pick(session.title) or t("Your own definition")


def title(session: Session, t: Texts) -> None:
    st.markdown(f"#### {plain(title_of(session, t))}", width="content")


def scenario_box(session: Session, t: Texts, *, key: str) -> None:
    """The scenarios by their titles; nothing where the workflow has none."""
    if not session.scenarios:
        return
    names = [scenario.name for scenario in session.scenarios]
    titles = {scenario.name: t.pick(scenario.title) for scenario in session.scenarios}
    box = f"{key}-scenario-{session.revision}-{session.language}"
    st.selectbox(
        t("Scenario"),
        names,
        index=names.index(session.scenario) if session.scenario in names else None,
        format_func=lambda name: titles[name],
        placeholder=t("none"),
        key=box,
        on_change=lambda: opening.choose_scenario(store.value(box)),
        width=320,
    )


def type_box(session: Session, t: Texts, *, key: str) -> None:
    types = list(TYPES)
    box = f"{key}-type-{session.revision}-{session.workflow_type}"

    def chosen() -> None:
        store.act(actions.choose_type, store.value(box))
        opening.run()

    st.selectbox(
        t("Type"),
        types,
        label_visibility="collapsed",
        index=types.index(session.workflow_type),
        format_func=lambda one: t(TYPES[one]),
        key=box,
        on_change=chosen,
        width=112,
    )


def outcome_chips(outcome: Outcome | None, t: Texts) -> None:
    """How the run ended; a word about why there is none."""
    if outcome is None:
        st.badge(t("Not run"), icon=":material/radio_button_unchecked:", color="gray")
    else:
        chip(outcome, t)
        facts(outcome, t)
