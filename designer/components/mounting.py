"""Where the built bundles are found and how Streamlit is told of them.

Streamlit looks for packaged components in the pyproject.toml of installed distributions. This project is run from its
folder, installed or not, so each component's folder is announced here, in the words of the same manifest.
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
COMPONENTS = Path(__file__).parent
ASSETS = "assets"


def renderer(name: str) -> Callable[..., Any]:
    """The callable that mounts a component on the running server, announced to it once. Its bundle is `<name>-*.js`."""
    manager = get_bidi_component_manager()
    if manager.get_component_asset_root(f"{PROJECT}.{name}") is None:
        _announce(manager, name)
    return st.components.v2.component(f"{PROJECT}.{name}", js=f"{name}-*.js", css=f"{name}-*.css")


def _announce(manager: BidiComponentManager, name: str) -> None:
    manifest = ComponentManifest(PROJECT, "1", [ComponentConfig(name, ASSETS)])
    manager.register_from_manifest(manifest, COMPONENTS / name)
