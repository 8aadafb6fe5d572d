"""Mocks: what the services answer, a row for each task of the definition; the whole as text, and in and out as files."""

from __future__ import annotations

import json
from typing import Any, Literal

import streamlit as st

from designer import actions, compute, mocking, store
from designer.mocking import Task
from designer.panels import opening
from designer.panels.dropping import dropping
from designer.panels.editors import drawer as editor
from designer.panels.mock_answers import (
    COMPUTED,
    REPLIES,
    RETURN,
    carried,
    complaint,
    draft,
    following,
    result,
    written,
)
from designer.panels.problems import problem_list
from designer.panels.sentences import said_in
from designer.session import Session
from designer.texts import Texts, plain
from designer.theme import N_
from engine.source import load_json

Mode = Literal["answers", "made-up", "nobody"]
MODES: dict[Mode, str] = {"answers": N_("Answers"), "made-up": N_("Made up"), "nobody": N_("Nobody answers")}
PREVIEWED = 2_000
"""Characters of a preview."""
EXPRESSIONS = N_(
    "JSONata in {% … %}, alone or within JSON, as in a state’s Output. $request is what the task was called with, as it was sent; "
    "$states.input is the same. Example: {% $sum($request.items.price) %}. It is kept as Return with "
    "“QueryLanguage”: “JSONata” beside it; one that fails ends the execution with States.Runtime and names this mock."
)
LARGEST_MB = 1
CHOSEN = "mock-task"
VIEW = "mock-view"


def panel(session: Session, t: Texts) -> None:
    views = {"tasks": t("By task"), "text": t("As text")}
    chosen = session.typed.get(VIEW, "text" if "mocks" in session.drafts else "tasks")
    with st.container(key="mock-views"):
        st.segmented_control(
            t("Mocks"),
            list(views),
            format_func=lambda view: views[view],
            default=chosen,
            required=True,
            label_visibility="collapsed",
            key=f"{VIEW}-{session.language}",
            on_change=lambda: store.act(actions.type_in, VIEW, store.value(f"{VIEW}-{session.language}")),
        )
    if chosen == "text":
        editor(session, t)
        return
    with st.container(key="drawer-card", border=True):
        _by_task(session, t)
        st.divider()
        _files(session, t)


def _by_task(session: Session, t: Texts) -> None:
    found = mocking.tasks(compute.read(session.definition, session.path).document)
    if not found:
        st.caption(t("This workflow has no Task: nothing asks a service."))
        return
    config = mocking.read(session.mocks)
    st.caption(
        t("Test case “{case}”", case=session.case)
        if session.case
        else t("No test case yet: your first answer makes one.")
    )
    with st.container(key="mock-tasks", gap=None):
        for task in found:
            here = session.typed.get(CHOSEN) == task.name
            with st.container(key=f"branch-0-mock-{'here' if here else 'there'}-{_slug(task.at)}", gap=None):
                st.button(
                    f"**{plain(task.name)}** · {plain(task.resource.rpartition(':::')[2] or task.resource)}  \n"
                    f":gray[{plain(_summary(session, config, task, t))}]",
                    key=f"mock-{task.at}-{here}",
                    type="tertiary",
                    width="stretch",
                    on_click=store.act,
                    args=(actions.type_in, CHOSEN, "" if here else task.name),
                )
            if here:
                row(session, config, task, t)


def _slug(at: str) -> str:
    return "".join(sign if sign.isalnum() else "-" for sign in at)


def mode_of(session: Session, config: mocking.Config, task: Task) -> Mode:
    if mocking.row(config, session.case, task.name) is not None:
        return "answers"
    return "made-up" if task.name in session.made_up else "nobody"


def _summary(session: Session, config: mocking.Config, task: Task, t: Texts) -> str:
    mode = mode_of(session, config, task)
    if mode != "answers":
        return t(MODES[mode])
    entries = mocking.row(config, session.case, task.name) or {}
    told = []
    for key, entry in entries.items():
        thrown = entry.get("Throw", {}).get("Error") if isinstance(entry, dict) else None
        computed = isinstance(entry, dict) and mocking.is_expression(entry)
        told.append(f"{key}: {thrown or ('{% %}' if computed else t('result'))}")
    return " · ".join(told)


def row(session: Session, config: mocking.Config, task: Task, t: Texts) -> None:
    """How one task is answered: by a list of answers, by made-up ones, by nobody."""
    box = f"mock:{session.case}:{task.name}"
    mode = mode_of(session, config, task)
    key = f"mode-{box}-{session.revision}"
    with st.container(key="mock-row", border=True, gap="small"):
        st.segmented_control(
            t("How it is answered"),
            list(MODES),
            format_func=lambda one: t(MODES[one]),
            default=mode,
            required=True,
            key=key,
            on_change=lambda: _mode(box, task, store.value(key)),
        )
        if mode == "made-up":
            st.caption(t("It answers what its service would plausibly answer, with what the workflow reads of it."))
        elif mode == "nobody":
            st.caption(t("The run waits at this task; you answer it under Answer."))
        else:
            _answers(session, config, task, box, t)


def _answers(session: Session, config: mocking.Config, task: Task, box: str, t: Texts) -> None:
    entries = draft(session, config, task, box)
    for index, entry in enumerate(entries):
        _answer(index, entry, entries, session, task, box, t)
    wrong = complaint(task, entries)
    if wrong is not None:
        problem_list((wrong,), t)
    st.button(
        t("Add an answer"),
        key=f"add-{box}",
        icon=":material/add:",
        on_click=_apply,
        args=(box, task, [*entries, following(entries)]),
    )


def _answer(index: int, entry: dict[str, Any], entries: list[dict[str, Any]], session: Session, task: Task, box: str, t: Texts) -> None:  # fmt: skip
    name = f"{box}-{index}-{session.revision}-{len(entries)}"

    def edited(field: str) -> None:
        value = store.value(f"{field}-{name}")
        changed = {**entry, field: value}
        if field == "error":
            changed["text"] = carried(entry, value or RETURN)
        _apply(box, task, [*entries[:index], changed, *entries[index + 1 :]], keep=field != "error")

    with st.container(key=f"answer-{name}", gap="small"):
        with st.container(horizontal=True, wrap=False, vertical_alignment="bottom", gap="small"):
            st.text_input(
                t("Calls"), entry["calls"], key=f"calls-{name}", width=76, on_change=edited, args=("calls",),
                help=t("Counted from 0 over the whole execution: 0 is the first call, 1-3 the three after it."),
            )  # fmt: skip
            kinds = list(dict.fromkeys([*REPLIES, *task.errors, entry["error"]]))
            st.selectbox(
                t("Reply"), kinds, index=kinds.index(entry["error"]), key=f"error-{name}", on_change=edited,
                args=("error",), format_func=lambda kind: t(REPLIES[kind]) if kind in REPLIES else kind, accept_new_options=True,
            )  # fmt: skip
            st.number_input(
                t("After, s"), min_value=0.0, value=float(entry["delay"]), step=0.1, format="%g", key=f"delay-{name}", width=92,
                on_change=edited, args=("delay",),
            )  # fmt: skip
            st.button(
                "", key=f"remove-{name}", icon=":material/delete:", on_click=_apply,
                args=(box, task, [*entries[:index], *entries[index + 1 :]]), disabled=len(entries) == 1,
            )  # fmt: skip
        labels = {RETURN: t("Result, as JSON"), COMPUTED: t("Result, with expressions in {% %}")}
        st.text_area(
            labels.get(entry["error"], t("Cause")), entry["text"], key=f"text-{name}", height=96, on_change=edited,
            args=("text",), help=t(EXPRESSIONS) if entry["error"] == COMPUTED else None,
        )  # fmt: skip
        if entry["error"] == COMPUTED:
            _preview(entry, session, task, t)


def _preview(entry: dict[str, Any], session: Session, task: Task, t: Texts) -> None:
    """What the expression answers to the request of the run on the table."""
    if complaint(task, [{**entry, "calls": "0"}]) is not None:
        return
    call = mocking.asked(compute.trace(session.setting), task.name, entry["calls"])
    if call is None:
        st.caption(t("The last run did not call this task: there is no request to try it on."))
        return
    reply = mocking.tried(result(entry), call, entry["calls"])
    number = t.number(call.number)
    if reply.failed:
        st.markdown(f":orange[:material/warning:] {t('On the request of call {number} it fails', number=number)}: "
                    f"{plain(_cut(reply.cause or ''))}")  # fmt: skip
    else:
        st.caption(t("On the request of call {number} it answers", number=number))
        st.code(_cut(json.dumps(reply.output, indent=2, ensure_ascii=False)), language="json", wrap_lines=True)
    with st.expander(t("The request"), key=f"request-{task.at}-{call.number}"):
        st.code(_cut(json.dumps(call.given, indent=2, ensure_ascii=False)), language="json", wrap_lines=True)


def _cut(text: str) -> str:
    return text if len(text) <= PREVIEWED else text[: PREVIEWED - 1] + "…"


def _apply(box: str, task: Task, entries: list[dict[str, Any]], *, keep: bool = False) -> None:
    """Answers that can be used become the mocks at once; others wait in the row."""
    if complaint(task, entries) is None:
        store.act(actions.forget_typed, box)
        _put(task, written(entries))
        if not keep:
            store.act(actions.renew)
        return
    store.act(actions.type_in, box, json.dumps(entries))
    store.act(actions.renew)


def _mode(box: str, task: Task, mode: Mode) -> None:
    """Another way to be answered. The answers that were there are kept for coming back."""
    session = store.session()
    kept = draft(session, mocking.read(session.mocks), task, box)
    if mode == "answers":
        was = session.typed.get(f"was-{box}")
        entries = json.loads(was) if was else [following([])]
        _apply(box, task, entries)
        return
    if kept:
        store.act(actions.type_in, f"was-{box}", json.dumps(kept))
    store.act(actions.forget_typed, box)
    _put(task, None, made_up=mode == "made-up")


def _put(task: Task, entries: dict[str, Any] | None, *, made_up: bool = False) -> None:
    session = store.session()
    config = mocking.read(session.mocks)
    machine = mocking.machine_of(config, session.case, session.workflow or "workflow")
    case = session.case or mocking.free(config, session.scenario or "Own")
    text = mocking.write(mocking.with_row(config, machine, case, task.name, entries))
    names = {*session.made_up, task.name} if made_up else {*session.made_up} - {task.name}
    store.act(actions.mock, text, case, tuple(sorted(names)))
    opening.note_below(session.run)


def _files(session: Session, t: Texts) -> None:
    config = mocking.read(session.mocks)
    found = mocking.tasks(compute.read(session.definition, session.path).document)
    with st.container(horizontal=True, gap="small"):
        st.download_button(
            "MockConfigFile", lambda: mocking.write(_exported(session)), file_name="MockConfigFile.json",
            mime="application/json", icon=":material/download:", key="mock-file", on_click="ignore",
        )  # fmt: skip
        st.download_button(
            t("TestState mocks"),
            lambda: _as_test_state(session, found),
            file_name="teststate-mocks.json", mime="application/json", icon=":material/download:", key="mock-teststate",
            on_click="ignore", disabled=not config,
        )  # fmt: skip
    names = mocking.computed(config, session.case, found)
    if names:
        st.caption(
            t(
                "{names}: answered by expressions, which only Paso knows. Another tool takes them in a MockConfigFile for the "
                "texts they are; in TestState mocks the results of this run stand for them.",
                names=plain(", ".join(names)),
            )
        )
    if mocking.delayed(config, session.case, found):
        st.caption(t("Delays are Paso’s own too: a MockConfigFile has them as Delay, TestState mocks have none."))
    dropping(
        t("or drop a MockConfigFile, or mocks of TestState"),
        t,
        key="dropped-mocks",
        megabytes=LARGEST_MB,
        on_drop=_dropped,
    )
    if session.notice is not None:
        st.warning(plain(said_in(t(session.notice.text, **session.notice.values), t)), icon=":material/theater_comedy:")


def _as_test_state(session: Session, found: tuple[Task, ...]) -> str:
    made = mocking.test_state_mocks(_exported(session), session.case, found, compute.trace(session.setting))
    return json.dumps(made, indent=2, ensure_ascii=False)


def _exported(session: Session) -> dict[str, Any]:
    """The mocks with what was made up in the present run written out, so that the file says all."""
    config = mocking.read(session.mocks)
    trace = compute.trace(session.setting) if session.made_up else None
    if trace is None:
        return config
    machine = mocking.machine_of(config, session.case, session.workflow or "workflow")
    for state, entries in mocking.made_up_rows(trace, session.made_up).items():
        config = mocking.with_row(config, machine, session.case or "Own", state, entries)
    return config


def _dropped() -> None:
    file = store.value("dropped-mocks")
    if file is None:
        return
    session, text = store.session(), file.getvalue().decode("utf-8-sig", "replace")
    value, problem = load_json(text, "mocks")
    if problem is not None:
        store.act(actions.tell, problem.message)
        return
    if isinstance(value, dict) and "StateMachines" in value:
        wrong = compute.problems_of("mocks", text, None)
        if wrong:
            store.act(actions.tell, wrong[0].message)
            return
        cases = [case for told in value["StateMachines"].values() for case in told.get("TestCases", {})]
        case = session.case if session.case in cases else next(iter(cases), None)
        store.act(actions.mock, text, case, session.made_up)
    else:
        try:
            rows = mocking.from_test_state(value)
        except ValueError as refused:
            store.act(actions.tell, str(refused))
            return
        config = mocking.read(session.mocks)
        machine = mocking.machine_of(config, session.case, session.workflow or "workflow")
        case = session.case or mocking.free(config, "TestState")
        for state, entries in rows.items():
            config = mocking.with_row(config, machine, case, state, entries)
        store.act(actions.mock, mocking.write(config), case, session.made_up)
    store.act(actions.put_away)
    store.act(actions.renew)
    opening.note_below(session.run)
