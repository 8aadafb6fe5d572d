"""Design: a workflow drawn, filled in and written; the text is the truth, and canvas, form, code and problems show it."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path

import streamlit as st

from designer import actions, compute, drafting, library, store
from designer.components.canvas import Edit, Editing, canvas
from designer.components.code import Fix as Mended
from designer.components.code import Mark, Place, code
from designer.compute import Reading
from designer.drafting import Places
from designer.panels import head, opening, rewriting
from designer.panels.complaints import KINDS
from designer.panels.differences import compare_dialog
from designer.panels.empty import no_workflow
from designer.panels.export_menu import export_menu
from designer.panels.inspector import inspector
from designer.panels.open_file import open_dialog
from designer.panels.problem_panel import problem_panel
from designer.panels.problem_panel import said as fix_said
from designer.panels.sentences import said_in, sentence
from designer.panels.splits import split
from designer.session import Session
from designer.texts import Texts, plain
from engine.edit import Edited
from engine.fixes import Fix, fixes
from engine.problems import Problem
from engine.values import Json

STYLE = Path(__file__).parent / "design.css"
FIRST = '{\n  "States": {}\n}\n'
"""A definition to begin with."""


def render(session: Session, t: Texts) -> None:
    if not session.is_open:
        _empty(t)
        return
    st.html(STYLE)
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


def _empty(t: Texts) -> None:
    no_workflow(
        t("Draw a workflow"),
        t(
            "Drag states from the palette, draw the ways between them, and fill in what they do. The text of the "
            "definition is always beside the drawing, and either can be edited."
        ),
        t,
        key="design",
        begin=(t("Begin with an empty page"), begin),
    )


def begin() -> None:
    """An empty workflow on the table."""
    t = Texts(store.session().language)
    store.act(
        actions.open_workflow,
        workflow="",
        title=t("New workflow"),
        definition=FIRST,
        path="workflow.asl.json",
        scenarios=(),
    )
    store.go_to("design")


# The row above ----------------------------------------------------------------------------------------------------------


def _head(session: Session, t: Texts, problems: tuple[Problem, ...]) -> None:
    with st.container(key="head", horizontal=True, vertical_alignment="center", gap="small"):
        head.title(session, t)
        _counts(problems, t)
        _saved(session, t)
        _notice(session, t)
        with st.container(key="head-end", horizontal=True, vertical_alignment="center", gap="small"):
            open_dialog(session, t)
            export_menu(session, t)
            compare_dialog(session, t)
            st.button(t("Undo"), key="undo", icon=":material/undo:", disabled=not session.past,
                      help=t("Ctrl+Z"), on_click=rewriting.undo)  # fmt: skip
            st.button(t("Redo"), key="redo", icon=":material/redo:", disabled=not session.future,
                      help=t("Ctrl+Shift+Z"), on_click=rewriting.redo)  # fmt: skip
            st.button(t("Debug"), key="debug", type="primary", icon=":material/play_arrow:", shortcut="Ctrl+Shift+Enter",
                      help=t("Run it and step through the run"), on_click=_debug)  # fmt: skip


def _counts(problems: tuple[Problem, ...], t: Texts) -> None:
    errors = sum(problem.severity == "error" for problem in problems)
    others = len(problems) - errors
    if errors:
        st.badge(t.plural("{n} error", "{n} errors", errors), icon=":material/cancel:", color="red")
    if others:
        st.badge(t.plural("{n} hint", "{n} hints", others), icon=":material/lightbulb:", color="orange")
    if not problems:
        st.badge(t("No problems"), icon=":material/check_circle:", color="green")


def _saved(session: Session, t: Texts) -> None:
    """Is what stands here on the disk?"""
    trouble, at = library.trouble(), library.saved_at(session)
    if trouble is not None:
        st.badge(t("Not saved"), icon=":material/cloud_off:", color="orange", help=t(KINDS[trouble.kind]))
    elif at is not None:
        st.badge(t("Saved"), icon=":material/check:", color="gray", help=t.moment(at))


def _notice(session: Session, t: Texts) -> None:
    """What was refused, and why, until it is put away."""
    if session.notice is None:
        return
    with st.container(key="note", horizontal=True, wrap=False, gap="small", vertical_alignment="center"):
        said = said_in(t(session.notice.text, **session.notice.values), t)
        st.markdown(f":orange[:material/warning:] {plain(said)}")
        st.button("", key="put-away", icon=":material/close:", type="tertiary", help=t("Put this away"),
                  on_click=store.act, args=(actions.put_away,))  # fmt: skip


def _debug() -> None:
    opening.run()
    store.go_to("debug")


# The four views ---------------------------------------------------------------------------------------------------------


def _canvas(session: Session, t: Texts) -> None:
    drawing = drafting.drawing(session.text, session.path, session.workflow_type)
    said = "" if session.notice is None else t(session.notice.text, **session.notice.values)
    canvas(
        drawing.graph,
        None,
        texts=t,
        key="design-canvas-view",
        locale=session.language,
        height="stretch",
        props=drawing.props,
        edit=Editing(
            rev=session.edition,
            palette=drafting.palette_rows(t),
            found=_found(t),
            sought=store.recall("palette-sought", ""),
            document=drawing.document,
            selected=session.selected,
            can_undo=bool(session.past),
            can_redo=bool(session.future),
            say=said,
        ),
        on_edit=_gesture,
    )


def _gesture(event: Edit) -> None:
    if event.kind == "seek":
        store.remember("palette-sought", str(event.args.get("text", ""))[:80])
    else:
        rewriting.gesture(event)


def _found(t: Texts) -> tuple[Mapping[str, str], ...] | None:
    """What was found in the palette; None while nothing is sought."""
    sought = store.recall("palette-sought", "")
    return drafting.palette_found(sought, t) if sought.strip() else None


def _side(session: Session, t: Texts) -> None:
    inspector(session, t, rewriting.edit)


def _code(session: Session, t: Texts) -> None:
    text = session.text
    places = drafting.places(text, session.path)
    node = session.selected[0] if session.selected else ""
    reading = compute.read(text, session.path, session.workflow_type)
    code(
        text,
        key="design-code-view",
        language="yaml" if notation(session) == "yaml" else "json",
        rev=session.edition,
        marks=[_mark(problem, reading.document, places, t) for problem in reading.problems],
        vocabulary=drafting.words(text, session.path, session.setting),
        reveal=places.spans.get(node),
        texts=t,
        locale=session.language,
        on_text=rewriting.typed,
        on_place=lambda event: _stands(event, places.node_at(event.offset)),
        on_undo=rewriting.undo,
        on_redo=rewriting.redo,
        on_fix=lambda event: _mend(event, reading),
        on_language=lambda event: rewriting.renotate(event.language),
    )


def notation(session: Session) -> str:
    """JSON or YAML, by the name of the file."""
    return "yaml" if (session.path or "").lower().endswith((".yaml", ".yml")) else "json"


def _mark(problem: Problem, document: Json, places: Places, t: Texts) -> Mark:
    start, end = places.of(problem)
    said = sentence(problem, t)
    verbs = [fix_said(fix, t) for fix in fixes(problem, document)]
    return Mark(start, end, problem.severity, said, tuple(verbs))


def _mend(event: Mended, reading: Reading) -> None:
    """A fix was chosen in the code; one for a text that is no longer there is passed over."""
    if event.rev == store.session().edition and event.mark < len(reading.problems):
        found = fixes(reading.problems[event.mark], reading.document)
        if event.fix < len(found):
            _apply(found[event.fix])


def _stands(event: Place, node: str | None) -> None:
    """The cursor went into a state: canvas and form look at it too."""
    session = store.session()
    if node is not None and session.selected[:1] != (node,):
        store.act(actions.select, (node,))


def _problems(session: Session, t: Texts, problems: tuple[Problem, ...]) -> None:
    document = compute.read(session.text, session.path, session.workflow_type).document
    problem_panel(problems, document, t, on_select=_look, on_fix=_apply)


def _apply(fix: Fix) -> None:
    rewriting.edit(lambda document: Edited(fix.apply(document), store.session().selected))


def _look(problem: Problem, node: str) -> None:
    """The state that a problem is in is looked at in all views."""
    store.act(actions.select, (node,) if node else ())
