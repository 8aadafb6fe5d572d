"""Change: the value at the player's step, to be made another; the run goes on from there."""

from __future__ import annotations

import json

import streamlit as st

from designer import actions, compute, places, store
from designer.panels import opening
from designer.panels.problems import problem_list
from designer.session import Change, Session
from designer.texts import Texts, plain
from engine.source import load_json


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        trace = compute.trace(session.setting)
        if trace is None:
            st.caption(t("There is no run to change: the definition, the input or the mocks do not make sense yet."))
            return
        recording = session.recording
        if recording is not None and not recording.simulated:
            st.caption(
                t(
                    "This is a recording: what happened stays as it was. With a definition, the simulated run below it can be "
                    "changed; choose it under Runs."
                )
            )
            return
        spot = places.editable(trace, session.cursor or 0)
        if spot is None:
            st.caption(t("There is no value here that can be changed. Step to a stage, to an input or to a result."))
            return
        step = places.step_of(trace, spot.moment)
        st.markdown(
            f"**{plain(spot.state or t('Execution'))}** · {plain(spot.stage)}  \n"
            f":gray[{t('step {step}', step=t.number(step))}]"
        )
        box = f"value-{hash(session.setting)}-{spot.moment}"
        key = f"{box}-{session.revision}"
        truth = json.dumps(spot.value, indent=2, ensure_ascii=False)
        text = session.typed.get(box, truth)
        st.text_area(
            t("The value here, as JSON"), text, key=key, height="stretch", on_change=_typed, args=(box, key, truth)
        )
        _, problem = load_json(text)
        with st.container(key="drawer-problems"):
            problem_list((problem,) if problem else (), t)
        with st.container(horizontal=True, gap="small"):
            st.button(
                t("Run on from here"),
                key="run-on",
                type="primary",
                icon=":material/fork_right:",
                on_click=_run_on,
                args=(box, key, spot.moment, truth),
            )
            if text != truth:
                st.button(t("As it was"), key="as-it-was", icon=":material/undo:", on_click=_as_it_was, args=(box,))
        st.caption(t("All earlier replies stay as they were; what comes after is asked again."))


def _typed(box: str, key: str, truth: str) -> None:
    text = store.value(key) or ""
    store.act(actions.type_in, box, text) if text != truth else store.act(actions.forget_typed, box)


def _as_it_was(box: str) -> None:
    store.act(actions.forget_typed, box)
    store.act(actions.renew)


def _run_on(box: str, key: str, moment: int, truth: str) -> None:
    """Forks, unless the text is no JSON: then it stays, and the panel says where."""
    text = store.value(key)
    text = store.session().typed.get(box, truth) if text is None else text
    value, problem = load_json(text)
    if problem is not None:
        store.act(actions.type_in, box, text)
        return
    store.act(actions.forget_typed, box)
    if moment == 0:
        opening.change_input(json.dumps(value, indent=2, ensure_ascii=False))
    else:
        opening.change(Change("value", moment, json.dumps(value, ensure_ascii=False)))
