"""Share: the run on the table as a link, a file, or a page that opens without a server; and what others shared."""

from __future__ import annotations

import re
from urllib.parse import urlencode

import streamlit as st

from designer import actions, compute, sharing, store
from designer.panels import opening
from designer.panels.dropping import dropping
from designer.panels.head import title_of
from designer.session import Session
from designer.texts import Texts

LARGEST_MB = 12


def panel(session: Session, t: Texts) -> None:
    with st.container(key="drawer-card", border=True):
        st.markdown(f"**{t('Share this run')}**")
        packed = sharing.packed(session)
        link = f"{store.here()}?{urlencode({'lang': session.language, 'p': packed})}"
        if len(link) <= sharing.MOST_IN_ADDRESS:
            st.caption(
                t("The link holds definition, input, mocks, changes, step and language; nothing is stored anywhere.")
            )
            with st.container(key="share-link"):
                st.code(link, language=None, wrap_lines=False)
        else:
            size, most = t.number(len(link)), t.number(sharing.MOST_IN_ADDRESS)
            st.caption(
                t(
                    "A link to this run would have {size} characters, and more than {most} do not pass everywhere. "
                    "Send the file instead; it holds the same.",
                    size=size,
                    most=most,
                )
            )
        name = _file_name(session, t)
        with st.container(horizontal=True, gap="small"):
            st.download_button(
                t("File"),
                packed,
                file_name=f"{name}.paso",
                mime="text/plain",
                icon=":material/download:",
                key="share-file",
                on_click="ignore",
            )
            st.download_button(
                t("Page (HTML)"),
                lambda: compute.standalone(session.setting, session.cursor, title_of(session, t), t),
                file_name=f"{name}.html",
                mime="text/html",
                icon=":material/html:",
                key="share-page",
                on_click="ignore",
                disabled=compute.trace(session.setting) is None,
            )
        st.caption(
            t("The page holds the whole run and the player, opens without a server and asks no host for anything.")
        )
        st.divider()
        st.markdown(f"**{t('Open what somebody shared')}**")
        key = f"shared-text-{session.revision}"
        st.text_input(
            t("Link, or what stands in a file"), session.typed.get("shared", ""), key=key, on_change=_typed, args=(key,)
        )
        st.button(t("Open"), key="open-shared", icon=":material/link:", on_click=_open, args=(key,))
        dropping(t("or drop a file (.paso)"), t, key="dropped-paso", megabytes=LARGEST_MB, on_drop=_dropped)
        if session.notice is not None:
            st.warning(t(session.notice.text, **session.notice.values), icon=":material/link_off:")


def _file_name(session: Session, t: Texts) -> str:
    return re.sub(r"[^\w-]+", "-", title_of(session, t)).strip("-").lower()[:60] or "run"


def _typed(key: str) -> None:
    store.act(actions.type_in, "shared", store.value(key) or "")


def _open(key: str) -> None:
    opening.open_shared(store.value(key) or store.session().typed.get("shared", ""))


def _dropped() -> None:
    file = store.value("dropped-paso")
    if file is not None:
        opening.open_shared(file.getvalue().decode("utf-8", "replace"))
