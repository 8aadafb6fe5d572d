"""The runs that were made from each other, as a tree, and where two of them part."""

from __future__ import annotations

import json
from collections.abc import Iterator

import streamlit as st

from designer import compute, places
from designer.panels import aligned, opening
from designer.panels.naming import named
from designer.session import Change, Run, Session, Setting
from designer.texts import Texts, plain
from designer.theme import STATUS
from engine.trace import Trace
from engine.values import changes

DEEPEST = 6
MOST = 40
LONGEST = 80


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        rows = list(tree(session))
        if not rows:
            st.markdown(f"**{t('No runs yet')}**")
            st.caption(t("Run the workflow; each change you make to a run then stands below it."))
            return
        st.markdown(f"**{t('Runs made from each other')}**")
        with st.container(key="tree", gap=None):
            for run, depth in rows[-MOST:]:
                _row(run, depth, session, t)
        st.divider()
        beside(session, t)


def tree(session: Session) -> Iterator[tuple[Run, int]]:
    """The family of the run on the table, and the other families of this workflow, each run below its parent."""
    kin = {run.number: run for run in session.runs}
    below: dict[int, list[Run]] = {}
    for run in session.runs:
        below.setdefault(run.parent if run.parent in kin else 0, []).append(run)

    def branch(run: Run, depth: int) -> Iterator[tuple[Run, int]]:
        yield run, depth
        for child in below.get(run.number, ()):
            yield from branch(child, depth + 1)

    for root in below.get(0, ()):
        family = list(branch(root, 0))
        if len(family) > 1 or any(run.number == session.run for run, _ in family):
            yield from family


def _row(run: Run, depth: int, session: Session, t: Texts) -> None:
    look = STATUS[run.outcome.status]
    here = run.number == session.run
    status = run.outcome.error or t(look.label)
    label = f"**{run.number}** · {plain(made_by(run, session, t))}  \n"
    label += f":{look.badge}[{look.mark} {plain(_cut(status))}] · {plain(t.span(run.outcome.duration))}"
    with st.container(key=f"branch-{min(depth, DEEPEST)}-{run.number}-{'here' if here else 'there'}", gap=None):
        st.button(
            label,
            key=f"look-{run.number}-{'here' if here else 'there'}",
            type="tertiary",
            width="stretch",
            on_click=opening.look_at,
            args=(run.number,),
        )


def made_by(run: Run, session: Session, t: Texts) -> str:
    """What makes a run another one than its parent; a root is named by its scenario."""
    parent = next((one for one in session.runs if one.number == run.parent), None)
    if parent is None:
        if run.setting.recording and not run.setting.recording.simulated:
            return t("Recorded: {name}", name=run.setting.recording.name)
        chosen = next((one for one in session.scenarios if one.name == run.scenario), None)
        return t.pick(chosen.title) if chosen else run.scenario or t("Run")
    setting, before = run.setting, parent.setting
    if len(setting.changes) > len(before.changes):
        return _said(setting.changes[-1], setting.before, t)
    if setting.recording and setting.recording.simulated:
        return t("Simulated with the recorded replies")
    told = {
        "definition": t("Another definition"),
        "input": t("Another input"),
        "mocks": t("Other mocks"),
    }
    return next((text for name, text in told.items() if getattr(setting, name) != getattr(before, name)), t("Again"))


def _said(change: Change, before: Setting, t: Texts) -> str:
    if change.kind == "definition":
        return t("Another definition")
    if change.kind == "input":
        return t("Another input")
    trace = compute.trace(before)
    place = named(trace, change.moment, t) if trace else ""
    if change.kind == "value":
        return t("{place} changed to {value}", place=place, value=_cut(change.text))
    answer = json.loads(change.text)
    state = places.state_of(trace, change.moment) if trace else ""
    if "error" in answer:
        return t("{state} failed with {error}", state=state, error=answer["error"])
    if answer.get("timeout"):
        return t("{state} left to its timeout", state=state)
    return t("{state} answered with {value}", state=state, value=_cut(json.dumps(answer.get("output"))))


def beside(session: Session, t: Texts) -> None:
    """Two runs beside each other, the one on the table and another: where they part, and a way to both places."""
    runs = [run for run, _ in tree(session)]
    here = next((run for run in runs if run.number == session.run), None)
    others = [run for run in runs if run is not here]
    if here is None or not others:
        return
    kin = [run.number == here.parent or run.parent == here.number for run in others]
    usual = kin.index(True) if any(kin) else len(others) - 1
    other = st.selectbox(
        t("Compare run {number} with", number=here.number),
        others,
        index=usual,
        format_func=lambda run: f"{run.number} · {_cut(made_by(run, session, t))}",
        key=f"beside-{here.number}-{len(others)}-{session.language}",
    )
    one, two = compute.trace(here.setting), compute.trace(other.setting)
    if one is None or two is None:
        return
    found = compute.parting(here.setting, other.setting)
    if found is None:
        st.markdown(f":green[✓] {t('They do not part: everything that happens is the same in both.')}")
        return
    mine, theirs = found
    st.markdown(
        "**" + t("They part at step {step}: {place}", step=t.number(places.step_of(one, mine)),
                 place=plain(named(one, mine, t))) + "**"
    )  # fmt: skip
    _differences(here, other, one, two, mine, theirs, t)
    with st.container(horizontal=True, gap="small"):
        for run, moment, trace in ((here, mine, one), (other, theirs, two)):
            st.button(
                t("Go there in run {number}", number=run.number),
                key=f"go-{run.number}-{moment}",
                help=t("step {step}", step=t.number(places.step_of(trace, moment))),
                icon=":material/arrow_right_alt:",
                on_click=opening.go_in,
                args=(run.number, moment),
            )
    if st.button(t("Stage by stage"), key=f"stages-{here.number}-{other.number}", icon=":material/difference:"):
        older, newer = sorted((here, other), key=lambda run: run.number)
        title = t("Run {one} beside run {other}, stage by stage", one=older.number, other=newer.number)
        st.dialog(title, width="large")(_stage_by_stage)(older, newer, t)


def _stage_by_stage(older: Run, newer: Run, t: Texts) -> None:
    one, two = compute.trace(older.setting), compute.trace(newer.setting)
    if one is None or two is None:
        return

    def go(side: int, moment: int) -> None:
        opening.go_in((older, newer)[side].number, moment)
        st.rerun()

    with st.container(key="aligned", gap="small"):
        rows = compute.side_by_side(older.setting, newer.setting)
        names = (t("run {number}", number=older.number), t("run {number}", number=newer.number))
        aligned.table(rows, (one, two), names, t, key=f"aligned-{older.number}-{newer.number}", go=go)


def _differences(here: Run, other: Run, one: Trace, two: Trace, mine: int, theirs: int, t: Texts) -> None:
    """What stands at the two moments: other kinds of moments by their names, values by what differs in them."""
    left, right = one[mine], two[theirs]
    if named(one, mine, t) != named(two, theirs, t):
        st.markdown(f"{here.number}: {plain(named(one, mine, t))}  \n{other.number}: {plain(named(two, theirs, t))}")
        return
    found = list(changes(_plain(right.value), _plain(left.value)))
    lines = []
    for difference in found[:6]:
        path = "$" + "".join(f"[{step}]" if isinstance(step, int) else f".{step}" for step in difference.path)
        before = "–" if difference.kind == "added" else _cut(json.dumps(difference.before, ensure_ascii=False))
        after = "–" if difference.kind == "removed" else _cut(json.dumps(difference.after, ensure_ascii=False))
        lines.append(f"{path}\n  {other.number}: {before}\n  {here.number}: {after}")
    st.code("\n".join(lines), language=None, wrap_lines=True)
    if len(found) > 6:
        st.caption(t.plural("and {n} more", "and {n} more", len(found) - 6))


def _plain(value: object) -> object:
    given = getattr(value, "given", None)
    if given is not None:
        return given
    return list(value) if isinstance(value, tuple) else value


def _cut(text: str) -> str:
    return text if len(text) <= LONGEST else text[: LONGEST - 1] + "…"
