"""Scenarios: ways to run a workflow with what is expected of each; all at once as a matrix, with what they cover."""

from __future__ import annotations

import json

import streamlit as st

from designer import actions, compute, mocking, store
from designer.compute import Judged
from designer.panels import opening
from designer.panels.problems import problem_list
from designer.panels.sentences import said_in
from designer.session import Scenario, Session, Setting
from designer.texts import Texts, plain
from designer.theme import STATUS
from engine.coverage import Coverage
from engine.source import load_json

SHOWN = 12
"""Missed states and ways that are named; how many more there are is said."""
RUN = "scenarios-run"


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        with st.container(horizontal=True, gap="small"):
            st.button(
                t("Run all"),
                key="run-all",
                type="primary",
                icon=":material/playlist_play:",
                disabled=not session.scenarios,
                on_click=store.act,
                args=(actions.type_in, RUN, "yes"),
            )
            st.button(t("Keep as scenario"), key="keep-scenario", icon=":material/add:", on_click=_keep, args=(t,))
        if not session.scenarios:
            st.caption(
                t(
                    "A scenario is an input, who answers, and what you expect. Keep what is on the table as the first one."
                )
            )
            return
        if session.typed.get(RUN):
            _matrix(session, t)
        else:
            _list(session, t)
        if session.chosen is not None:
            st.divider()
            _chosen(session, session.chosen, t)


def _list(session: Session, t: Texts) -> None:
    for scenario in session.scenarios:
        _row(scenario, session, "", t)


def _row(scenario: Scenario, session: Session, told: str, t: Texts) -> None:
    here = scenario.name == session.scenario
    slug = "".join(sign if sign.isalnum() else "-" for sign in scenario.name)
    with st.container(key=f"branch-0-scenario-{'here' if here else 'there'}-{slug}", gap=None):
        st.button(
            f"**{plain(t.pick(scenario.title))}**" + (f"  \n{told}" if told else ""),
            key=f"choose-{scenario.name}-{here}",
            type="tertiary",
            width="stretch",
            on_click=opening.choose_scenario,
            args=(scenario.name,),
        )


def _matrix(session: Session, t: Texts) -> None:
    """Scenario × verdict, transitions, duration, cost; then what all of them together went through."""
    found = [compute.judged(scenario, setting) for scenario, setting in _settings(session)]
    good = sum(one.ok is True for one in found)
    expected = sum(one.ok is not None for one in found)
    icon = ":green[✓]" if good == expected else ":red[✕]"
    st.markdown(f"{icon} **{t('{good} of {all} as expected', good=t.number(good), all=t.number(expected))}**")
    with st.container(key="matrix", gap=None):
        for one in found:
            _row(one.scenario, session, _told(one, t), t)
    _coverage(covered(session), t)


def _settings(session: Session) -> list[tuple[Scenario, Setting]]:
    rows = actions.batch(session, list(session.scenarios), 1)
    return [(scenario, actions.fixed(setting)) for scenario, (_, setting) in zip(session.scenarios, rows, strict=True)]


def covered(session: Session) -> Coverage | None:
    """What all scenarios together went through, once they have been run and while they are looked at."""
    if session.drawer != "scenarios" or not session.typed.get(RUN) or not session.scenarios:
        return None
    return compute.covered(session.definition, session.path, tuple(setting for _, setting in _settings(session)))


def _told(one: Judged, t: Texts) -> str:
    if one.outcome is None:
        return f":red[✕ {plain(said_in(t(one.wrong), t))}]"
    outcome = one.outcome
    look = STATUS[outcome.status]
    facts = [
        f":{look.badge}[{look.mark} {plain(outcome.error or t(look.label))}]",
        plain(t.plural("{n} transition", "{n} transitions", outcome.transitions)),
        plain(t.span(outcome.duration)),
        plain(t.money(outcome.cost)),
    ]
    line = " · ".join(facts)
    if one.wrong:
        return f"{line}  \n:red[✕ {plain(said_in(t(one.wrong), t))}]"
    if one.ok is None:
        return f"{line}  \n:gray[{t('nothing is expected')}]"
    if one.ok:
        return f"{line}  \n:green[✓ {t('as expected')}]"
    wrong = "; ".join(f"{verdict.what}: {verdict.note or _differs(verdict.expected, verdict.found, t)}" for verdict in one.verdicts if not verdict.ok)  # fmt: skip
    return f"{line}  \n:red[✕ {plain(wrong)}]"


def _differs(expected: object, found: object, t: Texts) -> str:
    return t(
        "{expected} expected, {found} found",
        expected=json.dumps(expected, ensure_ascii=False),
        found=json.dumps(found, ensure_ascii=False),
    )


def _coverage(covered: Coverage | None, t: Texts) -> None:
    if covered is None:
        return
    st.divider()
    st.markdown(
        "**"
        + t(
            "Covered: {states} % of the states, {edges} % of the ways",
            states=t.number(covered.states_percent, 0),
            edges=t.number(covered.edges_percent, 0),
        )
        + "**"
    )
    names = {node.id: node.name for node in covered.nodes}
    missed = [f"○ {plain(node.name)}" for node in covered.missed_states]
    missed += [
        f"⇢ {plain(names.get(edge.source, t('Start')))} → {plain(names.get(edge.target, t('End')))}"
        + (f" :gray[({plain(edge.label)})]" if edge.label else "")
        for edge in covered.missed_edges
    ]
    if not missed:
        st.caption(t("Every state and every way is gone by at least one scenario."))
        return
    st.caption(t("Never reached, in no scenario:"))
    st.markdown("  \n".join(missed[:SHOWN]))
    if len(missed) > SHOWN:
        st.caption(t.plural("and {n} more", "and {n} more", len(missed) - SHOWN))


def _chosen(session: Session, scenario: Scenario, t: Texts) -> None:
    """The scenario that is chosen: its name, what is expected, copies."""
    box = f"{scenario.name}-{session.revision}"
    st.text_input(
        t("Name"),
        t.pick(scenario.title),
        key=f"title-{box}",
        on_change=lambda: _rename(scenario.name, store.value(f"title-{box}")),
    )
    st.text_area(
        t("What is expected, as JSON"),
        scenario.expect,
        key=f"expect-{box}",
        height=150,
        placeholder='{"status": "SUCCEEDED", "path": ["Pay", "Ship"]}',
        help=t(
            "Any of status, output, error, cause, transitions, duration (ms) and path; what is left out is not checked."
        ),
        on_change=lambda: store.act(actions.set_scenario, scenario.name, expect=store.value(f"expect-{box}") or ""),
    )
    if scenario.expect.strip():
        _, problem = load_json(scenario.expect)
        problem_list((problem,) if problem else (), t)
    with st.container(horizontal=True, gap="small"):
        if scenario.input != session.input or scenario.workflow_type != session.workflow_type:
            st.button(t("Take input from the table"), key="take-input", on_click=store.act, args=(actions.store_input,))
        st.button(
            t("Expect this run"),
            key="expect-this",
            icon=":material/verified:",
            help=t("What the run on the table came to becomes what is expected"),
            on_click=_expect_this,
        )
        st.button(t("Duplicate"), key="copy-scenario", icon=":material/content_copy:", on_click=_copy, args=(t,))
        st.button(
            t("Delete"), key="delete-scenario", icon=":material/delete:", on_click=store.act,
            args=(actions.delete_scenario, scenario.name),
        )  # fmt: skip


def _keep(t: Texts) -> None:
    session = store.session()
    number = len(session.scenarios) + 1
    store.act(actions.keep_scenario, _free(session, f"scenario-{number}"), t("Scenario {n}", n=t.number(number)))
    store.act(actions.renew)


def _copy(t: Texts) -> None:
    """A copy with a test case of its own, so that its answers can be changed without touching the first's."""
    session = store.session()
    scenario = session.chosen
    if scenario is None:
        return
    config = mocking.read(session.mocks)
    case, mocks = None, session.mocks
    new = _free(session, f"{scenario.name}-2")
    if scenario.case is not None:
        machine = mocking.machine_of(config, scenario.case, session.workflow or "workflow")
        case = mocking.free(config, f"{scenario.case} 2")
        mocks = mocking.write(mocking.copied(config, machine, scenario.case, case))
    title = t("Copy of {title}", title=t.pick(scenario.title))
    store.act(actions.copy_scenario, scenario.name, new, title, mocks, case)
    opening.choose_scenario(new)


def _rename(name: str, title: str | None) -> None:
    if title and title.strip():
        store.act(actions.set_scenario, name, title=title.strip())


def _expect_this() -> None:
    session = store.session()
    trace = compute.trace(session.setting)
    if trace is None:
        return
    told: dict[str, object] = {"status": trace.status}
    if trace.status == "SUCCEEDED":
        told["output"] = trace.output
    elif trace.error is not None:
        told["error"] = trace.error
    told["path"] = [visit.state.name for visit in trace.visits][:100]
    text = json.dumps(told, indent=2, ensure_ascii=False)
    store.act(actions.set_scenario, session.scenario, expect=text)


def _free(session: Session, wanted: str) -> str:
    taken = {scenario.name for scenario in session.scenarios}
    name, number = wanted, 2
    while name in taken:
        name, number = f"{wanted}-{number}", number + 1
    return name
