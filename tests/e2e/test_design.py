"""Drawing a workflow and running it: from an empty page to a run, with the mouse, with the keyboard alone, in the code."""

from __future__ import annotations

import json
import re
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Locator, Page, expect

from engine.source import load
from engine.validate import validate
from tests.e2e.conftest import Look
from tests.e2e.test_canvas_edit import drag, grip, item, middle, node, on_edge

LOOKS = [Look(), Look(scheme="dark", width=1024, height=768)]
Settled = Callable[[], None]


@pytest.fixture
def design(page: Page, settled: Settled) -> Page:
    """Design with an empty workflow."""
    page.goto("/")
    page.get_by_role("link", name="Design").click()
    page.get_by_role("button", name="Begin with an empty page").click()
    expect(page.locator(".starters")).to_be_visible()
    settled()
    return page


def text(page: Page) -> str:
    """The whole text in the code, seen or not."""
    written: str = page.locator(".cm-content").evaluate("element => element.cmTile.view.state.doc.toString()")
    return written


def definition(page: Page) -> dict[str, Any]:
    return load(text(page)).value  # type: ignore[return-value]


def wait_for(page: Page, name: str) -> None:
    """A state is on the canvas and in the code."""
    expect(node(page, name).first).to_be_visible()
    expect(page.locator(".cm-content")).to_contain_text(f'"{name}"')


def test_the_circuit_breaker_is_drawn_with_the_mouse_and_run(design: Page, settled: Settled, picture: Any):
    page = design
    drag(page, item(page, "action:dynamodb:getItem"), middle(page, page.locator(".board")))
    print(text(page))
