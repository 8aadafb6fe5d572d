"""Where the built bundle is found and how Streamlit is told of it.

Streamlit looks for packaged components in the pyproject.toml of installed distributions. This project is run from its
folder, installed or not, so the folder is announced here, in the words of the same manifest.
"""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import streamlit as st
from streamlit.components.v2.component_manager import BidiComponentManager
from streamlit.components.v2.get_bidi_component_manager import get_bidi_component_manager
from streamlit.components.v2.manifest_scanner import ComponentConfig, ComponentManifest

PROJECT = "paso"
NAME = "canvas"
FOLDER = Path(__file__).parent
ASSETS = "assets"


def renderer() -> Callable[..., Any]:
    """The callable that mounts the player on the running server, announced to it once."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{PROJECT}.{NAME}") is None:
        _announce(manager)
    return st.components.v2.component(f"{PROJECT}.{NAME}", js="canvas-*.js", css="canvas-*.css")


def _announce(manager: BidiComponentManager) -> None:
    manifest = ComponentManifest(PROJECT, "1", [ComponentConfig(NAME, ASSETS)])
    manager.register_from_manifest(manifest, FOLDER)
