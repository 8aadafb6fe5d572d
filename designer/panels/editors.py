"""The drawer of editors. What stands in an editor is a draft; what makes sense becomes the truth at once."""

from __future__ import annotations

import streamlit as st

from designer import actions, compute, store
from designer.panels import opening
from designer.panels.problems import problem_list
from designer.session import EDITORS, Editor, Session
from designer.texts import Texts
from designer.theme import N_

HELP: dict[Editor, str] = {
    "definition": N_("The state machine in the Amazon States Language, as JSON or YAML."),
    "input": N_("The input of the execution: one JSON value."),
    "mocks": N_(
        "What the services answer, in the format of Step Functions Local: StateMachines name the answer of each state "
        "per test case, MockedResponses hold the answers, a Return or a Throw per attempt."
    ),
}
LABELS: dict[Editor, str] = {
    "definition": N_("Definition"),
    "input": N_("Input of the execution"),
    "mocks": N_("Mocked answers of the services"),
}


def drawer(session: Session, t: Texts) -> None:
    """The editor that is open, its problems below."""
    editor = session.drawer
    if editor not in EDITORS:
        return
    text = actions.shown(session, editor)
    key = f"edit-{editor}-{session.revision}"
    with st.container(key="drawer-card", border=True):
        st.text_area(
            t(LABELS[editor]),
            text,
            key=key,
            help=t(HELP[editor]),
            height="stretch",
            on_change=_left,
            args=(editor, key),
        )
        with st.container(key="drawer-problems"):
            problem_list(compute.problems_of(editor, text, session.path), t)
        if editor in session.drafts:
            st.button(
                t("Back to the last usable text"),
                key=f"undo-{editor}",
                icon=":material/undo:",
                on_click=store.act,
                args=(actions.drop_draft, editor),
            )
        else:
            st.caption(t("Ctrl+Enter, or a click outside, applies what you wrote."))


def _left(editor: Editor, key: str) -> None:
    """The editor was left: keep its text, as truth or as draft."""
    text = store.value(key) or ""
    before = store.session()
    after = store.act(actions.write, editor, text, usable=compute.usable(editor, text, before.path))
    if after.setting != before.setting:
        opening.note_below(before.run)
