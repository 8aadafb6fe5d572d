"""The visitor's own workflows as cards: open, rename, duplicate, delete and take that back, search, one file out and in."""

from __future__ import annotations

import time
from datetime import date
from functools import partial
from typing import Any

import streamlit as st

from designer import actions, compute, library, store
from designer.archive import ArchiveProblem, Workflow
from designer.libraryfile import MOST_BYTES
from designer.panels import opening
from designer.panels.complaints import complaint
from designer.panels.dropping import dropping
from designer.panels.head import TYPES
from designer.panels.picture import picture
from designer.panels.plots import mode
from designer.panels.sentences import said_in
from designer.session import Session
from designer.sharing import NotShared
from designer.texts import Texts, plain
from designer.theme import N_

SHOWN = 12
"""Cards at first, and how many more each time."""
MENU = {
    "rename": N_("Rename"),
    "duplicate": N_("Duplicate"),
    "earlier": N_("Earlier texts"),
    "delete": N_("Delete"),
}
DONE = {
    "deleted": (N_("“{name}” was deleted."), "delete"),
    "back": (N_("“{name}” is back."), "undo"),
    "made": (N_("“{name}” is among your workflows now."), "library_add_check"),
    "renamed": (N_("It is called “{name}” now."), "edit"),
    "taken": ("", "download_done"),
    "refused": ("", "warning"),
}
"""What is said of what was done; an empty text: what was handed over."""
ICONS = {"rename": "edit", "duplicate": "content_copy", "earlier": "history", "delete": "delete"}


def own_workflows(session: Session, t: Texts) -> None:
    """The section of the visitor's own workflows."""
    found = library.workflows()
    with st.container(key="shelf", gap="small"):
        if isinstance(found, ArchiveProblem):
            st.markdown(f"**{t('Your workflows')}**")
            complaint(found, t)
            return
        shown = _head(found, t)
        _told(t)
        if library.trouble() is not None:
            complaint(library.trouble(), t)  # type: ignore[arg-type]
        if not found:
            _empty(t)
            return
        if not shown:
            st.caption(t("None of your workflows holds these words."))
        most = store.recall("shelf-shown", SHOWN)
        with st.container(key="own-cards", horizontal=True, gap="medium"):
            for workflow in shown[:most]:
                _card(workflow, t, here=workflow.number == session.own.number)
        if len(shown) > most:
            st.button(
                t("Show {n} more", n=t.number(min(SHOWN, len(shown) - most))),
                key="shelf-more",
                on_click=store.remember,
                args=("shelf-shown", most + SHOWN),
            )
        _dialog({workflow.number: workflow for workflow in found}, t)


def make_yours(example: Any, t: Texts) -> None:
    """The verb on an example's card that takes it into the library."""
    st.button(
        t("Make it yours"),  # read aloud; on the page the sign stands for it
        key=f"own-{example.name}",
        type="tertiary",
        icon=":material/library_add:",
        help=t("Make it yours: a copy among your workflows, with its mocks and scenarios"),
        on_click=_make_own,
        args=(example, t.pick(example.title)),
    )


def _head(found: tuple[Workflow, ...], t: Texts) -> list[Workflow]:
    """Title, search and the file; answers with what the search leaves."""
    with st.container(key="shelf-head", horizontal=True, vertical_alignment="center", gap="small"):
        st.markdown(f"**{t('Your workflows')}**", width="content")
        if found:
            st.badge(t.number(len(found)), color="gray")
        words = ""
        with st.container(key="shelf-end", horizontal=True, vertical_alignment="center", width="content", gap="small"):
            if found:
                words = st.text_input(
                    t("Search"),
                    key="shelf-search",
                    placeholder=t("Search names and definitions"),
                    label_visibility="collapsed",
                    icon=":material/search:",
                    width=260,
                    persist_state="session",
                )
                st.download_button(
                    t("Export"),
                    partial(library.export, store.owner()),
                    f"paso-library-{date.today().isoformat()}.json",
                    "application/json",
                    key="shelf-export",
                    icon=":material/download:",
                    help=t("All your workflows, with mocks, scenarios and earlier texts, as one file"),
                    on_click="ignore",
                )
            with st.popover(t("Import"), icon=":material/upload:", key="shelf-import"):
                st.caption(t("A library that was exported here. What you have stays; taken names get a number."))
                dropping(
                    t("Library (.json)"),
                    t,
                    key="shelf-file",
                    megabytes=MOST_BYTES // 1_048_576,
                    on_drop=_dropped,
                )
    wanted = words.casefold().split()
    return [one for one in found if all(word in f"{one.name} {one.definition}".casefold() for word in wanted)]


def _empty(t: Texts) -> None:
    with st.container(key="shelf-empty", border=True):
        st.markdown(
            t(
                "What you draw, paste or change is kept here by itself, with its mocks, scenarios and earlier texts. "
                "Change an example, or make it yours with the sign beside its title; paste a definition at the end of this page; "
                "or import a library that was exported elsewhere."
            )
        )


def _card(workflow: Workflow, t: Texts, *, here: bool) -> None:
    number = workflow.number
    with st.container(key=f"card-own-{number}", border=True, width=400, gap="small"):
        reading = compute.read(workflow.definition, workflow.path)
        st.image(picture(reading.graph, mode()), width="stretch", alt=t("Graph of “{title}”", title=workflow.name))
        st.markdown(f"**{plain(workflow.name)}**")
        with st.container(horizontal=True, gap="xsmall"):
            st.badge(t(TYPES[workflow.workflow_type]), color="blue")
            if here:
                st.badge(t("on the table"), icon=":material/edit_note:", color="green")
            if workflow.drafts:
                st.badge(t("draft"), color="orange", help=t("Text that does not make sense yet is kept as it is."))
            elif reading.machine is None:
                st.badge(t("Cannot be run yet"), color="orange")
        many = len(workflow.scenarios)
        scenarios = t.plural("{n} scenario", "{n} scenarios", many) if many else t("no scenarios")
        st.caption(f"{scenarios} · {t('changed {when}', when=_when(workflow.changed, t))}")
        with st.container(key=f"card-end-own-{number}", horizontal=True, vertical_alignment="center", gap="small"):
            st.menu_button(
                t("More"),
                list(MENU),
                key=f"shelf-menu-{number}",
                type="tertiary",
                help=t("Rename, duplicate, earlier texts, delete"),
                format_func=lambda verb: f":material/{ICONS[verb]}: {t(MENU[verb])}",
                on_click=_chosen,
                args=(number, workflow.name),
            )
            verbs(
                t,
                key=f"own-{number}",
                title=workflow.name,
                on_open=opening.open_kept,
                args=(number,),
            )


def verbs(t: Texts, *, key: str, title: str, on_open: Any, args: tuple[Any, ...]) -> None:
    """What a card is for: Design and Debug."""
    for page, label, icon, kind, help in (
        ("design", t("Design"), "draw", "secondary", t("Open “{title}” and change it", title=title)),
        ("debug", t("Debug"), "play_arrow", "primary", t("Open “{title}” and run it", title=title)),
    ):
        st.button(
            label,
            key=f"{'open' if page == 'debug' else page}-{key}",
            type=kind,
            icon=f":material/{icon}:",
            help=help,
            on_click=_open,
            args=(page, on_open, args),
        )


def _when(moment: int, t: Texts) -> str:
    return t("just now") if time.time() - moment / 1000 < 60 else t.ago(moment)


def _open(page: str, on_open: Any, args: tuple[Any, ...]) -> None:
    if on_open(*args).notice is None:
        store.go_to(page)


# What was done, and what can be taken back ---------------------------------------------------------------------------


def _told(t: Texts) -> None:
    """One line about the last thing done here."""
    told = store.recall("shelf-told")
    notice = store.session().notice
    if told is None and notice is None:
        return
    with st.container(key="shelf-told", horizontal=True, vertical_alignment="center", gap="small"):
        if told is not None:
            kind, values = told
            said, icon = DONE[kind]
            text = t(said, **values) if said else said_in(values["text"], t)
            st.markdown(f":material/{icon}: {plain(text)}", width="content")
            if kind == "deleted":
                st.button(t("Undo"), key="shelf-undo", icon=":material/undo:", on_click=_bring_back, args=(values,))
        elif notice is not None:
            st.markdown(f":orange[:material/warning:] {plain(said_in(t(notice.text, **notice.values), t))}")
        st.button(
            "", key="shelf-read", icon=":material/close:", type="tertiary", help=t("Put this away"), on_click=_read
        )


def _say(kind: str, **values: Any) -> None:
    store.remember("shelf-told", (kind, values))


def _read() -> None:
    store.remember("shelf-told", None)
    store.act(actions.put_away)


def _done(answer: Any, kind: str, **values: Any) -> bool:
    """Says what was done, or why it could not be."""
    if isinstance(answer, ArchiveProblem):
        _say("refused", text=str(answer))
        return False
    _say(kind, **values)
    return True


def _make_own(example: Any, name: str) -> None:
    made = library.make_own(example, name)
    _done(made, "made", name="" if isinstance(made, ArchiveProblem) else made.name)


def _chosen(number: int, name: str) -> None:
    verb = store.value(f"shelf-menu-{number}")
    if verb == "duplicate":
        made = library.duplicate(number)
        _done(made, "made", name="" if isinstance(made, ArchiveProblem) else made.name)
    elif verb == "delete":
        _done(library.delete([number]), "deleted", name=name, number=number)
    elif verb in MENU:
        store.remember("shelf-dialog", (verb, number))


def _bring_back(values: dict[str, Any]) -> None:
    _done(library.bring_back([values["number"]]), "back", name=values["name"])


def _dropped() -> None:
    file = store.value("shelf-file")
    if file is None:
        return
    t = Texts(store.session().language)
    try:
        taken = library.take_in(file.getvalue())
    except NotShared as refused:
        _say("refused", text=t(refused.text, **refused.values))
        return
    if isinstance(taken, ArchiveProblem):
        _say("refused", text=str(taken))
        return
    text = t.plural("{n} workflow was taken in.", "{n} workflows were taken in.", taken.new)
    if taken.known:
        text += " " + t.plural("{n} was here already.", "{n} were here already.", taken.known)
    _say("taken", text=text)


# Rename, earlier texts -----------------------------------------------------------------------------------------------


def _dialog(found: dict[int, Workflow], t: Texts) -> None:
    """The box that the menu asked for."""
    verb, number = store.recall("shelf-dialog") or ("", 0)
    workflow = found.get(number)
    if workflow is None:
        return
    box = {"rename": _rename, "earlier": _earlier}[verb]
    title = (
        t("Rename “{name}”", name=workflow.name)
        if verb == "rename"
        else t("Earlier texts of “{name}”", name=workflow.name)
    )
    width: Any = "small" if verb == "rename" else "large"
    st.dialog(plain(title), width=width, on_dismiss=_shut)(box)(workflow, t)


def _shut() -> None:
    store.remember("shelf-dialog", None)


def _rename(workflow: Workflow, t: Texts) -> None:
    with st.form("shelf-rename-form", border=False):
        name = st.text_input(t("Name"), workflow.name, max_chars=120, key=f"shelf-name-{workflow.number}")
        pressed = st.form_submit_button(t("Rename"), key="shelf-rename", type="primary")
    if pressed:
        given = library.rename(workflow.number, name)
        _done(given, "renamed", name=given)
        _shut()
        st.rerun()


def _earlier(workflow: Workflow, t: Texts) -> None:
    found = library.versions(workflow.number)
    if isinstance(found, ArchiveProblem):
        complaint(found, t)
        return
    if not found:
        st.caption(
            t("None yet. A text that stood for half a minute is kept here when it is changed; the last twenty stay.")
        )
        return
    titles = {version.number: t("written {when}", when=_when(version.changed, t)) for version in found}
    chosen = st.selectbox(t("Text"), list(titles), format_func=lambda one: titles[one], key="shelf-version")
    version = next(one for one in found if one.number == chosen)
    st.code(version.drafts.get("definition", version.definition), language="json", height=420)
    if st.button(
        t("Bring this text back"),
        key="shelf-go-back",
        type="primary",
        help=t("What stands there now becomes an earlier text."),
    ):
        done = _done(library.go_back(workflow.number, version), "back", name=workflow.name)
        if done and store.session().own.number == workflow.number:
            opening.open_kept(workflow.number)
        _shut()
        st.rerun()
