"""Pages without anything on them teach: what this is for, and one thing to do."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from designer import compute
from designer.panels import opening
from designer.texts import Texts, plain


def no_workflow(
    title: str, what_for: str, t: Texts, *, key: str, begin: tuple[str, Callable[[], None]] | None = None
) -> None:
    """For a page that needs a workflow while none is open: offers the first examples, and `begin`, a verb with what it does."""
    with st.container(key=f"empty-{key}", width=560):
        st.subheader(title, anchor=False)
        st.markdown(what_for)
        if begin is not None:
            st.button(begin[0], key=f"empty-{key}-begin", type="primary", icon=":material/add:", on_click=begin[1])
            st.markdown(t("Or open one of these:"))
        else:
            st.markdown(t("Open one of these to begin:"))
        for example in compute.examples()[:3]:
            st.button(
                plain(t.pick(example.title)),
                key=f"empty-{key}-{example.name}",
                icon=":material/account_tree:",
                on_click=opening.open_example,
                args=(example,),
            )
