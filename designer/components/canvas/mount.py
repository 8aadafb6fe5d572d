"""Where the player's bundle is, and what mounts it."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from designer.components import mounting
from designer.components.mounting import ASSETS, COMPONENTS

__all__ = ["ASSETS", "FOLDER", "renderer"]

NAME = "canvas"
FOLDER = COMPONENTS / NAME


def renderer() -> Callable[..., Any]:
    """The callable that mounts the player on the running server."""
    return mounting.renderer(NAME)
