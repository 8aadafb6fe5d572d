"""Leaves in the browser by what it is known again: a cookie of this site alone, which no other site is sent."""

from __future__ import annotations

import streamlit as st

from designer import store

_YEAR = 31_536_000
_JS = """
export default function ({ data }) {
  if (document.cookie.split("; ").some((one) => one === `${data.name}=${data.token}`)) return;
  document.cookie = `${data.name}=${data.token}; max-age=${data.age}; path=/; SameSite=Strict`;
}
"""


def remember_browser() -> None:
    """Written once; executions that were kept are found again by it after a restart."""
    mount = st.components.v2.component("paso_owner", js=_JS)
    mount(key="owner", data={"name": store.COOKIE, "token": store.browser(), "age": _YEAR}, height=0)
