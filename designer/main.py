"""The shell: page settings, one row per page, the bar, and the page that was asked for."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass
from functools import partial
from pathlib import Path

import streamlit as st

from designer import compute, keeping, library, store
from designer.pages import costs, debug, design, executions, workflows
from designer.panels import opening
from designer.panels.bar import bar
from designer.panels.owner import remember_browser
from designer.session import Session
from designer.texts import Texts
from designer.theme import N_

STYLE = Path(__file__).parent / "style.css"
ICON = Path(__file__).parent / "mark.svg"


@dataclass(frozen=True, slots=True)
class Row:
    """A page: its address, its name in the bar, and what draws it."""

    path: str
    title: str
    render: Callable[[Session, Texts], None]


PAGES = (
    Row("workflows", N_("Workflows"), workflows.render),
    Row("design", N_("Design"), design.render),
    Row("debug", N_("Debug"), debug.render),
    Row("executions", N_("Executions"), executions.render),
    Row("costs", N_("Costs"), costs.render),
)


def main() -> None:
    """One run of the script."""
    st.set_page_config(page_title="Paso", page_icon=str(ICON), layout="wide", initial_sidebar_state="collapsed")
    compute.settle()
    session = opening.from_address(store.session())
    t = Texts(session.language)
    pages = [
        st.Page(partial(_show, row), title=t(row.title), url_path=row.path, default=index == 0)
        for index, row in enumerate(PAGES)
    ]
    current = st.navigation(pages, position="hidden")
    wanted = store.wanted_page()
    if wanted is not None:
        paths = [row.path for row in PAGES]
        page = pages[paths.index(wanted if wanted in paths else "debug")]
        st.switch_page(page, query_params=store.address(session))
    st.html(STYLE)
    bar(session, t, pages, current)
    remember_browser()
    current.run()
    store.tell_address(store.session())


def _show(row: Row) -> None:
    session = store.session()
    with st.container(key=f"page-{row.path}"):
        row.render(session, Texts(session.language))
    library.keep_workflow(store.session())
    keeping.keep(store.session())
