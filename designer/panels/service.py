"""Be the other service: what a task asked and nobody has answered, and the buttons that answer it."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

import streamlit as st

from designer import actions, answers, compute, places, store
from designer.panels import opening
from designer.panels.problems import problem_list
from designer.places import Waiting
from designer.session import Change, Session
from designer.texts import Texts, plain
from engine.source import load_json
from engine.trace import Call

MOST = 20
"""Calls shown at once; the others come when these are answered."""


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        trace = compute.trace(session.setting)
        waiting = places.parked(trace) if trace else []
        if not waiting:
            st.markdown(f"**{t('No task waits')}**")
            st.caption(
                t(
                    "A task waits when no mock answers it: a callback, an activity, any call that nobody replies to. Then "
                    "you see here what the service got, and answer in its place. The clock is virtual: a heartbeat of 20 s "
                    "or a callback after a year takes no waiting."
                )
            )
            return
        st.markdown(f"**{t.plural('{n} task waits for its answer', '{n} tasks wait for their answer', len(waiting))}**")
        for one in waiting[:MOST]:
            _call(one, session, t)


def _call(one: Waiting, session: Session, t: Texts) -> None:
    call, box = one.call, f"{hash(session.setting)}-{one.moment}"
    with st.container(key=f"call-{one.moment}", border=True, gap="small"):
        st.markdown(f"**{plain(_name(call))}** · {plain(_short(call.resource))}")
        st.caption(_limits(call, t))
        with st.expander(t("What the service got"), expanded=True, key=f"got-{box}"):
            st.code(json.dumps(call.given, indent=2, ensure_ascii=False), language="json", height=130)
            if call.token:
                st.caption(f"{t('Task token')}: {plain(call.token)}")
        after = _after(box, _heartbeats(session, box), t)
        _beats(call, box, session, t)
        key = f"output-{box}-{session.revision}"
        text = session.typed.get(f"output-{box}", "{}")
        st.text_area(t("Output, as JSON"), text, key=key, height=90, on_change=_keep, args=(f"output-{box}", key))
        _, problem = load_json(text)
        problem_list((problem,) if problem else (), t)
        with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
            error = _field(t("Error"), "error", box, session, "ServiceError")
            cause = _field(t("Cause"), "cause", box, session, "")
        with st.container(horizontal=True, gap="small"):
            st.button(
                t("Success"),
                key=f"success-{box}",
                type="primary",
                icon=":material/check_circle:",
                on_click=_succeed,
                args=(one.moment, box, key, after),
            )
            st.button(
                t("Failure"),
                key=f"failure-{box}",
                icon=":material/cancel:",
                on_click=_answer,
                args=(one.moment, box, {"error": error, "cause": cause}, after),
            )
            st.button(
                t("Let time pass"),
                key=f"timeout-{box}",
                icon=":material/timer_off:",
                help=t("Nobody answers until the heartbeat or the timeout runs out"),
                disabled=call.timeout_seconds is None and call.heartbeat_seconds is None,
                on_click=_answer,
                args=(one.moment, box, {"timeout": True}, 0),
            )


def _limits(call: Call, t: Texts) -> str:
    told = [
        t("called at {at}", at=t.span(call.at)),
        t("attempt {n}", n=t.number(call.attempt + 1)),
    ]
    if call.heartbeat_seconds is not None:
        told.append(t("a heartbeat at least every {span}", span=t.span(call.heartbeat_seconds * 1000)))
    if call.timeout_seconds is not None:
        told.append(t("timeout after {span}", span=t.span(call.timeout_seconds * 1000)))
    elif call.heartbeat_seconds is None:
        told.append(t("no timeout: it waits as long as the execution may last"))
    return " · ".join(told)


def _after(box: str, beats: list[int], t: Texts) -> float:
    usual = (beats[-1] / 1000 if beats else 0.0) + 1.0
    return st.number_input(
        t("Answer after, in virtual seconds"), min_value=0.0, value=usual, step=1.0, key=f"after-{box}-{len(beats)}"
    )


def _beats(call: Call, box: str, session: Session, t: Texts) -> None:
    """Heartbeats that are sent before the answer, and until when they keep the task alive."""
    if call.heartbeat_seconds is None:
        return
    beats = _heartbeats(session, box)
    key = f"beat-{box}-{len(beats)}"
    with st.container(horizontal=True, vertical_alignment="bottom", gap="small"):
        st.number_input(
            t("Heartbeat, after seconds"),
            min_value=0.0,
            value=(beats[-1] / 1000 if beats else 0.0) + max(1.0, call.heartbeat_seconds * 0.75),
            step=1.0,
            key=key,
        )
        st.button(
            t("Heartbeat"),
            key=f"heartbeat-{box}",
            icon=":material/favorite:",
            on_click=_beat,
            args=(box, key, beats),
        )
        if beats:
            st.button(t("None"), key=f"no-beats-{box}", on_click=store.act, args=(actions.forget_typed, f"beats-{box}"))
    if beats:
        told = ", ".join(t.span(beat) for beat in beats)
        alive = t.span(beats[-1] + call.heartbeat_seconds * 1000)
        st.caption(t("Heartbeats at {beats}. Without another, the task times out at {alive}.", beats=told, alive=alive))


def _field(label: str, name: str, box: str, session: Session, usual: str) -> str:
    key = f"{name}-{box}-{session.revision}"
    return st.text_input(
        label,
        session.typed.get(f"{name}-{box}", usual),
        key=key,
        on_change=_keep,
        args=(f"{name}-{box}", key),
    )


def _keep(box: str, key: str) -> None:
    store.act(actions.type_in, box, store.value(key) or "")


def _beat(box: str, key: str, beats: list[int]) -> None:
    at = round(float(store.value(key) or 0) * 1000)
    store.act(actions.type_in, f"beats-{box}", json.dumps(sorted({*beats, at})))


def _heartbeats(session: Session, box: str) -> list[int]:
    beats: list[int] = json.loads(session.typed.get(f"beats-{box}", "[]"))
    return beats


def _succeed(moment: int, box: str, key: str, after: float) -> None:
    text = store.value(key)
    text = store.session().typed.get(f"output-{box}", "{}") if text is None else text
    value, problem = load_json(text)
    if problem is not None:
        store.act(actions.type_in, f"output-{box}", text)
        return
    _answer(moment, box, {"output": value}, after)


def _answer(moment: int, box: str, answer: Mapping[str, Any], after: float) -> None:
    beats = _heartbeats(store.session(), box)
    text = answers.written(answer, delay=round(after * 1000), heartbeats=beats)
    opening.change(Change("answer", moment, text))


def _name(call: Call) -> str:
    """`Ask`, `Ask [2]` within an iteration."""
    return call.state + "".join(f" [{index}]" for index in call.iteration.values())


def _short(resource: str) -> str:
    return resource.rpartition(":::")[2] or resource
