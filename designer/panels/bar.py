"""The top bar: mark and name, the pages, the language, help."""

from __future__ import annotations

import streamlit as st

from designer import actions, store
from designer.session import Session
from designer.texts import LANGUAGES, Texts


def bar(session: Session, t: Texts, pages: list[st.Page], current: st.Page) -> None:
    """One line, the same on every page; links carry the language and the open workflow."""
    address = store.address(session)
    with st.container(key="bar", horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
        st.html('<div class="paso-mark">Paso</div>', width="content")
        with st.container(key="bar-pages", horizontal=True, vertical_alignment="center", wrap=False, gap="small"):
            for page in pages:
                here = page.url_path == current.url_path
                with st.container(
                    key=f"nav-{'here' if here else 'to'}-{page.url_path or 'workflows'}", width="content"
                ):
                    st.page_link(page, label=page.title, query_params=address)
        with st.container(key="bar-end", horizontal=True, vertical_alignment="center", wrap=False, width="content"):
            for code, name in LANGUAGES.items():
                chosen = code == session.language
                st.button(
                    code.upper(),
                    key=f"speak-{code}-{'on' if chosen else 'off'}",
                    type="tertiary",
                    help=name,
                    on_click=store.act,
                    args=(actions.speak, code),
                )
            with st.popover("", icon=":material/help:", type="tertiary", help=t("Help"), key="help"):
                _help(t)


def _help(t: Texts) -> None:
    st.markdown("**" + t("What Paso is") + "**")
    st.markdown(
        t(
            "Paso runs Step Functions workflows on this machine, with mocked services and a virtual clock, and shows "
            "the data at every stage of every state. Nothing is sent to AWS; the executions are simulated."
        )
    )
    st.markdown("**" + t("In four steps") + "**")
    st.markdown(
        "\n".join(
            f"{number}. {line}"
            for number, line in enumerate(
                (
                    t("Workflows: open an example, or paste a definition of your own."),
                    t("Debug: choose a scenario and step through its run, forwards and backwards."),
                    t("Executions: run the workflow many times and see which runs succeed."),
                    t("Costs: read what the runs cost as Standard and as Express."),
                ),
                start=1,
            )
        )
    )
    st.markdown("**" + t("Keys in Debug") + "**")
    st.markdown(
        t("Ctrl+Enter runs. In the player: ← and → step, Home and End go to the first and the last step, Space plays.")
    )
