"""What a field gives on the data of the last run, below its box."""

from __future__ import annotations

import time

import streamlit as st

from designer.panels.inspector_desk import Desk, written
from designer.texts import Texts, plain
from designer.theme import N_
from engine.fields import Field
from engine.placeholders import is_jsonata
from engine.preview import ABSENT, gives
from engine.values import Json

LONGEST = 900
SECONDS = 0.4
"""For all fields of a form together, as far as one expression's own limit allows."""
KINDS = (
    "path", "items path", "reference path", "text path", "result path", "template", "value", "template or value",
    "variables", "items", "condition", "words", "timestamp", "whole or expression", "number or expression",
)  # fmt: skip
MISSING = {
    "result": N_("Its result was not recorded: the last run got none here."),
    "error": N_("No error was caught here in the last run."),
}


def preview(desk: Desk, field: Field, steps: tuple[str | int, ...], value: Json) -> bool:
    """Draws it where there is something to follow. True when it said an error, so that nobody needs to say it again."""
    if field.kind not in KINDS or not moving(field, value):
        return False
    t = desk.t
    if time.monotonic() > desk.until:
        st.caption(t("Not tried: the expressions before it took too long."))
        return False
    gave = gives(desk.spot, steps, desk.seen)
    if gave.missing:
        if gave.missing in MISSING:
            st.caption(t(MISSING[gave.missing]))
        return False
    with st.container(key=f"insp-preview-{'wrong' if gave.error else 'gave'} {desk.at(*steps)}", gap=None):
        st.caption(source_of(desk, t))
        if gave.error:
            st.markdown(f":red[{plain(gave.error)}]")
        else:
            st.text(shown(gave.value))
    return bool(gave.error)


def source_of(desk: Desk, t: Texts) -> str:
    """Which data it was tried on."""
    return t("on the last run") if desk.seen.visit >= 0 else t("on the input: the last run did not come here")


def moving(field: Field, value: Json) -> bool:
    """Does a value follow anything? Constants need no preview."""
    if field.kind.endswith("path"):
        return isinstance(value, str) and value not in ("$", "")
    return _moves(value)


def _moves(value: Json) -> bool:
    if isinstance(value, dict):
        return any(key.endswith(".$") or _moves(part) for key, part in value.items())
    if isinstance(value, list):
        return any(map(_moves, value))
    return is_jsonata(value)


def shown(value: Json) -> str:
    """JSON in few lines, as much on each as has room; the rest is cut."""
    if value is ABSENT:
        return "–"
    told = written(value)
    return told if len(told) <= LONGEST else told[:LONGEST] + " …"
