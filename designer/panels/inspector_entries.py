"""Lists of a state (Retry, Catch, Choices): each entry a card that can be moved and removed."""

from __future__ import annotations

from collections.abc import Callable

import streamlit as st

from designer.panels.inspector_desk import Change, Desk, drop, put
from designer.texts import plain
from engine.values import Json


def entries(
    desk: Desk, name: str, steps: tuple[str | int, ...], value: list[Json], title: Callable[[int], str], body: Callable[[int], None]
) -> None:  # fmt: skip
    """The cards of a list. `steps` lead from the state to it; `body` draws what is in an entry."""
    for index in range(len(value)):
        with st.container(key=f"insp-entry {desk.at(*steps, index)}", border=True, gap="small"):
            with st.container(key=f"insp-entry-head {desk.at(*steps, index)}", horizontal=True, wrap=False, gap=None, vertical_alignment="center"):  # fmt: skip
                st.markdown(title(index), width="stretch")
                tools(desk, desk.at(*steps), index, value)
            body(index)


def tools(desk: Desk, at: str, index: int, value: list[Json], *, least: int = 0) -> None:
    """Up, down, away. The list goes with its last entry."""
    t, change = desk.t, desk.change

    def icon(what: str, name: str, help: str, off: bool, on_click: Callable[[], None]) -> None:
        st.button("", key=f"insp-{what} {at}[{index}]", icon=f":material/{name}:", type="tertiary", help=help,
                  disabled=off, on_click=on_click)  # fmt: skip

    if len(value) > 1:
        icon("up", "arrow_upward", t("Move up"), index == 0, lambda: put(change, at, swapped(value, index - 1)))
        icon("down", "arrow_downward", t("Move down"), index == len(value) - 1, lambda: put(change, at, swapped(value, index)))  # fmt: skip
    icon("gone", "delete", t("Remove"), len(value) <= least, lambda: _without(change, at, value, index))


def swapped(value: list[Json], index: int) -> list[Json]:
    """The list with the entry at `index` behind the one that follows it."""
    return [*value[:index], value[index + 1], value[index], *value[index + 2 :]]


def _without(change: Change, at: str, value: list[Json], index: int) -> None:
    left = [*value[:index], *value[index + 1 :]]
    if left:
        put(change, at, left)
    else:
        drop(change, at)


def add(desk: Desk, label: str, at: str, value: list[Json], entry: Json, *, before_last: bool = False) -> None:
    """A button that adds an entry; `before_last` where the last one must stay the last."""
    made = [*value[:-1], entry, value[-1]] if before_last and value else [*value, entry]
    st.button(
        label,
        key=f"insp-add {at}",
        icon=":material/add:",
        type="tertiary",
        on_click=put,
        args=(desk.change, at, made),
        disabled=entry is None,
        help=plain(desk.t("There is no other state to go to yet.")) if entry is None else None,
    )
