"""Change: the value or the reply at the player's step, to be made another; the run goes on from there."""

from __future__ import annotations

import json

import streamlit as st

from designer import actions, answers, compute, places, store
from designer.panels import opening
from designer.panels.naming import word
from designer.panels.problems import problem_list
from designer.places import Answered
from designer.session import Change, Session
from designer.texts import Texts, plain
from engine.errors import TASK_FAILED, TIMEOUT
from engine.source import load_json
from engine.throwing import errors
from engine.trace import Trace

DONE, FAILED = "done", "failed"
"""How a call is answered."""


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
        call = places.answered(trace, session.cursor or 0)
        if call is not None:
            _reply(call, session, trace, t)
            return
        spot = places.editable(trace, session.cursor or 0)
        if spot is None:
            st.caption(t("There is no value here that can be changed. Step to a stage, to an input or to a result."))
            return
        step = places.step_of(trace, spot.moment)
        st.markdown(
            f"**{plain(spot.state or t('Execution'))}** · {plain(word(spot.stage, t))}  \n"
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


# Another reply to a call ----------------------------------------------------------------------------------------------


def _reply(found: Answered, session: Session, trace: Trace, t: Texts) -> None:
    """The reply that a call had, to be made another: a result where there was an error, and the other way round."""
    call, reply = found.call, found.reply
    box = f"reply-{hash(session.setting)}-{found.moment}"
    wrong = reply.failed or reply.timed_out
    truth = {
        "as": FAILED if wrong else DONE,
        "text": "{}" if wrong else json.dumps(reply.output, indent=2, ensure_ascii=False),
        "error": reply.error or (TIMEOUT if reply.timed_out else ""),
        "cause": reply.cause or "",
    }
    told = truth | json.loads(session.typed.get(box, "{}"))

    def keep(field: str, key: str) -> None:
        store.act(actions.type_in, box, json.dumps({**told, field: store.value(key) or ""}))

    step = places.step_of(trace, found.moment)
    st.markdown(
        f"**{plain(call.state)}** · {t('Reply')} · {t('attempt {n}', n=call.attempt + 1)}  \n"
        f":gray[{t('step {step}', step=t.number(step))}]"
    )
    how = f"{box}-as-{session.revision}-{t.language}"
    st.segmented_control(
        t("Reply"), [DONE, FAILED], format_func=lambda one: t("Result") if one == DONE else t("Error"), default=told["as"],
        required=True, label_visibility="collapsed", key=how, on_change=keep, args=("as", how),
    )  # fmt: skip
    problem = None
    if told["as"] == DONE:
        key = f"{box}-text-{session.revision}"
        st.text_area(t("Result, as JSON"), told["text"], key=key, height="stretch", on_change=keep, args=("text", key))
        _, problem = load_json(told["text"])
        with st.container(key="drawer-problems"):
            problem_list((problem,) if problem else (), t)
    else:
        kinds = list(dict.fromkeys([*([told["error"]] if told["error"] else []), *errors(call.resource)]))
        key, cause = f"{box}-error-{session.revision}", f"{box}-cause-{session.revision}"
        st.selectbox(t("Error"), kinds, index=0, key=key, accept_new_options=True, on_change=keep, args=("error", key))
        st.text_input(t("Cause"), told["cause"], key=cause, on_change=keep, args=("cause", cause))
    st.button(
        t("Run on from here"), key="run-on", type="primary", icon=":material/fork_right:", on_click=_run_on_with,
        args=(box, found.moment), kwargs={"told": told, "delay": reply.delay or 0},
    )  # fmt: skip
    st.caption(t("All earlier replies stay as they were; what comes after is asked again."))


def _run_on_with(box: str, moment: int, told: dict[str, str], delay: int) -> None:
    """Forks with another reply, unless its result is no JSON: then it stays, and the panel says where."""
    told |= json.loads(store.session().typed.get(box, "{}"))
    if told["as"] == FAILED:
        answer = {"error": told["error"] or TASK_FAILED, "cause": told["cause"]}
    else:
        value, problem = load_json(told["text"])
        if problem is not None:
            return
        answer = {"output": value}
    store.act(actions.forget_typed, box)
    opening.change(Change("answer", moment, answers.written(answer, delay=delay)))


# Another value --------------------------------------------------------------------------------------------------------


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
