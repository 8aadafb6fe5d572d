"""A place to drop a file. The words of Streamlit's own exist in English only; ours stand in their place."""

from __future__ import annotations

import json
from collections.abc import Callable

import streamlit as st

from designer.texts import Texts


def dropping(
    label: str, t: Texts, *, key: str, megabytes: int, on_drop: Callable[[], None], several: bool = False
) -> None:
    with st.container(key=f"dropping-{key}", gap=None):
        st.file_uploader(label, key=key, max_upload_size=megabytes, on_change=on_drop, accept_multiple_files=several)
        own = json.dumps(t("Choose a file")).replace("<", "\\3c ")
        st.html(f"<style>.st-key-dropping-{key} button p::after {{ content: {own}; font-size: 14px; }}</style>")
